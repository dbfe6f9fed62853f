//! [`Regex`]: a regular expression that is read at once and compiled when it is first asked.
//!
//! The rules hold hundreds of expressions, and most articles ask few of them. Compiling them
//! all took longer than the rest of the start.

use std::{fmt, ops::Deref, sync::OnceLock};

/// How large a compiled expression may become, in bytes.
const SIZE_LIMIT: usize = 64 << 20;
/// What matches nothing.
const NEVER: &str = "[a&&b]";

/// A regular expression of the data. It stands for a [`regex::Regex`].
#[derive(Clone)]
pub(crate) struct Regex {
    source: Box<str>,
    compiled: OnceLock<regex::Regex>,
}

/// Several regular expressions that are asked together, compiled when they are first asked.
#[derive(Clone)]
pub(crate) struct RegexSet {
    sources: Vec<String>,
    dfa_size_limit: usize,
    compiled: OnceLock<regex::RegexSet>,
}

/// Whether an expression is one.
fn parse(source: &str) -> Result<(), Box<regex_syntax::ast::Error>> {
    regex_syntax::ast::parse::Parser::new().parse(source).map(drop).map_err(Box::new)
}

impl Regex {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub(crate) fn new(source: &str) -> Result<Self, Box<regex_syntax::ast::Error>> {
        parse(source)?;
        Ok(Self { source: source.into(), compiled: OnceLock::new() })
    }

    /// The names of its groups.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.source.match_indices("(?").filter_map(|(at, _)| {
            let rest = &self.source[at + 2..];
            let name = rest.strip_prefix("P<").or_else(|| rest.strip_prefix('<'))?;
            let escaped = self.source[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2;
            name.split_once('>').map(|(name, _)| name).filter(|_| escaped == 0)
        })
    }
}

impl Deref for Regex {
    type Target = regex::Regex;

    fn deref(&self) -> &regex::Regex {
        self.compiled.get_or_init(|| {
            // What is read but cannot be compiled (too large) finds nothing; the examples of
            // its rule fail then.
            let build =
                |source: &str| regex::RegexBuilder::new(source).size_limit(SIZE_LIMIT).build();
            build(&self.source).or_else(|_| build(NEVER)).expect("an empty class compiles")
        })
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl RegexSet {
    /// Reads expressions.
    ///
    /// # Errors
    ///
    /// If one of them is none.
    pub(crate) fn new(
        sources: impl IntoIterator<Item = String>,
        dfa_size_limit: usize,
    ) -> Result<Self, Box<regex_syntax::ast::Error>> {
        let sources: Vec<String> = sources.into_iter().collect();
        sources.iter().try_for_each(|source| parse(source))?;
        Ok(Self { sources, dfa_size_limit, compiled: OnceLock::new() })
    }
}

impl Deref for RegexSet {
    type Target = regex::RegexSet;

    fn deref(&self) -> &regex::RegexSet {
        self.compiled.get_or_init(|| {
            regex::RegexSetBuilder::new(&self.sources)
                .size_limit(SIZE_LIMIT)
                .dfa_size_limit(self.dfa_size_limit)
                .build()
                .unwrap_or_else(|_| regex::RegexSet::empty())
        })
    }
}

impl fmt::Debug for RegexSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sources.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_at_once_and_groups_are_known_before_compiling() {
        assert!(Regex::new("(城").is_err());
        assert!(RegexSet::new(["城".to_owned(), "[".to_owned()], 1 << 20).is_err());
        let regex = Regex::new(r"\(?<(?P<y>\d{4})(?:年)(?<m>\d)").unwrap();
        assert_eq!(regex.groups().collect::<Vec<_>>(), ["y", "m"]);
        assert!(regex.is_match("<2020年3"));
        let set = RegexSet::new(["^城$".to_owned(), "市".to_owned()], 1 << 20).unwrap();
        assert_eq!(set.matches("市").into_iter().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn what_is_too_large_finds_nothing() {
        let regex = Regex::new(r"(?:\w{900}){900}").unwrap();
        assert!(!regex.is_match("a"));
    }
}
