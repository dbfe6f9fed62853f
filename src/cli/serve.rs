//! `youcheng serve`: the graph for browsers and programs.

use std::{
    env, fs,
    io::{self, Write as _},
    time::Duration,
};

use anyhow::Context as _;
use youcheng::serve::{Limits, Options, Server, work};

use super::{Outcome, args, progress::Talk, terminal::Out};

/// Where a token may stand.
const TOKEN: &str = "YOUCHENG_TOKEN";

/// What is short can be guessed.
const SHORTEST: usize = 16;

pub(crate) fn run(args: &args::Serve, talk: Talk) -> anyhow::Result<Outcome> {
    let token = if args.allow_update { Some(token(args)?) } else { None };
    let (program, mut worker) = super::program().context("cannot tell which program this is")?;
    worker.extend(["serve-worker".to_owned(), "--memory".to_owned(), args.memory.to_string()]);
    let options = Options {
        store: args.store.store.clone(),
        bind: args.bind,
        hosts: args.host.clone(),
        origins: args.allow_origin.clone(),
        token,
        worker: (program, worker),
        limits: Limits {
            timeout: Duration::from_secs(args.timeout),
            rows: args.rows,
            queries: args.queries.unwrap_or(Limits::default().queries),
            ..Limits::default()
        },
    };
    let server = Server::start(options)
        .with_context(|| format!("cannot serve {} at {}", args.store.store.display(), args.bind))?;
    end_when_told(&server).context("cannot listen for signals")?;
    let address = server.address();
    if !talk.quiet {
        let mut out = Out::new();
        writeln!(out, "Serving {} at http://{address}/", args.store.store.display())?;
        writeln!(out, "SPARQL  http://{address}/sparql")?;
        out.flush()?;
    }
    if !address.ip().is_loopback() {
        talk.warn("anybody who reaches this machine can read the graph; nothing is encrypted");
    }
    server.join();
    Ok(Outcome::Done)
}

/// Ends in order when the program is told to: by Ctrl-C, by its system, by the end of its
/// terminal.
#[cfg(unix)]
fn end_when_told(server: &Server) -> io::Result<()> {
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
    };
    let farewell = server.farewell();
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            farewell();
            std::process::exit(0);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as elsewhere")]
fn end_when_told(_: &Server) -> io::Result<()> {
    Ok(())
}

/// The token that changes need, from a file or from the environment: an argument could be
/// read by everybody on the machine.
fn token(args: &args::Serve) -> anyhow::Result<String> {
    let token = match &args.token_file {
        Some(file) => fs::read_to_string(file)
            .with_context(|| format!("{}: the token cannot be read", file.display()))?,
        None => env::var(TOKEN)
            .with_context(|| format!("--allow-update needs --token-file, or a token in {TOKEN}"))?,
    };
    let token = token.trim().to_owned();
    anyhow::ensure!(
        token.len() >= SHORTEST,
        "the token has fewer than {SHORTEST} characters; make one with `openssl rand -hex 16`"
    );
    Ok(token)
}

/// A process of the server that evaluates queries.
pub(crate) fn worker(args: &args::ServeWorker) -> anyhow::Result<Outcome> {
    let memory = (args.memory > 0).then_some(args.memory << 20);
    work(io::stdin(), io::stdout(), memory)?;
    Ok(Outcome::Done)
}
