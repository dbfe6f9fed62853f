//! The 34 tests that the W3C has for the SPARQL 1.1 Protocol, each under its name there,
//! written anew: what is sent and what must come back. Updates are sent with the token, and
//! to this host; `CLEAR ALL` clears a store of our own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::http::{Answer, Served, Shared, TOKEN, encoded};

const DATA: &str = "http://example.org/protocol/";
const QUERY: &str = "application/sparql-query";
const UPDATE: &str = "application/sparql-update";
const FORM: &str = "application/x-www-form-urlencoded";

/// A store with three graphs, each of which says that its own name has a type.
static SHARED: Shared = Shared::new(|| {
    let served = Served::empty(&[]);
    for number in 1..=3 {
        let graph = format!("{DATA}data{number}");
        served.update(&format!(
            "INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> a <http://example.org/Document> }} }}"
        ));
    }
    served
});

fn served() -> Arc<Served> {
    SHARED.get()
}

/// Updates that clear everything have a store to themselves.
static CHANGED: Shared = Shared::new(|| Served::empty(&[]));

/// One after the other: each clears everything.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> (MutexGuard<'static, ()>, Arc<Served>) {
    (TURN.lock().unwrap_or_else(PoisonError::into_inner), CHANGED.get())
}

fn graphs(name: &str, numbers: &[u8]) -> String {
    let all: Vec<_> = numbers
        .iter()
        .map(|number| format!("{name}={}", encoded(&format!("{DATA}data{number}"))))
        .collect();
    all.join("&")
}

fn get(query: &str, graphs: &str) -> Answer {
    served().get(&format!("/sparql/?query={}&{graphs}", encoded(query)))
}

fn post(served: &Served, target: &str, media: Option<&str>, body: &[u8]) -> Answer {
    let token = format!("Bearer {TOKEN}");
    let mut headers = vec![("Authorization", token.as_str())];
    headers.extend(media.map(|media| ("Content-Type", media)));
    served.request("POST", target, &headers, body)
}

fn assert_true(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.media(), "application/sparql-results+json");
    let json: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!(json["boolean"], true);
}

fn assert_refused(answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{}: {}", answer.status, answer.text());
    let json: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!(json["error"]["status"], answer.status);
    assert!(json["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));
}

/// An ASK for the types of the graphs' names in the default graph.
fn in_default(numbers: &[u8]) -> String {
    let all: Vec<_> = numbers.iter().map(|n| format!("<{DATA}data{n}> a ?t{n} .")).collect();
    format!("ASK {{ {} }}", all.concat())
}

fn in_named(default: &[u8], named: &[u8]) -> String {
    let default = in_default(default).replace("ASK {", "").replace('}', "");
    let named: Vec<_> =
        named.iter().map(|n| format!("GRAPH ?g{n} {{ <{DATA}data{n}> a ?t{n} }}")).collect();
    format!("ASK {{ {default} {} }}", named.join(" "))
}

#[test]
fn query_get() {
    assert_true(&get("ASK {}", &graphs("default-graph-uri", &[0])));
}

#[test]
fn query_post_form() {
    let target = format!("/sparql/?{}", graphs("default-graph-uri", &[0]));
    assert_true(&post(&served(), &target, Some(FORM), b"query=ASK%20%7B%7D"));
}

#[test]
fn query_post_direct() {
    assert_true(&post(&served(), "/sparql/", Some(QUERY), b"ASK {}"));
}

#[test]
fn query_dataset_default_graphs_get() {
    let graphs = graphs("default-graph-uri", &[1, 2]);
    assert_true(&get(&in_default(&[1, 2]), &graphs));
    // And no others.
    let answer = get(&in_default(&[1, 3]), &graphs);
    assert!(answer.text().contains("false"));
}

#[test]
fn query_dataset_default_graphs_post() {
    let target = format!("/sparql/?{}", graphs("default-graph-uri", &[1, 2]));
    assert_true(&post(&served(), &target, Some(QUERY), in_default(&[1, 2]).as_bytes()));
}

#[test]
fn query_dataset_named_graphs_get() {
    let graphs = graphs("named-graph-uri", &[1, 2]);
    assert_true(&get(&in_named(&[], &[1, 2]), &graphs));
    assert!(get(&in_named(&[], &[3]), &graphs).text().contains("false"));
}

#[test]
fn query_dataset_named_graphs_post() {
    let target = format!("/sparql/?{}", graphs("named-graph-uri", &[1, 2]));
    assert_true(&post(&served(), &target, Some(QUERY), in_named(&[], &[1, 2]).as_bytes()));
}

#[test]
fn query_dataset_full() {
    let target = format!(
        "/sparql/?{}&{}",
        graphs("default-graph-uri", &[3]),
        graphs("named-graph-uri", &[1, 2])
    );
    assert_true(&post(&served(), &target, Some(QUERY), in_named(&[3], &[1, 2]).as_bytes()));
}

#[test]
fn query_multiple_dataset() {
    let target = format!("/sparql/?{}", graphs("named-graph-uri", &[1, 2]));
    // What the request says comes before what the query says.
    let query = in_named(&[], &[1, 2]).replace("ASK", &format!("ASK FROM <{DATA}data3>"));
    assert_true(&post(&served(), &target, Some(QUERY), query.as_bytes()));
}

#[test]
fn query_content_type_select() {
    let answer = post(&served(), "/sparql/", Some(QUERY), b"SELECT (1 AS ?value) {}");
    assert_eq!((answer.status, answer.media()), (200, "application/sparql-results+json"));
    for (accept, media) in [
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("application/json", "application/sparql-results+json"),
    ] {
        let headers = [("Content-Type", QUERY), ("Accept", accept)];
        let answer = served().request("POST", "/sparql", &headers, b"SELECT (1 AS ?value) {}");
        assert_eq!((answer.status, answer.media()), (200, media), "{accept}");
        assert!(answer.text().contains("value"));
    }
}

#[test]
fn query_content_type_ask() {
    assert_true(&post(&served(), "/sparql/", Some(QUERY), b"ASK {}"));
    let headers = [("Content-Type", QUERY), ("Accept", "application/sparql-results+xml")];
    let answer = served().request("POST", "/sparql", &headers, b"ASK {}");
    assert_eq!((answer.status, answer.media()), (200, "application/sparql-results+xml"));
    assert!(answer.text().contains("<boolean>true</boolean>"));
}

#[test]
fn query_content_type_describe() {
    let answer = post(&served(), "/sparql/", Some(QUERY), b"DESCRIBE <http://example.org/>");
    assert_eq!((answer.status, answer.media()), (200, "text/turtle"));
}

#[test]
fn query_content_type_construct() {
    let query = b"CONSTRUCT { <s> <p> 1 } WHERE {}";
    let answer = post(&served(), "/sparql/", Some(QUERY), query);
    assert_eq!((answer.status, answer.media()), (200, "text/turtle"));
    for media in [
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
        "text/n3",
    ] {
        let headers = [("Content-Type", QUERY), ("Accept", media)];
        let answer = served().request("POST", "/sparql", &headers, query);
        assert_eq!((answer.status, answer.media()), (200, media));
        assert!(answer.text().contains("/s"), "{media}: {}", answer.text());
    }
}

/// Three documents in three graphs, and what is done with those that the request names.
fn changed(target: &str, target_graph: &str, pattern: &str, insert: &str, ask: &str) {
    let (_turn, served) = turn();
    let data: Vec<_> = (1..=3)
        .map(|n| {
            format!("GRAPH <{DATA}data{n}> {{ <{DATA}data{n}> a <http://example.org/Document> }}")
        })
        .collect();
    let update = format!(
        "DROP ALL ; INSERT DATA {{ {} }} ;
         INSERT {{ GRAPH <{target_graph}> {{ {insert} }} }} WHERE {{ {pattern} }}",
        data.join(" ")
    );
    let answer = post(&served, target, Some(UPDATE), update.as_bytes());
    assert!((200..400).contains(&answer.status), "{}", answer.text());
    assert_true(&post(&served, "/sparql/", Some(QUERY), ask.as_bytes()));
}

const MARKED: &str = "http://example.org/protocol-update-test/";

/// That those are marked and the others are not.
fn marked(those: &[u8]) -> String {
    let mark = |n: u8| {
        let not = if those.contains(&n) { "" } else { "NOT " };
        format!(
            "FILTER {not}EXISTS {{ GRAPH <{MARKED}> {{ <{DATA}data{n}> a <http://example.org/Seen> }} }}"
        )
    };
    format!("ASK {{ {} {} {} }}", mark(1), mark(2), mark(3))
}

const DOCUMENT: &str = "?s a <http://example.org/Document>";
const SEEN: &str = "?s a <http://example.org/Seen>";

#[test]
fn update_dataset_default_graph() {
    let target = format!("/sparql/?{}", graphs("using-graph-uri", &[1]));
    changed(&target, MARKED, DOCUMENT, SEEN, &marked(&[1]));
}

#[test]
fn update_dataset_default_graphs() {
    let target = format!("/sparql/?{}", graphs("using-graph-uri", &[1, 2]));
    changed(&target, MARKED, DOCUMENT, SEEN, &marked(&[1, 2]));
}

#[test]
fn update_dataset_named_graphs() {
    let target = format!("/sparql/?{}", graphs("using-named-graph-uri", &[1, 2]));
    let pattern = format!("GRAPH ?g {{ {DOCUMENT} }}");
    changed(&target, MARKED, &pattern, SEEN, &marked(&[1, 2]));
}

#[test]
fn update_dataset_full() {
    let target = format!(
        "/sparql/?{}&{}",
        graphs("using-graph-uri", &[1]),
        graphs("using-named-graph-uri", &[2])
    );
    let pattern = format!(
        "{{ GRAPH ?g {{ {DOCUMENT} }} BIND(?g AS ?in) }} UNION {{ {DOCUMENT} BIND('default' AS ?in) }}"
    );
    let ask = format!(
        "ASK {{ GRAPH <{MARKED}> {{ <{DATA}data1> <http://example.org/in> 'default' .
           <{DATA}data2> <http://example.org/in> <{DATA}data2> }}
           FILTER NOT EXISTS {{ GRAPH <{MARKED}> {{ <{DATA}data3> ?p ?o }} }} }}"
    );
    changed(&target, MARKED, &pattern, "?s <http://example.org/in> ?in", &ask);
}

#[test]
fn update_post_form() {
    let (_turn, served) = turn();
    let answer = post(&served, "/sparql/", Some(FORM), b"update=CLEAR+ALL");
    assert_eq!(answer.status, 204);
}

#[test]
fn update_post_direct() {
    let (_turn, served) = turn();
    assert_eq!(post(&served, "/sparql/", Some(UPDATE), b"CLEAR ALL").status, 204);
}

#[test]
fn update_base_uri() {
    let (_turn, served) = turn();
    let graph = "http://example.org/protocol-base-test/";
    let update = format!(
        "CLEAR SILENT GRAPH <{graph}> ;
         INSERT DATA {{ GRAPH <{graph}> {{ <http://example.org/s> <http://example.org/p> <test> }} }}"
    );
    assert_eq!(post(&served, "/sparql/", Some(UPDATE), update.as_bytes()).status, 204);
    let rows = served.rows(&format!(
        "SELECT ?o WHERE {{ GRAPH <{graph}> {{ <http://example.org/s> <http://example.org/p> ?o }} }}"
    ));
    let wanted = format!("http://{}/test", served.address);
    assert_eq!(
        rows.iter().map(|row| row["o"]["value"].as_str().unwrap()).collect::<Vec<_>>(),
        [wanted]
    );
}

#[test]
fn bad_query_method() {
    let answer =
        served().request("PUT", "/sparql/?query=ASK%20%7B%7D", &[("Content-Type", FORM)], b"");
    assert_refused(&answer);
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("POST")));
}

#[test]
fn bad_multiple_queries() {
    assert_refused(&served().get("/sparql/?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"));
}

#[test]
fn bad_query_wrong_media_type() {
    assert_refused(&post(&served(), "/sparql/", Some("text/plain"), b"ASK {}"));
}

#[test]
fn bad_query_missing_form_type() {
    assert_refused(&post(&served(), "/sparql/", None, b"query=ASK%20%7B%7D"));
}

#[test]
fn bad_query_missing_direct_type() {
    assert_refused(&post(&served(), "/sparql/", None, b"ASK {}"));
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_be_bytes).collect()
}

#[test]
fn bad_query_non_utf8() {
    let media = Some("application/sparql-query; charset=UTF-16");
    assert_refused(&post(&served(), "/sparql/", media, &utf16("ASK {}")));
    assert_refused(&post(&served(), "/sparql/", Some(QUERY), &utf16("ASK {}")));
}

#[test]
fn bad_query_syntax() {
    assert_refused(&served().get("/sparql/?query=ASK%20%7B"));
}

#[test]
fn bad_update_get() {
    assert_refused(&served().get("/sparql/?update=CLEAR%20ALL"));
}

#[test]
fn bad_multiple_updates() {
    let body = b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT";
    assert_refused(&post(&served(), "/sparql/", Some(FORM), body));
}

#[test]
fn bad_update_wrong_media_type() {
    assert_refused(&post(&served(), "/sparql/", Some("text/plain"), b"CLEAR NAMED"));
}

#[test]
fn bad_update_missing_form_type() {
    assert_refused(&post(&served(), "/sparql/", None, b"update=CLEAR%20NAMED"));
}

#[test]
fn bad_update_non_utf8() {
    let media = Some("application/sparql-update; charset=UTF-16");
    assert_refused(&post(&served(), "/sparql/", media, &utf16("CLEAR NAMED")));
}

#[test]
fn bad_update_syntax() {
    assert_refused(&post(&served(), "/sparql/", Some(FORM), b"update=CLEAR%20XYZ"));
}

#[test]
fn bad_update_dataset_conflict() {
    let target = "/sparql/?using-named-graph-uri=http%3A%2F%2Fexample%2Fpeople";
    let update = b"PREFIX foaf: <http://xmlns.com/foaf/0.1/> WITH <http://example/addresses>
        DELETE { ?person foaf:givenName 'Bill' } INSERT { ?person foaf:givenName 'William' }
        WHERE { ?person foaf:givenName 'Bill' }";
    assert_refused(&post(&served(), target, Some(UPDATE), update));
}

#[test]
fn the_service_describes_itself_with_its_endpoint() {
    let answer = served().request("GET", "/sparql", &[("Accept", "application/n-triples")], b"");
    assert_eq!((answer.status, answer.media()), (200, "application/n-triples"));
    let text = answer.text();
    let endpoint = format!(
        "<http://www.w3.org/ns/sparql-service-description#endpoint> <http://{}/sparql>",
        served().address
    );
    assert!(text.contains(&endpoint), "{text}");
    for said in ["#UnionDefaultGraph", "#SPARQL11Query", "#SPARQL11Update", "formats/Turtle"] {
        assert!(text.contains(said), "{said}");
    }
    assert_eq!(served().get("/sparql").media(), "text/turtle");
}
