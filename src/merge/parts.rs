//! [`Parts`]: merging in parts, for claims that lie on many machines.
//!
//! Which place is which depends on all ties, but on no more than that they exist: these are
//! few, and every machine can hold them. The claims themselves are needed pair by pair.

use std::convert::Infallible;

use oxrdf::Quad;

use super::{Facts, Ledger, Names, Pair, Said, Touched, merge, pair};
use crate::{
    agreement::AgreementKey,
    place::{CountryCode, PlaceKey},
    rdf::{emit::graph_of, key},
};

/// All ties and what is known of their places; no claims.
#[derive(Debug, Default)]
pub struct Parts {
    ledger: Ledger,
    ties: Vec<AgreementKey>,
}

impl Parts {
    /// Takes in a tie, by its IRI, whoever claims it. Says whether it is one.
    pub fn add_tie(&mut self, iri: &str) -> bool {
        let Some(tie) = key::tie(iri) else { return false };
        self.ledger.add_tie(&tie);
        self.ties.push(tie);
        true
    }

    /// Takes in what articles say of places: their names and countries, and which listed place
    /// an unlisted one may be.
    pub fn add_places(&mut self, quads: &[Quad]) {
        self.ledger.add_shared(quads);
        let mut rest = quads;
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|quad| graph_of(quad) == graph_of(first)).count();
            self.ledger.add_article(&rest[..same]);
            rest = &rest[same..];
        }
    }

    /// The pair that a tie is about, when each place is taken for the one that it is.
    #[must_use]
    pub fn pair(&self, iri: &str) -> Option<Pair> {
        let tie = key::tie(iri)?;
        let names = Names::new(&self.ledger);
        let [low, high] = [&tie.low, &tie.high].map(|place| match names.canonical(place) {
            Ok(place) => place,
            Err(never) => match never {},
        });
        Some(pair(low, high))
    }

    /// What is said of the places that are merged into others.
    #[must_use]
    pub fn places(&self) -> Vec<Quad> {
        let touched =
            Touched { ties: self.ties.iter().cloned().collect(), ..self.ledger.touched() };
        self.plan(&Ledger::default(), &touched).places.into_values().flatten().collect()
    }

    /// The agreements of one pair, out of all claims about its ties.
    #[must_use]
    pub fn agreements(&self, of: &Pair, claims: &Ledger) -> Vec<Quad> {
        let ties = claims.touched().ties;
        let ties = ties
            .into_iter()
            .filter(|tie| self.pair(crate::rdf::iri::tie(tie).as_str()).as_ref() == Some(of));
        let touched = Touched { ties: ties.collect(), ..Touched::default() };
        self.plan(claims, &touched).pairs.remove(of).unwrap_or_default()
    }

    fn plan(&self, claims: &Ledger, touched: &Touched) -> super::Plan {
        match merge(&Part { parts: self, claims }, touched) {
            Ok(plan) => plan,
            Err(never) => match never as Infallible {},
        }
    }
}

/// The claims of one pair, among all ties.
struct Part<'a> {
    parts: &'a Parts,
    claims: &'a Ledger,
}

impl Facts for Part<'_> {
    type Error = Infallible;

    fn ties(&self, place: &PlaceKey) -> Result<Vec<AgreementKey>, Infallible> {
        self.parts.ledger.ties(place)
    }

    fn claims(&self, tie: &AgreementKey) -> Result<Vec<Said>, Infallible> {
        self.claims.claims(tie)
    }

    fn named(&self, names: &[String]) -> Result<Vec<PlaceKey>, Infallible> {
        self.parts.ledger.named(names)
    }

    fn place(&self, place: &PlaceKey) -> Result<(Option<String>, Option<CountryCode>), Infallible> {
        self.parts.ledger.place(place)
    }

    fn links(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, Infallible> {
        self.parts.ledger.links(place)
    }

    fn linked(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, Infallible> {
        self.parts.ledger.linked(place)
    }

    fn merged_into(&self, _: &PlaceKey) -> Result<Option<PlaceKey>, Infallible> {
        Ok(None)
    }

    fn merged_from(&self, _: &PlaceKey) -> Result<Vec<PlaceKey>, Infallible> {
        Ok(Vec::new())
    }
}
