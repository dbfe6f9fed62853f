//! [`Date`]: when something was, at the precision that is known.

use std::{fmt, str::FromStr};

use jiff::civil;

/// A calendar date of which the year, the month or the day is known.
///
/// A day without a month cannot be written, nor can 30 February.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartialDate {
    /// A year.
    Year(i16),
    /// A month of a year.
    Month(i16, i8),
    /// A day.
    Day(civil::Date),
}

/// The text is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or no such day exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date as YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct DateError;

impl PartialDate {
    /// A year from 1 to 9999.
    #[must_use]
    pub fn year(year: i16) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self::Year(year))
    }

    /// A month that exists.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month))
            .then_some(Self::Month(year, month))
    }

    /// A day that exists.
    #[must_use]
    pub fn day(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = civil::Date::new(year, month, day).ok()?;
        (year >= 1).then_some(Self::Day(date))
    }

    /// Its first day.
    #[must_use]
    pub fn earliest(self) -> civil::Date {
        match self {
            Self::Year(year) => civil::date(year, 1, 1),
            Self::Month(year, month) => civil::date(year, month, 1),
            Self::Day(day) => day,
        }
    }

    /// Its last day.
    #[must_use]
    pub fn latest(self) -> civil::Date {
        match self {
            Self::Year(year) => civil::date(year, 12, 31),
            Self::Month(year, month) => civil::date(year, month, 1).last_of_month(),
            Self::Day(day) => day,
        }
    }

    /// Its year.
    #[must_use]
    pub fn calendar_year(self) -> i16 {
        self.earliest().year()
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => {
                write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
            }
        }
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| match parts.next() {
            None => Ok(None),
            Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => {
                part.parse::<i16>().map(Some).map_err(|_| DateError)
            }
            Some(_) => Err(DateError),
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let narrow = |n: i16| i8::try_from(n).map_err(|_| DateError);
        if parts.next().is_some() {
            return Err(DateError);
        }
        match (year, month, day) {
            (Some(year), None, None) => Self::year(year),
            (Some(year), Some(month), None) => Self::month(year, narrow(month)?),
            (Some(year), Some(month), Some(day)) => Self::day(year, narrow(month)?, narrow(day)?),
            _ => None,
        }
        .ok_or(DateError)
    }
}

/// How the value of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// Written out: `2023年2月`.
    Stated,
    /// Completed from the dateline: `19日` after `11月19日电`.
    Dateline,
    /// Counted from the publication date: `今年4月`.
    Relative,
    /// Counted from a date mentioned before: `同年`, `次日`.
    Anaphoric,
    /// Computed from something else: an anniversary and its year.
    Inferred,
}

impl Basis {
    /// All of them, the firmest first.
    pub const ALL: [Self; 5] =
        [Self::Stated, Self::Dateline, Self::Relative, Self::Anaphoric, Self::Inferred];

    /// Its name on the wire and in the graph.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Dateline => "dateline",
            Self::Relative => "relative",
            Self::Anaphoric => "anaphoric",
            Self::Inferred => "inferred",
        }
    }
}

/// A date expression with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    /// The value in EDTF (ISO 8601-2): `2023-02`, `2023-02/2023-05`, `--11-19`.
    pub edtf: String,
    /// The first day that it can mean; `None` when open or without a year.
    pub earliest: Option<civil::Date>,
    /// The last day that it can mean; `None` when open or without a year.
    pub latest: Option<civil::Date>,
    /// How it is known.
    pub basis: Basis,
}

impl Date {
    /// The value of a partial date.
    #[must_use]
    pub fn new(date: PartialDate, basis: Basis) -> Self {
        Self {
            edtf: date.to_string(),
            earliest: Some(date.earliest()),
            latest: Some(date.latest()),
            basis,
        }
    }

    /// From the first day of `start` to the last day of `end`; `None` if that is before.
    #[must_use]
    pub fn interval(start: PartialDate, end: PartialDate, basis: Basis) -> Option<Self> {
        if start.calendar_year() < 1 || end.calendar_year() < 1 {
            return None;
        }
        if start == end {
            return Some(Self::new(start, basis));
        }
        (start.earliest() <= end.latest()).then(|| Self {
            edtf: format!("{start}/{end}"),
            earliest: Some(start.earliest()),
            latest: Some(end.latest()),
            basis,
        })
    }

    /// From `start` on, without an end.
    #[must_use]
    pub fn since(start: PartialDate, basis: Basis) -> Self {
        let earliest = Some(start.earliest());
        Self { edtf: format!("{start}/.."), earliest, latest: None, basis }
    }

    /// Until `end`, without a beginning.
    #[must_use]
    pub fn until(end: PartialDate, basis: Basis) -> Self {
        Self { edtf: format!("../{end}"), earliest: None, latest: Some(end.latest()), basis }
    }

    /// What an EDTF expression with a year says: a season, a decade, a century. `None` if
    /// it is not one.
    #[must_use]
    pub fn parse(edtf: &str, basis: Basis) -> Option<Self> {
        let value: edtf_core::Edtf = edtf.parse().ok()?;
        let bounds = value.bounds();
        let day = |bound: edtf_core::Bound| match bound {
            edtf_core::Bound::Date(day) => {
                let (month, date) = (i8::try_from(day.month), i8::try_from(day.day));
                let year = i16::try_from(day.year).ok()?;
                PartialDate::day(year, month.ok()?, date.ok()?).map(PartialDate::earliest)
            }
            _ => None,
        };
        Some(Self {
            edtf: value.to_string(),
            earliest: day(bounds.earliest),
            latest: day(bounds.latest),
            basis,
        })
    }

    /// A month, or a day of it, of a year that nothing tells; `None` if no year has it.
    #[must_use]
    pub fn yearless(month: i8, day: Option<i8>, basis: Basis) -> Option<Self> {
        // 2000 is a leap year, so that 29 February can be.
        let edtf = match day {
            None => PartialDate::month(2000, month).map(|_| format!("--{month:02}"))?,
            Some(day) => {
                PartialDate::day(2000, month, day).map(|_| format!("--{month:02}-{day:02}"))?
            }
        };
        Some(Self { edtf, earliest: None, latest: None, basis })
    }

    /// The partial date, if the value is one (not an interval, not without a year).
    #[must_use]
    pub fn partial(&self) -> Option<PartialDate> {
        self.edtf.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_that_exist_can_be_written() {
        for text in ["2023", "2023-02", "2024-02-29"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        for text in ["", "23", "2023-13", "2023-02-30", "2023-2", "2023-02-01-01", "0000", "+123"] {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError), "{text}");
        }
    }
}
