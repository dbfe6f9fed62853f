//! Script: traditional characters to simplified ones, by words.
//!
//! Only characters that simplified texts do not use set the pass off, so that 乾隆 and 於
//! in a simplified text stay. Such characters are converted wherever they stand, even
//! alone in a simplified sentence (`國际`); characters that both scripts use are converted
//! in traditional texts only, or beside one that is traditional. What a character becomes
//! is in a table, made from OpenCC's; for the few that depend on the word (瞭解, 乾縣)
//! OpenCC is asked. Both turn each character into exactly one.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, LazyLock, OnceLock},
};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

use super::words::{Pairs, ScriptWords, Words};
use crate::{
    notes::Why,
    text::{Edit, Text},
};

/// The pass with its tables.
pub(super) struct Script {
    table: Arc<Pairs>,
    /// Characters that only traditional texts use.
    traditional: CharSet,
    /// Characters that only simplified texts use.
    simplified: CharSet,
    /// Characters whose simplified form depends on the word.
    words: CharSet,
    /// Loaded when the first text needs it.
    opencc: OnceLock<Option<OpenCC>>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").finish_non_exhaustive()
    }
}

impl Script {
    pub(super) fn new(words: &ScriptWords, table: Arc<Pairs>) -> Self {
        let either: CharSet = words.either.chars().collect();
        let traditional = table.keys().filter(|&c| !either.contains(c)).collect();
        Self {
            traditional,
            simplified: words.simplified.chars().collect(),
            words: words.words.chars().collect(),
            table,
            opencc: OnceLock::new(),
        }
    }

    /// What to change in `text`.
    pub(super) fn edits(&self, text: &str) -> Vec<Edit> {
        if !self.has_traditional(text) {
            return Vec::new();
        }
        let count = |set: &CharSet| text.chars().filter(|&c| set.contains(c)).count();
        let whole = count(&self.traditional) >= count(&self.simplified);
        let mut edits = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if self.has_traditional(line) || whole {
                self.line(line, start, whole, &mut edits);
            }
            start += line.len();
        }
        edits
    }

    /// The cheap scan: whether a character occurs that only traditional texts use.
    fn has_traditional(&self, text: &str) -> bool {
        let mut rest = text.as_bytes();
        loop {
            match *rest {
                [first @ 0xE3..=0xE9, second, third, ref after @ ..] => {
                    let word = usize::from(first & 0x0F) << 6 | usize::from(second & 0x3F);
                    if self.traditional.0[word] >> (third & 0x3F) & 1 == 1 {
                        return true;
                    }
                    rest = after;
                }
                [_, ref after @ ..] => rest = after,
                [] => return false,
            }
        }
    }

    /// The edits of one line, which begins at `start`.
    fn line(&self, line: &str, start: usize, whole: bool, edits: &mut Vec<Edit>) {
        let by_words = line.chars().any(|c| self.words.contains(c));
        let converted =
            if by_words { self.opencc().map(|opencc| opencc.convert(line)) } else { None };
        let mut converted = converted.as_deref().map(str::chars);
        let mut before = None;
        let mut chars = line.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let word = converted.as_mut().and_then(Iterator::next);
            let after = chars.peek().map(|&(_, c)| c);
            let beside =
                || [before, after].into_iter().flatten().any(|c| self.traditional.contains(c));
            let wanted = self.traditional.contains(c) || whole || c > '\u{7f}' && beside();
            before = Some(c);
            if !wanted || word == Some(c) {
                continue;
            }
            let with = match (word, self.table.get(c)) {
                (Some(word), Some(with)) if with.chars().eq([word]) => Cow::Borrowed(with),
                (Some(word), _) => Cow::Owned(word.to_string()),
                (None, Some(with)) => Cow::Borrowed(with),
                (None, None) => continue,
            };
            let at = start + at;
            edits.push(Edit::replace(at..at + c.len_utf8(), with, Why::Script));
        }
    }

    /// The converter; `None` if its own data does not load.
    fn opencc(&self) -> Option<&OpenCC> {
        self.opencc.get_or_init(|| OpenCC::from_config(BuiltinConfig::T2s).ok()).as_ref()
    }
}

/// A name or a few words in simplified characters, as cleaned texts and the graph have them.
#[must_use]
pub fn simplified(text: &str) -> Cow<'_, str> {
    static SCRIPT: LazyLock<Option<Script>> =
        LazyLock::new(|| Some(Script::new(&Words::load().ok()?.script, table())));
    let edits = SCRIPT.as_ref().map(|script| script.edits(text)).unwrap_or_default();
    if edits.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut edited = Text::new(text);
    edited.apply(&edits);
    Cow::Owned(edited.clean().to_owned())
}

/// What each traditional character becomes.
pub(super) fn table() -> Arc<Pairs> {
    Arc::new(Pairs::new(include_str!("../../rules/traditional.txt")))
}

/// A set of characters of the basic plane, a bit each; those beyond it are in no set, so
/// they never set the pass off.
struct CharSet(Box<[u64; 1024]>);

impl CharSet {
    fn has(&self, code: u32) -> bool {
        self.0.get((code / 64) as usize).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
    }

    fn contains(&self, c: char) -> bool {
        self.has(c as u32)
    }
}

impl FromIterator<char> for CharSet {
    fn from_iter<I: IntoIterator<Item = char>>(chars: I) -> Self {
        let mut set = Self(Box::new([0; 1024]));
        for c in chars {
            if let Some(bits) = set.0.get_mut((c as u32 / 64) as usize) {
                *bits |= 1 << (c as u32 % 64);
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::Script;
    use crate::{clean::words::Words, text::Text};

    fn clean(raw: &str) -> String {
        let script = Script::new(&Words::load().unwrap().script, super::table());
        let mut text = Text::new(raw);
        text.apply(&script.edits(raw));
        text.clean().to_owned()
    }

    #[test]
    fn traditional_becomes_simplified_by_words() {
        for (raw, wanted) in [
            ("頭髮與發展", "头发与发展"),
            ("乾隆年間在乾縣曬乾", "乾隆年间在乾县晒干"),
            ("兩市簽署協議，瞭解彼此", "两市签署协议，了解彼此"),
            ("臺灣與國際友城", "台湾与国际友城"),
            ("友好城市國际交流", "友好城市国际交流"),
            ("之後双方会谈", "之后双方会谈"),
            ("於二零零三年結為姊妹市", "于二零零三年结为姊妹市"),
        ] {
            assert_eq!(clean(raw), wanted);
        }
    }

    #[test]
    fn simplified_stays() {
        for raw in ["乾隆年间的乾陵", "毕昇与於梨华", "宫商角徵羽", "藉以瞭望", "plain ASCII", ""]
        {
            assert_eq!(clean(raw), raw);
        }
    }

    #[test]
    fn the_table_and_opencc_agree() {
        let script = Script::new(&Words::load().unwrap().script, super::table());
        let all: String = script.table.keys().filter(|&c| !script.words.contains(c)).collect();
        for c in all.chars() {
            let table = script.table.get(c).unwrap();
            assert_eq!(script.opencc().unwrap().convert(&c.to_string()), table);
        }
        // What was converted sets nothing off again.
        assert!(!script.has_traditional(&clean(&all)));
    }
}
