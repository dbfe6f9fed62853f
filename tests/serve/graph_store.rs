//! The tests of the W3C for the Graph Store Protocol that read (GET after PUT, POST and
//! DELETE, HEAD), each under its name there, written anew. Graphs are made by updates: the
//! server reads graphs and does not take them.

use std::{collections::BTreeSet, sync::Arc};

use oxrdf::{Dataset, Triple, dataset::CanonicalizationAlgorithm};
use oxttl::TurtleParser;

use crate::http::{Answer, Served, Shared, encoded};

static SHARED: Shared = Shared::new(|| {
    let served = Served::empty(&[]);
    let store = format!("http://{}/store", served.address);
    served.update(&format!(
        "INSERT DATA {{
           GRAPH <{store}/person/1.ttl> {{ <{store}/person/1> a <http://example.org/Person> ;
             <http://example.org/card> [ <http://example.org/fn> 'John Doe' ] }}
           GRAPH <{store}/person/2.ttl> {{ <{store}/person/2> a <http://example.org/Person> }}
           GRAPH <{store}/person/5.ttl> {{ [] a <http://example.org/Person> ;
             <http://example.org/card> [ <http://example.org/given> 'Alice' ] }}
           <http://example.org/alone> <http://example.org/p> 'in the default graph' }} ;
         DROP GRAPH <{store}/person/2.ttl>"
    ));
    served
});

fn served() -> Arc<Served> {
    SHARED.get()
}

fn triples(turtle: &str) -> BTreeSet<String> {
    let mut dataset: Dataset = TurtleParser::new()
        .for_slice(turtle)
        .map(|triple| {
            let triple: Triple = triple.unwrap();
            triple.in_graph(oxrdf::GraphName::DefaultGraph)
        })
        .collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset.iter().map(|quad| quad.to_string()).collect()
}

fn assert_graph(answer: &Answer, turtle: &str) {
    assert_eq!((answer.status, answer.media()), (200, "text/turtle"), "{}", answer.text());
    let store = format!("http://{}/store", served().address);
    assert_eq!(triples(&answer.text()), triples(&turtle.replace("STORE", &store)));
}

const JOHN: &str = "<STORE/person/1> a <http://example.org/Person> ;
    <http://example.org/card> [ <http://example.org/fn> 'John Doe' ] .";

fn named(number: u8) -> String {
    format!("http://{}/store/person/{number}.ttl", served().address)
}

#[test]
fn get_of_put_initial_state() {
    assert_graph(&served().get(&format!("/store?graph={}", encoded(&named(1)))), JOHN);
    // Relative, as the W3C's test writes it.
    assert_graph(&served().get("/store?graph=/store/person/1.ttl"), JOHN);
}

#[test]
fn get_of_put_graph_already_in_store() {
    // The graph that the address itself names.
    assert_graph(&served().get("/store/person/1.ttl"), JOHN);
}

#[test]
fn get_of_put_default_graph() {
    let answer = served().get("/store?default");
    let all = triples(&answer.text());
    // The default graph is the union of all.
    for part in ["in the default graph", "John Doe", "Alice", "ns#Agreement"] {
        assert!(all.iter().any(|triple| triple.contains(part)), "{part}");
    }
}

#[test]
fn get_of_post_existing_graph_get_of_post_multipart_formdata() {
    let graph = named(6);
    for name in ["Jane", "Doe"] {
        served().update(&format!(
            "INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> <http://example.org/name> '{name}' }} }}"
        ));
    }
    assert_graph(
        &served().get("/store/person/6.ttl"),
        "<STORE/person/6.ttl> <http://example.org/name> 'Jane' , 'Doe' .",
    );
}

#[test]
fn get_of_post_create_new_graph_get_of_post_after_noop() {
    served().update("INSERT DATA {}");
    assert_graph(
        &served().get("/store/person/5.ttl"),
        "[] a <http://example.org/Person> ;
         <http://example.org/card> [ <http://example.org/given> 'Alice' ] .",
    );
}

#[test]
fn get_of_delete_existing_graph() {
    assert_eq!(served().get("/store/person/2.ttl").status, 404);
}

#[test]
fn head_on_an_existing_graph() {
    let answer = served().request("HEAD", "/store/person/1.ttl", &[("Connection", "close")], b"");
    assert_eq!((answer.status, answer.media()), (200, "text/turtle"));
    assert!(answer.header("content-length").is_some_and(|length| length != "0"));
}

#[test]
fn head_on_a_nonexisting_graph() {
    let answer = served().request("HEAD", "/store/person/4.ttl", &[("Connection", "close")], b"");
    assert_eq!(answer.status, 404);
}

#[test]
fn graphs_come_in_every_format_and_are_not_taken() {
    for (accept, media) in [
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("*/*", "text/turtle"),
    ] {
        let answer = served().request("GET", "/store/person/1.ttl", &[("Accept", accept)], b"");
        assert_eq!((answer.status, answer.media()), (200, media));
        assert!(answer.text().contains("John Doe"));
    }
    for method in ["PUT", "POST", "DELETE"] {
        let answer = served().request(method, "/store/person/1.ttl", &[], b"");
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
    assert_eq!(served().get("/store").status, 400);
    assert_eq!(served().get("/store?graph=not%20an%20iri").status, 400);
}
