//! [`Format`]: how answers are written, and which answers can be written how.

use std::{fmt, io};

use oxigraph::{
    io::{JsonLdProfileSet, RdfFormat, RdfSerializer},
    sparql::{
        QueryResults, QuerySolutionIter,
        results::{QueryResultsFormat, QueryResultsSerializer},
    },
};

use super::{QueryError, table};
use crate::rdf::vocab::PREFIXES;

/// A way to write answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns for people.
    Table,
    /// Comma-separated values.
    Csv,
    /// Tab-separated values, with terms in full.
    Tsv,
    /// SPARQL results in JSON.
    Json,
    /// SPARQL results in XML.
    Xml,
    /// Turtle.
    Turtle,
    /// N-Triples.
    NTriples,
    /// JSON-LD.
    JsonLd,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Table,
        Self::Csv,
        Self::Tsv,
        Self::Json,
        Self::Xml,
        Self::Turtle,
        Self::NTriples,
        Self::JsonLd,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Turtle => "turtle",
            Self::NTriples => "ntriples",
            Self::JsonLd => "jsonld",
        }
    }

    fn rows(self) -> Option<QueryResultsFormat> {
        match self {
            Self::Csv => Some(QueryResultsFormat::Csv),
            Self::Tsv => Some(QueryResultsFormat::Tsv),
            Self::Json => Some(QueryResultsFormat::Json),
            Self::Xml => Some(QueryResultsFormat::Xml),
            _ => None,
        }
    }

    fn graph(self) -> Option<RdfFormat> {
        match self {
            Self::Turtle => Some(RdfFormat::Turtle),
            Self::NTriples => Some(RdfFormat::NTriples),
            Self::JsonLd => Some(RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A kind of query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows.
    Select,
    /// Yes or no.
    Ask,
    /// A graph.
    Construct,
    /// A graph.
    Describe,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Select => "SELECT",
            Self::Ask => "ASK",
            Self::Construct => "CONSTRUCT",
            Self::Describe => "DESCRIBE",
        })
    }
}

impl Form {
    /// The format wanted, if answers of this form can be written so; the usual one if
    /// none is wanted.
    ///
    /// # Errors
    ///
    /// If they cannot.
    pub fn format(self, wanted: Option<Format>) -> Result<Format, QueryError> {
        let is_graph = matches!(self, Self::Construct | Self::Describe);
        let fits = |format: Format| format.graph().is_some() == is_graph;
        match wanted {
            None if is_graph => Ok(Format::Turtle),
            None => Ok(Format::Table),
            Some(format) if fits(format) => Ok(format),
            Some(format) => {
                let allowed = Format::ALL.into_iter().filter(|&format| fits(format));
                let allowed = allowed.map(Format::name).collect::<Vec<_>>().join(", ");
                let what = match self {
                    Self::Select => "rows",
                    Self::Ask => "yes or no",
                    Self::Construct | Self::Describe => "a graph",
                };
                Err(QueryError::Format { form: self, what, format, allowed })
            }
        }
    }
}

/// Writes an answer. The format fits its form.
pub(super) fn write(
    results: QueryResults<'_>,
    format: Format,
    columns: Option<u16>,
    mut out: impl io::Write,
) -> Result<(), QueryError> {
    match results {
        QueryResults::Boolean(answer) => match format.rows() {
            None => writeln!(out, "{}", if answer { "yes" } else { "no" })?,
            Some(rows) => {
                QueryResultsSerializer::from_format(rows)
                    .serialize_boolean_to_writer(&mut out, answer)?;
                writeln!(out)?;
            }
        },
        QueryResults::Solutions(solutions) => match format.rows() {
            None => table::write(solutions, columns, &mut out)?,
            Some(rows) => write_rows(solutions, rows, &mut out)?,
        },
        QueryResults::Graph(triples) => {
            let rdf = format.graph().unwrap_or(RdfFormat::Turtle);
            let mut serializer = RdfSerializer::from_format(rdf);
            for (prefix, iri) in PREFIXES {
                serializer = serializer.with_prefix(prefix, iri).map_err(io::Error::other)?;
            }
            let mut serializer = serializer.for_writer(&mut out);
            for triple in triples {
                serializer.serialize_triple(&triple.map_err(QueryError::Evaluation)?)?;
            }
            serializer.finish()?;
        }
    }
    out.flush()?;
    Ok(())
}

fn write_rows(
    solutions: QuerySolutionIter<'_>,
    format: QueryResultsFormat,
    mut out: impl io::Write,
) -> Result<(), QueryError> {
    let variables = solutions.variables().to_vec();
    let mut serializer = QueryResultsSerializer::from_format(format)
        .serialize_solutions_to_writer(&mut out, variables)?;
    for solution in solutions {
        serializer.serialize(&solution.map_err(QueryError::Evaluation)?)?;
    }
    serializer.finish()?;
    if !matches!(format, QueryResultsFormat::Csv | QueryResultsFormat::Tsv) {
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_that_does_not_fit_says_what_does() {
        assert_eq!(Form::Select.format(None).unwrap(), Format::Table);
        assert_eq!(Form::Describe.format(None).unwrap(), Format::Turtle);
        let error = Form::Construct.format(Some(Format::Csv)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "CONSTRUCT gives a graph, which cannot be written as csv; \
             take one of: turtle, ntriples, jsonld"
        );
        assert!(Form::Ask.format(Some(Format::Turtle)).is_err());
    }
}
