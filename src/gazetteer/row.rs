//! [`Row`]: one place of the table.

use crate::place::{CountryCode, Level, Place, PlaceKey};

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

impl Row {
    pub(super) fn new(cells: &[&'static str; 13]) -> Result<Self, &'static str> {
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

    pub(super) fn place(&self) -> Place {
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
