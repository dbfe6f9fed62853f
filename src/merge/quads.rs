//! Agreements as quads.

use std::collections::BTreeSet;

use oxrdf::{
    Literal, NamedNode, NamedNodeRef, Quad, Term,
    vocab::{rdf, xsd},
};

use super::agreement::Agreement;
use crate::{
    place::PlaceKey,
    rdf::{
        emit::zh,
        iri,
        vocab::{Concept, dcterms, oa, skos, yc},
    },
};

/// All about the agreements of one pair.
pub(super) fn pair(agreements: &[Agreement]) -> Vec<Quad> {
    let mut quads = Vec::new();
    for agreement in agreements {
        one(agreement, &mut quads);
    }
    if let Some(agreement) = agreements.iter().find(|agreement| agreement.makes_partners()) {
        let [a, b] = [&agreement.key.low, &agreement.key.high].map(iri::place);
        quads.push(Quad::new(a.clone(), yc::PARTNER_OF, b.clone(), iri::derived()));
        quads.push(Quad::new(b, yc::PARTNER_OF, a, iri::derived()));
    }
    quads
}

fn one(agreement: &Agreement, quads: &mut Vec<Quad>) {
    let node = iri::agreement(&agreement.key);
    let mut say = |s: &NamedNode, p: NamedNodeRef<'_>, o: Term| {
        quads.push(Quad::new(s.clone(), p, o, iri::agreements()));
    };
    let number = |n: usize| Term::from(Literal::from(u64::try_from(n).unwrap_or(u64::MAX)));
    say(&node, rdf::TYPE, yc::AGREEMENT.into());
    say(&node, yc::PARTY, iri::place(&agreement.key.low).into());
    say(&node, yc::PARTY, iri::place(&agreement.key.high).into());
    say(&node, yc::KIND, agreement.key.kind.concept().into());
    say(&node, yc::STATUS, agreement.status.concept().into());
    if let Some(when) = &agreement.began {
        say(&node, yc::DATE, NamedNode::new_unchecked(&*when.iri).into());
    }
    if let Some(title) = &agreement.instrument {
        say(&node, yc::INSTRUMENT, zh(title).into());
    }
    let confidence = agreement.confidence.clamp(0.0, 1.0).to_string();
    say(&node, yc::CONFIDENCE, Literal::new_typed_literal(confidence, xsd::DECIMAL).into());
    say(&node, yc::ARTICLES, number(agreement.articles));
    for event in &agreement.events {
        let date = event.when.as_ref().map(|when| NamedNode::new_unchecked(&*when.iri));
        let kind = (event.kind != agreement.key.kind).then_some(event.kind);
        let happened = iri::event(&node, event.status, date.as_ref(), kind);
        say(&node, yc::HAS_EVENT, happened.clone().into());
        say(&happened, rdf::TYPE, yc::EVENT.into());
        say(&happened, yc::STATUS, event.status.concept().into());
        say(&happened, yc::KIND, event.kind.concept().into());
        if let Some(date) = date {
            say(&happened, yc::DATE, date.into());
        }
        if let Some(basis) = event.basis {
            say(&happened, yc::BASIS, basis.concept().into());
        }
        say(&happened, yc::ARTICLES, number(event.articles));
    }
    for claim in &agreement.claims {
        say(&iri::claim_numbered(*claim), oa::HAS_BODY, node.clone().into());
    }
}

/// All about what is merged into a place, whose name is `label`.
pub(super) fn aliases(
    home: &PlaceKey,
    label: Option<&str>,
    members: &BTreeSet<PlaceKey>,
) -> Vec<Quad> {
    let node = iri::place(home);
    let mut quads = Vec::new();
    let mut names = BTreeSet::new();
    for member in members.iter().filter(|member| *member != home) {
        let alias = iri::place(member);
        quads.push(Quad::new(alias, dcterms::IS_REPLACED_BY, node.clone(), iri::agreements()));
        names.extend(member.as_unlisted().map(|(_, name)| name));
    }
    for name in names.into_iter().filter(|name| Some(*name) != label) {
        quads.push(Quad::new(node.clone(), skos::ALT_LABEL, zh(name), iri::agreements()));
    }
    quads
}
