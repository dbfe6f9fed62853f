//! [`Forms`]: what names look like that no list holds, from `rules/place.toml`.

use serde::Deserialize;

use super::chars::CharSet;
use crate::{
    gazetteer::Gazetteer,
    place::{CountryCode, Level},
    rule::DataError,
    segment::Clauses,
};

/// How long a stem may be, in characters.
const LONGEST_STEM: usize = 12;
/// How long a stem may be that is not made of transliteration characters.
const LONGEST_HAN_STEM: usize = 6;
/// A character belongs to transliterations from this count on.
const MIN_COUNT: u32 = 5;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    suffix: Vec<SuffixRow>,
    scope: ScopeRow,
    compounds: CompoundsRow,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SuffixRow {
    text: String,
    level: LevelName,
    #[serde(default)]
    not_before: Vec<char>,
    #[serde(default)]
    countries: Vec<String>,
    #[serde(default)]
    translit_only: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LevelName {
    Province,
    District,
    City,
    Island,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeRow {
    glue: Vec<String>,
    closes: Vec<char>,
    han: Vec<String>,
    stop: String,
    stop_words: Vec<String>,
    bare_ends: Vec<char>,
    generic: Vec<String>,
    blocked: Vec<String>,
    vague: Vec<String>,
    organisations: Vec<String>,
    parted_by: Vec<char>,
    trusted: Vec<String>,
    no_countries: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CompoundsRow {
    words: Vec<String>,
}

/// A unit suffix: 市, 州, 广域市.
#[derive(Debug)]
pub(super) struct Suffix {
    pub(super) text: String,
    pub(super) level: Level,
    not_before: Vec<char>,
    countries: Vec<CountryCode>,
    translit_only: bool,
}

/// The compiled forms.
#[derive(Debug)]
pub(super) struct Forms {
    /// The longest first.
    suffixes: Vec<Suffix>,
    suffix_first: CharSet,
    suffix_last: CharSet,
    glue_first: CharSet,
    blocked_first: CharSet,
    compound_first: CharSet,
    glue: Vec<String>,
    closes: CharSet,
    han: Vec<CountryCode>,
    stop: CharSet,
    stop_words: Vec<String>,
    bare_ends: CharSet,
    generic: Vec<String>,
    blocked: Vec<String>,
    vague: Vec<String>,
    organisations: Vec<String>,
    parted_by: Vec<char>,
    trusted: Vec<String>,
    no_countries: Vec<String>,
    compounds: Vec<(String, CountryCode, Option<CountryCode>)>,
    translit: CharSet,
}

/// A name recognised by its form: how long it is, and what unit it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Bytes of the whole name.
    pub(super) len: usize,
    /// Bytes of the stem.
    pub(super) stem: usize,
    /// The unit, by its suffix.
    pub(super) level: Level,
    /// Whether the stem is a transliteration.
    pub(super) translit: bool,
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
            });
        }
        suffixes.sort_by_key(|suffix| std::cmp::Reverse(suffix.text.len()));
        let mut glue = data.scope.glue;
        glue.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut compounds = Vec::new();
        for word in data.compounds.words {
            let mut sides = word.chars().filter_map(|c| gazetteer.abbreviation(c));
            let Some(first) = sides.next() else {
                // An abbreviation that is ambiguous: kept out, not guessed.
                continue;
            };
            let second = sides.next();
            compounds.push((word, first, second));
        }
        let suffix_chars: CharSet =
            suffixes.iter().flat_map(|suffix| suffix.text.chars()).collect();
        let stop: CharSet = data.scope.stop.chars().collect();
        let translit = ('\u{3400}'..='\u{9fff}')
            .filter(|&c| {
                gazetteer.transliterates(c) >= MIN_COUNT
                    && !suffix_chars.contains(c)
                    && !matches!(c, '和' | '与' | '同' | '及' | '的' | '在' | '等' | '为' | '将')
            })
            .chain(['·'])
            .collect();
        Ok(Self {
            suffix_last: suffixes.iter().filter_map(|suffix| suffix.text.chars().last()).collect(),
            suffix_first: CharSet::first_of(suffixes.iter().map(|suffix| suffix.text.as_str())),
            glue_first: CharSet::first_of(glue.iter().map(String::as_str)),
            blocked_first: CharSet::first_of(data.scope.blocked.iter().map(String::as_str)),
            compound_first: CharSet::first_of(compounds.iter().map(|(word, _, _)| word.as_str())),
            suffixes,
            glue,
            closes: data.scope.closes.into_iter().collect(),
            han: data.scope.han.iter().map(|name| code(name)).collect::<Result<_, _>>()?,
            stop,
            stop_words: data.scope.stop_words,
            bare_ends: data.scope.bare_ends.into_iter().collect(),
            generic: data.scope.generic,
            blocked: data.scope.blocked,
            vague: data.scope.vague,
            organisations: data.scope.organisations,
            parted_by: data.scope.parted_by,
            trusted: data.scope.trusted,
            no_countries: data.scope.no_countries,
            compounds,
            translit,
        })
    }

    /// Whether a character ends the reach of a country.
    pub(super) fn closes(&self, c: char) -> bool {
        self.closes.contains(c)
    }

    /// How many bytes of glue stand at the beginning of `text`.
    pub(super) fn glue(&self, text: &str) -> Option<usize> {
        if !self.glue_first.may_begin(text) {
            return None;
        }
        self.glue.iter().find(|word| text.starts_with(word.as_str())).map(String::len)
    }

    /// Whether transliterations use a character.
    pub(super) fn transliterates(&self, c: char) -> bool {
        self.translit.contains(c)
    }

    /// The unit suffix at the beginning of `text`.
    pub(super) fn suffix(&self, text: &str, country: Option<CountryCode>) -> Option<&Suffix> {
        if !self.suffix_first.may_begin(text) {
            return None;
        }
        self.suffixes.iter().find(|suffix| {
            text.strip_prefix(suffix.text.as_str()).is_some_and(|rest| {
                let office = rest.starts_with("政府") || rest.starts_with("政厅");
                (office
                    || rest.chars().next().is_none_or(|next| !suffix.not_before.contains(&next)))
                    && (suffix.countries.is_empty()
                        || country.is_some_and(|code| suffix.countries.contains(&code)))
            })
        })
    }

    /// The unit suffix that ends `name`, and the bytes before it.
    pub(super) fn stem<'n>(&self, name: &'n str) -> (&'n str, Option<&Suffix>) {
        if !name.chars().next_back().is_some_and(|c| self.suffix_last.contains(c)) {
            return (name, None);
        }
        for suffix in &self.suffixes {
            if let Some(stem) = name.strip_suffix(suffix.text.as_str())
                && !stem.is_empty()
            {
                return (stem, Some(suffix));
            }
        }
        (name, None)
    }

    /// A longer word that only contains names: 印度洋, 日本海.
    pub(super) fn blocked(&self, text: &str) -> Option<usize> {
        if !self.blocked_first.may_begin(text) {
            return None;
        }
        self.blocked.iter().find(|word| text.starts_with(word.as_str())).map(String::len)
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
        self.organisations.iter().any(|head| {
            tail.find(head.as_str()).is_some_and(|at| {
                let may_follow = at == 0 || head.chars().count() > 1;
                may_follow && !tail[..at].contains(&self.parted_by[..])
            })
        })
    }

    /// Whether a stem only tells where a unit lies within the one before it.
    pub(super) fn is_generic(&self, stem: &str) -> bool {
        self.generic.iter().any(|generic| generic == stem)
    }

    /// The ward at the end of a name that names its city first: the 中区 of 仁川广域市中区.
    pub(super) fn ward<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.generic.iter().find_map(|generic| {
            let at = name.rfind(generic.as_str()).filter(|at| *at > 0)?;
            (self.suffix(&name[at + generic.len()..], None)?.text.len()
                == name.len() - at - generic.len())
            .then(|| &name[at..])
        })
    }

    /// A stem of transliteration characters and a unit suffix: 马克塔拉尔斯基县.
    pub(super) fn transliterated(&self, text: &str, country: Option<CountryCode>) -> Option<Form> {
        for (count, (at, c)) in text.char_indices().enumerate() {
            if count >= 1
                && let Some(suffix) = self.suffix(&text[at..], country)
            {
                let long_enough = count >= 2 || suffix.level == Level::City && country.is_some();
                return long_enough.then_some(Form {
                    len: at + suffix.text.len(),
                    stem: at,
                    level: suffix.level,
                    translit: true,
                });
            }
            if !self.transliterates(c) || count == LONGEST_STEM {
                return None;
            }
        }
        None
    }

    /// A stem of any characters and a unit suffix, for an open scope: 伊势崎市, 东方省.
    pub(super) fn written(
        &self,
        text: &str,
        country: CountryCode,
        words: &Clauses<'_>,
        in_chain: bool,
    ) -> Option<Form> {
        let han = self.han.contains(&country);
        for (count, (at, c)) in text.char_indices().enumerate() {
            if count >= 1
                && let Some(suffix) = self.suffix(&text[at..], Some(country))
                && !suffix.translit_only
            {
                let stem = &text[..at];
                let fits = count >= 2 || han || in_chain && self.is_generic(stem);
                let names = fits
                    && !self.stop_words.iter().any(|word| stem.contains(word.as_str()))
                    && words.tags_of(stem).all(|(word, tag)| {
                        word.chars().count() == 1
                            || matches!(tag, "ns" | "nr" | "nrt" | "nz" | "f" | "s" | "x")
                            || han && tag.starts_with('n')
                    });
                return names.then_some(Form {
                    len: at + suffix.text.len(),
                    stem: at,
                    level: suffix.level,
                    translit: false,
                });
            }
            if !is_han(c) || self.stop.contains(c) || count == LONGEST_HAN_STEM {
                return None;
            }
        }
        None
    }

    /// A run of transliteration characters without a suffix, where what follows shows
    /// that the name ends there: 斐济楠迪等.
    pub(super) fn bare(&self, text: &str) -> Option<usize> {
        let mut count = 0;
        for (at, c) in text.char_indices() {
            if !self.transliterates(c) {
                return (count >= 2 && self.bare_ends.contains(c)).then_some(at);
            }
            if count == LONGEST_STEM {
                return None;
            }
            count += 1;
        }
        (count >= 2).then_some(text.len())
    }

    /// The compound at the beginning of `text`, with the countries in it.
    pub(super) fn compound(&self, text: &str) -> Option<(usize, CountryCode, Option<CountryCode>)> {
        if !self.compound_first.may_begin(text) {
            return None;
        }
        let found = self.compounds.iter().find(|(word, _, _)| text.starts_with(word.as_str()))?;
        Some((found.0.len(), found.1, found.2))
    }
}

/// Whether a character is a Chinese one.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}
