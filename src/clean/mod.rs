//! Clean: the text as it was meant, out of the text as it stands on the page.

mod boilerplate;
mod pinyin;
mod repeats;
mod scramble;
mod script;
mod width;
mod words;
mod wrap;

use std::sync::Arc;

pub use script::simplified;

use crate::{
    article::{Article, Block, BlockKind},
    notes::Notes,
    rule::DataError,
    text::{Clean, Span, Text},
};

/// Taking repeats and scramble away in turn ends after so many rounds at the latest.
const ROUNDS: usize = 3;

/// The cleaning passes with their compiled data.
#[derive(Debug)]
pub struct Cleaner {
    boilerplate: boilerplate::Boilerplate,
    width: width::Width,
    pinyin: pinyin::Pinyin,
    script: script::Script,
    repeats: repeats::Repeats,
}

impl Cleaner {
    /// Compiles what the passes need.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn new() -> Result<Self, DataError> {
        let words = words::Words::load()?;
        let simplified = script::table();
        Ok(Self {
            boilerplate: boilerplate::Boilerplate::new()?,
            width: width::Width::new(),
            script: script::Script::new(&words.script, Arc::clone(&simplified)),
            pinyin: pinyin::Pinyin::new(words.pinyin, simplified),
            repeats: repeats::Repeats::new(words.repeats),
        })
    }

    /// Applies every pass, in order, to the text of the article.
    ///
    /// The boilerplate of a page goes first, because its layout is in raw coordinates; the
    /// lines of plain text are joined first, while their indents are there;
    /// that of plain text after the characters, because its lines are then regular.
    /// Repeats go last, because two copies are often the same only when the noise, which
    /// differs from copy to copy, is gone.
    pub fn run(&self, article: &mut Article, _notes: &mut Notes) {
        let plain = article.layout.is_empty();
        if !plain {
            let edits = self.boilerplate.edits(article.text.clean(), &article.layout);
            article.text.apply(&edits);
        } else {
            let edits = wrap::edits(article.text.clean());
            article.text.apply(&edits);
        }
        self.characters(&mut article.text);
        let title = article.title.as_deref().map(|title| {
            let mut title = Text::new(title);
            self.characters(&mut title);
            title
        });
        let title = title.as_ref().map(Text::clean);
        // Where a title or a tail was cut off, other noise may now begin or end a line.
        for _ in 0..ROUNDS {
            let mut changed = false;
            if plain {
                let edits = self.boilerplate.edits(article.text.clean(), &[]);
                article.text.apply(&edits);
                changed |= !edits.is_empty();
            }
            let rows = rows(&article.text, &article.layout);
            let edits = self.repeats.edits(article.text.clean(), title, &rows);
            article.text.apply(&edits);
            changed |= !edits.is_empty();
            if !changed {
                break;
            }
            // White space and line ends may meet where something was.
            let edits = self.width.edits(article.text.clean());
            article.text.apply(&edits);
            self.unscramble(&mut article.text);
        }
    }

    /// Takes the pinyin annotations out of a text, and does nothing else to it.
    pub fn strip_pinyin(&self, text: &mut Text) {
        let edits = self.pinyin.edits(text.clean());
        text.apply(&edits);
    }

    /// The passes that look at characters and their neighbours: width first, so that
    /// brackets, letters and spaces are regular for the others; pinyin before scramble, so
    /// that scramble is found where an annotation stood between it and the text; script
    /// last, because annotations part the words that it needs to see.
    fn characters(&self, text: &mut Text) {
        let edits = self.width.edits(text.clean());
        text.apply(&edits);
        self.strip_pinyin(text);
        self.unscramble(text);
        let edits = self.script.edits(text.clean());
        text.apply(&edits);
    }

    /// Takes scramble away, and says whether there was any. What is left of a line may turn
    /// out to be some more of it.
    fn unscramble(&self, text: &mut Text) -> bool {
        for round in 0..ROUNDS {
            let edits = scramble::edits(text.clean());
            if edits.is_empty() {
                return round > 0;
            }
            text.apply(&edits);
            // Where scramble was, white space and line ends may now meet.
            let edits = self.width.edits(text.clean());
            text.apply(&edits);
        }
        true
    }
}

/// What is left of the list items and table rows of a page, in order.
fn rows(text: &Text, layout: &[Block]) -> Vec<Span<Clean>> {
    let is_row = |block: &&Block| matches!(block.kind, BlockKind::ListItem | BlockKind::Row { .. });
    layout.iter().filter(is_row).filter_map(|block| text.to_clean(block.span)).collect()
}
