//! Holidays, and the day they fall on.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil};
use toml::Spanned;

use super::{hijri::Hijri, lunar::Lunar, words::Parts};
use crate::rule::DataError;

/// The calendars that are tables.
#[derive(Debug)]
pub(super) struct Calendars {
    pub(super) lunar: Lunar,
    pub(super) hijri: Hijri,
}

impl Calendars {
    /// Reads the tables.
    pub(super) fn new() -> Result<Self, DataError> {
        Ok(Self { lunar: Lunar::new()?, hijri: Hijri::new()? })
    }
}

/// A holiday: its day, or the days around that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feast {
    on: Holiday,
    /// The first and the last day, counted from it.
    days: (i32, i32),
    /// Whether the next one is meant when no year is given: `新年`.
    pub(super) coming: bool,
}

impl Feast {
    /// Its first and its last day in a year.
    pub(super) fn days(
        self,
        year: i16,
        calendars: &Calendars,
    ) -> Option<(civil::Date, civil::Date)> {
        let day = self.on.day(year, calendars)?;
        let at = |n: i32| day.checked_add(n.days()).ok();
        Some((at(self.days.0)?, at(self.days.1)?))
    }
}

/// When a holiday is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holiday {
    Solar {
        month: i8,
        day: i8,
    },
    Lunar {
        month: i8,
        day: i8,
    },
    /// The last day of the lunar year.
    Eve,
    /// The n-th solar term of the year, 1 (小寒) to 24 (冬至).
    Term(i32),
    /// The n-th such weekday (7: Sunday) of a month.
    Nth {
        month: i8,
        n: i8,
        weekday: i8,
    },
    /// So many days after Easter.
    Easter(i32),
    /// So many days after the Easter of the Julian calendar.
    Orthodox(i32),
    /// A day of the Islamic calendar.
    Islamic {
        month: usize,
        day: i32,
    },
    /// A day of the Hebrew calendar, the months counted from Nisan.
    Hebrew {
        month: i32,
        day: i32,
    },
}

const TERMS: [&str; 24] = [
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
];

/// The holidays by name, and the solar terms.
#[derive(Debug)]
pub(super) struct Holidays(BTreeMap<String, Feast>);

impl Holidays {
    /// Reads the table.
    pub(super) fn new(
        parts: &Parts<'_>,
        table: &BTreeMap<String, Spanned<String>>,
    ) -> Result<Self, DataError> {
        let mut holidays: BTreeMap<String, Feast> = (1..)
            .zip(TERMS)
            .map(|(n, name)| {
                (name.to_owned(), Feast { on: Holiday::Term(n), days: (0, 0), coming: false })
            })
            .collect();
        for (name, spec) in table {
            let holiday = feast(spec.as_ref()).ok_or_else(|| {
                parts.error(spec.span().start, "expected MM-DD, `lunar MM-DD`, `eve`, `term N`, …")
            })?;
            holidays.insert(name.clone(), holiday);
        }
        Ok(Self(holidays))
    }

    /// The holiday of that name.
    pub(super) fn named(&self, name: &str) -> Option<Feast> {
        self.0.get(name).copied()
    }
}

fn feast(spec: &str) -> Option<Feast> {
    let (on, days) = spec.split_once("; ").map_or((spec, None), |(on, days)| (on, Some(days)));
    let days = match days {
        Some(days) => {
            let (first, last) = days.split_once("..")?;
            (first.parse().ok()?, last.parse().ok()?)
        }
        None => (0, 0),
    };
    let (on, coming) = on.strip_prefix("coming ").map_or((on, false), |on| (on, true));
    Some(Feast { on: read(on)?, days, coming })
}

fn read(spec: &str) -> Option<Holiday> {
    let words: Vec<&str> = spec.split(' ').collect();
    let day = |text: &str| -> Option<(i8, i8)> {
        let (month, day) = text.split_once('-')?;
        Some((month.parse().ok()?, day.parse().ok()?))
    };
    Some(match words.as_slice() {
        ["eve"] => Holiday::Eve,
        ["lunar", at] => day(at).map(|(month, day)| Holiday::Lunar { month, day })?,
        ["term", n] => Holiday::Term(n.parse().ok().filter(|n| (1..=24).contains(n))?),
        ["nth", month, n, weekday] => Holiday::Nth {
            month: month.parse().ok()?,
            n: n.parse().ok()?,
            weekday: weekday.parse().ok()?,
        },
        ["easter", n] => Holiday::Easter(n.parse().ok()?),
        ["orthodox", n] => Holiday::Orthodox(n.parse().ok()?),
        ["islamic", month, day] => {
            Holiday::Islamic { month: month.parse().ok()?, day: day.parse().ok()? }
        }
        ["hebrew", month, day] => {
            Holiday::Hebrew { month: month.parse().ok()?, day: day.parse().ok()? }
        }
        [at] => day(at).map(|(month, day)| Holiday::Solar { month, day })?,
        _ => return None,
    })
}

impl Holiday {
    /// Its day in a year.
    fn day(self, year: i16, calendars: &Calendars) -> Option<civil::Date> {
        if !(1..=9998).contains(&year) {
            return None;
        }
        match self {
            Self::Solar { month, day } => civil::Date::new(year, month, day).ok(),
            Self::Lunar { month, day } => calendars.lunar.day(year, month, false, day),
            Self::Eve => calendars.lunar.eve(year),
            Self::Term(n) => term(year, n),
            Self::Nth { month, n, weekday } => {
                let weekday = civil::Weekday::from_monday_one_offset(weekday).ok()?;
                civil::Date::new(year, month, 1).ok()?.nth_weekday_of_month(n, weekday).ok()
            }
            Self::Easter(after) => easter(year)?.checked_add(after.days()).ok(),
            Self::Orthodox(after) => orthodox(year)?.checked_add(after.days()).ok(),
            Self::Islamic { month, day } => calendars.hijri.day(year, month, day),
            Self::Hebrew { month, day } => hebrew(year, month, day),
        }
    }
}

/// The day when the sun stands at the n-th solar term, by the usual rule of thumb, which is
/// right but for a few years of each century; 1901 to 2099.
fn term(year: i16, n: i32) -> Option<civil::Date> {
    /// The constant of each term for the 20th and the 21st century.
    const SHIFT: [(f64, f64); 24] = [
        (6.11, 5.4055),
        (20.84, 20.12),
        (4.6295, 3.87),
        (19.4599, 18.73),
        (6.3826, 5.63),
        (21.4155, 20.646),
        (5.59, 4.81),
        (20.888, 20.1),
        (6.318, 5.52),
        (21.86, 21.04),
        (6.5, 5.678),
        (22.2, 21.37),
        (7.928, 7.108),
        (23.65, 22.83),
        (8.35, 7.5),
        (23.95, 23.13),
        (8.44, 7.646),
        (23.822, 23.042),
        (9.098, 8.318),
        (24.218, 23.438),
        (8.218, 7.438),
        (23.08, 22.36),
        (7.9, 7.18),
        (22.6, 21.94),
    ];
    let index = usize::try_from(n - 1).ok()?;
    let (old, new) = *SHIFT.get(index)?;
    let shift = match year {
        1901..=2000 => old,
        2001..=2099 => new,
        _ => return None,
    };
    let short = if year == 2000 { 100 } else { year % 100 };
    // Terms of January and February fall before the leap day of their own year.
    let leaps = if n <= 4 { (short - 1) / 4 } else { short / 4 };
    #[expect(clippy::cast_possible_truncation, reason = "between 3 and 60")]
    let day = (f64::from(short) * 0.2422 + shift).floor() as i16 - leaps;
    civil::Date::new(year, i8::try_from(index / 2 + 1).ok()?, i8::try_from(day).ok()?).ok()
}

/// Easter, by the anonymous Gregorian computus.
fn easter(year: i16) -> Option<civil::Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    civil::Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// The Orthodox Easter, by Meeus' Julian computus.
fn orthodox(year: i16) -> Option<civil::Date> {
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let n = d + e + 114;
    let julian =
        civil::Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()?;
    julian.checked_add((y / 100 - y / 400 - 2).days()).ok()
}

/// The day with a Julian day number (at noon).
fn from_julian_day(number: i32) -> Option<civil::Date> {
    // 1 January 2000 has the number 2451545.
    civil::date(2000, 1, 1).checked_add((number - 2_451_545).days()).ok()
}

/// The Hebrew day of a Gregorian year; 犹太新年 is 7-1, 逾越节 1-15.
fn hebrew(year: i16, month: i32, day: i32) -> Option<civil::Date> {
    /// The day on which a Hebrew year begins, counted from the epoch.
    fn begins(h: i32) -> i32 {
        let months = (235 * h - 234) / 19;
        let parts = 12084 + 13753 * months;
        let day = months * 29 + parts / 25920;
        if 3 * (day + 1) % 7 < 3 { day + 1 } else { day }
    }
    /// The same with the two postponements that depend on the neighbours.
    fn new_year(h: i32) -> i32 {
        let (last, this, next) = (begins(h - 1), begins(h), begins(h + 1));
        this + if next - this == 356 { 2 } else { i32::from(this - last == 382) }
    }
    let h = i32::from(year) + if month >= 7 { 3761 } else { 3760 };
    let first = 347_998 + new_year(h);
    // From Tishri on; the months between Kislev and Nisan depend on the year, so those of
    // spring are counted back from the next new year (Nisan to Elul have fixed lengths).
    let number = if month >= 7 {
        let long = new_year(h + 1) - new_year(h);
        let heshvan = if long % 10 == 5 { 30 } else { 29 };
        let before = [0, 30, 30 + heshvan];
        first + before.get(usize::try_from(month - 7).ok()?)? + day - 1
    } else {
        let before: i32 = (month..7).map(|m| if m % 2 == 1 { 30 } else { 29 }).sum();
        347_998 + new_year(h + 1) - before + day - 1
    };
    from_julian_day(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_fall_on_their_day() {
        let calendars = Calendars::new().unwrap();
        for (spec, year, expected) in [
            ("10-01", 2024, "2024-10-01"),
            ("lunar 08-15", 2024, "2024-09-17"),
            ("eve", 2025, "2025-01-28"),
            ("term 7", 2024, "2024-04-04"),
            ("term 7", 2023, "2023-04-05"),
            ("term 2", 2018, "2018-01-20"),
            ("term 24", 2023, "2023-12-22"),
            ("nth 5 2 7", 2024, "2024-05-12"),
            ("nth 11 4 4", 2023, "2023-11-23"),
            ("easter 0", 2024, "2024-03-31"),
            ("easter -47", 2013, "2013-02-12"),
            ("orthodox 0", 2013, "2013-05-05"),
            ("islamic 10 1", 2024, "2024-04-10"),
            ("islamic 1 1", 2013, "2013-11-04"),
            ("hebrew 7 1", 2018, "2018-09-10"),
            ("hebrew 7 15", 2018, "2018-09-24"),
            ("hebrew 9 25", 2018, "2018-12-03"),
            ("hebrew 1 15", 2018, "2018-03-31"),
            ("hebrew 3 6", 2018, "2018-05-20"),
        ] {
            let found = read(spec).unwrap().day(year, &calendars).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{spec} {year}");
        }
        for spec in ["", "13", "lunar", "term 25", "nth 1 2", "sometimes"] {
            assert_eq!(read(spec), None, "{spec}");
        }
    }
}
