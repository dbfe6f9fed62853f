//! Listed places of other countries, inside the reach of their country and without it.

use super::{Finder, Found, Known, Scope, listed::TOWN};
use crate::{
    gazetteer::{Common, NameKind},
    place::{CountryCode, Level},
    recognise::{
        Of,
        forms::{Suffix, is_han},
    },
};

/// A foreign town of this size may be named without its country.
pub(super) const WELL_KNOWN: u32 = 300_000;
/// The same for names of three and more characters.
const KNOWN: u32 = 20_000;
/// One of several namesakes is meant if it is so many times larger than the next.
const DOMINANT: u32 = 3;

impl Finder<'_> {
    /// A foreign place of the open scope.
    pub(super) fn foreign(
        &self,
        text: &str,
        start: usize,
        end: usize,
        rows: &[(u32, NameKind)],
        scope: Option<Scope>,
        article: &Known,
    ) -> Option<Found> {
        let written = &text[start..end];
        let country = scope.map(|scope| scope.country);
        let mut end = end;
        let mut unit = self.unit(written, rows);
        if unit.is_none()
            && let Some(suffix) = self.outer_unit(text, start, end, country)
        {
            end += suffix.text.len();
            unit = Some(suffix);
        }
        let row = self.best_foreign(rows, unit.map(|unit| unit.level), scope, Some(article))?;
        Some(Found { start, end, of: Of::Place(self.place(row)), row: Some(row), sure: true })
    }

    /// The unit behind a name. A name that has this unit itself does not take it again, where
    /// it begins the title of an office: 三藩市市长.
    fn outer_unit(
        &self,
        text: &str,
        start: usize,
        end: usize,
        country: Option<CountryCode>,
    ) -> Option<&Suffix> {
        let suffix = self.suffix(text, end, country)?;
        let again = text[start..end].ends_with(suffix.text.as_str())
            && text[end + suffix.text.len()..].starts_with('长');
        (!again).then_some(suffix)
    }

    /// A foreign place that stands without its country.
    pub(super) fn foreign_alone(
        &self,
        text: &str,
        start: usize,
        end: usize,
        rows: &[(u32, NameKind)],
        beside: bool,
        article: &Known,
    ) -> Option<Found> {
        let written = &text[start..end];
        let chars = written.chars().count();
        let mut end = end;
        let mut unit = self.unit(written, rows);
        let had_unit = unit.is_some();
        let one_country = |rows: &[(u32, NameKind)]| {
            let first = self.gazetteer.row(rows[0].0).country();
            rows.iter().all(|&(row, _)| self.gazetteer.row(row).country() == first).then_some(first)
        };
        if unit.is_none()
            && let Some(suffix) = self.outer_unit(text, start, end, one_country(rows))
        {
            end += suffix.text.len();
            unit = Some(suffix);
        }
        let population =
            rows.iter().map(|&(row, _)| self.gazetteer.row(row).population()).max().unwrap_or(0);
        let famous = self.forms.famous(self.forms.stem(written).0);
        let trusted = self.forms.is_trusted(written) || famous.is_some();
        let common = self.gazetteer.common(written).filter(|_| !trusted);
        // Where nothing else tells the country, 中部地区 may lie in any.
        if self.forms.is_direction(self.forms.stem(written).0)
            || self.dot_beside(text, start, end)
            || unit.is_none() && self.person(text, start, end)
            || unit.is_none() && self.forms.is_vague(self.forms.stem(written).0)
            // 北区 is one of many wards, and of many parts of a garden.
            || self.forms.stem(written).1.is_some()
                && self.forms.is_generic(self.forms.stem(written).0)
            || unit.is_none()
                && chars == 2
                && population < 3 * WELL_KNOWN
                && !trusted
                && self.ordinary(written)
        {
            return None;
        }
        // 山本町长: the unit belongs to the office of a person, unless the place is large.
        if unit.is_some() && text[end..].starts_with('长') && population < TOWN {
            return None;
        }
        let accepted = if had_unit && chars >= 3 {
            common.is_none() || self.stands(text, start, end)
        } else if unit.is_some() {
            // Less is asked where the article names the country and the name is set apart.
            let before = text[..start].chars().next_back();
            let apart = before.is_none_or(|c| !is_han(c) || self.forms.is_stop(c));
            let near =
                rows.iter().any(|&(row, _)| article.tells(self.gazetteer.row(row).country()));
            chars >= 2
                && ((near || beside) && apart
                    || common != Some(Common::Word) && self.stands(text, start, end))
        } else if self.organisation(text, end) {
            false
        } else {
            // Less is asked of a place whose country the article names.
            let near =
                rows.iter().any(|&(row, _)| article.tells(self.gazetteer.row(row).country()));
            // Next to other sounds of names it may be a piece of one: 迈赫尔, 马尔贝克.
            let enough = match (chars, near && !self.sounds_beside(text, start, end)) {
                (2, false) => WELL_KNOWN,
                (2, true) => WELL_KNOWN / 4,
                (_, false) => KNOWN,
                (_, true) => KNOWN / 4,
            };
            chars >= 2
                && common.is_none_or(|common| {
                    let large = if beside { WELL_KNOWN } else { 3 * WELL_KNOWN };
                    common == Common::Person && (population >= large || near && chars >= 4)
                })
                && (population >= enough || famous.is_some())
                && (self.stands(text, start, end)
                    || (beside || trusted) && self.set_apart(text, start, end))
                && (chars >= 3
                    || trusted
                    || near
                    || beside
                    || population >= 3 * WELL_KNOWN
                    || self.tagged_place(written))
        };
        if !accepted {
            return None;
        }
        let level = unit.map(|unit| unit.level);
        if one_country(rows).is_some() {
            let row = self.best_foreign(rows, level, None, Some(article))?;
            return Some(self.found(start, end, row, unit.is_some()));
        }
        // Several countries have a place of this name.
        let near: Vec<(u32, NameKind)> = rows
            .iter()
            .copied()
            .filter(|&(row, _)| article.names(self.gazetteer.row(row).country()))
            .collect();
        // The London of Kentucky is not meant because an article names America.
        let near = if near.iter().any(|&(row, _)| {
            let size = self.gazetteer.row(row).population();
            size >= TOWN || population / 20 <= size
        }) {
            near
        } else {
            Vec::new()
        };
        if !near.is_empty() && one_country(&near).is_some() {
            let row = self.best_foreign(&near, level, None, Some(article))?;
            return Some(self.found(start, end, row, false));
        }
        let pool = if near.is_empty() { rows } else { &near[..] };
        if let Some(row) = famous.and_then(|id| self.gazetteer.by_id(id))
            && pool.iter().any(|&(known, _)| {
                self.gazetteer.row(known).country() == self.gazetteer.row(row).country()
            })
        {
            return Some(self.found(start, end, row, unit.is_some()));
        }
        // Where the countries of the article tell nothing, the largest is asked for.
        let told = (!near.is_empty()).then_some(article);
        let best = self.best_foreign(pool, level, None, told)?;
        let (size, country) =
            (self.gazetteer.row(best).population(), self.gazetteer.row(best).country());
        let rival = pool
            .iter()
            .map(|&(row, _)| self.gazetteer.row(row))
            .filter(|row| row.country() != country)
            .map(|row| row.population())
            .max()
            .unwrap_or(0);
        if size > 0 && size / DOMINANT >= rival {
            return Some(self.found(start, end, best, false));
        }
        let places = pool.iter().map(|&(row, _)| self.place(row)).collect();
        Some(Found { start, end, of: Of::Ambiguous(places), row: None, sure: false })
    }

    /// Which of several namesakes of one country is meant: the one of the unit written,
    /// inside the unit named before it, and the largest.
    pub(super) fn best_foreign(
        &self,
        rows: &[(u32, NameKind)],
        unit: Option<Level>,
        scope: Option<Scope>,
        article: Option<&Known>,
    ) -> Option<u32> {
        if let [(row, _)] = *rows {
            return Some(row);
        }
        let inside = scope.and_then(|scope| scope.inside);
        rows.iter()
            .map(|&(row, kind)| {
                let of = self.gazetteer.row(row);
                let fit = match (unit, of.level()) {
                    (None, Some(Level::City)) => 2,
                    (None, _) => 1,
                    (Some(unit), Some(level)) if unit == level => 3,
                    (Some(Level::City), Some(Level::District)) => 1,
                    (Some(Level::District), Some(Level::Province)) => 2,
                    (Some(Level::Province), Some(Level::District)) => 2,
                    (Some(Level::Island), Some(_)) => 1,
                    _ => 0,
                };
                let chained = inside.is_some_and(|inside| self.gazetteer.is_within(row, inside));
                let named = scope.is_some() && article.is_some_and(|it| it.names(of.country()));
                let curated = scope.is_some() && kind == NameKind::News;
                ((chained, curated, named, fit, of.population()), std::cmp::Reverse(row))
            })
            .max()
            .map(|(_, std::cmp::Reverse(row))| row)
    }
}
