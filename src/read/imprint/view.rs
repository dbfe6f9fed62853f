//! [`View`]: a line as it is compared with the patterns of an imprint.

use std::borrow::Cow;

use crate::read::{fold::Fold, published};

/// Characters of a line of the imprint, and of one with the title before it.
const LONGEST: usize = 160;
/// A line with its annotations left out, its signs made narrow, and the characters of
/// furniture in simplified script.
pub(super) struct View {
    pub(super) text: String,
    /// Where in the line each byte of `text` stands.
    at: Vec<u32>,
}

impl View {
    /// `None` for a line that is too long to be of an imprint, or empty.
    pub(super) fn of(line: &str, fold: &Fold) -> Option<Self> {
        let line = line.trim_end();
        if line.len() > 6 * LONGEST {
            return None;
        }
        let (text, at) = (String::with_capacity(line.len()), Vec::with_capacity(line.len()));
        let mut view = Self { text, at };
        let mut skip = 0;
        for (at, c) in line.char_indices() {
            if at < skip {
                continue;
            }
            if matches!(c, '(' | '（')
                && view.text.ends_with(is_han)
                && let Some(length) = annotation(&line[at..])
            {
                skip = at + length;
                continue;
            }
            view.text.push(fold.get(published::narrow_char(c)));
            // No longer line is looked at.
            view.at.resize(view.text.len(), at as u32);
        }
        let short = view.text.chars().count() <= LONGEST;
        (short && !view.text.trim().is_empty()).then_some(view)
    }

    /// Where in the line the byte at `at` of the view stands.
    pub(super) fn at(&self, at: usize) -> usize {
        self.at[at] as usize
    }

    /// How a piece of the view is written in the line, script and all.
    pub(super) fn written<'l>(&self, piece: &str, line: &'l str) -> &'l str {
        let start = piece.as_ptr() as usize - self.text.as_ptr() as usize;
        let end = self.at.get(start + piece.len()).map(|&end| end as usize);
        line.get(self.at[start] as usize..end.unwrap_or(line.trim_end().len())).unwrap_or_default()
    }
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9FFF}').contains(&c)
}

/// How long the pinyin in brackets is with which the text begins.
fn annotation(text: &str) -> Option<usize> {
    let mut inside = text.char_indices().skip(1).take(40);
    let (end, close) = inside.find(|(_, c)| !c.is_alphabetic() || is_han(*c))?;
    (matches!(close, ')' | '）') && end > 1).then(|| end + close.len_utf8())
}

/// A line without its pinyin in brackets; borrowed if it has none.
pub(in crate::read) fn without_annotations(line: &str) -> Cow<'_, str> {
    let mut text = String::new();
    let mut kept = 0;
    for (at, c) in line.char_indices() {
        if at >= kept
            && matches!(c, '(' | '（')
            && line[..at].ends_with(is_han)
            && let Some(length) = annotation(&line[at..])
        {
            text.push_str(&line[kept..at]);
            kept = at + length;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(line);
    }
    text.push_str(&line[kept..]);
    Cow::Owned(text)
}

pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "|·•".contains(c))
}
