//! [`Words`]: the words of a text, by jieba.

use std::{cell::RefCell, fmt, sync::OnceLock};

use rustc_hash::FxHashMap;

use super::dictionary::Dictionary;

/// The dictionary. Opened when it is first asked: what names no place needs none.
pub struct Words {
    dictionary: OnceLock<Dictionary>,
}

/// How far a window around a stretch of text reaches, in bytes.
const REACH: usize = 96;

impl Words {
    /// The dictionary that comes with jieba, not yet opened.
    #[must_use]
    pub fn new() -> Self {
        Self { dictionary: OnceLock::new() }
    }

    fn dictionary(&self) -> &Dictionary {
        self.dictionary.get_or_init(Dictionary::new)
    }

    /// The words of a text with their part-of-speech tags: first byte, byte after the
    /// last, tag.
    pub fn tag<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize, &'t str)> {
        self.dictionary().tag(text, true).into_iter().map(|word| (word.start, word.end, word.tag))
    }

    /// Where the words of a clause begin, and where the last one ends.
    fn cut(&self, clause: &str) -> Vec<usize> {
        let words = self.dictionary().cut(clause, true);
        words.iter().map(|word| word.start).chain([clause.len()]).collect()
    }

    /// The words that make up a stem of its own, with their tags. A character that is no
    /// word of the dictionary has an empty tag, unless it is the whole stem.
    pub fn tags_of<'t>(&'t self, stem: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let dictionary = self.dictionary();
        let words = dictionary.cut(stem, false);
        let is_one = words.len() == 1;
        words.into_iter().map(move |word| {
            let of = &stem[word.start..word.end];
            // To guess a tag jieba reads a table that takes longer than all else here, and
            // who asks for several words passes over single characters.
            let tag = match dictionary.known(word, of) {
                Some(tag) => tag,
                None if is_one || of.is_ascii() => dictionary.guess(of),
                None => "",
            };
            (of, tag)
        })
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_open = self.dictionary.get().is_some();
        f.debug_struct("Words").field("is_open", &is_open).finish()
    }
}

/// The clauses of one text, each cut into words once.
#[derive(Debug)]
pub(crate) struct Clauses<'a> {
    words: &'a Words,
    whole: &'a str,
    /// By its first byte and its length where the words of a clause begin, and where it ends.
    cut: RefCell<FxHashMap<(usize, usize), Vec<usize>>>,
}

impl<'a> Clauses<'a> {
    /// No clause of the text is cut yet.
    pub(crate) fn new(words: &'a Words, whole: &'a str) -> Self {
        Self { words, whole, cut: RefCell::default() }
    }

    /// Whether both ends of a stretch fall between words, as the text around it is
    /// cut. Only the clause around it is looked at.
    pub(crate) fn bounded(&self, text: &str, start: usize, end: usize) -> bool {
        let (from, to) = window(text, start, end);
        // What is a clause by itself begins and ends with words.
        if (from, to) == (start, end) {
            return true;
        }
        self.ends(&text[from..to], |ends| {
            let falls = |at: usize| ends.binary_search(&(at - from)).is_ok();
            falls(start) && falls(end)
        })
    }

    /// The word that a place in the text falls within, not at an end of it.
    pub(crate) fn around<'t>(&self, text: &'t str, at: usize) -> Option<&'t str> {
        let (from, to) = window(text, at, at);
        // With a clause a word begins or ends.
        if at == from || at == to {
            return None;
        }
        self.ends(&text[from..to], |ends| {
            let next = ends.binary_search(&(at - from)).err()?;
            let end = from + ends.get(next)?;
            text.get(from + ends.get(next.checked_sub(1)?)?..end)
        })
    }

    /// Asks where the words of a clause begin and the last one ends.
    fn ends<T>(&self, clause: &str, ask: impl FnOnce(&[usize]) -> T) -> T {
        // A stretch of the text is known by where it lies in it.
        let at = (clause.as_ptr() as usize)
            .checked_sub(self.whole.as_ptr() as usize)
            .filter(|at| at + clause.len() <= self.whole.len());
        let Some(at) = at else { return ask(&self.words.cut(clause)) };
        let mut cut = self.cut.borrow_mut();
        ask(cut.entry((at, clause.len())).or_insert_with(|| self.words.cut(clause)))
    }

    /// See [`Words::tags_of`].
    pub(crate) fn tags_of<'t>(&'t self, stem: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.words.tags_of(stem)
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

/// The clause around a stretch, cut off at a stated reach.
fn window(text: &str, start: usize, end: usize) -> (usize, usize) {
    // Most characters are Chinese ones, and the tables of Unicode are slow to ask.
    let is_mark = |c: char| !matches!(c, '\u{4e00}'..='\u{9fff}') && !c.is_alphanumeric();
    let mut from = start.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (end + REACH).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let from = text[from..start]
        .char_indices()
        .rev()
        .find(|&(_, c)| is_mark(c))
        .map_or(from, |(at, c)| from + at + c.len_utf8());
    let to = text[end..to].find(is_mark).map_or(to, |at| end + at);
    (from, to)
}
