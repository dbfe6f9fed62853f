//! [`Context`]: what a sentence may leave out because it was said before.

use std::collections::HashMap;

use super::{
    rules::{Rules, first_chars},
    subject::TOPIC,
};
use crate::{
    agreement::{Kind, Party},
    date::{Basis, Date, PartialDate},
    place::{CountryCode, Level, PlaceKey},
    recognise::{Mention, Of, dates::Role},
    segment::{Passage, PassageKind},
    text::{Clean, Span},
};

/// News are reported within so many days.
const RECENT: i32 = 10;

/// A heading with no more bytes beside a date is no more than that date.
const LONGEST_MARK: usize = 6;
/// A headline with no more bytes beside a name is no more than that name.
const LONGEST_REST: usize = 24;

/// So many places are the few that 三市, 四地 stand for.
const GROUP: std::ops::RangeInclusive<usize> = 3..=5;

/// What is known from the article as a whole and from the sentences before.
#[derive(Debug)]
pub(super) struct Context<'a> {
    clean: &'a str,
    /// The Chinese places of the article, the one that it is about first.
    subjects: Vec<Party>,
    /// The foreign place that the article is about.
    main_foreign: Option<Party>,
    /// The first place of the last sentence that has one.
    topic: Option<Party>,
    /// The first place of this passage.
    passage_topic: Option<Party>,
    /// The Chinese place of the last sentence that has one.
    last_chinese: Option<Party>,
    /// What it was before the first of several points.
    of_points: Option<Party>,
    /// The two places that 两市 and 双方 stand for.
    last_pair: Option<[Party; 2]>,
    /// The Chinese places of the last sentence that names two or more.
    listed: Vec<Party>,
    /// The places of the last sentence that named a few, of China and abroad.
    group: Vec<Party>,
    /// The kind of the tie that was told last in this sentence.
    pub(super) last_kind: Option<Kind>,
    /// The pair of which this passage told a tie last.
    told: Option<[Party; 2]>,
    /// Where the sentence that told it begins, and the sentence before this one.
    told_at: Option<u32>,
    before: u32,
    /// Its kind.
    told_kind: Option<Kind>,
    /// Whether this is the headline.
    in_headline: bool,
    /// The date that the heading above is.
    heading: Option<Date>,
    /// The year of which the headline says that the article is its chronicle.
    year: Option<i16>,
    /// The date of what was told last in this passage.
    last_date: Option<Date>,
    /// The date of what was told last in the passage before.
    earlier_date: Option<Date>,
    /// The first date of the report: that of its event.
    scene: Option<(u32, Date)>,
    /// Where the sentence that is read begins.
    now: u32,
    /// The pairs of which ties were told so far.
    pairs: Vec<[Party; 2]>,
    passage: Span<Clean>,
    dateline: Option<Span<Clean>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        clean: &'a str,
        passages: &[Passage],
        mentions: &[Mention],
        rules: &Rules,
    ) -> Self {
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
        // A headline that is the name of a foreign place and no more.
        let main_foreign = headline.and_then(|headline| {
            let mut places = mentions_in(mentions, headline)
                .iter()
                .filter(|mention| matches!(mention.of, Of::Place(_)));
            let (first, None) = (places.next()?, places.next()) else { return None };
            let party = party_of(clean, first)?;
            let rest = headline.len() - first.span.len();
            let foreign = !party.place.country.is_some_and(CountryCode::is_chinese);
            (foreign && rest <= LONGEST_REST).then_some(party)
        });
        // 1986年外事纪要
        let year = headline.and_then(|headline| {
            let mut dates = mentions_in(mentions, headline).iter().filter_map(|it| match &it.of {
                Of::Date(date, _) => date.partial(),
                _ => None,
            });
            let chronicle = rules.chronicle.is_match(&clean[headline.range()]);
            let first = dates.next().filter(|_| chronicle)?;
            dates.next().is_none().then(|| first.calendar_year())
        });
        let scene = passages
            .iter()
            .filter(|passage| passage.kind == PassageKind::Body)
            .take(2)
            .flat_map(|passage| mentions_in(mentions, passage.span))
            .find_map(|mention| match &mention.of {
                Of::Date(date, Role::Point | Role::Start) if !in_dateline(mention.span) => {
                    Some((mention.span.start, date.clone()))
                }
                _ => None,
            });
        Self {
            clean,
            subjects,
            main_foreign,
            topic: None,
            passage_topic: None,
            last_chinese: None,
            of_points: None,
            last_pair: None,
            listed: Vec::new(),
            group: Vec::new(),
            last_kind: None,
            told: None,
            told_at: None,
            before: 0,
            told_kind: None,
            in_headline: false,
            heading: None,
            year,
            last_date: None,
            earlier_date: None,
            scene,
            now: 0,
            pairs: Vec::new(),
            passage: Span::new(0..0),
            dateline: None,
        }
    }

    /// A new passage begins.
    pub(super) fn enter(&mut self, passage: &Passage, mentions: &[Mention]) {
        let inside = mentions_in(mentions, passage.span);
        match inside {
            // 1985年: a heading that dates what stands below it.
            [Mention { span, of: Of::Date(date, _) }]
                if passage.span.len() - span.len() <= LONGEST_MARK =>
            {
                self.heading = Some(date.clone());
            }
            _ if passage.kind == PassageKind::Heading => self.heading = None,
            _ => {}
        }
        self.passage = passage.span;
        self.told = None;
        self.passage_topic = None;
        self.in_headline = passage.kind == PassageKind::Headline;
        self.last_chinese = None;
        self.of_points = None;
        self.earlier_date = self.last_date.take().or(self.earlier_date.take());
        self.dateline = passage.dateline.or(self.dateline);
    }

    /// A sentence is over: what it named holds for the next.
    pub(super) fn leave(&mut self, sentence: Span<Clean>, mentions: &[Mention], rules: &Rules) {
        let told = self.last_kind.take().is_some();
        let inside = mentions_in(mentions, sentence);
        if inside.is_empty() {
            return;
        }
        let mut chinese: Vec<Party> = Vec::new();
        let mut foreign: Vec<Party> = Vec::new();
        let mut named: [Vec<Party>; 2] = Default::default();
        let mut topic = None;
        // 宫崎县日南市: of a chain the last unit counts.
        let ends_chain = |n: usize| {
            let (mention, next) = (&inside[n], inside.get(n + 1));
            next.is_none_or(|next| {
                let (Of::Place(a), Of::Place(b)) = (&mention.of, &next.of) else { return true };
                mention.span.end != next.span.start || a.country != b.country
            })
        };
        for (n, mention) in inside.iter().enumerate() {
            if !ends_chain(n) {
                continue;
            }
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
                    let known = list.iter().any(|party| party.place.key == place.key);
                    let tail = mention.span.end as usize..sentence.end as usize;
                    let tail = self.clean.get(tail).unwrap_or("");
                    let side = usize::from(!place.country.is_some_and(CountryCode::is_chinese));
                    if !rules.has_body(first_chars(tail, 8))
                        && !named[side].iter().any(|party| party.place.key == place.key)
                    {
                        named[side].extend(party_of(self.clean, mention));
                    }
                    // 佐世保市位于长崎县: what a sentence begins with is its topic.
                    if !located && topic.is_none() && !rules.has_body(first_chars(tail, 8)) {
                        topic = party_of(self.clean, mention);
                    }
                    // A sentence that was cut off may end within a name.
                    let joined = tail.starts_with(['与', '和', '跟', '及', '同'])
                        && !rules.has_body(first_chars(tail, 4));
                    let located = located || !(joined || rules.acts(tail));
                    if !located && !known {
                        list.extend(party_of(self.clean, mention));
                    }
                }
                Of::Date(date, Role::Point | Role::Start) => self.last_date = Some(date.clone()),
                _ => {}
            }
        }
        if told {
            // 双方 are those of whom a tie was told.
        } else if let (Some(a), Some(b)) = (chinese.first(), foreign.last())
            && self.last_pair.is_none()
        {
            self.last_pair = Some([a.clone(), b.clone()]);
        } else if let ([a], [b]) = (&chinese[..], &foreign[..]) {
            self.last_pair = Some([a.clone(), b.clone()]);
        } else if let (true, [b]) = (chinese.is_empty(), &foreign[..])
            && let Some(a) = rules
                .own
                .find(&self.clean[sentence.range()])
                .filter(|own| !own.as_str().starts_with(TOPIC))
                .and_then(|own| self.own(own.as_str()))
                .as_ref()
                .or(self.last_chinese.as_ref())
                .or(self.subjects.first())
        {
            self.last_pair = Some([a.clone(), b.clone()]);
        } else if let ([a, b], true) = (&foreign[..], chinese.is_empty()) {
            self.last_pair = Some([a.clone(), b.clone()]);
        } else if let [[a], [b]] = named.each_ref().map(Vec::as_slice)
            && self.told.is_none()
        {
            // A市的网站上,甲市的名字消失了: a new paragraph speaks of these two.
            self.last_pair = Some([a.clone(), b.clone()]);
        }
        if chinese.len() > 1 {
            self.listed.clone_from(&chinese);
        }
        if let Some(group) = self.list_of(inside) {
            self.group = group;
        }
        if self.passage_topic.is_none() {
            self.passage_topic.clone_from(&topic);
        }
        self.topic = topic.or(self.topic.take());
        if let Some(first) = chinese.into_iter().next() {
            self.last_chinese = Some(first);
        }
    }

    /// Whether a place only says where something happens: 在北京.
    pub(super) fn is_location(&self, span: Span<Clean>) -> bool {
        let before = &self.clean[..span.start as usize];
        before.ends_with(['在', '于', '赴', '来', '到', '抵'])
            || before.ends_with("前往")
            || before.ends_with("访问")
    }

    /// A tie is told.
    pub(super) fn tell(&mut self, pair: [Party; 2], kind: Kind) {
        self.told = Some(pair.clone());
        self.pairs.push(pair.clone());
        self.told_kind = Some(kind);
        self.told_at = Some(self.now);
        self.last_pair = Some(pair);
        self.last_kind = Some(kind);
    }

    /// A sentence begins. With 二是 the subject is that of 一是, whomever that one told of.
    pub(super) fn begin(&mut self, sentence: Span<Clean>, rules: &Rules) {
        self.before = self.now;
        self.now = sentence.start;
        let text = self.clean[sentence.range()].trim_start();
        let begins = |words: &[String]| words.iter().any(|word| text.starts_with(word.as_str()));
        if begins(&rules.first_point) {
            self.of_points.clone_from(&self.last_chinese);
        } else if begins(&rules.next_point) {
            self.last_chinese.clone_from(&self.of_points);
        }
    }

    /// Whether this passage told a tie in this sentence or the one before.
    pub(super) fn told_just_now(&self) -> bool {
        self.told.is_some() && self.told_at.is_some_and(|at| at >= self.before)
    }

    /// The kind of the tie that was told last.
    pub(super) fn told_kind(&self) -> Option<Kind> {
        self.told_kind
    }

    /// The pair of which this passage told a tie last.
    pub(super) fn told(&self) -> Option<[Party; 2]> {
        self.told.clone()
    }

    /// The pair of which this sentence has told a tie.
    pub(super) fn told_here(&self) -> Option<&[Party; 2]> {
        self.last_kind.and(self.last_pair.as_ref())
    }

    /// The foreign place that the article is about, as an encyclopedia is about a city.
    pub(super) fn main_foreign(&self) -> Option<Party> {
        self.main_foreign.clone()
    }

    /// The Chinese places that were listed last.
    pub(super) fn listed(&self) -> &[Party] {
        &self.listed
    }

    /// The few places that some mentions list: 甲市、A国B市和C国D市.
    fn list_of(&self, mentions: &[Mention]) -> Option<Vec<Party>> {
        let mut list: Vec<Party> = Vec::new();
        let mut end = None;
        for mention in mentions {
            let linked = end.is_some_and(|end: u32| {
                self.clean.get(end as usize..mention.span.start as usize).is_some_and(|between| {
                    matches!(between, "" | "、" | "与" | "和" | "及" | "以及" | "，" | ",")
                })
            });
            match &mention.of {
                Of::Place(place) => {
                    if !linked && !GROUP.contains(&list.len()) {
                        list.clear();
                    } else if !linked {
                        break;
                    }
                    // Of a chain the last unit counts.
                    let glued = end == Some(mention.span.start);
                    if glued && list.last().is_some_and(|it| it.place.country == place.country) {
                        list.pop();
                    }
                    list.extend(party_of(self.clean, mention));
                }
                Of::Country(_) if linked || list.is_empty() => {}
                _ if GROUP.contains(&list.len()) => break,
                _ => list.clear(),
            }
            end = Some(mention.span.end);
        }
        (GROUP.contains(&list.len())).then_some(list)
    }

    /// Those whom 三市 stands for: the places that a sentence named, if there were as many.
    pub(super) fn group_of(&self, word: &str) -> Option<&[Party]> {
        let count = match word.chars().next()? {
            '三' => 3,
            '四' => 4,
            '五' => 5,
            _ => return None,
        };
        (self.group.len() == count).then_some(&self.group[..])
    }

    /// The Chinese subject of a sentence that names none before its act.
    pub(super) fn subject(&self) -> Option<Party> {
        self.last_chinese.clone().or_else(|| self.subjects.first().cloned())
    }

    /// Whose ties the tables and lists of the article are.
    pub(super) fn owner(&self) -> Option<Party> {
        self.main_foreign.clone().or_else(|| self.own(""))
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

    /// The first place of this passage, if it is a foreign one.
    pub(super) fn topic_of_passage(&self) -> Option<Party> {
        let is_chinese = |party: &&Party| party.place.country.is_some_and(CountryCode::is_chinese);
        self.passage_topic.as_ref().filter(|party| !is_chinese(party)).cloned()
    }

    /// What 该市 and 它 stand for.
    pub(super) fn topic(&self) -> Option<Party> {
        self.topic.clone().or_else(|| self.subjects.first().cloned())
    }

    /// What 两市 stands for.
    pub(super) fn pair(&self) -> Option<[Party; 2]> {
        self.last_pair.clone()
    }

    /// The pair told of last that 两省州 or 两市 fits.
    pub(super) fn pair_of(&self, word: &str) -> Option<[Party; 2]> {
        let province = word.starts_with("两省") || word.starts_with("两州");
        let city = ["两市", "两城", "两座城市"].iter().any(|it| word.starts_with(it));
        if !province && !city {
            return None;
        }
        let fits = |pair: &&[Party; 2]| {
            let is_province = pair[0].place.level == Level::Province
                && !matches!(pair[0].place.gb, Some(11 | 12 | 31 | 50))
                && !pair[0].name.ends_with('市');
            is_province == province
        };
        // The pair that was spoken of last, if it fits, else the one of which a tie was told.
        self.last_pair.iter().find(fits).or_else(|| self.pairs.iter().rev().find(fits)).cloned()
    }

    /// The date of the event that 会上 points back to: told in this passage, else that of
    /// the report, else told in the passage before.
    pub(super) fn event(&self) -> Option<Date> {
        let scene = self.scene.as_ref().filter(|(at, _)| *at < self.now).map(|(_, date)| date);
        self.last_date.as_ref().or(scene).or(self.earlier_date.as_ref()).cloned()
    }

    /// The date of the event that the article reports, if it is news of these days.
    pub(super) fn reported(&self, published: Option<PartialDate>) -> Option<Date> {
        // A headline leaves it to the text.
        if self.in_headline {
            return None;
        }
        self.news(published)
    }

    /// The date of the event that the article is about, if it is news of these days.
    pub(super) fn occasion(&self, published: Option<PartialDate>) -> Option<Date> {
        let told = [self.last_date.as_ref(), self.scene.as_ref().map(|(_, date)| date)];
        told.into_iter().flatten().find(|date| is_recent(date, published)).cloned()
    }

    /// A date without a year, with that of the heading above.
    pub(super) fn dated_by_heading(&self, date: Date) -> Date {
        let day = self.heading.as_ref().and_then(|heading| heading.earliest);
        let year = day.map(jiff::civil::Date::year).or(self.year);
        let (Some(year), Some(rest)) = (year, date.edtf.strip_prefix("--")) else { return date };
        match format!("{year:04}-{rest}").parse() {
            Ok(whole) => Date::new(whole, Basis::Relative),
            Err(_) => date,
        }
    }

    /// The date of the heading above.
    pub(super) fn heading(&self) -> Option<Date> {
        self.heading.clone()
    }

    /// The date of the event that a headline reports.
    pub(super) fn news(&self, published: Option<PartialDate>) -> Option<Date> {
        let scene = self.scene.as_ref().map(|(_, date)| date);
        let scene = self.last_date.as_ref().or(scene)?;
        is_recent(scene, published).then(|| scene.clone())
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

/// Whether a day lies shortly before the publication.
pub(super) fn is_recent(date: &Date, published: Option<PartialDate>) -> bool {
    let (Some(published), Some(day)) = (published, date.latest) else { return false };
    date.earliest == date.latest && (0..=RECENT).contains(&(published.latest() - day).get_days())
}
