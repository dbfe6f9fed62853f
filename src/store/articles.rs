//! Articles in the graph: written, replaced, taken out.

use std::collections::HashSet;

use oxigraph::{
    model::{NamedOrBlankNode, Quad},
    store::{StorageError, Transaction},
};

use super::{
    Described, Store, StoreError,
    graphs::{describing, difference, replace_graph, sweep},
    versions,
};
use crate::{
    article::ArticleId,
    rdf::{emit::graph_of, iri},
};

/// How many new quads are worth the bulk loader, which takes a quarter of what a transaction
/// does, but a few milliseconds for its files.
const BULK: usize = 2_000;

/// What became of an article's graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    New,
    /// It said something else.
    Replaced,
    /// It said the same: nothing was written.
    Unchanged,
}

/// Articles to be written at once.
#[derive(Debug, Default)]
pub struct Articles {
    /// What each says in its own graph.
    pub own: Vec<Vec<Quad>>,
    /// What they describe together.
    pub described: Described,
    /// Articles that go because others have taken their addresses, each with the other one.
    pub superseded: Vec<(ArticleId, ArticleId)>,
    /// Articles among them that others had replaced, and that stand at their addresses again.
    pub restored: Vec<ArticleId>,
    /// What was to be written and is not: descriptions that only this needs are not either.
    pub let_go: Vec<Quad>,
}

impl Store {
    /// Writes the quads of articles, as [`crate::rdf::emit()`] gives them, each in place of
    /// what its graph held before. Says for each what that changed.
    ///
    /// # Errors
    ///
    /// As [`Store::write`].
    pub fn replace(&mut self, articles: Vec<Vec<Quad>>) -> Result<Vec<Change>, StoreError> {
        let mut described = Described::default();
        let mut own = articles;
        own.iter_mut().for_each(|quads| described.take(quads));
        self.write(Articles { own, described, ..Articles::default() })
    }

    /// Writes articles, each in place of what its graph held before. Says for each what that
    /// changed.
    ///
    /// New articles become visible all at once, then those that replace others; an article
    /// is never half there. What they say of agreements waits for [`Store::merge`].
    ///
    /// # Errors
    ///
    /// If the store cannot be written to. What was written by earlier calls stays.
    pub fn write(&mut self, articles: Articles) -> Result<Vec<Change>, StoreError> {
        let path = self.path.clone();
        // Before the graph: an article that is there has its document.
        self.archive.write().map_err(|error| StoreError::io(&path, error))?;
        self.write_all(articles, None).map_err(|error| StoreError::io(&path, error.into()))
    }

    /// Writes the last articles as [`Store::write`] does, says of which article each is a copy
    /// as [`Store::duplicates`] does, and merges. In a store that began empty all of it is
    /// one piece.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn write_last(
        &mut self,
        articles: Articles,
        copies: &[(ArticleId, Option<ArticleId>)],
    ) -> Result<Vec<Change>, StoreError> {
        let path = self.path.clone();
        self.archive.write().map_err(|error| StoreError::io(&path, error))?;
        let changes = self
            .write_all(articles, Some(copies))
            .map_err(|error| StoreError::io(&path, error.into()))?;
        self.flush()?;
        if self.pending.is_waiting() {
            self.duplicates(copies)?;
        }
        self.merge()?;
        Ok(changes)
    }

    /// Takes articles out, with all that only they said. Says for each whether it was there.
    /// What that means for agreements waits for [`Store::merge`].
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn remove(&mut self, articles: &[ArticleId]) -> Result<Vec<bool>, StoreError> {
        let path = self.path.clone();
        // First, so that a kill in between leaves articles that are read again.
        self.unfinish()?;
        self.forget(articles)?;
        self.remove_all(articles).map_err(|error| StoreError::io(&path, error.into()))
    }

    fn remove_all(&mut self, articles: &[ArticleId]) -> Result<Vec<bool>, StorageError> {
        self.pending.begin()?;
        let mut transaction = self.inner.start_transaction()?;
        let mut dropped = Vec::new();
        let mut found = Vec::with_capacity(articles.len());
        for id in articles {
            let before = dropped.len();
            replace_graph(&mut transaction, &iri::graph(id), &[], &mut dropped)?;
            self.pending.changed(&dropped[before..], &[]);
            found.push(dropped.len() > before);
            let article = NamedOrBlankNode::from(iri::article(id));
            let copies = transaction
                .quads_for_pattern(
                    Some((&article).into()),
                    None,
                    None,
                    Some(iri::duplicates().into()),
                )
                .collect::<Result<Vec<_>, _>>()?;
            copies.iter().for_each(|quad| transaction.remove(quad));
            versions::forget(&mut transaction, id)?;
        }
        for subject in sweep(&mut transaction, dropped)? {
            self.known.forget(&subject);
        }
        transaction.commit()?;
        Ok(found)
    }

    /// With what is known of copies if these are the last articles.
    fn write_all(
        &mut self,
        articles: Articles,
        copies: Option<&[(ArticleId, Option<ArticleId>)]>,
    ) -> Result<Vec<Change>, StorageError> {
        self.pending.begin()?;
        let Articles { own, described, superseded, restored, let_go: mut dropped } = articles;
        let mut transaction = self.inner.start_transaction()?;
        let mut changes = Vec::with_capacity(own.len());
        let (mut new, mut rewritten) = (Vec::new(), Vec::new());
        let mut graphs = HashSet::new();
        self.pending.described(&described);
        for quads in own {
            let mut change = Change::Unchanged;
            if let Some(graph) = quads.first().and_then(graph_of).cloned() {
                if !graphs.insert(graph.clone()) || transaction.contains_named_graph(&graph)? {
                    rewritten.push((changes.len(), graph, quads));
                } else {
                    self.pending.added(&quads);
                    new.extend(quads);
                    change = Change::New;
                }
            }
            changes.push(change);
        }
        let mut outdated = Vec::new();
        for (subject, quads, is_known) in self.known.news(described) {
            if !is_known {
                new.extend(quads);
                continue;
            }
            let (old, extra) = difference(&describing(&transaction, &subject)?, &quads);
            outdated.extend(old);
            new.extend(extra);
        }
        let only_new = rewritten.is_empty()
            && outdated.is_empty()
            && dropped.is_empty()
            && superseded.is_empty()
            && restored.is_empty();
        if only_new {
            new.extend(copies.and_then(|copies| self.pending.end(copies)).unwrap_or_default());
            // Nothing else is left to do while the last piece is loaded.
            self.add(transaction, new, if copies.is_some() { 2 } else { 1 })?;
            return Ok(changes);
        }
        if new.len() < BULK {
            transaction.extend(&new);
        } else {
            self.load(transaction, new, 1)?;
            transaction = self.inner.start_transaction()?;
        }
        for (at, graph, quads) in rewritten {
            let before = dropped.len();
            changes[at] = replace_graph(&mut transaction, &graph, &quads, &mut dropped)?;
            if changes[at] != Change::Unchanged {
                self.pending.changed(&dropped[before..], &quads);
            }
        }
        for id in &restored {
            versions::restore(&mut transaction, id)?;
        }
        for (old, by) in &superseded {
            let before = dropped.len();
            versions::supersede(&mut transaction, old, by, &mut dropped)?;
            self.pending.changed(&dropped[before..], &[]);
        }
        outdated.iter().for_each(|quad| transaction.remove(quad));
        dropped.extend(outdated);
        for subject in sweep(&mut transaction, dropped)? {
            self.known.forget(&subject);
        }
        transaction.commit()?;
        Ok(changes)
    }

    /// Adds quads that are not there, all at once. The transaction has written nothing.
    pub(super) fn add(
        &self,
        mut transaction: Transaction<'_>,
        quads: Vec<Quad>,
        threads: usize,
    ) -> Result<(), StorageError> {
        if quads.len() < BULK {
            transaction.extend(&quads);
            return transaction.commit();
        }
        self.load(transaction, quads, threads)
    }

    /// The same, however many there are.
    pub(super) fn load(
        &self,
        transaction: Transaction<'_>,
        quads: Vec<Quad>,
        threads: usize,
    ) -> Result<(), StorageError> {
        drop(transaction);
        // As one piece a thread, because each is a file for each index that the disk must merge
        // with the others: the loader counts a thousand quads as a megabyte.
        let mut loader = self
            .inner
            .bulk_loader()
            .with_num_threads(threads)
            .with_max_memory_size_in_megabytes(quads.len() / 1000 + 2);
        loader.load_quads(quads)?;
        loader.commit()
    }
}
