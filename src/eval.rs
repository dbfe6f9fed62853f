//! Eval: what was extracted against what a careful reader finds.

use std::{collections::BTreeMap, ops::AddAssign};

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
    /// The counts by task: `countries`, `places`, `foreign-places`, `dates`, `pairs`,
    /// `records`, `statistics`.
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

        let text = &extraction.article.text;
        let places = |foreign: Option<bool>| {
            let of = |country: Option<CountryCode>| {
                foreign
                    .is_none_or(|foreign| foreign != country.is_some_and(CountryCode::is_chinese))
            };
            let mut found: Vec<(String, String, String)> = Vec::new();
            for mention in &extraction.mentions {
                let (key, country) = match &mention.of {
                    Of::Place(place) => (place.key.to_string(), place.country),
                    Of::Ambiguous(places) => {
                        (format!("?{}", text.at(mention.span)), places[0].country)
                    }
                    _ => continue,
                };
                if !of(country) {
                    continue;
                }
                let name = text.at(mention.span).to_owned();
                let country = country.map_or_else(|| "?".to_owned(), |code| code.to_string());
                match found.iter_mut().find(|(known, _, _)| *known == key) {
                    Some((_, longest, _)) if longest.len() < name.len() => *longest = name,
                    Some(_) => {}
                    None => found.push((key, name, country)),
                }
            }
            let found = found.into_iter().map(|(_, name, country)| format!("{name} {country}"));
            let gold = gold.places.iter().filter(|place| {
                foreign.is_none_or(|foreign| {
                    foreign != matches!(&*place.country, "CN" | "HK" | "MO" | "TW")
                })
            });
            (
                unique(found),
                gold.map(|place| format!("{} {}", place.name, place.country)).collect::<Vec<_>>(),
            )
        };
        for (task, foreign) in [("chinese-places", false), ("foreign-places", true)] {
            let (found, gold) = places(Some(foreign));
            self.task(task, found, gold, |a, b| same_place(a, b));
        }

        let found = extraction.mentions.iter().filter_map(|mention| match &mention.of {
            Of::Date(date, _) => Some(date.edtf.clone()),
            _ => None,
        });
        self.task("dates", unique(found), gold.dates.clone(), |a, b| a == b);

        let pair = |claim: &Claim| {
            claim.parties.each_ref().map(|party| {
                let country =
                    party.place.country.map_or_else(|| "?".into(), |code| code.to_string());
                format!("{} {country}", party.name)
            })
        };
        let gold_pair = |it: &GoldAgreement| {
            let country = it.a_country.clone().unwrap_or_else(|| "CN".into());
            [format!("{} {country}", it.a), format!("{} {}", it.b, it.b_country)]
        };
        let same = |a: &[String; 2], b: &[String; 2]| {
            same_place(&a[0], &b[0]) && same_place(&a[1], &b[1])
                || same_place(&a[0], &b[1]) && same_place(&a[1], &b[0])
        };
        let mut pairs: Vec<[String; 2]> = Vec::new();
        for found in extraction.claims.iter().map(pair) {
            if !pairs.iter().any(|known| same(known, &found)) {
                pairs.push(found);
            }
        }
        let mut gold_pairs: Vec<[String; 2]> = Vec::new();
        for found in gold.agreements.iter().map(gold_pair) {
            if !gold_pairs.iter().any(|known| same(known, &found)) {
                gold_pairs.push(found);
            }
        }
        let shown = |pairs: Vec<[String; 2]>| pairs.into_iter().map(|it| it.join(" — ")).collect();
        let split = |text: &str| {
            let (a, b) = text.split_once(" — ").unwrap_or((text, ""));
            [a.to_owned(), b.to_owned()]
        };
        self.task("pairs", shown(pairs), shown(gold_pairs), |a, b| same(&split(a), &split(b)));

        let record = |pair: [String; 2], kind: Kind, status: Status, date: Option<&str>| {
            format!(
                "{} — {} — {} {} {}",
                pair[0],
                pair[1],
                kind.name(),
                status.name(),
                date.unwrap_or("-")
            )
        };
        let found: Vec<String> = extraction
            .claims
            .iter()
            .map(|it| record(pair(it), it.kind, it.status, it.date.as_ref().map(|it| &*it.edtf)))
            .collect();
        let wanted: Vec<String> = gold
            .agreements
            .iter()
            .map(|it| record(gold_pair(it), it.kind, it.status, it.date.as_deref()))
            .collect();
        self.task("records", found, wanted, |a, b| {
            let (a, b): (Vec<&str>, Vec<&str>) =
                (a.split(" — ").collect(), b.split(" — ").collect());
            let own = |parts: &[&str]| [parts[0].to_owned(), parts[1].to_owned()];
            a[2] == b[2] && same(&own(&a), &own(&b))
        });
        if gold.agreements.is_empty() {
            self.without += 1;
            self.false_alarms += usize::from(!extraction.claims.is_empty());
        }

        let number = |n: Option<u32>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let found = extraction.statistics.iter().map(|it| {
            format!(
                "{} {} {} {}",
                it.subject.name,
                number(it.countries),
                number(it.cities),
                number(it.pairs)
            )
        });
        let wanted = gold.statistics.iter().map(|it| {
            format!(
                "{} {} {} {}",
                it.subject,
                number(it.countries),
                number(it.cities),
                number(it.pairs)
            )
        });
        self.task("statistics", found.collect(), wanted.collect(), |a, b| {
            let (a, b) = (a.split_once(' '), b.split_once(' '));
            matches!((a, b), (Some(a), Some(b)) if a.1 == b.1 && same_name(a.0, b.0))
        });
    }

    fn task(
        &mut self,
        task: &'static str,
        found: Vec<String>,
        mut gold: Vec<String>,
        same: impl Fn(&str, &str) -> bool,
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
                    self.misses.push((task, '+', found));
                }
            }
        }
        count.missed = gold.len();
        self.misses.extend(gold.into_iter().map(|gold| (task, '-', gold)));
        *self.tasks.entry(task).or_default() += count;
    }
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
