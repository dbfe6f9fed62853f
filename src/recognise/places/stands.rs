//! Whether a name stands by itself, or is only a part of something longer.

use super::{Finder, Known};
use crate::{
    gazetteer::Common,
    place::{CountryCode, Level},
    recognise::forms::is_han,
};

impl Finder<'_> {
    /// Whether a country's name is not a part of another word.
    pub(super) fn country_stands(&self, text: &str, start: usize, end: usize) -> bool {
        let name = &text[start..end];
        if self.forms.is_no_country(name) {
            return false;
        }
        let next = text[end..].chars().next();
        let previous = text[..start].chars().next_back();
        let doubtful = if name.ends_with('国') {
            next.is_some_and(|c| "际家内防务会庆旗民籍企有产资".contains(c))
        } else if name.chars().count() <= 2 {
            true
        } else {
            next.is_some_and(|c| self.forms.transliterates(c))
                || previous.is_some_and(|c| self.forms.transliterates(c))
        };
        !doubtful || self.words.bounded(text, start, end) || {
            // jieba glues 斯坦 to what follows; a name that the gazetteer knows there proves
            // the boundary as well.
            name.chars().count() >= 4
        }
    }

    /// Whether a name is not a part of a longer one or of another word.
    pub(super) fn stands(&self, text: &str, start: usize, end: usize) -> bool {
        let crosses = |c: Option<char>| c.is_some_and(|c| self.forms.transliterates(c));
        let long = text[start..end].chars().count() >= 4;
        let next = text[end..].chars().next();
        let previous = text[..start].chars().next_back();
        let free = !crosses(next) && !crosses(previous);
        (long && free) || self.words.bounded(text, start, end)
    }

    /// Whether a name begins a clause and a word that joins parties follows: `,冠县与`.
    pub(super) fn between_marks(&self, text: &str, start: usize, end: usize) -> bool {
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        before.is_none_or(|c| !is_han(c))
            && after.is_none_or(|c| !is_han(c) || matches!(c, '与' | '和' | '同' | '则' | '也'))
    }

    /// Whether jieba takes the whole string for one place name.
    pub(super) fn tagged_place(&self, name: &str) -> bool {
        let mut tags = self.words.tags_of(name);
        matches!((tags.next(), tags.next()), (Some((_, "ns")), None))
    }

    /// Whether the stem of a name names it well enough alone.
    pub(super) fn may_stand_alone(&self, stem: &str, article: &Known) -> bool {
        let chars = stem.chars().count();
        let namesakes = self.rows(self.gazetteer.lookup(stem), CountryCode::is_chinese);
        let lesser = namesakes.iter().all(|&(row, _)| {
            self.gazetteer.row(row).level() == Some(Level::County)
                && !article.chinese.contains(&row)
        });
        chars >= 2 && self.gazetteer.common(stem) != Some(Common::Word) && lesser
    }

    /// Whether a short name only begins the name of a body: 山东农业大学.
    pub(super) fn organisation(&self, text: &str, end: usize) -> bool {
        let tail = &text[end..];
        let to = tail.char_indices().take(9).find(|&(_, c)| !is_han(c)).map(|(at, _)| at);
        let to = to.or_else(|| tail.char_indices().nth(9).map(|(at, _)| at));
        self.forms.organisation(&tail[..to.unwrap_or(tail.len())])
    }
}
