//! Repeats: what stands in the text twice, though it was written once.
//!
//! Content systems print the title again above or inside the first paragraph, put a
//! summary before the body that quotes it, and print the body twice. Copies are compared
//! by their letters and digits alone, sentence by sentence, so that spaces, line ends and
//! leftover annotations do not matter. The first copy that is whole stays. Refrains, rows
//! of lists and tables, headings and quotations inside a sentence stay.

mod page;
mod passage;
mod title;

use self::page::{Line, Page};
use super::words::RepeatWords;
use crate::{
    notes::Why,
    text::{Clean, Edit, Span},
};

/// Taking one repeat away may show another; no real text needs more than two rounds.
const ROUNDS: usize = 6;

/// The pass with its words.
#[derive(Debug)]
pub(super) struct Repeats {
    words: RepeatWords,
}

impl Repeats {
    pub(super) fn new(mut words: RepeatWords) -> Self {
        words.mark();
        Self { words }
    }

    /// What to cut out of `text`, given the stated title and the rows of lists and tables.
    pub(super) fn edits(&self, text: &str, title: Option<&str>, rows: &[Span<Clean>]) -> Vec<Edit> {
        let mut lines = page::lines(text);
        mark_rows(&mut lines, rows);
        let mut changed = false;
        for _ in 0..ROUNDS {
            let titles = title::mark(text, &mut lines, title, &self.words);
            let page = Page::new(text, &lines);
            let passages = passage::mark(text, &mut lines, &page);
            let page = if passages { Page::new(text, &lines) } else { page };
            let summaries = passage::mark_summary(text, &mut lines, &page, &self.words);
            if !(titles || passages || summaries) {
                break;
            }
            changed = true;
        }
        if changed { cuts(&lines) } else { Vec::new() }
    }
}

/// Marks the lines that lie in a row that the page's markup shows.
fn mark_rows(lines: &mut [Line], rows: &[Span<Clean>]) {
    let mut rows = rows.iter().map(|row| row.range()).peekable();
    for line in lines {
        while rows.next_if(|row| row.end <= line.whole.start).is_some() {}
        line.row |= rows.peek().is_some_and(|row| row.start < line.whole.end);
    }
}

/// The edits that take away what is marked, line ends included.
fn cuts(lines: &[Line]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let last_kept = lines.iter().rposition(|line| line.gone.is_none()).unwrap_or(0);
    for (n, line) in lines.iter().enumerate() {
        let before = n.checked_sub(1).map(|n| &lines[n]);
        if line.parted
            && (line.gone.is_none() || n < last_kept)
            && let Some(before) = before
        {
            edits.push(Edit::replace(before.whole.end..line.whole.start, "\n", Why::Space));
        }
        match (line.gone, before) {
            // With the line end after it, or at the end of the text the one before it.
            (Some(why), _) if n < last_kept => {
                edits.push(Edit::cut(line.whole.start..lines[n + 1].whole.start, why));
            }
            (Some(why), Some(before)) => {
                edits.push(Edit::cut(before.whole.end..line.whole.end, why));
            }
            (Some(_), None) => {}
            (None, _) => {
                let (whole, kept) = (&line.whole, &line.kept);
                for part in [whole.start..kept.start, kept.end..whole.end] {
                    if !part.is_empty() {
                        edits.push(Edit::cut(part, Why::RepeatedTitle));
                    }
                }
            }
        }
    }
    edits
}
