//! [`Prefixes`]: which words of a list begin a text, or stand in it.

use std::cmp::Reverse;

use crate::chars::CharSet;

/// Words of a list by their first character, the longest first.
#[derive(Clone, Debug)]
pub(crate) struct Prefixes {
    first: CharSet,
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
        let mut ranks = Box::new([0; 1024]);
        let mut before = 0;
        for (rank, word) in ranks.iter_mut().zip(first.words()) {
            *rank = before;
            before += u16::try_from(word.count_ones()).unwrap_or_default();
        }
        let words = sorted.into_iter().map(|(_, word, number)| (word.into(), number)).collect();
        Self { first, ranks, from, words }
    }

    /// The words that begin a text, the longest first: their numbers and their bytes.
    pub(crate) fn of<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let first = text.chars().next().filter(|c| self.first.contains(*c));
        let words = first.map_or(&[][..], |c| {
            let c = (c as usize).min(0xffff);
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
        let mut at = 0;
        std::iter::from_fn(move || {
            let found = at + self.first.find(&text[at..])?;
            at = found + text[found..].chars().next().map_or(1, char::len_utf8);
            Some(&text[found..])
        })
        .flat_map(|rest| self.of(rest).map(|(number, _)| number))
    }

    /// Whether a word of the list stands in a text.
    pub(crate) fn any_within(&self, text: &str) -> bool {
        self.within(text).next().is_some()
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
        assert!(words.within("广场").next().is_none());
    }
}
