//! [`Forms`]: what names look like that no list holds, from `rules/place.toml`.

mod data;
mod shape;
mod suffix;
mod towns;

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use self::data::{File, LevelName};
pub(super) use self::{
    shape::{Behind, Form},
    suffix::Suffix,
    towns::{Town, Towns},
};
use crate::{
    chars::{self, CharSet},
    gazetteer::{Gazetteer, Sense},
    place::{CountryCode, Level},
    prefixes::Prefixes,
    rule::DataError,
};

/// A character belongs to transliterations from this count on.
const MIN_COUNT: u32 = 5;

/// The compiled forms.
#[derive(Debug)]
pub(super) struct Forms {
    /// The longest first.
    suffixes: Vec<Suffix>,
    /// By their last character, the longest first.
    suffix_ends: FxHashMap<char, Vec<usize>>,
    suffix_words: Prefixes,
    suffix_last: CharSet,
    suffix_first: CharSet,
    /// Marks that may stand within a transliteration.
    within_names: CharSet,
    glue: Prefixes,
    closes: CharSet,
    han: Vec<CountryCode>,
    han_in_units: Vec<CountryCode>,
    stop: CharSet,
    stop_words: Vec<String>,
    bare_ends: CharSet,
    generic: Vec<String>,
    blocked: Prefixes,
    vague: Vec<String>,
    /// Heads of bodies; a single character counts only right behind the name.
    organisations: AhoCorasick,
    single_heads: Vec<bool>,
    teams: Vec<String>,
    venues: Vec<String>,
    towns_of: Vec<String>,
    parted_by: AhoCorasick,
    trusted: Vec<String>,
    no_countries: Vec<String>,
    compound_words: Prefixes,
    /// Each with its sides: the bytes of one, and the country it stands for.
    compounds: Vec<(String, Vec<(usize, CountryCode)>)>,
    translit: CharSet,
    /// Characters that a name may begin with which no list holds, or a side of a compound.
    starts: CharSet,
    /// These, and characters that begin a longer word or a town: what is none of them is
    /// passed over.
    notable: CharSet,
    compound_chars: CharSet,
    /// Characters of units, which a longer stem may hold: 卡邦郡.
    inner: CharSet,
    prefixes: CharSet,
    joined_stems: CharSet,
    numbered: CharSet,
    numbered_units: Vec<String>,
    trusted_units: Vec<(CountryCode, String)>,
    features: Vec<String>,
    directions: Vec<String>,
    bare_not: Vec<String>,
    apposed: Vec<String>,
    ties: Vec<String>,
    called: Vec<String>,
    joiners: CharSet,
    free: Vec<String>,
    weak: Vec<String>,
    leads: Vec<String>,
    famous: BTreeMap<String, String>,
    titles: Vec<String>,
    person_behind: Vec<String>,
    surnames: CharSet,
    compound_behind: Vec<String>,
    speaks: CharSet,
    towns: Towns,
    townships: Vec<String>,
}

impl Forms {
    pub(super) fn new(file: &str, toml: &str, gazetteer: &Gazetteer) -> Result<Self, DataError> {
        let data: File =
            toml::from_str(toml).map_err(|error| DataError::toml(file, toml, &error))?;
        let code = |name: &str| {
            CountryCode::new(name).ok_or_else(|| {
                let at = toml.find(&format!("\"{name}\"")).unwrap_or(0);
                DataError::at(file, toml, at, format!("{name:?} is not an ISO 3166-1 code"))
            })
        };
        let automaton = |words: &[String]| {
            AhoCorasick::new(words).map_err(|error| DataError::at(file, toml, 0, error.to_string()))
        };
        let mut suffixes = Vec::new();
        for row in data.suffix {
            suffixes.push(Suffix {
                level: match row.level {
                    LevelName::Province => Level::Province,
                    LevelName::District => Level::District,
                    LevelName::City => Level::City,
                    LevelName::Island => Level::Island,
                },
                countries: row.countries.iter().map(|name| code(name)).collect::<Result<_, _>>()?,
                text: row.text,
                not_before: row.not_before,
                translit_only: row.translit_only,
                listed_only: row.listed_only,
            });
        }
        suffixes.sort_by_key(|suffix| std::cmp::Reverse(suffix.text.len()));
        let mut compounds = Vec::new();
        for word in data.compounds.words {
            // An abbreviation that is ambiguous is kept out, not guessed.
            let sides: Vec<(usize, CountryCode)> = word
                .char_indices()
                .filter_map(|(at, c)| Some((at, gazetteer.abbreviation(c)?)))
                .collect();
            if !sides.is_empty() {
                compounds.push((word, sides));
            }
        }
        for (name, id) in &data.scope.famous {
            let row = gazetteer.by_id(id);
            let is_row = |sense| matches!(sense, Sense::Place(known, _) if Some(known) == row);
            if !gazetteer.lookup(name).any(is_row) {
                let at = toml.find(&format!("{id:?}")).unwrap_or(0);
                return Err(DataError::at(file, toml, at, format!("{name} does not name {id}")));
            }
        }
        let mut trusted_units = Vec::new();
        for (country, units) in data.scope.trusted_units {
            let country = code(&country)?;
            trusted_units.extend(units.into_iter().map(|unit| (country, unit)));
        }
        // Units of one character; 特 of 特别市 is also one of transliterations.
        let suffix_chars: CharSet = suffixes
            .iter()
            .filter(|suffix| suffix.text.chars().count() == 1)
            .flat_map(|suffix| suffix.text.chars())
            .collect();
        let stop: CharSet = data.scope.stop.chars().collect();
        let translit: CharSet = ('\u{3400}'..='\u{9fff}')
            .filter(|&c| {
                gazetteer.transliterates(c) >= MIN_COUNT
                    && !suffix_chars.contains(c)
                    && !matches!(c, '和' | '与' | '同' | '及' | '的' | '在' | '等' | '为' | '将')
            })
            .chain(['·'])
            .collect();
        let starts: CharSet = ('\u{3400}'..='\u{9fff}')
            .filter(|c| translit.contains(*c))
            .chain(compounds.iter().flat_map(|(word, _)| word.chars()))
            .collect();
        let blocked = Prefixes::new(data.scope.blocked.iter().map(String::as_str));
        let townships = data.towns.townships.clone();
        let towns = {
            let country = code(&data.towns.country)?;
            Towns::new(data.towns, country)
        };
        let mut suffix_ends: FxHashMap<char, Vec<usize>> = FxHashMap::default();
        for (number, suffix) in suffixes.iter().enumerate() {
            if let Some(last) = suffix.text.chars().next_back() {
                suffix_ends.entry(last).or_default().push(number);
            }
        }
        Ok(Self {
            suffix_ends,
            notable: (blocked.firsts()).chain(towns.firsts()).chain(starts.iter()).collect(),
            compound_chars: compounds.iter().flat_map(|(word, _)| word.chars()).collect(),
            suffix_first: suffixes.iter().filter_map(|it| it.text.chars().next()).collect(),
            within_names: "-－–(（".chars().collect(),
            suffix_last: suffixes.iter().filter_map(|suffix| suffix.text.chars().last()).collect(),
            suffix_words: Prefixes::new(suffixes.iter().map(|suffix| suffix.text.as_str())),
            compound_words: Prefixes::new(compounds.iter().map(|(word, _)| word.as_str())),
            suffixes,
            glue: Prefixes::new(data.scope.glue.iter().map(String::as_str)),
            closes: data.scope.closes.into_iter().collect(),
            han: data.scope.han.iter().map(|name| code(name)).collect::<Result<_, _>>()?,
            han_in_units: data
                .scope
                .han_in_units
                .iter()
                .map(|name| code(name))
                .collect::<Result<_, _>>()?,
            stop,
            stop_words: data.scope.stop_words,
            bare_ends: data.scope.bare_ends.into_iter().collect(),
            generic: data.scope.generic,
            blocked,
            vague: data.scope.vague,
            organisations: automaton(&data.scope.organisations)?,
            single_heads: data
                .scope
                .organisations
                .iter()
                .map(|head| head.chars().count() == 1)
                .collect(),
            teams: data.scope.teams,
            venues: data.scope.venues,
            towns_of: data.scope.towns_of,
            parted_by: automaton(&data.scope.parted_by)?,
            trusted: data.scope.trusted,
            no_countries: data.scope.no_countries,
            starts,
            inner: ('\u{3400}'..='\u{9fff}')
                .filter(|&c| gazetteer.transliterates(c) >= MIN_COUNT && suffix_chars.contains(c))
                .collect(),
            prefixes: data.scope.prefixes.into_iter().collect(),
            numbered: data.scope.numbered.into_iter().collect(),
            numbered_units: data.scope.numbered_units,
            trusted_units,
            joined_stems: data.scope.joined_stems.into_iter().collect(),
            features: data.scope.features,
            directions: data.scope.directions,
            bare_not: data.scope.bare_not,
            apposed: data.scope.apposed,
            ties: data.scope.ties,
            called: data.scope.called,
            joiners: data.scope.joiners.into_iter().collect(),
            free: data.scope.free,
            weak: data.scope.weak,
            leads: data.scope.leads,
            famous: data.scope.famous,
            titles: data.persons.titles,
            compound_behind: data.compounds.behind,
            speaks: data.compounds.speaks.into_iter().collect(),
            person_behind: data.persons.behind,
            surnames: data.persons.surnames.chars().collect(),
            townships,
            towns,
            compounds,
            translit,
        })
    }

    /// The townships and districts of Taiwan.
    pub(super) fn towns(&self) -> &Towns {
        &self.towns
    }

    /// Whether a name is one of a township of the mainland, by its unit.
    pub(super) fn is_township(&self, name: &str) -> bool {
        self.townships.iter().any(|unit| name.ends_with(unit.as_str()))
    }

    /// Whether the unit of a township begins a text.
    pub(super) fn begins_township(&self, text: &str) -> bool {
        self.townships.iter().any(|unit| text.starts_with(unit.as_str()))
    }

    /// Whether a character ends the reach of a country.
    pub(super) fn closes(&self, c: char) -> bool {
        self.closes.contains(c)
    }

    /// How many bytes of glue stand at the beginning of `text`.
    pub(super) fn glue(&self, text: &str) -> Option<usize> {
        self.glue.longest(text)
    }

    /// Whether something may begin with a character that no list of places holds.
    pub(super) fn may_start(&self, c: char) -> bool {
        self.starts.contains(c)
    }

    /// The first place from `at` on, but for `until`, where anything may begin, given that no
    /// list has a name there and no country is open. With `dots` persons are looked for as well.
    pub(super) fn pass_over(
        &self,
        text: &str,
        mut at: usize,
        until: usize,
        held: &CharSet,
        dots: bool,
    ) -> usize {
        while at < until
            && let Some((code, width)) = chars::code(text, at)
        {
            if held.has(code)
                || self.notable.has(code) && self.may_begin(text, at, (code, width), dots)
            {
                return at;
            }
            at += width;
        }
        at
    }

    /// Whether a longer word, a town, a compound or a transliteration may begin at a place.
    fn may_begin(&self, text: &str, at: usize, (code, width): (usize, usize), dots: bool) -> bool {
        let second = chars::code(text, at + width);
        self.translit.has(code) && (dots || self.may_be_transliterated(text, at + width))
            || self.compound_chars.has(code) && self.is_near_compound(text, at)
            || self.blocked.may_stand(code, second) && self.blocked(&text[at..]).is_some()
            || self.towns.may_stand(code, second) && self.towns.at(&text[at..]).next().is_some()
    }

    /// Whether a compound begins at a place, or at most two characters before it.
    fn is_near_compound(&self, text: &str, at: usize) -> bool {
        let before = text[..at].char_indices().rev().take(2).map(|(at, _)| at);
        [at].into_iter().chain(before).any(|begin| self.compound(&text[begin..]).is_some())
    }

    /// Whether a text may begin with what [`Forms::transliterated`] finds where no country is
    /// open, by the two characters behind its first one, from a place on.
    fn may_be_transliterated(&self, text: &str, second: usize) -> bool {
        let sounds = |code: usize| self.translit.has(code) || self.inner.has(code);
        let Some((code, width)) = chars::code(text, second) else { return false };
        sounds(code)
            && chars::code(text, second + width).is_some_and(|(code, _)| {
                sounds(code) || self.suffix_first.has(code) || self.within_names.has(code)
            })
    }

    /// Whether transliterations use a character.
    pub(super) fn transliterates(&self, c: char) -> bool {
        self.translit.contains(c)
    }

    /// A longer word that only contains names: 印度洋, 日本海.
    pub(super) fn blocked(&self, text: &str) -> Option<usize> {
        self.blocked.longest(text)
    }

    /// Whether a stem with its unit names no particular place: 市区, 县城.
    pub(super) fn is_vague(&self, stem: &str) -> bool {
        self.vague.iter().any(|vague| vague == stem)
    }

    /// Whether a country's short name means something else in news: 中非.
    pub(super) fn is_no_country(&self, name: &str) -> bool {
        self.no_countries.iter().any(|refused| refused == name)
    }

    /// Whether a character may belong to the stem of a name before it.
    pub(super) fn is_stem(&self, c: char) -> bool {
        is_han(c) && !self.stop.contains(c)
    }

    /// Whether a name is trusted although dictionaries have it as a word.
    pub(super) fn is_trusted(&self, name: &str) -> bool {
        self.trusted.iter().any(|trusted| trusted == name)
    }

    /// Whether the text behind a short name makes it the beginning of a body's name.
    pub(super) fn organisation(&self, tail: &str) -> bool {
        let parted = self.parted_by.find_overlapping_iter(tail).map(|found| found.end()).min();
        self.organisations.find_overlapping_iter(tail).any(|head| {
            let may_follow = head.start() == 0 || !self.single_heads[head.pattern().as_usize()];
            may_follow && parted.is_none_or(|parted| parted > head.start())
        })
    }

    /// Whether the text behind a city makes its team of it: 拉巴特队.
    pub(super) fn is_team(&self, tail: &str) -> bool {
        self.teams.iter().any(|team| tail.starts_with(team.as_str()))
    }

    /// Whether the text behind a short name makes it the name of a building.
    pub(super) fn is_venue(&self, tail: &str) -> bool {
        self.venues.iter().any(|venue| tail.starts_with(venue.as_str()))
    }

    /// Whether a text says that a town of the unit before it follows.
    pub(super) fn leads_to_town(&self, text: &str) -> bool {
        self.towns_of.iter().any(|lead| text.ends_with(lead.as_str()))
    }

    /// Whether a stem only tells where a unit lies within the one before it.
    pub(super) fn is_generic(&self, stem: &str) -> bool {
        self.generic.iter().any(|generic| generic == stem)
    }

    /// The compound at the beginning of `text`: its length, and its sides.
    pub(super) fn compound(&self, text: &str) -> Option<(usize, &[(usize, CountryCode)])> {
        let (number, len) = self.compound_words.of(text).next()?;
        Some((len, &self.compounds[number].1))
    }

    /// Whether a character is a side of a compound.
    pub(super) fn is_side(&self, c: char) -> bool {
        self.compound_chars.contains(c)
    }

    /// Whether what follows shows that two countries stand before it: 中韩友城.
    pub(super) fn compound_behind(&self, behind: &str) -> bool {
        self.compound_behind.iter().any(|word| behind.starts_with(word.as_str()))
    }

    /// Whether a character begins what a side says or does: 泰方表示.
    pub(super) fn speaks(&self, c: char) -> bool {
        self.speaks.contains(c)
    }

    /// Whether a text ends with the title of a person.
    pub(super) fn titled(&self, before: &str) -> bool {
        self.titles.iter().any(|title| before.ends_with(title.as_str()))
    }

    /// Whether a text begins with what is said of persons only: 先生.
    pub(super) fn person_behind(&self, behind: &str) -> bool {
        self.person_behind.iter().any(|word| behind.starts_with(word.as_str()))
    }

    /// Whether a character is a surname.
    pub(super) fn is_surname(&self, c: char) -> bool {
        self.surnames.contains(c)
    }

    /// Whether what follows a name makes it a part of a water's or a mountain's: 海峡.
    pub(super) fn feature(&self, behind: &str) -> bool {
        self.features.iter().any(|word| behind.starts_with(word.as_str()))
    }

    /// Whether a stem is a direction, which names a place only within its country: 中部地区.
    pub(super) fn is_direction(&self, stem: &str) -> bool {
        self.directions.iter().any(|direction| direction == stem)
    }

    /// Whether a clause speaks of companies and the like, whose names look like those of towns.
    pub(super) fn is_of_bodies(&self, clause: &str) -> bool {
        self.bare_not.iter().any(|word| clause.contains(word.as_str()))
    }

    /// Whether a text ends with a word that says what the name behind it names: 小城.
    pub(super) fn is_apposed(&self, before: &str) -> bool {
        self.apposed.iter().any(|word| before.ends_with(word.as_str()))
    }

    /// Whether a sentence speaks of cities that are tied.
    pub(super) fn speaks_of_ties(&self, sentence: &str) -> bool {
        self.ties.iter().any(|word| sentence.contains(word.as_str()))
    }

    /// Whether what follows makes a name a thing that something is called: “白城”之称.
    pub(super) fn is_only_called(&self, behind: &str) -> bool {
        self.called.iter().any(|word| behind.starts_with(word.as_str()))
    }

    /// Whether a character joins names.
    pub(super) fn joins(&self, c: char) -> bool {
        self.joiners.contains(c)
    }

    /// Whether a text is one character that joins names.
    pub(super) fn is_joiner(&self, text: &str) -> bool {
        let mut chars = text.chars();
        chars.next().is_some_and(|c| self.joins(c)) && chars.next().is_none()
    }

    /// Whether a short Chinese name is too common a word for the word before it to prove it.
    pub(super) fn is_weak(&self, name: &str) -> bool {
        self.weak.iter().any(|weak| weak == name)
    }

    /// Whether a text ends with a word that a place follows: 访问, 新华社.
    pub(super) fn leads_to_place(&self, text: &str) -> bool {
        self.leads.iter().any(|lead| text.ends_with(lead.as_str()))
    }

    /// The id of the city that a name of several means where nothing else is said.
    pub(super) fn famous(&self, name: &str) -> Option<&str> {
        self.famous.get(name).map(String::as_str)
    }

    /// Whether a country writes its places with Chinese characters of their own.
    pub(super) fn writes_han(&self, country: CountryCode) -> bool {
        self.han.contains(&country)
    }

    /// Whether a character never stands inside a stem.
    pub(super) fn is_stop(&self, c: char) -> bool {
        self.stop.contains(c)
    }
}

/// Whether a character is a Chinese one.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}
