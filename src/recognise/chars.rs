//! [`CharSet`]: a set of characters, asked at every character of a text.

/// A set of characters that answers in a few instructions. Of the first characters of a list
/// of words it says where the list need not be walked.
#[derive(Debug)]
pub(super) struct CharSet(Box<[u64; 1024]>);

impl FromIterator<char> for CharSet {
    fn from_iter<I: IntoIterator<Item = char>>(chars: I) -> Self {
        let mut set = Self(Box::new([0; 1024]));
        for c in chars {
            // Beyond the basic plane nothing is told apart.
            let c = (c as usize).min(0xffff);
            set.0[c / 64] |= 1 << (c % 64);
        }
        set
    }
}

impl CharSet {
    /// The first characters of some words.
    pub(super) fn first_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        words.into_iter().filter_map(|word| word.chars().next()).collect()
    }

    /// Whether a character is in it.
    pub(super) fn contains(&self, c: char) -> bool {
        let c = (c as usize).min(0xffff);
        self.0[c / 64] & (1 << (c % 64)) != 0
    }

    /// Whether `text` begins with a character of it.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        text.chars().next().is_some_and(|c| self.contains(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_word_begins_with_may_begin() {
        let first = CharSet::first_of(["的", "首都", "𠮷"]);
        for (text, expected) in [("首府", true), ("都", false), ("", false), ("𠮷野", true)] {
            assert_eq!(first.may_begin(text), expected, "{text}");
        }
    }
}
