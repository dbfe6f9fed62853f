//! [`Readings`]: of articles whose address others have had too, where each was read last.
//!
//! The graph names one place for an article, the first. Which of several articles stands at an
//! address now depends on the last ones: a page that goes back to what it said before is read
//! again as it was. So of articles that meet at an address, and of captures later than that
//! which the graph names, the newest reading is kept, in a file of the store that is only
//! appended to: a line of JSON each, in the order of reading.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::PathBuf,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{IngestError, Order};
use crate::{
    article::ArticleId,
    store::{Place, Store, StoreError},
};

/// Lines that nobody needs any more, beside as many that are needed, before they are dropped.
const SPARE: usize = 10_000;

/// An article as it was read last at an address.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) id: ArticleId,
    pub(super) place: Place,
    captured: Option<Timestamp>,
    /// Whether it came as such, not in a shard.
    direct: bool,
    /// Its turn among all readings; an odd one stands between two runs.
    turn: usize,
}

/// The readings of a store.
#[derive(Debug)]
pub(super) struct Readings {
    path: PathBuf,
    at: HashMap<String, Vec<Reading>>,
    addresses: HashMap<ArticleId, BTreeSet<String>>,
    /// Where articles that have gone were read first.
    first: HashMap<ArticleId, Place>,
    turn: usize,
    /// The first turn of this run.
    start: usize,
    order: Order,
    /// What is not yet in the file.
    draft: Vec<u8>,
    /// Lines that say nothing.
    damaged: usize,
}

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    /// Whether it is where the article was read first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    first: bool,
    /// Whether it came in a shard.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    shard: bool,
    #[serde(flatten)]
    place: Place,
}

impl Readings {
    /// Those of a store that is open for writing, without articles that were taken out of it.
    pub(super) fn open(store: &Store, order: Order) -> Result<Self, IngestError> {
        let path = store.path().join("readings");
        let failed = |error| StoreError::io(&path, error);
        let mut readings = Self {
            path: path.clone(),
            at: HashMap::new(),
            addresses: HashMap::new(),
            first: HashMap::new(),
            turn: 0,
            start: 0,
            order,
            draft: Vec::new(),
            damaged: 0,
        };
        let replaced = store.replaced()?;
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            text => text.map_err(failed)?,
        };
        if !text.is_empty() || !replaced.is_empty() {
            let alive = store.articles()?;
            let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
            let mut count = 0;
            for line in lines {
                count += 1;
                let line = serde_json::from_slice::<Line>(line).ok();
                let line = line.and_then(|line| Some((ArticleId::from_hex(&line.id)?, line)));
                let Some((id, Line { first, shard, place, .. })) = line else {
                    readings.damaged += 1;
                    continue;
                };
                // One that a kill has left without a mark is there all the same.
                if !alive.contains(&id) && !replaced.contains_key(&id) && !store.holds(&id)? {
                    continue;
                }
                if first {
                    readings.first.insert(id, place);
                } else {
                    readings.put(id, place, !shard);
                }
            }
            // One that a kill cut short.
            if !text.ends_with(b"\n") {
                readings.damaged = readings.damaged.saturating_sub(1);
            }
            // Of a store that was made without: what is known of them.
            for (old, new) in &replaced {
                if readings.is_member(old) {
                    continue;
                }
                let newest = store.place_of(new)?;
                let url = newest.url.clone();
                readings.put(*old, Place { url, ..Place::default() }, true);
                if !readings.is_member(new) {
                    readings.put(*new, newest, true);
                }
            }
            if count > 2 * readings.len() + SPARE {
                readings.rewrite().map_err(failed)?;
            }
        }
        readings.turn += 2;
        readings.start = readings.turn;
        readings.draft.clear();
        Ok(readings)
    }

    fn len(&self) -> usize {
        self.first.len() + self.at.values().map(Vec::len).sum::<usize>()
    }

    /// Whether an article has met others, or was captured again.
    pub(super) fn is_member(&self, id: &ArticleId) -> bool {
        self.addresses.contains_key(id)
    }

    /// The addresses at which an article was read, as far as it is here.
    pub(super) fn addresses(&self, id: &ArticleId) -> impl Iterator<Item = &str> {
        self.addresses.get(id).into_iter().flatten().map(String::as_str)
    }

    /// What was read at an address.
    pub(super) fn at(&self, address: &str) -> &[Reading] {
        self.at.get(address).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of(&self, id: &ArticleId, address: &str) -> Option<&Reading> {
        self.at(address).iter().find(|reading| reading.id == *id)
    }

    /// Where an article that has gone was read first.
    pub(super) fn first(&self, id: &ArticleId) -> Option<&Place> {
        self.first.get(id)
    }

    /// Whether it was read in this run.
    pub(super) fn is_of_this_run(&self, reading: &Reading) -> bool {
        reading.turn >= self.start
    }

    /// How many lines of the file are damaged.
    pub(super) fn damaged(&self) -> usize {
        self.damaged
    }

    /// How readings at an address are ordered that do not say when they were captured: those of
    /// shards by their places, and all by their turns where some came as such.
    fn order_at(&self, address: &str) -> Order {
        match self.order {
            Order::Place if self.at(address).iter().any(|reading| reading.direct) => Order::Arrival,
            order => order,
        }
    }

    /// Whether a reading of an article is news after the one that is known.
    pub(super) fn is_news(&self, address: &str, place: &Place, known: &Reading) -> bool {
        let captured = captured(place);
        if captured != known.captured {
            return captured > known.captured;
        }
        match self.order_at(address) {
            // A capture is what it is, whenever it is read.
            _ if captured.is_some() && self.order == Order::Arrival => false,
            // A shard may be loaded again; a file is read in its turn.
            Order::Arrival if self.order == Order::Place => *place != known.place,
            Order::Arrival => !(self.is_of_this_run(known) && *place == known.place),
            Order::Place => (&place.file, place.line) > (&known.place.file, known.place.line),
        }
    }

    /// The article that stands at an address: the one that was captured last; of those that
    /// were captured together, or that say nothing of it, the one that comes last. Those that
    /// say nothing come before the others.
    pub(super) fn holder(&self, address: &str) -> Option<&Reading> {
        let order = self.order_at(address);
        self.at(address).iter().max_by(|a, b| {
            let turns = a.turn.cmp(&b.turn);
            let places = |it: &Reading| (it.place.file.clone(), it.place.line, it.id);
            a.captured.cmp(&b.captured).then_with(|| match order {
                Order::Arrival => turns,
                Order::Place => places(a).cmp(&places(b)),
            })
        })
    }

    /// Notes where an article was read last at the address that the place names.
    pub(super) fn note(&mut self, id: ArticleId, place: Place) {
        let direct = self.order == Order::Arrival;
        self.write(id, false, direct, &place);
        self.put(id, place, direct);
    }

    /// Notes where an article was read last before this run.
    pub(super) fn note_known(&mut self, id: ArticleId, place: Place) {
        let turn = std::mem::replace(&mut self.turn, self.start - 1);
        self.note(id, place);
        self.turn = turn;
    }

    /// Notes where an article that goes was read first.
    pub(super) fn note_first(&mut self, id: ArticleId, place: Place) {
        if self.first.get(&id) != Some(&place) {
            self.write(id, true, true, &place);
            self.first.insert(id, place);
        }
    }

    fn put(&mut self, id: ArticleId, place: Place, direct: bool) {
        let address = place.url.clone().unwrap_or_default();
        let reading = Reading { id, captured: captured(&place), place, direct, turn: self.turn };
        self.turn += 2;
        self.addresses.entry(id).or_default().insert(address.clone());
        let there = self.at.entry(address).or_default();
        match there.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = reading,
            None => there.push(reading),
        }
    }

    fn write(&mut self, id: ArticleId, first: bool, direct: bool, place: &Place) {
        let line = Line { id: id.hex(), first, shard: !direct, place: place.clone() };
        // Strings and numbers: nothing of it can fail.
        if let Ok(line) = serde_json::to_vec(&line) {
            self.draft.extend_from_slice(&line);
            self.draft.push(b'\n');
        }
    }

    /// Brings what was noted to the disk.
    pub(super) fn save(&mut self) -> Result<(), IngestError> {
        if !self.draft.is_empty() {
            let file = OpenOptions::new().create(true).append(true).open(&self.path);
            let saved = file.and_then(|mut file| {
                // A line that was cut short ends here.
                file.write_all(b"\n")?;
                file.write_all(&self.draft)?;
                file.sync_data()
            });
            saved.map_err(|error| StoreError::io(&self.path, error))?;
            self.draft.clear();
        }
        Ok(())
    }

    /// Writes the file anew, with what is needed alone.
    fn rewrite(&mut self) -> io::Result<()> {
        self.draft.clear();
        let mut all: Vec<Reading> = self.at.values().flatten().cloned().collect();
        all.sort_unstable_by_key(|reading| reading.turn);
        for (id, place) in self.first.clone() {
            self.write(id, true, true, &place);
        }
        for reading in all {
            self.write(reading.id, false, reading.direct, &reading.place);
        }
        let new = self.path.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(&self.draft)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)
    }
}

/// When a place was captured; never where that is no time.
fn captured(place: &Place) -> Option<Timestamp> {
    place.captured.as_ref()?.parse().ok()
}
