//! The Islamic calendar of Umm al-Qura, as a table.

use jiff::{ToSpan as _, civil};

use crate::rule::DataError;

const TABLE: &str = include_str!("../../../rules/hijri.tsv");
const NAME: &str = "rules/hijri.tsv";

/// The first day of each year that the table knows, and the lengths of its months.
#[derive(Debug)]
pub(super) struct Hijri(Vec<(civil::Date, Vec<i32>)>);

impl Hijri {
    /// Reads the table.
    pub(super) fn new() -> Result<Self, DataError> {
        let mut years = Vec::new();
        let mut offset = 0;
        for line in TABLE.lines() {
            let here = offset;
            offset += line.len() + 1;
            if !line.starts_with('#') {
                years.push(Self::year(line).ok_or_else(|| {
                    DataError::at(NAME, TABLE, here, "expected year, YYYY-MM-DD, lengths")
                })?);
            }
        }
        Ok(Self(years))
    }

    fn year(line: &str) -> Option<(civil::Date, Vec<i32>)> {
        let mut fields = line.split('\t').skip(1);
        let first = fields.next()?.parse().ok()?;
        let lengths: Vec<i32> =
            fields.next()?.bytes().map(|b| if b == b'1' { 30 } else { 29 }).collect();
        (lengths.len() == 12).then_some((first, lengths))
    }

    /// The first such day in a Gregorian year.
    pub(super) fn day(&self, year: i16, month: usize, day: i32) -> Option<civil::Date> {
        self.0
            .iter()
            .filter(|(first, _)| (year - 1..=year).contains(&first.year()))
            .filter_map(|(first, lengths)| {
                let before: i32 = lengths.get(..month.checked_sub(1)?)?.iter().sum();
                first.checked_add((before + day - 1).days()).ok()
            })
            .find(|date| date.year() == year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn islamic_days_have_their_gregorian_day() {
        let hijri = Hijri::new().unwrap();
        for ((year, month, day), expected) in [
            ((2024, 10, 1), "2024-04-10"),
            ((2023, 10, 1), "2023-04-21"),
            ((2034, 9, 1), "2034-11-12"),
        ] {
            let found = hijri.day(year, month, day).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{year}");
        }
        assert_eq!(hijri.day(1900, 1, 1), None);
    }
}
