//! The SPARQL 1.1 Protocol and the reading half of the Graph Store Protocol.

use std::sync::{Arc, PoisonError};

use super::{
    App, description,
    job::{Job, What},
    pool::Answer,
    problem::Problem,
    request::{Method, Request, form},
    response::Response,
};
use crate::query::Named;

type Pairs = Vec<(String, String)>;

/// A query or an update, as the protocol sends it.
enum Operation {
    Query(String),
    Update(String),
}

/// Answers what is asked of the endpoint.
pub(super) fn answer(app: &App, request: &Request) -> Response {
    let answer = match request.method {
        Method::Get | Method::Head => get(app, request),
        Method::Post => post(app, request),
        _ => return Problem::method("GET, HEAD, POST, OPTIONS"),
    };
    answer.unwrap_or_else(Response::from)
}

fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let pairs = request.parameters()?;
    if has(&pairs, "update") {
        return Err(Problem::bad("an update is sent with POST"));
    }
    if !has(&pairs, "query") {
        return description::answer(app, request);
    }
    let query = one(&pairs, "query")?;
    run(app, request, Operation::Query(query), &pairs)
}

fn post(app: &App, request: &Request) -> Result<Response, Problem> {
    let mut pairs = request.parameters()?;
    let (media, charset) = request.content_type().unwrap_or_default();
    if charset.is_some_and(|charset| charset != "utf-8") {
        return Err(Problem::new(415, "the body must be UTF-8"));
    }
    let body = || {
        String::from_utf8(request.body.clone())
            .map_err(|_| Problem::new(415, "the body must be UTF-8"))
    };
    let both =
        || Problem::bad("send the query or update in the address or in the body, not in both");
    let operation = match media.as_str() {
        "application/sparql-query" => Operation::Query(body()?),
        "application/sparql-update" => Operation::Update(body()?),
        "application/x-www-form-urlencoded" => {
            if has(&pairs, "query") || has(&pairs, "update") {
                return Err(both());
            }
            pairs.extend(form(&request.body)?);
            match (has(&pairs, "query"), has(&pairs, "update")) {
                (true, false) => Operation::Query(one(&pairs, "query")?),
                (false, true) => Operation::Update(one(&pairs, "update")?),
                _ => return Err(Problem::bad("the form has no query")),
            }
        }
        _ => {
            return Err(Problem::new(415, "the body is of no type that this understands").hint(
                "take one of: application/sparql-query, application/sparql-update, \
                 application/x-www-form-urlencoded",
            ));
        }
    };
    let direct = media != "application/x-www-form-urlencoded";
    if direct && (has(&pairs, "query") || has(&pairs, "update")) {
        return Err(both());
    }
    run(app, request, operation, &pairs)
}

fn run(
    app: &App,
    request: &Request,
    operation: Operation,
    pairs: &Pairs,
) -> Result<Response, Problem> {
    let (what, default, named) = match operation {
        Operation::Query(text) => (What::Query(text), "default-graph-uri", "named-graph-uri"),
        Operation::Update(text) => {
            may_update(app, request)?;
            (What::Update(text), "using-graph-uri", "using-named-graph-uri")
        }
    };
    let updates = matches!(what, What::Update(_));
    let mut job = job(app, request, what, pairs)?;
    job.default = all(pairs, default);
    job.named = all(pairs, named);
    let _one = updates.then(|| app.updating.lock().unwrap_or_else(PoisonError::into_inner));
    let response = done(app, request, job)?;
    if updates {
        // Whoever changed it sees it in the next answer.
        app.live.renew(&app.pool, true)?;
        return Ok(Response::new(204));
    }
    Ok(response)
}

/// Whether the client knows the token.
fn may_update(app: &App, request: &Request) -> Result<(), Problem> {
    let Some(token) = &app.token else {
        return Err(Problem::new(403, "this server only reads")
            .hint("start it with --allow-update to change the store"));
    };
    let given = request.header("authorization").and_then(|it| it.strip_prefix("Bearer "));
    let same = given.is_some_and(|given| {
        // As long for a wrong token as for the right one.
        let (given, token) = (given.trim().as_bytes(), token.as_bytes());
        given.len() == token.len()
            && given.iter().zip(token).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
    });
    if same {
        return Ok(());
    }
    Err(Problem::new(401, "an update needs the token that the server was started with")
        .hint("send it as `Authorization: Bearer …`"))
}

/// A query that comes with the program, its parameters as those of the address.
pub(super) fn named(app: &App, request: &Request) -> Result<Response, Problem> {
    let name = request.path.trim_start_matches("/queries/").to_owned();
    let pairs = request.parameters()?;
    let values: Pairs = pairs
        .iter()
        .filter(|(name, value)| name != "format" && !value.is_empty())
        .cloned()
        .collect();
    if pairs.iter().any(|(name, value)| name == "format" && value == "sparql") {
        // The query itself, its parameters in it, for whoever wants to change it.
        let missing = || Problem::missing(format!("there is no query {name}"));
        let query = Named::find(&name).ok_or_else(missing)?.query(&values)?;
        let response = Response::new(200).with("content-type", "application/sparql-query");
        return Ok(response.body(query.to_string().into_bytes()));
    }
    done(app, request, job(app, request, What::Named(name, values), &pairs)?)
}

/// A graph of the store, named by a parameter or by the address itself.
pub(super) fn graph(app: &App, request: &Request) -> Result<Response, Problem> {
    let pairs = request.parameters()?;
    let name = match (has(&pairs, "graph"), has(&pairs, "default")) {
        (true, false) => Some(one(&pairs, "graph")?),
        (false, true) => None,
        (false, false) if request.path != "/store" => {
            Some(base(request).trim_end_matches("/sparql").to_owned() + &request.path)
        }
        _ => {
            return Err(Problem::bad("which graph is asked for is not said")
                .hint("add ?graph=IRI, or ?default for the union of all"));
        }
    };
    done(app, request, job(app, request, What::Graph(name), &pairs)?)
}

fn job(app: &App, request: &Request, what: What, pairs: &Pairs) -> Result<Job, Problem> {
    let format = if has(pairs, "format") { Some(one(pairs, "format")?) } else { None };
    Ok(Job {
        store: app.live.path().to_owned(),
        graph: Default::default(),
        what,
        base: base(request),
        accept: request.list("accept"),
        format,
        default: Vec::new(),
        named: Vec::new(),
        milliseconds: app.limits.timeout.as_millis().try_into().unwrap_or(u64::MAX),
        rows: app.limits.rows,
    })
}

/// Has a job done on the state of now.
fn done(app: &App, request: &Request, mut job: Job) -> Result<Response, Problem> {
    let state = app.live.state();
    job.graph = state.store.graph_folder();
    match app.pool.run(&job, request.client.as_ref(), Arc::clone(&state))? {
        Answer::Whole { media, body } => {
            let response = Response::new(200).body(body);
            Ok(if media.is_empty() { response } else { response.with("content-type", media) })
        }
        Answer::Begun { media, pieces } => {
            Ok(Response::new(200).with("content-type", media).pieces(pieces))
        }
    }
}

/// The address of the endpoint, as the client knows it.
pub(super) fn base(request: &Request) -> String {
    format!("http://{}/sparql", request.header("host").unwrap_or("localhost"))
}

fn has(pairs: &Pairs, name: &str) -> bool {
    pairs.iter().any(|(known, _)| known == name)
}

fn all(pairs: &Pairs, name: &str) -> Vec<String> {
    pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
}

fn one(pairs: &Pairs, name: &str) -> Result<String, Problem> {
    match all(pairs, name).as_slice() {
        [value] => Ok(value.clone()),
        [] => Err(Problem::bad(format!("the parameter {name} is missing"))),
        _ => Err(Problem::bad(format!("the parameter {name} is given more than once"))),
    }
}
