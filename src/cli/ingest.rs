//! `youcheng ingest`: articles into the store, and a summary for people.

mod files;
mod refresh;
mod summary;

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
    time::Instant,
};

use youcheng::{
    article::{ArticleId, Source},
    batch,
    dedup::Signer,
    ingest::{Ingest, Order, Visit},
    parcel::Parcel,
    read::{ReadError, Wanted},
    store::Store,
};

use self::{
    files::Files,
    refresh::Outdated,
    summary::{Facts, Summary},
};
use super::{
    Outcome, args,
    progress::{Progress, Talk},
    shards,
    terminal::count,
};

/// What came of one input.
enum Read {
    /// The store knows what it says.
    Known(ArticleId, Source),
    /// It stands beside an article that is to be read again.
    Beside(Source),
    New(Box<(Parcel, Facts)>),
}

pub(crate) fn run(args: &args::Ingest, talk: Talk) -> anyhow::Result<Outcome> {
    if !args.shards.is_empty() {
        return shards::load(args, &args.shards, talk);
    }
    let start = Instant::now();
    let (extractor, mark) = args.reading.open()?;
    let named = match args.refresh {
        true => {
            anyhow::ensure!(
                args.sources.is_empty(),
                "--refresh reads again what the graph holds: give no files with it"
            );
            Store::read(&args.store.store).map(drop)?;
            Wanted::default()
        }
        false => args.sources.wanted()?,
    };
    let reader = args.sources.reader()?;
    let signer = Signer::new()?;
    let mut ingest = Ingest::open(&args.store.store, Order::Arrival)?.with_batches_of(args.batch());
    let (forgotten, damaged) = (ingest.store()?.forgotten(), ingest.damaged_readings()?);
    let outdated = match args.refresh {
        true => {
            ingest.distrust()?;
            Some(Outdated::of(args, mark, ingest.store()?)?)
        }
        false => None,
    };
    let wanted = outdated.as_ref().map_or(named, Outdated::wanted);
    let with_document = !args.no_archive;
    let known = ingest.store()?.read_by(mark, with_document)?;
    let replaced = ingest.store()?.superseded()?;
    let by = args.sources.mark(mark) ^ u64::from(args.no_archive);
    let mut files = Files::new(ingest.store()?.inputs()?, by, args.refresh);
    let (finished, visit) = (files.finished(), files.visit());
    // What a file that was read before says of an article that was replaced, it said before.
    // Standard input cannot be read once more, should it turn out to be needed.
    let is_known = |id: &ArticleId, source: &Source| {
        source.file.is_some() && known.contains(id)
            || replaced.contains(id) && source.captured.is_none() && visit(source) == Visit::Again
    };
    let read = |input| {
        let (article, notes) = reader.article(input)?;
        let extraction = extractor.run(article, notes);
        let parcel = Parcel::new(&extraction, &signer, mark, with_document);
        Ok((parcel, Facts::new(&extraction)))
    };
    let mut progress = Progress::new(talk).of(&reader, &wanted);
    if forgotten > 0 {
        progress.warn(&format!(
            "{}: the file documents was damaged, and is mended; what it said of {} is lost{}",
            args.store.store.display(),
            count(forgotten, "article", "articles"),
            if args.refresh { "" } else { ": `youcheng ingest --refresh` reads them again" },
        ));
    }
    if damaged > 0 {
        progress.warn(&format!(
            "{}: {} of the file readings cannot be read: an older version of an article may take the \
             place of a newer one",
            args.store.store.display(),
            count(damaged, "line", "lines"),
        ));
    }
    let mut summary = Summary::default();
    batch::run(
        || reader.open_but(&wanted, finished),
        args.jobs.count(),
        |input| {
            if (!known.is_empty() || !replaced.is_empty())
                && let Some(id) = reader.id(&input)
                && is_known(&id, &input.source)
            {
                return Ok(Read::Known(id, input.source));
            }
            if let Some(outdated) = &outdated
                && reader.id(&input).is_some_and(|id| !outdated.holds(&id))
            {
                return Ok(Read::Beside(input.source));
            }
            read(input).map(|found| Read::New(Box::new(found)))
        },
        |result| -> anyhow::Result<()> {
            let at = match &result {
                Ok(Read::Known(_, source) | Read::Beside(source)) => Some(source),
                Ok(Read::New(found)) => Some(&found.0.source),
                Err(skip) => skip.at(),
            };
            let is_whole = result.as_ref().err().is_none_or(|skip| skip.bystanders() > 0);
            if let Some((path, stamp)) = files.at(at, is_whole) {
                ingest.finished(path, stamp);
            }
            match result {
                Ok(Read::Known(id, source)) => {
                    summary.known(id);
                    let visit = visit(&source);
                    ingest.read(id, source, visit)?;
                }
                // Nor is its file finished by this.
                Ok(Read::Beside(_)) => files.leave(),
                Ok(Read::New(found)) => {
                    let (parcel, facts) = *found;
                    let visit = visit(&parcel.source);
                    summary.add(ingest.push(parcel, visit)?, &facts);
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
    let wanted: HashMap<ArticleId, Arc<PathBuf>> = ingest.wanted()?.into_iter().collect();
    if !wanted.is_empty() {
        let files: BTreeSet<PathBuf> = wanted.values().map(|file| file.to_path_buf()).collect();
        let files = Wanted { paths: files.into_iter().collect(), ..Wanted::default() };
        batch::run(
            || reader.open(&files),
            args.jobs.count(),
            |input| match reader.id(&input) {
                Some(id) if wanted.contains_key(&id) => read(input).map(Some),
                _ => Ok(None),
            },
            |result| -> anyhow::Result<()> {
                if let Ok(Some((parcel, _))) = result {
                    ingest.push(parcel, Visit::New)?;
                }
                Ok(())
            },
        )?;
    }
    summary.tally = ingest.finish()?;
    if let Some(outdated) = outdated {
        progress.finish();
        summary.skipped += outdated.left(args, talk)?;
    }
    progress.end(summary.done());
    if !talk.quiet {
        summary.print(&args.store.store, start)?;
    }
    Ok(if summary.skipped == 0 { Outcome::Done } else { Outcome::Skipped })
}
