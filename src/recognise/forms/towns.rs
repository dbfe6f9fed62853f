//! [`Towns`]: the townships and districts of Taiwan, from `rules/place.toml`.

use std::collections::{BTreeMap, HashMap};

use super::data::TownsRow;
use crate::{chars::CharSet, place::CountryCode, prefixes::Prefixes};

/// The townships and districts that are places, with the units above them.
#[derive(Debug)]
pub(in crate::recognise) struct Towns {
    pub(in crate::recognise) country: CountryCode,
    starts: CharSet,
    stems: Prefixes,
    /// By the number of a stem.
    rows: Vec<Row>,
    numbers: HashMap<String, usize>,
    units: Vec<(String, Vec<char>)>,
}

#[derive(Debug)]
struct Row {
    /// The stems of the units above it.
    parents: Vec<String>,
    /// Whether it is a place only behind one of them.
    dependent: bool,
    /// Whether it is or was a 市.
    city: bool,
}

/// A name of the list at the beginning of a text.
#[derive(Clone, Copy, Debug)]
pub(in crate::recognise) struct Town<'a> {
    /// Bytes of the whole name.
    pub(in crate::recognise) len: usize,
    /// Bytes of the stem.
    pub(in crate::recognise) stem: usize,
    pub(in crate::recognise) parents: &'a [String],
    pub(in crate::recognise) dependent: bool,
}

impl Towns {
    pub(super) fn new(data: TownsRow, country: CountryCode) -> Self {
        let mut parents: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (parent, stems) in &data.of {
            for stem in stems.split(' ') {
                parents.entry(stem.to_owned()).or_default().push(parent.clone());
            }
        }
        let (names, rows): (Vec<String>, Vec<Row>) = parents
            .into_iter()
            .map(|(stem, parents)| {
                let dependent = data.directions.contains(&stem);
                let city = data.cities.contains(&stem);
                (stem, Row { parents, dependent, city })
            })
            .unzip();
        let mut not_before = data.not_before;
        let units = data.units.into_iter().map(|unit| {
            let not = not_before.remove(&unit).unwrap_or_default();
            (unit, not)
        });
        Self {
            country,
            starts: names.iter().filter_map(|stem| stem.chars().next()).collect(),
            stems: Prefixes::new(names.iter().map(String::as_str)),
            rows,
            units: units.collect(),
            numbers: names.into_iter().enumerate().map(|(number, stem)| (stem, number)).collect(),
        }
    }

    /// Whether a name of the list may begin with a character.
    pub(in crate::recognise) fn may_start(&self, c: char) -> bool {
        self.starts.contains(c)
    }

    /// The characters that names of the list begin with.
    pub(in crate::recognise) fn firsts(&self) -> impl Iterator<Item = char> {
        self.starts.iter()
    }

    /// Whether a name of the list may stand where a text has two characters.
    pub(in crate::recognise) fn may_stand(
        &self,
        first: usize,
        second: Option<(usize, usize)>,
    ) -> bool {
        self.stems.may_stand(first, second)
    }

    /// The names with their units at the beginning of a text.
    pub(in crate::recognise) fn at<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Town<'a>> {
        self.stems.of(text).filter_map(|(number, stem)| {
            let (unit, not_before) =
                self.units.iter().find(|(unit, _)| text[stem..].starts_with(unit.as_str()))?;
            let len = stem + unit.len();
            let next = text[len..].chars().next();
            let Row { parents, dependent, city } = &self.rows[number];
            if unit == "市" && !city {
                return None;
            }
            next.is_none_or(|next| !not_before.contains(&next)).then_some(Town {
                len,
                stem,
                parents,
                dependent: *dependent,
            })
        })
    }

    /// Whether a stem is one of the list.
    pub(in crate::recognise) fn has(&self, stem: &str) -> bool {
        self.numbers.contains_key(stem)
    }
}
