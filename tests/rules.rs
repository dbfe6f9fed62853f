//! Every rule finds what its examples say, and nothing in those it must ignore.

use std::sync::LazyLock;

use youcheng::{
    article::{Article, ArticleId, Source},
    notes::Notes,
    pipeline::{Extraction, Extractor, Options},
    relate::Relater,
    text::Text,
};

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(Options::default()).expect("the data is right"));

fn extract(text: &str) -> Extraction {
    let article = Article {
        id: ArticleId::of(text.as_bytes()),
        source: Source::default(),
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout: Vec::new(),
    };
    EXTRACTOR.run(article, Notes::default())
}

/// A claim as examples write it: `party party kind status date`.
fn claims(text: &str) -> Vec<String> {
    let found = extract(text).claims;
    found
        .iter()
        .map(|claim| {
            let [a, b] = &claim.parties;
            let date = claim.date.as_ref().map_or("-", |date| &date.edtf);
            format!("{} {} {} {} {date}", a.name, b.name, claim.kind.name(), claim.status.name())
        })
        .collect()
}

#[test]
fn rules_find_what_their_examples_say() {
    let mut failures = Vec::new();
    for rule in &Relater::new().unwrap().rules().rules {
        for example in &rule.finds {
            let (mut found, mut expected) = (claims(&example.text), example.expect.clone());
            found.sort();
            expected.sort();
            if found != expected {
                failures.push(format!("{}: {}\n   found {found:#?}", rule.id, example.text));
            }
            let by_rule = extract(&example.text).claims.iter().any(|c| c.evidence.rule == rule.id);
            if !by_rule {
                failures.push(format!("{}: its own example is read by another rule", rule.id));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn rules_ignore_what_they_must() {
    let mut failures = Vec::new();
    for rule in &Relater::new().unwrap().rules().rules {
        for text in &rule.ignores {
            let found = claims(text);
            if !found.is_empty() {
                failures.push(format!("{}: {text}\n   found {found:#?}", rule.id));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn an_article_cannot_smuggle_in_the_symbols_of_the_rules() {
    assert_eq!(
        claims("\u{e000}与\u{e001}\u{e002}签署建立友好城市关系协议书。"),
        Vec::<String>::new()
    );
    assert_eq!(
        claims("\u{e000}苏州市与日本金泽市\u{e002}缔结友好城市。"),
        ["苏州市 金泽市 sister-city established -"]
    );
}
