//! [`Index`]: which names stand in a text.
//!
//! Two characters in fifty of a text are the first two of a name. That is told by one bit for
//! both, which nearly all places of a text lack, so that the names are hardly ever looked at.

use super::{
    Match,
    image::{Image, u32_at},
    layout::{ENTRY, IS_LONGER, PAIR, hash},
};
use crate::chars::{self, CharSet};

/// The names by the pairs of characters that they begin with.
pub(super) struct Index<'i> {
    pairs: &'i [u8],
    buckets: &'i [[u8; 4]],
    entries: &'i [[u8; ENTRY]],
    /// Names of one character.
    alone: &'i [[u8; PAIR]],
    /// Their characters.
    firsts: CharSet,
    /// By how much a hash is shifted to name its bucket.
    shift: u32,
}

impl<'i> Index<'i> {
    /// What the sections of an image hold; `None` if they do not go together.
    pub(super) fn new(
        pairs: &'i [u8],
        buckets: &'i [[u8; 4]],
        entries: &'i [[u8; ENTRY]],
        alone: &'i [[u8; PAIR]],
    ) -> Option<Self> {
        let bits = pairs.len().trailing_zeros();
        if !pairs.len().is_power_of_two() || !(1..=29).contains(&bits) {
            return None;
        }
        let firsts = alone.iter().filter_map(|c| char::from_u32(u32_at(c, 0))).collect();
        let goes = buckets.len() == pairs.len() + 1;
        goes.then_some(Self { pairs, buckets, entries, alone, firsts, shift: 32 - bits })
    }

    /// Every name in `text`, also those inside others, by start and the longest first.
    pub(super) fn matches(&self, image: &Image<'_>, text: &str, mut found: impl FnMut(Match)) {
        let mut next = 0;
        let mut ahead = chars::code(text, 0);
        while let Some((first, width)) = ahead {
            let start = next;
            next += width;
            ahead = chars::code(text, next);
            if let Some((second, width)) = ahead
                && self.may_begin(first, second)
            {
                self.longer(image, text, start, [first, second], next + width, &mut found);
            }
            if self.firsts.has(first)
                && let Some(name) = self.alone(&text[start..next])
            {
                found(Match { start, end: next, name });
            }
        }
    }

    /// The names with which a text begins, the longest first.
    pub(super) fn begin(&self, image: &Image<'_>, text: &str, mut found: impl FnMut(Match)) {
        let Some((first, width)) = chars::code(text, 0) else { return };
        if let Some((second, its)) = chars::code(text, width) {
            self.longer(image, text, 0, [first, second], width + its, &mut found);
        }
        if let Some(name) = self.alone(&text[..width]) {
            found(Match { start: 0, end: width, name });
        }
    }

    /// Whether a name may begin with two characters.
    #[inline]
    fn may_begin(&self, first: usize, second: usize) -> bool {
        let bit = (hash(first, second) >> (self.shift - 3)) as usize;
        self.pairs.get(bit / 8).is_some_and(|bits| bits & (1 << (bit % 8)) != 0)
    }

    /// The name that one character is.
    fn alone(&self, character: &str) -> Option<u32> {
        let c = u32::from(character.chars().next()?);
        let at = self.alone.binary_search_by_key(&c, |pair| u32_at(pair, 0)).ok()?;
        Some(u32_at(&self.alone[at], 4))
    }

    /// The names of two and more characters that stand at one place of a text, of which two
    /// characters are read.
    fn longer(
        &self,
        image: &Image<'_>,
        text: &str,
        start: usize,
        [first, second]: [usize; 2],
        second_ends: usize,
        found: &mut impl FnMut(Match),
    ) {
        let (third, third_ends) = read(text, second_ends);
        let (fourth, fourth_ends) = read(text, third_ends);
        for entry in self.bucket(first, second) {
            let code = |n: usize| usize::from(u16::from_le_bytes([entry[n], entry[n + 1]]));
            let (its_third, its_fourth) = (code(4), code(6));
            if code(0) != first
                || code(2) != second
                || its_third != 0 && its_third != third
                || its_fourth != 0 && its_fourth != fourth
            {
                continue;
            }
            let number = u32_at(entry, 8);
            let name = number & !IS_LONGER;
            let end = if number & IS_LONGER == 0 {
                match (its_third, its_fourth) {
                    (0, _) => second_ends,
                    (_, 0) => third_ends,
                    _ => fourth_ends,
                }
            } else {
                let name = image.name(name as usize);
                if name.is_empty() || !text[start..].starts_with(name) {
                    continue;
                }
                start + name.len()
            };
            found(Match { start, end, name });
        }
    }

    fn bucket(&self, first: usize, second: usize) -> &'i [[u8; ENTRY]] {
        let bucket = (hash(first, second) >> self.shift) as usize;
        let start = |n: usize| self.buckets.get(n).map_or(0, |at| u32::from_le_bytes(*at)) as usize;
        self.entries.get(start(bucket)..start(bucket + 1)).unwrap_or_default()
    }
}

/// The character at a place, 0 for none, and where it ends.
fn read(text: &str, at: usize) -> (usize, usize) {
    chars::code(text, at).map_or((0, at), |(code, width)| (code, at + width))
}
