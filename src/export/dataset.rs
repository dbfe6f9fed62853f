//! [`Dataset`]: what the store holds as tables, all of it or what a filter keeps.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use oxigraph::sparql::QuerySolution;

use super::{
    ExportError,
    filter::{Count, Filter, Tie},
    particulars::Particulars,
    places::Places,
    question::{
        AGREEMENTS, ARTICLES, CLAIMS, EVENTS, PARTICULARS, PARTIES, PLACES, STATISTICS, iri, last,
        text,
    },
    table::{Kind, SCHEMA, Table, Value},
};
use crate::{
    query::{Form, Query},
    rdf::key,
    store::Store,
};

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
        let mut places = Places::default();
        for row in all(PLACES)? {
            places.add(&row);
        }
        let mut parties = HashMap::<String, BTreeSet<String>>::new();
        for row in all(PARTIES)? {
            parties.entry(text(&row, "agreement")).or_default().insert(text(&row, "place"));
        }
        if let Some(name) = filter.provinces.iter().find(|name| !places.has(name)) {
            return Err(ExportError::Place(name.clone()));
        }
        let asked = filter.query.clone().map(|query| asked(store, query)).transpose()?;

        let mut claims = BTreeMap::<String, Vec<QuerySolution>>::new();
        for row in all(CLAIMS)? {
            claims.entry(text(&row, "agreement")).or_default().push(row);
        }
        let mut particulars = BTreeMap::<String, Particulars>::new();
        for row in all(PARTICULARS)? {
            particulars.entry(text(&row, "claim")).or_default().add(&row, &places);
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
            let Some(both) = places.pair(parties.get(&agreement)) else { continue };
            let tie = Tie {
                countries: both.map(|(_, place)| place.cell("country").to_owned()),
                within: both.map(|(iri, _)| places.names_above(iri)),
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
            let mut cells = Vec::<(String, String)>::new();
            for (side, (_, place)) in ["a", "b"].into_iter().zip(both) {
                let of_side = SIDE.map(|[column, cell]| (column, place.cell(cell).to_owned()));
                cells.extend(of_side.map(|(column, value)| ([side, column].concat(), value)));
            }
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
            used.extend(both.map(|(iri, _)| iri.to_owned()));
            for row in &said {
                let others = particulars.remove(&text(row, "claim")).unwrap_or_default();
                used.extend(others.place().map(str::to_owned));
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
                    .chain(CLAIM.map(|name| (name, text(row, name))))
                    .chain(others.cells()),
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
            let [kind, earliest, latest] =
                ["kind", "earliest", "latest"].map(|name| text(&row, name));
            let count = Count {
                country: subject.cell("country"),
                within: places.names_above(&place),
                kind: &kind,
                earliest: &earliest,
                latest: &latest,
            };
            if !filter.keeps_count(&count) {
                continue;
            }
            told.entry(text(&row, "article")).or_default();
            dataset.statistics.push_texts(
                [
                    ("id", last(&text(&row, "statistic"))),
                    ("place", subject.cell("id").to_owned()),
                    ("place_name", subject.cell("name").to_owned()),
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
        for iri in places.with_parents(used) {
            let Some(place) = places.get(&iri) else { continue };
            let parent = places.get(place.parent()).map(|parent| parent.cell("id").to_owned());
            dataset.places.push_texts(
                [("other_names", place.other_names()), ("parent", parent.unwrap_or_default())]
                    .into_iter()
                    .chain(PLACE.map(|name| (name, place.cell(name).to_owned()))),
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

/// The best claim of an agreement first: the most confident, then one with a date, then the
/// one whose date is most precise, then the first by IRI.
fn rank(row: &QuerySolution) -> (Reverse<u32>, Reverse<usize>, String) {
    let confidence = text(row, "confidence").parse::<f32>().unwrap_or_default();
    // In thousandths: floating-point numbers have no order.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
    let confidence = (confidence * 1000.0) as u32;
    (Reverse(confidence), Reverse(text(row, "date").len()), text(row, "claim"))
}

/// The IRIs of the agreements that a query answers.
fn asked(store: &Store, query: Query) -> Result<BTreeSet<String>, ExportError> {
    if query.form() != Form::Select {
        return Err(ExportError::Form(query.form()));
    }
    let rows = query.solutions(store)?;
    let is_empty = rows.is_empty();
    let values = rows.iter().flat_map(|row| row.values().iter().flatten());
    let found: BTreeSet<_> = values.map(iri).filter(|iri| key::is_agreement(iri)).collect();
    if found.is_empty() && !is_empty {
        return Err(ExportError::NoAgreements);
    }
    Ok(found)
}
