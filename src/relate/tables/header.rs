//! [`Header`]: what the columns of a table hold.

use super::{List, rules::Role};
use crate::text::{Clean, Span};

/// Longer cells name no column, in characters.
const LONGEST: usize = 16;
/// Columns that repeat are looked for in as many.
const WIDEST: usize = 12;

/// The columns of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// By column.
    pub(super) roles: Vec<Option<Role>>,
    /// Whether a header speaks of ties.
    pub(super) ties: bool,
    /// Whether one speaks of something else.
    pub(super) other: bool,
    /// Whether the date is that of signing.
    pub(super) signed: bool,
    /// What the header of the other side says, for the kind.
    pub(super) title: String,
    /// Whether the columns stand there twice or more, as in a list that is printed in two
    /// halves side by side; then they are those of one half.
    pub(super) repeats: bool,
}

impl Header {
    /// Reads a row as a header; `None` if it is none.
    pub(super) fn read(list: &List<'_>, cells: &[Span<Clean>]) -> Option<Self> {
        let width = period(list.clean, cells);
        let header = Self::of(list, &cells[..width])?;
        Some(Self { repeats: width < cells.len(), ..header })
    }

    fn of(list: &List<'_>, cells: &[Span<Clean>]) -> Option<Self> {
        let mut header = Self { roles: vec![None; cells.len()], ..Self::default() };
        let (mut named, mut filled, mut countries) = (0, 0, 0);
        for (role, cell) in header.roles.iter_mut().zip(cells) {
            let text: String =
                list.clean[cell.range()].chars().filter(|c| !c.is_whitespace()).collect();
            if text.is_empty() {
                continue;
            }
            filled += 1;
            if text.chars().count() > LONGEST || list.tables.day.is_match(&text) {
                continue;
            }
            header.other |= list.tables.other_headers.is_match(&text);
            let Some(found) = list.tables.columns.iter().find(|(_, words)| words.is_match(&text))
            else {
                // 江西省, 韩国: the side that is meant by its name.
                if list.has_chinese(*cell) {
                    *role = Some(Role::Chinese);
                    named += 1;
                } else if list.is_country(*cell) {
                    *role = Some(Role::Country);
                    countries += 1;
                }
                continue;
            };
            named += 1;
            let mut found = found.0;
            if matches!(found, Role::Foreign | Role::Place) && list.has_chinese(*cell) {
                found = Role::Chinese;
            }
            if found == Role::Place && list.has_country(*cell) {
                found = Role::Foreign;
            }
            header.ties |= found != Role::Ignored && list.tables.ties.is_match(&text);
            match found {
                Role::Date => header.signed |= text.contains('签'),
                Role::Foreign => header.title.push_str(&text),
                _ => {}
            }
            *role = Some(found);
        }
        // 山东, 韩国: beside the Chinese side a country is the other one; alone it is a cell.
        if countries > 0 {
            let beside = countries == 1 && header.has(Role::Chinese) && !header.has(Role::Foreign);
            for role in header.roles.iter_mut().filter(|role| **role == Some(Role::Country)) {
                *role = beside.then_some(Role::Foreign);
            }
            named += usize::from(beside);
        }
        if named == 0 || named * 2 < filled || filled < 2 {
            return None;
        }
        header.settle();
        Some(header)
    }

    /// Says of which side a column of places is.
    fn settle(&mut self) {
        let has = |roles: &[Option<Role>], role| roles.contains(&Some(role));
        let foreign = has(&self.roles, Role::Foreign);
        let chinese = has(&self.roles, Role::Chinese);
        let places = self.roles.iter().filter(|role| **role == Some(Role::Place)).count();
        let mut left = places;
        for role in &mut self.roles {
            if *role == Some(Role::Place) {
                *role = Some(match (foreign, chinese) {
                    (true, false) if left == places => Role::Chinese,
                    (true, _) => Role::Ignored,
                    (false, true) => Role::Foreign,
                    // One of two is the Chinese side; the rows tell which.
                    (false, false) => Role::Place,
                });
                left -= 1;
            }
        }
        if places == 1
            && !foreign
            && let Some(role) = self.roles.iter_mut().find(|role| **role == Some(Role::Place))
        {
            *role = Some(Role::Foreign);
        }
    }

    /// The columns that hold something.
    pub(super) fn columns(&self, wanted: Role) -> impl Iterator<Item = usize> + '_ {
        let is = move |(n, role): (usize, &Option<Role>)| (*role == Some(wanted)).then_some(n);
        self.roles.iter().enumerate().filter_map(is)
    }

    pub(super) fn has(&self, wanted: Role) -> bool {
        self.columns(wanted).next().is_some()
    }

    /// What a row of another table's header adds to this one.
    pub(super) fn join(&mut self, other: Self) {
        self.ties |= other.ties;
        self.other |= other.other;
        self.signed |= other.signed;
        for (role, new) in self.roles.iter_mut().zip(other.roles) {
            *role = role.or(new);
        }
    }
}

/// After how many cells a row says the same again; all of them if it does not.
fn period(clean: &str, cells: &[Span<Clean>]) -> usize {
    let text = |cell: &Span<Clean>| clean[cell.range()].trim();
    let repeats = |width: usize| {
        cells.len().is_multiple_of(width)
            && cells.iter().zip(&cells[width..]).all(|(a, b)| text(a) == text(b))
    };
    (2..=WIDEST.min(cells.len() / 2)).find(|&width| repeats(width)).unwrap_or(cells.len())
}
