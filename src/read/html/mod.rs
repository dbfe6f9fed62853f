//! HTML to articles.

mod bounds;
mod flow;
mod tables;

use scraper::Html;

pub(in crate::read) use self::flow::Hint;
use self::flow::{Flow, Hidden};
use super::{Limits, PageRules, encoding, error::ReadError};
use crate::{
    article::{Article, ArticleId, Block, Source},
    notes::Notes,
    text::{Span, Text},
};

/// The article that a file of HTML is.
pub(super) fn page(
    rules: &PageRules,
    limits: Limits,
    source: Source,
    bytes: &[u8],
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ReadError::Empty(source));
    }
    let declared = declared(bytes);
    match encoding::decode(bytes, declared.as_deref(), notes) {
        Ok(page) => article(rules, limits, ArticleId::of(bytes), source, None, &page),
        Err(binary) => Err(ReadError::Binary(source, binary.0)),
    }
}

/// The article that a record's page is.
pub(super) fn of_record(
    rules: &PageRules,
    limits: Limits,
    id: ArticleId,
    source: Source,
    title: Option<String>,
    page: &str,
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    let page = encoding::mend(page, notes);
    article(rules, limits, id, source, title, &page)
}

/// The encoding that a page says it is in.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let (_, label) = head.split_once("charset=")?;
    let label: String = label
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    (!label.is_empty()).then_some(label)
}

fn article(
    rules: &PageRules,
    limits: Limits,
    id: ArticleId,
    source: Source,
    title: Option<String>,
    page: &str,
) -> Result<Article, ReadError> {
    if let Err(hostile) = bounds::check(page, limits) {
        return Err(ReadError::Hostile(source, hostile));
    }
    let tree = Html::parse_document(page);
    let flow = Flow::of(&tree, rules, Hidden::LeftOut);
    if flow.lines.is_empty() {
        return Err(ReadError::NoArticle(source));
    }
    let layout = flow
        .lines
        .iter()
        .map(|line| Block { span: Span::new(line.at.clone()), kind: line.kind })
        .collect();
    let text = Text::new(flow.raw);
    Ok(Article { id, source, title, published: None, text, text_starts: 0, layout })
}
