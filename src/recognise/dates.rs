//! Date expressions and what they mean.

use crate::date::Date;
use crate::{
    article::Published,
    notes::Notes,
    rule::DataError,
    segment::Passage,
    text::{Clean, Span},
};

/// The compiled patterns of `rules/date.toml`.
#[derive(Debug)]
pub struct Dates;

impl Dates {
    /// Compiles the patterns.
    ///
    /// # Errors
    ///
    /// If the data is not what it should be.
    pub fn new(_name: &str, _toml: &str) -> Result<Self, DataError> {
        Ok(Self)
    }

    /// The dates of all passages, in order, resolved against the publication date, the
    /// dateline, and what was mentioned before.
    #[must_use]
    pub fn run(
        &self,
        _text: &str,
        _passages: &[Passage],
        _published: Option<Published>,
        _notes: &mut Notes,
    ) -> Vec<(Span<Clean>, Date)> {
        Vec::new()
    }
}
