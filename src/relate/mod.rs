//! Relate: mentions to [`Claim`]s and [`Statistic`]s.
//!
//! A passage is read sentence by sentence. The rules of `rules/agreement.toml` find who
//! is tied to whom; the kind, the status and the date are then read from the words
//! around the match. What a sentence leaves out (the subject, 两市, the date) comes from
//! the sentences before it.

mod claims;
mod context;
mod parties;
mod pattern;
mod rules;
mod sentence;
mod shadow;
mod statistics;

pub use rules::{Example, Rule, Rules};
pub use statistics::{CountRule, CountRules};

use crate::{
    agreement::{Claim, Statistic},
    article::Article,
    notes::Notes,
    recognise::Mention,
    rule::DataError,
    segment::{Passage, PassageKind},
};

/// The compiled rules.
#[derive(Debug)]
pub struct Relater {
    rules: Rules,
    counts: CountRules,
}

impl Relater {
    /// Compiles the rules.
    ///
    /// # Errors
    ///
    /// If a rule file has a mistake.
    pub fn new() -> Result<Self, DataError> {
        let toml = include_str!("../../rules/agreement.toml");
        let counts = include_str!("../../rules/statistic.toml");
        Ok(Self {
            rules: Rules::new("rules/agreement.toml", toml)?,
            counts: CountRules::new("rules/statistic.toml", counts)?,
        })
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The rules for counts of ties.
    #[must_use]
    pub fn counts(&self) -> &CountRules {
        &self.counts
    }

    /// What the article claims and counts.
    #[must_use]
    pub fn run(
        &self,
        article: &Article,
        passages: &[Passage],
        mentions: &[Mention],
        notes: &mut Notes,
    ) -> (Vec<Claim>, Vec<Statistic>) {
        let clean = article.text.clean();
        let mut context = context::Context::new(clean, passages, mentions);
        let mut found = Vec::new();
        let mut counted = Vec::new();
        for passage in passages {
            context.enter(passage, mentions);
            if matches!(passage.kind, PassageKind::Row { .. }) {
                continue;
            }
            for span in sentence::sentences(clean, passage.span) {
                if self.rules.triggers.is_match(&clean[span.range()]) {
                    let sentence = sentence::Sentence::new(&self.rules, article, mentions, span);
                    let before = found.len();
                    sentence.claims(&mut context, &mut found, notes);
                    sentence.former_and_latter(&mut found[before..]);
                }
                let sentence = statistics::Counted {
                    counts: &self.counts,
                    rules: &self.rules,
                    article: article.id,
                    clean,
                    mentions,
                    span,
                };
                sentence.read(&context, &mut counted);
                context.leave(span, mentions);
            }
        }
        (claims::consolidate(found, clean, mentions), counted)
    }
}
