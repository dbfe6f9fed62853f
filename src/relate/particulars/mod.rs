//! The particulars of a signing: who signed for whom, where, at which event, in one room or
//! not, what it is called, and in which fields the two will work together.
//!
//! They are read in the sentence that tells of the signing, and in its neighbours as far as
//! these go on with it: what belongs to another agreement is left alone.

mod people;
mod rules;
mod told;

pub(super) use rules::BUNDLED;
pub use rules::{ParticularRule, ParticularRules};

use self::told::{Scope, Told};
use super::{context::mentions_in, reading::sentences, rules::first_chars};
use crate::{
    agreement::{Claim, Party, Status},
    date::Date,
    particulars::Particulars,
    place::CountryCode,
    recognise::{Mention, Of, dates::Role},
    segment::{Passage, PassageKind},
    text::{Clean, Span},
};

/// So many sentences behind one may go on with it.
const FOLLOWING: usize = 3;
/// What points back to the sentence before stands in so many characters.
const BEGINNING: usize = 12;

/// The sentences of an article.
struct Reader<'a> {
    rules: &'a ParticularRules,
    clean: &'a str,
    mentions: &'a [Mention],
    sentences: Vec<Span<Clean>>,
    /// Which sentence each claim is read in.
    of_claims: Vec<Option<usize>>,
}

/// Adds the particulars of the claims that tell of a signing.
pub(super) fn add(
    rules: &ParticularRules,
    clean: &str,
    passages: &[Passage],
    mentions: &[Mention],
    claims: &mut [Claim],
) {
    let tells = |claim: &Claim| matches!(claim.status, Status::Signed | Status::Renewed);
    if !claims.iter().any(tells) {
        return;
    }
    let running = passages.iter().filter(|it| !matches!(it.kind, PassageKind::Row { .. }));
    let all: Vec<_> = running.flat_map(|passage| sentences(clean, passage.span)).collect();
    let of_claims = claims.iter().map(|claim| {
        let span = claim.evidence.span;
        let at = all.partition_point(|it| it.end <= span.start);
        all.get(at).filter(|it| it.contains(span)).map(|_| at)
    });
    let of_claims = of_claims.collect();
    let reader = Reader { rules, clean, mentions, sentences: all, of_claims };
    let told: Vec<Particulars> = (0..claims.len())
        .map(
            |n| if tells(&claims[n]) { reader.of_claim(n, claims) } else { Particulars::default() },
        )
        .collect();
    for (claim, told) in claims.iter_mut().zip(told) {
        claim.particulars = told;
        if let (None, Some(span)) = (&claim.instrument, claim.particulars.instrument) {
            claim.instrument = clean.get(span.range()).map(str::to_owned);
        }
    }
}

impl Reader<'_> {
    fn of_claim(&self, n: usize, claims: &[Claim]) -> Particulars {
        let mut found = Particulars::default();
        let claim = &claims[n];
        let Some(own) = self.of_claims[n] else { return found };
        let beside = || {
            let others = claims.iter().enumerate().filter(move |(m, _)| *m != n);
            others.filter(move |(m, _)| self.of_claims[*m] == Some(own)).map(|(_, it)| it)
        };
        if let Some(title) = &claim.instrument {
            let sentence = self.sentences[own];
            let at = self.clean[sentence.range()].find(title.as_str());
            found.instrument = at.map(|at| {
                let start = sentence.start as usize + at;
                Span::new(start..start + title.len())
            });
        }
        // Several acts of one pair, or acts of several days: nobody can tell whose it is.
        if beside().any(|other| same_pair(claim, other) || !same_day(&claim.date, &other.date)) {
            return found;
        }
        let alone = beside().next().is_none();
        let scope = Scope { parties: &claim.parties, alone, scene_only: false };
        // A title that stands elsewhere is not that of the words here.
        let kept = found.instrument;
        let told = self.told(own);
        told.read(self.rules, scope, &mut found);
        if claim.instrument.is_some() || !alone {
            found.instrument = kept;
        }
        if own > 0 {
            let begin =
                first_chars(self.clean[self.sentences[own].range()].trim_start(), BEGINNING);
            let before = own - 1;
            if self.rules.back.is_match(begin) && self.is_free(before, n, &|_| false) {
                let scope = Scope { scene_only: true, ..scope };
                self.told(before).read(self.rules, scope, &mut found);
            }
        }
        if alone {
            self.following(n, claims, &mut found);
        }
        found
    }

    /// What the sentences behind add.
    fn following(&self, n: usize, claims: &[Claim], found: &mut Particulars) {
        let Some(own) = self.of_claims[n] else { return };
        let claim = &claims[n];
        let single = claims.iter().enumerate().all(|(m, other)| {
            m == n
                || !same_pair(claim, other)
                || !matches!(other.status, Status::Signed | Status::Renewed)
        });
        let reach = if single { FOLLOWING } else { 1 };
        for at in own + 1..self.sentences.len().min(own + 1 + reach) {
            let tells_of_it =
                |m: usize| same_pair(claim, &claims[m]) && claims[m].status == Status::Anniversary;
            if !self.is_free(at, n, &tells_of_it) || !self.goes_on(at, claim) {
                break;
            }
            let instrument = found.instrument;
            let scope = Scope { parties: &claim.parties, alone: true, scene_only: false };
            self.told(at).read(self.rules, scope, found);
            found.instrument = instrument;
        }
    }

    fn told(&self, at: usize) -> Told<'_> {
        Told::new(self.clean, self.mentions, self.sentences[at])
    }

    /// Whether a sentence is that of no other claim, `but` for some.
    fn is_free(&self, at: usize, claim: usize, but: &dyn Fn(usize) -> bool) -> bool {
        let other = |n: usize| n != claim && !but(n);
        !self.of_claims.iter().enumerate().any(|(n, it)| *it == Some(at) && other(n))
    }

    /// Whether a sentence names no other partner and no other day.
    fn goes_on(&self, at: usize, claim: &Claim) -> bool {
        let span = self.sentences[at];
        if self.rules.not_yet.is_match(&self.clean[span.range()]) {
            return false;
        }
        mentions_in(self.mentions, span).iter().all(|mention| match &mention.of {
            Of::Place(place) => {
                let known = |party: &Party| {
                    let it = &party.place;
                    it.key == place.key
                        || it.parent.as_ref() == Some(&place.key)
                        || place.parent.as_ref() == Some(&it.key)
                };
                place.country.is_some_and(CountryCode::is_chinese)
                    || claim.parties.iter().any(known)
            }
            Of::Date(date, Role::Point | Role::Start) => same_day(&claim.date, &Some(date.clone())),
            _ => true,
        })
    }
}

fn same_pair(a: &Claim, b: &Claim) -> bool {
    let keys = |claim: &Claim| {
        let mut keys = claim.parties.each_ref().map(|party| party.place.key.clone());
        keys.sort();
        keys
    };
    keys(a) == keys(b)
}

/// Whether two dates may be of one day.
fn same_day(a: &Option<Date>, b: &Option<Date>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.earliest <= b.latest && b.earliest <= a.latest || a.edtf == b.edtf,
        _ => true,
    }
}
