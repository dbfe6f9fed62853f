//! [`Words`]: the words of a text, by jieba.

use jieba_rs::Jieba;

/// The dictionary. Loaded once.
#[derive(Debug)]
pub struct Words {
    jieba: Jieba,
}

/// How far a window around a stretch of text reaches, in bytes.
const REACH: usize = 96;

impl Words {
    /// Loads the dictionary that comes with jieba.
    #[must_use]
    pub fn new() -> Self {
        Self { jieba: Jieba::new() }
    }

    /// The words of a text with their part-of-speech tags: first byte, byte after the
    /// last, tag.
    pub fn tag<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize, &'t str)> {
        self.jieba.tag(text, true).into_iter().map(|tag| (tag.byte_start, tag.byte_end, tag.tag))
    }

    /// Whether both ends of a stretch fall between words, as the text around it is
    /// cut. Only the clause around it is looked at.
    #[must_use]
    pub fn bounded(&self, text: &str, start: usize, end: usize) -> bool {
        let (from, to) = window(text, start, end);
        let (mut starts, mut ends) = (start == from, end == to);
        for word in self.jieba.cut(&text[from..to], true) {
            starts |= from + word.byte_start == start;
            ends |= from + word.byte_end == end;
        }
        starts && ends
    }

    /// The tags of the words that make up a stem of its own.
    pub fn tags_of<'t>(&'t self, stem: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.jieba.tag(stem, false).into_iter().map(|tag| (tag.word, tag.tag))
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

/// The clause around a stretch, cut off at a stated reach.
fn window(text: &str, start: usize, end: usize) -> (usize, usize) {
    let is_mark = |c: char| !c.is_alphanumeric();
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
