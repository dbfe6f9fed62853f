//! [`Gazetteer`]: every place that a list holds, and the names it goes by.

mod name;
mod row;
mod table;

use std::{collections::HashMap, ops::Range, sync::Arc};

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};

use self::table::table;
pub use self::{
    name::{Common, NameKind, Sense},
    row::Row,
};
use crate::{
    place::{CountryCode, Place},
    rule::DataError,
};

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
