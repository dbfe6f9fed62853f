//! The arguments.

mod explain;
#[cfg(feature = "store")]
mod export;
mod ingest;
#[cfg(feature = "store")]
mod query;
mod reading;
#[cfg(feature = "store")]
mod remove;
#[cfg(feature = "store")]
mod serve;

use clap::{Parser, Subcommand};

#[cfg(feature = "arrow")]
pub(crate) use self::ingest::ExtractFormat;
pub(crate) use self::{
    explain::{Clean, Eval, Explain, ExplainRules, Place, Rules, TestRules},
    ingest::{Extract, ShardFormat},
    reading::{Jobs, Places, Reading},
};
#[cfg(feature = "store")]
pub(crate) use self::{
    export::Export,
    ingest::{Ingest, StorePath},
    query::{Check, Duplicates, Query, Rows, Stats},
    remove::{Reingest, Remove, Which},
    serve::{Serve, ServeWorker},
};
use super::progress::LogFormat;

/// youcheng (友城) reads Chinese news and builds a knowledge graph of city diplomacy.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Args {
    /// No progress and no summary; what is skipped is still named.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// How commands tell what they skip, how far they are and why they failed, on standard error:
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Args::command().debug_assert();
    }
}
