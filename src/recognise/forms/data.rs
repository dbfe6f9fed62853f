//! `rules/place.toml` as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) suffix: Vec<SuffixRow>,
    pub(super) scope: ScopeRow,
    pub(super) persons: PersonsRow,
    pub(super) compounds: CompoundsRow,
    pub(super) towns: TownsRow,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuffixRow {
    pub(super) text: String,
    pub(super) level: LevelName,
    #[serde(default)]
    pub(super) not_before: Vec<char>,
    #[serde(default)]
    pub(super) countries: Vec<String>,
    #[serde(default)]
    pub(super) translit_only: bool,
    #[serde(default)]
    pub(super) listed_only: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LevelName {
    Province,
    District,
    City,
    Island,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeRow {
    pub(super) glue: Vec<String>,
    pub(super) closes: Vec<char>,
    pub(super) han: Vec<String>,
    pub(super) han_in_units: Vec<String>,
    pub(super) stop: String,
    pub(super) stop_words: Vec<String>,
    pub(super) bare_ends: Vec<char>,
    pub(super) generic: Vec<String>,
    pub(super) blocked: Vec<String>,
    pub(super) vague: Vec<String>,
    pub(super) organisations: Vec<String>,
    pub(super) teams: Vec<String>,
    pub(super) venues: Vec<String>,
    pub(super) towns_of: Vec<String>,
    pub(super) parted_by: Vec<String>,
    pub(super) trusted: Vec<String>,
    pub(super) no_countries: Vec<String>,
    pub(super) prefixes: Vec<char>,
    pub(super) joined_stems: Vec<char>,
    pub(super) numbered: Vec<char>,
    pub(super) numbered_units: Vec<String>,
    pub(super) trusted_units: BTreeMap<String, Vec<String>>,
    pub(super) features: Vec<String>,
    pub(super) directions: Vec<String>,
    pub(super) bare_not: Vec<String>,
    /// What an unknown name follows at once.
    pub(super) apposed: Vec<String>,
    /// What shows that 与 before an unknown name joins cities.
    pub(super) ties: Vec<String>,
    pub(super) called: Vec<String>,
    pub(super) joiners: Vec<char>,
    pub(super) free: Vec<String>,
    pub(super) weak: Vec<String>,
    pub(super) leads: Vec<String>,
    pub(super) famous: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonsRow {
    pub(super) titles: Vec<String>,
    pub(super) behind: Vec<String>,
    pub(super) surnames: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompoundsRow {
    pub(super) behind: Vec<String>,
    pub(super) speaks: Vec<char>,
    pub(super) words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TownsRow {
    pub(super) country: String,
    pub(super) townships: Vec<String>,
    pub(super) units: Vec<String>,
    pub(super) not_before: BTreeMap<String, Vec<char>>,
    pub(super) cities: Vec<String>,
    pub(super) directions: Vec<String>,
    pub(super) of: BTreeMap<String, String>,
}
