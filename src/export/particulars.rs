//! [`Particulars`]: what else a claim tells of a signing, as cells of its row.

use std::collections::{BTreeMap, BTreeSet};

use oxigraph::sparql::QuerySolution;

use super::{places::Places, question::text, table::BETWEEN};

/// The columns, which the question names alike.
const COLUMNS: [&str; 6] = ["signatories", "signed_at", "signed_in", "occasion", "mode", "fields"];

/// What one claim tells.
#[derive(Default)]
pub(super) struct Particulars {
    values: BTreeMap<&'static str, BTreeSet<String>>,
    place: Option<String>,
}

impl Particulars {
    /// Takes in one row, which holds one value.
    pub(super) fn add(&mut self, row: &QuerySolution, places: &Places) {
        for name in COLUMNS {
            let mut value = text(row, name);
            if name == "signed_in" && !value.is_empty() {
                let Some(place) = places.get(&value) else { continue };
                self.place = Some(std::mem::replace(&mut value, place.cell("id").to_owned()));
            }
            if !value.is_empty() {
                self.values.entry(name).or_default().insert(value);
            }
        }
    }

    /// The IRI of the place where it was signed.
    pub(super) fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// The cells; several values are joined.
    pub(super) fn cells(self) -> impl Iterator<Item = (&'static str, String)> {
        let joined =
            |values: BTreeSet<String>| values.into_iter().collect::<Vec<_>>().join(BETWEEN);
        self.values.into_iter().map(move |(name, values)| (name, joined(values)))
    }
}
