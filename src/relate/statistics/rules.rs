//! [`CountRules`]: `rules/statistic.toml`, read and compiled.

use std::{collections::BTreeMap, sync::Arc};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use crate::{
    expression::Regex,
    relate::{
        grammar::{Grammar, RuleFile, Words},
        loader::{self, Written},
        pattern::{Role, alternatives},
        program::Program,
        rules::Example,
    },
    rule::DataError,
};

/// A file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default)]
    class: BTreeMap<String, Words>,
    #[serde(default)]
    shape: BTreeMap<String, String>,
    #[serde(default)]
    mask: Words,
    #[serde(default)]
    veto: Vec<VetoRow>,
    #[serde(default)]
    rule: Vec<RuleRow>,
}

impl Written for File {
    fn format(&self) -> u32 {
        self.format
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VetoRow {
    name: String,
    words: Vec<String>,
    before: usize,
    after: usize,
    #[serde(default)]
    far: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    id: String,
    priority: i32,
    pattern: String,
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    follows: bool,
    #[serde(default)]
    lifts: Vec<String>,
    finds: Vec<Example>,
    ignores: Vec<String>,
}

/// One compiled rule.
#[derive(Debug)]
pub struct CountRule {
    /// The file where it is written.
    pub file: String,
    /// Its name.
    pub id: Arc<str>,
    /// What it finds in which sentences, as `subject countries cities pairs kind`.
    pub finds: Vec<Example>,
    /// Sentences in which it must find nothing.
    pub ignores: Vec<String>,
    pub(super) pattern: Program,
    pub(super) requires: Vec<Program>,
    /// Whether it only goes on with a count that stands before it.
    pub(super) follows: bool,
    /// The vetoes that do not count for it.
    pub(super) lifts: Vec<String>,
}

/// Words around a count that make it one of something else.
#[derive(Debug)]
pub(super) struct Veto {
    pub(super) name: String,
    pub(super) words: Regex,
    /// How far back from the first number they count, in characters.
    pub(super) before: usize,
    /// How far on from the end of the match, in characters.
    pub(super) after: usize,
    /// Whether they count over commas.
    pub(super) far: bool,
}

/// The rules for counts, with the words that they share.
#[derive(Debug)]
pub struct CountRules {
    /// The rules, the one with the highest priority first.
    pub rules: Vec<CountRule>,
    pub(super) grammar: Grammar,
    pub(super) vetoes: Vec<Veto>,
    pub(super) masks: AhoCorasick,
    /// What a sentence must hold to be worth a look.
    pub(super) triggers: AhoCorasick,
    /// What is done to the ties of others: a forum brings them about.
    pub(super) brokers: AhoCorasick,
}

impl CountRules {
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
        let mut rules: Vec<(i32, CountRule)> = Vec::new();
        let mut vetoes = Vec::new();
        for (file, part) in &parts {
            for row in &part.rule {
                let rule = rule(file, row, &grammar)?;
                let id = rule.id.clone();
                let same = |(_, known): &(i32, CountRule)| known.id == id;
                loader::put(file, &mut rules, (row.priority, rule), same)?;
            }
            for row in &part.veto {
                if row.words.is_empty() {
                    let near = file.find_named("name", &row.name);
                    return Err(file.error(near, "a veto without words: write words = [\"…\"]"));
                }
                let words = Regex::known(&alternatives(&row.words));
                vetoes.push(Veto {
                    name: row.name.clone(),
                    words,
                    before: row.before,
                    after: row.after,
                    far: row.far,
                });
            }
        }
        rules.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
        let masks: Vec<&String> = parts.iter().flat_map(|(_, part)| &part.mask.words).collect();
        let triggers: Vec<&String> = grammar.class("TIE").iter().collect();
        let brokers: Vec<&String> = grammar.class("BROKER").iter().collect();
        Ok(Self {
            rules: rules.into_iter().map(|(_, rule)| rule).collect(),
            vetoes,
            masks: automaton(&masks)?,
            triggers: automaton(&triggers)?,
            brokers: automaton(&brokers)?,
            grammar,
        })
    }

    /// The words of which a sentence must hold one to be worth a look.
    pub(in crate::relate) fn words(&self) -> impl Iterator<Item = &str> {
        self.grammar.class("TIE").iter().map(String::as_str)
    }
}

fn rule(file: &RuleFile, row: &RuleRow, grammar: &Grammar) -> Result<CountRule, DataError> {
    let near = file.find_named("id", &row.id);
    loader::prove(file, near, &row.finds, &row.ignores)?;
    let pattern = grammar.compile(file, near, &row.pattern)?;
    if !ROLES.iter().any(|role| pattern.has(*role)) {
        let message = "a pattern needs {countries: …}, {cities: …} or {pairs_count: …}";
        return Err(file.error(near, message));
    }
    let requires = row.requires.iter().map(|needed| grammar.compile(file, near, needed));
    Ok(CountRule {
        file: file.name.clone(),
        id: row.id.as_str().into(),
        finds: row.finds.clone(),
        ignores: row.ignores.clone(),
        requires: requires.collect::<Result<_, _>>()?,
        pattern,
        follows: row.follows,
        lifts: row.lifts.clone(),
    })
}

fn automaton(words: &[&String]) -> Result<AhoCorasick, DataError> {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .map_err(|error| DataError::at("rules", "", 0, error.to_string()))
}

/// The roles that hold a number.
pub(super) const ROLES: [Role; 3] = [Role::Countries, Role::Cities, Role::PairsCount];
