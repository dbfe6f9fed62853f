//! Zhuyin (bopomofo) as pinyin letters.

use super::letters::{Letters, NEUTRAL};

/// Whether a character is a zhuyin letter.
pub(super) fn is_zhuyin(c: char) -> bool {
    matches!(c, '\u{3105}'..='\u{3129}')
}

/// One syllable as it is being read.
#[derive(Default)]
struct Syllable {
    initial: &'static str,
    medial: Option<char>,
    last: &'static str,
    tone: u8,
}

/// Reads zhuyin; `None` if something else is in it.
pub(super) fn read(content: &str) -> Option<Letters> {
    let mut letters = Letters::new();
    letters.toned = true;
    let mut syllable = Syllable::default();
    let mut before = 0;
    for c in content.chars() {
        let closed = !syllable.last.is_empty();
        if let Some(initial) = initial(c) {
            syllable.finish(&mut letters)?;
            syllable =
                Syllable { initial, tone: std::mem::take(&mut before), ..Syllable::default() };
        } else if matches!(c, 'ㄧ' | 'ㄨ' | 'ㄩ') {
            if closed || syllable.medial.is_some() {
                syllable.finish(&mut letters)?;
                syllable = Syllable { tone: std::mem::take(&mut before), ..Syllable::default() };
            }
            syllable.medial = Some(c);
        } else if let Some(last) = last(c) {
            if closed {
                syllable.finish(&mut letters)?;
                syllable = Syllable { tone: std::mem::take(&mut before), ..Syllable::default() };
            }
            syllable.last = last;
        } else {
            let tone = match c {
                'ˉ' => 1,
                'ˊ' => 2,
                'ˇ' => 3,
                'ˋ' => 4,
                '˙' => NEUTRAL,
                ' ' | '\u{3000}' | '-' | '·' => 0,
                _ => return None,
            };
            if syllable.is_empty() {
                before = tone;
            } else {
                syllable.tone = tone;
                syllable.finish(&mut letters)?;
                syllable = Syllable::default();
            }
        }
    }
    syllable.finish(&mut letters)?;
    (!letters.as_bytes().is_empty()).then_some(letters)
}

impl Syllable {
    fn is_empty(&self) -> bool {
        self.initial.is_empty() && self.medial.is_none() && self.last.is_empty()
    }

    /// Writes the syllable in pinyin; nothing if it is empty.
    fn finish(&self, letters: &mut Letters) -> Option<()> {
        if self.is_empty() {
            return Some(());
        }
        let spelt = match (self.initial, self.medial, self.last) {
            ("zh" | "ch" | "sh" | "r" | "z" | "c" | "s", None, "") => "i",
            ("", Some(medial), last) => standing(medial, last)?,
            (_, Some(medial), last) => {
                let after_j = matches!(self.initial, "j" | "q" | "x");
                joined(medial, last, after_j)?
            }
            (_, None, last) => last,
        };
        for letter in self.initial.bytes().chain(spelt.bytes()) {
            letters.push(letter, 0)?;
        }
        if self.tone > 0 {
            letters.tone(self.tone)?;
        }
        Some(())
    }
}

#[rustfmt::skip]
fn initial(c: char) -> Option<&'static str> {
    Some(match c {
        'ㄅ' => "b", 'ㄆ' => "p", 'ㄇ' => "m", 'ㄈ' => "f", 'ㄉ' => "d", 'ㄊ' => "t", 'ㄋ' => "n",
        'ㄌ' => "l", 'ㄍ' => "g", 'ㄎ' => "k", 'ㄏ' => "h", 'ㄐ' => "j", 'ㄑ' => "q", 'ㄒ' => "x",
        'ㄓ' => "zh", 'ㄔ' => "ch", 'ㄕ' => "sh", 'ㄖ' => "r", 'ㄗ' => "z", 'ㄘ' => "c", 'ㄙ' => "s",
        _ => return None,
    })
}

#[rustfmt::skip]
fn last(c: char) -> Option<&'static str> {
    Some(match c {
        'ㄚ' => "a", 'ㄛ' => "o", 'ㄜ' => "e", 'ㄝ' => "e", 'ㄞ' => "ai", 'ㄟ' => "ei", 'ㄠ' => "ao",
        'ㄡ' => "ou", 'ㄢ' => "an", 'ㄣ' => "en", 'ㄤ' => "ang", 'ㄥ' => "eng", 'ㄦ' => "er",
        _ => return None,
    })
}

/// A syllable without initial.
#[rustfmt::skip]
fn standing(medial: char, last: &str) -> Option<&'static str> {
    Some(match (medial, last) {
        ('ㄧ', "") => "yi", ('ㄧ', "a") => "ya", ('ㄧ', "o") => "yo", ('ㄧ', "e") => "ye",
        ('ㄧ', "ai") => "yai", ('ㄧ', "ao") => "yao", ('ㄧ', "ou") => "you", ('ㄧ', "an") => "yan",
        ('ㄧ', "en") => "yin", ('ㄧ', "ang") => "yang", ('ㄧ', "eng") => "ying",
        ('ㄨ', "") => "wu", ('ㄨ', "a") => "wa", ('ㄨ', "o") => "wo", ('ㄨ', "ai") => "wai",
        ('ㄨ', "ei") => "wei", ('ㄨ', "an") => "wan", ('ㄨ', "en") => "wen", ('ㄨ', "ang") => "wang",
        ('ㄨ', "eng") => "weng",
        ('ㄩ', "") => "yu", ('ㄩ', "e") => "yue", ('ㄩ', "an") => "yuan", ('ㄩ', "en") => "yun",
        ('ㄩ', "eng") => "yong",
        _ => return None,
    })
}

/// What follows the initial.
#[rustfmt::skip]
fn joined(medial: char, last: &str, after_j: bool) -> Option<&'static str> {
    Some(match (medial, last) {
        ('ㄧ', "") => "i", ('ㄧ', "a") => "ia", ('ㄧ', "e") => "ie", ('ㄧ', "ao") => "iao",
        ('ㄧ', "ou") => "iu", ('ㄧ', "an") => "ian", ('ㄧ', "en") => "in", ('ㄧ', "ang") => "iang",
        ('ㄧ', "eng") => "ing",
        ('ㄨ', "") => "u", ('ㄨ', "a") => "ua", ('ㄨ', "o") => "uo", ('ㄨ', "ai") => "uai",
        ('ㄨ', "ei") => "ui", ('ㄨ', "an") => "uan", ('ㄨ', "en") => "un", ('ㄨ', "ang") => "uang",
        ('ㄨ', "eng") => "ong",
        ('ㄩ', "") => if after_j { "u" } else { "v" },
        ('ㄩ', "e") => if after_j { "ue" } else { "ve" },
        ('ㄩ', "an") => "uan", ('ㄩ', "en") => "un", ('ㄩ', "eng") => "iong",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn zhuyin_becomes_pinyin() {
        for (zhuyin, pinyin) in [
            ("ㄨㄤˇ", "wang"),
            ("ㄧㄡˇㄏㄠˇ", "youhao"),
            ("ㄔㄥˊ ㄕˋ", "chengshi"),
            ("ㄍㄨㄛˊㄐㄧˋ", "guoji"),
            ("ㄌㄩˋ", "lv"),
            ("ㄑㄩ", "qu"),
            ("ㄓㄨㄥㄍㄨㄛˊ", "zhongguo"),
            ("˙ㄇㄣ", "men"),
            ("ㄒㄩㄥ", "xiong"),
            ("ㄦˊ", "er"),
        ] {
            let read = super::read(zhuyin).map(|read| read.as_bytes().to_vec());
            assert_eq!(read.as_deref(), Some(pinyin.as_bytes()), "{zhuyin}");
        }
    }
}
