//! [`Input`]: what was read from the disk and is not parsed yet.

use std::{
    fs::{self, File},
    io::{self, BufRead, Read},
    sync::Arc,
    vec,
};

use super::{
    Limits,
    error::ReadError,
    format::Format,
    http::Response,
    jsonl::Records,
    rows,
    shards::Shard,
    stream::{Break, Meter, Stream},
    utf16,
    walk::{self, Found},
    warc::Warc,
};
use crate::{article::Source, shard::Lines};

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
    /// A page as a server sent it.
    Response(Response),
    /// What another machine has read.
    Shard(Lines),
}

impl Payload {
    /// How many bytes there are.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Text(bytes) | Self::Html(bytes) | Self::Record(bytes) => bytes.len(),
            Self::Response(response) => response.len(),
            Self::Shard(lines) => lines.head.len() + lines.quads.len(),
        }
    }
}

/// What one file holds: one input, or one a record, or an error.
pub(super) enum Inputs {
    One(vec::IntoIter<Result<Input, ReadError>>),
    Lines(Box<Records<Box<dyn BufRead + Send>>>),
    Warc(Box<Warc>),
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "no Parquet, no rows"))]
    Rows(Box<rows::Rows>),
    #[cfg(feature = "arrow")]
    Arrow(Box<super::arrow::Batches>),
    Shard(Box<Shard>),
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
            Self::Warc(records) => records.next(),
            Self::Rows(rows) => rows.next(),
            #[cfg(feature = "arrow")]
            Self::Arrow(batches) => batches.next(),
            Self::Shard(shard) => shard.next(),
        }
    }
}

/// Opens a file and reads it as `given`, its name, or its first bytes say.
pub(super) fn of_file(
    found: Found,
    given: Option<Format>,
    limits: Limits,
    meter: &Arc<Meter>,
) -> Inputs {
    let (source, format) = match found {
        Found::Stdin => (Source::default(), given),
        Found::File(file, format) => (walk::source(file), format.or(given)),
    };
    open(&source, format, limits, meter)
        .unwrap_or_else(|error| Inputs::failed(ReadError::of_io(source, error)))
}

fn open(
    source: &Source,
    format: Option<Format>,
    limits: Limits,
    meter: &Arc<Meter>,
) -> io::Result<Inputs> {
    let (reader, size): (Box<dyn Read + Send>, _) = match &source.file {
        None => (Box::new(io::stdin()), 0),
        Some(path) => {
            if !fs::metadata(path.as_path())?.is_file() {
                return Ok(Inputs::failed(ReadError::Special(source.clone())));
            }
            let file = File::open(path.as_path())?;
            let size = file.metadata()?.len();
            if format == Some(Format::Parquet) {
                return Ok(rows::of_file(file, source, limits.bytes(), meter));
            }
            (Box::new(file), size)
        }
    };
    let mut stream = Stream::new(reader, Arc::clone(meter))?;
    let format = match format {
        Some(format) => format,
        None => match stream.first() {
            Ok(head) => Format::of_bytes(head),
            // Damaged from the beginning: said below.
            Err(_) => Format::Text,
        },
    };
    let limit = limits.bytes();
    match format {
        Format::JsonLines => {
            let encoding = stream.first().ok().and_then(utf16::encoding);
            let reader: Box<dyn BufRead + Send> = match encoding {
                Some(encoding) => Box::new(utf16::Reader::new(stream, encoding)),
                None => Box::new(stream),
            };
            return Ok(Inputs::Lines(Box::new(Records::new(reader, source.clone(), limit))));
        }
        Format::Warc => {
            return Ok(Inputs::Warc(Box::new(Warc::new(stream, source.clone(), limit))));
        }
        Format::Parquet => {
            // Its index stands at its end.
            let Some(path) = source.file.as_ref().filter(|_| !stream.is_packed()) else {
                let what = "Parquet can be read from a plain file only; save and unpack it first";
                return Ok(Inputs::failed(ReadError::Unsupported(source.clone(), what)));
            };
            return Ok(rows::of_file(File::open(path.as_path())?, source, limit, meter));
        }
        #[cfg(feature = "arrow")]
        Format::Arrow => {
            return Ok(match super::arrow::Batches::new(stream, source.clone(), limit) {
                Ok(batches) => Inputs::Arrow(Box::new(batches)),
                Err(error) => Inputs::failed(error),
            });
        }
        #[cfg(not(feature = "arrow"))]
        Format::Arrow => {
            let what = "Arrow, which this program was built without (the feature `arrow`)";
            return Ok(Inputs::failed(ReadError::Unsupported(source.clone(), what)));
        }
        Format::Text | Format::Html => {}
    }
    let too_long = |size: u64| size > limit as u64;
    let mut bytes = Vec::new();
    let mut items = Vec::new();
    let mut doubted = false;
    if stream.is_packed() || !too_long(size) {
        let mut rest = stream.take(limit as u64 + 1);
        while let Err(error) = rest.read_to_end(&mut bytes) {
            let more = ReadError::is_break(&error);
            doubted |= Break::of(&error).is_some_and(|broken| broken.doubted().is_some());
            items.push(Err(ReadError::of_io(source.clone(), error)));
            if !more {
                break;
            }
        }
    }
    let too_long =
        (too_long(size) && bytes.is_empty() && items.is_empty()) || too_long(bytes.len() as u64);
    if too_long {
        return Ok(Inputs::failed(ReadError::TooLong(source.clone(), limit)));
    }
    // What stands before a break is an article, if it is anything, and not known to be wrong.
    if items.is_empty() || (!doubted && !bytes.trim_ascii().is_empty()) {
        let payload =
            if format == Format::Html { Payload::Html(bytes) } else { Payload::Text(bytes) };
        items.insert(0, Ok(Input { source: source.clone(), payload }));
    }
    Ok(Inputs::One(items.into_iter()))
}
