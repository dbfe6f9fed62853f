//! [`Records`]: the lines of a JSON Lines file, one at a time.

use std::io::{self, BufRead};

use super::{
    error::ReadError,
    input::{Input, Payload},
    stream::Break,
};
use crate::article::Source;

/// The records of a file. Holds one line at a time, and never more than the limit of it:
/// the rest of a longer line is passed over unread.
pub(super) struct Records<R> {
    reader: R,
    source: Source,
    limit: usize,
    line: u32,
    /// Whether a record was met.
    begun: bool,
    /// Said after the record that stands before it.
    broken: Option<ReadError>,
    done: bool,
}

/// What became of one line.
enum Line {
    Read(Vec<u8>),
    TooLong,
    End,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(reader: R, source: Source, limit: usize) -> Self {
        Self { reader, source, limit, line: 0, begun: false, broken: None, done: false }
    }

    /// The next line. Where the file breaks, what stands there of a line is given if it
    /// may be a whole record.
    fn line(&mut self) -> io::Result<Line> {
        let (mut line, mut too_long, mut started) = (Vec::new(), false, false);
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error)
                    if Break::of(&error).is_some_and(|broken| broken.doubted().is_none())
                        && line.trim_ascii_end().ends_with(b"}") =>
                {
                    let source = Source { line: Some(self.line), ..self.source.clone() };
                    self.broken = Some(ReadError::of_io(source, error));
                    return Ok(Line::Read(line));
                }
                Err(error) => return Err(error),
            };
            let end = memchr::memchr(b'\n', chunk);
            let part = &chunk[..end.unwrap_or(chunk.len())];
            started |= !chunk.is_empty();
            if too_long || line.len() + part.len() > self.limit {
                too_long = true;
                line = Vec::new();
            } else {
                line.extend_from_slice(part);
            }
            let (used, last) = (end.map_or(chunk.len(), |end| end + 1), chunk.is_empty());
            self.reader.consume(used);
            if end.is_some() || last {
                return Ok(match (too_long, started) {
                    (true, _) => Line::TooLong,
                    (false, true) => Line::Read(line),
                    (false, false) => Line::End,
                });
            }
        }
    }
}

/// What is said of a file that is one JSON value over many lines.
const PRETTY: &str = "JSON over many lines: JSON Lines needs one record a line \
                      (jq -c '.[]?' makes them of an array, jq -c . of an object)";

/// Whether the first line of a file shows that its JSON goes on over the next.
fn is_pretty(line: &[u8]) -> bool {
    matches!(line, b"{" | b"[" | b"[{") || (line.starts_with(b"[") && line.ends_with(b","))
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Input, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(broken) = self.broken.take() {
            return Some(Err(broken));
        }
        while !self.done {
            self.line = self.line.saturating_add(1);
            let mut source = Source { line: Some(self.line), ..self.source.clone() };
            match self.line() {
                Ok(Line::Read(line)) => {
                    // Also where files were joined.
                    let record = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line);
                    let record = record.trim_ascii();
                    if !self.begun && is_pretty(record) {
                        self.done = true;
                        let message = PRETTY.to_owned();
                        return Some(Err(ReadError::Syntax {
                            source_: source,
                            column: 1,
                            message,
                        }));
                    }
                    if !record.is_empty() {
                        self.begun = true;
                        let payload = Payload::Record(record.to_vec());
                        return Some(Ok(Input { source, payload }));
                    }
                }
                Ok(Line::TooLong) => return Some(Err(ReadError::TooLong(source, self.limit))),
                Ok(Line::End) => {
                    self.done = true;
                    if self.line == 1 && !self.begun {
                        source.line = None;
                        return Some(Err(ReadError::Empty(source)));
                    }
                }
                Err(error) => {
                    self.done = !ReadError::is_break(&error);
                    return Some(Err(ReadError::of_io(source, error)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &[u8]) -> Vec<String> {
        let reader = io::BufReader::with_capacity(4, file);
        Records::new(reader, Source::default(), 9)
            .map(|found| match found.map(|input| (input.source.line, input.payload)) {
                Ok((line, Payload::Record(bytes))) => {
                    format!("{} {}", line.unwrap(), String::from_utf8(bytes).unwrap())
                }
                Ok(_) => unreachable!(),
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn joined_files_keep_their_marks() {
        assert_eq!(lines("\u{FEFF}{1}\n\u{FEFF}{2}\n".as_bytes()), ["1 {1}", "2 {2}"]);
    }

    #[test]
    fn json_over_many_lines_is_said_once() {
        for file in ["{\n  \"text\": \"友\"\n}\n", "\n[\n {},\n {}\n]", "[{\r\n}]", "[{},\n{}]"] {
            let said = lines(file.as_bytes());
            assert_eq!(said.len(), 1, "{file}");
            assert!(said[0].contains("JSON Lines needs one record a line"), "{said:?}");
        }
    }

    #[test]
    fn lines_come_one_by_one_and_long_ones_are_passed_over() {
        assert_eq!(lines(b"\xEF\xBB\xBF{1}\r\n\n  {3}"), ["1 {1}", "3 {3}"]);
        let too_long = "<stdin>:2: longer than the limit of 9 bytes; split it, or raise the limit";
        assert_eq!(lines(b"{1}\n{2345678901234567890}\n{3}\n"), ["1 {1}", too_long, "3 {3}"]);
        assert_eq!(lines(b""), ["<stdin>: empty, nothing to read"]);
    }
}
