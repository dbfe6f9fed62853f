//! What a name may stand for: places, countries, articles.

use serde::Serialize;

use super::Parameters;
use crate::{
    place::stem,
    serve::{
        atlas::{Country, Place, Source},
        live::State,
        problem::Problem,
        response::Response,
    },
};

/// No list is longer, and no question.
const MOST: usize = 50;
const LONGEST: usize = 200;

#[derive(Serialize, Default)]
struct Found<'a> {
    places: Vec<Counted<&'a Place>>,
    countries: Vec<Counted<Named<'a>>>,
    articles: Vec<Source>,
}

#[derive(Serialize)]
struct Counted<T> {
    #[serde(flatten)]
    found: T,
    ties: usize,
}

#[derive(Serialize)]
struct Named<'a> {
    code: &'a str,
    #[serde(flatten)]
    country: &'a Country,
}

/// How well a name fits; the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Begins,
    Holds,
}

pub(super) fn answer(state: &State, parameters: &Parameters) -> Result<Response, Problem> {
    let limit = parameters.number::<usize>("limit")?.unwrap_or(8).min(MOST);
    let wanted = parameters.one("q").unwrap_or_default().trim().to_lowercase();
    if wanted.chars().count() > LONGEST {
        return Err(Problem::bad(format!("a question has at most {LONGEST} characters")));
    }
    if wanted.is_empty() {
        return Ok(Response::json(&Found::default()));
    }
    let atlas = &state.atlas;
    let mut places = Vec::new();
    for (at, place) in (0_u32..).zip(&atlas.places) {
        let names = [Some(&place.name), place.latin.as_ref()].into_iter().flatten();
        if let Some(fit) = best(names.chain(&place.others).map(AsRef::as_ref), &wanted) {
            places.push((fit, atlas.ties_of(at).count(), place));
        }
    }
    places.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.key.cmp(&b.2.key)));
    places.truncate(limit);
    let mut countries = Vec::new();
    for (code, country) in &atlas.countries {
        let names = [country.zh.as_str(), &country.en];
        let fit = if code.eq_ignore_ascii_case(&wanted) {
            Some(Fit::Whole)
        } else {
            best(names.into_iter(), &wanted)
        };
        if let Some(fit) = fit {
            countries.push((fit, code, country));
        }
    }
    countries.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    countries.truncate(limit);
    let ties_with = |code: &str| {
        let is = |side: &u32| atlas.at(*side).country.as_deref() == Some(code);
        atlas.ties.iter().filter(|tie| tie.sides.iter().any(is)).count()
    };
    let articles = atlas
        .articles
        .iter()
        .filter(|source| source.title.as_ref().is_some_and(|it| fit(it, &wanted).is_some()))
        .take(limit)
        .cloned()
        .collect();
    Ok(Response::json(&Found {
        places: places.into_iter().map(|(_, ties, place)| Counted { found: place, ties }).collect(),
        countries: countries
            .into_iter()
            .map(|(_, code, country)| Counted {
                found: Named { code, country },
                ties: ties_with(code),
            })
            .collect(),
        articles,
    }))
}

/// The best fit of several names.
fn best<'a>(names: impl Iterator<Item = &'a str>, wanted: &str) -> Option<Fit> {
    names.filter_map(|name| fit(name, wanted)).min()
}

/// How a name fits what is looked for, which is in small letters. 聊城市 is found by 聊城, and
/// 聊城 by 聊城市.
fn fit(name: &str, wanted: &str) -> Option<Fit> {
    let small;
    let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) || !name.is_ascii() {
        small = name.to_lowercase();
        small.as_str()
    } else {
        name
    };
    let bare = |text| match stem(text) {
        (bare, Some(_)) => bare,
        _ => text,
    };
    if name == wanted || bare(name) == bare(wanted) {
        return Some(Fit::Whole);
    }
    let wanted = if name.contains(wanted) { wanted } else { bare(wanted) };
    if name.starts_with(wanted) {
        return Some(Fit::Begins);
    }
    name.contains(wanted).then_some(Fit::Holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_and_without_their_unit() {
        for (name, wanted, found) in [
            ("聊城市", "聊城", Some(Fit::Whole)),
            ("聊城", "聊城市", Some(Fit::Whole)),
            ("聊城市", "聊", Some(Fit::Begins)),
            ("聊城市", "城", Some(Fit::Holds)),
            ("New York City", "york", Some(Fit::Holds)),
            ("Paks", "paks", Some(Fit::Whole)),
            ("帕克斯市", "巴黎", None),
        ] {
            assert!(fit(name, wanted) == found, "{name} {wanted}");
        }
    }
}
