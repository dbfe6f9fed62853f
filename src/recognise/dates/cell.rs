//! Years that stand alone in the cells of a table, below a header that says they are years.

use super::{
    expr::{Expr, Field, Point},
    join::Piece,
    words::Parts,
};
use crate::{
    expression::Regex,
    rule::DataError,
    segment::{Passage, PassageKind, cells},
};

/// What this is called where the patterns of `rules/date.toml` are called by their names.
const RULE: &str = "year-in-a-cell";

/// Finds such cells, row by row.
#[derive(Debug)]
pub(super) struct Cells {
    header: Regex,
    year: Regex,
}

/// The columns of the current table that hold dates.
pub(super) type Columns = Option<(u16, Vec<usize>)>;

impl Cells {
    pub(super) fn new(parts: &Parts<'_>, data: &super::data::Cells) -> Result<Self, DataError> {
        Ok(Self { header: parts.regex(&data.header)?, year: parts.regex(&data.year)? })
    }

    /// Adds the years of a row, or learns from a header which columns hold dates.
    pub(super) fn add(
        &self,
        text: &str,
        passage: &Passage,
        columns: &mut Columns,
        pieces: &mut Vec<Piece>,
    ) {
        let PassageKind::Row { table, header } = passage.kind else { return };
        let spans = cells(text, passage.span);
        if header {
            let dated = |n: &usize| self.header.is_match(&text[spans[*n].range()]);
            *columns = Some((table, (0..spans.len()).filter(dated).collect()));
            return;
        }
        let Some((_, dated)) = columns.as_ref().filter(|columns| columns.0 == table) else {
            return;
        };
        for span in dated.iter().filter_map(|n| spans.get(*n)) {
            let cell = &text[span.range()];
            let Some(year) = cell.parse().ok().filter(|_| self.year.is_match(cell)) else {
                continue;
            };
            let expr = Expr::Point(Point { year: Some(Field::Number(year)), ..Point::default() });
            let at = pieces.partition_point(|piece| piece.at.start < span.range().start);
            pieces.insert(at, Piece { at: span.range(), expr, rule: RULE.into() });
        }
    }
}
