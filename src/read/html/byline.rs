//! When and by whom a page was published.

use super::{flow::Flow, meta::Meta, weigh::Main};
use crate::{
    article::{Origin, Published},
    date::PartialDate,
    notes::{Notes, Stage, Why},
    read::{PageRules, imprint, published},
};

/// The date of a page: from its metadata, from the lines about its title, its address.
pub(super) fn published(
    flow: &Flow,
    meta: &Meta,
    rules: &PageRules,
    (near, last): (&[usize], usize),
    url: Option<&str>,
    notes: &mut Notes,
) -> Option<Published> {
    let stated = meta.published.iter().map(String::as_str).chain(meta.first(&rules.date_meta));
    for written in stated {
        match published::parse(written) {
            Some(date) => return Some(Published { date, origin: Origin::Metadata }),
            None => notes.push(Stage::Read, Why::BadDate, written),
        }
    }
    if let Some(date) = on_page(flow, rules, near, last) {
        return Some(Published { date, origin: Origin::Page });
    }
    if let Some(date) = meta.times.iter().find_map(|time| published::parse(time)) {
        return Some(Published { date, origin: Origin::Metadata });
    }
    let date = published::in_address(url.or(meta.url.as_deref())?)?;
    Some(Published { date, origin: Origin::Url })
}

/// The lines in which a page says when and by whom: from its title to its first
/// sentences, then those before the title, then those after its last sentences.
pub(super) fn near(flow: &Flow, main: &Main, title: Option<usize>) -> Vec<usize> {
    let (first, last) = main.body;
    let title = title.filter(|n| *n <= last);
    let from = title.unwrap_or(first.saturating_sub(15)).min(first);
    let between = from..(first + 1).min(flow.lines.len());
    let before = (from.saturating_sub(12)..from).rev();
    let after = (last..flow.lines.len()).take(14);
    between.take(60).chain(before).chain(after).collect()
}

/// The date that a line near the title states: after a label, else alone. From the `last`
/// line of the article on, where other titles, copyright and registers follow, it has to be
/// a line of nothing but imprint, and the only one.
fn on_page(flow: &Flow, rules: &PageRules, near: &[usize], last: usize) -> Option<PartialDate> {
    let imprint = |n: usize| imprint::is_dated(&flow.raw[flow.lines[n].at.clone()], rules);
    let below = near.iter().filter(|n| **n >= last && imprint(**n)).count();
    let lines = || {
        let lines = near.iter().filter(|n| **n < last || (below == 1 && imprint(**n)));
        lines.map(|n| &flow.lines[*n]).filter(|line| line.chars <= 150).filter_map(|line| {
            let text = published::narrow(&flow.raw[line.at.clone()]);
            let (date, at) = published::first(&text)?;
            let before: String = text[..at.start].chars().rev().take(8).collect();
            let before: String = before.chars().rev().collect();
            let other = rules.date_not.iter().any(|word| before.contains(word.as_str()));
            (!other).then_some((text, date, at, line))
        })
    };
    let labelled = lines().find(|(text, _, at, _)| {
        let before = text[..at.start].trim_end_matches([' ', ':', '：', '\u{A0}']);
        rules.date_labels.iter().any(|label| before.ends_with(label.as_str()))
    });
    let alone = || {
        lines().find(|(text, _, at, line)| {
            let rest = text[..at.start].chars().chain(text[at.end..].chars());
            let signs = rest.filter(|c| matches!(c, '。' | '，' | '；' | '！' | '？')).count();
            signs == 0 && line.chars <= 90
        })
    };
    labelled.or_else(alone).map(|(_, date, ..)| date)
}

/// Who published a page: what a line near its title states, its metadata, the text of
/// an element named for it.
pub(super) fn publisher(
    flow: &Flow,
    meta: &Meta,
    rules: &PageRules,
    near: &[usize],
) -> Option<String> {
    let name = |text: &str| name(text, rules);
    let stated = meta.first(&rules.source_stated).find_map(name);
    let line = || {
        near.iter().map(|n| &flow.lines[*n]).filter(|line| line.chars <= 200).find_map(|line| {
            rules.source(&flow.raw[line.at.clone()]).and_then(|(source, _)| name(source))
        })
    };
    let boxed = || {
        meta.sources.iter().find_map(|text| {
            let text = rules.source(text).map_or(text.as_str(), |(source, _)| source);
            name(text).filter(|text| text.chars().count() <= 16)
        })
    };
    let published = || meta.publisher.as_deref().and_then(name);
    let site = || meta.first(&rules.source_meta).find_map(name);
    stated.or_else(line).or_else(boxed).or_else(published).or_else(site)
}

/// A name of somebody who publishes: not a date, not an address.
fn name(text: &str, rules: &PageRules) -> Option<String> {
    // Two of the shortest labels are words of names, too.
    let labels = rules.date_labels.iter().filter(|label| label.chars().count() > 2);
    let end = labels.filter_map(|label| text.find(label.as_str())).min();
    let text = text[..end.unwrap_or(text.len())]
        .trim()
        .trim_matches(['《', '》', '“', '”', '"', ':', '：', ' ']);
    let text = rules.without_source_label(text).trim_start_matches([':', '：', ' ']);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_name = (2..=30).contains(&text.chars().count()) && letters >= 2 && !text.contains("://");
    is_name.then(|| text.to_owned())
}
