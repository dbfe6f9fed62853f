//! Names of countries and places: the gazetteer's, and those that only their form and
//! the country before them give away.
//!
//! A passage is read from left to right. A country opens a scope; while only glue
//! (的, 首都, 、) has been read since, what follows is read as a place of that country.
//! The passages are read twice: names that the first reading found by good evidence
//! hold for the whole article in the second.

use std::{collections::HashMap, sync::Arc};

use super::{
    Of,
    forms::{Form, Forms, Suffix, is_han},
};
use crate::{
    gazetteer::{Common, Gazetteer, Match, NameKind, Sense},
    place::{CountryCode, Level, Place, PlaceKey},
    segment::Words,
};

/// A foreign town of this size may be named without its country.
const WELL_KNOWN: u32 = 300_000;
/// The same for names of three and more characters.
const KNOWN: u32 = 20_000;
/// How far a country reaches that was named without a place, in bytes.
const RECENT: usize = 90;
/// One of several namesakes is meant if it is so many times larger than the next.
const DOMINANT: u32 = 8;

/// A name found in a passage, in bytes of the passage.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) of: Of,
    /// The row of a listed place.
    row: Option<u32>,
    /// Whether it stands on evidence of its own: a unit, or an open scope.
    sure: bool,
}

/// What the first reading of an article leaves to the second.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The foreign countries named.
    countries: Vec<CountryCode>,
    /// The Chinese places named in full.
    chinese: Vec<u32>,
    /// Names that hold for the whole article, with what they name.
    names: HashMap<String, Held>,
    /// By their first character how many bytes the longest of them has.
    longest: HashMap<char, usize>,
}

/// What a name that holds for the whole article names, and the row of a listed place.
type Held = (Arc<Place>, Option<u32>);

impl Known {
    pub(super) fn learn(&mut self, text: &str, found: &[Found], finder: &Finder<'_>) {
        for found in found {
            match &found.of {
                Of::Country(code) if !code.is_chinese() && !self.countries.contains(code) => {
                    self.countries.push(*code);
                }
                Of::Place(place) if found.sure => {
                    let name = &text[found.start..found.end];
                    if place.country.is_some_and(CountryCode::is_chinese) {
                        if let Some(row) = found.row
                            && !self.chinese.contains(&row)
                        {
                            self.chinese.push(row);
                        }
                        continue;
                    }
                    let (stem, suffix) = finder.forms.stem(name);
                    self.hold(name, place, found.row);
                    let Some(suffix) = suffix else { continue };
                    if finder.may_stand_alone(stem, self) {
                        self.hold(stem, place, found.row);
                    }
                    // 釜山市 is 釜山广域市, and 中区 the ward that was named with its city.
                    if suffix.text.ends_with('市') {
                        self.hold(&format!("{stem}市"), place, found.row);
                    }
                    if let Some(ward) = finder.forms.ward(name) {
                        self.hold(ward, place, found.row);
                    }
                }
                _ => {}
            }
        }
    }

    fn hold(&mut self, name: &str, place: &Arc<Place>, row: Option<u32>) {
        let Some(first) = name.chars().next() else { return };
        if name.chars().count() >= 2 && !self.names.contains_key(name) {
            self.names.insert(name.to_owned(), (place.clone(), row));
            let longest = self.longest.entry(first).or_default();
            *longest = name.len().max(*longest);
        }
    }

    /// The longest name that holds and begins `text`.
    fn held<'t>(&self, text: &'t str) -> Option<(&'t str, &Held)> {
        let longest = *self.longest.get(&text.chars().next()?)?;
        (1..=longest.min(text.len()))
            .rev()
            .filter_map(|end| text.get(..end))
            .find_map(|name| Some((name, self.names.get(name)?)))
    }
}

/// How far the last country or foreign place reaches.
#[derive(Clone, Copy, Debug)]
struct Scope {
    country: CountryCode,
    /// Where the next name may begin: after the name and the glue behind it.
    at: usize,
    /// Whether glue was read since the last name.
    glued: bool,
    /// The last foreign place, if it is a listed one.
    inside: Option<u32>,
}

/// Finds the names of one passage.
#[derive(Debug)]
pub(super) struct Finder<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) forms: &'a Forms,
    pub(super) words: &'a Words,
}

impl Finder<'_> {
    /// The names of a passage, given what the rest of the article tells. A country that is
    /// `open` holds at the beginning of the passage and of every cell of a row.
    pub(super) fn run(
        &self,
        text: &str,
        matches: &[Match],
        article: &Known,
        open: Option<CountryCode>,
    ) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut scope: Option<Scope> = None;
        let mut begins = true;
        let mut next = 0;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if is_han(c) && begins {
                begins = false;
                if let Some(country) = open
                    && scope.is_none_or(|scope| scope.at != at)
                {
                    scope = Some(Scope { country, at, glued: true, inside: None });
                }
            }
            begins |= parts_cells(c);
            if self.forms.closes(c) {
                scope = None;
                at += c.len_utf8();
                continue;
            }
            while next < matches.len() && matches[next].start < at {
                next += 1;
            }
            let here = matches[next..].iter().take_while(|found| found.start == at);
            if let Some(len) = self.blocked(&text[at..]) {
                at += len;
                continue;
            }
            let direct = scope.filter(|scope| scope.at == at);
            // 首府 is no place called 首.
            if let (Some(open), Some(len)) = (scope.as_mut(), self.forms.glue(&text[at..]))
                && direct.is_some()
                && len > 3
            {
                at += len;
                open.at = at;
                open.glued = true;
                continue;
            }
            let last = found.last().filter(|last| last.end == at);
            let recent = found.iter().rev().take(2).find_map(|found| match found.of {
                Of::Country(code) if !code.is_chinese() && at - found.end <= RECENT => Some(code),
                _ => None,
            });
            if let Some(name) = self.name(text, at, here, direct, last, recent, article) {
                at = name.end;
                scope = match &name.of {
                    Of::Country(code) if !code.is_chinese() => {
                        Some(Scope { country: *code, at, glued: false, inside: None })
                    }
                    Of::Place(place) => place
                        .country
                        .filter(|code| !code.is_chinese())
                        .map(|country| Scope { country, at, glued: false, inside: name.row }),
                    _ => None,
                };
                if let Some(last) = found.last_mut()
                    && self.joins(last, &name, &text[name.start..name.end])
                {
                    *last = self.join(last, &name, text);
                    continue;
                }
                found.push(name);
                continue;
            }
            if let Some(scope) = scope.as_mut().filter(|scope| scope.at == at)
                && let Some(len) = self.glue(text, at)
            {
                begins |= text[at..at + len].ends_with(parts_cells);
                at += len;
                scope.at = at;
                scope.glued = true;
                continue;
            }
            at += c.len_utf8();
        }
        found
    }

    /// Glue, and an original in brackets: `布莱克城(Blacktown)、`.
    fn glue(&self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        if let Some(len) = self.forms.glue(rest) {
            return Some(len);
        }
        let open = rest.chars().next().filter(|c| matches!(c, '(' | '（'))?;
        let close = rest.char_indices().take(60).find(|(_, c)| matches!(c, ')' | '）'))?;
        let inside = &rest[open.len_utf8()..close.0];
        (!inside.contains(['。', ';', '；'])).then_some(close.0 + close.1.len_utf8())
    }

    /// A longer word that only contains names: 印度洋, 日本海.
    fn blocked(&self, rest: &str) -> Option<usize> {
        self.forms.blocked(rest)
    }

    /// The name that begins at `at`, if one does.
    #[expect(clippy::too_many_arguments, reason = "one decision on all the evidence there is")]
    fn name<'m>(
        &self,
        text: &str,
        at: usize,
        here: impl Iterator<Item = &'m Match>,
        direct: Option<Scope>,
        last: Option<&Found>,
        recent: Option<CountryCode>,
        article: &Known,
    ) -> Option<Found> {
        let rest = &text[at..];
        let form = direct.and_then(|scope| {
            let in_chain = !scope.glued && last.is_some();
            self.forms
                .transliterated(rest, Some(scope.country))
                .or_else(|| self.forms.written(rest, scope.country, self.words, in_chain))
        });
        let held = article.held(rest);
        let mut listed = None;
        for candidate in here {
            let found = self.listed(text, *candidate, direct, last, article);
            if found.is_some() {
                listed = found;
                break;
            }
        }
        if let Some((name, (place, row))) = held
            && listed.as_ref().is_none_or(|listed| {
                listed.end < at + name.len()
                    || listed.end == at + name.len() && !matches!(listed.of, Of::Country(_))
            })
            && form.is_none_or(|form| form.len <= name.len())
            && self.stands(text, at, at + name.len())
        {
            let mut end = at + name.len();
            if self.forms.stem(name).1.is_none()
                && let Some(suffix) = self.forms.suffix(&text[end..], place.country)
            {
                end += suffix.text.len();
            }
            return Some(Found {
                start: at,
                end,
                of: Of::Place(place.clone()),
                row: *row,
                sure: true,
            });
        }
        if let Some(listed) = listed {
            // Inside a transliteration run no shorter match stands (马克塔拉尔斯基县),
            // unless the list knows what follows as well.
            let longer = form.filter(|form| at + form.len > listed.end).filter(|form| {
                let rest = &text[listed.end..at + form.len];
                let own_unit =
                    listed.row.is_some_and(|_| self.forms.stem(&text[at..listed.end]).1.is_some());
                !own_unit
                    && !matches!(listed.of, Of::Country(_))
                    && self.gazetteer.lookup(rest).is_empty()
                    && self.gazetteer.lookup(self.forms.stem(rest).0).is_empty()
            });
            // In a list of one country a lesser place of another is a namesake (老街省、沙巴县).
            let longer = longer.or_else(|| {
                form.filter(|form| {
                    let elsewhere = listed.row.is_some_and(|row| {
                        let row = self.gazetteer.row(row);
                        direct.is_some_and(|scope| scope.country != row.country)
                            && !row.country.is_chinese()
                            && row.population < 3 * WELL_KNOWN
                    });
                    elsewhere && at + form.len >= listed.end
                })
            });
            return match (longer, direct) {
                (Some(form), Some(scope)) => Some(self.unlisted(text, at, form, Some(scope))),
                _ => Some(listed),
            };
        }
        if let Some(compound) = self.compound(text, at) {
            return Some(compound);
        }
        if let (Some(form), Some(scope)) = (form, direct) {
            return Some(self.unlisted(text, at, form, Some(scope)));
        }
        if let Some(scope) = direct.filter(|scope| !scope.glued || rest_of_list(text, at)) {
            let bare = self.forms.bare(rest).filter(|len| {
                let name = &rest[..*len];
                name.chars().count() >= 2
                    && self.words.tags_of(name).all(|(word, tag)| {
                        word.chars().count() == 1 || matches!(tag, "ns" | "nr" | "nrt" | "nz" | "x")
                    })
            });
            if let Some(len) = bare {
                let form = Form { len, stem: len, level: Level::City, translit: true };
                return Some(self.unlisted(text, at, form, Some(scope)));
            }
        }
        self.scopeless(text, at, recent, article)
    }

    /// A name of the gazetteer, if what stands around it lets it be one.
    fn listed(
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

        let foreign: Vec<(u32, NameKind)> = self.rows(senses, |code| !code.is_chinese());
        if let Some(scope) = direct {
            let inside: Vec<(u32, NameKind)> = foreign
                .iter()
                .copied()
                .filter(|&(row, _)| self.gazetteer.row(row).country == scope.country)
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
        for sense in senses {
            if let Sense::Country(code, _) = *sense
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

    fn rows(&self, senses: &[Sense], wanted: impl Fn(CountryCode) -> bool) -> Vec<(u32, NameKind)> {
        senses
            .iter()
            .filter_map(|sense| match *sense {
                Sense::Place(row, kind) if wanted(self.gazetteer.row(row).country) => {
                    Some((row, kind))
                }
                _ => None,
            })
            .collect()
    }

    /// A place of China, Hong Kong, Macao or Taiwan.
    #[expect(clippy::too_many_arguments, reason = "one decision on all the evidence there is")]
    fn chinese(
        &self,
        text: &str,
        start: usize,
        end: usize,
        senses: &[Sense],
        direct: Option<Scope>,
        last: Option<&Found>,
        article: &Known,
    ) -> Option<Found> {
        let rows = self.rows(senses, CountryCode::is_chinese);
        if rows.is_empty() {
            return None;
        }
        let written = &text[start..end];
        let chars = written.chars().count();
        let (stem, suffix) = self.forms.stem(written);
        let has_unit = suffix.is_some() || written.ends_with(['旗', '盟']) && chars > 2;
        let parent = last
            .filter(|last| last.end == start)
            .and_then(|last| last.row)
            .filter(|&row| self.gazetteer.row(row).country.is_chinese());
        let in_chain = parent.is_some_and(|parent| {
            rows.iter().any(|&(row, _)| self.gazetteer.is_within(row, parent))
        });
        let known = |row: u32| article.chinese.contains(&row);
        // Right behind a foreign name it is a namesake of that country (万象省万荣县).
        let inside_foreign = direct.is_some_and(|scope| !scope.glued);
        let accepted = if inside_foreign && !rows.iter().any(|&(row, _)| known(row)) {
            false
        } else if in_chain {
            has_unit || self.words.bounded(text, start, end)
        } else if has_unit && chars >= 3 {
            // 结为友好区县 names no 友好区.
            let listed_units = text[end..].starts_with(['县', '市', '区', '州'])
                && self.gazetteer.common(stem) == Some(Common::Word);
            !listed_units && !self.forms.is_generic(stem) && !self.forms.is_vague(stem)
        } else if has_unit {
            self.between_marks(text, start, end)
                || self.gazetteer.common(written) != Some(Common::Word) && last.is_some()
                || self.gazetteer.common(written) != Some(Common::Word)
                    && self.words.bounded(text, start, end)
                    && text[..start].chars().next_back().is_none_or(|c| !self.forms.is_stem(c))
        } else {
            !inside_foreign
                && self.words.bounded(text, start, end)
                && !self.organisation(text, end)
                && rows.iter().any(|&(row, kind)| {
                    known(row)
                        || kind != NameKind::Former
                            && match self.gazetteer.row(row).level {
                                Some(Level::Province) => true,
                                Some(Level::Prefecture) => {
                                    !matches!(self.gazetteer.common(written), Some(Common::Word))
                                        || self.tagged_place(written)
                                }
                                // 昆山, 义乌; the short name of a county proves too little.
                                Some(_) => {
                                    let near = self.gazetteer.by_id(self.gazetteer.row(row).parent);
                                    self.gazetteer.common(written) != Some(Common::Word)
                                        && (near.is_some_and(known)
                                            && !self.gazetteer.row(row).name.ends_with('区')
                                            || self.gazetteer.row(row).name.ends_with('市')
                                                && self.gazetteer.common(written).is_none()
                                                && self.tagged_place(written))
                                }
                                None => false,
                            }
                })
        };
        if !accepted {
            return None;
        }
        let best = self.best_chinese(&rows, parent, article);
        let sure = has_unit;
        Some(match best {
            Ok(row) => {
                Found { start, end, of: Of::Place(self.gazetteer.place(row)), row: Some(row), sure }
            }
            Err(rows) => Found {
                start,
                end,
                of: Of::Ambiguous(rows.iter().map(|&row| self.gazetteer.place(row)).collect()),
                row: None,
                sure: false,
            },
        })
    }

    /// Which of several Chinese namesakes is meant; all of them if nothing tells.
    fn best_chinese(
        &self,
        rows: &[(u32, NameKind)],
        parent: Option<u32>,
        article: &Known,
    ) -> Result<u32, Vec<u32>> {
        let score = |row: u32, kind: NameKind| {
            let row_of = self.gazetteer.row(row);
            let inside = parent.is_some_and(|parent| self.gazetteer.is_within(row, parent));
            let near = article.chinese.iter().filter(|&&known| {
                known == row
                    || self.gazetteer.is_within(row, known)
                    || self.gazetteer.is_within(known, row)
            });
            // The unit of today before the one of former times, the higher one before the
            // lower one of the same name.
            (inside, near.count(), kind != NameKind::Former, std::cmp::Reverse(row_of.level))
        };
        let best = rows.iter().map(|&(row, kind)| score(row, kind)).max();
        let mut meant: Vec<u32> = rows
            .iter()
            .filter(|&&(row, kind)| Some(score(row, kind)) == best)
            .map(|&(row, _)| row)
            .collect();
        meant.dedup();
        match meant[..] {
            [row] => Ok(row),
            _ => Err(meant),
        }
    }

    /// A foreign place of the open scope.
    fn foreign(
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
    fn foreign_alone(
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
            let first = self.gazetteer.row(rows[0].0).country;
            rows.iter().all(|&(row, _)| self.gazetteer.row(row).country == first).then_some(first)
        };
        if unit.is_none()
            && let Some(suffix) = self.suffix(text, end, one_country(rows))
        {
            end += suffix.text.len();
            unit = Some(suffix);
        }
        let population =
            rows.iter().map(|&(row, _)| self.gazetteer.row(row).population).max().unwrap_or(0);
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
                .any(|&(row, _)| article.countries.contains(&self.gazetteer.row(row).country));
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
            .filter(|&(row, _)| article.countries.contains(&self.gazetteer.row(row).country))
            .collect();
        if !near.is_empty() && one_country(&near).is_some() {
            let row = self.best_foreign(&near, level, None, article)?;
            return Some(self.found(start, end, row, false));
        }
        let pool = if near.is_empty() { rows } else { &near[..] };
        let best = self.best_foreign(pool, level, None, article)?;
        let (size, country) =
            (self.gazetteer.row(best).population, self.gazetteer.row(best).country);
        let rival = pool
            .iter()
            .map(|&(row, _)| self.gazetteer.row(row))
            .filter(|row| row.country != country)
            .map(|row| row.population)
            .max()
            .unwrap_or(0);
        if size > 0 && size / DOMINANT >= rival {
            return Some(self.found(start, end, best, false));
        }
        let places = pool.iter().map(|&(row, _)| self.gazetteer.place(row)).collect();
        Some(Found { start, end, of: Of::Ambiguous(places), row: None, sure: false })
    }

    /// The unit that a full name ends with; 南邦 ends with none.
    fn unit(&self, name: &str, rows: &[(u32, NameKind)]) -> Option<&Suffix> {
        let full = rows.iter().any(|&(_, kind)| kind == NameKind::Full || kind == NameKind::News);
        let (stem, suffix) = self.forms.stem(name);
        suffix.filter(|_| full && (stem.chars().count() > 1 || name.chars().count() > 2))
    }

    /// The unit suffix behind a name; 地区 is no 区.
    fn suffix(&self, text: &str, end: usize, country: Option<CountryCode>) -> Option<&Suffix> {
        let suffix = self.forms.suffix(&text[end..], country)?;
        (suffix.text != "区" || !text[..end].ends_with('地')).then_some(suffix)
    }

    fn found(&self, start: usize, end: usize, row: u32, sure: bool) -> Found {
        Found { start, end, of: Of::Place(self.gazetteer.place(row)), row: Some(row), sure }
    }

    /// Which of several namesakes of one country is meant: the one of the unit written,
    /// inside the unit named before it, and the largest.
    fn best_foreign(
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
                let fit = match (unit, of.level) {
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
                let named = article.countries.contains(&of.country);
                let curated = kind == NameKind::News;
                ((chained, curated, named, fit, of.population), std::cmp::Reverse(row))
            })
            .max()
            .map(|(_, std::cmp::Reverse(row))| row)
    }

    /// A name that only its form gives away.
    fn unlisted(&self, text: &str, at: usize, form: Form, scope: Option<Scope>) -> Found {
        let name = &text[at..at + form.len];
        let country = scope.map(|scope| scope.country);
        let parent = scope
            .filter(|scope| !scope.glued)
            .and_then(|scope| scope.inside)
            .map(|row| PlaceKey(self.gazetteer.row(row).id.into()));
        Found {
            start: at,
            end: at + form.len,
            of: Of::Place(Arc::new(Place::unlisted(name, country, form.level, parent))),
            row: None,
            sure: true,
        }
    }

    /// A transliteration with a unit suffix where no country is open.
    fn scopeless(
        &self,
        text: &str,
        at: usize,
        recent: Option<CountryCode>,
        article: &Known,
    ) -> Option<Found> {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| self.forms.transliterates(c) && c != '叫') {
            return None;
        }
        let form = self.forms.transliterated(&text[at..], None)?;
        let stem = &text[at..at + form.stem];
        let likely = stem.chars().count() >= 3
            && stem.chars().all(|c| c == '·' || self.gazetteer.transliterates(c) >= 20)
            && self.words.tags_of(stem).all(|(word, tag)| {
                word.chars().count() == 1 || matches!(tag, "ns" | "nr" | "nrt" | "nz" | "x")
            });
        // It is in the country that was just named, or in the only one of the article.
        let country = match article.countries[..] {
            [country] => Some(country),
            _ => recent,
        };
        let scope = country.map(|country| Scope { country, at, glued: true, inside: None });
        likely.then(|| Found { sure: scope.is_some(), ..self.unlisted(text, at, form, scope) })
    }

    /// A country inside a compound: 中韩, 日方.
    fn compound(&self, text: &str, at: usize) -> Option<Found> {
        let Some((len, first, second)) = self.forms.compound(&text[at..]) else {
            return self.compound_end(text, at);
        };
        if !self.words.bounded(text, at, at + len) {
            return None;
        }
        let code = if first == CountryCode::CN { second.unwrap_or(first) } else { first };
        // Both countries of 日韩 are named; the first mention carries the first, a second
        // the other.
        let first_char = text[at..].chars().next().map_or(0, char::len_utf8);
        let of = Of::Country(code);
        let (start, end) = match second {
            Some(_) if first != CountryCode::CN => (at, at + first_char),
            _ => (at, at + len),
        };
        Some(Found { start, end, of, row: None, sure: false })
    }

    /// The second country of a compound of two: the 韩 of 日韩.
    fn compound_end(&self, text: &str, at: usize) -> Option<Found> {
        let before = text[..at].chars().next_back()?.len_utf8();
        let (len, first, second) = self.forms.compound(&text[at - before..])?;
        let code = second.filter(|_| first != CountryCode::CN)?;
        let end = at - before + len;
        let whole = self.words.bounded(text, at - before, end);
        (whole && end > at).then_some(Found {
            start: at,
            end,
            of: Of::Country(code),
            row: None,
            sure: false,
        })
    }

    /// Whether a country's name is not a part of another word.
    fn country_stands(&self, text: &str, start: usize, end: usize) -> bool {
        let name = &text[start..end];
        if self.forms.is_no_country(name) {
            return false;
        }
        let next = text[end..].chars().next();
        let previous = text[..start].chars().next_back();
        let doubtful = if name.ends_with('国') {
            next.is_some_and(|c| "际家内防务会庆旗民籍企有产资".contains(c))
        } else if name.chars().count() <= 2 {
            true
        } else {
            next.is_some_and(|c| self.forms.transliterates(c))
                || previous.is_some_and(|c| self.forms.transliterates(c))
        };
        !doubtful || self.words.bounded(text, start, end) || {
            // jieba glues 斯坦 to what follows; a name that the gazetteer knows there proves
            // the boundary as well.
            name.chars().count() >= 4
        }
    }

    /// Whether a name is not a part of a longer one or of another word.
    fn stands(&self, text: &str, start: usize, end: usize) -> bool {
        let crosses = |c: Option<char>| c.is_some_and(|c| self.forms.transliterates(c));
        let long = text[start..end].chars().count() >= 4;
        let next = text[end..].chars().next();
        let previous = text[..start].chars().next_back();
        let free = !crosses(next) && !crosses(previous);
        (long && free) || self.words.bounded(text, start, end)
    }

    /// Whether a name begins a clause and a word that joins parties follows: `,冠县与`.
    fn between_marks(&self, text: &str, start: usize, end: usize) -> bool {
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        before.is_none_or(|c| !is_han(c))
            && after.is_none_or(|c| !is_han(c) || matches!(c, '与' | '和' | '同' | '则' | '也'))
    }

    /// Whether jieba takes the whole string for one place name.
    fn tagged_place(&self, name: &str) -> bool {
        let mut tags = self.words.tags_of(name);
        matches!((tags.next(), tags.next()), (Some((_, "ns")), None))
    }

    /// Whether the stem of a name names it well enough alone.
    fn may_stand_alone(&self, stem: &str, article: &Known) -> bool {
        let chars = stem.chars().count();
        let namesakes = self.rows(self.gazetteer.lookup(stem), CountryCode::is_chinese);
        let lesser = namesakes.iter().all(|&(row, _)| {
            self.gazetteer.row(row).level == Some(Level::County) && !article.chinese.contains(&row)
        });
        chars >= 2 && self.gazetteer.common(stem) != Some(Common::Word) && lesser
    }

    /// Whether a short name only begins the name of a body: 山东农业大学.
    fn organisation(&self, text: &str, end: usize) -> bool {
        let tail = &text[end..];
        let to = tail.char_indices().take(9).find(|&(_, c)| !is_han(c)).map(|(at, _)| at);
        let to = to.or_else(|| tail.char_indices().nth(9).map(|(at, _)| at));
        self.forms.organisation(&tail[..to.unwrap_or(tail.len())])
    }

    /// Whether a name is the ward of the city before it (仁川广域市 + 中区).
    fn joins(&self, last: &Found, name: &Found, written: &str) -> bool {
        let stem = self.forms.stem(written).0;
        last.end == name.start
            && self.forms.is_generic(stem)
            && matches!(&last.of, Of::Place(place) if place.country.is_some_and(|c| !c.is_chinese()))
            && matches!(&name.of, Of::Place(_))
    }

    fn join(&self, last: &Found, name: &Found, text: &str) -> Found {
        let whole = &text[last.start..name.end];
        let (country, parent) = match &last.of {
            Of::Place(place) => (place.country, Some(place.key.clone())),
            _ => (None, None),
        };
        let place = match &name.of {
            Of::Place(place) if name.row.is_some() => place.clone(),
            _ => Arc::new(Place::unlisted(whole, country, Level::District, parent)),
        };
        Found { start: last.start, end: name.end, of: Of::Place(place), row: name.row, sure: true }
    }
}

/// Makes one place of a city that an article names with and without its unit: 釜山,
/// 釜山市 and 釜山广域市 are one, whatever rows of the gazetteer they matched.
pub(super) fn unify(found: &mut [(&str, Vec<Found>)], forms: &Forms) {
    let city = |name: &str| {
        let (stem, suffix) = forms.stem(name);
        match suffix {
            Some(suffix) if suffix.text.ends_with('市') && stem.chars().count() > 1 => {
                Some(stem.len())
            }
            Some(_) => None,
            None => Some(name.len()),
        }
    };
    // By stem and country: the place, its row, and how long its surest name is.
    let mut cities: HashMap<(String, Option<CountryCode>), (Held, usize)> = HashMap::new();
    for (text, names) in found.iter() {
        for name in names {
            let Of::Place(place) = &name.of else { continue };
            let written = &text[name.start..name.end];
            if place.country.is_some_and(CountryCode::is_chinese) {
                continue;
            }
            let Some(len) = city(written) else { continue };
            let length = if name.sure { written.len() } else { 0 };
            let known = cities
                .entry((written[..len].to_owned(), place.country))
                .or_insert_with(|| ((place.clone(), name.row), length));
            if length > known.1 {
                *known = ((place.clone(), name.row), length);
            }
        }
    }
    for (text, names) in found.iter_mut() {
        for name in names {
            let Of::Place(place) = &name.of else { continue };
            let written = &text[name.start..name.end];
            let Some(len) = city(written) else { continue };
            if let Some(((known, row), _)) = cities.get(&(written[..len].to_owned(), place.country))
                && known.key != place.key
            {
                name.row = *row;
                name.of = Of::Place(known.clone());
            }
        }
    }
}

/// Whether a character ends a cell of a row.
fn parts_cells(c: char) -> bool {
    matches!(c, '\t' | '|' | '｜' | ' ')
}

/// Whether the last separator before `at` continues a list, or a cell begins there.
fn rest_of_list(text: &str, at: usize) -> bool {
    at == 0
        || text[..at].ends_with(['、', '和', '与', '及', '都', '府', '的', ')', '）', '\t', '|'])
}
