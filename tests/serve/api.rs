//! The JSON of the explorer, over the corpus, compared with what SPARQL says.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;

use crate::http::{Served, Shared, encoded};

static SHARED: Shared = Shared::new(|| Served::corpus(&[]));

fn served() -> Arc<Served> {
    SHARED.get()
}

fn texts<'a>(list: &'a Value, field: &str) -> BTreeSet<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[field].as_str().unwrap()).collect()
}

/// What a query answers, as pairs of its first two columns.
fn pairs(query: &str, [a, b]: [&str; 2]) -> BTreeSet<(String, String)> {
    let value = |row: &Value, name: &str| {
        row[name]["value"].as_str().unwrap_or_default().rsplit('/').next().unwrap().to_owned()
    };
    served().rows(query).iter().map(|row| (value(row, a), value(row, b))).collect()
}

/// The key of the place of a name.
fn key(name: &str) -> String {
    let found = served().json(&format!("/api/search?q={}", encoded(name)));
    found["places"][0]["key"].as_str().unwrap_or_else(|| panic!("{name}: {found}")).to_owned()
}

#[test]
fn the_ties_are_the_agreements_of_the_graph() {
    let all = served().json("/api/ties");
    let ties = all["ties"].as_array().unwrap();
    let kinds: BTreeSet<_> = ties
        .iter()
        .map(|tie| {
            (tie["id"].as_str().unwrap().to_owned(), tie["kind"].as_str().unwrap().to_owned())
        })
        .collect();
    let query = "SELECT ?a ?k { ?a a yc:Agreement ; yc:kind/skos:notation ?k }";
    assert_eq!(kinds, pairs(query, ["a", "k"]));
    assert_eq!(all["total"], ties.len());
    assert_eq!(all["totals"]["agreements"], ties.len());
    let places = all["places"].as_array().unwrap();
    for tie in ties {
        let [a, b] = ["a", "b"].map(|side| &places[tie[side].as_u64().unwrap() as usize]);
        assert_ne!(a["key"], b["key"]);
        assert!(b["country"] != "CN" || a["country"] == "CN", "the Chinese side comes first");
    }
    // Every country and province that a place names is there.
    let keys = texts(&all["places"], "key");
    for place in places {
        if let Some(country) = place["country"].as_str() {
            assert!(all["countries"][country]["zh"].is_string(), "{country}");
        }
        if let Some(province) = place["province"].as_str() {
            assert!(keys.contains(province));
        }
    }
    for at in all["unplaced"].as_array().unwrap() {
        assert!(places[at.as_u64().unwrap() as usize]["lat"].is_null());
    }
}

#[test]
fn filters_keep_what_fits_all_of_them() {
    let all = served().json("/api/ties");
    let wanted: BTreeSet<_> = all["ties"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|tie| {
            ["sister-city", "memorandum"].contains(&tie["kind"].as_str().unwrap())
                && tie["year"].as_i64().is_some_and(|year| (2000..=2020).contains(&year))
        })
        .map(|tie| tie["id"].as_str().unwrap())
        .collect();
    let some = served().json("/api/ties?kind=sister-city,memorandum&from=2000&to=2020");
    assert!(!wanted.is_empty() && wanted.len() < all["ties"].as_array().unwrap().len());
    assert_eq!(texts(&some["ties"], "id"), wanted);
    let two = served().json("/api/ties?kind=sister-city,memorandum&from=2000&to=2020&limit=2");
    assert_eq!((two["ties"].as_array().unwrap().len(), &two["total"]), (2, &some["total"]));
    let japan = served().json("/api/ties?country=JP");
    for tie in japan["ties"].as_array().unwrap() {
        let countries = ["a", "b"]
            .map(|side| &japan["places"][tie[side].as_u64().unwrap() as usize]["country"]);
        assert!(countries.contains(&&Value::from("JP")));
    }
    let answer = served().get("/api/ties?kind=marriage");
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("sister-city"), "the error says what there is");
    assert_eq!(served().get("/api/ties?from=never").status, 400);
}

#[test]
fn a_city_has_its_ties_and_the_sentences_lead_back_to_their_articles() {
    let key = key("苏州市");
    let city = served().json(&format!("/api/city?key={}", encoded(&key)));
    assert_eq!(city["place"]["name"], "苏州市");
    let query = "SELECT ?a ?k { ?p skos:prefLabel '苏州市'@zh-Hans . ?a yc:party ?p ; yc:kind/skos:notation ?k }";
    let ties = city["ties"].as_array().unwrap();
    assert_eq!(
        texts(&city["ties"], "id"),
        pairs(query, ["a", "k"]).iter().map(|(a, _)| a.as_str()).collect()
    );
    let partners = pairs(
        "SELECT ?q ?c { ?p skos:prefLabel '苏州市'@zh-Hans ; yc:partnerOf ?q . ?q yc:country ?c }",
        ["q", "c"],
    );
    assert_eq!(city["counted"]["cities"], partners.len());
    assert!(city["articles"]["total"].as_u64().unwrap() > 0);
    assert_eq!(city["articles"]["first"][0]["id"].as_str().unwrap().len(), 71);
    for tie in ties {
        let id = tie["id"].as_str().unwrap();
        let agreement = served().json(&format!("/api/agreement?id={id}"));
        assert_eq!(agreement["articles"], tie["articles"]);
        let events = agreement["events"].as_array().unwrap();
        assert_eq!(events.len(), tie["events"].as_array().unwrap().len());
        let claims = agreement["claims"].as_array().unwrap();
        assert!(!claims.is_empty(), "no agreement without evidence");
        let told: BTreeSet<_> = events
            .iter()
            .flat_map(|event| event["claims"].as_array().unwrap())
            .map(|id| id.as_str().unwrap())
            .collect();
        assert_eq!(told, texts(&agreement["claims"], "id"), "every claim is part of an event");
        for claim in claims {
            let article = claim["article"]["id"].as_str().unwrap();
            let article = served().json(&format!("/api/article?id={}", encoded(article)));
            let text: Vec<char> = article["document"]["text"].as_str().unwrap().chars().collect();
            let [start, end] = ["start", "end"].map(|at| claim[at].as_u64().unwrap() as usize);
            let quote: String = text[start..end].iter().collect();
            assert_eq!(claim["quote"], quote);
            let around = [&claim["before"], &claim["quote"], &claim["after"]]
                .map(|part| part.as_str().unwrap())
                .concat();
            assert!(text.iter().collect::<String>().contains(&around));
            let found = article["document"]["agreements"].as_array().unwrap();
            assert!(
                found.iter().any(|it| it["claim"] == claim["id"] && it["agreement"] == id),
                "the article knows which agreement its sentence is about"
            );
        }
    }
}

#[test]
fn every_agreement_and_every_article_answers() {
    let all = served().json("/api/ties");
    let articles: BTreeSet<_> = served()
        .rows("SELECT ?id { ?a a schema:NewsArticle ; dcterms:identifier ?id }")
        .iter()
        .map(|row| row["id"]["value"].as_str().unwrap().to_owned())
        .collect();
    for id in texts(&all["ties"], "id") {
        let agreement = served().json(&format!("/api/agreement?id={id}"));
        for claim in agreement["claims"].as_array().unwrap() {
            assert!(articles.contains(claim["article"]["id"].as_str().unwrap()));
        }
    }
    let mut connected = 0;
    for id in &articles {
        let article = served().json(&format!("/api/article?id={}", encoded(id)));
        let document = &article["document"];
        assert_eq!(document["id"], **id);
        assert_eq!(
            !article["claims"].as_array().unwrap().is_empty(),
            document["agreements"][0].is_object()
        );
        for found in document["agreements"].as_array().unwrap() {
            assert!(found["agreement"].is_string(), "{id}: {found}");
            connected += 1;
        }
        let length = document["text"].as_str().unwrap().chars().count() as u64;
        for noise in article["noise"].as_array().unwrap() {
            assert!(noise["at"].as_u64().unwrap() <= length);
        }
    }
    assert!(connected > 300);
}

#[test]
fn names_are_found_in_chinese_and_latin_and_with_or_without_their_unit() {
    for (q, name) in [("苏州", "苏州市"), ("苏州市", "苏州市"), ("venice", "威尼斯")]
    {
        let found = served().json(&format!("/api/search?q={}", encoded(q)));
        let first = found["places"][0]["name"].as_str().unwrap_or_default().to_owned();
        assert!(first.starts_with(name), "{q}: {first}");
    }
    let found = served().json(&format!("/api/search?q={}", encoded("日本")));
    assert_eq!(found["countries"][0]["code"], "JP");
    assert!(found["countries"][0]["ties"].as_u64().unwrap() > 0);
    let found = served().json(&format!("/api/search?q={}&limit=3", encoded("友")));
    assert_eq!(found["articles"].as_array().unwrap().len(), 3);
    let nothing = served().json("/api/search?q=");
    assert_eq!(nothing["places"].as_array().unwrap().len(), 0);
    assert_eq!(served().get(&format!("/api/search?q={}", "x".repeat(201))).status, 400);
}

#[test]
fn facets_and_summary_count_the_ties() {
    let all = served().json("/api/ties");
    let ties = all["ties"].as_array().unwrap();
    let facets = served().json("/api/facets");
    let sisters = ties.iter().filter(|tie| tie["kind"] == "sister-city").count();
    let sister = facets["kinds"].as_array().unwrap().iter().find(|it| it["value"] == "sister-city");
    let sister = sister.unwrap();
    assert_eq!(sister["count"], sisters);
    assert_eq!((&sister["zh"], &sister["en"]), (&"友好城市".into(), &"sister city".into()));
    let summary = served().json("/api/summary");
    assert_eq!(summary["kinds"]["sister-city"], sisters);
    let years: u64 =
        summary["years"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(years as usize, ties.iter().filter(|tie| tie["year"].is_i64()).count());
    assert_eq!(summary["totals"], all["totals"]);
    assert!(facets["provinces"].as_array().unwrap().len() > 5);
}

#[test]
fn the_named_queries_are_listed_and_run() {
    let queries = served().json("/queries");
    for query in queries.as_array().unwrap() {
        let name = query["name"].as_str().unwrap();
        let example: Vec<_> = query["example"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value.as_str().unwrap())))
            .collect();
        let answer = served().get(&format!("/queries/{name}?{}", example.join("&")));
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        // What the editor shows is a query as it stands.
        let text = query["text"].as_str().unwrap();
        let headers = [("Content-Type", "application/sparql-query")];
        let answer = served().request("POST", "/sparql", &headers, text.as_bytes());
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
    }
    let target = format!("/queries/agreements-of-city?city={}&format=csv", encoded("苏州市"));
    let answer = served().get(&target);
    assert_eq!((answer.status, answer.media()), (200, "text/csv"));
    assert!(answer.text().lines().count() > 1);
    // A parameter is a value and never a query.
    let hostile = encoded("苏州\"@zh } ; DROP ALL #");
    let answer = served().get(&format!("/queries/agreements-of-city?city={hostile}&format=csv"));
    assert_eq!((answer.status, answer.text().lines().count()), (200, 1));
    assert_eq!(served().get("/queries/agreements-of-city").status, 400);
    assert_eq!(served().get("/queries/none-such").status, 404);
    let text = served().get(&target.replace("csv", "sparql"));
    assert_eq!((text.status, text.media()), (200, "application/sparql-query"));
    assert!(text.text().contains("苏州市"));
}

#[test]
fn what_there_is_not_is_said_in_words() {
    for (target, status) in [
        ("/api/city?key=gn:0", 404),
        ("/api/city", 400),
        ("/api/agreement?id=00", 404),
        ("/api/agreement?id=../../x", 404),
        ("/api/article?id=sha256:00", 404),
        (&format!("/api/article?id=sha256:{}", "0".repeat(64)), 404),
        ("/api/nothing", 404),
        ("/nothing", 404),
        ("/assets/../Cargo.toml", 404),
        ("/assets/%2e%2e/%2e%2e/etc/passwd", 404),
    ] {
        let answer = served().get(target);
        assert_eq!(answer.status, status, "{target}");
        let error: Value = serde_json::from_str(&answer.text()).unwrap();
        assert!(error["error"]["message"].as_str().is_some_and(|text| text.len() > 5), "{target}");
    }
}

#[test]
fn answers_are_packed_and_known_again() {
    let packed = served().request("GET", "/api/ties", &[("Accept-Encoding", "br, gzip")], b"");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let plain = served().request("GET", "/api/ties", &[("Accept-Encoding", "gzip;q=0")], b"");
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(packed.text(), plain.text());
    assert!(packed.body.len() * 3 < plain.body.len());
    for answer in [&packed, &plain] {
        let tag = answer.header("etag").unwrap();
        let again = served().request("GET", "/api/ties", &[("If-None-Match", tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    let other = served().request("GET", "/api/ties", &[("If-None-Match", "\"x\"")], b"");
    assert_eq!(other.status, 200);
    // An answer that is made while it is sent.
    let query = "/sparql?format=ntriples&query=CONSTRUCT%20WHERE%20%7B%3Fs%20%3Fp%20%3Fo%7D";
    let whole = served().get(query);
    assert_eq!(whole.header("transfer-encoding"), Some("chunked"));
    assert!(whole.whole && whole.body.len() > 1 << 20);
    let packed = served().request("GET", query, &[("Accept-Encoding", "gzip")], b"");
    assert_eq!(packed.text(), whole.text());
}

#[test]
fn the_explorer_is_served_with_a_strict_policy() {
    let page = served().get("/");
    assert_eq!((page.status, page.media()), (200, "text/html"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; "));
    assert!(!policy.contains("unsafe"));
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist/assets")).unwrap()
    {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let answer = served().request(
            "GET",
            &format!("/assets/{name}"),
            &[("Accept-Encoding", "gzip")],
            b"",
        );
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.text().into_bytes(), std::fs::read(&path).unwrap(), "{name}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn health_and_metrics_tell_how_it_goes() {
    let health = served().json("/health");
    assert_eq!(health["status"], "ok");
    assert!(health["articles"].as_u64().unwrap() > 100);
    served().rows("SELECT * { } LIMIT 1");
    let metrics = served().get("/metrics");
    assert_eq!(metrics.media(), "text/plain");
    let text = metrics.text();
    assert!(
        text.contains("youcheng_http_requests_total{route=\"health\",status=\"200\"}"),
        "{text}"
    );
    assert!(
        text.contains(
            "youcheng_http_request_duration_seconds_bucket{route=\"sparql\",le=\"+Inf\"}"
        )
    );
    // Every line is a comment or a name with a number.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("youcheng_") && value.parse::<f64>().is_ok(), "{line}");
    }
}
