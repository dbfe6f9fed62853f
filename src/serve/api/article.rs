//! An article: its text with all that was found in it, the noise that went, its copies.

use std::collections::BTreeSet;

use oxrdf::Term;
use serde::Serialize;
use serde_json::Value;

use super::claim::{Claim, Which, claims};
use crate::{
    article::ArticleId,
    rdf::{iri, key, vocab::yc},
    serve::{atlas::Source, live::State, problem::Problem, response::Response},
};

/// As many copies are listed.
const COPIES: usize = 200;

#[derive(Serialize)]
struct Article<'a> {
    article: &'a Source,
    document: Option<Value>,
    noise: Option<Value>,
    claims: &'a [Claim],
    duplicates: Vec<Source>,
    duplicate_of: Option<Source>,
}

pub(super) fn answer(state: &State, id: &str) -> Result<Response, Problem> {
    let missing = || Problem::missing("the store has no such article, or no longer");
    let id = ArticleId::from_hex(id.strip_prefix("sha256:").unwrap_or(id)).ok_or_else(missing)?;
    let atlas = &state.atlas;
    let source = atlas.article(&id).ok_or_else(missing)?;
    let mut claims = claims(state, Which::Of, &iri::article(&id))?;
    claims.sort_by(|a, b| (a.start, a.end, &a.id).cmp(&(b.start, b.end, &b.id)));
    let (mut document, noise) = match document(state, &id)? {
        Some((document, noise)) => (Some(document), Some(noise)),
        None => (None, None),
    };
    if let Some(document) = &mut document {
        document["duplicate_of"] = source.duplicate_of.map(|root| root.to_string()).into();
        connect(document, &claims);
    }
    let root = source.duplicate_of;
    let mut copies = BTreeSet::new();
    for of in [Some(id), root].into_iter().flatten() {
        for copy in state.store.naming(yc::DUPLICATE_OF, &iri::article(&of)).take(COPIES) {
            if let Term::NamedNode(copy) = Term::from(copy?) {
                copies.extend(key::article(copy.as_str()));
            }
        }
    }
    copies.remove(&id);
    let duplicates = copies.iter().map(|copy| atlas.source(copy)).collect();
    let duplicate_of = root.map(|root| atlas.source(&root));
    Ok(Response::json(&Article {
        article: source,
        document,
        noise,
        claims: &claims,
        duplicates,
        duplicate_of,
    }))
}

/// Tells of each agreement of a document which claim and which merged agreement it is.
fn connect(document: &mut Value, claims: &[Claim]) {
    let Some(found) = document.get_mut("agreements").and_then(Value::as_array_mut) else { return };
    let mut used = BTreeSet::new();
    for agreement in found {
        let is = |claim: &Claim| {
            let evidence = &agreement["evidence"];
            evidence["start"] == claim.start
                && evidence["end"] == claim.end
                && agreement["kind"] == claim.kind.name()
                && agreement["status"] == claim.status.name()
                && agreement["id"] == claim.reads_as.as_str()
        };
        let claim = claims
            .iter()
            .find(|claim| is(claim) && !used.contains(&claim.id))
            .or_else(|| claims.iter().find(|claim| is(claim)));
        if let Some(claim) = claim {
            used.insert(&claim.id);
        }
        agreement["claim"] = claim.map(|claim| claim.id.as_str()).into();
        agreement["agreement"] = claim.and_then(|claim| claim.agreement.as_deref()).into();
    }
}

/// The document of an article and the noise that went, where the store has them.
fn document(state: &State, id: &ArticleId) -> Result<Option<(Value, Value)>, Problem> {
    let Some(kept) = state.store.document(id)? else { return Ok(None) };
    let wrong = |error: serde_json::Error| Problem::new(500, format!("the archive: {error}"));
    let document = serde_json::from_str(&kept.record).map_err(wrong)?;
    let noise = serde_json::from_str(&kept.noise).map_err(wrong)?;
    Ok(Some((document, noise)))
}

/// The text of an article, where the store has it.
pub(super) fn text(state: &State, id: &ArticleId) -> Result<Option<String>, Problem> {
    let document = document(state, id)?;
    Ok(document.and_then(|(document, _)| Some(document.get("text")?.as_str()?.to_owned())))
}
