//! What an act makes: an instrument, a kind, a status.

use super::{
    condition::Site,
    context::Context,
    parties,
    pattern::Role as Part,
    rules::{Rule, first_chars, last_chars},
    sentence::{Found, IMPLIED, Sentence, trimmed},
    shadow::Symbol,
    trace::Refusal,
};
use crate::{
    agreement::{Claim, Evidence, Kind, Party, Status},
    date::{Basis, Date},
    particulars::Particulars,
};

/// 双方 so many characters before an act are those of whom a tie was just told.
const NEAR: usize = 6;
/// How sure a claim remains whose party stands in a sentence before, whose country nobody
/// knows, or whose date is computed.
const ELSEWHERE: f32 = 0.92;
const NOWHERE: f32 = 0.8;
const INFERRED: f32 = 0.95;

impl<'a> Sentence<'a> {
    pub(super) fn claim(
        &self,
        rule: &Rule,
        found: &Found,
        context: &Context<'_>,
        parties: [Party; 2],
        written: Option<Date>,
        instrument: Option<&str>,
    ) -> Result<Claim, Refusal<'a>> {
        let text = &self.shadow.text;
        let act = &text[found.act.0..found.act.1];
        let behind = self.behind(found);
        let between = &text[self.last_place(found)..found.act.0];
        let named = text.get(found.start..found.act.0).filter(|_| rule.named);
        let kind = instrument
            .and_then(|title| self.rules.kind(title))
            .or_else(|| named.and_then(|before| self.rules.kind(before)))
            .or_else(|| self.rules.kind(behind))
            .or_else(|| self.rules.kind(between))
            .or_else(|| self.rules.kind(act))
            .or_else(|| context.last_kind.filter(|_| rule.both))
            .ok_or(Refusal::NoKind)?;
        // 正式结为友好城市,分别是:甲市与A市结好: what the list was called.
        let kind = match kind {
            Kind::Unspecified => self.kind_of_list(found).unwrap_or(kind),
            kind => kind,
        };
        // 双方续签协议: that of the tie which was told.
        let again = self.rules.renews(act) || self.rules.renews(behind);
        let kind = match context.told_kind() {
            Some(told)
                if again
                    && kind == Kind::CooperationAgreement
                    && !self.rules.special.is_match(behind) =>
            {
                told
            }
            _ => kind,
        };
        // A bare agreement or memorandum is one of the governments only if they sign it in the
        // same breath: 两地企业 sign the others.
        let sectoral = matches!(kind, Kind::CooperationAgreement | Kind::Memorandum);
        let named = &text[found.start..found.act.0];
        if sectoral
            && (rule.both || rule.is_both)
            && !self.rules.friend.is_match(behind)
            && !self.rules.acts_itself(named)
            && !(named.chars().count() <= NEAR && context.told_just_now())
        {
            return Err(Refusal::Sectoral);
        }
        if sectoral
            && between.contains(['，', ','])
            && !self.rules.friend.is_match(behind)
            && !rule.both
        {
            return Err(Refusal::Sectoral);
        }
        // 与某市签署合作协议, 与某市建立友好关系: only of a subject that stands right there.
        let alone = rule.pattern.has(Part::Right)
            && !rule.pattern.has(Part::Left)
            && !rule.pattern.has(Part::Subject);
        let weak = sectoral
            || kind == Kind::Unspecified && text[found.act.0..].contains("友好关系")
            || kind == Kind::Unspecified && text[found.act.0..].contains("结为友好");
        let subject = self.has_subject(found.start) || context.told_here().is_some();
        if alone && weak && !self.rules.ties(behind) && !subject {
            return Err(Refusal::Sectoral);
        }
        // Ports, islands and lakes are tied by those who run them: of governments only where the
        // sentence names both.
        if kind == Kind::Other && (alone || rule.both || rule.is_both) {
            return Err(Refusal::Sectoral);
        }
        let weak_plan = alone && sectoral && !self.rules.ties(behind);
        let names_tie = instrument.is_some()
            || self.rules.friend.is_match(behind)
            || self.rules.friend.is_match(between)
            || kind != Kind::CooperationAgreement;
        if !names_tie && !self.rules.sign.is_match(act) {
            return Err(Refusal::NoKind);
        }
        let mut confidence = rule.confidence;
        let signed = self.rules.sign.is_match(act)
            || enclosing_title(text, found.act.0)
                .is_some_and(|(start, end)| {
                    // 《…》签约仪式 as well.
                    let after = text[end..].trim_start_matches('》');
                    self.rules.sign.is_match(last_chars(&text[..start], 24))
                        || self.rules.sign.is_match(first_chars(after, 6))
                })
            // Not what the next date tells of: 结为友好城市,2019年又续签.
            || self.rules.sign.is_match(behind.split(Symbol::Date.char()).next().unwrap_or(""))
                && instrument.is_none();
        let signed = signed || (rule.both || rule.is_both) && self.is_signed_before(found);
        let framed = self.is_framed(found.act.0);
        let mut status = rule.status.unwrap_or(if signed || framed {
            Status::Signed
        } else {
            Status::Established
        });
        let site = Site {
            shadow: text,
            start: found.start,
            parties: self.last_place(found),
            act: found.act,
            end: found.act.0 + behind.len(),
        };
        for context in &self.rules.contexts {
            if rule.status.is_some() && context.status.is_some() {
                continue;
            }
            if !context.applies(site) {
                continue;
            }
            if context.veto {
                return Err(Refusal::Context(&context.name));
            }
            if !context.kinds.is_empty() && !context.kinds.contains(&kind) {
                continue;
            }
            if context.status == Some(Status::Planned) && self.is_past(found) {
                continue;
            }
            status = context.status.unwrap_or(status);
            if let Some(limit) = context.confidence {
                confidence = confidence.min(limit);
            }
            break;
        }
        // An intent that is reached and a memorandum that comes about are signed.
        if matches!(kind, Kind::LetterOfIntent | Kind::Memorandum)
            && status == Status::Established
            && rule.status.is_none()
        {
            status = Status::Signed;
        }
        // 将于明年终止: no tie is planned, and none has ended yet.
        if status == Status::Terminated && self.is_future(found) {
            return Err(Refusal::Ahead);
        }
        if !matches!(status, Status::Planned | Status::Anniversary) && self.is_future(found) {
            status = Status::Planned;
        }
        if weak_plan && status == Status::Planned {
            return Err(Refusal::Sectoral);
        }
        let date = match status {
            Status::Planned => None,
            // What is only implied is dated by nothing: the day of a visit is not its own.
            _ if rule.confidence < IMPLIED => None,
            _ if rule.undated => written,
            Status::Anniversary => self.anniversary(found),
            _ => written.or_else(|| self.date(found, status, context)),
        };
        let date = date.map(|date| context.dated_by_heading(date));
        for party in &parties {
            confidence *= self.certainty(party);
        }
        if date.as_ref().is_some_and(|date| date.basis == Basis::Inferred) {
            confidence *= INFERRED;
        }
        Ok(Claim {
            kind,
            status,
            parties,
            date,
            instrument: instrument.map(str::to_owned),
            particulars: Particulars::default(),
            confidence,
            evidence: Evidence {
                article: self.article.id,
                span: trimmed(self.clean, self.span),
                rule: rule.id.clone(),
            },
        })
    }

    /// The kind by which a list in which a match stands was announced, if it was.
    fn kind_of_list(&self, found: &Found) -> Option<Kind> {
        let (before, _) = self.shadow.text[..found.start].rsplit_once(['：', ':'])?;
        self.rules.form.is_match(before).then(|| self.rules.single_kind(before))?
    }

    /// Whether the clause before the act tells that it was signed: 两人共同签字,两市自此结为.
    fn is_signed_before(&self, found: &Found) -> bool {
        if self.shadow.text[found.start..found.act.0].contains(Symbol::Date.char()) {
            return false;
        }
        let before = last_chars(&self.shadow.text[..found.start], 24);
        let since = before.rsplit(Symbol::Date.char()).next().unwrap_or(before);
        let places = [Symbol::Chinese.char(), Symbol::Foreign.char()];
        self.rules
            .sign
            .find_iter(since)
            .last()
            .is_some_and(|it| !since[it.end()..].contains(places))
    }

    /// Whether the clause before a byte names a place, or what stands for one, that acts.
    fn has_subject(&self, start: usize) -> bool {
        let before = &self.shadow.text[..start];
        let clause = before.rsplit(['，', ',', '：', ':']).next().unwrap_or(before);
        clause.contains([Symbol::Chinese.char(), Symbol::Foreign.char()])
            || self.rules.own.is_match(clause)
            || self.rules.acts_itself(clause)
    }

    /// How much a party lets a claim be believed: less, if it is told of elsewhere, or if
    /// nobody knows where it lies.
    fn certainty(&self, party: &Party) -> f32 {
        let known = if party.place.country.is_none() { NOWHERE } else { 1.0 };
        let here = self.shadow.items.iter().any(|item| {
            parties::party(item, self.mentions, self.clean)
                .is_some_and(|it| it.place.key == party.place.key)
        });
        known * if here { 1.0 } else { ELSEWHERE }
    }

    /// The titles of what is signed, in the sentence behind the act or around it; one
    /// `None` if there is no title.
    pub(super) fn instruments(&self, found: &Found) -> Vec<Option<String>> {
        let text = &self.shadow.text;
        let own = enclosing_title(text, found.act.0);
        let mut titles: Vec<Option<String>> = Vec::new();
        if let Some((start, end)) = own {
            titles.push(Some(self.original(start, end)));
            return titles;
        }
        let mut at = found.act.1;
        while let Some(open) = text[at..].find('《') {
            let start = at + open + '《'.len_utf8();
            let Some(close) = text[start..].find('》') else { break };
            let between = &text[at..start - '《'.len_utf8()];
            // Only titles that hang together with the act.
            if between.chars().count() > 16 && !titles.is_empty()
                || between.chars().count() > 30
                || between.contains(Symbol::Foreign.char())
            {
                break;
            }
            let title = self.original(start, start + close);
            if self.rules.kind(&title).is_some() {
                titles.push(Some(title));
            }
            at = start + close + '》'.len_utf8();
        }
        if titles.is_empty() {
            titles.push(None);
        }
        titles
    }

    /// Whether an act is told as an event of these days: by a frame (会上) that no older
    /// date follows, or by a date close to the publication.
    pub(super) fn is_framed(&self, act: usize) -> bool {
        let dates = self.shadow.items_in(0, act);
        let last = dates.iter().rev().find_map(|it| Some((it.at, self.dated(it.mention)?)));
        if let Some((_, date)) = &last
            && let Some(published) = self.article.published
            && let Some(day) = date.latest
        {
            let age = (published.date.latest() - day).get_days();
            if date.earliest == date.latest && (0..=10).contains(&age) {
                return true;
            }
        }
        // 1959年与A签约,此后又与B: the frame of the first is not that of the second.
        let later = self.rules.later.find_iter(&self.shadow.text[..act]).last();
        let since = last.map_or(0, |(at, _)| at).max(later.map_or(0, |later| later.end()));
        self.rules.frame.is_match(&self.shadow.text[since..act])
    }

    /// Whether the date of the clause lies before the publication: what has happened is
    /// not planned.
    pub(super) fn is_past(&self, found: &Found) -> bool {
        let Some(published) = self.article.published else { return false };
        self.date_inside(found)
            .is_some_and(|date| date.latest.is_some_and(|day| day < published.date.earliest()))
    }

    /// Whether the date of the clause lies after the publication.
    pub(super) fn is_future(&self, found: &Found) -> bool {
        let Some(published) = self.article.published else { return false };
        self.date_inside(found)
            .is_some_and(|date| date.earliest.is_some_and(|day| day > published.date.latest()))
    }

    /// What stands behind the act and belongs to it: up to the next place.
    pub(super) fn behind(&self, found: &Found) -> &str {
        let text = &self.shadow.text[found.act.0..];
        let own = found.end.max(found.act.1) - found.act.0;
        let next = text[own..]
            .find([Symbol::Foreign.char(), Symbol::Chinese.char()])
            .map_or(text.len(), |at| own + at);
        let near = own + first_chars(&text[own..], 34).len();
        // What is dated anew, or told of both anew, is another act.
        let anew = |clause: &str| {
            let begin = first_chars(clause, 8);
            begin.contains(Symbol::Date.char()) || self.rules.around.is_anew(begin)
        };
        let other = text[own..]
            .match_indices(['，', ','])
            .find(|(at, comma)| anew(&text[own + at + comma.len()..]))
            .map_or(text.len(), |(at, _)| own + at);
        &text[..next.min(near).min(other)]
    }
}

/// The title around a byte of the shadow text, without its marks.
fn enclosing_title(text: &str, at: usize) -> Option<(usize, usize)> {
    let open = text[..at].rfind('《')?;
    let start = open + '《'.len_utf8();
    if text[start..at].contains('》') {
        return None;
    }
    let end = at + text[at..].find('》')?;
    Some((start, end))
}
