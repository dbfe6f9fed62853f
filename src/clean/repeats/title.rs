//! The title once more: on a line of its own, twice on one line, or glued to the first
//! paragraph.

use super::{
    RepeatWords,
    page::{Line, key_of, prefix_end},
};
use crate::notes::Why;

/// Shorter titles, in characters, may stand in the text because they are meant.
const SHORTEST: usize = 8;
/// Longer first lines are no titles.
const LONGEST: usize = 90;
/// A site's name after the title has at most so many characters.
const SITE: usize = 14;

/// Marks the repeats of the title, and says whether there were any.
pub(super) fn mark(
    text: &str,
    lines: &mut Vec<Line>,
    stated: Option<&str>,
    words: &RepeatWords,
) -> bool {
    let Some((first, title)) = find(text, lines, stated) else { return false };
    let length = title.chars().count();
    let mut changed = once_per_line(text, &mut lines[first], &title, length);
    if length >= SHORTEST && part(text, lines, first, &title, words) {
        changed = true;
    }
    // Whether only copies of the title stand between it and the line.
    let mut near = true;
    for n in first + 1..lines.len() {
        if lines[n].gone.is_some() {
            continue;
        }
        let line = &text[lines[n].kept.clone()];
        if length < SHORTEST && !near {
            break;
        }
        // Most lines begin with another letter than the title, and with no label.
        if line.starts_with(|c| matches!(c, '\u{4e00}'..='\u{9fff}') && !words.may_begin(c, &title))
        {
            near = false;
            continue;
        }
        match repeat(line, &title, words) {
            Some(Repeat::Whole) => lines[n].gone = Some(Why::RepeatedTitle),
            Some(Repeat::Glued(end)) if length >= SHORTEST => lines[n].kept.start += end,
            _ => {
                near = false;
                continue;
            }
        }
        changed = true;
    }
    changed
}

/// The line with the title, and what the title says: the stated title, if the text has
/// it, else the first line, if it looks like one.
fn find(text: &str, lines: &[Line], stated: Option<&str>) -> Option<(usize, String)> {
    let kept = || lines.iter().enumerate().filter(|(_, line)| line.gone.is_none());
    if let Some(stated) = stated {
        let key = key_of(stated);
        let at = |(_, line): &(usize, &Line)| prefix_end(&text[line.kept.clone()], &key).is_some();
        if !key.is_empty()
            && let Some((n, _)) = kept().take(8).find(at)
        {
            return Some((n, key));
        }
    }
    let (n, line) = kept().next()?;
    let line_text = &text[line.kept.clone()];
    let closed = line_text.ends_with(['。', '；', ';', '，', ',', '：', ':']);
    // The key of a long first line is not needed, nor of one that is a sentence.
    let long = line_text.len() > LONGEST * 8;
    if closed || line.row || long {
        return None;
    }
    let mut key = key_of(line_text);
    if let Some(unit) = repeated_unit(&key) {
        key.truncate(unit);
    }
    let length = key.chars().count();
    ((4..=LONGEST).contains(&length)).then_some((n, key))
}

/// The length of what a key says two or three times over.
fn repeated_unit(key: &str) -> Option<usize> {
    [3, 2].into_iter().find_map(|times| {
        let unit = key.len() / times;
        let whole = key.len().is_multiple_of(times) && key.is_char_boundary(unit);
        let same =
            whole && key.as_bytes().chunks(unit.max(1)).all(|part| part == &key.as_bytes()[..unit]);
        (same && key[..unit].chars().count() >= SHORTEST).then_some(unit)
    })
}

/// Cuts the second and third copy of the title on its own line.
fn once_per_line(text: &str, line: &mut Line, title: &str, length: usize) -> bool {
    let line_text = &text[line.kept.clone()];
    let Some(end) = prefix_end(line_text, title) else { return false };
    let rest = &line_text[end..];
    let mut after = rest;
    while let Some(next) = prefix_end(after, title) {
        after = &after[next..];
    }
    let only_copies = after.len() < rest.len() && key_of(after).is_empty();
    if length < SHORTEST || !only_copies {
        return false;
    }
    // What closes the first copy belongs to it: 》, ”, ！.
    let closing =
        rest.len() - rest.trim_start_matches(|c: char| "》”’！？!?)）】…".contains(c)).len();
    line.kept.end = line.kept.start + end + closing;
    true
}

/// Parts the title from the text that is glued to it, if it stands nowhere before.
fn part(text: &str, lines: &mut Vec<Line>, first: usize, title: &str, words: &RepeatWords) -> bool {
    let line = lines[first].clone();
    let line_text = &text[line.kept.clone()];
    let Some(end) = prefix_end(line_text, title) else { return false };
    let rest = &line_text[end..];
    let begins = rest.trim_start_matches([' ', '\u{3000}']);
    if key_of(rest).chars().count() < 16 || continues(rest, words) || begins.is_empty() {
        return false;
    }
    let middle = line.kept.start + end;
    let start = line.kept.end - begins.len();
    let mut second = line.clone();
    second.parted = true;
    second.whole.start = start;
    second.kept.start = start;
    lines[first].whole.end = middle;
    lines[first].kept.end = middle;
    lines.insert(first + 1, second);
    true
}

/// How a line repeats the title.
enum Repeat {
    /// It is nothing else.
    Whole,
    /// It begins with the title; its own text begins at the offset.
    Glued(usize),
}

fn repeat(line: &str, title: &str, words: &RepeatWords) -> Option<Repeat> {
    let label = words.labels.iter().find(|label| line.starts_with(label.as_str()));
    if let Some(label) = label {
        let rest = line[label.len()..].trim_start_matches([':', '：', ' ']);
        let end = prefix_end(rest, title)?;
        return key_of(&rest[end..]).is_empty().then_some(Repeat::Whole);
    }
    let mut end = prefix_end(line, title)?;
    while let Some(next) = prefix_end(&line[end..], title).filter(|&next| next > 0) {
        end += next;
    }
    let rest = &line[end..];
    let length = key_of(rest).chars().count();
    if length == 0 {
        return Some(Repeat::Whole);
    }
    let separated = rest.trim_start().starts_with(['_', '|', '-', '—', '–', '｜', '－']);
    if separated && length <= SITE {
        return Some(Repeat::Whole);
    }
    if continues(rest, words) {
        return None;
    }
    let body =
        rest.trim_start_matches([' ', '_', '|', '-', '—', '–', '｜', '》', '”', ']', '】', '\t']);
    Some(Repeat::Glued(line.len() - body.len()))
}

/// Whether what follows continues a sentence that begins with the words of the title.
fn continues(rest: &str, words: &RepeatWords) -> bool {
    rest.chars().next().is_some_and(|c| words.continues.contains(c))
}
