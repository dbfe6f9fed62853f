//! Whether the graph can be read at all.
//!
//! Where the disk holds damage, an iterator over quads gives the same error for ever, and what
//! counts or groups them waits for its end. So whoever waits long asks here.

use std::collections::HashSet;

use oxigraph::{
    model::{NamedNode, NamedOrBlankNode, Quad, Term},
    store::StorageError,
};

use super::{Store, StoreError};

/// What a graph is made of, each once.
#[derive(Default)]
struct Parts {
    subjects: HashSet<NamedOrBlankNode>,
    predicates: HashSet<NamedNode>,
    objects: HashSet<Term>,
}

impl Store {
    /// Reads the whole graph in the orders in which queries do, also when this is gone, and
    /// says whether it is damaged.
    pub(crate) fn probe(&self) -> impl FnOnce() -> Option<StoreError> + Send + use<> {
        let (inner, path) = (self.inner.clone(), self.path.clone());
        let all = move || -> Result<(), StorageError> {
            let mut parts = Parts::default();
            for quad in &inner {
                let Quad { subject, predicate, object, .. } = quad?;
                parts.subjects.insert(subject);
                parts.predicates.insert(predicate);
                parts.objects.insert(object);
            }
            for it in &parts.predicates {
                whole(inner.quads_for_pattern(None, Some(it.into()), None, None))?;
            }
            for it in &parts.subjects {
                whole(inner.quads_for_pattern(Some(it.into()), None, None, None))?;
            }
            for it in &parts.objects {
                whole(inner.quads_for_pattern(None, None, Some(it.into()), None))?;
            }
            Ok(())
        };
        move || all().err().map(|error| StoreError::io(&path, error.into()))
    }
}

fn whole(mut quads: impl Iterator<Item = Result<Quad, StorageError>>) -> Result<(), StorageError> {
    quads.try_for_each(|quad| quad.map(drop))
}
