//! `serve`.

use std::path::PathBuf;

use super::StorePath;
use clap::Parser;

/// Serve the graph: an explorer for browsers, SPARQL for programs.
///
/// Nothing can be changed unless --allow-update says so, and nobody but this machine can ask
/// unless --bind says so. While others ingest, what they wrote is shown once it is merged.
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
#[derive(Debug, Parser)]
pub(crate) struct ServeWorker {
    /// Megabytes that it may take; 0 is no limit.
    #[arg(long, default_value_t = 0)]
    pub(crate) memory: u64,
}
