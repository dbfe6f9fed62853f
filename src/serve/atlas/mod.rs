//! [`Atlas`]: the places, ties and articles of one state of the store, in memory, so that
//! the pages of the explorer come at once.

mod load;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::{Serialize, Serializer};

use crate::{
    agreement::{Kind, Status},
    article::ArticleId,
};

/// Everything that the map, the network and the timeline show, and what is looked for.
#[derive(Debug, Default)]
pub(super) struct Atlas {
    pub(super) places: Vec<Place>,
    places_by_key: HashMap<Arc<str>, u32>,
    /// Names that are other places.
    replaced: HashMap<Arc<str>, Arc<str>>,
    pub(super) ties: Vec<Tie>,
    ties_by_id: HashMap<Arc<str>, u32>,
    ties_by_place: HashMap<u32, Vec<u32>>,
    /// The newest first.
    pub(super) articles: Vec<Source>,
    articles_by_id: HashMap<ArticleId, u32>,
    /// By their IRIs.
    dates: HashMap<String, Day>,
    /// Names in Chinese and English, by code.
    pub(super) countries: BTreeMap<String, Country>,
    /// What kinds and statuses are called, as `kind-sister-city`.
    pub(super) concepts: BTreeMap<String, Country>,
    pub(super) totals: Totals,
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Place {
    pub(super) key: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) latin: Option<Arc<str>>,
    pub(super) country: Option<Arc<str>>,
    pub(super) level: Option<Arc<str>>,
    /// The key of the topmost place that holds it.
    pub(super) province: Option<Arc<str>>,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    /// Whether the position is that of a record that the name may stand for.
    pub(super) guessed: bool,
    /// Other names.
    #[serde(skip)]
    pub(super) others: Vec<Arc<str>>,
    /// What holds it, as an index.
    #[serde(skip)]
    pub(super) parent: Option<u32>,
}

/// What a country is called, or a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Country {
    pub(super) zh: String,
    pub(super) en: String,
}

/// An agreement of two places.
#[derive(Clone, Debug)]
pub(super) struct Tie {
    pub(super) id: Arc<str>,
    /// The Chinese side comes first.
    pub(super) sides: [u32; 2],
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) date: Option<Day>,
    pub(super) instrument: Option<Arc<str>>,
    pub(super) articles: u32,
    pub(super) confidence: f32,
    /// In the order in which they happened.
    pub(super) events: Vec<Event>,
}

/// What became of an agreement.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) status: Status,
    pub(super) kind: Kind,
    pub(super) date: Option<Day>,
    pub(super) basis: Option<Arc<str>>,
    pub(super) articles: u32,
}

/// A date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Day {
    pub(super) edtf: Arc<str>,
    #[serde(serialize_with = "day")]
    pub(super) earliest: Option<jiff::civil::Date>,
    #[serde(serialize_with = "day")]
    pub(super) latest: Option<jiff::civil::Date>,
}

impl Day {
    /// Whether both can mean the same day.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let before = |end: Option<jiff::civil::Date>, start: Option<jiff::civil::Date>| matches!((end, start), (Some(end), Some(start)) if end < start);
        !before(self.latest, other.earliest) && !before(other.latest, self.earliest)
    }
}

/// An article as it is cited.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Source {
    #[serde(serialize_with = "article")]
    pub(super) id: ArticleId,
    pub(super) title: Option<Arc<str>>,
    published: Option<Arc<str>>,
    publisher: Option<Arc<str>>,
    url: Option<Arc<str>>,
    file: Option<Arc<str>>,
    line: Option<u32>,
    #[serde(serialize_with = "articles")]
    pub(super) duplicate_of: Option<ArticleId>,
}

impl Source {
    /// An article of which no more is known than that it is named.
    fn bare(id: ArticleId) -> Self {
        Self {
            id,
            title: None,
            published: None,
            publisher: None,
            url: None,
            file: None,
            line: None,
            duplicate_of: None,
        }
    }
}

/// How much there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Totals {
    pub(super) articles: u64,
    pub(super) copies: u64,
    pub(super) claims: u64,
    pub(super) statistics: u64,
    pub(super) agreements: u64,
    pub(super) places: u64,
    pub(super) pairs: u64,
    pub(super) single_source: u64,
}

impl Atlas {
    /// The place of this key, and whether the key is another name of it.
    pub(super) fn place(&self, key: &str) -> Option<(u32, bool)> {
        let (key, other) = match self.replaced.get(key) {
            Some(key) => (key.as_ref(), true),
            None => (key, false),
        };
        self.places_by_key.get(key).map(|&at| (at, other))
    }

    /// The place at an index that the atlas gave.
    pub(super) fn at(&self, place: u32) -> &Place {
        &self.places[place as usize]
    }

    pub(super) fn tie(&self, id: &str) -> Option<&Tie> {
        self.ties_by_id.get(id).map(|&at| &self.ties[at as usize])
    }

    /// The ties of a place, the oldest first.
    pub(super) fn ties_of(&self, place: u32) -> impl Iterator<Item = &Tie> {
        self.ties_by_place.get(&place).into_iter().flatten().map(|&at| &self.ties[at as usize])
    }

    /// The places that hold a place, the nearest first.
    pub(super) fn above(&self, place: u32) -> impl Iterator<Item = u32> {
        let parent = move |place: &u32| self.at(*place).parent;
        // No place holds itself, but a table of a user may say so.
        std::iter::successors(parent(&place), move |at| parent(at)).take(8)
    }

    /// An article of the store.
    pub(super) fn article(&self, id: &ArticleId) -> Option<&Source> {
        self.articles_by_id.get(id).map(|&at| &self.articles[at as usize])
    }

    /// An article as it is cited, also one that has gone.
    pub(super) fn source(&self, id: &ArticleId) -> Source {
        self.article(id).cloned().unwrap_or_else(|| Source::bare(*id))
    }

    /// The date of an IRI.
    pub(super) fn date(&self, iri: &str) -> Option<&Day> {
        self.dates.get(iri)
    }

    pub(super) fn province(&self, place: u32) -> Option<&Arc<str>> {
        self.at(place).province.as_ref()
    }
}

impl Tie {
    /// What contradicts itself: the date of the beginning, the kind.
    pub(super) fn contradictions(&self) -> Vec<&'static str> {
        let single = matches!(
            self.kind,
            Kind::SisterCity
                | Kind::FriendlyCooperation
                | Kind::FriendlyExchange
                | Kind::Unspecified
        );
        let begun: Vec<_> = self
            .events
            .iter()
            .filter(|event| matches!(event.status, Status::Signed | Status::Established))
            .filter_map(|event| event.date.as_ref())
            .collect();
        let dates = single
            && begun.iter().enumerate().any(|(at, a)| begun[..at].iter().any(|b| !a.agrees(b)));
        let kinds = self
            .events
            .iter()
            .any(|event| event.kind != self.kind && event.kind != Kind::Unspecified);
        [(dates, "date"), (kinds, "kind")]
            .into_iter()
            .filter_map(|(is, what)| is.then_some(what))
            .collect()
    }

    /// Whether the two are partners now: what `yc:partnerOf` says.
    pub(super) fn is_partnership(&self) -> bool {
        !matches!(self.status, Status::Planned | Status::Terminated)
            && !matches!(
                self.kind,
                Kind::LetterOfIntent | Kind::Memorandum | Kind::CooperationAgreement
            )
    }

    pub(super) fn year(&self) -> Option<i16> {
        self.date.as_ref()?.earliest.map(jiff::civil::Date::year)
    }

    /// The other side.
    pub(super) fn other(&self, place: u32) -> u32 {
        let [a, b] = self.sides;
        if a == place { b } else { a }
    }
}

/// A tie as every list of the explorer shows it.
#[derive(Debug, Serialize)]
pub(super) struct Brief<'a> {
    id: &'a str,
    #[serde(serialize_with = "kind")]
    kind: Kind,
    #[serde(serialize_with = "status")]
    status: Status,
    date: Option<&'a str>,
    year: Option<i16>,
    articles: u32,
    confidence: f32,
    contradictions: Vec<&'static str>,
}

impl<'a> From<&'a Tie> for Brief<'a> {
    fn from(tie: &'a Tie) -> Self {
        Self {
            id: &tie.id,
            kind: tie.kind,
            status: tie.status,
            date: tie.date.as_ref().map(|day| day.edtf.as_ref()),
            year: tie.year(),
            articles: tie.articles,
            confidence: tie.confidence,
            contradictions: tie.contradictions(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(super) fn kind<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(super) fn status<S: Serializer>(status: &Status, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.name())
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn day<S: Serializer>(day: &Option<jiff::civil::Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

fn article<S: Serializer>(id: &ArticleId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn articles<S: Serializer>(id: &Option<ArticleId>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => serializer.collect_str(id),
        None => serializer.serialize_none(),
    }
}
