//! Dates in the names of documents and events, which date nothing.

use std::ops::Range;

use super::{
    expr::{Expr, Point},
    join::Piece,
};

/// The longest name of an event in quotation marks, in bytes.
const LONGEST: usize = 120;

/// Takes out what stands in a title (`《…行动计划(2023-2025)》`), and the year that begins
/// the quoted name of an event (`“2024年国际友城大会”`). `start` is where the passage begins.
pub(super) fn drop_names(passage: &str, start: usize, pieces: &mut Vec<Piece>) {
    let titles = enclosed(passage, '《', '》');
    let quotes = enclosed(passage, '“', '”');
    if titles.is_empty() && quotes.is_empty() {
        return;
    }
    pieces.retain(|piece| {
        let at = piece.at.start - start..piece.at.end - start;
        if around(&titles, &at).is_some() {
            return false;
        }
        let year = matches!(
            piece.expr,
            Expr::Point(Point { year: Some(_), month: None, day: None, part: None })
                | Expr::Range(Point { month: None, day: None, part: None, .. }, _)
        );
        let Some(quote) = around(&quotes, &at).filter(|_| year) else { return true };
        let name = &passage[quote.clone()];
        let begins = at.start == quote.start && at.end < quote.end;
        !(begins && name.len() <= LONGEST && !name.contains(['，', '。', '；', '！', '？']))
    });
}

/// The one of such spans, which follow one another, that a place is in.
fn around<'s>(spans: &'s [Range<usize>], at: &Range<usize>) -> Option<&'s Range<usize>> {
    let first = spans.partition_point(|span| span.end < at.end);
    spans.get(first).filter(|span| span.start <= at.start)
}

/// What stands between such brackets; of nested ones the outermost.
fn enclosed(passage: &str, open: char, close: char) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    if !passage.contains(open) {
        return spans;
    }
    let (mut depth, mut from) = (0_u32, 0);
    for (at, bracket) in passage.match_indices([open, close]) {
        if bracket.starts_with(open) {
            if depth == 0 {
                from = at + bracket.len();
            }
            depth += 1;
        } else if depth > 0 {
            depth -= 1;
            if depth == 0 {
                spans.push(from..at);
            }
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_enclose_what_is_between_them() {
        let text = "按《甲（《乙》）丙》和《丁》";
        let found: Vec<&str> = enclosed(text, '《', '》').into_iter().map(|at| &text[at]).collect();
        assert_eq!(found, ["甲（《乙》）丙", "丁"]);
        assert!(enclosed("》《", '《', '》').is_empty());
    }
}
