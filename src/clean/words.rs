//! [`Words`]: the word lists of the cleaning passes, out of `rules/clean.toml`.

use std::collections::HashMap;

use serde::Deserialize;

use crate::{chars::CharSet, rule::DataError};

const FILE: &str = "rules/clean.toml";
const TEXT: &str = include_str!("../../rules/clean.toml");

/// All word lists, as the file has them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) pinyin: PinyinWords,
    pub(super) script: ScriptWords,
    pub(super) repeats: RepeatWords,
}

/// What the pinyin pass knows beyond the readings of its crate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PinyinWords {
    pub(super) words: String,
    pub(super) labels: Vec<String>,
    pub(super) readings: HashMap<char, Vec<String>>,
}

/// Which characters need care when script is converted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScriptWords {
    pub(super) either: String,
    pub(super) words: String,
    pub(super) simplified: String,
}

/// What announces a repeat, and what shows that something is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RepeatWords {
    pub(super) labels: Vec<String>,
    pub(super) continues: String,
    /// What labels begin with, once [`RepeatWords::mark`] has told.
    #[serde(skip)]
    firsts: CharSet,
}

impl RepeatWords {
    /// Tells what labels begin with.
    pub(super) fn mark(&mut self) {
        self.firsts = self.labels.iter().filter_map(|label| label.chars().next()).collect();
    }

    /// Whether a label or a title may begin with a Chinese character.
    pub(super) fn may_begin(&self, c: char, title: &str) -> bool {
        title.starts_with(c) || self.firsts.contains(c)
    }
}

impl Words {
    /// The lists that come with the program.
    pub(super) fn load() -> Result<Self, DataError> {
        toml::from_str(TEXT).map_err(|error| DataError::toml(FILE, TEXT, &error))
    }
}

/// Characters and what each becomes, from a file of such pairs (`萬万 與与 …`).
#[derive(Debug)]
pub(super) struct Pairs(Vec<(char, &'static str)>);

impl Pairs {
    /// Reads the pairs, and sorts them.
    pub(super) fn new(text: &'static str) -> Self {
        let mut pairs: Vec<_> = text
            .split_whitespace()
            .filter_map(|pair| {
                let key = pair.chars().next()?;
                Some((key, &pair[key.len_utf8()..]))
            })
            .collect();
        pairs.sort_unstable();
        Self(pairs)
    }

    /// What a character becomes; `None` if it stays.
    pub(super) fn get(&self, c: char) -> Option<&'static str> {
        let at = self.0.binary_search_by_key(&c, |pair| pair.0).ok()?;
        Some(self.0[at].1)
    }

    /// The characters that become others, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = char> {
        self.0.iter().map(|pair| pair.0)
    }
}
