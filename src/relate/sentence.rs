//! [`Sentence`]: what one sentence claims.

use std::sync::LazyLock;

use super::{
    context::Context,
    lexicon::Marked,
    parties::{self, Member, Sides},
    pattern::Role as Part,
    program::Match,
    rules::{Rule, Rules, first_chars},
    shadow::{self, Item, Shadow, Symbol},
    trace::{self, Outcome, Refusal, Trace, Try},
};
use crate::{
    agreement::{Claim, Party},
    article::Article,
    chars::CharSet,
    date::Date,
    notes::{Notes, Stage, Why},
    place::CountryCode,
    recognise::{Mention, Of, dates::Role},
    text::{Clean, Span},
};

/// Claims that are less sure are only implied.
pub(super) const IMPLIED: f32 = 0.5;
/// A sentence is cut off at this length, in bytes: no one writes longer ones, and rules
/// stay fast.
const LONGEST: usize = 4096;
/// Parts of a list that are longer together are none, in bytes.
const LONGEST_LIST: usize = 600;
/// What may end a sentence, and what holds it together.
static MARKS: LazyLock<CharSet> = LazyLock::new(|| "。！？；;!?《》".chars().collect());
/// The key of Taiwan as a whole, whose cities and counties are the parties.
const TAIWAN: &str = "cc:TW";

/// The sentences of a passage: up to 。！？；, but not inside 《》.
pub(super) fn sentences(clean: &str, passage: Span<Clean>) -> Vec<Span<Clean>> {
    let mut spans = Vec::new();
    let mut start = passage.start as usize;
    let mut depth = 0_usize;
    let mut at = start;
    let text = &clean[..passage.end as usize];
    while at < text.len() {
        // Most characters are none of these.
        let next = MARKS.find(&text[at..]).map_or(text.len(), |mark| at + mark);
        let ends = if next > at && next - start > LONGEST {
            let first = text[at..].chars().next().map_or(1, char::len_utf8);
            at = (start + LONGEST + 1).max(at + first);
            while !text.is_char_boundary(at) {
                at += 1;
            }
            true
        } else {
            let Some(mark) = text[next..].chars().next() else { break };
            at = next + mark.len_utf8();
            match mark {
                '《' => depth += 1,
                '》' => depth = depth.saturating_sub(1),
                _ => {}
            }
            !matches!(mark, '《' | '》') && (depth == 0 || at - start > 600)
        };
        if ends {
            spans.push(Span::new(start..at));
            start = at;
            depth = 0;
        }
    }
    if start < passage.end as usize {
        spans.push(Span::new(start..passage.end as usize));
    }
    spans
}

/// The sentences of a passage as they are read: parts of a list that only the last of them says
/// what it is of (`甲市与A市；乙市与B市结为友好城市`) are one.
pub(super) fn readings(rules: &Rules, clean: &str, passage: Span<Clean>) -> Vec<Span<Clean>> {
    let mut spans: Vec<Span<Clean>> = Vec::new();
    for span in sentences(clean, passage) {
        let waits = spans.last().is_some_and(|last| {
            let text = &clean[last.range()];
            text.ends_with(['；', ';'])
                && last.len() + span.len() <= LONGEST_LIST
                && text.contains(['与', '和', '同'])
                && !rules.triggers.any_within(text)
                && !rules.sign.is_match(text)
                && !text.contains('。')
        });
        match spans.last_mut() {
            Some(last) if waits && rules.triggers.any_within(&clean[span.range()]) => {
                *last = last.to(span);
            }
            _ => spans.push(span),
        }
    }
    spans
}

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
    fn of(groups: &Match) -> Option<Self> {
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
    fn count_list(&self, (start, end): (usize, usize), notes: &mut Notes) {
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
    fn place_in(&self, (start, end): (usize, usize)) -> Option<Party> {
        let items = self.shadow.items_in(start, end).iter().rev();
        items.into_iter().find_map(|item| parties::party(item, self.mentions, self.clean))
    }

    /// Whether the title of what is signed names places.
    fn is_titled(&self, found: &Found) -> bool {
        let title = self.shadow.text[found.act.1..].split('《').nth(1);
        title
            .and_then(|title| title.split('》').next())
            .is_some_and(|title| title.contains([Symbol::Chinese.char(), Symbol::Foreign.char()]))
    }

    /// Whether the title of what is signed says what the two are to each other.
    fn names_tie(&self, found: &Found) -> bool {
        let text = &self.shadow.text[found.act.1..found.end.max(found.act.1)];
        text.contains('《') && self.rules.friend.is_match(text)
    }

    /// Where the search goes on after a match: behind its places, so that the act may
    /// serve the next ones as well.
    fn next_start(&self, groups: &Match) -> usize {
        let act = groups.get(Part::Act).map_or(groups.end, |act| act.1);
        act.max(groups.start + 1).min(self.shadow.text.len())
    }

    fn read(
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
                members
            })
        };
        let pairs: Vec<(Party, Party, Option<usize>, Vec<usize>)> =
            match (list(Part::Pairs), list(Part::Left), list(Part::Right)) {
                (Some(series), _, _) => {
                    // 与A、B和C: all of them are objects, the subject stands elsewhere.
                    let foreign = !series.iter().any(|member| is_chinese(&member.party));
                    // Nor do the stations of a journey tie each other: 市长访问A、B,并与C签署.
                    let journey = foreign
                        && series.len() > 2
                        && self
                            .subject_of(found.start, Symbol::Chinese)
                            .is_some_and(|item| self.acting(item, found.start).is_some());
                    if foreign && (journey || self.are_objects(found.start)) {
                        *why = Some(Refusal::Objects);
                        return Vec::new();
                    }
                    if self.is_taken(&series, found, notes) {
                        *why = Some(Refusal::Body);
                        return Vec::new();
                    }
                    let mut pairs = Vec::new();
                    for sides in parties::pair_up(series) {
                        pairs.extend(self.pairs(&sides, found, why, notes));
                    }
                    pairs
                }
                (None, Some(left), Some(right)) => {
                    let all: Vec<Member> = left.iter().chain(&right).cloned().collect();
                    if self.is_taken(&all, found, notes) {
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
                    let party = groups.get(Part::At).and_then(|at| self.place_in(at));
                    let subject = self.subject_before(found.start, context);
                    let (Some(party), Some(subject)) = (party, subject) else {
                        *why = Some(Refusal::NoSubject);
                        return Vec::new();
                    };
                    vec![(subject, party, None, Vec::new())]
                }
                (None, None, Some(right)) if groups.get(Part::Subject).is_some() => {
                    if self.is_taken(&right, found, notes) {
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
                    let pair = if !rule.is_both && !self.names_tie(found) {
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
                _ => self.pair_of_sentence(context).into_iter().collect(),
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
        let dates = self.dates_before(found.act.0, count > 1);
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

pub(super) fn trimmed(clean: &str, span: Span<Clean>) -> Span<Clean> {
    let text = &clean[span.range()];
    let start = span.start as usize + (text.len() - text.trim_start().len());
    Span::new(start..start + text.trim().len())
}
