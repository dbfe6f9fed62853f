//! Publication dates as people and programs write them.

use std::ops::Range;

use crate::date::PartialDate;

/// The date that `text` is, whatever the notation: ISO 8601 with or without a time,
/// `2025/5/23`, `2025.5.23`, `2025年5月23日`, `20250523`, `2025-05`, `2025`, the dates of
/// mail and HTTP headers, seconds or milliseconds since 1970 (taken in China's time).
pub(super) fn parse(text: &str) -> Option<PartialDate> {
    let text = narrow(text.trim());
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return digits(text);
    }
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    // With a time zone: the day that it was in China.
    if let Some(date) = china_day(text) {
        return Some(date);
    }
    if let Some((date, at)) = first(text) {
        // A date and, at most, a time and a word: not the first date of a sentence.
        let around = text[..at.start].chars().chain(text[at.end..].chars());
        return (around.filter(|c| c.is_alphanumeric()).count() <= 24).then_some(date);
    }
    month_only(text).or_else(|| english(text))
}

/// Whether something may have been published then: not the zero of clocks, and not in a
/// future that only a mistake can mean.
pub(super) fn is_plausible(date: PartialDate) -> bool {
    let (zero, last) = (PartialDate::day(1970, 1, 1), 2049);
    Some(date) != zero && date.calendar_year() <= last
}

/// The first full date in `text`, and where it stands.
pub(super) fn first(text: &str) -> Option<(PartialDate, Range<usize>)> {
    all(text, |_| None).next()
}

/// The full dates in `text`, and where they stand. `short` says of a place whether a year
/// of less than four digits may stand there, and whether it counts from 1911.
pub(super) fn all(
    text: &str,
    short: impl Fn(usize) -> Option<bool>,
) -> impl Iterator<Item = (PartialDate, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            if !bytes[at].is_ascii_digit() {
                at += 1;
                continue;
            }
            let run = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
            let found = match run {
                4 => day_at(text, at, |digits| digits.parse().ok()),
                1..=3 => short_year(text, at, &short),
                _ => None,
            };
            if let Some((date, end)) = found {
                let start = std::mem::replace(&mut at, end);
                return Some((date, start..end));
            }
            at += run;
        }
        None
    })
}

/// The day that `text` is with the day first, as it is written with points: `09.04.2018`.
pub(super) fn day_first(text: &str) -> Option<PartialDate> {
    let mut parts = text.trim().splitn(3, '.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    PartialDate::day(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Whether three digits are a year of Taiwan by what follows: `114-05-23`, `114年5月23日`;
/// `108-3-6` and `110.12.1` may be anything.
fn is_of_taiwan(text: &str, at: usize) -> bool {
    let bytes = &text.as_bytes()[at..];
    let year: u16 = text.get(at..at + 3).and_then(|year| year.parse().ok()).unwrap_or(0);
    let digits = |range: Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let set = matches!(bytes.get(3), Some(b'-' | b'/'))
        && bytes.get(3) == bytes.get(6)
        && digits(4..6)
        && digits(7..9)
        && !bytes.get(9).is_some_and(u8::is_ascii_digit);
    (100..150).contains(&year) && (set || text[at + 3..].starts_with('年'))
}

/// What stands before a year of Taiwan, which counts from 1911.
const MINGUO: [&str; 2] = ["民國", "民国"];

/// The day at `at` whose year has less than four digits, if such a year may stand there.
fn short_year(
    text: &str,
    at: usize,
    short: &impl Fn(usize) -> Option<bool>,
) -> Option<(PartialDate, usize)> {
    // Most short numbers begin no date, whatever the year: the cheap test.
    day_at(text, at, |_| Some(2000))?;
    let minguo = MINGUO.iter().any(|word| text[..at].trim_end().ends_with(word));
    let of_1911 = minguo || short(at).or_else(|| is_of_taiwan(text, at).then_some(true))?;
    day_at(text, at, |digits| {
        let year: i16 = digits.parse().ok()?;
        match digits.len() {
            3 if year <= 150 => Some(year + 1911),
            2 if minguo || of_1911 && year >= 80 => Some(year + 1911),
            2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
            _ => None,
        }
    })
}

/// The day in China at an instant that is written with its zone: `2022-03-14T16:30:00Z`.
pub(super) fn china_day(text: &str) -> Option<PartialDate> {
    let at: jiff::Timestamp = text.trim().parse().ok()?;
    from_epoch(at.as_second())
}

/// The day whose year stands at `at`: year, separator, month, separator, day.
fn day_at(
    text: &str,
    at: usize,
    year: impl Fn(&str) -> Option<i16>,
) -> Option<(PartialDate, usize)> {
    let run = text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let year = year(&text[at..at + run])?;
    let mut scan = Scan { text, at: at + run };
    let separator = scan.separator(&['-', '/', '.', '年', '－', '—', '–'])?;
    let month = scan.number()?;
    let wanted = if separator == '年' { ['月', '月'] } else { [separator, '-'] };
    scan.separator(&wanted)?;
    let day = scan.number()?;
    (1900..=2100).contains(&year).then_some(())?;
    let end = if text[scan.at..].starts_with('日') { scan.at + '日'.len_utf8() } else { scan.at };
    Some((PartialDate::day(year, month, day)?, end))
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches(' ').len();
    }

    fn separator(&mut self, wanted: &[char]) -> Option<char> {
        self.spaces();
        let c = self.text[self.at..].chars().next().filter(|c| wanted.contains(c))?;
        self.at += c.len_utf8();
        self.spaces();
        Some(c)
    }

    fn number(&mut self) -> Option<i8> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest[..length].parse().ok().filter(|_| length <= 2)?;
        self.at += length;
        Some(number)
    }
}

/// Full-width digits, signs and spaces made narrow.
pub(super) fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

/// A full-width digit, sign or space made narrow.
pub(super) fn narrow_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' => ' ',
        c => c,
    }
}

/// The day that `text` is, written in Chinese characters as official documents close:
/// `二〇〇五年四月二十六日`.
pub(super) fn in_characters(text: &str) -> Option<PartialDate> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let digits = year.chars().map(|c| digit(c).map(i16::from)).collect::<Option<Vec<_>>>()?;
    let [a, b, c, d] = digits[..] else { return None };
    PartialDate::day(((a * 10 + b) * 10 + c) * 10 + d, number(month)?, number(day)?)
}

/// A number below 40 in Chinese characters, `二十六`.
fn number(text: &str) -> Option<i8> {
    let one = |text: &str| {
        let mut chars = text.chars();
        digit(chars.next()?).filter(|n| *n > 0 && chars.next().is_none())
    };
    match text.split_once('十') {
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { one(tens).filter(|tens| *tens < 4)? };
            let ones = if ones.is_empty() { 0 } else { one(ones)? };
            Some(tens * 10 + ones)
        }
        None => one(text),
    }
}

fn digit(c: char) -> Option<i8> {
    const DIGITS: &str = "〇一二三四五六七八九";
    let c = if matches!(c, '○' | '零' | 'O' | '0' | '◯') { '〇' } else { c };
    let place = DIGITS.chars().position(|digit| digit == c)?;
    i8::try_from(place).ok()
}

/// The date in an address: `/2024-05/13/`, `/20240513/`, `/2024/05/13/`, `t20240513_`.
pub(super) fn in_address(url: &str) -> Option<PartialDate> {
    let path = url.split(['?', '#']).next()?;
    let path = path.split_once("://").map_or(path, |(_, path)| path);
    let path = &path[path.find('/')?..];
    let numbers: Vec<&str> = path.split(|c: char| !c.is_ascii_digit()).collect();
    let day = |year: &str, month: &str, day: &str| {
        let year: i16 = year.parse().ok().filter(|year| (1995..=2100).contains(year))?;
        PartialDate::day(year, month.parse().ok()?, day.parse().ok()?)
    };
    for (n, number) in numbers.iter().enumerate() {
        let next = |k: usize| numbers.get(n + k).copied().unwrap_or_default();
        let found = match number.len() {
            8 => day(&number[..4], &number[4..6], &number[6..]),
            4 if next(1).len() == 4 => day(number, &next(1)[..2], &next(1)[2..]),
            4 if (1..=2).contains(&next(1).len()) && (1..=2).contains(&next(2).len()) => {
                day(number, next(1), next(2))
            }
            6 if next(1).len() == 2 => day(&number[..4], &number[4..], next(1)),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn digits(text: &str) -> Option<PartialDate> {
    let part = |range: Range<usize>| text.get(range)?.parse::<i16>().ok();
    let small = |n: i16| i8::try_from(n).ok();
    match text.len() {
        4 => PartialDate::year(part(0..4)?).filter(|_| text.starts_with(['1', '2'])),
        6 => PartialDate::month(part(0..4)?, small(part(4..6)?)?),
        8 | 12 | 14 => PartialDate::day(part(0..4)?, small(part(4..6)?)?, small(part(6..8)?)?),
        10 => from_epoch(text.parse().ok()?),
        13 => from_epoch(text.parse::<i64>().ok()? / 1000),
        _ => None,
    }
}

fn from_epoch(seconds: i64) -> Option<PartialDate> {
    const CHINA: i64 = 8 * 3600;
    let at = jiff::Timestamp::from_second(seconds.checked_add(CHINA)?).ok()?;
    let date = jiff::tz::TimeZone::UTC.to_datetime(at).date();
    Some(PartialDate::Day(date))
}

/// `2025年5月`, `2025/5`, `2025-5`, `2025年`.
fn month_only(text: &str) -> Option<PartialDate> {
    let year: i16 = text.get(..4)?.parse().ok()?;
    let rest = &text[4..];
    if rest == "年" {
        return PartialDate::year(year);
    }
    let rest = rest.strip_prefix(['-', '/', '.', '年'])?;
    let month = rest.trim_end_matches('月');
    let known = (1..=2).contains(&month.len());
    PartialDate::month(year, month.parse().ok()?).filter(|_| known)
}

/// `Fri, 23 May 2025 10:00:00 GMT`, `May 23, 2025`.
fn english(text: &str) -> Option<PartialDate> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let (mut year, mut month, mut day) = (None, None, None);
    for word in words.take(8) {
        let known = || MONTHS.iter().zip(1_i8..).find(|(name, _)| starts_with(word, name));
        if word.bytes().all(|b| b.is_ascii_digit()) {
            match word.len() {
                4 if year.is_none() => year = word.parse().ok(),
                1 | 2 if day.is_none() => day = word.parse().ok(),
                _ => {}
            }
        } else if month.is_none() && word.len() >= 3 {
            month = known().map(|(_, month)| month);
        }
    }
    PartialDate::day(year?, month?, day?)
}

fn starts_with(word: &str, name: &str) -> bool {
    word.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_notations() {
        for text in [
            "2025-05-23",
            "2025-05-23T10:00:00+08:00",
            "2025-05-23 10:00",
            "2025/5/23",
            "2025.5.23",
            "2025年5月23日",
            "2025年05月23日 10:21",
            "2025 年 5 月 23 日",
            "２０２５－０５－２３",
            "20250523",
            "20250523102100",
            "1747965600",
            "1747965600000",
            "Fri, 23 May 2025 10:00:00 GMT",
            "May 23, 2025",
            "发布时间：2025-05-23",
            "2025-05-22T23:10:00Z",
            "2025-05-22T18:10:00-05:00",
            "114-05-23",
            "民國114年5月23日",
        ] {
            assert_eq!(
                parse(text).map(|date| date.to_string()).as_deref(),
                Some("2025-05-23"),
                "{text}"
            );
        }
        for (text, date) in
            [("2025年5月", "2025-05"), ("2025-5", "2025-05"), ("2025", "2025"), ("2025年", "2025")]
        {
            assert_eq!(parse(text).unwrap().to_string(), date);
        }
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in [
            "",
            "昨天",
            "2025-02-30",
            "23/05",
            "0",
            "99999999999999999999",
            "2025-13-01",
            "１２",
            "年年年年",
            "114-5-23",
            "110.12.01",
            "999-05-23",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_date_of_a_line_is_found() {
        let line = "来源：本站 电话0635-12345678 2025-05-23 10:00";
        let (date, at) = first(line).unwrap();
        assert_eq!((date.to_string().as_str(), &line[at]), ("2025-05-23", "2025-05-23"));
    }

    #[test]
    fn short_years_are_dates_only_where_they_may_be() {
        for (line, of_1911, date) in [
            ("发布时间: 23-07-12 09:14", Some(false), Some("2023-07-12")),
            ("發布日期：98/05/13", Some(true), Some("2009-05-13")),
            ("發布日期：105/05/20", Some(true), Some("2016-05-20")),
            ("中華民國98年5月13日", None, Some("2009-05-13")),
            ("比分 23-07-12", None, None),
        ] {
            let found = all(line, |_| of_1911).next();
            assert_eq!(found.map(|(date, _)| date.to_string()).as_deref(), date, "{line}");
        }
    }

    #[test]
    fn an_instant_is_a_day_in_china() {
        for (written, day) in [
            ("2022-03-14T16:30:00.000Z", Some("2022-03-15")),
            ("2022-03-14T16:30:00+08:00", Some("2022-03-14")),
            ("2022-03-14T23:30:00+00:00", Some("2022-03-15")),
            ("2022-03-14 16:30", None),
        ] {
            assert_eq!(china_day(written).map(|day| day.to_string()).as_deref(), day, "{written}");
        }
    }

    #[test]
    fn addresses_tell_dates() {
        for (url, date) in [
            ("http://www.example.cn/2024-05/13/content_37319243.htm", Some("2024-05-13")),
            ("http://example.gov.cn/xw/202405/t20240513_12345.html", Some("2024-05-13")),
            ("https://example.com/20240520/5012641.shtml", Some("2024-05-20")),
            ("https://example.com/2024/5/3/a.html", Some("2024-05-03")),
            ("https://example.com/n/2020/0102/c1.html", Some("2020-01-02")),
            ("https://example.com/a/778336904_120702", None),
            ("https://20240513.example.com/", None),
            ("https://example.com/id/99999999", None),
        ] {
            assert_eq!(in_address(url).map(|date| date.to_string()).as_deref(), date, "{url}");
        }
    }

    #[test]
    fn dates_in_characters_are_read() {
        for (text, date) in [
            ("二〇〇五年四月二十六日", Some("2005-04-26")),
            ("二○一二年十月十日", Some("2012-10-10")),
            ("一九八七年十二月三十一日", Some("1987-12-31")),
            ("二〇〇五年二月三十日", None),
            ("八七年二月三日", None),
            ("二〇〇五年四月", None),
        ] {
            assert_eq!(in_characters(text).map(|date| date.to_string()).as_deref(), date, "{text}");
        }
    }
}
