//! Neighbouring expressions to one: ranges, and days of the week beside their day.

use std::{ops::Range, sync::Arc};

use super::expr::{Expr, Field, Point};

/// An expression, where it stands, and the pattern that found it.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) at: Range<usize>,
    pub(super) expr: Expr,
    pub(super) rule: Arc<str>,
}

impl Piece {
    /// Whether the text above it has to tell the year.
    pub(super) fn leaves_year(&self) -> bool {
        matches!(self.expr, Expr::Point(point) | Expr::Range(point, _) if point.leaves_year())
    }

    /// Whether it says a year, in numbers or in words.
    pub(super) fn says_year(&self) -> bool {
        let says = |point: Point| !matches!(point.year, None | Some(Field::Implied));
        match self.expr {
            Expr::Point(point) => says(point),
            Expr::Range(a, b) => says(a) || says(b),
            _ => false,
        }
    }

    /// Whether it may head a part of a chronicle: `1979年`, `3月`.
    pub(super) fn is_heading(&self) -> bool {
        matches!(
            self.expr,
            Expr::Point(Point { day: None, part: None, year, month })
                if matches!(year, Some(Field::Number(_))) || matches!(month, Some(Field::Number(_)))
        )
    }
}

/// Joins what belongs together, and leaves out what is said twice.
pub(super) fn join(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Some(last) = joined.last_mut() else {
            joined.push(piece);
            continue;
        };
        let gap = &text[last.at.end..piece.at.start];
        match (&last.expr, &piece.expr) {
            (&Expr::Point(a), &Expr::Point(b))
                if comparable(a, b)
                    && (connects(gap)
                        || (matches!(gap, "与" | "和")
                            && text[piece.at.end..].starts_with("之间"))) =>
            {
                *last = Piece {
                    at: last.at.start..piece.at.end,
                    expr: Expr::Range(a, b),
                    rule: Arc::clone(&last.rule),
                };
            }
            (&Expr::Point(a), &Expr::ListDay(b)) if connects(gap) && a.day.is_some() => {
                *last = Piece {
                    at: last.at.start..piece.at.end,
                    expr: Expr::Range(a, b),
                    rule: Arc::clone(&last.rule),
                };
            }
            // `10月12日，星期一`: the day says it all.
            (Expr::Point(Point { day: Some(_), .. }), Expr::Week { shift: None, .. })
                if aside(gap) => {}
            (Expr::Week { shift: None, .. }, Expr::Point(Point { day: Some(_), .. }))
                if aside(gap) =>
            {
                *last = piece;
            }
            // `今天（10月1日）`: the brackets say which day it is.
            (&Expr::Point(a), &Expr::Point(b @ Point { day: Some(Field::Number(_)), .. }))
                if a.is_day_word() && matches!(gap, "（" | "(") =>
            {
                last.expr = Expr::Point(b);
                joined.push(piece);
            }
            // `1979年3月1日后的第3天`.
            (&Expr::Point(a), &Expr::After(days)) if gap.is_empty() => {
                if let Some(day) = a.after(days) {
                    last.expr = Expr::Point(day);
                    last.at.end = piece.at.end;
                    last.rule = piece.rule;
                }
            }
            // `2月13日的三天前`: counted from there.
            (&Expr::Point(a @ Point { day: Some(_), .. }), Expr::Ago(..) | Expr::Span(..))
                if matches!(gap, "" | "的") =>
            {
                *last = Piece {
                    at: last.at.start..piece.at.end,
                    expr: Expr::From(a, Box::new(piece.expr)),
                    rule: piece.rule,
                };
            }
            // `三年后的1996年10月`: the year says which.
            (Expr::Ago(..), Expr::Point(Point { year: Some(_), .. })) if gap == "的" => {
                *last = piece;
            }
            (_, Expr::After(_)) => {}
            _ => joined.push(piece),
        }
    }
    joined
}

/// Whether two dates with this between them are a range.
fn connects(gap: &str) -> bool {
    let gap = gap.trim_matches([' ', '\u{a0}', '\u{3000}']);
    matches!(
        gap,
        "至" | "到"
            | "起至"
            | "始至"
            | "直至"
            | "直到"
            | "持续至"
            | "持续到"
            | "起，至"
            | "-"
            | "--"
            | "—"
            | "——"
            | "–"
            | "－"
            | "~"
            | "～"
            | "−"
            | "―"
    )
}

/// Whether a range from one to the other makes sense: not from a year to a day.
fn comparable(a: Point, b: Point) -> bool {
    let fine = |point: Point| {
        let part = point.part.is_some();
        match point {
            Point { day: Some(_), .. } => 3,
            Point { month: Some(_), .. } => 2,
            _ if part => 2,
            _ => 1,
        }
    };
    let (first, last) = (fine(a), fine(b));
    first == last || (first < last && b.year.is_some()) || (first > last && b.year.is_some())
}

/// Whether a day of the week with this between is only a remark.
fn aside(gap: &str) -> bool {
    matches!(gap.trim(), "" | "（" | "(" | "，" | "," | "、")
}

/// Whether dates with this between them are a list.
pub(super) fn is_list(gap: &str) -> bool {
    matches!(gap.trim(), "、" | "，" | "," | "和" | "及" | "与" | "以及" | "至" | "到" | "-" | "—")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_and_words_connect() {
        for gap in ["至", " 到 ", "—", "——", "起至"] {
            assert!(connects(gap), "{gap}");
        }
        for gap in ["", "、", "，", "和"] {
            assert!(!connects(gap), "{gap}");
        }
    }
}
