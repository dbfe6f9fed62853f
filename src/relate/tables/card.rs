//! Cards: a foreign city as a heading, and below it lines of a label and a value each
//! (结好时间：2015年9月22日).

use super::{Page, rules::Role, trimmed};
use crate::{
    agreement::{Claim, Kind, Party, Status},
    date::Date,
    recognise::Of,
    relate::{context::mentions_in, parties, shadow::Shadow},
    segment::{Passage, PassageKind},
    text::{Clean, Span},
};

/// Longer lines are no names of cities, in characters.
const LONGEST_NAME: usize = 30;
/// Longer labels are none, in characters.
const LONGEST_LABEL: usize = 8;
/// More lines belong to no card.
const MOST_LINES: usize = 6;

impl Page<'_> {
    /// The tie that a card which begins here tells of, and how many passages it takes.
    pub(super) fn card(&self, passages: &[Passage]) -> Option<(Claim, usize)> {
        let list = &self.list;
        let (head, below) = passages.split_first()?;
        let other = self.card_head(head)?;
        let owner = self.owner(self.section()).filter(|owner| self.may_tie(owner, &other))?;
        let mut date: Option<Date> = None;
        let mut kind: Option<Kind> = None;
        let (mut speaks, mut planned, mut ended) = (false, false, false);
        let mut read = 1;
        for passage in below.iter().take(MOST_LINES) {
            let Some((label, value)) = self.labelled(passage) else { break };
            read += 1;
            let role = list.tables.columns.iter().find(|(_, words)| words.is_match(label));
            let text = &list.clean[value.range()];
            match role.map(|(role, _)| *role) {
                Some(Role::Date) => {
                    speaks |= list.tables.ties.is_match(label) || list.signs(label);
                    date = list.dates(value).into_iter().next().map(|(_, date)| date);
                    planned |= date.is_none() && list.tables.planned.is_match(text);
                }
                Some(Role::Kind | Role::Foreign) => {
                    kind = kind.or_else(|| list.own_kind(text));
                    speaks |= kind.is_some();
                    planned |= list.tables.planned.is_match(text);
                    ended |= list.tables.ended.is_match(text);
                }
                _ => {}
            }
        }
        if !speaks || date.is_none() && kind.is_none() && !planned {
            return None;
        }
        let kind = kind.or(self.section().kind).unwrap_or(Kind::Unspecified);
        let status = match (ended, planned) {
            (true, _) => Status::Terminated,
            (_, true) => Status::Planned,
            _ => Status::Established,
        };
        // The day on which it was bound is not that on which it was ended.
        let date = date.filter(|_| status == Status::Established);
        let span = Span::new(head.span.start as usize..passages[read - 1].span.end as usize);
        Some((list.claim([owner, other], (kind, status), date, (0.75, "card"), span), read))
    }

    /// The foreign city that a line names and that it says nothing else of: 01 智利·某市.
    fn card_head(&self, passage: &Passage) -> Option<Party> {
        let list = &self.list;
        let line = trimmed(list.clean, passage.span);
        let text = &list.clean[line.range()];
        let fits = matches!(
            passage.kind,
            PassageKind::Heading | PassageKind::Body | PassageKind::ListItem
        );
        if !fits
            || text.chars().nth(LONGEST_NAME).is_some()
            || text.contains(['。', '，', ',', '：', ':', '；', ';'])
        {
            return None;
        }
        let places = mentions_in(list.mentions, line);
        let named = places.iter().filter(|it| !matches!(it.of, Of::Country(_)));
        if named.clone().any(|it| !matches!(it.of, Of::Place(_) | Of::Ambiguous(_))) {
            return None;
        }
        let shadow = Shadow::new(list.clean, line, list.mentions, &[], &|_| false);
        let members = parties::members(&shadow, list.mentions, list.clean, (0, shadow.text.len()));
        let [member] = &members[..] else { return None };
        let rest = text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
        let names: usize = places
            .iter()
            .map(|it| list.clean[it.span.range()].chars().filter(|c| *c != '·').count())
            .sum();
        // Beside names there are numbers and marks alone.
        (rest <= names && !super::row::is_chinese(&member.party)).then(|| member.party.clone())
    }

    /// The label and the value of a line.
    fn labelled(&self, passage: &Passage) -> Option<(&str, Span<Clean>)> {
        let clean = self.list.clean;
        let line = trimmed(clean, passage.span);
        let text = &clean[line.range()];
        let (label, value) = text.split_once(['：', ':'])?;
        let start = line.end as usize - value.len();
        let short = label.chars().nth(LONGEST_LABEL).is_none();
        (short && !value.trim().is_empty()).then(|| (label, Span::new(start..line.end as usize)))
    }
}
