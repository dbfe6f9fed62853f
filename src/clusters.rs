//! [`Cluster`]: the articles of a store that tell one story, as people ask for them.

use std::collections::BTreeMap;

use oxrdf::Term;

use crate::{
    holdings::{Held, articles},
    query::{Query, QueryError},
    rdf::key,
    store::Store,
};

/// Articles that tell one story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The one published first.
    pub original: Held,
    /// The others, in the order of their publication.
    pub copies: Vec<Held>,
}

const COPIES: &str = "SELECT ?copy ?original WHERE { ?copy yc:duplicateOf ?original }";

/// The clusters of a store, the largest first; of equal ones the one published first.
///
/// # Errors
///
/// If the store cannot be read.
pub fn clusters(store: &Store) -> Result<Vec<Cluster>, QueryError> {
    let mut held: BTreeMap<_, _> =
        articles(store)?.into_iter().map(|held| (held.id, held)).collect();
    let mut clusters = BTreeMap::<_, Vec<Held>>::new();
    for row in Query::parse(COPIES)?.solutions(store)? {
        let article = |name: &str| match row.get(name) {
            Some(Term::NamedNode(node)) => key::article(node.as_str()),
            _ => None,
        };
        let (Some(copy), Some(original)) = (article("copy"), article("original")) else { continue };
        if let Some(copy) = held.remove(&copy) {
            clusters.entry(original).or_default().push(copy);
        }
    }
    let order = |held: &Held| {
        let day = held.published.map(|date| (date.latest(), date.earliest()));
        (day.is_none(), day, held.id)
    };
    let mut clusters: Vec<_> = clusters
        .into_iter()
        .filter_map(|(original, mut copies)| {
            copies.sort_by_key(order);
            Some(Cluster { original: held.remove(&original)?, copies })
        })
        .collect();
    clusters.sort_by_key(|it| (std::cmp::Reverse(it.copies.len()), order(&it.original)));
    Ok(clusters)
}
