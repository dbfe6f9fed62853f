//! When an act took place: the date of its clause, of what was told before, or of both
//! parties' anniversary.

use super::{
    context::Context,
    rules::{first_chars, last_chars},
    sentence::{Found, Sentence},
    shadow::{self, Symbol},
};
use crate::{
    agreement::{Claim, Status},
    date::{Basis, Date, PartialDate},
    recognise::{Of, dates::Role},
};

/// How many characters tell what was signed, at most.
const LONGEST_TITLE: usize = 24;

/// A date so many characters behind an act is its own.
const NEAR: usize = 12;

impl Sentence<'_> {
    /// The date of an act: in its sentence, else of the event that the sentence points
    /// back to or that the article reports.
    pub(super) fn date(
        &self,
        found: &Found,
        status: Status,
        context: &Context<'_>,
    ) -> Option<Date> {
        let text = &self.shadow.text;
        let before = &text[..found.act.0];
        // 结好于1979年
        let after = &text[found.act.1..];
        if let Some(at) = after.find(Symbol::Date.char())
            && first_chars(&after[..at], NEAR).len() == at
            && self.rules.around.dates_at_once(&after[..at])
            && !after[..at].contains([',', '，', '、', '的'])
            && let Some(date) = self.first_dated(found.act.1)
        {
            return Some(date);
        }
        if let Some(date) = self.date_behind_title(found) {
            return Some(date);
        }
        // 至1990年底,先后与: until then, nobody says when.
        let vague = self.rules.vague.is_match(last_chars(before, 60));
        let last = self.shadow.items_in(0, found.act.0).iter().rev().find_map(|item| {
            let date = self.dated(item.mention)?;
            // Looks through the sentence, so that few are asked.
            (!self.is_of_place(item.at)).then_some((item.at, item.mention?, date))
        });
        if let Some((at, mention, date)) = last {
            // 2014年以来,与A结好,与B签约: any day since.
            if text[at + Symbol::Date.char().len_utf8()..].starts_with("以来") {
                return None;
            }
            // 自1982年与A结好以来,已与B: of B nobody says when.
            if text.get(at..found.start).is_some_and(|since| since.contains("以来")) {
                return None;
            }
            // 自2006年起,先后与: the date of none of them.
            let start = matches!(self.mentions[mention].of, Of::Date(_, Role::Start))
                || text[..at].ends_with(['至', '到']);
            // 1985年与A结好,后来又与B: nobody says when.
            if self.is_later(found, mention) {
                return None;
            }
            return (!(start && vague)).then_some(date);
        }
        // 建立友好合作关系则是在2004年
        let after = &text[found.act.1..];
        if let Some(at) = after.find(Symbol::Date.char())
            && self.leads_to_date(&after[..at])
        {
            return self.first_dated(found.act.1);
        }
        // 友好城市为扎门乌德市,2014年8月22日缔结
        let behind = &text[found.end.max(found.act.1)..];
        if let Some(rest) = behind.strip_prefix(['，', ',', '（', '('])
            && let Some(rest) =
                rest.trim_start_matches(['于', '自']).strip_prefix(Symbol::Date.char())
            && self.rules.around.is_dated_by(rest)
        {
            return self.first_dated(found.end.max(found.act.1));
        }
        // 另悉,丙市也于日前签署: on a day of its own.
        if self.rules.aside.is_match(before) {
            return None;
        }
        // 此次双方签署: not when the tie was formed that was just told of.
        if self.rules.now.is_match(before) || self.rules.now.is_match(self.behind(found)) {
            return context.occasion(self.article.published.map(|published| published.date));
        }
        if self.rules.year_back.is_match(before) {
            let event = context.event()?;
            let year = event.partial().map(PartialDate::calendar_year);
            let year = year.or_else(|| Some(event.earliest?.year()))?;
            return Some(Date::new(PartialDate::year(year)?, Basis::Anaphoric));
        }
        if let Some(date) = context.heading().filter(|_| !vague) {
            return Some(date);
        }
        // A tie that exists (目前仍与) has not the date of what was told before.
        if vague || status == Status::Established {
            return None;
        }
        // 加上此前签署协议的: not at the event that the article reports.
        if self.rules.earlier.is_match(last_chars(before, 24)) {
            return None;
        }
        if self.rules.back.is_match(before) {
            return context.event();
        }
        if !matches!(status, Status::Signed | Status::Renewed) {
            return None;
        }
        context.reported(self.article.published.map(|published| published.date))
    }

    /// Whether a date stands in brackets behind a place of a list, and is of that alone.
    fn is_of_place(&self, at: usize) -> bool {
        let before = &self.shadow.text[..at];
        let Some(open) = before.rfind(['（', '(']) else { return false };
        let places = [Symbol::Chinese.char(), Symbol::Foreign.char()];
        let inside = &before[open..];
        !inside.contains(['）', ')'])
            && !["均", "都", "皆", "同为"].iter().any(|all| inside.contains(all))
            && before[..open].ends_with(places)
    }

    /// The date that stands in brackets behind what was signed: 签署意向书（4月17日）.
    fn date_behind_title(&self, found: &Found) -> Option<Date> {
        let tail = self.shadow.text.get(found.act.1..)?;
        let open = tail.find(['（', '('])?;
        let is_symbol = |c: char| matches!(c, '\u{e000}'..='\u{e0ff}');
        let title = &tail[..open];
        if title.contains(is_symbol)
            || title.contains(['，', ',', '；', ';', '。', '、', '：', ':'])
            || first_chars(title, LONGEST_TITLE).len() < title.len()
        {
            return None;
        }
        let inside = tail[open..].trim_start_matches(['（', '(']);
        let rest = inside.strip_prefix(Symbol::Date.char())?;
        rest.starts_with(['）', ')']).then(|| self.first_dated(found.act.1 + open))?
    }

    /// The last date between the beginning of the parties and the act.
    pub(super) fn date_inside(&self, found: &Found) -> Option<Date> {
        let items = self.shadow.items_in(found.start, found.act.0);
        items.iter().rev().find_map(|item| self.dated(item.mention))
    }

    /// Whether between a date and an act another act is told, and a word says that this one
    /// came later.
    fn is_later(&self, found: &Found, mention: usize) -> bool {
        let at = self.shadow.items.iter().find(|item| item.mention == Some(mention));
        let between = at.and_then(|item| self.shadow.text.get(item.at..found.act.0));
        between.is_some_and(|between| {
            self.rules.later.find_iter(between).last().is_some_and(|later| {
                let told = &between[..later.start()];
                self.rules.sign.is_match(told) || self.rules.form.is_match(told)
            })
        })
    }

    /// The first date from a byte on.
    fn first_dated(&self, from: usize) -> Option<Date> {
        let items = self.shadow.items_in(from, self.shadow.text.len());
        items.iter().find_map(|item| self.dated(item.mention))
    }

    /// Whether the words between an act and a date behind it give the act that date.
    pub(super) fn leads_to_date(&self, between: &str) -> bool {
        if between.len() > 60 || between.contains([Symbol::Foreign.char(), Symbol::Chinese.char()])
        {
            return false;
        }
        self.rules.around.leads_to_date(between)
    }

    /// The dates of the list that stands last before a byte of the shadow text.
    ///
    /// With `commas`, also of one whose members commas part.
    pub(super) fn dates_before(&self, end: usize, commas: bool) -> Vec<Date> {
        let mut dates: Vec<Date> = Vec::new();
        let mut from = None;
        for item in self.shadow.items_in(0, end).iter().rev() {
            let Some(date) = self.dated(item.mention) else { continue };
            let behind = item.at + Symbol::Date.char().len_utf8();
            let listed = from.is_none_or(|from: usize| match &self.shadow.text[behind..from] {
                "、" | "和" | "与" | "及" => true,
                "," | "，" => commas,
                _ => false,
            });
            if !listed {
                break;
            }
            dates.insert(0, date);
            from = Some(item.at);
        }
        dates
    }

    /// The dates of the list behind an act that gives one to each of so many: 签字日期依次为.
    pub(super) fn dates_behind(&self, found: &Found, count: usize) -> Option<Vec<Date>> {
        let text = &self.shadow.text;
        let from = found.act.1;
        let first = from + text[from..].find(Symbol::Date.char())?;
        let between = &text[from..first];
        let places = [Symbol::Chinese.char(), Symbol::Foreign.char()];
        if between.contains(places) || !self.rules.around.leads_to_each(between) {
            return None;
        }
        let mut dates = Vec::new();
        let mut end = first;
        for item in self.shadow.items_in(first, text.len()) {
            if item.symbol != Symbol::Date
                || !matches!(&text[end..item.at], "" | "、" | "和" | "与" | "及" | "," | "，")
            {
                break;
            }
            // 日子分别是6日和13日: their month stands elsewhere.
            if !self.clean[item.span.range()].contains(['年', '月', '-', '/', '.']) {
                return None;
            }
            dates.push(self.dated(item.mention)?);
            end = item.at + Symbol::Date.char().len_utf8();
        }
        (dates.len() == count).then_some(dates)
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

    /// The year of a tie of which an anniversary is told.
    pub(super) fn anniversary(&self, found: &Found) -> Option<Date> {
        let text = &self.shadow.text;
        let count = self
            .shadow
            .items_in(found.act.0, found.end)
            .iter()
            .filter(|item| item.symbol == Symbol::Number)
            .find_map(|item| shadow::value(&self.clean[item.span.range()]))?;
        let years: Vec<i16> = self
            .shadow
            .items_in(0, text.len())
            .iter()
            .filter_map(|item| self.dated(item.mention)?.partial())
            .map(PartialDate::calendar_year)
            .collect();
        // 1981年结好,2011年结好30周年: counted from the year that makes both true.
        let count = i16::try_from(count).ok()?;
        let agrees = |year: &&i16| year.checked_sub(count).is_some_and(|it| years.contains(&it));
        let year = years.iter().find(agrees).or(years.first()).copied();
        // What is celebrated now, or reported without a date, is so in the year of the report.
        let published = || Some(self.article.published?.date.calendar_year());
        let year = year.or_else(published)?;
        let started = PartialDate::year(year.checked_sub(count)?)?;
        Some(Date::new(started, Basis::Inferred))
    }
}
