//! [`Dictionary`]: the words that jieba knows, and the most likely way to cut a text into
//! them. Gives what jieba gives; starts without reading a list of words.
//!
//! The list, `words/dictionary.txt`, is compiled into a trie when the program is built. What
//! is no word of it is left to jieba itself, which then needs no list.

use std::cell::RefCell;

use jieba_rs::Jieba;
use yada::DoubleArray;

/// The compiled list: how [`image`] in `build.rs` lays it out.
///
/// [`image`]: ../../../build.rs
static IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.bin"));

/// Bits of a trie value that say the tag; the others say how frequent the word is.
const TAG_BITS: u32 = 6;

/// The words of the list, and jieba for all others.
pub(super) struct Dictionary {
    /// By the number that a word has of them: the logarithm of its frequency.
    frequencies: Vec<f64>,
    /// The logarithm of all frequencies together.
    total: f64,
    tags: Vec<&'static str>,
    words: DoubleArray<&'static [u8]>,
    /// Without any list: it cuts by its model of unknown words alone.
    unknown: Jieba,
}

/// A word as it is cut out of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
    /// Its tag, if that was asked; empty if it was not.
    pub(super) tag: &'t str,
    /// What the trie says of it, if it was looked up.
    value: Option<u32>,
}

/// How a text is to be cut.
#[derive(Clone, Copy)]
struct How {
    /// What is made of single characters is cut as jieba's model of unknown words has it.
    guess: bool,
    /// Each word is given its tag.
    tag: bool,
}

/// The best way to cut the text behind a place in it.
#[derive(Clone, Copy, Default)]
struct Step {
    likelihood: f64,
    end: u32,
    value: Option<u32>,
}

thread_local! {
    /// By byte; kept, so that cutting a sentence allocates nothing but its words.
    static ROUTE: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
}

/// Longer routes are not kept.
const KEPT: usize = 1 << 16;

impl Dictionary {
    pub(super) fn new() -> Self {
        // The build made these bytes: what is wrong with them no user can mend.
        Self::read(IMAGE).expect("build.rs compiles words/dictionary.txt")
    }

    /// The image: how many frequencies there are, their logarithms; how many tags, each with
    /// its length before it; the trie.
    fn read(image: &'static [u8]) -> Option<Self> {
        let (total, image) = f64_at(image)?;
        let (count, mut image) = u32_at(image)?;
        let mut frequencies = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let (frequency, rest) = f64_at(image)?;
            frequencies.push(frequency);
            image = rest;
        }
        let (count, mut image) = u32_at(image)?;
        let mut tags = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let (&length, rest) = image.split_first()?;
            let (tag, rest) = rest.split_at_checked(length.into())?;
            tags.push(std::str::from_utf8(tag).ok()?);
            image = rest;
        }
        let words = DoubleArray::new(image).ok()?;
        Some(Self { frequencies, total, tags, words, unknown: Jieba::empty() })
    }

    /// Cuts a text into words. With `guess`, what is made of single characters is cut as
    /// jieba's model of unknown words has it.
    pub(super) fn cut<'t>(&'t self, text: &'t str, guess: bool) -> Vec<Word<'t>> {
        self.words(text, How { guess, tag: false })
    }

    /// The same words, with their tags.
    pub(super) fn tag<'t>(&'t self, text: &'t str, guess: bool) -> Vec<Word<'t>> {
        let mut words = self.words(text, How { guess, tag: true });
        for word in &mut words {
            let of = &text[word.start..word.end];
            if let Some(tag) = self.known(*word, of) {
                word.tag = tag;
            } else if word.tag.is_empty() {
                word.tag = self.guess(of);
            }
        }
        words
    }

    fn words<'t>(&'t self, text: &'t str, how: How) -> Vec<Word<'t>> {
        let mut words = Vec::with_capacity(text.len() / 4);
        ROUTE.with_borrow_mut(|route| {
            let mut at = 0;
            while at < text.len() {
                let rest = &text[at..];
                let end = at + rest.find(|c| !is_block(c)).unwrap_or(rest.len());
                if end > at {
                    self.cut_block(text, (at, end), how, route, &mut words);
                    at = end;
                } else {
                    let next = at + outside(rest);
                    words.push(Word { start: at, end: next, tag: "", value: None });
                    at = next;
                }
            }
            if route.capacity() > KEPT {
                *route = Vec::new();
            }
        });
        words
    }

    /// The tag that the list has for a word that was cut out and reads `of`.
    pub(super) fn known(&self, word: Word<'_>, of: &str) -> Option<&'static str> {
        word.value.or_else(|| self.find(of)).map(|value| self.tag_of(value))
    }

    /// The tag that jieba guesses for a word that the list does not hold.
    pub(super) fn guess<'t>(&'t self, word: &'t str) -> &'t str {
        // Its own rule, which it applies to words that it cut out of a text.
        let mut letters = word.bytes().filter(u8::is_ascii_alphanumeric).peekable();
        if letters.peek().is_some() {
            return if letters.all(|c| c.is_ascii_digit()) { "m" } else { "eng" };
        }
        self.unknown.tag(word, false).first().map_or("x", |guessed| guessed.tag)
    }

    fn find(&self, word: &str) -> Option<u32> {
        // The trie ends its keys with a zero byte.
        if word.contains('\0') { None } else { self.words.exact_match_search(word) }
    }

    fn tag_of(&self, value: u32) -> &'static str {
        self.tags.get((value & ((1 << TAG_BITS) - 1)) as usize).copied().unwrap_or_default()
    }

    fn frequency_of(&self, value: u32) -> f64 {
        self.frequencies.get((value >> TAG_BITS) as usize).copied().unwrap_or_default()
    }

    /// Cuts a stretch of characters that words are made of.
    fn cut_block<'t>(
        &'t self,
        text: &'t str,
        (from, to): (usize, usize),
        how: How,
        route: &mut Vec<Step>,
        words: &mut Vec<Word<'t>>,
    ) {
        let block = &text[from..to];
        self.find_route(block, route);
        let mut singles: Option<usize> = None;
        let mut at = 0;
        while at < block.len() {
            let step = route[at];
            let end = step.end as usize;
            let first = block.as_bytes()[at];
            let is_single = end - at == width(first);
            if is_single && (how.guess || first.is_ascii_alphanumeric()) {
                singles.get_or_insert(at);
            } else {
                if let Some(start) = singles.take() {
                    self.join(text, (from, start, at), how, route, words);
                }
                words.push(step.word(from, at));
            }
            at = end;
        }
        if let Some(start) = singles {
            self.join(text, (from, start, block.len()), how, route, words);
        }
    }

    /// From each character of a block the best way to its end, into `route`.
    fn find_route(&self, block: &str, route: &mut Vec<Step>) {
        route.clear();
        route.resize(block.len() + 1, Step::default());
        for (at, c) in block.char_indices().rev() {
            let mut best: Option<Step> = None;
            for (value, length) in self.words.common_prefix_search(&block[at..]) {
                let end = at + length;
                let likelihood = self.frequency_of(value) - self.total + route[end].likelihood;
                // Of two ways the one with the longer word, as longer ones come later.
                if best.is_none_or(|best| likelihood >= best.likelihood) {
                    best = Some(Step { likelihood, end: end as u32, value: Some(value) });
                }
            }
            route[at] = best.unwrap_or_else(|| {
                let end = at + c.len_utf8();
                let likelihood = 0.0 - self.total + route[end].likelihood;
                Step { likelihood, end: end as u32, value: None }
            });
        }
    }

    /// What to make of the single characters from `start` to `end` of the block at `from`.
    fn join<'t>(
        &'t self,
        text: &'t str,
        (from, start, end): (usize, usize, usize),
        how: How,
        route: &[Step],
        words: &mut Vec<Word<'t>>,
    ) {
        let run = &text[from + start..from + end];
        let base = from + start;
        let is_one = width(run.as_bytes()[0]) == run.len();
        if is_one {
            words.push(route[start].word(from, start));
        } else if !how.guess {
            words.push(Word { start: base, end: from + end, tag: "", value: None });
        } else if self.find(run).is_some() {
            // The way through its characters is more likely than the word itself.
            let mut at = start;
            while at < end {
                words.push(route[at].word(from, at));
                at = route[at].end as usize;
            }
        } else {
            let cut = self.unknown.cut(run, true);
            let is_known = |word: &str| word.is_ascii() || self.find(word).is_some();
            if how.tag && !cut.iter().all(|token| is_known(token.word)) {
                // To guess a tag jieba reads a large table.
                words.extend(self.unknown.tag(run, true).iter().map(|token| Word {
                    start: base + token.byte_start,
                    end: base + token.byte_end,
                    tag: token.tag,
                    value: None,
                }));
            } else {
                words.extend(cut.iter().map(|token| Word {
                    start: base + token.byte_start,
                    end: base + token.byte_end,
                    tag: "",
                    value: None,
                }));
            }
        }
    }
}

impl Step {
    /// The word that this step takes from `at` in the block at `from`.
    fn word(self, from: usize, at: usize) -> Word<'static> {
        Word { start: from + at, end: from + self.end as usize, tag: "", value: self.value }
    }
}

fn u32_at(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*number), rest))
}

fn f64_at(bytes: &[u8]) -> Option<(f64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((f64::from_le_bytes(*number), rest))
}

/// How many bytes a character takes, by its first one.
fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    }
}

/// How many bytes the first word takes that is made of no character of a block.
fn outside(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { text.chars().next().map_or(0, char::len_utf8) }
}

/// Whether jieba looks for words among such characters.
fn is_block(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
        || c.is_ascii_alphanumeric()
        || matches!(c,
            '+' | '#' | '&' | '.' | '_' | '%' | '-'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{2a6df}'
            | '\u{2a700}'..='\u{2b73f}'
            | '\u{2b740}'..='\u{2b81f}'
            | '\u{2b820}'..='\u{2ceaf}'
            | '\u{2ceb0}'..='\u{2ebef}'
            | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What jieba makes of a text with its own list.
    fn by_jieba<'t>(jieba: &'t Jieba, text: &'t str, guess: bool) -> Vec<(usize, usize, &'t str)> {
        let tags = jieba.tag(text, guess).into_iter();
        tags.map(|tag| (tag.byte_start, tag.byte_end, tag.tag)).collect()
    }

    fn by_us<'t>(ours: &'t Dictionary, text: &'t str, guess: bool) -> Vec<(usize, usize, &'t str)> {
        let cut: Vec<_> = ours.cut(text, guess).iter().map(|word| (word.start, word.end)).collect();
        let tagged = ours.tag(text, guess);
        assert_eq!(cut, tagged.iter().map(|word| (word.start, word.end)).collect::<Vec<_>>());
        tagged.into_iter().map(|word| (word.start, word.end, word.tag)).collect()
    }

    #[test]
    fn the_corpus_is_cut_as_jieba_cuts_it() {
        let (ours, jieba) = (Dictionary::new(), Jieba::new());
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            // Those in other encodings are none of UTF-8.
            let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
            files += 1;
            for guess in [true, false] {
                for line in text.lines() {
                    assert_eq!(by_us(&ours, line, guess), by_jieba(&jieba, line, guess), "{line}");
                }
            }
        }
        assert!(files > 100, "only {files} files of the corpus are UTF-8");
    }

    #[test]
    fn odd_texts_are_cut_as_jieba_cuts_them() {
        let (ours, jieba) = (Dictionary::new(), Jieba::new());
        for text in [
            "",
            "的",
            "\0",
            "a\0b城市\0",
            "\r\n\r\n市\r",
            "AT&T与T恤、卡拉OK厅",
            "WES-5.4.5和3.6%",
            "𠀀𠀁市",
            "㐀㐁乂",
            "帕拉马里博市长Ａbc",
            "1.5亿 元+#&._%-",
        ] {
            for guess in [true, false] {
                assert_eq!(by_us(&ours, text, guess), by_jieba(&jieba, text, guess), "{text:?}");
            }
        }
    }

    #[test]
    fn a_broken_image_is_refused() {
        assert!(Dictionary::read(&[]).is_none());
        assert!(Dictionary::read(&IMAGE[..20]).is_none());
        assert!(Dictionary::read(&IMAGE[..IMAGE.len() - 1]).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn any_text_is_cut_as_jieba_cuts_it(
            text in "([\u{4e00}-\u{9fff}]|[的了市国友好城省州中华人民大学与和]|[a-z0-9.+-]|\\PC){0,40}",
            guess: bool,
        ) {
            use std::sync::OnceLock;
            static BOTH: OnceLock<(Dictionary, Jieba)> = OnceLock::new();
            let (ours, jieba) = BOTH.get_or_init(|| (Dictionary::new(), Jieba::new()));
            prop_assert_eq!(by_us(ours, &text, guess), by_jieba(jieba, &text, guess));
        }
    }
}
