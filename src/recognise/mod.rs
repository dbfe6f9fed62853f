//! Recognise: passages to [`Mention`]s of countries, places and dates.

pub mod dates;
mod forms;
mod places;
mod rows;

use std::sync::Arc;

use self::{
    dates::{DateMention, Dates, Role},
    forms::Forms,
    places::{Asked, Finder},
};
use crate::{
    article::Article,
    date::Date,
    gazetteer::{Gazetteer, Match},
    notes::{Notes, Stage, Why},
    place::{CountryCode, Level, Place},
    rule::DataError,
    segment::{Clauses, Passage, Words},
    text::{Clean, Span},
};

/// What a stretch of text names.
#[derive(Clone, Debug, PartialEq)]
pub enum Of {
    /// A country.
    Country(CountryCode),
    /// A place.
    Place(Arc<Place>),
    /// A name that may be one of several places.
    Ambiguous(Vec<Arc<Place>>),
    /// A date that the text states, and what it is for.
    Date(Date, Role),
}

/// A stretch of the clean text that names something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where.
    pub span: Span<Clean>,
    /// What.
    pub of: Of,
}

/// The recognisers with their compiled data.
#[derive(Debug)]
pub struct Recogniser {
    gazetteer: Gazetteer,
    forms: Forms,
    dates: Dates,
}

impl Recogniser {
    /// Compiles the data.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Self::with(Gazetteer::new()?)
    }

    /// Compiles the data, but for the places.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn with(gazetteer: Gazetteer) -> Result<Self, DataError> {
        let forms =
            Forms::new("rules/place.toml", include_str!("../../rules/place.toml"), &gazetteer)?;
        let dates = Dates::new(dates::RULES.0, dates::RULES.1)?;
        Ok(Self { gazetteer, forms, dates })
    }

    /// The places that lists hold.
    #[must_use]
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// A name without the unit that it ends with, and the kind of this unit.
    #[must_use]
    pub fn unit<'n>(&self, name: &'n str) -> (&'n str, Option<Level>) {
        let (stem, suffix) = self.forms.stem(name);
        (stem, suffix.map(|suffix| suffix.level))
    }

    /// What the article names, in order, without overlaps, and its words for times.
    #[must_use]
    pub fn run(
        &self,
        article: &Article,
        passages: &[Passage],
        words: &Words,
        notes: &mut Notes,
    ) -> (Vec<Mention>, Vec<DateMention>) {
        let clean = article.text.clean();
        let names = self.names(clean, passages, words, notes);
        let dates = self.dates.run(clean, passages, article.published, notes);
        (merge(names, &dates), dates)
    }

    /// The countries and places that a clean text names, in order, without overlaps.
    #[must_use]
    pub fn names(
        &self,
        clean: &str,
        passages: &[Passage],
        words: &Words,
        notes: &mut Notes,
    ) -> Vec<Mention> {
        let clauses = Clauses::new(words, clean);
        let finder = Finder::new(&self.gazetteer, &self.forms, &clauses);
        let texts: Vec<(usize, &str, Vec<Match>)> = passages
            .iter()
            .map(|passage| {
                let text = &clean[passage.span.range()];
                (passage.span.start as usize, text, self.gazetteer.matches(text))
            })
            .collect();
        let mut known = places::Known::default();
        let mut first = Vec::with_capacity(texts.len());
        let mut asked: Vec<Asked> = Vec::with_capacity(texts.len());
        for (_, text, matches) in &texts {
            let found = finder.run(text, matches, &known, None);
            asked.push(known.asked());
            known.learn(text, &found, &finder);
            known.asked();
            first.push(found);
        }
        let open = rows::countries(clean, passages, &first);
        let mut found: Vec<(&str, Vec<places::Found>)> = texts
            .iter()
            .zip(open)
            .zip(first.into_iter().zip(asked))
            .map(|(((_, text, matches), open), (first, asked))| {
                // The second reading of most passages would be the first again.
                let same = open.is_none() && !known.tells_more(&asked, text);
                (*text, if same { first } else { finder.run(text, matches, &known, open) })
            })
            .collect();
        places::unify(&mut found, &self.forms);
        let mut mentions = Vec::new();
        for ((base, _, _), (text, found)) in texts.iter().zip(found) {
            for found in found {
                let span = Span::new(base + found.start..base + found.end);
                let of = match found.of {
                    Of::Ambiguous(places) => {
                        let name = &text[found.start..found.end];
                        let ids: Vec<&str> = places.iter().map(|place| &*place.key.0).collect();
                        let note = format!("{name}: {}", ids.join(", "));
                        notes.push(Stage::Recognise, Why::AmbiguousPlace, &note);
                        // A short name may as well be no name at all: 不得安宁.
                        match self.forms.stem(name).1 {
                            Some(_) => undecided(name, places),
                            None => Of::Ambiguous(places),
                        }
                    }
                    of => of,
                };
                mentions.push(Mention { span, of });
            }
        }
        mentions
    }
}

/// What is left of a name that several places have: where they lie in one country, a place of
/// it known by its name alone (鼓楼区); else the places.
fn undecided(name: &str, places: Vec<Arc<Place>>) -> Of {
    match &places[..] {
        [first, rest @ ..] if rest.iter().all(|place| place.country == first.country) => {
            Of::Place(Arc::new(Place::unlisted(name, first.country, None)))
        }
        _ => Of::Ambiguous(places),
    }
}

/// Puts dates among the names; where both claim a stretch the date yields.
fn merge(names: Vec<Mention>, dates: &[DateMention]) -> Vec<Mention> {
    let mut all = names;
    let count = all.len();
    for found in dates {
        let Some(date) = found.stated().cloned() else { continue };
        let span = found.span;
        let at = all[..count].partition_point(|mention| mention.span.end <= span.start);
        if all[..count].get(at).is_none_or(|mention| !mention.span.overlaps(span)) {
            all.push(Mention { span, of: Of::Date(date, found.role) });
        }
    }
    all.sort_by_key(|mention| mention.span);
    all
}
