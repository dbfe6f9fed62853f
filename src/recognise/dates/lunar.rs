//! The Chinese lunar calendar, as a table.

use jiff::{ToSpan as _, civil};

use crate::rule::DataError;

const TABLE: &str = include_str!("../../../rules/lunar.tsv");
const NAME: &str = "rules/lunar.tsv";

/// The lunar years that the table knows, in order.
#[derive(Debug)]
pub(super) struct Lunar(Vec<Year>);

#[derive(Debug)]
struct Year {
    first: civil::Date,
    /// The month that comes twice; 0 if none does.
    leap: i8,
    /// The length of each month, a leap month after its own.
    lengths: Vec<i8>,
}

impl Lunar {
    /// Reads the table.
    pub(super) fn new() -> Result<Self, DataError> {
        let mut years = Vec::new();
        let mut offset = 0;
        for line in TABLE.lines() {
            let here = offset;
            offset += line.len() + 1;
            if !line.starts_with('#') {
                let year = Self::year(line).ok_or_else(|| {
                    DataError::at(NAME, TABLE, here, "expected year, leap month, MM-DD, lengths")
                })?;
                if years
                    .last()
                    .is_some_and(|last: &Year| last.first.year() + 1 != year.first.year())
                {
                    return Err(DataError::at(NAME, TABLE, here, "the years are not in order"));
                }
                years.push(year);
            }
        }
        Ok(Self(years))
    }

    fn year(line: &str) -> Option<Year> {
        let mut fields = line.split('\t');
        let year = fields.next()?.parse().ok()?;
        let leap = fields.next()?.parse().ok()?;
        let (month, day) = fields.next()?.split_once('-')?;
        let first = civil::Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
        let lengths: Vec<i8> =
            fields.next()?.bytes().map(|b| if b == b'1' { 30 } else { 29 }).collect();
        (lengths.len() == 12 + usize::from(leap > 0)).then_some(Year { first, leap, lengths })
    }

    /// The first and the last Gregorian day of a lunar month.
    pub(super) fn month(
        &self,
        year: i16,
        month: i8,
        leap: bool,
    ) -> Option<(civil::Date, civil::Date)> {
        let start = self.0.first()?.first.year();
        let of = self.0.get(usize::try_from(year - start).ok()?)?;
        if !(1..=12).contains(&month) || (leap && of.leap != month) {
            return None;
        }
        let later = leap || (of.leap > 0 && month > of.leap);
        let index = usize::try_from(month - 1).ok()? + usize::from(later);
        let before: i32 = of.lengths.get(..index)?.iter().map(|&n| i32::from(n)).sum();
        let first = of.first.checked_add(before.days()).ok()?;
        let last = first.checked_add((i32::from(*of.lengths.get(index)?) - 1).days()).ok()?;
        Some((first, last))
    }

    /// The Gregorian day of a lunar one.
    pub(super) fn day(&self, year: i16, month: i8, leap: bool, day: i8) -> Option<civil::Date> {
        let (first, last) = self.month(year, month, leap)?;
        let date = first.checked_add((i32::from(day) - 1).days()).ok()?;
        (day >= 1 && date <= last).then_some(date)
    }

    /// The day before the New Year that follows: 除夕.
    pub(super) fn eve(&self, year: i16) -> Option<civil::Date> {
        self.day(year, 1, false, 1)?.yesterday().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lunar_days_have_their_gregorian_day() {
        let lunar = Lunar::new().unwrap();
        for (lunar_day, expected) in [
            ((2024, 1, false, 15), "2024-02-24"),
            ((2023, 2, true, 1), "2023-03-22"),
            ((2020, 4, true, 1), "2020-05-23"),
            ((2020, 5, false, 5), "2020-06-25"),
            ((1900, 1, false, 1), "1900-01-31"),
            ((2100, 12, false, 1), "2100-12-31"),
        ] {
            let (year, month, leap, day) = lunar_day;
            let found = lunar.day(year, month, leap, day).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{lunar_day:?}");
        }
        for (year, month, leap, day) in
            [(1899, 1, false, 1), (2101, 1, false, 1), (2024, 4, true, 1), (2024, 1, false, 31)]
        {
            assert_eq!(lunar.day(year, month, leap, day), None);
        }
        assert_eq!(lunar.eve(2025).unwrap().to_string(), "2025-01-28");
    }
}
