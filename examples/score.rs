//! Scores the extractor on the gold facts of a corpus.
//!
//! ```text
//! cargo run --release --no-default-features --example score -- test
//! cargo run --release --no-default-features --example score -- dev --misses [FOLDER]
//! ```

#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use anyhow::{Context, Result};
use youcheng::{
    eval::{Score, corpus},
    pipeline::{Extractor, Options},
    read::{Limits, read},
};

fn main() -> Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let misses = args.iter().position(|arg| arg == "--misses").map(|at| args.remove(at)).is_some();
    let split = args.first().context("say which split: dev or test")?.clone();
    let folder = args.get(1).map_or_else(|| PathBuf::from("corpus"), PathBuf::from);
    let extractor = Extractor::new(Options::default())?;
    let mut score = Score::default();
    let mut articles = 0;
    for (input, golds) in corpus(&folder)? {
        for article in read(std::slice::from_ref(&input), Limits::default()) {
            let (article, notes) = article?;
            let line = article.source.line;
            let Some(gold) = golds.iter().find(|it| it.line == line && it.split == split) else {
                continue;
            };
            let extraction = extractor.run(article, notes);
            let before = score.misses.len();
            score.add(&extraction, gold);
            articles += 1;
            if misses {
                println!("{} {:?}", input.display(), line);
                for (task, sign, what) in &score.misses[before..] {
                    println!("   {sign} {task}: {what}");
                }
            }
        }
    }
    println!("{articles} articles of the {split} half");
    println!("| task | precision | recall | F1 | right | wrong | missed |");
    println!("| --- | --: | --: | --: | --: | --: | --: |");
    for (task, count) in &score.tasks {
        println!(
            "| {task} | {:.3} | {:.3} | {:.3} | {} | {} | {} |",
            count.precision(),
            count.recall(),
            count.f1(),
            count.right,
            count.wrong,
            count.missed
        );
    }
    println!(
        "agreements found in {} of {} articles that hold none",
        score.false_alarms, score.without
    );
    Ok(())
}
