//! [`Offsets`]: byte offsets inside, Unicode code points outside.

use crate::{
    article::Article,
    text::{Clean, Raw, Span},
};

/// Bytes per block of the index: small enough to count again, large enough to be few.
const BLOCK: usize = 256;

/// How many code points stand before any byte of a text.
///
/// One pass over the text counts them block by block; a look-up counts the rest of one
/// block.
///
/// ```
/// use youcheng::offset::CodePoints;
///
/// let points = CodePoints::new("友城 ok");
/// assert_eq!([0, 3, 6, 9].map(|byte| points.at(byte)), [0, 1, 2, 5]);
/// ```
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    blocks: Vec<u32>,
}

impl<'a> CodePoints<'a> {
    /// Counts once through `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut before = 0;
        let blocks = text
            .as_bytes()
            .chunks(BLOCK)
            .map(|block| {
                let here = before;
                before += begins(block);
                here
            })
            .collect();
        Self { text, blocks }
    }

    /// How many code points begin before the byte at `offset`; all, beyond the end.
    #[must_use]
    pub fn at(&self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        let Some(block) = self.blocks.len().checked_sub(1).map(|last| last.min(offset / BLOCK))
        else {
            return 0;
        };
        self.blocks[block] + begins(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many code points begin within these bytes.
fn begins(bytes: &[u8]) -> u32 {
    let is_first = |byte: &u8| u8::from(byte & 0b1100_0000 != 0b1000_0000);
    // Sums in one byte are made of many bytes at a time.
    bytes.chunks(255).map(|some| u32::from(some.iter().map(is_first).sum::<u8>())).sum()
}

/// The spans of one article in code points, as every output gives them.
#[derive(Debug)]
pub struct Offsets<'a> {
    article: &'a Article,
    clean: CodePoints<'a>,
    raw: CodePoints<'a>,
}

impl<'a> Offsets<'a> {
    /// Counts through the raw and the clean text.
    #[must_use]
    pub fn new(article: &'a Article) -> Self {
        Self {
            article,
            clean: CodePoints::new(article.text.clean()),
            raw: CodePoints::new(article.text.raw()),
        }
    }

    /// Start and end in the clean text.
    #[must_use]
    pub fn clean(&self, span: Span<Clean>) -> [u32; 2] {
        [self.clean.at(span.start as usize), self.clean.at(span.end as usize)]
    }

    /// Start and end in the text as it was read, noise included.
    ///
    /// A record's title that was put first is no part of its text: positions count from
    /// where the text begins, and a span that begins in such a title has none.
    #[must_use]
    pub fn raw(&self, span: Span<Clean>) -> Option<[u32; 2]> {
        self.of_raw(self.article.text.to_raw(span))
    }

    /// The same for a span that is in raw coordinates.
    #[must_use]
    pub fn of_raw(&self, span: Span<Raw>) -> Option<[u32; 2]> {
        if span.start < self.article.text_starts {
            return None;
        }
        let origin = self.raw.at(self.article.text_starts as usize);
        Some([self.raw.at(span.start as usize) - origin, self.raw.at(span.end as usize) - origin])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_text_has_no_code_points() {
        assert_eq!(CodePoints::new("").at(0), 0);
    }

    proptest! {
        #[test]
        fn look_ups_agree_with_counting(text in "[a友𠮷é\u{301}]{0,300}") {
            let points = CodePoints::new(&text);
            for (count, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(points.at(byte) as usize, count);
            }
            prop_assert_eq!(points.at(text.len()) as usize, text.chars().count());
        }
    }
}
