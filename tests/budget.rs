//! The budget of quads that `src/rdf/emit.rs` states, over articles of `examples/generate`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../examples/generate/copies.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod copies;
#[path = "../examples/generate/corpus.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod corpus;
#[path = "../examples/generate/random.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod random;
#[path = "../examples/generate/story.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod story;
#[path = "../examples/generate/world.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod world;

use std::collections::BTreeSet;

use youcheng::{
    article::Source,
    merge::{Ledger, merge},
    pipeline::{Extractor, Options},
    rdf::{emit, iri},
    read::{Input, Limits, Payload, Reader},
};

/// News: few of them tell of a tie, and each names places and days.
#[test]
fn generated_articles_keep_the_budget() {
    let corpus = corpus::Corpus::new(1, 100, 0.14, 0.033).unwrap();
    let reader = Reader::new(Limits::default()).unwrap();
    let extractor = Extractor::new(Options::default()).unwrap();
    let mut ledger = Ledger::default();
    let mut shared = BTreeSet::new();
    let (articles, mut own, mut claims) = (400, 0, 0);
    for n in 0..articles {
        let story = corpus.article(n).story;
        let (year, month, day) = story.published;
        let record = serde_json::json!({
            "url": format!("https://news.example/{n}.html"), "title": story.title,
            "published": format!("{year}-{month:02}-{day:02}"),
            "text": story.paragraphs.join("\n"),
        });
        let payload = Payload::Record(record.to_string().into_bytes());
        let (article, notes) =
            reader.article(Input { source: Source::default(), payload }).unwrap();
        let extraction = extractor.run(article, notes);
        claims += extraction.claims.len();
        let (of_article, keys): (Vec<_>, Vec<_>) = emit(&extraction)
            .into_iter()
            .partition(|quad| emit::graph_of(quad).is_some_and(|graph| *graph != iri::shared()));
        ledger.add_article(&of_article);
        ledger.add_shared(&keys);
        own += of_article.len();
        shared.extend(keys.iter().map(ToString::to_string));
    }
    let plan = merge(&ledger, &ledger.touched()).unwrap();
    let merged: usize = plan.pairs.values().map(Vec::len).sum();
    let articles = usize::try_from(articles).unwrap();
    let each = |quads: usize, of: usize| quads.div_ceil(of);
    let found = [each(own, articles), each(shared.len(), articles), each(merged, claims)];
    let budget = [18, 24, 15];
    assert!(
        found.iter().zip(budget).all(|(found, budget)| *found <= budget),
        "{own} quads of {articles} articles, {} for keys, {merged} merged of {claims} claims",
        shared.len()
    );
}
