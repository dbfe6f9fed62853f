//! [`Filter`]: which agreements a dataset keeps.

use crate::{
    agreement::{Kind, Status},
    place::CountryCode,
    query::Query,
};

/// Which agreements a dataset keeps; an empty filter keeps all. What it says of places is
/// about either party, and is said of counts, too.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Countries of which one must have a party.
    pub countries: Vec<CountryCode>,
    /// Units, by name or key, of which a party must be one or lie within one.
    pub provinces: Vec<String>,
    /// The first and the last year in which it may have come about. What has no date is then
    /// left out.
    pub years: Option<(i16, i16)>,
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Statuses.
    pub statuses: Vec<Status>,
    /// The least confidence.
    pub confidence: f64,
    /// A query that answers the agreements to keep, in any of its columns.
    pub query: Option<Query>,
}

/// What a filter looks at.
pub(super) struct Tie {
    pub(super) countries: [String; 2],
    pub(super) within: [Vec<String>; 2],
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) earliest: String,
    pub(super) latest: String,
    pub(super) confidence: f64,
}

/// What a filter looks at in a count.
pub(super) struct Count<'c> {
    pub(super) country: &'c str,
    pub(super) within: Vec<String>,
    pub(super) kind: &'c str,
    pub(super) earliest: &'c str,
    pub(super) latest: &'c str,
}

impl Filter {
    /// Whether it keeps everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { countries, provinces, years, kinds, statuses, confidence, query } = self;
        countries.is_empty()
            && provinces.is_empty()
            && years.is_none()
            && kinds.is_empty()
            && statuses.is_empty()
            && *confidence <= 0.0
            && query.is_none()
    }

    pub(super) fn keeps(&self, tie: &Tie) -> bool {
        let any = |side: usize| self.keeps_place(&tie.countries[side], &tie.within[side]);
        // One side may be in the country and the other in the province.
        let country = self.countries.is_empty()
            || tie.countries.iter().any(|country| self.has_country(country));
        let province =
            self.provinces.is_empty() || tie.within.iter().any(|within| self.has_province(within));
        (any(0) || any(1) || (country && province))
            && self.keeps_years(&tie.earliest, &tie.latest)
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| kind.name() == tie.kind))
            && (self.statuses.is_empty()
                || self.statuses.iter().any(|status| status.name() == tie.status))
            && tie.confidence >= self.confidence
    }

    /// Whether a count of the ties of a place is kept: one of a kind and of years that are kept.
    /// What it counts has no status, confidence or query to be asked for.
    pub(super) fn keeps_count(&self, count: &Count<'_>) -> bool {
        self.query.is_none()
            && self.statuses.is_empty()
            && self.confidence <= 0.0
            && self.keeps_place(count.country, &count.within)
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| kind.name() == count.kind))
            && self.keeps_years(count.earliest, count.latest)
    }

    fn keeps_place(&self, country: &str, within: &[String]) -> bool {
        (self.countries.is_empty() || self.has_country(country))
            && (self.provinces.is_empty() || self.has_province(within))
    }

    fn has_country(&self, country: &str) -> bool {
        self.countries.iter().any(|wanted| wanted.as_str() == country)
    }

    fn has_province(&self, within: &[String]) -> bool {
        self.provinces.iter().any(|wanted| within.iter().any(|name| is_called(name, wanted)))
    }

    fn keeps_years(&self, earliest: &str, latest: &str) -> bool {
        let Some((first, last)) = self.years else { return true };
        let year = |day: &str| day.split('-').next().and_then(|year| year.parse::<i16>().ok());
        matches!((year(earliest), year(latest)), (Some(a), Some(b)) if a <= last && b >= first)
    }
}

/// Whether a place of this name or key is meant: 山东 is 山东省.
pub(super) fn is_called(name: &str, wanted: &str) -> bool {
    name == wanted
        || name
            .strip_prefix(wanted)
            .is_some_and(|unit| wanted.chars().count() > 1 && UNITS.contains(&unit))
}

/// Units that a name may be given without.
const UNITS: [&str; 10] =
    ["省", "市", "县", "区", "州", "府", "郡", "自治区", "自治州", "特别行政区"];

#[cfg(test)]
mod tests {
    use super::*;

    fn tie() -> Tie {
        Tie {
            countries: ["CN".to_owned(), "HU".to_owned()],
            within: [vec!["聊城市".to_owned(), "山东省".to_owned()], vec!["帕克斯市".to_owned()]],
            kind: "sister-city".to_owned(),
            status: "signed".to_owned(),
            earliest: "2023-02-01".to_owned(),
            latest: "2023-02-28".to_owned(),
            confidence: 0.9,
        }
    }

    #[test]
    fn each_part_of_a_filter_is_asked() {
        let keeps = |filter: Filter| filter.keeps(&tie());
        let country = |code| vec![CountryCode::new(code).unwrap()];
        let none = Filter::default;
        assert!(none().is_empty() && keeps(none()));
        assert!(keeps(Filter { countries: country("HU"), ..none() }));
        assert!(!keeps(Filter { countries: country("JP"), ..none() }));
        assert!(keeps(Filter { provinces: vec!["山东".to_owned()], ..none() }));
        assert!(!keeps(Filter { provinces: vec!["山".to_owned()], ..none() }));
        let both =
            Filter { provinces: vec!["山东省".to_owned()], countries: country("HU"), ..none() };
        assert!(keeps(both));
        assert!(keeps(Filter { years: Some((2020, 2023)), ..none() }));
        assert!(!keeps(Filter { years: Some((2024, 2025)), ..none() }));
        let undated = Tie { earliest: String::new(), latest: String::new(), ..tie() };
        assert!(!Filter { years: Some((1900, 2100)), ..none() }.keeps(&undated));
        assert!(!keeps(Filter { kinds: vec![Kind::Memorandum], ..none() }));
        assert!(!keeps(Filter { statuses: vec![Status::Terminated], ..none() }));
        assert!(!keeps(Filter { confidence: 0.95, ..none() }));
        assert!(!Filter { countries: country("JP"), ..none() }.is_empty());
    }
}
