//! [`Ingest`]: parcels into a store, in batches, so that a kill at any moment costs no more
//! than the batch.
//!
//! A batch is written in this order: documents and signatures, which nobody asks for before
//! their articles are there; the articles, with the older versions that they replace, seen
//! all at once; a line that says that all of this is on the disk; the inputs that are read
//! to their end. What stands behind the last such line is read again. Copies and agreements
//! follow when everything is written: until then two files say that they are to be made.

mod copies;

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

pub use self::copies::Copies;
use crate::{
    article::{ArticleId, Source},
    dedup::{Entry, LogError},
    parcel::Parcel,
    rule::DataError,
    store::{Change, Place, Stamp, Store, StoreError},
};

/// Quads that are gathered before they are written: enough for the bulk loader to pay,
/// few enough to lose little work and memory.
const BATCH: usize = 200_000;
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
}

/// A store into which articles are brought.
#[derive(Debug)]
pub struct Ingest {
    store: Store,
    copies: Copies,
    order: Order,
    /// Articles of a batch at most.
    articles: usize,
    batch: Vec<Parcel>,
    quads: usize,
    /// Articles of the batch, by id.
    within: HashMap<ArticleId, usize>,
    /// Articles that were written.
    seen: HashSet<ArticleId>,
    finished: Vec<(PathBuf, Stamp)>,
    addresses: Addresses,
    tally: Tally,
}

/// What spares asking the store for every article.
#[derive(Debug, Default)]
struct Addresses {
    /// Hashes of the addresses that are there, if the store began empty.
    known: Option<HashSet<u64>>,
    /// Whether there are older versions.
    any_versions: bool,
}

impl Ingest {
    /// Opens a store, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn open(path: &Path, order: Order) -> Result<Self, IngestError> {
        let store = Store::open(path)?;
        let copies = Copies::open(&store)?;
        let known = store.articles()?.is_empty().then(HashSet::new);
        let addresses = Addresses { known, any_versions: store.has_versions()? };
        Ok(Self {
            store,
            copies,
            order,
            articles: ARTICLES,
            batch: Vec::new(),
            quads: 0,
            within: HashMap::new(),
            seen: HashSet::new(),
            finished: Vec::new(),
            addresses,
            tally: Tally::default(),
        })
    }

    /// Writes after so many articles, if that is less than what is done anyway: less is lost
    /// by a kill, and all of it takes longer.
    #[must_use]
    pub fn with_batches_of(mut self, articles: usize) -> Self {
        self.articles = articles.min(ARTICLES);
        self
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Brings an article. Says whether it is the first time in this run: of two with the
    /// same id the first is kept.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn push(&mut self, mut parcel: Parcel) -> Result<bool, IngestError> {
        if !self.is_wanted(&parcel)? {
            return Ok(false);
        }
        self.store.archive(parcel.id, parcel.mark, parcel.document.take().as_ref())?;
        self.quads += parcel.quads.len();
        self.within.insert(parcel.id, self.batch.len());
        self.batch.push(parcel);
        if self.quads >= BATCH || self.batch.len() >= self.articles {
            self.write()?;
        }
        Ok(true)
    }

    /// Whether an article is to be written, or is there already.
    fn is_wanted(&mut self, parcel: &Parcel) -> Result<bool, IngestError> {
        let is_first = !self.seen.contains(&parcel.id) && !self.within.contains_key(&parcel.id);
        if self.order == Order::Arrival {
            return Ok(is_first);
        }
        if let Some(&at) = self.within.get(&parcel.id) {
            let earlier = (&parcel.source.file, parcel.source.line)
                < (&self.batch[at].source.file, self.batch[at].source.line);
            if earlier {
                self.write()?;
            }
            return Ok(earlier);
        }
        let place = self.store.place_of(&parcel.id)?;
        let is_there = place != Place::default();
        Ok(!is_there || {
            let here = place_of(&parcel.source);
            (here.file, here.line) <= (place.file, place.line)
        })
    }

    /// Says that a file was read to its end, and all of its articles were brought.
    pub fn finished(&mut self, file: PathBuf, stamp: Stamp) {
        self.finished.push((file, stamp));
    }

    /// How many articles wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.batch.len()
    }

    /// Writes what was gathered.
    fn write(&mut self) -> Result<(), IngestError> {
        self.quads = 0;
        self.within.clear();
        let mut batch: Vec<Option<Parcel>> =
            std::mem::take(&mut self.batch).into_iter().map(Some).collect();
        let versions = self.versions(&mut batch)?;
        let batch: Vec<Parcel> = batch.into_iter().flatten().collect();
        self.seen.extend(batch.iter().map(|parcel| parcel.id));
        self.seen.extend(versions.iter().map(|(old, _)| *old));
        let mut entries = Vec::with_capacity(batch.len());
        let mut quads = Vec::with_capacity(batch.len());
        for Parcel { id, published, signature, quads: its, .. } in batch {
            entries.push(Entry { id, published, signature });
            quads.push(its);
        }
        self.copies.add(entries)?;
        let gone: Vec<_> = versions.iter().map(|(old, _)| *old).collect();
        self.copies.remove(&gone)?;
        for change in self.store.replace_versions(quads, &versions)? {
            match change {
                Change::New => self.tally.new += 1,
                Change::Replaced => self.tally.replaced += 1,
                Change::Unchanged => self.tally.unchanged += 1,
            }
        }
        self.tally.superseded += versions.len();
        self.store.flush()?;
        self.store.finished(&std::mem::take(&mut self.finished))?;
        Ok(())
    }

    /// Which articles of a batch and of the store are older versions, each with the newer
    /// one. Those of the batch are taken out of it.
    fn versions(
        &mut self,
        batch: &mut [Option<Parcel>],
    ) -> Result<Vec<(ArticleId, ArticleId)>, IngestError> {
        let mut versions = Vec::new();
        let mut gone = HashSet::new();
        let mut here = HashMap::<String, usize>::new();
        for at in 0..batch.len() {
            let Some(parcel) = &batch[at] else { continue };
            let (id, mark) = (parcel.id, parcel.mark);
            if self.addresses.any_versions && self.store.newer(&id)?.is_some() {
                // A version that is known to be older.
                self.store.archive_superseded(id, mark)?;
                self.seen.insert(id);
                self.tally.unchanged += 1;
                batch[at] = None;
                continue;
            }
            let Some(address) = parcel.address().map(str::to_owned) else { continue };
            let place = place_of(&parcel.source);
            let mut is_old = None;
            if let Some(&other) = here.get(&address)
                && let Some(older) = &batch[other]
            {
                let (other_id, other_mark) = (older.id, older.mark);
                if self.is_newer((&place, id), (&place_of(&older.source), other_id)) {
                    self.store.archive_superseded(other_id, other_mark)?;
                    versions.push((other_id, id));
                    batch[other] = None;
                } else {
                    is_old = Some(other_id);
                }
            } else if self.addresses.may_have(&address) {
                for other in self.store.at_address(&address)? {
                    if other == id || gone.contains(&other) {
                        continue;
                    }
                    if self.is_newer((&place, id), (&self.store.place_of(&other)?, other)) {
                        self.store.archive_superseded(other, mark)?;
                        versions.push((other, id));
                        gone.insert(other);
                    } else {
                        is_old = Some(other);
                    }
                }
            }
            match is_old {
                Some(newer) => {
                    self.store.archive_superseded(id, mark)?;
                    versions.push((id, newer));
                    batch[at] = None;
                }
                None => {
                    self.addresses.add(&address);
                    here.insert(address, at);
                }
            }
        }
        self.addresses.any_versions |= !versions.is_empty();
        Ok(versions)
    }

    fn is_newer(&self, new: (&Place, ArticleId), old: (&Place, ArticleId)) -> bool {
        let captured = |place: &Place| place.captured.as_ref()?.parse::<jiff::Timestamp>().ok();
        match (captured(new.0), captured(old.0)) {
            (Some(new), Some(old)) if new != old => new > old,
            _ if self.order == Order::Arrival => true,
            _ => {
                let place = |(place, id): (&Place, ArticleId)| (place.file.clone(), place.line, id);
                place(new) > place(old)
            }
        }
    }

    /// Writes what is left, says which articles are copies of which, and brings the
    /// agreements up to them.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn finish(mut self) -> Result<Tally, IngestError> {
        self.write()?;
        let Self { mut store, copies, tally, .. } = self;
        copies.finish(&mut store)?;
        Ok(tally)
    }
}

impl Addresses {
    fn may_have(&self, address: &str) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(&hash(address)))
    }

    fn add(&mut self, address: &str) {
        if let Some(known) = &mut self.known {
            known.insert(hash(address));
        }
    }
}

fn hash(address: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    hasher.finish()
}

/// Where an article was read, as the graph says it.
fn place_of(source: &Source) -> Place {
    Place {
        captured: source.captured.clone(),
        file: source.file.as_ref().map(|file| file.to_string_lossy().into_owned()),
        line: source.line,
    }
}
