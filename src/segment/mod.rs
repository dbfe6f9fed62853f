//! Segment: clean text to [`Passage`]s, sentences and words.

use crate::{
    article::{Block, BlockKind},
    text::{Clean, Span, Text},
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
