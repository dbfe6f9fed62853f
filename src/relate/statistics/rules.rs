//! [`CountRules`]: `rules/statistic.toml`, read and compiled.

use std::{collections::BTreeMap, sync::Arc};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use crate::{
    expression::Regex,
    relate::{
        pattern::{Names, alternatives},
        rules::Example,
    },
    rule::DataError,
};

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    class: BTreeMap<String, Words>,
    shape: BTreeMap<String, String>,
    mask: Words,
    veto: Vec<VetoRow>,
    rule: Vec<RuleRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VetoRow {
    #[serde(rename = "name")]
    _name: String,
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
    finds: Vec<Example>,
    ignores: Vec<String>,
}

/// One compiled rule.
#[derive(Debug)]
pub struct CountRule {
    /// Its name.
    pub id: Arc<str>,
    /// What it finds in which sentences, as `subject countries cities pairs kind`.
    pub finds: Vec<Example>,
    /// Sentences in which it must find nothing.
    pub ignores: Vec<String>,
    pub(super) pattern: Regex,
    pub(super) requires: Vec<Regex>,
    /// Whether it only goes on with a count that stands before it.
    pub(super) follows: bool,
}

/// Words around a count that make it one of something else.
#[derive(Debug)]
pub(super) struct Veto {
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
    pub(super) vetoes: Vec<Veto>,
    pub(super) masks: AhoCorasick,
    /// What a sentence must hold to be worth a look.
    pub(super) triggers: AhoCorasick,
}

impl CountRules {
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
        let regex = |regex: &str, at: usize| {
            Regex::new(regex).map_err(|error| DataError::at(file, toml, at, error.to_string()))
        };
        let compile = |pattern: &str, near: usize| {
            let shift = toml[near..].find(pattern).map_or(near, |at| near + at);
            let expanded = names
                .compile(pattern)
                .map_err(|(at, message)| DataError::at(file, toml, shift + at, message))?;
            regex(&expanded, shift)
        };
        let mut rows = data.rule;
        rows.sort_by_key(|row| std::cmp::Reverse(row.priority));
        let mut rules = Vec::new();
        for row in rows {
            let near = find(&format!("id = \"{}\"", row.id));
            if row.finds.is_empty() || row.ignores.is_empty() {
                let message = "a rule needs an example that it finds and one that it must ignore";
                return Err(DataError::at(file, toml, near, message));
            }
            let pattern = compile(&row.pattern, near)?;
            if !pattern.capture_names().flatten().any(|role| ROLES.contains(&role)) {
                let message = "a pattern needs {countries: …}, {cities: …} or {pairs_count: …}";
                return Err(DataError::at(file, toml, near, message));
            }
            rules.push(CountRule {
                id: row.id.as_str().into(),
                finds: row.finds,
                ignores: row.ignores,
                requires: row
                    .requires
                    .iter()
                    .map(|needed| compile(needed, near))
                    .collect::<Result<_, _>>()?,
                pattern,
                follows: row.follows,
            });
        }
        let vetoes = data
            .veto
            .iter()
            .map(|row| {
                let words = regex(&alternatives(&row.words), find(&row.words[0]))?;
                Ok(Veto { words, before: row.before, after: row.after, far: row.far })
            })
            .collect::<Result<_, _>>()?;
        let automaton = |words: &[String]| {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(words)
                .map_err(|error| DataError::at(file, toml, 0, error.to_string()))
        };
        let Some(ties) = classes.get("TIE") else {
            return Err(DataError::at(file, toml, 0, "the class TIE is missing"));
        };
        Ok(Self { rules, vetoes, masks: automaton(&data.mask.words)?, triggers: automaton(ties)? })
    }
}

/// The roles that hold a number.
pub(super) const ROLES: [&str; 3] = ["countries", "cities", "pairs_count"];
