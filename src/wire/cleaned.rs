//! [`Cleaned`]: the JSON that `clean` writes.

use std::io;

use serde::Serialize;

use super::Source;
use crate::{
    article::Article,
    notes::{Note, Notes, Why},
    offset::Offsets,
    segment::{Passage, PassageKind},
    text::{Change, Span},
};

/// One cleaned article, with all that was changed in it.
#[derive(Debug, Serialize)]
pub struct Cleaned<'a> {
    id: String,
    source: Source<'a>,
    title: Option<&'a str>,
    published: Option<String>,
    text: &'a str,
    passages: Vec<PassageRecord>,
    edits: Vec<Edit<'a>>,
    notes: &'a [Note],
}

/// What a line of the text is.
#[derive(Debug, Serialize)]
struct PassageRecord {
    kind: &'static str,
    start: u32,
    end: u32,
}

/// One change: `text[start..end]` stands for `removed`, which stood at `raw`.
#[derive(Debug, Serialize)]
struct Edit<'a> {
    why: Why,
    raw: Option<[u32; 2]>,
    removed: &'a str,
    start: u32,
    end: u32,
    with: &'a str,
}

impl<'a> Cleaned<'a> {
    /// What the wire says about a cleaned article and its passages.
    #[must_use]
    pub fn new(
        article: &'a Article,
        title: Option<&'a str>,
        passages: &[Passage],
        notes: &'a Notes,
    ) -> Self {
        let offsets = Offsets::new(article);
        let (raw, clean) = (article.text.raw(), article.text.clean());
        let changes = article.text.changes().into_iter();
        let changes = changes.flat_map(|change| parted(change, article.text_starts));
        let edits = changes.map(|change| {
            let [start, end] = offsets.clean(change.clean);
            Edit {
                why: change.why,
                raw: offsets.of_raw(change.raw),
                removed: &raw[change.raw.range()],
                start,
                end,
                with: &clean[change.clean.range()],
            }
        });
        let passages = passages.iter().map(|passage| {
            let [start, end] = offsets.clean(passage.span);
            PassageRecord { kind: name(passage.kind), start, end }
        });
        Self {
            id: article.id.to_string(),
            source: Source::new(&article.source),
            title,
            published: article.published.map(|published| published.date.to_string()),
            text: clean,
            passages: passages.collect(),
            edits: edits.collect(),
            notes: &notes.0,
        }
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

/// A change as it is, or in two where it begins in a title that was put first and ends in the
/// text that was read: only the second has a place there.
fn parted(change: Change, text_starts: u32) -> impl Iterator<Item = Change> {
    let Change { raw, clean, why } = change;
    let (from, to) = (raw.range(), clean.range());
    let at = text_starts as usize;
    let second = (from.start < at && at < from.end).then(|| Change {
        raw: Span::new(at..from.end),
        clean: Span::new(to.end..to.end),
        why,
    });
    let first = if second.is_some() { Span::new(from.start..at) } else { raw };
    [Some(Change { raw: first, clean, why }), second].into_iter().flatten()
}

fn name(kind: PassageKind) -> &'static str {
    match kind {
        PassageKind::Headline => "headline",
        PassageKind::Heading => "heading",
        PassageKind::Body => "body",
        PassageKind::ListItem => "list-item",
        PassageKind::Row { header: true, .. } => "header-row",
        PassageKind::Row { header: false, .. } => "row",
        PassageKind::Caption => "caption",
    }
}
