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
    // What explains asks the rules also where no word of ties stands.
    let explained = extractor.explain(article.clone(), Notes::default()).0.claims;
    let claims = extractor.run(article, Notes::default()).claims;
    assert_eq!(claims, explained, "{}", probe.text);
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
