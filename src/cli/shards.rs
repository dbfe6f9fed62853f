//! `youcheng extract --format nquads|parquet` and `youcheng ingest --shards`: what one
//! machine has read, brought into the store of another.

use std::io::Write as _;
#[cfg(feature = "store")]
use std::{path::PathBuf, time::Instant};

#[cfg(feature = "store")]
use anyhow::Context as _;
use youcheng::{
    batch,
    dedup::Signer,
    parcel::Parcel,
    shard::{Lines, Table},
};

#[cfg(feature = "store")]
use super::terminal::count;
use super::{
    Outcome,
    args::{self, ShardFormat},
    progress::{Done, Progress, Talk},
    terminal::Out,
};

/// Where a shard is written.
enum Writer {
    Lines(Out),
    Table(Box<Table<Out>>),
}

pub(super) fn write(
    args: &args::Extract,
    format: ShardFormat,
    talk: Talk,
) -> anyhow::Result<Outcome> {
    let wanted = args.sources.wanted()?;
    let (extractor, mark) = args.reading.open()?;
    let reader = args.sources.reader()?;
    let signer = Signer::new()?;
    let mut progress = Progress::new(talk).of(&reader, &wanted);
    let (mut done, mut beside, mut outcome) = (Done::default(), 0, Outcome::Done);
    let mut writer = match format {
        ShardFormat::Nquads => Writer::Lines(Out::new()),
        ShardFormat::Parquet => Writer::Table(Box::new(Table::new(Out::new())?)),
    };
    batch::run(
        || reader.open(&wanted),
        args.jobs.count(),
        |input| {
            let (article, notes) = reader.article(input)?;
            let extraction = extractor.run(article, notes);
            let parcel = Parcel::new(&extraction, &signer, mark, !args.no_archive);
            let lines = Lines::of(&parcel);
            Ok((parcel, lines))
        },
        |result| -> anyhow::Result<()> {
            match result {
                Ok((parcel, lines)) => {
                    done.articles += 1;
                    match &mut writer {
                        Writer::Lines(out) => lines?.write(out)?,
                        Writer::Table(table) => table.push(&parcel, lines?)?,
                    }
                }
                Err(skip) if skip.bystanders() > 0 => beside += skip.bystanders(),
                Err(skip) => {
                    outcome = Outcome::Skipped;
                    done.skips += 1;
                    progress.skipped(&skip);
                }
            }
            progress.at(done);
            Ok(())
        },
    )?;
    match writer {
        Writer::Lines(mut out) => out.flush()?,
        Writer::Table(table) => table.finish()?,
    }
    progress.end(done);
    talk.bystanders(beside);
    Ok(outcome)
}

#[cfg(feature = "store")]
pub(super) fn load(args: &args::Ingest, shards: &[PathBuf], talk: Talk) -> anyhow::Result<Outcome> {
    use youcheng::ingest::{Ingest, Order, Visit};

    let start = Instant::now();
    anyhow::ensure!(
        args.sources.is_empty() && !args.refresh,
        "--shards brings in what was read elsewhere: give no other files, and no --refresh"
    );
    for path in shards {
        path.metadata().with_context(|| format!("--shards {}", path.display()))?;
    }
    let reader = args.sources.reader()?;
    let mut ingest = Ingest::open(&args.store.store, Order::Place)?.with_batches_of(args.batch());
    let mut progress = Progress::new(talk);
    let (mut done, mut again, mut beside) = (Done::default(), 0, 0);
    batch::run(
        || reader.shards(shards),
        args.jobs.count(),
        |input| {
            let mut parcel = reader.parcel(&input)?;
            parcel.document.take_if(|_| args.no_archive);
            Ok(parcel)
        },
        |result| -> anyhow::Result<()> {
            match result {
                Ok(parcel) => {
                    done.articles += 1;
                    again += usize::from(!ingest.push(parcel, Visit::New)?);
                }
                Err(skip) if skip.bystanders() > 0 => beside += skip.bystanders(),
                Err(skip) => {
                    done.skips += 1;
                    progress.skipped(&skip);
                }
            }
            progress.at(done);
            Ok(())
        },
    )?;
    let tally = ingest.finish()?;
    progress.end(done);
    if !talk.quiet {
        let mut out = Out::new();
        let articles = count(done.articles, "article", "articles");
        let (new, replaced, unchanged) = (tally.new, tally.replaced, tally.unchanged);
        writeln!(
            out,
            "{articles} of shards: {new} new, {replaced} replaced, {unchanged} unchanged"
        )?;
        if again > 0 {
            writeln!(out, "{} stood in several", count(again, "article", "articles"))?;
        }
        if tally.superseded > 0 {
            let versions = count(tally.superseded, "older version", "older versions");
            writeln!(out, "{versions} set aside")?;
        }
        writeln!(out, "in {:.1} s", start.elapsed().as_secs_f64())?;
        out.flush()?;
    }
    talk.bystanders(beside);
    Ok(if done.skips == 0 { Outcome::Done } else { Outcome::Skipped })
}
