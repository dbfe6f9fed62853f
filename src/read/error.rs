//! [`ReadError`]: why something gave no article.

use std::io;

use super::stream::Break;
use crate::{article::Source, rule::DataError};

/// Why something could not be read. Each says which file and line, what is wrong, and
/// what can be done about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file or folder could not be opened or read.
    #[error("{0}: {1}")]
    Io(Source, #[source] io::Error),
    /// A record is not a JSON object with the fields expected.
    #[error("{at}:{column}: {message}", at = .source_)]
    Syntax {
        /// The file and line.
        source_: Source,
        /// The column, in bytes from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A file among others in a folder that is not of a kind that holds articles.
    #[error(
        "{0}: not an article (expected .txt, .html, .htm, .xhtml, .jsonl, .ndjson, .warc, .wet or .parquet, plain or packed as .gz, .zst or .bz2)"
    )]
    NotAnArticle(Source),
    /// A pipe, socket or device: opening one may wait for ever.
    #[error("{0}: a pipe, socket or device, not a file; give - to read standard input")]
    Special(Source),
    /// It was named before, or lies in a folder that was.
    #[error("{0}: named twice, read once")]
    Again(Source),
    /// It was read to its end by an earlier run.
    #[error("{0}: read before")]
    Finished(Source),
    /// Nothing but white space.
    #[error("{0}: empty, nothing to read")]
    Empty(Source),
    /// Not text.
    #[error("{0}: {1}, not text; convert it to text or HTML first")]
    Binary(Source, &'static str),
    /// More than the limit.
    #[error("{0}: longer than the limit of {1} bytes; split it, or raise the limit")]
    TooLong(Source, usize),
    /// Data that is damaged or cut off.
    #[error("{0}: {1}")]
    Broken(Source, String),
    /// Records of a WARC file that hold no page: requests, pictures, answers without success.
    #[error("{0}: {1} records hold no page")]
    OtherRecords(Source, usize),
    /// No file has a name like this.
    #[error("{0}: no such file, and none with a name like it")]
    NoMatch(Source),
    /// A format that this program was built without.
    #[error("{0}: {1}")]
    Unsupported(Source, &'static str),
    /// A page that would take too much time or memory.
    #[error("{0}: {1}")]
    Hostile(Source, Hostile),
    /// A page without an article.
    #[error("{0}: no article found on the page, only navigation and the like")]
    NoArticle(Source),
    /// A data file that comes with the program has a mistake.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// What a page has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hostile {
    /// Elements within elements.
    #[error("elements nested more than {0} deep; no browser's page is, so it is skipped")]
    Depth(usize),
    /// Elements.
    #[error("more than {0} elements; split the page")]
    Elements(usize),
    /// Attributes of one element.
    #[error("an element with more than {0} attributes; no browser's page has such")]
    Attributes(usize),
}

/// What others say is damaged, and not more of it than a line holds: some show all bytes.
#[cfg(any(feature = "parquet", feature = "arrow"))]
pub(super) fn brief(what: &str) -> &str {
    const LONGEST: usize = 200;
    what.char_indices().nth(LONGEST).map_or(what, |(end, _)| &what[..end])
}

impl ReadError {
    /// Whether this is only a file that a folder holds beside its articles, or one that was
    /// read before: worth counting, not worth a warning.
    #[must_use]
    pub fn is_bystander(&self) -> bool {
        self.bystanders() > 0
    }

    /// How many such files, or records of a crawl that hold no page, it stands for.
    #[must_use]
    pub fn bystanders(&self) -> usize {
        match self {
            Self::NotAnArticle(_) | Self::Again(_) | Self::Finished(_) => 1,
            Self::OtherRecords(_, count) => *count,
            _ => 0,
        }
    }

    /// What a failure of reading is: damage of packed data, or of the disk.
    pub(super) fn of_io(source: Source, error: io::Error) -> Self {
        match Break::of(&error) {
            Some(broken) => Self::Broken(source, broken.to_string()),
            None => Self::Io(source, error),
        }
    }

    /// Whether reading on may give more.
    pub(super) fn is_break(error: &io::Error) -> bool {
        Break::of(error).is_some()
    }

    /// Where it happened.
    #[must_use]
    pub fn at(&self) -> Option<&Source> {
        match self {
            Self::Io(source, _)
            | Self::Syntax { source_: source, .. }
            | Self::NotAnArticle(source)
            | Self::Special(source)
            | Self::Again(source)
            | Self::Finished(source)
            | Self::Empty(source)
            | Self::Binary(source, _)
            | Self::TooLong(source, _)
            | Self::Hostile(source, _)
            | Self::Broken(source, _)
            | Self::OtherRecords(source, _)
            | Self::NoMatch(source)
            | Self::Unsupported(source, _)
            | Self::NoArticle(source) => Some(source),
            Self::Data(_) => None,
        }
    }
}
