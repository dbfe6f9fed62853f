//! One line of a list of ties: `日本八代市:1996年3月22日签署友好城市协议书`.
//!
//! A line is one of a list if it holds nothing but names, dates, brackets and the words
//! of ties. What has a sentence's verb and its 与 is left to the sentence rules.

use super::{List, Page, row::is_chinese, section::Section, trimmed};
use crate::{
    agreement::{Claim, Kind, Party, Status},
    date::Date,
    recognise::{Mention, Of, dates::Role},
    relate::{
        context::mentions_in,
        parties::{self, Member},
        reading::sentences,
        shadow::{Shadow, Symbol},
    },
    text::{Clean, Span},
};

/// Longer lines are running text, in characters.
const LONGEST: usize = 160;
/// A longer beginning says nothing of what a line lists, in characters.
const LONGEST_HEAD: usize = 24;
/// How many other characters a line may have.
const OTHERS: usize = 2;

/// What is told of one place of a line.
pub(super) struct Act {
    pub(super) kind: Option<Kind>,
    pub(super) status: Status,
    pub(super) date: Option<Date>,
}

impl Page<'_> {
    /// The claims of a line; none if it is not one of a list.
    pub(super) fn line(&self, span: Span<Clean>) -> Vec<Claim> {
        let list = &self.list;
        let section = self.section();
        let text = &list.clean[span.range()];
        let head = self.head(span);
        let lists = section.lists || head.as_ref().is_some_and(|head| head.lists);
        let other = section.other || head.as_ref().is_some_and(|head| head.other);
        if !lists || other {
            return Vec::new();
        }
        // What leads to it is a sentence, which tells more than a line does.
        let act =
            |text: &str| text.contains(['，', ',']) || ACTS.iter().any(|it| text.contains(it));
        if !section.lists && text.split([':', '：']).next().is_some_and(act) {
            return Vec::new();
        }
        let section = &head.map_or_else(|| section.clone(), |head| head.under(section));
        if text.chars().nth(LONGEST).is_some() {
            return Vec::new();
        }
        if !list.has_foreign(span) && section.owner.as_ref().is_none_or(is_chinese) {
            return Vec::new();
        }
        let shadow = Shadow::new(list.clean, span, list.mentions, &[], &|_| false);
        let others = list.others(&shadow.text);
        let end = shadow.text.trim_end();
        if others > OTHERS
            || tells(&shadow.text)
            || list.rules.has_body(&shadow.text)
            || list.tables.stories.is_match(end)
            || others > 0 && list.tables.story.is_match(end)
        {
            return Vec::new();
        }
        let members = parties::members(&shadow, list.mentions, list.clean, (0, shadow.text.len()));
        let own: Vec<&Member> = members.iter().filter(|it| is_chinese(&it.party)).collect();
        if own.len() > 1 {
            return self.pairs_of_line(section, &shadow, members, span);
        }
        let (owner, named) = match own[..] {
            [] => (self.owner(section), false),
            [one] if list.goes_on_as(one.tail(&shadow)).is_some() => return Vec::new(),
            // Whose ties are listed is a foreign place, and this is one of them.
            [_] if members.len() == 1 && self.owner(section).is_some_and(|it| !is_chinese(&it)) => {
                (self.owner(section), false)
            }
            // 友好城市:上海、圣彼得堡, in an article about 汉堡.
            [_] if self.owner(section).is_some_and(|it| !is_chinese(&it)) => {
                (self.owner(section), false)
            }
            [one] => (Some(one.party.clone()), true),
            _ => return Vec::new(),
        };
        let Some(owner) = owner else { return Vec::new() };
        let others: Vec<&Member> =
            members.iter().filter(|member| !named || !is_chinese(&member.party)).collect();
        let own_dates = list.leading_dates(&shadow, &others, 0);
        let mut claims = Vec::new();
        let before = others.first().map_or(span.start, |first| shadow.to_clean(first.at));
        let lead = self.lead_date(Span::new(span.start as usize..before as usize));
        let alone = others.len() == 1;
        for (n, member) in others.iter().enumerate() {
            if !self.may_tie(&owner, &member.party)
                || list.goes_on_as(member.tail(&shadow)).is_some()
            {
                continue;
            }
            let begin = |member: &Member| shadow.to_clean(member.at) as usize;
            let behind = member.at + Symbol::Foreign.char().len_utf8();
            // A lone place has the whole line, one of several what follows it.
            let start = if alone { span.start as usize } else { shadow.to_clean(behind) as usize };
            let end = others.get(n + 1).map_or(span.end as usize, |next| begin(next));
            let end = if own_dates.is_empty() { end } else { start };
            for act in list.acts(Span::new(start.min(end)..end)) {
                let kind = act.kind.or(section.kind).unwrap_or(Kind::Unspecified);
                let signed = act.status == Status::Established && section.signed;
                let status = match act.status {
                    Status::Established if section.ended => Status::Terminated,
                    Status::Established if signed => Status::Signed,
                    status => status,
                };
                let parties: [Party; 2] = [owner.clone(), member.party.clone()];
                claims.push(
                    list.claim(
                        parties,
                        (kind, status),
                        act.date
                            .or_else(|| own_dates.get(n).cloned().flatten())
                            .or_else(|| lead.clone())
                            .or_else(|| section.date.clone()),
                        (0.75, "list-line"),
                        span,
                    ),
                );
            }
        }
        claims
    }
}

impl Page<'_> {
    /// The claims of a line that names several pairs: `合肥市—久留米市;芜湖市—高知市`.
    fn pairs_of_line(
        &self,
        section: &Section,
        shadow: &Shadow,
        members: Vec<Member>,
        span: Span<Clean>,
    ) -> Vec<Claim> {
        let list = &self.list;
        let Some(pairs) = self.pairs(members, shadow) else { return Vec::new() };
        let kind = section.kind.unwrap_or(Kind::Unspecified);
        let status = match (section.ended, section.signed) {
            (true, _) => Status::Terminated,
            (false, true) => Status::Signed,
            (false, false) => Status::Established,
        };
        let claim = |pair: [Member; 2]| {
            let parties = pair.map(|member| member.party);
            let by = (0.75, "list-line");
            list.claim(parties, (kind, status), section.date.clone(), by, span)
        };
        pairs.into_iter().map(claim).collect()
    }

    /// Members as pairs, if that is what they are: `A与B、C与D`.
    pub(super) fn pairs(&self, members: Vec<Member>, shadow: &Shadow) -> Option<Vec<[Member; 2]>> {
        let count = members.len();
        let mut pairs = Vec::new();
        for sides in parties::pair_up(members) {
            let (Ok([left]), Ok([right])) =
                (<[Member; 1]>::try_from(sides.left), <[Member; 1]>::try_from(sides.right))
            else {
                return None;
            };
            let known = |it: &Member| self.list.goes_on_as(it.tail(shadow)).is_none();
            let sides = [&left, &right].map(|it| is_chinese(&it.party));
            if sides[0] == sides[1] || !known(&left) || !known(&right) {
                return None;
            }
            pairs.push([left, right]);
        }
        (pairs.len() * 2 == count && !pairs.is_empty()).then_some(pairs)
    }

    /// What a line says of all that it lists, before a colon: `友好交流城市:日本八代市`.
    fn head(&self, line: Span<Clean>) -> Option<Section> {
        let text = &self.list.clean[line.range()];
        let at = text.find([':', '：'])?;
        let head = &text[..at];
        if head.chars().nth(LONGEST_HEAD).is_some() {
            return None;
        }
        let mut section = Section::of_words(&self.list, head);
        section.other |= self.list.tables.prose_other.is_match(head);
        Some(section)
    }

    /// The date that a line begins with, for all that it lists: `1998年:日本八代市`.
    fn lead_date(&self, lead: Span<Clean>) -> Option<Date> {
        let list = &self.list;
        let shadow = Shadow::new(list.clean, lead, list.mentions, &[], &|_| false);
        if list.others(&shadow.text) > 0 {
            return None;
        }
        list.dates(lead).into_iter().next_back().map(|(_, date)| date)
    }

    /// Lets a line say when and how the ties of the line above came about:
    /// `(1995年6月16日缔结为友好城市关系)`.
    pub(super) fn goes_on(&self, span: Span<Clean>, above: &mut [Claim]) -> bool {
        let list = &self.list;
        let text = &list.clean[span.range()];
        let open = above.iter().all(|claim| claim.date.is_none());
        if above.is_empty() || !open || text.chars().nth(LONGEST).is_some() {
            return false;
        }
        let inside = text.trim_matches(|c: char| !c.is_alphanumeric());
        let named =
            mentions_in(list.mentions, span).iter().any(|it| !matches!(it.of, Of::Date(..)));
        if named || list.others(inside) > OTHERS {
            return false;
        }
        let acts = list.acts(span);
        let [Act { kind, status, date: Some(date) }] = &acts[..] else { return false };
        for claim in above {
            claim.kind = kind.unwrap_or(claim.kind);
            if *status != Status::Established {
                claim.status = *status;
            }
            claim.date = Some(date.clone());
            claim.evidence.span = claim.evidence.span.to(trimmed(list.clean, span));
        }
        true
    }

    /// Lets a sentence of the paragraph below the line say when its tie came about, if it
    /// names no other place: `1986年建立友好城市关系,是本市的第一个友好城市。`. That sentence.
    pub(super) fn tells_of(&self, span: Span<Clean>, above: &mut [Claim]) -> Option<Span<Clean>> {
        let list = &self.list;
        let [claim] = above else { return None };
        if claim.date.is_some() {
            return None;
        }
        for sentence in sentences(list.clean, span) {
            let text = &list.clean[sentence.range()];
            if !list.tables.ties.is_match(text)
                || !ACTS.iter().any(|act| text.contains(act))
                || list.tables.prose_other.is_match(text)
            {
                continue;
            }
            let mut dates = Vec::new();
            let mut alone = true;
            for mention in mentions_in(list.mentions, sentence) {
                match &mention.of {
                    Of::Date(date, Role::Point) => dates.push(date),
                    Of::Date(..) => alone = false,
                    Of::Place(place) => {
                        alone &= claim.parties.iter().any(|it| it.place.key == place.key);
                    }
                    Of::Ambiguous(_) => alone = false,
                    Of::Country(_) => {}
                }
            }
            if let (true, [date]) = (alone, &dates[..]) {
                claim.kind = list.own_kind(text).unwrap_or(claim.kind);
                if claim.status == Status::Established && list.signs(text) {
                    claim.status = Status::Signed;
                }
                claim.date = Some((*date).clone());
                claim.evidence.span = claim.evidence.span.to(trimmed(list.clean, sentence));
                return Some(sentence);
            }
        }
        None
    }
}

impl List<'_> {
    /// The dates that stand before each of several places, each holding for those that
    /// follow it: `1986年日本盐灶市,1998年法国第戎市`; none if they stand behind them.
    pub(super) fn leading_dates(
        &self,
        shadow: &Shadow,
        members: &[&Member],
        from: usize,
    ) -> Vec<Option<Date>> {
        let mut dates = Vec::new();
        let mut last = None;
        let mut changes = 0;
        let mut since = from;
        for member in members {
            let (start, end) = (shadow.to_clean(since), shadow.to_clean(member.at));
            let here = self.dates(Span::new(start as usize..end.max(start) as usize));
            if let Some((_, date)) = here.into_iter().next_back() {
                last = Some(date);
                changes += 1;
            } else if dates.is_empty() {
                return Vec::new();
            }
            dates.push(last.clone());
            since = member.end();
        }
        let (start, end) = (shadow.to_clean(since), shadow.to_clean(shadow.text.len()));
        let behind = self.dates(Span::new(start as usize..end.max(start) as usize));
        if changes > 1 && behind.is_empty() { dates } else { Vec::new() }
    }

    /// How many characters of a shadow text are neither names nor dates nor words of ties.
    pub(super) fn others(&self, shadow: &str) -> usize {
        let mut depth = 0_usize;
        let outside: String = shadow
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
                _ => depth == 0,
            })
            .collect();
        let rest = self.tables.day.replace_all(&outside, "");
        let rest = self.tables.plain.replace_all(&rest, "");
        rest.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count()
    }

    /// What a stretch tells, clause by clause.
    pub(super) fn acts(&self, stretch: Span<Clean>) -> Vec<Act> {
        let text = &self.clean[stretch.range()];
        let mut acts: Vec<Act> = Vec::new();
        let mut start = 0;
        for (at, mark) in
            text.match_indices(['，', ',', '；', ';', '(', '（']).chain([(text.len(), "")])
        {
            let clause = &text[start..at];
            let base = stretch.start as usize + start;
            let date = self.dates(Span::new(base..base + clause.len())).into_iter().next();
            let date = date.map(|(_, date)| date);
            start = at + mark.len();
            let status = if self.tables.ended.is_match(clause) {
                Some(Status::Terminated)
            } else if date.is_none() && self.tables.planned.is_match(clause) {
                Some(Status::Planned)
            } else if self.signs(clause) {
                Some(Status::Signed)
            } else {
                None
            };
            let kind = self.own_kind(clause);
            match acts.last_mut() {
                // What goes on about the same act.
                Some(last) if date.is_none() && status != Some(Status::Terminated) => {
                    last.kind = last.kind.or(kind);
                    last.status = status.unwrap_or(last.status);
                }
                Some(last)
                    if last.date.is_none()
                        && last.kind.is_none()
                        && last.status == Status::Established =>
                {
                    *last = Act { kind, status: status.unwrap_or(last.status), date };
                }
                before => {
                    let kind = kind.or_else(|| before.and_then(|act| act.kind));
                    acts.push(Act { kind, status: status.unwrap_or(Status::Established), date });
                }
            }
        }
        acts
    }
}

/// Whether a passage says with 与 and a verb who does what: the sentence rules read it.
pub(in crate::relate) fn is_sentence(clean: &str, mentions: &[Mention], at: Span<Clean>) -> bool {
    let text = &clean[at.range()];
    // Most lines name no place behind a 与.
    let with = |it: &Mention| {
        !matches!(it.of, Of::Date(..)) && clean[..it.span.start as usize].ends_with(WITH)
    };
    mentions_in(mentions, at).iter().any(with)
        && ACTS.iter().any(|act| text.contains(act))
        && tells(&Shadow::new(clean, at, mentions, &[], &|_| false).text)
}

const WITH: [char; 4] = ['与', '同', '和', '跟'];
const ACTS: [&str; 6] = ["签", "结", "缔", "建立", "解除", "终止"];

fn tells(shadow: &str) -> bool {
    let place = [Symbol::Chinese, Symbol::Foreign, Symbol::Country].map(Symbol::char);
    let with =
        shadow.match_indices(WITH).find(|(at, word)| shadow[at + word.len()..].starts_with(place));
    with.is_some_and(|(at, _)| ACTS.iter().any(|act| shadow[at..].contains(act)))
}
