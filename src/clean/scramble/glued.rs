//! Scramble without the spaces: a run of random printable ASCII, `W1Lm8%d~W(dv_G`.
//!
//! Random means that capitals, small letters, digits and signs change places nearly at
//! every character, that no word can be read, and that several signs stand where nobody
//! writes them: a tilde between letters, a bracket that is never closed. Addresses, codes
//! of products, formulae and program text have their signs where they belong.

/// Characters, spaces not counted.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=40;
/// Letters in a row that are a word, if none but the first differs in case.
const WORD: usize = 4;
/// Signs out of place that are needed.
const ODD: u32 = 2;

/// Where the scramble at the end of a line begins; its length if there is none.
pub(super) fn tail(line: &str) -> usize {
    let text = line.trim_end_matches(|c: char| c.is_ascii_graphic() || c == ' ');
    // After a colon it is a password, or a code to be typed.
    if text.ends_with('：') {
        return line.len();
    }
    let from = text.len();
    let starts = line[from..].match_indices(' ').map(|(at, _)| from + at + 1);
    let start = [from].into_iter().chain(starts).find(|at| is_scramble(&line[*at..]));
    match start {
        // The space before it goes too.
        Some(start) => line[..start].trim_end_matches(' ').len(),
        None => line.len(),
    }
}

/// Where the scramble at the start of a line ends; 0 if there is none.
pub(super) fn head(line: &str) -> usize {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_graphic() || c == ' ');
    let end = line.len() - rest.len();
    let before_text = rest.starts_with(char::is_alphanumeric);
    if before_text && is_scramble(&line[..end]) { end } else { 0 }
}

/// Whether a piece of printable ASCII is random.
fn is_scramble(piece: &str) -> bool {
    let piece = piece.trim_matches(' ').as_bytes();
    // White space is regular: a longer one has too many characters, which then need not be
    // counted from every place of a line of words.
    if piece.len() > 2 * LENGTH.end() {
        return false;
    }
    let count = piece.iter().filter(|b| **b != b' ').count();
    if !LENGTH.contains(&count) || piece.contains(&b'=') || has_word(piece) || is_address(piece) {
        return false;
    }
    let has = |kind: Kind| piece.iter().any(|b| Kind::of(*b) == kind);
    let all = has(Kind::Upper) && has(Kind::Lower) && has(Kind::Digit);
    let changes = piece.windows(2).filter(|pair| Kind::of(pair[0]) != Kind::of(pair[1])).count();
    all && changes * 10 >= (piece.len() - 1) * 6 && odd_signs(piece) >= ODD
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Sign,
}

impl Kind {
    fn of(byte: u8) -> Self {
        match byte {
            b'A'..=b'Z' => Self::Upper,
            b'a'..=b'z' => Self::Lower,
            b'0'..=b'9' => Self::Digit,
            _ => Self::Sign,
        }
    }
}

/// Whether letters stand together as in a word: `Word`, `word`, `WORD`.
fn has_word(piece: &[u8]) -> bool {
    piece.split(|b| !b.is_ascii_alphabetic()).any(|word| {
        word.len() >= WORD
            && (word[1..].iter().all(u8::is_ascii_lowercase)
                || word.iter().all(u8::is_ascii_uppercase))
    })
}

/// Whether it has the parts of an address: a scheme, or a name with a dot and letters.
fn is_address(piece: &[u8]) -> bool {
    let scheme = piece.windows(3).any(|three| three == b"://");
    let dot = (2..piece.len().saturating_sub(2)).any(|at| {
        piece[at] == b'.'
            && piece[at - 2..at].iter().all(u8::is_ascii_alphanumeric)
            && piece[at + 1..at + 3].iter().all(u8::is_ascii_lowercase)
    });
    scheme || dot
}

/// How many different signs stand where nobody writes them.
fn odd_signs(piece: &[u8]) -> u32 {
    let mut seen = 0_u32;
    let near = |at: usize, step: isize| {
        at.checked_add_signed(step).and_then(|at| piece.get(at)).copied().unwrap_or(b' ')
    };
    for (at, &sign) in piece.iter().enumerate() {
        let (before, after) = (near(at, -1), near(at, 1));
        let digit = before.is_ascii_digit() || after.is_ascii_digit();
        let between_letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
        let odd = match sign {
            b'`' | b'\\' => true,
            b'%' => !before.is_ascii_digit(),
            b'$' | b'#' => !after.is_ascii_digit() || before.is_ascii_alphabetic(),
            b'~' | b'<' | b'>' => !digit,
            b'^' => !after.is_ascii_digit() && after != b'_' && before != b'_',
            b'!' | b'?' | b';' | b'"' | b',' => after.is_ascii_alphanumeric(),
            b'|' => before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric(),
            b'*' => between_letters,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' => is_unpaired(piece, sign),
            _ => false,
        };
        if odd {
            // A bit for each sign; the few that share one count once.
            seen |= 1 << (sign % 32);
        }
    }
    seen.count_ones()
}

/// Whether there are not as many brackets of the other side.
fn is_unpaired(piece: &[u8], bracket: u8) -> bool {
    let other = match bracket {
        b'(' => b')',
        b')' => b'(',
        b'[' => b']',
        b']' => b'[',
        b'{' => b'}',
        _ => b'{',
    };
    let count = |wanted: u8| piece.iter().filter(|b| **b == wanted).count();
    count(bracket) != count(other)
}

#[cfg(test)]
mod tests {
    use super::{head, tail};

    #[test]
    fn random_pieces_go() {
        for (line, end) in [
            ("两市签约。W1Lm8%d~W(dv_G", "两市签约。"),
            ("W1Lm8%d~W(dv_G", ""),
            ("到会200人。 6J/ Wo#f51{oGx", "到会200人。"),
            ("参观了APEC会场。q9\\Zt;B4m!xK", "参观了APEC会场。"),
            ("友好交往。$T}e7U`k2Rz|b", "友好交往。"),
            ("心里很高兴。$52&Acd!02|C", "心里很高兴。"),
        ] {
            assert_eq!(&line[..tail(line)], end);
        }
        assert_eq!(head("k7~Q{a9W\\b2两市签约"), "k7~Q{a9W\\b2".len());
    }

    #[test]
    fn what_people_write_stays() {
        for line in [
            "详见http://www.example.cn/~xw/2023%E5%b9/A1?id=3#Top",
            "网址news.example.com/c/2012-03-04/Ab0612_3.shtml?x=1&y=%E4",
            "邮箱Wb_2023-Ka@example.gov.cn",
            "邮箱(at)请写Li-Na88!x#example.org",
            "标准号GB/T 2260-2007",
            "车型X1-Yoga_Gen9/RTX4090",
            "硫酸铁Fe2(SO4)3与Ca(OH)2",
            "配比5%NaCl+2%KCl",
            "公式f(x)=a*x^2+b",
            "公式x^2+y^2<R^2",
            "每公斤$5~$9/Kg",
            "语言C#7.3/F#4与C++17",
            "密码：aB3$xY9!q~Z",
            "他说OK!Yes!No?",
            "口号是\"One World, One Dream!\"",
            "Thank you very much, see you in 2024!",
            "printf(\"%d\\n\",x);",
            "表情(*^__^*)和T_T",
            "校验码d41d8cd98f00b204e9800998ecf8427e",
            "版本v1.2.3-rc4+Build5",
            "航班CA1234/MU5678(T3)",
            "坐标N36°27'E115°59'",
            "A0/A1/B2(c)3",
            "",
        ] {
            assert_eq!(tail(line), line.len(), "{line}");
            assert_eq!(head(line), 0, "{line}");
        }
    }
}
