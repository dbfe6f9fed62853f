//! Eval: what was extracted against what a careful reader finds.

use std::{
    collections::BTreeMap,
    ops::AddAssign,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    agreement::{Claim, Kind, Status},
    pipeline::Extraction,
    place::CountryCode,
    recognise::Of,
};

/// The facts of one article, as a careful reader finds them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gold {
    /// The line of a record, from 1; `None` for a whole file.
    pub line: Option<u32>,
    /// `dev` or `test`.
    pub split: String,
    /// What noise the article carries.
    pub noise: Vec<String>,
    /// What structures its claims have.
    pub structures: Vec<String>,
    /// When it was published, as the file tells it.
    pub published: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The foreign countries named.
    pub countries: Vec<String>,
    /// The places named.
    pub places: Vec<GoldPlace>,
    /// The dates stated, in EDTF.
    pub dates: Vec<String>,
    /// The agreements.
    pub agreements: Vec<GoldAgreement>,
    /// What looks like an agreement and is none.
    #[serde(default)]
    pub not_agreements: Vec<String>,
    /// The counts.
    pub statistics: Vec<GoldStatistic>,
    /// The clean main text, if the article is one for cleaning.
    pub clean: Option<String>,
}

/// A place and its country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldPlace {
    /// Its name in the longest form written.
    pub name: String,
    /// Its country.
    pub country: String,
}

/// One agreement.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldAgreement {
    /// One side, the Chinese one if there is one.
    pub a: String,
    /// Its country.
    pub a_country: Option<String>,
    /// The other side.
    pub b: String,
    /// Its country.
    pub b_country: String,
    /// The instrument.
    pub kind: Kind,
    /// What became of it.
    pub status: Status,
    /// When, in EDTF.
    pub date: Option<String>,
}

/// One count of ties.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldStatistic {
    /// Whose ties.
    pub subject: String,
    /// In how many countries.
    pub countries: Option<u32>,
    /// With how many cities.
    pub cities: Option<u32>,
    /// How many pairs.
    pub pairs: Option<u32>,
}

/// How often something was found, found wrongly, and missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Found and right.
    pub right: usize,
    /// Found and wrong.
    pub wrong: usize,
    /// Not found.
    pub missed: usize,
}

impl Count {
    /// How much of what was found is right, from 0 to 1.
    #[must_use]
    pub fn precision(self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    /// How much of what is there was found, from 0 to 1.
    #[must_use]
    pub fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    /// The harmonic mean of both.
    #[must_use]
    pub fn f1(self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of articles and facts are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

/// The score of some articles, task by task.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// The counts by task: `countries`, `chinese-places`, `foreign-places`, `dates`,
    /// `pairs`, `records`, `statistics`.
    pub tasks: BTreeMap<&'static str, Count>,
    /// What was found wrongly or missed: the task, `+` or `-`, and what.
    pub misses: Vec<(&'static str, char, String)>,
    /// Articles without an agreement in which one was found.
    pub false_alarms: usize,
    /// Articles without an agreement.
    pub without: usize,
}

impl Score {
    /// Adds the score of one article.
    pub fn add(&mut self, extraction: &Extraction, gold: &Gold) {
        let found = extraction.mentions.iter().filter_map(|mention| match mention.of {
            Of::Country(code) if !code.is_chinese() => Some(code.to_string()),
            _ => None,
        });
        self.task("countries", unique(found), gold.countries.clone(), |a, b| a == b);
        for (task, foreign) in [("chinese-places", false), ("foreign-places", true)] {
            let chinese = |code: &str| matches!(code, "CN" | "HK" | "MO" | "TW");
            let wanted = gold.places.iter().filter(|place| chinese(&place.country) != foreign);
            let wanted = wanted.map(|place| format!("{} {}", place.name, place.country)).collect();
            self.task(task, places(extraction, foreign), wanted, same_place);
        }
        let found = extraction.mentions.iter().filter_map(|mention| match &mention.of {
            Of::Date(date, _) => Some(date.edtf.clone()),
            _ => None,
        });
        self.task("dates", unique(found), gold.dates.clone(), |a, b| a == b);
        self.agreements(extraction, gold);
        self.statistics(extraction, gold);
    }

    fn agreements(&mut self, extraction: &Extraction, gold: &Gold) {
        let found: Vec<Record> = extraction.claims.iter().map(Record::of_claim).collect();
        let wanted: Vec<Record> = gold.agreements.iter().map(Record::of_gold).collect();
        let pairs = |records: &[Record]| {
            let mut pairs: Vec<Record> = Vec::new();
            for record in records {
                if !pairs.iter().any(|known| known.same_pair(record)) {
                    pairs.push(record.clone());
                }
            }
            pairs
        };
        self.tally("pairs", pairs(&found), pairs(&wanted), Record::same_pair, Record::pair);
        self.tally("records", found, wanted, |a, b| a == b, Record::whole);
        if gold.agreements.is_empty() {
            self.without += 1;
            self.false_alarms += usize::from(!extraction.claims.is_empty());
        }
    }

    fn statistics(&mut self, extraction: &Extraction, gold: &Gold) {
        let shown = |subject: &str, counts: [Option<u32>; 3]| {
            counts.iter().fold(subject.to_owned(), |shown, count| match count {
                Some(count) => format!("{shown} {count}"),
                None => format!("{shown} -"),
            })
        };
        let found = extraction
            .statistics
            .iter()
            .map(|it| shown(&it.subject.name, [it.countries, it.cities, it.pairs]));
        let wanted = gold
            .statistics
            .iter()
            .map(|it| shown(&it.subject, [it.countries, it.cities, it.pairs]));
        self.task("statistics", found.collect(), wanted.collect(), |a, b| {
            let (a, b) = (a.split_once(' '), b.split_once(' '));
            matches!((a, b), (Some(a), Some(b)) if a.1 == b.1 && same_name(a.0, b.0))
        });
    }

    fn task(
        &mut self,
        task: &'static str,
        found: Vec<String>,
        gold: Vec<String>,
        same: impl Fn(&str, &str) -> bool,
    ) {
        self.tally(task, found, gold, |a, b| same(a, b), Clone::clone);
    }

    fn tally<T>(
        &mut self,
        task: &'static str,
        found: Vec<T>,
        mut gold: Vec<T>,
        same: impl Fn(&T, &T) -> bool,
        show: impl Fn(&T) -> String,
    ) {
        let mut count = Count::default();
        for found in found {
            match gold.iter().position(|gold| same(&found, gold)) {
                Some(at) => {
                    gold.swap_remove(at);
                    count.right += 1;
                }
                None => {
                    count.wrong += 1;
                    self.misses.push((task, '+', show(&found)));
                }
            }
        }
        count.missed = gold.len();
        self.misses.extend(gold.iter().map(|gold| (task, '-', show(gold))));
        *self.tasks.entry(task).or_default() += count;
    }
}

/// One agreement as it is compared: parties as `name country`.
#[derive(Clone, Debug)]
struct Record {
    parties: [String; 2],
    kind: Kind,
    status: Status,
    date: Option<String>,
}

impl Record {
    fn of_claim(claim: &Claim) -> Self {
        Self {
            parties: claim.parties.each_ref().map(|it| named(&it.name, it.place.country)),
            kind: claim.kind,
            status: claim.status,
            date: claim.date.as_ref().map(|date| date.edtf.clone()),
        }
    }

    fn of_gold(gold: &GoldAgreement) -> Self {
        let home = gold.a_country.as_deref().unwrap_or("CN");
        Self {
            parties: [format!("{} {home}", gold.a), format!("{} {}", gold.b, gold.b_country)],
            kind: gold.kind,
            status: gold.status,
            date: gold.date.clone(),
        }
    }

    fn same_pair(&self, other: &Self) -> bool {
        let ([a, b], [x, y]) = (&self.parties, &other.parties);
        same_place(a, x) && same_place(b, y) || same_place(a, y) && same_place(b, x)
    }

    fn pair(&self) -> String {
        self.parties.join(" — ")
    }

    fn whole(&self) -> String {
        let date = self.date.as_deref().unwrap_or("-");
        format!("{}: {} {} {date}", self.pair(), self.kind.name(), self.status.name())
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, self.status, &self.date) == (other.kind, other.status, &other.date)
            && self.same_pair(other)
    }
}

/// The places found, each once in its longest form.
fn places(extraction: &Extraction, foreign: bool) -> Vec<String> {
    let mut found: Vec<(String, &str, Option<CountryCode>)> = Vec::new();
    for mention in &extraction.mentions {
        let name = extraction.article.text.at(mention.span);
        let (key, country) = match &mention.of {
            Of::Place(place) => (place.key.to_string(), place.country),
            Of::Ambiguous(places) => (format!("?{name}"), places.first().and_then(|it| it.country)),
            _ => continue,
        };
        if foreign == country.is_some_and(CountryCode::is_chinese) {
            continue;
        }
        match found.iter_mut().find(|(known, _, _)| *known == key) {
            Some((_, longest, _)) if longest.len() < name.len() => *longest = name,
            Some(_) => {}
            None => found.push((key, name, country)),
        }
    }
    unique(found.into_iter().map(|(_, name, country)| named(name, country)))
}

fn named(name: &str, country: Option<CountryCode>) -> String {
    country.map_or_else(|| format!("{name} ?"), |code| format!("{name} {code}"))
}

/// The gold files of a corpus, each with the input beside it, in order.
///
/// # Errors
///
/// If the folder or a gold file cannot be read, or a gold file has no input beside it.
pub fn corpus(folder: &Path) -> Result<Vec<(PathBuf, Vec<Gold>)>, CorpusError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| CorpusError::Io(path, error)
    };
    let mut golds: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(io(folder))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(io(folder))?;
    golds.sort();
    let mut corpus = Vec::new();
    for path in golds {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(stem) = name.strip_suffix(".gold.json") else { continue };
        let json = std::fs::read_to_string(&path).map_err(io(&path))?;
        let gold = serde_json::from_str(&json)
            .map_err(|error| CorpusError::Syntax(path.clone(), error))?;
        let input = ["txt", "html", "jsonl"]
            .iter()
            .map(|extension| path.with_file_name(format!("{stem}.{extension}")))
            .find(|input| input.exists());
        corpus.push((input.ok_or_else(|| CorpusError::NoInput(path.clone()))?, gold));
    }
    Ok(corpus)
}

/// Why a corpus could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file or folder could not be read.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, #[source] std::io::Error),
    /// A gold file is not what it should be.
    #[error("{}: {}", .0.display(), .1)]
    Syntax(PathBuf, #[source] serde_json::Error),
    /// A gold file has no input beside it.
    #[error("{}: no .txt, .html or .jsonl of that name beside it", .0.display())]
    NoInput(PathBuf),
}

fn unique(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique = Vec::new();
    for item in items {
        if !unique.contains(&item) {
            unique.push(item);
        }
    }
    unique
}

/// `name country` twice, the unit left out in one of them or not.
fn same_place(a: &str, b: &str) -> bool {
    match (a.rsplit_once(' '), b.rsplit_once(' ')) {
        (Some((a, x)), Some((b, y))) => x == y && same_name(a, b),
        _ => a == b,
    }
}

/// Whether two names differ at most in the unit behind them.
fn same_name(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long == short
        || short.chars().count() >= 2
            && long.strip_prefix(short).is_some_and(|rest| rest.chars().count() <= 3)
}
