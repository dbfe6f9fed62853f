//! Tables that are set without `<table>`: boxes in boxes that a style sheet puts side by
//! side, as today's pages do.
//!
//! An element is such a table if all its children are boxes with the same number of boxes
//! in them, at least three by three, each with a few words and no sentence, few of them
//! links, and if most rows have a year: then they are records.

use ego_tree::{NodeId, NodeRef};
use scraper::{Html, Node};

use super::flow::is_inline;

/// Rows and columns, at least; columns at most.
const ROWS: usize = 3;
const COLUMNS: std::ops::RangeInclusive<usize> = 3..=10;
/// Bytes of a cell, at most.
const CELL: usize = 180;

/// A table without `<table>`.
#[derive(Debug)]
pub(super) struct Boxes {
    pub(super) table: NodeId,
    pub(super) rows: Vec<NodeId>,
    pub(super) cells: Vec<NodeId>,
    pub(super) columns: usize,
    /// Whether the first row is no record.
    pub(super) has_header: bool,
}

/// All such tables of a page.
pub(super) fn boxes(page: &Html) -> Vec<Boxes> {
    page.tree.nodes().filter_map(of).collect()
}

fn of(node: NodeRef<'_, Node>) -> Option<Boxes> {
    let name = node.value().as_element()?.name();
    matches!(name, "div" | "section" | "ul" | "ol" | "dl" | "article").then_some(())?;
    let rows = blocks(node)?;
    (rows.len() >= ROWS).then_some(())?;
    let columns = blocks(rows[0])?.len();
    COLUMNS.contains(&columns).then_some(())?;
    let (mut cells, mut linked, mut years) = (Vec::new(), 0, 0);
    let mut has_header = false;
    for (n, row) in rows.iter().enumerate() {
        let in_row = blocks(*row).filter(|cells| cells.len() == columns)?;
        let mut has_year = false;
        for cell in in_row {
            let (text, is_linked) = said(cell)?;
            has_year |= has_a_year(&text);
            linked += usize::from(is_linked);
            cells.push(cell.id());
        }
        has_header |= n == 0 && !has_year;
        years += usize::from(has_year);
    }
    let records = years * 2 >= rows.len() - 1 && years > 0 && linked * 2 < cells.len();
    let rows = rows.iter().map(NodeRef::id).collect();
    records.then(|| Boxes { table: node.id(), rows, cells, columns, has_header })
}

/// The children of an element, if all of them are boxes.
fn blocks(node: NodeRef<'_, Node>) -> Option<Vec<NodeRef<'_, Node>>> {
    let mut blocks = Vec::new();
    for child in node.children() {
        match child.value() {
            Node::Element(element) if !is_inline(element.name()) => blocks.push(child),
            Node::Text(text) if text.trim().is_empty() => {}
            Node::Comment(_) => {}
            _ => return None,
        }
    }
    Some(blocks)
}

/// What a cell says, and whether it is a link; `None` if it is more than a cell.
fn said(cell: NodeRef<'_, Node>) -> Option<(String, bool)> {
    let (mut text, mut is_linked) = (String::new(), false);
    for node in cell.descendants() {
        match node.value() {
            Node::Text(part) => text.push_str(part.trim()),
            Node::Element(element) => is_linked |= element.name() == "a",
            _ => {}
        }
        (text.len() <= CELL && !text.contains('。')).then_some(())?;
    }
    Some((text, is_linked))
}

/// Whether four digits in a row are a year.
pub(super) fn has_a_year(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|digits| matches!(digits.len(), 4 | 8) && digits.starts_with(['1', '2']))
}
