//! Where a graph comes from: which article, read from where, by which program.

use oxrdf::{
    Literal, NamedNode, Quad,
    vocab::{rdf, rdfs, xsd},
};

use super::{
    emit::{Graph, zh},
    iri,
    vocab::{Concept, dcterms, prov, schema, yc},
};
use crate::{
    article::{Article, Published},
    date::{Basis, Date, PartialDate},
    pipeline::Extraction,
};

/// Says what the article is, where it was found, when it was published and how that is
/// known, and that the graph was derived from it.
///
/// There is no time of reading: the same bytes read again must say the same.
pub(super) fn describe(graph: &mut Graph, extraction: &Extraction) {
    let article = &extraction.article;
    let node = iri::article(&article.id);
    graph.say(&node, rdf::TYPE, schema::NEWS_ARTICLE);
    graph.say(&node, dcterms::IDENTIFIER, Literal::from(article.id.to_string()));
    if let Some(title) = &extraction.title {
        graph.say(&node, schema::HEADLINE, zh(title));
    }
    if let Some(published) = article.published {
        publication(graph, &node, published);
    }
    found_at(graph, &node, article);
    let name = graph.name().clone();
    graph.say(&name, prov::WAS_DERIVED_FROM, node);
}

/// Says which program makes the graphs: once, beside the ontology, and not of each graph.
#[must_use]
pub fn program() -> Vec<Quad> {
    let (software, graph) = (iri::software(), iri::vocabulary());
    let label = Literal::from(concat!("youcheng ", env!("CARGO_PKG_VERSION")));
    vec![
        Quad::new(software.clone(), rdf::TYPE, prov::SOFTWARE_AGENT, graph),
        Quad::new(software.clone(), rdfs::LABEL, label, graph),
        Quad::new(iri::shared(), prov::WAS_ATTRIBUTED_TO, software, graph),
    ]
}

/// The publication date for everyone (a plain literal) and for comparisons (a date with
/// bounds), and its origin.
fn publication(graph: &mut Graph, article: &NamedNode, published: Published) {
    let datatype = match published.date {
        PartialDate::Year(_) => xsd::G_YEAR,
        PartialDate::Month(..) => xsd::G_YEAR_MONTH,
        PartialDate::Day(_) => xsd::DATE,
    };
    let literal = Literal::new_typed_literal(published.date.to_string(), datatype);
    graph.say(article, schema::DATE_PUBLISHED, literal);
    let date = graph.date(&Date::new(published.date, Basis::Stated));
    graph.say(article, yc::PUBLISHED, date);
    graph.say(article, yc::PUBLISHED_ORIGIN, published.origin.concept());
}

fn found_at(graph: &mut Graph, node: &NamedNode, article: &Article) {
    let source = &article.source;
    if let Some(file) = &source.file {
        graph.say(node, yc::FILE, Literal::from(file.to_string_lossy().into_owned()));
    }
    if let Some(line) = source.line {
        graph.say(node, yc::LINE, Literal::from(line));
    }
    if let Some(offset) = source.offset {
        graph.say(node, yc::OFFSET, Literal::from(offset));
    }
    // In one way of writing, so that the store gives back what it was given.
    if let Some(captured) = source.captured.as_ref().and_then(|time| time.parse().ok()) {
        let captured: jiff::Timestamp = captured;
        let captured = Literal::new_typed_literal(captured.to_string(), xsd::DATE_TIME);
        graph.say(node, yc::CAPTURED, captured);
    }
    if let Some(url) = &source.url {
        // An address that is no IRI is still what the record said.
        match NamedNode::new(url.as_str()) {
            Ok(url) => graph.say(node, schema::URL, url),
            Err(_) => graph.say(node, schema::URL, Literal::from(url.as_str())),
        }
    }
    if let Some(publisher) = &source.publisher {
        graph.say(node, schema::PUBLISHER, Literal::from(publisher.as_str()));
    }
}
