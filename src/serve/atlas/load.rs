//! The atlas, read out of the store: a few questions, each answered once.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use oxigraph::sparql::QuerySolution;
use oxrdf::Term;

use super::{Atlas, Country, Day, Event, Place, Source, Tie, Totals};
use crate::{
    agreement::Kind,
    gazetteer::Gazetteer,
    place::{CountryCode, PlaceKey},
    query::{Query, QueryError},
    rdf::key,
    serve::rows::{self, concept, last, number, text},
    store::Store,
};

const COUNTRIES: &str = "SELECT ?country ?name WHERE {
    VALUES ?type { schema:Country schema:AdministrativeArea }
    ?country a ?type ; schema:identifier ?code ; skos:prefLabel ?name .
    FILTER(STRLEN(?code) = 2) }";

const CONCEPTS: &str = "SELECT ?concept ?name WHERE {
    ?concept a skos:Concept ; skos:prefLabel ?name }";

const PLACES: &str = "SELECT ?place ?id ?name ?latin ?country ?level ?parent ?wkt WHERE {
    ?place dcterms:identifier ?id ; yc:level ?level ; skos:prefLabel ?name .
    OPTIONAL { ?place yc:country ?country }
    OPTIONAL { ?place schema:alternateName ?latin }
    OPTIONAL { ?place schema:containedInPlace ?parent }
    OPTIONAL { ?place geo:hasGeometry/geo:asWKT ?wkt } }";

const OTHERS: &str = "SELECT ?place ?name WHERE { ?place skos:altLabel ?name }";

const REPLACED: &str = "SELECT ?place ?by WHERE { ?place dcterms:isReplacedBy ?by }";

const DATES: &str = "SELECT ?date ?edtf ?earliest ?latest WHERE { ?date yc:edtf ?edtf .
    OPTIONAL { ?date yc:earliest ?earliest } OPTIONAL { ?date yc:latest ?latest } }";

const AGREEMENTS: &str =
    "SELECT ?agreement ?kind ?status ?confidence ?articles ?date ?instrument WHERE {
    ?agreement a yc:Agreement ; yc:kind ?kind ; yc:status ?status ; yc:confidence ?confidence ;
      yc:articles ?articles .
    OPTIONAL { ?agreement yc:date ?date }
    OPTIONAL { ?agreement yc:instrument ?instrument } }";

const PARTIES: &str = "SELECT ?agreement ?place WHERE { ?agreement yc:party ?place }";

const EVENTS: &str = "SELECT ?agreement ?status ?kind ?articles ?date ?basis WHERE {
    ?agreement yc:event ?event . ?event yc:status ?status ; yc:kind ?kind ; yc:articles ?articles .
    OPTIONAL { ?event yc:date ?date }
    OPTIONAL { ?event yc:basis ?basis } }";

const ARTICLES: &str = "SELECT ?article ?title ?published ?publisher ?url ?file ?line ?root WHERE {
    ?article a schema:NewsArticle .
    OPTIONAL { ?article schema:headline ?title }
    OPTIONAL { ?article schema:datePublished ?published }
    OPTIONAL { ?article schema:publisher ?publisher }
    OPTIONAL { ?article schema:url ?url }
    OPTIONAL { ?article yc:file ?file }
    OPTIONAL { ?article yc:line ?line }
    OPTIONAL { ?article yc:duplicateOf ?root } }";

const COPIES: &str =
    "SELECT (COUNT(?a) AS ?n) WHERE { ?a yc:duplicateOf ?b ; a schema:NewsArticle }";
const CLAIMS: &str = "SELECT (COUNT(?a) AS ?n) WHERE { ?a a yc:Claim }";
const STATISTICS: &str = "SELECT (COUNT(?a) AS ?n) WHERE { ?a a yc:Statistic }";

impl Atlas {
    /// Of what a store holds.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub(in crate::serve) fn load(store: &Store) -> Result<Self, QueryError> {
        let mut atlas = Self::default();
        let mut strings = Strings::default();
        atlas.load_countries(store)?;
        atlas.load_places(store, &mut strings)?;
        atlas.load_ties(store, &mut strings)?;
        atlas.load_articles(store, &mut strings)?;
        let count = |query: &str| -> Result<u64, QueryError> {
            let mut n = 0;
            each(store, query, |row| n = number(row, "n").unwrap_or(0))?;
            Ok(n)
        };
        let mut pairs: Vec<_> =
            atlas.ties.iter().filter(|tie| tie.is_partnership()).map(|tie| tie.sides).collect();
        pairs.sort_unstable();
        pairs.dedup();
        atlas.totals = Totals {
            articles: atlas.articles.len() as u64,
            copies: count(COPIES)?,
            claims: count(CLAIMS)?,
            statistics: count(STATISTICS)?,
            agreements: atlas.ties.len() as u64,
            places: atlas.totals.places,
            pairs: pairs.len() as u64,
            single_source: atlas.ties.iter().filter(|tie| tie.articles == 1).count() as u64,
        };
        Ok(atlas)
    }

    fn load_articles(&mut self, store: &Store, strings: &mut Strings) -> Result<(), QueryError> {
        each(store, ARTICLES, |row| {
            let Some(id) = text(row, "article").and_then(key::article) else { return };
            let own = |name| text(row, name).map(Arc::<str>::from);
            self.articles.push(Source {
                id,
                title: own("title"),
                published: text(row, "published").map(|date| strings.of(date)),
                publisher: text(row, "publisher").map(|name| strings.of(name)),
                url: own("url"),
                file: text(row, "file").map(|file| strings.of(file)),
                line: text(row, "line").and_then(|line| line.parse().ok()),
                duplicate_of: text(row, "root").and_then(key::article),
            });
        })?;
        self.articles.sort_by(|a, b| b.published.cmp(&a.published).then(a.id.cmp(&b.id)));
        self.articles.dedup_by_key(|source| source.id);
        self.articles_by_id =
            self.articles.iter().enumerate().map(|(at, source)| (source.id, index(at))).collect();
        Ok(())
    }

    fn load_countries(&mut self, store: &Store) -> Result<(), QueryError> {
        let add = |names: &mut BTreeMap<String, Country>, key: String, row: &QuerySolution| {
            if let Some(Term::Literal(name)) = row.get("name") {
                let names = names.entry(key).or_default();
                match name.language() {
                    Some("en") => name.value().clone_into(&mut names.en),
                    _ => name.value().clone_into(&mut names.zh),
                }
            }
        };
        each(store, COUNTRIES, |row| {
            if let Some(code) = text(row, "country").and_then(key::country) {
                add(&mut self.countries, code.to_string(), row);
            }
        })?;
        each(store, CONCEPTS, |row| {
            if let Some(local) = concept(row, "concept", "") {
                add(&mut self.concepts, local.to_owned(), row);
            }
        })
    }

    fn load_places(&mut self, store: &Store, strings: &mut Strings) -> Result<(), QueryError> {
        let mut parents = Vec::new();
        each(store, PLACES, |row| {
            let (Some(iri), Some(id)) = (text(row, "place"), text(row, "id")) else { return };
            let id = strings.of(id);
            let parent = text(row, "parent").and_then(key::place);
            // A place with two names of a kind has two rows; and so has one that no list holds
            // and of which articles say that it lies in several units: the first is shown.
            if let Some(&known) = self.places_by_key.get(&id) {
                let known: &mut Option<PlaceKey> = &mut parents[known as usize];
                if parent.is_some() && (known.is_none() || parent < *known) {
                    *known = parent;
                }
                return;
            }
            let position = text(row, "wkt").and_then(point);
            self.places_by_key.insert(Arc::clone(&id), index(self.places.len()));
            parents.push(parent);
            debug_assert_eq!(key::place(iri).map(|key| key.0), Some(Arc::clone(&id)));
            self.places.push(Place {
                key: id,
                name: strings.of(text(row, "name").unwrap_or_default()),
                latin: text(row, "latin").map(|latin| strings.of(latin)),
                country: text(row, "country")
                    .and_then(key::country)
                    .map(|code| strings.of(code.as_str())),
                level: concept(row, "level", "level-").map(|level| strings.of(level)),
                province: None,
                lat: position.map(|(lat, _)| lat),
                lon: position.map(|(_, lon)| lon),
                guessed: false,
                others: Vec::new(),
                parent: None,
            });
        })?;
        self.totals.places = self.places.len() as u64;
        self.add_parents(&mut parents);
        for (at, parent) in parents.into_iter().enumerate() {
            let parent = parent.and_then(|key| self.places_by_key.get(&key.0).copied());
            self.places[at].parent = parent.filter(|&parent| {
                parent != index(at) && !is_country(&self.places[parent as usize].key)
            });
        }
        for at in 0..self.places.len() {
            // Of those that hold it, the last that is not a country.
            let top = self.above(index(at)).last().unwrap_or(index(at));
            let top = &self.places[top as usize];
            let is_first = top.level.as_deref() == Some("province") && !is_country(&top.key);
            let province = is_first.then(|| Arc::clone(&top.key));
            self.places[at].province = province;
        }
        each(store, OTHERS, |row| {
            let place = text(row, "place").and_then(key::place);
            let place = place.and_then(|key| self.places_by_key.get(&key.0).copied());
            if let (Some(place), Some(name)) = (place, text(row, "name")) {
                self.places[place as usize].others.push(strings.of(name));
            }
        })?;
        for place in &mut self.places {
            place.others.sort();
        }
        each(store, REPLACED, |row| {
            let keys = ["place", "by"].map(|name| text(row, name).and_then(key::place));
            if let [Some(place), Some(by)] = keys {
                self.replaced.insert(place.0, by.0);
            }
        })
    }

    /// Adds what no article says and the program knows: which province a place lies in.
    fn add_parents(&mut self, parents: &mut Vec<Option<PlaceKey>>) {
        let Ok(gazetteer) = Gazetteer::new() else { return };
        let listed = |key: &str| gazetteer.by_id(key).map(|row| gazetteer.place(row));
        let mut at = 0;
        while at < self.places.len() {
            if parents[at].is_none() {
                parents[at] = listed(&self.places[at].key).and_then(|place| place.parent.clone());
            }
            if let Some(parent) = &parents[at]
                && !is_country(&parent.0)
                && !self.places_by_key.contains_key(&parent.0)
                && let Some(place) = listed(&parent.0)
            {
                self.places_by_key.insert(Arc::clone(&place.key.0), index(self.places.len()));
                self.places.push(Place {
                    key: Arc::clone(&place.key.0),
                    name: Arc::clone(&place.label),
                    latin: place.latin.clone(),
                    country: place.country.map(|code| Arc::from(code.as_str())),
                    level: Some(Arc::from(place.level.name())),
                    lat: place.position.map(|(lat, _)| lat),
                    lon: place.position.map(|(_, lon)| lon),
                    ..Place::default()
                });
                parents.push(None);
            }
            at += 1;
        }
    }

    fn load_ties(&mut self, store: &Store, strings: &mut Strings) -> Result<(), QueryError> {
        let mut dates = HashMap::<String, Day>::new();
        each(store, DATES, |row| {
            if let (Some(iri), Some(edtf)) = (text(row, "date"), text(row, "edtf")) {
                let day = |name| text(row, name).and_then(|day| day.parse().ok());
                let day = Day {
                    edtf: strings.of(edtf),
                    earliest: day("earliest"),
                    latest: day("latest"),
                };
                dates.insert(iri.to_owned(), day);
            }
        })?;
        let date = |row: &QuerySolution| text(row, "date").and_then(|iri| dates.get(iri)).cloned();
        let mut parties = HashMap::<Arc<str>, Vec<u32>>::new();
        each(store, PARTIES, |row| {
            let place = text(row, "place").and_then(key::place);
            let place = place.and_then(|key| self.places_by_key.get(&key.0).copied());
            if let (Some(id), Some(place)) = (last(row, "agreement"), place) {
                parties.entry(strings.of(id)).or_default().push(place);
            }
        })?;
        let mut events = HashMap::<Arc<str>, Vec<Event>>::new();
        each(store, EVENTS, |row| {
            let kind = concept(row, "kind", "kind-").and_then(Kind::named);
            let status = concept(row, "status", "status-").and_then(rows::status);
            if let (Some(id), Some(kind), Some(status)) = (last(row, "agreement"), kind, status) {
                events.entry(strings.of(id)).or_default().push(Event {
                    status,
                    kind,
                    date: date(row),
                    basis: concept(row, "basis", "basis-").map(|basis| strings.of(basis)),
                    articles: number(row, "articles").unwrap_or(0).try_into().unwrap_or(u32::MAX),
                });
            }
        })?;
        each(store, AGREEMENTS, |row| {
            let kind = concept(row, "kind", "kind-").and_then(Kind::named);
            let status = concept(row, "status", "status-").and_then(rows::status);
            let (Some(id), Some(kind), Some(status)) = (last(row, "agreement"), kind, status)
            else {
                return;
            };
            let id = strings.of(id);
            let Some(&[a, b]) = parties.get(&id).map(Vec::as_slice) else { return };
            // The same order as on the wire.
            let rank = |place: u32| {
                let place = &self.places[place as usize];
                let code = place.country.as_deref().and_then(CountryCode::new);
                (code != Some(CountryCode::CN), Arc::clone(&place.key))
            };
            let sides = if rank(a) <= rank(b) { [a, b] } else { [b, a] };
            let mut events = events.remove(&id).unwrap_or_default();
            events.sort_by(|a, b| {
                let day = |event: &Event| {
                    let day = event.date.as_ref().and_then(|day| day.earliest);
                    (day.is_none(), day, event.status, event.kind)
                };
                day(a).cmp(&day(b))
            });
            self.ties.push(Tie {
                id,
                sides,
                kind,
                status,
                date: date(row),
                instrument: text(row, "instrument").map(Arc::from),
                articles: number(row, "articles").unwrap_or(0).try_into().unwrap_or(u32::MAX),
                confidence: text(row, "confidence").and_then(|n| n.parse().ok()).unwrap_or(0.0),
                events,
            });
        })?;
        self.ties.sort_by(|a, b| {
            let day = |tie: &Tie| tie.date.as_ref().and_then(|day| day.earliest);
            (day(a).is_none(), day(a), &a.id).cmp(&(day(b).is_none(), day(b), &b.id))
        });
        self.ties.dedup_by(|a, b| a.id == b.id);
        for (at, tie) in self.ties.iter().enumerate() {
            self.ties_by_id.insert(Arc::clone(&tie.id), index(at));
            for side in tie.sides {
                self.ties_by_place.entry(side).or_default().push(index(at));
            }
        }
        self.dates = dates;
        Ok(())
    }
}

/// Texts that come again and again are kept once.
#[derive(Default)]
struct Strings(HashMap<Arc<str>, ()>);

impl Strings {
    fn of(&mut self, text: &str) -> Arc<str> {
        if let Some((known, ())) = self.0.get_key_value(text) {
            return Arc::clone(known);
        }
        let text = Arc::<str>::from(text);
        self.0.insert(Arc::clone(&text), ());
        text
    }
}

/// Shows every row of an answer to `visit`.
fn each(store: &Store, query: &str, visit: impl FnMut(&QuerySolution)) -> Result<(), QueryError> {
    rows::each(store, Query::parse(query)?, visit)
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether a place is a whole country, which is told elsewhere.
fn is_country(key: &str) -> bool {
    key.starts_with("cc:")
}

/// Latitude and longitude of `POINT(lon lat)`.
fn point(wkt: &str) -> Option<(f64, f64)> {
    let (lon, lat) = wkt.strip_prefix("POINT(")?.strip_suffix(')')?.split_once(' ')?;
    Some((lat.parse().ok()?, lon.parse().ok()?))
}
