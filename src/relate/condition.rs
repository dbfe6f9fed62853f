//! [`Condition`]: words around a match that change a claim or take it back.

use super::{
    grammar::RuleFile,
    rules::{any, first_chars, last_chars},
    written::{ContextRow, Where},
};
use crate::{
    agreement::{Kind, Status},
    expression::Regex,
    rule::DataError,
};

/// What changes a claim, or takes it back.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) name: String,
    words: Regex,
    unless: Option<Regex>,
    r#where: Where,
    clause: bool,
    /// Whether it looks over commas.
    across: bool,
    reach: usize,
    pub(super) status: Option<Status>,
    pub(super) kinds: Vec<Kind>,
    pub(super) confidence: Option<f32>,
    pub(super) veto: bool,
}

/// Where a match stands in the shadow text, for contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'s> {
    pub(super) shadow: &'s str,
    /// Where the parties begin.
    pub(super) start: usize,
    /// Where the last party before the act ends.
    pub(super) parties: usize,
    pub(super) act: (usize, usize),
    /// Where what is signed ends.
    pub(super) end: usize,
}

pub(super) fn condition(file: &RuleFile, row: &ContextRow) -> Result<Condition, DataError> {
    if row.status.is_none() && !row.veto {
        let near = file.find_named("name", &row.name);
        let message = "a context sets a status or vetoes: write status = \"…\" or veto = true";
        return Err(file.error(near, message));
    }
    Ok(Condition {
        name: row.name.clone(),
        words: any(&row.words)?,
        unless: if row.unless.is_empty() { None } else { Some(any(&row.unless)?) },
        r#where: row.r#where,
        clause: row.clause,
        across: row.across,
        reach: row.reach,
        status: row.status,
        kinds: row.kinds.clone(),
        confidence: row.confidence,
        veto: row.veto,
    })
}

impl Condition {
    /// Whether its words stand around a match.
    pub(super) fn applies(&self, site: Site<'_>) -> bool {
        let Site { shadow, start, parties, act, end } = site;
        match self.r#where {
            Where::Before => {
                let mut before = last_chars(&shadow[..start], self.reach);
                if self.clause {
                    before = before.rsplit([',', '，', '、', '：', ':']).next().unwrap_or(before);
                }
                let region = &shadow[start - before.len()..act.0];
                let to_end = &shadow[start - before.len()..act.1];
                self.words.find_iter(region).any(|word| {
                    // With the word itself: after 批准, the act is done.
                    let behind = first_chars(&to_end[word.start()..], 60);
                    self.unless.as_ref().is_none_or(|unless| !unless.is_match(behind))
                })
            }
            Where::Act => {
                let region = &shadow[parties..end];
                let stop = region
                    .char_indices()
                    .find(|&(at, c)| parties + at >= act.1 && matches!(c, ',' | '，' | '“' | '”'))
                    .map_or(region.len(), |(at, _)| at);
                self.words.is_match(&region[..stop])
            }
            Where::Sentence => self.words.is_match(shadow),
            Where::Quote => {
                let before = &shadow[..act.0];
                let open = before.rfind('“').filter(|at| !before[*at..].contains('”'));
                let close = shadow[act.1..].find('”').map(|at| act.1 + at + '”'.len_utf8());
                match (open, close) {
                    (Some(_), Some(close)) => {
                        self.words.is_match(first_chars(&shadow[close..], self.reach.max(1)))
                    }
                    _ => false,
                }
            }
            Where::After => {
                let after = first_chars(&shadow[act.1..], self.reach.max(1) + 24);
                let ends = |c: char| {
                    matches!(c, '。' | '；' | '“' | '”') || !self.across && matches!(c, ',' | '，')
                };
                let after = after.split(ends).next().unwrap_or(after);
                self.words
                    .find(after)
                    .is_some_and(|word| after[..word.start()].chars().count() <= self.reach + 10)
            }
        }
    }
}
