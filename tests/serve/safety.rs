//! Who may ask, who may change, and that nothing from an article is ever anything but data.

use std::{fs, process::Command, sync::Arc, thread, time::Duration};

use crate::http::{GRAPH, Served, Shared, TOKEN, encoded, ingest};

static SHARED: Shared = Shared::new(|| {
    Served::corpus(&["--host", "kg.example", "--allow-origin", "https://pages.example"])
});

fn served() -> Arc<Served> {
    SHARED.get()
}

fn status(headers: &[(&str, &str)]) -> u16 {
    served().request("GET", "/api/summary", headers, b"").status
}

#[test]
fn a_name_that_was_made_to_point_here_is_refused() {
    let port = served().address.port();
    for (host, wanted) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("kg.example".to_owned(), 200),
        (format!("evil.example:{port}"), 421),
        ("localhost.evil.example".to_owned(), 421),
        ("127.0.0.1.evil.example".to_owned(), 421),
        (String::new(), 421),
    ] {
        assert_eq!(status(&[("Host", &host)]), wanted, "{host}");
    }
    let twice =
        served().raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");
    assert_eq!(twice.status, 421);
    // The absolute form counts, whatever the header says.
    let absolute =
        served().raw(b"GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(absolute.status, 421);
}

#[test]
fn pages_of_other_sites_may_not_ask_unless_they_are_allowed() {
    let own = format!("http://{}", served().address);
    for (origin, wanted) in [
        (own.as_str(), 200),
        ("http://localhost:3000", 200),
        ("https://pages.example", 200),
        ("https://evil.example", 403),
        ("https://pages.example.evil.example", 403),
        ("null", 403),
    ] {
        assert_eq!(status(&[("Origin", origin)]), wanted, "{origin}");
    }
    assert_eq!(status(&[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]), 403);
    let opened = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ];
    assert_eq!(status(&opened), 200);
}

#[test]
fn browsers_are_told_what_allowed_pages_may_do() {
    let headers = [
        ("Origin", "https://pages.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
        ("Access-Control-Request-Private-Network", "true"),
    ];
    let answer = served().request("OPTIONS", "/sparql", &headers, b"");
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://pages.example"));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
    assert!(answer.header("access-control-allow-headers").unwrap().contains("content-type"));
    assert_eq!(answer.header("access-control-allow-private-network"), Some("true"));
    let evil = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
    let answer = served().request("OPTIONS", "/sparql", &evil, b"");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None));
    let answer = served().request("GET", "/sparql", &[("Origin", "https://pages.example")], b"");
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://pages.example"));
    assert!(answer.header("vary").unwrap().contains("origin"));
    let open = Served::corpus(&["--allow-origin", "*"]);
    let answer = open.request("GET", "/health", &[("Origin", "https://anybody.example")], b"");
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://anybody.example"));
}

#[test]
fn nothing_changes_without_leave_and_token() {
    let update = |served: &Served, token: Option<&str>| {
        let mut headers = vec![("Content-Type", "application/sparql-update")];
        headers.extend(token.map(|token| ("Authorization", token)));
        served.request("POST", "/sparql", &headers, b"CLEAR ALL").status
    };
    let right = format!("Bearer {TOKEN}");
    assert_eq!(update(&served(), Some(&right)), 403, "this server only reads");
    let open = Served::empty(&[]);
    assert_eq!(update(&open, None), 401);
    assert_eq!(update(&open, Some("Bearer 0123456789abcdef0123456789abcdee")), 401);
    assert_eq!(update(&open, Some(TOKEN)), 401);
    assert_eq!(update(&open, Some(&right)), 204);
    // Queries do not change, and reach nothing outside.
    let query = |text: &str| {
        let headers = [("Content-Type", "application/sparql-query")];
        open.request("POST", "/sparql", &headers, text.as_bytes()).status
    };
    assert_eq!(query("CLEAR ALL"), 400);
    assert!(query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }") >= 400);
    let headers =
        [("Content-Type", "application/sparql-update"), ("Authorization", right.as_str())];
    for load in ["LOAD <http://127.0.0.1:1/x.ttl>", "LOAD <file:///etc/passwd>"] {
        assert_eq!(open.request("POST", "/sparql", &headers, load.as_bytes()).status, 400);
    }
}

#[test]
fn a_server_that_may_change_needs_a_token_worth_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "short").unwrap();
    for (arguments, said) in [
        (vec!["--allow-update"], "needs --token-file"),
        (vec!["--allow-update", "--token-file", file.to_str().unwrap()], "fewer than 16"),
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_youcheng"))
            .args(["serve", "--bind", "127.0.0.1:0", "--store"])
            .arg(&GRAPH.1)
            .args(arguments)
            .env_remove("YOUCHENG_TOKEN")
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(2));
        let error = String::from_utf8_lossy(&done.stderr);
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn what_is_ingested_meanwhile_is_shown_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("kg");
    let first = folder.path().join("1.txt");
    fs::write(&first, "山海市与日本富山市于2001年5月6日签署友好城市协议书。\n").unwrap();
    ingest(&store, &[first.to_str().unwrap()]);
    let served = Served::start(&store, &[], None);
    let articles = || served.json("/health")["articles"].as_u64().unwrap();
    assert_eq!(articles(), 1);
    let count = || {
        let rows = served.rows("SELECT (COUNT(*) AS ?n) { ?a a schema:NewsArticle }");
        rows[0]["n"]["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(count(), "1");
    for number in 2..=4_u64 {
        let file = folder.path().join(format!("{number}.txt"));
        fs::write(&file, format!("苏州市与意大利威尼斯市于198{number}年签署友好城市协议书。\n"))
            .unwrap();
        ingest(&store, &[file.to_str().unwrap()]);
        for _ in 0..100 {
            if articles() == number {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        assert_eq!((articles(), count()), (number, number.to_string()));
    }
    let found = served.json(&format!("/api/search?q={}", encoded("苏州市")));
    assert!(found["places"][0]["ties"].as_u64().unwrap() > 0);
    assert_eq!(served.json("/health")["behind"], false);
    // The store may go on without us: what we read is not in the way of a writer.
    ingest(&store, &["corpus"]);
}

#[test]
fn nothing_from_an_article_is_markup_or_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("kg");
    let hostile = "\"><script>alert(1)</script>\u{202e}'&amp;\r\nX-Evil: 1";
    let record = serde_json::json!({
        "title": hostile,
        "url": "javascript:alert(1)//\"><img src=x onerror=alert(2)>",
        "publisher": hostile,
        "published": "2024-05-01",
        "text": format!("苏州市与意大利威尼斯市于1980年签署友好城市协议书。<script>alert(3)</script>{}", "长".repeat(10_000)),
    });
    let file = folder.path().join("hostile.jsonl");
    fs::write(&file, format!("{record}\n")).unwrap();
    ingest(&store, &[file.to_str().unwrap()]);
    let served = Served::start(&store, &[], None);
    let rows = served.rows("SELECT ?id { ?a a schema:NewsArticle ; dcterms:identifier ?id }");
    let id = encoded(rows[0]["id"]["value"].as_str().unwrap());
    let found = encoded("<script>alert");
    for target in [format!("/api/article?id={id}"), format!("/api/search?q={found}")] {
        let answer = served.get(&target);
        assert_eq!((answer.status, answer.media()), (200, "application/json"), "{target}");
        assert_eq!(answer.header("x-evil"), None);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(
            answer.header("content-security-policy").unwrap().starts_with("default-src 'none'")
        );
        assert!(serde_json::from_str::<serde_json::Value>(&answer.text()).is_ok());
    }
    // What a client writes comes back as data as well.
    let answer = served.get("/%3Cscript%3Ealert(1)%3C/script%3E%0d%0aX-Evil:%201");
    assert_eq!((answer.status, answer.media()), (404, "application/json"));
    assert_eq!(answer.header("x-evil"), None);
}
