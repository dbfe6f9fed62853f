//! Points to what they mean: which year, which month, counted from what.

use super::{
    expr::{Field, Part, Point},
    known::{Known, weaker},
};
use crate::date::{Basis, PartialDate};

/// What the text has mentioned before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last {
    pub(super) known: Known,
    /// Whether the text itself gave the year, or it was completed.
    pub(super) year_given: bool,
    /// In the same sentence, or in a row of sentences that each begin with a date.
    pub(super) near: bool,
    /// In the same passage.
    pub(super) here: bool,
    /// Directly before, in a list (`9月10日、11日`).
    pub(super) beside: bool,
    /// The run of days of the same passage that it is or lies in.
    pub(super) days: Option<(jiff::civil::Date, jiff::civil::Date)>,
}

/// What a date is resolved against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// The day of the dateline, or else of publication; as much as is known.
    pub(super) anchor: Known,
    /// How a date that is completed from the anchor is known.
    pub(super) basis: Basis,
    pub(super) last: Option<Last>,
    /// The last day told of, whatever was told since.
    pub(super) day: Option<Known>,
    /// Whether the words around speak of what is to come.
    pub(super) future: bool,
    /// Whether the text begins with it.
    pub(super) opens: bool,
    /// Whether it is the day of a dateline, on which what was published later was written.
    pub(super) dateline: bool,
    /// The year of the article where nothing dates it, for words like 今年.
    pub(super) told: Option<i16>,
    /// The same for months that leave it away.
    pub(super) told_months: Option<i16>,
}

/// What a point means: where it begins and ends, and what its edges make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) start: Known,
    pub(super) end: Known,
    pub(super) basis: Basis,
    /// A narrower reading: the first months for `年初`.
    pub(super) around: Option<(Known, Known)>,
    /// Whether the year was given by the text.
    pub(super) year_given: bool,
}

/// How many days ahead a day without a month may be.
const SOON: i8 = 3;

/// How many days a day in brackets may be off from the word before it: papers are read
/// a few days after they were written.
const NEAR: i32 = 7;

/// How many days before it is printed what a report tells of took place at most.
const SCENE: i32 = 31;

/// Why a point means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unresolved;

/// From which distance in months a month without a year is of the year before (or after).
const FAR: i8 = 7;

impl Context {
    /// What a date of such a basis was counted from.
    pub(super) fn from(&self, basis: Basis) -> Option<PartialDate> {
        match basis {
            Basis::Stated => None,
            Basis::Anaphoric => self.last.map_or(self.anchor, |last| last.known).partial(),
            Basis::Dateline | Basis::Relative | Basis::Inferred => self.anchor.partial(),
        }
    }

    /// What a point means.
    pub(super) fn point(&self, point: Point) -> Result<Meaning, Unresolved> {
        self.meaning(point).ok_or(Unresolved)
    }

    fn meaning(&self, point: Point) -> Option<Meaning> {
        let (known, basis) = self.known(point)?;
        // `比去年增长` tells nothing of the months that follow; `同月` is of the year before it.
        let compared =
            matches!(point.year, Some(Field::Article(n)) if n < 0) && point.month.is_none();
        let from_text = matches!(point.month, Some(Field::Text(_)))
            || (point.month.is_none() && matches!(point.day, Some(Field::Text(_))));
        let year_given = (point.year.is_some() && !compared)
            || ((from_text || basis == Basis::Anaphoric)
                && self.last.is_some_and(|last| last.year_given));
        let plain = Meaning { start: known, end: known, basis, around: None, year_given };
        let months = |a, b| {
            let of = |month| Known { month: Some(month), ..known };
            (of(a), of(b))
        };
        let length = || {
            Some(match (known.year, known.month) {
                (Some(year), Some(month)) => PartialDate::month(year, month)?.latest().day(),
                (None, Some(2)) => 29,
                (None, Some(4 | 6 | 9 | 11)) => 30,
                _ => 31,
            })
        };
        let days = |a: i8, b: i8| {
            let last = length()?;
            let of = |day| Known { day: Some(day), ..known };
            Some((of(a), of(b.min(last))))
        };
        Some(match point.part {
            None => plain,
            Some(Part::Months(a, b)) => {
                let (start, end) = months(a, b);
                Meaning { start, end, ..plain }
            }
            Some(Part::Days(a, b)) => {
                let (start, end) = days(a, b)?;
                Meaning { start, end, ..plain }
            }
            Some(Part::LastDays(n)) => {
                let last = length()?;
                let (start, end) = days(last - n + 1, last)?;
                Meaning { start, end, ..plain }
            }
            Some(Part::YearEdge(a, b)) => Meaning { around: Some(months(a, b)), ..plain },
            Some(Part::MonthEdge(a, b)) => Meaning { around: days(a, b), ..plain },
        })
    }

    /// A range: each end completed from the other, then from the context.
    pub(super) fn range(&self, a: Point, b: Point) -> Result<Meaning, Unresolved> {
        self.try_range(a, b).ok_or(Unresolved)
    }

    fn try_range(&self, a: Point, b: Point) -> Option<Meaning> {
        // The end tells what the beginning leaves out: `11月28日至2023年12月3日`, `3日至5月6日`.
        let end_first =
            (a.year.is_none() && b.year.is_some()) || (a.is_bare_day() && b.year.is_none());
        if end_first {
            let last = self.meaning(b)?;
            let end = last.end;
            let from = if let Some(day) = a.day.filter(|_| a.month.is_none()) {
                let Field::Number(day) = day else { return None };
                let day = i8::try_from(day).ok()?;
                let month = Known { day: None, ..end };
                let month = if end.day? < day { month.add_months(-1)? } else { month };
                Meaning { start: Known { day: Some(day), ..month }, ..last }
            } else {
                let (known, basis) = self.fields(Point { year: None, ..a })?;
                let back = known.month? > end.month?;
                let year = end.year.map(|year| if back { year - 1 } else { year });
                Meaning { start: Known { year, ..known }, basis: weaker(basis, last.basis), ..last }
            };
            return Some(Meaning { end, around: None, ..from });
        }
        let first = self.meaning(a)?;
        let start = first.start;
        let (mut known, basis) = match b {
            Point { year: None, month: None, day: Some(Field::Number(day)), part: None } => {
                let day = i8::try_from(day).ok()?;
                let month = Known { day: None, ..start };
                let month = if start.day? > day { month.add_months(1)? } else { month };
                (Known { day: Some(day), ..month }, Basis::Stated)
            }
            Point { year: None, month: Some(Field::Number(_)), .. } => {
                let (known, basis) = self.fields(b)?;
                let on = start.month? > known.month?;
                let year = start.year.map(|year| if on { year + 1 } else { year });
                (Known { year, ..known }, basis)
            }
            // `2021年12月至次年3月`: what the end counts from is the beginning.
            b => {
                let year_given = first.year_given;
                let (near, here, beside) = (true, true, false);
                let last = Last { known: start, year_given, near, here, beside, days: None };
                Self { last: Some(last), ..*self }.known(b)?
            }
        };
        // In January `1—11月` are those of the year before.
        let mut start = start;
        if let (Some(end), Some(this), false) = (known.month, self.anchor.month, self.future)
            && first.basis == self.basis
            && a.year.is_none()
            && matches!(a.month, Some(Field::Number(_)))
            && start.year == self.anchor.year
            && known.year == start.year
            && start.month.is_some_and(|first| first <= this)
            && end - this >= FAR
        {
            start.year = start.year.map(|year| year - 1);
            known.year = start.year;
        }
        // A whole month at the end of a range of days: `5月3日至6月`, as it is stated.
        if let (Some(Part::Months(_, m)), None) = (b.part, known.month) {
            known.month = Some(m);
        }
        Some(Meaning {
            start,
            end: known,
            basis: weaker(first.basis, basis),
            around: None,
            year_given: first.year_given || b.year.is_some(),
        })
    }

    /// The fields alone: words resolved, nothing completed.
    fn fields(&self, point: Point) -> Option<(Known, Basis)> {
        let mut basis = Basis::Stated;
        let mut known = Known::default();
        match point.year.map(|year| (year, self.year(year))) {
            None => {}
            Some((_, Some((year, how)))) => {
                known.year = Some(year);
                basis = weaker(basis, how);
            }
            // `今年4月` where nothing tells the year: the month at least.
            Some((Field::Article(_) | Field::Text(_), None)) if point.month.is_some() => {
                basis = self.basis;
            }
            Some(_) => return None,
        }
        match point.month {
            None => {}
            Some(Field::Number(month)) => known.month = Some(i8::try_from(month).ok()?),
            Some(Field::Article(n)) => {
                let month = self.anchor.add_months(n)?;
                known = Known { year: known.year.or(month.year), ..month };
                basis = weaker(basis, self.basis);
            }
            Some(Field::Text(n)) => {
                let (from, how) = self.last_with(|known| known.month.is_some())?;
                let month = from.add_months(n)?;
                known = Known { year: known.year.or(month.year), ..month };
                basis = weaker(basis, how);
            }
            Some(Field::Short(_) | Field::Implied | Field::Near(..)) => return None,
        }
        match point.day {
            None => {}
            Some(Field::Number(day)) => known.day = Some(i8::try_from(day).ok()?),
            Some(Field::Article(n)) => {
                let (day, how) = (shift(self.anchor, n)?, self.basis);
                known = Known { year: known.year.or(day.year), ..day };
                basis = weaker(basis, how);
            }
            Some(Field::Text(n)) => {
                let (from, how) = match self.scene() {
                    Some(day) => (day, Basis::Anaphoric),
                    None => self.last_with(|known| known.day.is_some())?,
                };
                // The next day is that of something told, never that of the article.
                if n != 0 && how != Basis::Anaphoric && !self.opens {
                    return None;
                }
                let day = shift(from, n)?;
                known = Known { year: known.year.or(day.year), ..day };
                basis = weaker(basis, how);
            }
            Some(Field::Near(day, shift)) => {
                let day = self.near(i8::try_from(day).ok()?, shift)?;
                known = Known { year: known.year.or(day.year), ..day };
                basis = weaker(basis, self.basis);
            }
            Some(Field::Short(_) | Field::Implied) => return None,
        }
        Some((known, basis))
    }

    /// All that can be known of a point, without its part.
    fn known(&self, point: Point) -> Option<(Known, Basis)> {
        let (known, basis) = self.fields(point)?;
        match known {
            Known { year: Some(_), month: None, day: Some(_) } => None,
            Known { year: Some(_), .. } => Some((known, basis)),
            Known { month: Some(month), .. } => {
                // A month that exists, so that nothing else is completed.
                (1..=12).contains(&month).then_some(())?;
                if point.year.is_some() {
                    return Some((known, basis));
                }
                let (known, how) = self.of_year(month, known.day)?;
                Some((known, weaker(basis, how)))
            }
            Known { day: Some(day), .. } => {
                let (known, how) = self.of_month(day)?;
                Some((known, weaker(basis, how)))
            }
            // `上半年`, `一季度` of this year.
            Known { .. } => {
                let part = point.part?;
                let year = match (self.anchor, part) {
                    (Known { year: Some(year), month: Some(now), .. }, Part::Months(first, _))
                        if first - now >= FAR && !self.future =>
                    {
                        Some(year - 1)
                    }
                    (anchor, _) => anchor.year,
                };
                let near = self.last.filter(|last| last.near && last.year_given);
                match (near, year) {
                    (Some(last), _) => {
                        Some((Known { year: last.known.year, ..known }, Basis::Anaphoric))
                    }
                    (None, Some(year)) => Some((Known::year(year), self.basis)),
                    (None, None) => matches!(part, Part::Months(..)).then_some((known, basis)),
                }
            }
        }
    }

    /// A year in words or two digits.
    pub(super) fn year(&self, field: Field) -> Option<(i16, Basis)> {
        let (year, basis) = match field {
            Field::Number(year) => (year, Basis::Stated),
            Field::Short(year) => {
                // 98 is 1998 and 25 is 2025: the last such year that has begun, or one of
                // the next twenty.
                let now = i32::from(self.anchor.year.unwrap_or(2025));
                let next = now + (year - now).rem_euclid(100);
                (if next - now <= 20 { next } else { next - 100 }, Basis::Stated)
            }
            Field::Article(n) => {
                let (year, basis) = self.this_year()?;
                (i32::from(year) + n, basis)
            }
            Field::Implied => {
                let (year, basis) = self.this_year()?;
                (i32::from(year), basis)
            }
            Field::Near(..) => return None,
            Field::Text(n) => {
                let (known, basis) = self.last_with(|known| known.year.is_some())?;
                (i32::from(known.year?) + n, basis)
            }
        };
        let year = i16::try_from(year).ok()?;
        (1..=9999).contains(&year).then_some((year, basis))
    }

    /// The year of the article.
    fn this_year(&self) -> Option<(i16, Basis)> {
        let told = || self.told.map(|year| (year, Basis::Anaphoric));
        self.anchor.year.map(|year| (year, self.basis)).or_else(told)
    }

    /// The day of this number that is nearest to so many days from the anchor.
    fn near(&self, day: i8, days: i32) -> Option<Known> {
        let expected = self.anchor.date()?.checked_add(jiff::ToSpan::days(days)).ok()?;
        let found = [-1, 0, 1].into_iter().filter_map(|months| {
            let date = Known { day: Some(day), ..self.anchor.add_months(months)? }.date()?;
            let off = expected.until(date).ok()?.get_days().abs();
            (off <= NEAR).then_some((off, date))
        });
        found.min().map(|(_, date)| Known::day(date))
    }

    /// The last date mentioned if it says enough, else the anchor.
    fn last_with(&self, enough: impl Fn(&Known) -> bool) -> Option<(Known, Basis)> {
        match self.last {
            Some(last) if enough(&last.known) => Some((last.known, Basis::Anaphoric)),
            _ => enough(&self.anchor).then_some((self.anchor, self.basis)),
        }
    }

    /// The day that a report tells of, where it told since of years and months long past:
    /// 18日签署。1993年曾。当天下午.
    fn scene(&self) -> Option<Known> {
        self.last.filter(|last| last.known.day.is_none())?;
        let day = self.day?;
        let past = day.date()?.until(self.anchor.date()?).ok()?.get_days();
        (0..=SCENE).contains(&past).then_some(day)
    }

    /// The year of a month that stands without one.
    fn of_year(&self, month: i8, day: Option<i8>) -> Option<(Known, Basis)> {
        let of = |year| Known { year, month: Some(month), day };
        if let Some(last) = self.last.filter(|last| last.near && last.year_given) {
            let forward = last.known.month.is_none_or(|before| before <= month);
            let current = self.is_current(month, day) && !last.beside;
            if let (Some(year), true, false) = (last.known.year, forward, current) {
                return exists(of(Some(year))).then_some((of(Some(year)), Basis::Anaphoric));
            }
        }
        let Some(now) = self.anchor.year else {
            if let Some(told) = self.told_months.map(|year| of(Some(year))).filter(|it| exists(*it))
            {
                return Some((told, Basis::Anaphoric));
            }
            return exists(of(Some(2000))).then_some((of(None), Basis::Stated));
        };
        let year = match self.anchor.month {
            Some(_) if self.dateline && self.is_after(month, day) => now - 1,
            Some(this) if self.future && month < this => now + 1,
            Some(this) if !self.future && month - this >= FAR => now - 1,
            _ => now,
        };
        // 29 February is of the last year that had one.
        let years = [year, year - 1, year - 2, year - 3, year - 4, year - 8];
        let year = years.into_iter().find(|&year| year > 0 && exists(of(Some(year))))?;
        Some((of(Some(year)), self.basis))
    }

    /// Whether a day of this year is later than the article, by more than the clocks of two
    /// places differ: it was copied under a wrong date.
    fn is_after(&self, month: i8, day: Option<i8>) -> bool {
        let of = |day| Known { year: self.anchor.year, month: Some(month), day }.date();
        let limit = self.anchor.date().and_then(|today| today.tomorrow().ok());
        matches!((of(day), limit), (Some(day), Some(limit)) if day > limit)
    }

    /// Whether a month or day is that of the article itself, give or take a week.
    fn is_current(&self, month: i8, day: Option<i8>) -> bool {
        let Known { month: Some(this), day: today, .. } = self.anchor else { return false };
        match (day, today) {
            (Some(day), Some(today)) => {
                let distance =
                    (i32::from(month) - i32::from(this)) * 30 + i32::from(day) - i32::from(today);
                distance.abs() <= 7
            }
            _ => false,
        }
    }

    /// The day of this number of the run of days told before: `8月18日至20日开会，19日签约`.
    /// In another sentence the days before the article are sooner meant.
    fn of_run(&self, last: Last, day: i8) -> Option<jiff::civil::Date> {
        let (first, until) = last.days?;
        let recent = self.anchor.day.is_some_and(|today| (0..=SOON).contains(&(today - day)));
        if recent && !last.near {
            return None;
        }
        let (a, b) = (first.with().day(day).build(), until.with().day(day).build());
        [a, b].into_iter().flatten().find(|date| (first..=until).contains(date))
    }

    /// The month of a day that stands without one.
    fn of_month(&self, day: i8) -> Option<(Known, Basis)> {
        (1..=31).contains(&day).then_some(())?;
        if let Some(found) = self.last.and_then(|last| self.of_run(last, day)) {
            return Some((Known::day(found), Basis::Anaphoric));
        }
        if let Some(last) = self.last {
            let month = Known { day: None, ..last.known };
            // The same day again is that of the text, if the article's own month is another.
            let again = last.known.day == Some(day) && month.month != self.anchor.month;
            let onward = again || last.known.day.is_some_and(|before| day > before);
            let no_anchor = self.anchor.month.is_none();
            if month.month.is_some()
                && (last.beside || (onward && (last.near || (last.here && no_anchor))))
            {
                let known = Known { day: Some(day), ..month };
                if exists(Known { year: known.year.or(Some(2000)), ..known }) {
                    return Some((known, Basis::Anaphoric));
                }
            }
        }
        let this = Known { day: None, ..self.anchor };
        // The next days are sooner meant than those of a month ago.
        let later = self.anchor.day.is_some_and(|today| day > today + SOON);
        let earlier = self.anchor.day.is_some_and(|today| day < today);
        let back = match (self.future, later, earlier) {
            (false, true, _) => -1,
            (true, _, true) => 1,
            _ => 0,
        };
        let step = if back < 0 { -1 } else { 1 };
        let known = (0..3).find_map(|n| {
            let month = this.add_months(back + n * step)?;
            let known = Known { day: Some(day), ..month };
            exists(Known { year: known.year.or(Some(2000)), ..known }).then_some(known)
        })?;
        Some((known, self.basis))
    }
}

/// Whether there is such a date.
fn exists(known: Known) -> bool {
    known.partial().is_some()
}

/// Days counted on; without a year only by none.
fn shift(from: Known, days: i32) -> Option<Known> {
    if days == 0 {
        return from.day.map(|_| from);
    }
    let year = from.year.unwrap_or(2000);
    let date = Known { year: Some(year), ..from }.date()?;
    let date = Known::day(date.checked_add(jiff::ToSpan::days(days)).ok()?);
    let kept = from.year.is_some() || date.year == Some(year);
    kept.then_some(Known { year: from.year.and(date.year), ..date })
}
