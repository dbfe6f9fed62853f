//! [`Starts`]: which characters a match can begin with, read off the patterns, so that all other places
//! of a text are passed over without asking them.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::chars::CharSet;

/// The characters that a match can begin with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starts(CharSet);

impl Starts {
    /// What a match of any of these patterns can begin with.
    pub(crate) fn of(patterns: &[Hir]) -> Self {
        let mut starts = Self::default();
        for pattern in patterns {
            starts.add(pattern);
        }
        starts
    }

    /// Bytes that a set is written in.
    pub(crate) const BYTES: usize = CharSet::BYTES;

    /// The set that some bytes are.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        Self(CharSet::read(bytes))
    }

    /// Takes a character in.
    #[cfg(test)]
    pub(crate) fn add_char(&mut self, c: char) {
        self.range(c, c);
    }

    /// The bytes of it.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> {
        self.0.words().iter().flat_map(|word| word.to_le_bytes())
    }

    /// The first place in a text where a match may begin.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        self.0.find(text)
    }

    /// Whether a match may begin with a character.
    pub(crate) fn has(&self, c: char) -> bool {
        self.0.contains(c)
    }

    /// The same for a character by its number, as [`chars::code`] tells it.
    ///
    /// [`chars::code`]: crate::chars::code
    pub(crate) fn has_code(&self, code: usize) -> bool {
        self.0.has(code)
    }

    /// Takes in what others begin with.
    pub(crate) fn join(&mut self, other: &Self) {
        self.0.join(&other.0);
    }

    /// Adds what a pattern can begin with; whether it may be empty, so that what follows it
    /// begins as well.
    fn add(&mut self, pattern: &Hir) -> bool {
        match pattern.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                let first = String::from_utf8_lossy(&literal.0).chars().next();
                first.into_iter().for_each(|c| self.range(c, c));
                false
            }
            HirKind::Class(Class::Unicode(class)) => {
                class.iter().for_each(|range| self.range(range.start(), range.end()));
                false
            }
            HirKind::Class(Class::Bytes(class)) => {
                class.iter().for_each(|range| self.range(range.start().into(), range.end().into()));
                false
            }
            HirKind::Repetition(repeated) => self.add(&repeated.sub) || repeated.min == 0,
            HirKind::Capture(group) => self.add(&group.sub),
            HirKind::Concat(parts) => parts.iter().all(|part| self.add(part)),
            // All of them, whether one was empty or not.
            HirKind::Alternation(ways) => {
                let empty: Vec<bool> = ways.iter().map(|way| self.add(way)).collect();
                empty.contains(&true)
            }
        }
    }

    fn range(&mut self, start: char, end: char) {
        self.0.insert_all(start, end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_characters_are_those_of_every_way_to_match() {
        for (pattern, expected) in [
            ("今年|去年", "今去"),
            ("(?:今年)?[1-3]月", "123今"),
            (r"\b(?<y>二?月)", "二月"),
            ("[一-丁]", "一丁"),
            ("é|a", "aé"),
            ("(?:a?|b)c", "abc"),
        ] {
            let starts = Starts::of(&[regex_syntax::parse(pattern).unwrap()]);
            let found: String = ('\0'..='\u{ffff}').filter(|c| starts.has(*c)).collect();
            assert_eq!(found, expected, "{pattern}");
        }
    }
}
