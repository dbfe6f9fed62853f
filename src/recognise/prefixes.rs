//! [`Prefixes`]: which words of a list begin a text.

use std::cmp::Reverse;

use super::chars::CharSet;

/// Words of a list by their first character, the longest first.
#[derive(Debug)]
pub(super) struct Prefixes {
    first: CharSet,
    words: Vec<(char, Box<str>, usize)>,
}

impl Prefixes {
    /// The words of a list, known by their numbers in it.
    pub(super) fn new<'w>(list: impl IntoIterator<Item = &'w str>) -> Self {
        let mut words: Vec<(char, Box<str>, usize)> = list
            .into_iter()
            .enumerate()
            .filter_map(|(number, word)| Some((word.chars().next()?, word.into(), number)))
            .collect();
        words.sort_by_key(|(first, word, number)| (*first, Reverse(word.len()), *number));
        Self { first: words.iter().map(|(first, _, _)| *first).collect(), words }
    }

    /// The words that begin a text, the longest first: their numbers and their bytes.
    pub(super) fn of<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let first = text.chars().next().filter(|c| self.first.contains(*c));
        let from = first.map_or(self.words.len(), |c| self.words.partition_point(|it| it.0 < c));
        self.words[from..]
            .iter()
            .take_while(move |(c, _, _)| Some(*c) == first)
            .filter(|(_, word, _)| text.starts_with(&**word))
            .map(|(_, word, number)| (*number, word.len()))
    }

    /// The bytes of the longest word that begins a text.
    pub(super) fn longest(&self, text: &str) -> Option<usize> {
        self.of(text).next().map(|(_, len)| len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_comes_first() {
        let words = Prefixes::new(["市", "广域市", "广域", "市辖区", ""]);
        let all = |text: &str| words.of(text).map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!(all("广域市中区"), [1, 2]);
        assert_eq!(all("市场"), [0]);
        assert!(all("场市").is_empty());
        assert!(all("").is_empty());
        assert_eq!(words.longest("市辖区"), Some("市辖区".len()));
    }
}
