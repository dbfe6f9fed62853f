//! [`File`]: a file of rules for agreements as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{around::Around, grammar::Words, loader::Written, rules::Example};
use crate::agreement::{Kind, Status};

/// A file as it is written. Only the format must be there: a user's file adds to the one
/// that comes with the program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: u32,
    #[serde(default)]
    pub(super) class: BTreeMap<String, Words>,
    #[serde(default)]
    pub(super) shape: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) kind: Vec<KindWords>,
    #[serde(default)]
    pub(super) mask: Words,
    #[serde(default)]
    pub(super) context: Vec<ContextRow>,
    #[serde(default)]
    pub(super) frame: Frame,
    #[serde(default)]
    pub(super) around: Around,
    #[serde(default)]
    pub(super) together: Words,
    #[serde(default)]
    pub(super) apart: Words,
    #[serde(default)]
    pub(super) bodies: Bodies,
    #[serde(default)]
    pub(super) party: PartyWords,
    #[serde(default)]
    pub(super) rule: Vec<RuleRow>,
}

impl Written for File {
    fn format(&self) -> u32 {
        self.format
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindWords {
    pub(super) name: Kind,
    pub(super) words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContextRow {
    pub(super) name: String,
    pub(super) r#where: Where,
    pub(super) words: Vec<String>,
    #[serde(default)]
    pub(super) unless: Vec<String>,
    #[serde(default)]
    pub(super) clause: bool,
    #[serde(default)]
    pub(super) across: bool,
    #[serde(default)]
    pub(super) reach: usize,
    pub(super) status: Option<Status>,
    #[serde(default)]
    pub(super) kinds: Vec<Kind>,
    pub(super) confidence: Option<f32>,
    #[serde(default)]
    pub(super) veto: bool,
}

/// Which words around an act a context looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Where {
    /// Those before the act, from some characters before the parties on.
    Before,
    /// Those of the act itself, with what is signed.
    Act,
    /// Those behind it.
    After,
    /// Those behind the quotation in which it stands.
    Quote,
    /// Those anywhere in its sentence.
    Sentence,
}

/// Words that tell how an act stands in time.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Frame {
    /// An event is reported: what is formed here is signed.
    pub(super) words: Vec<String>,
    /// They point back to an event told before.
    pub(super) back: Vec<String>,
    /// The same, but only to its year.
    pub(super) year_back: Vec<String>,
    /// A span of time instead of a date.
    pub(super) vague: Vec<String>,
    /// What they begin came after what was told before.
    pub(super) later: Vec<String>,
    /// What they stand before was told or done before the event of the report.
    pub(super) earlier: Vec<String>,
    /// What they begin is told beside the event of the report.
    pub(super) aside: Vec<String>,
    pub(super) now: Vec<String>,
    /// What a headline calls an article that tells of one year, day by day.
    pub(super) chronicle: Vec<String>,
    /// They begin the first of several points.
    pub(super) first_point: Vec<String>,
    /// They begin the others.
    pub(super) next_point: Vec<String>,
    /// What makes an agreement more than bare.
    pub(super) special: Vec<String>,
}

/// Names of bodies that are no local government.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Bodies {
    pub(super) words: Vec<String>,
    pub(super) not: Vec<String>,
}

/// What may stand behind a party.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PartyWords {
    pub(super) organs: Vec<String>,
    pub(super) behind: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleRow {
    pub(super) id: String,
    pub(super) priority: i32,
    pub(super) pattern: String,
    #[serde(default)]
    pub(super) requires: Vec<String>,
    pub(super) confidence: f32,
    pub(super) status: Option<Status>,
    #[serde(default)]
    pub(super) both: bool,
    #[serde(default)]
    pub(super) undated: bool,
    #[serde(default)]
    pub(super) named: bool,
    pub(super) finds: Vec<Example>,
    pub(super) ignores: Vec<String>,
}
