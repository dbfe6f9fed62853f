//! [`ParticularRules`]: `rules/particulars.toml`, read and compiled.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use serde::Deserialize;

use crate::{
    expression::{Regex, RegexSet},
    relate::{
        grammar::{RuleFile, Words},
        loader::{self, Written},
        pattern::alternatives,
        rules::Example,
        shadow::Symbol,
    },
    rule::DataError,
};

/// A file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default)]
    class: BTreeMap<String, Words>,
    #[serde(default)]
    shape: BTreeMap<String, String>,
    #[serde(default)]
    person: Option<PersonRow>,
    #[serde(default)]
    around: Around,
    #[serde(default)]
    rule: Vec<RuleRow>,
}

impl Written for File {
    fn format(&self) -> u32 {
        self.format
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonRow {
    pattern: String,
    not_names: Vec<String>,
    not_first: Vec<String>,
    not_signing: Vec<String>,
    organs: Vec<String>,
    several: Vec<String>,
    both: Vec<String>,
    own: Vec<String>,
}

/// Which sentences go together.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Around {
    back: Vec<String>,
    not_yet: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    id: String,
    pattern: String,
    #[serde(default)]
    unless: Vec<String>,
    finds: Vec<Example>,
    ignores: Vec<String>,
}

/// One compiled rule.
#[derive(Debug)]
pub struct ParticularRule {
    /// The file where it is written.
    pub file: String,
    /// Its name.
    pub id: Arc<str>,
    /// What it finds in which sentences.
    pub finds: Vec<Example>,
    /// Sentences in which nothing of what it captures must be found.
    pub ignores: Vec<String>,
    /// The names of what it captures, as examples write them.
    pub captures: Vec<&'static str>,
    pub(super) pattern: Regex,
    pub(super) unless: Option<Regex>,
}

/// How persons are written.
#[derive(Debug)]
pub(super) struct Persons {
    pub(super) pattern: Regex,
    /// The same: whether it may fit.
    pub(super) known: RegexSet,
    /// What no name holds.
    pub(super) not_names: Regex,
    /// What no name begins with.
    pub(super) not_first: Vec<String>,
    /// Offices of persons who sign for no local government.
    pub(super) not_signing: Regex,
    /// What may stand between a place and an office.
    pub(super) organs: Vec<String>,
    /// Behind these an office is that of several, if no place stands before it.
    pub(super) several: Vec<String>,
    /// Behind these it is that of several in any case.
    pub(super) both: Vec<String>,
    /// Behind these it is that of the place which publishes.
    pub(super) own: Vec<String>,
}

/// The rules, in their order.
#[derive(Debug)]
pub struct ParticularRules {
    /// The rules, the one that is tried first in front.
    pub rules: Vec<ParticularRule>,
    /// Which of their patterns may fit is told without compiling them: most fit nothing, and to
    /// compile one takes longer than to read an article.
    pub(super) patterns: RegexSet,
    pub(super) persons: Persons,
    /// A sentence that begins so goes on with the event of the one before.
    pub(super) back: Regex,
    /// What is told with these has not happened.
    pub(super) not_yet: Regex,
}

/// The file that comes with the program.
pub(in crate::relate) const BUNDLED: &str = include_str!("../../../rules/particulars.toml");

/// What a person becomes in the text that rules of signatories read.
pub(super) const WHO: char = '\u{e010}';

/// What patterns may capture, and how examples call it.
const GROUPS: [(&str, &str); 7] = [
    ("who", "signatory"),
    ("place", "place"),
    ("occasion", "occasion"),
    ("online", "online"),
    ("onsite", "on-site"),
    ("fields", "field"),
    ("instrument", "instrument"),
];

impl ParticularRules {
    /// Reads and compiles rule files; a rule replaces the one of the same id in the files
    /// before.
    ///
    /// # Errors
    ///
    /// If a file is not TOML, has a key that is not known, a pattern that is wrong, or a rule
    /// without examples of both sorts.
    pub fn new(files: &[RuleFile]) -> Result<Self, DataError> {
        let mut names = BTreeMap::<String, String>::new();
        let mut words = BTreeMap::<String, Vec<String>>::new();
        let mut rules: Vec<ParticularRule> = Vec::new();
        let mut persons = None;
        let (mut back, mut not_yet) = (Vec::new(), Vec::new());
        for (file, part) in loader::parts::<File>(files)? {
            for (name, class) in part.class {
                words.entry(name).or_default().extend(class.words);
            }
            names.extend(words.iter().map(|(name, words)| (name.clone(), alternatives(words))));
            let spaceless = |shape: String| shape.split_whitespace().collect::<String>();
            names.extend(part.shape.into_iter().map(|(name, shape)| (name, spaceless(shape))));
            let expand = |near: usize, pattern: &str| expand(file, near, pattern, &names);
            if let Some(row) = part.person {
                let pattern = regex(file, "pattern", &expand(0, &row.pattern)?)?;
                persons = Some(Persons {
                    known: RegexSet::new(vec![pattern.clone()]),
                    pattern,
                    not_names: any(file, &row.not_names)?,
                    not_first: row.not_first,
                    not_signing: any(file, &row.not_signing)?,
                    organs: row.organs,
                    several: row.several,
                    both: row.both,
                    own: row.own,
                });
            }
            back.extend(part.around.back);
            not_yet.extend(part.around.not_yet);
            for row in part.rule {
                let near = file.find_named("id", &row.id);
                loader::prove(file, near, &row.finds, &row.ignores)?;
                let pattern = regex(file, &row.id, &expand(near, &row.pattern)?)?;
                let captures: Vec<_> = GROUPS
                    .into_iter()
                    .filter(|(group, _)| pattern.groups().any(|it| it == *group))
                    .map(|(_, shown)| shown)
                    .collect();
                if captures.is_empty() {
                    let known = GROUPS.map(|(group, _)| format!("(?P<{group}>…)")).join(", ");
                    return Err(file.error(near, format!("a pattern captures one of {known}")));
                }
                let unless = (!row.unless.is_empty()).then(|| any(file, &row.unless));
                let rule = ParticularRule {
                    file: file.name.clone(),
                    id: row.id.as_str().into(),
                    finds: row.finds,
                    ignores: row.ignores,
                    captures,
                    pattern,
                    unless: unless.transpose()?,
                };
                let id = rule.id.clone();
                loader::put(file, &mut rules, rule, |known| known.id == id)?;
            }
        }
        let first = files.first().cloned().unwrap_or(RuleFile::bundled("", ""));
        let Some(persons) = persons else {
            return Err(first.error(0, "no [person] says how persons are written"));
        };
        let patterns = RegexSet::new(rules.iter().map(|rule| rule.pattern.clone()).collect());
        let (back, not_yet) = (any(&first, &back)?, any(&first, &not_yet)?);
        Ok(Self { rules, patterns, persons, back, not_yet })
    }
}

/// A pattern with its classes, shapes and symbols put in, and without its spaces.
fn expand(
    file: &RuleFile,
    near: usize,
    pattern: &str,
    names: &BTreeMap<String, String>,
) -> Result<String, DataError> {
    // Shapes may stand in shapes, but not for ever.
    const DEEPEST: usize = 8;
    let mut text: String = pattern.split_whitespace().collect();
    for depth in 0.. {
        let mut next = String::with_capacity(text.len() * 2);
        let mut rest = text.as_str();
        let mut changed = false;
        while let Some(at) = rest.find(['{', '<']) {
            next.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = if rest.starts_with('{') { '}' } else { '>' };
            let name = rest[1..].split(end).next().unwrap_or("");
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase());
            if !is_name {
                next.push_str(&rest[..1]);
                rest = &rest[1..];
                continue;
            }
            let known = if end == '}' { names.get(name).cloned() } else { symbol(name) };
            let Some(known) = known else {
                let message = format!("no class, shape or symbol is called {name}");
                return Err(file.error(near, message));
            };
            let _ = write!(next, "(?:{known})");
            rest = &rest[name.len() + 2..];
            changed = true;
        }
        next.push_str(rest);
        text = next;
        if !changed {
            break;
        }
        if depth == DEEPEST || text.len() > 1 << 18 {
            return Err(file.error(near, "the shapes of this pattern stand in each other"));
        }
    }
    Ok(text)
}

/// What the name of a symbol stands for in the text.
fn symbol(name: &str) -> Option<String> {
    let set = |symbols: &[Symbol]| {
        format!("[{}]", symbols.iter().map(|symbol| symbol.char()).collect::<String>())
    };
    Some(match name {
        "WHO" => WHO.to_string(),
        "PLACE" => set(&[Symbol::Chinese, Symbol::Foreign]),
        "COUNTRY" => set(&[Symbol::Country, Symbol::China]),
        _ => Symbol::parse(name)?.char().to_string(),
    })
}

fn regex(file: &RuleFile, near: &str, pattern: &str) -> Result<Regex, DataError> {
    // Tests read what comes with the program; here it would take longer than the rest of the
    // file.
    if file.toml == BUNDLED {
        return Ok(Regex::known(pattern));
    }
    Regex::new(pattern).map_err(|error| file.error(file.find(near), error.to_string()))
}

fn any(file: &RuleFile, words: &[String]) -> Result<Regex, DataError> {
    let pattern = if words.is_empty() { "[a&&b]".to_owned() } else { alternatives(words) };
    regex(file, words.first().map_or("", String::as_str), &pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_that_comes_with_the_program_is_one() {
        let copy = format!("{BUNDLED}\n");
        ParticularRules::new(&[RuleFile::bundled("particulars.toml", &copy)]).unwrap();
    }
}
