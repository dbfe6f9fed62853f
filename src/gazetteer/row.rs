//! [`Row`]: one place of the tables.

use std::cmp::Ordering;

use super::{
    image::{bytes_at, u32_at},
    layout::{
        LEVELS, NONE, ROW, ROW_COUNTRY, ROW_GEONAMES, ROW_HAS_POSITION, ROW_LENGTHS, ROW_LEVEL,
        ROW_PARENT, ROW_POPULATION, ROW_POSITION, ROW_TEXTS, STRINGS,
    },
};
use crate::place::{CountryCode, Level, Place, PlaceKey};

/// A place of the tables. It is read where it lies, one fact at a time.
#[derive(Clone, Copy)]
pub struct Row<'g> {
    record: &'g [u8; ROW],
    texts: &'g [u8],
}

impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.id(), self.name())
    }
}

impl<'g> Row<'g> {
    pub(super) fn new(record: &'g [u8; ROW], texts: &'g [u8]) -> Self {
        Self { record, texts }
    }

    fn text(&self, n: usize) -> &'g str {
        std::str::from_utf8(self.bytes(n)).unwrap_or("")
    }

    fn bytes(&self, n: usize) -> &'g [u8] {
        debug_assert!(n < STRINGS);
        let start = u32_at(self.record, ROW_TEXTS + 4 * n) as usize;
        bytes_at(self.texts, start, self.record[ROW_LENGTHS + n])
    }

    /// `gn:…`, `iso:…`, `gb:…`, `x:…`, of a country `cc:…`.
    #[must_use]
    pub fn id(&self) -> &'g str {
        self.text(0)
    }

    /// How the id compares with another.
    pub(super) fn cmp_id(&self, id: &str) -> Ordering {
        self.bytes(0).cmp(id.as_bytes())
    }

    /// The preferred Chinese name.
    #[must_use]
    pub fn name(&self) -> &'g str {
        self.text(1)
    }

    /// The name in Latin letters; empty when unknown.
    #[must_use]
    pub fn latin(&self) -> &'g str {
        self.text(2)
    }

    /// The ISO 3166 code; empty when there is none.
    #[must_use]
    pub fn iso(&self) -> &'g str {
        self.text(3)
    }

    /// The GB/T 2260 code.
    #[must_use]
    pub fn gb(&self) -> Option<u32> {
        self.text(4).parse().ok()
    }

    /// The Wikidata item; empty when unknown.
    #[must_use]
    pub fn wikidata(&self) -> &'g str {
        self.text(5)
    }

    /// The country; of a former state, its successor.
    #[must_use]
    pub fn country(&self) -> CountryCode {
        let letters = [self.record[ROW_COUNTRY], self.record[ROW_COUNTRY + 1]];
        CountryCode::from_letters(letters).unwrap_or(CountryCode::CN)
    }

    /// The kind of unit; `None` for a country.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        match *LEVELS.get(usize::from(self.record[ROW_LEVEL]))? {
            "province" => Some(Level::Province),
            "prefecture" => Some(Level::Prefecture),
            "county" => Some(Level::County),
            "adm2" | "district" => Some(Level::District),
            "city" | "town" => Some(Level::City),
            "island" => Some(Level::Island),
            _ => None,
        }
    }

    /// The row of the unit that it is part of.
    #[must_use]
    pub fn parent(&self) -> Option<u32> {
        Some(u32_at(self.record, ROW_PARENT)).filter(|&row| row != NONE)
    }

    /// How many people live there; 0 when unknown.
    #[must_use]
    pub fn population(&self) -> u32 {
        u32_at(self.record, ROW_POPULATION)
    }

    /// The GeoNames id.
    #[must_use]
    pub fn geonames(&self) -> Option<u32> {
        Some(u32_at(self.record, ROW_GEONAMES)).filter(|&id| id != 0)
    }

    /// Latitude and longitude in degrees, WGS 84.
    #[must_use]
    pub fn position(&self) -> Option<(f64, f64)> {
        let degrees = |at: usize| {
            self.record[at..].first_chunk().map_or(0.0, |bytes| f64::from_le_bytes(*bytes))
        };
        (self.record[ROW_HAS_POSITION] == 1)
            .then(|| (degrees(ROW_POSITION), degrees(ROW_POSITION + 8)))
    }

    /// The place, with the id of the unit that it is part of.
    pub(super) fn place(&self, parent: Option<&str>) -> Place {
        let filled = |cell: &str| (!cell.is_empty()).then(|| cell.into());
        Place {
            key: PlaceKey(self.id().into()),
            country: Some(self.country()),
            level: self.level().unwrap_or(Level::Province),
            label: self.name().into(),
            latin: filled(self.latin()),
            parent: parent.map(|id| PlaceKey(id.into())),
            position: self.position(),
            geonames: self.geonames(),
            iso: filled(self.iso()),
            gb: self.gb(),
            wikidata: filled(self.wikidata()),
        }
    }
}
