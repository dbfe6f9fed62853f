//! What must hold whatever is read: spans lie in their text and on its characters, quotes are
//! the text at their spans, edits can be undone, dates exist, the same input gives the same
//! output, and no output outgrows its input.

mod files;
mod rules;
mod sound;
mod texts;

use std::sync::LazyLock;

use youcheng::{
    pipeline::{Extractor, Options},
    read::{Limits, Reader},
};

/// A target: its name, and what is done with the bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 9] = [
    ("html", texts::html),
    ("text", texts::text),
    ("pinyin", texts::pinyin),
    ("dates", texts::dates),
    ("rules", rules::rules),
    ("jsonl", files::jsonl),
    ("warc", files::warc),
    ("parquet", files::parquet),
    ("codecs", files::codecs),
];

/// Checks one input of the target of this name.
///
/// # Panics
///
/// If something does not hold, or there is no such target.
pub fn check(target: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    found.expect("one of the targets").1(bytes);
}

/// What a record may hold: small, so that what is too long is met.
pub const RECORD: usize = 64 << 10;

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(Options::default()).expect("the data is right"));

static READER: LazyLock<Reader> = LazyLock::new(|| {
    Reader::new(Limits { record: RECORD, ..Limits::default() }).expect("the data is right")
});
