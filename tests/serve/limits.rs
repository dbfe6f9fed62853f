//! What nobody may exceed: time, rows, memory, sizes, patience; and that whoever tries
//! disturbs nobody else.

use std::{
    io::{BufReader, Read as _, Write as _},
    thread,
    time::{Duration, Instant},
};

use crate::http::{Answer, Served, encoded};

/// Queries that never end by themselves: one that reads the store, and one that is busy with
/// what is in memory, where nothing asks whether its time is over.
const READS: &str = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";

fn product() -> String {
    let values: Vec<_> = (0..400).map(|n| n.to_string()).collect();
    let table = |name| format!("{{ VALUES ?{name} {{ {} }} }}", values.join(" "));
    let tables: Vec<_> = ["a", "b", "c", "d", "e", "f"].into_iter().map(table).collect();
    format!("SELECT (SUM(?a * ?f) AS ?n) {{ {} }}", tables.concat())
}

fn asked(served: &Served, query: &str) -> Answer {
    let headers = [("Content-Type", "application/sparql-query")];
    served.request("POST", "/sparql", &headers, query.as_bytes())
}

#[test]
fn a_runaway_query_ends_at_its_limit_and_disturbs_nobody() {
    let served = Served::corpus(&["--timeout", "2", "--queries", "2"]);
    for query in [READS.to_owned(), product()] {
        thread::scope(|scope| {
            let runaway = scope.spawn(|| {
                let start = Instant::now();
                (asked(&served, &query), start.elapsed())
            });
            thread::sleep(Duration::from_millis(300));
            // Others are answered meanwhile.
            let start = Instant::now();
            assert!(!served.rows("SELECT * { ?a a yc:Agreement } LIMIT 3").is_empty());
            served.json("/api/summary");
            assert!(start.elapsed() < Duration::from_millis(1700), "{:?}", start.elapsed());
            let (answer, time) = runaway.join().unwrap();
            assert_eq!(answer.status, 504, "{}", answer.text());
            assert!(time >= Duration::from_secs(2) && time < Duration::from_secs(5), "{time:?}");
            assert!(answer.text().contains("stopped after 2 s"));
        });
    }
    assert!(served.get("/metrics").text().contains("youcheng_queries_stopped_total 2"));
}

#[test]
fn queries_wait_for_a_place_and_all_are_answered() {
    let served = Served::corpus(&["--queries", "2"]);
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(served.rows("SELECT * { ?a a yc:Agreement } LIMIT 20").len(), 20);
                    assert_eq!(served.get("/api/facets").status, 200);
                    assert_eq!(served.get("/").status, 200);
                }
            });
        }
    });
}

#[test]
fn answers_of_too_many_rows_are_refused_and_never_cut_in_silence() {
    let served = Served::corpus(&["--rows", "100"]);
    let answer = asked(&served, "SELECT * { ?s ?p ?o }");
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("more than 100 rows"));
    assert_eq!(served.rows("SELECT * { ?s ?p ?o } LIMIT 100").len(), 100);
    assert_eq!(asked(&served, "CONSTRUCT WHERE { ?s ?p ?o }").status, 413);
}

#[test]
fn an_answer_that_fails_after_it_began_does_not_come_to_an_end() {
    let served = Served::corpus(&["--rows", "20000"]);
    let answer = asked(&served, "SELECT * { ?s ?p ?o . ?s ?q ?r }");
    assert_eq!((answer.status, answer.whole), (200, false));
    assert_eq!(asked(&served, "ASK {}").status, 200);
}

#[test]
fn what_would_end_the_process_ends_a_worker() {
    let served = Served::corpus(&["--memory", "1024", "--timeout", "20"]);
    let deep = format!("ASK {{ FILTER({}1{}) }}", "(".repeat(200_000), ")".repeat(200_000));
    let wide = {
        // Each doubles the one before: a terabyte at the end.
        let binds: Vec<_> =
            (0..40).map(|n| format!("BIND(CONCAT(?v{n}, ?v{n}) AS ?v{})", n + 1)).collect();
        format!("SELECT (STRLEN(?v40) AS ?n) {{ BIND('x' AS ?v0) {} }}", binds.join(" "))
    };
    for query in [deep, wide] {
        let answer = asked(&served, &query);
        assert!(answer.status >= 400, "{}", answer.status);
        assert_eq!(asked(&served, "ASK {}").status, 200);
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let served = Served::corpus(&[]);
    let headers = [("Content-Type", "application/sparql-query")];
    let long = "#".repeat((1 << 20) + 1);
    assert_eq!(served.request("POST", "/sparql", &headers, long.as_bytes()).status, 413);
    // In chunks, without saying beforehand how much it will be.
    let mut chunks = format!(
        "POST /sparql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n",
        served.address
    )
    .into_bytes();
    let mut whole = chunks.clone();
    for _ in 0..17 {
        chunks.extend(b"10000\r\n");
        chunks.extend([b'#'; 65536]);
        chunks.extend(b"\r\n");
    }
    assert_eq!(served.raw(&chunks).status, 413);
    whole.extend(b"3\r\nASK\r\n3;note\r\n {}\r\n0\r\n\r\n");
    assert_eq!(served.raw(&whole).status, 200);
    assert_eq!(served.get(&format!("/{}", "x".repeat(40_000))).status, 431);
    let many: Vec<_> = (0..200).map(|_| ("X-Nothing", "1")).collect();
    assert_eq!(served.request("GET", "/health", &many, b"").status, 431);
    // A long query fits into a body.
    let query = format!("ASK {{ }} #{}", "x".repeat(100_000));
    assert_eq!(asked(&served, &query).status, 200);
}

#[test]
fn what_is_no_request_is_refused() {
    let served = Served::corpus(&[]);
    let host = format!("Host: {}\r\n", served.address);
    for (bytes, status) in [
        ("GET / HTTP/1.1\r\nbad header\r\n\r\n".to_owned(), 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}hello\r\n\r\n".to_owned(), 400),
        (
            format!("GET /health HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            400,
        ),
        (
            format!(
                "POST /sparql HTTP/1.1\r\n{host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
            ),
            400,
        ),
        (format!("POST /sparql HTTP/1.1\r\n{host}Transfer-Encoding: gzip\r\n\r\n"), 501),
        (format!("POST /sparql HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n"), 400),
        (
            format!("POST /sparql HTTP/1.1\r\n{host}Content-Length: 99999999999999999999\r\n\r\n"),
            413,
        ),
        (format!("POST /sparql HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400),
        (format!("GET /%ff HTTP/1.1\r\n{host}\r\n"), 400),
        (format!("BREW / HTTP/1.1\r\n{host}\r\n"), 405),
    ] {
        assert_eq!(served.raw(bytes.as_bytes()).status, status, "{bytes:?}");
    }
    assert_eq!(served.get("/health").status, 200);
}

#[test]
fn slow_clients_are_cut_and_do_not_keep_others_waiting() {
    let served = Served::corpus(&[]);
    // Each sends a little now and then, as if it had all the time in the world.
    let mut slow: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = served.connect();
            stream.write_all(b"GET /health HTTP/1.1\r\n").unwrap();
            stream
        })
        .collect();
    let start = Instant::now();
    let mut cut = 0;
    while cut == 0 && start.elapsed() < Duration::from_secs(30) {
        for stream in &mut slow {
            cut += usize::from(stream.write_all(b"X-Slow: 1\r\n").is_err());
        }
        let one = Instant::now();
        assert_eq!(served.get("/health").status, 200);
        assert!(one.elapsed() < Duration::from_secs(2), "others are answered at once");
        thread::sleep(Duration::from_millis(500));
    }
    assert!(cut > 0 && start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn whoever_does_not_read_is_cut() {
    let served = Served::corpus(&["--timeout", "3", "--queries", "1"]);
    let query = encoded("SELECT * { ?s ?p ?o . ?t ?q ?r }");
    let mut stream = served.connect();
    let request = served.written("GET", &format!("/sparql?query={query}"), &[], b"");
    stream.write_all(&request).unwrap();
    // It reads nothing, and still the only place to work is free soon.
    let start = Instant::now();
    assert_eq!(asked(&served, "ASK {}").status, 200);
    assert!(start.elapsed() < Duration::from_secs(16), "{:?}", start.elapsed());
}

#[test]
fn one_connection_takes_many_requests() {
    let served = Served::corpus(&[]);
    let stream = served.connect();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let one = served.written("GET", "/health", &[], b"");
    // Two at once, and one more.
    (&stream).write_all(&[one.as_slice(), &one].concat()).unwrap();
    for _ in 0..2 {
        assert_eq!(Answer::read(&mut reader).unwrap().status, 200);
    }
    let last = served.written("GET", "/health", &[("Connection", "close")], b"");
    (&stream).write_all(&last).unwrap();
    assert_eq!(Answer::read(&mut reader).unwrap().header("connection"), Some("close"));
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
    // An old client gets an old answer.
    let old = format!("GET /health HTTP/1.0\r\nHost: {}\r\n\r\n", served.address);
    assert_eq!(served.raw(old.as_bytes()).header("connection"), Some("close"));
}
