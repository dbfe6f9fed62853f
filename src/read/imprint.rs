//! [`Imprint`]: when and by whom a text without markup says that it was published.
//!
//! It stands in lines of its own about the title, `发布时间:2019-09-15 来源:某某网 浏览:18次`,
//! behind the title on its line, or as the date that closes an official document. A line
//! counts only if all of it is fields of that kind: a date in a sentence is none.

mod fields;
mod view;

use std::ops::Range;

use self::{
    fields::{BRACKETS, Line, Rank},
    view::{View, trimmed},
};
pub(super) use self::{
    fields::{Data, Fields},
    view::without_annotations,
};
use super::{furniture::PageRules, published};
use crate::{chars, date::PartialDate};

/// Lines that are not blank, from the first, that may be of the imprint.
const HEAD: usize = 10;
/// The same from the last.
const FOOT: usize = 8;
/// A date alone may stand among the first of these.
const LONE_HEAD: usize = 4;
/// Characters in which a date before a text ends.
const LEAD: usize = 60;
/// Bytes of a line that is surely short enough to be of the imprint.
const SHORT: usize = 160;
/// Characters of a title, at least.
const TITLE: usize = 4;

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
            // Most lines are told apart by how they begin: a line without a number has no
            // date behind a title.
            let title = || line.len() <= SHORT && !line.contains(chars::is_numeric);
            if fields.is_prose(line, &rules.fold)
                && (sentences || title() || is_whole_sentence(line))
            {
                sentences |= line.contains('。');
                left += 1;
                continue;
            }
            let view = View::of(line, &rules.fold);
            let text = view.as_ref().map_or("", |view| trimmed(&view.text));
            let inner = text.trim_start_matches(BRACKETS).trim_end_matches(BRACKETS);
            let found = fields.parse(inner);
            if found.is_none()
                && nth < HEAD
                && !sentences
                && let Some((date, end)) = before_text(fields, line, rules)
            {
                best = better(best, Some(date));
                imprint.cuts.push(start..start + end);
                sentences |= text.is_empty() || text.contains('。');
                left += 1;
                continue;
            }
            let Some(view) = &view else {
                sentences = true;
                left += 1;
                continue;
            };
            // The first line is the title, and what has long words before its fields.
            let titled = found.is_none_or(|found| found.bare > 0 && (nth == 0 || !found.tight()));
            if titled
                && nth < HEAD
                && !sentences
                && let Some((at, found)) = behind_title(fields, &view.text)
            {
                best = better(best, found.date);
                imprint.name(&found, view, line);
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
            imprint.name(&found, view, line);
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
    // Labels stand before a colon.
    let colon = text.contains(':');
    for (at, c) in text.char_indices() {
        if before >= TITLE && !c.is_whitespace() {
            let rest = &text[at..];
            let label = || {
                labels.iter().flat_map(|labels| labels.iter()).any(|label| {
                    let rest = rest.strip_prefix(label.as_str());
                    rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
                })
            };
            if (last.is_whitespace() || last == '|' || colon && fields.may_begin(c) && label())
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

/// Whether the first sentence of a line is closed, and nothing in it may part it from fields.
fn is_whole_sentence(line: &str) -> bool {
    for c in line.trim_start().chars() {
        match c {
            '\u{4e00}'..='\u{9fff}' | '，' | '、' => {}
            '。' => return true,
            '|' | '｜' | ':' | '：' => return false,
            c if c.is_whitespace() => return false,
            _ => {}
        }
    }
    false
}

/// The labelled date that a line of text begins with, and where its text begins.
fn before_text(
    fields: &Fields,
    line: &str,
    rules: &PageRules,
) -> Option<((PartialDate, Rank), usize)> {
    let first = line.trim_start().chars().next()?;
    if !fields.may_begin(rules.fold.get(published::narrow_char(first))) {
        return None;
    }
    let head = line.char_indices().nth(LEAD).map_or(line, |(end, _)| &line[..end]);
    let view = View::of(head, &rules.fold)?;
    let (date, end) = fields.before_text(&view.text)?;
    Some((date, view.at(end)))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The date, the publisher, and the text without its imprint.
    fn imprint(text: &str) -> (Option<String>, Option<String>, String) {
        let rules = PageRules::bundled().unwrap();
        let lines = lines(text);
        let imprint = Imprint::of(&lines, tail(&lines, rules), rules);
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
            ("更新时间:2023-08-03 10:40:28 点击数 文章录入:罗一 责任编辑:罗二", "2023-08-03", None),
            ("2023-08-03 22:50 / 作者:罗一 / 分类:要闻", "2023-08-03", None),
            ("2023-08-03  标签: 来源:山水网  作者:罗一", "2023-08-03", Some("山水网")),
            ("时间:2023-08-03 12:11:14  来源:山水网  编辑:", "2023-08-03", Some("山水网")),
            ("来源:山水网时间:2023-08-03", "2023-08-03", Some("山水网")),
            ("发布于: 2023/8/3  8:38 pm 更新于: 2023/8/4, 8:38 pm", "2023-08-03", None),
            ("发布日期:2023-08-03 浏览次数:  字号:〖大 中 小〗", "2023-08-03", None),
            ("发表于 2023-8-3 11:23:50 | 只看该作者 回帖奖励 |倒序浏览", "2023-08-03", None),
            ("03.08.2023  00:03", "2023-08-03", None),
            ("2023-08-03 10:00来源：山水网 作者：罗一", "2023-08-03", Some("山水网")),
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
    fn a_labelled_date_before_a_text_is_cut_from_its_line() {
        for (start, date) in [
            (" date 2025-10-18 ", Some("2025-10-18")),
            ("Updated: 2025-10-18 15:36 ", Some("2025-10-18")),
            ("发布时间：2025-10-18 15:36　", Some("2025-10-18")),
            ("签约时间：2025-10-18 ", None),
            ("发布于2025年10月18日 的", None),
            ("date 2025-10-18", None),
        ] {
            let (found, _, rest) = imprint(&format!("{start}青川市与松博特市今日结好。\n{BODY}"));
            assert_eq!(found.as_deref(), date, "{start}");
            let kept = if date.is_some() { "" } else { start };
            assert_eq!(rest, format!("{kept}青川市与松博特市今日结好。\n{BODY}"), "{start}");
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
}
