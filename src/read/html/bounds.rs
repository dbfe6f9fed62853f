//! Whether a page can be parsed in reasonable time, told before it is.
//!
//! html5ever takes time that grows with the square of the depth, and with the square of
//! the attributes of one element. One linear scan over the tags bounds both. It need not
//! be exact, but must not be lower than the truth by more than a small factor, whatever
//! the input: end tags that close nothing are ignored, as the parser does, and formatting
//! elements that are never closed are counted for ever, because the parser opens them
//! again in every block.

use std::{collections::HashMap, sync::LazyLock};

use memchr::{memchr, memmem};
use rustc_hash::FxBuildHasher;

use crate::read::{Limits, error::Hostile};

/// Elements that have no content.
const VOID: [&str; 18] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "keygen", "frame", "basefont", "bgsound",
];
/// Elements that the next of their kind closes: as deep as the ones that hold them.
const CLOSED_BY_NEXT: [&str; 17] = [
    "html", "head", "body", "p", "li", "dd", "dt", "option", "optgroup", "tr", "td", "th", "tbody",
    "thead", "tfoot", "colgroup", "caption",
];
/// Elements whose content is text up to their end tag.
const TEXT: [&str; 9] =
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript"];
/// Elements that are opened again after they were closed by the end of a block.
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Elements whose content says nothing to a reader; it is not given to the parser, which
/// would spend most of its time on it.
const MUTE: [&str; 6] = ["script", "style", "iframe", "noembed", "noframes", "noscript"];

/// Elements that most pages have besides: known by their numbers they are counted faster.
const COMMON: [&str; 18] = [
    "div", "span", "ul", "ol", "dl", "table", "section", "article", "header", "footer", "nav",
    "aside", "main", "h1", "h2", "h3", "svg", "math",
];

/// What is to be known of an element.
#[derive(Clone, Copy, Debug, Default)]
struct Kind {
    number: usize,
    void: bool,
    closed_by_next: bool,
    text: bool,
    formatting: bool,
    mute: bool,
    foreign: bool,
}

/// The elements that are told apart. No page adds one, and so none can make them slow.
static KINDS: LazyLock<HashMap<&str, Kind, FxBuildHasher>> = LazyLock::new(|| {
    let lists: [&[&'static str]; 5] = [&VOID, &CLOSED_BY_NEXT, &TEXT, &FORMATTING, &COMMON];
    let mut kinds = HashMap::default();
    for name in lists.into_iter().flatten().copied() {
        let number = kinds.len();
        let kind = Kind {
            number,
            void: VOID.contains(&name),
            closed_by_next: CLOSED_BY_NEXT.contains(&name),
            text: TEXT.contains(&name),
            formatting: FORMATTING.contains(&name),
            mute: MUTE.contains(&name),
            foreign: matches!(name, "svg" | "math"),
        };
        kinds.entry(name).or_insert(kind);
    }
    kinds
});

/// The name of an element.
enum Name {
    Known(Kind),
    Other(Box<str>),
}

impl Name {
    fn of(bytes: &[u8]) -> Self {
        let mut lower = [0; 40];
        let length = bytes.len().min(lower.len());
        let (lower, bytes) = (&mut lower[..length], &bytes[..length]);
        lower.copy_from_slice(bytes);
        lower.make_ascii_lowercase();
        let known = std::str::from_utf8(lower).ok().and_then(|name| KINDS.get(name));
        known.map_or_else(
            || Self::Other(String::from_utf8_lossy(lower).into()),
            |kind| Self::Known(*kind),
        )
    }

    /// What is known of it.
    fn kind(&self) -> Kind {
        match self {
            Self::Known(kind) => *kind,
            Self::Other(_) => Kind::default(),
        }
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => one.number == other.number,
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => false,
        }
    }
}

/// Refuses a page that has too much of something; else gives it without its comments and
/// scripts, those of linked data apart.
pub(super) fn check(page: &str, limits: Limits) -> Result<String, Hostile> {
    let bytes = page.as_bytes();
    let mut open = Open::new();
    let mut lean = String::with_capacity(page.len() / 2);
    // What is left out is cut at ASCII characters, so the pieces are whole.
    let mut kept = 0;
    let mut leave_out = |from: usize, to: usize| {
        lean.push_str(page.get(kept..from).unwrap_or_default());
        kept = to;
    };
    let (mut at, mut elements) = (0, 0);
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        at += found + 1;
        match bytes.get(at) {
            Some(b'!') if bytes[at..].starts_with(b"!--") => {
                let end = comment_end(bytes, at + 3);
                leave_out(at - 1, end);
                at = end;
            }
            Some(b'!' | b'?') => at = after(bytes, at, b">"),
            Some(b'/') if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => {
                let (tag, end) = tag(bytes, at + 1);
                open.close(&tag.name);
                at = end;
            }
            Some(b) if b.is_ascii_alphabetic() => {
                let (tag, end) = tag(bytes, at);
                at = end;
                elements += 1;
                if tag.attributes > limits.attributes {
                    return Err(Hostile::Attributes(limits.attributes));
                }
                let kind = tag.name.kind();
                if kind.text && !open.foreign() {
                    let end = text_end(bytes, at, tag.written);
                    if kind.mute && !tag.linked_data {
                        leave_out(at, end);
                    }
                    at = end;
                } else if !kind.void && !kind.closed_by_next {
                    let closed = tag.self_closing && open.foreign();
                    if !closed {
                        open.open(tag.name);
                    }
                }
                if open.depth() > limits.depth {
                    return Err(Hostile::Depth(limits.depth));
                }
                if elements > limits.elements {
                    return Err(Hostile::Elements(limits.elements));
                }
            }
            _ => {}
        }
    }
    leave_out(page.len(), page.len());
    Ok(lean)
}

/// The elements open at a place.
struct Open {
    stack: Vec<Name>,
    /// How many there are of each.
    known: Box<[usize]>,
    others: HashMap<Box<str>, usize>,
    /// Drawings and formulas among them.
    foreign: usize,
    /// Formatting elements that a block closed, and that wait to be opened again.
    waiting: usize,
}

impl Open {
    fn new() -> Self {
        let known = vec![0; KINDS.len()].into();
        Self { stack: Vec::new(), known, others: HashMap::new(), foreign: 0, waiting: 0 }
    }

    fn open(&mut self, name: Name) {
        match &name {
            Name::Known(kind) => {
                self.known[kind.number] += 1;
                self.foreign += usize::from(kind.foreign);
            }
            Name::Other(name) => *self.others.entry(name.clone()).or_default() += 1,
        }
        self.stack.push(name);
    }

    fn count(&self, name: &Name) -> usize {
        match name {
            Name::Known(kind) => self.known[kind.number],
            Name::Other(name) => self.others.get(name).copied().unwrap_or(0),
        }
    }

    fn close(&mut self, name: &Name) {
        if self.count(name) == 0 {
            self.waiting = self.waiting.saturating_sub(usize::from(name.kind().formatting));
            return;
        }
        while let Some(last) = self.stack.pop() {
            match &last {
                Name::Known(kind) => {
                    self.known[kind.number] -= 1;
                    self.foreign -= usize::from(kind.foreign);
                }
                Name::Other(name) => {
                    self.others.entry(name.clone()).and_modify(|count| *count -= 1);
                }
            }
            if last.is(name) {
                return;
            }
            self.waiting += usize::from(last.kind().formatting);
        }
    }

    /// Within a drawing or formula, where elements can close themselves.
    fn foreign(&self) -> bool {
        self.foreign > 0
    }

    fn depth(&self) -> usize {
        self.stack.len() + self.waiting
    }
}

struct Tag<'b> {
    name: Name,
    written: &'b [u8],
    attributes: usize,
    self_closing: bool,
    linked_data: bool,
}

/// The tag whose name begins at `at`, and where it ends.
fn tag(bytes: &[u8], at: usize) -> (Tag<'_>, usize) {
    let stops = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    let length = bytes[at..].iter().position(stops).unwrap_or(bytes.len() - at);
    let written = &bytes[at..at + length];
    let name = Name::of(written);
    let mut tag = Tag { name, written, attributes: 0, self_closing: false, linked_data: false };
    let (mut at, mut inside) = (at + length, false);
    let start = at;
    while let Some(&b) = bytes.get(at) {
        match b {
            b'>' => {
                tag.linked_data = tag.written.eq_ignore_ascii_case(b"script")
                    && memmem::find(&bytes[start..at], b"ld+json").is_some();
                return (tag, at + 1);
            }
            b'=' if inside => {
                let spaces = bytes[at + 1..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                at += 1 + spaces;
                match bytes.get(at) {
                    Some(&quote @ (b'"' | b'\'')) => {
                        let rest = &bytes[at + 1..];
                        at += 1 + memchr(quote, rest).unwrap_or(rest.len());
                    }
                    Some(b'>') => continue,
                    _ => {
                        let ends = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
                        let rest = &bytes[at.min(bytes.len())..];
                        at += rest.iter().position(ends).unwrap_or(rest.len());
                        inside = false;
                        continue;
                    }
                }
                inside = false;
            }
            b'/' => {
                inside = false;
                tag.self_closing = bytes.get(at + 1) == Some(&b'>');
            }
            b if b.is_ascii_whitespace() => {
                // `a = "b"` is one attribute.
                let next = bytes[at..].iter().find(|b| !b.is_ascii_whitespace());
                inside &= next == Some(&b'=');
                if inside {
                    at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                    continue;
                }
            }
            _ if !inside => {
                inside = true;
                tag.attributes += 1;
            }
            _ => {}
        }
        at += 1;
    }
    (tag, bytes.len())
}

/// Where the text of a script or the like ends: at its end tag.
fn text_end(bytes: &[u8], mut at: usize, name: &[u8]) -> usize {
    while let Some(found) = memmem::find(&bytes[at..], b"</") {
        at += found;
        let rest = &bytes[at + 2..];
        let named = rest.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        if named && rest.get(name.len()).is_none_or(|b| !b.is_ascii_alphanumeric()) {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

/// Where a comment ends: `-->`, `--!>`, or at once for `<!-->` and `<!--->`.
fn comment_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    if rest.starts_with(b">") {
        return at + 1;
    }
    if rest.starts_with(b"->") {
        return at + 2;
    }
    let ends = memmem::find_iter(rest, b"--").find_map(|found| {
        let tail = &rest[found + 2..];
        if tail.starts_with(b">") {
            return Some(found + 3);
        }
        tail.starts_with(b"!>").then_some(found + 4)
    });
    // `--->` ends one, too: find_iter skips the second hyphen of three.
    let three = memmem::find(rest, b"-->").map(|found| found + 3);
    match (ends, three) {
        (Some(a), Some(b)) => at + a.min(b),
        (a, b) => a.or(b).map_or(bytes.len(), |end| at + end),
    }
}

fn after(bytes: &[u8], at: usize, end: &[u8]) -> usize {
    memmem::find(&bytes[at..], end).map_or(bytes.len(), |found| at + found + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(page: &str) -> Result<(), Hostile> {
        let limits = Limits { depth: 50, elements: 500, attributes: 20, ..Limits::default() };
        check(page, limits).map(|_| ())
    }

    #[test]
    fn scripts_and_comments_are_left_out() {
        let page = "<!-- a <b> --><p>友<!--->城</p><script>'</p>'</SCRIPT><style>x</style>\
                    <script type='application/ld+json'>{}</script><title>题</title>市<!-- x";
        let lean = "<p>友城</p><script></SCRIPT><style></style>\
                    <script type='application/ld+json'>{}</script><title>题</title>市";
        assert_eq!(check(page, Limits::default()).unwrap(), lean);
    }

    #[test]
    fn what_only_looks_deep_is_let_through() {
        for page in [
            "<p>one".repeat(200),
            format!("<ul>{}</ul>", "<li>item".repeat(200)),
            format!("<table>{}</table>", "<tr><td>cell".repeat(100)),
            "<br><img src=a>".repeat(100),
            "<div><b>x</b></div>".repeat(100),
            format!("<!--{}-->", "<div>".repeat(100)),
            format!("<script>'{}'</script>", "<div>".repeat(100)),
            format!("<p title='{}'>", "<div>".repeat(100)),
            format!("<svg>{}</svg>", "<path d=1 />".repeat(100)),
            "<div title=\">\" data-x = 'a > b'></div>".repeat(100),
        ] {
            assert_eq!(checked(&page), Ok(()), "{page}");
        }
    }

    #[test]
    fn what_is_too_much_is_refused() {
        for (page, hostile) in [
            ("<div>".repeat(51), Hostile::Depth(50)),
            ("<ul><li>".repeat(51), Hostile::Depth(50)),
            ("<div></span></p></b>".repeat(51), Hostile::Depth(50)),
            ("<div><font size=1></div>".repeat(51), Hostile::Depth(50)),
            ("<div/>".repeat(51), Hostile::Depth(50)),
            ("<p>".repeat(501), Hostile::Elements(500)),
            (
                format!("<p {}>", (0..30).map(|n| format!("a{n}=1 ")).collect::<String>()),
                Hostile::Attributes(20),
            ),
            (
                format!("<p {}>", (0..30).map(|n| format!("a{n}/")).collect::<String>()),
                Hostile::Attributes(20),
            ),
        ] {
            assert_eq!(checked(&page), Err(hostile), "{page}");
        }
    }
}
