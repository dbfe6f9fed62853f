//! [`Ingest`]: parcels into a store, in batches, so that a kill at any moment costs no more
//! than the batch. While one is written, the next is gathered.

mod copies;
mod writer;

use std::{
    collections::{HashMap, HashSet},
    io,
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

pub use self::copies::Copies;
use self::writer::{Batch, Writer, place_of};
use crate::{
    article::ArticleId,
    dedup::LogError,
    parcel::Parcel,
    rule::DataError,
    store::{Place, Stamp, Store, StoreError},
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
    /// Articles of the batch, by id.
    within: HashMap<ArticleId, usize>,
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
            within: HashMap::new(),
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

    /// Brings an article. Says whether it is the first time in this run: of two with the
    /// same id the first is kept.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn push(&mut self, parcel: Parcel) -> Result<bool, IngestError> {
        if !self.is_wanted(&parcel)? {
            return Ok(false);
        }
        self.within.insert(parcel.id, self.batch.len());
        self.batch.push(parcel);
        if self.batch.quads() >= self.limit || self.batch.len() >= self.articles {
            self.limit = BATCH.min(2 * self.limit);
            self.write()?;
        }
        Ok(true)
    }

    /// Whether an article is to be written, or is there already.
    fn is_wanted(&mut self, parcel: &Parcel) -> Result<bool, IngestError> {
        let within = self.within.get(&parcel.id);
        if self.order == Order::Arrival {
            return Ok(within.is_none() && !self.seen.contains(&parcel.id));
        }
        let here = place_of(&parcel.source);
        if let Some(&at) = within {
            let there = self.batch.place(at);
            let earlier = (&here.file, here.line) < (&there.file, there.line);
            if earlier {
                self.write()?;
            }
            return Ok(earlier);
        }
        let there = self.store()?.place_of(&parcel.id)?;
        Ok(there == Place::default() || (here.file, here.line) <= (there.file, there.line))
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
        self.seen.extend(self.within.drain().map(|(id, _)| id));
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
