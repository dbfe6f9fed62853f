//! [`Writer`]: a batch into the store.
//!
//! A batch is written in this order: documents and signatures, which nobody asks for before
//! their articles are there; the articles, with the older versions that they replace, seen
//! all at once; a line that says that all of this is on the disk; the inputs that are read
//! to their end. What stands behind the last such line is read again. Copies and agreements
//! follow when everything is written: until then two files say that they are to be made.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use oxrdf::Quad;

use super::{Copies, IngestError, Order, Tally};
use crate::{
    article::{ArticleId, Source},
    dedup::Entry,
    parcel::Parcel,
    store::{Articles, Change, Described, Place, Stamp, Store},
};

/// Articles that are written together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Without what they describe.
    parcels: Vec<Parcel>,
    described: Described,
    quads: usize,
    finished: Vec<(PathBuf, Stamp)>,
}

impl Batch {
    pub(super) fn push(&mut self, mut parcel: Parcel) {
        self.described.take(&mut parcel.quads);
        self.quads += parcel.quads.len();
        self.parcels.push(parcel);
    }

    pub(super) fn finished(&mut self, file: PathBuf, stamp: Stamp) {
        self.finished.push((file, stamp));
    }

    /// How many articles there are.
    pub(super) fn len(&self) -> usize {
        self.parcels.len()
    }

    pub(super) fn quads(&self) -> usize {
        self.quads + self.described.len()
    }

    /// Where an article was read.
    pub(super) fn place(&self, at: usize) -> Place {
        place_of(&self.parcels[at].source)
    }
}

/// Who writes.
#[derive(Debug)]
pub(super) struct Writer {
    store: Store,
    copies: Copies,
    order: Order,
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

impl Writer {
    pub(super) fn open(path: &Path, order: Order) -> Result<Self, IngestError> {
        let store = Store::open(path)?;
        let copies = Copies::open(&store)?;
        let known = store.articles()?.is_empty().then(HashSet::new);
        let addresses = Addresses { known, any_versions: store.has_versions()? };
        Ok(Self { store, copies, order, addresses, tally: Tally::default() })
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Writes a batch.
    pub(super) fn write(&mut self, batch: Batch) -> Result<(), IngestError> {
        let (articles, finished) = self.prepare(batch)?;
        let changes = self.store.write(articles)?;
        self.store.flush()?;
        self.store.finished(&finished)?;
        self.count(&changes);
        Ok(())
    }

    /// Writes the last batch, says which articles are copies of which, and brings the
    /// agreements up to them.
    pub(super) fn finish(mut self, batch: Batch) -> Result<Tally, IngestError> {
        let (articles, finished) = self.prepare(batch)?;
        let changes = self.store.write_last(articles, &self.copies.changes())?;
        self.store.flush()?;
        self.store.finished(&finished)?;
        self.count(&changes);
        self.copies.settle()?;
        self.tally.agreements = self.store.agreements()?;
        Ok(self.tally)
    }

    fn count(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::New => self.tally.new += 1,
                Change::Replaced => self.tally.replaced += 1,
                Change::Unchanged => self.tally.unchanged += 1,
            }
        }
    }

    /// Writes what stands beside the graph, and says what is to be written into it.
    fn prepare(&mut self, batch: Batch) -> Result<(Articles, Vec<(PathBuf, Stamp)>), IngestError> {
        let Batch { mut parcels, described, finished, .. } = batch;
        for parcel in &mut parcels {
            self.store.archive(parcel.id, parcel.mark, parcel.document.take().as_ref())?;
        }
        let mut parcels: Vec<Option<Parcel>> = parcels.into_iter().map(Some).collect();
        let mut let_go = Vec::new();
        let superseded = self.versions(&mut parcels, &mut let_go)?;
        self.tally.superseded += superseded.len();
        let mut entries = Vec::with_capacity(parcels.len());
        let mut own = Vec::with_capacity(parcels.len());
        for Parcel { id, published, signature, quads, .. } in parcels.into_iter().flatten() {
            entries.push(Entry { id, published, signature });
            own.push(quads);
        }
        self.copies.add(entries)?;
        let gone: Vec<_> = superseded.iter().map(|(old, _)| *old).collect();
        self.copies.remove(&gone)?;
        Ok((Articles { own, described, superseded, let_go }, finished))
    }

    /// Which articles of a batch and of the store are older versions, each with the newer
    /// one. Those of the batch are taken out of it, and what they say is let go.
    fn versions(
        &mut self,
        batch: &mut [Option<Parcel>],
        let_go: &mut Vec<Quad>,
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
                self.tally.unchanged += 1;
                let_go.extend(batch[at].take().into_iter().flat_map(|parcel| parcel.quads));
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
                    let_go.extend(batch[other].take().into_iter().flat_map(|it| it.quads));
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
                    let_go.extend(batch[at].take().into_iter().flat_map(|it| it.quads));
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
pub(super) fn place_of(source: &Source) -> Place {
    Place {
        captured: source.captured.clone(),
        file: source.file.as_ref().map(|file| file.to_string_lossy().into_owned()),
        line: source.line,
    }
}
