//! The gold of `corpus/` agrees with itself and with the texts: what it names stands there.
//!
//! Nothing is extracted here, so the articles of both splits are looked at.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use youcheng::{
    clean::Cleaner,
    read::{Limits, read},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gold {
    line: Option<u32>,
    split: String,
    noise: Vec<String>,
    structures: Vec<String>,
    published: Option<String>,
    title: Option<String>,
    countries: Vec<String>,
    places: Vec<Place>,
    dates: Vec<String>,
    agreements: Vec<Agreement>,
    not_agreements: Vec<String>,
    statistics: Vec<Statistic>,
    clean: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    name: String,
    country: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    a: String,
    a_country: String,
    b: String,
    b_country: String,
    kind: String,
    status: String,
    date: Option<String>,
    basis: Option<String>,
    instrument: Option<String>,
    #[serde(rename = "signatories", default)]
    _signatories: Vec<String>,
    #[serde(rename = "place_of_signing", default)]
    _place_of_signing: Option<String>,
    #[serde(rename = "occasion", default)]
    _occasion: Option<String>,
    #[serde(rename = "mode", default)]
    _mode: Option<String>,
    #[serde(rename = "fields", default)]
    _fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statistic {
    subject: String,
    countries: Option<u32>,
    cities: Option<u32>,
    pairs: Option<u32>,
    as_of: Option<String>,
}

const KINDS: [&str; 8] = [
    "sister-city",
    "friendly-cooperation",
    "friendly-exchange",
    "letter-of-intent",
    "memorandum",
    "cooperation-agreement",
    "unspecified",
    "other",
];
const STATUSES: [&str; 6] =
    ["signed", "established", "planned", "anniversary", "renewed", "terminated"];
const BASES: [&str; 5] = ["stated", "relative", "dateline", "anaphoric", "inferred"];

/// Whether it is a date, or two with a slash between them, at any precision.
fn is_date(text: &str) -> bool {
    text.split('/').count() <= 2
        && text.split('/').all(|date| {
            let digits: String =
                date.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            ["0000", "0000-00", "0000-00-00", "--00", "--00-00"].contains(&digits.as_str())
        })
}

/// What is wrong with the gold of one article, given its clean text and title.
fn wrong(gold: &Gold, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut places = BTreeMap::new();
    for place in &gold.places {
        if !text.contains(&place.name) {
            wrong.push(format!("{} does not stand in the text", place.name));
        }
        if places.insert((&place.name, &place.country), ()).is_some() {
            wrong.push(format!("{} is there twice", place.name));
        }
    }
    let dates = gold.published.iter().chain(&gold.dates);
    wrong.extend(dates.filter(|it| !is_date(it)).map(|it| format!("{it} is no date")));
    for it in &gold.agreements {
        let pair = format!("{} and {}", it.a, it.b);
        for party in [(&it.a, &it.a_country), (&it.b, &it.b_country)] {
            if !places.contains_key(&party) {
                wrong.push(format!("{pair}: {} is not among the places", party.0));
            }
        }
        if it.a_country == it.b_country {
            wrong.push(format!("{pair}: one country"));
        }
        if !KINDS.contains(&it.kind.as_str()) || !STATUSES.contains(&it.status.as_str()) {
            wrong.push(format!("{pair}: {} {}", it.kind, it.status));
        }
        if it.date.is_some() != it.basis.is_some()
            || it.basis.as_ref().is_some_and(|basis| !BASES.contains(&basis.as_str()))
        {
            wrong.push(format!("{pair}: date and basis"));
        }
        let inferred = it.basis.as_deref() == Some("inferred");
        if it.date.as_ref().is_some_and(|date| !inferred && !gold.dates.contains(date)) {
            wrong.push(format!("{pair}: its date is not among the dates"));
        }
        if it.instrument.as_ref().is_some_and(|it| !text.contains(it)) {
            wrong.push(format!("{pair}: the instrument does not stand in the text"));
        }
    }
    for it in &gold.statistics {
        if it.as_of.as_ref().is_some_and(|date| !gold.dates.contains(date)) {
            wrong.push(format!("{}: its date is not among the dates", it.subject));
        }
        if it.countries.or(it.cities).or(it.pairs).is_none() {
            wrong.push(format!("{}: a statistic without a number", it.subject));
        }
    }
    if !["dev", "test"].contains(&gold.split.as_str()) {
        wrong.push(format!("split {}", gold.split));
    }
    if gold.agreements.is_empty() && gold.not_agreements.is_empty() {
        wrong.push("no agreement, and not said what looks like one".into());
    }
    if gold.structures.is_empty() || gold.countries.iter().any(|code| code == "CN") {
        wrong.push("structures and countries".into());
    }
    wrong
}

#[test]
fn what_the_gold_names_stands_in_the_article() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let table = fs::read_to_string(folder.join("README.md")).unwrap();
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cleaner = Cleaner::new().unwrap();
    let (mut said, mut number, mut without) = (String::new(), 0, 0);
    for file in files.iter().filter(|it| it.extension().is_some_and(|e| e != "json" && e != "md")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let golds: Vec<Gold> =
            serde_json::from_str(&fs::read_to_string(file.with_extension("gold.json")).unwrap())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        let read: Vec<_> = read(std::slice::from_ref(file), Limits::default()).collect();
        assert_eq!(read.len(), golds.len(), "{name}: articles and gold");
        for gold in golds {
            number += 1;
            without += usize::from(gold.agreements.is_empty());
            let found = read.iter().flatten().find(|(a, _)| a.source.line == gold.line);
            let (mut article, mut notes) = found.unwrap_or_else(|| panic!("{name}")).clone();
            cleaner.run(&mut article, &mut notes);
            let mut text = article.text.clean().to_owned();
            for more in gold.title.iter().chain(&gold.clean) {
                let _ = write!(text, "\n{more}");
            }
            let label = gold.line.map_or_else(|| name.clone(), |line| format!("{name}:{line}"));
            for wrong in wrong(&gold, &text) {
                let _ = writeln!(said, "{label}: {wrong}");
            }
            let noise = gold.noise.join(" ");
            let row = format!(
                "| {} | {} | {} |",
                gold.agreements.len(),
                gold.structures.join(" "),
                if noise.is_empty() { "–" } else { &noise }
            );
            let line = table.lines().find(|line| line.starts_with(&format!("| `{label}` |")));
            if !line.is_some_and(|line| line.contains(&gold.split) && line.contains(&row)) {
                let _ = writeln!(said, "{label}: the row in README.md is not {row}");
            }
        }
    }
    let counts = format!("{number} articles in ");
    assert!(table.contains(&counts), "README.md does not say {counts}");
    assert!(table.contains(&format!("{without} articles that hold none")), "{without} hold none");
    assert!(said.is_empty(), "\n{said}");
}
