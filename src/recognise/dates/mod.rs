//! Date expressions and what they mean.
//!
//! One scan finds what looks like a date (`pattern`, with the patterns of
//! `rules/date.toml`); `expr` reads the groups of a match; neighbours are joined to
//! ranges (`join`); and each expression is resolved in the order of the text against
//! the dateline, the publication date and what was mentioned before (`resolve`,
//! `count`). The words around decide what the date is for (`role`).

mod cell;
mod count;
pub(crate) mod data;
mod expr;
mod groups;
mod hijri;
mod holiday;
mod join;
mod known;
mod lunar;
mod name;
mod numeral;
mod pattern;
mod resolve;
mod role;
mod scan;
mod told;
pub(crate) mod words;

use std::{collections::BTreeMap, ops::Range, sync::Arc};

pub use self::role::Role;
use self::{
    cell::Cells,
    expr::{Expr, Point},
    holiday::{Calendars, Holidays},
    join::Piece,
    known::Known,
    pattern::Patterns,
    resolve::{Context, Last, Meaning},
    role::{Around, widened},
    scan::Scan,
    told::{Place, Told},
    words::{Parts, Words},
};
use jiff::civil;

use crate::{
    article::Published,
    date::{Basis, Date, PartialDate},
    notes::{Notes, Stage, Why},
    rule::DataError,
    segment::Passage,
    text::{Clean, Span},
};

/// A stretch of text that speaks of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateMention {
    /// The words of the date itself, without `截至`, `自`, `以来` around it.
    pub span: Span<Clean>,
    /// When, at the precision stated; `None` only for roles that need none.
    pub date: Option<Date>,
    /// What the words around or the edges make of it: `2024/..` for `2024年以来`,
    /// January and February for `年初`.
    pub around: Option<Date>,
    /// What the date is for.
    pub role: Role,
    /// What a date that is not fully stated was counted from, as far as known.
    pub anchor: Option<PartialDate>,
    /// The pattern of `rules/date.toml` that found it.
    pub rule: Arc<str>,
}

impl DateMention {
    /// The date, if it is one that the text states: no anniversary, no span, no guess.
    #[must_use]
    pub fn stated(&self) -> Option<&Date> {
        let stated = match self.role {
            Role::Point
            | Role::AsOf
            | Role::Start
            | Role::Before
            | Role::After
            | Role::Dateline => true,
            Role::Anniversary { .. } | Role::Gap { .. } | Role::Span | Role::Now | Role::Vague => {
                false
            }
        };
        self.date.as_ref().filter(|date| stated && date.basis != Basis::Inferred)
    }
}

/// The compiled patterns of `rules/date.toml`.
#[derive(Debug)]
pub struct Dates {
    patterns: Patterns,
    words: Words,
    around: Around,
    cells: Cells,
    holidays: Holidays,
    calendars: Calendars,
    events: BTreeMap<String, PartialDate>,
}

/// The dates of this program: `rules/date.toml`.
pub const RULES: (&str, &str) = ("rules/date.toml", include_str!("../../../rules/date.toml"));

/// Whether a text is that of the rules that come with the program. Tests read those; to read
/// every expression of them at the start would take as long as all else.
pub(crate) fn is_bundled(toml: &str) -> bool {
    toml == RULES.1
}

impl Dates {
    /// Compiles the patterns.
    ///
    /// # Errors
    ///
    /// If the data is not what it should be.
    pub fn new(name: &str, toml: &str) -> Result<Self, DataError> {
        let mut data: data::File =
            toml::from_str(toml).map_err(|error| DataError::toml(name, toml, &error))?;
        let parts = Parts::new(name, toml, &data);
        let ahead = is_bundled(toml).then(|| Scan::ahead(toml)).flatten();
        let patterns = Patterns::new(&parts, &data, ahead)?;
        let around = Around::new(&parts, &data.roles)?;
        let cells = Cells::new(&parts, &data.cells)?;
        let holidays = Holidays::new(&parts, &data.holidays)?;
        let mut events = BTreeMap::new();
        for (event, date) in &data.events {
            let date_of = date.as_ref().parse().map_err(|error: crate::date::DateError| {
                parts.error(date.span().start, &error.to_string())
            })?;
            events.insert(event.clone(), date_of);
        }
        drop(parts);
        let words = Words::new(&mut data);
        Ok(Self { patterns, words, around, cells, holidays, calendars: Calendars::new()?, events })
    }

    /// The dates of all passages, in order, resolved against the publication date, the
    /// dateline, and what was mentioned before.
    #[must_use]
    pub fn run(
        &self,
        text: &str,
        passages: &[Passage],
        published: Option<Published>,
        notes: &mut Notes,
    ) -> Vec<DateMention> {
        let day: Known = published.map(|published| published.date.into()).unwrap_or_default();
        let mut columns = None;
        let pieces: Vec<Vec<Piece>> = passages
            .iter()
            .map(|passage| {
                let mut pieces = self.pieces(text, passage.span.range());
                self.cells.add(text, passage, &mut columns, &mut pieces);
                pieces
            })
            .collect();
        let mut reading = Reading {
            dates: self,
            text,
            notes,
            anchor: day,
            published: day,
            basis: Basis::Relative,
            last: None,
            day: None,
            heading: None,
            told: Told::new(&self.around, text, passages, &pieces),
            mentions: Vec::new(),
        };
        reading.dateline(passages, &pieces);
        for (passage, pieces) in passages.iter().zip(pieces) {
            reading.passage(passage, pieces);
        }
        reading.mentions
    }

    /// The expressions of a passage, neighbours joined.
    fn pieces(&self, text: &str, within: Range<usize>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        self.patterns.find(text, within.clone(), |found| {
            if let Some(expr) = self.words.read(&found, &self.holidays) {
                pieces.push(Piece { at: found.at, expr, rule: found.rule });
            }
        });
        let mut pieces = join::join(text, pieces);
        if !pieces.is_empty() {
            name::drop_names(&text[within.clone()], within.start, &mut pieces);
        }
        pieces
    }
}

/// What is so many bytes behind a date stands in another sentence.
const FAR: usize = 4096;
/// Days of a run in which a day's number is told apart.
const LONGEST_RUN: i32 = 28;

/// One article being read.
struct Reading<'a> {
    dates: &'a Dates,
    text: &'a str,
    notes: &'a mut Notes,
    anchor: Known,
    published: Known,
    /// How a date completed from the anchor is known.
    basis: Basis,
    last: Option<Mentioned>,
    /// The last day that was told of.
    day: Option<Known>,
    /// What the last heading like `1979年` says of the passages below it.
    heading: Option<Known>,
    told: Told,
    mentions: Vec<DateMention>,
}

/// The last date that later words may count from.
#[derive(Clone, Copy)]
struct Mentioned {
    known: Known,
    year_given: bool,
    end: usize,
    /// Whether it began its sentence.
    begins: bool,
    /// Where its passage begins.
    passage: usize,
    /// The run of days (`18日至20日`) that it is or lies in.
    days: Option<(civil::Date, civil::Date)>,
}

impl Reading<'_> {
    /// Looks for the first dateline with a date, from which the rest is counted.
    fn dateline(&mut self, passages: &[Passage], pieces: &[Vec<Piece>]) {
        for (passage, pieces) in passages.iter().zip(pieces) {
            let Some(dateline) = passage.dateline else { continue };
            let dated = pieces.iter().find_map(|piece| match piece.expr {
                Expr::Point(point @ Point { day: Some(_), .. })
                    if dateline.range().contains(&piece.at.start) =>
                {
                    Some(point)
                }
                _ => None,
            });
            if let Some(Ok(meaning)) = dated
                .map(|point| Context { dateline: true, ..self.context(None, false) }.point(point))
            {
                self.anchor = meaning.start;
                self.basis = Basis::Dateline;
                return;
            }
        }
    }

    fn context(&self, last: Option<Last>, future: bool) -> Context {
        Context {
            anchor: self.anchor,
            basis: self.basis,
            last,
            day: self.day,
            future,
            opens: false,
            dateline: false,
            told: None,
            told_months: None,
        }
    }

    fn passage(&mut self, passage: &Passage, pieces: Vec<Piece>) {
        let within = passage.span.range();
        // Where a run of days (`10日、11日、12日`) began, and its last day.
        let mut run: Option<(usize, civil::Date)> = None;
        let alone = pieces.len() == 1;
        // Whether the passage is an entry of a chronicle, below a heading with its year.
        let mut entry = false;
        let mut era = None;
        let first = self.text[within.clone()].find(char::is_alphanumeric);
        for mut piece in pieces {
            piece.expr.of_era(self.dates.words.era(&self.text[piece.at.clone()]), &mut era);
            let (start, end) = (piece.at.start - within.start, piece.at.end - within.start);
            let here = &self.text[within.clone()];
            let in_dateline =
                passage.dateline.is_some_and(|span| span.range().contains(&piece.at.start));
            let future = self.dates.around.future(here, start, end);
            let begins = begins_sentence(&here[..start]);
            let last = self.last.map(|last| self.seen(last, &piece, within.start, begins));
            let mut context = self.context(last, future);
            context.opens = self.last.is_none() && here[..start].trim().is_empty();
            if in_dateline {
                // It is itself what the rest is counted from.
                let anchor = self.published;
                context = Context {
                    anchor,
                    last: None,
                    basis: Basis::Relative,
                    dateline: true,
                    ..context
                };
            }
            let heads = alone && piece.is_heading() && self.dates.around.heads(here, start, end);
            entry |= piece.leaves_year() && first.is_none_or(|first| first >= start);
            let place = Place { passage: here, at: within.start, start, end, begins, future };
            let below = if entry { self.below(&piece, within.start) } else { None };
            let below = below.or_else(|| {
                let (Expr::Point(point) | Expr::Range(point, _)) = piece.expr else { return None };
                let above = self.told.above(point, &place, self.anchor);
                if above.is_some() {
                    context.last = None;
                }
                above
            });
            if let Some(anchor) = below {
                context = Context { anchor, basis: Basis::Anaphoric, ..context };
            } else if context.anchor.year.is_none() && !in_dateline {
                context.told = self.told.year();
                context.told_months = self.told.year_of(&self.dates.around, &place);
            }
            let said = below.is_some() || piece.says_year();
            let mut known_now = None;
            if let Some(mut mention) = self.read(here, &piece, start..end, &context, in_dateline) {
                mention.0.anchor =
                    mention.0.date.as_ref().and_then(|date| context.from(date.basis));
                run = self.run_of_days(run, &mention.0, last);
                if let Some((known, year_given)) = mention.1 {
                    known_now = Some(known);
                    self.day = known.day.map(|_| known).or(self.day);
                    let year_given = year_given || below.is_some();
                    if heads {
                        self.heading = Some(known);
                    }
                    let (end, passage) = (piece.at.end, within.start);
                    let days = self.days(mention.0.date.as_ref(), passage);
                    self.last = Some(Mentioned { known, year_given, end, begins, passage, days });
                }
                self.mentions.push(mention.0);
            }
            self.told.remember(known_now, said, &place);
        }
    }

    /// The run of days that a date is, or that of the last date of this passage if it lies
    /// in that.
    fn days(&self, date: Option<&Date>, passage: usize) -> Option<(civil::Date, civil::Date)> {
        let date = date?;
        let (first, last) = (date.earliest?, date.latest?);
        if date.partial().is_none() {
            let short = first.until(last).is_ok_and(|span| span.get_days() < LONGEST_RUN);
            return short.then_some((first, last));
        }
        let told = self.last.filter(|last| last.passage == passage)?.days?;
        (told.0 <= first && last <= told.1).then_some(told)
    }

    /// What a date below a heading counts from, if it leaves its year or month to it.
    fn below(&self, piece: &Piece, passage: usize) -> Option<Known> {
        let heading = self.heading.filter(|heading| heading.year.is_some())?;
        let (Expr::Point(point) | Expr::Range(point, _)) = piece.expr else { return None };
        point.leaves_year().then_some(())?;
        if !point.is_bare_day() {
            return heading.year.map(Known::year);
        }
        // `3月5日到访。8日离去`.
        let told = self.last.filter(|last| last.passage == passage).map(|last| last.known);
        let month = told.filter(|known| known.month.is_some()).unwrap_or(heading);
        month.month.map(|_| Known { day: None, ..month })
    }

    /// Where the run of days goes on or begins that this mention is part of; the first
    /// mention of a run learns how far it reaches.
    fn run_of_days(
        &mut self,
        run: Option<(usize, civil::Date)>,
        mention: &DateMention,
        last: Option<Last>,
    ) -> Option<(usize, civil::Date)> {
        let Some(PartialDate::Day(day)) = mention.date.as_ref().and_then(Date::partial) else {
            return None;
        };
        let beside = last.is_some_and(|last| last.beside);
        match run {
            Some((first, before)) if beside && before.tomorrow().ok() == Some(day) => {
                let from = &mut self.mentions[first];
                if let (Role::Point, Some(date)) = (from.role, &from.date) {
                    from.around = date
                        .partial()
                        .and_then(|start| Date::interval(start, PartialDate::Day(day), date.basis));
                }
                Some((first, day))
            }
            _ => Some((self.mentions.len(), day)),
        }
    }

    /// The last mention as the next one sees it.
    fn seen(&self, last: Mentioned, piece: &Piece, passage: usize, begins: bool) -> Last {
        let here = last.passage == passage;
        let far = here && piece.at.start - last.end > FAR;
        let between = if here && !far { &self.text[last.end..piece.at.start] } else { "" };
        let ends = if far { 2 } else { between.matches(['。', '！', '？', '\n']).count() };
        let chain = last.begins && begins && ends == 1;
        Last {
            known: last.known,
            year_given: last.year_given,
            near: here && (ends == 0 || chain),
            here,
            beside: here && !far && join::is_list(between),
            days: last.days.filter(|_| here),
        }
    }

    /// A piece with its value, and what later words may count from.
    fn read(
        &mut self,
        passage: &str,
        piece: &Piece,
        at: Range<usize>,
        context: &Context,
        in_dateline: bool,
    ) -> Option<(DateMention, Option<(Known, bool)>)> {
        let text = &self.text[piece.at.clone()];
        let mention = |date, around, role| DateMention {
            span: Span::new(piece.at.clone()),
            date,
            around,
            role,
            anchor: None,
            rule: Arc::clone(&piece.rule),
        };
        let meaning = match piece.expr {
            Expr::Point(point) => Some(context.point(point)),
            Expr::Range(a, b) => Some(context.range(a, b)),
            Expr::ListDay(point) if context.last.is_some_and(|last| last.beside) => {
                Some(context.point(point))
            }
            Expr::ListDay(_) => return None,
            _ => None,
        };
        let Some(meaning) = meaning else {
            let date = self.dates.counted(&piece.expr, context);
            let years = |n: i32| u16::try_from(n).unwrap_or(u16::MAX);
            let role = match piece.expr {
                Expr::Vague => return Some((mention(None, None, Role::Vague), None)),
                Expr::Now => {
                    let now = context.anchor.to(context.anchor, self.basis);
                    return Some((mention(now, None, Role::Now), None));
                }
                Expr::Anniversary(n) => Role::Anniversary { years: years(n) },
                Expr::Gap(n, expr::Unit::Year) => Role::Gap { years: years(n) },
                Expr::Gap(..) | Expr::LookBack(..) | Expr::Span(..) => Role::Span,
                Expr::Event(_) | Expr::SincePlan(_) => Role::Start,
                _ => self.dates.around.role(passage, at.start, at.end),
            };
            if date.is_none() && !matches!(role, Role::Anniversary { .. } | Role::Gap { .. }) {
                if role != Role::Span {
                    self.notes.push(Stage::Recognise, Why::UnresolvedDate, text);
                }
                return None;
            }
            let known = match piece.expr {
                Expr::Holiday { .. } | Expr::Lunar(_) | Expr::Week { .. } => {
                    let partial = date.as_ref().and_then(Date::partial);
                    partial.map(|partial| (Known::from(partial), false))
                }
                Expr::Season(..) => {
                    let first = date.as_ref().and_then(|date| date.earliest);
                    first.map(|first| (Known::year(first.year()), true))
                }
                _ => None,
            };
            let around =
                date.as_ref().and_then(|date| widened(date, role, context, passage, at.end));
            return Some((mention(date, around, role), known));
        };
        let found = meaning.ok().and_then(|meaning| {
            let date = meaning.start.to(meaning.end, meaning.basis)?;
            Some((meaning, date))
        });
        let Some((Meaning { start, end, around, year_given, basis, .. }, date)) = found else {
            self.notes.push(Stage::Recognise, Why::UnresolvedDate, text);
            return None;
        };
        let role = if in_dateline {
            Role::Dateline
        } else {
            match self.dates.around.role(passage, at.start, at.end) {
                // A range has its end already.
                role if role == Role::AsOf || start == end => role,
                _ => Role::Point,
            }
        };
        let around = match around {
            Some((start, end)) => start.to(end, basis),
            None => widened(&date, role, context, passage, at.end),
        };
        Some((mention(Some(date), around, role), Some((end, year_given))))
    }
}

/// Whether what stands before is the end of a sentence or nothing.
fn begins_sentence(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\u{3000}', '在', '于', '到']);
    before.is_empty() || before.ends_with(['。', '！', '？', '\n', '；', '”', '】'])
}

#[cfg(test)]
mod tests;
