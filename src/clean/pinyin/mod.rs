//! Pinyin: annotations that spell the characters before them, `网(wǎng)络`.
//!
//! An annotation goes only when it spells a reading of the characters before it. With
//! tones that suffices. Without tones it also depends on the company: a lone `和(he)` is
//! a word in brackets, forty are noise. What has capitals and no tones is a name.

mod letters;
mod reading;
mod zhuyin;

use std::{collections::HashSet, ops::Range, sync::Arc};

use self::{
    letters::Letters,
    reading::{Readings, Tones},
};
use super::{
    width::is_han,
    words::{Pairs, PinyinWords},
};
use crate::{chars::past_han, notes::Why, text::Edit};

/// The brackets in which annotations stand; the closing one need not match. [`opening`] knows
/// them as well.
const OPENING: [&str; 9] = ["(", "（", "[", "［", "〔", "【", "〖", "{", "〈"];
/// What closes them.
const CLOSING: [char; 9] = [')', '）', ']', '］', '〕', '】', '〗', '}', '〉'];
/// More characters in brackets than this are no annotation.
const LONGEST: usize = 80;
/// One annotation spells at most this many characters.
const MOST_SPELT: usize = 16;
/// So many sure annotations in the text make doubtful ones noise anywhere in it.
const SURE_COMPANY: usize = 3;
/// So many doubtful ones are company enough for each other.
const DOUBTFUL_COMPANY: usize = 5;

/// The pass with its compiled data.
#[derive(Debug)]
pub(super) struct Pinyin {
    readings: Readings,
    words: HashSet<String>,
    labels: Vec<String>,
}

/// What a pair of brackets is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    /// An annotation.
    Noise,
    /// One that is also a word, and is judged by its company.
    Doubtful,
    /// Latin letters that the author meant, over which a later annotation reaches back.
    Meant,
}

/// A pair of brackets with letters in it.
struct Group {
    /// From the white space before the opening bracket to after the closing one.
    at: Range<usize>,
    verdict: Verdict,
}

/// The next bracket that opens, from a place on.
fn opening(text: &[u8], from: usize) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        // Chinese characters are passed over whole.
        at = past_han(text, at);
        match text.get(at)? {
            b'(' | b'[' | b'{' | 0xEF | 0xE3 => {}
            _ => {
                at += 1;
                continue;
            }
        }
        let length = match text[at..] {
            [b'(' | b'[' | b'{', ..] => 1,
            [0xEF, 0xBC, 0x88 | 0xBB, ..] | [0xE3, 0x80, 0x88 | 0x90 | 0x94 | 0x96, ..] => 3,
            _ => {
                at += 1;
                continue;
            }
        };
        return Some(at..at + length);
    }
}

impl Pinyin {
    pub(super) fn new(words: PinyinWords, simplified: Arc<Pairs>) -> Self {
        Self {
            readings: Readings::new(words.readings, simplified),
            words: words.words.split_whitespace().map(str::to_owned).collect(),
            labels: words.labels,
        }
    }

    /// What to cut out of `text`.
    pub(super) fn edits(&self, text: &str) -> Vec<Edit> {
        let mut groups: Vec<Group> = Vec::new();
        let mut at = 0;
        while let Some(found) = opening(text.as_bytes(), at) {
            at = found.end;
            if let Some(group) = self.group(text, found, &groups) {
                groups.push(group);
            }
        }
        Company::of(&groups).cuts(text, groups)
    }

    /// Judges the brackets that open at `open`, if letters stand in them.
    fn group(&self, text: &str, open: Range<usize>, earlier: &[Group]) -> Option<Group> {
        let bytes = text.as_bytes();
        if let Some(end) = sign_again(text, &open) {
            return Some(Group { at: open.start..end, verdict: Verdict::Doubtful });
        }
        // The cheap tests: there is something Chinese or closed before, and no digit after.
        let before = *bytes[..open.start].last()?;
        let after = *bytes.get(open.end)?;
        if before.is_ascii()
            && !matches!(before, b' ' | b')' | b']' | b'}' | b'(' | b'[' | b'{' | b'0'..=b'9')
            || matches!(after, b'0'..=b'9' | b')')
        {
            return None;
        }
        let (content, mut end) = content(text, open.end)?;
        let mut start = open.start;
        // ((wǎng)): brackets in brackets with nothing else in them.
        while let (Some(outer), Some(close)) =
            (text[..start].chars().next_back(), text[end..].chars().next())
        {
            let mut buffer = [0; 4];
            if !OPENING.contains(&&*outer.encode_utf8(&mut buffer)) || !CLOSING.contains(&close) {
                break;
            }
            start -= outer.len_utf8();
            end += close.len_utf8();
        }
        let start = text[..start].trim_end_matches([' ', '\u{a0}', '\u{3000}']).len();
        let verdict = self.judge(content, &Before::new(text, start, earlier))?;
        Some(Group { at: start..end, verdict })
    }

    /// What brackets with this content are after these characters; `None` if there are no
    /// letters in them.
    fn judge(&self, content: &str, before: &Before) -> Option<Verdict> {
        let content = content.trim();
        let first = content.chars().next()?;
        let (labelled, content) = match self.unlabelled(content) {
            Some(rest) => (true, rest),
            None if first.is_ascii() || !is_han(first) => (false, content),
            None => return None,
        };
        let letters = if content.chars().next().is_some_and(|c| zhuyin::is_zhuyin(c) || c == '˙') {
            zhuyin::read(content)
        } else {
            Letters::read(content)
        };
        let Some(letters) = letters else {
            return first.is_ascii_alphabetic().then_some(Verdict::Meant);
        };
        if before.chars().is_empty() {
            return None;
        }
        if letters.capital && !letters.toned && !labelled {
            return Some(Verdict::Meant);
        }
        let short = letters.as_bytes().len() == 1;
        let close = letters.toned && (letters.capital || letters.numbered || short);
        let tones = if close { Tones::Agree } else { Tones::Any };
        if self.readings.spelt(&letters, before.chars(), tones) == 0 {
            return Some(Verdict::Meant);
        }
        let sure = letters.toned || labelled || !(short || self.is_word(&letters));
        Some(if sure { Verdict::Noise } else { Verdict::Doubtful })
    }

    /// The content after a label such as `拼音:`.
    fn unlabelled<'t>(&self, content: &'t str) -> Option<&'t str> {
        let label = self.labels.iter().find(|label| content.starts_with(label.as_str()))?;
        let rest = content[label.len()..].trim_start_matches([':', '：', ' ', '为', '作', '是']);
        let is_word = label.is_ascii() && rest.len() == content.len() - label.len();
        (!is_word && !rest.is_empty()).then_some(rest)
    }

    /// Whether the letters are a word of their own, or no syllable at all.
    fn is_word(&self, letters: &Letters) -> bool {
        let bytes = letters.as_bytes();
        std::str::from_utf8(bytes).is_ok_and(|word| self.words.contains(word))
            || !bytes.iter().any(|byte| b"aeiouv".contains(byte))
    }
}

/// Where brackets end that hold nothing but the sign before them: `，(,)`, which machines
/// make that annotate every character.
fn sign_again(text: &str, open: &Range<usize>) -> Option<usize> {
    let again = text[open.end..].chars().next().filter(|c| !c.is_alphanumeric())?;
    let close = text[open.end + again.len_utf8()..].chars().next()?;
    let sign = text[..open.start].chars().next_back()?;
    let is_sign = |c: char| !c.is_whitespace() && !CLOSING.contains(&c);
    (narrow(sign) == narrow(again) && is_sign(sign) && CLOSING.contains(&close))
        .then(|| open.end + again.len_utf8() + close.len_utf8())
}

/// The half of a sign that is also written full width.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// What stands in the brackets that were opened before `start`, and where the bracket
/// after it ends.
fn content(text: &str, start: usize) -> Option<(&str, usize)> {
    for (n, (at, c)) in text[start..].char_indices().enumerate() {
        if CLOSING.contains(&c) {
            return (at > 0).then(|| (&text[start..start + at], start + at + c.len_utf8()));
        }
        let opens = matches!(c, '(' | '（' | '[' | '［' | '〔' | '【' | '〖' | '{' | '〈');
        if n == LONGEST || c == '\n' || opens {
            return None;
        }
        // The cheap test again: Chinese in the brackets, and no label to explain it.
        if n > 8 && is_han(c) {
            return None;
        }
    }
    None
}

/// The characters before an annotation, the nearest first, as if the annotations between
/// them were not there.
struct Before {
    chars: [char; MOST_SPELT],
    len: usize,
}

impl Before {
    fn new(text: &str, mut at: usize, groups: &[Group]) -> Self {
        let mut before = Self { chars: [' '; MOST_SPELT], len: 0 };
        let mut groups = groups.iter().rev().peekable();
        // Names in brackets and quotation marks to reach over.
        let mut patience = 4;
        while before.len < MOST_SPELT {
            while groups.next_if(|group| group.at.end > at).is_some() {}
            if let Some(group) = groups.next_if(|group| group.at.end == at) {
                if group.verdict == Verdict::Meant {
                    if before.len > 0 || patience == 0 {
                        break;
                    }
                    patience -= 1;
                }
                at = group.at.start;
                continue;
            }
            let Some(c) = text[..at].chars().next_back() else { break };
            match c {
                _ if is_han(c) || c.is_ascii_digit() => {
                    before.chars[before.len] = c;
                    before.len += 1;
                }
                '”' | '“' | '’' | '‘' | '"' | '」' | '「' | '』' | '『' | '》' | '《' | '·'
                | '、' | ' '
                    if patience > 0 =>
                {
                    patience -= 1;
                }
                _ => break,
            }
            at -= c.len_utf8();
        }
        before
    }

    fn chars(&self) -> &[char] {
        &self.chars[..self.len]
    }
}

/// How many annotations there are to judge doubtful ones by.
struct Company {
    sure: usize,
    doubtful: usize,
}

impl Company {
    fn of(groups: &[Group]) -> Self {
        let count = |verdict| groups.iter().filter(|group| group.verdict == verdict).count();
        Self { sure: count(Verdict::Noise), doubtful: count(Verdict::Doubtful) }
    }

    /// The cuts of all annotations, and of the doubtful ones that are in bad company: of
    /// sure ones in the same line, or of many anywhere.
    fn cuts(&self, text: &str, groups: Vec<Group>) -> Vec<Edit> {
        let everywhere = self.sure >= SURE_COMPANY || self.sure + self.doubtful >= DOUBTFUL_COMPANY;
        let mut edits = Vec::with_capacity(self.sure);
        let mut held: Vec<Range<usize>> = Vec::new();
        let mut line_end = 0;
        let mut sure_in_line = false;
        for group in groups {
            if self.doubtful > 0 && group.at.start >= line_end {
                sure_in_line = false;
                held.clear();
                line_end = memchr::memchr(b'\n', &text.as_bytes()[group.at.end..])
                    .map_or(text.len(), |at| group.at.end + at);
            }
            match group.verdict {
                Verdict::Noise => {
                    sure_in_line = true;
                    edits.extend(held.drain(..).map(|at| Edit::cut(at, Why::Pinyin)));
                    edits.push(Edit::cut(group.at, Why::Pinyin));
                }
                Verdict::Doubtful if everywhere || sure_in_line => {
                    edits.push(Edit::cut(group.at, Why::Pinyin));
                }
                Verdict::Doubtful => held.push(group.at),
                Verdict::Meant => {}
            }
        }
        edits
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::Pinyin;
    use crate::clean::{script, words::Words};

    /// `cargo test --release --lib -- --ignored pinyin_speed`: one annotation in thirty
    /// characters, as on the worst pages.
    #[test]
    #[ignore = "a measurement, for a quiet machine"]
    fn pinyin_speed() {
        let pinyin = Pinyin::new(Words::load().unwrap().pinyin, script::table());
        let text = "代表团应邀来访(láifǎng)，双方就港口物流与职业教育举行会谈，\
                    达成(dáchéng)多项共识，并商定(2025-2027)每年互派师生。"
            .repeat(60_000);
        let seconds = (0..5)
            .map(|_| {
                let started = Instant::now();
                assert_eq!(pinyin.edits(&text).len(), 120_000);
                started.elapsed().as_secs_f64()
            })
            .fold(f64::INFINITY, f64::min);
        let speed = text.len() as f64 / 1e6 / seconds;
        assert!(speed >= 100.0, "{speed:.0} MB/s");
    }
}
