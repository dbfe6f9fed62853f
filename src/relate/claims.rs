//! What the sentences of one article claim, put together.

use std::collections::HashMap;

use super::{rules::Rules, sentence::IMPLIED};
use crate::{
    agreement::{Claim, Kind, Status},
    date::{Date, PartialDate},
    place::PlaceKey,
    recognise::{Mention, Of},
    text::{Clean, Span},
};

/// What was done so many days before the publication is not what is planned then.
const LONG_AGO: i32 = 366;

/// One claim for each pair, instrument and event of the article: the best told one.
pub(super) fn consolidate(
    found: Vec<Claim>,
    clean: &str,
    mentions: &[Mention],
    headline: Option<Span<Clean>>,
    published: Option<PartialDate>,
    rules: &Rules,
) -> Vec<Claim> {
    let mut kept: Vec<Claim> = Vec::new();
    // Where the claims of each pair stand among those kept.
    let mut pairs: HashMap<[PlaceKey; 2], Vec<usize>> = HashMap::new();
    // A bare 协议书 is that of the tie which the article tells of on the same day.
    let (bare, found): (Vec<Claim>, Vec<Claim>) =
        found.into_iter().partition(|claim| is_bare(claim, clean, rules));
    for claim in found.into_iter().chain(bare) {
        let bare = is_bare(&claim, clean, rules);
        let told = pairs.entry(keys(&claim)).or_default();
        let same = told.iter().copied().find(|&at| {
            same_tie(&kept[at], &claim) && !are_apart(&kept[at], &claim, published)
                || bare && begun(&kept[at]) && same_day(&kept[at], &claim)
        });
        match same.map(|at| &mut kept[at]) {
            Some(other) => {
                let told = claim.status == Status::Signed || other.status == Status::Signed;
                let date = claim.date.clone().or_else(|| other.date.clone());
                let date = if !bare && better(&claim, other) {
                    *other = claim;
                    date
                } else {
                    other.date.take().or(date)
                };
                other.date = date;
                if told && other.status == Status::Established {
                    other.status = Status::Signed;
                }
            }
            None => {
                told.push(kept.len());
                kept.push(claim);
            }
        }
    }
    refer(&mut kept);
    // A headline says roughly what the text then says.
    if let Some(headline) = headline {
        let told: Vec<Claim> = kept.clone();
        kept.retain(|claim| {
            let rough = headline.contains(claim.evidence.span) && claim.date.is_none();
            let said = told.iter().any(|other| {
                !headline.contains(other.evidence.span)
                    && keys(other) == keys(claim)
                    && matches!(other.status, Status::Signed | Status::Renewed)
            });
            !(rough && said && begun(claim))
        });
    }
    let longest = longest_names(clean, mentions);
    for claim in &mut kept {
        for party in &mut claim.parties {
            if let Some(longest) = longest.get(&party.place.key)
                && longest.len() > party.name.len()
            {
                (*longest).clone_into(&mut party.name);
            }
        }
    }
    kept.sort_by_key(|claim| claim.evidence.span);
    kept
}

/// An anniversary is that of the tie which the article tells of elsewhere: it has its
/// kind, if it names none, and its date, if its own is only computed.
fn refer(kept: &mut [Claim]) {
    let ties: Vec<Claim> = kept
        .iter()
        .filter(|claim| matches!(claim.status, Status::Signed | Status::Established))
        .filter(|claim| {
            matches!(
                claim.kind,
                Kind::SisterCity | Kind::FriendlyCooperation | Kind::FriendlyExchange
            )
        })
        .cloned()
        .collect();
    for claim in kept.iter_mut().filter(|claim| claim.status == Status::Anniversary) {
        let mut same = ties.iter().filter(|tie| keys(tie) == keys(claim));
        let (Some(tie), None) = (same.next(), same.next()) else { continue };
        if claim.kind == Kind::Unspecified {
            claim.kind = tie.kind;
        }
        let year = |date: &Option<Date>| Some(date.as_ref()?.partial()?.calendar_year());
        let near = match (year(&claim.date), year(&tie.date)) {
            (Some(own), Some(told)) => (own - told).abs() <= 1,
            (None, Some(_)) => true,
            _ => false,
        };
        if near && claim.kind == tie.kind {
            claim.date.clone_from(&tie.date);
        }
    }
}

fn keys(claim: &Claim) -> [PlaceKey; 2] {
    let mut keys = claim.parties.each_ref().map(|party| party.place.key.clone());
    keys.sort();
    keys
}

/// Whether two claims about one pair tell of one and the same thing.
fn same_tie(a: &Claim, b: &Claim) -> bool {
    let kinds = a.kind == b.kind || a.kind == Kind::Unspecified || b.kind == Kind::Unspecified;
    let begun = |status| matches!(status, Status::Signed | Status::Established | Status::Planned);
    kinds && (a.status == b.status || begun(a.status) && begun(b.status)) && same_day(a, b)
}

/// Whether one of two claims tells what is planned now, and the other what was done long ago.
fn are_apart(a: &Claim, b: &Claim, published: Option<PartialDate>) -> bool {
    let done = match (a.status, b.status) {
        (Status::Planned, Status::Planned) => return false,
        (Status::Planned, _) => b,
        (_, Status::Planned) => a,
        _ => return false,
    };
    let (Some(published), Some(day)) = (published, done.date.as_ref().and_then(|it| it.latest))
    else {
        return false;
    };
    (published.earliest() - day).get_days() > LONG_AGO
}

fn same_day(a: &Claim, b: &Claim) -> bool {
    match (&a.date, &b.date) {
        (Some(a), Some(b)) => a.earliest <= b.latest && b.earliest <= a.latest || a.edtf == b.edtf,
        _ => true,
    }
}

/// Whether a claim tells of an act that is over.
fn begun(claim: &Claim) -> bool {
    matches!(claim.status, Status::Signed | Status::Established | Status::Renewed)
}

/// Whether a claim is of an agreement of which nothing is said but that it was signed: 在协议书
/// 上签字.
fn is_bare(claim: &Claim, clean: &str, rules: &Rules) -> bool {
    claim.kind == Kind::CooperationAgreement
        && claim.instrument.is_none()
        && clean
            .get(claim.evidence.span.range())
            .is_some_and(|sentence| !rules.special.is_match(sentence))
}

/// Whether a claim says more than another of the same tie.
fn better(a: &Claim, b: &Claim) -> bool {
    let rank = |claim: &Claim| {
        (
            // What is said and not only implied.
            claim.confidence >= IMPLIED,
            claim.kind != Kind::Unspecified,
            claim.status != Status::Planned,
            claim.status == Status::Signed,
            claim.instrument.is_some(),
            claim.date.is_some(),
        )
    };
    rank(a) > rank(b)
}

/// The longest form in which the text writes each place.
pub(super) fn longest_names<'c>(
    clean: &'c str,
    mentions: &[Mention],
) -> HashMap<PlaceKey, &'c str> {
    let mut names: HashMap<PlaceKey, &str> = HashMap::new();
    for mention in mentions {
        if let Of::Place(place) = &mention.of {
            let name = &clean[mention.span.range()];
            let known = names.entry(place.key.clone()).or_default();
            if name.chars().count() >= known.chars().count() {
                *known = name;
            }
        }
    }
    names
}
