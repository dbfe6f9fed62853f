//! `youcheng remove` and `youcheng reingest`: articles taken out of the graph, or read once
//! more from where they were read.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::PathBuf,
};

use youcheng::{
    batch,
    holdings::{Held, Selection, articles},
    ingest::Copies,
    parcel::address,
    rdf::emit,
    read::{Limits, Reader},
    store::{Articles, Change, Store},
    wire::Document,
};

use super::{
    Outcome, args, held,
    progress::{Done, Progress, Talk},
    terminal::{Out, count, titled, visible},
};

/// Articles that are written at a time.
const BATCH: usize = 500;

pub(crate) fn remove(args: &args::Remove, quiet: bool) -> anyhow::Result<Outcome> {
    let selected = selected(&args.which, &args.store)?;
    let mut out = Out::new();
    if args.dry_run || selected.is_empty() {
        list(&mut out, &selected, if args.dry_run { "would be removed" } else { "removed" })?;
        return Ok(Outcome::Done);
    }
    let mut store = Store::open(&args.store.store)?;
    let ids: Vec<_> = selected.iter().map(|held| held.id).collect();
    for ids in ids.chunks(BATCH) {
        store.remove(ids)?;
    }
    settle(&mut store)?;
    if !quiet {
        writeln!(out, "{} removed", count(ids.len(), "article", "articles"))?;
        out.flush()?;
    }
    Ok(Outcome::Done)
}

pub(crate) fn reingest(args: &args::Reingest, talk: Talk) -> anyhow::Result<Outcome> {
    let selected = selected(&args.which, &args.store)?;
    let mut out = Out::new();
    if args.dry_run || selected.is_empty() {
        list(&mut out, &selected, if args.dry_run { "would be read again" } else { "read again" })?;
        return Ok(Outcome::Done);
    }
    let (extractor, mark) = args.reading.open()?;
    let reader = Reader::new(Limits::default())?;
    let progress = Progress::new(talk);
    // By file: a file is read once, however many of its records are meant.
    let mut files = BTreeMap::<PathBuf, Vec<&Held>>::new();
    let mut counts = Counts::default();
    for held in &selected {
        match (held::gone(held), &held.file) {
            (None, Some(file)) => files.entry(PathBuf::from(file)).or_default().push(held),
            (why, _) => {
                counts.skipped += 1;
                progress.aside(|| held::skip(talk, held, why.unwrap_or("is no longer there")));
            }
        }
    }
    let mut store = Store::open(&args.store.store)?;
    for (file, held) in &files {
        // A record may have moved within its file.
        let lines: BTreeSet<Option<u32>> = held.iter().map(|held| held.line).collect();
        let ids: BTreeSet<_> = held.iter().map(|held| held.id).collect();
        let mut found = BTreeSet::new();
        let mut newer = BTreeMap::new();
        let mut failed = false;
        let mut pending = Vec::new();
        batch::run(
            || reader.inputs(std::slice::from_ref(file)),
            args.jobs.count(),
            |input| {
                let (article, notes) = reader.article(input)?;
                if !lines.contains(&article.source.line) && !ids.contains(&article.id) {
                    return Ok(None);
                }
                let extraction = extractor.run(article, notes);
                let document = Document::new(&extraction).ok();
                let address = address(&extraction.article.source).map(str::to_owned);
                Ok(Some((extraction.article.id, address, document, emit(&extraction))))
            },
            |result| -> anyhow::Result<()> {
                match result {
                    Ok(None) => {}
                    // An older version of an article that stands elsewhere.
                    Ok(Some((id, ..)))
                        if !ids.contains(&id)
                            && store.newer(&id)?.is_some_and(|newer| !ids.contains(&newer)) => {}
                    Ok(Some((id, address, document, quads))) => {
                        found.insert(id);
                        newer.extend(address.map(|address| (address, id)));
                        store.archive(id, mark, document.as_ref())?;
                        pending.push(quads);
                        if pending.len() >= BATCH {
                            counts.add(&store.replace(std::mem::take(&mut pending))?);
                        }
                    }
                    Err(skip) if skip.bystanders() > 0 => {}
                    Err(skip) => {
                        failed = true;
                        counts.skipped += 1;
                        progress.skipped(&skip);
                    }
                }
                Ok(())
            },
        )?;
        counts.add(&store.replace(pending)?);
        // What stood there and stands there no more. Where something could not be read,
        // nothing is known to be gone.
        let gone: Vec<_> = held.iter().filter(|held| !found.contains(&held.id)).collect();
        if failed {
            counts.skipped += gone.len();
            let why = "was not found in what could be read";
            gone.iter().for_each(|held| progress.aside(|| held::skip(talk, held, why)));
        } else if !gone.is_empty() {
            // What another article has taken the place of is kept by its hash.
            let by = |held: &Held| newer.get(held.url.as_ref()?).copied();
            let superseded: Vec<_> =
                gone.iter().filter_map(|held| Some((held.id, by(held)?))).collect();
            let gone: Vec<_> =
                gone.iter().filter(|held| by(held).is_none()).map(|held| held.id).collect();
            counts.removed += superseded.len();
            for (old, _) in &superseded {
                store.archive_superseded(*old, mark)?;
            }
            let restored = superseded.iter().map(|(_, new)| *new).collect();
            store.write(Articles { superseded, restored, ..Articles::default() })?;
            counts.removed += store.remove(&gone)?.into_iter().filter(|gone| *gone).count();
        }
    }
    settle(&mut store)?;
    progress.end(Done { articles: counts.read, agreements: None, skips: counts.skipped });
    if !talk.quiet {
        writeln!(
            out,
            "{} read again: {} unchanged, {} replaced, {} new, {} removed",
            count(counts.read, "article", "articles"),
            counts.unchanged,
            counts.replaced,
            counts.new,
            counts.removed
        )?;
        out.flush()?;
    }
    Ok(if counts.skipped == 0 { Outcome::Done } else { Outcome::Skipped })
}

/// Brings the copies and the agreements up to the articles.
fn settle(store: &mut Store) -> anyhow::Result<()> {
    store.flush()?;
    Ok(Copies::open(store)?.finish(store)?)
}

#[derive(Default)]
struct Counts {
    read: usize,
    new: usize,
    replaced: usize,
    unchanged: usize,
    removed: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, changes: &[Change]) {
        self.read += changes.len();
        for change in changes {
            match change {
                Change::New => self.new += 1,
                Change::Replaced => self.replaced += 1,
                Change::Unchanged => self.unchanged += 1,
            }
        }
    }
}

/// The articles that are meant. Something must be said of them: a command without a word
/// must not take everything.
fn selected(which: &args::Which, store: &args::StorePath) -> anyhow::Result<Vec<Held>> {
    let mut selection = Selection {
        url: which.url.clone(),
        since: which.since,
        until: which.until,
        ..Selection::default()
    };
    for id in &which.article {
        let id = id.strip_prefix("sha256:").unwrap_or(id).to_lowercase();
        anyhow::ensure!(
            (8..=64).contains(&id.len()) && id.bytes().all(|digit| digit.is_ascii_hexdigit()),
            "--article {id}: expected 8 to 64 hexadecimal digits, as `youcheng check` shows them"
        );
        selection.ids.push(id);
    }
    anyhow::ensure!(
        !selection.is_empty(),
        "which articles? give --article, --url, --since or --until"
    );
    let store = Store::read(&store.store)?;
    Ok(articles(&store)?.into_iter().filter(|held| selection.fits(held)).collect())
}

fn list(out: &mut Out, selected: &[Held], what: &str) -> anyhow::Result<()> {
    for held in selected {
        let title = held.title.as_deref().unwrap_or_default();
        writeln!(out, "{}  {}  {}", held.id, visible(&held::source(held)), titled(title))?;
    }
    writeln!(out, "{} {what}", count(selected.len(), "article", "articles"))?;
    Ok(out.flush()?)
}
