//! Who is meant where a sentence does not say it: the subject before the act, 该市, 前者,
//! 双方.

use super::{
    context::Context,
    parties,
    rules::{Rules, first_chars},
    sentence::Sentence,
    shadow::{Item, Symbol},
};
use crate::{agreement::Party, place::CountryCode};

/// So many characters between a place and 与, if they tell of no act, are part of a name.
const LONGEST_REST: usize = 4;

/// How long the name of a city or county is, with its unit, in characters.
const UNKNOWN_CITY: std::ops::RangeInclusive<usize> = 3..=5;

/// What words for the place that was spoken of begin with; others stand for the publisher.
pub(super) const TOPIC: [char; 4] = ['该', '它', '其', '这'];

/// A word that stands for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand<'s> {
    /// 我市: the place that publishes.
    Own(&'s str),
    /// 该市, 它, 其: the place that was spoken of.
    Topic,
    /// 前者.
    Former,
    /// 后者.
    Latter,
}

impl<'s> Stand<'s> {
    /// The last such word of a text, with where it begins.
    fn last(rules: &Rules, text: &'s str) -> Option<(usize, Self)> {
        let own = rules.own.find_iter(text).last().map(|own| {
            let topic = own.as_str().starts_with(TOPIC);
            (own.start(), if topic { Self::Topic } else { Self::Own(own.as_str()) })
        });
        let former = text.rfind("前者").map(|at| (at, Self::Former));
        let latter = text.rfind("后者").map(|at| (at, Self::Latter));
        [own, former, latter].into_iter().flatten().max_by_key(|(at, _)| *at)
    }
}

impl Sentence<'_> {
    /// The subject that stands in the sentence before the match, or was said before.
    pub(super) fn subject_before(&self, start: usize, context: &Context<'_>) -> Option<Party> {
        let before = &self.shadow.text[..start];
        let stand = Stand::last(self.rules, before);
        let near = self.subject_of(start, Symbol::Chinese);
        // 舟山群岛与: the subject stands there, and is no place that is known.
        let clause = before.rsplit(['，', ',', '：', ':']).next().unwrap_or(before);
        let is_symbol = |c: char| matches!(c, '\u{e000}'..='\u{e0ff}');
        if self.rules.around.ends_name(clause)
            && !clause.contains(is_symbol)
            && !self.rules.own.is_match(clause)
        {
            return None;
        }
        // 1995年4月,某某市与: neither.
        let name = clause.rsplit(is_symbol).next().unwrap_or(clause).trim();
        if self.is_unknown_city(name) {
            return None;
        }
        match (near, stand) {
            (Some(item), Some((at, _))) if at < item.at => self.acting(item, start),
            (_, Some((at, stand))) => self.stands_for(stand, at, context),
            (Some(item), None) => self.acting(item, start),
            // 水原市1993年与济南市结好,2015年又与弗赖堡市结好
            (None, None) => match self.subject_of(start, Symbol::Foreign) {
                Some(item) if self.is_subject(item, context) => {
                    parties::party(item, self.mentions, self.clean)
                }
                // 日本札幌1959年与A签约,此后又与B: the sentence begins with it.
                Some(item) if self.begins_with(item) => self.acting(item, start),
                // 水原市与旭川市: it has a subject of its own, whoever else was spoken of.
                Some(item) if !before[item.at..].contains(['，', ',']) => self.acting(item, start),
                _ => context.subject(),
            },
        }
    }

    /// Whether a text is the name of a city or county that nobody knows: what is left of a clause
    /// that begins with a date.
    fn is_unknown_city(&self, name: &str) -> bool {
        name.ends_with(['市', '县', '区', '州', '旗'])
            && !name.ends_with("城市")
            && UNKNOWN_CITY.contains(&name.chars().count())
            && name.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
            && !self.rules.own.is_match(name)
            && !self.rules.follows(name)
    }

    /// The last place before a byte that can be the subject of what follows.
    pub(super) fn subject_of(&self, end: usize, symbol: Symbol) -> Option<&Item> {
        self.shadow
            .items_in(0, end)
            .iter()
            .rev()
            .find(|item| item.symbol == symbol && !self.is_location(item) && !self.is_object(item))
    }

    /// Whether a foreign place is one whose ties this sentence has told so far.
    fn is_subject(&self, item: &Item, context: &Context<'_>) -> bool {
        let party = parties::party(item, self.mentions, self.clean);
        party.is_some_and(|party| {
            context
                .told_here()
                .is_some_and(|pair| pair.iter().any(|it| it.place.key == party.place.key))
        })
    }

    /// Whether a place is the first that a sentence names, as what acts in its first clause and
    /// in a later one that begins with 又, 还, 后.
    fn begins_with(&self, item: &Item) -> bool {
        let first = self
            .shadow
            .items
            .iter()
            .find(|it| matches!(it.symbol, Symbol::Chinese | Symbol::Foreign));
        let behind = &self.shadow.text[item.at + item.symbol.char().len_utf8()..];
        let acts = behind.split(['，', ',']).next().unwrap_or(behind);
        first.is_some_and(|it| it.at == item.at)
            && (self.rules.sign.is_match(acts) || self.rules.form.is_match(acts))
    }

    /// Whether 与 stands before a place, so that it is no subject.
    fn is_object(&self, item: &Item) -> bool {
        let is_symbol = |c: char| matches!(c, '\u{e000}'..='\u{e0ff}');
        let before = self.shadow.text[..item.at].trim_end_matches(is_symbol);
        self.rules.around.is_object(before)
    }

    /// The place that a word stands for.
    pub(super) fn stands_for(
        &self,
        stand: Stand<'_>,
        at: usize,
        context: &Context<'_>,
    ) -> Option<Party> {
        match stand {
            Stand::Own(word) => context.own(word),
            Stand::Topic => {
                // 保定市召开座谈会,与会者回顾了该市与: it stands in this sentence.
                let own = self
                    .shadow
                    .items_in(0, at)
                    .iter()
                    .find(|item| {
                        matches!(item.symbol, Symbol::Chinese | Symbol::Foreign)
                            && !self.is_location(item)
                            && !self.is_object(item)
                    })
                    .and_then(|item| self.acting(item, at));
                own.or_else(|| context.topic())
            }
            Stand::Former | Stand::Latter => {
                // The two places that the sentence lists before, else the one before it.
                let end = self.shadow.text[..at].find("前者").unwrap_or(at);
                let listed: Vec<Party> = self
                    .shadow
                    .items_in(0, end)
                    .iter()
                    .filter(|item| item.symbol == Symbol::Chinese && !self.is_location(item))
                    .filter_map(|item| parties::party(item, self.mentions, self.clean))
                    .collect();
                let listed = if listed.is_empty() { context.listed() } else { &listed };
                match (listed, stand) {
                    ([first, _], Stand::Former) => Some(first.clone()),
                    ([_, second], _) => Some(second.clone()),
                    _ => None,
                }
            }
        }
    }

    /// The place that a word of the pattern stands for, told of before a byte.
    pub(super) fn stands(
        &self,
        (start, end): (usize, usize),
        before: usize,
        context: &Context<'_>,
    ) -> Option<Party> {
        let word = &self.shadow.text[start..end];
        let topic = word.starts_with(TOPIC);
        let stand = if topic { Stand::Topic } else { Stand::Own(word) };
        self.stands_for(stand, before, context)
    }

    /// A place as subject, unless what stands behind it makes it another name: 滨江区的一家
    /// 公司与.
    pub(super) fn acting(&self, item: &Item, start: usize) -> Option<Party> {
        let behind = item.at + item.symbol.char().len_utf8();
        let between = &self.shadow.text[behind..start];
        let clause = between.split(['，', ',']).next().unwrap_or("");
        // 连云港港与: what follows at once is the rest of a name.
        let name = clause.len() == between.len() && clause.chars().count() <= LONGEST_REST;
        let body = self.rules.has_body(first_chars(clause, LONGEST_REST))
            || !self.rules.acts(clause) && (name || self.rules.has_body(clause));
        if body { None } else { parties::party(item, self.mentions, self.clean) }
    }

    /// Whether a place only says where something happens: 在泰国清迈府.
    pub(super) fn is_location(&self, item: &Item) -> bool {
        let is_symbol = |c: char| matches!(c, '\u{e000}'..='\u{e0ff}' | '的');
        let before = self.shadow.text[..item.at].trim_end_matches(is_symbol);
        if !self.rules.around.locates(before) {
            return false;
        }
        // 由某市市长带领的代表团: who comes.
        let behind = &self.shadow.text[item.at + item.symbol.char().len_utf8()..];
        !(before.ends_with('由') && self.rules.around.is_led(first_chars(behind, 24)))
    }

    /// The foreign subject of a sentence whose objects are Chinese: 该市与芜湖市.
    pub(super) fn foreign_before(
        &self,
        start: usize,
        is_tie: bool,
        context: &Context<'_>,
    ) -> Option<Party> {
        let before = &self.shadow.text[..start];
        let near = self.subject_of(start, Symbol::Foreign);
        let stand = Stand::last(self.rules, before);
        match (near, stand) {
            (Some(item), Some((at, _))) if at < item.at => self.acting(item, start),
            (_, Some((at, stand @ Stand::Topic))) => {
                // 青岛并非达尼丁的首个友城。这一城市与上海: the foreign one of them.
                let foreign = |it: &Party| !it.place.country.is_some_and(CountryCode::is_chinese);
                let other = || context.pair()?.into_iter().find(foreign);
                self.stands_for(stand, at, context).filter(foreign).or_else(other)
            }
            (_, Some(_)) => None,
            (Some(item), None) => self.acting(item, start),
            // 谢菲尔德已与鞍山: the subject stands there, and is no place that is known.
            (None, None) if self.has_unknown_subject(before) => None,
            // 2004年与广州市结为友好城市, in an article about a foreign city.
            (None, None) => context.main_foreign().or_else(|| {
                // 勒阿弗尔市是法国第二大港。1985年与大连市缔结
                context.topic_of_passage().filter(|_| is_tie)
            }),
        }
    }

    /// Whether the clause at the end of a text begins with more than dates, organs and words that
    /// stand before an act.
    fn has_unknown_subject(&self, before: &str) -> bool {
        let clause = before.rsplit(['，', ',', '：', ':', '。']).next().unwrap_or(before);
        if self.rules.acts_itself(clause) || self.rules.own.is_match(clause) {
            return false;
        }
        let mut rest = clause;
        while let Some(c) = rest.chars().next() {
            if matches!(c, '\u{4e00}'..='\u{9fff}') && !self.rules.follows(rest) {
                break;
            }
            rest = &rest[c.len_utf8()..];
        }
        rest.chars().count() > LONGEST_REST
    }

    /// The pair that 双方 stands for, if its sentence has named it before.
    pub(super) fn pair_before(&self, end: usize, context: &Context<'_>) -> Option<[Party; 2]> {
        let items = self.shadow.items_in(0, end);
        // 忠清南道牙山市: of a chain the last unit acts.
        let acts = |at: usize| {
            let behind = self.shadow.text.get(at + 3..).unwrap_or("");
            let unit = [Symbol::Chinese.char(), Symbol::Foreign.char()];
            self.rules.acts(behind) && !behind.starts_with(unit)
        };
        let party = |symbol: Symbol| {
            items
                .iter()
                .rev()
                .filter(|item| item.symbol == symbol && !self.is_location(item))
                .filter(|item| acts(item.at))
                .find_map(|item| parties::party(item, self.mentions, self.clean))
        };
        // Two foreign places that the sentence itself names are the two.
        let named: Vec<Party> = items
            .iter()
            .filter(|item| matches!(item.symbol, Symbol::Foreign | Symbol::Chinese))
            .filter(|item| !self.is_location(item) && acts(item.at))
            .filter_map(|item| parties::party(item, self.mentions, self.clean))
            .collect();
        if let [a, b] = &named[..]
            && a.place.country != b.place.country
            && !named.iter().any(|it| it.place.country.is_some_and(CountryCode::is_chinese))
        {
            // 大邱市、萨博潘市等待两市: each of a list awaits a third.
            if self.shadow.text[..end].contains('、') {
                return None;
            }
            return Some([a.clone(), b.clone()]);
        }
        if let Some(pair) = self.pair_of_clause(end) {
            return Some(pair);
        }
        let Some(foreign) = party(Symbol::Foreign) else {
            // 在爱沙尼亚塔尔图市,双方: those who met there, if the pair told of before lives
            // elsewhere.
            let place = items.iter().rev().find(|item| item.symbol == Symbol::Foreign)?;
            let place = parties::party(place, self.mentions, self.clean)?;
            let elsewhere = context
                .pair()
                .is_none_or(|known| known.iter().all(|it| it.place.country != place.place.country));
            let told = || {
                context
                    .pair()?
                    .into_iter()
                    .find(|it| it.place.country.is_some_and(CountryCode::is_chinese))
            };
            let chinese = party(Symbol::Chinese).or_else(|| context.subject()).or_else(told);
            return chinese.filter(|_| elsewhere).map(|chinese| [chinese, place]);
        };
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

    /// The two places of the clause right before 双方, if it names one of China and one of
    /// elsewhere, whatever it says of them: 甲市选择的伙伴是A,双方.
    fn pair_of_clause(&self, end: usize) -> Option<[Party; 2]> {
        let text = &self.shadow.text[..end];
        let clause = text.trim_end_matches(['，', ',']);
        if clause.len() == text.len() {
            return None;
        }
        let start = clause.rfind(['，', ',', '；', ';', '。', '：', ':']).map_or(0, |at| at + 1);
        let one = |symbol: Symbol| {
            let mut items =
                self.shadow.items_in(start, end).iter().filter(|item| item.symbol == symbol);
            // 韩国全罗南道宝城郡: the last of a chain.
            let mut item = items.next()?;
            for next in items {
                let gap = self.shadow.text.get(item.at + symbol.char().len_utf8()..next.at)?;
                if !matches!(gap, "" | "的") {
                    return None;
                }
                item = next;
            }
            let behind = item.at + symbol.char().len_utf8();
            let tail = self.shadow.text.get(behind..clause.len().max(behind))?;
            let tail = tail.split(|c| matches!(c, '\u{e000}'..='\u{e0ff}')).next()?;
            if self.is_location(item) || self.rules.has_body(tail) {
                return None;
            }
            parties::party(item, self.mentions, self.clean)
        };
        Some([one(Symbol::Chinese)?, one(Symbol::Foreign)?])
    }

    /// The pair of a sentence that only tells of an anniversary: 市长赴A市,参加两市结好20周年活动.
    pub(super) fn pair_of_sentence(
        &self,
        start: usize,
        context: &Context<'_>,
    ) -> Option<(Party, Party, Option<usize>, Vec<usize>)> {
        let items = self.shadow.items_in(0, start);
        let names = items.iter().any(|item| item.symbol == Symbol::Foreign);
        let pair = if names { self.pair_before(start, context) } else { None };
        pair.or_else(|| context.pair()).map(|[a, b]| (a, b, None, Vec::new()))
    }
}
