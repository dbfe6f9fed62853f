//! Graphs within a transaction: replaced, compared, swept.

use std::collections::HashSet;

use oxigraph::{
    model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term},
    store::{StorageError, Transaction},
};

use super::Change;
use crate::rdf::{iri, vocab::schema};

/// Makes a graph say `quads` and no more. What it no longer says goes to `dropped`.
pub(super) fn replace_graph(
    transaction: &mut Transaction<'_>,
    graph: &NamedNode,
    quads: &[Quad],
    dropped: &mut Vec<Quad>,
) -> Result<Change, StorageError> {
    let stored = transaction
        .quads_for_pattern(None, None, None, Some(graph.into()))
        .collect::<Result<Vec<_>, _>>()?;
    let was_empty = stored.is_empty();
    let (old, new) = difference(&stored, quads);
    if old.is_empty() && new.is_empty() {
        return Ok(Change::Unchanged);
    }
    for quad in &old {
        transaction.remove(quad);
    }
    transaction.extend(&new);
    dropped.extend(old);
    Ok(if was_empty { Change::New } else { Change::Replaced })
}

/// Of two sets of quads: what only the first has, and what only the second has.
pub(super) fn difference(stored: &[Quad], wanted: &[Quad]) -> (Vec<Quad>, Vec<Quad>) {
    let has: HashSet<&Quad> = stored.iter().collect();
    let wants: HashSet<&Quad> = wanted.iter().collect();
    let old = stored.iter().filter(|quad| !wants.contains(quad)).cloned().collect();
    let new = wanted.iter().filter(|quad| !has.contains(quad)).cloned().collect();
    (old, new)
}

/// What the shared graph says about a subject.
pub(super) fn describing(
    transaction: &Transaction<'_>,
    subject: &NamedOrBlankNode,
) -> Result<Vec<Quad>, StorageError> {
    transaction
        .quads_for_pattern(Some(subject.into()), None, None, Some(iri::shared().into()))
        .collect()
}

/// Removes from the shared graph what nobody refers to any more, now that `dropped` is
/// gone: after replacing articles the store is the same as one that never held the old
/// ones. Returns the subjects that were removed.
pub(super) fn sweep(
    transaction: &mut Transaction<'_>,
    dropped: Vec<Quad>,
) -> Result<Vec<NamedOrBlankNode>, StorageError> {
    let mut removed = Vec::new();
    let mut candidates: Vec<Quad> = dropped;
    while let Some(quad) = candidates.pop() {
        let Term::NamedNode(node) = quad.object else { continue };
        let subject = NamedOrBlankNode::from(node.clone());
        let description = describing(transaction, &subject)?;
        if description.is_empty() || is_needed(transaction, node.as_ref())? {
            continue;
        }
        for quad in &description {
            transaction.remove(quad);
        }
        removed.push(subject);
        candidates.extend(description);
    }
    Ok(removed)
}

/// Whether something refers to a node, other than as the unit that contains a place: a
/// description is there for those who name it.
pub(super) fn is_needed(
    transaction: &Transaction<'_>,
    node: NamedNodeRef<'_>,
) -> Result<bool, StorageError> {
    for quad in transaction.quads_for_pattern(None, None, Some(node.into()), None) {
        if quad?.predicate != schema::CONTAINED_IN_PLACE {
            return Ok(true);
        }
    }
    Ok(false)
}
