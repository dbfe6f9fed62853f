//! [`Imprint`]: when and by whom a text without markup says that it was published.
//!
//! It stands in lines of its own about the title, `发布时间:2019-09-15 来源:某某网 浏览:18次`,
//! behind the title on its line, or as the date that closes an official document. A line
//! counts only if all of it is fields of that kind: a date in a sentence is none.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use regex::Regex;
use serde::Deserialize;

use super::{furniture::PageRules, published};
use crate::{date::PartialDate, rule::DataError};

/// Lines that are not blank, from the first, that may be of the imprint.
const HEAD: usize = 10;
/// The same from the last.
const FOOT: usize = 8;
/// A date alone may stand among the first of these.
const LONE_HEAD: usize = 4;
/// Characters of a line of the imprint, and of one with the title before it.
const LONGEST: usize = 160;
/// Words without a label in one line: an outlet, `记者` and a name.
const BARE: usize = 3;
/// Characters of a title, at least.
const TITLE: usize = 4;

/// `[imprint]` of `rules/page.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    published: Vec<String>,
    updated: Vec<String>,
    weak: Vec<String>,
    events: Vec<String>,
    source: Vec<String>,
    editors: Vec<String>,
    people: Vec<String>,
    others: Vec<toml::Spanned<String>>,
    bylined: toml::Spanned<String>,
    outlet: toml::Spanned<String>,
}

/// How the lines of an imprint read.
#[derive(Debug)]
pub(super) struct Fields {
    date: Regex,
    source: Regex,
    editors: Regex,
    people: Regex,
    others: Regex,
    bylined: Regex,
    outlet: Regex,
    published: Vec<String>,
    updated: Vec<String>,
    weak: Vec<String>,
    events: Vec<String>,
    source_labels: Vec<String>,
}

impl Fields {
    pub(super) fn new(
        data: Data,
        check: impl Fn(&toml::Spanned<String>) -> Result<Regex, DataError>,
        error: impl Fn(&regex::Error) -> DataError,
    ) -> Result<Self, DataError> {
        let Data { published, updated, weak, events, source, editors, people, .. } = data;
        for pattern in &data.others {
            check(pattern)?;
        }
        let new = |pattern: String| Regex::new(&pattern).map_err(|e| error(&e));
        let any = |labels: &[&[String]]| {
            let mut labels: Vec<_> =
                labels.iter().flat_map(|l| l.iter()).map(|l| regex::escape(l)).collect();
            // Of two labels of which one begins the other the longer is meant.
            labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
            labels.join("|")
        };
        let others: Vec<_> = data.others.iter().map(|p| p.get_ref().as_str()).collect();
        Ok(Self {
            date: new(format!(
                r"^(?:(?<label>{})\s*:?\s*)?(?<date>\d{{4}}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}(?:\s*日)?)(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?(?<clock>[\sT]*(?:上午|下午|晚上?|凌晨)?\s*\d{{1,2}}\s*[:时点]\s*\d{{1,2}}(?:\s*[:分]\s*\d{{1,2}}(?:\s*秒)?)?分?)?",
                any(&[&published, &updated, &weak])
            ))?,
            source: new(format!(
                r#"^(?:{})\s*:\s*[“"《]?(?<name>[^\s|,;<>\[\]():”"》。]{{2,30}})[”"》]?"#,
                any(&[&source])
            ))?,
            editors: new(format!(
                r"^(?:{})\s*[:/]\s*[^\s|,;:()。]{{1,12}}(?:[、,]\s*[^\s|,;:()。]{{1,12}}){{0,4}}",
                any(&[&editors])
            ))?,
            people: new(format!(
                r"^(?:{})\s*[:/]\s*[^\s|,;:()。]{{1,12}}(?:[、,]\s*[^\s|,;:()。]{{1,12}}){{0,4}}",
                any(&[&people])
            ))?,
            others: new(format!("^(?:{})", others.join("|")))?,
            bylined: check(&data.bylined)?,
            outlet: check(&data.outlet)?,
            published,
            updated,
            weak,
            events,
            source_labels: source,
        })
    }

    /// Whether a line names the editor and nothing else.
    pub(super) fn is_editors(&self, line: &str, fold: &HashMap<char, char>) -> bool {
        let Some(view) = View::of(line, fold) else { return false };
        let text = trimmed(&view.text);
        text.contains([':', '/'])
            && self.parse(text.trim_start_matches(BRACKETS).trim_end_matches(BRACKETS)).is_some_and(
                |line| line.editors && !line.dated() && line.source.is_none() && line.bare == 0,
            )
    }

    /// The text without a label of the source before it.
    pub(super) fn without_source_label<'t>(&self, text: &'t str) -> &'t str {
        let labels =
            self.source_labels.iter().filter_map(|label| text.strip_prefix(label.as_str()));
        labels.min_by_key(|rest| rest.len()).unwrap_or(text)
    }

    /// Whether a line under the title of a page says when and by whom, in fields with
    /// signs between them.
    pub(super) fn is_under_title(&self, line: &str, fold: &HashMap<char, char>) -> bool {
        let Some(view) = View::of(line, fold) else { return false };
        let parted = view.text.contains(['|', '·', '•']);
        let fits = |line: Line<'_>| line.counts() || (line.dated() && line.longest_bare <= 8);
        parted && self.parse(trimmed(&view.text)).is_some_and(fits)
    }

    /// The fields of a line, if it has nothing else.
    fn parse<'l>(&self, text: &'l str) -> Option<Line<'l>> {
        let mut line = Line::default();
        let mut at = 0;
        loop {
            let rest = &text[at..];
            let rest =
                rest.trim_start_matches(|c: char| c.is_whitespace() || "|/·•,;-".contains(c));
            at = text.len() - rest.len();
            if rest.is_empty() {
                return (line.fields > 0).then_some(line);
            }
            let field = if let Some(found) = self.date.captures(rest) {
                let end = found.get(0).map_or(0, |all| all.end());
                // `2022年8月10日上午,两市…`: not a field, but the beginning of a sentence.
                let next = rest[end..].chars().next();
                if next.is_some_and(char::is_alphanumeric) {
                    return None;
                }
                let (date, _) = published::first(found.name("date")?.as_str())?;
                let label = found.name("label").map(|label| label.as_str());
                let is = |labels: &[String]| label.is_some_and(|l| labels.iter().any(|x| x == l));
                let rank = match label {
                    Some(_) if is(&self.published) => Rank::Published,
                    Some(_) if is(&self.updated) => Rank::Updated,
                    Some(_) => Rank::Weak,
                    None if found.name("clock").is_some() => Rank::Clock,
                    None => Rank::Alone,
                };
                if line.date.is_none_or(|(_, other)| rank < other) {
                    line.date = Some((date, rank));
                }
                end
            } else if let Some(found) = self.source.captures(rest) {
                line.source = line.source.or(found.name("name").map(|name| name.as_str()));
                found.get(0).map_or(0, |all| all.end())
            } else if let Some(found) = self.editors.find(rest) {
                line.editors = true;
                found.end()
            } else if let Some(found) = self.people.find(rest) {
                found.end()
            } else if let Some(found) = self.others.find(rest) {
                line.others = true;
                found.end()
            } else {
                0
            };
            if field > 0 {
                line.fields += 1;
                at += field;
                continue;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '|').unwrap_or(rest.len());
            let word = &rest[..end];
            let plain = |c: char| c.is_alphanumeric() || "《》·-()".contains(c);
            let length = word.chars().count();
            if line.bare == BARE || length > 16 || !word.chars().all(plain) {
                return None;
            }
            line.bare += 1;
            line.longest_bare = line.longest_bare.max(length);
            line.bylined |= self.bylined.is_match(word);
            if line.outlet.is_none() && self.outlet.is_match(word) {
                line.outlet = Some(word);
            }
            at += end;
        }
    }
}

/// What may stand about a whole line of fields.
const BRACKETS: [char; 8] = ['(', ')', '[', ']', '【', '】', '〔', '〕'];

/// How much a date is worth, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Behind a label that says it is that of publication.
    Published,
    /// With the time of the day.
    Clock,
    /// With nothing.
    Alone,
    /// Behind a label that other dates have, too.
    Weak,
    /// When it was last changed.
    Updated,
}

/// The fields of one line.
#[derive(Clone, Copy, Debug, Default)]
struct Line<'l> {
    date: Option<(PartialDate, Rank)>,
    source: Option<&'l str>,
    outlet: Option<&'l str>,
    editors: bool,
    others: bool,
    /// Whether a word without a label is of a byline.
    bylined: bool,
    fields: usize,
    /// Words without a label, and the characters of the longest.
    bare: usize,
    longest_bare: usize,
}

impl Line<'_> {
    fn dated(&self) -> bool {
        self.date.is_some()
    }

    /// Whether a label or the time of the day speaks for its date.
    fn surely_dated(&self) -> bool {
        let strong = matches!(self.date, Some((_, Rank::Published | Rank::Clock | Rank::Updated)));
        strong || (self.dated() && (self.source.is_some() || self.others))
    }

    /// Whether words without a label are of a byline, or too short for a title.
    fn tight(&self) -> bool {
        self.bylined || self.longest_bare <= TITLE
    }

    /// Whether the line is of the imprint, wherever it stands. A date alone is not.
    fn counts(&self) -> bool {
        let words = self.bare == 0 || (self.dated() && self.tight());
        let bylined = self.bare > 0 && self.bylined && self.dated();
        let said = self.surely_dated() || self.source.is_some() || self.editors || bylined;
        words && said
    }
}

/// When and by whom a text without markup says that it was published, and where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Imprint {
    /// The date of publication.
    pub(super) published: Option<PartialDate>,
    /// Who published it.
    pub(super) publisher: Option<String>,
    /// What of the text is imprint, in order; whole lines with their line ends, and ends
    /// of lines.
    pub(crate) cuts: Vec<Range<usize>>,
}

impl Imprint {
    /// The imprint of a text whose tail of furniture begins at `lines[tail]`.
    pub(crate) fn of(lines: &[(usize, &str)], tail: usize, rules: &PageRules) -> Self {
        let fields = &rules.imprint;
        let mut imprint = Self::default();
        let mut best: Option<(PartialDate, Rank)> = None;
        let written: Vec<usize> = (0..tail).filter(|n| !lines[*n].1.trim().is_empty()).collect();
        let foot = written.len().saturating_sub(FOOT).max(HEAD);
        let (mut sentences, mut left) = (false, 0);
        for (nth, &n) in written.iter().enumerate() {
            if nth >= HEAD && nth < foot {
                left += 1;
                continue;
            }
            let (start, line) = lines[n];
            let Some(view) = View::of(line, &rules.fold) else {
                sentences = true;
                left += 1;
                continue;
            };
            let text = trimmed(&view.text);
            let inner = text.trim_start_matches(BRACKETS).trim_end_matches(BRACKETS);
            let found = fields.parse(inner);
            // The first line is the title, and what has long words before its fields.
            let titled = found.is_none_or(|found| found.bare > 0 && (nth == 0 || !found.tight()));
            if titled
                && nth < HEAD
                && !sentences
                && let Some((at, found)) = behind_title(fields, &view.text)
            {
                best = better(best, found.date);
                imprint.name(&found, &view, line);
                imprint.cuts.push(start + view.at(at)..start + line.trim_end().len());
                continue;
            }
            let Some(found) = found else {
                sentences |= text.contains('。');
                left += 1;
                continue;
            };
            let next = written.get(nth + 1).map_or("", |n| lines[*n].1);
            let event = matches!(found.date, Some((_, Rank::Weak)))
                && fields.events.iter().any(|word| next.contains(word.as_str()));
            let alone = matches!(found.date, Some((_, Rank::Alone | Rank::Weak)))
                && found.bare == 0
                && nth < LONE_HEAD
                && !sentences
                && !event
                && only_date(lines, n);
            if !alone && (!found.counts() || event) {
                left += 1;
                continue;
            }
            // What the author put in brackets is the author's, save the editor's line.
            let meant = text.starts_with('(') && !found.editors && !found.surely_dated() && !alone;
            imprint.name(&found, &view, line);
            if nth < HEAD || found.surely_dated() {
                best = better(best, found.date);
            }
            if meant {
                left += 1;
            } else {
                imprint.cuts.push(start..start + line.len());
            }
        }
        // Nothing but an imprint is a text after all.
        if left == 0 {
            return Self::default();
        }
        imprint.published = best.map(|(date, _)| date).or_else(|| closing(lines, &written, rules));
        imprint
    }

    fn name(&mut self, found: &Line<'_>, view: &View, line: &str) {
        if self.publisher.is_none() {
            let name = found.source.or(found.outlet).map(|name| view.written(name, line));
            self.publisher = name.map(|name| without_annotations(name).into_owned());
        }
    }
}

/// The lines of a text, each with its start and its line end.
pub(crate) fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let with_start = |line: &'_ str| {
        start += line.len();
        start - line.len()
    };
    let starts: Vec<usize> = text.split_inclusive('\n').map(with_start).collect();
    starts.into_iter().zip(text.split_inclusive('\n')).collect()
}

/// Where the tail of a text begins: the line that begins one, if nothing but furniture
/// and short lines follow.
pub(crate) fn tail(lines: &[(usize, &str)], rules: &PageRules) -> usize {
    let is_article =
        |line: &str| line.contains(['。', '！', '？', '；']) && !rules.is_furniture(line);
    let body = lines.iter().rposition(|(_, line)| is_article(line)).map_or(0, |last| last + 1);
    let tail = lines[body..].iter().position(|(_, line)| rules.begins_tail(line.trim()));
    tail.map_or(lines.len(), |n| body + n)
}

fn better(
    best: Option<(PartialDate, Rank)>,
    found: Option<(PartialDate, Rank)>,
) -> Option<(PartialDate, Rank)> {
    match (best, found) {
        (Some(best), Some(found)) if found.1 < best.1 => Some(found),
        (best, found) => best.or(found),
    }
}

/// The fields behind a title on its line, and where they begin.
fn behind_title<'l>(fields: &Fields, text: &'l str) -> Option<(usize, Line<'l>)> {
    let labels = [&fields.published, &fields.updated, &fields.weak, &fields.source_labels];
    let mut before = 0;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        if before >= TITLE && !c.is_whitespace() {
            let rest = &text[at..];
            let label = || {
                labels.iter().flat_map(|labels| labels.iter()).any(|label| {
                    let rest = rest.strip_prefix(label.as_str());
                    rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
                })
            };
            if (last.is_whitespace() || last == '|' || label())
                && let Some(line) = fields.parse(rest.trim_end())
                && line.bare == 0
                && line.surely_dated()
            {
                return Some((text[..at].trim_end_matches([' ', '|']).len(), line));
            }
        }
        if c == '。' {
            return None;
        }
        before += usize::from(!c.is_whitespace());
        last = c;
    }
    None
}

/// Whether no line but this one is a date and nothing else: a list may have many.
fn only_date(lines: &[(usize, &str)], n: usize) -> bool {
    lines.iter().enumerate().all(|(other, (_, line))| other == n || lone_date(line).is_none())
}

/// The date that closes a document: alone on the last line of the article, or behind
/// whoever signs it.
fn closing(lines: &[(usize, &str)], written: &[usize], rules: &PageRules) -> Option<PartialDate> {
    let mut last = written.iter().rev().take(FOOT).copied().filter(|n| {
        let line = lines[*n].1;
        !rules.is_furniture(line) && !rules.is_editors(line)
    });
    let n = last.next()?;
    let date = lone_date(lines[n].1)?;
    // A row of a list has others above it that end alike.
    let before = lines[last.next()?].1.trim();
    (only_date(lines, n)
        && published::first(&published::narrow(before)).is_none_or(|(_, at)| at.end < before.len()))
    .then_some(date)
}

/// The date that a line is.
fn lone_date(line: &str) -> Option<PartialDate> {
    let line = line.trim().trim_matches(|c| matches!(c, '(' | ')' | '（' | '）' | '　'));
    if line.len() > 60 || !line.ends_with(|c: char| c == '日' || c.is_numeric()) {
        return None;
    }
    let text = published::narrow(line);
    match published::first(&text) {
        Some((date, at)) => (at == (0..text.len())).then_some(date),
        None => published::in_characters(&text),
    }
}

/// A line with its annotations left out, its signs made narrow, and the characters of
/// furniture in simplified script.
struct View {
    text: String,
    /// Where in the line each byte of `text` stands.
    at: Vec<usize>,
}

impl View {
    /// `None` for a line that is too long to be of an imprint, or empty.
    fn of(line: &str, fold: &HashMap<char, char>) -> Option<Self> {
        let line = line.trim_end();
        if line.len() > 6 * LONGEST {
            return None;
        }
        let mut view = Self { text: String::with_capacity(line.len()), at: Vec::new() };
        let mut skip = 0;
        for (at, c) in line.char_indices() {
            if at < skip {
                continue;
            }
            if matches!(c, '(' | '（')
                && view.text.ends_with(is_han)
                && let Some(length) = annotation(&line[at..])
            {
                skip = at + length;
                continue;
            }
            let c = published::narrow_char(c);
            view.text.push(fold.get(&c).copied().unwrap_or(c));
            view.at.resize(view.text.len(), at);
        }
        let short = view.text.chars().count() <= LONGEST;
        (short && !view.text.trim().is_empty()).then_some(view)
    }

    /// Where in the line the byte at `at` of the view stands.
    fn at(&self, at: usize) -> usize {
        self.at[at]
    }

    /// How a piece of the view is written in the line, script and all.
    fn written<'l>(&self, piece: &str, line: &'l str) -> &'l str {
        let start = piece.as_ptr() as usize - self.text.as_ptr() as usize;
        let end = self.at.get(start + piece.len()).copied().unwrap_or(line.trim_end().len());
        line.get(self.at[start]..end).unwrap_or_default()
    }
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9FFF}').contains(&c)
}

/// How long the pinyin in brackets is with which the text begins.
fn annotation(text: &str) -> Option<usize> {
    let mut inside = text.char_indices().skip(1).take(40);
    let (end, close) = inside.find(|(_, c)| !c.is_alphabetic() || is_han(*c))?;
    (matches!(close, ')' | '）') && end > 1).then(|| end + close.len_utf8())
}

/// A line without its pinyin in brackets; borrowed if it has none.
pub(super) fn without_annotations(line: &str) -> Cow<'_, str> {
    let mut text = String::new();
    let mut kept = 0;
    for (at, c) in line.char_indices() {
        if at >= kept
            && matches!(c, '(' | '（')
            && line[..at].ends_with(is_han)
            && let Some(length) = annotation(&line[at..])
        {
            text.push_str(&line[kept..at]);
            kept = at + length;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(line);
    }
    text.push_str(&line[kept..]);
    Cow::Owned(text)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "|·•".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The date, the publisher, and the text without its imprint.
    fn imprint(text: &str) -> (Option<String>, Option<String>, String) {
        let rules = PageRules::new().unwrap();
        let lines = lines(text);
        let imprint = Imprint::of(&lines, tail(&lines, &rules), &rules);
        let mut rest = text.to_owned();
        for cut in imprint.cuts.iter().rev() {
            rest.replace_range(cut.clone(), "");
        }
        (imprint.published.map(|date| date.to_string()), imprint.publisher, rest)
    }

    const BODY: &str = "两市2011年3月4日签署协议，结为友好城市。\n此后往来不断。";

    #[test]
    fn lines_under_the_title_tell_the_date() {
        for (line, date, publisher) in [
            (
                "发布时间:2019-09-15 08:30 来源:北原新闻网 浏览:1873次",
                "2019-09-15",
                Some("北原新闻网"),
            ),
            ("2022年8月10日 14:02", "2022-08-10", None),
            ("2019年6月21日 14:02", "2019-06-21", None),
            ("更新时间：2023-08-03 11:20:45　浏览次数：12", "2023-08-03", None),
            ("發布時間：2023-08-03　來源：海港快訊", "2023-08-03", Some("海港快訊")),
            (
                "发(fā)布时(shíjiān)间：2023-08-03 来源(yuán)：海港快讯",
                "2023-08-03",
                Some("海港快讯"),
            ),
            ("山水日报 记者 罗一 2022年8月10日", "2022-08-10", Some("山水日报")),
            ("来源：山水日报 | 作者：罗一 | 2022/8/10", "2022-08-10", Some("山水日报")),
            ("2022-08-10 10:21:00 山水网 责任编辑：罗一", "2022-08-10", Some("山水网")),
            ("更新时间：2023-08-05 发布时间：2023-08-03", "2023-08-03", None),
            ("2023年8月3日", "2023-08-03", None),
            ("（2023-08-03）", "2023-08-03", None),
            ("日期：2023年8月3日", "2023-08-03", None),
            ("【发布日期：2023-08-03】【字号：大 中 小】", "2023-08-03", None),
        ] {
            let (found, by, rest) = imprint(&format!("青川市与松博特市结好\n{line}\n{BODY}"));
            assert_eq!(found.as_deref(), Some(date), "{line}");
            assert_eq!(by.as_deref(), publisher, "{line}");
            assert_eq!(rest, format!("青川市与松博特市结好\n{BODY}"), "{line}");
        }
    }

    #[test]
    fn what_is_glued_to_the_title_is_cut_within_the_line() {
        for (line, title) in [
            ("青川与松博特结好 发布:2025-10-18 19:44 阅读 6021", "青川与松博特结好"),
            ("青川(chuān)与松博特结(jié)好　2025-10-18 19:44", "青川(chuān)与松博特结(jié)好"),
            ("青川与松博特结好发布时间：2025年10月18日 来源：山水网", "青川与松博特结好"),
        ] {
            let (date, _, rest) = imprint(&format!("{line}\n{BODY}"));
            assert_eq!(date.as_deref(), Some("2025-10-18"), "{line}");
            assert_eq!(rest, format!("{title}\n{BODY}"), "{line}");
        }
    }

    #[test]
    fn the_end_of_a_text_tells_its_date() {
        for (end, date, rest) in [
            ("2005年4月26日\n", "2005-04-26", "2005年4月26日\n"),
            (
                "市外事办公室\n二〇〇五年十二月二十六日",
                "2005-12-26",
                "市外事办公室\n二〇〇五年十二月二十六日",
            ),
            (
                "2005年4月26日\n（责任编辑：罗一）\n上一篇：无",
                "2005-04-26",
                "2005年4月26日\n上一篇：无",
            ),
            ("来源：山水网\n发布时间：2005-04-26 10:00", "2005-04-26", ""),
        ] {
            let (found, _, left) = imprint(&format!("青川与松博特结好\n{BODY}\n{end}"));
            assert_eq!(found.as_deref(), Some(date), "{end}");
            assert_eq!(left, format!("青川与松博特结好\n{BODY}\n{rest}"), "{end}");
        }
    }

    #[test]
    fn other_dates_are_none_and_what_the_author_wrote_stays() {
        for text in [
            "青川与松博特结好\n2023年8月3日，两市签约。\n此后往来不断。",
            "青川与松博特结好\n8月3日 14:02\n两市签约。",
            "青川市友好城市名单\n松博特市\n2024年5月12日\n津山市\n1987年6月3日",
            "青川市友好城市名单\n松博特市 2024年5月12日\n津山市 1987年6月3日",
            "青川市友好城市名单\n日本津山市 1987年6月3日",
            "招待会通知\n时间：2024年5月1日14:30\n地点：市政府礼堂\n请准时出席。",
            "青川与松博特结好\n阅读 20190915 次\n两市签约。",
            "青川与松博特结好\n两市签约。\n记者 罗一 报道",
            "青川与松博特结好\n两市签约。\n（记者：罗一 摄影：罗二）",
            "青川与松博特结好\n两市签约。\n（来源：山水网）",
            "青川与松博特结好\n两市签约。\n(制图 罗一)",
            "青川与松博特结好 2023年8月3日签约\n两市签约。",
            "1987年6月3日",
            "",
        ] {
            let (date, _, rest) = imprint(text);
            assert_eq!((date, rest.as_str()), (None, text));
        }
    }

    #[test]
    fn lines_of_editors_are_told_from_sentences() {
        let rules = PageRules::new().unwrap();
        for line in ["责任编辑：周敏", "[责任编辑：段云]", "（编辑：周敏 审核：段云）", "责编/周敏"]
        {
            assert!(rules.is_editors(line), "{line}");
        }
        for line in ["编辑：这个词的意思是整理。", "记者：周敏", "文/周敏", "编辑部的故事"]
        {
            assert!(!rules.is_editors(line), "{line}");
        }
    }
}
