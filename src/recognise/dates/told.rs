//! [`Told`]: of which year an article speaks that does not say so at each date: the year with
//! which a paragraph began, that of the event of a title, that of the issue it was printed in.

use std::ops::Range;

use super::{
    begins_sentence,
    expr::{Expr, Field, Point, Unit},
    join::Piece,
    known::Known,
    role::Around,
};
use crate::segment::Passage;

/// From how many years on a look back tells that the first date is long past.
const LONG_AGO: i32 = 5;
/// How many bytes at the end of an article may say where it was printed.
const SOURCE: usize = 600;
/// How many days from the article's own a day is its own rather than one of another year.
const CURRENT: i32 = 7;

/// What was told of the year, up to a place in the text.
#[derive(Debug)]
pub(super) struct Told {
    /// The year of the event or the report that the title names.
    title: Option<i16>,
    /// The year of the issue in which it was printed.
    issue: Option<i16>,
    /// The year with which the story begins, where no date is later and none looks back.
    lead: Option<i16>,
    /// Whether the first date of the story begins it and says its year.
    chronicle: bool,
    opening: Option<Opening>,
    /// Where the last sentence stands in the text of which the year of an event was asked, and
    /// that: a sentence may hold thousands of dates.
    event: Option<(Range<usize>, Option<i16>)>,
}

/// The last date that began a sentence and said its year.
#[derive(Clone, Copy, Debug)]
struct Opening {
    known: Known,
    end: usize,
    passage: usize,
    /// Whether it began its passage.
    first: bool,
    /// Whether a later year was named since.
    outdone: bool,
}

/// A date as it stands in its passage.
pub(super) struct Place<'a> {
    pub(super) passage: &'a str,
    /// Where the passage begins in the text.
    pub(super) at: usize,
    /// Where the date stands in the passage.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) begins: bool,
    pub(super) future: bool,
}

impl Told {
    /// What the whole article tells.
    pub(super) fn new(
        around: &Around,
        text: &str,
        passages: &[Passage],
        pieces: &[Vec<Piece>],
    ) -> Self {
        let lines = || passages.iter().map(|passage| &text[passage.span.range()]);
        let title = lines()
            .find(|line| !line.trim().is_empty())
            .filter(|line| !line.contains('。'))
            .and_then(|line| around.titled_year(line));
        let mut end = text.len().saturating_sub(SOURCE);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let issue = around.issue_year(&text[end..]);
        let first = passages.iter().zip(pieces).find_map(|(passage, pieces)| {
            let range = passage.span.range();
            let line = &text[range.clone()];
            let piece = pieces.first().filter(|_| line.contains('。'))?;
            // 本报讯 is no part of the sentence.
            let from = passage.dateline.map_or(range.start, |dateline| dateline.end as usize);
            let begins = from <= piece.at.start && begins_sentence(&text[from..piece.at.start]);
            Some(stated(&piece.expr).filter(|_| begins))
        });
        let first = first.flatten();
        let all = || pieces.iter().flatten();
        let latest = all().filter_map(|piece| stated(&piece.expr)?.year).max();
        let past = all().any(|piece| match &piece.expr {
            Expr::Anniversary(_) | Expr::Gap(..) => true,
            Expr::LookBack(n, Unit::Year) => *n >= LONG_AGO,
            _ => false,
        });
        let lead = first.filter(|first| first.day.is_some() && first.year == latest && !past);
        let lead = lead.and_then(|first| first.year);
        Self { title, issue, lead, chronicle: first.is_some(), opening: None, event: None }
    }

    /// The year of the article, for words like 今年 where nothing dates it.
    pub(super) fn year(&self) -> Option<i16> {
        self.issue.or(self.title).or(self.lead)
    }

    /// The year of a date that leaves it away, where nothing dates the article.
    pub(super) fn year_of(&mut self, around: &Around, place: &Place<'_>) -> Option<i16> {
        if self.title.is_some() {
            return self.title;
        }
        let (start, end) = (place.at + place.start, place.at + place.end);
        if let Some((sentence, year)) = &self.event
            && sentence.start <= start
            && end <= sentence.end
        {
            return *year;
        }
        let ends = ['。', '；', '！', '？'];
        let from = place.passage[..place.start].rfind(ends).unwrap_or(0);
        let to = place.passage[place.end..].find(ends);
        let to = to.map_or(place.passage.len(), |at| place.end + at);
        let year = around.event_year(&place.passage[from..to]);
        self.event = Some((place.at + from..place.at + to, year));
        year
    }

    /// The year above a date that leaves its own away: that of the sentences before it.
    pub(super) fn above(&self, point: Point, place: &Place<'_>, anchor: Known) -> Option<Known> {
        let opening = self.opening.filter(|opening| !opening.outdone)?;
        let year = Known::year(opening.known.year?);
        if !point.leaves_year() || point.is_bare_day() {
            return None;
        }
        let here = opening.passage == place.at;
        let before = &place.passage[..place.start];
        if let (Some(Field::Implied), None) = (point.year, point.month) {
            // `至年底`, `年初，`.
            let until = ["至", "到", "截至", "截止"].iter().any(|word| before.ends_with(word));
            let meant = (place.begins || until) && !place.future;
            let past = match anchor.year {
                None => here || self.chronicle,
                Some(_) => here && self.chronicle && opening.first,
            };
            return (meant && past).then_some(year);
        }
        let month = match point.month {
            Some(Field::Number(month)) => i8::try_from(month).ok(),
            _ => None,
        };
        let onward = match (opening.known.month, month) {
            (Some(before), Some(month)) => before <= month,
            _ => true,
        };
        if anchor.year.is_none() {
            let told = if here { onward } else { self.chronicle && self.title.is_none() };
            return (place.begins && told).then_some(year);
        }
        if !(here && onward && place.begins) || place.future {
            return None;
        }
        let between = &place.passage[opening.end - place.at..place.start];
        let next = between.matches(['。', '！', '？']).take(2).count() == 1;
        let earlier = opening.known.year < anchor.year;
        let row = self.chronicle && opening.first && earlier;
        let current = match (month, point.day, anchor.month, anchor.day) {
            (Some(month), Some(Field::Number(day)), Some(this), Some(today)) => {
                let distance = (i32::from(month) - i32::from(this)) * 30 + day - i32::from(today);
                distance.abs() <= CURRENT
            }
            (Some(month), None, Some(this), _) => month == this && !next,
            _ => false,
        };
        ((next || row) && !current).then_some(year)
    }

    /// Remembers a date: what it means, and whether the text says its year.
    pub(super) fn remember(&mut self, known: Option<Known>, said: bool, place: &Place<'_>) {
        let Some(known) = known.filter(|known| known.year.is_some()) else {
            // 今年 of nobody knows when.
            if let Some(opening) = self.opening.as_mut().filter(|_| said) {
                opening.outdone = true;
            }
            return;
        };
        if !said {
            return;
        }
        let back = |opening: Opening| {
            // A row of months of one year goes on behind a look back.
            self.chronicle && opening.known.month.is_some() && known.year < opening.known.year
        };
        if self.opening.is_some_and(back) {
            return;
        }
        if place.begins {
            let lead = place.passage[..place.start].trim();
            let first = lead.is_empty() || lead.ends_with('】') || lead.chars().nth(2).is_none();
            let (passage, end) = (place.at, place.at + place.end);
            let first = match self.opening {
                // A row of sentences that began the passage.
                Some(opening) if opening.passage == passage => first || opening.first,
                _ => first,
            };
            self.opening = Some(Opening { known, end, passage, first, outdone: false });
        } else if let Some(opening) = &mut self.opening {
            opening.outdone |= known.year > opening.known.year;
        }
    }
}

/// What an expression says itself, if that is a year at least.
fn stated(expr: &Expr) -> Option<Known> {
    let (Expr::Point(point) | Expr::Range(point, _)) = expr else { return None };
    let number = |field: Option<Field>| match field {
        Some(Field::Number(number)) => i16::try_from(number).ok(),
        _ => None,
    };
    let small = |field| number(field).and_then(|number| i8::try_from(number).ok());
    let year = number(point.year)?;
    Some(Known { year: Some(year), month: small(point.month), day: small(point.day) })
}
