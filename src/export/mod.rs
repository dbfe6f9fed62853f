//! Export: the store as files for others, one by one or as a package that can be published.

mod catalogue;
mod dataset;
mod filter;
mod network;
mod package;
mod parquet;
mod particulars;
mod places;
mod question;
mod rdf;
mod table;

use std::{collections::BTreeMap, fmt, io, path::PathBuf};

pub use self::{
    filter::Filter,
    package::{Counts, Package},
};
use crate::{
    query::{Form, Query, QueryError},
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
    /// Every quad, graph by graph, as JSON.
    JsonLd,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Csv, Self::NQuads, Self::Turtle, Self::TriG, Self::JsonLd];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::NQuads => "nquads",
            Self::Turtle => "turtle",
            Self::TriG => "trig",
            Self::JsonLd => "jsonld",
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
    /// A filter names a place that nothing in the store is called.
    #[error("the store has no place called {0}, and no unit that one lies in")]
    Place(String),
    /// The query of a filter answers no rows at all.
    #[error("the query that says which agreements to keep must be a SELECT; this is {0}")]
    Form(Form),
    /// The query of a filter answers something else.
    #[error(
        "the query that says which agreements to keep must have a column of agreements, as in \
         SELECT ?agreement WHERE {{ ?agreement a yc:Agreement ; yc:kind yc:kind-sister-city }}"
    )]
    NoAgreements,
    /// The file cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

/// Writes the store to `out` as one file: the same bytes for the same content, in whatever
/// order the articles came.
///
/// # Errors
///
/// If the store cannot be read or `out` not be written to.
pub fn export(store: &Store, format: Format, out: impl io::Write) -> Result<(), ExportError> {
    match format {
        Format::Csv => package::agreements(store, out),
        _ => rdf::write(store, format, &rdf::Selection::all(), out).map(drop),
    }
}

/// The articles of the store that were read from files: the hexadecimal digits of their ids,
/// and the files.
///
/// # Errors
///
/// If the store cannot be read.
pub fn sources(store: &Store) -> Result<BTreeMap<String, PathBuf>, ExportError> {
    const FILES: &str = "SELECT ?article ?file WHERE { ?article yc:file ?file }";
    let rows = Query::parse(FILES)?.solutions(store)?;
    Ok(rows
        .iter()
        .map(|row| (question::key(row, "article"), question::text(row, "file").into()))
        .collect())
}
