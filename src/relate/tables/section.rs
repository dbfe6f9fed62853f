//! [`Section`]: what a heading says about the list below it.

use super::{List, rules::TableRules};
use crate::{
    agreement::{Kind, Party},
    date::Date,
    place::CountryCode,
    recognise::Of,
    relate::{context::mentions_in, parties, shadow::Shadow},
    text::{Clean, Span},
};

/// What a heading, a caption or the headline says about what stands below.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    /// It speaks of ties.
    pub(super) ties: bool,
    /// It is the heading of a list of ties.
    pub(super) lists: bool,
    /// It speaks of something else.
    pub(super) other: bool,
    pub(super) kind: Option<Kind>,
    /// Whose ties are listed.
    pub(super) owner: Option<Party>,
    /// In which country the listed places lie.
    pub(super) country: Option<CountryCode>,
    pub(super) ended: bool,
    pub(super) signed: bool,
    /// When what is listed came about.
    pub(super) date: Option<Date>,
}

impl Section {
    /// What the words of a heading say.
    pub(super) fn of_words(list: &List<'_>, written: &str) -> Self {
        let rules = list.tables;
        let text = bare(rules, written);
        let other = rules.other_headings.is_match(&text);
        let ties = !other && rules.ties.is_match(&text);
        Self {
            ties,
            lists: ties && rules.lists.is_match(&text),
            other,
            kind: if ties { kind(list, &text) } else { None },
            owner: None,
            country: None,
            ended: rules.ended.is_match(&text),
            signed: list.rules.sign.is_match(&text),
            date: None,
        }
    }

    /// What a heading of the article says.
    pub(super) fn new(list: &List<'_>, span: Span<Clean>) -> Self {
        let mut section = Self::of_words(list, &list.clean[span.range()]);
        let shadow = Shadow::new(list.clean, span, list.mentions, &[], &|_| false);
        let members = parties::members(&shadow, list.mentions, list.clean, (0, shadow.text.len()));
        let chinese = |party: &Party| party.place.country.is_some_and(CountryCode::is_chinese);
        let (own, foreign): (Vec<_>, Vec<_>) =
            members.into_iter().map(|member| member.party).partition(chinese);
        section.owner = match (&own[..], &foreign[..]) {
            ([one], _) => Some(one.clone()),
            ([], [one]) if section.lists => Some(one.clone()),
            _ => None,
        };
        let mut countries = mentions_in(list.mentions, span).iter().filter_map(|it| match it.of {
            Of::Country(code) if !code.is_chinese() => Some(code),
            _ => None,
        });
        section.country = match (countries.next(), countries.next()) {
            (Some(code), None) if foreign.is_empty() => Some(code),
            _ => None,
        };
        section
    }

    /// The heading with what the one above it says and it does not.
    pub(super) fn under(mut self, above: &Self) -> Self {
        self.other |= above.other && !self.ties;
        if !self.other && !self.ties {
            self.ties = above.ties;
            self.lists = above.lists;
            self.ended |= above.ended;
            self.signed |= above.signed;
        }
        // News of a meeting of friendly cities says nothing of what is signed there.
        if above.lists || !self.ties {
            self.kind = self.kind.or(above.kind);
        }
        self.date = self.date.or_else(|| above.date.clone());
        self.owner = self.owner.or_else(|| above.owner.clone());
        self
    }
}

/// A heading without its number, its brackets, its spaces and the mark at its end.
fn bare(rules: &TableRules, written: &str) -> String {
    let start = rules.enumerator.find(written).map_or(0, |found| found.end());
    let mut depth = 0_usize;
    let text: String = written[start..]
        .chars()
        .filter(|c| match c {
            '(' | '（' => {
                depth += 1;
                false
            }
            ')' | '）' => {
                depth = depth.saturating_sub(1);
                false
            }
            c => depth == 0 && !c.is_whitespace(),
        })
        .collect();
    let marks = |text: &str| text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let text = &text[..marks(&text)];
    // How many there are says nothing: 友好城市情况:共6对.
    let text = &text[..rules.count.find(text).map_or(text.len(), |found| found.start())];
    text[..marks(text)].to_owned()
}

/// The kind that a heading names, if it is only one.
pub(super) fn kind(list: &List<'_>, text: &str) -> Option<Kind> {
    match list.rules.kind(text) {
        Some(kind @ (Kind::Memorandum | Kind::LetterOfIntent | Kind::Other)) => Some(kind),
        Some(Kind::Unspecified) | None => None,
        Some(_) => list.rules.single_kind(text),
    }
}
