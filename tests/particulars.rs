//! What is told of a signing besides who, what and when, and what only looks like it.

use std::fmt::Write as _;

use serde::Deserialize;
use youcheng::{
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
    text: String,
    expect: Vec<String>,
}

#[test]
fn a_signing_is_told_with_its_particulars_and_no_more() {
    let file: File = toml::from_str(include_str!("particulars.toml")).expect("the file is TOML");
    let extractor = Extractor::new(Options::default()).expect("the data is right");
    let mut failures = String::new();
    for probe in &file.probe {
        let found = extractor.run(sentence(&probe.text), Notes::default());
        let clean = found.article.text.clean();
        let lines: Vec<String> =
            found.claims.iter().flat_map(|claim| claim.particulars.lines(clean)).collect();
        if lines != probe.expect {
            let _ = writeln!(failures, "{}\n  + {lines:?}\n  - {:?}", probe.text, probe.expect);
            let _ = writeln!(failures, "  {} claims", found.claims.len());
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}
