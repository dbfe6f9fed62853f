//! Versions of an article: what stood at an address before, and what stands there now.
//!
//! The newest is in the graph; of the older ones their ids and hashes are kept, in a graph of
//! their own: `<new> dcterms:replaces <old>`, for every old one, whatever came in between.

use std::collections::BTreeMap;

use oxigraph::{
    model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term, TermRef},
    store::{StorageError, Transaction},
};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, graphs::replace_graph};
use crate::{
    article::ArticleId,
    rdf::{
        iri, key,
        vocab::{dcterms, schema, yc},
    },
};

/// Where and when an article was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The address of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When the page was fetched, as the crawl says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captured: Option<String>,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of its record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Where the record begins in its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
}

impl Store {
    /// The articles in the graph that were read at an address.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn at_address(&self, url: &str) -> Result<Vec<ArticleId>, StoreError> {
        let node = NamedNode::new(url).map_or_else(|_| Literal::from(url).into(), Term::from);
        let mut found = Vec::new();
        let quads =
            self.inner.quads_for_pattern(None, Some(schema::URL), Some((&node).into()), None);
        for quad in quads {
            let quad = quad.map_err(|error| StoreError::io(&self.path, error.into()))?;
            if let NamedOrBlankNode::NamedNode(article) = &quad.subject {
                found.extend(key::article(article.as_str()));
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// All articles that others have taken the addresses of, each with one of these.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn replaced(&self) -> Result<BTreeMap<ArticleId, ArticleId>, StoreError> {
        let graph = Some(iri::versions().into());
        let mut found = BTreeMap::new();
        for quad in self.inner.quads_for_pattern(None, Some(dcterms::REPLACES), None, graph) {
            let quad = quad.map_err(|error| StoreError::io(&self.path, error.into()))?;
            if let (NamedOrBlankNode::NamedNode(new), Term::NamedNode(old)) =
                (&quad.subject, &quad.object)
                && let (Some(new), Some(old)) =
                    (key::article(new.as_str()), key::article(old.as_str()))
            {
                found.insert(old, new);
            }
        }
        Ok(found)
    }

    /// Whether an article is in the graph.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn holds(&self, id: &ArticleId) -> Result<bool, StoreError> {
        // The name of a graph stays when its quads go.
        let graph = iri::graph(id);
        match self.inner.quads_for_pattern(None, None, None, Some((&graph).into())).next() {
            None => Ok(false),
            Some(Ok(_)) => Ok(true),
            Some(Err(error)) => Err(StoreError::io(&self.path, error.into())),
        }
    }

    /// The article that has taken the address of this one.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn newer(&self, id: &ArticleId) -> Result<Option<ArticleId>, StoreError> {
        let old = iri::article(id);
        let old = Some(TermRef::from(old.as_ref()));
        let graph = Some(iri::versions().into());
        for quad in self.inner.quads_for_pattern(None, Some(dcterms::REPLACES), old, graph) {
            let quad = quad.map_err(|error| StoreError::io(&self.path, error.into()))?;
            if let NamedOrBlankNode::NamedNode(new) = &quad.subject {
                return Ok(key::article(new.as_str()));
            }
        }
        Ok(None)
    }

    /// Where an article in the graph was read.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn place_of(&self, id: &ArticleId) -> Result<Place, StoreError> {
        let article = iri::article(id);
        let graph = iri::graph(id);
        let mut place = Place::default();
        let quads = self.inner.quads_for_pattern(
            Some((&article).into()),
            None,
            None,
            Some(graph.as_ref().into()),
        );
        for quad in quads {
            let quad = quad.map_err(|error| StoreError::io(&self.path, error.into()))?;
            let value = match quad.object {
                Term::Literal(value) => value,
                Term::NamedNode(url) if quad.predicate == schema::URL => {
                    place.url = Some(url.into_string());
                    continue;
                }
                _ => continue,
            };
            if quad.predicate == schema::URL {
                place.url = Some(value.destruct().0);
            } else if quad.predicate == yc::OFFSET {
                place.offset = value.value().parse().ok();
            } else if quad.predicate == yc::FILE {
                place.file = Some(value.destruct().0);
            } else if quad.predicate == yc::LINE {
                place.line = value.value().parse().ok();
            } else if quad.predicate == yc::CAPTURED {
                place.captured = Some(value.destruct().0);
            }
        }
        Ok(place)
    }
}

/// Takes an article out, if it is there, because another has its address. What it claimed
/// goes to `dropped`.
pub(super) fn supersede(
    transaction: &mut Transaction<'_>,
    old: &ArticleId,
    new: &ArticleId,
    dropped: &mut Vec<Quad>,
) -> Result<(), StorageError> {
    replace_graph(transaction, &iri::graph(old), &[], dropped)?;
    restore(transaction, old)?;
    let (older, newer) = (iri::article(old), iri::article(new));
    let about = |transaction: &Transaction<'_>, graph| {
        let quads = transaction.quads_for_pattern(Some((&older).into()), None, None, Some(graph));
        quads.collect::<Result<Vec<_>, _>>()
    };
    for quad in about(transaction, iri::duplicates().into())? {
        transaction.remove(&quad);
    }
    for quad in about(transaction, iri::versions().into())? {
        transaction.remove(&quad);
        // What it replaced, the newer one replaces.
        if quad.predicate == dcterms::REPLACES && quad.object != newer.clone().into() {
            let moved = Quad { subject: newer.clone().into(), ..quad };
            transaction.insert(&moved);
        }
    }
    let hash = Literal::from(old.to_string());
    let graph = iri::versions();
    transaction.insert(&Quad::new(newer, dcterms::REPLACES, older.clone(), graph));
    transaction.insert(&Quad::new(older, dcterms::IDENTIFIER, hash, graph));
    Ok(())
}

/// Takes back that an article was replaced: it stands at its address again, or another has
/// replaced it.
pub(super) fn restore(
    transaction: &mut Transaction<'_>,
    article: &ArticleId,
) -> Result<(), StorageError> {
    let node = iri::article(article);
    let graph = Some(iri::versions().into());
    let object = Some(TermRef::from(node.as_ref()));
    let by = transaction.quads_for_pattern(None, Some(dcterms::REPLACES), object, graph);
    let subject = Some((&node).into());
    let hash = transaction.quads_for_pattern(subject, Some(dcterms::IDENTIFIER), None, graph);
    let quads = by.chain(hash).collect::<Result<Vec<_>, _>>()?;
    quads.iter().for_each(|quad| transaction.remove(quad));
    Ok(())
}

/// Forgets what an article has replaced, which is being taken out itself.
pub(super) fn forget(
    transaction: &mut Transaction<'_>,
    article: &ArticleId,
) -> Result<(), StorageError> {
    let node = iri::article(article);
    let graph = Some(iri::versions().into());
    let replaced = transaction
        .quads_for_pattern(Some((&node).into()), Some(dcterms::REPLACES), None, graph)
        .collect::<Result<Vec<_>, _>>()?;
    for quad in replaced {
        if let Term::NamedNode(old) = &quad.object {
            let hashes = transaction
                .quads_for_pattern(Some(old.into()), None, None, graph)
                .collect::<Result<Vec<_>, _>>()?;
            hashes.iter().for_each(|quad| transaction.remove(quad));
        }
        transaction.remove(&quad);
    }
    Ok(())
}
