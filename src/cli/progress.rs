//! How far a long command is: a bar on a terminal, lines elsewhere, JSON for machines.

use std::{
    fmt,
    io::{self, IsTerminal as _},
    sync::{Arc, OnceLock},
    thread,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use youcheng::{
    batch::Skip,
    read::{Meter, Reader, Wanted},
};

use super::terminal::{count, grouped, on_one_line};

/// How often it is said where there is no terminal.
const EVERY: Duration = Duration::from_secs(30);
/// How often a program is told.
const EVERY_JSON: Duration = Duration::from_secs(5);

/// How people, or programs, are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Whether and how a command speaks of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Talk {
    pub(crate) quiet: bool,
    pub(crate) format: LogFormat,
}

impl Talk {
    /// Says something on standard error: a line for people, or an event for a program, with
    /// what else is known of it.
    fn say(self, line: &str, event: &serde_json::Value) {
        match self.format {
            LogFormat::Text => anstream::eprintln!("{line}"),
            LogFormat::Json => anstream::eprintln!("{event}"),
        }
    }

    /// Says why the command failed.
    pub(crate) fn failed(self, reason: &str) {
        let reason = on_one_line(reason);
        self.say(
            &format!("youcheng: {reason}"),
            &json!({"event": "failed", "reason": reason.as_str()}),
        );
    }

    /// Says something that is worth knowing and no failure.
    #[cfg(feature = "store")]
    pub(crate) fn warn(self, what: &str) {
        let what = on_one_line(what);
        self.say(
            &format!("youcheng: {what}"),
            &json!({"event": "warning", "reason": what.as_str()}),
        );
    }

    /// Names what was skipped.
    pub(crate) fn skipped(self, skip: &Skip) {
        let at = skip.at();
        let file = at.and_then(|at| at.file.as_ref()).map(|file| file.to_string_lossy());
        self.skips(file.as_deref(), at.and_then(|at| at.line), &skip.to_string());
    }

    /// The same of what is no input: the article of a file, and why.
    pub(crate) fn skips(self, file: Option<&str>, line: Option<u32>, reason: &str) {
        let reason = on_one_line(reason);
        self.say(
            &format!("skipped {reason}"),
            &json!({"event": "skipped", "file": file, "line": line, "reason": reason.as_str()}),
        );
    }

    /// Counts the files that folders hold beside their articles, and the records of crawls
    /// that hold no page. Programs are told by the end of the command.
    pub(crate) fn bystanders(self, count: usize) {
        if self.quiet || self.format == LogFormat::Json {
            return;
        }
        match count {
            0 => {}
            1 => anstream::eprintln!(
                "1 file or record is no article, or was named twice: left alone"
            ),
            _ => anstream::eprintln!(
                "{count} files and records are no articles, or were named twice: left alone"
            ),
        }
    }
}

/// What has been done so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    pub(crate) articles: usize,
    pub(crate) agreements: Option<usize>,
    pub(crate) skips: usize,
}

/// How far a long command is.
pub(crate) struct Progress {
    bar: ProgressBar,
    talk: Talk,
    start: Instant,
    last: Option<Instant>,
    /// Bytes of files that were read.
    meter: Option<Arc<Meter>>,
    /// Bytes of all files, when they have been asked.
    total: Arc<OnceLock<u64>>,
}

impl Progress {
    pub(crate) fn new(talk: Talk) -> Self {
        let is_bar = !talk.quiet && talk.format == LogFormat::Text && io::stderr().is_terminal();
        let bar = if is_bar {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5))
        } else {
            ProgressBar::hidden()
        };
        style(&bar, "{spinner} {elapsed} {msg}");
        if is_bar {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let start = Instant::now();
        Self { bar, talk, start, last: None, meter: None, total: Arc::default() }
    }

    /// Also says how much of the files is read, and how long the rest will take. Their sizes
    /// are asked on the side: folders may be large.
    pub(crate) fn of(mut self, reader: &Reader, wanted: &Wanted) -> Self {
        self.meter = Some(reader.meter());
        if !self.talk.quiet {
            let (total, wanted) = (Arc::clone(&self.total), wanted.clone());
            thread::spawn(move || {
                if let Some(bytes) = wanted.bytes() {
                    let _ = total.set(bytes);
                }
            });
        }
        self
    }

    /// Says where things stand.
    pub(crate) fn say(&self, message: impl fmt::Display) {
        if !self.bar.is_hidden() {
            self.bar.set_message(message.to_string());
        }
    }

    /// Says what has been done, if it is time to.
    pub(crate) fn at(&mut self, done: Done) {
        let bytes = self.meter.as_ref().map(|meter| meter.bytes());
        if !self.bar.is_hidden() {
            if let (Some(bytes), Some(total)) = (bytes, self.total.get()) {
                if self.bar.length().is_none() {
                    let bar = "{elapsed} [{bar:24}] {bytes} of {total_bytes}, {bytes_per_sec}, \
                               {eta} left, {msg}";
                    style(&self.bar, bar);
                    self.bar.set_length(*total);
                }
                self.bar.set_position(bytes);
            }
            self.bar.set_message(sentence(done));
            return;
        }
        let every = if self.talk.format == LogFormat::Json { EVERY_JSON } else { EVERY };
        if self.talk.quiet || self.last.unwrap_or(self.start).elapsed() < every {
            return;
        }
        self.last = Some(Instant::now());
        match self.talk.format {
            LogFormat::Json => self.event("progress", done),
            LogFormat::Text => anstream::eprintln!("{}", self.line(done, bytes)),
        }
    }

    /// One line of how far it is.
    fn line(&self, done: Done, bytes: Option<u64>) -> String {
        let seconds = self.start.elapsed().as_secs_f64();
        let mut line = format!("{seconds:.0} s: {}", sentence(done));
        if let Some(bytes) = bytes {
            let rate = bytes as f64 / seconds.max(0.001);
            line += &format!(", {:.1} MB at {:.1} MB/s", bytes as f64 / 1e6, rate / 1e6);
            if let Some(left) = self.total.get().and_then(|total| total.checked_sub(bytes)) {
                line += &format!(", about {:.0} s left", left as f64 / rate.max(1.0));
            }
        }
        line
    }

    fn event(&self, event: &str, done: Done) {
        let bytes = self.meter.as_ref().map(|meter| meter.bytes());
        let line = json!({
            "event": event,
            "seconds": self.start.elapsed().as_millis() as f64 / 1e3,
            "articles": done.articles,
            "agreements": done.agreements,
            "skipped": done.skips,
            "bytes": bytes,
            "bytes_total": self.total.get(),
        });
        anstream::eprintln!("{line}");
    }

    /// Names what was skipped.
    pub(crate) fn skipped(&self, skip: &Skip) {
        self.aside(|| self.talk.skipped(skip));
    }

    /// Says that something is not as it should be.
    #[cfg(feature = "store")]
    pub(crate) fn warn(&self, reason: &str) {
        self.aside(|| self.talk.warn(reason));
    }

    /// Prints something without the bar getting in the way.
    pub(crate) fn aside(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Takes the bar away and says, to a program, that all is done.
    pub(crate) fn end(&self, done: Done) {
        self.finish();
        if self.talk.format == LogFormat::Json && !self.talk.quiet {
            self.event("done", done);
        }
    }
}

fn sentence(done: Done) -> String {
    let mut text = count(done.articles, "article", "articles");
    if let Some(agreements) = done.agreements {
        text += &format!(", {}", count(agreements, "agreement", "agreements"));
    }
    if done.skips > 0 {
        text += &format!(", {} skipped", grouped(done.skips));
    }
    text
}

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
}
