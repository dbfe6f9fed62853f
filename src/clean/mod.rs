//! Clean: the text as it was meant, out of the text as it stands on the page.

mod boilerplate;
mod pinyin;
mod repeats;
mod script;
mod width;

use crate::{article::Article, notes::Notes, rule::DataError};

/// The cleaning passes with their compiled data.
#[derive(Debug)]
pub struct Cleaner {
    boilerplate: boilerplate::Boilerplate,
}

impl Cleaner {
    /// Compiles what the passes need.
    ///
    /// # Errors
    ///
    /// If a data file has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self { boilerplate: boilerplate::Boilerplate::new()? })
    }

    /// Applies every pass, in order, to the text of the article.
    pub fn run(&self, article: &mut Article, _notes: &mut Notes) {
        let edits = self.boilerplate.edits(article.text.clean(), &article.layout);
        article.text.apply(&edits);
        for pass in [width::edits, pinyin::edits, script::edits] {
            let edits = pass(article.text.clean());
            article.text.apply(&edits);
        }
        let edits = repeats::edits(article.text.clean(), article.title.as_deref());
        article.text.apply(&edits);
    }
}
