//! Which address answers what.

use super::{
    App, api, assets, description,
    problem::Problem,
    request::{Method, Request},
    response::Response,
    sparql,
};

/// What an address is counted as.
pub(super) fn name(path: &str) -> &'static str {
    match path {
        "/" => "page",
        "/sparql" | "/sparql/" | "/update" => "sparql",
        "/health" => "health",
        "/metrics" => "metrics",
        "/api/ties" => "ties",
        "/api/city" => "city",
        "/api/agreement" => "agreement",
        "/api/article" => "article",
        "/api/search" => "search",
        _ if path.starts_with("/api/") => "api",
        _ if path == "/store" || path.starts_with("/store/") => "store",
        _ if path.starts_with("/queries") => "queries",
        _ => "asset",
    }
}

/// Answers a request that was let in.
pub(super) fn answer(app: &App, request: &Request) -> Response {
    let read = matches!(request.method, Method::Get | Method::Head);
    let reading = |answer: &dyn Fn() -> Result<Response, Problem>| {
        if read { answer().unwrap_or_else(Response::from) } else { Problem::method("GET, HEAD") }
    };
    if request.method == Method::Options {
        return Response::new(204).with("allow", "GET, HEAD, POST, OPTIONS");
    }
    match request.path.as_str() {
        "/sparql" | "/sparql/" => sparql::answer(app, request),
        "/update" | "/update/" => sparql::answer(app, request),
        "/store" => reading(&|| sparql::graph(app, request)),
        path if path.starts_with("/store/") => reading(&|| sparql::graph(app, request)),
        "/queries" | "/queries/" => reading(&|| Ok(api::queries::list())),
        path if path.starts_with("/queries/") => reading(&|| sparql::named(app, request)),
        path if path.starts_with("/api/") => {
            reading(&|| api::answer(app, path.trim_start_matches("/api/"), request))
        }
        "/health" => reading(&|| Ok(health(app))),
        "/metrics" => reading(&|| {
            let text = app.metrics.text(&app.pool, Some(&app.live.state()));
            Ok(Response::new(200)
                .with("content-type", "text/plain; version=0.0.4")
                .body(text.into_bytes()))
        }),
        "/.well-known/void" => reading(&|| description::answer(app, request)),
        path => reading(&|| assets::answer(path)),
    }
}

fn health(app: &App) -> Response {
    let state = app.live.state();
    let (working, waiting) = app.pool.load();
    Response::json(&serde_json::json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "generation": state.generation,
        "articles": state.atlas.totals.articles,
        "agreements": state.atlas.totals.agreements,
        // Somebody writes, or has written what will be seen in a moment.
        "behind": app.live.is_behind(),
        "working": working,
        "waiting": waiting,
    }))
}
