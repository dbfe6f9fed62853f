//! The commands that show what is read, and how: `explain`, `eval`, `rules`, `place`, `clean`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use youcheng::place::CountryCode;

use super::{Jobs, Places, Reading, reading::country};
use crate::cli::sources::Sources;

/// Show an article with what was found in it, and why.
///
/// Countries, places and dates are marked in the text; under it stands each claim with
/// its rule and sentence, then counts, doubts, and what was removed.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng explain article.txt
  youcheng explain --published 2025-05-23 article.txt | less -R")]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) sources: Sources,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Compare what is extracted with gold facts.
///
/// A gold file is NAME.gold.json beside an article NAME.txt, NAME.html or NAME.jsonl, as in
/// corpus/. Prints precision, recall and F1 for each task, for each structure that the gold
/// names, and how often claims of each confidence are right.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng eval corpus/
  youcheng eval --split dev --misses corpus/
  youcheng eval --json corpus/ | jq .tasks.pairs.f1

Exit status: 0 done; 2 failed.")]
pub(crate) struct Eval {
    /// Folders with gold files, or gold files.
    #[arg(required = true, value_name = "GOLD")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only the articles of one half: dev or test.
    #[arg(long, value_name = "NAME")]
    pub(crate) split: Option<String>,
    /// Also show what was missed and what is wrong, each with its sentence.
    #[arg(long)]
    pub(crate) misses: bool,
    /// Write one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Test the rules, or show how they read a sentence.
///
/// Rules say in which words two places are tied. Those that come with the program are in
/// rules/; --rules DIR adds your own, and docs/rules.md teaches how to write them.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    #[command(name = "test")]
    Test(TestRules),
    #[command(name = "explain")]
    Explain(ExplainRules),
}

/// Run the examples of the rules: what each must find, and what it must ignore.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng rules test
  youcheng rules test my-rules/agreement.toml

Exit status: 0 every example comes out; 2 some do not, or a file has a mistake.")]
pub(crate) struct TestRules {
    /// Rule files, added to those that come with the program; only their rules are tested.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Show a text as the rules see it, which rules were tried, and what came of each.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng rules explain 2003年5月,苏州市与日本池田市缔结友好城市。
  youcheng rules explain --rules my-rules - < article.txt")]
pub(crate) struct ExplainRules {
    /// The text, or - to read it from standard input.
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Tell what is known about the name of a place.
///
/// Candidates with their units, coordinates and ids; for a name that no list holds, the
/// records of GeoNames that it may spell in a country. It also says whether an article that
/// writes the name would be understood, and why not.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng place 林肯市
  youcheng place --country US 林肯市
  youcheng place --country KZ --json 梅尔克市

Exit status: 0 something is known; 1 nothing is; 2 failed.")]
pub(crate) struct Place {
    /// The name, as an article writes it.
    #[arg(value_name = "NAME", value_parser = place_name)]
    pub(crate) name: String,
    /// Its country: an ISO 3166-1 alpha-2 code, as KZ.
    #[arg(long, value_name = "CC", value_parser = country)]
    pub(crate) country: Option<CountryCode>,
    /// Write one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) places: Places,
}

fn place_name(text: &str) -> Result<String, String> {
    const LONGEST: usize = 40;
    let name = text.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
        return Err(format!("expected a name of 1 to {LONGEST} characters"));
    }
    Ok(name.to_owned())
}

/// Write the clean text of articles, or what was taken out of them and why.
///
/// Page furniture, pinyin annotations, scramble and repeats go; white space, width and
/// script become regular. Without an option, the text alone: articles are set apart by a
/// blank line.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng clean page.html
  youcheng clean --diff page.html | less -R
  youcheng clean --json pages/ | jq -r '.edits[] | [.why, .removed] | @tsv'
  curl -s https://example.org/news.html | youcheng clean -

Exit status: 0 done; 1 done, but some input was skipped; 2 failed.")]
pub(crate) struct Clean {
    #[command(flatten)]
    pub(crate) sources: Sources,
    /// Show what went and what was put in its place, each with its reason.
    #[arg(long, conflicts_with = "json")]
    pub(crate) diff: bool,
    /// Write JSON Lines: the text, its passages, and every edit with its reason and places.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
}
