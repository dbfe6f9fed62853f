//! Lists within running text: `扬州市有友好城市2个,分别为:日本厚木市(1984年)、美国肯特市(1994年)`.
//!
//! What leads to such a list says whose ties they are, and of which kind; behind it stand
//! nothing but names and what is to be said of each. Places named in such a list are read
//! here alone: a rule for sentences would not know which of several places they belong to.

use std::sync::Arc;

use super::{Page, row::is_chinese, section};
use crate::{
    agreement::{Claim, Kind, Party, Status},
    date::Date,
    place::{Place, PlaceKey},
    recognise::{Of, dates::Role},
    relate::{
        context::mentions_in,
        parties,
        reading::sentences,
        shadow::{Shadow, Symbol},
    },
    segment::{Passage, PassageKind},
    text::{Clean, Span},
};

/// Longer sentences are wrecks, in bytes.
const LONGEST: usize = 6_000;
/// How many characters before a list say what is listed.
const HEAD: usize = 40;
/// The names that no list of places holds have so many characters.
const UNKNOWN: std::ops::RangeInclusive<usize> = 2..=8;
/// One such name is taken where so many others are known.
const UNKNOWN_AMONG: usize = 2;
/// What a list begins with.
const BEGINNINGS: [Symbol; 5] =
    [Symbol::Foreign, Symbol::Country, Symbol::Chinese, Symbol::China, Symbol::Date];
/// How many other characters may stand between the names.
const OTHERS: usize = 2;

/// A list within a sentence.
#[derive(Debug)]
pub(in crate::relate) struct ProseList {
    pub(in crate::relate) claims: Vec<Claim>,
    sentence: Span<Clean>,
    /// The places that it lists.
    members: Vec<PlaceKey>,
    /// Whether it lists pairs, of which a rule for sentences may tell more.
    pairs: bool,
}

impl ProseList {
    /// A sentence that was read, and must not be read again.
    pub(super) fn read(sentence: Span<Clean>) -> Self {
        Self { claims: Vec::new(), sentence, members: Vec::new(), pairs: false }
    }

    /// Whether another claim of its sentence is about none of the places that it lists, or
    /// says the same, which then need not be said twice.
    pub(in crate::relate) fn agrees(&mut self, claim: &Claim) -> bool {
        let about = self.sentence.overlaps(claim.evidence.span)
            && (self.members.is_empty()
                || claim.parties.iter().any(|party| self.members.contains(&party.place.key)));
        if !about {
            return true;
        }
        let keys = |it: &Claim| it.parties.each_ref().map(|party| party.place.key.clone());
        let edtf = |it: &Claim| it.date.as_ref().map(|date| date.edtf.clone());
        let same = self.claims.iter().position(|own| {
            let told = (own.kind, own.status, edtf(own)) == (claim.kind, claim.status, edtf(claim));
            keys(own) == keys(claim) && (told || self.pairs)
        });
        if let Some(at) = same {
            self.claims.remove(at);
        }
        same.is_some()
    }

    /// Where its sentence stands.
    pub(in crate::relate) fn at(&self) -> Span<Clean> {
        self.sentence
    }
}

impl Page<'_> {
    /// The lists within a passage.
    pub(super) fn prose(&self, passage: &Passage) -> Vec<ProseList> {
        let text = &self.list.clean[passage.span.range()];
        let running = matches!(passage.kind, PassageKind::Body | PassageKind::ListItem);
        if !running || !self.list.tables.leads.is_match(text) {
            return Vec::new();
        }
        let mut lists = Vec::new();
        let mut owner: Option<Party> = None;
        for sentence in sentences(self.list.clean, passage.span) {
            if sentence.len() > LONGEST {
                continue;
            }
            let above = Span::new(passage.span.start as usize..sentence.start as usize);
            lists.extend(self.prose_list(above, sentence, &mut owner));
        }
        lists
    }

    /// The list of a sentence; `told` is what stands before it in its paragraph, `above` whose
    /// ties the sentence before listed.
    fn prose_list(
        &self,
        told: Span<Clean>,
        sentence: Span<Clean>,
        above: &mut Option<Party>,
    ) -> Option<ProseList> {
        let list = &self.list;
        let shadow = Shadow::new(list.clean, sentence, list.mentions, &[], &|_| false);
        let (lead, from) = self.lead(&shadow)?;
        let head = &shadow.text[..lead];
        let near = head.char_indices().rev().nth(HEAD - 1).map_or(head, |(at, _)| &head[at..]);
        if !list.tables.ties.is_match(near)
            || list.tables.prose_other.is_match(near)
            || list.tables.other_headings.is_match(near)
            || list.tables.ended.is_match(near)
        {
            *above = None;
            return None;
        }
        let owner = self.prose_owner(&shadow, lead, above.take());
        above.clone_from(&owner);
        let tail = shadow.text[from..].trim_end_matches(['。', '；', ';', '!', '！']);
        let end = from + tail.len();
        let mut members = parties::members(&shadow, list.mentions, list.clean, (from, end));
        parties::end_with_clause(&mut members, &shadow, &list.rules.around);
        if members.is_empty() {
            return None;
        }
        let unknown = self.unknown_names(tail)?;
        let kind = section::kind(list, near);
        let signed = list.rules.sign.is_match(near);
        let keys = members.iter().map(|member| member.party.place.key.clone()).collect();
        let date_of_all = self.prose_date(&shadow, (told, sentence), lead);
        let mut claims = Vec::new();
        // 分别是甲与乙、丙与丁: both sides stand in the list.
        if let Some(pairs) = self.pairs(members.clone(), &shadow) {
            for pair in pairs {
                let status = if signed { Status::Signed } else { Status::Established };
                let parties = pair.map(|member| member.party);
                let what = (kind.unwrap_or(Kind::Unspecified), status);
                let by = (0.75, "prose-list");
                claims.push(list.claim(parties, what, date_of_all.clone(), by, sentence));
            }
            return Some(ProseList { claims, sentence, members: keys, pairs: true });
        }
        let owner = owner?;
        if !members.iter().all(|member| self.may_tie(&owner, &member.party)) {
            return None;
        }
        let dates = list.leading_dates(&shadow, &members.iter().collect::<Vec<_>>(), from);
        for (n, member) in members.iter().enumerate() {
            if list.goes_on_as(member.tail(&shadow)).is_some() {
                continue;
            }
            let behind = member.at + Symbol::Foreign.char().len_utf8();
            let until = members.get(n + 1).map_or(end, |next| next.at);
            let until = if dates.is_empty() { until } else { behind };
            let start = shadow.to_clean(behind) as usize;
            let stretch = Span::new(start..(shadow.to_clean(until) as usize).max(start));
            for act in list.acts(stretch) {
                let status = match act.status {
                    Status::Established if signed => Status::Signed,
                    status => status,
                };
                let kind = act.kind.or(kind).unwrap_or(Kind::Unspecified);
                let date = act.date.or_else(|| dates.get(n).cloned().flatten());
                let date = date.or_else(|| date_of_all.clone());
                let parties = [owner.clone(), member.party.clone()];
                let by = (0.75, "prose-list");
                claims.push(list.claim(parties, (kind, status), date, by, sentence));
            }
        }
        // Among many names that are known, what is not known is one more.
        if unknown.len() * UNKNOWN_AMONG <= members.len() && !is_chinese(&members[0].party) {
            let status = if signed { Status::Signed } else { Status::Established };
            for name in unknown {
                let place = Place::unlisted(&name, None, None);
                let parties = [owner.clone(), Party { name, place: Arc::new(place) }];
                let what = (kind.unwrap_or(Kind::Unspecified), status);
                let by = (0.75, "prose-list");
                claims.push(list.claim(parties, what, date_of_all.clone(), by, sentence));
            }
        }
        Some(ProseList { claims, sentence, members: keys, pairs: false })
    }

    /// Where what leads to a list begins and ends: the last one before the first bracket
    /// or the first name behind it.
    fn lead(&self, shadow: &Shadow) -> Option<(usize, usize)> {
        let found = self.list.tables.leads.find_iter(&shadow.text).find(|found| {
            let rest = shadow.text[found.end()..].trim_start_matches([':', '：', ' ', '中', '的']);
            rest.starts_with(BEGINNINGS.map(Symbol::char))
        })?;
        Some((found.start(), found.end()))
    }

    /// Whose ties are listed.
    fn prose_owner(&self, shadow: &Shadow, lead: usize, above: Option<Party>) -> Option<Party> {
        let list = &self.list;
        let head = &shadow.text[..lead];
        let named = parties::members(shadow, list.mentions, list.clean, (0, lead));
        // 甲成为乙的第3座友好城市,其它友好城市分别是: those of 乙.
        if list.tables.rest.is_match(head) {
            let of = named.iter().rev().find(|it| it.tail(shadow).starts_with('的'));
            if let Some(member) = of.or(named.last().filter(|_| named.len() == 1)) {
                return Some(member.party.clone());
            }
            return None;
        }
        let mut places: Vec<&Party> = Vec::new();
        for member in &named {
            if !places.iter().any(|it| it.place.key == member.party.place.key) {
                places.push(&member.party);
            }
        }
        let own: Vec<&Party> = places.iter().copied().filter(|it| is_chinese(it)).collect();
        match (&own[..], &places[..]) {
            ([one], [_]) | ([], [one]) => Some((*one).clone()),
            ([], []) => match list.rules.own.find(head) {
                Some(_) => self.own.clone(),
                None => above,
            },
            _ => None,
        }
    }

    /// The names that nobody knows, if nothing but names stands there.
    fn unknown_names(&self, tail: &str) -> Option<Vec<String>> {
        let list = &self.list;
        let place = [Symbol::Foreign, Symbol::Chinese].map(Symbol::char);
        let (mut known, mut unknown) = (0, Vec::new());
        let mut depth = 0_usize;
        let mut part = String::new();
        let mut parts = Vec::new();
        for c in tail.chars().chain(['、']) {
            match c {
                '(' | '（' => depth += 1,
                ')' | '）' => depth = depth.saturating_sub(1),
                '、' | '，' | ',' | '和' | '及' if depth == 0 => {
                    parts.push(std::mem::take(&mut part));
                }
                c if depth == 0 => part.push(c),
                _ => {}
            }
        }
        for part in parts {
            if part.contains(place) || part.trim().is_empty() || list.others(&part) == 0 {
                known += usize::from(part.contains(place));
                if list.others(&part) > OTHERS {
                    return None;
                }
            } else {
                let name = part.trim();
                let han = name.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '·'));
                if !han || !UNKNOWN.contains(&name.chars().count()) {
                    return None;
                }
                unknown.push(name.to_owned());
            }
        }
        (unknown.len() <= known).then_some(unknown)
    }

    /// The date that a head gives to all that are listed: 2019年新增友好城市2个,分别为.
    fn prose_date(
        &self,
        shadow: &Shadow,
        (told, sentence): (Span<Clean>, Span<Clean>),
        lead: usize,
    ) -> Option<Date> {
        let list = &self.list;
        let end = shadow.to_clean(lead);
        let head = Span::new(sentence.start as usize..(end as usize).max(sentence.start as usize));
        // 此次新缔结的3对: at the event that was told of.
        if list.tables.events.is_match(&list.clean[head.range()]) {
            return self.event(told.to(head));
        }
        if !list.tables.fresh.is_match(&list.clean[head.range()]) {
            return None;
        }
        let mut dates = mentions_in(list.mentions, head).iter().filter_map(|it| match &it.of {
            Of::Date(date, role) => Some((date, *role)),
            _ => None,
        });
        match (dates.next(), dates.next()) {
            (Some((date, Role::Point)), None) => Some(date.clone()),
            _ => None,
        }
    }
}
