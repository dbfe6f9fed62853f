//! [`Lexicon`]: all words of all classes; [`Marked`]: a shadow text with the places where
//! they stand, found once for all rules.

use std::collections::{BTreeMap, HashMap};

use super::shadow::Shadow;

/// A set of classes.
pub(super) type Classes = u128;

/// The words of all classes.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// The classes, by name.
    ids: BTreeMap<String, usize>,
    /// The words by their first character, the longest first, with their classes.
    words: HashMap<char, Vec<(Vec<char>, Classes)>>,
}

impl Lexicon {
    /// Takes the words of some classes; `None` if there are too many classes.
    pub(super) fn new(classes: &BTreeMap<String, Vec<String>>) -> Option<Self> {
        let mut lexicon = Self::default();
        let mut all: BTreeMap<Vec<char>, Classes> = BTreeMap::new();
        for (id, (name, words)) in classes.iter().enumerate() {
            let bit = Classes::checked_shl(1, u32::try_from(id).ok()?)?;
            lexicon.ids.insert(name.clone(), id);
            for word in words {
                *all.entry(word.chars().collect()).or_default() |= bit;
            }
        }
        for (word, classes) in all {
            let Some(first) = word.first() else { continue };
            lexicon.words.entry(*first).or_default().push((word, classes));
        }
        for words in lexicon.words.values_mut() {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Some(lexicon)
    }

    /// The number of a class.
    pub(super) fn id(&self, class: &str) -> Option<usize> {
        self.ids.get(class).copied()
    }
}

/// A word of the lexicon at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// In characters.
    pub(super) len: u32,
    pub(super) classes: Classes,
}

/// A shadow text with its words.
#[derive(Debug)]
pub(super) struct Marked {
    pub(super) chars: Vec<char>,
    /// The byte at which each character begins, and the end.
    bytes: Vec<usize>,
    marks: Vec<Mark>,
    /// Where the marks of each character begin, and the end.
    at: Vec<u32>,
    /// The classes of which a word stands somewhere.
    pub(super) classes: Classes,
}

impl Marked {
    /// Finds the words of a shadow text.
    pub(super) fn new(lexicon: &Lexicon, shadow: &Shadow) -> Self {
        Self::of(lexicon, &shadow.text)
    }

    fn of(lexicon: &Lexicon, text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut bytes = Vec::with_capacity(chars.len() + 1);
        bytes.extend(text.char_indices().map(|(at, _)| at));
        bytes.push(text.len());
        let mut marked = Self {
            bytes,
            marks: Vec::new(),
            at: Vec::with_capacity(chars.len() + 1),
            classes: 0,
            chars: Vec::new(),
        };
        for (n, c) in chars.iter().enumerate() {
            marked.at.push(u32::try_from(marked.marks.len()).unwrap_or(u32::MAX));
            for (word, classes) in lexicon.words.get(c).into_iter().flatten() {
                if chars[n..].starts_with(word) {
                    let len = u32::try_from(word.len()).unwrap_or(u32::MAX);
                    marked.marks.push(Mark { len, classes: *classes });
                    marked.classes |= *classes;
                }
            }
        }
        marked.at.push(u32::try_from(marked.marks.len()).unwrap_or(u32::MAX));
        marked.chars = chars;
        marked
    }

    /// The words that begin at a character, the longest first.
    pub(super) fn marks(&self, at: usize) -> &[Mark] {
        match (self.at.get(at), self.at.get(at + 1)) {
            (Some(from), Some(to)) => &self.marks[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// The byte at which a character begins.
    pub(super) fn byte(&self, at: usize) -> usize {
        self.bytes.get(at).or(self.bytes.last()).copied().unwrap_or(0)
    }

    /// The character that begins at a byte, or the next one.
    pub(super) fn char_at(&self, byte: usize) -> usize {
        self.bytes.partition_point(|at| *at < byte).min(self.chars.len())
    }
}
