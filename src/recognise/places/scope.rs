//! [`Scope`]: how far a country or a foreign place reaches, over glue and brackets.

use std::ops::Range;

use super::Finder;
use crate::{
    gazetteer::{Match, Sense},
    place::CountryCode,
    recognise::forms::is_han,
};

/// Characters in brackets behind a place that may name its country.
const LONGEST_GLOSS: usize = 120;

/// How far the last country or foreign place reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) country: CountryCode,
    /// Where the next name may begin: after the name and the glue behind it.
    pub(super) at: usize,
    /// Whether a country opened it by its name, and not a place by lying there.
    pub(super) named: bool,
    /// Whether glue was read since the last name.
    pub(super) glued: bool,
    /// The last foreign place, if it is a listed one.
    pub(super) inside: Option<u32>,
}

impl Finder<'_> {
    /// Glue, and an original in brackets: `布莱克城(Blacktown)、`. Brackets that hold names
    /// are only opened: 意大利（克雷莫纳市）.
    pub(super) fn glue(&self, text: &str, at: usize, ahead: &[Match]) -> Option<usize> {
        let rest = &text[at..];
        if let Some(len) = self.forms.glue(rest) {
            return Some(len);
        }
        let open = rest.chars().next().filter(|c| matches!(c, '(' | '（'))?;
        let close = rest.char_indices().take(60).find(|(_, c)| matches!(c, ')' | '）'))?;
        let inside = &rest[open.len_utf8()..close.0];
        if ahead.iter().take_while(|found| found.start < at + close.0).count() > 0 {
            return Some(open.len_utf8());
        }
        (!inside.contains(['。', ';', '；'])).then_some(close.0 + close.1.len_utf8())
    }

    /// The countries that stand in brackets behind their places, with the stretch before the
    /// bracket that they hold for: 安集延州阿萨卡区（乌兹别克斯坦）.
    pub(super) fn told_behind(
        &self,
        text: &str,
        matches: &[Match],
    ) -> Vec<(Range<usize>, CountryCode)> {
        let mut told = Vec::new();
        if !text.contains('(') && !text.contains('（') {
            return told;
        }
        for (open, bracket) in text.match_indices(['(', '（']) {
            let inside = open + bracket.len();
            let mut gloss = text[inside..].char_indices().take(LONGEST_GLOSS);
            let Some((len, _)) = gloss.find(|(_, c)| matches!(c, ')' | '）')) else { continue };
            let close = inside + len;
            let first = matches.partition_point(|found| found.start < inside);
            let country = matches[first..]
                .iter()
                .take_while(|found| found.start < close)
                .filter(|found| found.end <= close)
                .find_map(|found| {
                    let code = self.gazetteer.senses(found.name).find_map(|sense| match sense {
                        Sense::Country(code, _) if !code.is_chinese() => Some(code),
                        _ => None,
                    })?;
                    // Beside it stands at most the name in Latin letters.
                    let beside = [&text[inside..found.start], &text[found.end..close]];
                    (!beside.iter().any(|beside| beside.contains(is_han))).then_some(code)
                });
            let Some(country) = country else { continue };
            let from = text[..open]
                .char_indices()
                .rev()
                .take_while(|&(_, c)| is_han(c) || matches!(c, '·' | '-'))
                .last()
                .map_or(open, |(at, _)| at);
            told.push((from..open, country));
        }
        told
    }

    /// The reach of a country told behind, where a name may begin.
    pub(super) fn reach_of(
        &self,
        text: &str,
        at: usize,
        told: &[(Range<usize>, CountryCode)],
    ) -> Option<Scope> {
        let &(ref range, country) = told.iter().find(|(range, _)| range.contains(&at))?;
        let before = text[..at].chars().next_back();
        let begins = at == range.start || before.is_some_and(|c| self.forms.is_stop(c));
        begins.then_some(Scope { country, at, named: true, glued: true, inside: None })
    }
}

/// Whether a character ends a cell of a row.
pub(super) fn parts_cells(c: char) -> bool {
    matches!(c, '\t' | '|' | '｜' | ' ')
}

/// Whether the last separator before `at` continues a list, or a cell begins there.
pub(super) fn rest_of_list(text: &str, at: usize) -> bool {
    at == 0
        || text[..at].ends_with(['、', '和', '与', '及', '都', '府', '的', ')', '）', '\t', '|'])
}
