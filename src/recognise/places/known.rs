//! [`Known`]: what the first reading of an article leaves to the second.

use std::{collections::HashMap, sync::Arc};

use super::{Finder, Found};
use crate::{
    place::{CountryCode, Place},
    recognise::Of,
};

/// What the first reading of an article leaves to the second.
#[derive(Debug, Default)]
pub(in crate::recognise) struct Known {
    /// The foreign countries named.
    pub(super) countries: Vec<CountryCode>,
    /// The countries of the foreign places named by good evidence.
    pub(super) lands: Vec<CountryCode>,
    /// The Chinese places named in full.
    pub(super) chinese: Vec<u32>,
    /// Names that hold for the whole article, with what they name.
    names: HashMap<String, Held>,
    /// A bit for every first character of them, to refuse most texts at once.
    firsts: u64,
    /// By their first character how many bytes the longest of them has.
    longest: HashMap<char, usize>,
}

/// What a name that holds for the whole article names, and the row of a listed place.
pub(super) type Held = (Arc<Place>, Option<u32>);

impl Known {
    pub(in crate::recognise) fn learn(&mut self, text: &str, found: &[Found], finder: &Finder<'_>) {
        for found in found {
            match &found.of {
                Of::Country(code) if !code.is_chinese() && !self.countries.contains(code) => {
                    self.countries.push(*code);
                }
                Of::Place(place) if found.sure => {
                    let name = &text[found.start..found.end];
                    if place.country.is_some_and(CountryCode::is_chinese) {
                        if let Some(row) = found.row
                            && !self.chinese.contains(&row)
                        {
                            self.chinese.push(row);
                        }
                        // 大安区 stays the one that was named behind 台中市.
                        if found.row.is_none() {
                            self.hold(name, place, None);
                            // 苏澳 is the 苏澳镇 of the article.
                            if let Some(stem) = finder.town_stem(name, place.country)
                                && finder.may_stand_alone(stem, self)
                            {
                                self.hold(stem, place, None);
                            }
                        }
                        continue;
                    }
                    if let Some(code) = place.country
                        && !self.lands.contains(&code)
                    {
                        self.lands.push(code);
                    }
                    let (stem, suffix) = finder.forms.stem(name);
                    self.hold(name, place, found.row);
                    let Some(suffix) = suffix else { continue };
                    // 东京 is 东京都, but 阿拉木图 a city of its own beside 阿拉木图州.
                    let own =
                        !suffix.text.ends_with(['市', '都']) && finder.is_city(stem, place.country);
                    if !own && finder.may_stand_alone(stem, self) {
                        self.hold(stem, place, found.row);
                    }
                    // 釜山市 is 釜山广域市, and 中区 the ward that was named with its city.
                    if suffix.text.ends_with('市') {
                        self.hold(&format!("{stem}市"), place, found.row);
                    }
                    if let Some(ward) = finder.forms.ward(name) {
                        self.hold(ward, place, found.row);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a country is named, or a place of it.
    pub(super) fn tells(&self, country: CountryCode) -> bool {
        self.countries.contains(&country) || self.lands.contains(&country)
    }

    fn hold(&mut self, name: &str, place: &Arc<Place>, row: Option<u32>) {
        let Some(first) = name.chars().next() else { return };
        if name.chars().count() >= 2 && !self.names.contains_key(name) {
            self.names.insert(name.to_owned(), (place.clone(), row));
            let longest = self.longest.entry(first).or_default();
            *longest = name.len().max(*longest);
            self.firsts |= bit(first);
        }
    }

    /// Whether a name that holds may begin with a character.
    pub(super) fn may_start(&self, c: char) -> bool {
        self.firsts & bit(c) != 0
    }

    /// The longest name that holds and begins `text`.
    pub(super) fn held<'t>(&self, text: &'t str) -> Option<(&'t str, &Held)> {
        let first = text.chars().next().filter(|c| self.may_start(*c))?;
        let longest = *self.longest.get(&first)?;
        (1..=longest.min(text.len()))
            .rev()
            .filter_map(|end| text.get(..end))
            .find_map(|name| Some((name, self.names.get(name)?)))
    }
}

fn bit(c: char) -> u64 {
    1 << (u32::from(c) % 64)
}
