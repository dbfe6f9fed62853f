//! [`Linker`]: from a Chinese name that no list holds, and its country, to the record of
//! GeoNames that it may spell.
//!
//! A link is a guess with a score. It says where a place may lie and what it may be called;
//! it never says what the place is: identity stays with the name as written.
//!
//! The data is embedded and read at the first name that is linked. Without it (an empty
//! `gazetteer/latin.bin`) nothing is linked, and all else works.

mod model;
mod records;
mod search;
mod tuning;

use std::{
    cmp::Ordering,
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use self::{
    model::Model,
    records::{Country, Kind, Records},
    tuning::Tuning,
};
use crate::{
    place::{CountryCode, Level},
    rule::DataError,
};

/// Names with more characters than this are no transliterations of one name.
const LONGEST_NAME: usize = 12;
/// Records with one key that are nearer than this, in degrees, are one place: the town and
/// the district that bears its name.
const NEAR: f64 = 0.35;
/// Answers are kept for so many names.
const MOST_ANSWERS: usize = 10_000;
/// And of one name for so many countries, units and levels.
const MOST_PLACES: usize = 16;

/// A record of GeoNames that a name may stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its GeoNames id.
    pub geonames: u32,
    /// Its Latin name.
    pub name: String,
    /// Latitude and longitude, to a hundredth of a degree.
    pub position: Option<(f64, f64)>,
    /// How likely it is that the name means this place, from 0 to 1.
    pub score: f64,
    /// The GeoNames id of the first-level unit that it lies in.
    pub within: Option<u32>,
}

/// A name to be linked.
#[derive(Clone, Copy, Debug)]
pub struct Query<'q> {
    /// The name without its unit.
    pub stem: &'q str,
    /// Its country.
    pub country: CountryCode,
    /// The kind of unit that the text says it is.
    pub level: Option<Level>,
    /// The GeoNames ids of the units that it is said to lie in.
    pub within: &'q [u32],
}

/// Links names to records. Cheap to make: the data is read when the first name is linked.
#[derive(Debug)]
pub struct Linker {
    tuning: Tuning,
    records: Option<Records<'static>>,
    model: OnceLock<Result<Model, DataError>>,
    /// What was answered before: articles name the same few places again and again, and to go
    /// through the records of a country takes longer than all else in an article. An answer
    /// does not depend on what was asked before.
    answers: Mutex<HashMap<Box<str>, Vec<Answer>>>,
}

/// What was answered for a name, with all else that was asked.
#[derive(Debug)]
struct Answer {
    country: CountryCode,
    level: Option<Level>,
    within: Box<[u32]>,
    link: Option<Link>,
}

impl Linker {
    /// The linker with the data that comes with the program.
    ///
    /// # Errors
    ///
    /// If `rules/link.toml` has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self {
            tuning: Tuning::new("rules/link.toml", include_str!("../../rules/link.toml"))?,
            records: Records::new(include_bytes!("../../gazetteer/latin.bin")),
            model: OnceLock::new(),
            answers: Mutex::default(),
        })
    }

    /// The linker with another model than that of the program: to measure one.
    ///
    /// # Errors
    ///
    /// If the table or `rules/link.toml` has a mistake.
    pub fn with_model(table: &str) -> Result<Self, DataError> {
        let linker = Self::new()?;
        linker.model.get_or_init(|| Model::new("transliteration.tsv", table));
        linker.model_is_sound()?;
        Ok(linker)
    }

    /// Whether a candidate is likely enough to be given as a link.
    #[must_use]
    pub fn is_given(&self, link: &Link) -> bool {
        link.score >= self.tuning.threshold
    }

    /// How many names of one article are linked.
    #[must_use]
    pub fn names_per_article(&self) -> usize {
        self.tuning.names_per_article
    }

    /// The model, or the mistake in its table.
    ///
    /// # Errors
    ///
    /// If `gazetteer/transliteration.tsv` has a mistake.
    pub fn model_is_sound(&self) -> Result<(), DataError> {
        self.model().as_ref().map(|_| ()).map_err(Clone::clone)
    }

    fn model(&self) -> &Result<Model, DataError> {
        self.model.get_or_init(|| {
            let table = include_str!("../../gazetteer/transliteration.tsv");
            Model::new("gazetteer/transliteration.tsv", table)
        })
    }

    /// The record that a name stands for, if one is likely enough.
    #[must_use]
    pub fn link(&self, query: &Query<'_>) -> Option<Link> {
        let same = |answer: &&Answer| {
            (answer.country, answer.level) == (query.country, query.level)
                && *answer.within == *query.within
        };
        let lock = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = lock()
            .get(query.stem)
            .and_then(|answers| Some(answers.iter().find(same)?.link.clone()));
        if let Some(link) = answered {
            return link;
        }
        let link = self.candidates(query).into_iter().next().filter(|link| self.is_given(link));
        let mut answers = lock();
        if answers.len() >= MOST_ANSWERS {
            answers.clear();
        }
        let known = answers.entry(query.stem.into()).or_default();
        if known.len() < MOST_PLACES {
            known.push(Answer {
                country: query.country,
                level: query.level,
                within: query.within.into(),
                link: link.clone(),
            });
        }
        drop(answers);
        link
    }

    /// The records that a name may stand for, the likeliest first.
    #[must_use]
    pub fn candidates(&self, query: &Query<'_>) -> Vec<Link> {
        let name: Vec<char> = query.stem.chars().filter(|c| !matches!(c, '·' | '-')).collect();
        let (Some(country), Ok(model)) =
            (self.records.and_then(|records| records.country(query.country)), self.model())
        else {
            return Vec::new();
        };
        if !(2..=LONGEST_NAME).contains(&name.len()) {
            return Vec::new();
        }
        let pieces = model.pieces(&name, query.country);
        let found = search::search(&pieces, name.len(), &country, &self.tuning.spelling);
        self.rank(query, &country, name.len(), &found)
    }

    /// Scores what was found against each other and against nothing at all.
    fn rank(
        &self,
        query: &Query<'_>,
        country: &Country<'_>,
        characters: usize,
        found: &[(usize, f64)],
    ) -> Vec<Link> {
        let weights = &self.tuning.weights;
        let mut scored: Vec<(usize, f64)> = found
            .iter()
            .map(|&(record, likely)| {
                let outside = !query.within.is_empty()
                    && !query.within.contains(&country.id(record))
                    && country.within(record).is_none_or(|unit| !query.within.contains(&unit));
                let evidence = weights.likelihood * likely
                    + weights.population * country.size(record)
                    - if fits(query.level, country.kind(record)) {
                        0.0
                    } else {
                        weights.other_kind
                    }
                    - if outside { weights.outside } else { 0.0 };
                (record, evidence)
            })
            .collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        #[expect(clippy::cast_precision_loss, reason = "names have a dozen characters")]
        let nothing = weights.nothing
            + weights.nothing_per_character * (characters as f64) * weights.likelihood;
        let top = scored.first().map_or(nothing, |&(_, evidence)| evidence.max(nothing));
        let sum: f64 = (nothing - top).exp()
            + scored.iter().map(|&(_, evidence)| (evidence - top).exp()).sum::<f64>();
        // What is a thousand times less likely than the likeliest changes no score.
        scored.retain(|&(_, evidence)| evidence > top - 7.0);
        let records: Vec<usize> = scored.iter().map(|&(record, _)| record).collect();
        let mut links: Vec<Link> = Vec::new();
        for ((record, evidence), name) in scored.into_iter().zip(country.names(&records)) {
            let score = (evidence - top).exp() / sum;
            let link = Link {
                geonames: country.id(record),
                name,
                position: country.position(record),
                score,
                within: country.within(record),
            };
            match links.iter().position(|better| better.is_at(&link)) {
                Some(better) => links[better].score += score,
                None if links.len() < self.tuning.candidates => links.push(link),
                None => {}
            }
        }
        for link in &mut links {
            link.score = (link.score * 1000.0).round() / 1000.0;
        }
        links.sort_by(|a, b| b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal));
        links
    }
}

impl Link {
    /// Whether both are one place.
    fn is_at(&self, other: &Self) -> bool {
        let bare = |name: &str| name.to_lowercase();
        match (self.position, other.position) {
            (Some((lat, lon)), Some((lat2, lon2))) => {
                let east = (lon - lon2).abs() * lat.to_radians().cos();
                (lat - lat2).abs() < NEAR
                    && east < NEAR
                    && (bare(&self.name).starts_with(&bare(&other.name))
                        || bare(&other.name).starts_with(&bare(&self.name)))
            }
            _ => false,
        }
    }
}

/// Whether a record is of the kind that the text says.
fn fits(level: Option<Level>, kind: Kind) -> bool {
    match level {
        None | Some(Level::City | Level::Prefecture) => kind == Kind::Settlement,
        Some(Level::Province) => kind == Kind::First,
        Some(Level::District | Level::County) => kind == Kind::Second,
        Some(Level::Island) => true,
    }
}
