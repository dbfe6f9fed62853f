//! `youcheng ingest`: articles into the store, and a summary for people.

use std::{
    collections::{BTreeMap, HashSet},
    io::Write as _,
    time::Instant,
};

use oxrdf::Quad;
use youcheng::{
    article::{ArticleId, Source},
    batch,
    notes::Removal,
    pipeline::Extraction,
    place::{CountryCode, PlaceKey},
    rdf::{emit, iri},
    recognise::Of,
    store::{Change, Store},
    wire::Document,
};

use super::{
    Outcome, args,
    terminal::{Out, Progress, count, grouped, skipped},
};

/// Quads that are gathered before they are written: enough for the bulk loader to pay,
/// few enough to lose little work and memory.
const BATCH: usize = 200_000;

pub(crate) fn run(args: &args::Ingest, quiet: bool) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let wanted = args.sources.wanted()?;
    let extractor = args.reading.extractor()?;
    let reader = args.sources.reader()?;
    let store = Store::open(&args.store.store)?;
    let progress = Progress::new(quiet);
    let mut summary = Summary::default();
    let mut writer = Writer { store, batch: Vec::new(), quads: 0 };
    batch::run(
        || reader.open(&wanted),
        args.jobs.count(),
        |input| {
            let (article, notes) = reader.article(input)?;
            Ok(Found::new(&extractor.run(article, notes), !args.no_archive))
        },
        |result| -> anyhow::Result<()> {
            match result {
                Ok(found) => {
                    if summary.add(&found) {
                        writer.push(found, &mut summary)?;
                    }
                }
                Err(skip) if skip.bystanders() > 0 => summary.beside += skip.bystanders(),
                Err(skip) => {
                    summary.skipped += 1;
                    progress.aside(|| skipped(&skip));
                }
            }
            progress.say(format_args!(
                "{}, {}",
                count(summary.read, "article", "articles"),
                count(summary.agreements.len(), "agreement", "agreements"),
            ));
            Ok(())
        },
    )?;
    writer.finish(&mut summary)?;
    progress.finish();
    if !quiet {
        summary.print(&args.store.store, start)?;
    }
    Ok(if summary.skipped == 0 { Outcome::Done } else { Outcome::Skipped })
}

/// What the summary and the store need of an extraction; the text is let go.
struct Found {
    id: ArticleId,
    source: Source,
    quads: Vec<Quad>,
    document: Option<Document>,
    removed: [usize; 3],
    countries: Vec<CountryCode>,
    places: Vec<PlaceKey>,
    dates: usize,
    claims: Vec<String>,
}

const REMOVALS: [(Removal, &str, &str); 3] = [
    (Removal::Pinyin, "pinyin annotation", "pinyin annotations"),
    (Removal::Repeats, "repeat", "repeats"),
    (Removal::Boilerplate, "piece of boilerplate", "pieces of boilerplate"),
];

impl Found {
    fn new(extraction: &Extraction, with_document: bool) -> Self {
        let article = &extraction.article;
        let mut found = Self {
            id: article.id,
            source: article.source.clone(),
            quads: emit(extraction),
            document: with_document.then(|| Document::new(extraction).ok()).flatten(),
            removed: REMOVALS
                .map(|(head, ..)| article.text.count(|why| why.removal() == Some(head))),
            countries: Vec::new(),
            places: Vec::new(),
            dates: 0,
            claims: extraction
                .claims
                .iter()
                .map(|claim| iri::agreement_id(&claim.agreement()))
                .collect(),
        };
        for mention in &extraction.mentions {
            match &mention.of {
                Of::Country(code) if code.is_chinese() => {}
                Of::Country(code) => found.countries.push(*code),
                Of::Place(place) => found.places.push(place.key.clone()),
                Of::Date(..) => found.dates += 1,
                Of::Ambiguous(_) => {}
            }
        }
        found
    }
}

/// Writes articles to the store in large batches.
struct Writer {
    store: Store,
    batch: Vec<Vec<Quad>>,
    quads: usize,
}

impl Writer {
    fn push(&mut self, found: Found, summary: &mut Summary) -> anyhow::Result<()> {
        self.store.archive(found.id, 0, found.document.as_ref())?;
        self.quads += found.quads.len();
        self.batch.push(found.quads);
        if self.quads >= BATCH { self.write(summary) } else { Ok(()) }
    }

    fn write(&mut self, summary: &mut Summary) -> anyhow::Result<()> {
        self.quads = 0;
        for change in self.store.replace(std::mem::take(&mut self.batch))? {
            match change {
                Change::New => summary.new += 1,
                Change::Replaced => summary.replaced += 1,
                Change::Unchanged => summary.unchanged += 1,
            }
        }
        Ok(())
    }

    fn finish(mut self, summary: &mut Summary) -> anyhow::Result<()> {
        self.write(summary)?;
        self.store.merge()?;
        Ok(self.store.flush()?)
    }
}

#[derive(Default)]
struct Summary {
    read: usize,
    skipped: usize,
    /// Files beside the articles.
    beside: usize,
    new: usize,
    replaced: usize,
    unchanged: usize,
    removed: [usize; 3],
    countries: HashSet<CountryCode>,
    places: HashSet<PlaceKey>,
    dates: usize,
    agreements: HashSet<String>,
    claims: usize,
    seen: HashSet<ArticleId>,
    copies: BTreeMap<usize, Source>,
}

impl Summary {
    /// Counts an article. Says whether it is to be written: of two with the same bytes the
    /// first is kept, so that running again changes nothing.
    fn add(&mut self, found: &Found) -> bool {
        self.read += 1;
        if !self.seen.insert(found.id) {
            self.copies.insert(self.read, found.source.clone());
            return false;
        }
        for (sum, count) in self.removed.iter_mut().zip(found.removed) {
            *sum += count;
        }
        self.countries.extend(&found.countries);
        self.places.extend(found.places.iter().cloned());
        self.dates += found.dates;
        self.claims += found.claims.len();
        self.agreements.extend(found.claims.iter().cloned());
        true
    }

    fn print(&self, store: &std::path::Path, start: Instant) -> anyhow::Result<()> {
        let mut out = Out::new();
        let mut line = |head: &str, text: String| writeln!(out, "{head:<14}{text}");
        let mut articles = format!(
            "{} read: {} new, {} replaced, {} unchanged",
            grouped(self.read),
            grouped(self.new),
            grouped(self.replaced),
            grouped(self.unchanged),
        );
        if !self.copies.is_empty() {
            articles += &format!(", {}", count(self.copies.len(), "copy", "copies"));
        }
        line("articles", articles)?;
        if self.skipped > 0 {
            line("skipped", format!("{} (each named above)", grouped(self.skipped)))?;
        }
        if self.beside > 0 {
            let others = count(self.beside, "file or record", "files and records");
            line("left alone", format!("{others} without an article, or named twice"))?;
        }
        let removed = REMOVALS.iter().zip(self.removed);
        let removed = removed.map(|((_, one, many), n)| count(n, one, many)).collect::<Vec<_>>();
        line("removed", removed.join(", "))?;
        line(
            "found",
            [
                count(self.countries.len(), "country", "countries"),
                count(self.places.len(), "place", "places"),
                count(self.dates, "date", "dates"),
            ]
            .join(", "),
        )?;
        let agreements = count(self.agreements.len(), "agreement", "agreements");
        let claims = count(self.claims, "claim", "claims");
        line("agreements", format!("{agreements} in {claims}"))?;
        line("store", store.display().to_string())?;
        line("time", format!("{:.1} s", start.elapsed().as_secs_f64()))?;
        let option = match store.to_str() {
            Some("kg") => String::new(),
            _ => format!(" --store {}", store.display()),
        };
        writeln!(out, "\nSee them: youcheng query{option} --name agreements")?;
        writeln!(out, "Other questions: youcheng query --list")?;
        Ok(out.flush()?)
    }
}
