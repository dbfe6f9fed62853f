//! What the sentences of one article claim, put together.

use crate::{
    agreement::{Claim, Kind, Status},
    place::PlaceKey,
    recognise::{Mention, Of},
};

/// One claim for each pair, instrument and event of the article: the best told one.
pub(super) fn consolidate(found: Vec<Claim>, clean: &str, mentions: &[Mention]) -> Vec<Claim> {
    let mut kept: Vec<Claim> = Vec::new();
    for claim in found {
        match kept.iter_mut().find(|other| same_tie(other, &claim)) {
            Some(other) if better(&claim, other) => {
                let date = claim.date.clone().or_else(|| other.date.clone());
                *other = Claim { date, ..claim };
            }
            Some(other) => other.date = other.date.take().or(claim.date),
            None => kept.push(claim),
        }
    }
    for claim in &mut kept {
        for party in &mut claim.parties {
            if let Some(longest) = longest_name(&party.place.key, clean, mentions)
                && longest.len() > party.name.len()
            {
                longest.clone_into(&mut party.name);
            }
        }
    }
    kept.sort_by_key(|claim| claim.evidence.span);
    kept
}

/// Whether two claims tell of one and the same thing.
fn same_tie(a: &Claim, b: &Claim) -> bool {
    let keys = |claim: &Claim| {
        let mut keys = claim.parties.each_ref().map(|party| party.place.key.clone());
        keys.sort();
        keys
    };
    if keys(a) != keys(b) {
        return false;
    }
    let kinds = a.kind == b.kind || a.kind == Kind::Unspecified || b.kind == Kind::Unspecified;
    let begun = |status| matches!(status, Status::Signed | Status::Established | Status::Planned);
    let same_day = match (&a.date, &b.date) {
        (Some(a), Some(b)) => a.earliest <= b.latest && b.earliest <= a.latest || a.edtf == b.edtf,
        _ => true,
    };
    kinds && (a.status == b.status || begun(a.status) && begun(b.status)) && same_day
}

/// Whether a claim says more than another of the same tie.
fn better(a: &Claim, b: &Claim) -> bool {
    let rank = |claim: &Claim| {
        (
            claim.kind != Kind::Unspecified,
            claim.status != Status::Planned,
            claim.status == Status::Signed,
            claim.instrument.is_some(),
            claim.date.is_some(),
        )
    };
    rank(a) > rank(b)
}

/// The longest form in which the text writes a place.
fn longest_name<'c>(key: &PlaceKey, clean: &'c str, mentions: &[Mention]) -> Option<&'c str> {
    mentions
        .iter()
        .filter(|mention| matches!(&mention.of, Of::Place(place) if place.key == *key))
        .map(|mention| &clean[mention.span.range()])
        .max_by_key(|name| name.chars().count())
}
