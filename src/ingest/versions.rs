//! [`Versions`]: which of the articles that were read at an address stands there.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{IngestError, Order, Visit, readings::Readings};
use crate::{
    article::{ArticleId, Source},
    parcel,
    store::{Place, Store},
};

/// What is known of the versions in a store.
#[derive(Debug)]
pub(super) struct Versions {
    readings: Readings,
    order: Order,
    /// Hashes of the addresses that are there, if the store began empty: spares asking it.
    known: Option<HashSet<u64>>,
    /// The last articles that files say anew which were read before, by address and file.
    again: BTreeMap<(String, PathBuf), (ArticleId, Source)>,
}

/// What the readings of a batch have changed.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Articles of the batch that have met no other, by address, and where each was read.
    here: HashMap<String, ArticleId>,
    places: HashMap<ArticleId, Place>,
    /// Addresses at which articles have met.
    touched: BTreeSet<String>,
}

/// What is to be done about it.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Articles that have no address any more, each with one that has it.
    pub(super) gone: Vec<(ArticleId, ArticleId)>,
    /// Articles that are not written, though they came.
    pub(super) older: HashSet<ArticleId>,
    /// Articles that are written, whatever was known of them.
    pub(super) back: HashSet<ArticleId>,
    /// Articles that should be there and were not read in full, with their files.
    pub(super) wanted: Vec<(ArticleId, Arc<PathBuf>)>,
}

impl Versions {
    pub(super) fn open(store: &Store, order: Order) -> Result<Self, IngestError> {
        let known = store.articles()?.is_empty().then(HashSet::new);
        Ok(Self { readings: Readings::open(store, order)?, order, known, again: BTreeMap::new() })
    }

    /// How many lines of the file of readings are damaged.
    pub(super) fn damaged(&self) -> usize {
        self.readings.damaged()
    }

    /// Where an article that comes back was read first.
    pub(super) fn first(&self, id: &ArticleId) -> Option<&Place> {
        self.readings.first(id)
    }

    /// Notes that an article was read.
    pub(super) fn note(
        &mut self,
        store: &Store,
        id: ArticleId,
        source: &Source,
        visit: Visit,
        round: &mut Round,
    ) -> Result<(), IngestError> {
        let is_member = self.readings.is_member(&id);
        let addresses: Vec<String> = match parcel::address(source) {
            Some(address) => vec![address.to_owned()],
            // A record that was not read in full does not say it.
            None => self.readings.addresses(&id).map(str::to_owned).collect(),
        };
        // What stands in a file says nothing of what the file said before: the last article
        // at an address is what it says now, which is known at its end.
        let is_again = self.order == Order::Arrival && visit == Visit::Again;
        if is_member
            && is_again
            && source.captured.is_none()
            && let Some(file) = &source.file
        {
            for address in addresses {
                self.again.insert((address, file.to_path_buf()), (id, source.clone()));
            }
            return Ok(());
        }
        let described = match addresses.is_empty() || !store.has_read(&id) {
            true => None,
            false => Some(store.place_of(&id)?).filter(|place| *place != Place::default()),
        };
        for address in addresses {
            let place = Place { url: Some(address.clone()), ..place_of(source) };
            self.note_at(store, id, &address, &place, described.as_ref(), round)?;
        }
        Ok(())
    }

    fn note_at(
        &mut self,
        store: &Store,
        id: ArticleId,
        address: &str,
        place: &Place,
        described: Option<&Place>,
        round: &mut Round,
    ) -> Result<(), IngestError> {
        let mut others: Vec<(ArticleId, Place)> = Vec::new();
        if self.may_have(address) {
            for other in store.at_address(address)? {
                if other != id && self.readings.of(&other, address).is_none() {
                    others.push((other, store.place_of(&other)?));
                }
            }
        }
        if let Some(other) = round.here.get(address).filter(|other| **other != id)
            && let Some(place) = round.places.get(other)
        {
            others.push((*other, place.clone()));
        }
        let is_of_batch = |id: &ArticleId| round.places.contains_key(id);
        let has_met =
            !others.is_empty() || self.readings.at(address).iter().any(|reading| reading.id != id);
        for (other, place) in others {
            if self.readings.of(&other, address).is_none() {
                let place = Place { url: Some(address.to_owned()), ..place };
                if is_of_batch(&other) {
                    self.readings.note(other, place);
                } else {
                    self.readings.note_known(other, place);
                }
            }
        }
        // Where it is known to have been read: another address counts too.
        let known = described.or(round.places.get(&id)).cloned();
        let is_elsewhere = known.as_ref().is_some_and(|it| it.url.as_deref() != Some(address));
        if !has_met && !is_elsewhere && !self.readings.is_member(&id) {
            match known {
                None => {
                    round.here.insert(address.to_owned(), id);
                    round.places.insert(id, place.clone());
                    if let Some(known) = &mut self.known {
                        known.insert(hash(address));
                    }
                }
                Some(known) if self.is_later(place, &known) => {
                    self.readings.note(id, place.clone());
                }
                // The graph will name the earlier place.
                Some(known) if self.order == Order::Place && is_before(place, &known) => {
                    self.readings.note(id, known);
                }
                Some(_) => {}
            }
            return Ok(());
        }
        if let Some(known) = known
            && let Some(url) = &known.url
            && self.readings.of(&id, url).is_none()
        {
            if round.places.contains_key(&id) {
                self.readings.note(id, known);
            } else {
                self.readings.note_known(id, known);
            }
        }
        let own = self.readings.of(&id, address);
        if own.is_none_or(|own| self.readings.is_news(address, place, own)) {
            self.readings.note(id, place.clone());
        }
        round.touched.insert(address.to_owned());
        Ok(())
    }

    /// Whether an article that met no other was read later than the graph says, and it may
    /// matter: what comes in no order is ordered by it.
    fn is_later(&self, place: &Place, known: &Place) -> bool {
        let captured = |place: &Place| place.captured.as_ref()?.parse::<jiff::Timestamp>().ok();
        let (new, old) = (captured(place), captured(known));
        match self.order {
            _ if new != old => new > old,
            Order::Arrival => false,
            Order::Place => (&place.file, place.line) > (&known.file, known.line),
        }
    }

    /// What the files that were read before say at their ends.
    pub(super) fn close(&mut self, round: &mut Round) {
        for ((address, file), (id, source)) in std::mem::take(&mut self.again) {
            let Some(holder) = self.readings.holder(&address) else { continue };
            let is_of_file =
                holder.place.file.as_ref().is_some_and(|it| is_same(it.as_ref(), &file));
            let is_before =
                !self.readings.is_of_this_run(holder) || holder.place.line < source.line;
            if holder.id != id && holder.place.captured.is_none() && is_of_file && is_before {
                let place = Place { url: Some(address.clone()), ..place_of(&source) };
                self.readings.note(id, place);
                round.touched.insert(address);
            }
        }
    }

    /// The files that are read again of which it is not yet known what they say.
    pub(super) fn open_files(&self) -> impl Iterator<Item = &PathBuf> {
        self.again.keys().map(|(_, file)| file)
    }

    /// Which articles stand, of those that have met. `batch` says where one of the batch was
    /// read.
    pub(super) fn settle<'a>(
        &mut self,
        store: &Store,
        round: &Round,
        batch: impl Fn(&ArticleId) -> Option<&'a Source>,
    ) -> Result<Verdict, IngestError> {
        let mut verdict = Verdict::default();
        let touched = round.touched.iter().flat_map(|address| self.readings.at(address));
        let met: BTreeSet<ArticleId> = touched.map(|reading| reading.id).collect();
        for id in met {
            let mut holders = Vec::new();
            for address in self.readings.addresses(&id) {
                holders.extend(self.readings.holder(address));
            }
            let stands = holders.iter().any(|holder| holder.id == id);
            let Some(by) = holders.first().map(|holder| holder.id) else { continue };
            let place = holders.iter().find(|holder| holder.id == id).map(|it| it.place.clone());
            let came = batch(&id);
            let is_there = store.holds(&id)?;
            if stands && !is_there {
                match (came, place.and_then(|place| place.file)) {
                    (Some(_), _) => {
                        verdict.back.insert(id);
                    }
                    (None, Some(file)) => verdict.wanted.push((id, Arc::new(file.into()))),
                    (None, None) => {}
                }
            }
            // Who should have the address cannot be brought: shards are read once.
            let is_nowhere = self.order == Order::Place && batch(&by).is_none();
            if stands || is_there && is_nowhere && !store.holds(&by)? {
                continue;
            }
            let described = if is_there { Some(store.place_of(&id)?) } else { None };
            for place in described.into_iter().chain(came.map(place_of)) {
                let first = self.readings.first(&id);
                if first.is_none_or(|it| self.order == Order::Place && is_before(&place, it)) {
                    self.readings.note_first(id, place);
                }
            }
            if came.is_some() {
                verdict.older.insert(id);
            }
            if is_there || store.newer(&id)? != Some(by) {
                verdict.gone.push((id, by));
            }
        }
        self.readings.save()?;
        Ok(verdict)
    }

    fn may_have(&self, address: &str) -> bool {
        self.known.as_ref().is_none_or(|known| known.contains(&hash(address)))
    }
}

fn hash(address: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    hasher.finish()
}

/// Whether two paths lead to the same file, however they are written.
fn is_same(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().ok().is_some_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// Where an article was read, as the graph says it.
pub(super) fn place_of(source: &Source) -> Place {
    Place {
        captured: source.captured.clone(),
        file: source.file.as_ref().map(|file| file.to_string_lossy().into_owned()),
        line: source.line,
        offset: source.offset,
        url: source.url.clone(),
    }
}

/// Whether a place comes before another, by file and line.
pub(super) fn is_before(place: &Place, other: &Place) -> bool {
    (&place.file, place.line) < (&other.file, other.line)
}
