//! [`TableRules`]: `rules/table.toml`, read and compiled.

use serde::Deserialize;

use crate::{
    chars::CharSet,
    expression::Regex,
    prefixes::Prefixes,
    relate::{
        grammar::RuleFile,
        loader::{self, Written},
        pattern::alternatives,
    },
    rule::DataError,
};

/// A file as it is written. Only the format must be there: a user's file adds to the one
/// that comes with the program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default)]
    column: Vec<ColumnRow>,
    #[serde(default)]
    ties: Ties,
    #[serde(default)]
    other: Other,
    #[serde(default)]
    row: Row,
    #[serde(default)]
    line: Line,
    #[serde(default)]
    prose: Prose,
}

impl Written for File {
    fn format(&self) -> u32 {
        self.format
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnRow {
    role: Role,
    words: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Ties {
    words: Vec<String>,
    lists: Vec<String>,
    ends: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Other {
    headers: Vec<String>,
    headings: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Row {
    ended: Vec<String>,
    planned: Vec<String>,
    same: Vec<String>,
    empty: Vec<String>,
    publisher: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Line {
    words: Vec<String>,
    continents: Vec<String>,
    stories: Vec<String>,
    collective: Vec<String>,
    events: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Prose {
    leads: Vec<String>,
    others: Vec<String>,
    other: Vec<String>,
    fresh: Vec<String>,
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
    /// The same words, and their first characters.
    pub(in crate::relate) tie_words: Prefixes,
    tie_firsts: CharSet,
    /// What headings and cells are read without: white space, and what stands in brackets.
    passed_over: CharSet,
    /// The end of a heading under which a list of ties stands.
    pub(super) lists: Regex,
    pub(super) other_headers: Regex,
    pub(super) other_headings: Regex,
    pub(super) ended: Regex,
    pub(super) planned: Regex,
    pub(super) same: Vec<String>,
    pub(super) empty: Vec<String>,
    /// What stands for the place that publishes a list in the column of its side.
    pub(super) publisher: Regex,
    /// A line that is the title of a list of ties and no more: 友好城市.
    pub(super) title: Regex,
    /// The continents.
    pub(super) continents: Vec<String>,
    /// Words that are nothing to wonder at in a line of a list.
    pub(super) plain: Regex,
    /// The end of a heading under which a story is told.
    pub(super) stories: Regex,
    /// The end of a heading of news, if it has other words as well.
    pub(super) story: Regex,
    /// Words for several places together, which end as a name does.
    pub(super) collective: Regex,
    /// Words that say that what follows came about at the event reported.
    pub(super) events: Regex,
    /// What leads to a list within a sentence.
    pub(super) leads: Regex,
    /// Words for the partners that are not named yet: 其它友好城市.
    pub(super) rest: Regex,
    /// Words that make a list within a sentence one of something else.
    pub(super) prose_other: Regex,
    /// Words that date a list by what leads to it.
    pub(super) fresh: Regex,
    /// A count at the end of a heading.
    pub(super) count: Regex,
    /// A date as cells write it: 1979.03.14, 1996年10月, 1999.
    pub(super) day: Regex,
    /// The number in front of a line: 1., (2), 三、, ①.
    pub(super) enumerator: Regex,
}

impl TableRules {
    /// Reads and compiles rule files: the words of all of them count, and the columns of the
    /// last are tried first.
    ///
    /// # Errors
    ///
    /// If a file is not TOML, has a key that is not known, or an empty word.
    pub fn new(files: &[RuleFile]) -> Result<Self, DataError> {
        let parts: Vec<(&RuleFile, File)> = loader::parts(files)?;
        for (file, part) in &parts {
            if let Some(row) = part.column.iter().find(|row| row.words.is_empty()) {
                let message = format!("the column {:?} has no words", row.role);
                return Err(file.error(file.find("[[column]]"), message));
            }
        }
        let any_of = |words: &[String]| match words {
            [] => Err(DataError::at("rules/table.toml", "", 0, "a list of words is empty")),
            words => Ok(alternatives(words)),
        };
        let regex = |regex: &str| {
            Regex::new(regex).map_err(|error| DataError::at("rules", "", 0, error.to_string()))
        };
        // Words are always an expression: it need not be read to know it.
        let any =
            |words: &[String]| -> Result<Regex, DataError> { Ok(Regex::known(&any_of(words)?)) };
        let all = |words: fn(&File) -> &Vec<String>| -> Result<Vec<String>, DataError> {
            let mut all = Vec::new();
            for (file, part) in &parts {
                if words(part).iter().any(String::is_empty) {
                    return Err(file.error(file.find("\"\""), "this word is empty: remove it"));
                }
                all.extend(words(part).iter().cloned());
            }
            Ok(all)
        };
        let columns = parts
            .iter()
            .rev()
            .flat_map(|(_, part)| &part.column)
            .map(|row| Ok((row.role, any(&row.words)?)))
            .collect::<Result<_, _>>()?;
        let ties = all(|part| &part.ties.words)?;
        let lists = [all(|part| &part.ties.lists)?, ties.clone()].concat();
        let ends = alternatives(&all(|part| &part.ties.ends)?);
        let tie_words = Prefixes::new(ties.iter().map(String::as_str));
        Ok(Self {
            columns,
            ties: any(&ties)?,
            tie_firsts: tie_words.firsts().collect(),
            tie_words,
            passed_over: ('\0'..='\u{ffff}')
                .filter(|c| c.is_whitespace() || matches!(c, '(' | '（'))
                .collect(),
            lists: regex(&format!("{}{ends}*$", alternatives(&lists)))?,
            title: regex(&format!(
                "^(?:国际|海外|对外)?{}{}?{ends}*$",
                alternatives(&ties),
                alternatives(&lists)
            ))?,
            other_headers: any(&all(|part| &part.other.headers)?)?,
            other_headings: any(&all(|part| &part.other.headings)?)?,
            ended: any(&all(|part| &part.row.ended)?)?,
            planned: any(&all(|part| &part.row.planned)?)?,
            same: all(|part| &part.row.same)?,
            empty: all(|part| &part.row.empty)?,
            publisher: any(&all(|part| &part.row.publisher)?)?,
            continents: all(|part| &part.line.continents)?,
            plain: any(&all(|part| &part.line.words)?)?,
            story: regex(&format!("{}$", any_of(&all(|part| &part.line.stories)?)?))?,
            stories: regex(&format!("的{}{{1,3}}$", any_of(&all(|part| &part.line.stories)?)?))?,
            collective: regex(&format!("{}$", any_of(&all(|part| &part.line.collective)?)?))?,
            events: any(&all(|part| &part.line.events)?)?,
            leads: any(&all(|part| &part.prose.leads)?)?,
            rest: any(&all(|part| &part.prose.others)?)?,
            fresh: any(&all(|part| &part.prose.fresh)?)?,
            prose_other: any(&all(|part| &part.prose.other)?)?,
            count: regex(
                r"[：:，,(（]?(?:共计|合计|总计|共有|共|计)?(?:\d{1,4}|[一二两三四五六七八九十百]{1,4})(?:个|座|对)$",
            )?,
            day: regex(
                r"((?:18|19|20)\d\d)(?:\s?[年.\-/．－—]\s?(\d{1,2})(?:\s?[月.\-/．－—]\s?(\d{1,2}))?)?",
            )?,
            enumerator: regex(
                r"^[\s　]*(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）.．、]|[①-⑳]|[·•●■◆○\-*—])[\s　]*",
            )?,
        })
    }

    /// Whether a line that holds no word of ties may be read as one that does.
    pub(in crate::relate) fn may_list(&self, line: &str) -> bool {
        if self.passed_over.find(line).is_none() {
            return false;
        }
        if line.contains(['(', '（']) {
            return self.tie_firsts.find(line).is_some();
        }
        let joined: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        self.tie_words.any_within(&joined)
    }
}
