//! [`Trace`]: why the rules read a sentence as they do.

use std::{fmt, sync::Arc};

use super::{
    lexicon::Marked,
    rules::Rule,
    shadow::{Shadow, Symbol},
};

/// How one sentence was read.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The sentence.
    pub sentence: String,
    /// The sentence as the patterns see it.
    pub shadow: String,
    /// What the rules did, in the order in which they were tried; none if the sentence
    /// holds no word that speaks of ties.
    pub tries: Vec<Try>,
}

/// What one rule did.
#[derive(Clone, Debug)]
pub struct Try {
    /// The rule.
    pub rule: Arc<str>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The sentence lacks a word without which the rule is not tried.
    Lacks(String),
    /// The pattern fits nowhere: how far it came, and which part of it is missing there.
    Stops {
        /// The words before the place at which it stopped.
        after: String,
        /// The part of the pattern.
        missing: String,
    },
    /// The pattern fits, but what it says is no tie.
    Refused {
        /// What it fits.
        fits: String,
        /// Why it is none.
        why: String,
    },
    /// The rule reads claims.
    Claims {
        /// What it fits.
        fits: String,
        /// The claims, as examples write them.
        claims: Vec<String>,
    },
}

impl Outcome {
    /// Why a rule does not fit a sentence.
    pub(super) fn of_misfit(rule: &Rule, marked: &Marked, shadow: &Shadow) -> Self {
        let lacking = rule.requires.iter().find(|(_, needed)| needed.find(marked, 0).is_none());
        if let Some((written, _)) = lacking {
            return Self::Lacks(written.clone());
        }
        match rule.pattern.reach(marked) {
            Some(reach) => {
                let (from, to) = reach.missing;
                let before = &shadow.text[..reach.at];
                let start = before.char_indices().rev().nth(11).map_or(0, |(at, _)| at);
                Self::Stops {
                    after: shown(&before[start..]),
                    missing: rule.written.get(from..to).unwrap_or("").to_owned(),
                }
            }
            None if rule.pattern.may_fit(marked) => Self::Lacks(String::new()),
            None => Self::Lacks(rule.written.clone()),
        }
    }
}

/// A stretch of shadow text with its symbols as patterns write them.
pub(super) fn shown(shadow: &str) -> String {
    let mut text = String::with_capacity(shadow.len());
    for c in shadow.chars() {
        match Symbol::of_char(c) {
            Some(symbol) => {
                text.push('<');
                text.push_str(symbol.name());
                text.push('>');
            }
            None if matches!(c, '\u{e000}'..='\u{e0ff}') => text.push('▢'),
            None => text.push(c),
        }
    }
    text
}

/// Why what a pattern fits is no tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal<'a> {
    /// A party is a company, a school, or only a part of another name.
    Body,
    /// The list goes on from one that 与 opened: its subject stands elsewhere.
    Objects,
    /// Nobody knows who the other party is.
    NoSubject,
    /// Two lists do not pair up.
    Uneven,
    /// Both places lie in one country.
    SameCountry,
    /// A place is spoken for by a rule before this one.
    Used,
    /// The act is told of something else: 前者, 分别是.
    Apart,
    /// Neither the act nor what follows names an instrument.
    NoKind,
    /// A bare agreement that no government signs in the same breath.
    Sectoral,
    /// An end that is told of lies ahead.
    Ahead,
    /// A context takes the claim back.
    Context(&'a str),
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Body => "a party is no local government, or only part of another name",
            Self::Objects => "all of its places are objects of a 与 before them",
            Self::NoSubject => "nothing says who the other party is",
            Self::Uneven => "its two lists differ in length",
            Self::SameCountry => "both places lie in one country",
            Self::Used => "a rule before it has read these places",
            Self::Apart => "a word before the act says that it is told of something else",
            Self::NoKind => "no word says which kind of tie it is",
            Self::Sectoral => "a bare agreement, and no government is said to sign it",
            Self::Ahead => "the end of a tie lies ahead",
            Self::Context(name) => return write!(f, "the context {name} takes it back"),
        })
    }
}
