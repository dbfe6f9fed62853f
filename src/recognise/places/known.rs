//! [`Known`]: what the first reading of an article leaves to the second.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use rustc_hash::FxHashMap;

use super::{Finder, Found};
use crate::{
    chars::CharSet,
    place::{CountryCode, Place},
    recognise::Of,
};

/// What the first reading of an article leaves to the second.
#[derive(Debug, Default)]
pub(in crate::recognise) struct Known {
    /// The foreign countries named.
    countries: Vec<CountryCode>,
    /// The countries of the foreign places named by good evidence.
    lands: Vec<CountryCode>,
    /// The Chinese places named in full.
    chinese: Vec<u32>,
    /// Names without their units of foreign places named in full.
    abroad: Vec<String>,
    /// Names that hold for the whole article, with what they name, and how many were before.
    names: HashMap<String, (Held, usize)>,
    /// The first characters of them.
    firsts: CharSet,
    /// By their first character how many bytes the longest of them has.
    longest: FxHashMap<char, usize>,
    /// What was asked since the last [`Known::asked`].
    asked: RefCell<Asked>,
}

/// What a name that holds for the whole article names, and the row of a listed place.
pub(super) type Held = (Arc<Place>, Option<u32>);

/// What the reading of a passage asked of the article, and how much was known by then. A
/// passage that would be answered the same need not be read again.
#[derive(Clone, Debug, Default)]
pub(in crate::recognise) struct Asked {
    /// Countries that were not named by then.
    unnamed: Vec<CountryCode>,
    /// Countries of which nothing was named by then.
    untold: Vec<CountryCode>,
    /// How many there were, where all were looked at.
    countries: Option<usize>,
    lands: Option<usize>,
    chinese: Option<usize>,
    abroad: Option<usize>,
    /// Places of China that were not named by then.
    unseen: Vec<u32>,
    /// How many names held.
    names: usize,
}

impl Known {
    /// What was asked since this was asked last.
    pub(in crate::recognise) fn asked(&self) -> Asked {
        Asked { names: self.names.len(), ..self.asked.take() }
    }

    /// Whether a passage would be answered otherwise now.
    pub(in crate::recognise) fn tells_more(&self, asked: &Asked, text: &str) -> bool {
        let more = |then: Option<usize>, now: usize| then.is_some_and(|then| then < now);
        more(asked.countries, self.countries.len())
            || more(asked.lands, self.lands.len())
            || more(asked.chinese, self.chinese.len())
            || more(asked.abroad, self.abroad.len())
            || asked.unseen.iter().any(|row| self.chinese.contains(row))
            || asked.unnamed.iter().any(|code| self.countries.contains(code))
            || asked
                .untold
                .iter()
                .any(|code| self.countries.contains(code) || self.lands.contains(code))
            || asked.names < self.names.len()
                && text.char_indices().any(|(at, _)| {
                    self.find(&text[at..]).is_some_and(|(_, (_, before))| *before >= asked.names)
                })
    }

    /// The foreign countries named.
    pub(super) fn countries(&self) -> &[CountryCode] {
        self.asked.borrow_mut().countries.get_or_insert(self.countries.len());
        &self.countries
    }

    /// The countries of the foreign places named by good evidence.
    pub(super) fn lands(&self) -> &[CountryCode] {
        self.asked.borrow_mut().lands.get_or_insert(self.lands.len());
        &self.lands
    }

    /// The Chinese places named in full.
    pub(super) fn chinese(&self) -> &[u32] {
        self.asked.borrow_mut().chinese.get_or_insert(self.chinese.len());
        &self.chinese
    }

    /// Whether a foreign place of this name is named with its unit.
    pub(super) fn has_abroad(&self, name: &str) -> bool {
        self.asked.borrow_mut().abroad.get_or_insert(self.abroad.len());
        self.abroad.iter().any(|known| known == name)
    }

    /// Whether a place of China is named in full.
    pub(super) fn has_seen(&self, row: u32) -> bool {
        let seen = self.chinese.contains(&row);
        let mut asked = self.asked.borrow_mut();
        if !seen && !asked.unseen.contains(&row) {
            asked.unseen.push(row);
        }
        seen
    }

    /// Whether a foreign country is named.
    pub(super) fn names(&self, country: CountryCode) -> bool {
        let named = self.countries.contains(&country);
        let mut asked = self.asked.borrow_mut();
        if !named && !asked.unnamed.contains(&country) {
            asked.unnamed.push(country);
        }
        named
    }

    /// Whether a country is named, or a place of it.
    pub(super) fn tells(&self, country: CountryCode) -> bool {
        let told = self.countries.contains(&country) || self.lands.contains(&country);
        let mut asked = self.asked.borrow_mut();
        if !told && !asked.untold.contains(&country) {
            asked.untold.push(country);
        }
        told
    }

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
                    if suffix.text.ends_with('市') && !self.abroad.iter().any(|it| it == stem) {
                        self.abroad.push(stem.to_owned());
                    }
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

    fn hold(&mut self, name: &str, place: &Arc<Place>, row: Option<u32>) {
        let Some(first) = name.chars().next() else { return };
        if name.chars().count() >= 2 && !self.names.contains_key(name) {
            let before = self.names.len();
            self.names.insert(name.to_owned(), ((place.clone(), row), before));
            let longest = self.longest.entry(first).or_default();
            *longest = name.len().max(*longest);
            self.firsts.insert(first);
        }
    }

    /// The characters that names which hold begin with.
    pub(super) fn firsts(&self) -> &CharSet {
        &self.firsts
    }

    /// Whether a name that holds may begin with a character.
    pub(super) fn may_start(&self, c: char) -> bool {
        self.firsts.contains(c)
    }

    /// The longest name that holds and begins `text`.
    pub(super) fn held<'t>(&self, text: &'t str) -> Option<(&'t str, &Held)> {
        self.find(text).map(|(name, (held, _))| (name, held))
    }

    fn find<'t>(&self, text: &'t str) -> Option<(&'t str, &(Held, usize))> {
        let first = text.chars().next().filter(|c| self.may_start(*c))?;
        let longest = *self.longest.get(&first)?;
        (1..=longest.min(text.len()))
            .rev()
            .filter_map(|end| text.get(..end))
            .find_map(|name| Some((name, self.names.get(name)?)))
    }
}
