//! Names of countries and places: the gazetteer's, and those that only their form and
//! the country before them give away.
//!
//! A passage is read from left to right. A country opens a scope; while only glue
//! (的, 首都, 、) has been read since, what follows is read as a place of that country.
//! The passages are read twice: names that the first reading found by good evidence
//! hold for the whole article in the second.

mod chinese;
mod compound;
mod foreign;
mod known;
mod listed;
mod person;
mod scope;
mod stands;
mod town;
mod unify;
mod unlisted;

use std::{cell::RefCell, sync::Arc};

use rustc_hash::FxHashMap;

use self::{
    foreign::WELL_KNOWN,
    listed::TOWN,
    scope::{Scope, parts_cells, rest_of_list},
};
pub(super) use self::{
    known::{Asked, Known},
    unify::unify,
};
use super::{
    Of,
    forms::{Behind, Form, Forms, Suffix, is_han},
};
use crate::{
    gazetteer::{Gazetteer, Match, NameKind},
    place::{CountryCode, Level, Place},
    segment::Clauses,
};

/// How far a country reaches that was named without a place, in bytes.
const RECENT: usize = 90;

#[derive(Clone, Debug)]
pub(in crate::recognise) struct Found {
    pub(in crate::recognise) start: usize,
    pub(in crate::recognise) end: usize,
    pub(in crate::recognise) of: Of,
    /// The row of a listed place.
    row: Option<u32>,
    /// Whether it stands on evidence of its own: a unit, or an open scope.
    sure: bool,
}

/// Finds the names of an article, passage by passage.
#[derive(Debug)]
pub(in crate::recognise) struct Finder<'a> {
    pub(in crate::recognise) gazetteer: &'a Gazetteer,
    pub(in crate::recognise) forms: &'a Forms,
    pub(in crate::recognise) words: &'a Clauses<'a>,
    /// The places of the article so far, by their rows.
    places: RefCell<FxHashMap<u32, Arc<Place>>>,
}

impl<'a> Finder<'a> {
    /// What finds the names of one article.
    pub(in crate::recognise) fn new(
        gazetteer: &'a Gazetteer,
        forms: &'a Forms,
        words: &'a Clauses<'a>,
    ) -> Self {
        Self { gazetteer, forms, words, places: RefCell::default() }
    }

    /// The names of a passage, given what the rest of the article tells. A country that is
    /// `open` holds at the beginning of the passage and of every cell of a row.
    pub(in crate::recognise) fn run(
        &self,
        text: &str,
        matches: &[Match],
        article: &Known,
        open: Option<CountryCode>,
    ) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut scope: Option<Scope> = None;
        let mut begins = true;
        let told = self.told_behind(text, matches);
        // What begins like a dot is rare.
        let dots = memchr::memchr(0xC2, text.as_bytes()).is_some() && text.contains('·');
        let mut next = 0;
        let mut at = 0;
        loop {
            while next < matches.len() && matches[next].start < at {
                next += 1;
            }
            // Most characters begin nothing, and end nothing that was not left behind.
            if open.is_none() && told.is_empty() && scope.is_none_or(|scope| scope.at != at) {
                let until = matches.get(next).map_or(text.len(), |found| found.start);
                at = self.forms.pass_over(text, at, until, article.firsts(), dots);
            }
            let Some(c) = text[at..].chars().next() else { break };
            if is_han(c) && begins {
                begins = false;
                if let Some(country) = open
                    && scope.is_none_or(|scope| scope.at != at)
                {
                    scope = Some(Scope { country, at, named: true, glued: true, inside: None });
                }
            }
            begins |= parts_cells(c);
            if self.forms.closes(c) {
                scope = None;
                at += c.len_utf8();
                continue;
            }
            if c == '第'
                && let Some(last) = found.last_mut()
                && let Some(ward) = self.numbered_ward(last, text, at)
            {
                at = ward.end;
                scope = None;
                *last = ward;
                continue;
            }
            let here = &matches[next..];
            let here = &here[..here.iter().take_while(|found| found.start == at).count()];
            if let Some(len) = self.forms.blocked(&text[at..])
                && here.first().is_none_or(|longest| longest.end <= at + len)
                && !self.forms.suffix(&text[at + len..], None).is_some_and(Suffix::bears)
                && !here.iter().any(|found| self.opens_country(text, *found))
            {
                at += len;
                continue;
            }
            if let Some(town) = self.town(text, at, scope, found.last(), article) {
                at = town.end;
                scope = None;
                found.push(town);
                continue;
            }
            if here.is_empty()
                && !self.forms.may_start(c)
                && !article.may_start(c)
                && scope.is_none_or(|scope| scope.at != at)
                && !told.iter().any(|(range, _)| range.contains(&at))
            {
                at += c.len_utf8();
                continue;
            }
            if dots && let Some(len) = self.dotted(text, at, here, article) {
                at += len;
                continue;
            }
            let direct =
                scope.filter(|scope| scope.at == at).or_else(|| self.reach_of(text, at, &told));
            // 首府 is no place called 首.
            if direct.is_some()
                && let (Some(open), Some(len)) = (scope.as_mut(), self.forms.glue(&text[at..]))
                && len > 3
            {
                at += len;
                open.at = at;
                open.glued = true;
                continue;
            }
            let last = found.last().filter(|last| matches!(&text[last.end..at], "" | "的"));
            let recent = found.iter().rev().take(2).find_map(|found| match found.of {
                Of::Country(code) if !code.is_chinese() && at - found.end <= RECENT => Some(code),
                _ => None,
            });
            if let Some(name) = self.name(text, at, here, direct, last, recent, article) {
                at = name.end;
                scope = match &name.of {
                    Of::Country(code) if !code.is_chinese() => {
                        Some(Scope { country: *code, at, named: true, glued: false, inside: None })
                    }
                    Of::Place(place) => {
                        place.country.filter(|code| !code.is_chinese()).map(|country| {
                            let named = scope.is_some_and(|scope| {
                                scope.named && scope.country == country && scope.at == name.start
                            });
                            Scope { country, at, named, glued: false, inside: name.row }
                        })
                    }
                    _ => None,
                };
                if let Some(last) = found.last_mut()
                    && self.joins(last, &name, &text[name.start..name.end])
                {
                    *last = self.join(last, &name, text);
                    continue;
                }
                if let Some(city) = self.city_of_ward(&name, &text[name.start..name.end]) {
                    let start = city.end;
                    found.push(city);
                    found.push(Found { start, ..name });
                    continue;
                }
                found.push(name);
                // 鄂尔浑省长: what begins behind the head of a unit is no place of it.
                if text[at..].starts_with('长') && self.forms.stem(&text[..at]).1.is_some() {
                    scope = None;
                }
                continue;
            }
            if let Some(scope) = scope.as_mut().filter(|scope| scope.at == at)
                && let Some(len) = self.glue(text, at, &matches[next..])
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

    /// The name that begins at `at`, if one does.
    #[expect(clippy::too_many_arguments, reason = "one decision on all the evidence there is")]
    fn name(
        &self,
        text: &str,
        at: usize,
        here: &[Match],
        direct: Option<Scope>,
        last: Option<&Found>,
        recent: Option<CountryCode>,
        article: &Known,
    ) -> Option<Found> {
        let rest = &text[at..];
        let form = direct.and_then(|scope| {
            let in_chain = !scope.glued && last.is_some_and(|last| last.end == at);
            let behind = Behind {
                chain: in_chain,
                unit: in_chain && scope.inside.is_some(),
                country: !scope.glued && last.is_some_and(|last| matches!(last.of, Of::Country(_))),
            };
            self.forms
                .transliterated(rest, Some(scope.country))
                .or_else(|| self.forms.written(rest, scope.country, self.words, behind))
        });
        let held = article.held(rest);
        let mut listed = None;
        for candidate in here {
            let Some(found) = self.listed(text, *candidate, direct, last, article) else {
                continue;
            };
            // A shorter name of the open country is better than a longer one of another: the
            // 麦地那 of 沙特麦地那市 than 麦地那市 in America.
            let abroad = |found: &Found| match &found.of {
                Of::Place(place) => direct.is_some_and(|scope| {
                    scope.named && !scope.glued && place.country != Some(scope.country)
                }),
                _ => false,
            };
            match &listed {
                None if abroad(&found) => listed = Some(found),
                None => {
                    listed = Some(found);
                    break;
                }
                Some(longer) => {
                    if !abroad(&found) && found.end >= longer.end && found.row.is_some() {
                        listed = Some(found);
                        break;
                    }
                }
            }
        }
        if let Some((name, (place, row))) = held
            && !self.told_otherwise(text, at, name, place, listed.as_ref(), direct, last)
            && listed.as_ref().is_none_or(|listed| {
                listed.end < at + name.len()
                    || listed.end == at + name.len() && !matches!(listed.of, Of::Country(_))
            })
            && form.is_none_or(|form| form.len <= name.len())
            && (self.whole(text, at, name) || self.stands(text, at, at + name.len()))
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
                // A country's name that only begins the name of a place: within that country
                // (列巴普州土库曼纳巴特市), or with too little behind it (加拿大湾市).
                let covers = match listed.of {
                    Of::Country(code) => direct.is_some_and(|scope| {
                        let short = self.forms.stem(rest).0.chars().count() < 2;
                        !scope.glued && (code == scope.country || short)
                    }),
                    _ => true,
                };
                // 塞纳 before 马恩省 is no place of its own: the lesser unit comes last.
                let lesser = form.level == Level::Province
                    && listed
                        .row
                        .is_some_and(|row| self.gazetteer.row(row).level() == Some(Level::City));
                !own_unit
                    && covers
                    && (lesser
                        || self.gazetteer.lookup(rest).is_empty()
                            && self.gazetteer.lookup(self.forms.stem(rest).0).is_empty())
            });
            // In a list of one country a lesser place of another is a namesake (老街省、沙巴县).
            let longer = longer.or_else(|| {
                form.filter(|form| {
                    // 密苏里州圣约瑟夫市: right behind a unit it lies there.
                    let undecided = matches!(listed.of, Of::Ambiguous(_))
                        && direct.is_some_and(|scope| !scope.glued);
                    let elsewhere = undecided
                        || listed.row.is_some_and(|row| {
                            let row = self.gazetteer.row(row);
                            // Only a country that is named is stronger than the list.
                            direct.is_some_and(|scope| {
                                let known = |code| article.names(code);
                                let named = scope.named
                                    || known(scope.country)
                                        && !known(row.country())
                                        && row.population() < TOWN;
                                named
                                    && scope.country != row.country()
                                    && (!scope.glued || row.population() < 3 * WELL_KNOWN)
                            }) && !row.country().is_chinese()
                        });
                    elsewhere && at + form.len >= listed.end
                })
            });
            // Right behind a country that is named it lies there, though the list knows only a
            // lesser namesake elsewhere: 荷兰韦斯特兰.
            let longer = longer.or_else(|| {
                let row = self.gazetteer.row(listed.row?);
                let len = listed.end - at;
                let namesake = direct.is_some_and(|scope| {
                    scope.named && !scope.glued && scope.country != row.country()
                }) && !row.country().is_chinese()
                    && row.population() < WELL_KNOWN
                    && text[at..at + len].chars().count() >= 3;
                namesake.then_some(Form { len, stem: len, level: Level::City, translit: true })
            });
            return match (longer, direct) {
                (Some(form), Some(scope)) => Some(self.unlisted(text, at, form, Some(scope))),
                _ => Some(listed),
            };
        }
        if let Some(compound) = self.compound(text, at) {
            return Some(compound);
        }
        let form = form.filter(|form| {
            // An office behind an unlisted name makes it a person, unless the country stands
            // right before it: 俄罗斯来宾伊万诺夫区长.
            let near = direct.is_some_and(|scope| scope.named && !scope.glued) && form.translit;
            near || !text[at + form.len..].starts_with('长')
        });
        // 水原市牵手扬州: a Chinese place at the end is no part of a foreign name.
        let form = form.filter(|form| form.translit || !self.ends_with_chinese(text, at, *form));
        if let (Some(form), Some(scope)) = (form, direct) {
            return Some(self.unlisted(text, at, form, Some(scope)));
        }
        let goes_on = || rest_of_list(text, at) || self.forms.is_apposed(&text[..at]);
        if let Some(scope) = direct.filter(|scope| !scope.glued || goes_on()) {
            let bare = self.forms.bare(rest).filter(|len| {
                let name = &rest[..*len];
                let clause =
                    &rest[..rest.find(['，', '。', '；', ',', ';', '\n']).unwrap_or(rest.len())];
                let listed = scope.glued && !self.gazetteer.lookup(name).is_empty();
                name.chars().count() >= 2
                    && !listed
                    && !self.forms.is_of_bodies(clause)
                    && self.words.tags_of(name).all(|(word, tag)| {
                        word.chars().count() == 1 || matches!(tag, "ns" | "nr" | "nrt" | "nz" | "x")
                    })
            });
            if let Some(len) = bare {
                let form = Form { len, stem: len, level: Level::City, translit: true };
                return Some(self.unlisted(text, at, form, Some(scope)));
            }
        }
        self.scopeless(text, at, recent, article).or_else(|| self.beside(text, at, article))
    }

    /// Whether a word of what looks like a name is a Chinese place at its end; 广和县 is not 和县.
    fn ends_with_chinese(&self, text: &str, at: usize, form: Form) -> bool {
        let end = at + form.len;
        text[at..end].char_indices().skip(1).map(|(inner, _)| at + inner).any(|start| {
            let tail = &text[start..end];
            let chars = tail.chars().count();
            chars >= 2
                && self
                    .rows(self.gazetteer.lookup(tail), |code| code == CountryCode::CN)
                    .iter()
                    .any(|&(_, kind)| chars > 2 || kind == NameKind::Short)
                && self.words.bounded(text, start, end)
        })
    }

    /// Whether what stands right before a name speaks against what it names elsewhere in the
    /// article: 韩国丽水市与浙江省丽水市.
    #[expect(clippy::too_many_arguments, reason = "one decision on all the evidence there is")]
    fn told_otherwise(
        &self,
        text: &str,
        at: usize,
        name: &str,
        held: &Place,
        listed: Option<&Found>,
        direct: Option<Scope>,
        last: Option<&Found>,
    ) -> bool {
        // 清迈市 is not the 清迈府 that was named before.
        if self.forms.stem(name).1.is_none()
            && let Some(unit) = self.forms.suffix(&text[at + name.len()..], held.country)
            && unit.level != held.level
            && listed.is_some_and(|listed| listed.end > at + name.len())
        {
            return true;
        }
        // 美国罗马市 is not the 罗马 of the sentence before.
        if let Some(scope) = direct.filter(|scope| scope.named && !scope.glued)
            && held.country != Some(scope.country)
        {
            return true;
        }
        let Some(Found { of: Of::Place(place), row: Some(row), .. }) = listed else { return false };
        if place.country == held.country {
            // One of two namesakes, each behind its own unit.
            return place.key != held.key
                && direct.is_some_and(|scope| {
                    !scope.glued
                        && scope.inside.is_some_and(|inside| self.gazetteer.is_within(*row, inside))
                });
        }
        let parent = last.and_then(|last| last.row);
        parent.is_some_and(|parent| self.gazetteer.is_within(*row, parent))
            || direct.is_some_and(|scope| place.country == Some(scope.country))
    }
}
