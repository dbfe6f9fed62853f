//! The arguments.

use std::{num::NonZero, path::PathBuf, thread};

use anyhow::Context as _;
use clap::{Args as Group, Parser, Subcommand};
use youcheng::{
    date::PartialDate,
    gazetteer::Gazetteer,
    pipeline::{self, Extractor, Options},
    place::CountryCode,
    read,
};

use super::{progress::LogFormat, sources::Sources};

/// youcheng (友城) reads Chinese news and builds a knowledge graph of city diplomacy.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Args {
    /// No progress and no summary; what is skipped is still named.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// How ingest and extract tell what they skip and how far they are, on standard error:
    /// text, or json with one object a line.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[cfg(feature = "store")]
    Ingest(Ingest),
    Extract(Extract),
    #[cfg(feature = "store")]
    Query(Query),
    #[cfg(feature = "store")]
    Export(Export),
    #[cfg(feature = "store")]
    Check(Check),
    #[cfg(feature = "store")]
    Stats(Stats),
    #[cfg(feature = "store")]
    Duplicates(Duplicates),
    #[cfg(feature = "store")]
    Remove(Remove),
    #[cfg(feature = "store")]
    Reingest(Reingest),
    #[cfg(feature = "store")]
    Serve(Serve),
    #[cfg(feature = "store")]
    #[command(hide = true)]
    ServeWorker(ServeWorker),
    Explain(Explain),
    Eval(Eval),
    #[command(subcommand)]
    Rules(Rules),
    Place(Place),
    Clean(Clean),
}

/// How articles are read and understood.
#[derive(Debug, Group)]
pub(crate) struct Reading {
    /// The publication date of articles that do not tell theirs: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    published: Option<PartialDate>,
    /// Leave out claims that are less sure than this, from 0 to 1.
    #[arg(long, value_name = "NUMBER", default_value_t = Options::default().min_confidence,
          value_parser = confidence)]
    min_confidence: f32,
    /// Read with the rules of this folder as well: agreement.toml, statistic.toml, table.toml.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    places: Places,
}

/// Which places there are.
#[derive(Debug, Group)]
pub(crate) struct Places {
    /// Add the places of a table of yours; its names come before those of the program.
    ///
    /// Tab-separated UTF-8 text. The first line names the columns: name and country, and any
    /// of level, id, parent, lat, lon, geonames, latin.
    #[arg(long, value_name = "FILE")]
    gazetteer: Option<PathBuf>,
}

impl Places {
    /// The places of the program and those of the user.
    pub(crate) fn open(&self) -> anyhow::Result<Gazetteer> {
        Ok(self.with_bytes()?.0)
    }

    /// The same, and the table of the user.
    fn with_bytes(&self) -> anyhow::Result<(Gazetteer, Option<Vec<u8>>)> {
        let ours = Gazetteer::new()?;
        let Some(path) = &self.gazetteer else { return Ok((ours, None)) };
        let name = path.display().to_string();
        let bytes = read::places(path).with_context(|| format!("{name}: cannot be read"))?;
        Ok((ours.with(&ours.check(&name, &bytes)?)?, Some(bytes)))
    }
}

impl Reading {
    /// The extractor, with the rules and places of the user. It lives as long as the program:
    /// to take it apart at the end takes longer than many an article.
    pub(crate) fn extractor(&self) -> anyhow::Result<&'static Extractor> {
        Ok(self.open()?.0)
    }

    /// The extractor, and the mark of what it reads by.
    pub(crate) fn open(&self) -> anyhow::Result<(&'static Extractor, u64)> {
        let options = Options { published: self.published, min_confidence: self.min_confidence };
        let rules = self.rules.as_deref().map(super::rules::folder).transpose()?;
        let rules = rules.unwrap_or_default();
        let (gazetteer, places) = self.places.with_bytes()?;
        let mark = pipeline::mark(options, &rules, places.as_deref());
        if options == Options::default() && rules.is_empty() && places.is_none() {
            return Ok((Extractor::standard()?, mark));
        }
        let extractor = Extractor::with(options, gazetteer, &rules)?;
        Ok((Box::leak(Box::new(extractor)), mark))
    }
}

fn confidence(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}

/// How many articles are worked on at a time.
#[derive(Debug, Group)]
pub(crate) struct Jobs {
    /// How many articles to work on at a time [default: one per processor].
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZero<usize>>,
}

impl Jobs {
    pub(crate) fn count(&self) -> NonZero<usize> {
        self.jobs
            .or_else(|| thread::available_parallelism().ok())
            .unwrap_or(NonZero::<usize>::MIN)
            .min(NonZero::new(1024).unwrap_or(NonZero::<usize>::MAX))
    }
}

#[cfg(feature = "store")]
#[derive(Debug, Group)]
pub(crate) struct StorePath {
    /// The folder of the graph.
    #[arg(long, value_name = "DIR", default_value = "kg")]
    pub(crate) store: PathBuf,
}

/// Read articles into the graph.
///
/// Takes text files, pages, JSON Lines (fields text or html, and title, url, published,
/// publisher), WARC files of crawlers and Parquet tables (columns as the fields of JSON
/// Lines); all but the last also packed with gzip, zstd or bzip2. Files that were read to
/// their end are not opened again, articles that are known are not read again, and killing
/// it at any moment loses and doubles nothing: run the same command again. An article that
/// has changed at its address takes the place of the one before.
#[cfg(feature = "store")]
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng ingest articles/
  youcheng ingest --store kg --published 2025-05-23 article.txt pages/ feed.jsonl
  youcheng ingest CC-NEWS-20250523.warc.gz feed.jsonl.zst table.parquet
  youcheng ingest 'crawl/2025-*/*.warc.gz'
  find crawl -newer last-night | youcheng ingest --files-from -
  youcheng ingest --refresh --rules my-rules
  youcheng ingest --shards shards/

Exit status: 0 done; 1 done, but some input was skipped; 2 failed.")]
pub(crate) struct Ingest {
    #[command(flatten)]
    pub(crate) sources: Sources,
    #[command(flatten)]
    pub(crate) store: StorePath,
    /// Read again what the graph holds and other rules, words or places were read by.
    #[arg(long)]
    pub(crate) refresh: bool,
    /// Bring in what `extract --format nquads` or parquet wrote, on this machine or on others:
    /// files, or folders of them, in any order.
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub(crate) shards: Vec<PathBuf>,
    /// Write after so many articles: for tests.
    #[arg(long, hide = true, value_name = "N")]
    batch: Option<NonZero<usize>>,
    /// Keep only the graph: no texts to show, to export, or to read again without their files.
    #[arg(long)]
    pub(crate) no_archive: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
}

#[cfg(feature = "store")]
impl Ingest {
    /// After how many articles to write.
    pub(crate) fn batch(&self) -> usize {
        self.batch.map_or(youcheng::ingest::ARTICLES, NonZero::get)
    }
}

/// Write what articles say as JSON Lines, without a graph.
///
/// One object per article, in the order of input, the same bytes for the same input
/// whatever the number of jobs. Offsets are Unicode code points into `text`. With --format
/// nquads or parquet, a shard: what `ingest` would store, for `ingest --shards`.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng extract article.txt
  youcheng extract --published 2025-05-23 pages/ | jq '.agreements[]'
  youcheng extract feed.jsonl.gz > facts.jsonl
  youcheng extract --format arrow table.parquet > facts.arrows
  youcheng extract --format nquads part-7/ | zstd > shards/part-7.nq.zst
  curl -s https://example.org/crawl.warc.gz | youcheng extract - > facts.jsonl

Exit status: 0 done; 1 done, but some input was skipped; 2 failed.")]
pub(crate) struct Extract {
    #[command(flatten)]
    pub(crate) sources: Sources,
    /// jsonl; arrow, where the program was built with it: a stream of Arrow record batches
    /// with the same fields as columns; nquads or parquet: a shard.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: ExtractFormat,
    /// Add the words of the text: [start, end, part-of-speech tag].
    #[arg(long, conflicts_with = "no_archive")]
    pub(crate) words: bool,
    /// Leave the texts out of a shard.
    #[arg(long)]
    pub(crate) no_archive: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) jobs: Jobs,
}

/// What `extract` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExtractFormat {
    #[default]
    Jsonl,
    #[cfg(feature = "arrow")]
    Arrow,
    Nquads,
    Parquet,
}

/// How a shard is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShardFormat {
    Nquads,
    Parquet,
}

impl ExtractFormat {
    /// The format of a shard.
    pub(crate) fn shard(self) -> Option<ShardFormat> {
        match self {
            Self::Jsonl => None,
            #[cfg(feature = "arrow")]
            Self::Arrow => None,
            Self::Nquads => Some(ShardFormat::Nquads),
            Self::Parquet => Some(ShardFormat::Parquet),
        }
    }
}

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

fn country(text: &str) -> Result<CountryCode, String> {
    CountryCode::new(text)
        .ok_or_else(|| "expected two capital letters, an ISO 3166-1 code as KZ".to_owned())
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

/// Ask the graph.
///
/// Takes a SPARQL query as argument, from a file, or by name. The prefixes yc, schema, oa,
/// prov, skos, dcterms, geo, xsd and the like need not be declared. A parameter is a
/// variable for which the query says VALUES ?name { UNDEF }.
#[cfg(feature = "store")]
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

#[cfg(feature = "store")]
fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.trim_start_matches(['?', '$']).to_owned(), value.to_owned()))
}

#[cfg(feature = "store")]
fn format(name: &str) -> Result<youcheng::query::Format, String> {
    use youcheng::query::Format;
    Format::ALL
        .into_iter()
        .find(|format| format.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Format::ALL.map(Format::name).join(", ")))
}

/// Write what the store holds for others: a dataset in a folder, or one file.
///
/// --to DIR without --format writes a dataset fit to be published: the tables (agreements,
/// events, claims with their sentences, places, articles, statistics) as CSV, Parquet and JSON
/// Lines, the graph, map and network files, and their descriptions; its README.md says what
/// is in it. With --format one file is written: csv is the table of agreements, nquads, trig,
/// turtle and jsonld are the whole graph. What is written appears whole or not at all.
#[cfg(feature = "store")]
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng export --to dataset
  youcheng export --to japan --country JP --kind sister-city --years 1972-1999
  youcheng export --to excel --bom --no-graph
  youcheng export --format csv > agreements.csv
  youcheng export --format nquads --to - | gzip > graph.nq.gz")]
pub(crate) struct Export {
    /// Write one file: csv, nquads, turtle, trig or jsonld [default without --to: csv].
    #[arg(long, value_parser = export_format)]
    pub(crate) format: Option<youcheng::export::Format>,
    /// The folder of the dataset, or with --format the file; - for standard output.
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Only agreements with a party in this country (ISO code); can be given several times.
    #[arg(long, value_name = "CC", value_parser = country)]
    pub(crate) country: Vec<youcheng::place::CountryCode>,
    /// Only agreements with a party that is this unit or lies in it, by name or key.
    #[arg(long, value_name = "NAME")]
    pub(crate) province: Vec<String>,
    /// Only agreements that came about in these years, as 1979-1989, 1979- or 1979.
    #[arg(long, value_name = "FROM-TO", value_parser = years)]
    pub(crate) years: Option<(i16, i16)>,
    /// Only agreements of this kind, as sister-city.
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Vec<youcheng::agreement::Kind>,
    /// Only agreements of this status, as terminated.
    #[arg(long, value_parser = status)]
    pub(crate) status: Vec<youcheng::agreement::Status>,
    /// Only agreements of which a claim is at least this sure, 0 to 1.
    #[arg(long, value_name = "CONFIDENCE", default_value_t = 0.0, value_parser = share)]
    pub(crate) confidence: f64,
    /// Only agreements that this SPARQL query answers.
    #[arg(long, value_name = "SPARQL")]
    pub(crate) query: Option<String>,
    /// Begin CSV files with a byte-order mark, for Excel.
    #[arg(long)]
    pub(crate) bom: bool,
    /// Put the clean texts into the table of articles.
    #[arg(long)]
    pub(crate) with_text: bool,
    /// Leave the graph out.
    #[arg(long)]
    pub(crate) no_graph: bool,
    #[command(flatten)]
    pub(crate) store: StorePath,
}

#[cfg(feature = "store")]
impl Export {
    /// Whether anything was asked for that only a dataset in a folder has.
    pub(crate) fn is_for_folders(&self) -> bool {
        let Self { country, province, years, kind, status, confidence, query, .. } = self;
        let lists = [country.len(), province.len(), kind.len(), status.len()];
        lists.iter().any(|&len| len > 0)
            || years.is_some()
            || *confidence > 0.0
            || query.is_some()
            || self.bom
            || self.with_text
            || self.no_graph
    }
}

#[cfg(feature = "store")]
fn kind(name: &str) -> Result<youcheng::agreement::Kind, String> {
    use youcheng::agreement::Kind;
    Kind::ALL
        .into_iter()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Kind::ALL.map(Kind::name).join(", ")))
}

#[cfg(feature = "store")]
fn status(name: &str) -> Result<youcheng::agreement::Status, String> {
    use youcheng::agreement::Status;
    Status::ALL
        .into_iter()
        .find(|status| status.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Status::ALL.map(Status::name).join(", ")))
}

#[cfg(feature = "store")]
fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// The first and the last year of a span of years.
#[cfg(feature = "store")]
fn years(text: &str) -> Result<(i16, i16), String> {
    let year = |text: &str, open: i16| match text.trim() {
        "" => Some(open),
        year => year.parse().ok().filter(|year| (1..=9999).contains(year)),
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (year(first, 1), year(last, 9999)) {
        (Some(first), Some(last)) if first <= last && !text.trim_matches('-').is_empty() => {
            Ok((first, last))
        }
        _ => Err("expected years, as 1979-1989, 1979- or 1979".to_owned()),
    }
}

#[cfg(feature = "store")]
fn export_format(name: &str) -> Result<youcheng::export::Format, String> {
    use youcheng::export::Format;
    Format::ALL
        .into_iter()
        .find(|format| format.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Format::ALL.map(Format::name).join(", ")))
}

/// Look for what may be wrong with the graph.
///
/// Each finding names its article and says how to mend it. The checks are those of the
/// shapes in ontology/shapes.ttl, and what only contradicts common sense.
#[cfg(feature = "store")]
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
#[cfg(feature = "store")]
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

/// Serve the graph: an explorer for browsers, SPARQL for programs.
///
/// Nothing can be changed unless --allow-update says so, and nobody but this machine can ask
/// unless --bind says so. While others ingest, what they wrote is shown once it is merged.
#[cfg(feature = "store")]
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng serve
  youcheng serve --store kg --bind 127.0.0.1:8080
  curl -H 'Accept: text/csv' --data-urlencode 'query=SELECT * { ?s ?p ?o } LIMIT 3' \\
    http://127.0.0.1:7878/sparql
  YOUCHENG_TOKEN=$(openssl rand -hex 16) youcheng serve --allow-update")]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) store: StorePath,
    /// Where to listen: address and port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7878")]
    pub(crate) bind: std::net::SocketAddr,
    /// A name by which this machine is asked, besides localhost and its addresses. May be
    /// given again.
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// Let pages of this origin ask, as `https://example.org`, or * for any. May be given again.
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,
    /// Stop a query after this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
    /// Refuse answers of more rows than this.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub(crate) rows: u64,
    /// Evaluate this many queries at once; others wait. [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    pub(crate) queries: Option<usize>,
    /// Let a query take this many megabytes; 0 is no limit.
    #[arg(long, value_name = "MB", default_value_t = 2048)]
    pub(crate) memory: u64,
    /// Let clients that know a token change the store with SPARQL. The token stands in
    /// --token-file or in the variable YOUCHENG_TOKEN.
    #[arg(long)]
    pub(crate) allow_update: bool,
    /// A file with the token.
    #[arg(long, value_name = "FILE", requires = "allow_update")]
    pub(crate) token_file: Option<PathBuf>,
}

/// A process of the server; not for people.
#[cfg(feature = "store")]
#[derive(Debug, Parser)]
pub(crate) struct ServeWorker {
    /// Megabytes that it may take; 0 is no limit.
    #[arg(long, default_value_t = 0)]
    pub(crate) memory: u64,
}

/// List the articles that tell the same story.
///
/// Of each story the article published first is the original; what its copies claim is no
/// second report. Larger clusters come first.
#[cfg(feature = "store")]
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
#[cfg(feature = "store")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Rows {
    Table,
    Json,
    Csv,
}

/// Which articles are meant: those that fit all that is given.
#[cfg(feature = "store")]
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
#[cfg(feature = "store")]
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
#[cfg(feature = "store")]
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Args::command().debug_assert();
    }

    #[cfg(feature = "store")]
    #[test]
    fn years_are_a_span() {
        use super::years;
        assert_eq!(years("1979-1989"), Ok((1979, 1989)));
        assert_eq!(years("1979-"), Ok((1979, 9999)));
        assert_eq!(years("-1989"), Ok((1, 1989)));
        assert_eq!(years("1979"), Ok((1979, 1979)));
        for wrong in ["", "-", "1989-1979", "x", "1979-1980-1981"] {
            assert!(years(wrong).is_err(), "{wrong}");
        }
    }
}
