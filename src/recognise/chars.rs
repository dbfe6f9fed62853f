//! [`CharSet`]: a set of characters, asked at every character of a text.

/// A set of characters that answers in a few instructions.
#[derive(Debug)]
pub(super) struct CharSet(Box<[u64; 1024]>);

impl Default for CharSet {
    fn default() -> Self {
        Self(Box::new([0; 1024]))
    }
}

impl FromIterator<char> for CharSet {
    fn from_iter<I: IntoIterator<Item = char>>(chars: I) -> Self {
        let mut set = Self::default();
        for c in chars {
            set.insert(c);
        }
        set
    }
}

impl CharSet {
    /// Takes a character in. Beyond the basic plane nothing is told apart.
    pub(super) fn insert(&mut self, c: char) {
        let c = (c as usize).min(0xffff);
        self.0[c / 64] |= 1 << (c % 64);
    }

    /// Its bits.
    pub(super) fn words(&self) -> &[u64; 1024] {
        &self.0
    }

    /// Its characters, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = char> {
        (0..0xffff_u32).filter_map(char::from_u32).filter(|c| self.contains(*c))
    }

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
