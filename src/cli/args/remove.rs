//! `remove` and `reingest`, and which articles they mean.

use clap::{Args as Group, Parser};
use youcheng::date::PartialDate;

use super::{Jobs, Reading, StorePath};

/// Which articles are meant: those that fit all that is given.
#[derive(Debug, Group)]
pub(crate) struct Which {
    /// The id of an article, or how it begins (8 digits or more). May be given again.
    #[arg(long, value_name = "ID")]
    pub(crate) article: Vec<String>,
    /// Articles whose address or file is like this; * stands for anything.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) url: Option<String>,
    /// Articles published on this day or later.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<PartialDate>,
    /// Articles published on this day or before.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<PartialDate>,
}

/// Take articles out of the graph, with all that only they said.
///
/// Agreements that other articles report as well stay, with what those say.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng remove --dry-run --url 'https://example.org/*'
  youcheng remove --article 9f86d081884c7d65
  youcheng remove --until 1999

Exit status: 0 done; 2 failed.")]
pub(crate) struct Remove {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Only say which articles would be removed.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) store: StorePath,
}

/// Read articles once more from where they were read.
///
/// What is understood better now takes the place of what was said. An article that no
/// longer stands in its file is removed; where the file itself is gone, it stays.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng reingest --url '*'
  youcheng reingest --article 9f86d081884c7d65 --published 2023-05-20
  youcheng reingest --dry-run --since 2020 --gazetteer places.tsv

Exit status: 0 done; 1 done, but some articles could not be read again; 2 failed.")]
pub(crate) struct Reingest {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Only say which articles would be read again.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) store: StorePath,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
}
