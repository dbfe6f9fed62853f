//! Datelines: who reports a story, from where and on which day (`新华社南宁11月19日电`).

use std::ops::Range;

use crate::{
    expression::RegexSet,
    recognise::dates::{RULES, data, words::Parts},
    rule::DataError,
};

/// How far into a passage a dateline may begin, in bytes.
const REACH: usize = 600;

/// The compiled patterns of `rules/date.toml`.
#[derive(Debug)]
pub struct Datelines {
    patterns: RegexSet,
}

impl Datelines {
    /// Compiles the patterns.
    ///
    /// # Errors
    ///
    /// If the data is not what it should be.
    pub fn new(name: &str, toml: &str) -> Result<Self, DataError> {
        let data: data::File =
            toml::from_str(toml).map_err(|error| DataError::toml(name, toml, &error))?;
        let parts = Parts::new(name, toml, &data);
        let mut patterns = Vec::new();
        for data::Dateline { name, find, yes, no } in data.dateline {
            if yes.is_empty() || no.is_empty() {
                let message = "a pattern needs an example in `yes` and one in `no`";
                return Err(parts.error(name.span().start, message));
            }
            patterns.push(parts.regex(&find)?);
        }
        Ok(Self { patterns: RegexSet::new(patterns) })
    }

    /// The patterns that come with the program.
    ///
    /// # Errors
    ///
    /// If `rules/date.toml` has a mistake.
    pub fn bundled() -> Result<Self, DataError> {
        Self::new(RULES.0, RULES.1)
    }

    /// Where the dateline of a passage stands, in bytes of the passage.
    #[must_use]
    pub fn find(&self, passage: &str) -> Option<Range<usize>> {
        let mut reach = passage.len().min(REACH);
        while !passage.is_char_boundary(reach) {
            reach -= 1;
        }
        let head = &passage[..reach];
        let found = self.patterns.candidates(head).find_map(|pattern| pattern.find(head))?;
        let blank = found.as_str().len() - found.as_str().trim_start().len();
        Some(found.start() + blank..found.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_are_found_where_they_are() {
        let datelines = Datelines::bundled().unwrap();
        let file: data::File = toml::from_str(RULES.1).unwrap();
        for data::Dateline { yes, no, .. } in &file.dateline {
            for text in yes {
                assert!(datelines.find(text).is_some(), "{text}");
            }
            for text in no {
                assert_eq!(datelines.find(text), None, "{text}");
            }
        }
        for (text, expected) in [
            ("新华社南宁11月19日电（记者 张三）两市签约。", "新华社南宁11月19日电（记者 张三）"),
            ("　　齐鲁网·闪电新闻5月23日讯 近年来", "齐鲁网·闪电新闻5月23日讯"),
            ("本报讯（记者 李四）昨日", "本报讯（记者 李四）"),
            ("中新社东京1月2日电 题：新年", "中新社东京1月2日电"),
        ] {
            let found = datelines.find(text).map(|at| &text[at]);
            assert_eq!(found, Some(expected), "{text}");
        }
    }
}
