//! [`Format`]: what kind of file holds an article.

use std::path::Path;

/// The kinds of files that hold articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text, one article.
    Text,
    /// A page, one article.
    Html,
    /// JSON Lines, one article a line.
    JsonLines,
}

impl Format {
    /// What the name of a file says, if it is one of the names of articles.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "html" | "htm" | "xhtml" | "shtml" => Some(Self::Html),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }

    /// What the first bytes look like.
    #[must_use]
    pub fn of_bytes(head: &[u8]) -> Self {
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
            ("txt", None),
        ] {
            assert_eq!(Format::of_name(Path::new(name)), format, "{name}");
        }
        for (head, format) in [
            ("  {\"text\":", Format::JsonLines),
            ("\u{FEFF}\n<!DOCTYPE html>", Format::Html),
            ("<p>友城</p>", Format::Html),
            ("<picture>", Format::Text),
            ("《友城》<p>", Format::Text),
            ("", Format::Text),
        ] {
            assert_eq!(Format::of_bytes(head.as_bytes()), format, "{head}");
        }
    }
}
