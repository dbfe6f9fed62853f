//! [`Warc`]: the pages of a WARC file, one record at a time.
//!
//! Crawlers differ and files are damaged, so little is taken for granted: line ends may be
//! short, a length may be wrong or absent, a record may be cut off. Where a record does not
//! end as it says, the next one is looked for, and only what lies between is lost.

use std::io::{self, BufRead};

use super::{
    error::ReadError,
    http::Response,
    input::{Input, Payload},
    stream::Stream,
};
use crate::article::Source;

/// Bytes of all headers of a record.
const HEADERS: usize = 64 << 10;
/// What every record begins with, and what stands before one in a file.
const BEGIN: &[u8] = b"WARC/";
const NEXT: &[u8] = b"\r\n\r\nWARC/1.";

/// The records of a file. Holds one of them at a time, and never more than the limit.
pub(super) struct Warc {
    stream: Stream,
    source: Source,
    limit: usize,
    /// What was read: `buffer[from..]` is still to be used.
    buffer: Vec<u8>,
    from: usize,
    /// At which byte of the buffer what stands where in the file.
    marks: Vec<(usize, u64)>,
    /// Records so far.
    records: u32,
    /// Records that hold no page.
    others: usize,
    /// Said when what stands before it was used.
    broken: Option<io::Error>,
    ended: bool,
    done: bool,
}

/// The headers that mean something here.
#[derive(Default)]
struct Headers {
    kind: String,
    media: String,
    url: Option<String>,
    date: Option<String>,
    length: Option<u64>,
}

impl Headers {
    /// Of header lines, which may be folded.
    fn of(block: &[u8]) -> Self {
        let mut headers = Self::default();
        for line in block.split(|byte| *byte == b'\n') {
            let Some(colon) = memchr::memchr(b':', line) else { continue };
            let value = String::from_utf8_lossy(line[colon + 1..].trim_ascii()).into_owned();
            match line[..colon].trim_ascii().to_ascii_lowercase().as_slice() {
                b"warc-type" => headers.kind = value.to_ascii_lowercase(),
                b"content-type" => headers.media = value.to_ascii_lowercase(),
                b"content-length" => headers.length = value.parse().ok(),
                // Early crawlers put the address between angle brackets, as the draft did.
                b"warc-target-uri" => {
                    let url = value.trim_start_matches('<').trim_end_matches('>').trim();
                    headers.url = (!url.is_empty()).then(|| url.to_owned());
                }
                b"warc-date" => headers.date = Some(value).filter(|date| !date.is_empty()),
                _ => {}
            }
        }
        headers
    }

    /// What the block of such a record is, if it can hold an article.
    fn payload(&self, block: &[u8]) -> Option<Payload> {
        match self.kind.as_str() {
            "response" => Response::of(block).map(Payload::Response),
            "resource" if self.media.contains("html") => Some(Payload::Html(block.to_vec())),
            // The text of a page, as Common Crawl's WET files have it.
            "conversion" if self.media.starts_with("text/plain") => {
                Some(Payload::Text(block.to_vec()))
            }
            _ => None,
        }
    }
}

impl Warc {
    pub(super) fn new(stream: Stream, source: Source, limit: usize) -> Self {
        Self {
            stream,
            source,
            limit,
            buffer: Vec::new(),
            from: 0,
            marks: Vec::new(),
            records: 0,
            others: 0,
            broken: None,
            ended: false,
            done: false,
        }
    }

    /// Reads until `least` bytes can be used. Says whether there are so many: not where the
    /// file ends, or where it breaks.
    fn ensure(&mut self, least: usize) -> bool {
        while self.buffer.len() - self.from < least {
            if self.ended || self.broken.is_some() {
                return false;
            }
            match self.stream.fill_buf() {
                Ok([]) => self.ended = true,
                Ok(more) => {
                    let (at, length) = (self.buffer.len(), more.len());
                    self.buffer.extend_from_slice(more);
                    self.marks.push((at, self.stream.offset()));
                    self.stream.consume(length);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.broken = Some(error),
            }
        }
        true
    }

    /// What can be used, without what was.
    fn rest(&self) -> &[u8] {
        &self.buffer[self.from..]
    }

    /// Forgets what was used, when that is worth the moving.
    fn tidy(&mut self) {
        if self.from == self.buffer.len() || self.from > 1 << 20 {
            self.buffer.drain(..self.from);
            let kept = self.marks.partition_point(|(at, _)| *at <= self.from).saturating_sub(1);
            self.marks.drain(..kept);
            let packed = self.stream.is_packed();
            for (at, offset) in &mut self.marks {
                if !packed {
                    *offset += self.from.saturating_sub(*at) as u64;
                }
                *at = at.saturating_sub(self.from);
            }
            self.from = 0;
        }
    }

    /// Where the next byte stands in the file.
    fn offset(&self) -> u64 {
        let mark = self.marks.iter().rev().find(|(at, _)| *at <= self.from);
        let (at, offset) = mark.copied().unwrap_or_default();
        if self.stream.is_packed() { offset } else { offset + (self.from - at) as u64 }
    }

    /// Passes over what stands before the next record. Says whether there is one, and whether
    /// only line ends stood there.
    fn begin(&mut self) -> (bool, bool) {
        let mut clean = true;
        loop {
            if !self.ensure(BEGIN.len()) && self.rest().is_empty() {
                return (false, clean);
            }
            let ends = self.rest().iter().take_while(|b| matches!(b, b'\r' | b'\n' | 0)).count();
            if ends > 0 {
                self.from += ends;
                continue;
            }
            if self.rest().starts_with(BEGIN) {
                return (true, clean);
            }
            clean = false;
            // A record begins a line.
            match memchr::memmem::find(self.rest(), b"\nWARC/") {
                Some(at) => self.from += at + 1,
                None => self.from = self.buffer.len() - self.rest().len().min(BEGIN.len()),
            }
            if !self.ensure(BEGIN.len() + 1) {
                self.from = self.buffer.len();
            }
            self.tidy();
        }
    }

    /// How long the headers of the record that begins here are, the blank line included.
    fn headers(&mut self) -> Option<usize> {
        let mut least = 512;
        loop {
            let more = self.ensure(least);
            let rest = &self.rest()[..self.rest().len().min(HEADERS)];
            if let Some(end) = blank_line(rest) {
                // Another record within the headers: the blank line of this one is missing.
                let cut = memchr::memmem::find(&rest[..end], b"\nWARC/1.");
                return cut.is_none().then_some(end);
            }
            if !more || rest.len() == HEADERS {
                return None;
            }
            least = rest.len() + 1;
        }
    }

    /// Passes over `left` bytes, or up to where another record begins.
    fn pass(&mut self, mut left: u64) {
        while left > 0 {
            if !self.ensure(NEXT.len()) && self.rest().is_empty() {
                return;
            }
            if let Some(at) = memchr::memmem::find(self.rest(), NEXT) {
                self.from += at.min(usize::try_from(left).unwrap_or(usize::MAX));
                return;
            }
            // The beginning of the mark may be the end of what was read.
            let sure = self.rest().len().saturating_sub(NEXT.len() - 1).max(1);
            let step = sure.min(usize::try_from(left).unwrap_or(usize::MAX));
            self.from += step;
            left -= step as u64;
            self.tidy();
        }
    }

    fn broken(&self, source: Source, what: &str) -> Option<Result<Input, ReadError>> {
        Some(Err(ReadError::Broken(source, what.to_owned())))
    }

    /// One record: a page, why it is none, or `None` for one of another kind.
    fn record(&mut self) -> Option<Result<Input, ReadError>> {
        self.records = self.records.saturating_add(1);
        let mut source =
            Source { line: Some(self.records), offset: Some(self.offset()), ..self.source.clone() };
        let Some(end) = self.headers() else {
            let cut = self.ended || self.broken.is_some();
            // Past its first bytes, so that the search finds the one after it.
            self.from += BEGIN.len();
            if cut && memchr::memmem::find(self.rest(), b"\nWARC/").is_none() {
                self.from = self.buffer.len();
                return self.broken(source, "a WARC record that is cut off in its headers");
            }
            return self.broken(source, "a WARC record whose headers do not end");
        };
        let headers = Headers::of(&self.rest()[..end]);
        source.url = headers.url.clone();
        source.captured = headers.date.clone();
        let pages = matches!(headers.kind.as_str(), "response" | "resource" | "conversion");
        self.from += end;
        let Some(length) = headers.length else {
            return self.broken(source, "a WARC record without a Content-Length");
        };
        let Some(length) = usize::try_from(length).ok().filter(|length| *length <= self.limit)
        else {
            self.pass(length);
            if pages {
                return Some(Err(ReadError::TooLong(source, self.limit)));
            }
            self.others += 1;
            return None;
        };
        let whole = self.ensure(length);
        let mut block = length.min(self.rest().len());
        if !whole || !self.ends_at(block) {
            // The length is wrong: the record ends where the next one begins.
            let mut searched = 0;
            block = loop {
                if let Some(at) = next_record(&self.rest()[searched..]) {
                    break searched + at;
                }
                let read = self.rest().len();
                if read > self.limit || !self.ensure(read + 1) {
                    // There is none.
                    break if whole { block } else { read };
                }
                searched = read.saturating_sub(NEXT.len());
            };
            if !whole && block == self.rest().len() {
                self.from = self.buffer.len();
                return self.broken(source, "a WARC record that is cut off");
            }
        }
        let payload = headers.payload(&self.rest()[..block]);
        self.from += block;
        let Some(payload) = payload else {
            self.others += 1;
            return None;
        };
        Some(Ok(Input { source, payload }))
    }

    /// Whether the file ends or another record begins `at` bytes from here.
    fn ends_at(&mut self, at: usize) -> bool {
        // Two line ends, then the next; some crawlers write more.
        self.ensure(at + 4 + BEGIN.len());
        if at > self.rest().len() {
            return false;
        }
        let behind = &self.rest()[at..];
        let ends = behind.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | 0)).count();
        let rest = &behind[ends..];
        // What follows may be damaged itself, and is then no reason to doubt this one.
        if behind.starts_with(b"\r\n\r\n") && !rest.is_empty() {
            return true;
        }
        if rest.is_empty() {
            return at < self.rest().len() || self.ended || self.broken.is_some();
        }
        rest.starts_with(&BEGIN[..rest.len().min(BEGIN.len())])
    }
}

/// Where the next record is set off, by line ends of either kind.
fn next_record(bytes: &[u8]) -> Option<usize> {
    let bare = memchr::memmem::find(bytes, b"\n\nWARC/1.");
    let usual = memchr::memmem::find(bytes, NEXT);
    bare.into_iter().chain(usual).min()
}

/// Where the first blank line ends.
pub(super) fn blank_line(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| match &bytes[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

impl Iterator for Warc {
    type Item = Result<Input, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.tidy();
            let (found, clean) = self.begin();
            if !clean {
                let source = Source { offset: Some(self.offset()), ..self.source.clone() };
                return self.broken(source, "what stands between two WARC records is none");
            }
            if found {
                match self.record() {
                    Some(item) => return Some(item),
                    None => continue,
                }
            }
            if let Some(error) = self.broken.take() {
                self.done = !ReadError::is_break(&error);
                return Some(Err(ReadError::of_io(self.source.clone(), error)));
            }
            self.done = true;
            let source = self.source.clone();
            if self.records == 0 {
                return Some(Err(ReadError::Empty(source)));
            }
            if self.others > 0 {
                return Some(Err(ReadError::OtherRecords(source, self.others)));
            }
        }
        None
    }
}
