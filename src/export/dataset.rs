//! [`Dataset`]: what the store holds as tables, all of it or what a filter keeps.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use oxigraph::sparql::QuerySolution;
use oxrdf::Term;

use super::{
    ExportError,
    filter::{Filter, Tie},
    table::{Kind, SCHEMA, Table, Value},
};
use crate::{place::CountryCode, query::Query, store::Store};

const AGREEMENTS: &str = "
    SELECT ?agreement ?kind ?status ?confidence ?articles ?date ?earliest ?latest ?instrument WHERE {
      ?agreement a yc:Agreement ; yc:kind/skos:notation ?kind ; yc:status/skos:notation ?status ;
        yc:confidence ?confidence ; yc:articles ?articles .
      OPTIONAL {
        ?agreement yc:date ?when .
        ?when yc:edtf ?date .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?agreement yc:instrument ?instrument }
    }";

const PARTIES: &str =
    "SELECT ?agreement ?place WHERE { ?agreement a yc:Agreement ; yc:party ?place }";

const EVENTS: &str = "
    SELECT ?event ?agreement ?status ?kind ?articles ?date ?earliest ?latest ?basis WHERE {
      ?agreement yc:event ?event .
      ?event yc:status/skos:notation ?status ; yc:kind/skos:notation ?kind ; yc:articles ?articles .
      OPTIONAL {
        ?event yc:date ?when .
        ?when yc:edtf ?date .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?event yc:basis/skos:notation ?basis }
    }";

const CLAIMS: &str = "
    SELECT ?claim ?agreement ?article ?kind ?status ?date ?earliest ?latest ?basis ?instrument
           ?confidence ?rule ?quote ?start ?end ?raw_start ?raw_end WHERE {
      ?claim oa:hasBody ?agreement ; yc:tie/yc:kind/skos:notation ?kind ;
        yc:status/skos:notation ?status ; yc:confidence ?confidence ; yc:rule ?rule ;
        oa:hasTarget ?sentence .
      ?sentence oa:hasSource ?article ; oa:hasSelector ?selector .
      ?selector oa:exact ?quote ; oa:start ?start ; oa:end ?end .
      OPTIONAL { ?selector yc:rawStart ?raw_start ; yc:rawEnd ?raw_end }
      OPTIONAL {
        ?claim yc:date ?when .
        ?when yc:edtf ?date .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?claim yc:basis/skos:notation ?basis }
      OPTIONAL { ?claim yc:instrument ?instrument }
    }";

/// A place has one row for each of its identifiers and other names.
const PLACES: &str = "
    SELECT ?place ?id ?name ?other ?latin ?country ?level ?parent ?wkt ?same ?code ?guess WHERE {
      ?place dcterms:identifier ?id ; yc:level/skos:notation ?level ; skos:prefLabel ?name .
      OPTIONAL { ?place yc:country/schema:identifier ?country }
      OPTIONAL { ?place skos:altLabel ?other }
      OPTIONAL { ?place schema:alternateName ?latin }
      OPTIONAL { ?place schema:containedInPlace ?parent }
      OPTIONAL { ?place geo:hasGeometry/geo:asWKT ?wkt }
      OPTIONAL { ?place schema:sameAs ?same }
      OPTIONAL { ?place schema:identifier ?code }
      OPTIONAL { ?place skos:closeMatch ?guess }
    }";

const ARTICLES: &str = "
    SELECT ?article ?title ?published ?earliest ?latest ?publisher ?url ?file ?line ?original WHERE {
      ?article a schema:NewsArticle .
      OPTIONAL { ?article schema:headline ?title }
      OPTIONAL {
        ?article yc:published ?when .
        ?when yc:edtf ?published .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?article schema:publisher ?publisher }
      OPTIONAL { ?article schema:url ?url }
      OPTIONAL { ?article yc:file ?file }
      OPTIONAL { ?article yc:line ?line }
      OPTIONAL { ?article yc:duplicateOf ?original }
    }";

const STATISTICS: &str = "
    SELECT ?statistic ?place ?countries ?cities ?pairs ?kind ?as_of ?earliest ?latest ?article
           ?rule ?quote WHERE {
      ?statistic a yc:Statistic ; yc:subject ?place ; yc:rule ?rule ; oa:hasTarget ?sentence .
      ?sentence oa:hasSource ?article ; oa:hasSelector/oa:exact ?quote .
      OPTIONAL { ?statistic yc:countries ?countries }
      OPTIONAL { ?statistic yc:cities ?cities }
      OPTIONAL { ?statistic yc:pairs ?pairs }
      OPTIONAL { ?statistic yc:kind/skos:notation ?kind }
      OPTIONAL {
        ?statistic yc:asOf ?when .
        ?when yc:edtf ?as_of .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
    }";

/// The tables, in the order of `ontology/dataset.toml`.
#[derive(Debug)]
pub(super) struct Dataset {
    pub(super) agreements: Table,
    pub(super) events: Table,
    pub(super) claims: Table,
    pub(super) places: Table,
    pub(super) articles: Table,
    pub(super) statistics: Table,
    /// The IRIs of what was kept: agreements, events, claims, places, articles, counts.
    pub(super) kept: BTreeSet<String>,
}

/// A place as several rows tell it.
#[derive(Default)]
struct Place {
    cells: BTreeMap<&'static str, String>,
    others: BTreeSet<String>,
    parent: String,
}

impl Dataset {
    /// All tables.
    pub(super) fn tables(&self) -> [&Table; 6] {
        [
            &self.agreements,
            &self.events,
            &self.claims,
            &self.places,
            &self.articles,
            &self.statistics,
        ]
    }

    /// What the store holds and the filter keeps.
    pub(super) fn read(store: &Store, filter: &Filter) -> Result<Self, ExportError> {
        let all = |query: &str| Query::parse(query)?.solutions(store);
        let mut places = BTreeMap::<String, Place>::new();
        for row in all(PLACES)? {
            places.entry(text(&row, "place")).or_default().add(&row);
        }
        let mut parties = HashMap::<String, BTreeSet<String>>::new();
        for row in all(PARTIES)? {
            parties.entry(text(&row, "agreement")).or_default().insert(text(&row, "place"));
        }
        let asked = filter.query.clone().map(|query| query.solutions(store)).transpose()?;
        let asked: Option<BTreeSet<String>> = asked.map(|rows| {
            rows.iter().flat_map(|row| row.values().iter().flatten().map(iri)).collect()
        });

        let mut claims = BTreeMap::<String, Vec<QuerySolution>>::new();
        for row in all(CLAIMS)? {
            claims.entry(text(&row, "agreement")).or_default().push(row);
        }
        let mut articles = BTreeMap::<String, QuerySolution>::new();
        for row in all(ARTICLES)? {
            articles.entry(text(&row, "article")).or_insert(row);
        }
        let mut dataset = Self {
            agreements: Table::new("agreements"),
            events: Table::new("events"),
            claims: Table::new("claims"),
            places: Table::new("places"),
            articles: Table::new("articles"),
            statistics: Table::new("statistics"),
            kept: BTreeSet::new(),
        };
        let mut used = BTreeSet::<String>::new();
        let mut told = BTreeMap::<String, usize>::new();
        for row in all(AGREEMENTS)? {
            let agreement = text(&row, "agreement");
            let Some((a, b)) = pair(parties.get(&agreement), &places) else { continue };
            let tie = Tie {
                countries: [a, b].map(|it| places[it].get("country").to_owned()),
                within: [a, b].map(|it| names_above(it, &places)),
                kind: text(&row, "kind"),
                status: text(&row, "status"),
                earliest: text(&row, "earliest"),
                latest: text(&row, "latest"),
                confidence: text(&row, "confidence").parse().unwrap_or_default(),
            };
            let is_asked = asked.as_ref().is_none_or(|asked| asked.contains(&agreement));
            if !is_asked || !filter.keeps(&tie) {
                continue;
            }
            let mut said = claims.remove(&agreement).unwrap_or_default();
            said.sort_by_cached_key(rank);
            let Some(best) = said.first() else { continue };
            let article = articles.get(&text(best, "article"));
            let of_article = |name| article.map(|row| text(row, name)).unwrap_or_default();
            let sides = [("a", a), ("b", b)].into_iter().flat_map(|(side, place)| {
                let place = &places[place];
                SIDE.iter().map(move |&[column, cell]| (side, column, place.get(cell).to_owned()))
            });
            let mut cells: Vec<(String, String)> =
                sides.map(|(side, column, value)| ([side, column].concat(), value)).collect();
            for name in ["kind", "status", "date", "instrument", "confidence", "articles"] {
                cells.push((name.to_owned(), text(&row, name)));
            }
            cells.extend([
                ("id".to_owned(), last(&agreement)),
                ("date_earliest".to_owned(), text(&row, "earliest")),
                ("date_latest".to_owned(), text(&row, "latest")),
                ("claims".to_owned(), said.len().to_string()),
                ("quote".to_owned(), text(best, "quote")),
                ("rule".to_owned(), text(best, "rule")),
                ("article".to_owned(), last(&text(best, "article"))),
                ("article_title".to_owned(), of_article("title")),
                ("article_url".to_owned(), of_article("url")),
                ("article_file".to_owned(), of_article("file")),
                ("place_data".to_owned(), SCHEMA.place_data.clone()),
            ]);
            dataset.agreements.push_texts(cells);
            used.extend([a.clone(), b.clone()]);
            for row in &said {
                *told.entry(text(row, "article")).or_default() += 1;
                dataset.kept.insert(text(row, "claim"));
                dataset.claims.push_texts(
                    [
                        ("id", last(&text(row, "claim"))),
                        ("agreement", last(&agreement)),
                        ("article", last(&text(row, "article"))),
                        ("date_earliest", text(row, "earliest")),
                        ("date_latest", text(row, "latest")),
                        ("date_basis", text(row, "basis")),
                    ]
                    .into_iter()
                    .chain(CLAIM.map(|name| (name, text(row, name)))),
                );
            }
            dataset.kept.insert(agreement);
        }
        for row in all(EVENTS)? {
            let agreement = text(&row, "agreement");
            if !dataset.kept.contains(&agreement) {
                continue;
            }
            let event = text(&row, "event");
            dataset.events.push_texts([
                ("id", last(&event)),
                ("agreement", last(&agreement)),
                ("status", text(&row, "status")),
                ("kind", text(&row, "kind")),
                ("date", text(&row, "date")),
                ("date_earliest", text(&row, "earliest")),
                ("date_latest", text(&row, "latest")),
                ("date_basis", text(&row, "basis")),
                ("articles", text(&row, "articles")),
            ]);
            dataset.kept.insert(event);
        }
        for row in all(STATISTICS)? {
            let place = text(&row, "place");
            let Some(subject) = places.get(&place) else { continue };
            if !filter.keeps_count(subject.get("country"), &names_above(&place, &places)) {
                continue;
            }
            told.entry(text(&row, "article")).or_default();
            dataset.statistics.push_texts(
                [
                    ("id", last(&text(&row, "statistic"))),
                    ("place", subject.get("id").to_owned()),
                    ("place_name", subject.get("name").to_owned()),
                    ("as_of_earliest", text(&row, "earliest")),
                    ("as_of_latest", text(&row, "latest")),
                    ("article", last(&text(&row, "article"))),
                ]
                .into_iter()
                .chain(STATISTIC.map(|name| (name, text(&row, name)))),
            );
            dataset.kept.insert(text(&row, "statistic"));
            used.insert(place);
        }
        for (iri, row) in &articles {
            let claims = told.get(iri);
            // Copies stand beside their originals.
            let original = text(row, "original");
            if claims.is_none() && !filter.is_empty() {
                continue;
            }
            dataset.articles.push_texts(
                [
                    ("id", last(iri)),
                    ("published_earliest", text(row, "earliest")),
                    ("published_latest", text(row, "latest")),
                    ("claims", claims.copied().unwrap_or_default().to_string()),
                    ("duplicate_of", last(&original)),
                ]
                .into_iter()
                .chain(ARTICLE.map(|name| (name, text(row, name)))),
            );
            dataset.kept.insert(iri.clone());
        }
        for iri in with_parents(used, &places) {
            let place = &places[&iri];
            let parent = places.get(&place.parent).map(|parent| parent.get("id").to_owned());
            dataset.places.push_texts(
                [
                    ("other_names", place.others.iter().cloned().collect::<Vec<_>>().join("|")),
                    ("parent", parent.unwrap_or_default()),
                ]
                .into_iter()
                .chain(PLACE.map(|name| (name, place.get(name).to_owned()))),
            );
            dataset.kept.insert(iri);
        }
        dataset.sort();
        Ok(dataset)
    }

    /// The rows in an order that only they decide.
    fn sort(&mut self) {
        let by = |table: &mut Table, names: &[&str]| {
            let columns: Vec<_> = names.iter().filter_map(|name| table.column(name)).collect();
            table.rows.sort_by_cached_key(|row| {
                columns.iter().map(|&at| row[at].cell()).collect::<Vec<_>>()
            });
        };
        by(&mut self.agreements, &["a", "b_country", "b", "date", "kind", "id"]);
        by(&mut self.events, &["agreement", "date_earliest", "status", "kind", "id"]);
        by(&mut self.claims, &["agreement", "date", "status", "quote", "article", "id"]);
        by(&mut self.places, &["id"]);
        by(&mut self.articles, &["id"]);
        by(&mut self.statistics, &["place", "as_of", "quote", "article", "id"]);
    }
}

/// Columns of a side of an agreement, and the cells of its place.
const SIDE: [[&str; 2]; 7] = [
    ["", "name"],
    ["_country", "country"],
    ["_id", "id"],
    ["_lat", "lat"],
    ["_lon", "lon"],
    ["_geonames", "geonames"],
    ["_wikidata", "wikidata"],
];
const CLAIM: [&str; 11] = [
    "kind",
    "status",
    "date",
    "instrument",
    "confidence",
    "rule",
    "quote",
    "start",
    "end",
    "raw_start",
    "raw_end",
];
const STATISTIC: [&str; 7] = ["countries", "cities", "pairs", "kind", "as_of", "rule", "quote"];
const ARTICLE: [&str; 6] = ["title", "published", "publisher", "url", "file", "line"];
const PLACE: [&str; 12] = [
    "id",
    "name",
    "latin",
    "country",
    "level",
    "lat",
    "lon",
    "geonames",
    "wikidata",
    "iso3166_2",
    "gbt2260",
    "guess",
];

impl Table {
    /// Adds a row of cells given as text, each read as its column has it.
    fn push_texts<N: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = (N, String)>) {
        let layout = self.layout;
        let cells: Vec<_> = cells.into_iter().collect();
        self.push(cells.iter().map(|(name, text)| {
            let column = layout.columns.iter().find(|column| column.name == name.as_ref());
            let kind = column.map_or(Kind::Text, |column| column.kind);
            (name.as_ref(), Value::of(kind, text))
        }));
    }
}

impl Place {
    fn get(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    /// Takes in one row.
    fn add(&mut self, row: &QuerySolution) {
        let mut set = |name, value: String| {
            if !value.is_empty() {
                // Of several values the first in order, whatever the store says first.
                let cell = self.cells.entry(name).or_insert_with(|| value.clone());
                if value < *cell {
                    *cell = value;
                }
            }
        };
        for name in ["id", "name", "latin", "country", "level"] {
            set(name, text(row, name));
        }
        let wkt = text(row, "wkt");
        let position = wkt.strip_prefix("POINT(").and_then(|rest| rest.strip_suffix(')'));
        if let Some((lon, lat)) = position.and_then(|position| position.split_once(' ')) {
            set("lat", lat.to_owned());
            set("lon", lon.to_owned());
        }
        let same = text(row, "same");
        if same.contains("geonames.org/") {
            set("geonames", last(same.trim_end_matches('/')));
        } else if same.contains("wikidata.org/") {
            set("wikidata", last(&same));
        }
        let code = text(row, "code");
        match code.split_once(':') {
            Some(("iso3166-2", code)) => set("iso3166_2", code.to_owned()),
            Some(("gbt2260", code)) => set("gbt2260", code.to_owned()),
            _ => {}
        }
        set("guess", text(row, "guess"));
        let other = text(row, "other");
        if !other.is_empty() {
            self.others.insert(other);
        }
        let parent = text(row, "parent");
        if !parent.is_empty() {
            self.parent = parent;
        }
    }
}

/// The parties of an agreement, the Chinese side first when there is one.
fn pair<'p>(
    parties: Option<&'p BTreeSet<String>>,
    places: &BTreeMap<String, Place>,
) -> Option<(&'p String, &'p String)> {
    let mut parties: Vec<_> = parties?.iter().filter(|it| places.contains_key(*it)).collect();
    parties.sort_by_key(|place| {
        !CountryCode::new(places[*place].get("country")).is_some_and(CountryCode::is_chinese)
    });
    // A place tied to itself has one party.
    Some((*parties.first()?, *parties.get(1).or(parties.first())?))
}

/// How high a chain of units is followed.
const HIGHEST: usize = 8;

/// The names and keys of a place and of all units above it.
fn names_above(place: &str, places: &BTreeMap<String, Place>) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = place;
    for _ in 0..HIGHEST {
        let Some(place) = places.get(at) else { break };
        names.extend([place.get("name").to_owned(), place.get("id").to_owned()]);
        names.extend(place.others.iter().cloned());
        at = &place.parent;
    }
    names
}

/// These places and all units above them.
fn with_parents(used: BTreeSet<String>, places: &BTreeMap<String, Place>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for place in used {
        let mut at = place;
        while let Some(place) = places.get(&at) {
            if !all.insert(at.clone()) {
                break;
            }
            at.clone_from(&place.parent);
        }
    }
    all
}

/// The best claim of an agreement first: the most confident, then one with a date, then the
/// one whose date is most precise, then the first by IRI.
fn rank(row: &QuerySolution) -> (Reverse<u32>, Reverse<usize>, String) {
    let confidence = text(row, "confidence").parse::<f32>().unwrap_or_default();
    // In thousandths: floating-point numbers have no order.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
    let confidence = (confidence * 1000.0) as u32;
    (Reverse(confidence), Reverse(text(row, "date").len()), text(row, "claim"))
}

/// The value of a variable as plain text; empty when unbound.
pub(super) fn text(row: &QuerySolution, name: &str) -> String {
    row.get(name).map(iri).unwrap_or_default()
}

/// The key of what a variable names: the last part of its IRI.
pub(super) fn key(row: &QuerySolution, name: &str) -> String {
    last(&text(row, name))
}

fn iri(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        _ => String::new(),
    }
}

/// The last part of an IRI: a key.
fn last(iri: &str) -> String {
    iri.rsplit('/').next().unwrap_or(iri).to_owned()
}
