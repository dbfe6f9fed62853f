//! Relate: mentions to [`Claim`]s and [`Statistic`]s.
//!
//! A passage is read sentence by sentence. The rules of `rules/agreement.toml` find who
//! is tied to whom; the kind, the status and the date are then read from the words
//! around the match. What a sentence leaves out (the subject, 两市, the date) comes from
//! the sentences before it.

mod act;
mod around;
mod claims;
mod condition;
mod context;
mod day;
mod found;
mod grammar;
mod lexicon;
mod loader;
mod need;
mod particulars;
mod parties;
mod pattern;
mod program;
mod reading;
mod rules;
mod sentence;
mod shadow;
mod statistics;
mod subject;
mod tables;
mod trace;
mod written;

pub use grammar::RuleFile;
pub use particulars::{ParticularRule, ParticularRules};
pub use rules::{Example, Rule, Rules};
pub use statistics::{CountRule, CountRules};
pub use tables::TableRules;
pub use trace::{Outcome, Trace, Try};

use crate::{
    agreement::{Claim, Statistic, Status},
    article::Article,
    notes::Notes,
    prefixes::Prefixes,
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
    particulars: ParticularRules,
    /// Words of those without which nothing is claimed or counted.
    words: Prefixes,
}

/// What the name of a rule file begins with, by what is in it.
pub const RULE_FILES: [&str; 4] = ["agreement", "statistic", "table", "particulars"];

impl Relater {
    /// Compiles the rules that come with the program.
    ///
    /// # Errors
    ///
    /// If a rule file has a mistake.
    pub fn new() -> Result<Self, DataError> {
        Self::with(&[])
    }

    /// Compiles the rules that come with the program and those of some files: what the name
    /// of a file begins with (see [`RULE_FILES`]) says what is in it.
    ///
    /// # Errors
    ///
    /// If a rule file has a mistake, or a name that says nothing.
    pub fn with(user: &[RuleFile]) -> Result<Self, DataError> {
        let kind = |file: &RuleFile| {
            let name = file.name.rsplit(['/', '\\']).next().unwrap_or("");
            RULE_FILES.into_iter().find(|kind| name.starts_with(kind))
        };
        if let Some(file) = user.iter().find(|file| kind(file).is_none()) {
            let message = "the name of a rule file begins with agreement, statistic, table or \
                           particulars: it says what is in it";
            return Err(file.error(0, message));
        }
        let files = |wanted: &str, toml: &str| {
            let mut files = vec![RuleFile::bundled(&format!("rules/{wanted}.toml"), toml)];
            files.extend(user.iter().filter(|file| kind(file) == Some(wanted)).cloned());
            files
        };
        let rules = Rules::new(&files("agreement", include_str!("../../rules/agreement.toml")))?;
        let counts =
            CountRules::new(&files("statistic", include_str!("../../rules/statistic.toml")))?;
        let tables = TableRules::new(&files("table", include_str!("../../rules/table.toml")))?;
        let words = rules.triggers.words().chain(counts.words()).chain(tables.tie_words.words());
        Ok(Self {
            words: Prefixes::new(words),
            rules,
            counts,
            tables,
            particulars: ParticularRules::new(&files("particulars", particulars::BUNDLED))?,
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

    /// The rules for what is told of a signing besides who, what and when.
    #[must_use]
    pub fn particulars(&self) -> &ParticularRules {
        &self.particulars
    }

    /// Whether an article has a word of those without which nothing is claimed or counted, as
    /// most news has none.
    fn may_tell(&self, article: &Article, passages: &[Passage]) -> bool {
        let lines = passages.iter().map(|passage| article.text.at(passage.span));
        let title = article.title.as_deref();
        self.words.any_within(article.text.clean())
            || title.is_some_and(|title| self.words.any_within(title))
            || lines.chain(title).any(|line| self.tables.may_list(line))
    }

    /// What the article claims and counts; with `traces`, also why its sentences are read as
    /// they are.
    #[must_use]
    pub fn run(
        &self,
        article: &Article,
        passages: &[Passage],
        mentions: &[Mention],
        notes: &mut Notes,
        mut traces: Option<&mut Vec<Trace>>,
    ) -> (Vec<Claim>, Vec<Statistic>) {
        let clean = article.text.clean();
        if traces.is_none() && !self.may_tell(article, passages) {
            return (Vec::new(), Vec::new());
        }
        let mut context = context::Context::new(clean, passages, mentions, &self.rules);
        let list =
            tables::List { tables: &self.tables, rules: &self.rules, article, clean, mentions };
        let tables::Found { claims: mut found, taken, mut prose } =
            tables::read(list, passages, context.owner(), notes);
        let mut counted = Vec::new();
        for (passage, listed) in passages.iter().zip(taken) {
            context.enter(passage, mentions);
            let is_row = matches!(passage.kind, PassageKind::Row { .. });
            if is_row && (listed || !tables::is_sentence(clean, mentions, passage.span)) {
                continue;
            }
            for span in reading::readings(&self.rules, clean, passage.span) {
                context.begin(span, &self.rules);
                let speaks = !listed && self.rules.triggers.any_within(&clean[span.range()]);
                if speaks || traces.is_some() {
                    let sentence = sentence::Sentence::new(&self.rules, article, mentions, span);
                    let before = found.len();
                    let mut trace = traces.is_some().then(|| sentence.trace());
                    if speaks {
                        let tries = trace.as_mut().map(|trace| &mut trace.tries);
                        sentence.claims(&mut context, &mut found, notes, tries);
                        sentence.former_and_latter(&mut found[before..]);
                        tables::leave_to_lists(&mut prose, &mut found, before);
                    }
                    if let Some(traces) = &mut traces {
                        traces.extend(trace);
                    }
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
                if !listed {
                    context.leave(span, mentions, &self.rules);
                }
            }
        }
        found.extend(prose.into_iter().flat_map(|list| list.claims));
        let published = article.published.map(|published| published.date);
        let headline = passages.iter().find(|passage| passage.kind == PassageKind::Headline);
        let headline = headline.map(|it| it.span);
        let mut claims =
            claims::consolidate(found, clean, mentions, headline, published, &self.rules);
        for claim in &mut claims {
            let in_headline = headline.is_some_and(|it| it.contains(claim.evidence.span));
            if in_headline && claim.date.is_none() && claim.status == Status::Signed {
                claim.date = context.news(published);
            }
        }
        particulars::add(&self.particulars, clean, passages, mentions, &mut claims);
        let longest = claims::longest_names(clean, mentions);
        for statistic in &mut counted {
            let subject = &mut statistic.subject;
            if let Some(longest) = longest.get(&subject.place.key) {
                (*longest).clone_into(&mut subject.name);
            }
        }
        (claims, counted)
    }
}
