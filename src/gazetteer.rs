//! [`Gazetteer`]: every place that a list holds, and the names it goes by.

use std::{collections::HashMap, ops::Range, sync::Arc};

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};

use crate::{
    place::{CountryCode, Level, Place, PlaceKey},
    rule::DataError,
};

/// How a name relates to its place: how much it proves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// The whole name with its unit: 聊城市, 大韩民国.
    Full,
    /// The form that news prefer: 吉尔吉斯, 布莱克城.
    News,
    /// The stem without the unit: 聊城, 韩国.
    Short,
    /// Another name of the same place.
    Alias,
    /// A name of former times: 茌平县, 苏联.
    Former,
}

/// What a name of the gazetteer stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// A country.
    Country(CountryCode, NameKind),
    /// A place, by its row.
    Place(u32, NameKind),
}

/// Why a name needs more proof than standing there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Common {
    /// It is an ordinary word: 合作, 希望.
    Word,
    /// It is also a person's name: 林肯.
    Person,
}

/// One row of `places.tsv`. The strings stay where the table is.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// `gn:…`, `iso:…`, `gb:…`, `x:…`.
    pub id: &'static str,
    /// The country.
    pub country: CountryCode,
    /// The kind of unit; `None` for a country.
    pub level: Option<Level>,
    /// The id of the unit that it is part of.
    pub parent: &'static str,
    /// The preferred Chinese name.
    pub name: &'static str,
    /// How many people live there; 0 when unknown.
    pub population: u32,
    latin: &'static str,
    position: Option<(f64, f64)>,
    geonames: Option<u32>,
    iso: &'static str,
    gb: &'static str,
    wikidata: &'static str,
}

/// A name of the gazetteer found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Which name.
    pub name: u32,
}

/// The place tables, compiled.
pub struct Gazetteer {
    matcher: CharwiseDoubleArrayAhoCorasick<u32>,
    names: Vec<(&'static str, Range<u32>)>,
    senses: Vec<Sense>,
    rows: Vec<Row>,
    by_id: HashMap<&'static str, u32>,
    abbreviations: HashMap<&'static str, CountryCode>,
    common: HashMap<&'static str, Common>,
    transliteration: HashMap<char, u32>,
}

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gazetteer")
            .field("places", &self.rows.len())
            .field("names", &self.names.len())
            .finish_non_exhaustive()
    }
}

/// One table: its name for messages, and its text.
#[derive(Clone, Copy)]
struct Table {
    file: &'static str,
    text: &'static str,
}

impl Table {
    /// The rows after the header, each with exactly `N` cells.
    fn rows<const N: usize>(
        self,
    ) -> impl Iterator<Item = Result<(usize, [&'static str; N]), DataError>> {
        self.text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty()).map(
            move |(n, line)| {
                let mut cells = line.split('\t');
                let row = std::array::from_fn(|_| cells.next().unwrap_or("\u{0}"));
                if row.contains(&"\u{0}") || cells.next().is_some() {
                    return Err(self.error(n, &format!("expected {N} cells separated by tabs")));
                }
                Ok((n, row))
            },
        )
    }

    fn error(self, row: usize, message: &str) -> DataError {
        DataError { file: self.file.into(), line: row + 1, column: 1, message: message.into() }
    }
}

macro_rules! table {
    ($name:literal) => {
        Table {
            file: concat!("gazetteer/", $name),
            text: include_str!(concat!("../gazetteer/", $name)),
        }
    };
}

impl Gazetteer {
    /// Compiles the tables that come with the program.
    ///
    /// # Errors
    ///
    /// If a row of a table is not what it should be.
    pub fn new() -> Result<Self, DataError> {
        let mut rows = Vec::new();
        let mut by_id = HashMap::new();
        let places = table!("places.tsv");
        for row in places.rows::<13>() {
            let (n, cells) = row?;
            let row = Row::new(&cells).map_err(|message| places.error(n, message))?;
            by_id.insert(row.id, u32::try_from(rows.len()).expect("fewer than 4 G rows"));
            rows.push(row);
        }

        let mut named: Vec<(&'static str, Sense)> = Vec::new();
        let mut abbreviations = HashMap::new();
        let countries = table!("countries.tsv");
        for row in countries.rows::<3>() {
            let (n, [name, code, kind]) = row?;
            // Former states by their four letters: their first two are those of a successor.
            let Some(code) = code.get(..2).and_then(CountryCode::new) else {
                return Err(countries.error(n, "expected an ISO 3166-1 alpha-2 code"));
            };
            match kind {
                "abbreviation" => drop(abbreviations.insert(name, code)),
                "ambiguous" => {}
                _ => {
                    let Some(kind) = NameKind::parse(kind) else {
                        return Err(countries.error(n, "unknown kind of name"));
                    };
                    named.push((name, Sense::Country(code, kind)));
                }
            }
        }
        let names = table!("names.tsv");
        for row in names.rows::<3>() {
            let (n, [name, id, kind]) = row?;
            let Some(&place) = by_id.get(id) else {
                return Err(names.error(n, "no place of places.tsv has this id"));
            };
            let Some(kind) = NameKind::parse(kind) else {
                return Err(names.error(n, "unknown kind of name"));
            };
            if rows[place as usize].level.is_some() {
                named.push((name, Sense::Place(place, kind)));
            }
        }
        named.sort_by_key(|&(name, _)| name);

        let mut names: Vec<(&'static str, Range<u32>)> = Vec::new();
        let mut senses = Vec::with_capacity(named.len());
        for (name, sense) in named {
            senses.push(sense);
            let end = u32::try_from(senses.len()).expect("fewer than 4 G senses");
            match names.last_mut() {
                Some((last, range)) if *last == name => range.end = end,
                _ => names.push((name, end - 1..end)),
            }
        }
        let matcher = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .build(names.iter().map(|(name, _)| name))
            .map_err(|error| table!("names.tsv").error(0, &error.to_string()))?;

        let mut common = HashMap::new();
        for row in table!("common_words.tsv").rows::<4>() {
            let (_, [name, _tag, _frequency, note]) = row?;
            let kind = if note == "person" { Common::Person } else { Common::Word };
            common.insert(name, kind);
        }
        let mut transliteration = HashMap::new();
        let translit = table!("translit.tsv");
        for row in translit.rows::<2>() {
            let (n, [character, count]) = row?;
            let (Some(character), Ok(count)) = (character.chars().next(), count.parse()) else {
                return Err(translit.error(n, "expected a character and a count"));
            };
            transliteration.insert(character, count);
        }
        Ok(Self { matcher, names, senses, rows, by_id, abbreviations, common, transliteration })
    }

    /// Every name in `text`, also those inside others, by start and the longest first.
    #[must_use]
    pub fn matches(&self, text: &str) -> Vec<Match> {
        let mut found: Vec<Match> = self
            .matcher
            .find_overlapping_iter(text)
            .map(|found| Match { start: found.start(), end: found.end(), name: found.value() })
            .collect();
        found.sort_unstable_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
        found
    }

    /// What a name stands for.
    #[must_use]
    pub fn senses(&self, name: u32) -> &[Sense] {
        let range = &self.names[name as usize].1;
        &self.senses[range.start as usize..range.end as usize]
    }

    /// What a whole string stands for; nothing if it is not a name.
    #[must_use]
    pub fn lookup(&self, name: &str) -> &[Sense] {
        match self.names.binary_search_by_key(&name, |(name, _)| name) {
            Ok(at) => {
                let range = &self.names[at].1;
                &self.senses[range.start as usize..range.end as usize]
            }
            Err(_) => &[],
        }
    }

    /// A row of the table of places.
    #[must_use]
    pub fn row(&self, place: u32) -> &Row {
        &self.rows[place as usize]
    }

    /// The place of a row.
    #[must_use]
    pub fn place(&self, place: u32) -> Arc<Place> {
        Arc::new(self.row(place).place())
    }

    /// The place with an id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// Whether a place is `ancestor` or lies in it.
    #[must_use]
    pub fn is_within(&self, place: u32, ancestor: u32) -> bool {
        let mut at = Some(place);
        for _ in 0..8 {
            match at {
                Some(place) if place == ancestor => return true,
                Some(place) => at = self.by_id(self.row(place).parent),
                None => return false,
            }
        }
        false
    }

    /// The country that one character stands for inside compounds (中韩, 日方).
    #[must_use]
    pub fn abbreviation(&self, name: &str) -> Option<CountryCode> {
        self.abbreviations.get(name).copied()
    }

    /// Whether a name is an ordinary word or a person's name as well.
    #[must_use]
    pub fn common(&self, name: &str) -> Option<Common> {
        self.common.get(name).copied()
    }

    /// How often transliterated names use a character; 0 if they never do.
    #[must_use]
    pub fn transliterates(&self, character: char) -> u32 {
        self.transliteration.get(&character).copied().unwrap_or(0)
    }
}

impl NameKind {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "full" | "taiwan" | "constituent" => Self::Full,
            "news" => Self::News,
            "short" => Self::Short,
            "alias" => Self::Alias,
            "former" => Self::Former,
            _ => return None,
        })
    }
}

impl Row {
    fn new(cells: &[&'static str; 13]) -> Result<Self, &'static str> {
        let [
            id,
            country,
            level,
            parent,
            name,
            latin,
            lat,
            lon,
            geonames,
            iso,
            gb,
            wikidata,
            population,
        ] = *cells;
        let number = |cell: &str, message| match cell {
            "" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| message),
        };
        Ok(Self {
            id,
            country: country.get(..2).and_then(CountryCode::new).ok_or("unknown country")?,
            level: match level {
                "country" => None,
                "province" => Some(Level::Province),
                "prefecture" => Some(Level::Prefecture),
                "county" => Some(Level::County),
                "adm2" | "district" => Some(Level::District),
                "city" | "town" => Some(Level::City),
                "island" => Some(Level::Island),
                _ => return Err("unknown level"),
            },
            parent,
            name,
            population: number(population, "population is not a number")?.unwrap_or(0),
            latin,
            position: match (lat.parse(), lon.parse()) {
                (Ok(lat), Ok(lon)) => Some((lat, lon)),
                _ => None,
            },
            geonames: number(geonames, "the GeoNames id is not a number")?,
            iso,
            gb,
            wikidata,
        })
    }

    fn place(&self) -> Place {
        let filled = |cell: &str| (!cell.is_empty()).then(|| cell.into());
        Place {
            key: PlaceKey(self.id.into()),
            country: Some(self.country),
            level: self.level.unwrap_or(Level::Province),
            label: self.name.into(),
            latin: filled(self.latin),
            parent: (!self.parent.is_empty()).then(|| PlaceKey(self.parent.into())),
            position: self.position,
            geonames: self.geonames,
            iso: filled(self.iso),
            gb: self.gb.parse().ok(),
            wikidata: filled(self.wikidata),
        }
    }
}
