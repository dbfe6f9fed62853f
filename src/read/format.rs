//! [`Format`]: what kind of file holds articles.

use std::{ffi::OsStr, path::Path};

use super::codec::Packing;

/// The kinds of files that hold articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text, one article.
    Text,
    /// A page, one article.
    Html,
    /// JSON Lines, one article a line.
    JsonLines,
    /// What a crawler keeps, one page a record.
    Warc,
    /// A table with a column of texts or pages, one article a row.
    Parquet,
    /// The same as a stream of Arrow record batches.
    Arrow,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Html, Self::JsonLines, Self::Warc, Self::Parquet, Self::Arrow];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::JsonLines => "jsonl",
            Self::Warc => "warc",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// What the name of a file says, if it is one of the names of articles. How it is packed
    /// (`.gz`, `.zst`, `.bz2`) says nothing.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let lower = |name: &OsStr| name.to_str().map(str::to_ascii_lowercase);
        let mut extension = lower(path.extension()?)?;
        if Packing::of_extension(&extension).is_some() {
            extension = lower(Path::new(path.file_stem()?).extension()?)?;
        }
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "html" | "htm" | "xhtml" | "shtml" => Some(Self::Html),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "warc" | "wet" => Some(Self::Warc),
            "parquet" => Some(Self::Parquet),
            "arrows" => Some(Self::Arrow),
            _ => None,
        }
    }

    /// What the first bytes look like.
    #[must_use]
    pub fn of_bytes(head: &[u8]) -> Self {
        if head.starts_with(b"WARC/") {
            return Self::Warc;
        }
        if head.starts_with(b"PAR1") {
            return Self::Parquet;
        }
        // The schema comes first: a mark, and the length of what follows.
        if head.starts_with(&[0xFF; 4]) {
            return Self::Arrow;
        }
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let mark = head.iter().take_while(|b| **b >= 0xFE).count();
        // In UTF-16 a zero stands beside the bracket; so does none in text.
        let open = matches!(&head[mark..], [b'{', ..] | [0, b'{', ..]);
        // An array is said to be none when its first line is read.
        if open || matches!(head, [b'[', b'{' | b'\n' | b'\r', ..]) {
            return Self::JsonLines;
        }
        if looks_like_markup(head) { Self::Html } else { Self::Text }
    }
}

/// Whether it begins with a declaration, a comment or one of the tags pages begin with.
fn looks_like_markup(head: &[u8]) -> bool {
    const STARTS: [&str; 22] = [
        "!doctype", "!--", "?xml", "html", "head", "body", "meta", "title", "link", "script",
        "style", "div", "p", "table", "h1", "h2", "ul", "ol", "span", "article", "section", "font",
    ];
    // A page in UTF-16 has a zero beside every letter of its tags.
    let letters: Vec<u8> =
        head.iter().skip_while(|b| **b >= 0xFE).filter(|b| **b != 0).take(16).copied().collect();
    let Some(rest) = letters.trim_ascii_start().strip_prefix(b"<") else { return false };
    STARTS.iter().any(|start| {
        rest.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start.as_bytes()))
            && (start.starts_with(['!', '?'])
                || rest.get(start.len()).is_none_or(|b| !b.is_ascii_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_the_first_bytes_tell_the_format() {
        for (name, format) in [
            ("a.txt", Some(Format::Text)),
            ("a.HTM", Some(Format::Html)),
            ("a.tar.ndjson", Some(Format::JsonLines)),
            ("a.json", None),
            ("CC-MAIN-0.warc.GZ", Some(Format::Warc)),
            ("a.html.zst", Some(Format::Html)),
            ("a.tar.gz", None),
            ("a.gz", None),
            ("txt", None),
        ] {
            assert_eq!(Format::of_name(Path::new(name)), format, "{name}");
        }
        for (head, format) in [
            ("  {\"text\":", Format::JsonLines),
            ("\u{FEFF}\n<!DOCTYPE html>", Format::Html),
            ("<p>友城</p>", Format::Html),
            ("<picture>", Format::Text),
            ("WARC/1.0\r\n", Format::Warc),
            ("《友城》<p>", Format::Text),
            ("", Format::Text),
        ] {
            assert_eq!(Format::of_bytes(head.as_bytes()), format, "{head}");
        }
    }
}
