//! [`Writer`]: a batch into the store.
//!
//! A batch is written in this order: documents and signatures, which nobody asks for before
//! their articles are there; the articles, with the older versions that they replace, seen
//! all at once; a line that says that all of this is on the disk; the inputs that are read
//! to their end. What stands behind the last such line is read again. Copies and agreements
//! follow when everything is written: until then two files say that they are to be made.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use super::{
    Copies, IngestError, Order, Tally, Visit,
    versions::{Round, Versions, is_before, place_of},
};
use crate::{
    article::{ArticleId, Source},
    dedup::Entry,
    parcel::Parcel,
    store::{Articles, Change, Described, Stamp, Store},
};

/// Articles that are written together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Without what they describe, each with whether an earlier batch had it.
    parcels: Vec<(Parcel, bool)>,
    /// Where they are, by id.
    within: HashMap<ArticleId, usize>,
    /// All that was read, in its order, also what is known.
    readings: Vec<(ArticleId, Source, Visit)>,
    described: Described,
    quads: usize,
    finished: Vec<(PathBuf, Stamp)>,
}

impl Batch {
    /// Adds an article. Of two with the same id the first is kept, in `order`.
    pub(super) fn push(&mut self, mut parcel: Parcel, visit: Visit, seen: bool, order: Order) {
        self.read(parcel.id, parcel.source.clone(), visit);
        let at = self.within.get(&parcel.id).copied();
        if let Some(at) = at {
            let known = &self.parcels[at].0;
            if order == Order::Arrival
                || !is_before(&place_of(&parcel.source), &place_of(&known.source))
            {
                return;
            }
        }
        self.described.take(&mut parcel.quads);
        self.quads += parcel.quads.len();
        match at {
            Some(at) => self.parcels[at].0 = parcel,
            None => {
                self.within.insert(parcel.id, self.parcels.len());
                self.parcels.push((parcel, seen));
            }
        }
    }

    /// Notes that an article was read, which need not be there.
    pub(super) fn read(&mut self, id: ArticleId, source: Source, visit: Visit) {
        self.readings.push((id, source, visit));
    }

    pub(super) fn finished(&mut self, file: PathBuf, stamp: Stamp) {
        self.finished.push((file, stamp));
    }

    /// How many articles were read.
    pub(super) fn len(&self) -> usize {
        self.readings.len()
    }

    pub(super) fn quads(&self) -> usize {
        self.quads + self.described.len()
    }

    pub(super) fn holds(&self, id: &ArticleId) -> bool {
        self.within.contains_key(id)
    }

    /// Whether all articles were read in full, from files that no run has read before.
    pub(super) fn is_certain(&self) -> bool {
        self.readings.iter().all(|(id, _, visit)| *visit == Visit::New && self.holds(id))
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = ArticleId> {
        self.parcels.iter().map(|(parcel, _)| parcel.id)
    }
}

/// Who writes.
#[derive(Debug)]
pub(super) struct Writer {
    store: Store,
    copies: Copies,
    versions: Versions,
    order: Order,
    /// Whether all articles of the store are of this run.
    is_new: bool,
    /// Articles that should be there and were not read in full, with their files.
    wanted: Vec<(ArticleId, Arc<PathBuf>)>,
    /// Files that are finished when these are read.
    later: Vec<(PathBuf, Stamp)>,
    tally: Tally,
}

impl Writer {
    pub(super) fn open(path: &std::path::Path, order: Order) -> Result<Self, IngestError> {
        let store = Store::open(path)?;
        let copies = Copies::open(&store)?;
        let versions = Versions::open(&store, order)?;
        let is_new = store.articles()?.is_empty();
        let (wanted, later) = (Vec::new(), Vec::new());
        Ok(Self { store, copies, versions, order, is_new, wanted, later, tally: Tally::default() })
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn damaged_readings(&self) -> usize {
        self.versions.damaged()
    }

    /// Forgets by what articles were read whose documents cannot be read.
    pub(super) fn distrust(&mut self) -> Result<(), IngestError> {
        let unreadable = self.store.unreadable()?;
        self.store.distrust(&unreadable)?;
        Ok(self.store.flush()?)
    }

    /// Writes a batch.
    pub(super) fn write(&mut self, batch: Batch) -> Result<(), IngestError> {
        let (articles, finished) = self.prepare(batch, Round::default())?;
        let changes = self.store.write(articles)?;
        self.store.flush()?;
        self.store.finished(&finished)?;
        self.count(&changes);
        Ok(())
    }

    /// Whether nothing is left to be read.
    pub(super) fn is_certain(&self) -> bool {
        self.wanted.is_empty() && self.versions.open_files().next().is_none()
    }

    /// Writes a batch when all has been read. Gives the articles that should be there and
    /// were only known by their hashes: they are to be read.
    pub(super) fn close(
        &mut self,
        batch: Batch,
    ) -> Result<Vec<(ArticleId, Arc<PathBuf>)>, IngestError> {
        self.write(batch)?;
        let mut round = Round::default();
        self.versions.close(&mut round);
        let (articles, _) = self.prepare(Batch::default(), round)?;
        self.store.write(articles)?;
        Ok(std::mem::take(&mut self.wanted))
    }

    /// Writes the last batch, says which articles are copies of which, and brings the
    /// agreements up to them.
    pub(super) fn finish(mut self, batch: Batch) -> Result<Tally, IngestError> {
        let (articles, mut finished) = self.prepare(batch, Round::default())?;
        finished.append(&mut self.later);
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
    fn prepare(
        &mut self,
        batch: Batch,
        mut round: Round,
    ) -> Result<(Articles, Vec<(PathBuf, Stamp)>), IngestError> {
        let Batch { parcels, within, readings, described, finished, .. } = batch;
        for (id, source, visit) in &readings {
            self.versions.note(&self.store, *id, source, *visit, &mut round)?;
        }
        let source = |id: &ArticleId| within.get(id).map(|&at| &parcels[at].0.source);
        let verdict = self.versions.settle(&self.store, &round, source)?;
        self.wanted.extend(verdict.wanted);
        let mut articles = Articles { described, superseded: verdict.gone, ..Articles::default() };
        let mut entries = Vec::with_capacity(parcels.len());
        for (mut parcel, seen) in parcels {
            let id = parcel.id;
            if verdict.older.contains(&id) {
                self.store.archive_superseded(id, parcel.mark)?;
                self.tally.unchanged += 1;
                articles.let_go.append(&mut parcel.quads);
                continue;
            }
            if verdict.back.contains(&id) {
                articles.restored.push(id);
                self.bring_back(&mut parcel);
            } else if self.is_there(&parcel, seen)? {
                articles.let_go.append(&mut parcel.quads);
                continue;
            }
            self.store.archive(id, parcel.mark, parcel.document.take().as_ref())?;
            let Parcel { published, signature, quads, .. } = parcel;
            entries.push(Entry { id, published, signature });
            articles.own.push(quads);
        }
        let gone: Vec<_> = articles.superseded.iter().map(|(old, _)| *old).collect();
        for id in &gone {
            self.store.archive_superseded(*id, 0)?;
        }
        self.tally.superseded += gone.len();
        self.copies.add(entries)?;
        self.copies.remove(&gone)?;
        Ok((articles, self.postpone(finished)))
    }

    /// Whether an article that came is there already, as it was found first.
    fn is_there(&self, parcel: &Parcel, seen: bool) -> Result<bool, IngestError> {
        if self.order == Order::Arrival {
            return Ok(seen);
        }
        if !seen && (self.is_new || !self.store.has_read(&parcel.id)) {
            return Ok(false);
        }
        Ok(self.store.holds(&parcel.id)?
            && is_before(&self.store.place_of(&parcel.id)?, &place_of(&parcel.source)))
    }

    /// Of an article that stands again where others stood, says where it was found first.
    fn bring_back(&self, parcel: &mut Parcel) {
        let Some(first) = self.versions.first(&parcel.id) else { return };
        if self.order == Order::Place && !is_before(first, &place_of(&parcel.source)) {
            return;
        }
        let first = first.clone();
        parcel.place_at(Source {
            file: first.file.map(|file| Arc::new(file.into())),
            line: first.line,
            offset: first.offset,
            captured: first.captured,
            url: first.url,
            publisher: parcel.source.publisher.clone(),
        });
    }

    /// Leaves the files that are finished. Of others something is to be read once more.
    fn postpone(&mut self, files: Vec<(PathBuf, Stamp)>) -> Vec<(PathBuf, Stamp)> {
        let wanted = self.wanted.iter().map(|(_, file)| file.as_path());
        let open = self.versions.open_files().map(PathBuf::as_path);
        let held: Vec<_> = wanted.chain(open).filter_map(|it| it.canonicalize().ok()).collect();
        let (later, finished) = files.into_iter().partition(|(file, _)| held.contains(file));
        self.later.extend::<Vec<_>>(later);
        finished
    }
}
