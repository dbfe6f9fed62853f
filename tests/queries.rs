//! The named queries over `corpus/`: each answers what `tests/snapshots/queries` holds, at
//! once. After a change that is meant: `INSTA_UPDATE=always ./dev test --test queries`.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "common/graph.rs"]
mod graph;

use std::time::{Duration, Instant};

use graph::GRAPH;
use youcheng::{
    query::{Form, Format, NAMED, Named, Query},
    store::Store,
};

fn example(named: Named) -> Vec<(String, String)> {
    named.example().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn answer(store: &Store, named: Named, values: &[(String, String)]) -> String {
    let query = named.query(values).unwrap();
    let format = match query.form() {
        Form::Construct | Form::Describe => Format::NTriples,
        Form::Select | Form::Ask => Format::Csv,
    };
    let mut out = Vec::new();
    query.run(store, Some(format), Duration::from_secs(20), None, &mut out).unwrap();
    let mut text = String::from_utf8(out).unwrap().replace("\r\n", "\n");
    if format == Format::NTriples {
        // A graph has no order.
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        text = lines.join("\n");
    }
    text
}

#[test]
fn each_named_query_answers_what_the_corpus_says() {
    let store = Store::read(&GRAPH.1).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/queries");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for &named in NAMED {
            let answer = answer(&store, named, &example(named));
            insta::assert_snapshot!(named.name, answer);
            // The corpus holds no copies of one story and no contradictions; all else is in it.
            if !["duplicates", "contradictions"].contains(&named.name) {
                assert!(answer.lines().count() > 1, "{} finds nothing in corpus/", named.name);
            }
        }
    });
}

#[test]
fn each_named_query_answers_at_once() {
    let store = Store::read(&GRAPH.1).unwrap();
    for &named in NAMED {
        let values = example(named);
        // The best of several: other tests run beside this one.
        let best = (0..5).map(|_| {
            let start = Instant::now();
            answer(&store, named, &values);
            start.elapsed()
        });
        let best = best.min().unwrap();
        // A tenth of a second, and as much again for a machine that is busy.
        assert!(best < Duration::from_millis(200), "{} takes {best:?}", named.name);
    }
}

/// 州 may be the unit of a name or a part of it.
#[test]
fn a_city_is_found_with_its_unit_and_without() {
    let store = Store::read(&GRAPH.1).unwrap();
    let named = Named::find("agreements-of-city").unwrap();
    let of = |city: &str| answer(&store, named, &[("city".to_owned(), city.to_owned())]);
    for (bare, whole) in [("苏州", "苏州市"), ("赣州", "赣州市"), ("大连", "大连市")]
    {
        assert_eq!(of(bare), of(whole));
        assert!(of(bare).lines().count() > 1, "{bare} has no agreements");
    }
    assert_eq!(of("州").lines().count(), 1, "a unit alone names nothing");
}

#[test]
fn names_are_taken_in_either_script_and_unknown_ones_are_told() {
    let store = Store::read(&GRAPH.1).unwrap();
    let of = |name: &str, parameter: &str, value: &str| {
        answer(&store, Named::find(name).unwrap(), &[(parameter.to_owned(), value.to_owned())])
    };
    for (city, traditional) in [("苏州市", "蘇州市"), ("赣州", "贛州"), ("齐齐哈尔", "齊齊哈爾")]
    {
        assert_eq!(
            of("agreements-of-city", "city", city),
            of("agreements-of-city", "city", traditional)
        );
    }
    for (country, other) in [("日本", "日本國"), ("韩国", "大韩民国"), ("CZ", "捷克共和国")]
    {
        let wanted = of("agreements-of-country", "country", country);
        assert_eq!(of("agreements-of-country", "country", other), wanted);
        assert!(wanted.lines().count() > 1, "{country} has no agreements");
    }
    let told = |city: &str| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_youcheng"))
            .args(["query", "agreements-of-city", "--store"])
            .arg(&GRAPH.1)
            .args(["--param", &format!("city={city}")])
            .output()
            .unwrap();
        assert!(done.status.success());
        String::from_utf8(done.stderr).unwrap()
    };
    assert_eq!(told("蘇州"), "");
    let wanted = "youcheng: --param city=无此: nothing in the store is called so";
    assert!(told("无此").starts_with(wanted), "{}", told("无此"));
}

/// Spreadsheets run formulas, and XML has no place for some characters.
#[test]
fn answers_are_fit_for_who_reads_them() {
    let store = Store::read(&GRAPH.1).unwrap();
    let written = |format: Format| {
        let query = "SELECT ?x { VALUES ?x { \"=1+1\"@zh \"a\\u0001\\uFFFFb\" -3 } }";
        let mut out = Vec::new();
        let limit = Duration::from_secs(20);
        Query::parse(query).unwrap().run(&store, Some(format), limit, None, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(Format::Csv), "x\r\n'=1+1\r\na\u{1}\u{ffff}b\r\n-3\r\n");
    let xml = written(Format::Xml);
    assert!(xml.contains(">=1+1<") && xml.contains(">a\u{fffd}\u{fffd}b<"), "{xml}");
    assert!(written(Format::Json).contains("\"=1+1\""));
    assert!(written(Format::Tsv).contains("\"=1+1\"@zh"));
}

#[test]
fn what_is_nested_deeply_is_answered_all_the_same() {
    let sum = format!("SELECT * {{ FILTER({} > 1) }} LIMIT 1", vec!["1"; 3000].join("+"));
    let groups = format!("SELECT * {{ {}?s ?p ?o{} }} LIMIT 1", "{".repeat(5000), "}".repeat(5000));
    for query in [sum, groups] {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_youcheng"))
            .args(["query", "--format", "csv", "--store"])
            .arg(&GRAPH.1)
            .arg(query)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
