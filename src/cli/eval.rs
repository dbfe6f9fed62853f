//! `youcheng eval`: what is extracted against gold facts.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
};

use anyhow::ensure;
use serde::Serialize;
use youcheng::eval::{Count, Miss, Score, TASKS, corpus, ratio};

use super::{Outcome, args, terminal::Out};

pub(crate) fn run(args: &args::Eval) -> anyhow::Result<Outcome> {
    let mut entries = Vec::new();
    for path in &args.paths {
        entries.extend(corpus(path)?);
    }
    let extractor = args.reading.extractor()?;
    let score = Score::of(&entries, args.split.as_deref(), extractor);
    if let Some(split) = args.split.as_deref().filter(|_| score.articles == 0) {
        let known: BTreeSet<&str> =
            entries.iter().flat_map(|it| &it.golds).map(|gold| gold.split.as_str()).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        ensure!(false, "no article has the split {split:?}; there is {known}");
    }
    let mut out = Out::new();
    if args.json {
        serde_json::to_writer(&mut out, &Report::new(&score, args.misses))?;
        writeln!(out)?;
    } else {
        if args.misses {
            misses(&mut out, &score.misses)?;
        }
        tables(&mut out, &score, args.split.as_deref())?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The tables, as Markdown.
fn tables(out: &mut Out, score: &Score, split: Option<&str>) -> anyhow::Result<()> {
    let half = split.map_or_else(String::new, |split| format!(" of the {split} half"));
    writeln!(out, "{} articles{half}\n", score.articles)?;
    writeln!(out, "| task | precision | recall | F1 | right | wrong | missed |")?;
    writeln!(out, "| --- | --: | --: | --: | --: | --: | --: |")?;
    for task in TASKS {
        let count = score.task(task);
        writeln!(
            out,
            "| {task} | {:.3} | {:.3} | {:.3} | {} | {} | {} |",
            count.precision(),
            count.recall(),
            count.f1(),
            count.right,
            count.wrong,
            count.missed
        )?;
    }
    writeln!(
        out,
        "\nagreements found in {} of {} articles that hold none\n",
        score.false_alarms, score.without
    )?;
    writeln!(out, "| structure | articles | pairs F1 | records F1 | right | wrong | missed |")?;
    writeln!(out, "| --- | --: | --: | --: | --: | --: | --: |")?;
    for (name, it) in &score.structures {
        let Count { right, wrong, missed } = it.records;
        let (pairs, records) = (it.pairs.f1(), it.records.f1());
        writeln!(
            out,
            "| {name} | {} | {pairs:.3} | {records:.3} | {right} | {wrong} | {missed} |",
            it.articles
        )?;
    }
    writeln!(out, "\n| confidence | claims | pair right | record right |")?;
    writeln!(out, "| --- | --: | --: | --: |")?;
    for band in bands(score) {
        writeln!(
            out,
            "| {} | {} | {:.3} | {:.3} |",
            band.confidence,
            band.claims,
            ratio(band.pairs, band.claims),
            ratio(band.records, band.claims)
        )?;
    }
    Ok(())
}

fn misses(out: &mut Out, misses: &[Miss]) -> anyhow::Result<()> {
    let mut article = "";
    for miss in misses {
        if miss.article != article {
            article = &miss.article;
            writeln!(out, "{article}")?;
        }
        let sign = if miss.wrong { '+' } else { '-' };
        writeln!(out, "  {sign} {}: {}", miss.task, miss.what)?;
        if let Some(sentence) = &miss.sentence {
            writeln!(out, "      {}", sentence.replace('\n', " / "))?;
        }
    }
    if !misses.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// Claims that are about equally sure.
#[derive(Debug, Serialize)]
struct Band {
    confidence: String,
    claims: usize,
    pairs: usize,
    records: usize,
}

/// The claims by tenths of confidence, the surest first.
fn bands(score: &Score) -> Vec<Band> {
    let mut bands: BTreeMap<u8, Band> = BTreeMap::new();
    for it in &score.certainties {
        let tenth = (0..9_u8).rev().find(|&n| it.confidence + 1e-4 >= f32::from(n) / 10.0 + 0.1);
        let tenth = tenth.map_or(0, |n| n + 1);
        let band = bands.entry(tenth).or_insert_with(|| Band {
            confidence: format!("0.{tenth} and more"),
            claims: 0,
            pairs: 0,
            records: 0,
        });
        band.claims += 1;
        band.pairs += usize::from(it.pair);
        band.records += usize::from(it.record);
    }
    bands.into_values().rev().collect()
}

/// What `--json` writes.
#[derive(Debug, Serialize)]
struct Report<'a> {
    articles: usize,
    tasks: BTreeMap<&'static str, Figures>,
    without: usize,
    false_alarms: usize,
    structures: BTreeMap<&'a str, Parts>,
    confidence: Vec<Band>,
    #[serde(skip_serializing_if = "Option::is_none")]
    misses: Option<Vec<Missed<'a>>>,
}

#[derive(Debug, Serialize)]
struct Figures {
    precision: f64,
    recall: f64,
    f1: f64,
    right: usize,
    wrong: usize,
    missed: usize,
}

#[derive(Debug, Serialize)]
struct Parts {
    articles: usize,
    pairs: Figures,
    records: Figures,
}

#[derive(Debug, Serialize)]
struct Missed<'a> {
    article: &'a str,
    task: &'static str,
    wrong: bool,
    what: &'a str,
    sentence: Option<&'a str>,
}

impl<'a> Report<'a> {
    fn new(score: &'a Score, misses: bool) -> Self {
        let missed = |miss: &'a Miss| Missed {
            article: &miss.article,
            task: miss.task,
            wrong: miss.wrong,
            what: &miss.what,
            sentence: miss.sentence.as_deref(),
        };
        Self {
            articles: score.articles,
            tasks: TASKS.map(|task| (task, score.task(task).into())).into(),
            without: score.without,
            false_alarms: score.false_alarms,
            structures: score
                .structures
                .iter()
                .map(|(name, it)| {
                    let (pairs, records) = (it.pairs.into(), it.records.into());
                    (name.as_str(), Parts { articles: it.articles, pairs, records })
                })
                .collect(),
            confidence: bands(score),
            misses: misses.then(|| score.misses.iter().map(missed).collect()),
        }
    }
}

impl From<Count> for Figures {
    fn from(count: Count) -> Self {
        let Count { right, wrong, missed } = count;
        Self {
            precision: count.precision(),
            recall: count.recall(),
            f1: count.f1(),
            right,
            wrong,
            missed,
        }
    }
}
