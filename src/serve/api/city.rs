//! A place: its ties, what is said of how many it has, the articles that name it.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::{NamedNode, Term};
use serde::Serialize;

use crate::{
    agreement::{Kind, Status},
    article::ArticleId,
    place::PlaceKey,
    rdf::{iri, key, vocab::schema},
    serve::{
        atlas::{self, Brief, Day, Place, Source, Tie},
        live::State,
        problem::Problem,
        response::Response,
        rows::{self, concept, number, text},
    },
};

/// As many articles are listed.
const ARTICLES: usize = 50;
/// As many stated counts.
const STATISTICS: usize = 200;

#[derive(Serialize)]
struct City<'a> {
    place: &'a Place,
    names: Vec<&'a str>,
    merged_into: Option<&'a str>,
    parents: Vec<&'a Place>,
    same_as: Vec<String>,
    ties: Vec<Partner<'a>>,
    statistics: Vec<Statistic>,
    counted: Counted,
    articles: Articles,
}

/// A tie, seen from one of its sides.
#[derive(Serialize)]
struct Partner<'a> {
    #[serde(flatten)]
    brief: Brief<'a>,
    other: &'a Place,
    instrument: Option<&'a str>,
    events: Vec<Event<'a>>,
}

/// What became of a tie.
#[derive(Serialize)]
pub(super) struct Event<'a> {
    #[serde(serialize_with = "atlas::status")]
    status: Status,
    #[serde(serialize_with = "atlas::kind")]
    kind: Kind,
    date: Option<&'a Day>,
    basis: Option<&'a str>,
    articles: u32,
    pub(super) claims: Vec<&'a str>,
}

impl<'a> From<&'a atlas::Event> for Event<'a> {
    fn from(event: &'a atlas::Event) -> Self {
        Self {
            status: event.status,
            kind: event.kind,
            date: event.date.as_ref(),
            basis: event.basis.as_deref(),
            articles: event.articles,
            claims: Vec::new(),
        }
    }
}

#[derive(Serialize)]
struct Statistic {
    countries: Option<u32>,
    cities: Option<u32>,
    pairs: Option<u32>,
    kind: Option<String>,
    as_of: Option<Day>,
    quote: String,
    start: u32,
    end: u32,
    article: Source,
}

/// What the graph holds, to be compared with what is stated.
#[derive(Serialize)]
struct Counted {
    countries: usize,
    cities: usize,
    pairs: usize,
}

#[derive(Serialize)]
struct Articles {
    total: usize,
    first: Vec<Source>,
}

pub(super) fn answer(state: &State, wanted: &str) -> Result<Response, Problem> {
    let atlas = &state.atlas;
    let (at, merged) = atlas
        .place(wanted)
        .ok_or_else(|| Problem::missing(format!("the store knows no place {wanted}")))?;
    let place = atlas.at(at);
    let node = iri::place(&PlaceKey(place.key.clone()));
    let ties: Vec<&Tie> = atlas.ties_of(at).collect();
    let partners: BTreeSet<u32> =
        ties.iter().filter(|tie| tie.is_partnership()).map(|tie| tie.other(at)).collect();
    let countries: BTreeSet<_> =
        partners.iter().filter_map(|&other| atlas.at(other).country.as_deref()).collect();
    let same = state.store.about(&node)?;
    let mut same_as: Vec<String> = same
        .iter()
        .filter(|quad| quad.predicate == schema::SAME_AS)
        .filter_map(|quad| match &quad.object {
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            _ => None,
        })
        .collect();
    same_as.sort();
    Ok(Response::json(&City {
        place,
        names: place.others.iter().map(AsRef::as_ref).collect(),
        merged_into: merged.then_some(place.key.as_ref()),
        parents: atlas.above(at).map(|at| atlas.at(at)).collect(),
        same_as,
        ties: ties
            .iter()
            .map(|tie| Partner {
                brief: (*tie).into(),
                other: atlas.at(tie.other(at)),
                instrument: tie.instrument.as_deref(),
                events: tie.events.iter().map(Event::from).collect(),
            })
            .collect(),
        statistics: statistics(state, &node)?,
        counted: Counted {
            countries: countries.len(),
            cities: partners.len(),
            pairs: partners.len(),
        },
        articles: articles(state, &node)?,
    }))
}

const STATED: &str = "SELECT * WHERE { VALUES ?given { UNDEF }
    ?statistic yc:subject ?given ; oa:hasTarget ?sentence .
    ?sentence oa:hasSource ?article ; oa:hasSelector ?selector .
    ?selector oa:start ?start ; oa:end ?end ; oa:exact ?quote .
    OPTIONAL { ?statistic yc:countries ?countries }
    OPTIONAL { ?statistic yc:cities ?cities }
    OPTIONAL { ?statistic yc:pairs ?pairs }
    OPTIONAL { ?statistic yc:kind ?kind }
    OPTIONAL { ?statistic yc:asOf ?as_of } }";

fn statistics(state: &State, place: &NamedNode) -> Result<Vec<Statistic>, Problem> {
    let mut found = BTreeMap::new();
    rows::each(&state.store, rows::about(STATED, place)?, |row| {
        let number = |name| number(row, name).and_then(|n| u32::try_from(n).ok());
        let (Some(id), Some(article)) =
            (text(row, "statistic"), text(row, "article").and_then(key::article))
        else {
            return;
        };
        let statistic = Statistic {
            countries: number("countries"),
            cities: number("cities"),
            pairs: number("pairs"),
            kind: concept(row, "kind", "kind-").map(str::to_owned),
            as_of: text(row, "as_of").and_then(|iri| state.atlas.date(iri)).cloned(),
            quote: text(row, "quote").unwrap_or_default().to_owned(),
            start: number("start").unwrap_or(0),
            end: number("end").unwrap_or(0),
            article: state.atlas.source(&article),
        };
        found.entry(id.to_owned()).or_insert(statistic);
    })?;
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| {
        let day = |it: &Statistic| it.as_of.as_ref().and_then(|day| day.earliest);
        day(b).cmp(&day(a)).then_with(|| a.quote.cmp(&b.quote))
    });
    found.truncate(STATISTICS);
    Ok(found)
}

const NAMED: &str =
    "SELECT ?article WHERE { VALUES ?given { UNDEF } ?article schema:mentions ?given }";

/// The articles that name a place: how many, and the newest.
fn articles(state: &State, place: &NamedNode) -> Result<Articles, Problem> {
    let mut named = BTreeSet::<ArticleId>::new();
    rows::each(&state.store, rows::about(NAMED, place)?, |row| {
        named.extend(text(row, "article").and_then(key::article));
    })?;
    // The list of all articles is sorted that way already.
    let newest = state.atlas.articles.iter().filter(|source| named.contains(&source.id));
    Ok(Articles { total: named.len(), first: newest.take(ARTICLES).cloned().collect() })
}
