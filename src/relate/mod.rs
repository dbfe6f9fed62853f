//! Relate: mentions to [`Claim`]s and [`Statistic`]s.

use crate::{
    agreement::{Claim, Statistic},
    article::Article,
    notes::Notes,
    recognise::Mention,
    rule::DataError,
    segment::Passage,
};

/// The compiled rules.
#[derive(Debug)]
pub struct Relater;

impl Relater {
    /// Compiles the rules.
    ///
    /// # Errors
    ///
    /// If a rule file has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self)
    }

    /// What the article claims and counts.
    #[must_use]
    pub fn run(
        &self,
        _article: &Article,
        _passages: &[Passage],
        _mentions: &[Mention],
        _notes: &mut Notes,
    ) -> (Vec<Claim>, Vec<Statistic>) {
        (Vec::new(), Vec::new())
    }
}
