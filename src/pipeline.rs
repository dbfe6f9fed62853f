//! [`Extractor`]: the flow from an article as it was read to what it claims.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};

use crate::{
    agreement::{Claim, Statistic},
    article::{Article, Origin, Published},
    clean::Cleaner,
    date::{Basis, PartialDate},
    gazetteer::Gazetteer,
    link::{Link, Linker, Query},
    notes::{Notes, Stage, Why},
    place::{Place, PlaceKey},
    recognise::{
        Mention, Of, Recogniser,
        dates::{DateMention, Role},
    },
    relate::{Relater, RuleFile, Trace},
    rule::DataError,
    segment::{self, Passage, Segmenter, Words},
};

/// What the user may set; the rest is data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The publication date of articles that do not tell theirs.
    pub published: Option<PartialDate>,
    /// Claims below this confidence, from 0 to 1, are left out with a note.
    pub min_confidence: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { published: None, min_confidence: 0.5 }
    }
}

/// By what an article is read, in one number: the program with its rules, words and places,
/// the options, and the rules and places of the user. Two readings of the same bytes by the
/// same mark say the same.
#[must_use]
pub fn mark(options: Options, rules: &[RuleFile], places: Option<&[u8]>) -> u64 {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    add(env!("CARGO_PKG_VERSION").as_bytes());
    // Made by build.rs of the data and the source.
    add(env!("YOUCHENG_MARK").as_bytes());
    add(options.published.map(|date| date.to_string()).unwrap_or_default().as_bytes());
    add(&options.min_confidence.to_le_bytes());
    for rule in rules {
        add(rule.name.as_bytes());
        add(rule.toml.as_bytes());
    }
    add(places.unwrap_or_default());
    hash.finalize().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// All that was found in one article.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// The article, cleaned.
    pub article: Article,
    /// Its title: the stated one, cleaned, or its headline.
    pub title: Option<String>,
    /// Its passages, in order.
    pub passages: Vec<Passage>,
    /// What it names, in order, without overlaps.
    pub mentions: Vec<Mention>,
    /// Its words for times with what they were counted from, those included that state no
    /// date (`近年来`, `结好20周年`).
    pub dates: Vec<DateMention>,
    /// Which records of GeoNames its unlisted places may be.
    pub links: BTreeMap<PlaceKey, Link>,
    /// What it claims, in order of the evidence.
    pub claims: Vec<Claim>,
    /// What it counts.
    pub statistics: Vec<Statistic>,
    /// What was dropped or left undecided.
    pub notes: Notes,
}

/// The steps with their compiled data. Built once, shared by all threads.
#[derive(Debug)]
pub struct Extractor {
    cleaner: Cleaner,
    segmenter: Segmenter,
    recogniser: Recogniser,
    linker: Linker,
    relater: Relater,
    options: Options,
}

impl Extractor {
    /// Compiles the data that comes with the program.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn new(options: Options) -> Result<Self, DataError> {
        Self::with_rules(options, &[])
    }

    /// The extractor with default options, compiled once in a process and kept until its end.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn standard() -> Result<&'static Self, DataError> {
        static KEPT: OnceLock<Extractor> = OnceLock::new();
        match KEPT.get() {
            Some(kept) => Ok(kept),
            None => {
                let made = Self::new(Options::default())?;
                Ok(KEPT.get_or_init(|| made))
            }
        }
    }

    /// Compiles the data that comes with the program, and rules of the user.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn with_rules(options: Options, rules: &[RuleFile]) -> Result<Self, DataError> {
        Self::with(options, Gazetteer::new()?, rules)
    }

    /// Compiles the data that comes with the program, but for the places, and rules of the
    /// user.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn with(
        options: Options,
        gazetteer: Gazetteer,
        rules: &[RuleFile],
    ) -> Result<Self, DataError> {
        // The expressions of dates take about as long as all others.
        let (recogniser, (relater, cleaner, segmenter)) = rayon::join(
            || Recogniser::with(gazetteer),
            || (Relater::with(rules), Cleaner::new(), Segmenter::new()),
        );
        Ok(Self {
            cleaner: cleaner?,
            segmenter: segmenter?,
            recogniser: recogniser?,
            linker: Linker::new()?,
            relater: relater?,
            options,
        })
    }

    /// What cuts a text into words.
    #[must_use]
    pub fn words(&self) -> &Words {
        self.segmenter.words()
    }

    pub(crate) fn recogniser(&self) -> &Recogniser {
        &self.recogniser
    }

    pub(crate) fn linker(&self) -> &Linker {
        &self.linker
    }

    /// Everything that the article says. Pure: the same article gives the same result,
    /// whatever was read before it.
    #[must_use]
    pub fn run(&self, article: Article, notes: Notes) -> Extraction {
        self.read(article, notes, None, self.options.min_confidence)
    }

    /// Everything that the article says, and why the rules read its sentences as they do.
    #[must_use]
    pub fn explain(&self, article: Article, notes: Notes) -> (Extraction, Vec<Trace>) {
        let mut traces = Vec::new();
        let least = self.options.min_confidence;
        (self.read(article, notes, Some(&mut traces), least), traces)
    }

    /// Everything that the article says, claims that are too unsure included.
    pub(crate) fn run_unsure(&self, article: Article, notes: Notes) -> Extraction {
        self.read(article, notes, None, 0.0)
    }

    /// Claims below this confidence are left out.
    pub(crate) fn min_confidence(&self) -> f32 {
        self.options.min_confidence
    }

    /// The rules by which agreements and counts are read.
    #[must_use]
    pub fn relater(&self) -> &Relater {
        &self.relater
    }

    fn read(
        &self,
        mut article: Article,
        mut notes: Notes,
        traces: Option<&mut Vec<Trace>>,
        min_confidence: f32,
    ) -> Extraction {
        if let (None, Some(date)) = (article.published, self.options.published) {
            article.published = Some(Published { date, origin: Origin::Given });
        }
        self.cleaner.run(&mut article, &mut notes);
        let passages = self.segmenter.run(&article, &mut notes);
        let (mentions, dates) =
            self.recogniser.run(&article, &passages, self.segmenter.words(), &mut notes);
        article.published = article.published.or_else(|| in_dateline(&dates));
        let links = self.links(&mentions, &mut notes);
        let (mut claims, statistics) =
            self.relater.run(&article, &passages, &mentions, &mut notes, traces);
        claims.retain(|claim| {
            let is_sure = claim.confidence >= min_confidence;
            if !is_sure {
                let text = article.text.at(claim.evidence.span);
                notes.push(Stage::Relate, Why::LowConfidence, text);
            }
            is_sure
        });
        let title = segment::title(&article, &passages).map(str::to_owned);
        Extraction { article, title, passages, mentions, dates, links, claims, statistics, notes }
    }

    /// Which records the places may be that no list holds.
    fn links(&self, mentions: &[Mention], notes: &mut Notes) -> BTreeMap<PlaceKey, Link> {
        let mut tried = BTreeMap::new();
        // Mentions of one place share it, and to look for it among all takes long.
        let mut seen = FxHashSet::default();
        for mention in mentions {
            let Of::Place(place) = &mention.of else { continue };
            if !seen.insert(Arc::as_ptr(place)) {
                continue;
            }
            if self.is_listed(place) || tried.contains_key(&place.key) {
                continue;
            }
            if tried.len() == self.linker.names_per_article() {
                let limit = format!("only the first {} unlisted places are linked", tried.len());
                notes.push(Stage::Recognise, Why::Limit, limit);
                break;
            }
            tried.insert(place.key.clone(), self.link(place));
        }
        tried.into_iter().filter_map(|(key, link)| Some((key, link?))).collect()
    }

    /// Whether a list holds a place: that of the program or the user's.
    pub(crate) fn is_listed(&self, place: &Place) -> bool {
        self.recogniser.gazetteer().by_id(&place.key.0).is_some()
    }

    fn link(&self, place: &Place) -> Option<Link> {
        let within: Vec<u32> = self.around(place).iter().filter_map(|it| it.geonames).collect();
        self.linker.link(&Query {
            stem: self.recogniser.unit(&place.label).0,
            country: place.country?,
            level: Some(place.level),
            within: &within,
        })
    }
}

/// When an article was published that tells it nowhere but in its dateline, with the year.
fn in_dateline(dates: &[DateMention]) -> Option<Published> {
    let dateline = dates.iter().find(|mention| mention.role == Role::Dateline)?;
    let date = dateline.date.as_ref().filter(|date| date.basis == Basis::Stated)?.partial()?;
    Some(Published { date, origin: Origin::Dateline })
}
