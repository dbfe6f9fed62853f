//! [`CharSet`]: a set of characters, asked at every character of a text.

/// A set of characters that answers in a few instructions.
#[derive(Clone, Debug)]
pub(crate) struct CharSet(Box<[u64; 1024]>);

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
    pub(crate) fn insert(&mut self, c: char) {
        let c = (c as usize).min(0xffff);
        self.0[c / 64] |= 1 << (c % 64);
    }

    /// Takes characters in, from one to another.
    pub(crate) fn insert_all(&mut self, start: char, end: char) {
        for c in (start as usize).min(0xffff)..=(end as usize).min(0xffff) {
            self.0[c / 64] |= 1 << (c % 64);
        }
    }

    /// Bytes that a set is written in.
    pub(crate) const BYTES: usize = 8 * 1024;

    /// The set that some bytes are: its bits, the lowest first.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut set = Self::default();
        for (word, bytes) in set.0.iter_mut().zip(bytes.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        set
    }

    /// Its bits.
    pub(crate) fn words(&self) -> &[u64; 1024] {
        &self.0
    }

    /// Its characters, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = char> {
        (0..0xffff_u32).filter_map(char::from_u32).filter(|c| self.contains(*c))
    }

    /// Whether a character is in it, by its number as [`code`] tells it.
    #[inline]
    pub(crate) fn has(&self, code: usize) -> bool {
        self.0[code / 64] & (1 << (code % 64)) != 0
    }

    /// The first place in a text where one of them stands.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        let mut at = 0;
        while let Some((code, width)) = code(text, at) {
            if self.has(code) {
                return Some(at);
            }
            at += width;
        }
        None
    }

    /// Whether a character is in it.
    #[inline]
    pub(crate) fn contains(&self, c: char) -> bool {
        self.has((c as usize).min(0xffff))
    }
}

/// The number by which a set knows the character at a place, and its bytes; `None` at the end
/// of the text. Characters are told apart by their bytes: to decode them takes longer.
#[inline]
pub(crate) fn code(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    match *bytes.get(at)? {
        first @ 0..0x80 => Some((usize::from(first), 1)),
        0xE0..0xF0 => {
            let &[first, second, third] = bytes[at..].first_chunk::<3>()?;
            let high = usize::from(first & 0x0F) << 12 | usize::from(second & 0x3F) << 6;
            Some((high | usize::from(third & 0x3F), 3))
        }
        _ => {
            let c = text[at..].chars().next()?;
            Some(((c as usize).min(0xffff), c.len_utf8()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_them_is_found_whatever_stands_before_it() {
        let set: CharSet = "é城a\u{20000}".chars().collect();
        for before in ["", "b", "市", "ü", "\u{fffd}", "市ü b"] {
            for one in ["é", "城", "a", "\u{20001}"] {
                assert_eq!(set.find(&format!("{before}{one}市")), Some(before.len()));
            }
            assert_eq!(set.find(before), None);
        }
    }

    #[test]
    fn only_its_characters_are_in_it() {
        let set: CharSet = "的首𠮷".chars().collect();
        for (c, expected) in [('首', true), ('都', false), ('a', false), ('𠮷', true)] {
            assert_eq!(set.contains(c), expected, "{c}");
        }
    }
}
