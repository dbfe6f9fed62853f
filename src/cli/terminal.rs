//! Standard output and standard error as people and programs see them.

use std::{
    env, fmt,
    io::{self, BufWriter, IsTerminal, Write},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use youcheng::{batch::Skip, notes::Why};

/// Standard output, buffered. Every result goes through here, so that a reader who has
/// gone is told apart from a pipe that broke elsewhere.
#[derive(Debug)]
pub(crate) struct Out(BufWriter<io::Stdout>);

/// A program that shows a long answer page by page, as `PAGER` names it; `less` when it
/// names none.
#[derive(Debug)]
pub(crate) struct Pager {
    child: Child,
    out: Option<BufWriter<ChildStdin>>,
}

impl Pager {
    /// Starts it. `None` when standard output is no terminal, when `PAGER` is empty or
    /// `cat`, and when the program cannot be started: then the answer is simply printed.
    pub(crate) fn start() -> Option<Self> {
        if !io::stdout().is_terminal() {
            return None;
        }
        let line = env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
        let mut words = line.split_whitespace();
        let program = words.next().filter(|&program| program != "cat")?;
        let mut command = Command::new(program);
        command.args(words).stdin(Stdio::piped());
        // An answer that fits the screen stays on it; the table's width is the screen's.
        if env::var_os("LESS").is_none() {
            command.env("LESS", "FRX");
        }
        let mut child = command.spawn().ok()?;
        let out = child.stdin.take().map(BufWriter::new);
        Some(Self { child, out })
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes).map_err(|error| told(&error)),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Some(out) => out.flush().map_err(|error| told(&error)),
            None => Ok(()),
        }
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        // Its end of the pipe is closed first, so that it knows that there is no more.
        self.out = None;
        let _ = self.child.wait();
    }
}

/// The reader of standard output has gone.
#[derive(Debug, thiserror::Error)]
#[error("standard output is closed")]
struct Closed;

impl Out {
    pub(crate) fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, io::stdout()))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(|error| told(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(|error| told(&error))
    }
}

fn told(error: &io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => io::Error::new(io::ErrorKind::BrokenPipe, Closed),
        kind => io::Error::new(kind, format!("standard output: {error}")),
    }
}

/// Whether an error says that nobody reads our output any more.
pub(crate) fn is_closed(error: &anyhow::Error) -> bool {
    // `io::Error` hides what it wraps from `source`, so each cause is looked into.
    error.chain().any(|cause| {
        cause.is::<Closed>()
            || cause
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref)
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Closed>)
    })
}

/// Counts the files that folders hold beside their articles, on one line of standard error.
pub(crate) fn bystanders(count: usize) {
    match count {
        0 => {}
        1 => anstream::eprintln!("1 file is no article, or was named twice: left alone"),
        _ => anstream::eprintln!("{count} files are no articles, or were named twice: left alone"),
    }
}

/// Names what was skipped, on one line of standard error.
pub(crate) fn skipped(skip: &Skip) {
    anstream::eprintln!("skipped {}", on_one_line(&skip.to_string()));
}

/// A message without line ends and without what would move the cursor.
pub(crate) fn on_one_line(text: &str) -> String {
    text.split(|c: char| c.is_control())
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The paths to read; standard input when none is given, unless a person would have to
/// type it.
pub(crate) fn inputs(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    if paths.is_empty() {
        anyhow::ensure!(
            !io::stdin().is_terminal(),
            "nothing to read: give files or folders, or - for standard input"
        );
        return Ok(vec![PathBuf::from("-")]);
    }
    Ok(paths.to_vec())
}

/// How far a long command is, on a terminal.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        if quiet || !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Says where things stand.
    pub(crate) fn say(&self, message: impl fmt::Display) {
        if !self.0.is_hidden() {
            self.0.set_message(message.to_string());
        }
    }

    /// Prints something without the bar getting in the way.
    pub(crate) fn aside(&self, print: impl FnOnce()) {
        self.0.suspend(print);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// The name that the wire has for a reason, so that there is one list of names.
pub(crate) fn reason(why: Why) -> String {
    wire_name(why)
}

/// The name that the wire has for something.
pub(crate) fn wire_name(of: impl Serialize) -> String {
    let value = serde_json::to_value(of).ok();
    value.as_ref().and_then(|name| name.as_str()).unwrap_or_default().to_owned()
}

/// Text of an article as a terminal may be given it: no escape sequences, no marks that
/// turn its direction around.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// `1 article`, `2 articles`.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_kept_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_reader_who_left_is_recognised_however_deep_it_is_wrapped() {
        let error = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(!is_closed(&anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe))));
        let error = anyhow::Error::from(told(&error)).context("writing");
        assert!(is_closed(&error));
    }

    #[test]
    fn messages_stay_on_one_line() {
        assert_eq!(on_one_line("a\nb\u{1b}[31m  c\r\n"), "a b [31m  c");
    }
}
