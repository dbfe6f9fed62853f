//! Articles of a store as people are told of them, and why one cannot be read again.

use std::path::Path;

use youcheng::holdings::Held;

use super::{progress::Talk, terminal::on_one_line};

/// Where an article was read.
pub(super) fn source(held: &Held) -> String {
    let file = held.file.as_deref().or(held.url.as_deref()).unwrap_or("<stdin>");
    let line = held.line.map(|line| format!(":{line}")).unwrap_or_default();
    on_one_line(&[file, &line].concat())
}

/// Why an article cannot be read again, if its file need not be opened to tell.
pub(super) fn gone(held: &Held) -> Option<&'static str> {
    match &held.file {
        None => Some("was read from standard input, which is gone"),
        Some(file) if Path::new(file).exists() => None,
        Some(file) if file.contains(char::REPLACEMENT_CHARACTER) => Some(
            "the name of its file is not UTF-8, and the graph does not keep all of it; \
             give the file to ingest by its name",
        ),
        Some(_) => Some("is no longer there"),
    }
}

/// Names an article that is not read again.
pub(super) fn skip(talk: Talk, held: &Held, why: &str) {
    let reason = format!("{}: {why}; {} stays as it is", source(held), held.id);
    talk.skips(held.file.as_deref(), held.line, &reason);
}
