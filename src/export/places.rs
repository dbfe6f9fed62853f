//! [`Places`]: the places of a dataset, each with the units above it.

use std::collections::{BTreeMap, BTreeSet};

use oxigraph::sparql::QuerySolution;

use super::{
    filter::is_called,
    question::{last, text},
    table::BETWEEN,
};
use crate::place::CountryCode;

/// Places by their IRI.
#[derive(Default)]
pub(super) struct Places(BTreeMap<String, Place>);

/// A place as several rows tell it.
#[derive(Default)]
pub(super) struct Place {
    cells: BTreeMap<&'static str, String>,
    others: BTreeSet<String>,
    parent: String,
}

/// How high a chain of units is followed.
const HIGHEST: usize = 8;

impl Places {
    /// Takes in one row.
    pub(super) fn add(&mut self, row: &QuerySolution) {
        self.0.entry(text(row, "place")).or_default().add(row);
    }

    /// Whether a place has this name or key.
    pub(super) fn has(&self, wanted: &str) -> bool {
        self.0.values().any(|place| {
            let own = [place.cell("name"), place.cell("id")].into_iter();
            let mut names = own.chain(place.others.iter().map(String::as_str));
            names.any(|name| is_called(name, wanted))
        })
    }

    pub(super) fn get(&self, place: &str) -> Option<&Place> {
        self.0.get(place)
    }

    /// The parties of an agreement, the Chinese side first when there is one, each with its
    /// IRI.
    pub(super) fn pair<'p>(
        &'p self,
        parties: Option<&'p BTreeSet<String>>,
    ) -> Option<[(&'p str, &'p Place); 2]> {
        let parties = parties?.iter();
        let mut parties: Vec<_> =
            parties.filter_map(|iri| Some((iri.as_str(), self.get(iri)?))).collect();
        parties.sort_by_key(|(_, place)| {
            !CountryCode::new(place.cell("country")).is_some_and(CountryCode::is_chinese)
        });
        // A place tied to itself has one party.
        Some([*parties.first()?, *parties.get(1).or(parties.first())?])
    }

    /// The names and keys of a place and of all units above it.
    pub(super) fn names_above(&self, place: &str) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = place;
        for _ in 0..HIGHEST {
            let Some(place) = self.get(at) else { break };
            names.extend([place.cell("name").to_owned(), place.cell("id").to_owned()]);
            names.extend(place.others.iter().cloned());
            at = &place.parent;
        }
        names
    }

    /// These places and all units above them.
    pub(super) fn with_parents(&self, used: BTreeSet<String>) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for place in used {
            let mut at = place;
            while let Some(place) = self.get(&at) {
                if !all.insert(at.clone()) {
                    break;
                }
                at.clone_from(&place.parent);
            }
        }
        all
    }
}

impl Place {
    pub(super) fn cell(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    /// Takes in one row.
    fn add(&mut self, row: &QuerySolution) {
        let mut set = |name, value: String| {
            if !value.is_empty() {
                // Of several values the first in order, whatever the store says first.
                let cell = self.cells.entry(name).or_insert_with(|| value.clone());
                if value < *cell {
                    *cell = value;
                }
            }
        };
        for name in ["id", "name", "latin", "country", "level"] {
            set(name, text(row, name));
        }
        let wkt = text(row, "wkt");
        let position = wkt.strip_prefix("POINT(").and_then(|rest| rest.strip_suffix(')'));
        if let Some((lon, lat)) = position.and_then(|position| position.split_once(' ')) {
            set("lat", lat.to_owned());
            set("lon", lon.to_owned());
        }
        let same = text(row, "same");
        if same.contains("geonames.org/") {
            set("geonames", last(same.trim_end_matches('/')));
        } else if same.contains("wikidata.org/") {
            set("wikidata", last(&same));
        }
        let code = text(row, "code");
        match code.split_once(':') {
            Some(("iso3166-2", code)) => set("iso3166_2", code.to_owned()),
            Some(("gbt2260", code)) => set("gbt2260", code.to_owned()),
            _ => {}
        }
        set("guess", text(row, "guess"));
        let other = text(row, "other");
        if !other.is_empty() {
            self.others.insert(other);
        }
        let parent = text(row, "parent");
        if !parent.is_empty() && (self.parent.is_empty() || parent < self.parent) {
            self.parent = parent;
        }
    }

    /// Its other names, joined.
    pub(super) fn other_names(&self) -> String {
        self.others.iter().map(String::as_str).collect::<Vec<_>>().join(BETWEEN)
    }

    /// The IRI of the unit above; empty if none is known.
    pub(super) fn parent(&self) -> &str {
        &self.parent
    }
}
