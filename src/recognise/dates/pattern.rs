//! All patterns in one scan, and the guards that look around a match.

use std::{ops::Range, sync::Arc};

use regex_automata::{Anchored, Input, PatternID, Span as Bytes, meta, util::captures::Captures};
use toml::Spanned;

use super::{
    data::{File, Means, Pattern},
    words::Parts,
};
use crate::{expression::Regex, rule::DataError};

/// How much text before a match a guard sees, in bytes.
const BEHIND: usize = 30;

/// The compiled patterns.
#[derive(Debug)]
pub(super) struct Patterns {
    all: meta::Regex,
    rules: Vec<Rule>,
}

/// One pattern but for what it finds.
#[derive(Debug)]
struct Rule {
    name: Arc<str>,
    means: Means,
    then: Option<Regex>,
    unless_then: Option<Regex>,
    unless_after: Option<Regex>,
}

/// The groups that a pattern may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Group {
    Y0,
    Y,
    Y2,
    M,
    M2,
    D,
    D2,
    P,
    Q,
    N,
    U,
    K,
    W,
    W2,
    H,
    C,
    Leap,
}

const GROUPS: [&str; 17] =
    ["y0", "y", "y2", "m", "m2", "d", "d2", "p", "q", "n", "u", "k", "w", "w2", "h", "c", "leap"];

/// A match: which pattern, where, and its groups.
#[derive(Clone, Debug)]
pub(super) struct Found<'t> {
    pub(super) rule: Arc<str>,
    pub(super) means: Means,
    pub(super) at: Range<usize>,
    groups: [Option<&'t str>; GROUPS.len()],
}

impl<'t> Found<'t> {
    /// What a group holds.
    pub(super) fn get(&self, group: Group) -> Option<&'t str> {
        self.groups[group as usize]
    }
}

impl Patterns {
    /// Compiles the patterns of a file.
    pub(super) fn new(parts: &Parts<'_>, data: &File) -> Result<Self, DataError> {
        let mut sources = Vec::with_capacity(data.pattern.len());
        let mut rules = Vec::with_capacity(data.pattern.len());
        for pattern in &data.pattern {
            sources.push(source(parts, pattern)?);
            let guard = |guard: &Option<Spanned<String>>| {
                guard.as_ref().map(|guard| parts.regex(guard)).transpose()
            };
            rules.push(Rule {
                name: pattern.name.as_ref().as_str().into(),
                means: pattern.means,
                then: guard(&pattern.then)?,
                unless_then: guard(&pattern.unless_then)?,
                unless_after: guard(&pattern.unless_after)?,
            });
        }
        let all = meta::Regex::builder()
            .configure(
                meta::Config::new().nfa_size_limit(Some(64 << 20)).hybrid_cache_capacity(8 << 20),
            )
            .build_many(&sources)
            .map_err(|error| parts.error(0, &error.to_string()))?;
        Ok(Self { all, rules })
    }

    /// All matches in a stretch of the text, in order, without overlaps.
    pub(super) fn find<'t>(
        &self,
        text: &'t str,
        within: Range<usize>,
        mut take: impl FnMut(Found<'t>),
    ) {
        let mut captures = self.all.create_captures();
        let mut at = within.start;
        while at < within.end {
            let input = Input::new(text).span(at..within.end);
            let Some(found) = self.all.search(&input) else { return };
            let start = found.start();
            if found.end() == start {
                at = next(text, start);
                continue;
            }
            if in_number(text, within.start, start) {
                at = start + number(&text[start..within.end]);
                continue;
            }
            let first = found.pattern().as_usize();
            let taken = (first..self.rules.len()).find_map(|rule| {
                let end = if rule == first { Some(found.end()) } else { None };
                self.try_at(text, start, end, &within, rule, &mut captures)
            });
            match taken {
                Some(found) => {
                    at = found.at.end;
                    take(found);
                }
                None => at = next(text, start),
            }
        }
    }

    /// The match of one pattern at one place, if its guards accept it.
    fn try_at<'t>(
        &self,
        text: &'t str,
        start: usize,
        end: Option<usize>,
        within: &Range<usize>,
        rule: usize,
        captures: &mut Captures,
    ) -> Option<Found<'t>> {
        let id = PatternID::new(rule).ok()?;
        let input =
            Input::new(text).span(start..end.unwrap_or(within.end)).anchored(Anchored::Pattern(id));
        self.all.search_captures(&input, captures);
        let found = captures.get_match()?;
        let (before, behind) = (back(text, within.start, start), &text[found.end()..within.end]);
        let Rule { name, means, then, unless_then, unless_after } = &self.rules[rule];
        if found.is_empty()
            || then.as_ref().is_some_and(|then| !then.is_match(behind))
            || unless_then.as_ref().is_some_and(|unless| unless.is_match(behind))
            || unless_after.as_ref().is_some_and(|unless| unless.is_match(before))
        {
            return None;
        }
        let group = |name: &str| {
            captures.get_group_by_name(name).map(|Bytes { start, end }| &text[start..end])
        };
        Some(Found {
            rule: Arc::clone(name),
            means: *means,
            at: found.range(),
            groups: GROUPS.map(group),
        })
    }
}

/// The expression of a pattern; its groups must have a meaning, and it must have examples.
fn source(parts: &Parts<'_>, pattern: &Pattern) -> Result<String, DataError> {
    let at = pattern.name.span().start;
    if pattern.yes.is_empty() || pattern.no.is_empty() {
        return Err(parts.error(at, "a pattern needs an example in `yes` and one in `no`"));
    }
    let source = parts.expand(&pattern.find)?;
    let at = pattern.find.span().start;
    let regex = Regex::new(&source).map_err(|error| parts.error(at, &error.to_string()))?;
    match regex.groups().find(|name| !GROUPS.contains(name)) {
        Some(name) => Err(parts.error(at, &format!("a group called `{name}` means nothing"))),
        None => Ok(source),
    }
}

/// The text before a place, as far as guards look.
pub(super) fn back(text: &str, from: usize, at: usize) -> &str {
    let mut start = at.saturating_sub(BEHIND).max(from);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..at]
}

/// Whether a place is in the middle of a number.
fn in_number(text: &str, from: usize, at: usize) -> bool {
    let mut before = text[from..at].chars().rev();
    let Some(next) = text[at..].chars().next() else { return false };
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let chinese = |c: char| "〇○零一二三四五六七八九十百千万亿两".contains(c);
    match before.next() {
        Some(c) if digit(next) => {
            digit(c) || (matches!(c, '.' | '．' | ',') && before.next().is_some_and(digit))
        }
        Some(c) => chinese(c) && chinese(next),
        None => false,
    }
}

/// How many bytes the first character, or the number that it begins, takes.
fn number(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 { digits } else { text.chars().next().map_or(1, char::len_utf8) }
}

/// The start of the next character.
fn next(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}
