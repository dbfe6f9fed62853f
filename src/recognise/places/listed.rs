//! Names of the gazetteer, if what stands around them lets them be names.

use super::{Finder, Found, Known, Scope};
use crate::{
    gazetteer::{Match, NameKind, Sense, Senses},
    place::CountryCode,
    recognise::{Of, forms::Suffix},
};

impl Finder<'_> {
    /// A name of the gazetteer, if what stands around it lets it be one.
    pub(super) fn listed(
        &self,
        text: &str,
        found: Match,
        direct: Option<Scope>,
        last: Option<&Found>,
        article: &Known,
    ) -> Option<Found> {
        let Match { start, end, name } = found;
        let senses = self.gazetteer.senses(name);
        let written = &text[start..end];

        let foreign: Vec<(u32, NameKind)> = self.rows(senses.clone(), |code| !code.is_chinese());
        if let Some(scope) = direct {
            let inside: Vec<(u32, NameKind)> = foreign
                .iter()
                .copied()
                .filter(|&(row, _)| self.gazetteer.row(row).country() == scope.country)
                .collect();
            let alone = written.chars().count() >= 2
                && (!scope.glued
                    || self.unit(written, &inside).is_some()
                    || self.suffix(text, end, Some(scope.country)).is_some()
                    || self.stands(text, start, end));
            let of_body = self.unit(written, &inside).is_none() && self.organisation(text, end);
            if !inside.is_empty() && alone && !of_body {
                return self.foreign(text, start, end, &inside, Some(scope), article);
            }
        }
        for sense in senses.clone() {
            if let Sense::Country(code, _) = sense
                && self.country_stands(text, start, end)
            {
                if code.is_chinese() && code != CountryCode::CN {
                    let row = self.gazetteer.by_id(&format!("cc:{code}"))?;
                    let place = self.gazetteer.place(row);
                    return Some(Found { start, end, of: Of::Place(place), row: None, sure: true });
                }
                return Some(Found { start, end, of: Of::Country(code), row: None, sure: true });
            }
        }
        self.chinese(text, start, end, senses, direct, last, article).or_else(|| {
            (!foreign.is_empty())
                .then(|| self.foreign_alone(text, start, end, &foreign, article))
                .flatten()
        })
    }

    pub(super) fn rows(
        &self,
        senses: Senses<'_>,
        wanted: impl Fn(CountryCode) -> bool,
    ) -> Vec<(u32, NameKind)> {
        senses
            .filter_map(|sense| match sense {
                Sense::Place(row, kind) if wanted(self.gazetteer.row(row).country()) => {
                    Some((row, kind))
                }
                _ => None,
            })
            .collect()
    }

    /// The unit that a full name ends with; 南邦 ends with none.
    pub(super) fn unit(&self, name: &str, rows: &[(u32, NameKind)]) -> Option<&Suffix> {
        let full = rows.iter().any(|&(_, kind)| kind == NameKind::Full || kind == NameKind::News);
        let (stem, suffix) = self.forms.stem(name);
        suffix.filter(|_| full && (stem.chars().count() > 1 || name.chars().count() > 2))
    }

    /// The unit suffix behind a name; 地区 is no 区.
    pub(super) fn suffix(
        &self,
        text: &str,
        end: usize,
        country: Option<CountryCode>,
    ) -> Option<&Suffix> {
        let suffix = self.forms.suffix(&text[end..], country)?;
        (suffix.text != "区" || !text[..end].ends_with('地')).then_some(suffix)
    }

    pub(super) fn found(&self, start: usize, end: usize, row: u32, sure: bool) -> Found {
        Found { start, end, of: Of::Place(self.gazetteer.place(row)), row: Some(row), sure }
    }
}
