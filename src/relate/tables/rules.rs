//! [`TableRules`]: `rules/table.toml`, read and compiled.

use serde::Deserialize;

use crate::{expression::Regex, relate::pattern::alternatives, rule::DataError};

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    column: Vec<ColumnRow>,
    ties: Ties,
    other: Other,
    row: Row,
    line: Line,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnRow {
    role: Role,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ties {
    words: Vec<String>,
    lists: Vec<String>,
    ends: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    headers: Vec<String>,
    headings: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    ended: Vec<String>,
    planned: Vec<String>,
    same: Vec<String>,
    empty: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    words: Vec<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Role {
    /// Numbers, population, the date of approval: nothing of use.
    Ignored,
    /// What else is to be said of the tie.
    Remark,
    /// When the tie came about.
    Date,
    /// Of which kind it is.
    Kind,
    /// The Chinese side.
    Chinese,
    /// The other side.
    Foreign,
    /// The country of the other side.
    Country,
    /// A place, of either side.
    Place,
}

/// The words by which lists of ties are read.
#[derive(Debug)]
pub struct TableRules {
    pub(super) columns: Vec<(Role, Regex)>,
    /// Words that speak of ties.
    pub(super) ties: Regex,
    /// The end of a heading under which a list of ties stands.
    pub(super) lists: Regex,
    pub(super) other_headers: Regex,
    pub(super) other_headings: Regex,
    pub(super) ended: Regex,
    pub(super) planned: Regex,
    pub(super) same: Vec<String>,
    pub(super) empty: Vec<String>,
    /// Words that are nothing to wonder at in a line of a list.
    pub(super) plain: Regex,
    /// A date as cells write it: 1979.03.14, 1996年10月, 1999.
    pub(super) day: Regex,
    /// The number in front of a line: 1., (2), 三、, ①.
    pub(super) enumerator: Regex,
}

impl TableRules {
    /// Reads and compiles the file.
    ///
    /// # Errors
    ///
    /// If it is not TOML, has a key that is not known, or a list is empty.
    pub fn new(file: &str, toml: &str) -> Result<Self, DataError> {
        let data: File =
            toml::from_str(toml).map_err(|error| DataError::toml(file, toml, &error))?;
        if data.format != 1 {
            let at = toml.find("format").unwrap_or(0);
            return Err(DataError::at(file, toml, at, "this program reads format 1"));
        }
        let regex = |regex: &str| {
            Regex::new(regex).map_err(|error| DataError::at(file, toml, 0, error.to_string()))
        };
        let any = |words: &[String]| match words.first() {
            Some(_) if words.iter().all(|word| !word.is_empty()) => regex(&alternatives(words)),
            _ => Err(DataError::at(file, toml, 0, "a list of words is empty, or a word of it is")),
        };
        let columns = data
            .column
            .iter()
            .map(|row| Ok((row.role, any(&row.words)?)))
            .collect::<Result<_, _>>()?;
        let mut lists = data.ties.lists.clone();
        lists.extend(data.ties.words.iter().cloned());
        let lists = format!("{}{}*$", alternatives(&lists), alternatives(&data.ties.ends));
        Ok(Self {
            columns,
            ties: any(&data.ties.words)?,
            lists: regex(&lists)?,
            other_headers: any(&data.other.headers)?,
            other_headings: any(&data.other.headings)?,
            ended: any(&data.row.ended)?,
            planned: any(&data.row.planned)?,
            same: data.row.same,
            empty: data.row.empty,
            plain: any(&data.line.words)?,
            day: regex(
                r"((?:18|19|20)\d\d)(?:\s?[年.\-/．－—]\s?(\d{1,2})(?:\s?[月.\-/．－—]\s?(\d{1,2}))?)?",
            )?,
            enumerator: regex(
                r"^[\s　]*(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）.．、]|[①-⑳]|[·•●■◆○\-*—])[\s　]*",
            )?,
        })
    }
}
