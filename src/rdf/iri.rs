//! The IRIs of things: each depends on nothing but the key of what it names, so that two
//! machines mint the same. This is the only place that builds IRIs out of text.

use std::fmt::Write as _;

use oxrdf::{NamedNode, NamedNodeRef};
use sha2::{Digest, Sha256};

use crate::{
    agreement::{AgreementKey, Claim, Kind, Statistic, Status},
    article::ArticleId,
    date::Date,
    place::{CountryCode, PlaceKey},
};

/// Under which all IRIs of the project stand.
pub const BASE: &str = "https://w3id.org/youcheng/";

/// The named graph of what keys mean: ties, places, dates.
#[must_use]
pub fn shared() -> NamedNodeRef<'static> {
    NamedNodeRef::new_unchecked("https://w3id.org/youcheng/graph/shared")
}

/// The named graph of the ontology and the countries.
#[must_use]
pub fn vocabulary() -> NamedNodeRef<'static> {
    NamedNodeRef::new_unchecked("https://w3id.org/youcheng/graph/vocabulary")
}

/// The named graph of agreements, merged from all articles.
#[must_use]
pub fn agreements() -> NamedNodeRef<'static> {
    NamedNodeRef::new_unchecked("https://w3id.org/youcheng/graph/agreements")
}

/// The named graph of what follows from the agreements.
#[must_use]
pub fn derived() -> NamedNodeRef<'static> {
    NamedNodeRef::new_unchecked("https://w3id.org/youcheng/graph/derived")
}

/// The named graph that says which articles are copies of which.
#[must_use]
pub fn duplicates() -> NamedNodeRef<'static> {
    NamedNodeRef::new_unchecked("https://w3id.org/youcheng/graph/duplicates")
}

/// The named graph that says which articles stood before at the addresses of others.
#[must_use]
pub fn versions() -> NamedNodeRef<'static> {
    NamedNodeRef::new_unchecked("https://w3id.org/youcheng/graph/versions")
}

/// An article.
#[must_use]
pub fn article(id: &ArticleId) -> NamedNode {
    mint("article", &id.hex())
}

/// The named graph of what an article claims.
#[must_use]
pub fn graph(id: &ArticleId) -> NamedNode {
    mint("graph", &id.hex())
}

/// A stretch of an article's clean text, in code points (RFC 5147).
#[must_use]
pub fn stretch(id: &ArticleId, [start, end]: [u32; 2]) -> NamedNode {
    let mut iri = article(id).into_string();
    let _ = write!(iri, "#char={start},{end}");
    NamedNode::new_unchecked(iri)
}

/// What selects a stretch.
#[must_use]
pub fn selector(stretch: &NamedNode) -> NamedNode {
    NamedNode::new_unchecked(stretch.as_str().to_owned() + ";selector")
}

/// A country.
#[must_use]
pub fn country(code: CountryCode) -> NamedNode {
    mint("country", code.as_str())
}

/// A place.
#[must_use]
pub fn place(key: &PlaceKey) -> NamedNode {
    mint("place", &key.0)
}

/// Where a place is.
#[must_use]
pub fn geometry(place: &NamedNode) -> NamedNode {
    NamedNode::new_unchecked(place.as_str().to_owned() + "#geometry")
}

/// A date, by its EDTF value and, where the value alone does not say them, its bounds.
#[must_use]
pub fn date(date: &Date) -> NamedNode {
    let plain = date.partial().is_some_and(|partial| {
        (Some(partial.earliest()), Some(partial.latest())) == (date.earliest, date.latest)
    });
    if plain {
        return mint("date", &date.edtf);
    }
    let mut key = date.edtf.clone();
    for bound in [date.earliest, date.latest] {
        key.push('_');
        if let Some(day) = bound {
            let _ = write!(key, "{day}");
        }
    }
    mint("date", &key)
}

/// This version of the program.
#[must_use]
pub fn software() -> NamedNode {
    mint("software", env!("CARGO_PKG_VERSION"))
}

/// A dataset, by the digits of what it holds.
#[must_use]
pub fn dataset(id: &str) -> NamedNode {
    mint("dataset", id)
}

/// The run that wrote a dataset.
#[must_use]
pub fn dataset_run(id: &str) -> NamedNode {
    NamedNode::new_unchecked(dataset(id).into_string() + "#run")
}

/// A file of a dataset, or what its name says behind `#` of it.
#[must_use]
pub fn dataset_file(id: &str, name: &str) -> NamedNode {
    NamedNode::new_unchecked([dataset(id).as_str(), "/", name].concat())
}

/// What an agreement is known by on the wire: 32 hexadecimal digits.
#[must_use]
pub fn agreement_id(key: &AgreementKey) -> String {
    digest(["agreement", &key.low.0, &key.high.0, key.kind.name()])
}

/// An agreement.
#[must_use]
pub fn agreement(key: &AgreementKey) -> NamedNode {
    mint("agreement", &agreement_id(key))
}

/// The agreement of that id; what is no id names nothing that is.
#[must_use]
pub fn agreement_with(id: &str) -> NamedNode {
    mint("agreement", id)
}

/// A tie: the pair and the kind of instrument, as an article reads them. Its IRI spells its
/// key, so that merging need not ask what it stands for.
#[must_use]
pub fn tie(key: &AgreementKey) -> NamedNode {
    mint_parts("tie", &[key.kind.name(), &key.low.0, &key.high.0])
}

/// An event of an agreement: what became of it when, and the kind under which it is
/// reported where that is not the agreement's.
#[must_use]
pub fn event(
    agreement: &NamedNode,
    status: Status,
    date: Option<&NamedNode>,
    kind: Option<Kind>,
) -> NamedNode {
    let mut iri = agreement.as_str().to_owned();
    iri.push('#');
    iri.push_str(status.name());
    if let Some(date) = date.and_then(|date| date.as_str().rsplit('/').next()) {
        iri.push('=');
        iri.push_str(date);
    }
    if let Some(kind) = kind {
        iri.push(';');
        iri.push_str(kind.name());
    }
    NamedNode::new_unchecked(iri)
}

/// A claim: the sentence, the rule and all that it says, so that two claims that say
/// different things never share a node.
#[must_use]
pub fn claim(claim: &Claim) -> NamedNode {
    let key = claim.agreement();
    let evidence = &claim.evidence;
    let id = digest([
        "claim",
        &evidence.article.hex(),
        &evidence.span.start.to_string(),
        &evidence.span.end.to_string(),
        &evidence.rule,
        &key.low.0,
        &key.high.0,
        claim.kind.name(),
        claim.status.name(),
        claim.date.as_ref().map_or("", |date| &date.edtf),
        claim.date.as_ref().map_or("", |date| date.basis.name()),
        claim.instrument.as_deref().unwrap_or_default(),
        &claim.confidence.to_string(),
    ]);
    mint("claim", &id)
}

/// The claim of this number.
#[must_use]
pub fn claim_numbered(number: u128) -> NamedNode {
    mint("claim", &format!("{number:032x}"))
}

/// A stated count.
#[must_use]
pub fn statistic(statistic: &Statistic) -> NamedNode {
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let evidence = &statistic.evidence;
    let id = digest([
        "statistic",
        &evidence.article.hex(),
        &evidence.span.start.to_string(),
        &evidence.span.end.to_string(),
        &evidence.rule,
        &statistic.subject.place.key.0,
        &number(statistic.countries),
        &number(statistic.cities),
        &number(statistic.pairs),
        statistic.kind.map_or("", |kind| kind.name()),
        statistic.as_of.as_ref().map_or("", |date| &date.edtf),
    ]);
    mint("statistic", &id)
}

/// Half a SHA-256 over the parts, each preceded by its length so that no two lists of
/// parts read the same.
fn digest<const N: usize>(parts: [&str; N]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// `BASE`, what kind of thing it is, and its key as one path segment.
fn mint(kind: &str, key: &str) -> NamedNode {
    mint_parts(kind, &[key])
}

/// The same of several keys, set apart by semicolons. All but the unreserved ASCII
/// characters and the colon is percent-encoded, so that no key can end the segment, climb
/// out of it, or make the IRI invalid.
fn mint_parts(kind: &str, keys: &[&str]) -> NamedNode {
    let length = keys.iter().map(|key| key.len() + 1).sum::<usize>();
    let mut iri = String::with_capacity(BASE.len() + kind.len() + 1 + length);
    iri.push_str(BASE);
    iri.push_str(kind);
    for (n, key) in keys.iter().enumerate() {
        iri.push(if n == 0 { '/' } else { ';' });
        let dots_only = key.bytes().all(|byte| byte == b'.');
        for byte in key.bytes() {
            match byte {
                b'.' if dots_only => iri.push_str("%2E"),
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                    iri.push(char::from(byte));
                }
                _ => {
                    let _ = write!(iri, "%{byte:02X}");
                }
            }
        }
    }
    NamedNode::new_unchecked(iri)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::date::{Basis, PartialDate};

    #[test]
    fn keys_become_one_safe_segment() {
        for (key, iri) in [
            ("gn:3045643", "gn:3045643"),
            ("x:BY:新城", "x:BY:%E6%96%B0%E5%9F%8E"),
            ("../../etc", "..%2F..%2Fetc"),
            ("..", "%2E%2E"),
            ("a b<c>\"#?\n", "a%20b%3Cc%3E%22%23%3F%0A"),
        ] {
            let place = place(&PlaceKey(key.into()));
            assert_eq!(place.as_str(), ["https://w3id.org/youcheng/place/", iri].concat());
        }
    }

    #[test]
    fn an_agreement_is_its_pair_and_kind() {
        let key = |low: &str, high: &str| AgreementKey {
            low: PlaceKey(low.into()),
            high: PlaceKey(high.into()),
            kind: Kind::SisterCity,
        };
        assert_eq!(agreement_id(&key("gn:1", "gn:2")), agreement_id(&key("gn:1", "gn:2")));
        assert_ne!(agreement_id(&key("gn:1", "gn:2")), agreement_id(&key("gn:1g", "n:2")));
        // Fixed for ever: other people's data points at it.
        assert_eq!(agreement_id(&key("gn:1", "gn:2")), "6523c05aa7b79a936abb33c404944049");
    }

    #[test]
    fn a_date_with_unusual_bounds_has_an_iri_of_its_own() {
        let plain = Date::new(PartialDate::year(2023).unwrap(), Basis::Stated);
        let narrow = Date { latest: None, ..plain.clone() };
        assert_eq!(date(&plain).as_str(), "https://w3id.org/youcheng/date/2023");
        assert_eq!(date(&narrow).as_str(), "https://w3id.org/youcheng/date/2023_2023-01-01_");
    }

    proptest! {
        #[test]
        fn every_key_gives_a_valid_iri_that_no_other_key_gives(a in any::<String>(), b in any::<String>()) {
            let [x, y] = [&a, &b].map(|key| place(&PlaceKey(key.as_str().into())));
            prop_assert!(NamedNode::new(x.as_str()).is_ok());
            prop_assert_eq!(a == b, x == y);
        }
    }
}
