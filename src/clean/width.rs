//! Width: white space, invisible characters, full-width and compatibility characters.
//!
//! Chinese punctuation stays as it is, full-width brackets and commas too. Tabs stay:
//! they separate the cells of tables.

use std::borrow::Cow;

use super::words::Pairs;
use crate::{chars::past_han, notes::Why, text::Edit};

/// The pass with its table.
#[derive(Debug)]
pub(super) struct Width {
    compatibility: Pairs,
}

/// What one white or invisible character is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum White {
    Space,
    Tab,
    Line,
    /// Nobody sees it.
    Nothing,
}

/// The white space and invisible characters between two visible ones.
#[derive(Default)]
struct Gap {
    spaces: usize,
    lines: usize,
    nothings: usize,
    /// Tabs before the first line end.
    before: usize,
    /// Tabs after the last line end.
    after: usize,
}

impl Width {
    pub(super) fn new() -> Self {
        Self { compatibility: Pairs::new(include_str!("../../rules/compatibility.txt")) }
    }

    /// What to change in `text`.
    pub(super) fn edits(&self, text: &str) -> Vec<Edit> {
        let bytes = text.as_bytes();
        let mut edits = Vec::new();
        let mut at = 0;
        loop {
            // Chinese characters are passed over whole.
            at = past_han(bytes, at);
            let Some(&byte) = bytes.get(at) else { break };
            if !MAY_CHANGE[usize::from(byte)] {
                at += 1;
                continue;
            }
            // Most are common marks, which stay.
            if is_mark(&bytes[at..]) {
                at += 3;
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            let end = at + c.len_utf8();
            if white(c, &text[..at], &text[end..]).is_some() {
                at = gap(text, at, &mut edits);
                continue;
            }
            if let Some(with) = self.narrow(c, &text[..at], &text[end..]) {
                edits.push(Edit::replace(at..end, with, Why::Width));
            }
            at = end;
        }
        edits
    }

    /// The plain form of a full-width or compatibility character.
    fn narrow(&self, c: char, before: &str, after: &str) -> Option<&'static str> {
        match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' => ascii(c as u32 - 0xFEE0),
            '．' | '－' | '／' | '：' => {
                let beside = |wanted: fn(&char) -> bool| {
                    before.chars().next_back().is_some_and(|c| wanted(&c))
                        && after.chars().next().is_some_and(|c| wanted(&c))
                };
                let wide = beside(|c| matches!(c, '０'..='９'));
                let any = beside(|c| matches!(c, '０'..='９' | '0'..='9'));
                (wide || c == '．' && any).then(|| ascii(c as u32 - 0xFEE0)).flatten()
            }
            _ => self.compatibility.get(c),
        }
    }
}

/// The bytes with which a character may begin that this pass changes. A single space
/// between words is among them; the check of what surrounds it is cheap.
static MAY_CHANGE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        table[byte] = true;
        byte += 1;
    }
    table[0x7F] = true;
    // U+0080 to U+00BF, U+034F, U+061C, U+180E, U+2000 to U+2FFF, U+3000 to U+303F,
    // U+F900 to U+FFFF, U+E0000.
    let leads = [0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF3];
    let mut n = 0;
    while n < leads.len() {
        table[leads[n]] = true;
        n += 1;
    }
    table
};

/// Whether a text begins with one of the marks `，。、“”；`, which stay.
fn is_mark(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xEF, 0xBC, 0x8C | 0x9B, ..]
            | [0xE3, 0x80, 0x81 | 0x82, ..]
            | [0xE2, 0x80, 0x9C | 0x9D, ..]
    )
}

/// A printable ASCII character as a string that lives for ever.
fn ascii(code: u32) -> Option<&'static str> {
    const PRINTABLE: &str = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    let at = code.checked_sub(0x20)? as usize;
    PRINTABLE.get(at..=at)
}

/// What kind of white space `c` is, if any.
fn white(c: char, before: &str, after: &str) -> Option<White> {
    match c {
        ' '
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => Some(White::Space),
        '\t' => Some(White::Tab),
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(White::Line),
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffc}'
        | '\u{e0000}'..='\u{e007f}' => Some(White::Nothing),
        // Inside an emoji the joiner is what makes it one.
        '\u{200d}' => {
            let coloured = before.strip_suffix('\u{fe0f}').unwrap_or(before);
            let inside = coloured.chars().next_back().is_some_and(is_emoji)
                && after.chars().next().is_some_and(is_emoji);
            (!inside).then_some(White::Nothing)
        }
        // A variant of a Chinese character; after an emoji it means its coloured form.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            let coloured = before.chars().next_back().is_some_and(is_emoji)
                || after.starts_with('\u{20e3}') && before.ends_with(|c: char| c.is_ascii_digit());
            (!coloured).then_some(White::Nothing)
        }
        _ => None,
    }
}

/// Whether a character may be an emoji, or a sign that has a coloured form.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{2049}' | '\u{2190}'..='\u{2bff}'
        | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1ffff}')
}

/// Reads the gap that begins at `start`, asks for the edit that makes it regular, and
/// says where it ends.
fn gap(text: &str, start: usize, edits: &mut Vec<Edit>) -> usize {
    let mut gap = Gap::default();
    let mut end = start;
    let mut feed = false;
    for c in text[start..].chars() {
        let next = end + c.len_utf8();
        let Some(kind) = white(c, &text[..end], &text[next..]) else { break };
        match kind {
            White::Space => gap.spaces += 1,
            White::Nothing => gap.nothings += 1,
            White::Tab if gap.lines == 0 => gap.before += 1,
            White::Tab => gap.after += 1,
            White::Line => {
                // A carriage return and a line feed are one line end.
                if !(c == '\n' && feed) {
                    gap.lines += 1;
                }
                gap.after = 0;
            }
        }
        feed = c == '\r';
        end = next;
    }
    let with = gap.regular(start == 0, end == text.len());
    if with != text[start..end] {
        let only_nothings = gap.nothings == text[start..end].chars().count();
        let why = if only_nothings { Why::Invisible } else { Why::Space };
        edits.push(Edit::replace(start..end, with, why));
    }
    end
}

impl Gap {
    /// What should stand there: no indentation, no space at line ends or beside tabs, one
    /// space between words, one blank line at most.
    fn regular(&self, first: bool, last: bool) -> Cow<'static, str> {
        let lines = match self.lines {
            _ if first => "",
            0 => "",
            1 => "\n",
            _ if last => "\n",
            _ => "\n\n",
        };
        // Before the first visible character and after the last, a line of tabs is empty.
        let (before, after) = match self.lines {
            0 if first && last => (0, 0),
            0 => (self.before, 0),
            _ => (if first { 0 } else { self.before }, if last { 0 } else { self.after }),
        };
        match (before + after, lines) {
            (0, "") => Cow::Borrowed(if self.spaces > 0 && !first && !last { " " } else { "" }),
            (0, lines) => Cow::Borrowed(lines),
            _ => {
                let tabs = |n| "\t".repeat(n);
                Cow::Owned(tabs(before) + lines + &tabs(after))
            }
        }
    }
}

/// Whether a character is Chinese writing, iteration mark and 〇 included.
pub(super) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '〇' | '々' | '\u{2e80}'..='\u{2fdf}')
}

#[cfg(test)]
mod tests {
    use super::Width;
    use crate::text::Text;

    fn clean(raw: &str) -> String {
        let mut text = Text::new(raw);
        text.apply(&Width::new().edits(raw));
        text.clean().to_owned()
    }

    #[test]
    fn what_is_wide_or_white_becomes_regular() {
        for (raw, wanted) in [
            ("２０２３年５月", "2023年5月"),
            ("增长１２．５％", "增长12.5%"),
            ("１２：３０", "12:30"),
            ("ＡＰＥＣ峰会", "APEC峰会"),
            ("　　近日，\r\n　　签约。", "近日，\n签约。"),
            ("甲\u{3000}乙  丙\u{a0}丁", "甲 乙 丙 丁"),
            ("一\n\n\n\n二 \n", "一\n\n二\n"),
            ("\u{feff}聊\u{200b}城\u{ad}市", "聊城市"),
            ("葛\u{e0100}城", "葛城"),
            ("城市 \t 国家\t年份\n光明市\t\t2012", "城市\t国家\t年份\n光明市\t\t2012"),
            ("⼭东⻓江", "山东长江"),
            ("︵注︶", "（注）"),
            ("\n\n\t甲\t乙\n\n", "\t甲\t乙\n"),
        ] {
            assert_eq!(clean(raw), wanted, "{raw:?}");
        }
    }

    #[test]
    fn what_is_regular_stays() {
        for raw in [
            "聊城市（莘县），“友城”：共12个。",
            "全角逗号，句号。冒号：（括号）",
            "title one\n\ntitle two",
            "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} 1\u{fe0f}\u{20e3}",
            "12：30",
            "①②Ⅲ㎡℃",
            "",
        ] {
            assert_eq!(clean(raw), raw);
        }
    }
}
