//! [`FirstChars`]: which characters words of a list begin with.

/// A set of characters that answers in a few instructions, to be asked at every character
/// of a text before a list is walked.
#[derive(Debug)]
pub(super) struct FirstChars(Box<[u64; 1024]>);

impl FirstChars {
    /// The first characters of some words.
    pub(super) fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut set = Self(Box::new([0; 1024]));
        for c in words.into_iter().filter_map(|word| word.chars().next()) {
            // Beyond the basic plane nothing is told apart.
            let c = (c as usize).min(0xffff);
            set.0[c / 64] |= 1 << (c % 64);
        }
        set
    }

    /// Whether a word may begin `text`.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        text.chars().next().is_some_and(|c| {
            let c = (c as usize).min(0xffff);
            self.0[c / 64] & (1 << (c % 64)) != 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_word_begins_with_may_begin() {
        let first = FirstChars::of(["的", "首都", "𠮷"]);
        for (text, expected) in [("首府", true), ("都", false), ("", false), ("𠮷野", true)] {
            assert_eq!(first.may_begin(text), expected, "{text}");
        }
    }
}
