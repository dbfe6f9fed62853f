//! An agreement: what became of it, and every claim with its sentence in context.

use std::collections::{HashMap, hash_map::Entry};

use serde::Serialize;

use super::{
    city::Event,
    claim::{Claim, Which, claims},
};
use crate::{
    agreement::{Kind, Status},
    article::ArticleId,
    rdf::iri,
    serve::{
        atlas::{self, Day, Place, Tie},
        live::State,
        problem::Problem,
        response::Response,
    },
};

/// As many claims are listed.
const CLAIMS: usize = 300;
/// So much of the text around a sentence, in code points.
const CONTEXT: usize = 80;

#[derive(Serialize)]
struct Agreement<'a> {
    id: &'a str,
    a: &'a Place,
    b: &'a Place,
    #[serde(serialize_with = "atlas::kind")]
    kind: Kind,
    #[serde(serialize_with = "atlas::status")]
    status: Status,
    date: Option<&'a Day>,
    instrument: Option<&'a str>,
    confidence: f32,
    articles: u32,
    contradictions: Vec<&'static str>,
    events: Vec<Event<'a>>,
    claims: &'a [Claim],
    claims_total: usize,
    others: Vec<Other<'a>>,
}

/// Another agreement of the same two.
#[derive(Serialize)]
struct Other<'a> {
    id: &'a str,
    #[serde(serialize_with = "atlas::kind")]
    kind: Kind,
    #[serde(serialize_with = "atlas::status")]
    status: Status,
    date: Option<&'a str>,
    articles: u32,
}

pub(super) fn answer(state: &State, id: &str) -> Result<Response, Problem> {
    let atlas = &state.atlas;
    let tie = atlas
        .tie(id)
        .ok_or_else(|| Problem::missing("there is no such agreement, or no longer"))?;
    let mut claims = claims(state, Which::About, &iri::agreement_with(id))?;
    let claims_total = claims.len();
    for claim in &mut claims {
        claim.agreement = None;
    }
    claims.sort_by(|a, b| {
        let key = |claim: &Claim| {
            let day = claim.date.as_ref().and_then(|day| day.earliest);
            (day.is_none(), day, claim.status, claim.of, claim.start)
        };
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    claims.truncate(CLAIMS);
    context(state, &mut claims)?;
    for claim in &mut claims {
        claim.article = Some(atlas.source(&claim.of));
    }
    let [a, b] = tie.sides;
    let mut events: Vec<Event<'_>> = tie.events.iter().map(Event::from).collect();
    for claim in &claims {
        if let Some(at) = event_of(tie, claim) {
            events[at].claims.push(&claim.id);
        }
    }
    let others = atlas.ties_of(a).filter(|other| other.id != tie.id && other.sides.contains(&b));
    Ok(Response::json(&Agreement {
        id: &tie.id,
        a: atlas.at(a),
        b: atlas.at(b),
        kind: tie.kind,
        status: tie.status,
        date: tie.date.as_ref(),
        instrument: tie.instrument.as_deref(),
        confidence: tie.confidence,
        articles: tie.articles,
        contradictions: tie.contradictions(),
        events,
        claims: &claims,
        claims_total,
        others: others
            .map(|other| Other {
                id: &other.id,
                kind: other.kind,
                status: other.status,
                date: other.date.as_ref().map(|day| day.edtf.as_ref()),
                articles: other.articles,
            })
            .collect(),
    }))
}

/// The event that a claim speaks of, as merging decides it.
fn event_of(tie: &Tie, claim: &Claim) -> Option<usize> {
    let begins =
        |status| matches!(status, Status::Signed | Status::Established | Status::Anniversary);
    let same = |event: &atlas::Event| {
        (event.status == claim.status || begins(event.status) && begins(claim.status))
            && (event.kind == claim.kind || claim.kind == Kind::Unspecified)
    };
    let agrees = |event: &atlas::Event| match (&event.date, &claim.date) {
        (Some(event), Some(date)) => event.agrees(date),
        (None, Some(_)) => false,
        _ => true,
    };
    tie.events.iter().position(|event| same(event) && agrees(event))
}

/// Adds what stands around the sentences, where the store has the texts.
fn context(state: &State, claims: &mut [Claim]) -> Result<(), Problem> {
    let mut texts: HashMap<ArticleId, Vec<char>> = HashMap::new();
    for claim in claims {
        let text = match texts.entry(claim.of) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let text = super::article::text(state, &claim.of)?;
                place.insert(text.map(|text| text.chars().collect()).unwrap_or_default())
            }
        };
        let (start, end) = (claim.start as usize, claim.end as usize);
        if end <= text.len() && start <= end {
            claim.before = text[start.saturating_sub(CONTEXT)..start].iter().collect();
            claim.after = text[end..text.len().min(end + CONTEXT)].iter().collect();
        }
    }
    Ok(())
}
