//! Rows: lines of plain text that are the rows of a table, and the cells of a row.

use super::{Passage, PassageKind};
use crate::text::{Clean, Span};

/// Longer cells are no cells, in characters.
const LONGEST_CELL: usize = 40;
/// Longer cells are no cells where spaces part them.
const LONGEST_SPACED: usize = 16;
/// Rows with fewer cells are none where spaces part them.
const FEWEST_SPACED: usize = 3;

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parted {
    Tabs,
    Pipes,
    Spaces,
}

impl Parted {
    fn of(row: &str) -> Option<Self> {
        let inside = row.trim_matches(|c: char| c.is_whitespace() || is_pipe(c));
        if row.contains('\t') {
            Some(Self::Tabs)
        } else if inside.contains(is_pipe) || row.starts_with(is_pipe) && row.ends_with(is_pipe) {
            Some(Self::Pipes)
        } else if inside.contains(' ') {
            Some(Self::Spaces)
        } else {
            None
        }
    }
}

fn is_pipe(c: char) -> bool {
    matches!(c, '|' | '｜' | '│' | '┃')
}

/// The cells of a row, trimmed: parted by tabs, else by pipes, else by spaces.
#[must_use]
pub fn cells(clean: &str, row: Span<Clean>) -> Vec<Span<Clean>> {
    let text = &clean[row.range()];
    let Some(parted) = Parted::of(text) else { return vec![row] };
    let outer = text.len() - text.trim_start_matches(|c: char| c == ' ' || is_pipe(c)).len();
    let (start, end) = match parted {
        Parted::Pipes => (outer, text.trim_end_matches(|c: char| c == ' ' || is_pipe(c)).len()),
        Parted::Tabs | Parted::Spaces => (0, text.len()),
    };
    let end = end.max(start);
    let is_mark = |c: char| match parted {
        Parted::Tabs => c == '\t',
        Parted::Pipes => is_pipe(c),
        Parted::Spaces => c == ' ',
    };
    let mut at = row.start as usize + start;
    text[start..end]
        .split(is_mark)
        .map(|cell| {
            let lead = cell.len() - cell.trim_start().len();
            let next = at + cell.len();
            let begin = at + lead;
            let span = Span::new(begin..begin + cell.trim().len());
            at = next + clean[next..].chars().next().map_or(0, char::len_utf8);
            span
        })
        .collect()
}

/// Marks the lines of a plain text that are rows: two or more in succession whose cells
/// are parted by the same mark.
pub(super) fn mark(clean: &str, passages: &mut [Passage]) {
    let mut table = 0;
    let mut start = 0;
    while start < passages.len() {
        let Some(parted) = row_of(clean, &passages[start]) else {
            start += 1;
            continue;
        };
        let count = passages[start..]
            .iter()
            .take_while(|passage| row_of(clean, passage) == Some(parted))
            .count();
        if count >= 2 {
            for passage in &mut passages[start..start + count] {
                passage.kind = PassageKind::Row { table, header: false };
            }
            table += 1;
        }
        start += count;
    }
}

/// What parts a line's cells, if it may be a row.
fn row_of(clean: &str, passage: &Passage) -> Option<Parted> {
    let text = &clean[passage.span.range()];
    if passage.dateline.is_some() || text.contains(['。', '！', '？', '!', '?', '“']) {
        return None;
    }
    let parted = Parted::of(text)?;
    let cells = cells(clean, passage.span);
    let chars = |cell: &Span<Clean>| clean[cell.range()].chars().count();
    let fits = match parted {
        Parted::Tabs | Parted::Pipes => {
            cells.len() >= 2 && cells.iter().all(|cell| chars(cell) <= LONGEST_CELL)
        }
        Parted::Spaces => {
            cells.len() >= FEWEST_SPACED
                && cells.iter().all(|cell| chars(cell) <= LONGEST_SPACED)
                && !text.contains(['，', ',', '；'])
        }
    };
    fits.then_some(parted)
}

/// Gives rows the tabs at their ends back: an empty cell stands there.
pub(super) fn widen(clean: &str, passages: &mut [Passage]) {
    for passage in passages {
        if matches!(passage.kind, PassageKind::Row { .. }) {
            let (start, end) = (passage.span.start as usize, passage.span.end as usize);
            let before = &clean[..start];
            let after = &clean[end..];
            let start = before.trim_end_matches('\t').len();
            let end = end + (after.len() - after.trim_start_matches('\t').len());
            passage.span = Span::new(start..end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &str) -> Vec<&str> {
        let cells = cells(row, Span::new(0..row.len()));
        cells.into_iter().map(|cell| &row[cell.range()]).collect()
    }

    #[test]
    fn cells_are_parted_by_one_mark() {
        for (row, expect) in [
            ("日本\t玉野市 Tamano\t1996", &["日本", "玉野市 Tamano", "1996"][..]),
            ("\t光阳市\t", &["", "光阳市", ""]),
            ("| 日本 | 玉野市 |", &["日本", "玉野市"]),
            ("日本｜ 玉野市｜1996", &["日本", "玉野市", "1996"]),
            ("日本 玉野市 1996", &["日本", "玉野市", "1996"]),
            ("日本玉野市", &["日本玉野市"]),
        ] {
            assert_eq!(texts(row), expect, "{row}");
        }
    }
}
