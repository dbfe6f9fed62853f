//! [`Claim`]: what one sentence says, with the sentence.

use std::collections::BTreeMap;

use oxrdf::NamedNode;
use serde::Serialize;

use crate::{
    agreement::{Kind, Status},
    article::ArticleId,
    rdf::{iri, key, vocab::yc},
    serve::{
        atlas::{self, Day, Source},
        live::State,
        problem::Problem,
        rows::{self, concept, last, number, text},
    },
};

/// What one sentence says.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Claim {
    pub(super) id: String,
    #[serde(serialize_with = "atlas::status")]
    pub(super) status: Status,
    #[serde(serialize_with = "atlas::kind")]
    pub(super) kind: Kind,
    pub(super) date: Option<Day>,
    basis: Option<String>,
    instrument: Option<String>,
    confidence: f64,
    rule: String,
    pub(super) start: u32,
    pub(super) end: u32,
    quote: String,
    pub(super) before: String,
    pub(super) after: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) article: Option<Source>,
    signatories: Vec<String>,
    signed_at: Option<String>,
    occasion: Option<String>,
    mode: Option<String>,
    fields: Vec<String>,
    /// The agreement that it is about, where that is not clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) agreement: Option<String>,
    #[serde(skip)]
    pub(super) of: ArticleId,
    /// The id of the agreement as the article alone reads it.
    #[serde(skip)]
    pub(super) reads_as: String,
}

/// What is asked of each claim, behind what says which.
const ASKED: &str = "
    ?claim yc:tie ?tie ; yc:status ?status ; yc:confidence ?confidence ; yc:rule ?rule ;
      oa:hasTarget ?sentence .
    ?sentence oa:hasSource ?article ; oa:hasSelector ?selector .
    ?selector oa:start ?start ; oa:end ?end ; oa:exact ?quote .
    OPTIONAL { ?claim oa:hasBody ?agreement }
    OPTIONAL { ?claim yc:date ?date }
    OPTIONAL { ?claim yc:basis ?basis }
    OPTIONAL { ?claim yc:instrument ?instrument }";

/// What may be told of a signing, with one row for each.
const TOLD: &str = "
    ?claim yc:tie ?tie .
    VALUES ?what { yc:signatory yc:signedAt yc:occasion yc:mode yc:field }
    ?claim ?what ?told .";

/// Which claims are meant.
#[derive(Clone, Copy)]
pub(super) enum Which {
    /// Those about an agreement.
    About,
    /// Those of an article.
    Of,
}

impl Which {
    fn query(self, rest: &str) -> String {
        let which = match self {
            Self::About => "?claim oa:hasBody ?given .",
            Self::Of => "?claim oa:hasTarget/oa:hasSource ?given .",
        };
        ["SELECT * WHERE { VALUES ?given { UNDEF } ", which, rest, " }"].concat()
    }
}

/// The claims about a thing, by their ids.
pub(super) fn claims(
    state: &State,
    which: Which,
    thing: &NamedNode,
) -> Result<Vec<Claim>, Problem> {
    let mut claims = BTreeMap::new();
    rows::each(&state.store, rows::about(&which.query(ASKED), thing)?, |row| {
        let number = |name| number(row, name).and_then(|n| u32::try_from(n).ok());
        let own = |name| text(row, name).map(str::to_owned);
        let (Some(id), Some(tie), Some(status), Some(of), Some(start), Some(end)) = (
            last(row, "claim"),
            text(row, "tie").and_then(key::tie),
            concept(row, "status", "status-").and_then(rows::status),
            text(row, "article").and_then(key::article),
            number("start"),
            number("end"),
        ) else {
            return;
        };
        let claim = Claim {
            id: id.to_owned(),
            status,
            kind: tie.kind,
            date: text(row, "date").and_then(|iri| state.atlas.date(iri)).cloned(),
            basis: concept(row, "basis", "basis-").map(str::to_owned),
            instrument: own("instrument"),
            confidence: text(row, "confidence").and_then(|n| n.parse().ok()).unwrap_or(0.0),
            rule: own("rule").unwrap_or_default(),
            start,
            end,
            quote: own("quote").unwrap_or_default(),
            before: String::new(),
            after: String::new(),
            article: None,
            signatories: Vec::new(),
            signed_at: None,
            occasion: None,
            mode: None,
            fields: Vec::new(),
            agreement: last(row, "agreement").map(str::to_owned),
            of,
            reads_as: iri::agreement_id(&tie),
        };
        claims.entry(claim.id.clone()).or_insert(claim);
    })?;
    rows::each(&state.store, rows::about(&which.query(TOLD), thing)?, |row| {
        let claim = last(row, "claim").and_then(|id| claims.get_mut(id));
        let (Some(claim), Some(told)) = (claim, text(row, "told")) else { return };
        let told = told.to_owned();
        match text(row, "what").unwrap_or_default() {
            it if it == yc::SIGNATORY.as_str() => claim.signatories.push(told),
            it if it == yc::SIGNED_AT.as_str() => claim.signed_at = Some(told),
            it if it == yc::OCCASION.as_str() => claim.occasion = Some(told),
            it if it == yc::MODE.as_str() => claim.mode = Some(told),
            _ => claim.fields.push(told),
        }
    })?;
    let mut claims: Vec<Claim> = claims.into_values().collect();
    for claim in &mut claims {
        for list in [&mut claim.signatories, &mut claim.fields] {
            list.sort();
            list.dedup();
        }
    }
    Ok(claims)
}
