//! [`Regex`]: a regular expression that is read at once and compiled when it is first asked;
//! [`RegexSet`]: several of them.
//!
//! The rules hold hundreds of expressions, and most articles ask few of them. Compiling them
//! all took longer than the rest of the start.

mod needed;

use std::{
    fmt,
    ops::{Deref, Range},
    sync::OnceLock,
};

use memchr::memmem::Finder;
use regex_syntax::hir::Look;

use self::needed::needed_words;
use crate::{prefixes::Prefixes, starts::Starts};

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

/// Several regular expressions, of which is asked whether any fits. Only those are asked, and
/// so compiled, of which the text holds the words that they cannot do without.
#[derive(Clone)]
pub(crate) struct RegexSet {
    expressions: Vec<Regex>,
    sieve: OnceLock<Sieve>,
}

/// Which of several expressions a text may fit. Most texts fit none, and that is told by a scan
/// for the first characters of one word for each expression.
#[derive(Clone)]
struct Sieve {
    /// These words.
    words: Prefixes,
    /// Of each word its expression.
    of: Vec<usize>,
    /// Of each expression what else it needs: of each list one word.
    needs: Vec<Vec<Vec<Finder<'static>>>>,
    /// Expressions that need no word.
    always: Vec<usize>,
    /// Those of them that fit at the beginning of a text or not at all, with what they begin with.
    anchored: Vec<(usize, Starts)>,
    /// What any of these begins with: most texts begin otherwise.
    begin: Starts,
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

    /// An expression that was read before, or comes with the program: tests read those.
    pub(crate) fn known(source: &str) -> Self {
        Self { source: source.into(), compiled: OnceLock::new() }
    }

    /// As it is written.
    pub(crate) fn written(&self) -> &str {
        &self.source
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
    /// Several expressions as one.
    pub(crate) fn new(expressions: Vec<Regex>) -> Self {
        Self { expressions, sieve: OnceLock::new() }
    }

    /// Whether any of them fits.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.candidates(text).any(|expression| expression.is_match(text))
    }

    /// The first of some of them that fits.
    pub(crate) fn first(&self, text: &str, of: Range<usize>) -> Option<usize> {
        let mut candidates = self.may_fit(text).into_iter().filter(|n| of.contains(n));
        candidates.find(|&n| self.expressions[n].is_match(text))
    }

    /// Those that may fit, in order.
    pub(crate) fn candidates<'s>(
        &'s self,
        text: &str,
    ) -> impl Iterator<Item = &'s Regex> + use<'s> {
        self.may_fit(text).into_iter().map(|n| &self.expressions[n])
    }

    /// The numbers of those that may fit, in order.
    pub(crate) fn may_fit(&self, text: &str) -> Vec<usize> {
        self.sieve.get_or_init(|| Sieve::new(&self.expressions)).may_fit(text)
    }
}

impl Sieve {
    fn new(expressions: &[Regex]) -> Self {
        let (mut words, mut of) = (Vec::new(), Vec::new());
        let (mut needs, mut always, mut anchored) = (Vec::new(), Vec::new(), Vec::new());
        let mut begin = Starts::default();
        for (n, expression) in expressions.iter().enumerate() {
            let mut needed = needed_words(&expression.source);
            // The last of those with the longest words: what ends an expression is mostly
            // rarer than what begins it.
            let rarest = needed
                .iter()
                .enumerate()
                .max_by_key(|(_, any)| any.iter().map(|word| word.len()).min())
                .map(|(at, _)| at);
            let rarest = rarest.map(|at| needed.remove(at)).unwrap_or_default();
            if rarest.is_empty() {
                match beginning(&expression.source) {
                    Some(starts) => {
                        begin.join(&starts);
                        anchored.push((n, starts));
                    }
                    None => always.push(n),
                }
            } else {
                of.extend(rarest.iter().map(|_| n));
                words.extend(rarest);
            }
            let find = |word: Box<str>| Finder::new(word.as_bytes()).into_owned();
            let find = |any: Vec<Box<str>>| any.into_iter().map(find).collect();
            needs.push(needed.into_iter().map(find).collect());
        }
        let words = Prefixes::new(words.iter().map(|word| &**word));
        Self { words, of, needs, always, anchored, begin }
    }

    /// The expressions that a text may fit, in order.
    fn may_fit(&self, text: &str) -> Vec<usize> {
        let mut open = self.always.clone();
        if let Some(first) = text.chars().next().filter(|c| self.begin.has(*c)) {
            open.extend(self.anchored.iter().filter(|(_, of)| of.has(first)).map(|(n, _)| *n));
        }
        for word in self.words.within(text) {
            let n = self.of[word];
            if !open.contains(&n) {
                open.push(n);
            }
        }
        let text = text.as_bytes();
        let holds = |any: &Vec<Finder<'_>>| any.iter().any(|word| word.find(text).is_some());
        open.retain(|&n| self.needs[n].iter().all(holds));
        open.sort_unstable();
        open
    }
}

/// What a match can begin with, of an expression that fits at the beginning of a text or not at
/// all, and not without a character.
fn beginning(source: &str) -> Option<Starts> {
    let read = regex_syntax::parse(source).ok()?;
    let properties = read.properties();
    let anchored = properties.look_set_prefix().contains(Look::Start);
    (anchored && properties.minimum_len() > Some(0)).then(|| Starts::of(&[read]))
}

impl fmt::Debug for RegexSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expressions.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_at_once_and_groups_are_known_before_compiling() {
        assert!(Regex::new("(城").is_err());
        let regex = Regex::new(r"\(?<(?P<y>\d{4})(?:年)(?<m>\d)").unwrap();
        assert_eq!(regex.groups().collect::<Vec<_>>(), ["y", "m"]);
        assert!(regex.is_match("<2020年3"));
    }

    #[test]
    fn a_set_asks_only_what_may_fit() {
        let sources =
            ["^城$", "(?:扫|扫描)二维码.{0,9}", "^[0-9]{2,3}$", "阅读(?:全文)?|[上下]一页", "x?"];
        let regexes = sources.map(|source| Regex::new(source).unwrap());
        let set = |n: std::ops::Range<usize>| RegexSet::new(regexes[n].to_vec());
        let sieve = Sieve::new(&regexes);
        assert_eq!(sieve.needs.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1, 0, 0, 0]);
        assert_eq!(sieve.always, [4]);
        assert_eq!(sieve.anchored.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [2]);
        for (text, fits) in
            [("城", true), ("城市", false), ("请扫描二维码", true), ("123", true), ("1234", false)]
        {
            assert_eq!(set(0..4).is_match(text), fits, "{text}");
        }
        assert!(set(3..4).is_match("下一页") && !set(3..4).is_match("一页"));
        assert!(regexes[0].compiled.get().is_none(), "a set has its own copies");
        let few = set(0..2);
        assert!(!few.is_match("二维") && !few.is_match("二维码"));
        assert!(few.expressions.iter().all(|regex| regex.compiled.get().is_none()));
    }

    /// Whatever the words that an expression needs, the set says what its expressions say.
    #[test]
    fn a_set_says_what_its_expressions_say() {
        let sources = [
            "(?:a|bc)d*e",
            "(?:a?b){2}",
            "[ab]c[^d]",
            "(?:^|x)(?:yz|zy)+$",
            "é|ü.?",
            "^(?:a+|[^b]c?)$",
            r"(?P<x>a{0,2}b{1,}?)|\x{63}\x64?",
            "(?i)AB",
            "[a-c&&[^b]]d|[]x]|[c-]e",
            r"a\b|b(?:|c)d??",
        ];
        let regexes = sources.map(|source| Regex::new(source).unwrap());
        let letters = ["", "a", "b", "c", "d", "e", "x", "yz", "zy", "é", "ü"];
        for texts in
            letters.iter().flat_map(|a| letters.map(|b| letters.map(|c| [a, b, c].concat())))
        {
            for text in texts {
                for regex in &regexes {
                    let set = RegexSet::new(vec![regex.clone()]);
                    assert_eq!(set.is_match(&text), regex.is_match(&text), "{regex:?} {text}");
                }
            }
        }
    }

    #[test]
    fn what_is_too_large_finds_nothing() {
        let regex = Regex::new(r"(?:\w{900}){900}").unwrap();
        assert!(!regex.is_match("a"));
    }
}
