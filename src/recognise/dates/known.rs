//! [`Known`]: as much of a date as is known so far, the year perhaps not.

use jiff::civil;

use crate::date::{Basis, Date, PartialDate};

/// A year, a month of it, a day of that; what is coarser may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
}

impl Known {
    /// A year.
    pub(super) fn year(year: i16) -> Self {
        Self { year: Some(year), ..Self::default() }
    }

    /// A day.
    pub(super) fn day(date: civil::Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }

    /// The day, if all is known and it exists.
    pub(super) fn date(self) -> Option<civil::Date> {
        PartialDate::day(self.year?, self.month?, self.day?).map(PartialDate::earliest)
    }

    /// The date, if the year is known and it exists.
    pub(super) fn partial(self) -> Option<PartialDate> {
        match (self.year?, self.month, self.day) {
            (year, None, None) => PartialDate::year(year),
            (year, Some(month), None) => PartialDate::month(year, month),
            (year, Some(month), Some(day)) => PartialDate::day(year, month, day),
            (_, None, Some(_)) => None,
        }
    }

    /// The value from one to another, which may be the same.
    pub(super) fn to(self, end: Self, basis: Basis) -> Option<Date> {
        match (self.year, end.year) {
            (Some(_), Some(_)) => Date::interval(self.partial()?, end.partial()?, basis),
            (None, None) => {
                let start = Date::yearless(self.month?, self.day, basis)?;
                if self == end {
                    return Some(start);
                }
                let end = Date::yearless(end.month?, end.day, basis)?;
                Some(Date { edtf: format!("{}/{}", start.edtf, end.edtf), ..start })
            }
            _ => None,
        }
    }

    /// Months and years counted on, the day dropped.
    pub(super) fn add_months(self, months: i32) -> Option<Self> {
        let month = i32::from(self.month?) - 1 + months;
        let year = match self.year {
            Some(year) => Some(i16::try_from(i32::from(year) + month.div_euclid(12)).ok()?),
            None => None,
        };
        let month = Some(i8::try_from(month.rem_euclid(12) + 1).ok()?);
        Some(Self { year, month, day: None })
    }
}

impl From<PartialDate> for Known {
    fn from(date: PartialDate) -> Self {
        match date {
            PartialDate::Year(year) => Self::year(year),
            PartialDate::Month(year, month) => {
                Self { year: Some(year), month: Some(month), day: None }
            }
            PartialDate::Day(day) => Self::day(day),
        }
    }
}

/// The one that says less about how sure a date is.
pub(super) fn weaker(a: Basis, b: Basis) -> Basis {
    let rank = |basis: Basis| match basis {
        Basis::Stated => 0,
        Basis::Dateline => 1,
        Basis::Relative => 2,
        Basis::Anaphoric => 3,
        Basis::Inferred => 4,
    };
    if rank(b) > rank(a) { b } else { a }
}
