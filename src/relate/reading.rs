//! A passage cut into sentences, and what is read as one.

use std::sync::LazyLock;

use super::rules::Rules;
use crate::{
    chars::CharSet,
    text::{Clean, Span},
};

/// A sentence is cut off at this length, in bytes: no one writes longer ones, and rules
/// stay fast.
const LONGEST: usize = 4096;
/// Parts of a list that are longer together are none, in bytes.
const LONGEST_LIST: usize = 600;
/// What may end a sentence, and what holds it together.
static MARKS: LazyLock<CharSet> = LazyLock::new(|| "。！？；;!?《》".chars().collect());

/// The sentences of a passage: up to 。！？；, but not inside 《》.
pub(super) fn sentences(clean: &str, passage: Span<Clean>) -> Vec<Span<Clean>> {
    let mut spans = Vec::new();
    let mut start = passage.start as usize;
    let mut depth = 0_usize;
    let mut at = start;
    let text = &clean[..passage.end as usize];
    let mark = |at: usize| MARKS.find(&text[at..]).map_or(text.len(), |mark| at + mark);
    let mut next = mark(at);
    while at < text.len() {
        // Most characters are none of these, and what is far ahead is looked for once.
        if next < at {
            next = mark(at);
        }
        let ends = if next > at && next - start > LONGEST {
            let first = text[at..].chars().next().map_or(1, char::len_utf8);
            at = (start + LONGEST + 1).max(at + first);
            while !text.is_char_boundary(at) {
                at += 1;
            }
            true
        } else {
            let Some(mark) = text[next..].chars().next() else { break };
            at = next + mark.len_utf8();
            match mark {
                '《' => depth += 1,
                '》' => depth = depth.saturating_sub(1),
                _ => {}
            }
            !matches!(mark, '《' | '》') && (depth == 0 || at - start > 600)
        };
        if ends {
            spans.push(Span::new(start..at));
            start = at;
            depth = 0;
        }
    }
    if start < passage.end as usize {
        spans.push(Span::new(start..passage.end as usize));
    }
    spans
}

/// The sentences of a passage as they are read: parts of a list that only the last of them says
/// what it is of (`甲市与A市；乙市与B市结为友好城市`) are one.
pub(super) fn readings(rules: &Rules, clean: &str, passage: Span<Clean>) -> Vec<Span<Clean>> {
    let mut spans: Vec<Span<Clean>> = Vec::new();
    for span in sentences(clean, passage) {
        let waits = spans.last().is_some_and(|last| {
            let text = &clean[last.range()];
            text.ends_with(['；', ';'])
                && last.len() + span.len() <= LONGEST_LIST
                && text.contains(['与', '和', '同'])
                && !rules.triggers.any_within(text)
                && !rules.sign.is_match(text)
                && !text.contains('。')
        });
        match spans.last_mut() {
            Some(last) if waits && rules.triggers.any_within(&clean[span.range()]) => {
                *last = last.to(span);
            }
            _ => spans.push(span),
        }
    }
    spans
}
