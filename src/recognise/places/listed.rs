//! Names of the gazetteer, if what stands around them lets them be names.

use std::sync::Arc;

use super::{Finder, Found, Known, Scope, foreign::WELL_KNOWN, scope::parts_cells};
use crate::{
    gazetteer::{Common, Match, NameKind, Sense, Senses},
    place::{CountryCode, Level, Place, PlaceKey},
    recognise::{
        Of,
        forms::{Behind, Suffix, is_han},
    },
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

        let foreign = self.foreign_rows(written, senses.clone(), direct);
        if let Some(scope) = direct {
            let inside: Vec<(u32, NameKind)> = foreign
                .iter()
                .copied()
                .filter(|&(row, _)| self.gazetteer.row(row).country() == scope.country)
                .collect();
            // Right behind the name of its country: 德国科隆.
            let behind = scope.named && !scope.glued && scope.inside.is_none();
            let alone = written.chars().count() >= 2
                && (!scope.glued && (written.chars().count() > 2 || self.stands(text, start, end))
                    || self.unit(written, &inside).is_some()
                    || self.suffix(text, end, Some(scope.country)).is_some()
                    || self.stands(text, start, end)
                    || self.set_apart(text, start, end)
                    || behind && self.parted(text, end));
            let bare = self.unit(written, &inside).is_none()
                && self.suffix(text, end, Some(scope.country)).is_none();
            let of_body = self.unit(written, &inside).is_none()
                && self.organisation(text, end)
                && !(behind && self.forms.is_team(&text[end..]));
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
            let elsewhere = scope.glued
                && !text[..start].ends_with(parts_cells)
                && (self.is_rather_elsewhere(scope, &inside, &foreign)
                    || self.is_rather_chinese(scope, senses.clone()));
            if !inside.is_empty() && alone && !of_body && !other && !elsewhere {
                return self.foreign(text, start, end, &inside, Some(scope), article);
            }
            if let Some(town) = self.lesser_town(text, start, end, scope, &inside, &foreign) {
                return Some(town);
            }
        }
        for sense in senses.clone() {
            if let Sense::Country(code, _) = sense
                && !self.shorter_country(text, start, end, code)
                && !self.is_unit_of(written, &foreign, code)
                && (self.country_stands(text, start, end) || self.opens_country(text, found))
            {
                if code.is_chinese() && code != CountryCode::CN {
                    let row = self.gazetteer.by_id(&format!("cc:{code}"))?;
                    let place = self.place(row);
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
            && !self.is_famous_elsewhere(&told, &foreign, article)
            && !senses.clone().any(|sense| self.may_be_chinese(sense, article))
            && let Some(found) = self.foreign_alone(text, start, end, &told, false, article)
        {
            return Some(found);
        }
        self.chinese(text, start, end, senses, direct, last, article).or_else(|| {
            (!foreign.is_empty() && !self.is_township(text, start, end, last))
                .then(|| {
                    // 米兰、都灵、里昂: others of its kind stand beside it.
                    let beside = direct.is_some_and(|scope| scope.glued);
                    self.foreign_alone(text, start, end, &foreign, beside, article)
                })
                .flatten()
        })
    }

    /// A town of the unit before it, of which the list has only a namesake elsewhere.
    fn lesser_town(
        &self,
        text: &str,
        start: usize,
        end: usize,
        scope: Scope,
        inside: &[(u32, NameKind)],
        foreign: &[(u32, NameKind)],
    ) -> Option<Found> {
        let within = scope.inside.filter(|_| inside.is_empty() && !foreign.is_empty())?;
        self.forms.leads_to_town(&text[..start]).then_some(())?;
        let parent = Some(PlaceKey(self.gazetteer.row(within).id().into()));
        let (name, country) = (&text[start..end], Some(scope.country));
        let place = Arc::new(Place::unlisted(name, country, parent));
        Some(Found { start, end, of: Of::Place(place), row: None, sure: true })
    }

    /// Whether what follows a name is no part of it.
    fn parted(&self, text: &str, end: usize) -> bool {
        let next = text[end..].chars().next();
        next.is_none_or(|c| !is_han(c) || c == '则' || self.forms.is_stop(c))
            || self.forms.is_team(&text[end..])
    }

    /// Whether a name right behind a place of the mainland is that of a township there, which is
    /// no place: 德清县莫干山镇.
    fn is_township(&self, text: &str, start: usize, end: usize, last: Option<&Found>) -> bool {
        let within = last.filter(|last| last.end == start).and_then(|last| last.row);
        within.is_some_and(|row| self.gazetteer.row(row).country() == CountryCode::CN)
            && (self.forms.is_township(&text[start..end])
                || self.forms.begins_township(&text[end..]))
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
        self.lists_unit(rest, code)
            || self
                .forms
                .transliterated(rest, Some(code))
                .or_else(|| self.forms.written(rest, code, self.words, Behind::default()))
                .is_some_and(|form| rest[..form.stem].chars().count() >= 2)
    }

    /// Whether a name is the full one of a unit of the country that it also stands for: 塞族共和国.
    fn is_unit_of(&self, written: &str, rows: &[(u32, NameKind)], code: CountryCode) -> bool {
        let own: Vec<(u32, NameKind)> = rows
            .iter()
            .copied()
            .filter(|&(row, _)| self.gazetteer.row(row).country() == code)
            .collect();
        self.unit(written, &own).is_some()
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
        code.is_chinese() && (code == CountryCode::CN || article.chinese().iter().any(named))
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

    /// The places of other countries that a name may mean. 圣保罗市 is also the 圣保罗 that is
    /// a city, wherever no place of its country has the longer name; but 莫斯科市 is the one
    /// first-level unit of this name, and 帕克斯市 no smaller 帕克斯 of another country, unless
    /// that country is open.
    fn foreign_rows(
        &self,
        written: &str,
        senses: Senses<'_>,
        direct: Option<Scope>,
    ) -> Vec<(u32, NameKind)> {
        let mut rows = self.rows(senses, |code| !code.is_chinese());
        let (stem, suffix) = self.forms.stem(written);
        let Some(suffix) = suffix.filter(|_| stem.chars().count() >= 2) else { return rows };
        let full = rows.len();
        let largest = self.most(&rows);
        let level = |row: u32| self.gazetteer.row(row).level();
        let first_level = rows.iter().any(|&(row, _)| level(row) == Some(Level::Province));
        for (row, _) in self.rows(self.gazetteer.lookup(stem), |code| !code.is_chinese()) {
            let of = self.gazetteer.row(row);
            let known = rows[..full].iter().any(|&(row, _)| {
                let row = self.gazetteer.row(row);
                let same = [Some(Level::Province), Some(suffix.level)].contains(&row.level());
                row.country() == of.country() && (same || row.name() == written)
            });
            let open = direct.is_some_and(|scope| scope.country == of.country());
            let larger = !first_level && (full == 0 || of.population() > largest);
            if of.level() == Some(suffix.level) && !known && (open || larger) {
                rows.push((row, NameKind::Full));
            }
        }
        rows
    }

    /// How many people live in the largest of some places.
    pub(super) fn most(&self, rows: &[(u32, NameKind)]) -> u32 {
        rows.iter().map(|&(row, _)| self.gazetteer.row(row).population()).max().unwrap_or(0)
    }

    /// Whether a list that begins in one country goes on in another: 芝加哥、巴黎、伦敦. Where
    /// the country itself is named, only a small namesake yields to a very large city.
    fn is_rather_elsewhere(
        &self,
        scope: Scope,
        inside: &[(u32, NameKind)],
        all: &[(u32, NameKind)],
    ) -> bool {
        let (here, most) = (self.most(inside), self.most(all));
        let province =
            |&(row, _): &(u32, NameKind)| self.gazetteer.row(row).level() == Some(Level::Province);
        if scope.named {
            return !inside.iter().any(province) && here < TOWN && most >= 3 * WELL_KNOWN;
        }
        most / 2 > here
    }

    /// Whether a name in the list of a country is the full one of a Chinese unit, which no
    /// larger place of that country has: 美国西雅图市、三河市. In Japan and Korea namesakes are
    /// too many for that.
    fn is_rather_chinese(&self, scope: Scope, senses: Senses<'_>) -> bool {
        let mut chinese = false;
        for sense in senses {
            let Sense::Place(row, NameKind::Full) = sense else { continue };
            let row = self.gazetteer.row(row);
            let bears = row.population() >= TOWN || self.forms.writes_han(scope.country);
            if row.country() == scope.country && bears {
                return false;
            }
            chinese |= row.country() == CountryCode::CN;
        }
        chinese
    }

    /// Whether the places of the article's countries are small namesakes of a city elsewhere
    /// that needs no country to be known.
    fn is_famous_elsewhere(
        &self,
        told: &[(u32, NameKind)],
        all: &[(u32, NameKind)],
        article: &Known,
    ) -> bool {
        let named = told.iter().any(|&(row, _)| article.names(self.gazetteer.row(row).country()));
        let (here, most) = (self.most(told), self.most(all));
        if named {
            here < TOWN && most >= 3 * WELL_KNOWN
        } else {
            most >= WELL_KNOWN && most / 3 >= here
        }
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

    /// The place of a row, made once for all mentions of it.
    pub(super) fn place(&self, row: u32) -> Arc<Place> {
        let mut places = self.places.borrow_mut();
        places.entry(row).or_insert_with(|| self.gazetteer.place(row)).clone()
    }

    pub(super) fn found(&self, start: usize, end: usize, row: u32, sure: bool) -> Found {
        Found { start, end, of: Of::Place(self.place(row)), row: Some(row), sure }
    }
}
