//! The title of a page, and the line that is it.

use super::{
    flow::{Flow, Line},
    meta::Meta,
};
use crate::{
    article::BlockKind,
    chars::fold_into,
    read::{PageRules, text::one_line},
};

/// The title, and the line of the page that shows it.
#[derive(Debug, Default)]
pub(super) struct Title {
    pub(super) text: Option<String>,
    pub(super) line: Option<usize>,
}

impl Title {
    /// Finds the title: the line that what the page says of itself begins with or holds,
    /// a heading before others; else what it says of itself, without the site's name.
    pub(super) fn of(flow: &Flow, meta: &Meta, rules: &PageRules, given: Option<&str>) -> Self {
        let stated: Vec<&str> = given
            .into_iter()
            .chain(meta.headline.as_deref())
            .chain(meta.first(&rules.title_meta))
            .chain(meta.title.as_deref())
            .collect();
        // `<title>` alone is often no more than the name of the site.
        let only_title = given.is_none() && stated.len() == usize::from(meta.title.is_some());
        let only_site = stated.iter().all(|title| names_site(title, rules));
        let line = shown(flow, &stated).or_else(|| {
            let heading = |n: &usize| flow.lines[*n].level == 1 || only_site;
            only_title.then(|| lone_heading(flow).filter(heading)).flatten()
        });
        let text = given.map(str::to_owned).or_else(|| {
            line.map(|n| flow.raw[flow.lines[n].at.clone()].trim().to_owned())
                .or_else(|| stated.first().map(|title| without_site(title, rules).to_owned()))
                .or_else(|| {
                    lone_heading(flow).map(|n| flow.raw[flow.lines[n].at.clone()].to_owned())
                })
        });
        let line = line.or_else(|| {
            (text.is_some() && stated.is_empty()).then(|| lone_heading(flow)).flatten()
        });
        Self { text: text.map(|text| one_line(&text)).filter(|text| !text.is_empty()), line }
    }

    /// Where no line is the title and what is stated is only the name of a site: the line
    /// above the one that says when and by whom, as old pages set it.
    pub(super) fn above_byline(&mut self, flow: &Flow, rules: &PageRules, first: usize) {
        let text = |n: usize| flow.raw[flow.lines[n].at.clone()].trim();
        if self.line.is_some() || self.text.as_deref().is_some_and(|text| !names_site(text, rules))
        {
            return;
        }
        let fits = |n: &usize| {
            let line = &flow.lines[*n];
            line.linked == 0 && (5..=60).contains(&line.chars) && !rules.is_furniture(text(*n))
        };
        let above = (first.saturating_sub(8)..first).rev();
        let byline = above.clone().find(|n| rules.is_byline(text(*n)));
        let bold = |n: &usize| flow.lines[*n].bold == flow.lines[*n].chars;
        let line = byline
            .and_then(|n| n.checked_sub(1))
            .filter(fits)
            .or_else(|| above.filter(bold).find(|n| fits(n) && !rules.is_byline(text(*n))));
        if let Some(line) = line {
            *self = Self { text: Some(text(line).to_owned()), line: Some(line) };
        }
    }
}

/// Whether a title is only the name of a site.
fn is_site(title: &str, rules: &PageRules) -> bool {
    let short = |most: usize| title.chars().count() <= most;
    short(5) || (short(20) && rules.site_ends.iter().any(|end| title.ends_with(end.as_str())))
}

/// Whether a title names a site, or a column and its site, and nothing else.
fn names_site(title: &str, rules: &PageRules) -> bool {
    let signs = |c: char| c.is_whitespace() || ":：-_|".contains(c);
    let title = title.trim_matches(signs);
    let parts: Vec<&str> = title
        .split(['_', '|', '｜', '-', '—', '–', '»', '>', '·'])
        .map(|part| part.trim_matches(signs))
        .filter(|part| !part.is_empty())
        .collect();
    let column = |part: &&str| part.chars().count() <= 8;
    parts.iter().any(|part| is_site(part, rules))
        && parts.iter().all(|part| is_site(part, rules) || column(part))
}

/// The line that is best explained by what the page says its title is.
fn shown(flow: &Flow, stated: &[&str]) -> Option<usize> {
    let stated: Vec<String> = stated.iter().map(|title| letters(title)).collect();
    let longest = stated.iter().map(String::len).max().unwrap_or(0);
    let mut best: Option<(f32, usize)> = None;
    let mut text = String::new();
    for (n, line) in flow.lines.iter().enumerate().filter(|(_, line)| line.chars <= 200) {
        text.clear();
        // What is longer than all titles is in none.
        if !fold_into(&mut text, &flow.raw[line.at.clone()], longest) {
            continue;
        }
        let length = text.chars().count();
        if length < 4 {
            continue;
        }
        let fit = stated.iter().filter_map(|title| fit(title, &text)).fold(0.0, f32::max);
        // With the name of the site behind it, it is a copy of `<title>`, not the title.
        let copy = line.kind != BlockKind::Heading && flow.raw[line.at.clone()].contains('_');
        let fit = if copy { fit * 0.2 } else { fit };
        let score = fit * f32::from(u8::try_from(length).unwrap_or(u8::MAX)) * weight(line);
        if score > best.map_or(0.0, |(best, _)| best) {
            best = Some((score, n));
        }
    }
    best.map(|(_, n)| n)
}

/// How well a line's letters fit a title's.
fn fit(title: &str, line: &str) -> Option<f32> {
    if title == line {
        return Some(1.5);
    }
    let share = line.len() * 100 / title.len().max(1);
    if title.starts_with(line) {
        return (share >= 25).then_some(1.0);
    }
    (title.contains(line) && share >= 40).then_some(0.8)
}

fn weight(line: &Line) -> f32 {
    let heading = match (line.kind, line.level) {
        (BlockKind::Heading, 1) => 1.5,
        (BlockKind::Heading, _) => 1.3,
        (BlockKind::ListItem | BlockKind::Caption, _) => 0.7,
        _ => 1.0,
    };
    if line.linked > 0 { heading * 0.5 } else { heading }
}

/// The first heading of the highest level that is long enough for a title.
fn lone_heading(flow: &Flow) -> Option<usize> {
    let headings = flow.lines.iter().enumerate().filter(|(_, line)| {
        line.kind == BlockKind::Heading && line.linked == 0 && (6..=80).contains(&line.chars)
    });
    headings.min_by_key(|(_, line)| line.level).map(|(n, _)| n)
}

/// A title without the name of the site behind it, or before it.
fn without_site<'t>(title: &'t str, rules: &PageRules) -> &'t str {
    let first = rules.separators.iter().filter_map(|sign| {
        let at = title.find(sign.as_str())?;
        // A sign within the title: what stands before it is too short to be one.
        (title[..at].chars().count() >= 6).then_some(at)
    });
    let short = rules.separators.iter().filter_map(|sign| {
        // Two sides of a hyphen may be one name.
        let set_apart = sign.starts_with(' ') || matches!(sign.as_str(), "_" | "|" | "｜");
        let (site, rest) = title.split_once(sign.as_str()).filter(|_| set_apart)?;
        let whole = rest.trim().chars().count() >= 8 && site.trim().chars().count() < 6;
        whole.then_some(rest.trim())
    });
    let end = first.min();
    match (end, short.min_by_key(|rest| rest.len())) {
        (_, Some(rest)) => without_site(rest, rules),
        (Some(end), None) => title[..end].trim(),
        (None, None) => title.trim(),
    }
}

/// Letters and digits only, in lower case.
pub(super) fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    fold_into(&mut letters, text, usize::MAX);
    letters
}

/// Whether a text has these letters and digits, in lower case, and no others.
pub(super) fn is_spelled(text: &str, letters: &str) -> bool {
    let mut own = String::with_capacity(letters.len() + 4);
    fold_into(&mut own, text, letters.len()) && own == letters
}
