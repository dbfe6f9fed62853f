//! The quality on the corpus does not fall: floors that only go up. Where articles are added they
//! start anew, just under what is reached. `--nocapture` shows the figures.
#![allow(clippy::print_stdout)]

use std::path::Path;

use youcheng::{
    eval::{Score, corpus},
    pipeline::{Extractor, Options},
};

fn assert_floors(split: &str, floors: &[(&str, f64)], false_alarms: usize) {
    let extractor = Extractor::new(Options::default()).expect("the data is right");
    let entries = corpus(Path::new("corpus")).expect("the corpus can be read");
    let score = Score::of(&entries, Some(split), &extractor);
    let mut low = Vec::new();
    for (task, floor) in floors {
        let f1 = score.tasks[task].f1();
        println!("{split} {task}: F1 {f1:.3}, floor {floor}");
        if f1 < *floor {
            low.push(format!("{task}: F1 {f1:.3} is under its floor {floor}"));
        }
    }
    println!("{split}: {} false alarms in {} articles", score.false_alarms, score.without);
    assert!(low.is_empty(), "{split}: {}", low.join("; "));
    assert!(
        score.false_alarms <= false_alarms,
        "{split}: agreements in {} articles that hold none",
        score.false_alarms
    );
    assert!(score.without >= 20, "{split}: {} articles without agreements", score.without);
}

#[test]
fn the_dev_half_is_read_as_well_as_ever() {
    assert_floors(
        "dev",
        &[
            ("countries", 0.99),
            ("chinese-places", 0.98),
            ("foreign-places", 0.97),
            ("dates", 0.97),
            ("pairs", 0.98),
            ("records", 0.97),
            ("statistics", 0.94),
            ("signatories", 0.90),
            ("places-of-signing", 0.63),
            ("occasions", 0.46),
            ("modes", 0.57),
            ("fields", 0.66),
        ],
        0,
    );
}

#[test]
fn the_test_half_is_read_as_well_as_ever() {
    assert_floors(
        "test",
        &[
            ("countries", 0.99),
            ("chinese-places", 0.97),
            ("foreign-places", 0.96),
            ("dates", 0.97),
            ("pairs", 0.95),
            ("records", 0.86),
            ("statistics", 0.90),
            ("signatories", 0.66),
            ("modes", 0.99),
            ("fields", 0.99),
        ],
        0,
    );
}
