//! What the articles of a store were read as: what its archive is asked.

use std::collections::HashSet;

use oxigraph::model::Term;

use super::{Store, StoreError, archive::State};
use crate::{
    article::ArticleId,
    rdf::{key, vocab::prov},
    wire::Document,
};

impl Store {
    /// Keeps what an article was read as, beside the graph; without a document only that it
    /// was read. `mark` says by what: [`crate::pipeline::mark`]. It is in the file when the
    /// next articles are written.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn archive(
        &mut self,
        id: ArticleId,
        mark: u64,
        document: Option<&Document>,
    ) -> Result<(), StoreError> {
        let state = if document.is_some() { State::Kept } else { State::Known };
        let done = self.archive.put(id, mark, state, document);
        done.map_err(|error| StoreError::io(&self.path, error))
    }

    /// Keeps that an article was read whose address another has taken.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn archive_superseded(&mut self, id: ArticleId, mark: u64) -> Result<(), StoreError> {
        let done = self.archive.put(id, mark, State::Superseded, None);
        done.map_err(|error| StoreError::io(&self.path, error))
    }

    /// The articles that need not be read again: those that were read by `mark`, and whose
    /// documents are there if they are wanted.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn read_by(
        &self,
        mark: u64,
        with_documents: bool,
    ) -> Result<HashSet<ArticleId>, StoreError> {
        let found = self.archive.read_by(mark, with_documents);
        found.map_err(|error| StoreError::io(&self.path, error))
    }

    /// The articles that were read, and whose addresses others have taken.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn superseded(&self) -> Result<HashSet<ArticleId>, StoreError> {
        self.archive.superseded().map_err(|error| StoreError::io(&self.path, error))
    }

    /// Whether an article was read that the graph should hold; after a kill it may not.
    #[must_use]
    pub fn has_read(&self, id: &ArticleId) -> bool {
        self.archive.has_read(id)
    }

    /// The articles that the graph holds, as of the last [`Store::flush`].
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn articles(&self) -> Result<HashSet<ArticleId>, StoreError> {
        self.archive.articles().map_err(|error| StoreError::io(&self.path, error))
    }

    /// What an article was read as. Readers see what a writer has written since they opened.
    ///
    /// # Errors
    ///
    /// If the disk refuses, or the archive is damaged there.
    pub fn document(&self, id: &ArticleId) -> Result<Option<Document>, StoreError> {
        let failed = |error| StoreError::io(&self.path, error);
        let Some(mut document) = self.archive.document(id).map_err(failed)? else {
            return Ok(None);
        };
        if let Some(original) = self.original(id)? {
            document.set_duplicate_of(&original);
        }
        Ok(Some(document))
    }

    /// What all articles were read as, in the order in which they were kept. Damage costs the
    /// documents around it, and is told once for them: [`StoreError::Documents`].
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn documents(
        &self,
    ) -> Result<impl Iterator<Item = Result<(ArticleId, Document), StoreError>>, StoreError> {
        let found = self.archive.documents().map_err(|error| StoreError::io(&self.path, error))?;
        Ok(found.map(|found| {
            found.map_err(|articles| StoreError::Documents { path: self.path.clone(), articles })
        }))
    }

    /// The articles whose documents cannot be read, because their file is damaged.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn unreadable(&self) -> Result<Vec<ArticleId>, StoreError> {
        self.archive.unreadable().map_err(|error| StoreError::io(&self.path, error))
    }

    /// Forgets documents, and by what they were read: they are to be read again.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn distrust(&mut self, ids: &[ArticleId]) -> Result<(), StoreError> {
        self.archive.distrust(ids).map_err(|error| StoreError::io(&self.path, error))
    }

    /// How many articles had been forgotten, because the file of documents was damaged: they
    /// are to be read again.
    #[must_use]
    pub fn forgotten(&self) -> usize {
        self.forgotten
    }

    /// Brings the file of documents in line with what the graph holds: something may have
    /// damaged it, or cut it off.
    pub(super) fn mend(&mut self) -> Result<(), StoreError> {
        let failed = |error| StoreError::io(&self.path, error);
        let mut held = HashSet::new();
        for quad in self.inner.quads_for_pattern(None, Some(prov::WAS_DERIVED_FROM), None, None) {
            let quad = quad.map_err(|error| failed(error.into()))?;
            if let Term::NamedNode(article) = &quad.object {
                held.extend(key::article(article.as_str()));
            }
        }
        let dropped = self.archive.drop_gaps().map_err(failed)?;
        if dropped == 0 && self.archive.knows(&held).map_err(failed)? {
            return Ok(());
        }
        let replaced = self.replaced()?;
        let forgotten = self.archive.follow(&held, |id| replaced.contains_key(id));
        self.forgotten = forgotten.map_err(failed)?;
        self.flush()
    }

    /// Forgets articles that were taken out of the graph.
    pub(super) fn forget(&mut self, ids: &[ArticleId]) -> Result<(), StoreError> {
        let archive = &mut self.archive;
        let done = ids.iter().try_for_each(|id| archive.put(*id, 0, State::Removed, None));
        done.and_then(|()| self.archive.write()).map_err(|error| StoreError::io(&self.path, error))
    }
}
