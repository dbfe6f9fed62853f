//! `youcheng ingest`: articles into the store, and a summary for people.

mod files;
mod summary;

use std::{collections::BTreeSet, path::PathBuf, time::Instant};

use anyhow::Context as _;
use youcheng::{
    article::{ArticleId, Source},
    batch,
    dedup::Signer,
    holdings,
    ingest::{Ingest, Order},
    parcel::Parcel,
    read::{ReadError, Wanted},
    store::Store,
};

use self::{
    files::Files,
    summary::{Facts, Summary},
};
use super::{
    Outcome, args,
    progress::{Progress, Talk},
    shards,
};

/// What came of one input.
enum Read {
    /// The store knows what it says.
    Known(ArticleId, Source),
    New(Box<(Parcel, Facts)>),
}

pub(crate) fn run(args: &args::Ingest, talk: Talk) -> anyhow::Result<Outcome> {
    if !args.shards.is_empty() {
        return shards::load(args, &args.shards, talk);
    }
    let start = Instant::now();
    let (extractor, mark) = args.reading.open()?;
    let wanted = match args.refresh {
        true => outdated(args, mark)?,
        false => args.sources.wanted()?,
    };
    let reader = args.sources.reader()?;
    let signer = Signer::new()?;
    let mut ingest = Ingest::open(&args.store.store, Order::Arrival)?.with_batches_of(args.batch());
    let with_document = !args.no_archive;
    let known = ingest.store()?.read_by(mark, with_document)?;
    let mut files =
        Files::new(ingest.store()?.inputs()?, args.sources.mark(mark) ^ u64::from(args.no_archive));
    let finished = files.finished();
    let mut progress = Progress::new(talk).of(&reader, &wanted);
    let mut summary = Summary::default();
    batch::run(
        || reader.open_but(&wanted, finished),
        args.jobs.count(),
        |input| {
            if !known.is_empty()
                && let Some(id) = reader.id(&input)
                && known.contains(&id)
            {
                return Ok(Read::Known(id, input.source));
            }
            let (article, notes) = reader.article(input)?;
            let extraction = extractor.run(article, notes);
            let parcel = Parcel::new(&extraction, &signer, mark, with_document);
            Ok(Read::New(Box::new((parcel, Facts::new(&extraction)))))
        },
        |result| -> anyhow::Result<()> {
            let at = match &result {
                Ok(Read::Known(_, source)) => Some(source),
                Ok(Read::New(found)) => Some(&found.0.source),
                Err(skip) => skip.at(),
            };
            let is_whole = result.as_ref().err().is_none_or(|skip| skip.bystanders() > 0);
            if let Some((path, stamp)) = files.at(at, is_whole) {
                ingest.finished(path, stamp);
            }
            match result {
                Ok(Read::Known(id, _)) => summary.known(id),
                Ok(Read::New(found)) => {
                    let (parcel, facts) = *found;
                    summary.add(ingest.push(parcel)?, &facts);
                }
                Err(batch::Skip::Read(ReadError::Finished(_))) => summary.finished += 1,
                Err(skip) if skip.bystanders() > 0 => summary.beside += skip.bystanders(),
                Err(skip) => {
                    summary.skipped += 1;
                    progress.skipped(&skip);
                }
            }
            progress.at(summary.done());
            Ok(())
        },
    )?;
    if let Some((path, stamp)) = files.end() {
        ingest.finished(path, stamp);
    }
    summary.tally = ingest.finish()?;
    progress.end(summary.done());
    if !talk.quiet {
        summary.print(&args.store.store, start)?;
    }
    Ok(if summary.skipped == 0 { Outcome::Done } else { Outcome::Skipped })
}

/// The files of the articles that were read by another mark.
fn outdated(args: &args::Ingest, mark: u64) -> anyhow::Result<Wanted> {
    anyhow::ensure!(
        args.sources.is_empty(),
        "--refresh reads again what the graph holds: give no files with it"
    );
    let store = Store::read(&args.store.store)?;
    let current = store.read_by(mark, !args.no_archive)?;
    let held = holdings::articles(&store).context("the articles of the graph")?;
    let files: BTreeSet<PathBuf> = held
        .into_iter()
        .filter(|held| !current.contains(&held.id))
        .filter_map(|held| held.file.map(PathBuf::from))
        .collect();
    Ok(Wanted { paths: files.into_iter().collect(), ..Wanted::default() })
}
