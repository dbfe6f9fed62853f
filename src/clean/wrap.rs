//! Wrap: lines that were broken at a width, as in mail, old pages and text taken out of PDF.
//!
//! A line is joined to the next where a text shows that it is set in a column: several lines
//! end at the same width within a sentence. Tables, lists and what is indented begin anew.

use crate::{notes::Why, text::Edit};

/// How wide such a column is; a Chinese character is two wide.
const COLUMN: std::ops::RangeInclusive<usize> = 48..=120;
/// By how much lines of one column differ: marks that may not begin a line, letters.
const RAGGED: usize = 6;
/// So many lines that end within a sentence show a column.
const FEWEST: usize = 3;

/// One line of a text, without what is white at its ends.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    start: usize,
    /// How wide what is white before it is.
    indent: usize,
    /// How wide it is, with its indent.
    width: usize,
}

/// What to change in a plain text as it was read.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    if has_long_line(text) {
        return Vec::new();
    }
    let lines: Vec<Line<'_>> = lines(text).collect();
    let Some(column) = column(&lines) else { return Vec::new() };
    let margin = lines.iter().filter(|line| !line.text.is_empty()).map(|line| line.indent).min();
    let margin = margin.unwrap_or(0);
    lines
        .windows(2)
        .filter_map(|pair| match pair {
            [line, next] if goes_on(*line, *next, column, margin) => {
                let at = line.start + line.text.len()..next.start;
                let letters = line.text.ends_with(|c: char| c.is_ascii_alphanumeric())
                    && next.text.starts_with(|c: char| c.is_ascii_alphanumeric());
                Some(Edit::replace(at, if letters { " " } else { "" }, Why::Space))
            }
            _ => None,
        })
        .collect()
}

/// Whether a line is surely wider than a column, as paragraphs are: of its bytes two at most
/// take the place of one letter.
fn has_long_line(text: &str) -> bool {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    let mut start = 0;
    ends.into_iter().any(|end| {
        let line = &text[start..end];
        start = end + 1;
        line.len() > 2 * COLUMN.end() && line.trim().len() > 2 * COLUMN.end()
    })
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |whole| {
        let line = whole.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
        let lead = &whole[..whole.len() - line.len()];
        let text = line.trim_end();
        let indent = width(lead);
        let line = Line { text, start: start + lead.len(), indent, width: indent + width(text) };
        start += whole.len();
        line
    })
}

fn width(text: &str) -> usize {
    // Bytes that begin a character; those of one byte count once.
    let begins = text.bytes().filter(|byte| byte & 0xC0 != 0x80).count();
    2 * begins - text.bytes().filter(u8::is_ascii).count()
}

/// The width at which the lines of a text were broken, if they were.
fn column(lines: &[Line<'_>]) -> Option<usize> {
    let column = lines.iter().map(|line| line.width).max()?;
    let full = || lines.iter().filter(|line| line.width + RAGGED >= column);
    let open = full().filter(|line| !ends_sentence(line.text)).count();
    let prose = full().filter(|line| line.text.contains(['，', ',', '。', '、', '；'])).count();
    (COLUMN.contains(&column)
        && open >= FEWEST
        && open * 2 >= full().count()
        && prose * 2 >= full().count()
        && !lines.iter().any(|line| is_row(line.text)))
    .then_some(column)
}

/// Whether a sentence goes on in the next line.
fn goes_on(line: Line<'_>, next: Line<'_>, column: usize, margin: usize) -> bool {
    line.width + RAGGED >= column
        && !next.text.is_empty()
        && next.indent <= margin
        && !ends_sentence(line.text)
        && !begins_item(next.text)
}

fn ends_sentence(line: &str) -> bool {
    line.ends_with([
        '。', '！', '？', '!', '?', '：', ':', '；', ';', '…', '”', '》', '】', '）', ')',
    ])
}

/// Whether a line is a row of a table.
fn is_row(line: &str) -> bool {
    line.contains(['\t', '|', '｜', '│', '┃'])
}

/// Whether a line begins an item of a list: 一、, （二）, 3., ●.
fn begins_item(line: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十0123456789０１２３４５６７８９";
    let open = line.starts_with(['（', '(', '【', '[']);
    let inside = line.trim_start_matches(['（', '(', '【', '[']);
    let rest = inside.trim_start_matches(|c| NUMERALS.contains(c));
    let numbered = rest.len() < inside.len();
    numbered && (open || rest.starts_with(['、', '.', '．', ')', '）']))
        || line.starts_with(['●', '○', '■', '◆', '★', '·', '•', '◎', '※', '－', '—'])
}

#[cfg(test)]
mod tests {
    use super::edits;
    use crate::text::Text;

    fn joined(text: &str) -> String {
        let mut text = Text::new(text);
        let edits = edits(text.clean());
        text.apply(&edits);
        text.clean().to_owned()
    }

    #[test]
    fn lines_of_a_column_are_joined_and_paragraphs_stay() {
        let text = "      第二节　对外友好\n\n\
            \u{3000}\u{3000}1988年春天，县里第一次接待来自日本的客人，由县长在礼堂\n\
            设宴，席间商定每年互派学生。同年9月，庆元县与日本上胜町缔\n\
            结友好城市关系，协议书由两位首长签字，此后来往不断，每逢双\n\
            方的节日都有书信。\n\
            \u{3000}\u{3000}1995年以后，往来的重点转到林业，先后有12人到四国学习\n\
            育苗，学成的人多数留在县里。\n";
        let text = joined(text);
        assert!(text.contains("庆元县与日本上胜町缔结友好城市关系"), "{text}");
        assert!(text.contains("有书信。\n\u{3000}\u{3000}1995年"), "{text}");
        assert!(text.contains("对外友好\n\n"), "{text}");
    }

    #[test]
    fn what_is_no_column_stays() {
        let city = |name: &str| {
            format!("{name}　　亚洲　　日本国本州岛中部　　1988年9月12日缔结　　友好城市关系\n")
        };
        let list: String = ["上胜町", "高槻市", "大津市", "池田市"].into_iter().map(city).collect();
        let paragraphs = "庆元县与日本上胜町缔结友好城市关系，两地的学生每年夏天互访一次。\n\
            县长说，林业是两地共同的产业，也是多年来交流得最多的一个领域。\n\
            町长说，今年秋天要在上胜町办一次香菇节，欢迎庆元的菇农去看看。\n";
        let items = "一、庆元县与日本上胜町缔结友好城市关系，两地学生每年夏天互访，\n\
            二、松阳县与日本大津市缔结友好城市关系，两地农户每年秋天互访，\n\
            三、云和县与日本池田市缔结友好城市关系，两地工匠每年冬天互访，\n";
        for text in [list.as_str(), paragraphs, items, "", "\n\n", "友好城市\n"] {
            assert_eq!(joined(text), text);
        }
    }
}
