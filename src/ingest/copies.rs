//! [`Copies`]: which articles of a store tell the same story, kept up from night to night.

use std::collections::HashSet;

use super::IngestError;
use crate::{
    article::ArticleId,
    dedup::{Entry, Index, Log, Signer},
    store::{Store, StoreError},
    wire::Document,
};

/// Signatures that are appended at a time.
const BATCH: usize = 10_000;

/// The signatures of a store's articles, in memory and in its file `copies`.
#[derive(Debug)]
pub struct Copies {
    log: Log,
    index: Index,
    /// How many of the index have been compared.
    settled: usize,
    /// Whether anything came or went since.
    changed: bool,
}

impl Copies {
    /// Reads the signatures of a store that is open for writing. Articles of the graph that
    /// have none, of a store that was made without, are signed by their documents.
    ///
    /// # Errors
    ///
    /// If the file is something else, or the disk refuses.
    pub fn open(store: &Store) -> Result<Self, IngestError> {
        let (log, logged) = Log::open(&store.path().join("copies"))?;
        let mut index = Index::default();
        let settled = logged.removed.len() + logged.settled;
        for entry in logged.removed {
            // What is near it is to be compared again.
            let id = entry.id;
            index.add(entry);
            index.bury(id);
        }
        logged.entries.into_iter().for_each(|entry| {
            index.add(entry);
        });
        let changed = settled < index.len() || index.is_disturbed();
        let mut copies = Self { log, index, settled, changed };
        copies.follow(store)?;
        Ok(copies)
    }

    /// Takes out what the graph does not hold, and signs what it holds and was not signed.
    fn follow(&mut self, store: &Store) -> Result<(), IngestError> {
        let alive = store.articles()?;
        let dead: Vec<ArticleId> = self.index.ids().filter(|id| !alive.contains(id)).collect();
        self.remove(&dead)?;
        let missing: HashSet<ArticleId> =
            alive.into_iter().filter(|id| self.index.get(*id).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let signer = Signer::new()?;
        let mut entries = Vec::new();
        for document in store.documents()? {
            let (id, document) = match document {
                // What cannot be read is signed when its article is read again.
                Err(StoreError::Documents { .. }) => continue,
                document => document?,
            };
            if missing.contains(&id) {
                entries.extend(entry(id, &document, &signer));
            }
            if entries.len() >= BATCH {
                self.add(std::mem::take(&mut entries))?;
            }
        }
        self.add(entries)
    }

    /// Adds articles; those that are there and have not changed are passed by.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn add(&mut self, entries: Vec<Entry>) -> Result<(), IngestError> {
        let mut new = entries;
        new.retain(|entry| self.index.get(entry.id) != Some(entry));
        if new.is_empty() {
            return Ok(());
        }
        self.log.append(&new)?;
        for entry in new {
            self.index.bury(entry.id);
            self.index.add(entry);
        }
        self.changed = true;
        Ok(())
    }

    /// Takes articles out.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn remove(&mut self, ids: &[ArticleId]) -> Result<(), IngestError> {
        let gone: Vec<_> = ids.iter().copied().filter(|id| self.index.bury(*id)).collect();
        if !gone.is_empty() {
            self.log.remove(&gone)?;
            self.changed = true;
        }
        Ok(())
    }

    /// Which articles are copies of which, as far as that has changed.
    #[must_use]
    pub fn changes(&self) -> Vec<(ArticleId, Option<ArticleId>)> {
        if self.changed { self.index.changes(self.settled) } else { Vec::new() }
    }

    /// Says that the store holds that.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn settle(mut self) -> Result<(), IngestError> {
        if self.changed {
            self.log.mark()?;
        }
        Ok(())
    }

    /// Says in the store which articles are copies of which, and brings the agreements up to
    /// it.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn finish(self, store: &mut Store) -> Result<(), IngestError> {
        store.duplicates(&self.changes())?;
        store.merge()?;
        store.flush()?;
        self.settle()
    }
}

/// The signature of a document, as that of its article was.
fn entry(id: ArticleId, document: &Document, signer: &Signer) -> Option<Entry> {
    #[derive(serde::Deserialize)]
    struct Signed {
        text: String,
        published: Option<String>,
    }
    let signed: Signed = serde_json::from_str(&document.record).ok()?;
    let published = signed.published.and_then(|date| date.parse().ok());
    Some(Entry { id, published, signature: signer.run(&signed.text) })
}
