//! [`Readings`]: whether letters spell the characters before them.

use std::{collections::HashMap, sync::Arc};

use pinyin::ToPinyinMulti as _;

use super::letters::{Letters, NEUTRAL};
use crate::clean::words::Pairs;

/// How closely the tones must agree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tones {
    /// Not at all: news sites and dictionaries differ, and writers slip.
    Any,
    /// Each syllable has its tone, or a sandhi of it; only the first must have one.
    Agree,
}

/// The readings of characters: the pinyin crate's, those it lacks, and for a traditional
/// character those of its simplified form, by which it may have been annotated.
#[derive(Debug)]
pub(super) struct Readings {
    more: HashMap<char, Vec<String>>,
    simplified: Arc<Pairs>,
}

impl Readings {
    pub(super) fn new(more: HashMap<char, Vec<String>>, simplified: Arc<Pairs>) -> Self {
        Self { more, simplified }
    }

    /// How many of the characters (the nearest first) the letters spell: all letters, and
    /// as many characters as that takes; 0 if they do not.
    pub(super) fn spelt(&self, letters: &Letters, before: &[char], tones: Tones) -> usize {
        let exact = self.covered(letters, before, tones);
        // 小孩(xiǎoháir): a final r may be a 儿 that is not written.
        if exact == 0
            && letters.toned
            && letters.as_bytes().len() > 2
            && letters.as_bytes().ends_with(b"r")
        {
            return self.covered(&letters.without_last(), before, tones);
        }
        exact
    }

    /// The same, by dynamic programming over the places where a syllable may begin.
    fn covered(&self, letters: &Letters, before: &[char], tones: Tones) -> usize {
        let bytes = letters.as_bytes();
        let mut ends: u128 = 1 << bytes.len();
        for (n, &c) in before.iter().enumerate() {
            // 々 is read like the character before it.
            let read = if c == '々' {
                before[n + 1..].iter().copied().find(|&c| c != '々')
            } else {
                Some(c)
            };
            let Some(read) = read else { return 0 };
            let mut starts: u128 = 0;
            self.each(read, |syllable, tone| {
                let mut rest = ends;
                while rest != 0 {
                    let end = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    let Some(start) = end.checked_sub(syllable.len()) else { continue };
                    if bytes[start..end] == *syllable
                        && (tones == Tones::Any || agree(letters, start..end, read, tone))
                    {
                        starts |= 1 << start;
                    }
                }
            });
            if starts & 1 != 0 {
                return n + 1;
            }
            if starts == 0 {
                return 0;
            }
            ends = starts;
        }
        0
    }

    /// Calls `f` with every reading of `c` in every spelling, and its tone.
    fn each(&self, c: char, mut f: impl FnMut(&[u8], u8)) {
        if let Some(digit) = c.to_digit(10) {
            for reading in DIGITS[digit as usize] {
                f(reading.as_bytes(), 0);
            }
            return;
        }
        let simplified = self.simplified.get(c).and_then(|with| with.chars().next());
        for c in [Some(c), simplified].into_iter().flatten() {
            for reading in c.to_pinyin_multi().into_iter().flatten() {
                spellings(reading.with_tone_num_end(), &mut f);
            }
            for reading in self.more.get(&c).into_iter().flatten() {
                spellings(reading, &mut f);
            }
        }
    }
}

/// How digits are read.
const DIGITS: [&[&str]; 10] = [
    &["ling"],
    &["yi", "yao"],
    &["er", "liang"],
    &["san"],
    &["si"],
    &["wu"],
    &["liu"],
    &["qi"],
    &["ba"],
    &["jiu"],
];

/// Calls `f` with the spellings of one reading such as `lü4`: ü as v, u or yu, and as v
/// where pinyin writes a u that is spoken ü.
fn spellings(reading: &str, f: &mut impl FnMut(&[u8], u8)) {
    let mut plain = [0_u8; 8];
    let mut len = 0;
    let mut tone = 0;
    for c in reading.chars() {
        let byte = match c {
            'a'..='z' => c as u8,
            'ü' => b'v',
            'ê' => b'e',
            '1'..='4' => {
                tone = c as u8 - b'0';
                continue;
            }
            // The crate leaves the marks that Unicode has no precomposed letter for.
            _ => continue,
        };
        let Some(slot) = plain.get_mut(len) else { return };
        *slot = byte;
        len += 1;
    }
    if len == 0 {
        return;
    }
    let syllable = &plain[..len];
    f(syllable, tone);
    if let Some(at) = syllable.iter().position(|&byte| byte == b'v') {
        let mut other = [0_u8; 9];
        other[..len].copy_from_slice(syllable);
        other[at] = b'u';
        f(&other[..len], tone);
        other[at] = b'y';
        other[at + 1] = b'u';
        other[at + 2..=len].copy_from_slice(&syllable[at + 1..]);
        f(&other[..=len], tone);
    } else if let [b'j' | b'q' | b'x' | b'y', b'u', ..] = syllable {
        let mut other = plain;
        other[1] = b'v';
        f(&other[..len], tone);
    }
}

/// Whether the tone written on a syllable may be that of the reading.
fn agree(letters: &Letters, syllable: std::ops::Range<usize>, c: char, reading: u8) -> bool {
    let first = syllable.start == 0;
    match letters.tone_in(syllable) {
        0 => !first,
        NEUTRAL => true,
        tone => {
            tone == reading || reading == 0 || (tone, reading) == (2, 3) || matches!(c, '一' | '不')
        }
    }
}
