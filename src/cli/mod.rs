//! The commands. The only place that prints.
#![allow(clippy::print_stderr, reason = "this is where people are told")]

mod args;
#[cfg(feature = "arrow")]
mod arrow;
#[cfg(feature = "store")]
mod check;
mod clean;
mod diff;
#[cfg(feature = "store")]
mod duplicates;
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
mod progress;
#[cfg(feature = "store")]
mod query;
#[cfg(feature = "store")]
mod remove;
mod rules;
#[cfg(feature = "store")]
mod serve;
mod shards;
mod sources;
#[cfg(feature = "store")]
mod stats;
mod terminal;

use std::{ffi::OsString, path::PathBuf, process::ExitCode, sync::OnceLock};

use clap::Parser as _;

use self::{
    args::{Args, Command},
    progress::{LogFormat, Talk},
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

/// Runs the command that the arguments of the program name.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    let format = args.log_format;
    match run(args) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Skipped) => ExitCode::from(1),
        // Whoever reads our output has seen enough.
        Err(error) if is_closed(&error) => ExitCode::SUCCESS,
        Err(error) if format == LogFormat::Json => {
            let message = terminal::on_one_line(&format!("{error:#}"));
            anstream::eprintln!("{}", serde_json::json!({"event": "failed", "reason": message}));
            ExitCode::from(2)
        }
        Err(error) => {
            anstream::eprintln!("youcheng: {}", terminal::on_one_line(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}

/// How a program that is not this one's file is started as this one, with which arguments.
static STARTED: OnceLock<(PathBuf, Vec<String>)> = OnceLock::new();

/// Says how the program that calls this starts another process that runs [`main`] or [`call`]
/// with the arguments after these. The first call counts.
pub fn started_by(program: PathBuf, arguments: Vec<String>) {
    let _ = STARTED.set((program, arguments));
}

/// What starts this program again.
#[cfg(feature = "store")]
fn program() -> std::io::Result<(PathBuf, Vec<String>)> {
    match STARTED.get() {
        Some(started) => Ok(started.clone()),
        None => Ok((std::env::current_exe()?, Vec::new())),
    }
}

/// Runs the command that these arguments name, the name of the program first, for a program
/// that goes on. Gives the exit code.
///
/// # Errors
///
/// What was wrong with the arguments, or why the command failed.
pub fn call(args: impl IntoIterator<Item = OsString>) -> Result<u8, String> {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) if error.use_stderr() => return Err(error.to_string()),
        // Help and version.
        Err(error) => {
            let _ = error.print();
            return Ok(0);
        }
    };
    match run(args) {
        Ok(outcome) => Ok(u8::from(outcome == Outcome::Skipped)),
        Err(error) if is_closed(&error) => Ok(0),
        Err(error) => Err(terminal::on_one_line(&format!("{error:#}"))),
    }
}

fn run(args: Args) -> anyhow::Result<Outcome> {
    let quiet = args.quiet;
    let talk = Talk { quiet, format: args.log_format };
    match args.command {
        Command::Extract(command) => extract::run(&command, talk),
        Command::Explain(command) => explain::run(&command),
        Command::Eval(command) => eval::run(&command),
        Command::Rules(command) => rules::run(&command),
        Command::Place(command) => place::run(&command),
        Command::Clean(command) => clean::run(&command, quiet),
        #[cfg(feature = "store")]
        Command::Ingest(command) => ingest::run(&command, talk),
        #[cfg(feature = "store")]
        Command::Query(command) => query::run(&command),
        #[cfg(feature = "store")]
        Command::Export(command) => export::run(&command, quiet),
        #[cfg(feature = "store")]
        Command::Duplicates(command) => duplicates::run(&command),
        #[cfg(feature = "store")]
        Command::Check(command) => check::run(&command),
        #[cfg(feature = "store")]
        Command::Stats(command) => stats::run(&command),
        #[cfg(feature = "store")]
        Command::Remove(command) => remove::remove(&command, quiet),
        #[cfg(feature = "store")]
        Command::Reingest(command) => remove::reingest(&command, quiet),
        #[cfg(feature = "store")]
        Command::Serve(command) => serve::run(&command, quiet),
        #[cfg(feature = "store")]
        Command::ServeWorker(command) => serve::worker(&command),
    }
}
