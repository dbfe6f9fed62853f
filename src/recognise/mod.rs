//! Recognise: passages to [`Mention`]s of countries, places and dates.

pub mod dates;

use std::sync::Arc;

use crate::{
    date::Date,
    place::{CountryCode, Place},
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
