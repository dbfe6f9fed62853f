//! [`Record`]: one agreement as it is compared.

use crate::{
    agreement::{Claim, Kind, Status},
    eval::gold::GoldAgreement,
    place::CountryCode,
    text::{Clean, Span},
};

/// One agreement as it is compared: parties as `name country`.
#[derive(Clone, Debug)]
pub(super) struct Record {
    parties: [String; 2],
    kind: Kind,
    status: Status,
    date: Option<String>,
    /// Where it was read, if it was.
    pub(super) span: Option<Span<Clean>>,
}

impl Record {
    pub(super) fn of_claim(claim: &Claim) -> Self {
        Self {
            parties: claim.parties.each_ref().map(|it| named(&it.name, it.place.country)),
            kind: claim.kind,
            status: claim.status,
            date: claim.date.as_ref().map(|date| date.edtf.clone()),
            span: Some(claim.evidence.span),
        }
    }

    pub(super) fn of_gold(gold: &GoldAgreement) -> Self {
        let home = gold.a_country.as_deref().unwrap_or("CN");
        Self {
            parties: [format!("{} {home}", gold.a), format!("{} {}", gold.b, gold.b_country)],
            kind: gold.kind,
            status: gold.status,
            date: gold.date.clone(),
            span: None,
        }
    }

    pub(super) fn same_pair(&self, other: &Self) -> bool {
        let ([a, b], [x, y]) = (&self.parties, &other.parties);
        same_place(a, x) && same_place(b, y) || same_place(a, y) && same_place(b, x)
    }

    pub(super) fn same_kind(&self, other: &Self) -> bool {
        self.kind == other.kind && self.same_pair(other)
    }

    pub(super) fn same_day(&self, other: &Self) -> bool {
        self.date == other.date && self.same_pair(other)
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.status == other.status && self.same_day(other) && self.same_kind(other)
    }

    pub(super) fn is_dated(&self) -> bool {
        self.date.is_some()
    }

    /// The names of the parties, without their countries.
    pub(super) fn names(&self) -> Vec<&str> {
        self.parties.iter().map(|party| bare(party)).collect()
    }

    pub(super) fn pair(&self) -> String {
        self.parties.join(" — ")
    }

    pub(super) fn with_kind(&self) -> String {
        format!("{}: {}", self.pair(), self.kind.name())
    }

    pub(super) fn with_date(&self) -> String {
        format!("{}: {}", self.pair(), self.date.as_deref().unwrap_or("-"))
    }

    pub(super) fn whole(&self) -> String {
        let date = self.date.as_deref().unwrap_or("-");
        format!("{}: {} {} {date}", self.pair(), self.kind.name(), self.status.name())
    }
}

/// A place as it is compared: `name country`.
pub(super) fn named(name: &str, country: Option<CountryCode>) -> String {
    country.map_or_else(|| format!("{name} ?"), |code| format!("{name} {code}"))
}

/// The name of a place without its country.
fn bare(place: &str) -> &str {
    place.rsplit_once(' ').map_or(place, |(name, _)| name)
}

/// `name country` twice, the unit left out in one of them or not.
pub(super) fn same_place(a: &str, b: &str) -> bool {
    match (a.rsplit_once(' '), b.rsplit_once(' ')) {
        (Some((a, x)), Some((b, y))) => x == y && same_name(a, b),
        _ => a == b,
    }
}

/// Whether two names differ at most in the unit behind them.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long == short
        || short.chars().count() >= 2
            && long.strip_prefix(short).is_some_and(|rest| rest.chars().count() <= 3)
}
