//! What `ingest` tells people at the end.

use std::{collections::HashSet, io::Write as _, time::Instant};

use youcheng::{
    article::ArticleId,
    ingest::Tally,
    notes::Removal,
    pipeline::Extraction,
    place::{CountryCode, PlaceKey},
    rdf::iri,
    recognise::Of,
};

use crate::cli::{
    progress::Done,
    terminal::{Out, count, grouped},
};

const REMOVALS: [(Removal, &str, &str); 3] = [
    (Removal::Pinyin, "pinyin annotation", "pinyin annotations"),
    (Removal::Repeats, "repeat", "repeats"),
    (Removal::Boilerplate, "piece of boilerplate", "pieces of boilerplate"),
];

/// What the summary needs of an extraction; the text is let go.
pub(super) struct Facts {
    removed: [usize; 3],
    countries: Vec<CountryCode>,
    places: Vec<PlaceKey>,
    dates: usize,
    claims: Vec<String>,
}

impl Facts {
    pub(super) fn new(extraction: &Extraction) -> Self {
        let article = &extraction.article;
        let mut found = Self {
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

/// What is told at the end.
#[derive(Default)]
pub(super) struct Summary {
    pub(super) read: usize,
    pub(super) skipped: usize,
    /// Files beside the articles.
    pub(super) beside: usize,
    /// Files that an earlier run read to their end.
    pub(super) finished: usize,
    /// What became of the articles.
    pub(super) tally: Tally,
    /// Articles that need not be read again.
    known: HashSet<ArticleId>,
    copies: usize,
    removed: [usize; 3],
    countries: HashSet<CountryCode>,
    places: HashSet<PlaceKey>,
    dates: usize,
    agreements: HashSet<String>,
    claims: usize,
}

impl Summary {
    /// Counts an article. Of two with the same bytes the first is written, so that running
    /// again changes nothing.
    pub(super) fn add(&mut self, is_first: bool, facts: &Facts) {
        self.read += 1;
        if !is_first {
            self.copies += 1;
            return;
        }
        for (sum, count) in self.removed.iter_mut().zip(facts.removed) {
            *sum += count;
        }
        self.countries.extend(&facts.countries);
        self.places.extend(facts.places.iter().cloned());
        self.dates += facts.dates;
        self.claims += facts.claims.len();
        self.agreements.extend(facts.claims.iter().cloned());
    }

    /// Counts an article that the store knows.
    pub(super) fn known(&mut self, id: ArticleId) {
        self.read += 1;
        if !self.known.insert(id) {
            self.copies += 1;
        }
    }

    /// What has been done so far.
    pub(super) fn done(&self) -> Done {
        let agreements = Some(self.agreements.len());
        Done { articles: self.read, agreements, skips: self.skipped }
    }

    pub(super) fn print(&self, store: &std::path::Path, start: Instant) -> anyhow::Result<()> {
        let mut out = Out::new();
        let mut line = |head: &str, text: String| writeln!(out, "{head:<14}{text}");
        let mut articles = format!(
            "{} read: {} new, {} replaced, {} unchanged",
            grouped(self.read),
            grouped(self.tally.new),
            grouped(self.tally.replaced),
            grouped(self.tally.unchanged + self.known.len()),
        );
        if self.copies > 0 {
            articles += &format!(", {}", count(self.copies, "copy", "copies"));
        }
        if self.tally.superseded > 0 {
            let versions = count(self.tally.superseded, "older version", "older versions");
            articles += &format!(", {versions} set aside");
        }
        line("articles", articles)?;
        if self.finished > 0 {
            let files = count(self.finished, "file", "files");
            line("finished", format!("{files} read by an earlier run, and not again"))?;
        }
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
        line("claims", grouped(self.claims))?;
        line("agreements", format!("{} in the graph", grouped(self.tally.agreements)))?;
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
