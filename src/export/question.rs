//! What the store is asked for a dataset, and how the answers are read.

use oxigraph::sparql::QuerySolution;
use oxrdf::Term;

pub(super) const AGREEMENTS: &str = "
    SELECT ?agreement ?kind ?status ?confidence ?articles ?date ?earliest ?latest ?instrument WHERE {
      ?agreement a yc:Agreement ; yc:kind/skos:notation ?kind ; yc:status/skos:notation ?status ;
        yc:confidence ?confidence ; yc:articles ?articles .
      OPTIONAL {
        ?agreement yc:date ?when .
        ?when yc:edtf ?date .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?agreement yc:instrument ?instrument }
    }";

pub(super) const PARTIES: &str =
    "SELECT ?agreement ?place WHERE { ?agreement a yc:Agreement ; yc:party ?place }";

pub(super) const EVENTS: &str = "
    SELECT ?event ?agreement ?status ?kind ?articles ?date ?earliest ?latest ?basis WHERE {
      ?agreement yc:event ?event .
      ?event yc:status/skos:notation ?status ; yc:kind/skos:notation ?kind ; yc:articles ?articles .
      OPTIONAL {
        ?event yc:date ?when .
        ?when yc:edtf ?date .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?event yc:basis/skos:notation ?basis }
    }";

pub(super) const CLAIMS: &str = "
    SELECT ?claim ?agreement ?article ?kind ?status ?date ?earliest ?latest ?basis ?instrument
           ?confidence ?rule ?quote ?start ?end ?raw_start ?raw_end WHERE {
      ?claim oa:hasBody ?agreement ; yc:tie/yc:kind/skos:notation ?kind ;
        yc:status/skos:notation ?status ; yc:confidence ?confidence ; yc:rule ?rule ;
        oa:hasTarget ?sentence .
      ?sentence oa:hasSource ?article ; oa:hasSelector ?selector .
      ?selector oa:exact ?quote ; oa:start ?start ; oa:end ?end .
      OPTIONAL { ?selector yc:rawStart ?raw_start ; yc:rawEnd ?raw_end }
      OPTIONAL {
        ?claim yc:date ?when .
        ?when yc:edtf ?date .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?claim yc:basis/skos:notation ?basis }
      OPTIONAL { ?claim yc:instrument ?instrument }
    }";

/// What else is told of a signing, one value a row.
pub(super) const PARTICULARS: &str = "
    SELECT ?claim ?signatories ?signed_at ?signed_in ?occasion ?mode ?fields WHERE {
      { ?claim yc:signatory ?signatories } UNION { ?claim yc:signedAt ?signed_at }
      UNION { ?claim yc:signedIn ?signed_in } UNION { ?claim yc:occasion ?occasion }
      UNION { ?claim yc:mode ?mode } UNION { ?claim yc:field ?fields }
    }";

/// A place has one row for each of its identifiers and other names.
pub(super) const PLACES: &str = "
    SELECT ?place ?id ?name ?other ?latin ?country ?level ?parent ?wkt ?same ?code ?guess WHERE {
      ?place dcterms:identifier ?id ; yc:level/skos:notation ?level ; skos:prefLabel ?name .
      OPTIONAL { ?place yc:country/schema:identifier ?country }
      OPTIONAL { ?place skos:altLabel ?other }
      OPTIONAL { ?place schema:alternateName ?latin }
      OPTIONAL { ?place schema:containedInPlace ?parent }
      OPTIONAL { ?place geo:hasGeometry/geo:asWKT ?wkt }
      OPTIONAL { ?place schema:sameAs ?same }
      OPTIONAL { ?place schema:identifier ?code }
      OPTIONAL { ?place skos:closeMatch ?guess }
    }";

pub(super) const ARTICLES: &str = "
    SELECT ?article ?title ?published ?earliest ?latest ?publisher ?url ?file ?line ?original WHERE {
      ?article a schema:NewsArticle .
      OPTIONAL { ?article schema:headline ?title }
      OPTIONAL {
        ?article yc:published ?when .
        ?when yc:edtf ?published .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?article schema:publisher ?publisher }
      OPTIONAL { ?article schema:url ?url }
      OPTIONAL { ?article yc:file ?file }
      OPTIONAL { ?article yc:line ?line }
      OPTIONAL { ?article yc:duplicateOf ?original }
    }";

pub(super) const STATISTICS: &str = "
    SELECT ?statistic ?place ?countries ?cities ?pairs ?kind ?as_of ?earliest ?latest ?article
           ?rule ?quote WHERE {
      ?statistic a yc:Statistic ; yc:subject ?place ; yc:rule ?rule ; oa:hasTarget ?sentence .
      ?sentence oa:hasSource ?article ; oa:hasSelector/oa:exact ?quote .
      OPTIONAL { ?statistic yc:countries ?countries }
      OPTIONAL { ?statistic yc:cities ?cities }
      OPTIONAL { ?statistic yc:pairs ?pairs }
      OPTIONAL { ?statistic yc:kind/skos:notation ?kind }
      OPTIONAL {
        ?statistic yc:asOf ?when .
        ?when yc:edtf ?as_of .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
    }";

/// The value of a variable as plain text; empty when unbound.
pub(super) fn text(row: &QuerySolution, name: &str) -> String {
    row.get(name).map(iri).unwrap_or_default()
}

/// The key of what a variable names: the last part of its IRI.
pub(super) fn key(row: &QuerySolution, name: &str) -> String {
    last(&text(row, name))
}

pub(super) fn iri(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        _ => String::new(),
    }
}

/// The last part of an IRI: a key.
pub(super) fn last(iri: &str) -> String {
    iri.rsplit('/').next().unwrap_or(iri).to_owned()
}
