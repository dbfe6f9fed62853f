//! [`Signature`]: what is kept of a text to tell its copies.
//!
//! Two sketches. The first is of all runs of five characters: one-permutation hashing, one
//! byte of the smallest hash in each of 64 bins; the share of equal bytes is the Jaccard
//! index. The second is of sentences: a hash of the sentence without its places and
//! numbers, its skeleton, and one of these. Equal skeletons with other names are one
//! template, filled twice. Of long texts those with the smallest hashes are kept, which are
//! the same ones in every copy, and sentences with a place or a date before others.

use std::sync::LazyLock;

use crate::{
    chars::CharSet,
    gazetteer::{Gazetteer, Match},
    rule::DataError,
};

/// Bins of the sketch of character runs.
pub(super) const BINS: usize = 64;
/// Sentences that are kept at most.
pub(super) const SENTENCES: usize = 29;
/// Characters of a run.
const RUN: usize = 5;
/// A sentence with fewer characters beside its names says nothing by itself: `发布时间`.
const SHORTEST_SKELETON: u32 = 6;
/// The same for the first line, which is a title more often than not.
const SHORTEST_TITLE: u32 = 3;
/// Texts with fewer runs are duplicates only if they are the same.
const FEWEST_RUNS: u16 = 40;
/// Of what two texts hold together, the share that makes them near duplicates.
const JACCARD: f32 = 0.6;
/// Of one of two texts, the share that stands in the other and makes it a cut copy.
const CONTAINED: f32 = 0.8;
/// Below this Jaccard index that share is too coarse to be believed without sentences.
const CONTAINED_JACCARD: f32 = 0.3;
/// That share where at least so many sentences say the same.
const CONTAINED_WITH_SENTENCES: f32 = 0.6;
const FEWEST_SENTENCES: usize = 3;
/// By how much of the Jaccard index two estimates may differ that mean the same.
const APART: f32 = 0.1;

/// One sentence: 16 bits of its skeleton, the highest of them zero if a place or a date
/// stands in it, and 8 of its names (0 without any).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Sentence {
    pub(super) skeleton: u16,
    pub(super) names: u8,
}

/// What is kept of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    pub(super) bins: [u8; BINS],
    /// How many runs it has, up to 65,535.
    pub(super) runs: u16,
    /// In order of their skeletons, each once.
    pub(super) sentences: Vec<Sentence>,
}

/// How two signatures compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// The Jaccard index of their character runs, estimated.
    pub jaccard: f32,
    /// How much of the shorter text stands in the longer one, estimated.
    pub contained: f32,
    /// Sentences that both have, among those kept.
    pub shared: usize,
    /// Sentences that differ in nothing but places and numbers.
    pub refilled: usize,
    /// Whether the two are near duplicates.
    pub is_duplicate: bool,
}

impl Likeness {
    /// The better of two likenesses has the greater one. Of texts of other times it is less:
    /// copies appear within days.
    pub(super) fn rank(&self, other_times: bool) -> u32 {
        let apart = if other_times { APART } else { 0.0 };
        // At most 65 steps of the Jaccard index, so that this is exact.
        ((self.jaccard - apart).max(0.0) * 10_000.0) as u32 * 64 + self.shared.min(63) as u32
    }
}

impl Signature {
    /// Whether the text had anything to compare.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs == 0
    }

    /// What is kept, as bytes that any machine reads back.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2 + BINS + 3 * self.sentences.len());
        bytes.extend_from_slice(&self.runs.to_le_bytes());
        bytes.extend_from_slice(&self.bins);
        for sentence in &self.sentences {
            bytes.extend_from_slice(&sentence.skeleton.to_le_bytes());
            bytes.push(sentence.names);
        }
        bytes
    }

    /// The signature that [`Signature::to_bytes`] gave.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (runs, rest) = bytes.split_first_chunk::<2>()?;
        let (bins, rest) = rest.split_first_chunk::<BINS>()?;
        let sentences = rest.chunks_exact(3);
        if !sentences.remainder().is_empty() || sentences.len() > SENTENCES {
            return None;
        }
        let sentence =
            |it: &[u8]| Sentence { skeleton: u16::from_le_bytes([it[0], it[1]]), names: it[2] };
        Some(Self {
            bins: *bins,
            runs: u16::from_le_bytes(*runs),
            sentences: sentences.map(sentence).collect(),
        })
    }

    /// How this text compares with another.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Likeness {
        let equal = self.bins.iter().zip(&other.bins).filter(|(a, b)| a == b).count();
        // Of bytes that have nothing to do with each other, one in 256 is equal.
        let jaccard = (equal as f32 / BINS as f32 - 1.0 / 256.0) / (255.0 / 256.0);
        let (a, b) = (f32::from(self.runs), f32::from(other.runs));
        let contained = (jaccard * (a + b) / ((1.0 + jaccard) * a.min(b)).max(1.0)).min(1.0);
        let (shared, refilled, both) = self.sentences_with(other);
        let sentences_contained = shared >= FEWEST_SENTENCES && shared * 5 >= both * 4;
        let near = jaccard >= JACCARD
            || contained >= CONTAINED && jaccard >= CONTAINED_JACCARD
            || contained >= CONTAINED_WITH_SENTENCES && sentences_contained;
        let long_enough = self.runs.min(other.runs) >= FEWEST_RUNS;
        let is_duplicate = refilled == 0 && near && long_enough && !self.is_empty()
            || self == other && !self.is_empty();
        Likeness { jaccard, contained, shared, refilled, is_duplicate }
    }

    /// Whether a sentence of the two differs in nothing but places and numbers.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        self.sentences_with(other).1 > 0
    }

    /// How many sentences are in both, how many are the same template, and how many of the
    /// shorter text could be in both.
    fn sentences_with(&self, other: &Self) -> (usize, usize, usize) {
        // Where a list is full, the other's greater ones have nothing to compare with.
        let last = |it: &Self| match it.sentences.last() {
            Some(last) if it.sentences.len() == SENTENCES => last.skeleton,
            _ => u16::MAX,
        };
        let bound = last(self).min(last(other));
        let (mut shared, mut refilled) = (0, 0);
        let (mut a, mut b) = (self.kept(bound), other.kept(bound));
        let both = a.len().min(b.len());
        while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
            match x.skeleton.cmp(&y.skeleton) {
                std::cmp::Ordering::Less => a = rest_a,
                std::cmp::Ordering::Greater => b = rest_b,
                std::cmp::Ordering::Equal => {
                    shared += usize::from(x.names == y.names);
                    refilled += usize::from(x.names != y.names && x.names != 0 && y.names != 0);
                    (a, b) = (rest_a, rest_b);
                }
            }
        }
        (shared, refilled, both)
    }

    fn kept(&self, bound: u16) -> &[Sentence] {
        let end = self.sentences.partition_point(|it| it.skeleton <= bound);
        &self.sentences[..end]
    }
}

/// Makes signatures. Holds the names of places.
#[derive(Debug)]
pub struct Signer {
    gazetteer: Gazetteer,
}

impl Signer {
    /// Opens the gazetteer that comes with the program.
    ///
    /// It is that one whatever places a user adds, so that the signatures of one store can
    /// be compared.
    ///
    /// # Errors
    ///
    /// If the data has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self { gazetteer: Gazetteer::new()? })
    }

    /// The signature of a cleaned text. Punctuation, white space, case and width do not
    /// count.
    #[must_use]
    pub fn run(&self, text: &str) -> Signature {
        let mut runs = Runs::new();
        let mut sentence = Draft::default();
        let mut sentences = Vec::new();
        let mut shortest = SHORTEST_TITLE;
        let names = self.gazetteer.matches(text);
        let mut names = names.iter();
        let begins = |name: Option<&Match>| name.map_or(usize::MAX, |name| name.start);
        // The next name, and where it begins.
        let mut name = names.next();
        let mut next = begins(name);
        // Up to where the text belongs to a name.
        let mut name_ends = 0;
        let mut after_number = false;
        for (at, c) in text.char_indices() {
            let c = if matches!(c, '\u{4e00}'..='\u{9fff}') {
                c as u32
            } else {
                if ends_sentence(c) {
                    sentence.end(shortest, &mut sentences);
                    if c == '\n' && runs.count > 0 {
                        shortest = SHORTEST_SKELETON;
                    }
                }
                let Some(c) = canonical(c) else { continue };
                c
            };
            runs.push(c);
            if at >= next && at >= name_ends {
                while next < at {
                    name = names.next();
                    next = begins(name);
                }
                // The longest of those that begin here comes first.
                if next == at
                    && let Some(name) = name.take()
                    && text[at..name.end].chars().nth(1).is_some()
                {
                    name_ends = name.end;
                    sentence.name(u32::MAX);
                    sentence.tells = true;
                }
            }
            let number = is_numeral(c);
            let counted = after_number && is_counted(c);
            if at < name_ends || number || counted {
                sentence.name(c);
                sentence.tells |= counted;
            } else {
                sentence.word(c);
            }
            after_number = number;
        }
        sentence.end(shortest, &mut sentences);
        let (bins, runs) = runs.finish();
        Signature { bins, runs, sentences: kept(sentences) }
    }
}

/// Of all sentences, those that are kept: of each skeleton one; none of those that stand
/// there with several names, which are rows of a list.
fn kept(mut all: Vec<Sentence>) -> Vec<Sentence> {
    all.sort_unstable();
    all.dedup();
    let mut kept: Vec<Sentence> = all
        .chunk_by(|a, b| a.skeleton == b.skeleton)
        .filter_map(|same| if let [only] = same { Some(*only) } else { None })
        .collect();
    kept.truncate(SENTENCES);
    kept
}

/// A character as it is compared; nothing for one that does not count.
fn canonical(c: char) -> Option<u32> {
    let code = c as u32;
    match code {
        0x4E00..=0x9FFF | 0x61..=0x7A | 0x30..=0x39 => Some(code),
        0x41..=0x5A => Some(code + 0x20),
        // The common marks: the table of letters is slow.
        0..0x80 | 0x2010..=0x2027 | 0x3000..=0x3004 | 0x3008..=0x3020 => None,
        0xFF01..=0xFF0F | 0xFF1A..=0xFF20 => None,
        0x3007 => Some(code),
        0xFF10..=0xFF19 | 0xFF41..=0xFF5A => Some(code - 0xFEE0),
        0xFF21..=0xFF3A => Some(code - 0xFEE0 + 0x20),
        _ if c.is_alphanumeric() => c.to_lowercase().next().map(u32::from),
        _ => None,
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '\n' | '。' | '！' | '？' | '；' | '!' | '?' | ';')
}

fn is_numeral(c: u32) -> bool {
    static NUMERALS: LazyLock<CharSet> =
        LazyLock::new(|| "0123456789〇零一二三四五六七八九十百千万亿两".chars().collect());
    NUMERALS.has((c as usize).min(0xffff))
}

/// What a number counts and does not make words: parts of dates and times.
fn is_counted(c: u32) -> bool {
    matches!(char::from_u32(c), Some('年' | '月' | '日' | '时' | '分' | '秒' | '号'))
}

/// A sentence as it is read.
#[derive(Default)]
struct Draft {
    skeleton: u64,
    length: u32,
    names: u64,
    /// Whether it holds a place or a date.
    tells: bool,
}

impl Draft {
    fn word(&mut self, c: u32) {
        self.skeleton = step(self.skeleton, c);
        self.length += 1;
    }

    fn name(&mut self, c: u32) {
        self.names = step(self.names, c);
    }

    fn end(&mut self, shortest: u32, sentences: &mut Vec<Sentence>) {
        if self.length >= shortest {
            let names = match self.names {
                0 => 0,
                names => (mix(names) % 255) as u8 + 1,
            };
            let skeleton = (mix(self.skeleton) >> 49) as u16;
            let skeleton = skeleton | u16::from(!self.tells) << 15;
            sentences.push(Sentence { skeleton, names });
        }
        *self = Self::default();
    }
}

fn step(hash: u64, c: u32) -> u64 {
    (hash.rotate_left(5) ^ u64::from(c)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The last step of a hash: every bit depends on every other.
pub(super) fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    hash ^ hash >> 32
}

/// The sketch of character runs as it is made.
struct Runs {
    least: [u64; BINS],
    /// The last characters, each at its number.
    last: [u32; LAST],
    hash: u64,
    count: usize,
}

/// Characters that are held: of a run and more, so that places are quickly told.
const LAST: usize = 8;
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
/// What a character weighs when it leaves the run.
const LEAVING: u64 = {
    let (mut power, mut n) = (1_u64, 0);
    while n < RUN {
        power = power.wrapping_mul(BASE);
        n += 1;
    }
    power
};

impl Runs {
    fn new() -> Self {
        Self { least: [u64::MAX; BINS], last: [0; LAST], hash: 0, count: 0 }
    }

    #[inline]
    fn push(&mut self, c: u32) {
        let oldest = self.last[self.count.wrapping_sub(RUN) % LAST];
        self.last[self.count % LAST] = c;
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(c))
            .wrapping_sub(LEAVING.wrapping_mul(u64::from(oldest)));
        self.count += 1;
        if self.count >= RUN {
            let hash = mix(self.hash);
            let bin = &mut self.least[(hash >> 58) as usize];
            *bin = (*bin).min(hash);
        }
    }

    fn finish(self) -> ([u8; BINS], u16) {
        let count = (self.count + 1).saturating_sub(RUN);
        let mut bins = [0; BINS];
        if count == 0 {
            return (bins, 0);
        }
        for (n, bin) in bins.iter_mut().enumerate() {
            // An empty bin takes what another holds, the same one in every text.
            let mut from = n;
            let mut tries = 0;
            while self.least[from] == u64::MAX {
                tries += 1;
                from = (mix(n as u64 * 1_000_003 + tries) >> 58) as usize;
            }
            *bin = (mix(self.least[from]) >> 56) as u8;
        }
        (bins, u16::try_from(count).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "聊城市代表团访问匈牙利\n5月12日，聊城市代表团抵达匈牙利，开始为期三天的访问。\
        代表团参观了当地的农产品加工园区，并同园区负责人交换了意见。双方认为，两地在蔬菜种植和冷链运输方面各有所长。\
        代表团还走进一所中学，观看了学生排练的舞蹈。校长介绍说，学校去年开设了中文课，报名人数超过预期。\
        访问结束前，双方商定互派技术人员，每年交流不少于两次。";

    fn likeness(a: &str, b: &str) -> Likeness {
        let signer = Signer::new().unwrap();
        signer.run(a).likeness(&signer.run(b))
    }

    #[test]
    fn marks_are_no_letters() {
        for c in '\0'..='\u{ffff}' {
            let lower = c.to_lowercase().next().map(u32::from).filter(|_| c.is_alphanumeric());
            let half = match c {
                '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => lower.map(|c| c - 0xFEE0),
                '\u{4e00}'..='\u{9fff}' | '〇' => Some(u32::from(c)),
                _ => lower,
            };
            assert_eq!(canonical(c), half, "{c:?}");
        }
    }

    #[test]
    fn another_title_tail_and_layout_make_a_copy() {
        let body = STORY.split_once('\n').unwrap().1;
        let copy = format!("我市代表团出访欧洲\n{}\n（责任编辑：小周）", body.replace('，', ", "));
        assert!(likeness(STORY, &copy).is_duplicate);
    }

    #[test]
    fn a_copy_cut_to_half_is_one() {
        let half: String = STORY.chars().take(STORY.chars().count() * 6 / 10).collect();
        assert!(likeness(STORY, &half).is_duplicate);
    }

    #[test]
    fn a_template_with_another_day_or_place_is_another_article() {
        for (from, to) in [("5月12日", "6月3日"), ("匈牙利", "波兰"), ("聊城市", "德州市")]
        {
            let found = likeness(STORY, &STORY.replace(from, to));
            assert!(!found.is_duplicate, "{to}: {found:?}");
        }
    }

    #[test]
    fn nothing_is_no_copy_of_nothing() {
        assert!(!likeness("", "").is_duplicate);
        assert!(!likeness("。。。", "！").is_duplicate);
    }
}
