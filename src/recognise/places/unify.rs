//! One place of what an article names in several ways, or in two pieces.

use std::{collections::HashMap, sync::Arc};

use super::{Finder, Found, known::Held};
use crate::{
    place::{CountryCode, Level, Place},
    recognise::{Of, forms::Forms},
};

impl Finder<'_> {
    /// Whether a name is the ward of the city before it (仁川广域市 + 中区).
    pub(super) fn joins(&self, last: &Found, name: &Found, written: &str) -> bool {
        let stem = self.forms.stem(written).0;
        last.end == name.start
            && self.forms.is_generic(stem)
            && matches!(&last.of, Of::Place(place) if place.country.is_some_and(|c| !c.is_chinese()))
            && matches!(&name.of, Of::Place(_))
    }

    /// The ward of a foreign city that has a number for a name, with the city: 巴黎第13区.
    pub(super) fn numbered_ward(&self, last: &Found, text: &str, at: usize) -> Option<Found> {
        let Of::Place(city) = &last.of else { return None };
        let country = city.country.filter(|country| !country.is_chinese())?;
        // 加州第12区 elects somebody.
        if last.end != at || country.as_str() == "US" {
            return None;
        }
        let rest = text[at..].strip_prefix('第')?;
        let is_numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
        let len = rest.find(|c| !is_numeral(c))?;
        let unit = self.forms.suffix(&rest[len..], Some(country))?;
        if !(1..=3).contains(&rest[..len].chars().count()) || !["区", "郡"].contains(&&*unit.text)
        {
            return None;
        }
        let end = at + '第'.len_utf8() + len + unit.text.len();
        let parent = Some(city.key.clone());
        let place = Place::unlisted(&text[last.start..end], Some(country), parent);
        let of = Of::Place(Arc::new(place));
        Some(Found { start: last.start, end, of, row: None, sure: true })
    }

    /// The city that the name of a listed ward begins with: 横滨市|鹤见区. Both are places;
    /// 中区 alone is none.
    pub(super) fn city_of_ward(&self, name: &Found, written: &str) -> Option<Found> {
        let country = self.gazetteer.row(name.row?).country();
        let len = written.find('市').map(|at| at + '市'.len_utf8())?;
        let ward = written[len..].strip_suffix('区')?;
        if country.is_chinese() || ward.is_empty() || self.forms.is_generic(ward) {
            return None;
        }
        let row = self
            .rows(self.gazetteer.lookup(&written[..len]), |code| code == country)
            .into_iter()
            .max_by_key(|&(row, _)| self.gazetteer.row(row).population())?
            .0;
        Some(self.found(name.start, name.start + len, row, true))
    }

    pub(super) fn join(&self, last: &Found, name: &Found, text: &str) -> Found {
        let whole = &text[last.start..name.end];
        let (country, parent) = match &last.of {
            Of::Place(place) => (place.country, Some(place.key.clone())),
            _ => (None, None),
        };
        let place = match &name.of {
            Of::Place(place) if name.row.is_some() => place.clone(),
            _ => Arc::new(Place::unlisted(whole, country, parent)),
        };
        Found { start: last.start, end: name.end, of: Of::Place(place), row: name.row, sure: true }
    }
}

/// Makes one place of a city that an article names with and without its unit: 釜山,
/// 釜山市 and 釜山广域市 are one, whatever rows of the gazetteer they matched.
pub(in crate::recognise) fn unify(found: &mut [(&str, Vec<Found>)], forms: &Forms) {
    let city = |name: &str| {
        let (stem, suffix) = forms.stem(name);
        match suffix {
            Some(suffix) if suffix.text.ends_with('市') && stem.chars().count() > 1 => {
                Some(stem.len())
            }
            Some(_) => None,
            None => Some(name.len()),
        }
    };
    // 平昌 and 平昌郡: the seat that bears the name of its district, which is named as well.
    let mut districts: HashMap<(String, Option<CountryCode>), Held> = HashMap::new();
    for (text, names) in found.iter() {
        for name in names.iter().filter(|name| name.sure) {
            let Of::Place(place) = &name.of else { continue };
            let (stem, suffix) = forms.stem(&text[name.start..name.end]);
            if suffix.is_some() && place.level == Level::District && stem.chars().count() > 1 {
                let key = (stem.to_owned(), place.country);
                districts.entry(key).or_insert_with(|| (place.clone(), name.row));
            }
        }
    }
    // By stem and country: the place, its row, and how long its surest name is.
    let mut cities: HashMap<(String, Option<CountryCode>), (Held, usize)> = HashMap::new();
    for (text, names) in found.iter() {
        for name in names {
            let Of::Place(place) = &name.of else { continue };
            let written = &text[name.start..name.end];
            if place.country.is_some_and(CountryCode::is_chinese) {
                continue;
            }
            let Some(len) = city(written) else { continue };
            let length = if name.sure { written.len() } else { 0 };
            let known = cities
                .entry((written[..len].to_owned(), place.country))
                .or_insert_with(|| ((place.clone(), name.row), length));
            if length > known.1 {
                *known = ((place.clone(), name.row), length);
            }
        }
    }
    for (text, names) in found.iter_mut() {
        for name in names {
            let Of::Place(place) = &name.of else { continue };
            let written = &text[name.start..name.end];
            if let Some((known, row)) = districts.get(&(written.to_owned(), place.country))
                && place.parent.as_ref() == Some(&known.key)
            {
                name.row = *row;
                name.of = Of::Place(known.clone());
                continue;
            }
            let Some(len) = city(written) else { continue };
            if let Some(((known, row), _)) = cities.get(&(written[..len].to_owned(), place.country))
                && known.key != place.key
                // Namesakes of one level, each well told apart, stay two.
                && !(name.sure && name.row.is_some() && row.is_some() && known.level == place.level)
            {
                name.row = *row;
                name.of = Of::Place(known.clone());
            }
        }
    }
}
