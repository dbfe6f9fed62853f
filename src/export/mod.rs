//! Export: the store as files for others.

mod csv;
mod rdf;

use std::{fmt, io};

pub use self::csv::{Row, rows};
use crate::{
    query::QueryError,
    store::{Store, StoreError},
};

/// A file format of exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One row per agreement.
    Csv,
    /// Every quad, a line each.
    NQuads,
    /// Every triple once, without the graphs.
    Turtle,
    /// Every quad, graph by graph.
    TriG,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Csv, Self::NQuads, Self::Turtle, Self::TriG];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::NQuads => "nquads",
            Self::Turtle => "turtle",
            Self::TriG => "trig",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The agreements cannot be asked for.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The file cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

/// Writes the store to `out`: the same bytes for the same content, in whatever order the
/// articles came.
///
/// # Errors
///
/// If the store cannot be read or `out` not be written to.
pub fn export(store: &Store, format: Format, out: impl io::Write) -> Result<(), ExportError> {
    match format {
        Format::Csv => csv::write(store, out),
        Format::NQuads | Format::Turtle | Format::TriG => rdf::write(store, format, out),
    }
}
