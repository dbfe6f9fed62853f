//! [`Described`]: what articles say in the graph that all share.
//!
//! Every article describes the places, dates and ties that it names, mostly as the articles
//! before it did. These descriptions are three fifths of what articles say, so of those that
//! wait together each is kept once.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use oxigraph::{
    model::{NamedOrBlankNode, Quad},
    store::{self as oxi, StorageError},
};

use crate::rdf::{emit::graph_of, iri};

/// Subjects and what is said about each. Articles agree unless the program or its data
/// changed; then the last one is right.
#[derive(Debug, Default)]
pub struct Described {
    of: HashMap<NamedOrBlankNode, Description>,
    size: usize,
}

#[derive(Debug)]
struct Description {
    hash: u64,
    quads: Vec<Quad>,
}

impl Described {
    /// Takes the descriptions out of what an article says, and leaves its own graph.
    pub fn take(&mut self, quads: &mut Vec<Quad>) {
        let mut of_article = HashMap::<NamedOrBlankNode, Vec<Quad>>::new();
        for quad in quads.extract_if(.., |quad| is_shared(quad)) {
            match of_article.get_mut(&quad.subject) {
                Some(about) => about.push(quad),
                None => {
                    of_article.insert(quad.subject.clone(), vec![quad]);
                }
            }
        }
        // They wait long, and most of the room is that of what was taken out.
        quads.shrink_to_fit();
        for (subject, quads) in of_article {
            let hash = hash(&quads);
            if self.of.get(&subject).is_none_or(|known| known.hash != hash) {
                self.size += quads.len();
                let before = self.of.insert(subject, Description { hash, quads });
                self.size -= before.map_or(0, |before| before.quads.len());
            }
        }
    }

    /// How many quads there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.size
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    pub(super) fn quads(&self) -> impl Iterator<Item = &Quad> {
        self.of.values().flat_map(|about| &about.quads)
    }
}

/// What has been written of them since the store was opened.
#[derive(Debug, Default)]
pub(super) struct Known {
    hashes: HashMap<u64, u64>,
    /// Whether the store holds no other descriptions.
    whole: bool,
}

impl Known {
    /// Of a store that was just opened.
    pub(super) fn of(store: &oxi::Store) -> Result<Self, StorageError> {
        let whole = !store.contains_named_graph(iri::shared())?;
        Ok(Self { hashes: HashMap::new(), whole })
    }

    /// Leaves those that are news, each with whether the store may hold another.
    pub(super) fn news(
        &mut self,
        described: Described,
    ) -> Vec<(NamedOrBlankNode, Vec<Quad>, bool)> {
        let whole = self.whole;
        let news = described.of.into_iter().filter_map(|(subject, about)| {
            let before = self.hashes.insert(hash(&subject), about.hash);
            (before != Some(about.hash)).then(|| (subject, about.quads, !whole || before.is_some()))
        });
        news.collect()
    }

    /// Others may have written.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A description was removed: the next article that has it brings it back.
    pub(super) fn forget(&mut self, subject: &NamedOrBlankNode) {
        self.hashes.remove(&hash(subject));
    }
}

/// Whether a quad stands in the shared graph.
fn is_shared(quad: &Quad) -> bool {
    graph_of(quad).is_none_or(|graph| *graph == iri::shared())
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
