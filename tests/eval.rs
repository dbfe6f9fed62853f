//! The measuring rod measures right.

use std::fs;

use youcheng::{
    eval::{CorpusError, Count, Score, corpus},
    pipeline::{Extractor, Options},
};

const ARTICLE: &str = "苏州市的朋友

2003年5月,苏州市与日本池田市缔结友好城市。下了一天雨。
";

/// Gold in which 池田市 is right, 威尼斯市 is missed, and the date of the tie is wrong.
const GOLD: &str = r#"[{
  "line": null, "split": "dev", "noise": [], "structures": ["short"], "published": null,
  "title": null, "countries": ["JP", "IT"],
  "places": [{"name": "苏州市", "country": "CN"}, {"name": "池田", "country": "JP"}],
  "dates": ["2003-05"],
  "agreements": [
    {"a": "苏州市", "b": "池田市", "b_country": "JP", "kind": "sister-city",
     "status": "established", "date": "2003-06"},
    {"a": "苏州市", "b": "威尼斯市", "b_country": "IT", "kind": "sister-city",
     "status": "established", "date": null}
  ],
  "statistics": [], "clean": null
}]"#;

#[test]
fn what_is_right_wrong_and_missed_is_counted_with_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), ARTICLE).unwrap();
    fs::write(folder.path().join("a.gold.json"), GOLD).unwrap();
    let entries = corpus(folder.path()).unwrap();
    let extractor = Extractor::new(Options::default()).unwrap();
    let score = Score::of(&entries, Some("dev"), &extractor);
    let count = |right, wrong, missed| Count { right, wrong, missed };
    assert_eq!(score.articles, 1);
    assert_eq!(score.task("countries"), count(1, 0, 1));
    assert_eq!(score.task("foreign-places"), count(1, 0, 0));
    assert_eq!(score.task("pairs"), count(1, 0, 1));
    assert_eq!(score.task("kinds"), count(1, 0, 1));
    assert_eq!(score.task("dated-pairs"), count(0, 1, 1));
    assert_eq!(score.task("records"), count(0, 1, 2));
    assert_eq!(score.structures["short"].records, count(0, 1, 2));
    assert_eq!((score.without, score.false_alarms), (0, 0));
    assert!(score.certainties.iter().all(|it| it.pair && !it.record));
    let wrong = score.misses.iter().find(|miss| miss.wrong && miss.task == "records").unwrap();
    assert_eq!(wrong.what, "苏州市 CN — 池田市 JP: sister-city established 2003-05");
    assert_eq!(wrong.sentence.as_deref(), Some("2003年5月,苏州市与日本池田市缔结友好城市。"));
    assert_eq!(Score::of(&entries, Some("test"), &extractor).articles, 0);
}

#[test]
fn gold_without_an_article_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(corpus(folder.path()), Err(CorpusError::Empty(_))));
    let gold = folder.path().join("a.gold.json");
    fs::write(&gold, "[]").unwrap();
    assert!(matches!(corpus(&gold), Err(CorpusError::NoInput(_))));
    fs::write(folder.path().join("a.html"), "").unwrap();
    assert!(corpus(&gold).unwrap()[0].golds.is_empty());
    assert!(matches!(corpus(&folder.path().join("a.html")), Err(CorpusError::NoGold(_))));
    fs::write(&gold, "[{}]").unwrap();
    assert!(matches!(corpus(&gold), Err(CorpusError::Syntax(..))));
}
