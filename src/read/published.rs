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
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return from_epoch(at.as_second());
    }
    if let Some((date, at)) = first(text) {
        // A date and, at most, a time and a word: not the first date of a sentence.
        let around = text[..at.start].chars().chain(text[at.end..].chars());
        return (around.filter(|c| c.is_alphanumeric()).count() <= 24).then_some(date);
    }
    month_only(text).or_else(|| english(text))
}

/// The first full date in `text`, and where it stands.
pub(super) fn first(text: &str) -> Option<(PartialDate, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if matches!(run, 3 | 4)
            && let Some((date, end)) = day_at(text, at, run)
        {
            return Some((date, at..end));
        }
        at += run;
    }
    None
}

/// The day whose year of so many digits stands at `at`: year, separator, month, separator,
/// day. Three digits are a year of Taiwan, which counts from 1912.
fn day_at(text: &str, at: usize, digits: usize) -> Option<(PartialDate, usize)> {
    let taiwan = digits == 3;
    let year: i16 = text.get(at..at + digits)?.parse().ok()?;
    let year = if taiwan { year.checked_add(1911)? } else { year };
    let mut scan = Scan { text, at: at + digits };
    let separator = scan.separator(&['-', '/', '.', '年', '－', '—', '–'])?;
    // `108-3-6` and `110.12.1` may be anything.
    let two =
        |scan: &Scan<'_>| scan.text[scan.at..].bytes().take_while(u8::is_ascii_digit).count() == 2;
    if taiwan && separator != '年' && !(matches!(separator, '-' | '/') && two(&scan)) {
        return None;
    }
    let month = scan.number()?;
    let wanted = if separator == '年' { ['月', '月'] } else { [separator, '-'] };
    scan.separator(&wanted)?;
    if taiwan && separator != '年' && !two(&scan) {
        return None;
    }
    let day = scan.number()?;
    let years = if taiwan { 2011..=2060 } else { 1900..=2100 };
    years.contains(&year).then_some(())?;
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
    fn addresses_tell_dates() {
        for (url, date) in [
            ("http://www.example.cn/2024-05/13/content_37319243.htm", Some("2024-05-13")),
            ("https://example.cn/art/2024/5/13/art_12_345678.html", Some("2024-05-13")),
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
