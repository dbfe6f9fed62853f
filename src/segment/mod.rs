//! Segment: clean text to [`Passage`]s, sentences and words.

pub mod dateline;
mod dictionary;
mod headline;
mod rows;
pub mod words;

pub use dateline::Datelines;
pub use rows::cells;
pub(crate) use words::Clauses;
pub use words::Words;

use crate::{
    article::{Article, BlockKind},
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
pub struct Segmenter {
    words: Words,
    datelines: Datelines,
}

impl Segmenter {
    /// Loads the dictionary.
    ///
    /// # Errors
    ///
    /// If the data has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self { words: Words::new(), datelines: Datelines::bundled()? })
    }

    /// The words of its texts.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The passages of a cleaned article.
    #[must_use]
    pub fn run(&self, article: &Article, _notes: &mut Notes) -> Vec<Passage> {
        let text = &article.text;
        let clean = text.clean();
        let mut blocks = article.layout.iter().filter(|block| block.kind != BlockKind::Furniture);
        let mut block = blocks.next();
        let mut passages: Vec<Passage> = Vec::new();
        for line in clean.split('\n') {
            let start = line.as_ptr() as usize - clean.as_ptr() as usize;
            let lead = line.len() - line.trim_start().len();
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let span: Span<Clean> = Span::new(start + lead..start + lead + line.len());
            let raw = text.to_raw(span);
            while block.is_some_and(|block| block.span.end <= raw.start) {
                block = blocks.next();
            }
            let first = passages.is_empty();
            let kind = match block.filter(|block| block.span.overlaps(raw)) {
                Some(block) => PassageKind::of(block.kind),
                None => by_form(line, first, article.title.as_deref()),
            };
            // A headline that the dateline is glued to is a body after all.
            let found = match kind {
                PassageKind::Row { .. } | PassageKind::ListItem => None,
                _ => self.datelines.find(line),
            };
            let kind = if found.is_some() { PassageKind::Body } else { kind };
            let start = span.start as usize;
            let dateline = found.map(|at| Span::new(start + at.start..start + at.end));
            passages.push(Passage { span, kind, dateline });
        }
        if article.layout.is_empty() && article.title.is_none() {
            lower_headline(clean, &mut passages);
        }
        // A lone line is the article, not its headline.
        if let [only] = &mut passages[..]
            && article.title.is_none()
        {
            only.kind = PassageKind::Body;
        }
        if article.layout.is_empty() {
            rows::mark(clean, &mut passages);
        }
        rows::widen(clean, &mut passages);
        passages
    }
}

/// Calls the headline what is one, where lines of the site stand above it.
fn lower_headline(clean: &str, passages: &mut [Passage]) {
    let lines: Vec<&str> = passages.iter().map(|it| &clean[it.span.range()]).collect();
    if let Some(n) = headline::below_others(&lines)
        && passages[n].dateline.is_none()
    {
        passages[0].kind = match passages[0].kind {
            PassageKind::Headline => by_form(lines[0], false, None),
            other => other,
        };
        passages[n].kind = PassageKind::Headline;
    }
}

/// The title of an article: its headline, as the clean text has it, else the stated one.
#[must_use]
pub fn title<'a>(article: &'a Article, passages: &[Passage]) -> Option<&'a str> {
    let headline = passages.iter().find(|passage| passage.kind == PassageKind::Headline);
    headline.map(|passage| article.text.at(passage.span)).or(article.title.as_deref())
}

impl PassageKind {
    fn of(block: BlockKind) -> Self {
        match block {
            BlockKind::Title => Self::Headline,
            BlockKind::Heading => Self::Heading,
            BlockKind::Paragraph | BlockKind::Furniture => Self::Body,
            BlockKind::ListItem => Self::ListItem,
            BlockKind::Row { table, header } => Self::Row { table, header },
            BlockKind::Caption => Self::Caption,
        }
    }
}

/// Longer lines are no headings, in characters.
const LONGEST_HEADING: usize = 42;

/// What a line of plain text is, by its look.
fn by_form(line: &str, first: bool, title: Option<&str>) -> PassageKind {
    let ends = line.ends_with(['。', '！', '？', '；', '：', '”', '，', '!', '?', ';', ':', ',']);
    let chars = line.chars().count();
    if first && title.is_some_and(|title| title.trim() == line) {
        return PassageKind::Headline;
    }
    if ends && !(first && line.ends_with(['！', '？', '!', '?', '”'])) || line.contains('。') {
        return PassageKind::Body;
    }
    match first {
        true if chars <= 2 * LONGEST_HEADING => PassageKind::Headline,
        false if chars <= LONGEST_HEADING && !line.contains(['、', '(', '（']) => {
            PassageKind::Heading
        }
        _ => PassageKind::Body,
    }
}
