//! The time that an article takes grows with its length and no faster, whatever stands in it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Instant;

use youcheng::{
    notes::{Notes, Stage, Why},
    pipeline::Extractor,
    read::{Input, Limits, Payload, Reader},
};

const SENTENCE: &str = "聊城市与匈牙利帕克斯市签署协议，结为友好城市。";

/// How long a record takes that holds a sentence and, on the next line or as its title,
/// something else.
fn seconds(line: &str, is_title: bool) -> f64 {
    let reader = Reader::new(Limits::default()).unwrap();
    let record = match is_title {
        true => serde_json::json!({"title": line, "text": SENTENCE}),
        false => serde_json::json!({"text": format!("{SENTENCE}\n{line}")}),
    };
    let record = record.to_string();
    let once = || {
        let payload = Payload::Record(record.clone().into_bytes());
        let input = Input { source: Default::default(), payload };
        let start = Instant::now();
        let (article, notes) = reader.article(input).unwrap();
        let found = Extractor::standard().unwrap().run(article, notes);
        assert!(!found.claims.is_empty(), "the sentence is still read");
        start.elapsed().as_secs_f64()
    };
    once().min(once())
}

#[test]
fn twice_the_text_takes_twice_the_time() {
    Extractor::standard().unwrap();
    let dates = |from: usize, count: usize| -> String {
        (from..from + count).map(|n| format!("{}月{}日，", n % 12 + 1, n % 28 + 1)).collect()
    };
    let shapes: [(&str, &dyn Fn(usize) -> String); 12] = [
        ("one letter", &|n| "x".repeat(n * 75)),
        ("one character", &|n| "啊".repeat(n * 50)),
        ("one line of prose", &|n| "两市在经济文化教育等方面开展合作，".repeat(n)),
        ("months", &|n| "5月".repeat(n)),
        ("days", &|n| dates(0, n)),
        ("months that begin sentences", &|n| format!("2023年5月3日。{}", "6月。".repeat(n))),
        ("anniversaries", &|n| format!("2023年5月3日，{}", "10周年".repeat(n))),
        ("dashes and dates", &|n| "—".repeat(n * 10) + &"5月".repeat(n / 2)),
        ("open brackets", &|n| "（".repeat(n * 5)),
        ("open titles", &|n| "《".repeat(n * 10)),
        ("digits", &|n| "1".repeat(n * 50)),
        ("cities", &|n| "苏州市、池田市，".repeat(n / 4)),
    ];
    for (what, shape) in shapes {
        let (one, two) = (seconds(&shape(8_000), false), seconds(&shape(16_000), false));
        assert!(two < 3.0 * one + 0.1, "{what}: {one:.2} s, then {two:.2} s for twice as much");
    }
    let numerals = |n: usize| seconds(&"一二三四五六七八九十".repeat(n), true);
    let (one, two) = (numerals(1_000), numerals(2_000));
    assert!(two < 3.0 * one + 0.1, "numerals: {one:.2} s, then {two:.2} s for twice as much");
}

#[test]
fn many_notes_are_kept_apart_in_time() {
    let count = |n: usize| {
        let mut notes = Notes::default();
        let start = Instant::now();
        for n in 0..n {
            notes.push(Stage::Recognise, Why::UnresolvedDate, n.to_string());
            notes.push(Stage::Recognise, Why::UnresolvedDate, n.to_string());
        }
        assert_eq!(notes.0.len(), n);
        start.elapsed().as_secs_f64()
    };
    let (one, two) = (count(20_000), count(40_000));
    assert!(two < 3.0 * one + 0.1, "{one:.2} s, then {two:.2} s for twice as many");
}
