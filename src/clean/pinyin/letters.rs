//! [`Letters`]: what stands in the brackets, as plain letters with their tones.

/// More letters than this are no annotation.
pub(super) const MOST: usize = 96;

/// Lower-case ASCII letters, `ü` as `v`, and the tone that is written on each.
#[derive(Clone)]
pub(super) struct Letters {
    letters: [u8; MOST],
    tones: [u8; MOST],
    len: usize,
    /// Whether a tone is written, as mark or number.
    pub(super) toned: bool,
    /// Whether tones are written as numbers.
    pub(super) numbered: bool,
    /// Whether there is a capital letter.
    pub(super) capital: bool,
}

/// The tone of a syllable that says that it has none (`men0`, `men5`).
pub(super) const NEUTRAL: u8 = 5;

impl Letters {
    pub(super) fn new() -> Self {
        Self {
            letters: [0; MOST],
            tones: [0; MOST],
            len: 0,
            toned: false,
            numbered: false,
            capital: false,
        }
    }

    /// Reads Latin pinyin in any spelling; `None` if it cannot be pinyin.
    pub(super) fn read(content: &str) -> Option<Self> {
        let mut read = Self::new();
        for c in content.chars() {
            match c {
                'a'..='z' => read.push(c as u8, 0)?,
                'A'..='Z' => {
                    read.capital = true;
                    read.push(c.to_ascii_lowercase() as u8, 0)?;
                }
                ' ' | '\'' | '-' | '’' | '‘' | 'ʼ' | '′' | '·' | '•' | '‐' | '‑' | '–'
                | '\u{a0}' | '\u{3000}' => {}
                '0'..='5' => read.number(c as u8 - b'0')?,
                '⁰' => read.number(0)?,
                '¹' => read.number(1)?,
                '²' => read.number(2)?,
                '³' => read.number(3)?,
                '⁴' | '⁵' => read.number(c as u8 - b'p')?,
                ':' | '∶' | '：' if read.last() == Some(b'u') => read.replace_last(b'v'),
                '\u{304}' | '\u{301}' | '\u{30c}' | '\u{306}' | '\u{300}' | '\u{308}'
                | '\u{302}' => read.combine(c)?,
                'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                    let letter = u8::try_from(c as u32 - 0xFEE0).ok()?;
                    read.capital |= letter.is_ascii_uppercase();
                    read.push(letter.to_ascii_lowercase(), 0)?;
                }
                _ => {
                    let (letter, tone) = marked(c)?;
                    read.capital |= c.is_uppercase();
                    read.push(letter, tone)?;
                    read.toned |= tone > 0;
                }
            }
        }
        (read.len > 0).then_some(read)
    }

    /// Adds a letter; `None` if there are too many.
    pub(super) fn push(&mut self, letter: u8, tone: u8) -> Option<()> {
        *self.letters.get_mut(self.len)? = letter;
        *self.tones.get_mut(self.len)? = tone;
        self.len += 1;
        Some(())
    }

    /// A tone number after the letters it belongs to.
    fn number(&mut self, tone: u8) -> Option<()> {
        self.toned = true;
        self.numbered = true;
        self.tone(if tone == 0 { NEUTRAL } else { tone })
    }

    /// Gives the last letter a tone; `None` if it has one.
    pub(super) fn tone(&mut self, tone: u8) -> Option<()> {
        let last = self.len.checked_sub(1)?;
        (self.tones[last] == 0).then(|| self.tones[last] = tone)
    }

    /// A combining mark after its letter.
    fn combine(&mut self, mark: char) -> Option<()> {
        let tone = match mark {
            '\u{304}' => 1,
            '\u{301}' => 2,
            '\u{30c}' | '\u{306}' => 3,
            '\u{300}' => 4,
            '\u{308}' if self.last() == Some(b'u') => {
                self.replace_last(b'v');
                return Some(());
            }
            '\u{302}' if self.last() == Some(b'e') => return Some(()),
            _ => return None,
        };
        self.toned = true;
        self.tone(tone)
    }

    fn last(&self) -> Option<u8> {
        self.len.checked_sub(1).map(|last| self.letters[last])
    }

    fn replace_last(&mut self, letter: u8) {
        if let Some(last) = self.len.checked_sub(1) {
            self.letters[last] = letter;
        }
    }

    /// The letters.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.letters[..self.len]
    }

    /// The tone written in a stretch of the letters, 0 if none is.
    pub(super) fn tone_in(&self, range: std::ops::Range<usize>) -> u8 {
        self.tones[range].iter().copied().find(|&tone| tone > 0).unwrap_or(0)
    }

    /// The same without its last letter.
    pub(super) fn without_last(&self) -> Self {
        let mut shorter = self.clone();
        shorter.len = shorter.len.saturating_sub(1);
        shorter
    }
}

/// The letter and tone of a precomposed or look-alike character.
#[rustfmt::skip]
fn marked(c: char) -> Option<(u8, u8)> {
    Some(match c {
        'ā' | 'Ā' => (b'a', 1), 'á' | 'Á' => (b'a', 2), 'ǎ' | 'Ǎ' | 'ă' | 'Ă' => (b'a', 3), 'à' | 'À' => (b'a', 4),
        'ē' | 'Ē' => (b'e', 1), 'é' | 'É' => (b'e', 2), 'ě' | 'Ě' | 'ĕ' | 'Ĕ' => (b'e', 3), 'è' | 'È' => (b'e', 4),
        'ī' | 'Ī' => (b'i', 1), 'í' | 'Í' => (b'i', 2), 'ǐ' | 'Ǐ' | 'ĭ' | 'Ĭ' => (b'i', 3), 'ì' | 'Ì' => (b'i', 4),
        'ō' | 'Ō' => (b'o', 1), 'ó' | 'Ó' => (b'o', 2), 'ǒ' | 'Ǒ' | 'ŏ' | 'Ŏ' => (b'o', 3), 'ò' | 'Ò' => (b'o', 4),
        'ū' | 'Ū' => (b'u', 1), 'ú' | 'Ú' => (b'u', 2), 'ǔ' | 'Ǔ' | 'ŭ' | 'Ŭ' => (b'u', 3), 'ù' | 'Ù' => (b'u', 4),
        'ǖ' | 'Ǖ' => (b'v', 1), 'ǘ' | 'Ǘ' => (b'v', 2), 'ǚ' | 'Ǚ' => (b'v', 3), 'ǜ' | 'Ǜ' => (b'v', 4),
        'ü' | 'Ü' => (b'v', 0),
        'ń' | 'Ń' => (b'n', 2), 'ň' | 'Ň' => (b'n', 3), 'ǹ' | 'Ǹ' => (b'n', 4), 'ḿ' | 'Ḿ' => (b'm', 2),
        'ê' | 'Ê' => (b'e', 0), 'ế' | 'Ế' => (b'e', 2), 'ề' | 'Ề' => (b'e', 4),
        'ɑ' | 'α' => (b'a', 0), 'ɡ' => (b'g', 0), 'ı' => (b'i', 0), 'ŋ' => (b'g', 0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Letters;

    #[test]
    fn every_spelling_folds_to_plain_letters() {
        for (content, wanted) in [
            ("liáochéng", "liaocheng"),
            ("Xī'ān", "xian"),
            ("lǜ", "lv"),
            ("lu:4", "lv"),
            ("nü3", "nv"),
            ("wa\u{30c}ng", "wang"),
            ("lu\u{308}\u{30c}", "lv"),
            ("ɡuó jì", "guoji"),
            ("ｇｕｏ", "guo"),
            ("wo³men⁵", "women"),
        ] {
            let read = Letters::read(content).map(|read| read.as_bytes().to_vec());
            assert_eq!(read.as_deref(), Some(wanted.as_bytes()), "{content}");
        }
    }

    #[test]
    fn what_is_no_pinyin_is_refused() {
        for content in ["São", "p<0.05", "km/h", "m6", "1a", "", "Ω", "2023", "Hà Nội", "a11"]
        {
            assert!(Letters::read(content).is_none(), "{content}");
        }
    }
}
