//! Passages once more: a paragraph, the whole body, a summary that quotes it.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    ops::Range,
};

use super::{
    RepeatWords,
    page::{Line, Page, Sentence, ends_sentence, key_of},
};
use crate::{clean::width::is_han, notes::Why};

// All lengths in characters of the key.

/// A shorter sentence is not looked for elsewhere; it may only continue a repeat.
const ANCHOR: usize = 6;
/// A line of its own that is repeated anywhere.
const PARAGRAPH: usize = 60;
/// A sentence on a line of its own that is repeated once: three times is a refrain.
const SENTENCE: usize = 24;
/// A line that is repeated at once.
const NEXT_LINE: usize = 10;
/// A repeated line with fewer Chinese characters may be code, or an address.
const FEWEST_HAN: usize = 6;
/// Several lines together, of which one at least is no heading.
const LINES: usize = 60;
const LONG_LINE: usize = 20;
/// Part of a paragraph and more: shorter ones are quotations.
const EXCERPT: usize = 200;
/// A summary at the head.
const SUMMARY: usize = 20;
/// Among so many lines at the head a summary is looked for.
const HEAD: usize = 6;
/// A summary has at most so many lines, sentences, and bytes.
const SUMMARY_LINES: usize = 2;
const SUMMARY_SENTENCES: usize = 12;
const SUMMARY_BYTES: usize = 4096;
/// So many bytes of it are looked for first.
const PROBE: usize = 24;

/// Where the same was said before, for each sentence.
fn sources(page: &Page) -> Vec<Option<usize>> {
    let key = page.key.as_bytes();
    let mut first: HashMap<&[u8], usize> = HashMap::with_capacity(page.sentences.len());
    let mut expected: Option<usize> = None;
    let mut found = Vec::with_capacity(page.sentences.len());
    for Sentence { at, .. } in &page.sentences {
        let said = &key[at.clone()];
        // What continues an earlier match is compared with the source itself, so that it
        // does not matter where the two copies have their line ends.
        let continued = expected.filter(|&source| {
            source + said.len() <= at.start && key[source..source + said.len()] == *said
        });
        let source = continued.or_else(|| {
            // Bytes; three of them are one Chinese character.
            if said.len() < ANCHOR * 3 {
                return None;
            }
            match first.entry(said) {
                Entry::Occupied(entry) => Some(*entry.get()),
                Entry::Vacant(entry) => {
                    entry.insert(at.start);
                    None
                }
            }
        });
        expected = source.map(|source| source + said.len());
        found.push(source);
    }
    found
}

/// Lines that repeat one stretch of the text before them.
struct Group {
    lines: Range<usize>,
    source: Range<usize>,
}

/// Marks lines that were there before, and says whether there were any.
pub(super) fn mark(text: &str, lines: &mut [Line], page: &Page) -> bool {
    let sources = sources(page);
    if sources.iter().all(Option::is_none) {
        return false;
    }
    let groups = groups(page, &sources);
    let mut changed = false;
    let mut counts: Option<HashMap<&str, usize>> = None;
    for group in groups {
        let Some(why) = judge(text, lines, page, &group, &mut counts) else { continue };
        for n in group.lines {
            if !page.lines[n].is_empty() {
                lines[n].gone = Some(why);
                changed = true;
            }
        }
    }
    changed
}

/// Joins sentences to lines and lines to groups.
fn groups(page: &Page, sources: &[Option<usize>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut n = 0;
    while n < page.sentences.len() {
        let line = page.sentences[n].line;
        let next =
            n + page.sentences[n..].iter().take_while(|sentence| sentence.line == line).count();
        let mut source: Option<Range<usize>> = sources[n].map(|start| start..start);
        for (sentence, found) in page.sentences[n..next].iter().zip(&sources[n..next]) {
            source = source
                .zip(*found)
                .filter(|(source, found)| source.end == *found)
                .map(|(source, found)| source.start..found + sentence.at.len());
        }
        n = next;
        let Some(source) = source else { continue };
        match groups.last_mut() {
            // Lines that are gone, or say nothing, do not part a group.
            Some(group)
                if group.source.end == source.start
                    && (group.lines.end..line).all(|n| page.lines[n].is_empty()) =>
            {
                group.source.end = source.end;
                group.lines.end = line + 1;
            }
            _ => groups.push(Group { lines: line..line + 1, source }),
        }
    }
    groups
}

/// Why the lines of a group go; `None` if they stay.
fn judge<'p>(
    text: &str,
    lines: &[Line],
    page: &'p Page,
    group: &Group,
    counts: &mut Option<HashMap<&'p str, usize>>,
) -> Option<Why> {
    let said: Vec<usize> = group.lines.clone().filter(|&n| !page.lines[n].is_empty()).collect();
    let length = |n: usize| page.line(n).chars().count();
    let total: usize = said.iter().map(|&n| length(n)).sum();
    let prose = said.iter().any(|&n| !lines[n].row);
    let whole = page.begins_line(group.source.start) && page.ends_line(group.source.end);
    let goes = match said.as_slice() {
        _ if !prose => false,
        &[n] if whole => {
            let mut count = || {
                let counts = counts.get_or_insert_with(|| {
                    let mut counts = HashMap::new();
                    for n in 0..page.lines.len() {
                        *counts.entry(page.line(n)).or_insert(0) += 1;
                    }
                    counts
                });
                counts.get(page.line(n)).copied().unwrap_or(0)
            };
            let next = page.lines[n].start == group.source.end;
            let closed = text[lines[n].kept.clone()]
                .trim_end_matches(['”', '"', '）', ')'])
                .ends_with(ends_sentence);
            let chinese = page.line(n).chars().filter(|&c| is_han(c)).take(FEWEST_HAN).count();
            chinese == FEWEST_HAN
                && (total >= PARAGRAPH
                    || total >= NEXT_LINE && next
                    || total >= SENTENCE && closed && count() == 2)
        }
        [] | [_] => false,
        many if whole => total >= LINES && many.iter().any(|&n| length(n) >= LONG_LINE),
        _ => total >= EXCERPT && page.begins_line(group.source.start),
    };
    let before = page.lines[group.lines.start].start;
    let body = said.len() > 2 || group.source.len() * 2 >= before;
    goes.then_some(if body { Why::RepeatedBody } else { Why::RepeatedPassage })
}

/// Marks a summary at the head that says nothing but what the body says, and says whether
/// there was one. Here the first copy goes, because the later one is whole.
pub(super) fn mark_summary(
    text: &str,
    lines: &mut [Line],
    page: &Page,
    words: &RepeatWords,
) -> bool {
    let said: Vec<usize> =
        (0..lines.len()).filter(|&n| !page.lines[n].is_empty()).take(HEAD).collect();
    let mut found = Vec::new();
    for &n in said.iter().skip(1) {
        let line = text[lines[n].kept.clone()].trim_start_matches(['【', '[', '［', ' ']);
        if lines[n].row || page.lines[n].len() > SUMMARY_BYTES {
            continue;
        }
        let label = words.labels.iter().find(|label| line.starts_with(label.as_str()));
        let rest = label.map_or(line, |label| &line[label.len()..]);
        let labelled = label.is_some() && rest.starts_with([':', '：', '】', ']', '］', ' ']);
        let rest = if labelled { rest } else { line };
        let open = rest.ends_with("...") || rest.ends_with('…');
        let sentence = rest.ends_with(['。', '！', '？']) || rest.contains('。');
        if !(labelled || open || sentence) {
            continue;
        }
        // Without a label it says what its line says.
        let summary = match labelled {
            true => Cow::Owned(key_of(rest)),
            false => Cow::Borrowed(page.line(n)),
        };
        if summary.chars().nth(SUMMARY - 1).is_none() {
            continue;
        }
        let body = page.lines[n].end;
        // The beginning of nearly all is nowhere, and then that of its first sentence is neither.
        let first = page.sentences.partition_point(|it| it.line < n);
        let is_long = page.sentences.get(first).is_some_and(|it| it.at.len() >= PROBE);
        if !labelled && is_long {
            let probe = &summary.as_bytes()[..PROBE];
            if memchr::memmem::find(&page.key.as_bytes()[body..], probe).is_none() {
                continue;
            }
        }
        // A sentence that merely begins like one of the body says something of its own.
        let quoted = |key: &str| {
            let after = &page.key.as_bytes()[body..];
            // The beginning of nearly all is nowhere: to look for it is quick.
            let begins = key.len().min(PROBE);
            let first = memchr::memmem::find(after, &key.as_bytes()[..begins])?;
            let at = body + first + memchr::memmem::find(&after[first..], key.as_bytes())?;
            let end = at + key.len();
            (labelled || open || page.ends_sentence(end)).then_some(at..end)
        };
        // The same line once more is for the other rule, which keeps the first.
        let whole = |key: &str| {
            let line = |at: &Range<usize>| page.begins_line(at.start) && page.ends_line(at.end);
            quoted(key).is_some_and(|at| labelled || !line(&at))
        };
        let pieces = || {
            let mut count = 0;
            for piece in rest.split(ends_sentence).map(key_of) {
                // Too short to tell where it comes from.
                if piece.chars().nth(3).is_none() {
                    continue;
                }
                count += 1;
                if count > SUMMARY_SENTENCES || quoted(&piece).is_none() {
                    return false;
                }
            }
            count >= 2
        };
        if whole(&summary) || pieces() {
            found.push(n);
        }
    }
    // Longer ones are no summaries: then the later lines are the ones to wonder about.
    if found.len() > SUMMARY_LINES {
        return false;
    }
    for &n in &found {
        lines[n].gone = Some(Why::RepeatedPassage);
    }
    !found.is_empty()
}
