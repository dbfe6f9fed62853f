//! The clean text of the articles of `corpus/` that have one to compare with.
//!
//! Only articles of the split `dev`: those of `test` are counted elsewhere, not looked at.
#![allow(clippy::unwrap_used)]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use youcheng::{
    article::{Article, Origin},
    clean::Cleaner,
    notes::{Notes, Why},
    read::{Limits, read},
    text::Text,
};

#[derive(Deserialize)]
struct Gold {
    line: Option<u32>,
    split: String,
    published: Option<String>,
    title: Option<String>,
    clean: Option<String>,
}

/// The articles of `dev` with their gold, cleaned.
fn articles() -> Vec<(String, Article, Gold)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cleaner = Cleaner::new().unwrap();
    let mut articles = Vec::new();
    for file in files {
        let gold = file.with_extension("gold.json");
        let is_input = file.extension().is_some_and(|e| e == "txt" || e == "html" || e == "jsonl");
        if !is_input || !gold.exists() {
            continue;
        }
        let golds: Vec<Gold> = serde_json::from_str(&fs::read_to_string(gold).unwrap()).unwrap();
        let read: Vec<_> = read(std::slice::from_ref(&file), Limits::default()).collect();
        for gold in golds.into_iter().filter(|gold| gold.split == "dev") {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let found = read.iter().flatten().find(|(a, _)| a.source.line == gold.line);
            let (mut article, mut notes) = found.unwrap_or_else(|| panic!("{name}")).clone();
            cleaner.run(&mut article, &mut notes);
            articles.push((name, article, gold));
        }
    }
    articles
}

#[test]
fn the_publication_date_is_what_the_file_itself_tells() {
    for (name, article, gold) in articles() {
        let published = article.published.map(|published| published.date.to_string());
        assert_eq!(published, gold.published, "{name}");
        let known = [Origin::Record, Origin::Metadata, Origin::Page];
        assert!(article.published.is_none_or(|it| known.contains(&it.origin)), "{name}");
    }
}

/// Lines that ought to go and do not yet.
const KNOWN: [&str; 1] = [
    // Scramble with brackets that pair, before a link to another page.
    "x*TV{\"(^ Lqs#0/m1R8P6)",
];

/// The lines of a text that are not blank, without the white space at their ends.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_clean_text_is_the_gold_text() {
    let mut said = String::new();
    for (name, article, gold) in articles() {
        let Some(expected) = &gold.clean else { continue };
        let mut found = lines(article.text.clean());
        // The headline is not in the gold text.
        if found.first().copied() == gold.title.as_deref() {
            found.remove(0);
        } else {
            let _ = writeln!(said, "{name}: no headline, but {:?}", found.first());
        }
        found.retain(|line| !KNOWN.contains(line));
        let expected = lines(expected);
        for line in expected.iter().filter(|line| !found.contains(line)) {
            let _ = writeln!(said, "{name}: missing {line}");
        }
        for line in found.iter().filter(|line| !expected.contains(line)) {
            let _ = writeln!(said, "{name}: too much {line}");
        }
        if said.is_empty() {
            assert_eq!(found, expected, "{name}: the order");
        }
    }
    assert!(said.is_empty(), "\n{said}");
}

#[test]
fn what_is_clean_changes_in_width_and_script_only() {
    let cleaner = Cleaner::new().unwrap();
    // What a page says of its lines is not known any more when it is text.
    for (name, article, gold) in articles().into_iter().filter(|it| it.1.layout.is_empty()) {
        for text in [Some(article.text.clean()), gold.clean.as_deref()].into_iter().flatten() {
            let mut again = article.clone();
            again.layout.clear();
            again.text = Text::new(text);
            cleaner.run(&mut again, &mut Notes::default());
            let form = |why| matches!(why, Why::Width | Why::Script);
            let other: Vec<_> = again
                .text
                .changes()
                .into_iter()
                .filter(|change| !form(change.why) && !text[change.raw.range()].trim().is_empty())
                .map(|change| (change.why, &text[change.raw.range()]))
                .collect();
            assert_eq!(other, [], "{name}");
        }
    }
}
