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

impl Extend<char> for CharSet {
    fn extend<I: IntoIterator<Item = char>>(&mut self, chars: I) {
        chars.into_iter().for_each(|c| self.insert(c));
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
        let (start, end) = ((start as usize).min(0xffff), (end as usize).min(0xffff));
        for word in start / 64..=end / 64 {
            let from = start.saturating_sub(64 * word).min(63);
            let to = end.saturating_sub(64 * word).min(63);
            self.0[word] |= (u64::MAX << from) & (u64::MAX >> (63 - to));
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

/// Whether a character is a letter or a digit: what is asked of most characters of a text is told
/// without the tables.
#[inline]
pub(crate) fn is_alphanumeric(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => true,
        '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        c => c.is_alphanumeric(),
    }
}

/// Adds the letters and digits of a text in lower case to another, as long as that is no longer
/// than some bytes; whether it is not.
pub(crate) fn fold_into(folded: &mut String, text: &str, most: usize) -> bool {
    for c in text.chars() {
        match c {
            '\u{4e00}'..='\u{9fff}' => folded.push(c),
            c if is_alphanumeric(c) => folded.extend(c.to_lowercase()),
            _ => continue,
        }
        if folded.len() > most {
            return false;
        }
    }
    true
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
    fn letters_and_digits_are_those_of_the_tables() {
        for c in '\0'..='\u{ffff}' {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            let mut folded = String::new();
            fold_into(&mut folded, c.encode_utf8(&mut [0; 4]), usize::MAX);
            let lower = c.to_lowercase().filter(|_| c.is_alphanumeric());
            assert_eq!(folded, lower.collect::<String>(), "{c:?}");
        }
        let mut folded = String::new();
        assert!(fold_into(&mut folded, "友 A。", 4) && folded == "友a");
        assert!(!fold_into(&mut folded, "城城", 4));
    }

    #[test]
    fn ranges_are_taken_in_whole() {
        for (start, end) in [(0, 0), (63, 64), (5, 300), (0x4e00, 0x9fff), (64, 127), (9, 0x10ffff)]
        {
            let char = |code| char::from_u32(code).unwrap();
            let mut set = CharSet::default();
            set.insert_all(char(start), char(end));
            for code in 0..=0xffff_usize {
                assert_eq!(
                    set.has(code),
                    (start as usize..=end as usize).contains(&code),
                    "{code}"
                );
            }
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
