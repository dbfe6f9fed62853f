//! The graph on disk: what goes in comes out, once, whatever happens in between.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{fs, path::Path, time::Duration};

use common::*;
use oxrdf::Quad;
use youcheng::{
    agreement::Kind,
    export::{self, Format as File},
    query::{Format, Named, Query, QueryError, Type},
    rdf::emit,
    store::{Change, Store, StoreError},
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes articles and brings the agreements up to them.
fn put(path: &Path, articles: Vec<Vec<Quad>>) {
    let mut store = Store::open(path).unwrap();
    store.replace(articles).unwrap();
    store.merge().unwrap();
}

fn contents(path: &Path) -> Vec<Quad> {
    let mut quads: Vec<_> = Store::read(path).unwrap().quads().map(Result::unwrap).collect();
    quads.sort_by_cached_key(ToString::to_string);
    quads
}

/// The table of agreements.
fn table(path: &Path) -> Vec<csv::StringRecord> {
    let mut out = Vec::new();
    export::export(&Store::read(path).unwrap(), File::Csv, &mut out).unwrap();
    csv::Reader::from_reader(out.as_slice()).records().map(Result::unwrap).collect()
}

fn ask(path: &Path, query: Query, format: Format) -> Result<String, QueryError> {
    let mut out = Vec::new();
    let store = Store::read(path).unwrap();
    query.run(&store, Some(format), Duration::from_secs(20), None, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn named(path: &Path, name: &str, values: &[(&str, &str)]) -> Result<String, QueryError> {
    let values: Vec<_> = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    ask(path, Named::find(name).unwrap().query(&values)?, Format::Csv)
}

#[test]
fn reading_an_article_again_changes_nothing_or_replaces_its_graph() {
    let folder = folder();
    let path = folder.path().join("kg");
    let first = vec![emit(&sample().0)];
    {
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.replace(first.clone()).unwrap(), [Change::New]);
        assert_eq!(store.replace(first.clone()).unwrap(), [Change::Unchanged]);
        store.merge().unwrap();
    }
    let before = contents(&path);
    assert_eq!(Store::open(&path).unwrap().replace(first.clone()).unwrap(), [Change::Unchanged]);
    assert_eq!(contents(&path), before, "the second run changes nothing");
    for quad in &first[0] {
        assert!(before.contains(quad), "{quad} is not in the store");
    }

    // The same bytes, better understood: no partner, no date.
    let mut changed = sample();
    changed.0.claims.clear();
    changed.0.mentions.retain(|mention| changed.0.article.text.at(mention.span) != "帕克斯市");
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.replace(vec![emit(&changed.0)]).unwrap(), [Change::Replaced]);
    store.merge().unwrap();
    drop(store);
    let replaced = contents(&path);
    let fresh = folder.path().join("fresh");
    put(&fresh, vec![emit(&changed.0)]);
    assert_eq!(replaced, contents(&fresh), "replacing ends where a fresh start ends");

    // And back again.
    put(&path, first);
    assert_eq!(contents(&path), before);
}

#[test]
fn no_triple_stands_in_two_graphs() {
    let folder = folder();
    let path = folder.path().join("kg");
    let other =
        Made::new("other.txt", "聊城市与帕克斯市是友好城市。").place("聊城市", &liaocheng()).claim(
            "聊城市与帕克斯市是友好城市。",
            [&paks(), &liaocheng()],
            Kind::SisterCity,
            Some(month(2023, 2)),
        );
    put(&path, vec![emit(&sample().0), emit(&other.0)]);
    let mut triples: Vec<_> = contents(&path)
        .into_iter()
        .map(|quad| [quad.subject.to_string(), quad.predicate.to_string(), quad.object.to_string()])
        .collect();
    let count = triples.len();
    triples.sort();
    triples.dedup();
    assert_eq!(triples.len(), count);

    // So that counting over the union of the graphs counts right.
    let query = "SELECT (COUNT(?p) AS ?n) WHERE { ?a a yc:Agreement ; yc:party ?p ; yc:kind ?k }";
    assert_eq!(ask(&path, Query::parse(query).unwrap(), Format::Csv).unwrap(), "n\r\n2\r\n");
}

#[test]
fn one_store_whatever_the_order_and_the_way_of_loading() {
    let folder = folder();
    let articles: Vec<_> = (0..2500)
        .map(|n| {
            let name = format!("{n}号城");
            let sentence = format!("聊城市与{name}签署协议。");
            let place = unlisted(["RU", "KZ", "HU"][n % 3], &name);
            let made = Made::new("many.txt", &sentence).place(&name, &place).claim(
                &sentence,
                [&liaocheng(), &place],
                Kind::SisterCity,
                Some(month(2023, 2)),
            );
            emit(&made.0)
        })
        .collect();
    assert!(articles.iter().map(Vec::len).sum::<usize>() > 50_000, "enough for the bulk loader");
    let bulk = folder.path().join("bulk");
    put(&bulk, articles.clone());
    let slow = folder.path().join("slow");
    let mut store = Store::open(&slow).unwrap();
    for chunk in articles.rchunks(700) {
        store.replace(chunk.to_vec()).unwrap();
        store.merge().unwrap();
    }
    drop(store);
    assert!(contents(&bulk) == contents(&slow), "the same quads");
    for format in File::ALL {
        let [x, y] = [&bulk, &slow].map(|path| {
            let mut out = Vec::new();
            export::export(&Store::read(path).unwrap(), format, &mut out).unwrap();
            out
        });
        assert!(x == y, "the same {format}");
    }
    let rows = table(&bulk);
    assert_eq!(rows.len(), 2500);
    assert_eq!(&rows[0][1], "聊城市");
}

#[test]
fn what_is_not_a_store_is_refused_in_one_clear_sentence() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(matches!(Store::open(&file), Err(StoreError::NotAFolder(_))));
    assert!(matches!(Store::open(&file.join("below")), Err(StoreError::NotAFolder(_))));
    assert!(matches!(Store::read(&file), Err(StoreError::NotAFolder(_))));
    assert!(matches!(Store::read(&folder.path().join("none")), Err(StoreError::Missing(_))));
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Foreign(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was left behind");

    let store = folder.path().join("kg");
    drop(Store::open(&store).unwrap());
    fs::write(store.join("format"), "youcheng store 99\n").unwrap();
    assert!(matches!(Store::open(&store), Err(StoreError::Format { .. })));
    assert!(matches!(Store::read(&store), Err(StoreError::Format { .. })));
}

#[test]
fn one_writer_and_readers_beside_it() {
    let folder = folder();
    let path = folder.path().join("kg");
    let mut writer = Store::open(&path).unwrap();
    assert!(
        matches!(Store::open(&path), Err(StoreError::Locked(_, Some(id))) if id == std::process::id())
    );
    writer.replace(vec![emit(&sample().0)]).unwrap();
    writer.merge().unwrap();
    assert_eq!(table(&path).len(), 1, "a reader sees what is committed");
    drop(writer);
    Store::open(&path).unwrap();
}

#[test]
fn leftovers_of_a_killed_bulk_load_are_removed() {
    let folder = folder();
    let path = folder.path().join("kg");
    drop(Store::open(&path).unwrap());
    let leftover = path.join("graph").join("bulk-0123.sst");
    fs::write(&leftover, "x").unwrap();
    drop(Store::read(&path).unwrap());
    assert!(leftover.exists(), "a reader deletes nothing");
    drop(Store::open(&path).unwrap());
    assert!(!leftover.exists());
}

#[test]
fn a_first_opening_that_was_cut_short_is_taken_up() {
    let folder = folder();
    let path = folder.path().join("kg");
    drop(Store::open(&path).unwrap());
    fs::remove_file(path.join("format")).unwrap();
    drop(Store::open(&path).unwrap());
    assert!(path.join("format").exists());
}

#[test]
fn who_is_tied_to_a_country_since_when_by_which_sentence() {
    let folder = folder();
    let path = folder.path().join("kg");
    put(&path, vec![emit(&sample().0)]);
    for country in ["HU", "hu", "匈牙利", "Hungary"] {
        assert_eq!(
            named(&path, "agreements-of-country", &[("country", country)]).unwrap(),
            "partner,home,kind,status,date,articles,quote\r\n\
             帕克斯市,聊城市,sister-city,signed,2023-02,1,\
             \"2023年2月,聊城市与匈牙利帕克斯市签署协议。\"\r\n"
        );
    }
    let none = named(&path, "agreements-of-country", &[("country", "KZ")]).unwrap();
    assert_eq!(none.lines().count(), 1);
    for city in ["聊城市", "聊城", "帕克斯"] {
        let rows = named(&path, "agreements-of-city", &[("city", city)]).unwrap();
        assert_eq!(rows.lines().count(), 2, "{city}: {rows}");
    }
}

#[test]
fn every_named_query_answers() {
    let folder = folder();
    let path = folder.path().join("kg");
    let again = Made::new("again.txt", "2024年3月,聊城市与帕克斯市签署协议。").claim(
        "2024年3月,聊城市与帕克斯市签署协议。",
        [&liaocheng(), &paks()],
        Kind::SisterCity,
        Some(month(2024, 3)),
    );
    let undated = Made::new("undated.txt", "聊城市与帕克斯市结好。").claim(
        "聊城市与帕克斯市结好。",
        [&liaocheng(), &paks()],
        Kind::Unspecified,
        None,
    );
    put(&path, vec![emit(&sample().0), emit(&again.0), emit(&undated.0)]);
    for (name, values, first) in [
        ("agreements", &[][..], "聊城市,帕克斯市,匈牙利,sister-city,signed,"),
        ("agreements", &[("since", "2025")], ""),
        ("agreements", &[("kind", "sister-city")], "聊城市,帕克斯市,"),
        ("agreements", &[("status", "terminated")], ""),
        ("claims", &[("since", "2024")], "聊城市,帕克斯市,sister-city,signed,2024-03,"),
        ("articles", &[], ",标题,1,again.txt"),
        ("contradictions", &[], "聊城市,帕克斯市,date,2023-02,1,2024-03,1"),
        ("partners-by-country", &[], "HU,匈牙利,1,1,1,"),
        ("statistics", &[], "聊城市,2025-05,19,,,1,1,1,聊城有19个国家的友城。"),
        ("statistics", &[("city", "聊城")], "聊城市,2025-05,19,,,1,"),
        ("timeline", &[("city", "聊城市")], ",signed,unspecified,帕克斯市,,"),
        ("timeline", &[("city", "聊城市"), ("partner", "帕克斯市")], ",signed,"),
        ("lifecycle", &[("city", "聊城市")], "聊城市,帕克斯市,sister-city,2023-02,signed,1"),
        ("edges", &[], "聊城市,帕克斯市,CN,HU,"),
    ] {
        let rows = named(&path, name, values).unwrap();
        let row = rows.lines().nth(1).unwrap_or_default();
        assert!(row.starts_with(first), "{name} {values:?}:\n{rows}");
    }
}

#[test]
fn a_parameter_is_a_value_and_never_a_query() {
    let folder = folder();
    let path = folder.path().join("kg");
    put(&path, vec![emit(&sample().0)]);
    for hostile in [
        "\" } ?s ?p ?o #",
        "聊城市\"@zh-Hans } UNION { ?here skos:prefLabel ?x",
        "'; DROP ALL; --",
        "\\u0022 }",
        "\n}",
    ] {
        let rows = named(&path, "agreements-of-city", &[("city", hostile)]).unwrap();
        assert_eq!(rows.lines().count(), 1, "{hostile:?} found {rows}");
    }
    let error = named(&path, "agreements-of-country", &[("country", "KZ> ?p ?o")]).unwrap_err();
    assert!(error.to_string().contains("no such country"), "{error}");
    let error = named(&path, "agreements-of-country", &[]).unwrap_err();
    assert_eq!(error.to_string(), "the query needs --param country=…");
    let error = named(&path, "agreements", &[("city", "x")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the query has no parameter city; it has: kind, status, since, until"
    );

    let mut query = Query::parse("ASK { VALUES ?x { UNDEF } ?x ?p ?o }").unwrap();
    query.bind("x", Type::Term, "<https://w3id.org/youcheng/country/HU>").unwrap();
    assert_eq!(ask(&path, query, Format::Table).unwrap(), "yes\n");
}

#[test]
fn queries_neither_write_nor_reach_outside() {
    let folder = folder();
    let path = folder.path().join("kg");
    put(&path, vec![emit(&sample().0)]);
    assert!(matches!(Query::parse("DROP ALL"), Err(QueryError::Syntax(_))));
    let service = "SELECT * WHERE { SERVICE <http://example.org/sparql> { ?s ?p ?o } }";
    let error = ask(&path, Query::parse(service).unwrap(), Format::Csv).unwrap_err();
    assert!(error.to_string().contains("not supported"), "{error}");
}

#[test]
fn hostile_text_comes_out_as_it_went_in() {
    let folder = folder();
    let path = folder.path().join("kg");
    let name = "=cmd|' /C calc'!A0\"\n<x>\u{202e}市";
    let place = unlisted("RU", name);
    let sentence = format!("聊城市与{name}签署协议。");
    let made = Made::new("a b\".txt", &sentence)
        .title("\"\u{0}\r\n\\")
        .url("http://example.org/a b<c>")
        .place(name, &place)
        .claim(&sentence, [&liaocheng(), &place], Kind::SisterCity, None);
    put(&path, vec![emit(&made.0)]);
    let stored = contents(&path);
    for quad in emit(&made.0) {
        assert!(stored.contains(&quad), "{quad}");
    }
    let store = Store::read(&path).unwrap();
    for format in [File::NQuads, File::TriG, File::Turtle] {
        let mut out = Vec::new();
        export::export(&store, format, &mut out).unwrap();
        let rdf = match format {
            File::NQuads => oxigraph::io::RdfFormat::NQuads,
            File::TriG => oxigraph::io::RdfFormat::TriG,
            _ => oxigraph::io::RdfFormat::Turtle,
        };
        let parsed = oxigraph::io::RdfParser::from_format(rdf).for_slice(&out).count_ok();
        assert_eq!(parsed, stored.len(), "{format}");
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("# ") && text.contains("GeoNames"), "{format} names its sources");
    }
    let row = &table(&path)[0];
    assert_eq!(row[3], format!("'{name}"));
    assert!(row[row.len() - 1].contains("GeoNames (CC BY 4.0)"));
}

/// Counts quads, and fails on the first that does not parse.
trait CountOk {
    fn count_ok(self) -> usize;
}

impl<T, E: std::fmt::Debug, I: Iterator<Item = Result<T, E>>> CountOk for I {
    fn count_ok(self) -> usize {
        self.map(Result::unwrap).count()
    }
}
