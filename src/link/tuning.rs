//! What decides between the records that a name may spell, out of `rules/link.toml`.

use serde::Deserialize;

use crate::rule::DataError;

/// `rules/link.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Tuning {
    pub(super) threshold: f64,
    pub(super) candidates: usize,
    pub(super) names_per_article: usize,
    pub(super) spelling: Spelling,
    pub(super) weights: Weights,
}

/// How a name may differ from what the model has seen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Spelling {
    pub(super) silent: f64,
    pub(super) one_letter: f64,
    pub(super) two_letters: f64,
    pub(super) worst: Vec<f64>,
    pub(super) beam: f64,
}

/// How much each piece of evidence weighs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Weights {
    pub(super) likelihood: f64,
    pub(super) population: f64,
    pub(super) other_kind: f64,
    pub(super) outside: f64,
    pub(super) nothing: f64,
    pub(super) nothing_per_character: f64,
}

impl Tuning {
    pub(super) fn new(file: &str, toml: &str) -> Result<Self, DataError> {
        toml::from_str(toml).map_err(|error| DataError::toml(file, toml, &error))
    }
}
