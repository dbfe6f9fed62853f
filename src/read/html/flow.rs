//! [`Flow`]: a page's tree as the lines that a browser would show.
//!
//! One line for each stretch of text between two block boundaries or line breaks, in the
//! order of the document, white space collapsed as browsers do. A row of a data table is
//! one line, its cells separated by tabs. The elements that hold the lines are kept with
//! them, in a small tree of their own, because what is the article is decided by where a
//! line stands.

use std::ops::Range;

use ego_tree::{NodeRef, iter::Edge};
use scraper::{Html, Node, node::Element};

use super::{
    attribute,
    tables::{Grid, Part, Tables},
};
use crate::{article::BlockKind, read::PageRules};

/// A page as lines, and the block elements that hold them.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// All text, one line for each of `lines`.
    pub(super) raw: String,
    /// The lines, in order.
    pub(super) lines: Vec<Line>,
    /// The block elements, parents before children.
    pub(super) boxes: Vec<Frame>,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where it stands in the raw text, without the line end.
    pub(super) at: Range<usize>,
    /// What the markup says it is.
    pub(super) kind: BlockKind,
    /// The level of a heading.
    pub(super) level: u8,
    /// The block element that holds it, as an index.
    pub(super) within: usize,
    /// Characters that are not white space.
    pub(super) chars: usize,
    /// Those of them within links.
    pub(super) linked: usize,
    /// Those of them in bold type.
    pub(super) bold: usize,
}

/// A block element.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The element that holds it; the first holds itself.
    pub(super) parent: usize,
    /// What its name, class and id say.
    pub(super) hint: Hint,
    /// Whether it is only ever a part of an article: a paragraph, a list, a data table.
    pub(super) is_part: bool,
    /// Whether it is an item of a list.
    pub(super) is_item: bool,
    /// The same for headings of the same name and class; 0 for what has none.
    pub(super) alike: u64,
}

/// What the name, class or id of an element says about what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Hint {
    /// Nothing.
    None,
    /// The article, likely.
    Content,
    /// Not the article, likely.
    Furniture,
    /// Not the article, by the name of the element.
    Never,
}

/// Which text a browser would not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    /// What is said to be hidden is left out.
    LeftOut,
    /// It is let in: some pages show their article by script.
    LetIn,
}

impl Flow {
    /// The lines of a page.
    pub(super) fn of(page: &Html, rules: &PageRules, hidden: Hidden) -> Self {
        let mut walk = Walk::new(rules, Tables::of(page));
        let mut skip = None;
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    _ if skip.is_some() => {}
                    Node::Text(text) => walk.text(text),
                    Node::Element(element) => {
                        if dropped(element, hidden) && !is_pane(node) {
                            skip = Some(node.id());
                        } else {
                            walk.open(node.id(), element);
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    if skip == Some(node.id()) {
                        skip = None;
                    } else if let (None, Node::Element(element)) = (skip, node.value()) {
                        walk.close(node.id(), element);
                    }
                }
            }
        }
        walk.end_line();
        walk.flow
    }
}

/// What is not shown at all, or not as text.
fn dropped(element: &Element, hidden: Hidden) -> bool {
    if matches!(
        element.name(),
        "head"
            | "script"
            | "style"
            | "noscript"
            | "template"
            | "rt"
            | "rp"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "canvas"
            | "audio"
            | "video"
            | "select"
            | "textarea"
            | "map"
            | "datalist"
            | "noframes"
            | "noembed"
    ) {
        return true;
    }
    hidden == Hidden::LeftOut
        && (attribute(element, "hidden").is_some()
            || attribute(element, "style").is_some_and(|style| {
                let plain: String =
                    style.chars().filter(|c| !c.is_whitespace()).take(400).collect();
                plain.to_ascii_lowercase().contains("display:none")
            }))
}

/// Whether a hidden box is one of several of the same name and class of which another is
/// shown: a pane that a click on its tab would show.
fn is_pane(node: NodeRef<'_, Node>) -> bool {
    let class = |node: NodeRef<'_, Node>| {
        let element = node.value().as_element()?;
        let class = attribute(element, "class")?.split_ascii_whitespace().next()?.to_owned();
        let is_box = matches!(element.name(), "div" | "section" | "ul" | "table" | "dl");
        is_box.then(|| (element.name().to_owned(), class))
    };
    let Some(own) = class(node) else { return false };
    let mut siblings = node.prev_siblings().chain(node.next_siblings()).take(SIBLINGS);
    siblings.any(|other| {
        class(other).is_some_and(|other| other == own)
            && other.value().as_element().is_some_and(|it| !dropped(it, Hidden::LeftOut))
    })
}

/// So many siblings of a hidden box are looked at.
const SIBLINGS: usize = 40;

/// Elements within a line. All others, unknown ones included, begin and end lines:
/// the unknown ones of today's pages are the components of frameworks.
pub(super) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "rb"
            | "rtc"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "input"
    ) || name.contains(':')
}

/// Whether an element leads elsewhere. With a name and no address it is a place to jump
/// to, which old pages often leave open to their end.
fn is_link(element: &Element) -> bool {
    let has = |name| attribute(element, name).is_some();
    element.name() == "a" && (has("href") || !(has("name") || has("id")))
}

/// A number that headings of the same name and class share.
fn alike(element: &Element) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let class = attribute(element, "class").filter(|class| !class.trim().is_empty());
    let class = match (element.name(), class) {
        ("h1" | "h2" | "h3", Some(class)) => class,
        // A page has one; with more of them each is the title of something.
        ("h1", None) => "",
        _ => return 0,
    };
    let mut hasher = DefaultHasher::new();
    (element.name(), class).hash(&mut hasher);
    hasher.finish().max(1)
}

struct Walk<'a> {
    rules: &'a PageRules,
    tables: Tables,
    flow: Flow,
    /// The boxes open, as indices, the innermost last.
    open: Vec<usize>,
    /// The kinds that open elements give to the lines within them.
    kinds: Vec<(ego_tree::NodeId, BlockKind, u8)>,
    links: usize,
    bold: usize,
    pre: usize,
    /// Where the line began.
    start: usize,
    counts: (usize, usize, usize),
    /// White space read and not yet written, and whether a line of the file ended in it.
    space: Option<bool>,
    grids: Vec<Grid>,
}

impl<'a> Walk<'a> {
    fn new(rules: &'a PageRules, tables: Tables) -> Self {
        let flow = Flow {
            boxes: vec![Frame {
                parent: 0,
                hint: Hint::None,
                is_part: false,
                is_item: false,
                alike: 0,
            }],
            ..Flow::default()
        };
        Self {
            rules,
            tables,
            flow,
            open: vec![0],
            kinds: Vec::new(),
            links: 0,
            bold: 0,
            pre: 0,
            start: 0,
            counts: (0, 0, 0),
            space: None,
            grids: Vec::new(),
        }
    }

    fn open(&mut self, id: ego_tree::NodeId, element: &Element) {
        let name = element.name();
        if is_link(element) {
            self.links += 1;
        }
        if matches!(name, "b" | "strong") {
            self.bold += 1;
        }
        if name == "br" {
            return self.break_line();
        }
        if is_inline(name) {
            return;
        }
        self.break_line();
        if let Some(grid) = self.grids.last_mut()
            && !grid.is_at(id)
        {
            match self.tables.part(id, name) {
                Part::Row => grid.row(),
                Part::Cell => {
                    self.start = self.flow.raw.len();
                    grid.cell(element);
                }
                Part::Table | Part::None => {}
            }
        }
        let parent = self.open.last().copied().unwrap_or(0);
        let hint = self.rules.hint(name, element);
        self.open.push(self.flow.boxes.len());
        if let Some(data) = self.tables.data(id) {
            self.grids.push(Grid::new(id, data));
        }
        let is_part = !self.grids.is_empty()
            || matches!(
                name,
                "p" | "li"
                    | "ul"
                    | "ol"
                    | "dl"
                    | "dd"
                    | "dt"
                    | "pre"
                    | "blockquote"
                    | "h1"
                    | "h2"
                    | "h3"
                    | "h4"
                    | "h5"
                    | "h6"
                    | "figure"
                    | "figcaption"
            );
        self.flow.boxes.push(Frame {
            parent,
            hint,
            is_part,
            is_item: name == "li",
            alike: alike(element),
        });
        let kind = match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(BlockKind::Heading),
            "li" => Some(BlockKind::ListItem),
            "caption" | "figcaption" => Some(BlockKind::Caption),
            _ if self.rules.is_caption(element) => Some(BlockKind::Caption),
            "p" | "div" | "section" | "dd" | "dt" => None,
            _ => None,
        };
        if let Some(kind) = kind {
            let level = if kind == BlockKind::Heading { name.as_bytes()[1] - b'0' } else { 0 };
            self.kinds.push((id, kind, level));
        }
        if name == "pre" {
            self.pre += 1;
        }
    }

    fn close(&mut self, id: ego_tree::NodeId, element: &Element) {
        let name = element.name();
        if is_link(element) {
            self.links = self.links.saturating_sub(1);
        }
        if matches!(name, "b" | "strong") {
            self.bold = self.bold.saturating_sub(1);
        }
        if is_inline(name) || name == "br" {
            return;
        }
        self.break_line();
        if let Some(grid) = self.grids.last_mut() {
            match self.tables.part(id, name) {
                Part::Cell if !grid.is_at(id) => {
                    let text = self.flow.raw.split_off(self.start);
                    grid.end_cell(text.trim(), std::mem::take(&mut self.counts));
                    self.start = self.flow.raw.len();
                    self.space = None;
                }
                Part::Row => self.end_row(),
                Part::Table if grid.is_at(id) => {
                    self.end_row();
                    self.grids.pop();
                }
                _ => {}
            }
        }
        if name == "pre" {
            self.pre = self.pre.saturating_sub(1);
        }
        self.kinds.pop_if(|(at, ..)| *at == id);
        if self.open.len() > 1 {
            self.open.pop();
        }
    }

    fn text(&mut self, text: &str) {
        if self.grids.last().is_some_and(|grid| !grid.in_cell()) {
            // Only white space stands between the cells of a table; and its caption.
            if !self.kinds.last().is_some_and(|(_, kind, _)| *kind == BlockKind::Caption) {
                return;
            }
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let plain = plain(rest);
            if plain > 0 {
                self.push_all(&rest[..plain]);
                rest = &rest[plain..];
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match c {
                '\n' if self.pre > 0 => self.break_line(),
                ' ' | '\t' | '\n' | '\r' | '\x0C' => {
                    let broken = self.space.unwrap_or(false) || c == '\n';
                    self.space = Some(broken);
                }
                // Line separators would end a line that is one.
                '\u{2028}' | '\u{2029}' | '\u{85}' | '\x0B' => self.space = Some(true),
                c => self.push(c),
            }
        }
    }

    fn push(&mut self, c: char) {
        let raw = &mut self.flow.raw;
        if let Some(broken) = self.space.take()
            && raw.len() > self.start
        {
            // A line of the file that ends between two Han characters is no space.
            let joins = broken && is_wide(c) && raw.chars().next_back().is_some_and(is_wide);
            if !joins {
                raw.push(' ');
            }
        }
        raw.push(c);
        if !c.is_whitespace() {
            self.counts.0 += 1;
            self.counts.1 += usize::from(self.links > 0);
            self.counts.2 += usize::from(self.bold > 0);
        }
    }

    /// Adds text without white space.
    fn push_all(&mut self, text: &str) {
        let mut rest = text.chars();
        // The first character may join the line before.
        rest.next().into_iter().for_each(|c| self.push(c));
        let rest = rest.as_str();
        self.flow.raw.push_str(rest);
        let chars = rest.chars().count();
        self.counts.0 += chars;
        self.counts.1 += if self.links > 0 { chars } else { 0 };
        self.counts.2 += if self.bold > 0 { chars } else { 0 };
    }

    /// Ends the line; within a cell there is only a space.
    fn break_line(&mut self) {
        if self.grids.last().is_some_and(Grid::in_cell) {
            self.space = Some(false);
        } else {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let (kind, level) = match self.kinds.last() {
            Some((_, kind, level)) => (*kind, *level),
            None => (BlockKind::Paragraph, 0),
        };
        self.line(kind, level);
    }

    fn end_row(&mut self) {
        if let Some((text, kind, counts)) = self.grids.last_mut().and_then(Grid::end_row) {
            self.counts = counts;
            self.flow.raw.push_str(&text);
            self.line(kind, 0);
        }
    }

    /// Makes a line of what was written since the last, unless it is white space.
    fn line(&mut self, kind: BlockKind, level: u8) {
        self.space = None;
        let (chars, linked, bold) = std::mem::take(&mut self.counts);
        if chars == 0 {
            self.flow.raw.truncate(self.start);
            return;
        }
        let at = self.start..self.flow.raw.len();
        let within = self.open.last().copied().unwrap_or(0);
        self.flow.lines.push(Line { at, kind, level, within, chars, linked, bold });
        self.flow.raw.push('\n');
        self.start = self.flow.raw.len();
    }
}

/// The bytes before the first white space, or what begins like it.
fn plain(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            0..=b' ' | 0x7F..=0xC2 | 0xE1 | 0xE2 => break,
            0xE3 if matches!(bytes[at..], [_, 0x80, 0x80, ..]) => break,
            0xE0 | 0xE3..=0xEF => at += 3,
            0x21..=0x7E => at += 1,
            0xC3..=0xDF => at += 2,
            _ => at += 4,
        }
    }
    at
}

/// Characters between which the end of a line in the file shows as nothing.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}
