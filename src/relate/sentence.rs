//! [`Sentence`]: what one sentence claims.

use super::{
    context::Context,
    lexicon::Marked,
    parties,
    pattern::Role as Part,
    program::Match,
    rules::{Rule, Rules, first_chars},
    shadow::{self, Item, Shadow, Symbol},
    trace::{self, Outcome, Refusal, Trace, Try},
};
use crate::{
    agreement::{Claim, Party},
    article::Article,
    date::Date,
    notes::{Notes, Stage, Why},
    recognise::{Mention, Of, dates::Role},
    text::{Clean, Span},
};

/// Claims that are less sure are only implied.
pub(super) const IMPLIED: f32 = 0.5;
/// A sentence with its shadow.
pub(super) struct Sentence<'a> {
    pub(super) rules: &'a Rules,
    pub(super) article: &'a Article,
    pub(super) clean: &'a str,
    pub(super) mentions: &'a [Mention],
    pub(super) span: Span<Clean>,
    pub(super) shadow: Shadow,
}

/// One match of a rule, in bytes of the shadow text.
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) act: (usize, usize),
    pub(super) end: usize,
}

impl Found {
    pub(super) fn of(groups: &Match) -> Option<Self> {
        let act = groups.get(Part::Act)?;
        Some(Self { start: groups.start, act, end: groups.end })
    }
}

impl<'a> Sentence<'a> {
    pub(super) fn new(
        rules: &'a Rules,
        article: &'a Article,
        mentions: &'a [Mention],
        span: Span<Clean>,
    ) -> Self {
        let clean = article.text.clean();
        let masks = rules.masks(&clean[span.range()]);
        let shadow = Shadow::new(clean, span, mentions, &masks, &|text| rules.is_tie(text));
        Self { rules, article, clean, mentions, span, shadow }
    }

    /// Adds what the sentence claims to `claims`.
    pub(super) fn claims(
        &self,
        context: &mut Context<'_>,
        claims: &mut Vec<Claim>,
        notes: &mut Notes,
        mut trace: Option<&mut Vec<Try>>,
    ) {
        // Symbols of places that a rule has used: one act gives one claim.
        let mut used: Vec<(usize, usize)> = Vec::new();
        let mut acts: Vec<(usize, usize)> = Vec::new();
        let marked = Marked::new(&self.rules.grammar.lexicon, &self.shadow);
        for rule in &self.rules.rules {
            if !rule.may_fit(&marked) {
                if let Some(trace) = trace.as_deref_mut() {
                    let outcome = Outcome::of_misfit(rule, &marked, &self.shadow);
                    trace.push(Try { rule: rule.id.clone(), outcome });
                }
                continue;
            }
            let mut from = 0;
            let mut fits = false;
            while let Some(groups) = rule.pattern.find(&marked, from) {
                from = self.next_start(&groups);
                let Some(found) = Found::of(&groups) else { continue };
                let free = |at: usize| !used.iter().any(|&(place, _)| place == at);
                fits = true;
                let told = |act: &(usize, usize)| act.0 < found.act.1 && found.act.0 < act.1;
                if acts.iter().any(told) && groups.get(Part::Both).is_some() {
                    if let Some(trace) = trace.as_deref_mut() {
                        trace.push(self.tried(rule, &groups, Some(Refusal::Used), &[]));
                    }
                    continue;
                }
                let mut why = None;
                let made = self.read(rule, &groups, context, &free, &mut why, notes);
                if let Some(trace) = trace.as_deref_mut() {
                    trace.push(self.tried(rule, &groups, why, &made));
                }
                if made.is_empty() {
                    // A list may begin too early: at where something happens, or at a body.
                    let first = self.shadow.items_in(found.start, found.act.0).first();
                    from = first.map_or(from, |item| (item.at + 3).min(from));
                } else {
                    for (claim, members) in made {
                        used.extend(members.iter().map(|&at| (at, found.act.0)));
                        // What is only implied is no ground for what follows.
                        if claim.confidence >= IMPLIED {
                            context.tell(claim.parties.clone(), claim.kind);
                        }
                        claims.push(claim);
                    }
                    acts.push(found.act);
                }
            }
            if let Some(trace) = trace.as_deref_mut().filter(|_| !fits) {
                let outcome = Outcome::of_misfit(rule, &marked, &self.shadow);
                trace.push(Try { rule: rule.id.clone(), outcome });
            }
        }
    }

    /// The sentence as it is told, before any rule is tried.
    pub(super) fn trace(&self) -> Trace {
        Trace {
            sentence: self.quote().to_owned(),
            shadow: trace::shown(self.shadow.text.trim()),
            tries: Vec::new(),
        }
    }

    /// What is told of a rule that fits.
    fn tried(
        &self,
        rule: &Rule,
        groups: &Match,
        why: Option<Refusal<'_>>,
        made: &[(Claim, Vec<usize>)],
    ) -> Try {
        let fits = trace::shown(&self.shadow.text[groups.start..groups.end]);
        let outcome = if made.is_empty() {
            let why = why.map_or_else(String::new, |why| why.to_string());
            Outcome::Refused { fits, why }
        } else {
            let claims = made.iter().map(|(claim, _)| claim.to_string()).collect();
            Outcome::Claims { fits, claims }
        };
        Try { rule: rule.id.clone(), outcome }
    }

    /// Notes a list that announces more places than it names: A、B等14个城市.
    pub(super) fn count_list(&self, (start, end): (usize, usize), notes: &mut Notes) {
        let foreign = |item: &&Item| item.symbol == Symbol::Foreign;
        let named = self.shadow.items_in(start, end).iter().filter(foreign).count();
        let rest = &self.shadow.text[end..];
        let Some(behind) = rest.strip_prefix('等') else { return };
        let Some(at) = behind.find(Symbol::Number.char()) else { return };
        if first_chars(behind, 4).len() < at {
            return;
        }
        let from = end + (rest.len() - behind.len()) + at;
        let count = self
            .shadow
            .items_in(from, from + 1)
            .first()
            .and_then(|item| shadow::value(&self.clean[item.span.range()]));
        if count.is_some_and(|count| count as usize > named) {
            notes.push(Stage::Relate, Why::ShortList, self.quote());
        }
    }

    /// The last place in a stretch of the shadow text.
    pub(super) fn place_in(&self, (start, end): (usize, usize)) -> Option<Party> {
        let items = self.shadow.items_in(start, end).iter().rev();
        items.into_iter().find_map(|item| parties::party(item, self.mentions, self.clean))
    }

    /// Whether the title of what is signed names places.
    pub(super) fn is_titled(&self, found: &Found) -> bool {
        let title = self.shadow.text[found.act.1..].split('《').nth(1);
        title
            .and_then(|title| title.split('》').next())
            .is_some_and(|title| title.contains([Symbol::Chinese.char(), Symbol::Foreign.char()]))
    }

    /// Whether the title of what is signed says what the two are to each other.
    pub(super) fn names_tie(&self, found: &Found) -> bool {
        let text = &self.shadow.text[found.act.1..found.end.max(found.act.1)];
        text.contains('《') && self.rules.friend.is_match(text)
    }

    /// Where the search goes on after a match: behind its places, so that the act may
    /// serve the next ones as well.
    fn next_start(&self, groups: &Match) -> usize {
        let act = groups.get(Part::Act).map_or(groups.end, |act| act.1);
        act.max(groups.start + 1).min(self.shadow.text.len())
    }

    /// The clean text of a stretch of the shadow text.
    pub(super) fn original(&self, start: usize, end: usize) -> String {
        let from = self.shadow.to_clean(start) as usize;
        let to = self.shadow.to_clean(end) as usize;
        self.clean.get(from..to).unwrap_or("").to_owned()
    }

    pub(super) fn quote(&self) -> &str {
        self.clean[self.span.range()].trim()
    }

    /// The byte behind the last place before the act.
    pub(super) fn last_place(&self, found: &Found) -> usize {
        self.shadow
            .items_in(found.start, found.act.0)
            .iter()
            .rev()
            .find(|item| matches!(item.symbol, Symbol::Foreign | Symbol::Chinese))
            .map_or(found.start, |item| item.at + item.symbol.char().len_utf8())
    }

    /// The date of a mention, if something can have happened then.
    pub(super) fn dated(&self, mention: Option<usize>) -> Option<Date> {
        match &self.mentions.get(mention?)?.of {
            Of::Date(date, Role::Point | Role::Start) => Some(date.clone()),
            _ => None,
        }
    }
}

pub(super) fn trimmed(clean: &str, span: Span<Clean>) -> Span<Clean> {
    let text = &clean[span.range()];
    let start = span.start as usize + (text.len() - text.trim_start().len());
    Span::new(start..start + text.trim().len())
}
