//! Articles in short, with the agreements in them and with what only looks like one.

use std::fmt::Write as _;

use serde::Deserialize;
use youcheng::{
    article::{Article, Origin, Published},
    notes::Notes,
    pipeline::{Extractor, Options},
    proof::sentence,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    probe: Vec<Probe>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Probe {
    #[serde(rename = "about", default)]
    _about: String,
    published: Option<String>,
    text: String,
    expect: Vec<String>,
}

fn claims(extractor: &Extractor, probe: &Probe) -> Vec<String> {
    let published = probe
        .published
        .as_ref()
        .map(|date| Published { date: date.parse().expect("a date"), origin: Origin::Given });
    let article = Article { published, ..sentence(&probe.text) };
    let claims = extractor.run(article, Notes::default()).claims;
    let mut found: Vec<String> = claims.iter().map(ToString::to_string).collect();
    found.sort();
    found
}

#[test]
fn short_articles_say_what_they_say_and_no_more() {
    let file: File = toml::from_str(include_str!("agreements.toml")).expect("the file is TOML");
    let extractor = Extractor::new(Options::default()).expect("the data is right");
    let mut failures = String::new();
    for probe in &file.probe {
        let found = claims(&extractor, probe);
        let mut expected = probe.expect.clone();
        expected.sort();
        if found != expected {
            let _ = writeln!(failures, "{}", probe.text);
            for claim in found.iter().filter(|it| !expected.contains(it)) {
                let _ = writeln!(failures, "  + {claim}");
            }
            for claim in expected.iter().filter(|it| !found.contains(it)) {
                let _ = writeln!(failures, "  - {claim}");
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Articles without a word of ties are not read by the rules; those whose words of ties are
/// parted by spaces or brackets, in a heading or a title alone, are.
#[test]
fn what_is_passed_over_would_have_said_nothing() {
    let extractor = Extractor::new(Options::default()).unwrap();
    let rows = "1. 日本池田市 1984年3月2日\n2. 韩国军浦市 2009年5月12日\n";
    let read = |title: Option<&str>, text: &str| {
        let article = || Article { title: title.map(str::to_owned), ..sentence(text) };
        let found = extractor.run(article(), Notes::default());
        // What explains asks every rule of every sentence.
        let (explained, _) = extractor.explain(article(), Notes::default());
        assert_eq!(found.claims, explained.claims, "{text}");
        assert_eq!(found.statistics, explained.statistics, "{text}");
        found.claims.len()
    };
    for heading in ["苏州市友好城市名单", "苏州市友 好 城 市名单", "苏州市友好（国际）城市名单"]
    {
        assert_eq!(read(None, &format!("{heading}\n{rows}")), 2, "{heading}");
    }
    assert_eq!(read(Some("苏州市友好城市名单"), rows), 2);
    assert_eq!(read(None, &format!("苏州市的客人\n{rows}")), 0);
}
