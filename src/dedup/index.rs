//! [`Index`]: the signatures of all articles, and which of them are near each other.
//!
//! An article has 26 keys: each four bins of its sketch, and the ten first of its
//! sentences. Those that share a key of bins or two sentences are compared. With a Jaccard
//! index of 0.8 two articles share none in 2 of 10,000 cases.

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use super::signature::{BINS, Likeness, Sentence, Signature, mix};
use crate::{article::ArticleId, date::PartialDate};

/// Bins that make one key.
const ROWS: usize = 4;
const BANDS: usize = BINS / ROWS;
/// Sentences that are keys.
const KEYED: usize = 10;
const KEYS: usize = BANDS + KEYED;
/// Of one key, so many articles are looked at: more share it where pages are all alike.
const LONGEST_CHAIN: usize = 512;
const NONE: u32 = u32::MAX;

/// An article as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identity.
    pub id: ArticleId,
    /// When it was published, if that is known.
    pub published: Option<PartialDate>,
    /// What is kept of its text.
    pub signature: Signature,
}

impl Entry {
    /// The original of a cluster comes first in this order: by the last day on which it can
    /// have been published, then by the precision of that, then by the id.
    pub(super) fn order(&self) -> impl Ord + Copy + use<> {
        let date = self.published.map(|date| (date.latest(), date.earliest()));
        (date.is_none(), date, self.id)
    }
}

/// The signatures of many articles, in memory.
///
/// Articles with the same signature are one node; nodes are numbered in the order of their
/// arrival.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    /// Ids are hashes already.
    known: FxHashMap<ArticleId, u32>,
    /// The node of each entry.
    node: Vec<u32>,
    /// The first entry of each node.
    first: Vec<u32>,
    /// The next entry of the same node.
    next_same: Vec<u32>,
    by_signature: FxHashMap<u64, u32>,
    /// The last key put into each slot, and the one put there before each.
    heads: Vec<u32>,
    chain: Vec<u32>,
    /// Entries that were taken out: they stay where they are and are passed by.
    buried: HashSet<u32>,
    /// Nodes of which an entry was taken out: what is near them is to be compared again.
    pub(super) disturbed: Vec<u32>,
}

impl Index {
    /// Adds an article. Says whether it is new.
    pub fn add(&mut self, entry: Entry) -> bool {
        let number = self.entries.len() as u32;
        if self.known.contains_key(&entry.id) || number == NONE {
            return false;
        }
        self.known.insert(entry.id, number);
        let hash = hash_of(&entry.signature);
        let same = self.by_signature.get(&hash).copied().filter(|&node| {
            self.entries[self.first[node as usize] as usize].signature == entry.signature
        });
        self.next_same.push(NONE);
        match same {
            Some(node) => {
                let first = self.first[node as usize] as usize;
                self.next_same[number as usize] =
                    std::mem::replace(&mut self.next_same[first], number);
                self.node.push(node);
                self.entries.push(entry);
            }
            None => {
                let node = self.first.len() as u32;
                self.by_signature.insert(hash, node);
                self.first.push(number);
                self.node.push(node);
                self.entries.push(entry);
                self.link(node);
            }
        }
        true
    }

    /// Takes an article out. Says whether it was there.
    pub fn bury(&mut self, id: ArticleId) -> bool {
        let Some(number) = self.known.remove(&id) else { return false };
        self.buried.insert(number);
        self.disturbed.push(self.node_of(number));
        true
    }

    /// How many articles have ever been there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there were none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An article that is there.
    #[must_use]
    pub fn get(&self, id: ArticleId) -> Option<&Entry> {
        self.known.get(&id).map(|&number| self.entry(number))
    }

    /// The articles that are there.
    pub fn ids(&self) -> impl Iterator<Item = ArticleId> {
        self.known.keys().copied()
    }

    /// Whether any were taken out.
    #[must_use]
    pub fn is_disturbed(&self) -> bool {
        !self.disturbed.is_empty()
    }

    pub(super) fn entry(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    pub(super) fn node_of(&self, number: u32) -> u32 {
        self.node[number as usize]
    }

    pub(super) fn signature(&self, node: u32) -> &Signature {
        &self.entries[self.first[node as usize] as usize].signature
    }

    /// The entries of a node, but for those that were taken out.
    pub(super) fn entries_of(&self, node: u32) -> impl Iterator<Item = u32> {
        let first = self.first[node as usize];
        let all = std::iter::successors(Some(first), |&at| {
            Some(self.next_same[at as usize]).filter(|&next| next != NONE)
        });
        all.filter(|entry| !self.is_buried(*entry))
    }

    pub(super) fn is_buried(&self, entry: u32) -> bool {
        !self.buried.is_empty() && self.buried.contains(&entry)
    }

    /// The nodes that are near duplicates of this one.
    pub(super) fn neighbours(&self, node: u32) -> Vec<(u32, Likeness)> {
        let signature = self.signature(node);
        if signature.is_empty() || self.heads.is_empty() {
            return Vec::new();
        }
        let mut seen: Vec<(u32, bool)> = Vec::new();
        for key in 0..KEYS {
            let Some(value) = key_of(signature, key) else { break };
            let mut at = self.heads[self.slot(value)];
            let mut left = LONGEST_CHAIN;
            while at != NONE && left > 0 {
                left -= 1;
                let (other, its) = (at / KEYS as u32, at as usize % KEYS);
                if other != node && key_of(self.signature(other), its) == Some(value) {
                    seen.push((other, key < BANDS));
                }
                at = self.chain[at as usize];
            }
        }
        seen.sort_unstable();
        seen.chunk_by(|a, b| a.0 == b.0)
            .filter(|same| same.len() > 1 || same[0].1)
            .map(|same| same[0].0)
            .filter(|&other| self.buried.is_empty() || self.entries_of(other).next().is_some())
            .map(|other| (other, signature.likeness(self.signature(other))))
            .filter(|(_, likeness)| likeness.is_duplicate)
            .collect()
    }

    fn slot(&self, value: u64) -> usize {
        value as usize & (self.heads.len() - 1)
    }

    /// Puts the keys of a new node into the table.
    fn link(&mut self, node: u32) {
        let start = self.chain.len();
        self.chain.resize(start + KEYS, NONE);
        if self.chain.len() > self.heads.len() {
            let slots = (2 * self.chain.len()).next_power_of_two().max(1024);
            self.heads = vec![NONE; slots];
            self.chain.fill(NONE);
            (0..=node).for_each(|node| self.put(node));
        } else {
            self.put(node);
        }
    }

    fn put(&mut self, node: u32) {
        for key in 0..KEYS {
            let Some(value) = key_of(self.signature(node), key) else { break };
            let at = node * KEYS as u32 + key as u32;
            let slot = self.slot(value);
            self.chain[at as usize] = std::mem::replace(&mut self.heads[slot], at);
        }
    }
}

impl Signature {
    /// The keys under which the index finds it. Where they are compared on many machines,
    /// texts that share none are not near each other.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        (0..KEYS).map_while(|key| key_of(self, key))
    }

    /// Whether the index would find one of two by the other, and they are near duplicates.
    #[must_use]
    pub fn is_near(&self, other: &Self) -> bool {
        let mine: Vec<u64> = self.keys().collect();
        let shared = |key: &usize| key_of(other, *key).is_some_and(|key| mine.contains(&key));
        let bands = (0..BANDS).filter(shared).count();
        let sentences = (BANDS..KEYS).filter(shared).count();
        (bands > 0 || sentences > 1) && self.likeness(other).is_duplicate
    }
}

/// A key of a signature; nothing beyond its last sentence.
fn key_of(signature: &Signature, key: usize) -> Option<u64> {
    if signature.is_empty() {
        return None;
    }
    let value = if key < BANDS {
        let bins = &signature.bins[key * ROWS..(key + 1) * ROWS];
        bins.iter().fold(key as u64, |value, &bin| value << 8 | u64::from(bin))
    } else {
        let Sentence { skeleton, names } = *signature.sentences.get(key - BANDS)?;
        1 << 40 | u64::from(skeleton) << 8 | u64::from(names)
    };
    Some(mix(value))
}

fn hash_of(signature: &Signature) -> u64 {
    let words = signature
        .bins
        .chunks_exact(8)
        .map(|bytes| bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
    let sentences =
        signature.sentences.iter().map(|it| u64::from(it.skeleton) << 8 | u64::from(it.names));
    words.chain(sentences).fold(u64::from(signature.runs), |hash, word| mix(hash ^ word))
}
