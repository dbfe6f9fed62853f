//! [`Format`]: how answers are written, and which answers can be written how.

use std::{borrow::Cow, fmt, io};

use oxigraph::{
    io::{JsonLdProfileSet, RdfFormat, RdfSerializer},
    sparql::{
        QueryResults, QuerySolution, QuerySolutionIter,
        results::{QueryResultsFormat, QueryResultsSerializer},
    },
};
use oxrdf::{Literal, Term, vocab::xsd};

use super::{QueryError, table};
use crate::rdf::vocab::PREFIXES;

/// A way to write answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns for people.
    Table,
    /// Comma-separated values, fit for spreadsheets: a text that one would run as a formula has
    /// an apostrophe before it. The other formats have it as it is.
    Csv,
    /// Tab-separated values, with terms in full.
    Tsv,
    /// SPARQL results in JSON.
    Json,
    /// SPARQL results in XML, with U+FFFD for characters that XML cannot hold.
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
        let solution = solution.map_err(QueryError::Evaluation)?;
        serializer.serialize(&match format {
            QueryResultsFormat::Csv => with_texts(solution, harmless),
            QueryResultsFormat::Xml => with_texts(solution, of_xml),
            _ => solution,
        })?;
    }
    serializer.finish()?;
    if !matches!(format, QueryResultsFormat::Csv | QueryResultsFormat::Tsv) {
        writeln!(out)?;
    }
    Ok(())
}

/// The row with other texts in it; what `text` leaves stays.
pub(crate) fn with_texts(row: QuerySolution, text: impl Fn(&str) -> Cow<'_, str>) -> QuerySolution {
    let changed = |term: &Option<Term>| match term {
        Some(Term::Literal(literal)) if is_text(literal) => match text(literal.value()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(match literal.language() {
                Some(language) => Literal::new_language_tagged_literal_unchecked(text, language),
                None => Literal::from(text),
            }),
        },
        _ => None,
    };
    if row.values().iter().all(|term| changed(term).is_none()) {
        return row;
    }
    let values = row.values().iter();
    let values: Vec<_> =
        values.map(|term| changed(term).map(Term::from).or_else(|| term.clone())).collect();
    (row.variables().to_vec(), values).into()
}

fn is_text(literal: &Literal) -> bool {
    literal.language().is_some() || literal.datatype() == xsd::STRING
}

/// A text that a spreadsheet would run as a formula, with an apostrophe before it.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let runs = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]);
    if runs { Cow::Owned(["'", text].concat()) } else { Cow::Borrowed(text) }
}

/// A text with U+FFFD for what XML 1.0 cannot hold, not even escaped.
pub(crate) fn of_xml(text: &str) -> Cow<'_, str> {
    let is_not_xml = |c: char| {
        c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(is_not_xml) {
        Cow::Owned(text.replace(is_not_xml, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_fit_for_spreadsheets_and_for_xml() {
        use oxrdf::Variable;
        assert_eq!(harmless("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(harmless("友好城市"), "友好城市");
        assert_eq!(of_xml("a\u{0}b\u{ffff}c\n"), "a\u{fffd}b\u{fffd}c\n");
        let zh = Literal::new_language_tagged_literal_unchecked("＝1", "zh-hans");
        let day = Literal::new_typed_literal("-0044-03-15", xsd::DATE);
        let row = |values: Vec<Option<Term>>| -> QuerySolution {
            (vec![Variable::new_unchecked("a"), Variable::new_unchecked("b")], values).into()
        };
        let made = with_texts(row(vec![Some(zh.into()), Some(day.clone().into())]), harmless);
        let zh = Literal::new_language_tagged_literal_unchecked("'＝1", "zh-hans");
        assert_eq!(made.values(), [Some(zh.into()), Some(day.into())]);
    }

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
