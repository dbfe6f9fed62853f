//! [`Ledger`]: the claims of articles in memory, for a store that begins with them.

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
};

use oxrdf::{NamedNode, NamedOrBlankNode, Quad, Term};

use super::{Facts, Said, Touched};
use crate::{
    agreement::AgreementKey,
    article::ArticleId,
    place::{CountryCode, PlaceKey},
    rdf::{
        emit::graph_of,
        key,
        vocab::{skos, yc},
    },
};

/// What articles claim, by tie, as far as merging needs it.
#[derive(Debug, Default)]
pub struct Ledger {
    claims: HashMap<AgreementKey, Vec<Said>>,
    ties: HashMap<PlaceKey, BTreeSet<AgreementKey>>,
    labels: HashMap<PlaceKey, String>,
    named: HashMap<String, BTreeSet<PlaceKey>>,
    countries: HashMap<PlaceKey, CountryCode>,
    links: HashMap<PlaceKey, BTreeSet<PlaceKey>>,
    linked: HashMap<PlaceKey, BTreeSet<PlaceKey>>,
    roots: HashMap<ArticleId, ArticleId>,
    size: usize,
}

/// The place whose record of GeoNames an IRI names.
#[must_use]
pub fn linked_place(iri: &str) -> Option<PlaceKey> {
    let id = iri.strip_prefix(crate::rdf::emit::GEONAMES)?.strip_suffix('/')?;
    (!id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())).then(|| PlaceKey::geonames(id))
}

impl Ledger {
    /// How many claims there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.size
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Takes in the quads of one article's graph.
    pub fn add_article(&mut self, quads: &[Quad]) {
        let Some(article) =
            quads.first().and_then(graph_of).and_then(|graph| key::graph(graph.as_str()))
        else {
            return;
        };
        // The statements about a claim stand together, but nothing says that they must.
        let mut claims = HashMap::<&NamedNode, (Option<AgreementKey>, Vec<_>)>::new();
        for quad in quads {
            let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
            if quad.predicate == skos::CLOSE_MATCH {
                if let (Some(place), Term::NamedNode(record)) =
                    (key::place(subject.as_str()), &quad.object)
                    && let Some(listed) = linked_place(record.as_str())
                {
                    self.linked.entry(listed.clone()).or_default().insert(place.clone());
                    self.links.entry(place).or_default().insert(listed);
                }
            } else if key::claim(subject.as_str()).is_some() {
                let claim = claims.entry(subject).or_default();
                match &quad.object {
                    Term::NamedNode(tie) if quad.predicate == yc::ASSERTS => {
                        claim.0 = key::tie(tie.as_str());
                    }
                    object => claim.1.push((&quad.predicate, object)),
                }
            }
        }
        for (claim, (tie, statements)) in claims {
            let Some(number) = key::claim(claim.as_str()) else { continue };
            if let (Some(tie), Some(said)) = (tie, Said::of(number, article, statements)) {
                self.add_claim(tie, said);
            }
        }
    }

    /// Takes in a tie that is claimed elsewhere.
    pub fn add_tie(&mut self, tie: &AgreementKey) {
        for place in [&tie.low, &tie.high] {
            self.ties.entry(place.clone()).or_default().insert(tie.clone());
        }
    }

    /// Takes in one claim.
    pub fn add_claim(&mut self, tie: AgreementKey, said: Said) {
        self.add_tie(&tie);
        self.claims.entry(tie).or_default().push(said);
        self.size += 1;
    }

    /// Takes in what the shared graph says.
    pub fn add_shared<'a>(&mut self, quads: impl IntoIterator<Item = &'a Quad>) {
        for quad in quads {
            let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
            if quad.predicate == skos::PREF_LABEL {
                if let (Some(place), Term::Literal(name)) =
                    (key::place(subject.as_str()), &quad.object)
                {
                    let name = name.value().to_owned();
                    self.named.entry(name.clone()).or_default().insert(place.clone());
                    self.labels.insert(place, name);
                }
            } else if quad.predicate == yc::COUNTRY
                && let (Some(place), Term::NamedNode(country)) =
                    (key::place(subject.as_str()), &quad.object)
                && let Some(country) = key::country(country.as_str())
            {
                self.countries.insert(place, country);
            }
        }
    }

    /// Says of which article one is a copy.
    pub fn set_root(&mut self, copy: ArticleId, root: Option<ArticleId>) {
        match root {
            Some(root) => self.roots.insert(copy, root),
            None => self.roots.remove(&copy),
        };
    }

    /// Everything, as if it had just been touched.
    #[must_use]
    pub fn touched(&self) -> Touched {
        Touched {
            ties: self.claims.keys().cloned().collect(),
            places: self.links.keys().cloned().collect(),
        }
    }
}

fn all<T: Clone>(set: Option<&BTreeSet<T>>) -> Vec<T> {
    set.map(|set| set.iter().cloned().collect()).unwrap_or_default()
}

impl Facts for Ledger {
    type Error = Infallible;

    fn ties(&self, place: &PlaceKey) -> Result<Vec<AgreementKey>, Infallible> {
        Ok(all(self.ties.get(place)))
    }

    fn claims(&self, tie: &AgreementKey) -> Result<Vec<Said>, Infallible> {
        let mut claims = self.claims.get(tie).cloned().unwrap_or_default();
        for said in &mut claims {
            said.article = self.roots.get(&said.article).copied().unwrap_or(said.article);
        }
        Ok(claims)
    }

    fn named(&self, names: &[String]) -> Result<Vec<PlaceKey>, Infallible> {
        Ok(names.iter().flat_map(|name| all(self.named.get(name))).collect())
    }

    fn place(&self, place: &PlaceKey) -> Result<(Option<String>, Option<CountryCode>), Infallible> {
        Ok((self.labels.get(place).cloned(), self.countries.get(place).copied()))
    }

    fn links(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, Infallible> {
        Ok(all(self.links.get(place)))
    }

    fn linked(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, Infallible> {
        Ok(all(self.linked.get(place)))
    }

    fn merged_into(&self, _: &PlaceKey) -> Result<Option<PlaceKey>, Infallible> {
        Ok(None)
    }

    fn merged_from(&self, _: &PlaceKey) -> Result<Vec<PlaceKey>, Infallible> {
        Ok(Vec::new())
    }
}
