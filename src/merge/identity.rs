//! Which places that no list holds are other places that are known better.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use super::{Facts, Touched};
use crate::place::{self, PlaceKey, UNITS};

/// Places and what they are, asked once each.
pub(super) struct Names<'a, F> {
    facts: &'a F,
    steps: RefCell<HashMap<PlaceKey, Option<PlaceKey>>>,
    partners: RefCell<HashMap<PlaceKey, BTreeSet<PlaceKey>>>,
}

/// What a place was merged into before, and what it is merged into now.
pub(super) type Changed = BTreeMap<PlaceKey, (PlaceKey, PlaceKey)>;

impl<'a, F: Facts> Names<'a, F> {
    pub(super) fn new(facts: &'a F) -> Self {
        Self { facts, steps: RefCell::default(), partners: RefCell::default() }
    }

    /// The place that a place is, as far as it is known.
    pub(super) fn canonical(&self, place: &PlaceKey) -> Result<PlaceKey, F::Error> {
        let mut place = place.clone();
        // Every step leads to a place that is known better, so there are few.
        while let Some(better) = self.step(&place)? {
            place = better;
        }
        Ok(place)
    }

    /// The places that what was touched merges into others, or no longer does.
    pub(super) fn changed(&self, touched: &Touched) -> Result<Changed, F::Error> {
        let mut places = touched.places.clone();
        for tie in &touched.ties {
            places.extend([tie.low.clone(), tie.high.clone()]);
        }
        for place in places.clone() {
            places.extend(self.facts.linked(&place)?);
        }
        let mut stems = BTreeSet::new();
        for place in &places {
            if let Some(name) = self.name(place)? {
                stems.insert(place::stem(&name).0.to_owned());
            }
        }
        for stem in stems {
            places.extend(self.facts.named(&spellings(&stem))?);
        }
        let mut changed = Changed::new();
        for place in places {
            let after = self.canonical(&place)?;
            let before = self.facts.merged_into(&place)?.unwrap_or_else(|| place.clone());
            if before != after {
                changed.insert(place, (before, after));
            }
        }
        Ok(changed)
    }

    /// A place and all that are merged into it now.
    pub(super) fn members(
        &self,
        home: &PlaceKey,
        changed: &Changed,
    ) -> Result<BTreeSet<PlaceKey>, F::Error> {
        let mut members: BTreeSet<PlaceKey> = self
            .facts
            .merged_from(home)?
            .into_iter()
            .filter(|member| changed.get(member).is_none_or(|(_, after)| after == home))
            .collect();
        members.extend(
            changed.iter().filter(|(_, (_, after))| after == home).map(|(place, _)| place.clone()),
        );
        if changed.get(home).is_none_or(|(_, after)| after == home) {
            members.insert(home.clone());
        }
        Ok(members)
    }

    fn name(&self, place: &PlaceKey) -> Result<Option<String>, F::Error> {
        match place.as_unlisted() {
            Some((_, name)) => Ok(Some(name.to_owned())),
            None => Ok(self.facts.place(place)?.0),
        }
    }

    /// The better known place that a place is: one that is tied to the same partner, and of
    /// which the name agrees, or to which an article links it. Where several are equally
    /// well known, nothing tells which.
    fn step(&self, place: &PlaceKey) -> Result<Option<PlaceKey>, F::Error> {
        let Some((country, name)) = place.as_unlisted() else { return Ok(None) };
        if let Some(known) = self.steps.borrow().get(place) {
            return Ok(known.clone());
        }
        let rank = Rank::of(place);
        let (stem, unit) = place::stem(name);
        let mut candidates = BTreeSet::new();
        for other in self.facts.named(&spellings(stem))? {
            if Rank::of(&other) >= rank {
                continue;
            }
            let (name, land) = match other.as_unlisted() {
                Some((land, name)) => (Some(name.to_owned()), land),
                None => self.facts.place(&other)?,
            };
            let other_unit = name.as_deref().and_then(|name| place::stem(name).1);
            let units_agree = unit.is_none() || other_unit.is_none() || unit == other_unit;
            let countries_agree = country.is_none() || land.is_none() || country == land;
            if units_agree && countries_agree {
                candidates.insert(other);
            }
        }
        candidates.extend(self.facts.links(place)?);
        let mut best = Vec::<PlaceKey>::new();
        for other in candidates {
            if self.share_a_partner(place, &other)? {
                match best.first().map(Rank::of).cmp(&Some(Rank::of(&other))) {
                    std::cmp::Ordering::Equal => best.push(other),
                    std::cmp::Ordering::Less if !best.is_empty() => {}
                    _ => best = vec![other],
                }
            }
        }
        let step = if let [one] = best.as_slice() { Some(one.clone()) } else { None };
        self.steps.borrow_mut().insert(place.clone(), step.clone());
        Ok(step)
    }

    fn share_a_partner(&self, a: &PlaceKey, b: &PlaceKey) -> Result<bool, F::Error> {
        for place in [a, b] {
            if !self.partners.borrow().contains_key(place) {
                let ties = self.facts.ties(place)?.into_iter();
                let others = ties.map(|tie| if tie.low == *place { tie.high } else { tie.low });
                let others = others.collect();
                self.partners.borrow_mut().insert(place.clone(), others);
            }
        }
        let partners = self.partners.borrow();
        Ok(!partners[a].is_disjoint(&partners[b]))
    }
}

/// How well a place is known, the best first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Listed,
    /// Whether its country is not known, and its unit.
    Unlisted(bool, bool),
}

impl Rank {
    fn of(place: &PlaceKey) -> Self {
        match place.as_unlisted() {
            None => Self::Listed,
            Some((country, name)) => {
                Self::Unlisted(country.is_none(), place::stem(name).1.is_none())
            }
        }
    }
}

/// The names that differ from a stem by a unit, and the stem.
fn spellings(stem: &str) -> Vec<String> {
    std::iter::once(stem.to_owned()).chain(UNITS.map(|unit| [stem, unit].concat())).collect()
}
