//! The description of the service: what it is, what it can do, in RDF.

use oxigraph::{
    io::{RdfFormat, RdfSerializer},
    sparql::results::QueryResultsFormat,
};
use oxrdf::{BlankNode, Literal, NamedNode, NamedNodeRef, Term, Triple, vocab::rdf};

use super::{
    App,
    media::{GRAPHS, ROWS, choose},
    problem::Problem,
    request::Request,
    response::Response,
    sparql,
};
use crate::rdf::{iri, vocab::PREFIXES};

mod sd {
    use oxrdf::NamedNodeRef;

    macro_rules! terms {
        ($($name:ident = $local:literal;)*) => {
            $(pub(super) const $name: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(concat!(
                "http://www.w3.org/ns/sparql-service-description#", $local
            ));)*
        };
    }

    terms! {
        SERVICE = "Service";
        ENDPOINT = "endpoint";
        LANGUAGE = "supportedLanguage";
        QUERY = "SPARQL11Query";
        UPDATE = "SPARQL11Update";
        FEATURE = "feature";
        UNION = "UnionDefaultGraph";
        RESULT_FORMAT = "resultFormat";
        DEFAULT_DATASET = "defaultDataset";
        DATASET = "Dataset";
        DEFAULT_GRAPH = "defaultGraph";
        GRAPH = "Graph";
        NAMED_GRAPH = "namedGraph";
        NAMED_GRAPH_CLASS = "NamedGraph";
        NAME = "name";
    }
}

const VOID_DATASET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#Dataset");
const VOID_ENDPOINT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#sparqlEndpoint");
const VOID_VOCABULARY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#vocabulary");

pub(super) fn answer(app: &App, request: &Request) -> Result<Response, Problem> {
    let pairs = request.parameters()?;
    let format = pairs.iter().find(|(name, _)| name == "format").map(|(_, value)| value.as_str());
    // A browser that opens the endpoint takes anything; so does curl.
    let media = choose(&GRAPHS, format, request.list("accept").as_deref())?;
    let address = sparql::base(request);
    let endpoint = NamedNode::new(&address)
        .map_err(|_| Problem::bad("the name of the host makes no address"))?;
    let body = written(&triples(&endpoint, app.token.is_some()), media.format)?;
    Ok(Response::new(200).with("content-type", media.header()).body(body))
}

fn triples(endpoint: &NamedNode, updates: bool) -> Vec<Triple> {
    let service = BlankNode::new_unchecked("service");
    let dataset = BlankNode::new_unchecked("dataset");
    let default = BlankNode::new_unchecked("default");
    let mut triples = Vec::new();
    let mut say = |subject: &BlankNode, predicate: NamedNodeRef<'_>, object: Term| {
        triples.push(Triple::new(subject.clone(), predicate, object));
    };
    say(&service, rdf::TYPE, sd::SERVICE.into_owned().into());
    say(&service, sd::ENDPOINT, endpoint.clone().into());
    say(&service, sd::LANGUAGE, sd::QUERY.into_owned().into());
    if updates {
        say(&service, sd::LANGUAGE, sd::UPDATE.into_owned().into());
    }
    say(&service, sd::FEATURE, sd::UNION.into_owned().into());
    let rows = ROWS.iter().map(|media| QueryResultsFormat::iri(media.format));
    let graphs = GRAPHS.iter().map(|media| RdfFormat::iri(media.format));
    for format in rows.chain(graphs) {
        say(&service, sd::RESULT_FORMAT, NamedNode::new_unchecked(format).into());
    }
    say(&service, sd::DEFAULT_DATASET, dataset.clone().into());
    say(&dataset, rdf::TYPE, sd::DATASET.into_owned().into());
    say(&dataset, rdf::TYPE, VOID_DATASET.into_owned().into());
    say(&dataset, VOID_ENDPOINT, endpoint.clone().into());
    for (prefix, namespace) in PREFIXES {
        if prefix == "yc" || namespace.starts_with("http") && !namespace.contains("w3id.org") {
            say(&dataset, VOID_VOCABULARY, NamedNode::new_unchecked(namespace).into());
        }
    }
    say(&dataset, sd::DEFAULT_GRAPH, default.clone().into());
    say(&default, rdf::TYPE, sd::GRAPH.into_owned().into());
    // Those that are always there; each article has one more.
    let named =
        [iri::shared(), iri::agreements(), iri::derived(), iri::duplicates(), iri::vocabulary()];
    for (at, name) in named.into_iter().enumerate() {
        let graph = BlankNode::new_unchecked(format!("graph{at}"));
        say(&dataset, sd::NAMED_GRAPH, graph.clone().into());
        say(&graph, rdf::TYPE, sd::NAMED_GRAPH_CLASS.into_owned().into());
        say(&graph, sd::NAME, name.into_owned().into());
    }
    let title = NamedNode::new_unchecked("http://purl.org/dc/terms/title");
    say(&dataset, title.as_ref(), Literal::new_simple_literal("youcheng").into());
    triples
}

fn written(triples: &[Triple], format: RdfFormat) -> Result<Vec<u8>, Problem> {
    let mut serializer = RdfSerializer::from_format(format);
    let prefixes = [("sd", "http://www.w3.org/ns/sparql-service-description#")];
    for (prefix, iri) in prefixes.into_iter().chain(PREFIXES) {
        serializer = serializer
            .with_prefix(prefix, iri)
            .map_err(|error| Problem::new(500, error.to_string()))?;
    }
    let mut serializer = serializer.for_writer(Vec::new());
    for triple in triples {
        serializer.serialize_triple(triple)?;
    }
    Ok(serializer.finish()?)
}
