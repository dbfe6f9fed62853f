//! The keys that IRIs were made from, read back. [`super::iri`] makes them; what it did not
//! make gives nothing.

use std::sync::Arc;

use jiff::civil;

use super::{
    iri::BASE,
    vocab::{Concept, yc},
};
use crate::{
    agreement::{AgreementKey, Kind},
    article::ArticleId,
    date::PartialDate,
    place::{CountryCode, PlaceKey},
};

/// The key of a place.
#[must_use]
pub fn place(iri: &str) -> Option<PlaceKey> {
    decoded(segment(iri, "place/")?).map(|key| PlaceKey(key.into()))
}

/// The country that an IRI names.
#[must_use]
pub fn country(iri: &str) -> Option<CountryCode> {
    CountryCode::new(segment(iri, "country/")?)
}

/// The article that an IRI names.
#[must_use]
pub fn article(iri: &str) -> Option<ArticleId> {
    ArticleId::from_hex(segment(iri, "article/")?)
}

/// The article whose graph an IRI names.
#[must_use]
pub fn graph(iri: &str) -> Option<ArticleId> {
    ArticleId::from_hex(segment(iri, "graph/")?)
}

/// Whether an IRI names an agreement.
#[must_use]
pub fn is_agreement(iri: &str) -> bool {
    segment(iri, "agreement/").is_some()
}

/// The number of a claim.
#[must_use]
pub fn claim(iri: &str) -> Option<u128> {
    let digits = segment(iri, "claim/")?;
    (digits.len() == 32).then(|| u128::from_str_radix(digits, 16).ok())?
}

/// What a tie is known by.
#[must_use]
pub fn tie(iri: &str) -> Option<AgreementKey> {
    let mut parts = segment(iri, "tie/")?.split(';');
    let (kind, low, high) = (parts.next()?, parts.next()?, parts.next()?);
    let place = |part| decoded(part).map(|key| PlaceKey(key.into()));
    parts.next().is_none().then_some(())?;
    Some(AgreementKey { low: place(low)?, high: place(high)?, kind: Kind::named(kind)? })
}

/// The value of a closed list that a concept stands for.
pub fn concept<T: Concept>(iri: &str, all: &[T]) -> Option<T> {
    let local = iri.strip_prefix(yc::NAMESPACE)?.strip_prefix(T::SCHEME)?.strip_prefix('-')?;
    all.iter().copied().find(|value| value.local() == local)
}

/// A date as merging compares it: the days that it can mean.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct When {
    /// Its IRI.
    pub iri: Arc<str>,
    /// The first day, if there is one.
    pub earliest: Option<civil::Date>,
    /// The last day, if there is one.
    pub latest: Option<civil::Date>,
}

impl When {
    /// The days that a date's IRI spells.
    #[must_use]
    pub fn of(iri: &str) -> Option<Self> {
        let key = segment(iri, "date/")?;
        let mut parts = key.split('_');
        let edtf = decoded(parts.next()?)?;
        let day = |part: &str| match part {
            "" => Some(None),
            text => text.parse::<civil::Date>().ok().map(Some),
        };
        let (earliest, latest) = match (parts.next(), parts.next()) {
            (Some(earliest), Some(latest)) => (day(earliest)?, day(latest)?),
            _ => {
                let date = edtf.parse::<PartialDate>().ok()?;
                (Some(date.earliest()), Some(date.latest()))
            }
        };
        Some(Self { iri: iri.into(), earliest, latest })
    }

    /// Whether both can mean the same day.
    #[must_use]
    pub fn agrees(&self, other: &Self) -> bool {
        let before = |end: Option<civil::Date>, start: Option<civil::Date>| match (end, start) {
            (Some(end), Some(start)) => end < start,
            _ => false,
        };
        !before(self.latest, other.earliest) && !before(other.latest, self.earliest)
    }

    /// How wide it is: a day, a month, a year, or more. One month is as wide as another.
    #[must_use]
    pub fn width(&self) -> i64 {
        let (Some(earliest), Some(latest)) = (self.earliest, self.latest) else {
            return i64::MAX;
        };
        match i64::from((latest - earliest).get_days()) {
            ..=0 => 0,
            1..=30 => 1,
            31..=365 => 2,
            days => days,
        }
    }

    /// The day, if it is one.
    #[must_use]
    pub fn day(&self) -> Option<civil::Date> {
        self.earliest.filter(|day| self.latest == Some(*day))
    }
}

/// The segment behind a kind of thing, without what a fragment adds.
fn segment<'a>(iri: &'a str, kind: &str) -> Option<&'a str> {
    let segment = iri.strip_prefix(BASE)?.strip_prefix(kind)?;
    (!segment.is_empty() && !segment.contains(['/', '#'])).then_some(segment)
}

/// A part of a segment without its percent signs.
fn decoded(part: &str) -> Option<String> {
    if !part.contains('%') {
        return Some(part.to_owned());
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        date::{Basis, Date},
        rdf::iri,
    };

    proptest! {
        #[test]
        fn every_key_comes_back(low in any::<String>(), high in any::<String>(), kind in 0..8_usize) {
            let [low, high] = [low, high].map(|key| PlaceKey(key.as_str().into()));
            let wanted = (!low.0.is_empty()).then(|| low.clone());
            prop_assert_eq!(place(iri::place(&low).as_str()), wanted);
            let key = AgreementKey { low, high, kind: Kind::ALL[kind] };
            prop_assert_eq!(tie(iri::tie(&key).as_str()), Some(key));
        }
    }

    #[test]
    fn dates_come_back_with_their_days() {
        let day = |text: &str| text.parse::<civil::Date>().ok();
        let year = |year| PartialDate::year(year).unwrap();
        for (date, earliest, latest) in [
            (Date::new(year(2023), Basis::Stated), "2023-01-01", "2023-12-31"),
            (Date::since(year(2023), Basis::Stated), "2023-01-01", ""),
            (
                Date::interval(year(2020), year(2021), Basis::Stated).unwrap(),
                "2020-01-01",
                "2021-12-31",
            ),
            (Date::yearless(5, Some(23), Basis::Stated).unwrap(), "", ""),
        ] {
            let when = When::of(iri::date(&date).as_str()).unwrap();
            assert_eq!((when.earliest, when.latest), (day(earliest), day(latest)), "{date:?}");
        }
        assert_eq!(When::of("https://w3id.org/youcheng/date/x"), None);
        assert_eq!(place("https://w3id.org/youcheng/place/%zz"), None);
        assert_eq!(article("https://w3id.org/youcheng/article/12"), None);
    }
}
