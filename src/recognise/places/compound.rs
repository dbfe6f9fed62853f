//! Countries inside compounds: 中韩, 日方, 中俄蒙.

use super::{Finder, Found};
use crate::{
    place::CountryCode,
    recognise::{Of, forms::is_han},
};

impl Finder<'_> {
    /// The country of a compound that `at` is the beginning or a later side of. Of 日韩 and
    /// 中俄蒙 every foreign side is a mention; of 中韩 and 日方 the whole is.
    pub(super) fn compound(&self, text: &str, at: usize) -> Option<Found> {
        if !text[at..].chars().next().is_some_and(|c| self.forms.is_side(c)) {
            return None;
        }
        let before = text[..at].char_indices().rev().take(2).map(|(at, _)| at);
        [at].into_iter().chain(before).find_map(|begin| {
            let (len, sides) = self.forms.compound(&text[begin..])?;
            let foreign = || sides.iter().filter(|(_, code)| *code != CountryCode::CN);
            let whole = begin..begin + len;
            let found = |start, end, code| Found {
                start,
                end,
                of: Of::Country(code),
                row: None,
                sure: false,
            };
            let name = match foreign().count() {
                0 if begin == at => found(begin, whole.end, CountryCode::CN),
                1 if begin == at => found(begin, whole.end, foreign().next()?.1),
                0 | 1 => return None,
                _ => {
                    // The first side is asked for where the compound begins.
                    let begins = sides.iter().map(|(at, _)| *at);
                    let later = foreign().skip(1).find(|(side, _)| begin + side == at);
                    let &(side, code) = if begin == at { foreign().next()? } else { later? };
                    let next = begins.filter(|begins| *begins > side).min();
                    found(begin + side, begin + next.unwrap_or(len), code)
                }
            };
            self.compound_stands(text, whole.start, whole.end).then_some(name)
        })
    }

    /// Whether a compound is a word of its own; 和泰方 is 和 and 泰方.
    fn compound_stands(&self, text: &str, start: usize, end: usize) -> bool {
        let joiner = text[..start].chars().next_back().filter(|c| self.forms.joins(*c));
        let beside = text[end..].chars().next();
        self.words.bounded(text, start, end)
            || self.forms.compound_behind(&text[end..])
            || text[..end].ends_with('方')
                && (joiner.is_some()
                    || text[..start].chars().next_back().is_none_or(|c| !is_han(c)))
                && beside.is_none_or(|c| !is_han(c) || self.forms.joins(c) || self.forms.speaks(c))
            || joiner.is_some_and(|c| self.words.bounded(text, start - c.len_utf8(), end))
    }
}
