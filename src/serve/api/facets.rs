//! How many ties there are of each kind, in each year, with each country.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use crate::{
    agreement::{Kind, Status},
    serve::{
        atlas::{Country, Totals},
        live::State,
        response::Response,
    },
};

#[derive(Serialize)]
struct Summary<'a> {
    version: &'static str,
    totals: &'a Totals,
    kinds: BTreeMap<&'static str, u32>,
    statuses: BTreeMap<&'static str, u32>,
    years: BTreeMap<i16, u32>,
    countries: BTreeMap<&'a str, u32>,
}

#[derive(Serialize)]
struct Facets<'a> {
    kinds: Vec<Facet<'a, &'a str>>,
    statuses: Vec<Facet<'a, &'a str>>,
    years: Vec<Year>,
    countries: Vec<Facet<'a, &'a str>>,
    provinces: Vec<Facet<'a, &'a str>>,
}

#[derive(Serialize)]
struct Facet<'a, V> {
    value: V,
    zh: &'a str,
    en: Option<&'a str>,
    count: u32,
}

#[derive(Serialize)]
struct Year {
    value: i16,
    count: u32,
}

/// Counts of ties.
#[derive(Default)]
struct Counts<'a> {
    kinds: BTreeMap<Kind, u32>,
    statuses: BTreeMap<Status, u32>,
    years: BTreeMap<i16, u32>,
    countries: BTreeMap<&'a str, u32>,
    provinces: BTreeMap<&'a str, u32>,
}

impl<'a> Counts<'a> {
    fn of(state: &'a State) -> Self {
        let atlas = &state.atlas;
        let mut counts = Self::default();
        for tie in &atlas.ties {
            *counts.kinds.entry(tie.kind).or_default() += 1;
            *counts.statuses.entry(tie.status).or_default() += 1;
            if let Some(year) = tie.year() {
                *counts.years.entry(year).or_default() += 1;
            }
            let both = |of: &dyn Fn(u32) -> Option<&'a Arc<str>>| {
                let mut both: Vec<&'a str> =
                    tie.sides.iter().filter_map(|&side| Some(of(side)?.as_ref())).collect();
                both.dedup();
                both
            };
            for country in both(&|side| atlas.at(side).country.as_ref()) {
                *counts.countries.entry(country).or_default() += 1;
            }
            for province in both(&|side| atlas.province(side)) {
                *counts.provinces.entry(province).or_default() += 1;
            }
        }
        counts
    }
}

pub(super) fn summary(state: &State) -> Response {
    let counts = Counts::of(state);
    Response::json(&Summary {
        version: env!("CARGO_PKG_VERSION"),
        totals: &state.atlas.totals,
        kinds: counts.kinds.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
        statuses: counts.statuses.iter().map(|(status, n)| (status.name(), *n)).collect(),
        years: counts.years,
        countries: counts.countries,
    })
}

pub(super) fn facets(state: &State) -> Response {
    let counts = Counts::of(state);
    let none = Country::default();
    let label = |scheme: &str, name: &str| {
        state.atlas.concepts.get(&[scheme, "-", name].concat()).unwrap_or(&none)
    };
    let concept = |scheme: &str, name: &'static str, count: u32| {
        let label = label(scheme, name);
        Facet { value: name, zh: label.zh.as_str(), en: Some(label.en.as_str()), count }
    };
    let kinds = counts.kinds.iter().map(|(kind, n)| concept("kind", kind.name(), *n)).collect();
    let statuses =
        counts.statuses.iter().map(|(status, n)| concept("status", status.name(), *n)).collect();
    let countries = counts.countries.iter().map(|(code, n)| {
        let country = state.atlas.countries.get(*code).unwrap_or(&none);
        Facet { value: *code, zh: &country.zh, en: Some(country.en.as_str()), count: *n }
    });
    let provinces = counts.provinces.iter().filter_map(|(key, n)| {
        let place = state.atlas.at(state.atlas.place(key)?.0);
        Some(Facet { value: *key, zh: &place.name, en: place.latin.as_deref(), count: *n })
    });
    Response::json(&Facets {
        kinds,
        statuses,
        years: counts.years.iter().map(|(&value, &count)| Year { value, count }).collect(),
        countries: countries.collect(),
        provinces: provinces.collect(),
    })
}
