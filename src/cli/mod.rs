//! The commands. The only place that prints.
#![allow(clippy::print_stderr, reason = "this is where people are told")]

mod args;
#[cfg(feature = "store")]
mod check;
mod clean;
mod diff;
mod eval;
mod explain;
#[cfg(feature = "store")]
mod export;
mod extract;
#[cfg(feature = "store")]
mod ingest;
#[cfg(feature = "store")]
mod pager;
mod place;
#[cfg(feature = "store")]
mod query;
#[cfg(feature = "store")]
mod remove;
mod rules;
mod sources;
#[cfg(feature = "store")]
mod stats;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use self::{
    args::{Args, Command},
    terminal::is_closed,
};

/// What came of a command that did what it could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was done.
    Done,
    /// Some input was skipped, each named on standard error.
    Skipped,
}

/// Runs the command that the arguments name.
pub(crate) fn main() -> ExitCode {
    let args = Args::parse();
    let quiet = args.quiet;
    let outcome = match args.command {
        Command::Extract(command) => extract::run(&command, quiet),
        Command::Explain(command) => explain::run(&command),
        Command::Eval(command) => eval::run(&command),
        Command::Rules(command) => rules::run(&command),
        Command::Place(command) => place::run(&command),
        Command::Clean(command) => clean::run(&command, quiet),
        #[cfg(feature = "store")]
        Command::Ingest(command) => ingest::run(&command, quiet),
        #[cfg(feature = "store")]
        Command::Query(command) => query::run(&command),
        #[cfg(feature = "store")]
        Command::Export(command) => export::run(&command, quiet),
        #[cfg(feature = "store")]
        Command::Check(command) => check::run(&command),
        #[cfg(feature = "store")]
        Command::Stats(command) => stats::run(&command),
        #[cfg(feature = "store")]
        Command::Remove(command) => remove::remove(&command, quiet),
        #[cfg(feature = "store")]
        Command::Reingest(command) => remove::reingest(&command, quiet),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Skipped) => ExitCode::from(1),
        // Whoever reads our output has seen enough.
        Err(error) if is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("youcheng: {}", terminal::on_one_line(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}
