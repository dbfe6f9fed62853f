//! Countries inside compounds: 中韩, 日方.

use super::{Finder, Found};
use crate::{place::CountryCode, recognise::Of};

impl Finder<'_> {
    /// A country inside a compound: 中韩, 日方.
    pub(super) fn compound(&self, text: &str, at: usize) -> Option<Found> {
        let Some((len, first, second)) = self.forms.compound(&text[at..]) else {
            return self.compound_end(text, at);
        };
        if !self.words.bounded(text, at, at + len) {
            return None;
        }
        let code = if first == CountryCode::CN { second.unwrap_or(first) } else { first };
        // Both countries of 日韩 are named; the first mention carries the first, a second
        // the other.
        let first_char = text[at..].chars().next().map_or(0, char::len_utf8);
        let of = Of::Country(code);
        let (start, end) = match second {
            Some(_) if first != CountryCode::CN => (at, at + first_char),
            _ => (at, at + len),
        };
        Some(Found { start, end, of, row: None, sure: false })
    }

    /// The second country of a compound of two: the 韩 of 日韩.
    pub(super) fn compound_end(&self, text: &str, at: usize) -> Option<Found> {
        let before = text[..at].chars().next_back()?.len_utf8();
        let (len, first, second) = self.forms.compound(&text[at - before..])?;
        let code = second.filter(|_| first != CountryCode::CN)?;
        let end = at - before + len;
        let whole = self.words.bounded(text, at - before, end);
        (whole && end > at).then_some(Found {
            start: at,
            end,
            of: Of::Country(code),
            row: None,
            sure: false,
        })
    }
}
