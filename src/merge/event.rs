//! What became of an agreement when, out of many dates that agree or exclude each other.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
};

use super::said::Said;
use crate::{
    agreement::{Kind, Status},
    article::ArticleId,
    date::Basis,
    rdf::key::When,
};

/// One thing that happened to an agreement, by all articles that agree on when.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// What happened: planned, signed, established, renewed or terminated.
    pub(super) status: Status,
    /// The kind under which these articles report it.
    pub(super) kind: Kind,
    /// The narrowest date that they give.
    pub(super) when: Option<When>,
    /// How it is known, at best.
    pub(super) basis: Option<Basis>,
    /// How many independent articles say so.
    pub(super) articles: usize,
    confidence: f32,
}

impl Event {
    pub(super) fn is_founding(&self) -> bool {
        matches!(self.status, Status::Signed | Status::Established)
    }

    /// The best of several that exclude each other comes first: what most independent
    /// articles say, then what is known most firmly, then what a rule is surest of, then
    /// the narrowest date, then the earliest.
    pub(super) fn rank(&self, other: &Self) -> Ordering {
        let key = |event: &Self| {
            (
                event.when.is_none(),
                Reverse(event.articles),
                event.basis,
                // In thousandths: floating-point numbers have no order.
                Reverse(thousandths(event.confidence)),
                event.when.as_ref().map(When::width),
                event.when.as_ref().map(|when| (when.earliest, when.iri.clone())),
                event.kind,
            )
        };
        key(self).cmp(&key(other))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
fn thousandths(confidence: f32) -> u32 {
    (confidence * 1000.0) as u32
}

/// The events that claims speak of, in the order in which they happened.
pub(super) fn events<'a>(claims: impl IntoIterator<Item = (Kind, &'a Said)>) -> Vec<Event> {
    let mut groups = BTreeMap::<(Phase, Kind), Vec<&Said>>::new();
    for (kind, said) in claims {
        groups.entry((Phase::of(said), kind)).or_default().push(said);
    }
    let mut events: Vec<Event> = groups
        .into_iter()
        .flat_map(|((phase, kind), claims)| of_group(phase, kind, &claims))
        .collect();
    events.sort_by(|a, b| {
        let day = |event: &Event| event.when.as_ref().and_then(|when| when.earliest);
        let key = |event: &Event| (Phase::at(event.status), day(event));
        key(a).cmp(&key(b)).then_with(|| a.rank(b))
    });
    events
}

/// Which stretch of its life an agreement is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Planned,
    Founded,
    Renewed,
    Terminated,
}

impl Phase {
    fn of(said: &Said) -> Self {
        Self::at(said.status)
    }

    fn at(status: Status) -> Self {
        match status {
            Status::Planned => Self::Planned,
            Status::Signed | Status::Established | Status::Anniversary => Self::Founded,
            Status::Renewed => Self::Renewed,
            Status::Terminated => Self::Terminated,
        }
    }

    fn status(self, claims: &[&Said]) -> Status {
        match self {
            Self::Planned => Status::Planned,
            Self::Founded if claims.iter().any(|said| said.status == Status::Signed) => {
                Status::Signed
            }
            Self::Founded => Status::Established,
            Self::Renewed => Status::Renewed,
            Self::Terminated => Status::Terminated,
        }
    }
}

/// The claims of one phase and kind, by dates that agree. Those without a date stand
/// behind the dated ones; alone they make one event without a date.
fn of_group(phase: Phase, kind: Kind, claims: &[&Said]) -> Vec<Event> {
    let mut dates = BTreeMap::<&When, Vec<&Said>>::new();
    for &said in claims {
        if let Some(when) = &said.when {
            dates.entry(when).or_default().push(said);
        }
    }
    if dates.is_empty() {
        return vec![event(phase, kind, None, claims)];
    }
    let mut dates: Vec<_> =
        dates.into_iter().map(|(when, said)| (when, sources(&said), said)).collect();
    // The narrowest first: wider ones then join one that they agree with.
    dates.sort_by_key(|(when, sources, _)| (when.width(), Reverse(sources.len()), *when));
    let mut clusters = Vec::<(&When, usize, Vec<&Said>)>::new();
    for (when, sources, said) in dates {
        let home = clusters
            .iter_mut()
            .filter(|(head, ..)| head.agrees(when))
            .min_by_key(|(head, support, _)| (Reverse(*support), *head));
        match home {
            Some((.., claims)) => claims.extend(said),
            None => clusters.push((when, sources.len(), said)),
        }
    }
    clusters.into_iter().map(|(when, _, said)| event(phase, kind, Some(when), &said)).collect()
}

fn event(phase: Phase, kind: Kind, when: Option<&When>, claims: &[&Said]) -> Event {
    let exact = claims.iter().filter(|said| said.when.as_ref() == when);
    Event {
        status: phase.status(claims),
        kind,
        when: when.cloned(),
        basis: exact.filter_map(|said| said.basis).min(),
        articles: sources(claims).len(),
        confidence: claims.iter().map(|said| said.confidence).fold(0.0, f32::max),
    }
}

/// The independent articles behind claims.
pub(super) fn sources(claims: &[&Said]) -> BTreeSet<ArticleId> {
    claims.iter().map(|said| said.article).collect()
}
