//! Counts of ties: `截至2023年10月，合肥市已与21个国家的37个城市建立友好城市关系`.
//!
//! The patterns of `rules/statistic.toml` find the numbers; whose ties are counted is
//! told by the sentence, else by those before it; the day is that of 截至.

mod rules;

pub use self::rules::{CountRule, CountRules};
use self::rules::{ROLES, Veto};
use super::{
    context::Context,
    lexicon::Marked,
    parties,
    program::Match,
    rules::Rules,
    shadow::{self, Item, Shadow, Symbol},
};
use crate::{
    agreement::{Evidence, Kind, Party, Statistic},
    article::ArticleId,
    date::Date,
    place::{CountryCode, Level, Place, PlaceKey},
    recognise::{Mention, Of},
    text::{Clean, Span},
};
use std::sync::Arc;

/// A sentence of more bytes is a list or a wreck, and is not read.
const LONGEST: usize = 6_000;
/// How many characters may stand before a foreign place that a sentence is about: 目前,.
const LONGEST_LEAD: usize = 8;
/// How many characters may stand between a foreign place and the count of its ties.
const WIDEST: usize = 12;
/// How many counts back one and the same is looked for.
const RECENT: usize = 64;

/// A sentence that may count ties.
pub(super) struct Counted<'a> {
    pub(super) counts: &'a CountRules,
    pub(super) rules: &'a Rules,
    pub(super) article: ArticleId,
    pub(super) clean: &'a str,
    pub(super) mentions: &'a [Mention],
    pub(super) span: Span<Clean>,
}

impl Counted<'_> {
    /// Adds what the sentence counts to `found`.
    pub(super) fn read(&self, context: &Context<'_>, found: &mut Vec<Statistic>) {
        let text = &self.clean[self.span.range()];
        if text.len() > LONGEST || !self.counts.triggers.is_match(text) {
            return;
        }
        // Without a number nothing is counted.
        if !text.contains(shadow::is_digit) {
            return;
        }
        let mut masks = self.rules.masks(text);
        masks.extend(self.counts.masks.find_iter(text).map(|it| (it.start(), it.end())));
        masks.sort_unstable();
        let shadow = Shadow::new(self.clean, self.span, self.mentions, &masks, &|text| {
            self.rules.is_tie(text)
        });
        if !shadow.items.iter().any(|item| item.symbol == Symbol::Number) {
            return;
        }
        let marked = Marked::new(&self.counts.grammar.lexicon, &shadow);
        // Where the numbers stand that are spoken for, with the count that they made.
        let mut used: Vec<usize> = Vec::new();
        let mut made: Vec<(usize, Statistic)> = Vec::new();
        for rule in &self.counts.rules {
            if !rule.pattern.may_fit(&marked)
                || !rule.requires.iter().all(|needed| needed.find(&marked, 0).is_some())
            {
                continue;
            }
            let mut from = 0;
            while let Some(groups) = rule.pattern.find(&marked, from) {
                let Some(numbers) = Numbers::of(&groups, &shadow, self.clean) else { break };
                // A pair may share its verb with the next, so go on behind the number.
                from = numbers.last;
                if used.iter().any(|at| numbers.at.contains(at))
                    || self
                        .counts
                        .vetoes
                        .iter()
                        .filter(|veto| !rule.lifts.contains(&veto.name))
                        .any(|veto| vetoed(veto, &shadow.text, numbers.first, groups.end))
                {
                    continue;
                }
                let before =
                    made.iter().filter(|(at, _)| *at < numbers.first).max_by_key(|it| it.0);
                let (subject, kind, as_of) = if rule.follows {
                    let Some((_, whole)) = before else { continue };
                    (whole.subject.clone(), whole.kind, whole.as_of.clone())
                } else {
                    let Some(subject) = self.subject(&shadow, groups.start, numbers.first, context)
                    else {
                        continue;
                    };
                    let kind = self.kind(&shadow.text, groups.start, groups.end);
                    (subject, kind, self.as_of(&shadow, numbers.first))
                };
                used.extend(&numbers.at);
                let [countries, cities, pairs] = numbers.values;
                let evidence = Evidence {
                    article: self.article,
                    span: trimmed(self.clean, self.span),
                    rule: rule.id.clone(),
                };
                made.push((
                    numbers.first,
                    Statistic { subject, countries, cities, pairs, kind, as_of, evidence },
                ));
            }
        }
        made.sort_by_key(|(at, _)| *at);
        for (_, statistic) in made {
            add(found, statistic);
        }
    }

    /// Whose ties are counted: the last place before the number that is no location,
    /// or what 我市 stands for.
    fn subject(
        &self,
        shadow: &Shadow,
        start: usize,
        number: usize,
        context: &Context<'_>,
    ) -> Option<Party> {
        let before = &shadow.text[..number];
        let near = shadow.items_in(0, number).iter().rev().find(|item| match item.symbol {
            Symbol::Chinese => {
                !context.is_location(item.span) && !is_aside(&shadow.text[..item.at])
            }
            Symbol::China => begins_count(&shadow.text[item.at + 3..]),
            Symbol::Foreign => self.acts(shadow, item, start),
            _ => false,
        });
        let near_at = near.map_or(0, |item| item.at);
        let two = before.rfind("两国").filter(|at| *at >= near_at);
        if let Some(at) = two {
            return self.other_nation(shadow, at);
        }
        let nation = ["我国", "全国"].iter().filter_map(|word| before.rfind(word)).max();
        // 该市 is the place named last, 我市 the one that publishes.
        let own = self.rules.own.find_iter(before).filter(|own| !own.as_str().starts_with('该'));
        let own = own.last();
        if nation.is_some_and(|at| at >= near_at && own.is_none_or(|own| own.start() < at)) {
            return Some(china());
        }
        if let Some(own) = own.filter(|own| own.start() >= near_at) {
            return context.own(own.as_str());
        }
        match near {
            Some(item) if item.symbol == Symbol::China => Some(china()),
            Some(item) => parties::party(item, self.mentions, self.clean),
            // 论坛促成友城30对: these are the ties of whoever met there.
            None if self.counts.brokers.is_match(clause(before)) => None,
            None => context.subject(),
        }
    }

    /// Of 两国 the one that is not China: the last that the sentence names before it, else the
    /// only one of the article. Two others beside it are 两国 themselves.
    fn other_nation(&self, shadow: &Shadow, at: usize) -> Option<Party> {
        let code = |mention: &Mention| match mention.of {
            Of::Country(code) if !code.is_chinese() => Some(code),
            _ => None,
        };
        let named: Vec<(usize, usize, CountryCode)> = shadow
            .items_in(0, at)
            .iter()
            .filter_map(|item| {
                let mention = item.mention?;
                Some((item.at, mention, code(self.mentions.get(mention)?)?))
            })
            .collect();
        let mention = match named.as_slice() {
            [] => {
                let mut all = (0..self.mentions.len())
                    .filter_map(|n| Some((n, code(self.mentions.get(n)?)?)));
                let first = all.next()?;
                all.all(|(_, code)| code == first.1).then_some(first.0)?
            }
            [.., one, other] if one.2 != other.2 && close(&shadow.text[one.0..at]) => return None,
            [.., last] => last.1,
        };
        let code = code(self.mentions.get(mention)?)?;
        let name = &self.clean[self.mentions.get(mention)?.span.range()];
        Some(nation(name, code))
    }

    /// Whether a foreign place is the one whose ties are counted: nothing but 已, 共 and
    /// the like stands between it and the count.
    fn acts(&self, shadow: &Shadow, item: &Item, start: usize) -> bool {
        let behind = item.at + item.symbol.char().len_utf8();
        // A sentence that begins with it and ties it to nobody is about it.
        let lead = &shadow.text[..item.at];
        let place = [Symbol::Foreign, Symbol::Chinese, Symbol::China].map(Symbol::char);
        let first = lead.chars().nth(LONGEST_LEAD).is_none()
            && !lead.contains(place)
            && !lead.contains(['与', '和', '同', '向', '、', '对', '在', '来', '到']);
        let alone = shadow.text.get(behind..start.max(behind)).is_some_and(|gap| {
            // 有姐妹城市和友好城市: what is counted begins here.
            let end = self.counts.triggers.find(gap).map_or(gap.len(), |tie| tie.start());
            let gap = &gap[..end];
            gap.chars().nth(WIDEST).is_none() && !gap.contains(['与', '和', '同', '向', '、', '对'])
        });
        if first && alone {
            return true;
        }
        let led = shadow.text[..item.at].ends_with(['与', '和', '同', '、', '在']);
        !led && shadow.text.get(behind..start).is_some_and(|gap| {
            gap.chars().all(|c| "已经共现也又先后目前总计累计的在海外境国际，,".contains(c))
        })
    }

    /// The kind that is counted, if it is only one.
    fn kind(&self, shadow: &str, start: usize, end: usize) -> Option<Kind> {
        let clause = shadow[end..]
            .find(['，', ',', '。', '；', '、', '(', '（'])
            .map_or(shadow.len(), |at| end + at);
        self.rules.single_kind(&shadow[start..clause])
    }

    /// The day for which the count holds: 截至2023年10月, 至1995年底.
    fn as_of(&self, shadow: &Shadow, number: usize) -> Option<Date> {
        shadow.items_in(0, number).iter().rev().find_map(|item| {
            let Of::Date(date, _) = &self.mentions.get(item.mention?)?.of else { return None };
            let before = &shadow.text[..item.at];
            let after = &shadow.text[item.at + item.symbol.char().len_utf8()..];
            let written = &self.clean[item.span.range()];
            let until = ["截至", "截止", "截止到", "截至到", "至", "到", "迄"];
            let end = ["底", "末", "止", "为止"];
            (until.iter().any(|word| before.ends_with(word) || written.starts_with(word))
                || end.iter().any(|word| after.starts_with(word) || written.ends_with(word)))
            .then(|| date.clone())
        })
    }
}

/// The numbers of a match.
struct Numbers {
    /// In how many countries, with how many cities, how many pairs.
    values: [Option<u32>; 3],
    /// Where they stand in the shadow text.
    at: Vec<usize>,
    first: usize,
    /// The byte behind the last of them.
    last: usize,
}

impl Numbers {
    fn of(groups: &Match, shadow: &Shadow, clean: &str) -> Option<Self> {
        let mut numbers = Self { values: [None; 3], at: Vec::new(), first: usize::MAX, last: 0 };
        for (role, value) in ROLES.iter().zip(&mut numbers.values) {
            let Some((start, end)) = groups.get(*role) else { continue };
            let item = shadow.items_in(start, end).first()?;
            *value = shadow::value(&clean[item.span.range()]);
            numbers.at.push(item.at);
            numbers.first = numbers.first.min(start);
            numbers.last = numbers.last.max(end);
        }
        // A number without a value (破百) counts nothing.
        numbers.values.iter().any(Option::is_some).then_some(numbers)
    }
}

/// Whether words around the number say that it counts something else.
fn vetoed(veto: &Veto, shadow: &str, number: usize, end: usize) -> bool {
    let ends: &[char] =
        if veto.far { &['。', '；'] } else { &['，', ',', '。', '；', '：', ':'] };
    let clause = shadow[..number].rfind(ends).map_or(0, |at| at + 1);
    let clause = (clause..=number).find(|&at| shadow.is_char_boundary(at)).unwrap_or(number);
    let before = &shadow[clause..number];
    let from = before.char_indices().rev().take(veto.before).last();
    let before = from.map_or("", |(at, _)| &before[at..]);
    let after = &shadow[end..];
    let after = &after[..after.find(ends).unwrap_or(after.len())];
    let after = &after[..after.char_indices().nth(veto.after).map_or(after.len(), |(at, _)| at)];
    veto.words.is_match(before) || veto.words.is_match(after)
}

/// Whether a place behind this text is named in brackets, or only as what is left out:
/// (不包括台湾省).
fn is_aside(before: &str) -> bool {
    let opened = before.rfind(['(', '（']);
    let closed = before.rfind([')', '）']);
    opened > closed || ["不包括", "不含", "除"].iter().any(|word| before.ends_with(word))
}

/// Whether what follows 中国 makes it the one whose ties are counted.
fn begins_count(rest: &str) -> bool {
    if rest.starts_with(Symbol::Number.char()) {
        return true;
    }
    [
        "已",
        "共",
        "有",
        "与",
        "同",
        "累计",
        "的友",
        "友",
        "国际友",
        "对外",
        "各地",
        "地方",
        "现",
        "目前",
    ]
    .iter()
    .any(|word| rest.starts_with(word))
}

/// China as the one whose ties are counted.
fn china() -> Party {
    nation("中国", CountryCode::CN)
}

/// A country as the one whose ties are counted.
fn nation(name: &str, code: CountryCode) -> Party {
    let mut place = Place::unlisted(name, Some(code), None);
    place.level = Level::Province;
    place.key = PlaceKey(format!("cc:{code}").into());
    Party { name: name.to_owned(), place: Arc::new(place) }
}

/// The clause at the end of a text.
fn clause(text: &str) -> &str {
    text.rfind(['，', ',', '；', '：']).map_or(text, |at| &text[at..])
}

/// Whether nothing but what joins two countries stands in a text behind the first of them.
fn close(text: &str) -> bool {
    let place = Symbol::Country.char();
    text.chars().all(|c| c == place || "与和同、及".contains(c))
}

/// Keeps one and the same count once, as fully as it is told.
fn add(found: &mut Vec<Statistic>, new: Statistic) {
    let numbers = |it: &Statistic| [it.countries, it.cities, it.pairs];
    let said =
        |it: &Statistic| numbers(it).iter().flatten().count() * 2 + usize::from(it.as_of.is_some());
    let agree = |a: &Statistic, b: &Statistic| {
        let pairs = numbers(a).into_iter().zip(numbers(b));
        let mut shared = pairs.clone().filter(|(a, b)| a.is_some() && b.is_some()).peekable();
        a.subject.place.key == b.subject.place.key
            && a.evidence.span != b.evidence.span
            && shared.peek().is_some()
            && shared.all(|(a, b)| a == b)
            && (pairs.clone().all(|(a, b)| a.is_none() || b.is_some())
                || pairs.clone().all(|(a, b)| b.is_none() || a.is_some()))
    };
    match found.iter_mut().rev().take(RECENT).find(|old| agree(old, &new)) {
        Some(old) if said(&new) > said(old) => *old = new,
        Some(_) => {}
        None => found.push(new),
    }
}

fn trimmed(clean: &str, span: Span<Clean>) -> Span<Clean> {
    let text = &clean[span.range()];
    let start = span.start as usize + (text.len() - text.trim_start().len());
    Span::new(start..start + text.trim().len())
}
