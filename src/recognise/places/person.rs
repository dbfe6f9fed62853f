//! Persons whose names hold the name of a place.

use super::{Finder, Known};
use crate::gazetteer::{Match, Sense};
use crate::recognise::forms::is_han;

impl Finder<'_> {
    /// Whether a name without a unit is a person's, or a part of it: 柏林先生, 局长李长春.
    pub(super) fn person(&self, text: &str, start: usize, end: usize) -> bool {
        if self.forms.person_behind(&text[end..]) {
            return true;
        }
        let before = text[..start].trim_end_matches(' ');
        // A title right before it leaves no room for a place: 市长华盛顿.
        if before.len() == start && self.forms.titled(before) {
            return true;
        }
        // A surname between: 局长李长春.
        before.chars().next_back().is_some_and(|c| {
            self.forms.is_surname(c) && {
                let rest = &before[..before.len() - c.len_utf8()];
                // In a list of persons it stands between marks: 王德州、张怀柔.
                let begins =
                    rest.chars().next_back().is_none_or(|c| !is_han(c) || self.forms.is_stop(c));
                begins && before.len() == start
                    || self.forms.titled(rest.trim_end_matches(' '))
                    || text[end..].trim_start_matches(' ').starts_with('摄')
            }
        })
    }

    /// How long the name of a person with dots is that begins at `at`: 乔治·华盛顿. No list and
    /// no unit makes it a place.
    pub(super) fn dotted(
        &self,
        text: &str,
        at: usize,
        here: &[Match],
        article: &Known,
    ) -> Option<usize> {
        let rest = &text[at..];
        if text[..at].chars().next_back().is_some_and(|c| self.forms.transliterates(c)) {
            return None;
        }
        let run = rest.find(|c| !self.forms.transliterates(c)).unwrap_or(rest.len());
        let name = rest[..run].trim_end_matches('·');
        let dot = name.find('·').filter(|dot| *dot > 0)?;
        let listed = here.iter().any(|found| found.end > at + dot);
        let country = here.iter().any(|found| {
            found.end == at + dot
                && self
                    .gazetteer
                    .senses(found.name)
                    .any(|sense| matches!(sense, Sense::Country(..)))
        });
        let held = article.held(rest).is_some_and(|(held, _)| held.len() > dot);
        // 阿尔芒·贝因德市长 is a person and his office.
        let behind = &rest[name.len()..];
        let unit = self
            .forms
            .suffix(behind, None)
            .is_some_and(|unit| !behind[unit.text.len()..].starts_with('长'));
        (!listed && !country && !held && !unit).then_some(name.len())
    }
}
