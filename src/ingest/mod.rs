//! [`Ingest`]: parcels into a store, in batches, so that a kill at any moment costs no more
//! than the batch. While one is written, the next is gathered.

mod copies;
mod readings;
mod versions;
mod writer;

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
};

pub use self::copies::Copies;
use self::writer::{Batch, Writer};
use crate::{
    article::{ArticleId, Source},
    dedup::LogError,
    parcel::Parcel,
    rule::DataError,
    store::{Stamp, Store, StoreError},
};

/// Quads that are gathered before they are written: many, because each piece that is loaded
/// is merged with the others on the disk; few enough to lose little work and memory.
const BATCH: usize = 150_000;
/// The first time after so many, then twice as many each time: of few articles some are
/// written while others are read.
const FIRST: usize = 50_000;
/// Articles that are gathered at most.
pub const ARTICLES: usize = 10_000;

/// Why articles cannot be brought into a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The signatures.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A data file that comes with the program has a mistake.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The system has no thread to spare.
    #[error(transparent)]
    Thread(#[from] io::Error),
    /// An earlier batch could not be written, for a reason that was told then.
    #[error("an earlier batch could not be written")]
    Abandoned,
}

/// Which of two articles at one address is the newer one, if the crawl does not say when it
/// fetched them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The one that comes later: inputs are read in their order.
    Arrival,
    /// The one that stands later, by file and line: shards come in any order. For the same
    /// reason, of an article that was read in two places, the first of them is kept.
    Place,
}

/// Whether an earlier run has read the file that an article comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// No: an article that was known before and stands in it was read anew.
    New,
    /// Yes, as it is or as it was: that such an article stands in it is no news.
    Again,
}

/// What became of the articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// They were not there.
    pub new: usize,
    /// They say something else than before.
    pub replaced: usize,
    /// They say the same.
    pub unchanged: usize,
    /// They are older versions, or have been replaced by newer ones.
    pub superseded: usize,
    /// Agreements in the graph when all was merged.
    pub agreements: usize,
}

/// A store into which articles are brought.
#[derive(Debug)]
pub struct Ingest {
    /// Who writes; elsewhere while a batch is written.
    writer: Option<Writer>,
    writing: Option<JoinHandle<(Writer, Result<(), IngestError>)>>,
    order: Order,
    /// Articles of a batch at most.
    articles: usize,
    /// Quads of the batch at most.
    limit: usize,
    batch: Batch,
    /// Articles of earlier batches.
    seen: HashSet<ArticleId>,
}

impl Ingest {
    /// Opens a store, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn open(path: &Path, order: Order) -> Result<Self, IngestError> {
        Ok(Self {
            writer: Some(Writer::open(path, order)?),
            writing: None,
            order,
            articles: ARTICLES,
            limit: FIRST,
            batch: Batch::default(),
            seen: HashSet::new(),
        })
    }

    /// Writes after so many articles, if that is less than what is done anyway: less is lost
    /// by a kill, and all of it takes longer.
    #[must_use]
    pub fn with_batches_of(mut self, articles: usize) -> Self {
        self.articles = articles.min(ARTICLES);
        self
    }

    /// The store, when all that was gathered has been written.
    ///
    /// # Errors
    ///
    /// If it could not be written to.
    pub fn store(&mut self) -> Result<&Store, IngestError> {
        Ok(self.writer()?.store())
    }

    /// How many lines of the file of readings are damaged: of articles that have met at an
    /// address it is not known where they were read last.
    ///
    /// # Errors
    ///
    /// If an earlier batch could not be written.
    pub fn damaged_readings(&mut self) -> Result<usize, IngestError> {
        Ok(self.writer()?.damaged_readings())
    }

    /// Forgets by what articles were read whose documents cannot be read, so that they are
    /// read again.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn distrust(&mut self) -> Result<(), IngestError> {
        self.writer()?.distrust()
    }

    /// Brings an article. Says whether it is the first time in this run.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn push(&mut self, parcel: Parcel, visit: Visit) -> Result<bool, IngestError> {
        let seen = self.seen.contains(&parcel.id);
        let is_first = !seen && !self.batch.holds(&parcel.id);
        self.batch.push(parcel, visit, seen, self.order);
        self.write_full()?;
        Ok(is_first)
    }

    /// Notes that an article was read which the store knows: it may stand again where
    /// another one stood.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn read(&mut self, id: ArticleId, source: Source, visit: Visit) -> Result<(), IngestError> {
        self.batch.read(id, source, visit);
        self.write_full()
    }

    fn write_full(&mut self) -> Result<(), IngestError> {
        if self.batch.quads() >= self.limit || self.batch.len() >= self.articles {
            self.limit = BATCH.min(2 * self.limit);
            self.write()?;
        }
        Ok(())
    }

    /// All has been read, or is known. Gives the articles that are known, are not there and
    /// should be, each with a file in which it stands: they are to be brought before the end.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn wanted(&mut self) -> Result<Vec<(ArticleId, Arc<PathBuf>)>, IngestError> {
        // The last articles of a store that began empty are better written at the very end.
        if self.batch.is_certain() && self.writer()?.is_certain() {
            return Ok(Vec::new());
        }
        let batch = std::mem::take(&mut self.batch);
        self.seen.extend(batch.ids());
        self.writer()?.close(batch)
    }

    /// Says that a file was read to its end, and all of its articles were brought.
    pub fn finished(&mut self, file: PathBuf, stamp: Stamp) {
        self.batch.finished(file, stamp);
    }

    /// How many articles wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.batch.len()
    }

    /// Has what was gathered written, as soon as what was gathered before is.
    fn write(&mut self) -> Result<(), IngestError> {
        self.writer()?;
        let batch = std::mem::take(&mut self.batch);
        self.seen.extend(batch.ids());
        let Some(mut writer) = self.writer.take() else { return Ok(()) };
        let work = move || {
            let done = writer.write(batch);
            (writer, done)
        };
        self.writing = Some(thread::Builder::new().name("write".to_owned()).spawn(work)?);
        Ok(())
    }

    /// Who writes, when that is done.
    fn writer(&mut self) -> Result<&mut Writer, IngestError> {
        if let Some(writing) = self.writing.take() {
            match writing.join() {
                Ok((writer, done)) => {
                    self.writer = Some(writer);
                    done?;
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        // It is elsewhere only while something is written.
        self.writer.as_mut().ok_or(IngestError::Abandoned)
    }

    /// Writes what is left, says which articles are copies of which, and brings the
    /// agreements up to them.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn finish(mut self) -> Result<Tally, IngestError> {
        let batch = std::mem::take(&mut self.batch);
        self.writer()?;
        self.writer.take().ok_or(IngestError::Abandoned)?.finish(batch)
    }
}
