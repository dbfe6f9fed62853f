//! [`CharSet`]: a set of characters, asked at every character of a text.

/// A set of characters that answers in a few instructions.
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
    /// Whether a character is in it.
    pub(super) fn contains(&self, c: char) -> bool {
        let c = (c as usize).min(0xffff);
        self.0[c / 64] & (1 << (c % 64)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_characters_are_in_it() {
        let set: CharSet = "的首𠮷".chars().collect();
        for (c, expected) in [('首', true), ('都', false), ('a', false), ('𠮷', true)] {
            assert_eq!(set.contains(c), expected, "{c}");
        }
    }
}
