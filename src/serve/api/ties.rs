//! All ties with their places, or those that fit.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::Serialize;

use super::Parameters;
use crate::{
    agreement::{Kind, Status},
    serve::{
        atlas::{Atlas, Brief, Country, Place, Tie, Totals},
        live::State,
        problem::Problem,
        response::{Packed, Response},
    },
};

/// No answer holds more.
const MOST: usize = 100_000;

#[derive(Serialize)]
struct Ties<'a> {
    countries: BTreeMap<&'a str, &'a Country>,
    places: Vec<&'a Place>,
    ties: Vec<Sided<'a>>,
    unplaced: Vec<u32>,
    total: usize,
    totals: &'a Totals,
    version: &'static str,
}

/// A tie with its sides as indexes into the list of places.
#[derive(Serialize)]
struct Sided<'a> {
    #[serde(flatten)]
    brief: Brief<'a>,
    a: u32,
    b: u32,
}

pub(super) fn answer(state: &State, parameters: &Parameters) -> Result<Response, Problem> {
    let filter = Filter::read(parameters)?;
    let response = Response::new(200).with("content-type", "application/json");
    if filter == Filter::default() {
        let packed = state.ties.get_or_init(|| {
            let all = list(&state.atlas, &filter);
            Arc::new(Packed::new(&serde_json::to_vec(&all).unwrap_or_default()))
        });
        return Ok(response.packed(Arc::clone(packed)));
    }
    Ok(Response::json(&list(&state.atlas, &filter)))
}

/// Which ties are wanted; what is empty wants all.
#[derive(Debug, Default, PartialEq)]
struct Filter {
    kinds: Vec<Kind>,
    statuses: Vec<Status>,
    countries: Vec<String>,
    provinces: Vec<String>,
    places: Vec<String>,
    from: Option<i16>,
    to: Option<i16>,
    contradicted: bool,
    limit: Option<usize>,
}

impl Filter {
    fn read(parameters: &Parameters) -> Result<Self, Problem> {
        let unknown = |what: &str, value: &str| Problem::bad(format!("there is no {what} {value}"));
        let kinds = parameters.all("kind").map(|name| {
            Kind::named(name)
                .ok_or_else(|| unknown("kind", name).hint(Kind::ALL.map(Kind::name).join(", ")))
        });
        let statuses = parameters.all("status").map(|name| {
            let known = Status::ALL.into_iter().find(|status| status.name() == name);
            known.ok_or_else(|| {
                unknown("status", name).hint(Status::ALL.map(Status::name).join(", "))
            })
        });
        let texts = |name| parameters.all(name).map(str::to_owned).collect();
        Ok(Self {
            kinds: kinds.collect::<Result<_, _>>()?,
            statuses: statuses.collect::<Result<_, _>>()?,
            countries: texts("country"),
            provinces: texts("province"),
            places: texts("place"),
            from: parameters.number("from")?,
            to: parameters.number("to")?,
            contradicted: parameters.one("contradicted") == Some("1"),
            limit: parameters.number("limit")?,
        })
    }

    fn keeps(&self, atlas: &Atlas, tie: &Tie) -> bool {
        let any = |wanted: &[String], of: &dyn Fn(u32) -> Option<Arc<str>>| {
            wanted.is_empty()
                || tie.sides.iter().any(|&side| {
                    of(side).is_some_and(|value| wanted.iter().any(|one| **one == *value))
                })
        };
        let year = tie.year();
        (self.kinds.is_empty() || self.kinds.contains(&tie.kind))
            && (self.statuses.is_empty() || self.statuses.contains(&tie.status))
            && self.from.is_none_or(|from| year.is_some_and(|year| year >= from))
            && self.to.is_none_or(|to| year.is_some_and(|year| year <= to))
            && any(&self.countries, &|side| atlas.at(side).country.clone())
            && any(&self.provinces, &|side| atlas.province(side).cloned())
            && any(&self.places, &|side| Some(Arc::clone(&atlas.at(side).key)))
            && (!self.contradicted || !tie.contradictions().is_empty())
    }
}

fn list<'a>(atlas: &'a Atlas, filter: &Filter) -> Ties<'a> {
    let mut used = Used { atlas, indexes: HashMap::new(), places: Vec::new() };
    let limit = filter.limit.unwrap_or(MOST).min(MOST);
    let (mut ties, mut total) = (Vec::new(), 0);
    for tie in &atlas.ties {
        if !filter.keeps(atlas, tie) {
            continue;
        }
        total += 1;
        if ties.len() < limit {
            let [a, b] = tie.sides.map(|side| used.index(side));
            ties.push(Sided { brief: tie.into(), a, b });
        }
    }
    let parties = ties.iter().flat_map(|tie| [tie.a, tie.b]);
    let mut unplaced: Vec<u32> =
        parties.filter(|&at| used.places[at as usize].lat.is_none()).collect();
    unplaced.sort_unstable();
    unplaced.dedup();
    let countries = used
        .places
        .iter()
        .filter_map(|place| atlas.countries.get_key_value(place.country.as_deref()?))
        .map(|(code, country)| (code.as_str(), country))
        .collect();
    Ties {
        countries,
        places: used.places,
        ties,
        unplaced,
        total,
        totals: &atlas.totals,
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// The places of an answer, each once, with the provinces that they name.
struct Used<'a> {
    atlas: &'a Atlas,
    indexes: HashMap<u32, u32>,
    places: Vec<&'a Place>,
}

impl Used<'_> {
    fn index(&mut self, place: u32) -> u32 {
        if let Some(&known) = self.indexes.get(&place) {
            return known;
        }
        let index = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.indexes.insert(place, index);
        self.places.push(self.atlas.at(place));
        let province = self.atlas.province(place).and_then(|key| self.atlas.place(key));
        if let Some((province, _)) = province {
            self.index(province);
        }
        index
    }
}
