//! [`Answer`]: what is known about one name, and whether an article that writes it would be
//! understood. It is how people find out why a name did or did not match.

use std::sync::Arc;

use serde::Serialize;

use crate::{
    article::{Article, ArticleId, Source},
    gazetteer::{Common, NameKind, Sense},
    link::Query,
    notes::Notes,
    pipeline::Extractor,
    place::{CountryCode, Level, Place, PlaceKey},
    recognise::Of,
    text::Text,
};

/// Any sentence in which a place may stand.
const BEFORE: &str = "代表团访问";
const AFTER: &str = "。";

/// What is known about a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The name, in simplified characters.
    pub name: String,
    /// The countries that it names.
    pub countries: Vec<String>,
    /// The listed places that it may name, the likeliest first.
    pub places: Vec<Candidate>,
    /// The records of GeoNames that an unlisted name may spell in the country asked for.
    pub links: Vec<Linked>,
    /// What an article finds that writes the name alone.
    pub alone: Found,
    /// What an article finds that writes the name after its country; `null` without one.
    pub after_country: Option<Found>,
    /// Why the name alone is not enough.
    pub because: Vec<Because>,
}

/// A listed place that a name may stand for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Its preferred name.
    pub label: String,
    /// Its Latin name.
    pub latin: Option<String>,
    /// What kind of unit it is.
    pub level: &'static str,
    /// Its country.
    pub country: Option<String>,
    /// The units around it, the nearest first, the country last.
    pub parents: Vec<Parent>,
    /// Latitude.
    pub lat: Option<f64>,
    /// Longitude.
    pub lon: Option<f64>,
    /// Its GeoNames id.
    pub geonames: Option<u32>,
    /// Its ISO 3166-2 code.
    pub iso: Option<String>,
    /// Its GB/T 2260 code.
    pub gb: Option<u32>,
    /// Its Wikidata item.
    pub wikidata: Option<String>,
    /// How many people live there; 0 when unknown.
    pub population: u32,
    /// Its share of the evidence for all candidates, from 0 to 1.
    pub score: f64,
    /// What speaks for it.
    pub why: Vec<Why>,
}

/// A unit around a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parent {
    /// Its id.
    pub id: String,
    /// Its preferred name.
    pub label: String,
}

/// A record that a name may spell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Linked {
    /// Its GeoNames id.
    pub geonames: u32,
    /// Its Latin name.
    pub name: String,
    /// Latitude, to a hundredth of a degree.
    pub lat: Option<f64>,
    /// Longitude, to a hundredth of a degree.
    pub lon: Option<f64>,
    /// How likely it is that the name means this place, from 0 to 1.
    pub score: f64,
    /// Whether that is enough for `extract` to give it.
    pub given: bool,
}

/// What speaks for a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is the whole name with its unit.
    FullName,
    /// News call it so.
    NewsName,
    /// It is the name without its unit.
    ShortName,
    /// It is another name of the place.
    Alias,
    /// It is a name of former times.
    FormerName,
    /// The list has the name without the unit that was asked for.
    UnitAdded,
    /// The unit asked for is of this kind.
    UnitFits,
    /// It is larger than the other candidates.
    Largest,
}

/// What an article finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// A listed place.
    Place,
    /// A place that no list holds, by the form of its name.
    Unlisted,
    /// One of several places, undecided.
    Ambiguous,
    /// A country.
    Country,
    /// Something, but only in a part of the name.
    Part,
    /// Nothing.
    Nothing,
}

/// Why a name alone is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// No list holds it.
    Unlisted,
    /// It is an ordinary word as well.
    CommonWord,
    /// It is a person's name as well.
    PersonLike,
    /// Several places are called so.
    Namesakes,
    /// It is found after its country only: the place is small, or its name short.
    NeedsCountry,
}

impl Extractor {
    /// What is known about `name`, in `country` if one is given.
    #[must_use]
    pub fn place(&self, name: &str, country: Option<CountryCode>) -> Answer {
        let gazetteer = self.recogniser().gazetteer();
        let (name, alone) = self.heard("", name);
        let senses = gazetteer.lookup(&name);
        let mut countries: Vec<String> = Vec::new();
        for sense in senses {
            if let Sense::Country(code, _) = sense
                && country.is_none_or(|country| country == code)
                && !countries.contains(&code.to_string())
            {
                countries.push(code.to_string());
            }
        }
        let places = self.candidates(&name, country);
        let after = country.or_else(|| {
            let first = places.first()?.country.as_deref()?;
            places.iter().all(|place| place.country.as_deref() == Some(first)).then_some(())?;
            CountryCode::new(first)
        });
        let after_country = after.filter(|code| *code != CountryCode::CN).and_then(|code| {
            let row = gazetteer.by_id(&format!("cc:{code}"))?;
            Some(self.heard(gazetteer.row(row).name(), &name).1)
        });
        let links = match country {
            Some(country) if places.is_empty() && countries.is_empty() => {
                self.links_of(&name, country)
            }
            _ => Vec::new(),
        };
        let mut because = Vec::new();
        if places.is_empty() && countries.is_empty() {
            because.push(Because::Unlisted);
        }
        if matches!(alone, Found::Nothing | Found::Part | Found::Ambiguous) {
            match gazetteer.common(&name) {
                Some(Common::Word) => because.push(Because::CommonWord),
                Some(Common::Person) => because.push(Because::PersonLike),
                None => {}
            }
            if alone == Found::Ambiguous {
                because.push(Because::Namesakes);
            } else if matches!(after_country, Some(Found::Place | Found::Unlisted)) {
                because.push(Because::NeedsCountry);
            }
        }
        Answer { name, countries, places, links, alone, after_country, because }
    }

    /// The name as cleaning leaves it, and what an article finds that writes it after
    /// `context`.
    fn heard(&self, context: &str, name: &str) -> (String, Found) {
        let text = [BEFORE, context, name, AFTER].concat();
        let article = Article {
            id: ArticleId::of(text.as_bytes()),
            source: Source::default(),
            title: None,
            published: None,
            text: Text::new(text),
            text_starts: 0,
            layout: Vec::new(),
        };
        let made = self.run(article, Notes::default());
        let clean = made.article.text.clean().trim();
        let start = [BEFORE, context].concat();
        let Some(name) = clean.strip_prefix(&start).and_then(|rest| rest.strip_suffix(AFTER))
        else {
            return (name.to_owned(), Found::Nothing);
        };
        let span = start.len()..start.len() + name.len();
        let mut found = Found::Nothing;
        for mention in &made.mentions {
            let range = mention.span.range();
            if range == span {
                found = match &mention.of {
                    Of::Country(_) => Found::Country,
                    Of::Place(place) if self.is_listed(place) => Found::Place,
                    Of::Place(_) => Found::Unlisted,
                    Of::Ambiguous(_) => Found::Ambiguous,
                    Of::Date(..) => continue,
                };
            } else if range.start < span.end && span.start < range.end && found == Found::Nothing {
                found = Found::Part;
            }
        }
        (name.to_owned(), found)
    }

    fn candidates(&self, name: &str, country: Option<CountryCode>) -> Vec<Candidate> {
        let gazetteer = self.recogniser().gazetteer();
        let (stem, unit) = self.recogniser().unit(name);
        let mut rows: Vec<(u32, Vec<Why>, f64)> = Vec::new();
        let names = [(name, false), (stem, true)];
        for (written, added) in names.into_iter().take(1 + usize::from(stem != name)) {
            for sense in gazetteer.lookup(written) {
                let Sense::Place(row, kind) = sense else { continue };
                let of = gazetteer.row(row);
                if country.is_some_and(|country| country != of.country())
                    || rows.iter().any(|(known, ..)| *known == row)
                {
                    continue;
                }
                let (why, weight) = match kind {
                    NameKind::Full => (Why::FullName, 1.0),
                    NameKind::News => (Why::NewsName, 0.9),
                    NameKind::Short => (Why::ShortName, 0.8),
                    NameKind::Alias => (Why::Alias, 0.5),
                    NameKind::Former => (Why::FormerName, 0.4),
                };
                let mut whys = vec![why];
                let mut weight: f64 = weight;
                let fits = unit.is_some_and(|unit| of.level() == Some(unit));
                if added {
                    whys.push(Why::UnitAdded);
                    weight *= if fits { 0.9 } else { 0.3 };
                }
                if fits {
                    whys.push(Why::UnitFits);
                }
                // Ten times the people are one more piece of evidence.
                weight *= 1.0 + f64::from(of.population()).max(1.0).log10();
                rows.push((row, whys, weight));
            }
            // The unit is taken off only where the whole name is not listed.
            if !rows.is_empty() {
                break;
            }
        }
        let sum: f64 = rows.iter().map(|(.., weight)| weight).sum();
        rows.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        let largest = rows.iter().map(|(row, ..)| gazetteer.row(*row).population()).max();
        let several = rows.len() > 1;
        rows.into_iter()
            .map(|(row, mut why, weight)| {
                let population = gazetteer.row(row).population();
                if several && population > 0 && Some(population) == largest {
                    why.push(Why::Largest);
                }
                let place = gazetteer.place(row);
                Candidate {
                    id: place.key.to_string(),
                    label: place.label.to_string(),
                    latin: place.latin.as_deref().map(ToOwned::to_owned),
                    level: place.level.name(),
                    country: place.country.map(|code| code.to_string()),
                    parents: self.parents(&place),
                    lat: place.position.map(|(lat, _)| lat),
                    lon: place.position.map(|(_, lon)| lon),
                    geonames: place.geonames,
                    iso: place.iso.as_deref().map(ToOwned::to_owned),
                    gb: place.gb,
                    wikidata: place.wikidata.as_deref().map(ToOwned::to_owned),
                    population,
                    score: (weight / sum * 1000.0).round() / 1000.0,
                    why,
                }
            })
            .collect()
    }

    fn parents(&self, place: &Place) -> Vec<Parent> {
        self.around(place)
            .into_iter()
            .map(|outer: Arc<Place>| Parent {
                id: outer.key.to_string(),
                label: outer.label.to_string(),
            })
            .collect()
    }

    fn links_of(&self, name: &str, country: CountryCode) -> Vec<Linked> {
        let (stem, unit) = self.recogniser().unit(name);
        let level = unit.unwrap_or(Level::City);
        let links =
            self.linker().candidates(&Query { stem, country, level: Some(level), within: &[] });
        links
            .into_iter()
            .map(|link| Linked {
                given: self.linker().is_given(&link),
                geonames: link.geonames,
                lat: link.position.map(|(lat, _)| lat),
                lon: link.position.map(|(_, lon)| lon),
                score: link.score,
                name: link.name,
            })
            .collect()
    }

    /// The units around a place, the nearest first.
    pub(crate) fn around(&self, place: &Place) -> Vec<Arc<Place>> {
        let gazetteer = self.recogniser().gazetteer();
        let mut around: Vec<Arc<Place>> = Vec::new();
        let mut parent: Option<PlaceKey> = place.parent.clone();
        // Eight units around a place are more than any country has.
        while around.len() < 8
            && let Some(row) = parent.take().and_then(|key| gazetteer.by_id(&key.0))
        {
            let outer = gazetteer.place(row);
            parent.clone_from(&outer.parent);
            around.push(outer);
        }
        around
    }
}
