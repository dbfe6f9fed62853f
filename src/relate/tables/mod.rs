//! Tables and lists of ties, as foreign-affairs offices publish them.
//!
//! A row is read by the headers of its columns, else by what its cells name; a line by
//! what it holds beside names, dates and words of ties. Both need a heading, a caption, a
//! headline or headers that speak of friendly cities: a table of anything else gives
//! nothing, however many cities it names.

mod card;
mod day;
mod header;
mod line;
mod prose;
mod row;
mod rules;
mod section;

pub use self::rules::TableRules;
pub(super) use self::{line::is_sentence, prose::ProseList};
use self::{
    row::{MOST_ROWS, Table},
    rules::Role as Column,
    section::Section,
};
use super::{
    context::{is_recent, mentions_in},
    rules::Rules,
};
use crate::{
    agreement::{Claim, Evidence, Kind, Party, Status},
    article::Article,
    date::Date,
    notes::{Notes, Stage, Why},
    particulars::Particulars,
    place::CountryCode,
    recognise::{Mention, Of, dates::Role},
    segment::{Passage, PassageKind},
    text::{Clean, Span},
};

/// More claims are not taken from the lists of one article.
const MOST: usize = 5_000;
/// Longer lines are no cells: Latin names in bytes, words in characters.
const LONGEST_CELL: usize = 48;
const LONGEST_WORD: usize = 6;
/// What the names of places end in.
const UNITS: [char; 12] = ['市', '县', '区', '州', '盟', '旗', '省', '郡', '町', '村', '乡', '镇'];
/// Longer names are none, in characters.
const LONGEST_NAME: usize = 10;
/// Longer lines are no headings, in characters.
const LONGEST_HEADING: usize = 48;

/// What reading a row or a line needs to know.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) tables: &'a TableRules,
    pub(super) rules: &'a Rules,
    pub(super) article: &'a Article,
    pub(super) clean: &'a str,
    pub(super) mentions: &'a [Mention],
}

/// How far the reading of an article has come.
struct Page<'a> {
    list: List<'a>,
    /// The Chinese place that the article is about.
    own: Option<Party>,
    headline: Section,
    /// What the last heading says, if one stands below the headline.
    section: Option<Section>,
    /// The heading with what it takes over from those above.
    current: Section,
    /// The paragraph before what is read.
    before: Span<Clean>,
    /// The day of the event that the article reports, if it is news of these days.
    scene: Option<Date>,
}

/// What the tables and lists of an article say.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) claims: Vec<Claim>,
    /// For each passage, whether it was read as one of a list.
    pub(super) taken: Vec<bool>,
    /// The lists within running text, in order.
    pub(super) prose: Vec<ProseList>,
}

/// Reads the tables and lists of an article.
pub(super) fn read(
    list: List<'_>,
    passages: &[Passage],
    own: Option<Party>,
    notes: &mut Notes,
) -> Found {
    let mut claims = Vec::new();
    let mut prose = Vec::new();
    let mut taken = vec![false; passages.len()];
    let mut page = Page::new(list, passages, own);
    let mut table: Option<Table> = None;
    // Where the claims of the line above begin.
    let mut above = 0;
    // Passages that were read with one before them.
    let mut read = 0;
    for (n, (passage, taken)) in passages.iter().zip(&mut taken).enumerate() {
        if n < read {
            *taken = true;
            continue;
        }
        if page.goes_on(passage.span, &mut claims[above..]) {
            *taken = true;
            continue;
        }
        if let Some(sentence) = page.tells_of(passage.span, &mut claims[above..]) {
            prose.push(ProseList::read(sentence));
            // The rest of the paragraph is read by its sentences.
            continue;
        }
        // One cell a line, as a table looks whose cells were copied one by one.
        if page.is_cell(passage, &claims[above..]) {
            continue;
        }
        above = claims.len();
        let found = match passage.kind {
            PassageKind::Row { table: number, .. } => {
                let begins = table.as_ref().is_none_or(|open| open.number != number);
                let rows = if begins { rows_of(number, &passages[n..]) } else { Vec::new() };
                if let Some(found) = Table::columns(&page, &rows) {
                    read = n + rows.len();
                    found
                } else {
                    let open = match &mut table {
                        Some(open) if open.number == number => open,
                        other => other.insert(Table::new(number)),
                    };
                    open.row(&page, passage.span)
                }
            }
            PassageKind::Headline => Vec::new(),
            _ if let Some((claim, lines)) = page.card(&passages[n..]) => {
                read = n + lines;
                vec![claim]
            }
            _ => {
                let found = page.line(passage.span);
                if found.is_empty() {
                    if prose.len() < MOST {
                        prose.extend(page.prose(passage));
                    } else if page
                        .list
                        .tables
                        .leads
                        .is_match(&page.list.clean[passage.span.range()])
                    {
                        notes.push(Stage::Relate, Why::Limit, "lists in running text");
                    }
                    page.heading(passage);
                }
                found
            }
        };
        page.before = passage.span;
        *taken = !found.is_empty();
        if claims.len() < MOST {
            claims.extend(found);
        } else if *taken {
            notes.push(Stage::Relate, Why::Limit, "claims from lists");
        }
    }
    Found { claims, taken, prose }
}

/// Drops those of the claims from `from` on that say something else about places of a list
/// in running text than the list does.
pub(super) fn leave_to_lists(lists: &mut [ProseList], claims: &mut Vec<Claim>, from: usize) {
    let told = claims.split_off(from);
    claims.extend(told.into_iter().filter(|claim| {
        let near = lists.partition_point(|it| it.at().end <= claim.evidence.span.start);
        lists.get_mut(near).is_none_or(|list| list.agrees(claim))
    }));
}

/// The rows of a table that begins here, as many as may be a table of columns.
fn rows_of(number: u16, passages: &[Passage]) -> Vec<Span<Clean>> {
    passages
        .iter()
        .take(MOST_ROWS + 1)
        .take_while(|it| matches!(it.kind, PassageKind::Row { table, .. } if table == number))
        .map(|it| it.span)
        .collect()
}

impl<'a> Page<'a> {
    fn new(list: List<'a>, passages: &[Passage], own: Option<Party>) -> Self {
        let headline = passages
            .iter()
            .find(|passage| passage.kind == PassageKind::Headline)
            .map(|passage| Section::new(&list, passage.span))
            .or_else(|| Some(Section::of_words(&list, list.article.title.as_ref()?)))
            .unwrap_or_default();
        let before = Span::new(0..0);
        let published = list.article.published.map(|published| published.date);
        let bodies = passages.iter().filter(|passage| passage.kind == PassageKind::Body).take(2);
        let scene = bodies
            .flat_map(|passage| {
                let outside = |it: &&Mention| {
                    passage.dateline.is_none_or(|dateline| !dateline.contains(it.span))
                };
                mentions_in(list.mentions, passage.span).iter().filter(outside)
            })
            .find_map(|mention| match &mention.of {
                Of::Date(date, Role::Point) => Some(date.clone()),
                _ => None,
            })
            .filter(|date| is_recent(date, published));
        Self { list, own, current: headline.clone(), headline, section: None, before, scene }
    }

    /// What is said about what stands here.
    fn section(&self) -> &Section {
        &self.current
    }

    /// Reads a passage as a heading, if it is one.
    fn heading(&mut self, passage: &Passage) {
        let text = self.list.clean[passage.span.range()].trim();
        let short = text.chars().nth(LONGEST_HEADING).is_none() && !text.contains('。');
        let marked = matches!(passage.kind, PassageKind::Heading | PassageKind::Caption);
        let leads = text.ends_with(['：', ':']);
        if is_sentence(self.list.clean, self.list.mentions, passage.span) && !leads {
            return;
        }
        let numbered = self.list.tables.enumerator.is_match(text);
        let bare = self.list.tables.title.is_match(text);
        if !(short && (marked || numbered || bare) || leads) {
            return;
        }
        let mut section = Section::new(&self.list, passage.span);
        let neutral = !section.ties && !section.other;
        if neutral && (section.country.is_some() || section.owner.is_some()) {
            // 日本: or 瑞昌市: below a heading that says what is listed.
            self.current = section.under(&self.section_or_headline());
            return;
        }
        if neutral && leads && !short {
            return;
        }
        if leads && section.lists {
            section.date = self.event(passage.span);
        }
        section = section.under(&self.headline);
        self.section = Some(section.clone());
        self.current = section;
    }

    /// Whether a line is a cell of no use: the name of a column, a number, a name in Latin
    /// letters, a continent, the country of the place above.
    fn is_cell(&self, passage: &Passage, above: &[Claim]) -> bool {
        let list = &self.list;
        if !self.current.lists || !matches!(passage.kind, PassageKind::Heading | PassageKind::Body)
        {
            return false;
        }
        let text: String =
            list.clean[passage.span.range()].chars().filter(|c| !c.is_whitespace()).collect();
        if text.is_ascii() {
            return text.len() <= LONGEST_CELL && !list.tables.day.is_match(&text);
        }
        if text.chars().nth(LONGEST_WORD).is_some() || list.has_foreign(passage.span) {
            return false;
        }
        let column = list.tables.columns.iter().any(|(role, words)| {
            let found = words.find(&text);
            found.is_some_and(|it| *role == Column::Date || it.len() == text.len())
        });
        let country = list.country(passage.span);
        let own = above.last().is_some_and(|claim| {
            claim.parties.iter().any(|it| country.is_some() && it.place.country == country)
        });
        column || own || list.tables.continents.contains(&text)
    }

    /// The day of the event at which what a line leads to came about: 此次签约的城市如下.
    ///
    /// It stands in the line, in the paragraph before, or the whole article reports it.
    fn event(&self, lead: Span<Clean>) -> Option<Date> {
        let list = &self.list;
        if !list.tables.events.is_match(&list.clean[lead.range()]) {
            return None;
        }
        let days = |at: Span<Clean>| {
            let mut days: Vec<&Date> = Vec::new();
            for mention in mentions_in(list.mentions, at) {
                match &mention.of {
                    Of::Date(date, Role::Point)
                        if date.earliest == date.latest && !days.contains(&date) =>
                    {
                        days.push(date);
                    }
                    _ => {}
                }
            }
            days.into_iter().next_back().cloned()
        };
        days(lead).or_else(|| days(self.before)).or_else(|| self.scene.clone())
    }

    fn section_or_headline(&self) -> Section {
        self.section.clone().unwrap_or_else(|| self.headline.clone())
    }

    /// Whose ties are listed.
    fn owner(&self, section: &Section) -> Option<Party> {
        section.owner.clone().or_else(|| self.own.clone())
    }

    /// Whether two places can be tied: they lie in different countries, and not both in
    /// China.
    fn may_tie(&self, owner: &Party, other: &Party) -> bool {
        let (a, b) = (owner.place.country, other.place.country);
        let chinese = |code: Option<CountryCode>| code.is_some_and(CountryCode::is_chinese);
        a != b && !(chinese(a) && chinese(b))
    }
}

impl List<'_> {
    fn has_foreign(&self, at: Span<Clean>) -> bool {
        mentions_in(self.mentions, at).iter().any(|mention| match &mention.of {
            Of::Place(place) => !place.country.is_some_and(CountryCode::is_chinese),
            Of::Ambiguous(places) => {
                !places.iter().any(|place| place.country.is_some_and(CountryCode::is_chinese))
            }
            _ => false,
        })
    }

    /// The name that goes on behind a place, as one does that nobody knows: 某某市 of
    /// 冈山县某某市, where 冈山县 is known.
    fn goes_on_as<'s>(&self, tail: &'s str) -> Option<&'s str> {
        let end = tail.find(|c| !row::is_han(c)).unwrap_or(tail.len());
        let name = &tail[..end];
        let named = name.ends_with(UNITS) && (2..=LONGEST_NAME).contains(&name.chars().count());
        let several = self.tables.collective.is_match(name);
        (named && !several && self.others(name) > 0).then_some(name)
    }

    fn has_chinese(&self, at: Span<Clean>) -> bool {
        mentions_in(self.mentions, at).iter().any(|mention| {
            matches!(&mention.of, Of::Place(place)
                if place.country.is_some_and(CountryCode::is_chinese))
        })
    }

    fn has_country(&self, at: Span<Clean>) -> bool {
        self.country(at).is_some()
    }

    /// Whether a cell is the name of a foreign country and no more.
    fn is_country(&self, at: Span<Clean>) -> bool {
        let at = trimmed(self.clean, at);
        mentions_in(self.mentions, at).iter().any(|mention| {
            matches!(mention.of, Of::Country(code) if !code.is_chinese()) && mention.span == at
        })
    }

    /// The foreign country that a stretch names first.
    fn country(&self, at: Span<Clean>) -> Option<CountryCode> {
        mentions_in(self.mentions, at).iter().find_map(|mention| match mention.of {
            Of::Country(code) if !code.is_chinese() => Some(code),
            _ => None,
        })
    }

    /// Whether a cell says the same as the one above: it is empty, or 同上.
    fn takes_over(&self, cell: &str) -> bool {
        cell.is_empty() || self.tables.same.iter().any(|word| word == cell)
    }

    /// Whether a cell or clause tells of a signing.
    fn signs(&self, text: &str) -> bool {
        text.contains('签') || self.rules.sign.is_match(text)
    }

    /// The kind that a cell or clause names by its own words, an agreement of any sort not
    /// counted.
    fn own_kind(&self, text: &str) -> Option<Kind> {
        self.rules
            .kind(text)
            .filter(|kind| !matches!(kind, Kind::Unspecified | Kind::CooperationAgreement))
    }

    fn claim(
        &self,
        [a, b]: [Party; 2],
        (kind, status): (Kind, Status),
        date: Option<Date>,
        (confidence, rule): (f32, &str),
        at: Span<Clean>,
    ) -> Claim {
        let parties = if row::is_chinese(&b) && !row::is_chinese(&a) { [b, a] } else { [a, b] };
        let unsure = parties.iter().any(|party| party.place.country.is_none());
        Claim {
            kind,
            status,
            parties,
            date,
            instrument: None,
            particulars: Particulars::default(),
            confidence: if unsure { confidence * 0.8 } else { confidence },
            evidence: Evidence {
                article: self.article.id,
                span: trimmed(self.clean, at),
                rule: rule.into(),
            },
        }
    }
}

fn trimmed(clean: &str, span: Span<Clean>) -> Span<Clean> {
    let text = &clean[span.range()];
    let start = span.start as usize + (text.len() - text.trim_start().len());
    Span::new(start..start + text.trim().len())
}
