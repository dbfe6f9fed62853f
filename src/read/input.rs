//! [`Input`]: what was read from the disk and is not parsed yet.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    vec,
};

use super::{
    Limits,
    error::ReadError,
    format::Format,
    jsonl::Records,
    utf16,
    walk::{self, Found},
};
use crate::article::Source;

/// The bytes of one article, and where they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file, and the line of a record.
    pub source: Source,
    /// The bytes.
    pub payload: Payload,
}

/// Bytes, and how they are to be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Plain text in any encoding.
    Text(Vec<u8>),
    /// A page in any encoding.
    Html(Vec<u8>),
    /// One line of JSON Lines.
    Record(Vec<u8>),
}

/// What one file holds: one input, or one a line, or an error.
pub(super) enum Inputs {
    One(vec::IntoIter<Result<Input, ReadError>>),
    Lines(Records<Box<dyn BufRead + Send>>),
}

impl Inputs {
    pub(super) fn failed(error: ReadError) -> Self {
        Self::One(vec![Err(error)].into_iter())
    }
}

impl Iterator for Inputs {
    type Item = Result<Input, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::One(one) => one.next(),
            Self::Lines(lines) => lines.next(),
        }
    }
}

/// Opens a file and reads it as its name or its first bytes say.
pub(super) fn of_file(found: Found, limits: Limits) -> Inputs {
    let (source, format) = match found {
        Found::Stdin => (Source::default(), None),
        Found::File(file, format) => (walk::source(file), format),
    };
    open(&source, format, limits)
        .unwrap_or_else(|error| Inputs::failed(ReadError::Io(source, error)))
}

fn open(source: &Source, format: Option<Format>, limits: Limits) -> io::Result<Inputs> {
    let (reader, size): (Box<dyn Read + Send>, _) = match &source.file {
        None => (Box::new(io::stdin()), 0),
        Some(path) => {
            if !fs::metadata(path.as_path())?.is_file() {
                return Ok(Inputs::failed(ReadError::Special(source.clone())));
            }
            let file = File::open(path.as_path())?;
            let size = file.metadata()?.len();
            (Box::new(file), size)
        }
    };
    let mut reader: Box<dyn BufRead + Send> = Box::new(BufReader::with_capacity(1 << 16, reader));
    let format = match format {
        Some(format) => format,
        None => Format::of_bytes(reader.fill_buf()?),
    };
    if format == Format::JsonLines {
        if let Some(encoding) = utf16::encoding(reader.fill_buf()?) {
            reader = Box::new(utf16::Reader::new(reader, encoding));
        }
        return Ok(Inputs::Lines(Records::new(reader, source.clone(), limits.bytes())));
    }
    let limit = limits.bytes();
    let mut bytes = Vec::new();
    if size <= limit as u64 {
        reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    }
    if size > limit as u64 || bytes.len() > limit {
        return Ok(Inputs::failed(ReadError::TooLong(source.clone(), limit)));
    }
    let payload = if format == Format::Html { Payload::Html(bytes) } else { Payload::Text(bytes) };
    Ok(Inputs::One(vec![Ok(Input { source: source.clone(), payload })].into_iter()))
}
