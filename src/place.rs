//! [`Place`]: a sub-national administrative place, and what identifies it.

use std::{fmt, sync::Arc};

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// China.
    pub const CN: Self = Self(*b"CN");

    /// Two capital ASCII letters.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        match code.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Self([a, b])),
            _ => None,
        }
    }

    /// Two capital ASCII letters, as they lie in the image of the gazetteer.
    pub(crate) fn from_letters(letters: [u8; 2]) -> Option<Self> {
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// Whether agreements count it as China: CN, HK, MO and TW.
    #[must_use]
    pub fn is_chinese(self) -> bool {
        matches!(&self.0, b"CN" | b"HK" | b"MO" | b"TW")
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind of unit a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// A first-level unit: province, state, region.
    Province,
    /// A Chinese second-level unit.
    Prefecture,
    /// A Chinese third-level unit.
    County,
    /// A foreign second-level unit or a part of a city.
    District,
    /// A city or town.
    City,
    /// An island or group of islands.
    Island,
}

impl Level {
    /// Its name on the wire, in the graph and in the gazetteer.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::District => "district",
            Self::City => "city",
            Self::Island => "island",
        }
    }

    /// What the unit at the end of a name says; a city if there is none.
    #[must_use]
    pub fn spelled(name: &str, country: Option<CountryCode>) -> Self {
        let units: &[(&str, Self)] =
            if country.is_some_and(CountryCode::is_chinese) { &CHINESE } else { &FOREIGN };
        let ends = |unit: &str| name.strip_suffix(unit).is_some_and(|stem| !stem.is_empty());
        units.iter().find(|(unit, _)| ends(unit)).map_or(Self::City, |(_, level)| *level)
    }
}

/// Units of China and their levels, the longest first.
const CHINESE: [(&str, Level); 15] = [
    ("特别行政区", Level::Province),
    ("自治区", Level::Province),
    ("自治州", Level::Prefecture),
    ("地区", Level::Prefecture),
    ("群岛", Level::Island),
    ("省", Level::Province),
    ("州", Level::Prefecture),
    ("盟", Level::Prefecture),
    ("市", Level::City),
    ("县", Level::County),
    ("区", Level::County),
    ("旗", Level::County),
    ("镇", Level::County),
    ("乡", Level::County),
    ("岛", Level::Island),
];

/// Units of other countries and their levels, the longest first.
const FOREIGN: [(&str, Level); 32] = [
    ("自治共和国", Level::Province),
    ("特别行政区", Level::Province),
    ("特别自治道", Level::Province),
    ("特别自治市", Level::Province),
    ("大都会市", Level::City),
    ("广域市", Level::Province),
    ("特别市", Level::Province),
    ("直辖市", Level::Province),
    ("联邦区", Level::Province),
    ("边疆区", Level::Province),
    ("自治州", Level::Province),
    ("自治区", Level::Province),
    ("自治市", Level::City),
    ("自治省", Level::Province),
    ("共和国", Level::Province),
    ("大区", Level::Province),
    ("地区", Level::District),
    ("群岛", Level::Island),
    ("苏木", Level::District),
    ("市", Level::City),
    ("州", Level::Province),
    ("省", Level::Province),
    ("府", Level::Province),
    ("道", Level::Province),
    ("邦", Level::Province),
    ("都", Level::Province),
    ("郡", Level::District),
    ("县", Level::District),
    ("区", Level::District),
    ("岛", Level::Island),
    ("盟", Level::Province),
    ("旗", Level::District),
];

/// What a place is known by: GeoNames id, else ISO 3166-2, else GB/T 2260, else its
/// country and name. Two machines that read the same text mint the same key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceKey(pub Arc<str>);

impl PlaceKey {
    /// The key of a place that no list holds.
    #[must_use]
    pub fn unlisted(country: Option<CountryCode>, name: &str) -> Self {
        let country = country.map_or_else(|| "ZZ".to_owned(), |code| code.to_string());
        Self(format!("x:{country}:{name}").into())
    }
}

impl PlaceKey {
    /// The country, if it is known, and the name of a place that no list holds.
    #[must_use]
    pub fn as_unlisted(&self) -> Option<(Option<CountryCode>, &str)> {
        let (country, name) = self.0.strip_prefix("x:")?.split_once(':')?;
        Some((CountryCode::new(country).filter(|_| country != "ZZ"), name))
    }

    /// The key of the record of GeoNames with this id.
    #[must_use]
    pub fn geonames(id: &str) -> Self {
        Self(format!("gn:{id}").into())
    }
}

/// Units that stand behind the name of a place, and that people leave out. The longest
/// come first.
pub const UNITS: [&str; 12] =
    ["特别行政区", "自治区", "自治州", "市", "县", "区", "省", "州", "府", "郡", "盟", "旗"];

/// A name without its unit, and the unit. What is left has two characters at least.
#[must_use]
pub fn stem(name: &str) -> (&str, Option<&'static str>) {
    UNITS
        .iter()
        .find_map(|unit| Some((name.strip_suffix(unit)?, Some(*unit))))
        .filter(|(stem, _)| stem.chars().nth(1).is_some())
        .unwrap_or((name, None))
}

impl fmt::Display for PlaceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place, from the gazetteer or recognised by its form.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its identity.
    pub key: PlaceKey,
    /// Its country; `None` when nothing tells.
    pub country: Option<CountryCode>,
    /// What kind of unit it is.
    pub level: Level,
    /// Its preferred Chinese name; for an unlisted place the name as written.
    pub label: Arc<str>,
    /// Its name in Latin letters, when known.
    pub latin: Option<Arc<str>>,
    /// The unit that it is part of.
    pub parent: Option<PlaceKey>,
    /// Latitude and longitude in degrees, WGS 84.
    pub position: Option<(f64, f64)>,
    /// Its GeoNames id.
    pub geonames: Option<u32>,
    /// Its ISO 3166-2 code.
    pub iso: Option<Arc<str>>,
    /// Its GB/T 2260 code.
    pub gb: Option<u32>,
    /// Its Wikidata item.
    pub wikidata: Option<Arc<str>>,
}

impl Place {
    /// A place that no list holds, known by its country and its name as written. All that
    /// tells its level is the name, so that no two articles tell another one.
    #[must_use]
    pub fn unlisted(name: &str, country: Option<CountryCode>, parent: Option<PlaceKey>) -> Self {
        Self {
            key: PlaceKey::unlisted(country, name),
            country,
            level: Level::spelled(name, country),
            label: name.into(),
            latin: None,
            parent,
            position: None,
            geonames: None,
            iso: None,
            gb: None,
            wikidata: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_spells_its_level() {
        let china = CountryCode::new("TW");
        let abroad = CountryCode::new("RU");
        for (name, country, level) in [
            ("光明市", china, Level::City),
            ("东区", china, Level::County),
            ("某某自治州", china, Level::Prefecture),
            ("某州", china, Level::Prefecture),
            ("某州", abroad, Level::Province),
            ("东区", abroad, Level::District),
            ("东区", None, Level::District),
            ("区", abroad, Level::City),
            ("滨海边疆区", abroad, Level::Province),
            ("某广域市", None, Level::Province),
            ("某市", None, Level::City),
            ("维克多", abroad, Level::City),
        ] {
            assert_eq!(Level::spelled(name, country), level, "{name} {country:?}");
        }
    }

    #[test]
    fn units_spell_what_the_rules_say_of_them() {
        let rules: toml::Table = toml::from_str(include_str!("../rules/place.toml")).unwrap();
        for unit in rules["suffix"].as_array().unwrap() {
            let (text, level) = (unit["text"].as_str().unwrap(), unit["level"].as_str().unwrap());
            let name = ["甲乙", text].concat();
            assert_eq!(Level::spelled(&name, None).name(), level, "{text}");
        }
        for units in [CHINESE.as_slice(), &FOREIGN] {
            assert!(units.is_sorted_by_key(|(unit, _)| std::cmp::Reverse(unit.len())));
        }
    }
}
