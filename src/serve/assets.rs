//! The explorer's files, which are part of the program.

use std::sync::{Arc, OnceLock};

use super::{
    problem::Problem,
    response::{Packed, Response},
};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file of `web/dist/` by its path there.
pub(super) fn answer(path: &str) -> Result<Response, Problem> {
    static PACKED: OnceLock<Vec<OnceLock<Arc<Packed>>>> = OnceLock::new();
    let path = match path.trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let at = ASSETS
        .iter()
        .position(|(name, _)| *name == path)
        .ok_or_else(|| Problem::missing(format!("there is no page /{path}")))?;
    let packed = PACKED.get_or_init(|| ASSETS.iter().map(|_| OnceLock::new()).collect());
    let (name, bytes) = ASSETS[at];
    let packed = packed[at].get_or_init(|| Arc::new(Packed::new(bytes)));
    Ok(Response::new(200).with("content-type", media(name)).packed(Arc::clone(packed)))
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
