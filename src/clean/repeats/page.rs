//! [`Page`]: the lines of a text with what they say, stripped of all that may differ
//! between two copies of it.

use std::{ops::Range, sync::LazyLock};

use crate::{chars::CharSet, notes::Why};

/// One line that is not blank.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where it stands in the text, without the line end.
    pub(super) whole: Range<usize>,
    /// What of it is kept: less than the whole when a title was glued to it.
    pub(super) kept: Range<usize>,
    /// Why it goes, if it does.
    pub(super) gone: Option<Why>,
    /// Whether it is a row of a table or list: such lines may be the same and be meant.
    pub(super) row: bool,
    /// Whether it was parted from the line before it, to which it was glued.
    pub(super) parted: bool,
}

/// The lines of a text, blank ones left out.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        if !trimmed.is_empty() {
            let whole = start..start + trimmed.len();
            let row = is_row(trimmed);
            lines.push(Line { kept: whole.clone(), whole, gone: None, row, parted: false });
        }
        start += line.len();
    }
    lines
}

/// Whether a line looks like one row of a list or table.
fn is_row(line: &str) -> bool {
    // Bytes. A body printed as one line may have tabs in it too.
    if line.len() > 400 {
        return false;
    }
    let mut chars = line.chars();
    let first = chars.next().unwrap_or(' ');
    let numbered = || {
        let rest = line.trim_start_matches(|c: char| {
            c.is_ascii_digit() || "一二三四五六七八九十（()）第".contains(c)
        });
        rest.len() < line.len() && rest.starts_with(['.', '、', '．'])
            || first == '（'
            || first == '('
    };
    line.contains('\t') || "·•●○■□◆◇▪★※-*".contains(first) || numbered()
}

/// One sentence of a line.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// The line it is in.
    pub(super) line: usize,
    /// Where it stands in the key.
    pub(super) at: Range<usize>,
}

/// What the kept lines say.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Letters and digits of all kept lines, lower case, one after the other.
    pub(super) key: String,
    /// The part of each line in the key; empty for lines that are gone.
    pub(super) lines: Vec<Range<usize>>,
    /// All sentences, in order.
    pub(super) sentences: Vec<Sentence>,
}

impl Page {
    /// Reads the lines that are kept.
    pub(super) fn new(text: &str, lines: &[Line]) -> Self {
        let mut page = Self { key: String::with_capacity(text.len()), ..Self::default() };
        for (n, line) in lines.iter().enumerate() {
            let start = page.key.len();
            if line.gone.is_none() {
                let mut begun = start;
                for piece in pieces(&text[line.kept.clone()]) {
                    fold(piece, &mut page.key);
                    let at = begun..page.key.len();
                    if !at.is_empty() {
                        begun = at.end;
                        page.sentences.push(Sentence { line: n, at });
                    }
                }
            }
            page.lines.push(start..page.key.len());
        }
        page
    }

    /// What a line says.
    pub(super) fn line(&self, n: usize) -> &str {
        &self.key[self.lines[n].clone()]
    }

    /// Whether a line of the key begins at `at`.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        let n = self
            .lines
            .partition_point(|line| line.start < at || line.start == at && line.is_empty());
        self.lines.get(n).is_some_and(|line| line.start == at)
    }

    /// Whether a sentence of the key ends at `at`.
    pub(super) fn ends_sentence(&self, at: usize) -> bool {
        self.sentences.binary_search_by_key(&at, |sentence| sentence.at.end).is_ok()
    }

    /// Whether a line of the key ends at `at`.
    pub(super) fn ends_line(&self, at: usize) -> bool {
        let n = self.lines.partition_point(|line| line.end < at);
        self.lines.get(n).is_some_and(|line| line.end == at)
    }
}

/// What ends a sentence.
static ENDS: LazyLock<CharSet> = LazyLock::new(|| "。！？!?；;…".chars().collect());

/// Whether a sentence ends with `c`.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | ';' | '…')
}

/// The sentences of a text, each with the sign that ends it.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = ENDS
            .find(rest)
            .map_or(rest.len(), |at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
        let (piece, next) = rest.split_at(end);
        rest = next;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Adds the letters and digits of `text` to `key`, without annotations in brackets.
pub(super) fn fold(text: &str, key: &mut String) {
    let mut rest = text;
    loop {
        // Most of a text is runs of Chinese characters: they are copied as they are.
        let run = common_run(rest.as_bytes());
        key.push_str(&rest[..run]);
        rest = &rest[run..];
        let Some(c) = rest.chars().next() else { return };
        rest = &rest[c.len_utf8()..];
        if is_mark(c) {
            continue;
        }
        if matches!(c, '(' | '（') {
            rest = after_annotation(rest).unwrap_or(rest);
        } else {
            key.extend(letters(c));
        }
    }
}

/// How many bytes the common Chinese characters (U+4E00 to U+9FFF) at the start take.
fn common_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&[lead, second, _]) = bytes[at..].first_chunk::<3>() {
        if !(matches!(lead, 0xE5..=0xE9) || lead == 0xE4 && second >= 0xB8) {
            break;
        }
        at += 3;
    }
    at
}

/// Whether a character is one of the common marks, which add nothing; others are looked up.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '“'
            | '”'
            | '：'
            | '；'
            | '《'
            | '》'
            | '）'
            | '！'
            | '？'
            | ' '
            | '\n'
    )
}

/// What a character adds to the key.
fn letters(c: char) -> impl Iterator<Item = char> {
    let ascii = c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
    let other = (!c.is_ascii() && c.is_alphanumeric()).then(|| c.to_lowercase());
    ascii.into_iter().chain(other.into_iter().flatten())
}

/// What follows the closing bracket, if only Latin letters stand before it.
fn after_annotation(text: &str) -> Option<&str> {
    for (n, (at, c)) in text.char_indices().enumerate() {
        match c {
            ')' | '）' if n > 0 => return Some(&text[at + c.len_utf8()..]),
            'a'..='z' | ' ' | '\'' | '’' | '\u{e0}'..='\u{24f}' | '\u{300}'..='\u{36f}'
                if n < 48 => {}
            _ => return None,
        }
    }
    None
}

/// The key of a text of its own.
pub(super) fn key_of(text: &str) -> String {
    let mut key = String::new();
    fold(text, &mut key);
    key
}

/// Where in `text` the part ends that says `key`, if it begins with that.
pub(super) fn prefix_end(text: &str, key: &str) -> Option<usize> {
    let mut left = key;
    let mut rest = text;
    while !left.is_empty() {
        let c = rest.chars().next()?;
        rest = &rest[c.len_utf8()..];
        if matches!(c, '(' | '（')
            && let Some(after) = after_annotation(rest)
        {
            rest = after;
            continue;
        }
        for letter in letters(c) {
            left = left.strip_prefix(letter)?;
        }
    }
    Some(text.len() - rest.len())
}
