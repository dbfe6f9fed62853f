//! Tables: which hold data, and their rows made complete.
//!
//! Old pages are laid out with tables. A table holds data if no table and no form is in
//! it, and at least two of its rows have two cells or more, none with an article in it.
//!
//! A cell that spans several rows or columns is repeated in each, so that each row says
//! all that a reader sees beside it. The repeated text is part of the raw text, and so
//! quotable; at most [`REPEATED`] bytes of a table are such text.

use std::collections::HashMap;

use ego_tree::{NodeId, iter::Edge};
use scraper::{Html, Node, node::Element};

use super::{attribute, grids};
use crate::article::BlockKind;

/// Bytes of repeated cells in one table; what goes beyond is left empty.
const REPEATED: usize = 64 << 10;
/// Columns of a table; what goes beyond is not spanned.
const COLUMNS: usize = 100;
/// Bytes of a cell that is more than a cell.
const LONG_CELL: usize = 1_500;
/// A cell of so many bytes, line ends and sentences is an article, or a part of one.
const TEXT_CELL: (usize, usize, usize) = (240, 2, 2);

/// The data tables of a page.
#[derive(Debug, Default)]
pub(super) struct Tables {
    data: HashMap<NodeId, Data>,
    /// The parts of tables that are set without `<table>`.
    boxes: HashMap<NodeId, Part>,
}

/// What part of a table an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Table,
    Row,
    Cell,
    None,
}

/// A data table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Data {
    /// Which of the page's, from 0.
    number: u16,
    columns: usize,
    /// Whether any row has `th` and no `td`.
    has_header: bool,
}

#[derive(Debug, Default)]
struct Seen {
    nested: bool,
    rows: usize,
    wide_rows: usize,
    columns: usize,
    cells: usize,
    heads: usize,
    header_rows: usize,
    cell: usize,
    longest: usize,
    /// Line ends and sentences of the cell.
    breaks: usize,
    sentences: usize,
    /// Whether a cell holds an article.
    text: bool,
}

impl Seen {
    fn end_row(&mut self) {
        self.wide_rows += usize::from(self.cells >= 2);
        self.columns = self.columns.max(self.cells);
        self.header_rows += usize::from(self.cells >= 2 && self.heads == self.cells);
        (self.cells, self.heads) = (0, 0);
    }
}

impl Tables {
    pub(super) fn of(page: &Html) -> Self {
        let mut open: Vec<(NodeId, Seen)> = Vec::new();
        let mut tables = Self::default();
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => match element.name() {
                        "table" => {
                            if let Some((_, outer)) = open.last_mut() {
                                outer.nested = true;
                            }
                            open.push((node.id(), Seen::default()));
                        }
                        "script" | "style" => {}
                        name => {
                            let Some((_, seen)) = open.last_mut() else { continue };
                            match name {
                                "tr" => seen.rows += 1,
                                "td" | "th" => {
                                    seen.cells += span(element, "colspan").min(COLUMNS);
                                    seen.heads += usize::from(name == "th")
                                        * span(element, "colspan").min(COLUMNS);
                                    (seen.cell, seen.breaks, seen.sentences) = (0, 0, 0);
                                }
                                "p" | "br" | "div" => seen.breaks += 1,
                                "form" | "iframe" | "h1" => seen.nested = true,
                                _ => {}
                            }
                        }
                    },
                    Node::Text(text) => {
                        if let Some((_, seen)) = open.last_mut() {
                            seen.cell += text.trim().len();
                            seen.longest = seen.longest.max(seen.cell);
                            seen.sentences += text.matches('。').count();
                            let (bytes, breaks, sentences) = TEXT_CELL;
                            seen.text |= seen.cell >= bytes
                                && seen.breaks >= breaks
                                && seen.sentences >= sentences;
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let Some(element) = node.value().as_element() else { continue };
                    match (element.name(), open.last_mut()) {
                        ("tr", Some((_, seen))) => seen.end_row(),
                        ("table", Some(_)) => {
                            if let Some((id, seen)) = open.pop() {
                                tables.end(id, &seen);
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        for boxes in grids::boxes(page) {
            let Ok(number) = u16::try_from(tables.data.len()) else { break };
            let node = page.tree.get(boxes.table);
            let inside = |id| tables.data.contains_key(&id);
            if node.is_none_or(|node| node.ancestors().any(|outer| inside(outer.id()))) {
                continue;
            }
            // Without a header no row may be taken for one, as where only `th` make one.
            let data = Data { number, columns: boxes.columns, has_header: !boxes.has_header };
            tables.data.insert(boxes.table, data);
            tables.boxes.insert(boxes.table, Part::Table);
            tables.boxes.extend(boxes.rows.into_iter().map(|id| (id, Part::Row)));
            tables.boxes.extend(boxes.cells.into_iter().map(|id| (id, Part::Cell)));
        }
        tables
    }

    /// What part of a table an element is.
    pub(super) fn part(&self, id: NodeId, name: &str) -> Part {
        match name {
            "table" => Part::Table,
            "tr" => Part::Row,
            "td" | "th" => Part::Cell,
            _ => self.boxes.get(&id).copied().unwrap_or(Part::None),
        }
    }

    fn end(&mut self, id: NodeId, seen: &Seen) {
        let holds_data = !seen.nested
            && !seen.text
            && seen.rows >= 2
            && seen.wide_rows >= 2
            && seen.wide_rows * 2 >= seen.rows
            && seen.longest <= LONG_CELL;
        let Ok(number) = u16::try_from(self.data.len()) else { return };
        if holds_data {
            let columns = seen.columns.min(COLUMNS);
            self.data.insert(id, Data { number, columns, has_header: seen.header_rows > 0 });
        }
    }

    /// The data table that an element is.
    pub(super) fn data(&self, id: NodeId) -> Option<Data> {
        self.data.get(&id).copied()
    }
}

fn span(element: &Element, name: &str) -> usize {
    attribute(element, name).and_then(|n| n.trim().parse().ok()).unwrap_or(1).max(1)
}

/// Characters, linked and bold ones.
type Counts = (usize, usize, usize);

/// The rows of a data table, as they are read.
#[derive(Debug)]
pub(super) struct Grid {
    table: NodeId,
    data: Data,
    rows: usize,
    cells: Vec<Cell>,
    /// By column: what comes down from rows above, and for how many rows.
    spanned: Vec<(usize, String)>,
    repeated: usize,
    cell: Option<(usize, usize, bool)>,
}

#[derive(Debug)]
struct Cell {
    text: String,
    columns: usize,
    rows: usize,
    head: bool,
    counts: Counts,
}

impl Grid {
    pub(super) fn new(table: NodeId, data: Data) -> Self {
        let spanned = Vec::new();
        Self { table, data, rows: 0, cells: Vec::new(), spanned, repeated: 0, cell: None }
    }

    /// Whether it is the grid of this element.
    pub(super) fn is_at(&self, id: NodeId) -> bool {
        self.table == id
    }

    pub(super) fn in_cell(&self) -> bool {
        self.cell.is_some()
    }

    pub(super) fn row(&mut self) {
        self.cells.clear();
    }

    pub(super) fn cell(&mut self, element: &Element) {
        let columns = span(element, "colspan").min(COLUMNS);
        self.cell = Some((columns, span(element, "rowspan").min(1 << 16), element.name() == "th"));
    }

    pub(super) fn end_cell(&mut self, text: &str, counts: Counts) {
        if let Some((columns, rows, head)) = self.cell.take() {
            self.cells.push(Cell { text: text.replace('\t', " "), columns, rows, head, counts });
        }
    }

    /// The row as a line, with what spans into it; `None` if it has no cells.
    pub(super) fn end_row(&mut self) -> Option<(String, BlockKind, Counts)> {
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return None;
        }
        self.rows += 1;
        let full = cells.len() == 1 && cells[0].columns >= self.data.columns.max(2);
        let headed = if self.data.has_header {
            cells.iter().all(|cell| cell.head) && cells.len() > 1
        } else {
            self.rows == 1 && cells.len() > 1
        };
        let mut counts = (0, 0, 0);
        for cell in &cells {
            counts.0 += cell.counts.0;
            counts.1 += cell.counts.1;
            counts.2 += cell.counts.2;
        }
        if full {
            // A line across the table names what it holds, or what the rows below share.
            let kind = if self.rows == 1 { BlockKind::Caption } else { BlockKind::Heading };
            let text = cells.into_iter().next().map(|cell| cell.text).unwrap_or_default();
            return Some((text, kind, counts));
        }
        let mut line: Vec<String> = Vec::new();
        for cell in cells {
            self.add_spanned(&mut line);
            for column in 0..cell.columns {
                let text = if column == 0 { cell.text.clone() } else { self.repeat(&cell.text) };
                if cell.rows > 1 && line.len() < COLUMNS {
                    self.spanned.resize(self.spanned.len().max(line.len() + 1), (0, String::new()));
                    self.spanned[line.len()] = (cell.rows - 1, cell.text.clone());
                }
                line.push(text);
            }
        }
        self.add_spanned(&mut line);
        let kind = BlockKind::Row { table: self.data.number, header: headed };
        Some((line.join("\t"), kind, counts))
    }

    /// Adds the cells that come down into the next columns.
    fn add_spanned(&mut self, line: &mut Vec<String>) {
        while let Some((rows, text)) =
            self.spanned.get_mut(line.len()).filter(|(rows, _)| *rows > 0)
        {
            *rows -= 1;
            let text = text.clone();
            line.push(self.repeat(&text));
        }
    }

    fn repeat(&mut self, text: &str) -> String {
        self.repeated += text.len();
        if self.repeated > REPEATED { String::new() } else { text.to_owned() }
    }
}
