//! Names of the gazetteer, if what stands around them lets them be names.

use super::{Finder, Found, Known, Scope};
use crate::{
    gazetteer::{Common, Match, NameKind, Sense, Senses},
    place::CountryCode,
    recognise::{Of, forms::Suffix},
};

/// A town of this size may bear the name of a word, behind its country.
pub(super) const TOWN: u32 = 100_000;

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
                && (!scope.glued && (written.chars().count() > 2 || self.stands(text, start, end))
                    || self.unit(written, &inside).is_some()
                    || self.suffix(text, end, Some(scope.country)).is_some()
                    || self.stands(text, start, end));
            let bare = self.unit(written, &inside).is_none()
                && self.suffix(text, end, Some(scope.country)).is_none();
            let of_body = self.unit(written, &inside).is_none() && self.organisation(text, end);
            // 日本知名城市 names no 知名, and 尼日利亚与尼日尔 two countries.
            let other = bare
                && (self.gazetteer.common(written) == Some(Common::Word)
                    && !self.forms.is_trusted(written)
                    && !inside
                        .iter()
                        .any(|&(row, _)| self.gazetteer.row(row).population() >= TOWN)
                    || scope.glued
                        && senses.clone().any(|sense| matches!(sense, Sense::Country(..)))
                    || self.person(text, start, end));
            // A list that begins in one country goes on in others: 芝加哥、巴黎、伦敦.
            let most = |rows: &[(u32, NameKind)]| {
                rows.iter().map(|&(row, _)| self.gazetteer.row(row).population()).max().unwrap_or(0)
            };
            let elsewhere = !scope.named && scope.glued && most(&foreign) / 2 > most(&inside);
            if !inside.is_empty() && alone && !of_body && !other && !elsewhere {
                return self.foreign(text, start, end, &inside, Some(scope), article);
            }
        }
        for sense in senses.clone() {
            if let Sense::Country(code, _) = sense
                && !self.shorter_country(text, start, end, code)
                && (self.country_stands(text, start, end) || self.opens_country(text, found))
            {
                if code.is_chinese() && code != CountryCode::CN {
                    let row = self.gazetteer.by_id(&format!("cc:{code}"))?;
                    let place = self.gazetteer.place(row);
                    return Some(Found {
                        start,
                        end,
                        of: Of::Place(place),
                        row: Some(row),
                        sure: true,
                    });
                }
                return Some(Found { start, end, of: Of::Country(code), row: None, sure: true });
            }
        }
        // 板桥区 is of Taiwan as well, and there is nothing of Taiwan in an article on Tokyo.
        let told = foreign
            .iter()
            .copied()
            .filter(|&(row, _)| article.tells(self.gazetteer.row(row).country()))
            .collect::<Vec<_>>();
        if !told.is_empty()
            && last.is_none()
            && !senses.clone().any(|sense| self.may_be_chinese(sense, article))
            && let Some(found) = self.foreign_alone(text, start, end, &told, false, article)
        {
            return Some(found);
        }
        self.chinese(text, start, end, senses, direct, last, article).or_else(|| {
            (!foreign.is_empty())
                .then(|| {
                    // 米兰、都灵、里昂: others of its kind stand beside it.
                    let beside = direct.is_some_and(|scope| scope.glued);
                    self.foreign_alone(text, start, end, &foreign, beside, article)
                })
                .flatten()
        })
    }

    /// Whether a country's name stands right before a place of it, whatever words a dictionary
    /// sees there: 阿曼苏尔市, 日本海南市.
    pub(super) fn opens_country(&self, text: &str, found: Match) -> bool {
        let Some(code) = self.gazetteer.senses(found.name).find_map(|sense| match sense {
            Sense::Country(code, _) if !code.is_chinese() => Some(code),
            _ => None,
        }) else {
            return false;
        };
        if self.forms.is_no_country(&text[found.start..found.end]) {
            return false;
        }
        let rest = &text[found.end..];
        if self.forms.transliterated(rest, Some(code)).is_some() {
            return true;
        }
        self.lists_unit(rest, code)
    }

    /// Whether a text begins with a listed place of a country and its unit.
    fn lists_unit(&self, text: &str, code: CountryCode) -> bool {
        self.gazetteer.matches_at(text).is_some_and(|place| {
            let rows = self.rows(self.gazetteer.senses(place.name), |other| other == code);
            !rows.is_empty()
                && (self.unit(&text[..place.end], &rows).is_some()
                    || self.suffix(text, place.end, Some(code)).is_some())
        })
    }

    /// Whether a sense is a place of the mainland, or of another part of China that the article
    /// names.
    fn may_be_chinese(&self, sense: Sense, article: &Known) -> bool {
        let Sense::Place(row, _) = sense else { return true };
        let code = self.gazetteer.row(row).country();
        let named = |known: &u32| self.gazetteer.row(*known).country() == code;
        code.is_chinese() && (code == CountryCode::CN || article.chinese.iter().any(named))
    }

    /// Whether 国 belongs to the place behind a country: 日本国东市.
    fn shorter_country(&self, text: &str, start: usize, end: usize, code: CountryCode) -> bool {
        text[start..end].strip_suffix('国').is_some_and(|shorter| {
            let is_one = self
                .gazetteer
                .lookup(shorter)
                .any(|sense| matches!(sense, Sense::Country(other, _) if other == code));
            is_one && self.lists_unit(&text[start + shorter.len()..], code)
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
