//! [`Grammar`]: the classes and shapes of some rule files, and their patterns compiled.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};

use super::{lexicon::Lexicon, pattern::Names, program::Program};
use crate::rule::DataError;

/// A file of rules: those that come with the program first, those of the user behind.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Its name, as the user knows it.
    pub name: String,
    /// Its text.
    pub toml: String,
}

/// A list of words, as rule files write it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) words: Vec<String>,
}

/// More rules are not taken.
pub(super) const MOST_RULES: usize = 500;
/// More words are not taken.
const MOST_WORDS: usize = 20_000;

impl RuleFile {
    /// A file that comes with the program.
    #[must_use]
    pub fn bundled(name: &str, toml: &str) -> Self {
        Self { name: name.to_owned(), toml: toml.to_owned() }
    }

    /// Reads the file as TOML.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, DataError> {
        toml::from_str(&self.toml).map_err(|error| DataError::toml(&self.name, &self.toml, &error))
    }

    /// Checks the number of the format.
    pub(super) fn check_format(&self, format: u32) -> Result<(), DataError> {
        if format == 1 {
            return Ok(());
        }
        let message = format!("this program reads format 1, not {format}: write format = 1");
        Err(self.error(self.find("format"), message))
    }

    /// Where something is written first.
    pub(super) fn find(&self, what: &str) -> usize {
        self.toml.find(what).unwrap_or(0)
    }

    /// Where the rule or context of some name is written.
    pub(super) fn find_named(&self, key: &str, name: &str) -> usize {
        let mut lines = self.toml.match_indices(key).map(|(at, _)| at);
        let is_it = |at: &usize| {
            let rest = self.toml[at + key.len()..].trim_start();
            let value = rest.strip_prefix('=').and_then(|rest| rest.trim_start().get(1..));
            let behind = value.and_then(|value| value.strip_prefix(name));
            behind.is_some_and(|behind| behind.starts_with(['"', '\'']))
        };
        lines.find(is_it).unwrap_or(0)
    }

    /// A mistake at a byte of the file.
    pub(super) fn error(&self, at: usize, message: impl Into<String>) -> DataError {
        DataError::at(&self.name, &self.toml, at, message)
    }
}

/// The classes and shapes of some rule files.
#[derive(Debug)]
pub(super) struct Grammar {
    classes: BTreeMap<String, Vec<String>>,
    shapes: BTreeMap<String, String>,
    pub(super) lexicon: Lexicon,
}

impl Grammar {
    /// Puts the classes and shapes of some files together: the words of a class are those
    /// of all files, a shape is that of the last one.
    pub(super) fn new<'f>(
        parts: impl Iterator<
            Item = (&'f RuleFile, &'f BTreeMap<String, Words>, &'f BTreeMap<String, String>),
        >,
    ) -> Result<Self, DataError> {
        let mut classes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut shapes: BTreeMap<String, String> = BTreeMap::new();
        let mut last = None;
        for (file, new, new_shapes) in parts {
            for name in new.keys().chain(new_shapes.keys()) {
                if name.is_empty() || !name.chars().all(|c| c.is_ascii_uppercase()) {
                    let message = "the name of a class or shape is written in capitals A to Z";
                    return Err(file.error(file.find(name), message));
                }
            }
            for (name, new) in new {
                if new.words.is_empty() || new.words.iter().any(String::is_empty) {
                    let message = format!("the class {name} has no word, or an empty one");
                    return Err(file.error(file.find(&format!("[class.{name}]")), message));
                }
                classes.entry(name.clone()).or_default().extend(new.words.iter().cloned());
            }
            shapes.extend(new_shapes.iter().map(|(name, shape)| (name.clone(), shape.clone())));
            last = Some(file);
        }
        let words: usize = classes.values().map(Vec::len).sum();
        match (Lexicon::new(&classes), last) {
            (Some(lexicon), _) if words <= MOST_WORDS => Ok(Self { classes, shapes, lexicon }),
            (_, Some(file)) => {
                let message = format!(
                    "{words} words in {} classes are too many: at most {MOST_WORDS} in 128",
                    classes.len()
                );
                Err(file.error(0, message))
            }
            (_, None) => Ok(Self { classes, shapes, lexicon: Lexicon::default() }),
        }
    }

    /// The words of a class.
    pub(super) fn class(&self, name: &str) -> &[String] {
        self.classes.get(name).map_or(&[], Vec::as_slice)
    }

    /// Compiles a pattern that stands in a file behind some byte.
    pub(super) fn compile(
        &self,
        file: &RuleFile,
        near: usize,
        pattern: &str,
    ) -> Result<Program, DataError> {
        let begin = file.toml[near..].find(pattern).map_or(near, |at| near + at);
        let names = Names { classes: &self.classes, shapes: &self.shapes };
        let parsed =
            names.parse(pattern).map_err(|(at, message)| file.error(begin + at, message))?;
        Program::new(&parsed, &self.lexicon).map_err(|message| file.error(begin, message))
    }
}
