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
}

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
    /// A place that no list holds, known by its country and its name as written.
    #[must_use]
    pub fn unlisted(
        name: &str,
        country: Option<CountryCode>,
        level: Level,
        parent: Option<PlaceKey>,
    ) -> Self {
        Self {
            key: PlaceKey::unlisted(country, name),
            country,
            level,
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
