//! Counted days, weeks and years, weeks, decades: what is not a point of the calendar.

use jiff::{ToSpan as _, civil};

use super::{
    Dates,
    data::Direction,
    expr::{Expr, LunarDay, Unit},
    known::Known,
    resolve::Context,
};
use crate::date::{Basis, Date, PartialDate};

/// How many years ahead news speaks of.
const FORESEEN: i32 = 15;

impl Dates {
    /// The value of an expression that is no point; `None` if nothing resolves it.
    pub(super) fn counted(&self, expr: &Expr, context: &Context) -> Option<Date> {
        let anchor = context.anchor;
        let relative = context.basis;
        match expr {
            Expr::Season(year, code) => {
                let (year, basis) = context.year(*year)?;
                Date::parse(&format!("{year:04}-{code:02}"), basis)
            }
            Expr::Decade { century, tens } => decade(*century, *tens, anchor),
            Expr::Decades { century, first, last } => {
                let year = |tens| decade(*century, tens, anchor)?.earliest.map(civil::Date::year);
                let (first, last) = (year(*first)?, year(*last)?);
                Date::interval(
                    PartialDate::year(first)?,
                    PartialDate::year(last + 9)?,
                    Basis::Stated,
                )
            }
            Expr::Century(century) => Date::parse(&format!("{century:02}XX"), Basis::Stated),
            Expr::Lunar(day) => self.lunar_day(day, context),
            Expr::Holiday { year, what, shift } => {
                let first = |year| what.days(year, &self.calendars).map(|(first, _)| first);
                let (year, basis) = match (year, anchor.date()) {
                    (Some(year), _) => context.year(*year)?,
                    (None, Some(today)) if what.coming => {
                        let past = first(today.year())? < today;
                        (today.year() + i16::from(past), relative)
                    }
                    (None, _) => (self.year_of(context, first)?, relative),
                };
                let (first, last) = what.days(year, &self.calendars)?;
                if *shift == 0 {
                    return between(first, last, basis);
                }
                let day = first.checked_add((*shift).days()).ok()?;
                between(day, day, basis)
            }
            Expr::Week { shift, day } => week(anchor.date()?, *shift, *day, relative),
            Expr::Weekdays(a, b) => {
                let first = nearest(anchor.date()?, *a)?;
                let on = i32::from((b - a).rem_euclid(7));
                between(first, first.checked_add(on.days()).ok()?, relative)
            }
            Expr::WeekOf { year, month, n } => {
                let (of, basis) = match month {
                    Some(month) => {
                        let point = super::expr::Point {
                            year: *year,
                            month: Some(*month),
                            ..Default::default()
                        };
                        let meaning = context.point(point).ok()?;
                        (meaning.start.partial()?, meaning.basis)
                    }
                    None => {
                        let (year, basis) = context.year((*year)?)?;
                        (PartialDate::year(year)?, basis)
                    }
                };
                let first = of.earliest();
                let monday = (8 - i32::from(first.weekday().to_monday_one_offset())) % 7;
                let start = first.checked_add((monday + (n - 1) * 7).days()).ok()?;
                (start <= of.latest()).then_some(())?;
                between(start, start.checked_add(6.days()).ok()?, basis)
            }
            Expr::Anniversary(years) => {
                let year = context
                    .last
                    .filter(|last| last.near)
                    .and_then(|last| last.known.year)
                    .or(anchor.year)?;
                inferred_year(year, *years)
            }
            Expr::Gap(n, Unit::Year) => inferred_year(anchor.year?, *n),
            Expr::Gap(..) | Expr::Now | Expr::Vague | Expr::After(_) => None,
            // `1985年结好，十年后…`: counted from then.
            Expr::Ago(n, unit) => match context.last {
                Some(last) if *n > 0 && last.near && last.year_given => {
                    ago(last.known, *n, *unit, Basis::Anaphoric)
                }
                // `60年后` of a story counts from something else that it told.
                _ if *n > FORESEEN && *unit == Unit::Year => None,
                // `结好10年后` is told of what has been, unless the words speak of plans.
                _ if *n > 0 && *unit == Unit::Year && !context.future => None,
                _ => match (anchor.year, context.told, unit) {
                    (None, Some(year), Unit::Year) => {
                        ago(Known::year(year), *n, *unit, Basis::Anaphoric)
                    }
                    _ => ago(anchor, *n, *unit, relative),
                },
            },
            Expr::LookBack(n, unit) => lookback(anchor, *n, *unit, relative),
            Expr::Span(direction, n, unit) => span(anchor, *direction, *n, *unit, relative),
            Expr::Plan(first, last) => {
                Date::interval(PartialDate::year(*first)?, PartialDate::year(*last)?, Basis::Stated)
            }
            Expr::SincePlan(first) => Some(Date::new(PartialDate::year(*first)?, Basis::Inferred)),
            Expr::Event(name) => {
                Some(Date::new(self.events.get(name.as_str()).copied()?, Basis::Inferred))
            }
            Expr::Quarter(shift) => {
                let this = anchor.add_months(-((i32::from(anchor.month?) - 1) % 3) + shift * 3)?;
                Date::interval(this.partial()?, this.add_months(2)?.partial()?, relative)
            }
            Expr::From(point, expr) => {
                let anchor = context.point(*point).ok()?.start;
                let basis = Basis::Anaphoric;
                let from = Context { anchor, basis, last: None, future: false, ..*context };
                self.counted(expr, &from)
            }
            Expr::Point(_) | Expr::Range(..) | Expr::ListDay(_) => None,
        }
    }

    /// The year in which a feast is meant when none is given: this one, or in January the
    /// one before for what is at its end.
    fn year_of(&self, context: &Context, day: impl Fn(i16) -> Option<civil::Date>) -> Option<i16> {
        if let Some(last) = context.last.filter(|last| last.near && last.year_given) {
            return last.known.year;
        }
        let year = context.anchor.year?;
        let Some(today) = context.anchor.date() else { return Some(year) };
        let ahead =
            day(year).is_some_and(|day| day.month() - today.month() >= 11 && !context.future);
        Some(if ahead && day(year - 1).is_some() { year - 1 } else { year })
    }

    fn lunar_day(&self, lunar: &LunarDay, context: &Context) -> Option<Date> {
        let day_in = |year: i16| match lunar.day {
            Some(day) => {
                let day = self.calendars.lunar.day(year, lunar.month, lunar.leap, day)?;
                Some((day, day))
            }
            None => self.calendars.lunar.month(year, lunar.month, lunar.leap),
        };
        let (year, basis) = match (lunar.cycle, lunar.year) {
            (Some(cycle), _) => {
                let now = i32::from(context.anchor.year?);
                let year = now - (now - 4 - cycle).rem_euclid(60);
                (i16::try_from(year).ok()?, context.basis)
            }
            (None, Some(year)) => context.year(year)?,
            (None, None) => {
                (self.year_of(context, |year| day_in(year).map(|(day, _)| day))?, context.basis)
            }
        };
        let (first, last) = day_in(year)?;
        between(first, last, basis)
    }
}

/// From one day to another, which may be the same.
fn between(first: civil::Date, last: civil::Date, basis: Basis) -> Option<Date> {
    Date::interval(PartialDate::Day(first), PartialDate::Day(last), basis)
}

fn inferred_year(year: i16, ago: i32) -> Option<Date> {
    let year = i16::try_from(i32::from(year) - ago).ok()?;
    Some(Date::new(PartialDate::year(year)?, Basis::Inferred))
}

/// `80年代` is of the last century that has had one.
fn decade(century: Option<i32>, tens: i32, anchor: Known) -> Option<Date> {
    let decade = match century {
        Some(century) => century * 10 + tens,
        None => {
            let now = i32::from(anchor.year.unwrap_or(2025)) / 10;
            now - (now - tens).rem_euclid(10)
        }
    };
    Date::parse(&format!("{decade:03}X"), Basis::Stated)
}

fn monday(day: civil::Date, weeks: i32) -> Option<civil::Date> {
    let back = i32::from(day.weekday().to_monday_zero_offset());
    day.checked_add((weeks * 7 - back).days()).ok()
}

/// The last such day of the week, or one of the next two days.
fn nearest(today: civil::Date, day: i8) -> Option<civil::Date> {
    let ahead = (day - today.weekday().to_monday_one_offset()).rem_euclid(7);
    let ahead = i32::from(if ahead > 2 { ahead - 7 } else { ahead });
    today.checked_add(ahead.days()).ok()
}

fn week(today: civil::Date, shift: Option<i32>, day: Option<i8>, basis: Basis) -> Option<Date> {
    let Some(shift) = shift else {
        let day = nearest(today, day?)?;
        return between(day, day, basis);
    };
    let monday = monday(today, shift)?;
    let at = |n: i32| monday.checked_add(n.days()).ok();
    match day {
        None => between(monday, at(6)?, basis),
        Some(8) => between(at(5)?, at(6)?, basis),
        Some(day) => {
            let day = at(i32::from(day) - 1)?;
            between(day, day, basis)
        }
    }
}

/// A year counted on.
fn year_after(known: Known, years: i32) -> Option<PartialDate> {
    PartialDate::year(i16::try_from(i32::from(known.year?) + years).ok()?)
}

/// A point so many units off, at the precision of the unit.
fn ago(anchor: Known, n: i32, unit: Unit, basis: Basis) -> Option<Date> {
    let today = anchor.date();
    Some(match unit {
        Unit::Year => Date::new(year_after(anchor, n)?, basis),
        Unit::Month => Date::new(anchor.add_months(n)?.partial()?, basis),
        Unit::YearAndHalf => {
            let n = n * 12 + if n < 0 { -6 } else { 6 };
            Date::new(anchor.add_months(n)?.partial()?, basis)
        }
        Unit::Quarter => Date::new(anchor.add_months(n * 3)?.partial()?, basis),
        Unit::Week => {
            let monday = monday(today?, n)?;
            between(monday, monday.checked_add(6.days()).ok()?, basis)?
        }
        Unit::Day => {
            let day = today?.checked_add(n.days()).ok()?;
            between(day, day, basis)?
        }
    })
}

/// So many units up to this one.
fn lookback(anchor: Known, n: i32, unit: Unit, basis: Basis) -> Option<Date> {
    let today = anchor.date();
    match unit {
        Unit::Year => Date::interval(year_after(anchor, -n)?, year_after(anchor, 0)?, basis),
        Unit::YearAndHalf => {
            let start = anchor.add_months(-n * 12 - 6)?.partial()?;
            Date::interval(start, PartialDate::Day(today?), basis)
        }
        Unit::Month | Unit::Quarter => {
            let n = if unit == Unit::Month { n } else { n * 3 };
            between(today?.checked_sub(n.months()).ok()?, today?, basis)
        }
        Unit::Week => between(today?.checked_sub((n * 7).days()).ok()?, today?, basis),
        Unit::Day => between(today?.checked_sub(n.days()).ok()?, today?, basis),
    }
}

fn span(anchor: Known, way: Direction, n: i32, unit: Unit, basis: Basis) -> Option<Date> {
    let today = anchor.date();
    let month = |n: i32| anchor.add_months(n)?.partial();
    let days = |a: i32, b: i32| {
        let at = |n: i32| today?.checked_add(n.days()).ok();
        between(at(a)?, at(b)?, basis)
    };
    let (first, last) = match way {
        Direction::Lately => return lookback(anchor, n, unit, basis),
        Direction::Past | Direction::Previous => (-n, -1),
        Direction::Ahead if unit == Unit::Day => (1, n),
        Direction::Future | Direction::Ahead => (0, n - 1),
        Direction::Next => (1, n),
    };
    match unit {
        Unit::Year => Date::interval(year_after(anchor, first)?, year_after(anchor, last)?, basis),
        Unit::Month => Date::interval(month(first)?, month(last)?, basis),
        Unit::Quarter => {
            let this = anchor.add_months(0)?;
            let begin = this.add_months(-((i32::from(this.month?) - 1) % 3))?;
            let month = |n: i32| begin.add_months(n)?.partial();
            Date::interval(month(first * 3)?, month(last * 3 + 2)?, basis)
        }
        Unit::YearAndHalf => None,
        Unit::Week if way == Direction::Previous => {
            between(monday(today?, -n)?, monday(today?, 0)?.yesterday().ok()?, basis)
        }
        Unit::Week if way == Direction::Next => {
            let last = monday(today?, n)?.checked_add(6.days()).ok()?;
            between(monday(today?, 1)?, last, basis)
        }
        Unit::Week => days(first * 7, last * 7 + 6),
        Unit::Day => days(first, last),
    }
}
