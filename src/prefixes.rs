//! [`Prefixes`]: which words of a list begin a text, or stand in it.

use std::cmp::Reverse;

use crate::chars::{self, CharSet};

/// Bits that tell pairs of characters apart.
const PAIRS: usize = 1 << 15;

/// Words of a list by their first character, the longest first.
#[derive(Clone, Debug)]
pub(crate) struct Prefixes {
    first: CharSet,
    /// Words of one character.
    alone: CharSet,
    /// The two first characters of the others, as bits.
    pairs: Box<[u64; PAIRS / 64]>,
    /// For each 64 characters how many first characters lie before them.
    ranks: Box<[u16; 1024]>,
    /// For each first character where its words begin, and where the last one's end.
    from: Vec<usize>,
    words: Vec<(Box<str>, usize)>,
}

impl Prefixes {
    /// The words of a list, known by their numbers in it.
    pub(crate) fn new<'w>(list: impl IntoIterator<Item = &'w str>) -> Self {
        let mut sorted: Vec<(char, &str, usize)> = list
            .into_iter()
            .enumerate()
            // Beyond the basic plane nothing is told apart.
            .filter_map(|(number, word)| Some((word.chars().next()?.min('\u{ffff}'), word, number)))
            .collect();
        sorted.sort_by_key(|&(first, word, number)| (first, Reverse(word.len()), number));
        let mut from: Vec<usize> =
            (0..sorted.len()).filter(|&at| at == 0 || sorted[at - 1].0 != sorted[at].0).collect();
        from.push(sorted.len());
        let first: CharSet = sorted.iter().map(|(first, _, _)| *first).collect();
        let mut alone = CharSet::default();
        let mut pairs = Box::new([0; PAIRS / 64]);
        for (_, word, _) in &sorted {
            let first = chars::code(word, 0);
            match first.and_then(|(first, width)| Some((first, chars::code(word, width)?.0))) {
                Some((first, second)) => {
                    let bit = pair(first, second);
                    pairs[bit / 64] |= 1 << (bit % 64);
                }
                None => alone.extend(word.chars()),
            }
        }
        let mut ranks = Box::new([0; 1024]);
        let mut before = 0;
        for (rank, word) in ranks.iter_mut().zip(first.words()) {
            *rank = before;
            before += u16::try_from(word.count_ones()).unwrap_or_default();
        }
        let words = sorted.into_iter().map(|(_, word, number)| (word.into(), number)).collect();
        Self { first, alone, pairs, ranks, from, words }
    }

    /// The words that begin a text, the longest first: their numbers and their bytes.
    pub(crate) fn of<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let first =
            chars::code(text, 0).filter(|(c, width)| self.may_stand(*c, chars::code(text, *width)));
        let words = first.map_or(&[][..], |(c, _)| {
            let (at, bit) = (c / 64, c % 64);
            let word = self.first.words()[at];
            let below = (word & ((1 << bit) - 1)).count_ones() as usize;
            let rank = usize::from(self.ranks[at]) + below;
            &self.words[self.from[rank]..self.from[rank + 1]]
        });
        words
            .iter()
            .filter(|(word, _)| text.starts_with(&**word))
            .map(|(word, number)| (*number, word.len()))
    }

    /// The words that stand in a text, by their places: their numbers.
    pub(crate) fn within<'t>(&'t self, text: &'t str) -> impl Iterator<Item = usize> + 't {
        self.places(text).flat_map(|rest| self.of(rest).map(|(number, _)| number))
    }

    /// The text from each place on where a word may stand: all others are passed over.
    fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'t str> + 't {
        let mut next = 0;
        std::iter::from_fn(move || {
            loop {
                // Most characters begin no word: no second one is looked at.
                let at = next + self.first.find(text.get(next..)?)?;
                let (first, width) = chars::code(text, at)?;
                next = at + width;
                if self.may_begin(first, chars::code(text, next)) {
                    return Some(&text[at..]);
                }
            }
        })
    }

    /// Whether a word may stand where a text has a character and, if it goes on, one after it, as
    /// [`chars::code`] tells them.
    #[inline]
    pub(crate) fn may_stand(&self, first: usize, second: Option<(usize, usize)>) -> bool {
        self.first.has(first) && self.may_begin(first, second)
    }

    /// Whether a word may begin with a character and the one after it.
    fn may_begin(&self, first: usize, second: Option<(usize, usize)>) -> bool {
        let is_pair = |(second, _)| {
            let bit = pair(first, second);
            self.pairs[bit / 64] & (1 << (bit % 64)) != 0
        };
        self.alone.has(first) || second.is_some_and(is_pair)
    }

    /// The first place in a text, but its beginning, where a word stands that does not begin it.
    pub(crate) fn first_behind(&self, text: &str) -> Option<usize> {
        let mut begin: Vec<usize> = Vec::new();
        let place = |rest: &str| text.len() - rest.len();
        self.places(text).find_map(|rest| match place(rest) {
            0 => {
                begin.extend(self.of(rest).map(|(number, _)| number));
                None
            }
            at => self.of(rest).any(|(number, _)| !begin.contains(&number)).then_some(at),
        })
    }

    /// Whether a word of the list stands in a text.
    pub(crate) fn any_within(&self, text: &str) -> bool {
        self.within(text).next().is_some()
    }

    /// The words of the list, in no particular order.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, _)| &**word)
    }

    /// The characters that words begin with.
    pub(crate) fn firsts(&self) -> impl Iterator<Item = char> {
        self.first.iter()
    }

    /// The bytes of the longest word that begins a text.
    pub(crate) fn longest(&self, text: &str) -> Option<usize> {
        self.of(text).next().map(|(_, len)| len)
    }
}

/// The bit of two characters.
fn pair(first: usize, second: usize) -> usize {
    let mixed = (first << 16 | second) as u32;
    (mixed.wrapping_mul(0x9E37_79B1) >> 17) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_comes_first() {
        let words = Prefixes::new(["市", "广域市", "广域", "市辖区", "", "𠀀市"]);
        let all = |text: &str| words.of(text).map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!(all("广域市中区"), [1, 2]);
        assert_eq!(all("市场"), [0]);
        assert!(all("场市").is_empty());
        assert!(all("").is_empty());
        assert_eq!(all("𠀀市"), [5]);
        assert!(all("𠀁市").is_empty());
        assert_eq!(words.longest("市辖区"), Some("市辖区".len()));
        assert_eq!(words.within("a市广域市辖区").collect::<Vec<_>>(), [0, 1, 2, 3, 0]);
        assert_eq!(words.first_behind("市广域市广域"), Some(3));
        assert_eq!(words.first_behind("市a市辖"), None);
        assert!(words.within("广场").next().is_none());
        assert_eq!(words.within("a𠀀市").collect::<Vec<_>>(), [5, 0]);
    }
}
