//! Where a graph comes from: which article, read from where, by which program.

use oxrdf::{
    Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term,
    vocab::{rdf, rdfs, xsd},
};

use super::{
    emit::{Graph, zh},
    iri,
    vocab::{Concept, dcterms, prov, schema, yc},
};
use crate::{
    article::{ArticleId, Published, Source},
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
    found_at(&article.source, |p, o| graph.say(&node, p, o));
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

/// Says where an article was found.
fn found_at(source: &Source, mut say: impl FnMut(NamedNodeRef<'static>, Term)) {
    if let Some(file) = &source.file {
        say(yc::FILE, Literal::from(file.to_string_lossy().into_owned()).into());
    }
    if let Some(line) = source.line {
        say(yc::LINE, Literal::from(line).into());
    }
    if let Some(offset) = source.offset {
        say(yc::OFFSET, Literal::from(offset).into());
    }
    // In one way of writing, so that the store gives back what it was given.
    if let Some(captured) = source.captured.as_ref().and_then(|time| time.parse().ok()) {
        let captured: jiff::Timestamp = captured;
        let captured = Literal::new_typed_literal(captured.to_string(), xsd::DATE_TIME);
        say(yc::CAPTURED, captured.into());
    }
    if let Some(url) = &source.url {
        // An address that is no IRI is still what the record said.
        let term = NamedNode::new(url.as_str());
        say(schema::URL, term.map_or_else(|_| Literal::from(url.as_str()).into(), Term::from));
    }
    if let Some(publisher) = &source.publisher {
        say(schema::PUBLISHER, Literal::from(publisher.as_str()).into());
    }
}

/// Says in the quads of an article that it was found elsewhere.
pub(crate) fn place_at(quads: &mut Vec<Quad>, id: &ArticleId, source: &Source) {
    const PLACE: [NamedNodeRef<'static>; 6] =
        [yc::FILE, yc::LINE, yc::OFFSET, yc::CAPTURED, schema::URL, schema::PUBLISHER];
    let (node, graph) = (iri::article(id), iri::graph(id));
    let subject = NamedOrBlankNode::from(node.clone());
    quads.retain(|quad| quad.subject != subject || !PLACE.contains(&quad.predicate.as_ref()));
    found_at(source, |p, o| quads.push(Quad::new(node.clone(), p, o, graph.clone())));
}
