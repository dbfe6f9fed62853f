//! `rules/date.toml` as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct File {
    pub(crate) parts: BTreeMap<String, Spanned<String>>,
    pub(crate) years: Anchored,
    pub(crate) months: Anchored,
    pub(crate) days: Anchored,
    pub(crate) weeks: BTreeMap<String, i32>,
    pub(crate) year_parts: BTreeMap<String, [i8; 2]>,
    pub(crate) year_edges: BTreeMap<String, [i8; 2]>,
    pub(crate) month_parts: BTreeMap<String, [i8; 2]>,
    pub(crate) month_edges: BTreeMap<String, [i8; 2]>,
    pub(crate) seasons: BTreeMap<String, u8>,
    pub(crate) eras: BTreeMap<String, i32>,
    pub(crate) last_years: BTreeMap<String, i32>,
    pub(crate) holidays: BTreeMap<String, Spanned<String>>,
    pub(crate) events: BTreeMap<String, Spanned<String>>,
    pub(crate) directions: BTreeMap<String, Direction>,
    pub(crate) roles: Roles,
    pub(crate) cells: Cells,
    pub(crate) pattern: Vec<Pattern>,
    /// Read by [`crate::segment::dateline`].
    pub(crate) dateline: Vec<Dateline>,
}

/// Words that count from the article, and words that count from what the text mentioned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchored {
    pub(crate) article: BTreeMap<String, i32>,
    pub(crate) text: BTreeMap<String, i32>,
    /// Words that count only where a pattern names them, and the word that each stands for.
    #[serde(default)]
    pub(crate) short: BTreeMap<String, String>,
}

/// Which way a span of days or years reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Direction {
    /// The whole units before this one: `前两个月`.
    Past,
    /// The same, by whole weeks: `上两周`.
    Previous,
    /// Up to this day: `近三个月`.
    Lately,
    /// From this one: `接下来三天`.
    Future,
    /// The same, but days from the next one: `未来三天`.
    Ahead,
    /// The whole units after this one: `下三周`.
    Next,
}

/// Regular expressions for the text before or behind a date.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Roles {
    pub(crate) as_of: Spanned<String>,
    pub(crate) start_before: Spanned<String>,
    pub(crate) from_before: Spanned<String>,
    pub(crate) start_after: Spanned<String>,
    pub(crate) clause_since: Spanned<String>,
    pub(crate) before_after: Spanned<String>,
    pub(crate) after_after: Spanned<String>,
    pub(crate) future_before: Spanned<String>,
    pub(crate) future_after: Spanned<String>,
    pub(crate) heading_before: Spanned<String>,
    pub(crate) heading_after: Spanned<String>,
    pub(crate) titled_year: Spanned<String>,
    pub(crate) event_year: Spanned<String>,
    pub(crate) issue_year: Spanned<String>,
}

/// Which cells of a table are years, and below which headers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cells {
    pub(crate) header: Spanned<String>,
    pub(crate) year: Spanned<String>,
}

/// What begins a story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dateline {
    pub(crate) name: Spanned<String>,
    pub(crate) find: Spanned<String>,
    pub(crate) yes: Vec<String>,
    pub(crate) no: Vec<String>,
}

/// One pattern.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Pattern {
    pub(crate) name: Spanned<String>,
    #[serde(default)]
    pub(crate) means: Means,
    pub(crate) find: Spanned<String>,
    pub(crate) then: Option<Spanned<String>>,
    pub(crate) unless_then: Option<Spanned<String>>,
    pub(crate) unless_after: Option<Spanned<String>>,
    /// A word of the date (empty: any), a sentence, and the value found in it.
    pub(crate) yes: Vec<[String; 3]>,
    pub(crate) no: Vec<String>,
}

/// How the groups of a pattern are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Means {
    /// Years, months, days and their parts.
    #[default]
    Calendar,
    /// Day, month and year, of which it is not known whether the day or the month is first.
    EitherOrder,
    /// Not a date: what it covers is left alone.
    Nothing,
    Lunar,
    Term,
    Holiday,
    Season,
    Week,
    Weekdays,
    WeekOf,
    Decade,
    Century,
    Anniversary,
    Gap,
    Ago,
    LookBack,
    Within,
    Quarter,
    Span,
    After,
    Plan,
    Event,
    Now,
    Vague,
    /// A day that only counts in a list after another.
    ListDay,
}
