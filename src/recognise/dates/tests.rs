//! The examples of `rules/date.toml`, and what no input may do.

use super::*;
use crate::{article::Origin, segment::PassageKind};

fn dates() -> Dates {
    Dates::new(RULES.0, RULES.1).unwrap()
}

fn passages(text: &str) -> Vec<Passage> {
    let span = Span::new(0..text.len());
    vec![Passage { span, kind: PassageKind::Body, dateline: None }]
}

fn published(date: &str) -> Option<Published> {
    Some(Published { date: date.parse().unwrap(), origin: Origin::Given })
}

#[test]
fn every_pattern_finds_and_ignores_its_examples() {
    let dates = dates();
    let mut wrong = Vec::new();
    for Example { pattern, yes, no } in &dates.examples {
        let run = |text: &str| {
            dates.run(text, &passages(text), published("2024-11-20"), &mut Notes::default())
        };
        for [_, text, value] in yes {
            let found = run(text);
            let hit = found.iter().any(|mention| {
                let edtf = mention.date.as_ref().map_or("", |date| date.edtf.as_str());
                *mention.rule == **pattern && edtf == value
            });
            // A pattern that means nothing is proved by what is not found.
            if !hit && !(value.is_empty() && found.is_empty()) {
                wrong.push(format!("{pattern} should find {value} in {text}: {found:?}"));
            }
        }
        for text in no {
            let found = run(text);
            if found.iter().any(|mention| *mention.rule == **pattern) {
                wrong.push(format!("{pattern} should ignore {text}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
