//! What a match of a rule says: who is tied to whom, and which claims that makes.

use super::{
    context::Context,
    parties::{self, Member, Sides},
    pattern::Role as Part,
    program::Match,
    rules::{Rule, first_chars},
    sentence::{Found, Sentence},
    shadow::Symbol,
    trace::Refusal,
};
use crate::{
    agreement::{Claim, Party},
    date::Date,
    notes::{Notes, Stage, Why},
    place::CountryCode,
};

/// How many characters behind a place may begin the name of a body.
const NAME: usize = 4;

/// The key of Taiwan as a whole, whose cities and counties are the parties.
const TAIWAN: &str = "cc:TW";

impl<'a> Sentence<'a> {
    /// The claims of a match, each with the symbols that it uses.
    pub(super) fn read(
        &self,
        rule: &Rule,
        groups: &Match,
        context: &Context<'_>,
        free: &dyn Fn(usize) -> bool,
        why: &mut Option<Refusal<'a>>,
        notes: &mut Notes,
    ) -> Vec<(Claim, Vec<usize>)> {
        let Some(found) = &Found::of(groups) else { return Vec::new() };
        let list = |part: Part| {
            groups.get(part).map(|at| {
                let mut members = parties::members(&self.shadow, self.mentions, self.clean, at);
                members.retain(|it| !self.rules.around.is_event(it.tail(&self.shadow)));
                if part == Part::Right {
                    parties::end_with_clause(&mut members, &self.shadow, &self.rules.around);
                }
                members
            })
        };
        let pairs: Vec<(Party, Party, Option<usize>, Vec<usize>)> =
            match (list(Part::Pairs), list(Part::Left), list(Part::Right)) {
                (Some(series), _, _) => {
                    // 与A、B和C: all of them are objects, the subject stands elsewhere.
                    let foreign = !series.iter().any(|member| is_chinese(&member.party));
                    // 与德国A、中国B、韩国C: nor is the Chinese one of them the subject.
                    let objects = parties::is_list(&series) && self.are_objects(found.start);
                    // Nor do the stations of a journey tie each other: 市长访问A、B,并与C签署.
                    let journey = foreign
                        && series.len() > 2
                        && self
                            .subject_of(found.start, Symbol::Chinese)
                            .is_some_and(|item| self.acting(item, found.start).is_some());
                    if foreign && (journey || self.are_objects(found.start)) || objects {
                        *why = Some(Refusal::Objects);
                        return Vec::new();
                    }
                    if self.is_taken(&series, found, notes) {
                        *why = Some(Refusal::Body);
                        return Vec::new();
                    }
                    if self.act_together(&series, found) {
                        each_with_each(&series)
                    } else {
                        let mut pairs = Vec::new();
                        for sides in parties::pair_up(series) {
                            pairs.extend(self.pairs(&sides, found, why, notes));
                        }
                        pairs
                    }
                }
                (None, Some(left), Some(right)) => {
                    let all: Vec<Member> = left.iter().chain(&right).cloned().collect();
                    if self.is_taken(&all, found, notes) || self.is_of_body(&right, found) {
                        *why = Some(Refusal::Body);
                        return Vec::new();
                    }
                    self.pairs(&Sides { left, right }, found, why, notes)
                }
                (None, None, None) if groups.get(Part::At).is_some() => {
                    // The title of what they sign names the parties itself.
                    if self.is_titled(found) {
                        *why = Some(Refusal::Used);
                        return Vec::new();
                    }
                    let at = groups.get(Part::At);
                    let party = at.and_then(|at| self.place_in(at));
                    // 在A市与当地企业签署
                    let met = at.map_or("", |(_, end)| &self.shadow.text[end..found.act.0]);
                    if self.rules.has_body(met) {
                        *why = Some(Refusal::Body);
                        return Vec::new();
                    }
                    let subject = self.subject_before(found.start, context);
                    let (Some(party), Some(subject)) = (party, subject) else {
                        *why = Some(Refusal::NoSubject);
                        return Vec::new();
                    };
                    vec![(subject, party, None, Vec::new())]
                }
                (None, None, Some(right)) if groups.get(Part::Subject).is_some() => {
                    if self.is_taken(&right, found, notes) || self.is_of_body(&right, found) {
                        *why = Some(Refusal::Body);
                        return Vec::new();
                    }
                    let subject = groups.get(Part::Subject);
                    let Some(subject) =
                        subject.and_then(|at| self.stands(at, found.start, context))
                    else {
                        *why = Some(Refusal::NoSubject);
                        return Vec::new();
                    };
                    tied(&subject, right)
                }
                (None, None, Some(right)) => {
                    if self.is_taken(&right, found, notes) {
                        *why = Some(Refusal::Body);
                        return Vec::new();
                    }
                    let chinese = right.iter().all(|member| is_chinese(&member.party));
                    let subject = if chinese {
                        self.foreign_before(
                            found.start,
                            self.rules.friend.is_match(self.behind(found)),
                            context,
                        )
                    } else {
                        self.subject_before(found.start, context)
                    };
                    let Some(subject) = subject else {
                        notes.push(Stage::Relate, Why::MissingParty, self.quote());
                        *why = Some(Refusal::NoSubject);
                        return Vec::new();
                    };
                    tied(&subject, right)
                }
                _ if rule.both || groups.get(Part::Both).is_some() => {
                    // Without 双方 it goes on about what was just told.
                    let word = groups
                        .get(Part::Both)
                        .map_or("", |(from, to)| self.shadow.text.get(from..to).unwrap_or(""));
                    let counted = word.contains(Symbol::Number.char());
                    let pair = if counted || self.rules.together.is_match(word) {
                        // 三市: those whom the sentence before named.
                        let before = &self.shadow.text[found.start..found.act.0];
                        let (from, to) = groups.get(Part::Both).unwrap_or(found.act);
                        match context.group_of(&self.original(from, to)) {
                            Some(group) if !self.rules.has_body(before) => {
                                return self.claims_of_all(rule, found, context, group, why);
                            }
                            _ => None,
                        }
                    } else if !rule.is_both && !self.names_tie(found) {
                        context.told()
                    } else {
                        self.pair_before(found.start, context)
                            .or_else(|| context.pair_of(word))
                            .or_else(|| context.pair())
                    };
                    match pair {
                        Some([a, b]) => {
                            let before = &self.shadow.text[found.start..found.act.0];
                            if self.rules.has_body(before) {
                                *why = Some(Refusal::Body);
                                return Vec::new();
                            }
                            vec![(a, b, None, Vec::new())]
                        }
                        None => {
                            *why = Some(Refusal::NoSubject);
                            Vec::new()
                        }
                    }
                }
                _ => self.pair_of_sentence(found.start, context).into_iter().collect(),
            };

        let mut claims = Vec::new();
        let last = self.last_place(found).min(found.act.0);
        if self.rules.apart.is_match(&self.shadow.text[last..found.act.0]) {
            *why = Some(Refusal::Apart);
            return Vec::new();
        }
        if let Some(right) = groups.get(Part::Right).or(groups.get(Part::Pairs)) {
            self.count_list(right, notes);
        }
        let instruments = self.instruments(found);
        let count = pairs.len();
        // 始于1970年代,1994年建立: no list of dates of one act.
        let behind = if count > 1 { self.dates_behind(found, count) } else { None };
        let dates = behind.unwrap_or_else(|| self.dates_before(found.act.0, count > 1));
        for (n, (a, b, date, used)) in pairs.into_iter().enumerate() {
            if !used.is_empty() && !used.iter().all(|&at| free(at)) {
                *why = Some(Refusal::Used);
                continue;
            }
            if a.place.country.is_some() && a.place.country == b.place.country
                || [&a, &b].iter().all(|it| it.place.country.is_some_and(CountryCode::is_chinese))
            {
                notes.push(Stage::Relate, Why::SameCountry, format!("{}—{}", a.name, b.name));
                *why = Some(Refusal::SameCountry);
                continue;
            }
            // All of Taiwan is no local government.
            if [&a, &b].iter().any(|party| party.place.key.0.as_ref() == TAIWAN) {
                notes.push(Stage::Relate, Why::MissingParty, format!("{}—{}", a.name, b.name));
                *why = Some(Refusal::Body);
                continue;
            }
            // 于D1和D2分别与B1和B2: a date each; D1、D2两度续签: an act each.
            let dates: Vec<Option<Date>> = match self.dated(date) {
                Some(date) => vec![Some(date)],
                None if dates.len() > 1 && dates.len() == count => vec![dates.get(n).cloned()],
                None if dates.len() > 1 && count == 1 => dates.iter().cloned().map(Some).collect(),
                None => vec![None],
            };
            for instrument in instruments.iter().map(Option::as_deref) {
                for date in &dates {
                    let parties = [a.clone(), b.clone()];
                    let claim = self.claim(rule, found, context, parties, date.clone(), instrument);
                    match claim {
                        Ok(claim) => claims.push((claim, used.clone())),
                        Err(refusal) => *why = Some(refusal),
                    }
                }
            }
        }
        claims
    }

    /// The claims of an act by which each of a group is tied to each one of another country.
    fn claims_of_all(
        &self,
        rule: &Rule,
        found: &Found,
        context: &Context<'_>,
        group: &[Party],
        why: &mut Option<Refusal<'a>>,
    ) -> Vec<(Claim, Vec<usize>)> {
        let instruments = self.instruments(found);
        let dated = self.shadow.text[..found.act.0].contains(Symbol::Date.char());
        let date = if dated { None } else { context.event() };
        let mut claims = Vec::new();
        for (n, a) in group.iter().enumerate() {
            for b in group[n + 1..].iter().filter(|b| b.place.country != a.place.country) {
                let instrument = instruments.first().and_then(|title| title.as_deref());
                let parties = [a.clone(), b.clone()];
                match self.claim(rule, found, context, parties, date.clone(), instrument) {
                    Ok(claim) => claims.push((claim, Vec::new())),
                    Err(refusal) => *why = Some(refusal),
                }
            }
        }
        claims
    }

    /// Whether a list that begins at `start` goes on from one that 与 opened.
    fn are_objects(&self, start: usize) -> bool {
        self.shadow.text[..start]
            .chars()
            .rev()
            .find(|c| {
                !matches!(
                    c,
                    '\u{e000}'
                        ..='\u{e005}' | '、' | '，' | ',' | '及' | '以' | '的' | '首' | '都' | '府'
                )
            })
            .is_some_and(|c| matches!(c, '与' | '同' | '和' | '跟'))
    }

    /// Whether the members of a list are tied all together: 甲市、A区、B市签署三方协议.
    fn act_together(&self, series: &[Member], found: &Found) -> bool {
        let last = series.iter().map(Member::end).max().unwrap_or(found.start);
        let behind = self.behind(found);
        let until = (found.act.0 + behind.len()).max(last);
        series.len() > 2 && self.rules.together.is_match(&self.original(last, until))
    }

    /// Whether a list cannot be one of governments.
    fn is_taken(&self, members: &[Member], found: &Found, notes: &mut Notes) -> bool {
        let body = members.iter().any(|member| {
            let tail = member.tail(&self.shadow);
            self.rules.has_body(tail) || !(self.rules.acts(tail) || self.goes_on(member.end()))
        });
        // Between the last party and the act.
        let after = members.iter().map(Member::end).max().unwrap_or(found.start);
        let gap = self.shadow.text.get(after..found.act.0).unwrap_or("");
        // With the act, whose first character may be the last of a body: 商会签署.
        let to_act = self.shadow.text.get(after..found.act.1).unwrap_or("");
        let taken = members.is_empty()
            || body
            || !(self.rules.acts(gap) || self.goes_on(after))
            || to_act
                .split(['，', ','])
                .any(|clause| !is_located(clause) && self.rules.has_body(clause));
        if taken && !members.is_empty() {
            notes.push(Stage::Relate, Why::MissingParty, self.quote());
        }
        taken
    }

    /// Whether a body stands behind the last of those named behind the act: 签署协议的A市企业.
    fn is_of_body(&self, right: &[Member], found: &Found) -> bool {
        right.last().is_some_and(|last| {
            let tail = self.shadow.text.get(last.end()..).unwrap_or("");
            last.end() > found.act.1 && self.rules.has_body(first_chars(tail, NAME))
        })
    }

    /// Whether what stands from a byte on may follow a party: 的友城关系.
    fn goes_on(&self, at: usize) -> bool {
        self.shadow.text.get(at..).is_some_and(|tail| self.rules.follows(tail))
    }

    fn pairs(
        &self,
        sides: &Sides,
        found: &Found,
        why: &mut Option<Refusal<'a>>,
        notes: &mut Notes,
    ) -> Vec<(Party, Party, Option<usize>, Vec<usize>)> {
        let respective = self.shadow.text[found.start..found.end].contains("分别");
        let Some(crossed) = parties::cross(sides, respective) else {
            notes.push(Stage::Relate, Why::UnevenLists, self.quote());
            *why = Some(Refusal::Uneven);
            return Vec::new();
        };
        crossed
            .into_iter()
            .map(|(a, b)| {
                let used = vec![a.at, b.at];
                let used = if sides.left.len() == 1 && sides.right.len() > 1 {
                    vec![b.at]
                } else if sides.right.len() == 1 && sides.left.len() > 1 {
                    vec![a.at]
                } else {
                    used
                };
                let (first, second) =
                    if is_chinese(&b.party) && !is_chinese(&a.party) { (b, a) } else { (a, b) };
                (first.party.clone(), second.party.clone(), a.date.or(b.date), used)
            })
            .collect()
    }
}

/// Each member of a list with each one of another country, the Chinese side first.
fn each_with_each(series: &[Member]) -> Vec<(Party, Party, Option<usize>, Vec<usize>)> {
    let mut pairs = Vec::new();
    for (n, a) in series.iter().enumerate() {
        for b in &series[n + 1..] {
            if a.party.place.country == b.party.place.country {
                continue;
            }
            let (first, second) =
                if is_chinese(&b.party) && !is_chinese(&a.party) { (b, a) } else { (a, b) };
            let used = vec![a.at, b.at];
            pairs.push((first.party.clone(), second.party.clone(), a.date.or(b.date), used));
        }
    }
    pairs
}

/// The pairs of a subject with each member of a list, the Chinese side first.
fn tied(subject: &Party, others: Vec<Member>) -> Vec<(Party, Party, Option<usize>, Vec<usize>)> {
    others
        .into_iter()
        .filter(|member| member.party.place.country != subject.place.country)
        .map(|member| {
            let (a, b) = if is_chinese(&member.party) && !is_chinese(subject) {
                (member.party, subject.clone())
            } else {
                (subject.clone(), member.party)
            };
            (a, b, member.date, vec![member.at])
        })
        .collect()
}

/// Whether a clause only says where or before whom something happens: 在某大学.
fn is_located(clause: &str) -> bool {
    clause.starts_with(['在', '于']) || clause.contains("见证")
}

fn is_chinese(party: &Party) -> bool {
    party.place.country.is_some_and(CountryCode::is_chinese)
}
