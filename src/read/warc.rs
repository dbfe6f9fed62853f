//! [`Warc`]: the pages of a WARC file, one record at a time.
//!
//! Crawlers differ and files are damaged, so little is taken for granted: line ends may be
//! short, a length may be wrong or absent, a record may be cut off. Where a record does not
//! end as it says, the next one is looked for, and only what lies between is lost.

use std::io::{self, BufRead};

use super::{
    error::ReadError,
    http::{Answer, Response, fields},
    input::{Input, Payload},
    stream::{Break, Stream},
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
        for (name, value) in fields(block) {
            match name.as_str() {
                "warc-type" => headers.kind = value.to_ascii_lowercase(),
                "content-type" => headers.media = value.to_ascii_lowercase(),
                "content-length" => headers.length = value.parse().ok(),
                // Early crawlers put the address between angle brackets, as the draft did.
                "warc-target-uri" => {
                    let url = value.trim_start_matches('<').trim_end_matches('>').trim();
                    headers.url = (!url.is_empty()).then(|| url.to_owned());
                }
                "warc-date" => headers.date = Some(value).filter(|date| !date.is_empty()),
                _ => {}
            }
        }
        headers
    }

    /// Whether such a record can hold an article.
    fn may_hold_a_page(&self) -> bool {
        match self.kind.as_str() {
            "response" => true,
            "resource" => self.media.contains("html"),
            // The text of a page, as Common Crawl's WET files have it.
            "conversion" => self.media.starts_with("text/plain"),
            _ => false,
        }
    }

    /// What the block of such a record is, if it holds an article.
    fn payload(&self, block: &[u8]) -> Result<Option<Payload>, &'static str> {
        Ok(match self.kind.as_str() {
            "response" => match Response::of(block) {
                Answer::Page(response) => Some(Payload::Response(response)),
                Answer::Other => None,
                Answer::Broken(what) => return Err(what),
            },
            _ if !self.may_hold_a_page() => None,
            "conversion" => Some(Payload::Text(block.to_vec())),
            _ => Some(Payload::Html(block.to_vec())),
        })
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
            // Where another record begins, the blank line of this one is missing.
            let other = memchr::memmem::find(rest, b"\nWARC/").map(|at| at + 1);
            if let Some(end) = blank_line(&rest[..other.unwrap_or(rest.len())]) {
                return Some(end);
            }
            if other.is_some() || !more || rest.len() == HEADERS {
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
            if let Some(at) = next_record(self.rest()) {
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
        self.from += end;
        let stated = headers.length.and_then(|length| usize::try_from(length).ok());
        let length = stated.filter(|length| *length <= self.limit);
        if length.is_none() && !headers.may_hold_a_page() {
            self.pass(headers.length.unwrap_or(u64::MAX));
            self.others += 1;
            return None;
        }
        let block = match length {
            Some(length) if self.ensure(length) && self.ends_at(length) => length,
            // The length is wrong: the record ends where the next one begins.
            _ => match self.next_record() {
                Next::At(at) => at,
                Next::Nowhere if self.seems_whole(&headers) => self.rest().len(),
                Next::TooFar | Next::Nowhere if length.is_some_and(|it| self.ensure(it)) => {
                    length.unwrap_or_default()
                }
                Next::TooFar => {
                    self.pass(headers.length.unwrap_or(u64::MAX));
                    return Some(Err(ReadError::TooLong(source, self.limit)));
                }
                Next::Nowhere => {
                    self.from = self.buffer.len();
                    return self.broken(source, "a WARC record that is cut off");
                }
            },
        };
        let payload = headers.payload(&self.rest()[..block]);
        let is_doubted = self.is_doubted(block);
        self.from += block;
        match payload {
            Ok(Some(_)) if is_doubted => {
                self.broken(source, "a WARC record in packed data that is damaged")
            }
            Ok(Some(payload)) => Some(Ok(Input { source, payload })),
            Ok(None) => {
                self.others += 1;
                None
            }
            Err(what) => self.broken(source, what),
        }
    }

    /// Where the next record begins, however far this one says that it goes.
    fn next_record(&mut self) -> Next {
        let mut searched = 0;
        loop {
            if let Some(at) = next_record(&self.rest()[searched..]) {
                let at = searched + at;
                return if at <= self.limit { Next::At(at) } else { Next::TooFar };
            }
            let read = self.rest().len();
            if read > self.limit {
                return Next::TooFar;
            }
            if !self.ensure(read + 1) {
                return Next::Nowhere;
            }
            searched = read.saturating_sub(NEXT.len());
        }
    }

    /// Whether what is left of the file is all of the last record, whose length is wrong: it
    /// says none, or its page comes to its end.
    fn seems_whole(&self, headers: &Headers) -> bool {
        let end = self.rest().trim_ascii_end();
        let end = &end[end.len().saturating_sub(b"</html>".len())..];
        self.broken.is_none() && (headers.length.is_none() || end.eq_ignore_ascii_case(b"</html>"))
    }

    /// Whether some of the next bytes were unpacked from a piece that is known to be wrong.
    fn is_doubted(&self, bytes: usize) -> bool {
        let broken = self.broken.as_ref().and_then(Break::of);
        let Some(piece) = broken.and_then(Break::doubted) else { return false };
        let begins = self.marks.iter().find(|(_, offset)| *offset == piece);
        begins.is_some_and(|(at, _)| *at < self.from + bytes)
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

/// Where a record that does not say it right ends.
enum Next {
    At(usize),
    /// Not within the limit.
    TooFar,
    /// Not before the file ends or breaks.
    Nowhere,
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
