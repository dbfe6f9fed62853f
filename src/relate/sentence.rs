//! [`Sentence`]: what one sentence claims.

use regex::Captures;

use super::{
    context::Context,
    parties::{self, Member, Sides},
    rules::{Rule, Rules, Site, first_chars, last_chars},
    shadow::{self, Shadow, Symbol},
};
use crate::{
    agreement::{Claim, Evidence, Kind, Party, Status},
    article::Article,
    date::{Basis, Date, PartialDate},
    notes::{Notes, Stage, Why},
    place::CountryCode,
    recognise::{Mention, Of, dates::Role},
    text::{Clean, Span},
};

/// A sentence is cut off at this length, in bytes: no one writes longer ones, and rules
/// stay fast.
const LONGEST: usize = 4096;

/// The sentences of a passage: up to 。！？；, but not inside 《》.
pub(super) fn sentences(clean: &str, passage: Span<Clean>) -> Vec<Span<Clean>> {
    let mut spans = Vec::new();
    let mut start = passage.start as usize;
    let mut depth = 0_usize;
    for (at, c) in clean[passage.range()].char_indices() {
        let end = passage.start as usize + at + c.len_utf8();
        match c {
            '《' => depth += 1,
            '》' => depth = depth.saturating_sub(1),
            '。' | '！' | '？' | '；' | ';' | '!' | '?' if depth == 0 || end - start > 600 => {
                spans.push(Span::new(start..end));
                start = end;
                depth = 0;
            }
            _ if end - start > LONGEST => {
                spans.push(Span::new(start..end));
                start = end;
                depth = 0;
            }
            _ => {}
        }
    }
    if start < passage.end as usize {
        spans.push(Span::new(start..passage.end as usize));
    }
    spans
}

/// A sentence with its shadow.
pub(super) struct Sentence<'a> {
    rules: &'a Rules,
    article: &'a Article,
    clean: &'a str,
    mentions: &'a [Mention],
    span: Span<Clean>,
    shadow: Shadow,
}

/// One match of a rule, in bytes of the shadow text.
struct Found {
    start: usize,
    act: (usize, usize),
    end: usize,
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
        let shadow = Shadow::new(clean, span, mentions, &masks);
        Self { rules, article, clean, mentions, span, shadow }
    }

    /// Adds what the sentence claims to `claims`.
    pub(super) fn claims(
        &self,
        context: &mut Context<'_>,
        claims: &mut Vec<Claim>,
        notes: &mut Notes,
    ) {
        // Symbols of places that a rule has used: one act gives one claim.
        let mut used: Vec<(usize, usize)> = Vec::new();
        let mut acts: Vec<(usize, usize)> = Vec::new();
        for rule in &self.rules.rules {
            if !rule.requires.iter().all(|needed| needed.is_match(&self.shadow.text)) {
                continue;
            }
            let mut from = 0;
            while let Some(groups) = rule.pattern.captures_at(&self.shadow.text, from) {
                let Some(whole) = groups.get(0) else { break };
                from = self.next_start(&groups, whole.start(), whole.end());
                let Some(act) = groups.name("act") else { continue };
                let found =
                    Found { start: whole.start(), act: (act.start(), act.end()), end: whole.end() };
                let free = |at: usize| !used.iter().any(|&(place, _)| place == at);
                if acts.contains(&found.act) && groups.name("both").is_some() {
                    continue;
                }
                let made = self.read(rule, &groups, &found, context, &free, notes);
                if made.is_empty() {
                    // A list may begin too early: at where something happens, or at a body.
                    let first = self.shadow.items_in(found.start, found.act.0).first();
                    from = first.map_or(from, |item| (item.at + 3).min(from));
                } else {
                    for (claim, members) in made {
                        used.extend(members.iter().map(|&at| (at, found.act.0)));
                        let [a, b] = &claim.parties;
                        context.last_pair = Some([a.clone(), b.clone()]);
                        context.last_kind = Some(claim.kind);
                        claims.push(claim);
                    }
                    acts.push(found.act);
                }
            }
        }
    }

    /// Where the search goes on after a match: behind its places, so that the act may
    /// serve the next ones as well.
    fn next_start(&self, groups: &Captures<'_>, start: usize, end: usize) -> usize {
        let act = groups.name("act").map_or(end, |act| act.end());
        let next = act.max(start + 1);
        let mut next = next.min(self.shadow.text.len());
        while !self.shadow.text.is_char_boundary(next) {
            next += 1;
        }
        next
    }

    fn read(
        &self,
        rule: &Rule,
        groups: &Captures<'_>,
        found: &Found,
        context: &Context<'_>,
        free: &dyn Fn(usize) -> bool,
        notes: &mut Notes,
    ) -> Vec<(Claim, Vec<usize>)> {
        let list = |role: &str| {
            groups.name(role).map(|group| {
                parties::members(
                    &self.shadow,
                    self.mentions,
                    self.clean,
                    (group.start(), group.end()),
                )
            })
        };
        let pairs: Vec<(Party, Party, Option<usize>, Vec<usize>)> =
            match (list("pairs"), list("left"), list("right")) {
                (Some(series), _, _) => {
                    // 与A、B和C: all of them are objects, the subject stands elsewhere.
                    let foreign = !series.iter().any(|member| is_chinese(&member.party));
                    if foreign && self.are_objects(found.start) {
                        return Vec::new();
                    }
                    if self.is_taken(&series, found, notes) {
                        return Vec::new();
                    }
                    let mut pairs = Vec::new();
                    for sides in parties::pair_up(series) {
                        pairs.extend(self.pairs(&sides, found, notes));
                    }
                    pairs
                }
                (None, Some(left), Some(right)) => {
                    let all: Vec<Member> = left.iter().chain(&right).cloned().collect();
                    if self.is_taken(&all, found, notes) {
                        return Vec::new();
                    }
                    self.pairs(&Sides { left, right }, found, notes)
                }
                (None, None, Some(right)) => {
                    if self.is_taken(&right, found, notes) {
                        return Vec::new();
                    }
                    let chinese = right.iter().all(|member| is_chinese(&member.party));
                    let subject = if chinese {
                        self.foreign_before(found.start, context)
                    } else {
                        self.subject_before(found.start, context)
                    };
                    let Some(subject) = subject else {
                        notes.push(Stage::Relate, Why::MissingParty, self.quote());
                        return Vec::new();
                    };
                    right
                        .into_iter()
                        .filter(|member| member.party.place.country != subject.place.country)
                        .map(|member| {
                            let (a, b) = if chinese {
                                (member.party, subject.clone())
                            } else {
                                (subject.clone(), member.party)
                            };
                            (a, b, member.date, vec![member.at])
                        })
                        .collect()
                }
                _ if rule.both || groups.name("both").is_some() => {
                    match self.pair_before(found.start, context).or_else(|| context.pair()) {
                        Some([a, b]) => {
                            let before = &self.shadow.text[found.start..found.act.0];
                            if self.rules.has_body(before) {
                                return Vec::new();
                            }
                            vec![(a, b, None, Vec::new())]
                        }
                        None => Vec::new(),
                    }
                }
                _ => self.pair_of_sentence(context).into_iter().collect(),
            };

        let mut claims = Vec::new();
        let last = self.last_place(found).min(found.act.0);
        if self.rules.apart.is_match(&self.shadow.text[last..found.act.0]) {
            return Vec::new();
        }
        let instruments = self.instruments(found);
        let dates = self.dates_before(found.act.0);
        let count = pairs.len();
        for (n, (a, b, date, used)) in pairs.into_iter().enumerate() {
            if !used.is_empty() && !used.iter().all(|&at| free(at)) {
                continue;
            }
            if a.place.country.is_some() && a.place.country == b.place.country
                || [&a, &b].iter().all(|it| it.place.country.is_some_and(CountryCode::is_chinese))
            {
                notes.push(Stage::Relate, Why::SameCountry, format!("{}—{}", a.name, b.name));
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
                    claims.extend(claim.map(|claim| (claim, used.clone())));
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
            self.rules.has_body(tail) || !self.rules.acts(tail)
        });
        // Between the last party and the act.
        let after = members.iter().map(|member| member.at).max().unwrap_or(found.start) + 3;
        let gap = self.shadow.text.get(after..found.act.0).unwrap_or("");
        let taken = members.is_empty()
            || body
            || !self.rules.acts(gap)
            || gap
                .split(['，', ','])
                .any(|clause| !is_located(clause) && self.rules.has_body(clause));
        if taken && !members.is_empty() {
            notes.push(Stage::Relate, Why::MissingParty, self.quote());
        }
        taken
    }

    fn pairs(
        &self,
        sides: &Sides,
        found: &Found,
        notes: &mut Notes,
    ) -> Vec<(Party, Party, Option<usize>, Vec<usize>)> {
        let respective = self.shadow.text[found.start..found.end].contains("分别");
        let Some(crossed) = parties::cross(sides, respective) else {
            notes.push(Stage::Relate, Why::UnevenLists, self.quote());
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

    /// The subject that stands in the sentence before the match, or was said before.
    fn subject_before(&self, start: usize, context: &Context<'_>) -> Option<Party> {
        let before = &self.shadow.text[..start];
        let own = self.rules.own.find_iter(before).last();
        let near = self
            .shadow
            .items_in(0, start)
            .iter()
            .rev()
            .filter(|item| item.symbol == Symbol::Chinese && !context.is_location(item.span))
            .find_map(|item| Some((item.at, parties::party(item, self.mentions, self.clean)?)));
        match (near, own) {
            (Some((at, party)), Some(own)) if own.start() < at => Some(party),
            (_, Some(own)) if own.as_str().starts_with(['该', '它']) => context.topic(),
            (_, Some(own)) => context.own(own.as_str()),
            (Some((_, party)), None) => Some(party),
            (None, None) => context.subject(),
        }
    }

    /// The foreign subject of a sentence whose objects are Chinese: 该市与芜湖市.
    fn foreign_before(&self, start: usize, context: &Context<'_>) -> Option<Party> {
        self.shadow
            .items_in(0, start)
            .iter()
            .rev()
            .filter(|item| item.symbol == Symbol::Foreign && !context.is_location(item.span))
            .find_map(|item| parties::party(item, self.mentions, self.clean))
            .or_else(|| context.last_foreign())
    }

    /// The pair that 双方 stands for, if its sentence has named it before.
    fn pair_before(&self, end: usize, context: &Context<'_>) -> Option<[Party; 2]> {
        let items = self.shadow.items_in(0, end);
        let acts = |at: usize| self.rules.acts(self.shadow.text.get(at + 3..).unwrap_or(""));
        let party = |symbol: Symbol| {
            items
                .iter()
                .rev()
                .filter(|item| item.symbol == symbol && !context.is_location(item.span))
                .filter(|item| acts(item.at))
                .find_map(|item| parties::party(item, self.mentions, self.clean))
        };
        let foreign = party(Symbol::Foreign)?;
        // The pair that was spoken of all along, if it is named here again.
        if let Some(pair) = context.pair()
            && items.iter().any(|item| {
                item.symbol == Symbol::Foreign
                    && parties::party(item, self.mentions, self.clean)
                        .is_some_and(|it| pair.iter().any(|known| known.place.key == it.place.key))
            })
        {
            return Some(pair);
        }
        let chinese = party(Symbol::Chinese).or_else(|| context.subject())?;
        Some([chinese, foreign])
    }

    /// The pair of a sentence that only tells of an anniversary.
    fn pair_of_sentence(
        &self,
        context: &Context<'_>,
    ) -> Option<(Party, Party, Option<usize>, Vec<usize>)> {
        context.pair().map(|[a, b]| (a, b, None, Vec::new()))
    }

    /// The titles of what is signed, in the sentence behind the act or around it; one
    /// `None` if there is no title.
    fn instruments(&self, found: &Found) -> Vec<Option<String>> {
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

    /// The clean text of a stretch of the shadow text.
    fn original(&self, start: usize, end: usize) -> String {
        let from = self.shadow.to_clean(start) as usize;
        let to = self.shadow.to_clean(end) as usize;
        self.clean.get(from..to).unwrap_or("").to_owned()
    }

    fn quote(&self) -> &str {
        self.clean[self.span.range()].trim()
    }

    fn claim(
        &self,
        rule: &Rule,
        found: &Found,
        context: &Context<'_>,
        parties: [Party; 2],
        written: Option<Date>,
        instrument: Option<&str>,
    ) -> Option<Claim> {
        let text = &self.shadow.text;
        let act = &text[found.act.0..found.act.1];
        let behind = self.behind(found);
        let between = &text[self.last_place(found)..found.act.0];
        let kind = instrument
            .and_then(|title| self.rules.kind(title))
            .or_else(|| self.rules.kind(behind))
            .or_else(|| self.rules.kind(between))
            .or_else(|| self.rules.kind(act))
            .or_else(|| context.last_kind.filter(|_| rule.both))?;
        // A bare agreement or memorandum is one of the governments only if they sign it in the
        // same breath: 两地企业 sign the others.
        let sectoral = matches!(kind, Kind::CooperationAgreement | Kind::Memorandum);
        let named = &text[found.start..found.act.0];
        if sectoral
            && (rule.both || rule.is_both)
            && !self.rules.friend.is_match(behind)
            && !self.rules.acts_itself(named)
        {
            return None;
        }
        if sectoral
            && between.contains(['，', ','])
            && !self.rules.friend.is_match(behind)
            && !rule.both
        {
            return None;
        }
        let names_tie = instrument.is_some()
            || self.rules.friend.is_match(behind)
            || self.rules.friend.is_match(between)
            || kind != Kind::CooperationAgreement;
        if !names_tie && !self.rules.sign.is_match(act) {
            return None;
        }
        let mut confidence = rule.confidence;
        let signed = self.rules.sign.is_match(act)
            || enclosing_title(text, found.act.0)
                .is_some_and(|(start, _)| self.rules.sign.is_match(last_chars(&text[..start], 24)))
            || self.rules.sign.is_match(behind) && instrument.is_none();
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
                return None;
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
        if kind == Kind::LetterOfIntent && act == "达成" && status == Status::Established {
            status = Status::Signed;
        }
        if status != Status::Planned && self.is_future(found) {
            status = Status::Planned;
        }
        let date = match status {
            Status::Planned => None,
            Status::Anniversary => self.anniversary(found),
            _ => written.or_else(|| self.date(found, status, context)),
        };
        if parties.iter().any(|party| party.place.country.is_none()) {
            confidence *= 0.8;
        }
        Some(Claim {
            kind,
            status,
            parties,
            date,
            instrument: instrument.map(str::to_owned),
            confidence,
            evidence: Evidence {
                article: self.article.id,
                span: trimmed(self.clean, self.span),
                rule: rule.id.clone(),
            },
        })
    }

    /// Whether an act is told as an event of these days: by a frame (会上) that no older
    /// date follows, or by a date close to the publication.
    fn is_framed(&self, act: usize) -> bool {
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
        let since = last.map_or(0, |(at, _)| at);
        self.rules.frame.is_match(&self.shadow.text[since..act])
    }

    /// Whether the date of the clause lies before the publication: what has happened is
    /// not planned.
    fn is_past(&self, found: &Found) -> bool {
        let Some(published) = self.article.published else { return false };
        self.date_inside(found)
            .is_some_and(|date| date.latest.is_some_and(|day| day < published.date.earliest()))
    }

    /// Whether the date of the clause lies after the publication.
    fn is_future(&self, found: &Found) -> bool {
        let Some(published) = self.article.published else { return false };
        self.date_inside(found)
            .is_some_and(|date| date.earliest.is_some_and(|day| day > published.date.latest()))
    }

    /// The last date between the beginning of the parties and the act.
    fn date_inside(&self, found: &Found) -> Option<Date> {
        let items = self.shadow.items_in(found.start, found.act.0);
        items.iter().rev().find_map(|item| self.dated(item.mention))
    }

    /// What stands behind the act and belongs to it: up to the next place.
    fn behind(&self, found: &Found) -> &str {
        let text = &self.shadow.text[found.act.0..];
        let own = found.end.max(found.act.1) - found.act.0;
        let next = text[own..]
            .find([Symbol::Foreign.char(), Symbol::Chinese.char()])
            .map_or(text.len(), |at| own + at);
        let near = own + first_chars(&text[own..], 34).len();
        &text[..next.min(near)]
    }

    /// The byte behind the last place before the act.
    fn last_place(&self, found: &Found) -> usize {
        self.shadow
            .items_in(found.start, found.act.0)
            .iter()
            .rev()
            .find(|item| matches!(item.symbol, Symbol::Foreign | Symbol::Chinese))
            .map_or(found.start, |item| item.at + item.symbol.char().len_utf8())
    }

    /// The date of an act: in its sentence, else of the event that the sentence points
    /// back to or that the article reports.
    fn date(&self, found: &Found, status: Status, context: &Context<'_>) -> Option<Date> {
        let text = &self.shadow.text;
        let before = &text[..found.act.0];
        let vague = self.rules.vague.is_match(last_chars(before, 60));
        let last = self
            .shadow
            .items_in(0, found.act.0)
            .iter()
            .rev()
            .find_map(|item| Some((item.mention?, self.dated(item.mention)?)));
        if let Some((mention, date)) = last {
            // 自2006年起,先后与: the date of none of them.
            let start = matches!(self.mentions[mention].of, Of::Date(_, Role::Start));
            return (!(start && vague)).then_some(date);
        }
        // 建立友好合作关系则是在2004年
        let after = &text[found.act.1..];
        if let Some(at) = after.find(Symbol::Date.char())
            && self.leads_to_date(&after[..at])
        {
            return self
                .shadow
                .items_in(found.act.1, text.len())
                .iter()
                .find_map(|item| self.dated(item.mention));
        }
        // A tie that exists (目前仍与) has not the date of what was told before.
        if vague || status == Status::Established {
            return None;
        }
        if self.rules.back.is_match(before) {
            return context.event();
        }
        if status != Status::Signed {
            return None;
        }
        context.reported(self.article.published.map(|published| published.date))
    }

    /// Whether the words between an act and a date behind it give the act that date.
    fn leads_to_date(&self, between: &str) -> bool {
        if between.len() > 60 || between.contains([Symbol::Foreign.char(), Symbol::Chinese.char()])
        {
            return false;
        }
        let named = ["时间为", "时间是", "时间:", "时间：", "日期为", "日期是", "日期:", "日期："];
        let plain = ["在", "于", "是", "为", "：", ":"];
        named.iter().any(|lead| between.ends_with(lead))
            || !between.contains([',', '，']) && plain.iter().any(|lead| between.ends_with(lead))
    }

    /// The dates of the list that stands last before a byte of the shadow text.
    fn dates_before(&self, end: usize) -> Vec<Date> {
        let mut dates: Vec<Date> = Vec::new();
        let mut from = None;
        for item in self.shadow.items_in(0, end).iter().rev() {
            let Some(date) = self.dated(item.mention) else { continue };
            let behind = item.at + Symbol::Date.char().len_utf8();
            let listed = from.is_none_or(|from: usize| {
                matches!(&self.shadow.text[behind..from], "、" | "和" | "与" | "及" | "," | "，")
            });
            if !listed {
                break;
            }
            dates.insert(0, date);
            from = Some(item.at);
        }
        dates
    }

    /// Gives the dates of 前者 and 后者 to the two ties told before.
    pub(super) fn former_and_latter(&self, claims: &mut [Claim]) {
        let text = &self.shadow.text;
        let (Some(former), Some(latter)) = (text.find("前者"), text.find("后者")) else {
            return;
        };
        let [first, second] = claims else { return };
        if former >= latter {
            return;
        }
        for (claim, from, to) in [(first, former, latter), (second, latter, text.len())] {
            let date =
                self.shadow.items_in(from, to).iter().find_map(|item| self.dated(item.mention));
            if let Some(date) = date {
                claim.date = Some(date);
            }
            if self.rules.sign.is_match(&text[from..to]) {
                claim.status = Status::Signed;
            }
        }
    }

    /// The date of a mention, if something can have happened then.
    fn dated(&self, mention: Option<usize>) -> Option<Date> {
        match &self.mentions.get(mention?)?.of {
            Of::Date(date, Role::Point | Role::Start) => Some(date.clone()),
            _ => None,
        }
    }

    /// The year of a tie of which an anniversary is told.
    fn anniversary(&self, found: &Found) -> Option<Date> {
        let text = &self.shadow.text;
        let count = self
            .shadow
            .items_in(found.act.0, found.end)
            .iter()
            .filter(|item| item.symbol == Symbol::Number)
            .find_map(|item| shadow::value(&self.clean[item.span.range()]))?;
        let year = self
            .shadow
            .items_in(0, text.len())
            .iter()
            .find_map(|item| self.dated(item.mention)?.partial())
            .map(PartialDate::calendar_year)?;
        let started = PartialDate::year(year.checked_sub(i16::try_from(count).ok()?)?)?;
        Some(Date::new(started, Basis::Inferred))
    }
}

/// Whether a clause only says where or before whom something happens: 在某大学.
fn is_located(clause: &str) -> bool {
    clause.starts_with(['在', '于']) || clause.contains("见证")
}

fn is_chinese(party: &Party) -> bool {
    party.place.country.is_some_and(CountryCode::is_chinese)
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

fn trimmed(clean: &str, span: Span<Clean>) -> Span<Clean> {
    let text = &clean[span.range()];
    let start = span.start as usize + (text.len() - text.trim_start().len());
    Span::new(start..start + text.trim().len())
}
