//! [`Rules`]: `rules/agreement.toml`, read and compiled.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use super::pattern::{Names, alternatives};
use crate::{
    agreement::{Kind, Status},
    expression::Regex,
    rule::DataError,
};

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    class: BTreeMap<String, Class>,
    shape: BTreeMap<String, String>,
    kind: Vec<KindWords>,
    mask: Class,
    #[serde(default)]
    context: Vec<ContextRow>,
    frame: Frame,
    apart: Class,
    bodies: Bodies,
    party: PartyWords,
    rule: Vec<RuleRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KindWords {
    name: Kind,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContextRow {
    name: String,
    r#where: Where,
    words: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    clause: bool,
    #[serde(default)]
    reach: usize,
    status: Option<Status>,
    #[serde(default)]
    kinds: Vec<Kind>,
    confidence: Option<f32>,
    #[serde(default)]
    veto: bool,
}

/// Which words around an act a context looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Where {
    /// Those before the act, from some characters before the parties on.
    Before,
    /// Those of the act itself, with what is signed.
    Act,
    /// Those behind it.
    After,
}

/// Words that tell how an act stands in time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frame {
    /// An event is reported: what is formed here is signed.
    pub(super) words: Vec<String>,
    /// They point back to an event told before.
    pub(super) back: Vec<String>,
    /// A span of time instead of a date.
    pub(super) vague: Vec<String>,
}

/// Names of bodies that are no local government.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bodies {
    words: Vec<String>,
    not: Vec<String>,
}

/// What may stand behind a party.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyWords {
    organs: Vec<String>,
    behind: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    id: String,
    priority: i32,
    pattern: String,
    #[serde(default)]
    requires: Vec<String>,
    confidence: f32,
    status: Option<Status>,
    #[serde(default)]
    both: bool,
    finds: Vec<Example>,
    ignores: Vec<String>,
}

/// A sentence with what a rule must find in it, as `party party kind status date`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The sentences.
    pub text: String,
    /// What they say.
    pub expect: Vec<String>,
}

/// What changes a claim, or takes it back.
#[derive(Debug)]
pub(super) struct Context {
    words: Regex,
    unless: Option<Regex>,
    r#where: Where,
    clause: bool,
    reach: usize,
    pub(super) status: Option<Status>,
    pub(super) kinds: Vec<Kind>,
    pub(super) confidence: Option<f32>,
    pub(super) veto: bool,
}

/// Where a match stands in the shadow text, for contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'s> {
    pub(super) shadow: &'s str,
    /// Where the parties begin.
    pub(super) start: usize,
    /// Where the last party before the act ends.
    pub(super) parties: usize,
    pub(super) act: (usize, usize),
    /// Where what is signed ends.
    pub(super) end: usize,
}

/// One compiled rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub id: std::sync::Arc<str>,
    /// What it finds in which sentences.
    pub finds: Vec<Example>,
    /// Sentences in which it must find nothing.
    pub ignores: Vec<String>,
    pub(super) pattern: Regex,
    pub(super) requires: Vec<Regex>,
    pub(super) confidence: f32,
    pub(super) status: Option<Status>,
    pub(super) both: bool,
    /// Whether its pattern reads 两市, 双方.
    pub(super) is_both: bool,
}

/// All rules, with the words that they share.
#[derive(Debug)]
pub struct Rules {
    /// The rules, the one with the highest priority first.
    pub rules: Vec<Rule>,
    pub(super) kinds: Vec<(Kind, Regex)>,
    pub(super) masks: AhoCorasick,
    pub(super) contexts: Vec<Context>,
    pub(super) frame: Regex,
    pub(super) back: Regex,
    pub(super) vague: Regex,
    pub(super) apart: Regex,
    bodies: Regex,
    not_bodies: Regex,
    organs: Regex,
    behind: Regex,
    /// What a sentence must hold to be worth a look.
    pub(super) triggers: AhoCorasick,
    pub(super) sign: Regex,
    pub(super) friend: Regex,
    pub(super) own: Regex,
}

impl Rules {
    /// Reads and compiles a rule file.
    ///
    /// # Errors
    ///
    /// If the file is not TOML, has a key that is not known, a pattern that is wrong or
    /// too large, or a rule without examples of both sorts.
    pub fn new(file: &str, toml: &str) -> Result<Self, DataError> {
        let data: File =
            toml::from_str(toml).map_err(|error| DataError::toml(file, toml, &error))?;
        let find = |what: &str| toml.find(what).unwrap_or(0);
        if data.format != 1 {
            return Err(DataError::at(file, toml, find("format"), "this program reads format 1"));
        }
        let classes: BTreeMap<String, Vec<String>> =
            data.class.into_iter().map(|(name, class)| (name, class.words)).collect();
        let names = Names { classes: &classes, shapes: &data.shape };
        let compile = |pattern: &str, near: usize| {
            let shift = toml[near..].find(pattern).map_or(near, |at| near + at);
            let regex = names
                .compile(pattern)
                .map_err(|(at, message)| DataError::at(file, toml, shift + at, message))?;
            Regex::new(&regex).map_err(|error| DataError::at(file, toml, shift, error.to_string()))
        };
        let any = |words: &[String]| {
            Regex::new(&alternatives(words))
                .map_err(|error| DataError::at(file, toml, 0, error.to_string()))
        };
        let mut rules = Vec::new();
        let mut rows = data.rule;
        rows.sort_by_key(|row| std::cmp::Reverse(row.priority));
        for row in rows {
            let near = find(&format!("id = \"{}\"", row.id));
            let fail = |message: &str| Err(DataError::at(file, toml, near, message));
            if row.finds.is_empty() || row.ignores.is_empty() {
                return fail("a rule needs an example that it finds and one that it must ignore");
            }
            if !(0.0..=1.0).contains(&row.confidence) {
                return fail("the confidence of a rule lies between 0 and 1");
            }
            let pattern = compile(&row.pattern, near)?;
            if !pattern.capture_names().flatten().any(|role| role == "act") {
                return fail("a pattern needs {act: …}");
            }
            let is_both = pattern.capture_names().flatten().any(|role| role == "both");
            rules.push(Rule {
                id: row.id.as_str().into(),
                finds: row.finds,
                ignores: row.ignores,
                requires: row
                    .requires
                    .iter()
                    .map(|needed| compile(needed, near))
                    .collect::<Result<_, _>>()?,
                pattern,
                confidence: row.confidence,
                status: row.status,
                both: row.both,
                is_both,
            });
        }
        let mut contexts = Vec::new();
        for row in data.context {
            if row.status.is_none() && !row.veto {
                let near = find(&format!("name = \"{}\"", row.name));
                return Err(DataError::at(file, toml, near, "a context sets a status or vetoes"));
            }
            contexts.push(Context {
                words: any(&row.words)?,
                unless: if row.unless.is_empty() { None } else { Some(any(&row.unless)?) },
                r#where: row.r#where,
                clause: row.clause,
                reach: row.reach,
                status: row.status,
                kinds: row.kinds,
                confidence: row.confidence,
                veto: row.veto,
            });
        }
        let class = |name: &str| {
            classes
                .get(name)
                .cloned()
                .ok_or_else(|| DataError::at(file, toml, 0, format!("the class {name} is missing")))
        };
        let mut triggers = class("HAO")?;
        triggers.extend(class("FRIEND")?);
        triggers.extend(["协议", "协定", "意向", "备忘录", "MOU"].map(str::to_owned));
        let automaton = |words: &[String]| {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(words)
                .map_err(|error| DataError::at(file, toml, 0, error.to_string()))
        };
        Ok(Self {
            rules,
            kinds: data
                .kind
                .iter()
                .map(|row| Ok((row.name, any(&row.words)?)))
                .collect::<Result<_, _>>()?,
            masks: automaton(&data.mask.words)?,
            contexts,
            frame: any(&data.frame.words)?,
            back: any(&data.frame.back)?,
            vague: any(&data.frame.vague)?,
            apart: any(&data.apart.words)?,
            bodies: any(&data.bodies.words)?,
            not_bodies: any(&data.bodies.not)?,
            organs: any(&data.party.organs)?,
            behind: Regex::new(&format!("^{}", alternatives(&data.party.behind)))
                .map_err(|error| DataError::at(file, toml, 0, error.to_string()))?,
            triggers: automaton(&triggers)?,
            sign: any(&class("SIGN")?)?,
            friend: any(&class("FRIEND")?)?,
            own: any(&class("SELF")?)?,
        })
    }

    /// The kind that an instrument or a clause names.
    pub(super) fn kind(&self, text: &str) -> Option<Kind> {
        self.kinds.iter().find(|(_, words)| words.is_match(text)).map(|(kind, _)| *kind)
    }

    /// The kind that a text names, if it names only one.
    pub(super) fn single_kind(&self, text: &str) -> Option<Kind> {
        let mut kinds = self
            .friend
            .find_iter(text)
            .filter_map(|tie| self.kind(tie.as_str()))
            .filter(|kind| *kind != Kind::Unspecified);
        let first = kinds.next()?;
        kinds.all(|kind| kind == first).then_some(first)
    }

    /// Whether a stretch names a body that is no local government.
    pub(super) fn has_body(&self, text: &str) -> bool {
        self.bodies.is_match(text) && !self.not_bodies.is_match(text)
    }

    /// Whether what stands behind a party lets it act as a government.
    pub(super) fn acts(&self, tail: &str) -> bool {
        let is_symbol = |c: char| matches!(c, '\u{e000}'..='\u{e0ff}');
        let mut chars = tail.chars();
        // 同 joins parties, but 同乡会 is a body.
        if matches!(chars.next(), Some('与' | '同' | '和' | '跟' | '及'))
            && chars
                .next()
                .is_some_and(|c| !is_symbol(c) && !"我该其对双两当外以本在于".contains(c))
        {
            return chars.as_str().chars().take(6).any(is_symbol);
        }
        tail.is_empty() || tail.starts_with(is_symbol) || self.behind.is_match(tail) || {
            let near = first_chars(tail, 10);
            let near = near.split(['，', ',']).next().unwrap_or(near);
            self.organs.is_match(near)
        }
    }

    /// Whether governments or their officers are named: 两市政府, 双方市长.
    pub(super) fn acts_itself(&self, text: &str) -> bool {
        self.organs.is_match(text)
    }

    /// What a sentence must not be read in, in bytes.
    pub(super) fn masks(&self, sentence: &str) -> Vec<(usize, usize)> {
        self.masks.find_iter(sentence).map(|found| (found.start(), found.end())).collect()
    }
}

impl Context {
    /// Whether its words stand around a match.
    pub(super) fn applies(&self, site: Site<'_>) -> bool {
        let Site { shadow, start, parties, act, end } = site;
        match self.r#where {
            Where::Before => {
                let mut before = last_chars(&shadow[..start], self.reach);
                if self.clause {
                    before = before.rsplit([',', '，', '、', '：', ':']).next().unwrap_or(before);
                }
                let region = &shadow[start - before.len()..act.0];
                let to_end = &shadow[start - before.len()..act.1];
                self.words.find_iter(region).any(|word| {
                    let behind = first_chars(&to_end[word.end()..], 60);
                    self.unless.as_ref().is_none_or(|unless| !unless.is_match(behind))
                })
            }
            Where::Act => {
                let region = &shadow[parties..end];
                let stop = region
                    .char_indices()
                    .find(|&(at, c)| parties + at >= act.1 && matches!(c, ',' | '，' | '“' | '”'))
                    .map_or(region.len(), |(at, _)| at);
                self.words.is_match(&region[..stop])
            }
            Where::After => {
                let after = first_chars(&shadow[act.1..], self.reach.max(1) + 24);
                let after = after.split([',', '，', '“', '”']).next().unwrap_or(after);
                self.words
                    .find(after)
                    .is_some_and(|word| after[..word.start()].chars().count() <= self.reach + 10)
            }
        }
    }
}

pub(super) fn last_chars(text: &str, count: usize) -> &str {
    let clause = text.rfind(['。', '；', '！', '？']).map_or(0, |at| at + 3);
    let from = text.char_indices().rev().take(count).last().map_or(text.len(), |(at, _)| at);
    &text[from.max(clause)..]
}

pub(super) fn first_chars(text: &str, count: usize) -> &str {
    let to = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    &text[..to]
}
