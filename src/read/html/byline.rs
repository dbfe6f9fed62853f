//! When and by whom a page was published.
//!
//! A date is believed for its label or for where it stands: alone in a line between the
//! title and the first sentences. One that has the label of something else, that stands
//! in a row of a table, beside a link, or below the article, dates something else.

use std::ops::Range;

use super::{
    flow::{Flow, Hint, Line},
    meta::Meta,
    weigh::Main,
};
use crate::{
    article::{BlockKind, Origin, Published},
    date::PartialDate,
    notes::{Notes, Stage, Why},
    read::{PageRules, labels::Label, published},
};

/// Lines above the title that may say when, those between title and text, those below it.
const ABOVE: usize = 12;
const BETWEEN: usize = 60;
const BELOW: usize = 14;
/// Chinese characters of a byline that is all links.
const LINKED: usize = 14;
/// Bytes of a line that is a date and nothing else.
const WHOLE: usize = 60;

/// The date of a page: from its metadata, from the lines about its title, from a script,
/// its address.
pub(super) fn published(
    flow: &Flow,
    meta: &Meta,
    rules: &PageRules,
    near: &Near,
    (url, page): (Option<&str>, &str),
    notes: &mut Notes,
) -> Option<Published> {
    let shown = on_page(flow, rules, near).map(|found| found.date);
    let stated = meta.published.iter().map(String::as_str).chain(meta.first(&rules.date_meta));
    for written in stated {
        match published::parse(written).filter(|date| published::is_plausible(*date)) {
            // An instant in another zone: the day that readers saw.
            Some(date) => {
                let day = published::china_day(written).unwrap_or(date);
                let date = if shown == Some(date) { date } else { day };
                return Some(Published { date, origin: Origin::Metadata });
            }
            None => notes.push(Stage::Read, Why::BadDate, written),
        }
    }
    if let Some(date) = shown {
        return Some(Published { date, origin: Origin::Page });
    }
    // The scripts of the page are not in its tree.
    let scripted = || published::parse(rules.scripted_date(page)?);
    if let Some(date) = meta.time().or_else(scripted) {
        return Some(Published { date, origin: Origin::Metadata });
    }
    let date = published::in_address(url.or(meta.url.as_deref())?)?;
    Some(Published { date, origin: Origin::Url })
}

/// The lines in which a page says when and by whom.
#[derive(Debug)]
pub(super) struct Near {
    title: Option<usize>,
    /// The first line that is more than a few words.
    first: usize,
    /// From the title to its first sentences.
    between: Range<usize>,
    /// Before the title, the nearest first.
    above: Vec<usize>,
    /// After the last sentences.
    below: Vec<usize>,
}

impl Near {
    pub(super) fn of(flow: &Flow, main: &Main, title: Option<usize>) -> Self {
        let (first, last) = main.body;
        let title = title.filter(|n| *n <= last);
        let from = title.unwrap_or(first.saturating_sub(15)).min(first);
        // A table at the head of a document is read to its end.
        let is_row = |line: &&Line| matches!(line.kind, BlockKind::Row { .. });
        let rows = flow.lines[first..].iter().take_while(is_row).count();
        let end = (first + rows.max(1)).min(flow.lines.len());
        Self {
            title,
            first,
            between: from..end.min(from + BETWEEN),
            above: (from.saturating_sub(ABOVE)..from).rev().collect(),
            below: (last..flow.lines.len()).take(BELOW).collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = usize> + '_ {
        let rest = self.above.iter().chain(&self.below).copied();
        self.between.clone().chain(rest)
    }
}

/// A date, how sure it is that of publication (0 is best), and the line it is in.
struct Found {
    rank: u8,
    date: PartialDate,
    line: usize,
}

/// The date that a line near the title states.
fn on_page(flow: &Flow, rules: &PageRules, near: &Near) -> Option<Found> {
    let between = near.between.clone().flat_map(|n| dates(flow, rules, near, n, Zone::Between));
    let above = near.above.iter().flat_map(|n| dates(flow, rules, near, *n, Zone::Above));
    let below = near.below.iter().flat_map(|n| dates(flow, rules, near, *n, Zone::Below));
    between.chain(above).chain(below).min_by_key(|found| found.rank)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Between,
    Above,
    Below,
}

/// The dates of a line that may be that of publication.
fn dates(flow: &Flow, rules: &PageRules, near: &Near, n: usize, zone: Zone) -> Vec<Found> {
    let line = &flow.lines[n];
    let text = published::narrow(&flow.raw[line.at.clone()]);
    // A byline may be all links; a title beside its date is that of another page.
    let linked = line.linked * 2 > line.chars
        && (zone != Zone::Between || text.chars().filter(|c| is_han(*c)).count() > LINKED);
    if line.chars > 150 || linked || zone == Zone::Below && is_outside(flow, near, n) {
        return Vec::new();
    }
    let folded = rules.folded(&text);
    // A year of two digits is one after such a label; in traditional script of the calendar
    // of Taiwan.
    let short = |before: usize| {
        let is_traditional = text[..before] != folded[..before];
        (rules.labels.before(&folded[..before]) == Label::Published).then_some(is_traditional)
    };
    let mut found = Vec::new();
    let mut done = 0;
    for (date, at) in published::all(&text, short) {
        let before = &folded[done..at.start];
        done = at.end;
        // What a cell of its own says before the cell with the date.
        let above = n.checked_sub(1).map(|n| flow.raw[flow.lines[n].at.clone()].trim());
        let alone = before.trim().is_empty() && at.start == 0;
        let label = match rules.labels.before(before) {
            Label::None if alone => above
                .filter(|text| text.chars().count() <= 10)
                .map_or(Label::None, |text| rules.labels.of_cell(text)),
            label => label,
        };
        let is_cell = matches!(line.kind, BlockKind::Row { .. });
        let rank = match (label, zone) {
            (Label::Other, _) => continue,
            (Label::Published, Zone::Between | Zone::Above) => 0,
            (Label::Published, Zone::Below) if rules.labels.ends_with_one(before) => 1,
            (Label::Weak, Zone::Between) if !is_cell => 2,
            (Label::Weak, Zone::Above) if !is_cell => 3,
            (Label::Late, Zone::Between | Zone::Above) => 5,
            (Label::Late, Zone::Below) if rules.labels.is_one(before) => 6,
            (Label::Published | Label::Weak | Label::Late, _) => continue,
            (Label::None, _) if is_cell || Some(n) == near.title => continue,
            (Label::None, Zone::Below) if is_only_date(&text, &at) => 4,
            (Label::None, Zone::Below) => continue,
            (Label::None, _) if n == near.first && line.kind == BlockKind::ListItem => continue,
            (Label::None, Zone::Between) if is_byline(&text, &at, line) => 2,
            // Above the title stand clocks and the dates of other articles, and the heads
            // of newspapers.
            (Label::None, Zone::Above) if outlet(&text, rules).is_some() => 3,
            (Label::None, _) => continue,
        };
        found.push(Found { rank, date, line: n });
    }
    if found.is_empty() && done == 0 && zone == Zone::Between && Some(n) != near.title {
        found.extend(whole(&folded, rules).map(|date| Found { rank: 2, date, line: n }));
    }
    found
}

/// The date that a line is as a whole, but for a label: `二〇二〇年十二月二日`, `20201202`,
/// `Dec 2, 2020`.
fn whole(text: &str, rules: &PageRules) -> Option<PartialDate> {
    let text = text.trim();
    if text.len() > WHOLE {
        return None;
    }
    let (label, date) = text.split_once(':').unwrap_or(("", text));
    let date = date.trim();
    let known = label.is_empty() || rules.labels.is_one(label);
    let day = || published::parse(date).filter(|date| matches!(date, PartialDate::Day(_)));
    // A number alone may be anything.
    let is_number = label.is_empty() && date.bytes().all(|byte| byte.is_ascii_digit());
    if !known || is_number {
        return None;
    }
    published::in_characters(date).or_else(day)
}

/// The name of an outlet that stands in a line as a word of its own.
fn outlet<'t>(text: &'t str, rules: &PageRules) -> Option<&'t str> {
    text.split(|c: char| c.is_whitespace() || "|｜·()（）[]【】".contains(c))
        .filter(|part| (3..=12).contains(&part.chars().count()))
        .find(|part| rules.imprint.is_outlet(part))
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Whether a line below the article stands in a box of its own that is named as something
/// else, or right after a link.
fn is_outside(flow: &Flow, near: &Near, n: usize) -> bool {
    let last = near.below.first().copied().unwrap_or(n);
    let mut at = flow.lines[n].within;
    while at > 0 {
        if matches!(flow.boxes[at].hint, Hint::Furniture | Hint::Never) {
            return true;
        }
        at = flow.boxes[at].parent;
    }
    let is_link = |line: &Line| line.linked >= 2 && line.linked * 2 > line.chars;
    (last + 1..=n).any(|n| is_link(&flow.lines[n]))
}

/// Whether a line says little but the date: no sentence, no place and deed beside it.
fn is_byline(text: &str, at: &Range<usize>, line: &Line) -> bool {
    let rest = text[..at.start].chars().chain(text[at.end..].chars());
    let signs = rest.filter(|c| matches!(c, '。' | '，' | '；' | '！' | '？')).count();
    signs == 0 && line.chars <= 90
}

/// Whether a line is the date and at most a time of day, as documents close.
fn is_only_date(text: &str, at: &Range<usize>) -> bool {
    let rest = text[..at.start].chars().chain(text[at.end..].chars());
    let mut rest = rest.filter(|c| !c.is_whitespace());
    rest.all(|c| c.is_ascii_digit() || matches!(c, ':' | '(' | ')' | '[' | ']' | '-'))
}

/// Who published a page: what a line near its title states, its metadata, the text of
/// an element named for it.
pub(super) fn publisher(
    flow: &Flow,
    meta: &Meta,
    rules: &PageRules,
    near: &Near,
) -> Option<String> {
    let name = |text: &str| name(text, rules);
    let stated = meta.first(&rules.source_stated).find_map(name);
    let line = || {
        let lines = near.all().filter(|n| {
            let is_below = near.below.contains(n) && !near.between.contains(n);
            flow.lines[*n].chars <= 200 && !(is_below && is_outside(flow, near, *n))
        });
        let mut texts = lines.map(|n| &flow.raw[flow.lines[n].at.clone()]);
        texts.find_map(|text| rules.source(text).and_then(|(source, _)| name(source)))
    };
    let boxed = || {
        meta.sources.iter().find_map(|text| {
            let text = rules.source(text).map_or(text.as_str(), |(source, _)| source);
            name(text).filter(|text| text.chars().count() <= 16)
        })
    };
    // `清江日报 2003-10-17`: the name of an outlet on the line of the date.
    let beside = || {
        let found = on_page(flow, rules, near).filter(|found| matches!(found.rank, 2 | 3))?;
        outlet(&flow.raw[flow.lines[found.line].at.clone()], rules).and_then(name)
    };
    let published = || meta.publisher.as_deref().and_then(name);
    let site = || meta.first(&rules.source_meta).find_map(name);
    stated.or_else(line).or_else(boxed).or_else(published).or_else(beside).or_else(site)
}

/// A name of somebody who publishes: not a date, not an address, not `unknown`.
fn name(text: &str, rules: &PageRules) -> Option<String> {
    // What is glued to it was an element of its own.
    let end = rules.source_ends.first_behind(text);
    let date = published::first(text).map(|(_, at)| at.start).filter(|at| *at > 0);
    let end = end.into_iter().chain(date).min();
    let text = text[..end.unwrap_or(text.len())]
        .trim()
        .trim_matches(['《', '》', '“', '”', '"', ':', '：', ' ']);
    let text = rules.without_source_label(text).trim_start_matches([':', '：', ' ']);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_name = (2..=30).contains(&text.chars().count()) && letters >= 2 && !text.contains("://");
    let is_nobody = rules.source_nobody.iter().any(|nobody| text.eq_ignore_ascii_case(nobody));
    let is_label = rules.labels.is_one(text);
    (is_name && !is_nobody && !is_label).then(|| text.to_owned())
}
