//! [`Rules`]: `rules/agreement.toml`, read and compiled.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;

use super::{
    around::Around,
    grammar::{Grammar, MOST_RULES, RuleFile, Words},
    lexicon::Marked,
    pattern::{Role, alternatives},
    program::Program,
};
use crate::{
    agreement::{Kind, Status},
    expression::Regex,
    prefixes::Prefixes,
    rule::DataError,
};

/// A file as it is written. Only the format must be there: a user's file adds to the one
/// that comes with the program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default)]
    class: BTreeMap<String, Words>,
    #[serde(default)]
    shape: BTreeMap<String, String>,
    #[serde(default)]
    kind: Vec<KindWords>,
    #[serde(default)]
    mask: Words,
    #[serde(default)]
    context: Vec<ContextRow>,
    #[serde(default)]
    frame: Frame,
    #[serde(default)]
    around: Around,
    #[serde(default)]
    apart: Words,
    #[serde(default)]
    bodies: Bodies,
    #[serde(default)]
    party: PartyWords,
    #[serde(default)]
    rule: Vec<RuleRow>,
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
    /// Those behind the quotation in which it stands.
    Quote,
}

/// Words that tell how an act stands in time.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Frame {
    /// An event is reported: what is formed here is signed.
    words: Vec<String>,
    /// They point back to an event told before.
    back: Vec<String>,
    /// The same, but only to its year.
    year_back: Vec<String>,
    /// A span of time instead of a date.
    vague: Vec<String>,
    /// What they begin came after what was told before.
    later: Vec<String>,
    /// What they stand before was told or done before the event of the report.
    earlier: Vec<String>,
    now: Vec<String>,
    /// What a headline calls an article that tells of one year, day by day.
    chronicle: Vec<String>,
    /// What makes an agreement more than bare.
    special: Vec<String>,
}

/// Names of bodies that are no local government.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Bodies {
    words: Vec<String>,
    not: Vec<String>,
}

/// What may stand behind a party.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
    #[serde(default)]
    undated: bool,
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
    pub(super) name: String,
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
    pub(super) contexts: Vec<Context>,
    pub(super) frame: Regex,
    pub(super) back: Regex,
    pub(super) year_back: Regex,
    pub(super) vague: Regex,
    pub(super) later: Regex,
    pub(super) earlier: Regex,
    pub(super) now: Regex,
    pub(super) chronicle: Regex,
    pub(super) special: Regex,
    pub(super) around: Around,
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
        let mut parts: Vec<(&RuleFile, File)> = Vec::new();
        for file in files {
            let part: File = file.parse()?;
            file.check_format(part.format)?;
            parts.push((file, part));
        }
        let grammar =
            Grammar::new(parts.iter().map(|(file, part)| (*file, &part.class, &part.shape)))?;
        let rules = rules(&parts, &grammar)?;
        let mut contexts = Vec::new();
        for (file, part) in &parts {
            for row in &part.context {
                contexts.push(context(file, row)?);
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
            now: any(&all(|part| &part.frame.now))?,
            chronicle: any(&all(|part| &part.frame.chronicle))?,
            special: any(&all(|part| &part.frame.special))?,
            around: Around::of(parts.iter().map(|(_, part)| &part.around)),
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
            let rule = rule(file, near, row, grammar)?;
            match rules.iter().take(before).position(|(_, known)| known.id == rule.id) {
                Some(at) => rules[at] = (row.priority, rule),
                None => rules.push((row.priority, rule)),
            }
        }
        if rules.len() > MOST_RULES {
            let message = format!("{} rules are too many: {MOST_RULES} at most", rules.len());
            return Err(file.error(0, message));
        }
    }
    rules.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
    Ok(rules.into_iter().map(|(_, rule)| rule).collect())
}

fn rule(file: &RuleFile, near: usize, row: &RuleRow, grammar: &Grammar) -> Result<Rule, DataError> {
    let fail = |message: &str| Err(file.error(near, message));
    if row.finds.is_empty() || row.ignores.is_empty() {
        return fail(
            "a rule needs an example that it finds and one that it must ignore: write \
             finds = [{ text = \"…\", expect = [\"…\"] }] and ignores = [\"…\"]",
        );
    }
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
        is_both: pattern.has(Role::Both),
        pattern,
    })
}

fn context(file: &RuleFile, row: &ContextRow) -> Result<Context, DataError> {
    if row.status.is_none() && !row.veto {
        let near = file.find_named("name", &row.name);
        let message = "a context sets a status or vetoes: write status = \"…\" or veto = true";
        return Err(file.error(near, message));
    }
    Ok(Context {
        name: row.name.clone(),
        words: any(&row.words)?,
        unless: if row.unless.is_empty() { None } else { Some(any(&row.unless)?) },
        r#where: row.r#where,
        clause: row.clause,
        reach: row.reach,
        status: row.status,
        kinds: row.kinds.clone(),
        confidence: row.confidence,
        veto: row.veto,
    })
}

/// A regular expression that finds any of some words; nothing, if there are none.
fn any(words: &[String]) -> Result<Regex, DataError> {
    regex(&if words.is_empty() { r"[^\s\S]".to_owned() } else { alternatives(words) })
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
                    // With the word itself: after 批准, the act is done.
                    let behind = first_chars(&to_end[word.start()..], 60);
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
            Where::Quote => {
                let before = &shadow[..act.0];
                let open = before.rfind('“').filter(|at| !before[*at..].contains('”'));
                let close = shadow[act.1..].find('”').map(|at| act.1 + at + '”'.len_utf8());
                match (open, close) {
                    (Some(_), Some(close)) => {
                        self.words.is_match(first_chars(&shadow[close..], self.reach.max(1)))
                    }
                    _ => false,
                }
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
