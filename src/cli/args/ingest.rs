//! `ingest` and `extract`, and where the graph is.

#[cfg(feature = "store")]
use std::{num::NonZero, path::PathBuf};

#[cfg(feature = "store")]
use clap::Args as Group;
use clap::Parser;

use super::{Jobs, Reading};
use crate::cli::sources::Sources;

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
