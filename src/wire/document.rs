//! [`Document`]: an article as the store keeps it beside the graph.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Record, Source};
use crate::{
    article::{self, ArticleId},
    notes::Why,
    offset::CodePoints,
    pipeline::Extraction,
};

/// Code points of one piece of noise that are kept: a page may have a megabyte of furniture.
const LONGEST: usize = 1_000;

/// What is kept of an article so that it can be shown without its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What `extract` prints of it: one JSON object, without a line end.
    pub record: String,
    /// What was taken out of it: a JSON array of objects with `at`, `end`, `why`, `text` and
    /// `length`. `text[at..end]` of the record stands where the noise was, nothing if both
    /// are the same. Changes of form alone (script, width, white space) are not listed.
    pub noise: String,
}

#[derive(Serialize)]
struct Noise<'a> {
    at: u32,
    end: u32,
    why: Why,
    text: &'a str,
    length: usize,
}

impl Document {
    /// What is kept of an article.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON.
    pub fn new(extraction: &Extraction) -> serde_json::Result<Self> {
        let text = &extraction.article.text;
        let points = CodePoints::new(text.clean());
        let noise: Vec<_> = text
            .changes()
            .into_iter()
            .filter(|change| !change.why.is_form())
            .map(|change| {
                let removed = &text.raw()[change.raw.range()];
                let cut = removed.char_indices().nth(LONGEST).map_or(removed.len(), |(at, _)| at);
                let clean = change.clean.range();
                Noise {
                    at: points.at(clean.start),
                    end: points.at(clean.end),
                    why: change.why,
                    text: &removed[..cut],
                    length: removed.chars().count(),
                }
            })
            .collect();
        Ok(Self {
            record: serde_json::to_string(&Record::new(extraction))?,
            noise: serde_json::to_string(&noise)?,
        })
    }

    /// Says of which article it is a copy, in the record.
    pub fn set_duplicate_of(&mut self, original: &ArticleId) {
        // Within strings the quotes are escaped, so that this is the field.
        let unknown = "\"duplicate_of\":null";
        self.record = self.record.replacen(unknown, &format!("\"duplicate_of\":\"{original}\""), 1);
    }

    /// Says in the record where the article was found.
    pub(crate) fn place_at(&mut self, source: &article::Source) {
        #[derive(Deserialize)]
        struct OnlySource<'a> {
            #[serde(borrow)]
            source: &'a RawValue,
        }
        let place = serde_json::from_str::<OnlySource<'_>>(&self.record).ok().and_then(|it| {
            let start = it.source.get().as_ptr().addr() - self.record.as_ptr().addr();
            let place = serde_json::to_string(&Source::new(source)).ok()?;
            Some((start..start + it.source.get().len(), place))
        });
        if let Some((range, place)) = place {
            self.record.replace_range(range, &place);
        }
    }

    /// The clean text.
    ///
    /// # Errors
    ///
    /// If the record is none.
    pub fn text(&self) -> serde_json::Result<String> {
        #[derive(Deserialize)]
        struct OnlyText {
            text: String,
        }
        Ok(serde_json::from_str::<OnlyText>(&self.record)?.text)
    }
}
