//! Standard output and standard error as people and programs see them.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use youcheng::notes::Why;

/// Standard output, buffered. Every result goes through here, so that a reader who has
/// gone is told apart from a pipe that broke elsewhere.
#[derive(Debug)]
pub(crate) struct Out(BufWriter<io::Stdout>);

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

pub(super) fn told(error: &io::Error) -> io::Error {
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

/// A title as a list shows it: on one line, harmless, and not longer than one.
#[cfg(any(feature = "store", test))]
pub(crate) fn titled(title: &str) -> String {
    const LONGEST: usize = 60;
    let title = on_one_line(title);
    match title.char_indices().nth(LONGEST) {
        Some((end, _)) => visible(&title[..end]) + "…",
        None => visible(&title),
    }
}

/// A message without line ends and without what would move the cursor.
pub(crate) fn on_one_line(text: &str) -> String {
    text.split(|c: char| c.is_control())
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
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
        assert_eq!(titled("友好\n城市"), "友好 城市");
        assert_eq!(titled(&"友".repeat(500)), ["友".repeat(60).as_str(), "…"].concat());
    }
}
