//! Whether a name stands by itself, or is only a part of something longer.

use super::{Finder, Known, listed::TOWN};
use crate::{
    gazetteer::{Common, NameKind, Sense},
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
        // 莫桑比克海峡 is no country, and 乔治亚·欧姬芙 nobody's; 越南河内 is one.
        if self.dot_beside(text, start, end) || self.forms.feature(&text[end..]) {
            return false;
        }
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
        if self.dot_beside(text, start, end) {
            return false;
        }
        let crosses = |c: Option<char>| c.is_some_and(|c| self.forms.transliterates(c));
        let long = text[start..end].chars().count() >= 4;
        let next = text[end..].chars().next();
        let previous = text[..start].chars().next_back();
        let free = !crosses(next) && !crosses(previous);
        // 法国巴黎 is one word of the dictionary.
        let behind_country = || {
            let word = self.words.around(text, start);
            let land = word.and_then(|word| word.strip_suffix(&text[start..end]));
            land.is_some_and(|land| self.is_country(land))
        };
        (long && free) || self.words.bounded(text, start, end) || behind_country()
    }

    /// Whether characters of transliterations stand right beside a name.
    pub(super) fn sounds_beside(&self, text: &str, start: usize, end: usize) -> bool {
        let sounds = |c: Option<char>| c.is_some_and(|c| self.forms.transliterates(c));
        sounds(text[..start].chars().next_back()) || sounds(text[end..].chars().next())
    }

    /// Whether a name ends with its unit, and the unit is not the beginning of another word.
    pub(super) fn whole(&self, text: &str, at: usize, name: &str) -> bool {
        let (stem, suffix) = self.forms.stem(name);
        suffix.is_some()
            && stem.chars().count() >= 2
            && self.forms.suffix(&text[at + stem.len()..], None).is_some()
    }

    /// Whether a name begins within a word of the dictionary: 临海城市 names no 海城市.
    pub(super) fn cut_off(&self, text: &str, at: usize) -> bool {
        self.words.around(text, at).is_some_and(|word| {
            let mut words = self.words.tags_of(word);
            // The names of bodies are words as well: 中共湖南省委.
            words.next().is_some_and(|(_, tag)| tag != "nt") && words.next().is_none()
        })
    }

    /// Whether a dot makes a name a part of a longer one: 查尔斯·休斯顿.
    pub(super) fn dot_beside(&self, text: &str, start: usize, end: usize) -> bool {
        let person = |c: Option<char>| c.is_some_and(|c| self.forms.transliterates(c) && c != '·');
        let mut before = text[..start].chars().rev();
        let mut after = text[end..].chars();
        before.next() == Some('·')
            && person(before.next())
            && !self.country_ends(&text[..start - '·'.len_utf8()])
            || after.next() == Some('·')
                && person(after.next())
                && !self.is_country(&text[start..end])
    }

    /// Whether a name is a country's.
    fn is_country(&self, name: &str) -> bool {
        self.gazetteer.lookup(name).any(|sense| matches!(sense, Sense::Country(..)))
    }

    /// Whether a text ends with the name of a country, as in 中国·聊城.
    fn country_ends(&self, text: &str) -> bool {
        text.char_indices().rev().take(8).any(|(at, _)| self.is_country(&text[at..]))
    }

    /// Whether a name stands between characters that belong to no name: 与冠县结好.
    pub(super) fn set_apart(&self, text: &str, start: usize, end: usize) -> bool {
        let apart = |c: Option<char>| c.is_none_or(|c| !is_han(c) || self.forms.is_stop(c));
        let dateline = text[..start].ends_with('社');
        (dateline || apart(text[..start].chars().next_back())) && apart(text[end..].chars().next())
    }

    /// Whether a name begins a clause and a word that joins parties follows: `,冠县与`.
    pub(super) fn between_marks(&self, text: &str, start: usize, end: usize) -> bool {
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        before.is_none_or(|c| !is_han(c))
            && after.is_none_or(|c| !is_han(c) || matches!(c, '与' | '和' | '同' | '则' | '也'))
    }

    /// Whether jieba takes the whole string for one name of whatever kind.
    pub(super) fn tagged_name(&self, name: &str) -> bool {
        self.tagged(name, &["ns", "nr", "nrt", "nz"])
    }

    /// Whether jieba takes the whole string for one word with one of some tags.
    pub(super) fn tagged(&self, name: &str, wanted: &[&str]) -> bool {
        let mut tags = self.words.tags_of(name);
        matches!((tags.next(), tags.next()), (Some((_, tag)), None) if wanted.contains(&tag))
    }

    /// Whether a dictionary has the whole string as a word that is no name: 河滨.
    pub(super) fn ordinary(&self, name: &str) -> bool {
        self.tagged(name, &["n", "v", "a", "d", "m", "i", "l", "s", "f", "t", "vn", "an", "b", "r"])
    }

    /// Whether jieba takes the whole string for one place name.
    pub(super) fn tagged_place(&self, name: &str) -> bool {
        let mut tags = self.words.tags_of(name);
        matches!((tags.next(), tags.next()), (Some((_, "ns")), None))
    }

    /// Whether a country has a larger city of this very name.
    pub(super) fn is_city(&self, name: &str, country: Option<CountryCode>) -> bool {
        let rows = self.rows(self.gazetteer.lookup(name), |code| country == Some(code));
        rows.iter().any(|&(row, kind)| {
            let row = self.gazetteer.row(row);
            kind == NameKind::Short && row.level() == Some(Level::City) && row.population() >= TOWN
        })
    }

    /// Whether the word before a short Chinese name is one that a place follows: 走进义乌,
    /// 新华社延吉; or whether it stands in a list behind another: 昆山、义乌.
    pub(super) fn is_visited(&self, text: &str, start: usize, end: usize) -> bool {
        !self.forms.is_weak(&text[start..end])
            && (self.forms.leads_to_place(&text[..start]) || self.in_chinese_list(text, start, end))
            && self.words.bounded(text, start, end)
    }

    /// Whether a name stands beside another city of China in a list: 昆山、义乌.
    fn in_chinese_list(&self, text: &str, start: usize, end: usize) -> bool {
        let item = |item: &str| {
            let (stem, _) = self.forms.stem(item);
            !self.forms.is_weak(item)
                && !self.forms.is_weak(stem)
                && self.gazetteer.lookup(item).any(|sense| match sense {
                    Sense::Place(row, kind) => {
                        let row = self.gazetteer.row(row);
                        row.country().is_chinese()
                            && kind != NameKind::Former
                            && (row.level() != Some(Level::County) || row.name().ends_with('市'))
                    }
                    Sense::Country(..) => false,
                })
        };
        let before = text[..start].strip_suffix(['、', '和', '与']).is_some_and(|before| {
            let tails = before.char_indices().rev().map(|(at, _)| &before[at..]);
            tails.take(5).skip(1).any(item)
        });
        let after = text[end..].strip_prefix(['、', '和', '与']).and_then(|after| {
            let found = self.gazetteer.matches_at(after)?;
            Some(&after[..found.end])
        });
        before || after.is_some_and(item)
    }

    /// Whether the stem of a name names it well enough alone.
    pub(super) fn may_stand_alone(&self, stem: &str, article: &Known) -> bool {
        let chars = stem.chars().count();
        let namesakes = self.rows(self.gazetteer.lookup(stem), CountryCode::is_chinese);
        let lesser = namesakes.iter().all(|&(row, _)| {
            self.gazetteer.row(row).level() == Some(Level::County) && !article.has_seen(row)
        });
        chars >= 2 && self.gazetteer.common(stem) != Some(Common::Word) && lesser
    }

    /// Whether a short name only begins the name of a body: 山东农业大学.
    pub(super) fn organisation(&self, text: &str, end: usize) -> bool {
        let tail = &text[end..];
        if self.forms.is_only_called(tail.trim_start_matches(['”', '"', '」', '』'])) {
            return true;
        }
        let to = tail.char_indices().take(9).find(|&(_, c)| !is_han(c)).map(|(at, _)| at);
        let to = to.or_else(|| tail.char_indices().nth(9).map(|(at, _)| at));
        self.forms.organisation(&tail[..to.unwrap_or(tail.len())])
    }
}
