//! [`Cluster`]: the articles that tell one story.
//!
//! Nodes that are near each other, directly or by others between them, are one component.
//! Within it the nearest are put together first, of those that are about as near the ones
//! that were published about the same time, and two groups stay apart if an article of
//! the one contradicts one of the other: a copy without its lead may be near two fillings
//! of a template, and must not make them one. So the clusters are a function of the
//! component, not of what came first.

use std::collections::{HashMap, HashSet};

use jiff::civil;

use super::{Entry, Index};
use crate::article::ArticleId;

/// Articles that were published more days apart are of other times.
const DAYS: i32 = 31;

/// Articles that tell the same story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The one published first; of several that with the smallest id.
    pub original: ArticleId,
    /// The others, in the same order.
    pub copies: Vec<ArticleId>,
}

impl Index {
    /// All clusters of at least two articles, in the order of their originals' arrival.
    #[must_use]
    pub fn clusters(&self) -> Vec<Cluster> {
        let all = (0..self.len() as u32).filter(|&entry| !self.is_buried(entry));
        let mut clusters = self.groups(all);
        clusters.retain(|cluster| cluster.len() > 1);
        clusters.sort_by_key(|cluster| cluster[0]);
        clusters.iter().map(|cluster| self.cluster(cluster)).collect()
    }

    /// Of which original each article is a copy, for those whose answer may have changed
    /// since there were `before` articles, or because others were taken out.
    #[must_use]
    pub fn changes(&self, before: usize) -> Vec<(ArticleId, Option<ArticleId>)> {
        let new = (before as u32..self.len() as u32).filter(|&entry| !self.is_buried(entry));
        let mut nodes: Vec<u32> = self.disturbed.clone();
        nodes.sort_unstable();
        nodes.dedup();
        let beside = nodes.into_iter().flat_map(|node| {
            let near = self.neighbours(node).into_iter().map(|(near, _)| near);
            near.chain([node]).filter_map(|node| self.entries_of(node).next()).collect::<Vec<_>>()
        });
        let mut changes = Vec::new();
        for group in self.groups(new.chain(beside)) {
            let original = self.entry(group[0]).id;
            changes.push((original, None));
            changes.extend(group[1..].iter().map(|&copy| (self.entry(copy).id, Some(original))));
        }
        changes.sort_unstable();
        changes
    }

    fn cluster(&self, entries: &[u32]) -> Cluster {
        let ids = |entries: &[u32]| entries.iter().map(|&it| self.entry(it).id).collect();
        Cluster { original: self.entry(entries[0]).id, copies: ids(&entries[1..]) }
    }

    /// The clusters of all components in which one of these entries is, each with its
    /// original first.
    fn groups(&self, of: impl Iterator<Item = u32>) -> Vec<Vec<u32>> {
        let mut seen = HashSet::new();
        let mut groups = Vec::new();
        for entry in of {
            let node = self.node_of(entry);
            if seen.insert(node) {
                self.component(node, &mut seen, &mut groups);
            }
        }
        groups
    }

    /// From when to when the articles of a node were published, as far as known.
    fn times(&self, node: u32) -> Option<Times> {
        let dates = self.entries_of(node).filter_map(|entry| self.entry(entry).published);
        dates
            .map(|date| (date.earliest(), date.latest()))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// The clusters of one component.
    fn component(&self, start: u32, seen: &mut HashSet<u32>, groups: &mut Vec<Vec<u32>>) {
        let mut nodes = vec![start];
        let mut edges = Vec::new();
        let mut at = 0;
        while let Some(&node) = nodes.get(at) {
            at += 1;
            let times = self.times(node);
            for (other, likeness) in self.neighbours(node) {
                if seen.insert(other) {
                    nodes.push(other);
                }
                edges.push((node, other, likeness.rank(are_apart(times, self.times(other)))));
            }
        }
        // A text with nothing to compare is like no other, though their signatures are.
        if self.signature(start).is_empty() {
            groups.extend(self.entries_of(start).map(|entry| vec![entry]));
            return;
        }
        let first: HashMap<u32, _> = nodes
            .iter()
            .map(|&node| (node, self.entries_of(node).map(|it| self.entry(it).id).min()))
            .collect();
        edges.sort_by_cached_key(|(a, b, rank)| {
            let (a, b) = (first[a], first[b]);
            (std::cmp::Reverse(*rank), a.min(b), a.max(b))
        });
        let mut parts = Parts::new(&nodes);
        for (a, b, _) in edges {
            parts.join(a, b, |a, b| self.signature(a).contradicts(self.signature(b)));
        }
        for part in parts.members.into_values() {
            let mut entries: Vec<u32> =
                part.iter().flat_map(|&node| self.entries_of(node)).collect();
            entries.sort_by_key(|&it| Entry::order(self.entry(it)));
            groups.push(entries);
        }
    }
}

/// The first and the last day.
type Times = (civil::Date, civil::Date);

/// Whether two texts were surely published at other times.
fn are_apart(a: Option<Times>, b: Option<Times>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let days = |from: civil::Date, to: civil::Date| from.until(to).map_or(0, |it| it.get_days());
    days(a.1, b.0).max(days(b.1, a.0)) > DAYS
}

/// Nodes put together step by step.
struct Parts {
    of: HashMap<u32, u32>,
    members: HashMap<u32, Vec<u32>>,
}

impl Parts {
    fn new(nodes: &[u32]) -> Self {
        Self {
            of: nodes.iter().map(|&node| (node, node)).collect(),
            members: nodes.iter().map(|&node| (node, vec![node])).collect(),
        }
    }

    /// Puts the parts of two nodes together, unless two of their nodes forbid it.
    fn join(&mut self, a: u32, b: u32, forbids: impl Fn(u32, u32) -> bool) {
        let (mut a, mut b) = (self.of[&a], self.of[&b]);
        if a == b {
            return;
        }
        if self.members[&a].len() < self.members[&b].len() {
            std::mem::swap(&mut a, &mut b);
        }
        let (large, small) = (&self.members[&a], &self.members[&b]);
        if small.iter().any(|&x| large.iter().any(|&y| forbids(x, y))) {
            return;
        }
        let moved = self.members.remove(&b).unwrap_or_default();
        for &node in &moved {
            self.of.insert(node, a);
        }
        self.members.entry(a).or_default().extend(moved);
    }
}
