//! The JSON that `extract` and `clean` write: one object per article.
//!
//! These types are the contract with other programs and change only with it; the inner
//! types are free to move. Offsets are Unicode code points into `text`: plain indexing in
//! Python, `Array.from(text)` in JavaScript. An absent value is `null`, never missing.

mod cleaned;
mod document;
mod particulars;

use std::{collections::BTreeMap, io};

use serde::Serialize;

use self::particulars::Particulars;
pub use self::{cleaned::Cleaned, document::Document};
use crate::{
    agreement, article,
    date::Date,
    link::Link,
    notes::{Note, Removal},
    offset::{CodePoints, Offsets},
    pipeline::Extraction,
    place::{CountryCode, Place, PlaceKey},
    rdf::iri,
    recognise::Of,
    segment::Words,
};

/// One article with all that was found in it.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    id: String,
    source: Source<'a>,
    title: Option<&'a str>,
    published: Option<String>,
    text: &'a str,
    removed: Removed,
    countries: Vec<Country>,
    places: Vec<PlaceRecord<'a>>,
    dates: Vec<DateRecord<'a>>,
    agreements: Vec<Agreement<'a>>,
    statistics: Vec<Statistic<'a>>,
    duplicate_of: Option<String>,
    notes: &'a [Note],
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Vec<(u32, u32, &'a str)>>,
}

#[derive(Debug, Serialize)]
struct Source<'a> {
    file: Option<String>,
    line: Option<u32>,
    url: Option<&'a str>,
    publisher: Option<&'a str>,
    /// Only of a WARC record: where it begins in its file, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    /// Only of a WARC record: when it was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    captured: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Removed {
    pinyin: usize,
    repeats: usize,
    boilerplate: usize,
}

#[derive(Debug, Serialize)]
struct Country {
    code: String,
    mentions: Vec<[u32; 2]>,
}

#[derive(Debug, Serialize)]
struct PlaceRecord<'a> {
    id: String,
    name: &'a str,
    label: &'a str,
    level: &'static str,
    country: Option<String>,
    geonames: Option<u32>,
    lat: Option<f64>,
    lon: Option<f64>,
    link: Option<LinkRecord<'a>>,
    mentions: Vec<[u32; 2]>,
}

/// What an unlisted place may be: a guess, apart from what it is.
#[derive(Debug, Serialize)]
struct LinkRecord<'a> {
    geonames: u32,
    name: &'a str,
    lat: Option<f64>,
    lon: Option<f64>,
    score: f64,
}

#[derive(Debug, Serialize)]
struct DateRecord<'a> {
    text: &'a str,
    edtf: &'a str,
    earliest: Option<String>,
    latest: Option<String>,
    basis: &'static str,
    start: u32,
    end: u32,
}

#[derive(Debug, Serialize)]
struct Agreement<'a> {
    id: String,
    a: Party<'a>,
    b: Party<'a>,
    kind: &'static str,
    status: &'static str,
    date: Option<When<'a>>,
    instrument: Option<&'a str>,
    confidence: f32,
    evidence: Evidence<'a>,
    #[serde(flatten)]
    particulars: Particulars<'a>,
}

#[derive(Debug, Serialize)]
struct Party<'a> {
    name: &'a str,
    country: Option<String>,
    place: String,
}

#[derive(Debug, Serialize)]
struct When<'a> {
    edtf: &'a str,
    basis: &'static str,
}

#[derive(Debug, Serialize)]
struct Evidence<'a> {
    start: u32,
    end: u32,
    raw: Option<[u32; 2]>,
    quote: &'a str,
    rule: &'a str,
}

#[derive(Debug, Serialize)]
struct Statistic<'a> {
    subject: &'a str,
    countries: Option<u32>,
    cities: Option<u32>,
    pairs: Option<u32>,
    kind: Option<&'static str>,
    as_of: Option<&'a str>,
    evidence: Evidence<'a>,
}

impl<'a> Record<'a> {
    /// What the wire says about `extraction`.
    #[must_use]
    pub fn new(extraction: &'a Extraction) -> Self {
        let Extraction { article, title, claims, statistics, notes, .. } = extraction;
        let offsets = Offsets::new(article);
        let count = |head| article.text.count(|why| why.removal() == Some(head));
        let mut dates = Vec::new();
        for mention in &extraction.mentions {
            if let Of::Date(date, _) = &mention.of {
                let [start, end] = offsets.clean(mention.span);
                let text = article.text.at(mention.span);
                dates.push(DateRecord { start, end, ..DateRecord::new(text, date) });
            }
        }
        Self {
            id: article.id.to_string(),
            source: Source::new(&article.source),
            title: title.as_deref(),
            published: article.published.map(|published| published.date.to_string()),
            text: article.text.clean(),
            removed: Removed {
                pinyin: count(Removal::Pinyin),
                repeats: count(Removal::Repeats),
                boilerplate: count(Removal::Boilerplate),
            },
            countries: countries(extraction, &offsets),
            places: places(extraction, &offsets),
            dates,
            agreements: claims
                .iter()
                .map(|claim| Agreement::new(extraction, &offsets, claim))
                .collect(),
            statistics: statistics
                .iter()
                .map(|statistic| Statistic {
                    subject: &statistic.subject.name,
                    countries: statistic.countries,
                    cities: statistic.cities,
                    pairs: statistic.pairs,
                    kind: statistic.kind.map(agreement::Kind::name),
                    as_of: statistic.as_of.as_ref().map(|date| date.edtf.as_str()),
                    evidence: Evidence::new(extraction, &offsets, &statistic.evidence),
                })
                .collect(),
            duplicate_of: None,
            notes: &notes.0,
            words: None,
        }
    }

    /// Adds the words of the text, each with its tag: the one field that is there only when
    /// asked for.
    #[must_use]
    pub fn with_words(mut self, words: &'a Words) -> Self {
        let points = CodePoints::new(self.text);
        let words = words.tag(self.text);
        self.words =
            Some(words.map(|(start, end, tag)| (points.at(start), points.at(end), tag)).collect());
        self
    }

    /// The record as one line of JSON, line end included.
    ///
    /// # Errors
    ///
    /// If `out` cannot be written to.
    pub fn write(&self, mut out: impl io::Write) -> io::Result<()> {
        serde_json::to_writer(&mut out, self)?;
        out.write_all(b"\n")
    }
}

impl<'a> Source<'a> {
    fn new(source: &'a article::Source) -> Self {
        Self {
            file: source.file.as_ref().map(|file| file.to_string_lossy().into_owned()),
            line: source.line,
            url: source.url.as_deref(),
            publisher: source.publisher.as_deref(),
            offset: source.offset,
            captured: source.captured.as_deref(),
        }
    }
}

/// The countries in the order of their first mention.
fn countries(extraction: &Extraction, offsets: &Offsets<'_>) -> Vec<Country> {
    let mut found = Vec::<Country>::new();
    let mut index = BTreeMap::<CountryCode, usize>::new();
    for mention in &extraction.mentions {
        // The contract lists foreign countries.
        if let Of::Country(code) = mention.of
            && !code.is_chinese()
        {
            let at = *index.entry(code).or_insert_with(|| {
                found.push(Country { code: code.to_string(), mentions: Vec::new() });
                found.len() - 1
            });
            found[at].mentions.push(offsets.clean(mention.span));
        }
    }
    found
}

/// The places in the order of their first mention, each under its longest name.
fn places<'a>(extraction: &'a Extraction, offsets: &Offsets<'_>) -> Vec<PlaceRecord<'a>> {
    let mut found = Vec::<PlaceRecord<'a>>::new();
    let mut index = BTreeMap::<&PlaceKey, usize>::new();
    for mention in &extraction.mentions {
        if let Of::Place(place) = &mention.of {
            let name = extraction.article.text.at(mention.span);
            let at = *index.entry(&place.key).or_insert_with(|| {
                found.push(PlaceRecord::new(place, name, extraction.links.get(&place.key)));
                found.len() - 1
            });
            if name.chars().count() > found[at].name.chars().count() {
                found[at].name = name;
            }
            found[at].mentions.push(offsets.clean(mention.span));
        }
    }
    found
}

impl<'a> PlaceRecord<'a> {
    fn new(place: &'a Place, name: &'a str, link: Option<&'a Link>) -> Self {
        Self {
            id: place.key.to_string(),
            name,
            label: &place.label,
            level: place.level.name(),
            country: place.country.map(|code| code.to_string()),
            geonames: place.geonames,
            lat: place.position.map(|(lat, _)| lat),
            lon: place.position.map(|(_, lon)| lon),
            link: link.map(|link| LinkRecord {
                geonames: link.geonames,
                name: &link.name,
                lat: link.position.map(|(lat, _)| lat),
                lon: link.position.map(|(_, lon)| lon),
                score: link.score,
            }),
            mentions: Vec::new(),
        }
    }
}

impl<'a> DateRecord<'a> {
    fn new(text: &'a str, date: &'a Date) -> Self {
        Self {
            text,
            edtf: &date.edtf,
            earliest: date.earliest.map(|day| day.to_string()),
            latest: date.latest.map(|day| day.to_string()),
            basis: date.basis.name(),
            start: 0,
            end: 0,
        }
    }
}

impl<'a> Agreement<'a> {
    fn new(extraction: &'a Extraction, offsets: &Offsets<'_>, claim: &'a agreement::Claim) -> Self {
        let [a, b] = claim.parties.each_ref().map(|party| Party {
            name: &party.name,
            country: party.place.country.map(|code| code.to_string()),
            place: party.place.key.to_string(),
        });
        Self {
            id: iri::agreement_id(&claim.agreement()),
            a,
            b,
            kind: claim.kind.name(),
            status: claim.status.name(),
            date: claim
                .date
                .as_ref()
                .map(|date| When { edtf: &date.edtf, basis: date.basis.name() }),
            instrument: claim.instrument.as_deref(),
            confidence: claim.confidence,
            evidence: Evidence::new(extraction, offsets, &claim.evidence),
            particulars: Particulars::new(extraction, offsets, &claim.particulars),
        }
    }
}

impl<'a> Evidence<'a> {
    fn new(
        extraction: &'a Extraction,
        offsets: &Offsets<'_>,
        evidence: &'a agreement::Evidence,
    ) -> Self {
        let [start, end] = offsets.clean(evidence.span);
        Self {
            start,
            end,
            raw: offsets.raw(evidence.span),
            quote: extraction.article.text.at(evidence.span),
            rule: &evidence.rule,
        }
    }
}
