//! The agreements of one pair of places.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Pair,
    event::{Event, events, sources},
    said::Said,
};
use crate::{
    agreement::{AgreementKey, Kind, Status},
    article::ArticleId,
    rdf::key::When,
};

/// One agreement, by all that is claimed about it.
#[derive(Debug)]
pub(super) struct Agreement {
    pub(super) key: AgreementKey,
    pub(super) status: Status,
    /// When it began, by the best of its dates.
    pub(super) began: Option<When>,
    pub(super) instrument: Option<Arc<str>>,
    pub(super) confidence: f32,
    /// How many independent articles speak of it.
    pub(super) articles: usize,
    pub(super) events: Vec<Event>,
    pub(super) claims: Vec<u128>,
}

impl Agreement {
    /// Whether its parties are partners now.
    pub(super) fn makes_partners(&self) -> bool {
        let kind = match self.key.kind {
            Kind::SisterCity
            | Kind::FriendlyCooperation
            | Kind::FriendlyExchange
            | Kind::Unspecified
            | Kind::Other => true,
            Kind::LetterOfIntent | Kind::Memorandum | Kind::CooperationAgreement => false,
        };
        kind && !matches!(self.status, Status::Planned | Status::Terminated)
    }
}

/// The kinds that 结好 may mean, and that one act may be reported under: the likeliest first.
const TIES: [Kind; 3] = [Kind::SisterCity, Kind::FriendlyCooperation, Kind::FriendlyExchange];

/// What is claimed, each with the kind under which it is reported.
type Claims = Vec<(Kind, Said)>;

/// The agreements that claims about a pair make. None if the pair is one place twice.
pub(super) fn merge(pair: &Pair, mut claims: Claims) -> Vec<Agreement> {
    if pair[0] == pair[1] {
        return Vec::new();
    }
    claims.sort_by_key(|(kind, said)| (*kind, said.claim));
    claims.dedup_by_key(|(_, said)| said.claim);
    let mut kinds = BTreeMap::<Kind, Claims>::new();
    for (kind, said) in claims {
        kinds.entry(kind).or_default().push((kind, said));
    }
    join_same_day(&mut kinds);
    join_unspecified(&mut kinds);
    kinds
        .into_iter()
        .map(|(kind, claims)| {
            let [low, high] = pair.clone();
            agreement(AgreementKey { low, high, kind }, &claims)
        })
        .collect()
}

/// One act that articles report under several kinds is one agreement, of the kind that
/// most independent articles name.
fn join_same_day(kinds: &mut BTreeMap<Kind, Claims>) {
    let mut order: Vec<Kind> = TIES.into_iter().filter(|kind| kinds.contains_key(kind)).collect();
    // Stable: of equals the likelier kind comes first.
    order.sort_by_key(|kind| Reverse(support(&kinds[kind])));
    let mut kept = Vec::<(Kind, Option<jiff::civil::Date>)>::new();
    for kind in order {
        let day = began(&of_claims(&kinds[&kind])).and_then(|when| when.day());
        let home = kept.iter().find(|(_, other)| day.is_some() && *other == day);
        match home {
            Some(&(home, _)) => {
                let claims = kinds.remove(&kind).unwrap_or_default();
                kinds.entry(home).or_default().extend(claims);
            }
            None => kept.push((kind, day)),
        }
    }
}

/// A claim that names no kind is about the agreement that there is, unless its date says
/// that it began at another time.
fn join_unspecified(kinds: &mut BTreeMap<Kind, Claims>) {
    let Some(claims) = kinds.remove(&Kind::Unspecified) else { return };
    let homes: Vec<(Kind, Option<When>)> = TIES
        .into_iter()
        .filter_map(|kind| Some((kind, began(&of_claims(kinds.get(&kind)?)))))
        .collect();
    for (_, said) in claims {
        let home = homes.iter().find(|(_, began)| match (began, &said.when) {
            (Some(began), Some(when)) if said.is_founding() => began.agrees(when),
            _ => true,
        });
        let kind = home.map_or(Kind::Unspecified, |(kind, _)| *kind);
        // It names no other kind.
        kinds.entry(kind).or_default().push((kind, said));
    }
}

fn of_claims(claims: &Claims) -> Vec<Event> {
    events(claims.iter().map(|(kind, said)| (*kind, said)))
}

/// When an agreement began, by the best of its dates.
fn began(events: &[Event]) -> Option<When> {
    let best = events.iter().filter(|event| event.is_founding()).min_by(|a, b| a.rank(b))?;
    best.when.clone()
}

fn support(claims: &Claims) -> usize {
    sources(&claims.iter().map(|(_, said)| said).collect::<Vec<_>>()).len()
}

fn agreement(key: AgreementKey, claims: &Claims) -> Agreement {
    let events = of_claims(claims);
    let confidence = claims.iter().map(|(_, said)| said.confidence).fold(0.0, f32::max);
    let mut numbers: Vec<u128> = claims.iter().map(|(_, said)| said.claim).collect();
    numbers.sort_unstable();
    Agreement {
        key,
        status: status(&events, claims),
        began: began(&events),
        instrument: instrument(claims),
        confidence,
        articles: support(claims),
        events,
        claims: numbers,
    }
}

/// What has become of it: ended, unless something is said to have happened after that;
/// else the furthest that it came.
fn status(events: &[Event], claims: &Claims) -> Status {
    let ended = events.iter().filter(|event| event.status == Status::Terminated);
    if let Some(ended) = ended.min_by(|a, b| a.rank(b)) {
        let end = ended.when.as_ref().and_then(|when| when.latest);
        let goes_on = events
            .iter()
            .filter(|event| event.is_founding() || event.status == Status::Renewed)
            .filter_map(|event| event.when.as_ref()?.earliest)
            .any(|start| end.is_some_and(|end| start > end));
        if !goes_on {
            return Status::Terminated;
        }
    }
    let has = |status| claims.iter().any(|(_, said)| said.status == status);
    if has(Status::Renewed) {
        Status::Renewed
    } else if has(Status::Signed) {
        Status::Signed
    } else if has(Status::Established) || has(Status::Anniversary) {
        Status::Established
    } else {
        Status::Planned
    }
}

/// The title of the document: the one that most independent articles print, then the
/// longest.
fn instrument(claims: &Claims) -> Option<Arc<str>> {
    let mut titles = BTreeMap::<&Arc<str>, BTreeSet<ArticleId>>::new();
    for (_, said) in claims {
        if let Some(title) = &said.instrument {
            titles.entry(title).or_default().insert(said.article);
        }
    }
    let best = titles
        .into_iter()
        .min_by_key(|(title, articles)| (Reverse(articles.len()), Reverse(title.len()), *title))?;
    Some(best.0.clone())
}
