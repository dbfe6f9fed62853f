//! The commands that ask a graph: `query`, `check`, `stats`, `duplicates`.

use std::path::PathBuf;

use super::StorePath;
use clap::Parser;

/// Ask the graph.
///
/// Takes a SPARQL query as argument, from a file, or by name. The prefixes yc, schema, oa,
/// prov, skos, dcterms, geo, xsd and the like need not be declared. A parameter is a
/// variable for which the query says VALUES ?name { UNDEF }.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng query --list
  youcheng query agreements
  youcheng query agreements-of-country --param country=KZ
  youcheng query agreements-of-city --param city=聊城市 --format csv
  youcheng query 'SELECT (COUNT(*) AS ?n) WHERE { ?agreement a yc:Agreement }'
  youcheng query --file question.rq --format json")]
pub(crate) struct Query {
    /// A SPARQL query, or the name of one that comes with the program.
    #[arg(value_name = "SPARQL", required_unless_present_any = ["file", "name", "list"],
          conflicts_with_all = ["file", "name", "list"])]
    pub(crate) sparql: Option<String>,
    /// Read the query from a file, or from standard input with -.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "list"])]
    pub(crate) file: Option<PathBuf>,
    /// Take a query that comes with the program; see --list.
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    pub(crate) name: Option<String>,
    /// List the queries that come with the program.
    #[arg(long)]
    pub(crate) list: bool,
    /// Give a parameter a value.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub(crate) param: Vec<(String, String)>,
    /// table, csv, tsv, json, xml for rows; turtle, ntriples, jsonld for graphs
    /// [default: table, turtle].
    #[arg(long, value_parser = format)]
    pub(crate) format: Option<youcheng::query::Format>,
    /// Print a table at once, also when it is longer than the screen. Else PAGER shows it.
    #[arg(long)]
    pub(crate) no_pager: bool,
    /// Stop the query after this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60,
          value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) store: StorePath,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.trim_start_matches(['?', '$']).to_owned(), value.to_owned()))
}

fn format(name: &str) -> Result<youcheng::query::Format, String> {
    use youcheng::query::Format;
    Format::ALL
        .into_iter()
        .find(|format| format.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Format::ALL.map(Format::name).join(", ")))
}

/// Look for what may be wrong with the graph.
///
/// Each finding names its article and says how to mend it. The checks are those of the
/// shapes in ontology/shapes.ttl, and what only contradicts common sense.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng check
  youcheng check --name contradictory-dates --all
  youcheng check --json | jq 'select(.severity == \"error\")'

Exit status: 0 nothing to mend (notes do not count); 1 something is; 2 failed.")]
pub(crate) struct Check {
    /// Only this check.
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    pub(crate) name: Option<String>,
    /// List the checks.
    #[arg(long)]
    pub(crate) list: bool,
    /// Show all findings, not the first ten of each check.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write JSON Lines, one object per finding.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: StorePath,
}

/// Tell what is in the graph, in numbers.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng stats
  youcheng stats --json | jq .kinds")]
pub(crate) struct Stats {
    /// Write one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: StorePath,
}

/// List the articles that tell the same story.
///
/// Of each story the article published first is the original; what its copies claim is no
/// second report. Larger clusters come first.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng duplicates
  youcheng duplicates --format csv > copies.csv
  youcheng duplicates --format json | jq '.copies | length'")]
pub(crate) struct Duplicates {
    /// table, json (one object a story) or csv (one row an article).
    #[arg(long, default_value = "table")]
    pub(crate) format: Rows,
    #[command(flatten)]
    pub(crate) store: StorePath,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Rows {
    Table,
    Json,
    Csv,
}
