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
mod held;
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
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.use_stderr() && asks_for_json(std::env::args_os()) => {
            let message = error.to_string();
            let message = message.strip_prefix("error: ").unwrap_or(&message);
            Talk { quiet: false, format: LogFormat::Json }.failed(message);
            return ExitCode::from(2);
        }
        Err(error) => error.exit(),
    };
    let talk = Talk { quiet: args.quiet, format: args.log_format };
    #[cfg(feature = "store")]
    youcheng::query::end_on_damage(|reason| {
        anstream::eprintln!("youcheng: {}", terminal::on_one_line(reason));
        std::process::exit(2);
    });
    match run(args) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Skipped) => ExitCode::from(1),
        // Whoever reads our output has seen enough.
        Err(error) if is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            talk.failed(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whether arguments that cannot be understood as a whole ask for messages in JSON.
fn asks_for_json(args: impl IntoIterator<Item = OsString>) -> bool {
    let args: Vec<_> = args.into_iter().take_while(|arg| arg != "--").collect();
    args.iter().any(|arg| arg == "--log-format=json")
        || args.windows(2).any(|two| two[0] == "--log-format" && two[1] == "json")
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
    let talk = Talk { quiet: args.quiet, format: args.log_format };
    match args.command {
        Command::Extract(command) => extract::run(&command, talk),
        Command::Explain(command) => explain::run(&command, talk),
        Command::Eval(command) => eval::run(&command),
        Command::Rules(command) => rules::run(&command),
        Command::Place(command) => place::run(&command),
        Command::Clean(command) => clean::run(&command, talk),
        #[cfg(feature = "store")]
        Command::Ingest(command) => ingest::run(&command, talk),
        #[cfg(feature = "store")]
        Command::Query(command) => query::run(&command, talk),
        #[cfg(feature = "store")]
        Command::Export(command) => export::run(&command, talk),
        #[cfg(feature = "store")]
        Command::Duplicates(command) => duplicates::run(&command),
        #[cfg(feature = "store")]
        Command::Check(command) => check::run(&command),
        #[cfg(feature = "store")]
        Command::Stats(command) => stats::run(&command),
        #[cfg(feature = "store")]
        Command::Remove(command) => remove::remove(&command, talk.quiet),
        #[cfg(feature = "store")]
        Command::Reingest(command) => remove::reingest(&command, talk),
        #[cfg(feature = "store")]
        Command::Serve(command) => serve::run(&command, talk),
        #[cfg(feature = "store")]
        Command::ServeWorker(command) => serve::worker(&command),
    }
}
