//! [`CharSet`]: a set of characters, asked at every character of a text.

/// A set of characters that answers in a few instructions.
#[derive(Clone, Debug)]
pub(crate) struct CharSet {
    bits: Box<[u64; 1024]>,
    /// The bytes that its characters begin with.
    leads: [bool; 256],
}

impl Default for CharSet {
    fn default() -> Self {
        Self { bits: Box::new([0; 1024]), leads: [false; 256] }
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
        let code = (c as usize).min(0xffff);
        self.bits[code / 64] |= 1 << (code % 64);
        self.begin(code / 64);
    }

    /// Takes characters in, from one to another.
    pub(crate) fn insert_all(&mut self, start: char, end: char) {
        let (start, end) = ((start as usize).min(0xffff), (end as usize).min(0xffff));
        for word in start / 64..=end / 64 {
            let from = start.saturating_sub(64 * word).min(63);
            let to = end.saturating_sub(64 * word).min(63);
            self.bits[word] |= (u64::MAX << from) & (u64::MAX >> (63 - to));
            self.begin(word);
        }
    }

    /// Takes in all characters of another set.
    pub(crate) fn join(&mut self, other: &Self) {
        self.bits.iter_mut().zip(other.bits.iter()).for_each(|(bits, other)| *bits |= other);
        self.leads.iter_mut().zip(&other.leads).for_each(|(lead, other)| *lead |= other);
    }

    /// Takes in what the characters of a word of its bits begin with: of those that begin alike
    /// all are in the same words, but for those of one byte and beyond the basic plane.
    fn begin(&mut self, word: usize) {
        let code = 64 * word;
        match code {
            0..0x80 => {
                for bit in (0..64).filter(|bit| self.bits[word] & (1 << bit) != 0) {
                    self.leads[code + bit] = true;
                }
            }
            0x80..0x800 => self.leads[0xC0 | code >> 6] = true,
            _ => self.leads[0xE0 | code >> 12] = true,
        }
        if word == 1023 && self.bits[word] >> 63 == 1 {
            self.leads[0xF0..].fill(true);
        }
    }

    /// Bytes that a set is written in.
    pub(crate) const BYTES: usize = 8 * 1024;

    /// The set that some bytes are: its bits, the lowest first.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut set = Self::default();
        for (word, bytes) in bytes.as_chunks().0.iter().enumerate().take(1024) {
            let bits = u64::from_le_bytes(*bytes);
            if bits != 0 {
                set.bits[word] = bits;
                set.begin(word);
            }
        }
        set
    }

    /// Its bits.
    pub(crate) fn words(&self) -> &[u64; 1024] {
        &self.bits
    }

    /// Its characters, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = char> {
        (0..0xffff_u32).filter_map(char::from_u32).filter(|c| self.contains(*c))
    }

    /// Whether a character is in it, by its number as [`code`] tells it.
    #[inline]
    pub(crate) fn has(&self, code: usize) -> bool {
        self.bits[code / 64] & (1 << (code % 64)) != 0
    }

    /// The first place in a text where one of them stands.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        let mut at = 0;
        while let Some(rest) = text.as_bytes().get(at..) {
            match *rest {
                // Most characters begin like none of a set of marks.
                [lead, ..] if !self.leads[usize::from(lead)] => at += WIDTHS[usize::from(lead)],
                // The number of a Chinese character need not be put together.
                [first @ 0xE0..0xF0, second, third, ..] => {
                    let word = usize::from(first & 0x0F) << 6 | usize::from(second & 0x3F);
                    if self.bits[word] >> (third & 0x3F) & 1 == 1 {
                        return Some(at);
                    }
                    at += 3;
                }
                [lead, ..] => {
                    if self.has(code(text, at)?.0) {
                        return Some(at);
                    }
                    at += WIDTHS[usize::from(lead)];
                }
                [] => return None,
            }
        }
        None
    }

    /// Whether a character is in it.
    #[inline]
    pub(crate) fn contains(&self, c: char) -> bool {
        self.has((c as usize).min(0xffff))
    }
}

/// Bytes of a character by the first.
static WIDTHS: [usize; 256] = {
    let mut widths = [1; 256];
    let mut lead = 0xC0;
    while lead < 256 {
        widths[lead] = if lead < 0xE0 { 2 } else { 3 + (lead >= 0xF0) as usize };
        lead += 1;
    }
    widths
};

/// The number by which a set knows the character at a place, and its bytes; `None` at the end
/// of the text. Characters are told apart by their bytes: to decode them takes longer.
#[inline]
pub(crate) fn code(text: &str, at: usize) -> Option<(usize, usize)> {
    match *text.as_bytes().get(at..)? {
        [first @ 0xE0..0xF0, second, third, ..] => {
            let high = usize::from(first & 0x0F) << 12 | usize::from(second & 0x3F) << 6;
            Some((high | usize::from(third & 0x3F), 3))
        }
        [first @ 0..0x80, ..] => Some((usize::from(first), 1)),
        [] => None,
        _ => rare_code(text, at),
    }
}

/// The same for a character of two or four bytes.
#[cold]
fn rare_code(text: &str, at: usize) -> Option<(usize, usize)> {
    let c = text[at..].chars().next()?;
    Some(((c as usize).min(0xffff), c.len_utf8()))
}

/// Where what begins like a Chinese character ends, from a place on.
#[inline]
pub(crate) fn past_han(bytes: &[u8], mut at: usize) -> usize {
    while let Some([0xE4..=0xE9, _, _, ..]) = bytes.get(at..) {
        at += 3;
    }
    at
}

/// Whether a character is a number; Chinese ones are told without the tables, in which they are
/// none.
#[inline]
pub(crate) fn is_numeric(c: char) -> bool {
    !matches!(c, '\u{4e00}'..='\u{9fff}') && c.is_numeric()
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
            assert_eq!(is_numeric(c), c.is_numeric(), "{c:?}");
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
    fn what_is_found_is_what_is_in_it() {
        let text = "aé友城ߘࠀ\u{fffe}\u{ffff}𠮷é。b";
        for members in
            ["", "é", "b", "。", "城", "𠀀", "\u{ffff}", "ߘ", "ࠀ", "\u{fffe}", "Aé.", "a"]
        {
            let set: CharSet = members.chars().collect();
            let mut ranged = CharSet::default();
            members.chars().for_each(|c| ranged.insert_all(c, c));
            let read: Vec<u8> = set.words().iter().flat_map(|word| word.to_le_bytes()).collect();
            let first = text.char_indices().find(|(_, c)| set.contains(*c)).map(|(at, _)| at);
            for set in [set, ranged, CharSet::read(&read)] {
                assert_eq!(set.find(text), first, "{members:?}");
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
