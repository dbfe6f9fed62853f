//! [`Rules`]: `rules/agreement.toml`, read and compiled.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;

use super::{
    around::Around,
    condition::{Condition, condition},
    grammar::{Grammar, RuleFile},
    lexicon::Marked,
    loader,
    pattern::{Role, alternatives},
    program::Program,
    written::{File, RuleRow},
};
use crate::{
    agreement::{Kind, Status},
    expression::Regex,
    prefixes::Prefixes,
    rule::DataError,
};

/// A sentence with what a rule must find in it, as `party party kind status date`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The sentences.
    pub text: String,
    /// What they say.
    pub expect: Vec<String>,
}

/// One compiled rule.
#[derive(Debug)]
pub struct Rule {
    /// The file where it is written.
    pub file: String,
    /// Its name.
    pub id: std::sync::Arc<str>,
    /// What it finds in which sentences.
    pub finds: Vec<Example>,
    /// Sentences in which it must find nothing.
    pub ignores: Vec<String>,
    /// The pattern as it is written.
    pub(super) written: String,
    pub(super) pattern: Program,
    pub(super) requires: Vec<(String, Program)>,
    pub(super) confidence: f32,
    pub(super) status: Option<Status>,
    pub(super) both: bool,
    /// Whether the dates around it are those of something else.
    pub(super) undated: bool,
    /// Whether what is signed may be named before the act.
    pub(super) named: bool,
    /// Whether its pattern reads 两市, 双方.
    pub(super) is_both: bool,
}

/// All rules, with the words that they share.
#[derive(Debug)]
pub struct Rules {
    /// The rules, the one with the highest priority first.
    pub rules: Vec<Rule>,
    pub(super) grammar: Grammar,
    pub(super) kinds: Vec<(Kind, Regex)>,
    pub(super) masks: AhoCorasick,
    pub(super) contexts: Vec<Condition>,
    pub(super) frame: Regex,
    pub(super) back: Regex,
    pub(super) year_back: Regex,
    pub(super) vague: Regex,
    pub(super) later: Regex,
    pub(super) earlier: Regex,
    pub(super) aside: Regex,
    pub(super) now: Regex,
    pub(super) chronicle: Regex,
    pub(super) first_point: Vec<String>,
    pub(super) next_point: Vec<String>,
    pub(super) special: Regex,
    pub(super) around: Around,
    /// A list with them is one tie between all of its members.
    pub(super) together: Regex,
    pub(super) apart: Regex,
    bodies: Regex,
    not_bodies: Regex,
    organs: Regex,
    behind: Regex,
    /// What a sentence must hold to be worth a look.
    pub(super) triggers: Prefixes,
    pub(super) sign: Regex,
    pub(super) friend: Regex,
    /// A tie comes about.
    pub(super) form: Regex,
    /// It is signed again.
    again: Regex,
    pub(super) own: Regex,
}

impl Rule {
    /// How sure it is, from 0 to 1.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        self.confidence
    }

    /// Whether a sentence holds the words without which the rule is not tried.
    pub(super) fn may_fit(&self, text: &Marked) -> bool {
        self.pattern.may_fit(text)
            && self.requires.iter().all(|(_, needed)| needed.find(text, 0).is_some())
    }
}

impl Rules {
    /// Reads and compiles rule files; a rule replaces the one of the same id in the files
    /// before.
    ///
    /// # Errors
    ///
    /// If a file is not TOML, has a key that is not known, a pattern that is wrong or too
    /// slow, or a rule without examples of both sorts.
    pub fn new(files: &[RuleFile]) -> Result<Self, DataError> {
        let parts: Vec<(&RuleFile, File)> = loader::parts(files)?;
        let grammar =
            Grammar::new(parts.iter().map(|(file, part)| (*file, &part.class, &part.shape)))?;
        let rules = rules(&parts, &grammar)?;
        let mut contexts = Vec::new();
        for (file, part) in &parts {
            for row in &part.context {
                contexts.push(condition(file, row)?);
            }
        }
        let all = |words: fn(&File) -> &Vec<String>| -> Vec<String> {
            parts.iter().flat_map(|(_, part)| words(part)).cloned().collect()
        };
        let mut triggers = grammar.class("HAO").to_vec();
        triggers.extend(grammar.class("FRIEND").iter().cloned());
        triggers.extend(["协议", "协定", "意向", "备忘录", "MOU"].map(str::to_owned));
        // The words of a user's rules speak of ties as well.
        let added = parts.iter().skip(1).flat_map(|(_, part)| part.class.values());
        triggers.extend(added.flat_map(|class| class.words.iter().cloned()));
        let kinds = parts.iter().flat_map(|(_, part)| &part.kind);
        Ok(Self {
            rules,
            kinds: kinds.map(|row| Ok((row.name, any(&row.words)?))).collect::<Result<_, _>>()?,
            masks: automaton(&all(|part| &part.mask.words))?,
            contexts,
            frame: any(&all(|part| &part.frame.words))?,
            back: any(&all(|part| &part.frame.back))?,
            year_back: any(&all(|part| &part.frame.year_back))?,
            vague: any(&all(|part| &part.frame.vague))?,
            later: any(&all(|part| &part.frame.later))?,
            earlier: any(&all(|part| &part.frame.earlier))?,
            aside: any(&all(|part| &part.frame.aside))?,
            now: any(&all(|part| &part.frame.now))?,
            chronicle: any(&all(|part| &part.frame.chronicle))?,
            first_point: all(|part| &part.frame.first_point),
            next_point: all(|part| &part.frame.next_point),
            special: any(&all(|part| &part.frame.special))?,
            around: Around::of(parts.iter().map(|(_, part)| &part.around)),
            together: any(&all(|part| &part.together.words))?,
            apart: any(&all(|part| &part.apart.words))?,
            bodies: any(&all(|part| &part.bodies.words))?,
            not_bodies: any(&all(|part| &part.bodies.not))?,
            organs: any(&all(|part| &part.party.organs))?,
            behind: regex(&format!("^{}", alternatives(&all(|part| &part.party.behind))))?,
            triggers: Prefixes::new(triggers.iter().map(String::as_str)),
            sign: any(grammar.class("SIGN"))?,
            friend: any(grammar.class("FRIEND"))?,
            again: any(grammar.class("AGAIN"))?,
            form: {
                let words = [grammar.class("FORM"), grammar.class("HAO")].concat();
                any(&words)?
            },
            own: any(grammar.class("SELF"))?,
            grammar,
        })
    }

    /// The kind that an instrument or a clause names.
    pub(super) fn kind(&self, text: &str) -> Option<Kind> {
        self.kinds.iter().find(|(_, words)| words.is_match(text)).map(|(kind, _)| *kind)
    }

    /// Whether a text says that something is signed again.
    pub(super) fn renews(&self, text: &str) -> bool {
        self.again.is_match(text)
    }

    /// Whether a text speaks of more than friendly relations: of friendly cities.
    pub(super) fn ties(&self, text: &str) -> bool {
        self.friend.find_iter(text).any(|found| found.as_str() != "友好关系")
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

    /// Whether a name is a word of ties: 友好区 is a district as well.
    pub(super) fn is_tie(&self, name: &str) -> bool {
        self.friend.find(name).is_some_and(|found| found.len() == name.len())
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

    /// Whether a text begins with what may stand behind a party.
    pub(super) fn follows(&self, tail: &str) -> bool {
        self.behind.is_match(tail)
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

/// The rules of some files, the one with the highest priority first.
fn rules(parts: &[(&RuleFile, File)], grammar: &Grammar) -> Result<Vec<Rule>, DataError> {
    let mut rules: Vec<(i32, Rule)> = Vec::new();
    for (file, part) in parts {
        let before = rules.len();
        for row in &part.rule {
            let near = file.find_named("id", &row.id);
            if rules.iter().skip(before).any(|(_, rule)| *rule.id == *row.id) {
                let message = format!("two rules are called {}: call one otherwise", row.id);
                return Err(file.error(near, message));
            }
            let new = rule(file, near, row, grammar)?;
            let id = new.id.clone();
            let same = |(_, known): &(i32, Rule)| known.id == id;
            loader::put(file, &mut rules, (row.priority, new), same)?;
        }
    }
    rules.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
    Ok(rules.into_iter().map(|(_, rule)| rule).collect())
}

fn rule(file: &RuleFile, near: usize, row: &RuleRow, grammar: &Grammar) -> Result<Rule, DataError> {
    let fail = |message: &str| Err(file.error(near, message));
    loader::prove(file, near, &row.finds, &row.ignores)?;
    if !(0.0..=1.0).contains(&row.confidence) {
        return fail("the confidence of a rule lies between 0 and 1");
    }
    let pattern = grammar.compile(file, near, &row.pattern)?;
    if !pattern.has(Role::Act) {
        return fail("a pattern says where the act is: write {act: …} around it");
    }
    let requires = row.requires.iter();
    let requires = requires.map(|it| Ok((it.clone(), grammar.compile(file, near, it)?)));
    Ok(Rule {
        file: file.name.clone(),
        id: row.id.as_str().into(),
        finds: row.finds.clone(),
        ignores: row.ignores.clone(),
        written: row.pattern.clone(),
        requires: requires.collect::<Result<_, _>>()?,
        confidence: row.confidence,
        status: row.status,
        both: row.both,
        undated: row.undated,
        named: row.named,
        is_both: pattern.has(Role::Both),
        pattern,
    })
}

/// A regular expression that finds any of some words; nothing, if there are none.
pub(super) fn any(words: &[String]) -> Result<Regex, DataError> {
    if words.is_empty() {
        return regex(r"[^\s\S]");
    }
    // Words are always an expression: it need not be read to know it.
    Ok(Regex::known(&alternatives(words)))
}

fn regex(regex: &str) -> Result<Regex, DataError> {
    Regex::new(regex).map_err(|error| DataError::at("rules", "", 0, error.to_string()))
}

fn automaton(words: &[String]) -> Result<AhoCorasick, DataError> {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        // By itself it would make a table, which takes longer than the texts of most runs.
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(words)
        .map_err(|error| DataError::at("rules", "", 0, error.to_string()))
}

pub(super) fn last_chars(text: &str, count: usize) -> &str {
    let from = text.char_indices().rev().take(count).last().map_or(text.len(), |(at, _)| at);
    let last = &text[from..];
    let clause = last.rfind(['。', '；', '！', '？']).map_or(0, |at| at + 3);
    &last[clause..]
}

pub(super) fn first_chars(text: &str, count: usize) -> &str {
    let to = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    &text[..to]
}
