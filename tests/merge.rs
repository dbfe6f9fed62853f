//! Agreements over many articles: what merges, what stands side by side, and that adding
//! and deleting ends where a fresh build ends.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{path::Path, sync::Arc, time::Duration};

use common::*;
use oxrdf::Quad;
use proptest::prelude::*;
use youcheng::{
    agreement::{Kind, Status},
    article::ArticleId,
    date::{Basis, Date, PartialDate},
    link::Link,
    notes::Notes,
    pipeline::{Extractor, Options},
    place::Place,
    query::{Format, Query},
    rdf::emit,
    read::{Limits, Reader},
    store::Store,
};

fn contents(path: &Path) -> Vec<String> {
    let mut quads: Vec<_> =
        Store::read(path).unwrap().quads().map(|quad| quad.unwrap().to_string()).collect();
    quads.sort();
    quads
}

/// An article that says one thing about 聊城市 and a place.
fn article(n: usize, place: &Arc<Place>, kind: Kind, status: Status, date: Option<&str>) -> Made {
    let sentence = format!("第{n}篇:聊城市与{}结好。", place.label);
    let date = date.map(|date| Date::new(date.parse::<PartialDate>().unwrap(), Basis::Stated));
    let mut made =
        Made::new("made.txt", &sentence).claim(&sentence, [&liaocheng(), place], kind, date);
    made.0.claims[0].status = status;
    made
}

fn linked(mut made: Made, place: &Arc<Place>, geonames: u32) -> Made {
    let link = Link { geonames, name: "Paks".to_owned(), position: None, score: 0.9, within: None };
    made.0.links.insert(place.key.clone(), link);
    made
}

/// A store of these articles, and what a query says of it.
fn ask(articles: &[Made], query: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kg");
    let mut store = Store::open(&path).unwrap();
    store.replace(articles.iter().map(|made| emit(&made.0)).collect()).unwrap();
    store.merge().unwrap();
    drop(store);
    let mut out = Vec::new();
    let store = Store::read(&path).unwrap();
    let query = Query::parse(query).unwrap();
    query.run(&store, Some(Format::Csv), Duration::from_secs(20), None, &mut out).unwrap();
    String::from_utf8(out).unwrap().lines().skip(1).map(str::to_owned).collect()
}

const AGREEMENTS: &str = "
    SELECT ?kind ?status ?date ?articles WHERE {
      ?agreement a yc:Agreement ; yc:kind/skos:notation ?kind ; yc:status/skos:notation ?status ;
        yc:articles ?articles .
      OPTIONAL { ?agreement yc:date/yc:edtf ?date }
    } ORDER BY ?kind";

const EVENTS: &str = "
    SELECT ?status ?kind ?date ?articles WHERE {
      ?agreement yc:event ?event . ?event yc:status/skos:notation ?status ;
        yc:kind/skos:notation ?kind ; yc:articles ?articles .
      OPTIONAL { ?event yc:date/yc:edtf ?date }
    } ORDER BY ?date ?status ?kind";

#[test]
fn one_agreement_with_its_dates_side_by_side() {
    use Status::{Anniversary, Established, Renewed, Signed, Terminated};
    let paks = paks();
    let sister = Kind::SisterCity;
    let articles = [
        article(1, &paks, sister, Signed, Some("2005-03-12")),
        article(2, &paks, sister, Established, Some("2005")),
        article(3, &paks, sister, Anniversary, Some("2005-03")),
        article(4, &paks, sister, Signed, Some("2006-01-01")),
        article(5, &paks, sister, Established, None),
        article(6, &paks, sister, Renewed, Some("2015")),
    ];
    assert_eq!(ask(&articles, AGREEMENTS), ["sister-city,renewed,2005-03-12,6"]);
    assert_eq!(
        ask(&articles, EVENTS),
        [
            "signed,sister-city,2005-03-12,3",
            "signed,sister-city,2006-01-01,1",
            "renewed,sister-city,2015,1",
        ]
    );
    let ended = article(7, &paks, sister, Terminated, Some("2023"));
    assert_eq!(
        ask(&articles.into_iter().chain([ended]).collect::<Vec<_>>(), AGREEMENTS),
        ["sister-city,terminated,2005-03-12,7"]
    );
}

#[test]
fn a_claim_without_a_kind_joins_what_does_not_contradict_it() {
    let paks = paks();
    let of = |n, kind, date| article(n, &paks, kind, Status::Signed, date);
    let mut articles = vec![
        of(1, Kind::FriendlyExchange, Some("2005-03-12")),
        of(2, Kind::Unspecified, None),
        of(3, Kind::Unspecified, Some("2005")),
        of(4, Kind::Memorandum, Some("2004")),
    ];
    assert_eq!(
        ask(&articles, AGREEMENTS),
        ["friendly-exchange,signed,2005-03-12,3", "memorandum,signed,2004,1"]
    );
    articles.push(of(5, Kind::Unspecified, Some("1999")));
    assert_eq!(
        ask(&articles, AGREEMENTS),
        [
            "friendly-exchange,signed,2005-03-12,3",
            "memorandum,signed,2004,1",
            "unspecified,signed,1999,1",
        ]
    );
}

#[test]
fn one_act_under_two_kinds_is_one_agreement() {
    let paks = paks();
    let of = |n, kind| article(n, &paks, kind, Status::Signed, Some("2005-03-12"));
    let articles = [
        of(1, Kind::FriendlyCooperation),
        of(2, Kind::SisterCity),
        of(3, Kind::FriendlyCooperation),
    ];
    assert_eq!(ask(&articles, AGREEMENTS), ["friendly-cooperation,signed,2005-03-12,3"]);
    assert_eq!(
        ask(&articles, EVENTS),
        ["signed,friendly-cooperation,2005-03-12,2", "signed,sister-city,2005-03-12,1"]
    );
}

#[test]
fn a_place_under_several_names_is_one_as_soon_as_evidence_says_so() {
    let parties = "SELECT ?key ?other WHERE {
        ?agreement a yc:Agreement ; yc:party ?place . ?place dcterms:identifier ?key .
        OPTIONAL { ?place skos:altLabel ?other }
        FILTER(?key != 'gn:1803834') } ORDER BY ?key ?other";
    let of = |n, place: &Arc<Place>| article(n, place, Kind::SisterCity, Status::Signed, None);
    let (bare, whole) = (unlisted("HU", "新城"), unlisted("HU", "新城市"));
    let nowhere = Arc::new(Place::unlisted("新城市", None, None));
    assert_eq!(ask(&[of(1, &bare), of(2, &whole), of(3, &nowhere)], parties), ["x:HU:新城市,新城"]);
    // Two that it may be: it stays what it is.
    let elsewhere = unlisted("RU", "新城市");
    assert_eq!(ask(&[of(1, &nowhere), of(2, &whole), of(3, &elsewhere)], parties).len(), 3);
    // A link alone proves nothing; with a common partner it does.
    let other = unlisted("HU", "帕克什市");
    assert_eq!(ask(&[linked(of(1, &other), &other, 3_045_643)], parties), ["x:HU:帕克什市,"]);
    assert_eq!(
        ask(&[linked(of(1, &other), &other, 3_045_643), of(2, &paks())], parties),
        ["gn:3045643,帕克什市"]
    );
}

#[test]
fn copies_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kg");
    let of = |n| article(n, &paks(), Kind::SisterCity, Status::Signed, Some("2005"));
    let articles = [of(1), of(2), of(3)];
    let ids: Vec<ArticleId> = articles.iter().map(|made| made.0.article.id).collect();
    let fresh = |copies: &[(ArticleId, Option<ArticleId>)]| {
        let path = folder.path().join(format!("fresh{}", copies.len()));
        let mut store = Store::open(&path).unwrap();
        store.replace(articles.iter().map(|made| emit(&made.0)).collect()).unwrap();
        store.duplicates(copies).unwrap();
        store.merge().unwrap();
        drop(store);
        contents(&path)
    };
    let copy = [(ids[1], Some(ids[0]))];
    let counted = |quads: &[String], n: usize| {
        let count = format!("articles> \"{n}\"");
        assert!(quads.iter().any(|quad| quad.contains(&count)), "{quads:#?}");
    };
    counted(&fresh(&[]), 3);
    counted(&fresh(&copy), 2);
    let mut store = Store::open(&path).unwrap();
    store.replace(articles.iter().map(|made| emit(&made.0)).collect()).unwrap();
    store.merge().unwrap();
    store.duplicates(&copy).unwrap();
    store.merge().unwrap();
    drop(store);
    assert_eq!(contents(&path), fresh(&copy), "told later, it is the same");
}

#[test]
fn a_merge_that_was_cut_short_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    let [path, whole] = ["kg", "whole"].map(|name| folder.path().join(name));
    let articles: Vec<_> = (0..3)
        .map(|n| emit(&article(n, &paks(), Kind::SisterCity, Status::Signed, Some("2005")).0))
        .collect();
    let mut store = Store::open(&whole).unwrap();
    store.replace(articles.clone()).unwrap();
    store.merge().unwrap();
    drop(store);
    // Killed before the first merge, and once more before the second.
    Store::open(&path).unwrap().replace(articles[..2].to_vec()).unwrap();
    let mut store = Store::open(&path).unwrap();
    store.replace(articles.clone()).unwrap();
    store.merge().unwrap();
    drop(store);
    assert_eq!(contents(&path), contents(&whole));
    assert!(!path.join("merging").exists());
}

/// The articles of the corpus that claim something, and made-up ones that contradict each
/// other and name the same places differently.
fn articles() -> Vec<(ArticleId, Vec<Quad>)> {
    let reader = Reader::new(Limits::default()).unwrap();
    let extractor = Extractor::new(Options::default()).unwrap();
    let corpus = std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let mut articles: Vec<_> = reader
        .inputs(&[corpus])
        .filter_map(|input| reader.article(input.ok()?).ok())
        .map(|(article, notes): (_, Notes)| extractor.run(article, notes))
        .filter(|extraction| !extraction.claims.is_empty())
        .take(40)
        .map(|extraction| (extraction.article.id, emit(&extraction)))
        .collect();
    let kinds = [Kind::SisterCity, Kind::FriendlyExchange, Kind::Unspecified];
    let other = unlisted("HU", "帕克什市");
    let places = [paks(), other.clone(), unlisted("HU", "帕克什"), unlisted("ZZ", "帕克什市")];
    for n in 0..24 {
        let status = Status::ALL[n % 6];
        let date = [None, Some("2005"), Some("2005-03-12"), Some("2006")][n % 4];
        let made = article(n, &places[n / 3 % 4], kinds[n % 3], status, date);
        let made = if n % 5 == 0 { linked(made, &other, 3_045_643) } else { made };
        articles.push((made.0.article.id, emit(&made.0)));
    }
    articles
}

#[test]
fn adding_and_removing_ends_where_a_fresh_build_ends() {
    let articles = articles();
    let last = articles.len() - 1;
    // What is done to the store, step by step: articles added (even) or removed (odd).
    let step = proptest::collection::vec((0..=last, any::<bool>()), 1..25);
    let steps = proptest::collection::vec(step, 1..5);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&steps, |steps| {
            let folder = tempfile::tempdir().unwrap();
            let [path, fresh] = ["kg", "fresh"].map(|name| folder.path().join(name));
            let mut there = std::collections::BTreeSet::new();
            for step in steps {
                // Every step is a run of the program of its own.
                let mut store = Store::open(&path).unwrap();
                let (add, remove): (Vec<_>, Vec<_>) = step.into_iter().partition(|(_, add)| *add);
                store.replace(add.iter().map(|(n, _)| articles[*n].1.clone()).collect()).unwrap();
                there.extend(add.iter().map(|(n, _)| *n));
                let gone: Vec<_> = remove.iter().map(|(n, _)| articles[*n].0).collect();
                store.remove(&gone).unwrap();
                for (n, _) in &remove {
                    there.remove(n);
                }
                store.merge().unwrap();
            }
            let mut store = Store::open(&fresh).unwrap();
            let all = there.iter().rev().map(|n| articles[*n].1.clone()).collect();
            store.replace(all).unwrap();
            store.merge().unwrap();
            drop(store);
            prop_assert_eq!(contents(&path), contents(&fresh));
            Ok(())
        })
        .unwrap();
}

#[test]
fn nothing_is_left_of_an_article_that_was_removed() {
    let folder = tempfile::tempdir().unwrap();
    let [path, empty] = ["kg", "empty"].map(|name| folder.path().join(name));
    drop(Store::open(&empty).unwrap());
    let made = sample();
    let mut store = Store::open(&path).unwrap();
    store.replace(vec![emit(&made.0)]).unwrap();
    store.merge().unwrap();
    assert_eq!(store.remove(&[made.0.article.id]).unwrap(), [true]);
    assert_eq!(store.remove(&[made.0.article.id]).unwrap(), [false]);
    store.merge().unwrap();
    drop(store);
    assert_eq!(contents(&path), contents(&empty));
}
