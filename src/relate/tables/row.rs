//! One row of a table of ties.

use std::sync::Arc;

use super::{
    List, Page, UNITS,
    header::Header,
    rules::Role,
    section::{self, Section},
};
use crate::{
    agreement::{Claim, Kind, Party, Status},
    date::Date,
    place::{CountryCode, Level, Place},
    relate::{parties, shadow::Shadow},
    segment,
    text::{Clean, Span},
};

/// A table with more rows is none whose columns are the cities.
pub(super) const MOST_ROWS: usize = 16;
/// A longer remark tells a story, and not the kind of a tie, in characters.
const LONGEST_REMARK: usize = 10;

/// What a row takes over from the one above where its own cells are empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried {
    chinese: Option<Party>,
    /// Of how many cells the row was that named it.
    width: usize,
    /// In which of them, where no header says so.
    column: Option<usize>,
    /// Whether rows name both sides, though one place publishes the list.
    both: bool,
    country: Option<CountryCode>,
}

/// Whose ties a row lists.
enum Owner {
    Named(Party),
    /// The place that publishes the list.
    Publisher,
    /// The row names it, but nobody knows the name.
    Unknown,
}

/// A table that is being read.
#[derive(Debug)]
pub(super) struct Table {
    /// Which of the article.
    pub(super) number: u16,
    pub(super) header: Option<Header>,
    /// By half, where a table is printed in halves side by side.
    carried: Vec<Carried>,
}

impl Table {
    pub(super) fn new(number: u16) -> Self {
        Self { number, header: None, carried: Vec::new() }
    }

    /// The claims of a table whose first column says what its rows hold, each of its other
    /// columns being one city; none if it is no such table.
    pub(super) fn columns(page: &Page<'_>, rows: &[Span<Clean>]) -> Option<Vec<Claim>> {
        let list = &page.list;
        if !(2..=MOST_ROWS).contains(&rows.len()) {
            return None;
        }
        let cells: Vec<_> = rows.iter().map(|row| segment::cells(list.clean, *row)).collect();
        let width = cells.first()?.len();
        if width < 2 || cells.iter().any(|row| row.len() != width) {
            return None;
        }
        let names: Vec<Span<Clean>> = cells.iter().map(|row| row[0]).collect();
        let header = Header::read(list, &names)?;
        let places = header.has(Role::Foreign) || header.has(Role::Place);
        if !places
            || header.repeats
            || header.roles.iter().any(Option::is_none)
            || Header::read(list, &cells[0]).is_some()
            || !page.lists_ties(Some(&header))
        {
            return None;
        }
        let whole = rows.first()?.to(*rows.last()?);
        let mut claims = Vec::new();
        let mut carried = Carried::default();
        for column in 1..width {
            let cells: Vec<Span<Clean>> = cells.iter().map(|row| row[column]).collect();
            let header = Some(&header);
            let section = page.section();
            let row = Row { page, section, header, fitting: header, cells: &cells, row: whole };
            claims.extend(row.read(&mut carried));
        }
        Some(claims)
    }

    /// The claims of a row; none if the table is not one of ties.
    pub(super) fn row(&mut self, page: &Page<'_>, row: Span<Clean>) -> Vec<Claim> {
        let list = &page.list;
        let cells = segment::cells(list.clean, row);
        let dated = cells.iter().any(|cell| !list.dates(*cell).is_empty());
        if !dated
            && let Some(header) = Header::read(list, &cells)
            && !cells
                .iter()
                .zip(&header.roles)
                .any(|(cell, role)| role.is_none() && list.has_foreign(*cell))
        {
            match &mut self.header {
                Some(known) => known.join(header),
                None => self.header = Some(header),
            }
            return Vec::new();
        }
        let section = page.section();
        let header = self.header.as_ref();
        if !page.lists_ties(header) {
            return Vec::new();
        }
        let halves = header.filter(|header| header.repeats).map(|header| header.roles.len());
        let width = halves.unwrap_or(cells.len()).max(1);
        let mut claims = Vec::new();
        for (n, cells) in cells.chunks(width).enumerate() {
            if self.carried.len() <= n {
                self.carried.push(Carried::default());
            }
            let (Some(first), Some(last)) = (cells.first(), cells.last()) else { continue };
            if halves.is_some() && cells.iter().all(|cell| cell.is_empty()) {
                continue;
            }
            // Where cells are missing the columns are not those of the header.
            let fitting = header
                .filter(|header| header.roles.len() == cells.len())
                .filter(|header| !is_moved(list, header, cells));
            let row = if halves.is_some() { first.to(*last) } else { row };
            let row = Row { page, section, header, fitting, cells, row };
            claims.extend(row.read(&mut self.carried[n]));
        }
        claims
    }
}

impl Page<'_> {
    /// Whether a table with such a header, where it stands, is one of ties.
    fn lists_ties(&self, header: Option<&Header>) -> bool {
        let section = self.section();
        let ties = section.ties || header.is_some_and(|header| header.ties);
        let listed = section.lists
            || header.is_some_and(|it| {
                it.ties || section.ties && (it.has(Role::Date) || it.has(Role::Foreign))
            });
        !section.other && !header.is_some_and(|header| header.other) && ties && listed
    }
}

/// Whether the cells of a row are not those of its header: where the Chinese side should stand,
/// the other does, and a country where its column should name a place. Such a row lost its first
/// cell to the one above and has one more at its end.
fn is_moved(list: &List<'_>, header: &Header, cells: &[Span<Clean>]) -> bool {
    let own = header.columns(Role::Chinese).last();
    let other = header.columns(Role::Foreign).next();
    let (Some(own), Some(other)) = (own, other) else { return false };
    own < other
        && list.has_foreign(cells[own])
        && !list.has_chinese(cells[own])
        && !list.has_foreign(cells[other])
        && list.is_country(cells[other])
}

struct Row<'a> {
    page: &'a Page<'a>,
    section: &'a Section,
    header: Option<&'a Header>,
    /// The header, if its columns are those of the row.
    fitting: Option<&'a Header>,
    cells: &'a [Span<Clean>],
    row: Span<Clean>,
}

impl Row<'_> {
    fn read(&self, carried: &mut Carried) -> Vec<Claim> {
        let list = &self.page.list;
        let owner = match self.owner(carried) {
            Owner::Named(party) => Some(party),
            Owner::Publisher => None,
            Owner::Unknown => return Vec::new(),
        };
        let (country, country_told) = self.country(carried);
        let others = self.others(owner.as_ref(), country, country_told);
        let Some(owner) = owner.or_else(|| self.page.owner(self.section)) else {
            return Vec::new();
        };
        let said = |role: Role| {
            let cells = self.fitting.into_iter().flat_map(|header| header.columns(role));
            cells.map(|n| self.text(n)).collect::<Vec<_>>().join("\n")
        };
        let (kinds, remark) = (said(Role::Kind), said(Role::Remark));
        let dates = self.dates();
        let date_text: String = match self.fitting {
            Some(_) => said(Role::Date),
            None => list.clean[self.row.range()].to_owned(),
        };
        let kind = self.kind(&kinds, &date_text, &remark);
        let ended =
            [&kinds, &remark, &date_text].iter().any(|text| list.tables.ended.is_match(text))
                || self.section.ended;
        let planned = list.tables.planned.is_match(&date_text) && dates.is_empty();
        let signed = list.signs(&date_text)
            || list.signs(&kinds)
            || self.header.is_some_and(|header| header.signed)
            || self.section.signed;
        let begun = if signed { Status::Signed } else { Status::Established };
        let mut acts: Vec<(Status, Option<Date>)> = Vec::new();
        let last = self.ended_at();
        match (planned, ended) {
            (true, _) => acts.push((Status::Planned, None)),
            (false, true) => {
                let first = dates.first().cloned().filter(|first| Some(first) != last.as_ref());
                if first.is_some() {
                    acts.push((begun, first));
                }
                acts.push((Status::Terminated, last));
            }
            (false, false) => acts.push((begun, dates.first().cloned())),
        }
        let headed = self.fitting.is_some();
        let mut claims = Vec::new();
        for (other, sure) in others {
            if !self.page.may_tie(&owner, &other) {
                continue;
            }
            let confidence = (if headed { 0.85 } else { 0.75 }) * if sure { 1.0 } else { 0.9 };
            for (status, date) in &acts {
                claims.push(list.claim(
                    [owner.clone(), other.clone()],
                    (kind, *status),
                    date.clone(),
                    (confidence, if headed { "table-row" } else { "plain-row" }),
                    self.row,
                ));
            }
        }
        claims
    }

    fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| self.page.list.clean[cell.range()].trim())
    }

    /// The columns that may name places.
    fn places(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cells.len()).filter(|&n| match self.fitting {
            Some(header) => {
                !matches!(header.roles[n], Some(Role::Ignored | Role::Remark | Role::Date))
            }
            None => true,
        })
    }

    fn members(&self, column: usize) -> Vec<Party> {
        let list = &self.page.list;
        let Some(cell) = self.cells.get(column) else { return Vec::new() };
        let shadow = Shadow::new(list.clean, *cell, list.mentions, &[], &|_| false);
        parties::members(&shadow, list.mentions, list.clean, (0, shadow.text.len()))
            .into_iter()
            .filter_map(|member| match list.goes_on_as(member.tail(&shadow)) {
                Some(_) if is_chinese(&member.party) => None,
                Some(rest) => {
                    // 伊豆之国市, of which 伊豆 is known; but not 冈山县 before another name.
                    let known = &member.party.name;
                    let name = if known.ends_with(UNITS) { "" } else { known };
                    let name = &format!("{name}{rest}");
                    let country = member.party.place.country;
                    let place = Place::unlisted(name, country, None);
                    Some(Party { name: name.to_owned(), place: Arc::new(place) })
                }
                None => Some(member.party),
            })
            .collect()
    }

    /// Whether a cell names a Chinese place that nobody knows: 陕西省某某市.
    fn names_unknown(&self, column: usize) -> bool {
        let list = &self.page.list;
        let Some(cell) = self.cells.get(column) else { return false };
        let shadow = Shadow::new(list.clean, *cell, list.mentions, &[], &|_| false);
        parties::members(&shadow, list.mentions, list.clean, (0, shadow.text.len()))
            .iter()
            .any(|it| is_chinese(&it.party) && list.goes_on_as(it.tail(&shadow)).is_some())
    }

    /// The Chinese side, if the row or one above it names it.
    fn owner(&self, carried: &mut Carried) -> Owner {
        let list = &self.page.list;
        let named = |column: usize| self.members(column).into_iter().rfind(is_chinese);
        if let Some(header) = self.fitting
            && let Some(column) = header.columns(Role::Chinese).last()
        {
            let text = self.text(column);
            if let Some(party) = named(column) {
                carried.chinese = Some(party);
            } else if list.tables.publisher.is_match(text) {
                carried.chinese = None;
                return Owner::Publisher;
            } else if !list.takes_over(text) || self.names_unknown(column) {
                return Owner::Unknown;
            }
            return carried.chinese.clone().map_or(Owner::Publisher, Owner::Named);
        }
        if self.owner_is_foreign() {
            let names = self.names_owners_country();
            let both = carried.both;
            carried.both |= names;
            if !names {
                return if both { Owner::Unknown } else { Owner::Publisher };
            }
        }
        if let Some((column, party)) = self.places().find_map(|n| Some((n, named(n)?))) {
            carried.chinese = Some(party.clone());
            carried.width = self.cells.len();
            carried.column = Some(column);
            return Owner::Named(party);
        }
        if self.places().any(|column| self.names_unknown(column)) {
            return Owner::Unknown;
        }
        let Some(above) = carried.chinese.clone() else { return Owner::Publisher };
        // A row that lost its first cells to the one above.
        let shorter = match self.header {
            Some(header) => {
                (header.has(Role::Chinese) || carried.column == Some(0))
                    && header.roles.len() > self.cells.len()
            }
            None => carried.width > self.cells.len(),
        };
        let publisher = self.page.owner(self.section);
        // Or an empty cell where the row above named it.
        let empty = carried.width == self.cells.len()
            && carried.column.is_some_and(|column| list.takes_over(self.text(column)));
        if shorter || empty {
            Owner::Named(above)
        } else if self.header.is_some()
            || publisher.is_some_and(|it| it.place.key == above.place.key)
        {
            Owner::Publisher
        } else {
            Owner::Unknown
        }
    }

    /// The country of the other side, and whether a column tells it.
    fn country(&self, carried: &mut Carried) -> (Option<CountryCode>, bool) {
        let list = &self.page.list;
        let column = self.fitting.and_then(|header| header.columns(Role::Country).next());
        if let Some(column) = column {
            if let Some(code) = list.country(self.cells[column]) {
                carried.country = Some(code);
            } else if !list.takes_over(self.text(column)) {
                carried.country = None;
            }
            return (carried.country, carried.country.is_some());
        }
        let named = self.places().find_map(|column| list.country(self.cells[column]));
        let shorter = self.header.is_some_and(|header| {
            header.has(Role::Country) && header.roles.len() > self.cells.len()
        });
        if named.is_some() {
            carried.country = named;
        }
        (named.or(carried.country.filter(|_| shorter)).or(self.section.country), false)
    }

    /// The other side, and whether it was recognised as a place.
    fn others(
        &self,
        owner: Option<&Party>,
        country: Option<CountryCode>,
        country_told: bool,
    ) -> Vec<(Party, bool)> {
        let owner_country = owner.and_then(|party| party.place.country);
        let other = |party: &Party| {
            !is_chinese(party)
                || owner.is_none() && self.owner_is_foreign()
                || owner_country.is_some_and(|code| !code.is_chinese())
        };
        let fit = |party: Party| match (party.place.country, country) {
            (None, Some(code)) => placed(&party, code),
            (Some(own), Some(code)) if country_told && own != code => placed(&party, code),
            _ => party,
        };
        if let Some(header) = self.fitting
            && header.has(Role::Foreign)
        {
            let mut found = Vec::new();
            for column in header.columns(Role::Foreign) {
                let members: Vec<Party> = self.members(column).into_iter().filter(other).collect();
                let part = match &members[..] {
                    [] => found.is_empty(),
                    [one] => self.is_part(column, &one.name),
                    _ => false,
                };
                if part {
                    let country = country.or(members.first().and_then(|it| it.place.country));
                    found.extend(self.unknown(column, country).map(|party| (party, false)));
                    continue;
                }
                found.extend(members.into_iter().map(|party| (fit(party), true)));
            }
            return found;
        }
        // The cell that names the lowest unit; several places stand in one cell only.
        let mut best: Vec<Party> = Vec::new();
        for column in self.places() {
            let members: Vec<Party> = self.members(column).into_iter().filter(other).collect();
            let Some(first) = members.first() else { continue };
            let lower = best.first().is_none_or(|best| {
                best.place.level == Level::Province && first.place.level != Level::Province
            });
            if lower {
                best = members;
            }
        }
        best.into_iter().map(|party| (fit(party), true)).collect()
    }

    /// Whether the row itself names a place of the country whose ties are listed, as a list of
    /// the ties of all cities of a prefecture does.
    fn names_owners_country(&self) -> bool {
        let owner = self.page.owner(self.section);
        let country = owner.and_then(|owner| owner.place.country);
        country.is_some()
            && self.places().flat_map(|n| self.members(n)).any(|it| it.place.country == country)
    }

    fn owner_is_foreign(&self) -> bool {
        self.page.owner(self.section).is_some_and(|party| !is_chinese(&party))
    }

    /// Whether a name is only the beginning of a cell's: 萨尔 of 萨尔堡.
    fn is_part(&self, column: usize, name: &str) -> bool {
        self.text(column).strip_prefix(name).is_some_and(|rest| {
            let end = rest.find(|c| !is_han(c)).unwrap_or(rest.len());
            let chars = rest[..end].chars().count();
            (1..=2).contains(&chars) && !rest.starts_with("政府")
        })
    }

    /// A cell in the column of the other side that holds a name nobody knows.
    fn unknown(&self, column: usize, country: Option<CountryCode>) -> Option<Party> {
        let country = country?;
        let text = self.text(column);
        let end = text.find(['(', '（']).unwrap_or(text.len());
        let name = text[..end].trim_end_matches(|c: char| c.is_ascii() || c.is_whitespace());
        let chars = name.chars().count();
        let empty = self.page.list.tables.empty.iter().any(|word| word == name);
        if !(2..=10).contains(&chars) || !name.chars().all(is_han) || empty {
            return None;
        }
        let place = Place::unlisted(name, Some(country), None);
        Some(Party { name: name.to_owned(), place: Arc::new(place) })
    }

    /// The dates of the row: of its date column, else of all that may hold one.
    fn dates(&self) -> Vec<Date> {
        let list = &self.page.list;
        let columns: Vec<usize> = match self.fitting {
            Some(header) if header.has(Role::Date) => header.columns(Role::Date).collect(),
            Some(header) => (0..self.cells.len())
                .filter(|&n| !matches!(header.roles[n], Some(Role::Ignored)))
                .collect(),
            None => (0..self.cells.len()).collect(),
        };
        let dates = columns.into_iter().flat_map(|n| list.dates(self.cells[n]));
        dates.map(|(_, date)| date).collect()
    }

    /// When the tie was ended: the date beside the word.
    fn ended_at(&self) -> Option<Date> {
        let list = &self.page.list;
        let cell =
            self.cells.iter().find(|cell| list.tables.ended.is_match(&list.clean[cell.range()]))?;
        let word = list.tables.ended.find(&list.clean[cell.range()])?;
        let at = cell.start as usize + word.start();
        let dates = list.dates(*cell);
        let near = dates.iter().rev().find(|(start, _)| (*start as usize) < at);
        near.or(dates.first()).map(|(_, date)| date.clone())
    }

    /// The kind: as the row says, else the heading, the header, the headline.
    fn kind(&self, kinds: &str, date_text: &str, remark: &str) -> Kind {
        let list = &self.page.list;
        let own = list.own_kind(kinds).or_else(|| list.own_kind(date_text));
        let short = remark.chars().nth(LONGEST_REMARK).is_none();
        let own = own.or_else(|| list.own_kind(remark).filter(|_| short));
        own.or(self.section.kind)
            .or_else(|| section::kind(list, &self.header?.title))
            .or_else(|| list.rules.kind(kinds))
            .unwrap_or(Kind::Unspecified)
    }
}

pub(super) fn is_chinese(party: &Party) -> bool {
    party.place.country.is_some_and(CountryCode::is_chinese)
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '·')
}

/// The place of a name in another country than it was taken for.
fn placed(party: &Party, country: CountryCode) -> Party {
    let place = Place::unlisted(&party.name, Some(country), None);
    Party { name: party.name.clone(), place: Arc::new(place) }
}
