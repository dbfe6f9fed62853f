//! Listed places of other countries, inside the reach of their country and without it.

use super::{Finder, Found, Known, Scope};
use crate::{
    gazetteer::{Common, NameKind},
    place::Level,
    recognise::Of,
};

/// A foreign town of this size may be named without its country.
pub(super) const WELL_KNOWN: u32 = 300_000;
/// The same for names of three and more characters.
const KNOWN: u32 = 20_000;
/// One of several namesakes is meant if it is so many times larger than the next.
const DOMINANT: u32 = 8;

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
            && let Some(suffix) = self.suffix(text, end, country)
        {
            end += suffix.text.len();
            unit = Some(suffix);
        }
        let row = self.best_foreign(rows, unit.map(|unit| unit.level), scope, article)?;
        Some(Found {
            start,
            end,
            of: Of::Place(self.gazetteer.place(row)),
            row: Some(row),
            sure: true,
        })
    }

    /// A foreign place that stands without its country.
    pub(super) fn foreign_alone(
        &self,
        text: &str,
        start: usize,
        end: usize,
        rows: &[(u32, NameKind)],
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
            && let Some(suffix) = self.suffix(text, end, one_country(rows))
        {
            end += suffix.text.len();
            unit = Some(suffix);
        }
        let population =
            rows.iter().map(|&(row, _)| self.gazetteer.row(row).population()).max().unwrap_or(0);
        let trusted = self.forms.is_trusted(written);
        let common = self.gazetteer.common(written).filter(|_| !trusted);
        let accepted = if had_unit && chars >= 3 {
            common.is_none() || self.stands(text, start, end)
        } else if unit.is_some() {
            chars >= 2 && common != Some(Common::Word) && self.stands(text, start, end)
        } else if self.organisation(text, end) {
            false
        } else {
            // Less is asked of a place whose country the article names.
            let near = rows
                .iter()
                .any(|&(row, _)| article.countries.contains(&self.gazetteer.row(row).country()));
            let enough = match (chars, near) {
                (2, false) => WELL_KNOWN,
                (2, true) => WELL_KNOWN / 4,
                (_, false) => KNOWN,
                (_, true) => KNOWN / 4,
            };
            chars >= 2
                && common
                    .is_none_or(|common| common == Common::Person && population >= 3 * WELL_KNOWN)
                && (population >= enough)
                && self.stands(text, start, end)
                && (chars >= 3
                    || trusted
                    || near
                    || population >= 3 * WELL_KNOWN
                    || self.tagged_place(written))
        };
        if !accepted {
            return None;
        }
        let level = unit.map(|unit| unit.level);
        if one_country(rows).is_some() {
            let row = self.best_foreign(rows, level, None, article)?;
            return Some(self.found(start, end, row, unit.is_some()));
        }
        // Several countries have a place of this name.
        let near: Vec<(u32, NameKind)> = rows
            .iter()
            .copied()
            .filter(|&(row, _)| article.countries.contains(&self.gazetteer.row(row).country()))
            .collect();
        if !near.is_empty() && one_country(&near).is_some() {
            let row = self.best_foreign(&near, level, None, article)?;
            return Some(self.found(start, end, row, false));
        }
        let pool = if near.is_empty() { rows } else { &near[..] };
        let best = self.best_foreign(pool, level, None, article)?;
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
        let places = pool.iter().map(|&(row, _)| self.gazetteer.place(row)).collect();
        Some(Found { start, end, of: Of::Ambiguous(places), row: None, sure: false })
    }

    /// Which of several namesakes of one country is meant: the one of the unit written,
    /// inside the unit named before it, and the largest.
    pub(super) fn best_foreign(
        &self,
        rows: &[(u32, NameKind)],
        unit: Option<Level>,
        scope: Option<Scope>,
        article: &Known,
    ) -> Option<u32> {
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
                let named = article.countries.contains(&of.country());
                let curated = kind == NameKind::News;
                ((chained, curated, named, fit, of.population()), std::cmp::Reverse(row))
            })
            .max()
            .map(|(_, std::cmp::Reverse(row))| row)
    }
}
