//! [`Fields`]: what a row of a table says about an article, as a record of JSON Lines.

use serde::Serialize;

/// A row, in the order of the fields that gives the article its identity: the same row has
/// the same one in Parquet, in Arrow and in Python.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fields {
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The page, for articles without a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was published, in any notation, or in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
}

impl Fields {
    /// Their names, in this order.
    pub const NAMES: [&str; 6] = ["text", "html", "title", "url", "published", "publisher"];

    /// Where the field of this name is kept.
    pub fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "text" => Some(&mut self.text),
            "html" => Some(&mut self.html),
            "title" => Some(&mut self.title),
            "url" => Some(&mut self.url),
            "published" => Some(&mut self.published),
            "publisher" => Some(&mut self.publisher),
            _ => None,
        }
    }

    /// The bytes of the record, for [`super::Payload::Record`].
    #[must_use]
    pub fn record(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A day counted from the first of 1970, as a field says it.
#[cfg(any(feature = "parquet", feature = "arrow"))]
pub(crate) fn day(days: i32) -> Option<String> {
    use jiff::{ToSpan as _, civil::date};
    let span = i64::from(days).checked_abs().filter(|days| *days < 4_000_000).map(|_| days.days());
    Some(date(1970, 1, 1).checked_add(span?).ok()?.to_string())
}
