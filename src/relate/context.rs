//! [`Context`]: what a sentence may leave out because it was said before.

use std::collections::HashMap;

use super::rules::Rules;
use crate::{
    agreement::{Kind, Party},
    date::{Date, PartialDate},
    place::{CountryCode, Level, PlaceKey},
    recognise::{Mention, Of, dates::Role},
    segment::{Passage, PassageKind},
    text::{Clean, Span},
};

/// News are reported within so many days.
const RECENT: i32 = 10;

/// What is known from the article as a whole and from the sentences before.
#[derive(Debug)]
pub(super) struct Context<'a> {
    clean: &'a str,
    /// The Chinese places of the article, the one that it is about first.
    subjects: Vec<Party>,
    /// The first place of the last sentence that has one.
    topic: Option<Party>,
    /// The Chinese place of the last sentence that has one.
    last_chinese: Option<Party>,
    /// The foreign place of the last sentence that has one.
    last_foreign: Option<Party>,
    /// The two places that 两市 and 双方 stand for.
    pub(super) last_pair: Option<[Party; 2]>,
    /// The kind of the tie that was told last in this sentence.
    pub(super) last_kind: Option<Kind>,
    /// The date of what was told last in this passage.
    last_date: Option<Date>,
    /// The date of what was told last in the passage before.
    earlier_date: Option<Date>,
    /// The first date of the report: that of its event.
    scene: Option<Date>,
    passage: Span<Clean>,
    dateline: Option<Span<Clean>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(clean: &'a str, passages: &[Passage], mentions: &[Mention]) -> Self {
        let headline =
            passages.iter().find(|passage| passage.kind == PassageKind::Headline).map(|it| it.span);
        let datelines: Vec<Span<Clean>> =
            passages.iter().filter_map(|passage| passage.dateline).collect();
        let in_dateline =
            |span: Span<Clean>| datelines.iter().any(|dateline| dateline.contains(span));
        let subjects: Vec<Party> = {
            let mut counts: HashMap<&PlaceKey, (u32, usize)> = HashMap::new();
            for (n, mention) in mentions.iter().enumerate() {
                let Of::Place(place) = &mention.of else { continue };
                let is_chinese = place.country.is_some_and(CountryCode::is_chinese);
                if !is_chinese || in_dateline(mention.span) {
                    continue;
                }
                let weight = match headline {
                    Some(span) if span.contains(mention.span) => 4,
                    _ => 2,
                };
                let lower = u32::from(place.level != Level::Province);
                let entry = counts.entry(&place.key).or_insert((0, n));
                entry.0 += weight + lower;
            }
            let mut ranked: Vec<(u32, usize)> = counts.into_values().collect();
            ranked.sort_by_key(|&(count, n)| (std::cmp::Reverse(count), n));
            ranked.iter().filter_map(|&(_, n)| party_of(clean, &mentions[n])).collect()
        };
        let scene = passages
            .iter()
            .filter(|passage| passage.kind == PassageKind::Body)
            .take(2)
            .flat_map(|passage| mentions_in(mentions, passage.span))
            .find_map(|mention| match &mention.of {
                Of::Date(date, Role::Point | Role::Start) if !in_dateline(mention.span) => {
                    Some(date.clone())
                }
                _ => None,
            });
        Self {
            clean,
            subjects,
            topic: None,
            last_chinese: None,
            last_foreign: None,
            last_pair: None,
            last_kind: None,
            last_date: None,
            earlier_date: None,
            scene,
            passage: Span::new(0..0),
            dateline: None,
        }
    }

    /// A new passage begins.
    pub(super) fn enter(&mut self, passage: &Passage, _mentions: &[Mention]) {
        self.passage = passage.span;
        self.last_chinese = None;
        self.earlier_date = self.last_date.take().or(self.earlier_date.take());
        self.dateline = passage.dateline.or(self.dateline);
    }

    /// A sentence is over: what it named holds for the next.
    pub(super) fn leave(&mut self, sentence: Span<Clean>, mentions: &[Mention], rules: &Rules) {
        self.last_kind = None;
        let inside = mentions_in(mentions, sentence);
        let mut chinese: Vec<Party> = Vec::new();
        let mut foreign: Vec<Party> = Vec::new();
        let mut topic = None;
        for mention in inside {
            if self.dateline.is_some_and(|dateline| dateline.contains(mention.span)) {
                continue;
            }
            match &mention.of {
                Of::Place(place) => {
                    let before = &self.clean[..mention.span.start as usize];
                    let located = before.ends_with(['在', '于']);
                    let list = match place.country {
                        Some(code) if code.is_chinese() => &mut chinese,
                        _ => &mut foreign,
                    };
                    let tail = &self.clean[mention.span.end as usize..sentence.end as usize];
                    let located = located || !rules.acts(tail);
                    let known = list.iter().any(|party| party.place.key == place.key);
                    if !located && topic.is_none() {
                        topic = party_of(self.clean, mention);
                    }
                    if !located && !known {
                        list.extend(party_of(self.clean, mention));
                    }
                }
                Of::Date(date, Role::Point | Role::Start) => self.last_date = Some(date.clone()),
                _ => {}
            }
        }
        if let (Some(a), Some(b)) = (chinese.first(), foreign.last())
            && self.last_pair.is_none()
        {
            self.last_pair = Some([a.clone(), b.clone()]);
        } else if let ([a], [b]) = (&chinese[..], &foreign[..]) {
            self.last_pair = Some([a.clone(), b.clone()]);
        } else if let (true, [b]) = (chinese.is_empty(), &foreign[..])
            && let Some(a) = self.last_chinese.as_ref().or(self.subjects.first())
        {
            self.last_pair = Some([a.clone(), b.clone()]);
        } else if let ([a, b], true) = (&foreign[..], chinese.is_empty()) {
            self.last_pair = Some([a.clone(), b.clone()]);
        }
        self.topic = topic.or(self.topic.take());
        if let Some(first) = chinese.into_iter().next() {
            self.last_chinese = Some(first);
        }
        if let Some(last) = foreign.into_iter().next_back() {
            self.last_foreign = Some(last);
        }
    }

    /// Whether a place only says where something happens: 在北京.
    pub(super) fn is_location(&self, span: Span<Clean>) -> bool {
        let before = &self.clean[..span.start as usize];
        before.ends_with(['在', '于', '赴', '来', '到', '抵'])
            || before.ends_with("前往")
            || before.ends_with("访问")
    }

    /// The Chinese subject of a sentence that names none before its act.
    pub(super) fn subject(&self) -> Option<Party> {
        self.last_chinese.clone().or_else(|| self.subjects.first().cloned())
    }

    /// The place that the article is about and that 我市 or 我州 fits.
    pub(super) fn own(&self, word: &str) -> Option<Party> {
        let unit = word.chars().next_back();
        let fits = |party: &&Party| {
            let ends = |name: &str| unit.is_some_and(|unit| name.ends_with(unit));
            ends(&party.name) || ends(&party.place.label)
        };
        self.subjects.iter().find(fits).or(self.subjects.first()).cloned()
    }

    /// What 该市 and 它 stand for.
    pub(super) fn topic(&self) -> Option<Party> {
        self.topic.clone().or_else(|| self.subjects.first().cloned())
    }

    /// The foreign place that was named last.
    pub(super) fn last_foreign(&self) -> Option<Party> {
        self.last_foreign.clone()
    }

    /// What 两市 stands for.
    pub(super) fn pair(&self) -> Option<[Party; 2]> {
        self.last_pair.clone()
    }

    /// The date of the event that 会上 points back to: told in this passage, else that of
    /// the report, else told in the passage before.
    pub(super) fn event(&self) -> Option<Date> {
        self.last_date.as_ref().or(self.scene.as_ref()).or(self.earlier_date.as_ref()).cloned()
    }

    /// The date of the event that the article reports, if it is news of these days.
    pub(super) fn reported(&self, published: Option<PartialDate>) -> Option<Date> {
        let scene = self.last_date.as_ref().or(self.scene.as_ref())?;
        let age = (published?.latest() - scene.latest?).get_days();
        (scene.earliest == scene.latest && (0..=RECENT).contains(&age)).then(|| scene.clone())
    }
}

/// The party that a place mention names.
pub(super) fn party_of(clean: &str, mention: &Mention) -> Option<Party> {
    match &mention.of {
        Of::Place(place) => {
            Some(Party { name: clean[mention.span.range()].to_owned(), place: place.clone() })
        }
        _ => None,
    }
}

/// The mentions within a span.
pub(super) fn mentions_in(mentions: &[Mention], span: Span<Clean>) -> &[Mention] {
    let from = mentions.partition_point(|mention| mention.span.start < span.start);
    let to = mentions.partition_point(|mention| mention.span.start < span.end);
    &mentions[from..to]
}
