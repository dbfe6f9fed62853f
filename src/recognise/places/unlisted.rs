//! Names that only their form gives away.

use std::sync::Arc;

use super::{Finder, Found, Known, Scope};
use crate::{
    gazetteer::{Match, Sense},
    place::{CountryCode, Level, Place, PlaceKey},
    recognise::{Of, forms::Form},
};

/// How long a name without a unit is that 与 ties to a city, in characters.
const BESIDE: std::ops::RangeInclusive<usize> = 3..=8;
/// How long the names of Chinese cities are, in characters.
const LONGEST_CITY: usize = 6;

impl Finder<'_> {
    /// A name that only its form gives away.
    pub(super) fn unlisted(
        &self,
        text: &str,
        at: usize,
        form: Form,
        scope: Option<Scope>,
    ) -> Found {
        let name = &text[at..at + form.len];
        let country = scope.map(|scope| scope.country);
        let parent = scope
            .filter(|scope| !scope.glued)
            .and_then(|scope| scope.inside)
            .map(|row| PlaceKey(self.gazetteer.row(row).id().into()));
        Found {
            start: at,
            end: at + form.len,
            of: Of::Place(Arc::new(Place::unlisted(name, country, parent))),
            row: None,
            sure: true,
        }
    }

    /// A transliteration with a unit suffix where no country is open.
    pub(super) fn scopeless(
        &self,
        text: &str,
        at: usize,
        recent: Option<CountryCode>,
        article: &Known,
    ) -> Option<Found> {
        let before = text[..at].chars().next_back();
        if before
            .is_some_and(|c| self.forms.transliterates(c) && c != '叫' && !self.forms.is_stop(c))
        {
            return None;
        }
        let form = self.forms.transliterated(&text[at..], None)?;
        // What is known within it is read for itself: 达日本德岛县, 加阿尔伯塔省.
        let known = self.gazetteer.matches(&text[at..at + form.len]).into_iter().any(|found| {
            let found = Match { start: at + found.start, end: at + found.end, name: found.name };
            let whole = found.end == at + form.len
                && text[found.start..found.end].chars().count() >= 3
                && self.gazetteer.senses(found.name).any(|sense| matches!(sense, Sense::Place(..)));
            found.start > at && (whole || self.opens_country(text, found))
        });
        if known {
            return None;
        }
        // 斯塔马托维奇市长 is a person and his office.
        if text[at + form.len..].starts_with('长') {
            return None;
        }
        let stem = &text[at..at + form.stem];
        // Two characters are enough between a word that joins parties and a unit, where the
        // country is known: 南靖县与塔贡市.
        let short = stem.chars().count() == 2
            && before.is_some_and(|c| self.forms.joins(c))
            && form.level == Level::City
            && text[..at + form.len].ends_with('市')
            && article.countries().len() == 1
            && self.words.tags_of(stem).all(|(word, _)| word.chars().count() == 1);
        let likely = (stem.chars().count() >= 3 || short)
            && stem.chars().all(|c| c == '·' || self.gazetteer.transliterates(c) >= 20)
            && self.words.tags_of(stem).all(|(word, tag)| {
                word.chars().count() == 1 || matches!(tag, "ns" | "nr" | "nrt" | "nz" | "x")
            });
        if !likely {
            return None;
        }
        // It is in the country that was just named, or in the only one of the article.
        let country = match (article.countries(), article.lands()) {
            ([country], _) | ([], [country]) => Some(*country),
            _ => recent,
        };
        let scope =
            country.map(|country| Scope { country, at, named: false, glued: true, inside: None });
        Some(Found { sure: scope.is_some(), ..self.unlisted(text, at, form, scope) })
    }

    /// A transliteration without a unit that 与 ties to a Chinese city, in an article about one
    /// country: 潍坊与弗莱辛签下友好城市协议.
    pub(super) fn beside(&self, text: &str, at: usize, article: &Known) -> Option<Found> {
        let joiner =
            text[..at].chars().next_back().filter(|&c| c != '、' && self.forms.joins(c))?;
        let before = &text[..at - joiner.len_utf8()];
        let len = self.forms.bare(&text[at..])?;
        let name = &text[at..at + len];
        let likely = (BESIDE.contains(&name.chars().count()))
            && name.chars().all(|c| c == '·' || self.gazetteer.transliterates(c) >= 20)
            && self.words.bounded(text, at, at + len)
            && self.words.tags_of(name).all(|(word, tag)| {
                word.chars().count() == 1 || matches!(tag, "ns" | "nr" | "nrt" | "nz" | "x")
            });
        if !likely || !self.ends_with_city(before) {
            return None;
        }
        let sentence = &text[at..];
        let sentence = &sentence[..sentence.find(['。', '；', '\n']).unwrap_or(sentence.len())];
        if self.forms.is_of_bodies(sentence) || !self.forms.speaks_of_ties(sentence) {
            return None;
        }
        let country = match (article.countries(), article.lands()) {
            ([country], _) | ([], [country]) => *country,
            _ => return None,
        };
        let form = Form { len, stem: len, level: Level::City, translit: true };
        let scope = Scope { country, at, named: false, glued: true, inside: None };
        Some(self.unlisted(text, at, form, Some(scope)))
    }

    /// Whether a text ends with the name of a place of China.
    fn ends_with_city(&self, text: &str) -> bool {
        text.char_indices().rev().take(LONGEST_CITY).skip(1).any(|(start, _)| {
            let rows = self.rows(self.gazetteer.lookup(&text[start..]), CountryCode::is_chinese);
            !rows.is_empty() && self.words.bounded(text, start, text.len())
        })
    }
}
