//! The contracts: what the wire says, which terms the graph uses.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use common::*;
use oxrdf::{NamedNode, NamedOrBlankNode, Term, vocab::rdf};
use oxttl::TurtleParser;
use youcheng::{
    agreement::{Kind, Status},
    article::{ArticleId, Origin, Source},
    clean::Cleaner,
    date::Basis,
    merge::{Ledger, merge},
    particulars::{Mode, Particulars, Signatory, Venue},
    pipeline::{Extraction, Extractor, Options},
    place::{CountryCode, Level, Place, PlaceKey},
    rdf::{
        emit,
        emit::duplicate,
        vocab::{Concept, yc},
    },
    read::{Input, Limits, Payload, Reader},
    segment::{self, Segmenter},
    wire::{Cleaned, Record},
};

#[test]
fn the_wire_is_what_design_says() {
    let made = sample();
    insta::assert_snapshot!(serde_json::to_string_pretty(&Record::new(&made.0)).unwrap());
}

#[test]
fn offsets_are_code_points_and_quotes_are_the_text_at_them() {
    let made = sample();
    let record = serde_json::to_value(Record::new(&made.0)).unwrap();
    let clean: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let raw: Vec<char> = made.0.article.text.raw().chars().collect();
    let at = |text: &[char], from: &serde_json::Value, to: &serde_json::Value| {
        let [from, to] = [from, to].map(|n| usize::try_from(n.as_u64().unwrap()).unwrap());
        text[from..to].iter().collect::<String>()
    };
    let evidence = &record["agreements"][0]["evidence"];
    assert_eq!(
        at(&clean, &evidence["start"], &evidence["end"]),
        evidence["quote"].as_str().unwrap()
    );
    assert_eq!(
        at(&raw, &evidence["raw"][0], &evidence["raw"][1]),
        "2023年(nián)2月,聊城市与匈牙利帕克斯市签署协议。"
    );
    let date = &record["dates"][0];
    assert_eq!(at(&clean, &date["start"], &date["end"]), date["text"].as_str().unwrap());
}

/// A page, a text and a record, cleaned, as `clean --json` writes them, and the raw texts.
fn cleaned() -> Vec<(serde_json::Value, String)> {
    let page = "<html><head><title>两市结好</title></head><body><div class=nav><a href=/>首页</a></div>\
        <h1>两市结好</h1><p>2023年(nián)2月，<ruby>聊城<rt>liaocheng</rt></ruby>市与匈牙利的帕克斯市簽署協議書，兩市結為友好城市。</p>\
        <table><caption>友城名单</caption><tr><th>城市</th><th>国家</th></tr><tr><td>帕克斯市</td><td>匈牙利</td></tr></table>\
        <p class=caption>两市代表合影。</p></body></html>";
    let text = "聊城(liáochéng)市签约\n\n　　聊城(liáochéng)市与帕克斯市签约，𠮷县派员观礼。7 z\" M$ R& J* C3 l\n聊城(liáochéng)市签约\n";
    let record =
        serde_json::json!({"title": "签(qiān)约", "text": "聊城(liáochéng)市与帕克斯市签约。"});
    let reader = Reader::new(Limits::default()).unwrap();
    let cleaner = Cleaner::new().unwrap();
    let segmenter = Segmenter::new().unwrap();
    [
        Payload::Html(page.as_bytes().to_vec()),
        Payload::Text(text.as_bytes().to_vec()),
        Payload::Record(record.to_string().into_bytes()),
    ]
    .into_iter()
    .map(|payload| {
        let input = Input { source: Source::default(), payload };
        let (mut article, mut notes) = reader.article(input).unwrap();
        cleaner.run(&mut article, &mut notes);
        let passages = segmenter.run(&article, &mut notes);
        let title = segment::title(&article, &passages);
        let mut line = Vec::new();
        Cleaned::new(&article, title, &passages, &notes).write(&mut line).unwrap();
        let starts = article.text_starts as usize;
        (serde_json::from_slice(&line).unwrap(), article.text.raw()[starts..].to_owned())
    })
    .collect()
}

#[test]
fn the_edits_of_clean_turn_what_was_read_into_the_text_and_back() {
    for (record, raw) in cleaned() {
        let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
        let raw: Vec<char> = raw.chars().collect();
        let number = |n: &serde_json::Value| usize::try_from(n.as_u64().unwrap()).unwrap();
        let string = |text: &[char]| text.iter().collect::<String>();
        let (mut done, mut made) = (0, String::new());
        for edit in record["edits"].as_array().unwrap() {
            let (start, end) = (number(&edit["start"]), number(&edit["end"]));
            assert_eq!(string(&text[start..end]), edit["with"].as_str().unwrap(), "{edit}");
            // What stands in a title put first was not read as part of the text.
            let Some(at) = edit["raw"].as_array() else { continue };
            let (from, to) = (number(&at[0]), number(&at[1]));
            assert_eq!(string(&raw[from..to]), edit["removed"].as_str().unwrap(), "{edit}");
            made += &string(&raw[done..from]);
            made += edit["with"].as_str().unwrap();
            done = to;
        }
        made += &string(&raw[done..]);
        assert!(string(&text).ends_with(&made), "{record}");
    }
}

#[test]
fn clean_says_what_every_line_is() {
    let (page, _) = cleaned().swap_remove(0);
    let text: Vec<char> = page["text"].as_str().unwrap().chars().collect();
    let passages: Vec<_> = page["passages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let at = |n: &str| usize::try_from(it[n].as_u64().unwrap()).unwrap();
            let text: String = text[at("start")..at("end")].iter().collect();
            (it["kind"].as_str().unwrap().to_owned(), text)
        })
        .collect();
    let expected = [
        ("headline", "两市结好"),
        ("body", "2023年2月，聊城市与匈牙利的帕克斯市签署协议书，两市结为友好城市。"),
        ("caption", "友城名单"),
        ("header-row", "城市\t国家"),
        ("row", "帕克斯市\t匈牙利"),
        ("caption", "两市代表合影。"),
    ];
    assert_eq!(passages, expected.map(|(kind, text)| (kind.to_owned(), text.to_owned())));
    let fields: Vec<_> = page.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["edits", "id", "notes", "passages", "published", "source", "text", "title"];
    assert_eq!(fields, expected);
}

#[test]
fn a_title_put_first_is_no_part_of_the_source() {
    let mut made = Made::new("feed.jsonl", "友城\n聊城市与帕克斯市签约。").claim(
        "聊城市与帕克斯市签约。",
        [&liaocheng(), &paks()],
        Kind::SisterCity,
        None,
    );
    made.0.article.text_starts = u32::try_from("友城\n".len()).unwrap();
    let record = serde_json::to_value(Record::new(&made.0)).unwrap();
    assert_eq!(record["agreements"][0]["evidence"]["raw"], serde_json::json!([0, 11]));
    made.0.claims[0].evidence.span = made.span("友城");
    let record = serde_json::to_value(Record::new(&made.0)).unwrap();
    assert_eq!(record["agreements"][0]["evidence"]["raw"], serde_json::Value::Null);
}

#[test]
fn the_countries_are_those_of_the_gazetteer() {
    let table = include_str!("../gazetteer/places.tsv");
    let listed: BTreeSet<_> = table
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|row| row[0] == ["cc:", row[1]].concat())
        .map(|row| format!("{} {}", row[1], row[4]))
        .collect();
    let triples: Vec<_> = TurtleParser::new()
        .for_slice(include_str!("../ontology/countries.ttl"))
        .map(Result::unwrap)
        .collect();
    let known: BTreeSet<_> = triples
        .iter()
        .filter_map(|triple| match (&triple.subject, &triple.object) {
            (NamedOrBlankNode::NamedNode(country), Term::Literal(name))
                if name.language() == Some("zh-hans") =>
            {
                let code = country.as_str().rsplit('/').next().unwrap();
                Some(format!("{code} {}", name.value()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(known, listed, "run ontology/countries.py");
}

/// The terms of our namespace that the ontology defines: those with a type.
fn defined() -> BTreeSet<String> {
    TurtleParser::new()
        .for_slice(include_str!("../ontology/youcheng.ttl"))
        .map(Result::unwrap)
        .filter(|triple| triple.predicate == rdf::TYPE)
        .filter_map(|triple| match Term::from(triple.subject) {
            Term::NamedNode(node) => Some(node.into_string()),
            _ => None,
        })
        .filter(|iri| iri.starts_with(yc::NAMESPACE))
        .collect()
}

/// The terms that the program knows.
fn known() -> BTreeSet<String> {
    fn all<C: Concept>(values: &[C]) -> Vec<NamedNode> {
        values.iter().map(|value| value.concept()).collect()
    }
    let schemes = ["kinds", "statuses", "bases", "origins", "levels"];
    let mut terms: BTreeSet<String> = yc::ALL.iter().map(|term| term.as_str().to_owned()).collect();
    terms.extend(schemes.map(|name| [yc::NAMESPACE, name].concat()));
    let concepts = [
        all(&Kind::ALL),
        all(&Status::ALL),
        all(&[Basis::Stated, Basis::Dateline, Basis::Relative, Basis::Anaphoric, Basis::Inferred]),
        all(&[
            Origin::Given,
            Origin::Record,
            Origin::Metadata,
            Origin::Page,
            Origin::Url,
            Origin::Dateline,
        ]),
        all(&[
            Level::Province,
            Level::Prefecture,
            Level::County,
            Level::District,
            Level::City,
            Level::Island,
        ]),
    ];
    terms.extend(concepts.into_iter().flatten().map(NamedNode::into_string));
    terms
}

#[test]
fn the_program_and_the_ontology_know_the_same_terms() {
    assert_eq!(known(), defined());
}

#[test]
fn every_own_term_has_a_label_in_both_languages() {
    let triples: Vec<_> = TurtleParser::new()
        .for_slice(include_str!("../ontology/youcheng.ttl"))
        .map(Result::unwrap)
        .collect();
    for term in defined() {
        for language in ["zh-hans", "en"] {
            let labelled = triples.iter().any(|triple| {
                triple.subject.to_string() == format!("<{term}>")
                    && ["#label", "#prefLabel"]
                        .iter()
                        .any(|tail| triple.predicate.as_str().ends_with(tail))
                    && matches!(&triple.object, Term::Literal(label)
                        if label.language() == Some(language))
            });
            assert!(labelled, "{term} has no label in {language}");
        }
    }
}

#[test]
fn the_graph_uses_every_term_and_no_other() {
    let mut made = sample();
    made.0.article.source.line = Some(3);
    made.0.article.source.offset = Some(512);
    made.0.article.source.captured = Some("2025-05-23T03:04:05Z".to_owned());
    made.0.article.source.publisher = Some("某报".to_owned());
    made.0.claims[0].instrument = Some("协议书".to_owned());
    let venue = Venue { span: made.span("聊城市"), place: Some(liaocheng()) };
    let who = Signatory { name: made.span("聊城"), office: made.span("市"), party: Some(0) };
    made.0.claims[0].particulars = Particulars {
        instrument: None,
        signatories: vec![who],
        place: Some(venue),
        occasion: Some(made.span("签署")),
        mode: Some((Mode::Online, made.span("签署"))),
        fields: vec![made.span("协议")],
    };
    made.0.statistics[0].cities = Some(35);
    made.0.statistics[0].pairs = Some(36);
    let mut used = BTreeSet::new();
    let mut quads = emit(&made.0);
    let mut ledger = Ledger::default();
    ledger.add_article(&quads);
    ledger.add_shared(&quads);
    let plan = merge(&ledger, &ledger.touched()).unwrap();
    quads.extend(plan.pairs.into_values().flatten());
    quads.push(duplicate(&made.0.article.id, &ArticleId::of(b"other")));
    for quad in quads {
        used.insert(quad.predicate.into_string());
        if let Term::NamedNode(node) = quad.object {
            used.insert(node.into_string());
        }
    }
    let defined = defined();
    let own = |iri: &String| iri.starts_with(yc::NAMESPACE);
    for term in used.iter().filter(|iri| own(iri)) {
        assert!(defined.contains(term), "{term} is used and not defined");
    }
    for term in yc::ALL {
        assert!(used.contains(term.as_str()), "{term} is defined and never used");
    }
}

#[test]
fn no_quad_is_said_twice() {
    let mut made = sample();
    let mut again = made.0.mentions.clone();
    made.0.mentions.append(&mut again);
    let claim = made.0.claims[0].clone();
    made.0.claims.push(claim);
    // A place tied to itself: the rules refuse it, the graph must survive it.
    let mut odd = made.0.claims[0].clone();
    odd.parties[1] = odd.parties[0].clone();
    made.0.claims.push(odd);
    let mut quads: Vec<String> = emit(&made.0).iter().map(ToString::to_string).collect();
    let count = quads.len();
    quads.sort();
    quads.dedup();
    assert_eq!(quads.len(), count);
}

#[test]
fn the_budget_of_quads_is_kept() {
    let graph = |made: &Made| {
        let shared = youcheng::rdf::iri::shared();
        emit(&made.0)
            .iter()
            .filter(|quad| youcheng::rdf::emit::graph_of(quad).is_some_and(|name| *name != shared))
            .count()
    };
    let bare = Made::new("a.txt", "聊城市与甲市、乙市签约。");
    let [a, b] = ["甲市", "乙市"].map(|name| unlisted("RU", name));
    let with = |made: Made, other| {
        made.claim("聊城市与甲市、乙市签约。", [&liaocheng(), other], Kind::Other, None)
    };
    assert_eq!(graph(&bare), 5, "an article");
    let one = with(bare, &a);
    assert_eq!(graph(&one), 5 + 7 + 6, "its sentence and one claim");
    assert_eq!(graph(&with(one, &b)), 5 + 7 + 6 + 6, "another claim of the same sentence");
}

/// What is found in each article of `corpus/`.
fn corpus() -> Vec<Extraction> {
    let reader = Reader::new(Limits::default()).unwrap();
    let extractor = Extractor::new(Options::default()).unwrap();
    let corpus = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let articles = reader.inputs(&[corpus]).filter_map(|input| reader.article(input.ok()?).ok());
    articles.map(|(article, notes)| extractor.run(article, notes)).collect()
}

/// What a key means does not depend on who says so, or the graph would depend on the order
/// of its articles.
#[test]
fn articles_describe_a_key_alike() {
    let shared = youcheng::rdf::iri::shared();
    let mut all = BTreeMap::<String, BTreeSet<String>>::new();
    let mut compared = 0;
    let places = ["哈桑区", "新城市", "北区", "新城"].map(|name| {
        let within = |parent: &str| {
            let parent = Some(PlaceKey::geonames(parent));
            let place = Place::unlisted(name, CountryCode::new("RU"), parent);
            let text = format!("俄罗斯{name}。");
            emit(&Made::new("a.txt", &text).place(name, &place.into()).0)
        };
        [within("1"), within("2")]
    });
    let corpus = corpus();
    for quads in corpus.iter().map(emit).chain(places.into_iter().flatten()) {
        let mut about = BTreeMap::<String, BTreeSet<String>>::new();
        for quad in
            quads.iter().filter(|quad| emit::graph_of(quad).is_some_and(|graph| *graph == shared))
        {
            let said = format!("{} {}", quad.predicate, quad.object);
            about.entry(quad.subject.to_string()).or_default().insert(said);
        }
        for (subject, said) in about {
            match all.get(&subject) {
                Some(before) => assert_eq!(*before, said, "{subject}"),
                None => drop(all.insert(subject, said)),
            }
            compared += 1;
        }
    }
    assert!(compared > all.len() + 300, "too few are named twice: {compared}, {}", all.len());
}

/// Writing quads is the whole cost of a store.
#[test]
fn the_articles_of_the_corpus_keep_the_budget() {
    let mut ledger = Ledger::default();
    let mut of_articles = Vec::new();
    let mut shared = BTreeSet::new();
    let mut claims = 0;
    for extraction in corpus() {
        claims += extraction.claims.len();
        let (own, keys): (Vec<_>, Vec<_>) = emit(&extraction).into_iter().partition(|quad| {
            emit::graph_of(quad).is_some_and(|graph| *graph != youcheng::rdf::iri::shared())
        });
        ledger.add_article(&own);
        ledger.add_shared(&keys);
        of_articles.push(own.len());
        shared.extend(keys.iter().map(ToString::to_string));
    }
    let plan = merge(&ledger, &ledger.touched()).unwrap();
    let merged: usize = plan.pairs.values().map(Vec::len).sum();
    let articles = of_articles.len();
    let own: usize = of_articles.iter().sum();
    let each = |quads: usize, of: usize| quads.div_ceil(of);
    // The corpus has three and a half claims an article: lists and tables of ties.
    assert!(each(own, articles) <= 79, "{own} quads in {articles} articles");
    assert!(each(shared.len(), articles) <= 105, "{} quads for keys", shared.len());
    assert!(each(merged, claims) <= 18, "{merged} quads merged of {claims} claims");
}
