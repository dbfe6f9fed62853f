//! A dataset: what is in its folder, that it is the same each time, what filters keep, and
//! that nothing is left half-written.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;
#[path = "common/graph.rs"]
mod graph;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
    sync::Arc,
};

use common::{Made, liaocheng, month, paks, unlisted};
use graph::GRAPH;
use sha2::{Digest, Sha256};
use youcheng::{
    agreement::Kind,
    export::{Filter, Package},
    place::{CountryCode, Place},
    query::Query,
    rdf::emit,
    store::Store,
};

fn youcheng(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_youcheng"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command
}

/// The files of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

fn write(store: &Path, package: &Package) -> (tempfile::TempDir, BTreeMap<String, Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    package.write(&Store::read(store).unwrap(), folder.path()).unwrap();
    let files = files(folder.path());
    (folder, files)
}

fn rows(files: &BTreeMap<String, Vec<u8>>, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(files[&format!("{table}.csv")].as_slice());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_dataset_is_whole_and_the_same_each_time() {
    let (_, first) = write(&GRAPH.1, &Package::default());
    let (_, second) = write(&GRAPH.1, &Package::default());
    assert!(first == second, "the same store gives the same bytes");
    let names: BTreeSet<_> = first.keys().map(String::as_str).collect();
    for table in ["agreements", "events", "claims", "places", "articles", "statistics"] {
        for end in ["csv", "jsonl", "parquet"] {
            let file = format!("{table}.{end}");
            assert!(names.contains(file.as_str()), "{file} is missing");
        }
        let csv = rows(&first, table).len();
        let json = first[&format!("{table}.jsonl")].iter().filter(|byte| **byte == b'\n').count();
        assert!(csv > 5 && csv == json, "{table}: {csv} rows of CSV, {json} of JSON");
        assert!(first[&format!("{table}.parquet")].starts_with(b"PAR1"));
    }
    for file in [
        "ATTRIBUTION.txt",
        "CITATION.cff",
        "README.md",
        "croissant.json",
        "datapackage.json",
        "dataset.ttl",
        "edges.csv",
        "graph.jsonld",
        "graph.nq",
        "graph.trig",
        "graph.ttl",
        "network.graphml",
        "places.geojson",
        "quickstatements.txt",
        "ties.geojson",
    ] {
        // No place of the corpus is known to Wikidata.
        let least = if file == "quickstatements.txt" { 0 } else { 50 };
        assert!(first.get(file).is_some_and(|bytes| bytes.len() >= least), "{file}");
    }
    // The checksums are of all other files, and true.
    let sums = String::from_utf8(first["SHA256SUMS"].clone()).unwrap();
    assert_eq!(sums.lines().count(), first.len() - 1);
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let found: String =
            Sha256::digest(&first[name]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sum, found, "{name}");
    }
    // Every column is in the codebook.
    let readme = String::from_utf8(first["README.md"].clone()).unwrap();
    let package: serde_json::Value = serde_json::from_slice(&first["datapackage.json"]).unwrap();
    for resource in package["resources"].as_array().unwrap() {
        for field in resource["schema"]["fields"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            assert!(readme.contains(&format!("| `{name}` |")), "{name} is not explained");
        }
    }
}

#[test]
fn what_one_table_names_stands_in_another() {
    let (_, files) = write(&GRAPH.1, &Package { no_graph: true, ..Package::default() });
    assert!(!files.contains_key("graph.nq"));
    let keys = |table: &str| -> BTreeSet<String> {
        rows(&files, table).into_iter().map(|row| row["id"].clone()).collect()
    };
    let (agreements, places, articles) = (keys("agreements"), keys("places"), keys("articles"));
    for row in rows(&files, "agreements") {
        assert!(places.contains(&row["a_id"]) && places.contains(&row["b_id"]), "{row:?}");
        assert!(articles.contains(&row["article"]), "{row:?}");
        assert!(row["date"].is_empty() || !row["date_earliest"].is_empty(), "{row:?}");
    }
    let claims = rows(&files, "claims");
    for row in &claims {
        assert!(agreements.contains(&row["agreement"]) && articles.contains(&row["article"]));
        assert!(!row["quote"].is_empty() && !row["rule"].is_empty(), "no claim without evidence");
        assert!(row["signed_in"].is_empty() || places.contains(&row["signed_in"]), "{row:?}");
    }
    // The corpus tells each of the particulars somewhere.
    for column in ["instrument", "signatories", "signed_at", "signed_in", "occasion", "mode"] {
        assert!(claims.iter().any(|row| !row[column].is_empty()), "{column}");
    }
    assert!(claims.iter().any(|row| row["fields"].contains('|')), "several fields in one cell");
    for row in rows(&files, "events") {
        assert!(agreements.contains(&row["agreement"]), "{row:?}");
    }
    for row in rows(&files, "places") {
        assert!(row["parent"].is_empty() || places.contains(&row["parent"]), "{row:?}");
    }
    let told: usize =
        rows(&files, "articles").iter().map(|row| row["claims"].parse::<usize>().unwrap()).sum();
    assert_eq!(told, claims.len());
}

#[test]
fn filters_keep_what_they_say_and_what_belongs_to_it() {
    let japan = Filter { countries: vec![CountryCode::new("JP").unwrap()], ..Filter::default() };
    let (_, files) = write(&GRAPH.1, &Package { filter: japan, ..Package::default() });
    let all = rows(&write(&GRAPH.1, &Package::default()).1, "agreements").len();
    let kept = rows(&files, "agreements");
    assert!(!kept.is_empty() && kept.len() < all, "{} of {all}", kept.len());
    assert!(kept.iter().all(|row| row["a_country"] == "JP" || row["b_country"] == "JP"));
    // The graph holds these agreements and no others, whole.
    let graph = String::from_utf8(files["graph.nq"].clone()).unwrap();
    let is_a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
                <https://w3id.org/youcheng/ns#Agreement>";
    assert_eq!(graph.lines().filter(|line| line.contains(is_a)).count(), kept.len());
    for row in rows(&files, "claims") {
        assert!(graph.contains(&row["id"]), "{row:?}");
    }
    assert!(graph.contains("#exact>") && graph.contains("#prefLabel>"));

    let query = "SELECT ?agreement WHERE { ?agreement a yc:Agreement } ORDER BY ?agreement LIMIT 2";
    let asked = Filter { query: Some(Query::parse(query).unwrap()), ..Filter::default() };
    let (_, files) = write(&GRAPH.1, &Package { filter: asked, ..Package::default() });
    assert_eq!(rows(&files, "agreements").len(), 2);
    let none = Filter { years: Some((1, 2)), ..Filter::default() };
    let (_, files) = write(&GRAPH.1, &Package { filter: none, ..Package::default() });
    assert!(rows(&files, "agreements").is_empty(), "a table without rows has a header");
    assert!(files["agreements.csv"].starts_with(b"id,a,a_country,"));
}

#[test]
fn a_filter_that_cannot_be_meant_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("dataset");
    let export = |arguments: &[&str]| {
        let mut command = youcheng(&["export", "--quiet", "--no-graph", "--store"]);
        let done = command.arg(&GRAPH.1).arg("--to").arg(&to).args(arguments).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    for (arguments, wanted) in [
        (["--province", "山冻"], "no place called 山冻"),
        (["--query", "ASK { ?s ?p ?o }"], "must be a SELECT; this is ASK"),
        (["--query", "CONSTRUCT WHERE { ?s ?p ?o }"], "this is CONSTRUCT"),
        (["--query", "SELECT ?s { ?s a yc:Claim }"], "must have a column of agreements"),
        (["--query", "edges"], "--query takes SPARQL"),
        (["--query", "DELETE WHERE { ?s ?p ?o }"], "DELETE is an update"),
    ] {
        let (code, error) = export(&arguments);
        assert!(code == Some(2) && error.contains(wanted), "{arguments:?}: {code:?} {error}");
        assert!(!to.exists(), "nothing is left behind");
    }
    let (code, error) = export(&["--country", "ZZ"]);
    assert!(code == Some(2) && error.contains("ISO 3166-1 code of a country"), "{error}");
    let (code, error) = export(&["--status", "anniversary"]);
    assert!(code == Some(2) && error.contains("expected one of: signed"), "{error}");
    let nothing = "no agreement in the store fits";
    let (code, error) = export(&["--country", "TV"]);
    assert!(code == Some(0) && error.contains(nothing), "{error}");
    let (code, error) = export(&["--query", "SELECT ?s { ?s a yc:NoSuch }"]);
    assert!(code == Some(0) && error.contains(nothing), "{error}");
    let agreements = |arguments: &[&str]| {
        let (code, error) = export(arguments);
        assert!(code == Some(0) && error.is_empty(), "{error}");
        fs::read(to.join("agreements.csv")).unwrap()
    };
    assert_eq!(agreements(&["--province", "山東省"]), agreements(&["--province", "山东"]));
}

/// What is neither a file nor a folder is written into, and a link stays a link.
#[cfg(unix)]
#[test]
fn pipes_and_links_are_not_replaced() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};

    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let export = |to: &Path, arguments: &[&str]| {
        let mut command = youcheng(&["export", "--quiet", "--store"]);
        command.arg(&GRAPH.1).arg("--to").arg(to).args(arguments).output().unwrap()
    };
    let made = Command::new("mkfifo").arg(at("pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        let pipe = at("pipe");
        let reader = std::thread::spawn(move || fs::read(pipe).unwrap());
        assert!(export(&at("pipe"), &["--format", "csv"]).status.success());
        assert!(fs::symlink_metadata(at("pipe")).unwrap().file_type().is_fifo());
        assert!(reader.join().unwrap().starts_with(b"id,"));
    }
    fs::write(at("file"), "old").unwrap();
    symlink(at("file"), at("link")).unwrap();
    assert!(export(&at("link"), &["--format", "csv"]).status.success());
    assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
    assert!(fs::read(at("file")).unwrap().starts_with(b"id,"));
    symlink(at("nowhere"), at("lost")).unwrap();
    for arguments in [&["--format", "csv"][..], &["--no-graph"]] {
        let done = export(&at("lost"), arguments);
        assert_eq!(done.status.code(), Some(2));
        assert!(fs::symlink_metadata(at("lost")).unwrap().is_symlink());
    }
    fs::create_dir(at("folder")).unwrap();
    symlink(at("folder"), at("door")).unwrap();
    assert!(export(&at("door"), &["--no-graph"]).status.success());
    assert!(fs::symlink_metadata(at("door")).unwrap().is_symlink());
    assert!(at("folder").join("agreements.csv").is_file());
}

#[test]
fn hostile_names_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kg");
    let name = "=cmd|' /C calc'!A0\"\n<x>&\u{202e}\u{1}市";
    let sentence = format!("聊城市与{name}签署协议。");
    let made = Made::new("a b\".txt", &sentence).url("https://example.org/a b\"|<>").claim(
        &sentence,
        [&liaocheng(), &unlisted("RU", name)],
        Kind::SisterCity,
        Some(month(2023, 2)),
    );
    let item = Arc::new(Place { wikidata: Some("Q1".into()), ..(*paks()).clone() });
    let both = Made::new("b.txt", "聊城市与帕克斯市签署协议。").url("https://example.org/2").claim(
        "聊城市与帕克斯市签署协议。",
        [&liaocheng(), &item],
        Kind::SisterCity,
        Some(month(2023, 2)),
    );
    let mut store = Store::open(&path).unwrap();
    store.replace(vec![emit(&made.0), emit(&both.0)]).unwrap();
    store.merge().unwrap();
    drop(store);
    let (_, files) = write(&path, &Package { bom: true, ..Package::default() });
    let csv = String::from_utf8(files["agreements.csv"].clone()).unwrap();
    assert!(csv.starts_with('\u{feff}') && csv.contains("'=cmd|"), "{csv}");
    assert!(!csv.contains(",=cmd") && !csv.contains("\"=cmd"), "{csv}");
    let line = files["places.jsonl"]
        .split(|byte| *byte == b'\n')
        .find(|line| String::from_utf8_lossy(line).contains("cmd"));
    let place: serde_json::Value = serde_json::from_slice(line.unwrap()).unwrap();
    assert_eq!(place["name"], name);
    let graphml = String::from_utf8(files["network.graphml"].clone()).unwrap();
    assert!(graphml.contains("&lt;x&gt;&amp;") && !graphml.contains('\u{1}'), "{graphml}");
    let statements = String::from_utf8(files["quickstatements.txt"].clone()).unwrap();
    let since = "P580\t+2023-02-00T00:00:00Z/10\tS854\t\"https://example.org/2\"\n";
    assert_eq!(statements, format!("Q42\tP190\tQ1\t{since}Q1\tP190\tQ42\t{since}"));
    for (file, format) in [
        ("graph.nq", oxigraph::io::RdfFormat::NQuads),
        ("graph.trig", oxigraph::io::RdfFormat::TriG),
        ("dataset.ttl", oxigraph::io::RdfFormat::Turtle),
    ] {
        for quad in oxigraph::io::RdfParser::from_format(format).for_slice(&files[file]) {
            quad.unwrap();
        }
    }
}

#[test]
fn a_dataset_replaces_a_dataset_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = GRAPH.1.to_str().unwrap();
    let to = folder.path().join("data");
    let run = |more: &[&str]| {
        let to = to.to_str().unwrap();
        let output = youcheng(&["export", "--store", store, "--to", to]).args(more).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&["--with-text"]), (Some(0), String::new()));
    let articles = rows(&files(&to), "articles");
    let with_text = articles.iter().filter(|row| !row["text"].is_empty()).count();
    assert_eq!(with_text, articles.len(), "their files are there");
    assert_eq!(run(&["--country", "JP", "--no-graph"]), (Some(0), String::new()));
    assert!(!to.join("graph.nq").exists(), "replaced as a whole");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");

    fs::write(to.join("mine.txt"), "precious").unwrap();
    let (code, error) = run(&["--no-graph"]);
    assert!(code == Some(2) && error.contains("mine.txt"), "{error}");
    assert_eq!(fs::read_to_string(to.join("mine.txt")).unwrap(), "precious");
    fs::remove_file(to.join("mine.txt")).unwrap();

    fs::remove_file(to.join("datapackage.json")).unwrap();
    let (code, error) = run(&[]);
    assert!(code == Some(2) && error.contains("no dataset"), "{error}");
    let (code, error) = run(&["--format", "csv"]);
    assert!(code == Some(2) && error.contains("is a folder"), "{error}");
    let output = youcheng(&["export", "--store", store, "--country", "JP"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--to DIR"));
}
