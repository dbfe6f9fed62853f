//! Eval: what was extracted against what a careful reader finds.

mod count;
mod gold;
mod record;

use std::collections::BTreeMap;

use self::record::{Record, named, same_name, same_place};
pub use self::{
    count::{Count, ratio},
    gold::{CorpusError, Entry, Gold, GoldAgreement, GoldPlace, GoldStatistic, corpus},
};
use crate::{
    pipeline::{Extraction, Extractor},
    place::CountryCode,
    read::{Limits, read},
    recognise::Of,
};

/// The tasks, in the order in which they are reported.
pub const TASKS: [&str; 14] = [
    "countries",
    "chinese-places",
    "foreign-places",
    "dates",
    "pairs",
    "kinds",
    "dated-pairs",
    "records",
    "statistics",
    "signatories",
    "places-of-signing",
    "occasions",
    "modes",
    "fields",
];

/// Something that was found wrongly or missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The article, as the user knows it.
    pub article: String,
    /// One of [`TASKS`].
    pub task: &'static str,
    /// Whether it was found though it is not there, rather than missed.
    pub wrong: bool,
    /// What.
    pub what: String,
    /// The sentence where it stands, if there is one.
    pub sentence: Option<String>,
}

/// How well the articles of one structure are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// In how many articles it occurs.
    pub articles: usize,
    /// The pairs of these articles.
    pub pairs: Count,
    /// Their whole records.
    pub records: Count,
}

/// How sure a claim was, and whether it is right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certainty {
    /// From 0 to 1.
    pub confidence: f32,
    /// Whether the two are tied.
    pub pair: bool,
    /// Whether kind, status and date are right as well.
    pub record: bool,
}

/// The score of some articles, task by task.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// How many articles.
    pub articles: usize,
    /// The counts by task; see [`TASKS`].
    pub tasks: BTreeMap<&'static str, Count>,
    /// The counts by what the gold says of the structure of an article.
    pub structures: BTreeMap<String, Structure>,
    /// Every claim.
    pub certainties: Vec<Certainty>,
    /// What was found wrongly or missed.
    pub misses: Vec<Miss>,
    /// Articles without an agreement in which one was found.
    pub false_alarms: usize,
    /// Articles without an agreement.
    pub without: usize,
}

impl Score {
    /// Reads the articles of some gold files, those of one split or all, and compares. An
    /// article that cannot be read is one in which nothing is found.
    #[must_use]
    pub fn of(entries: &[Entry], split: Option<&str>, extractor: &Extractor) -> Self {
        let mut score = Self::default();
        for entry in entries {
            let wanted = |gold: &&Gold| split.is_none_or(|split| gold.split == split);
            if !entry.golds.iter().any(|gold| wanted(&gold)) {
                continue;
            }
            let mut found: Vec<Extraction> = Vec::new();
            for article in read(std::slice::from_ref(&entry.input), Limits::default()) {
                let Ok((article, notes)) = article else { continue };
                let line = article.source.line;
                if entry.golds.iter().filter(wanted).any(|gold| gold.line == line) {
                    found.push(extractor.run(article, notes));
                }
            }
            for gold in entry.golds.iter().filter(wanted) {
                let name = match gold.line {
                    Some(line) => format!("{}:{line}", entry.input.display()),
                    None => entry.input.display().to_string(),
                };
                let found = found.iter().find(|it| it.article.source.line == gold.line);
                Article { score: &mut score, name: &name, found, gold }.compare();
            }
        }
        score
    }

    /// The counts of a task.
    #[must_use]
    pub fn task(&self, task: &str) -> Count {
        self.tasks.get(task).copied().unwrap_or_default()
    }
}

/// One article that is compared.
struct Article<'a> {
    score: &'a mut Score,
    name: &'a str,
    found: Option<&'a Extraction>,
    gold: &'a Gold,
}

impl Article<'_> {
    fn compare(mut self) {
        self.score.articles += 1;
        let mentions = self.found.map_or(&[][..], |it| &it.mentions);
        let countries = mentions.iter().filter_map(|mention| match mention.of {
            Of::Country(code) if !code.is_chinese() => Some(code.to_string()),
            _ => None,
        });
        let wanted = self.gold.countries.clone();
        self.names("countries", &unique(countries), &wanted, |a, b| a == b);
        for (task, foreign) in [("chinese-places", false), ("foreign-places", true)] {
            let chinese = |code: &str| matches!(code, "CN" | "HK" | "MO" | "TW");
            let wanted = self.gold.places.iter().filter(|it| chinese(&it.country) != foreign);
            let wanted: Vec<String> =
                wanted.map(|place| format!("{} {}", place.name, place.country)).collect();
            let found = self.found.map(|it| places(it, foreign)).unwrap_or_default();
            self.names(task, &found, &wanted, same_place);
        }
        let dates = mentions.iter().filter_map(|mention| match &mention.of {
            Of::Date(date, _) => Some(date.edtf.clone()),
            _ => None,
        });
        let wanted = self.gold.dates.clone();
        self.names("dates", &unique(dates), &wanted, |a, b| a == b);
        self.agreements();
        self.statistics();
        if self.gold.agreements.iter().any(GoldAgreement::has_particulars) {
            self.particulars();
        }
    }

    /// Compares what else is told of signings, `party party what`, of articles whose gold says.
    fn particulars(&mut self) {
        let gold = &self.gold.agreements;
        let wanted = |of: &dyn Fn(&GoldAgreement) -> Vec<String>| -> Vec<String> {
            let pair = |it: &GoldAgreement, what: String| format!("{} {} {what}", it.a, it.b);
            gold.iter().flat_map(|it| of(it).into_iter().map(move |what| pair(it, what))).collect()
        };
        let list = |one: &Option<String>| one.iter().cloned().collect::<Vec<_>>();
        let tasks: [(&'static str, &[&str], Vec<String>); 5] = [
            (
                "signatories",
                &["signatory "],
                wanted(&|it| it.signatories.clone().unwrap_or_default()),
            ),
            ("places-of-signing", &["place "], wanted(&|it| list(&it.place_of_signing))),
            ("occasions", &["occasion "], wanted(&|it| list(&it.occasion))),
            ("modes", &["online", "on-site"], wanted(&|it| list(&it.mode))),
            ("fields", &["field "], wanted(&|it| it.fields.clone())),
        ];
        let mut lines = Vec::new();
        if let Some(found) = self.found {
            for claim in &found.claims {
                let [a, b] = claim.parties.each_ref().map(|party| party.name.clone());
                let told = claim.particulars.lines(found.article.text.clean());
                lines.extend(told.into_iter().map(|line| (format!("{a} {b}"), line)));
            }
        }
        for (task, heads, wanted) in tasks {
            let of_task = lines.iter().filter_map(|(pair, line)| {
                let head = heads.iter().find(|head| line.starts_with(*head))?;
                // A mode is the whole line, a signatory has its party behind.
                let what = line.strip_prefix(head).filter(|it| !it.is_empty()).unwrap_or(line);
                let what = what.strip_suffix(" a").or(what.strip_suffix(" b")).unwrap_or(what);
                Some(format!("{pair} {what}"))
            });
            let found: Vec<String> = of_task.collect();
            self.names(task, &found, &wanted, |a, b| a == b);
        }
    }

    fn agreements(&mut self) {
        let claims = self.found.map_or(&[][..], |it| &it.claims);
        let found: Vec<Record> = claims.iter().map(Record::of_claim).collect();
        let wanted: Vec<Record> = self.gold.agreements.iter().map(Record::of_gold).collect();
        let dated = |records: &[Record]| {
            records.iter().filter(|record| record.is_dated()).cloned().collect::<Vec<_>>()
        };
        let each = |records: &[Record], same: fn(&Record, &Record) -> bool| {
            let mut kept: Vec<Record> = Vec::new();
            for record in records {
                if !kept.iter().any(|known| same(known, record)) {
                    kept.push(record.clone());
                }
            }
            kept
        };
        let mut structure = Structure { articles: 1, ..Structure::default() };
        for (task, same, show) in [
            (
                "pairs",
                Record::same_pair as fn(&Record, &Record) -> bool,
                Record::pair as fn(&_) -> _,
            ),
            ("kinds", Record::same_kind, Record::with_kind),
        ] {
            let count = self.records(task, &each(&found, same), &each(&wanted, same), same, show);
            if task == "pairs" {
                structure.pairs = count.0;
            }
        }
        let same = Record::same_day;
        let (dated_found, dated_wanted) = (dated(&found), dated(&wanted));
        let each_day = [each(&dated_found, same), each(&dated_wanted, same)];
        self.records("dated-pairs", &each_day[0], &each_day[1], same, Record::with_date);
        let (count, right) = self.records("records", &found, &wanted, Record::same, Record::whole);
        structure.records = count;
        for (n, claim) in claims.iter().enumerate() {
            self.score.certainties.push(Certainty {
                confidence: claim.confidence,
                pair: wanted.iter().any(|gold| gold.same_pair(&found[n])),
                record: right[n],
            });
        }
        for name in &self.gold.structures {
            let known = self.score.structures.entry(name.clone()).or_default();
            known.articles += 1;
            known.pairs += structure.pairs;
            known.records += structure.records;
        }
        if wanted.is_empty() {
            self.score.without += 1;
            self.score.false_alarms += usize::from(!found.is_empty());
        }
    }

    fn statistics(&mut self) {
        let shown = |subject: &str, counts: [Option<u32>; 3]| {
            counts.iter().fold(subject.to_owned(), |shown, count| match count {
                Some(count) => format!("{shown} {count}"),
                None => format!("{shown} -"),
            })
        };
        let found = self.found.map_or(&[][..], |it| &it.statistics);
        let found: Vec<String> = found
            .iter()
            .map(|it| shown(&it.subject.name, [it.countries, it.cities, it.pairs]))
            .collect();
        let wanted: Vec<String> = self
            .gold
            .statistics
            .iter()
            .map(|it| shown(&it.subject, [it.countries, it.cities, it.pairs]))
            .collect();
        self.names("statistics", &found, &wanted, |a, b| {
            let (a, b) = (a.split_once(' '), b.split_once(' '));
            matches!((a, b), (Some(a), Some(b)) if a.1 == b.1 && same_name(a.0, b.0))
        });
    }

    /// Compares names, dates, counts.
    fn names(
        &mut self,
        task: &'static str,
        found: &[String],
        gold: &[String],
        same: impl Fn(&str, &str) -> bool,
    ) {
        let text = self.found.map_or("", |it| it.article.text.clean());
        let sentence = |what: &String| sentence_with(text, &[what.split(' ').next()?]);
        let same = |a: &String, b: &String| same(a, b);
        self.tally(task, found, gold, same, Clone::clone, sentence);
    }

    fn records(
        &mut self,
        task: &'static str,
        found: &[Record],
        gold: &[Record],
        same: impl Fn(&Record, &Record) -> bool,
        show: impl Fn(&Record) -> String,
    ) -> (Count, Vec<bool>) {
        let text = self.found.map_or("", |it| it.article.text.clean());
        let sentence = |record: &Record| match record.span {
            Some(span) => text.get(span.range()).map(str::to_owned),
            None => sentence_with(text, &record.names()),
        };
        self.tally(task, found, gold, same, show, sentence)
    }

    /// Counts what is right, wrong and missed; says of each that was found whether it is
    /// right.
    fn tally<T>(
        &mut self,
        task: &'static str,
        found: &[T],
        gold: &[T],
        same: impl Fn(&T, &T) -> bool,
        show: impl Fn(&T) -> String,
        sentence: impl Fn(&T) -> Option<String>,
    ) -> (Count, Vec<bool>) {
        let mut left: Vec<&T> = gold.iter().collect();
        let mut count = Count::default();
        let mut right = Vec::with_capacity(found.len());
        let miss = |wrong: bool, what: &T| Miss {
            article: self.name.to_owned(),
            task,
            wrong,
            what: show(what),
            sentence: sentence(what),
        };
        for found in found {
            let at = left.iter().position(|gold| same(found, gold));
            right.push(at.is_some());
            match at {
                Some(at) => {
                    left.swap_remove(at);
                    count.right += 1;
                }
                None => {
                    count.wrong += 1;
                    self.score.misses.push(miss(true, found));
                }
            }
        }
        count.missed = left.len();
        self.score.misses.extend(left.into_iter().map(|gold| miss(false, gold)));
        *self.score.tasks.entry(task).or_default() += count;
        (count, right)
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

/// The first sentence that holds all of some names, else the first that holds the last.
fn sentence_with(text: &str, names: &[&str]) -> Option<String> {
    let sentences = || text.split_inclusive(['。', '！', '？', '；', '\n']).map(str::trim);
    let all = sentences().find(|it| names.iter().all(|name| it.contains(name)));
    let last = || names.last().and_then(|name| sentences().find(|it| it.contains(name)));
    all.or_else(last).map(str::to_owned)
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
