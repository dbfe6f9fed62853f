//! [`Fold`]: traditional characters of furniture as the simplified ones, byte for byte.

use crate::chars::CharSet;

/// Traditional characters and the simplified ones that take as many bytes.
#[derive(Debug)]
pub(super) struct Fold {
    simplified: Box<[char; 0x5200]>,
    /// Characters that another stands for: most are none, and are told without that table.
    traditional: CharSet,
}

impl Fold {
    /// Unified characters, from here on.
    const FIRST: u32 = 0x4E00;

    pub(super) fn new() -> Self {
        let simplified = Box::new(['\0'; 0x5200]);
        let mut fold = Self { simplified, traditional: CharSet::default() };
        for pair in include_str!("../../rules/traditional.txt").split_whitespace() {
            let mut pair = pair.chars();
            if let (Some(from), Some(to), None) = (pair.next(), pair.next(), pair.next())
                && from.len_utf8() == to.len_utf8()
                && let Some(slot) = fold.slot(from)
            {
                fold.simplified[slot] = to;
                fold.traditional.insert(from);
            }
        }
        fold
    }

    fn slot(&self, c: char) -> Option<usize> {
        let slot = u32::from(c).checked_sub(Self::FIRST)? as usize;
        (slot < self.simplified.len()).then_some(slot)
    }

    /// The simplified character, or the same.
    #[inline]
    pub(super) fn get(&self, c: char) -> char {
        if !self.traditional.contains(c) {
            return c;
        }
        match self.slot(c).map(|slot| self.simplified[slot]) {
            None | Some('\0') => c,
            Some(to) => to,
        }
    }

    /// Whether a text has a character that another stands for.
    pub(super) fn changes(&self, text: &str) -> bool {
        self.traditional.find(text).is_some()
    }
}
