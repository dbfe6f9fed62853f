//! All patterns in one scan, and the guards that look around a match.

use std::{ops::Range, sync::Arc};

use regex_syntax::hir::Hir;
use toml::Spanned;

use super::{
    data::{File, Means, Pattern},
    groups::{Alone, Memory},
    scan::Scan,
    words::Parts,
};
use crate::{expression::Regex, rule::DataError};

/// How much text before a match a guard sees, in bytes.
const BEHIND: usize = 30;

/// The compiled patterns.
#[derive(Debug)]
pub(super) struct Patterns {
    scan: Scan,
    rules: Vec<Rule>,
}

/// One pattern.
#[derive(Debug)]
struct Rule {
    name: Arc<str>,
    means: Means,
    alone: Alone,
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
    Ahead,
}

pub(super) const GROUPS: [&str; 18] = [
    "y0", "y", "y2", "m", "m2", "d", "d2", "p", "q", "n", "u", "k", "w", "w2", "h", "c", "leap",
    "ahead",
];

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
    /// Compiles the patterns of a file, but for what was compiled ahead.
    pub(super) fn new(
        parts: &Parts<'_>,
        data: &File,
        ahead: Option<Scan>,
    ) -> Result<Self, DataError> {
        let mut expressions = Vec::with_capacity(data.pattern.len());
        let mut rules = Vec::with_capacity(data.pattern.len());
        for pattern in &data.pattern {
            let source = parts.expand(&pattern.find)?;
            if ahead.is_none() {
                expressions.push(checked(parts, pattern, &source)?);
            }
            let guard = |guard: &Option<Spanned<String>>| {
                guard.as_ref().map(|guard| parts.regex(guard)).transpose()
            };
            rules.push(Rule {
                name: pattern.name.as_ref().as_str().into(),
                means: pattern.means,
                alone: Alone::new(&source),
                then: guard(&pattern.then)?,
                unless_then: guard(&pattern.unless_then)?,
                unless_after: guard(&pattern.unless_after)?,
            });
        }
        let scan = match ahead {
            Some(scan) => scan,
            None => Scan::new(&expressions).map_err(|error| parts.error(0, &error))?,
        };
        Ok(Self { scan, rules })
    }

    /// All matches in a stretch of the text, in order, without overlaps.
    pub(super) fn find<'t>(
        &self,
        text: &'t str,
        within: Range<usize>,
        mut take: impl FnMut(Found<'t>),
    ) {
        let mut memory = Memory::default();
        let mut at = within.start;
        while let Some(start) = self.scan.start(text, at..within.end) {
            if in_number(text, within.start, start) {
                at = start + number(&text[start..within.end]);
                continue;
            }
            let Some((first, end)) = self.scan.first(text, start..within.end) else {
                at = next(text, start);
                continue;
            };
            let taken = (first..self.rules.len()).find_map(|rule| {
                let end = match rule == first {
                    true => end,
                    false => self.scan.end(text, start..within.end, rule)?,
                };
                self.try_at(text, start..end, &within, rule, &mut memory)
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
        whole: Range<usize>,
        within: &Range<usize>,
        rule: usize,
        memory: &mut Memory,
    ) -> Option<Found<'t>> {
        let Rule { name, means, alone, then, unless_then, unless_after } = &self.rules[rule];
        let groups = alone.groups(text, whole.clone(), memory)?;
        // What only has to follow is no part of the match.
        let ahead = groups[Group::Ahead as usize].as_ref();
        let at = whole.start..ahead.map_or(whole.end, |ahead| ahead.start);
        let (before, behind) = (back(text, within.start, at.start), &text[at.end..within.end]);
        if at.is_empty()
            || then.as_ref().is_some_and(|then| !then.is_match(behind))
            || unless_then.as_ref().is_some_and(|unless| unless.is_match(behind))
            || unless_after.as_ref().is_some_and(|unless| unless.is_match(before))
        {
            return None;
        }
        let groups = groups.map(|group| group.map(|group| &text[group]));
        Some(Found { rule: Arc::clone(name), means: *means, at, groups })
    }
}

/// The expression of a pattern; its groups must have a meaning, and it must have examples.
fn checked(parts: &Parts<'_>, pattern: &Pattern, source: &str) -> Result<Hir, DataError> {
    let at = pattern.name.span().start;
    if pattern.yes.is_empty() || pattern.no.is_empty() {
        return Err(parts.error(at, "a pattern needs an example in `yes` and one in `no`"));
    }
    let at = pattern.find.span().start;
    let expression =
        regex_syntax::parse(source).map_err(|error| parts.error(at, &error.to_string()))?;
    let names = Regex::known(source);
    match names.groups().find(|name| !GROUPS.contains(name)) {
        Some(name) => Err(parts.error(at, &format!("a group called `{name}` means nothing"))),
        None => Ok(expression),
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
    let Some(next) = text[at..].chars().next() else { return false };
    let digit = |c: char| matches!(c, '0'..='9' | '０'..='９');
    let chinese = |c: char| {
        matches!(
            c,
            '〇' | '○'
                | '零'
                | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '百'
                | '千'
                | '万'
                | '亿'
                | '两'
        )
    };
    if !digit(next) && !chinese(next) {
        return false;
    }
    let mut before = text[from..at].chars().rev();
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
