//! From claims to agreements: what sentences say becomes what the world holds.
//!
//! [`merge`] is pure. It is told which ties were touched, asks for the claims of their
//! pairs through [`Facts`], and answers with what the store should hold about these pairs.
//! The agreements of a pair depend on the claims about that pair and on nothing else, so
//! merging after each article, or once after all, ends in the same graph.

mod agreement;
mod event;
mod identity;
mod ledger;
mod parts;
mod quads;
mod said;

use std::collections::{BTreeMap, BTreeSet, HashMap, btree_set};

use oxrdf::Quad;

use self::identity::{Changed, Names};
pub use self::{
    ledger::{Ledger, linked_place},
    parts::Parts,
    said::Said,
};
use crate::{
    agreement::AgreementKey,
    place::{CountryCode, PlaceKey},
};

/// What merging asks.
pub trait Facts {
    /// Why there is no answer.
    type Error;

    /// The ties of a place, as articles read them.
    ///
    /// # Errors
    ///
    /// As all of these, when the store fails.
    fn ties(&self, place: &PlaceKey) -> Result<Vec<AgreementKey>, Self::Error>;

    /// What is claimed about a tie. The article of a claim is the one that it is a copy of.
    fn claims(&self, tie: &AgreementKey) -> Result<Vec<Said>, Self::Error>;

    /// The places that have one of these names.
    fn named(&self, names: &[String]) -> Result<Vec<PlaceKey>, Self::Error>;

    /// The name and the country of a place.
    fn place(&self, place: &PlaceKey)
    -> Result<(Option<String>, Option<CountryCode>), Self::Error>;

    /// The listed places that articles think a place may be.
    fn links(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, Self::Error>;

    /// The places that articles think may be this listed one.
    fn linked(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, Self::Error>;

    /// What a place was merged into before.
    fn merged_into(&self, place: &PlaceKey) -> Result<Option<PlaceKey>, Self::Error>;

    /// What was merged into a place before.
    fn merged_from(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, Self::Error>;
}

/// What changed since the last merge.
#[derive(Debug, Default)]
pub struct Touched {
    /// The ties of which claims came or went.
    pub ties: BTreeSet<AgreementKey>,
    /// The places of which links came or went.
    pub places: BTreeSet<PlaceKey>,
}

impl Touched {
    /// Whether nothing did.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ties.is_empty() && self.places.is_empty()
    }
}

/// Two places, the one whose key sorts first before.
pub type Pair = [PlaceKey; 2];

/// What the store should hold.
#[derive(Debug, Default)]
pub struct Plan {
    /// All about the agreements of each touched pair.
    pub pairs: BTreeMap<Pair, Vec<Quad>>,
    /// All about what was merged into each touched place.
    pub places: BTreeMap<PlaceKey, Vec<Quad>>,
}

/// What follows from what was touched.
///
/// # Errors
///
/// If the facts cannot be had.
pub fn merge<F: Facts>(facts: &F, touched: &Touched) -> Result<Plan, F::Error> {
    let merging = Merging::new(facts, touched)?;
    let places = merging.places()?;
    Ok(Plan { pairs: merging.collect::<Result<_, _>>()?, places })
}

/// The same, pair by pair: what the store should hold about each.
pub struct Merging<'f, F> {
    facts: &'f F,
    names: Names<'f, F>,
    changed: Changed,
    pairs: btree_set::IntoIter<Pair>,
    /// The members and ties of a hub are asked once, not once for each of its pairs.
    of_place: HashMap<PlaceKey, Vec<AgreementKey>>,
}

impl<'f, F: Facts> Merging<'f, F> {
    /// Finds the pairs that were touched.
    ///
    /// # Errors
    ///
    /// If the facts cannot be had.
    pub fn new(facts: &'f F, touched: &Touched) -> Result<Self, F::Error> {
        let names = Names::new(facts);
        let changed = names.changed(touched)?;
        let mut pairs = BTreeSet::new();
        let mut touch = |tie: &AgreementKey| -> Result<(), F::Error> {
            let before = [&tie.low, &tie.high].map(|place| facts.merged_into(place));
            let [low, high] = before;
            let (low, high) = (low?, high?);
            pairs.insert(pair(
                low.unwrap_or_else(|| tie.low.clone()),
                high.unwrap_or_else(|| tie.high.clone()),
            ));
            pairs.insert(pair(names.canonical(&tie.low)?, names.canonical(&tie.high)?));
            Ok(())
        };
        touched.ties.iter().try_for_each(&mut touch)?;
        for place in changed.keys() {
            facts.ties(place)?.iter().try_for_each(&mut touch)?;
        }
        Ok(Self { facts, names, changed, pairs: pairs.into_iter(), of_place: HashMap::new() })
    }

    /// All about what was merged into each touched place.
    ///
    /// # Errors
    ///
    /// If the facts cannot be had.
    pub fn places(&self) -> Result<BTreeMap<PlaceKey, Vec<Quad>>, F::Error> {
        let mut homes = BTreeSet::new();
        for (place, (before, after)) in &self.changed {
            homes.extend([before, after].into_iter().filter(|home| *home != place).cloned());
        }
        let mut places = BTreeMap::new();
        for home in homes {
            let members = self.names.members(&home, &self.changed)?;
            let quads = quads::aliases(&home, self.facts.place(&home)?.0.as_deref(), &members);
            places.insert(home, quads);
        }
        Ok(places)
    }

    fn about(&mut self, both: &Pair) -> Result<Vec<Quad>, F::Error> {
        let Self { facts, names, changed, of_place, .. } = self;
        let mut sides = Vec::with_capacity(2);
        for place in both {
            if !of_place.contains_key(place) {
                let mut ties = Vec::new();
                for member in names.members(place, changed)? {
                    ties.extend(facts.ties(&member)?);
                }
                of_place.insert(place.clone(), ties);
            }
            sides.push(of_place.get(place).map_or(0, Vec::len));
        }
        let fewer = if sides[0] <= sides[1] { &both[0] } else { &both[1] };
        let mut claims = Vec::new();
        for tie in of_place.get(fewer).into_iter().flatten() {
            if pair(names.canonical(&tie.low)?, names.canonical(&tie.high)?) == *both {
                claims.extend(facts.claims(tie)?.into_iter().map(|said| (tie.kind, said)));
            }
        }
        Ok(quads::pair(&agreement::merge(both, claims)))
    }
}

impl<F: Facts> Iterator for Merging<'_, F> {
    type Item = Result<(Pair, Vec<Quad>), F::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let both = self.pairs.next()?;
        Some(self.about(&both).map(|quads| (both, quads)))
    }
}

/// Two places in their order.
#[must_use]
pub fn pair(a: PlaceKey, b: PlaceKey) -> Pair {
    if a <= b { [a, b] } else { [b, a] }
}
