//! Read: bytes to [`Article`]s.

use std::path::PathBuf;

use crate::{
    article::{Article, Source},
    notes::Notes,
};

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file or folder could not be opened or read.
    #[error("{0}: {1}")]
    Io(Source, #[source] std::io::Error),
}

/// How much is read at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one file that is one article, and of one record.
    pub record: usize,
    /// Depth of the elements of a page.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { record: 16 << 20, depth: 512 }
    }
}

/// Every article of the files and folders named, in a stable order.
pub fn read(
    _paths: &[PathBuf],
    _limits: Limits,
) -> impl Iterator<Item = Result<(Article, Notes), ReadError>> {
    std::iter::empty()
}
