//! The table of countries and places in `tests/places.tsv`: names of every level from all
//! over the world in short contexts, and traps that look like them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use youcheng::{
    article::{Article, ArticleId, Source},
    notes::Notes,
    pipeline::{Extractor, Options},
    text::Text,
    wire::Record,
};

const TABLE: &str = include_str!("places.tsv");

/// One row of the table.
struct Row<'a> {
    line: usize,
    text: String,
    countries: Vec<&'a str>,
    places: Vec<Expected<'a>>,
    is_open: bool,
}

/// A place that must be found, or with `!` a name that must not be one.
struct Expected<'a> {
    name: &'a str,
    country: Option<&'a str>,
    id: Option<&'a str>,
}

/// A place as the wire has it.
#[derive(Debug)]
struct Found {
    name: String,
    country: String,
    id: String,
}

fn rows() -> Vec<Row<'static>> {
    let lines = TABLE.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    lines.map(|(at, line)| row(at + 1, line)).collect()
}

fn row(line: usize, text: &str) -> Row<'_> {
    let mut fields = text.split('\t');
    let sentence = fields.next().unwrap().replace("\\n", "\n").replace("\\t", "\t");
    let countries = fields.next().unwrap_or_else(|| panic!("line {line}: no countries"));
    let places = fields.next().unwrap_or_else(|| panic!("line {line}: no places"));
    let is_open = match fields.next() {
        None => false,
        Some(mark) if mark.starts_with("open: ") => true,
        Some(mark) => panic!("line {line}: what is {mark:?}?"),
    };
    Row {
        line,
        text: sentence,
        countries: countries.split_whitespace().filter(|code| *code != "-").collect(),
        places: places.split("; ").filter(|place| !place.is_empty()).map(expected).collect(),
        is_open,
    }
}

fn expected(text: &str) -> Expected<'_> {
    let mut words = text.split(' ');
    Expected { name: words.next().unwrap(), country: words.next(), id: words.next() }
}

/// Countries and places of a text, as `extract` writes them.
fn read(extractor: &Extractor, text: &str) -> (BTreeSet<String>, Vec<Found>) {
    let article = Article {
        id: ArticleId::of(text.as_bytes()),
        source: Source::default(),
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout: Vec::new(),
    };
    let extraction = extractor.run(article, Notes::default());
    let record = serde_json::to_value(Record::new(&extraction)).unwrap();
    let string = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let countries = record["countries"].as_array().unwrap().iter();
    let places = record["places"].as_array().unwrap().iter();
    (
        countries.map(|country| string(&country["code"])).collect(),
        places
            .map(|place| Found {
                name: string(&place["name"]),
                country: string(&place["country"]),
                id: string(&place["id"]),
            })
            .collect(),
    )
}

/// What is wrong with what was found; empty where all is right.
fn mistakes(row: &Row<'_>, countries: &BTreeSet<String>, places: &[Found]) -> Vec<String> {
    let mut wrong = Vec::new();
    let (banned, wanted): (Vec<&str>, Vec<&str>) =
        row.countries.iter().partition(|code| code.starts_with('!'));
    for code in banned.iter().map(|code| &code[1..]) {
        if countries.contains(code) {
            wrong.push(format!("country {code}"));
        }
    }
    if banned.is_empty() {
        let found: Vec<&str> = countries.iter().map(String::as_str).collect();
        let wanted: Vec<&str> = wanted.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        if found != wanted {
            wrong.push(format!("countries {found:?} instead of {wanted:?}"));
        }
    }
    let is_partial = row.places.iter().any(|place| place.name.starts_with('!'));
    for place in &row.places {
        if let Some(name) = place.name.strip_prefix('!') {
            if places.iter().any(|found| found.name == name) {
                wrong.push(format!("place {name}"));
            }
        } else if !places.iter().any(|found| is(found, place)) {
            let [name, country, id] =
                [place.name, place.country.unwrap_or("-"), place.id.unwrap_or("")];
            wrong.push(format!("no {name} {country} {id}"));
        }
    }
    if !is_partial {
        for found in places {
            if !row.places.iter().any(|place| is(found, place)) {
                wrong.push(format!("false {} {} {}", found.name, found.country, found.id));
            }
        }
    }
    wrong
}

fn is(found: &Found, place: &Expected<'_>) -> bool {
    found.name == place.name
        && place.country == Some(found.country.as_str())
        && place.id.is_none_or(|id| id == found.id)
}

/// Reads every row with the mark or without, and says which are not as the mark has it.
fn surprises(is_open: bool) -> Vec<String> {
    let extractor = Extractor::new(Options::default()).unwrap();
    let mut surprises = Vec::new();
    for row in rows().into_iter().filter(|row| row.is_open == is_open) {
        let (countries, places) = read(&extractor, &row.text);
        let wrong = mistakes(&row, &countries, &places);
        if wrong.is_empty() == is_open {
            surprises.push(format!("places.tsv:{}: {}: {wrong:?}", row.line, row.text));
        }
    }
    surprises
}

#[test]
fn every_place_of_the_table_is_found_in_its_country_and_nothing_else() {
    let wrong = surprises(false);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_row_marked_open_is_still_wrong() {
    let right = surprises(true);
    assert!(right.is_empty(), "now right, remove the mark:\n{}", right.join("\n"));
}

#[test]
fn the_table_is_as_large_as_promised() {
    let rows = rows();
    let places = rows.iter().flat_map(|row| &row.places);
    let is_foreign = |place: &&Expected<'_>| {
        place.country.is_some_and(|code| !matches!(code, "CN" | "HK" | "MO" | "TW"))
    };
    let foreign: BTreeSet<_> =
        places.filter(is_foreign).map(|place| (place.name, place.country)).collect();
    assert!(foreign.len() >= 500, "{} foreign places", foreign.len());
    let start = TABLE.lines().position(|line| line.starts_with("# -- traps")).unwrap();
    let traps = rows.iter().filter(|row| row.line > start).count();
    assert!(traps >= 180, "{traps} traps");
}
