//! All patterns in one scan, and the guards that look around a match.

use std::{ops::Range, sync::Arc};

use regex_automata::{
    Anchored, HalfMatch, Input, PatternID,
    hybrid::dfa,
    nfa::thompson::{self, WhichCaptures},
    util::pool::Pool,
};
use regex_syntax::hir::Hir;
use toml::Spanned;

use super::{
    data::{File, Means, Pattern},
    groups::{Alone, Memory},
    words::Parts,
};
use crate::{expression::Regex, rule::DataError, starts::Starts};

/// How much text before a match a guard sees, in bytes.
const BEHIND: usize = 30;

/// The compiled patterns.
#[derive(Debug)]
pub(super) struct Patterns {
    all: All,
    /// What a match of any of them can begin with.
    starts: Starts,
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

/// All patterns as one automaton, of which the states are built as texts come to them. Which
/// groups a match has is asked of its pattern alone, and a match is only looked for where it
/// may begin, so the automaton that finds beginnings is never built.
#[derive(Debug)]
struct All {
    automaton: dfa::DFA,
    memory: Pool<dfa::Cache, Box<dyn Fn() -> dfa::Cache + Send + Sync>>,
}

impl All {
    /// Bytes for the states, for each thread; with fewer they are built again and again.
    const STATES: usize = 8 << 20;

    fn new(patterns: &[Hir]) -> Result<Self, String> {
        let nfa = thompson::Compiler::new()
            .configure(
                thompson::Config::new()
                    .nfa_size_limit(Some(64 << 20))
                    .which_captures(WhichCaptures::None),
            )
            .build_many_from_hir(patterns)
            .map_err(|error| error.to_string())?;
        let automaton = dfa::Builder::new()
            .configure(
                dfa::Config::new()
                    .cache_capacity(Self::STATES)
                    .skip_cache_capacity_check(true)
                    .starts_for_each_pattern(true),
            )
            .build_from_nfa(nfa)
            .map_err(|error| error.to_string())?;
        let states = automaton.clone();
        let memory: Box<dyn Fn() -> dfa::Cache + Send + Sync> =
            Box::new(move || states.create_cache());
        Ok(Self { automaton, memory: Pool::new(memory) })
    }

    /// The end of the first pattern's match that begins where the input does.
    fn search(&self, input: &Input<'_>) -> Option<HalfMatch> {
        // It does not give up: no pattern asks for the edges of words of Unicode, and the
        // states are thrown away as often as need be.
        self.automaton.try_search_fwd(&mut self.memory.get(), input).ok()?
    }
}

impl Patterns {
    /// Compiles the patterns of a file.
    pub(super) fn new(parts: &Parts<'_>, data: &File) -> Result<Self, DataError> {
        let mut expressions = Vec::with_capacity(data.pattern.len());
        let mut rules = Vec::with_capacity(data.pattern.len());
        for pattern in &data.pattern {
            let (source, expression) = source(parts, pattern)?;
            expressions.push(expression);
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
        let all = All::new(&expressions).map_err(|error| parts.error(0, &error))?;
        Ok(Self { all, starts: Starts::of(&expressions), rules })
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
        while let Some(start) = self.starts.find(&text[at..within.end]).map(|start| at + start) {
            if in_number(text, within.start, start) {
                at = start + number(&text[start..within.end]);
                continue;
            }
            let input = Input::new(text).span(start..within.end).anchored(Anchored::Yes);
            let Some(found) = self.all.search(&input) else {
                at = next(text, start);
                continue;
            };
            let first = found.pattern().as_usize();
            let taken = (first..self.rules.len()).find_map(|rule| {
                let end = if rule == first {
                    found.offset()
                } else {
                    self.end(text, start, &within, rule)?
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

    /// Where a match of one pattern ends that begins at a place.
    fn end(&self, text: &str, start: usize, within: &Range<usize>, rule: usize) -> Option<usize> {
        let id = PatternID::new(rule).ok()?;
        let input = Input::new(text).span(start..within.end).anchored(Anchored::Pattern(id));
        Some(self.all.search(&input)?.offset())
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
fn source(parts: &Parts<'_>, pattern: &Pattern) -> Result<(String, Hir), DataError> {
    let at = pattern.name.span().start;
    if pattern.yes.is_empty() || pattern.no.is_empty() {
        return Err(parts.error(at, "a pattern needs an example in `yes` and one in `no`"));
    }
    let source = parts.expand(&pattern.find)?;
    let at = pattern.find.span().start;
    let expression =
        regex_syntax::parse(&source).map_err(|error| parts.error(at, &error.to_string()))?;
    let names = Regex::known(&source);
    match names.groups().find(|name| !GROUPS.contains(name)) {
        Some(name) => Err(parts.error(at, &format!("a group called `{name}` means nothing"))),
        None => Ok((source, expression)),
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
