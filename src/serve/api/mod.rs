//! The JSON that the explorer asks for. `docs/serve.md` describes it for others.

mod agreement;
mod article;
mod city;
mod claim;
mod facets;
pub(super) mod queries;
mod search;
mod ties;

use super::{App, problem::Problem, request::Request, response::Response};
use crate::rdf::vocab::PREFIXES;

/// Answers what stands behind `/api/`.
pub(super) fn answer(app: &App, name: &str, request: &Request) -> Result<Response, Problem> {
    let parameters = Parameters(request.parameters()?);
    let state = app.live.state();
    match name {
        "ties" => ties::answer(&state, &parameters),
        "summary" => Ok(facets::summary(&state)),
        "facets" => Ok(facets::facets(&state)),
        "city" => city::answer(&state, parameters.required("key")?),
        "agreement" => agreement::answer(&state, parameters.required("id")?),
        "article" => article::answer(&state, parameters.required("id")?),
        "search" => search::answer(&state, &parameters),
        "prefixes" => {
            let map: serde_json::Map<_, _> = PREFIXES
                .iter()
                .map(|(prefix, iri)| ((*prefix).to_owned(), (*iri).into()))
                .collect();
            Ok(Response::json(&map))
        }
        _ => Err(Problem::missing(format!("there is no /api/{name}"))),
    }
}

/// The parameters of an address.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// All values of a name, those with commas taken apart; empty ones say nothing.
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
    }

    fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn required(&self, name: &str) -> Result<&str, Problem> {
        self.one(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Problem::bad(format!("the parameter {name} is missing")))
    }

    fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, Problem> {
        match self.one(name).filter(|value| !value.is_empty()) {
            None => Ok(None),
            Some(value) => value
                .parse()
                .map(Some)
                .map_err(|_| Problem::bad(format!("{name} must be a whole number, not “{value}”"))),
        }
    }
}
