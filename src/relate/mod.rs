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
mod tables;

pub use rules::{Example, Rule, Rules};
pub use statistics::{CountRule, CountRules};
pub use tables::TableRules;

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
    tables: TableRules,
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
        let tables = include_str!("../../rules/table.toml");
        Ok(Self {
            rules: Rules::new("rules/agreement.toml", toml)?,
            counts: CountRules::new("rules/statistic.toml", counts)?,
            tables: TableRules::new("rules/table.toml", tables)?,
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
        let list =
            tables::List { tables: &self.tables, rules: &self.rules, article, clean, mentions };
        let (mut found, listed) = tables::read(list, passages, context.own(""), notes);
        let mut counted = Vec::new();
        for (passage, listed) in passages.iter().zip(listed) {
            context.enter(passage, mentions);
            let is_row = matches!(passage.kind, PassageKind::Row { .. });
            if listed || is_row && !tables::is_sentence(clean, mentions, passage.span) {
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
                context.leave(span, mentions, &self.rules);
            }
        }
        let longest = claims::longest_names(clean, mentions);
        for statistic in &mut counted {
            let subject = &mut statistic.subject;
            if let Some(longest) = longest.get(&subject.place.key) {
                (*longest).clone_into(&mut subject.name);
            }
        }
        (claims::consolidate(found, clean, mentions), counted)
    }
}
