//! Answers as columns for people, aligned by what a terminal shows: a Chinese character
//! takes two columns.

use std::io;

use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent, presets};
use oxigraph::sparql::QuerySolutionIter;
use oxrdf::{Term, TermRef};
use unicode_width::UnicodeWidthStr;

use super::QueryError;
use crate::rdf::vocab::PREFIXES;

/// How many terminal columns a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// Writes all rows, wrapped to `columns` when given, and how many they are.
pub(super) fn write(
    solutions: QuerySolutionIter<'_>,
    columns: Option<u16>,
    mut out: impl io::Write,
) -> Result<(), QueryError> {
    let variables = solutions.variables().to_vec();
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_style(TableComponent::HeaderLines, '─');
    table.set_header(variables.iter().map(oxigraph::sparql::Variable::as_str));
    if let Some(columns) = columns {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
        // Cells that go over several lines need something between the rows.
        table.set_style(TableComponent::HorizontalLines, '┈');
    }
    let mut numeric = vec![true; variables.len()];
    let mut count = 0_usize;
    for solution in solutions {
        let solution = solution.map_err(QueryError::Evaluation)?;
        let cells = solution.values().iter().zip(&mut numeric).map(|(value, numeric)| {
            *numeric &= value.as_ref().is_none_or(is_number);
            value.as_ref().map(|term| cell(term.as_ref())).unwrap_or_default()
        });
        table.add_row(cells.collect::<Vec<_>>());
        count += 1;
    }
    for (column, numeric) in table.column_iter_mut().zip(numeric) {
        if numeric && count > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "{count} {}", if count == 1 { "row" } else { "rows" })?;
    Ok(())
}

fn is_number(term: &Term) -> bool {
    matches!(term, Term::Literal(literal) if literal.value().parse::<f64>().is_ok())
}

/// A term for people: short for an IRI that we know the prefix of, the value of a literal,
/// without what would move the cursor.
fn cell(term: TermRef<'_>) -> String {
    let text = match term {
        TermRef::NamedNode(node) => {
            let iri = node.as_str();
            PREFIXES
                .iter()
                .find_map(|(prefix, base)| Some(format!("{prefix}:{}", iri.strip_prefix(base)?)))
                .unwrap_or_else(|| iri.to_owned())
        }
        TermRef::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    };
    text.chars().map(|c| if is_harmful(c) { ' ' } else { c }).collect()
}

/// Control characters, and marks that turn the direction of the text around.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use oxrdf::{Literal, NamedNode};

    use super::*;

    #[test]
    fn cells_are_short_and_harmless() {
        let node = NamedNode::new("https://w3id.org/youcheng/ns#kind-memorandum").unwrap();
        assert_eq!(cell(node.as_ref().into()), "yc:kind-memorandum");
        let literal = Literal::from("a\n\u{1b}[31m\u{202e}b");
        assert_eq!(cell(literal.as_ref().into()), "a  [31m b");
    }
}
