//! Townships and districts of Taiwan, which are places, other than those of the mainland.

use std::sync::Arc;

use super::{Finder, Found, Known, Scope};
use crate::{
    place::{CountryCode, Level, Place, PlaceKey},
    recognise::{Of, forms::Town},
};

impl Finder<'_> {
    /// The township or district that begins at `at`: behind its county, or where the article
    /// speaks of Taiwan and only one of the name can be meant.
    pub(super) fn town(
        &self,
        text: &str,
        at: usize,
        scope: Option<Scope>,
        last: Option<&Found>,
        article: &Known,
    ) -> Option<Found> {
        let towns = self.forms.towns();
        if !towns.may_start(text[at..].chars().next()?) {
            return None;
        }
        towns.at(&text[at..]).next()?;
        let beside = last
            .filter(|last| self.forms.is_joiner(&text[last.end..at]))
            .and_then(|last| self.county_above(last));
        let last = last.filter(|last| matches!(&text[last.end..at], "" | "的"));
        let above: Vec<(u32, &str)> = match last {
            Some(last) => self.counties(last),
            // 台北市万华区与大同区.
            None => beside.into_iter().collect(),
        };
        towns.at(&text[at..]).find_map(|town| {
            let county = above.iter().find(|(_, stem)| town.parents.iter().any(|it| it == stem));
            if let Some(&(row, _)) = county {
                return Some(self.town_of(text, at, town, row));
            }
            let alone = !town.dependent
                && self.may_follow(last)
                // In a list of Kyoto's 东山区 is one of Kyoto.
                && (scope.is_none_or(|scope| scope.at != at)
                    || self.gazetteer.lookup(&text[at..at + town.len]).is_empty())
                && self.is_town_alone(&text[at..], town, article)
                && self.words.around(text, at).is_none();
            let row = alone.then(|| self.only_county(town, article)).flatten()?;
            Some(self.town_of(text, at, town, row))
        })
    }

    /// Whether what stands right before a name leaves it to be one of Taiwan: Taiwan itself, or
    /// nothing.
    fn may_follow(&self, last: Option<&Found>) -> bool {
        last.is_none_or(|last| match last.row {
            Some(row) => self.gazetteer.row(row).id() == self.taiwan(),
            None => false,
        })
    }

    fn taiwan(&self) -> String {
        format!("cc:{}", self.forms.towns().country)
    }

    /// Whether a name needs no county before it: nobody else has it.
    fn is_town_alone(&self, text: &str, town: Town<'_>, article: &Known) -> bool {
        let country = self.forms.towns().country;
        let told =
            article.chinese().iter().any(|&row| self.gazetteer.row(row).country() == country);
        let mainland = |name: &str| {
            !self.rows(self.gazetteer.lookup(name), |code| code == CountryCode::CN).is_empty()
        };
        told && !mainland(&text[..town.len])
    }

    /// The county of a town: the only one that has a town of this name, or the only one of them
    /// that the article names.
    fn only_county(&self, town: Town<'_>, article: &Known) -> Option<u32> {
        let mut named: Vec<u32> = article
            .chinese()
            .iter()
            .filter_map(|&row| self.county(row))
            .filter(|&(_, stem)| town.parents.iter().any(|parent| parent == stem))
            .map(|(row, _)| row)
            .collect();
        named.sort_unstable();
        named.dedup();
        match (&named[..], town.parents) {
            ([row], _) => Some(*row),
            // 龙潭镇 is more often one of the mainland, where that is spoken of.
            ([], [parent]) if self.is_all_of_taiwan(article) => self
                .rows(self.gazetteer.lookup(parent), |code| code == self.forms.towns().country)
                .into_iter()
                .map(|(row, _)| row)
                .find(|&row| self.county(row).is_some()),
            _ => None,
        }
    }

    fn is_all_of_taiwan(&self, article: &Known) -> bool {
        let country = self.forms.towns().country;
        article.chinese().iter().all(|&row| self.gazetteer.row(row).country() == country)
    }

    /// The county of a town that was read.
    fn county_above(&self, found: &Found) -> Option<(u32, &str)> {
        let Of::Place(place) = &found.of else { return None };
        self.county(self.gazetteer.by_id(&place.parent.as_ref()?.0)?)
    }

    /// The counties and cities of Taiwan that a name may mean: 嘉义 is both.
    fn counties(&self, found: &Found) -> Vec<(u32, &str)> {
        let rows = match (&found.of, found.row) {
            (_, Some(row)) => vec![row],
            (Of::Ambiguous(places), None) => {
                places.iter().filter_map(|place| self.gazetteer.by_id(&place.key.0)).collect()
            }
            _ => Vec::new(),
        };
        rows.into_iter().filter_map(|row| self.county(row)).collect()
    }

    /// A county or city of Taiwan with its stem; 桃园 is listed as a town as well.
    fn county(&self, row: u32) -> Option<(u32, &str)> {
        let country = self.forms.towns().country;
        let of = self.gazetteer.row(row);
        let stem = self.forms.stem(of.name()).0;
        if of.country() != country {
            return None;
        }
        let is_one = |row: u32| self.gazetteer.row(row).level() == Some(Level::Prefecture);
        if is_one(row) {
            return Some((row, stem));
        }
        let namesakes = self.rows(self.gazetteer.lookup(stem), |code| code == country);
        let county = namesakes.into_iter().map(|(row, _)| row).find(|&row| is_one(row))?;
        Some((county, stem))
    }

    /// The stem of a town's name, if no dictionary has it as a word.
    pub(super) fn town_stem<'n>(
        &self,
        name: &'n str,
        country: Option<CountryCode>,
    ) -> Option<&'n str> {
        let towns = self.forms.towns();
        let (stem, _) = name.split_at(name.char_indices().next_back()?.0);
        let ours = country == Some(towns.country) && towns.has(stem);
        (ours && self.gazetteer.common(stem).is_none() && !self.ordinary(stem)).then_some(stem)
    }

    fn town_of(&self, text: &str, at: usize, town: Town<'_>, county: u32) -> Found {
        let (name, stem) = (&text[at..at + town.len], &text[at..at + town.stem]);
        let country = self.forms.towns().country;
        let row = [name, stem].into_iter().find_map(|name| {
            self.rows(self.gazetteer.lookup(name), |code| code == country)
                .into_iter()
                .map(|(row, _)| row)
                .find(|&row| row != county && self.gazetteer.is_within(row, county))
        });
        let place = match row {
            Some(row) => self.place(row),
            None => {
                let key = PlaceKey(self.gazetteer.row(county).id().into());
                Arc::new(Place::unlisted(name, Some(country), Some(key)))
            }
        };
        Found { start: at, end: at + town.len, of: Of::Place(place), row, sure: true }
    }
}
