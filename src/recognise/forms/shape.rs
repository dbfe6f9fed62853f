//! [`Form`]: a name that only its shape gives away: a stem, and the unit behind it.

use super::{Forms, is_han, suffix::Suffix};
use crate::{
    place::{CountryCode, Level},
    segment::Clauses,
};

/// How long a stem may be, in characters.
const LONGEST_STEM: usize = 12;
/// How long a stem may be that is not made of transliteration characters.
const LONGEST_HAN_STEM: usize = 6;
/// A name recognised by its form: how long it is, and what unit it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recognise) struct Form {
    /// Bytes of the whole name.
    pub(in crate::recognise) len: usize,
    /// Bytes of the stem.
    pub(in crate::recognise) stem: usize,
    /// The unit, by its suffix.
    pub(in crate::recognise) level: Level,
    /// Whether the stem is a transliteration.
    pub(in crate::recognise) translit: bool,
}

/// What an unlisted name stands right behind.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::recognise) struct Behind {
    /// Any name.
    pub(in crate::recognise) chain: bool,
    /// A listed unit of its country.
    pub(in crate::recognise) unit: bool,
    /// Its country.
    pub(in crate::recognise) country: bool,
}

impl Forms {
    /// A stem of transliteration characters and a unit suffix: 马克塔拉尔斯基县.
    pub(in crate::recognise) fn transliterated(
        &self,
        text: &str,
        country: Option<CountryCode>,
    ) -> Option<Form> {
        let (mut at, mut count) = (0, 0);
        while let Some(c) = text[at..].chars().next() {
            if count >= 1
                && let Some(suffix) = self.suffix(&text[at..], country)
                && (count >= 2
                    || suffix.level == Level::City
                        && country.is_some_and(|code| self.han.contains(&code)))
            {
                if self.stop_words.iter().any(|word| text.starts_with(word.as_str())) {
                    return None;
                }
                return Some(self.form(text, at, suffix, country, true));
            }
            if count == LONGEST_STEM {
                return None;
            }
            let next = &text[at + c.len_utf8()..];
            let mut follows = next.chars();
            let goes_on = |c: Option<char>| c.is_some_and(|c| self.transliterates(c) && c != '·');
            at += if self.transliterates(c) && (count > 0 || c != '·')
                || count > 0 && self.inner.contains(c)
            {
                c.len_utf8()
            } else if count == 0 && country.is_some() && self.prefixes.contains(c) {
                // 大本迪戈市, where the country is open.
                if !(goes_on(follows.next()) && goes_on(follows.next())) {
                    return None;
                }
                c.len_utf8()
            } else if count >= 2 && matches!(c, '-' | '－' | '–') && goes_on(follows.next()) {
                c.len_utf8()
            } else {
                self.bracketed(&text[at..]).filter(|_| count >= 2)?
            };
            count += 1;
        }
        None
    }

    /// How long a bracket within a name is: 萨哈（雅库特）共和国.
    fn bracketed(&self, text: &str) -> Option<usize> {
        let inside = text.strip_prefix(['(', '（'])?;
        let end = inside.find(|c| !self.transliterates(c)).filter(|end| *end > 0)?;
        let close = inside[end..].chars().next().filter(|c| matches!(c, ')' | '）'))?;
        let len = text.len() - inside.len() + end + close.len_utf8();
        self.suffix(&text[len..], None).is_some().then_some(len)
    }

    /// The form with the unit at `stem`; 宾士镇市 is a 市 whose stem ends in 镇.
    fn form(
        &self,
        text: &str,
        stem: usize,
        suffix: &Suffix,
        country: Option<CountryCode>,
        translit: bool,
    ) -> Form {
        let end = stem + suffix.text.len();
        let outer = self.suffix(&text[end..], country).filter(|outer| {
            suffix.level == Level::City && outer.text == "市" && !suffix.text.ends_with('市')
        });
        match outer {
            Some(outer) => {
                Form { len: end + outer.text.len(), stem: end, level: outer.level, translit }
            }
            None => Form { len: end, stem, level: suffix.level, translit },
        }
    }

    /// A stem of any characters and a unit suffix, for an open scope: 伊势崎市, 东方省.
    pub(in crate::recognise) fn written(
        &self,
        text: &str,
        country: CountryCode,
        words: &Clauses<'_>,
        behind: Behind,
    ) -> Option<Form> {
        let Behind { chain: in_chain, unit: in_unit, country: behind_country } = behind;
        let trusted = self
            .trusted_units
            .iter()
            .find(|(of, name)| *of == country && text.starts_with(name.as_str()));
        if let Some((_, name)) = trusted {
            let (stem, unit) = self.stem(name);
            return Some(self.form(text, stem.len(), unit?, Some(country), false));
        }
        let behind_country = behind_country && !self.han.contains(&country);
        let han = self.han.contains(&country) || in_unit && self.han_in_units.contains(&country);
        for (count, (at, c)) in text.char_indices().enumerate() {
            if count >= 1
                && let Some(suffix) = self.suffix(&text[at..], Some(country))
                && !suffix.translit_only
                // 自由州省 is a 省.
                && (suffix.text != "州" || !text[at + suffix.text.len()..].starts_with('省'))
            {
                let stem = &text[..at];
                let numbered = text.starts_with(|c| self.numbered.contains(c));
                if numbered
                    && (count > 3
                        || stem.chars().nth(1).is_none_or(|c| self.prefixes.contains(c))
                        || !self.numbered_units.contains(&suffix.text))
                {
                    return None;
                }
                let fits = count >= 2 || han || in_chain && self.is_generic(stem);
                // Right behind its country a province may bear any words (自由州省), right
                // behind its unit any that are short (清盛县).
                let free = behind_country && self.free.contains(&suffix.text)
                    || in_unit
                        && self.han_in_units.contains(&country)
                        && (2..=3).contains(&count)
                        && !self.is_vague(stem);
                let names = fits
                    && !self.stop_words.iter().any(|word| stem.contains(word.as_str()))
                    && (free
                        || words.tags_of(stem).all(|(word, tag)| {
                            word.chars().count() == 1
                                || matches!(tag, "ns" | "nr" | "nrt" | "nz" | "f" | "s" | "x")
                                || han && tag.starts_with('n')
                        }));
                return names.then(|| self.form(text, at, suffix, Some(country), false));
            }
            // One character is no name that could be joined to another: 广和县.
            let joined = han && count == 1 && self.joined_stems.contains(c);
            let numbered = (in_unit && han) && count == 0 && self.numbered.contains(c);
            if !is_han(c)
                || self.stop.contains(c) && !joined && !numbered
                || count == LONGEST_HAN_STEM
            {
                return None;
            }
        }
        None
    }

    /// A run of transliteration characters without a suffix, where what follows shows
    /// that the name ends there: 斐济楠迪等.
    pub(in crate::recognise) fn bare(&self, text: &str) -> Option<usize> {
        let mut count = 0;
        for (at, c) in text.char_indices() {
            if !self.transliterates(c) {
                return (count >= 2 && self.bare_ends.contains(c)).then_some(at);
            }
            if count == LONGEST_STEM || count == 0 && c == '·' {
                return None;
            }
            count += 1;
        }
        (count >= 2).then_some(text.len())
    }
}
