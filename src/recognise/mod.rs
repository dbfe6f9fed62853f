//! Recognise: passages to [`Mention`]s of countries, places and dates.

pub mod dates;

use std::sync::Arc;

use crate::{
    article::Article,
    date::Date,
    notes::Notes,
    place::{CountryCode, Place},
    rule::DataError,
    segment::Passage,
    text::{Clean, Span},
};

/// What a stretch of text names.
#[derive(Clone, Debug, PartialEq)]
pub enum Of {
    /// A country.
    Country(CountryCode),
    /// A place.
    Place(Arc<Place>),
    /// A name that may be one of several places.
    Ambiguous(Vec<Arc<Place>>),
    /// A date.
    Date(Date),
}

/// A stretch of the clean text that names something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where.
    pub span: Span<Clean>,
    /// What.
    pub of: Of,
}

/// The recognisers with their compiled data.
#[derive(Debug)]
pub struct Recogniser;

impl Recogniser {
    /// Compiles the data.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self)
    }

    /// What the article names, in order, without overlaps.
    #[must_use]
    pub fn run(
        &self,
        _article: &Article,
        _passages: &[Passage],
        _notes: &mut Notes,
    ) -> Vec<Mention> {
        Vec::new()
    }
}
