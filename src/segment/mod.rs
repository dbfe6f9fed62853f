//! Segment: clean text to [`Passage`]s, sentences and words.

pub mod dateline;

use crate::{
    article::Article,
    notes::Notes,
    rule::DataError,
    text::{Clean, Span},
};

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassageKind {
    /// The title of the article.
    Headline,
    /// A heading within it.
    Heading,
    /// Running text.
    Body,
    /// One item of a list.
    ListItem,
    /// One row of a table; its cells are separated by tabs.
    Row {
        /// Which table of the article, from 0.
        table: u16,
        /// Whether it names the columns.
        header: bool,
    },
    /// The caption of a picture or table.
    Caption,
}

/// One line of the clean text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands, without the line end.
    pub span: Span<Clean>,
    /// What it is.
    pub kind: PassageKind,
    /// Where its dateline stands (`新华社南宁11月19日电`), if it begins with one.
    pub dateline: Option<Span<Clean>>,
}

/// Cuts texts into passages and words.
#[derive(Debug)]
pub struct Segmenter;

impl Segmenter {
    /// Loads the dictionary.
    ///
    /// # Errors
    ///
    /// If the data has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self)
    }

    /// The passages of a cleaned article.
    #[must_use]
    pub fn run(&self, article: &Article, _notes: &mut Notes) -> Vec<Passage> {
        let clean = article.text.clean();
        clean
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let start = line.as_ptr() as usize - clean.as_ptr() as usize;
                let span = Span::new(start..start + line.len());
                Passage { span, kind: PassageKind::Body, dateline: None }
            })
            .collect()
    }
}
