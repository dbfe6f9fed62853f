//! The word tables of `rules/date.toml`, and the parts that patterns are made of.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{
    data::{Anchored, Direction, File},
    is_bundled,
};
use crate::{expression::Regex, rule::DataError};

/// What dates count from, and what words mean.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) years: Anchored,
    pub(super) months: Anchored,
    pub(super) days: Anchored,
    pub(super) weeks: BTreeMap<String, i32>,
    pub(super) year_parts: BTreeMap<String, [i8; 2]>,
    pub(super) year_edges: BTreeMap<String, [i8; 2]>,
    pub(super) month_parts: BTreeMap<String, [i8; 2]>,
    pub(super) month_edges: BTreeMap<String, [i8; 2]>,
    pub(super) seasons: BTreeMap<String, u8>,
    pub(super) directions: BTreeMap<String, Direction>,
    /// The longest name first.
    pub(super) eras: Vec<(String, i32)>,
    pub(super) last_years: BTreeMap<String, i32>,
}

/// The parts by name, with the word tables among them as alternatives.
pub(crate) struct Parts<'f> {
    file: &'f str,
    text: &'f str,
    parts: BTreeMap<String, String>,
}

impl<'f> Parts<'f> {
    /// The parts of a file.
    pub(crate) fn new(file: &'f str, text: &'f str, data: &File) -> Self {
        let mut parts: BTreeMap<String, String> =
            data.parts.iter().map(|(name, part)| (name.clone(), part.as_ref().clone())).collect();
        let both = |words: &Anchored| -> Vec<String> {
            words.article.keys().chain(words.text.keys()).cloned().collect()
        };
        for (name, words) in [
            ("years", both(&data.years)),
            ("months", both(&data.months)),
            ("days", both(&data.days)),
            ("weeks", data.weeks.keys().cloned().collect()),
            ("year-parts", data.year_parts.keys().cloned().collect()),
            ("year-edges", data.year_edges.keys().cloned().collect()),
            ("month-parts", data.month_parts.keys().cloned().collect()),
            ("month-edges", data.month_edges.keys().cloned().collect()),
            ("seasons", data.seasons.keys().cloned().collect()),
            ("eras", data.eras.keys().cloned().collect()),
            ("holidays", data.holidays.keys().cloned().collect()),
            ("events", data.events.keys().cloned().collect()),
            ("directions", data.directions.keys().cloned().collect::<Vec<_>>()),
        ] {
            parts.insert(name.to_owned(), alternatives(words));
        }
        Self { file, text, parts }
    }

    /// A regular expression with the parts put in.
    pub(crate) fn expand(&self, pattern: &Spanned<String>) -> Result<String, DataError> {
        let mut expanded = pattern.as_ref().clone();
        for _ in 0..8 {
            let Some(next) = self.once(&expanded, pattern.span().start)? else {
                return Ok(expanded);
            };
            expanded = next;
        }
        Err(self.error(pattern.span().start, "parts that contain each other"))
    }

    /// `{name}` once replaced everywhere; `None` if there is none. What a regular
    /// expression itself puts in braces (`{1,2}`, `\p{Han}`) is left alone.
    fn once(&self, pattern: &str, offset: usize) -> Result<Option<String>, DataError> {
        let mut out = String::with_capacity(pattern.len() * 2);
        let (mut rest, mut changed) = (pattern, false);
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            out.push_str(before);
            let name = from[1..].split('}').next().unwrap_or_default();
            let escaped = before.ends_with("\\p") || before.ends_with("\\x");
            if escaped || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
                out.push('{');
                rest = &from[1..];
                continue;
            }
            let part = self.parts.get(name).ok_or_else(|| {
                self.error(offset, &format!("no part or table is called `{name}`"))
            })?;
            out.push_str(part);
            changed = true;
            rest = from.get(name.len() + 2..).unwrap_or_default();
        }
        out.push_str(rest);
        Ok(changed.then_some(out))
    }

    /// A compiled expression with the parts put in.
    pub(crate) fn regex(&self, pattern: &Spanned<String>) -> Result<Regex, DataError> {
        let expanded = self.expand(pattern)?;
        if is_bundled(self.text) {
            return Ok(Regex::known(&expanded));
        }
        Regex::new(&expanded).map_err(|error| self.error(pattern.span().start, &error.to_string()))
    }

    /// A mistake at an offset of the file.
    pub(crate) fn error(&self, offset: usize, message: &str) -> DataError {
        DataError::at(self.file, self.text, offset, message)
    }
}

/// One group of all the words, a longer one before its beginnings.
fn alternatives(mut words: Vec<String>) -> String {
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    format!("(?:{})", words.join("|"))
}

impl Words {
    /// Takes the tables out of the file.
    pub(super) fn new(data: &mut File) -> Self {
        let mut eras: Vec<_> = std::mem::take(&mut data.eras).into_iter().collect();
        eras.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let empty =
            || Anchored { article: BTreeMap::new(), text: BTreeMap::new(), short: BTreeMap::new() };
        Self {
            years: std::mem::replace(&mut data.years, empty()),
            months: std::mem::replace(&mut data.months, empty()),
            days: std::mem::replace(&mut data.days, empty()),
            weeks: std::mem::take(&mut data.weeks),
            year_parts: std::mem::take(&mut data.year_parts),
            year_edges: std::mem::take(&mut data.year_edges),
            month_parts: std::mem::take(&mut data.month_parts),
            month_edges: std::mem::take(&mut data.month_edges),
            seasons: std::mem::take(&mut data.seasons),
            directions: std::mem::take(&mut data.directions),
            eras,
            last_years: std::mem::take(&mut data.last_years),
        }
    }
}
