//! Scramble: the random ASCII that forums add at line ends against copying.
//!
//! Discuz writes 5 to 15 pieces, each a character from `!` to `;`, a space, and one from
//! `?` to `~`: `…了解。7 z" M$ R& J* C3 l`. On the page it is invisible; in the text it
//! stands at the end of one line or the start of the next. Others write one piece without
//! spaces ([`glued`]).

mod glued;

use crate::{notes::Why, text::Edit};

/// Fewer words than this are no scramble.
const FEWEST_WORDS: usize = 4;

/// What to cut out of `text`, whose white space is regular; afterwards it may not be.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        // The cheap test: both ends of nearly every line are Chinese.
        if body.len() > 8 && (is_scramble_byte(body, true) || is_scramble_byte(body, false)) {
            let tail = tail(body).min(glued::tail(body));
            let head = head(&body[..tail]).max(glued::head(&body[..tail]));
            for part in [0..head, tail.max(head)..body.len()] {
                if !part.is_empty() {
                    edits.push(Edit::cut(start + part.start..start + part.end, Why::Scramble));
                }
            }
        }
        start += line.len();
    }
    edits
}

/// Whether a line ends (or begins) with bytes that scramble may end (or begin) with.
fn is_scramble_byte(line: &str, at_end: bool) -> bool {
    let bytes = line.as_bytes();
    let near = if at_end { &bytes[bytes.len() - 3..] } else { &bytes[..3] };
    let edge = if at_end { near[2] } else { near[0] };
    edge.is_ascii_graphic() && near.is_ascii()
}

/// Where the scramble at the end of a line begins; its length if there is none.
fn tail(line: &str) -> usize {
    let mut seen = Seen::default();
    let mut best = line.len();
    let mut end = line.len();
    while end > 0 {
        let start = line[..end].rfind(' ').map_or(0, |space| space + 1);
        let word = &line[start..end];
        // The first piece may be glued to the text: `了解。7 z" M$`.
        if let Some(glued) = word.char_indices().rev().find(|(_, c)| !c.is_ascii()) {
            let from = start + glued.0 + glued.1.len_utf8();
            if seen.take(&line[from..end]) && from < end || seen.words > 0 && from == end {
                best = if seen.verdict() { from } else { best };
            }
            break;
        }
        if !seen.take(word) {
            break;
        }
        if start == 0 {
            best = if seen.verdict() { 0 } else { best };
            break;
        }
        // Scramble after a space: the space goes too, if Chinese stands before it.
        if seen.verdict() && line[..start - 1].chars().next_back().is_some_and(|c| !c.is_ascii()) {
            best = start - 1;
        }
        end = start - 1;
    }
    best
}

/// Where the scramble at the start of a line ends; 0 if there is none.
fn head(line: &str) -> usize {
    let mut seen = Seen::default();
    let mut start = 0;
    while start < line.len() {
        let end = line[start..].find(' ').map_or(line.len(), |space| start + space);
        let word = &line[start..end];
        if let Some(glued) = word.find(|c: char| !c.is_ascii()) {
            let text = word[glued..].chars().next().is_some_and(char::is_alphanumeric);
            let whole = text && (glued == 0 || seen.take(&word[..glued]));
            return if whole && seen.verdict() { start + glued } else { 0 };
        }
        if !seen.take(word) {
            return 0;
        }
        start = end + 1;
    }
    0
}

/// What was seen of a stretch that may be scramble.
#[derive(Default)]
struct Seen {
    words: usize,
    pairs: usize,
    /// Which signs below `;` occurred, a bit each.
    signs: u32,
    lower: bool,
}

impl Seen {
    /// Takes one word; `false` if scramble has no such word.
    fn take(&mut self, word: &str) -> bool {
        let (high, low) = match word.as_bytes() {
            [one] if *one >= b'?' => (Some(*one), None),
            [one] => (None, Some(*one)),
            [high, low] if *high >= b'?' => (Some(*high), Some(*low)),
            _ => return false,
        };
        if low.is_some_and(|low| !(b'!'..=b';').contains(&low)) {
            return false;
        }
        self.words += 1;
        self.pairs += usize::from(high.is_some() && low.is_some());
        self.lower |= high.is_some_and(|high| !high.is_ascii_uppercase());
        if let Some(low) = low.filter(|low| !low.is_ascii_digit()) {
            self.signs |= 1 << (low - b'!');
        }
        true
    }

    /// Whether this is random: many words, mostly of two characters, with several signs.
    /// `A. B. C. D.` and `1. 2. 3.` are not.
    fn verdict(&self) -> bool {
        self.words >= FEWEST_WORDS
            && self.pairs * 2 >= self.words
            && self.signs.count_ones() >= 2
            && self.lower
    }
}

#[cfg(test)]
mod tests {
    use super::edits;
    use crate::text::Text;

    fn clean(raw: &str) -> String {
        let mut text = Text::new(raw);
        text.apply(&edits(raw));
        text.clean().to_owned()
    }

    #[test]
    fn scramble_goes() {
        for (raw, wanted) in [
            ("两市就此达成一致。7 z\" M$ R& J* C3 l", "两市就此达成一致。"),
            ("两市就此达成一致。 7 z\" M$ R& J* C3 l\n下一段。", "两市就此达成一致。\n下一段。"),
            (", L1 h7 g% K/ q8 x两市签约。", "两市签约。"),
            ("签约。\n% P3 d- ~2 S) V: w\n次日返回。", "签约。\n\n次日返回。"),
            ("7 z\" M$ R& J* C3 l两市签约。% P3 d- ~2 S) V: w", "两市签约。"),
        ] {
            assert_eq!(clean(raw), wanted, "{raw}");
        }
    }

    #[test]
    fn what_people_write_stays() {
        for raw in [
            "选项有 A. B. C. D.",
            "座位 A1 B2 C3 D4 E5",
            "友城名单 1. 2. 3. 4. 5.",
            "口号是 I love you",
            "x + y = z - 1",
            "联系电话 0635 8 1 2 3",
            "a b c d e f g",
            "",
        ] {
            assert_eq!(clean(raw), raw);
        }
    }
}
