//! HTML to articles.

mod bounds;
mod byline;
mod flow;
mod meta;
mod tables;
mod title;
mod weigh;

use scraper::Html;

pub(in crate::read) use self::flow::Hint;
use self::{
    flow::{Flow, Hidden, Line},
    meta::Meta,
    title::Title,
    weigh::Main,
};
use super::{Limits, PageRules, encoding, error::ReadError};
use crate::{
    article::{Article, ArticleId, Block, BlockKind, Source},
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
        Ok(page) => article(rules, limits, ArticleId::of(bytes), source, None, &page, notes),
        Err(binary) => Err(ReadError::Binary(source, binary.0)),
    }
}

/// The article that a record's page is.
pub(super) fn of_record(
    rules: &PageRules,
    limits: Limits,
    id: ArticleId,
    source: Source,
    title: Option<&str>,
    page: &str,
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    article(rules, limits, id, source, title, page, notes)
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
    mut source: Source,
    given: Option<&str>,
    page: &str,
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    let lean = match bounds::check(page, limits) {
        Ok(lean) => lean,
        Err(hostile) => return Err(ReadError::Hostile(source, hostile)),
    };
    let tree = Html::parse_document(&encoding::mend(&lean, notes));
    let meta = Meta::of(&tree, rules);
    let look = |hidden: Hidden| {
        let flow = Flow::of(&tree, rules, hidden);
        let mut title = Title::of(&flow, &meta, rules, given);
        let main = weigh::main(&flow, rules, title.line)?;
        if given.is_none() {
            title.above_byline(&flow, rules, main.body.0);
        }
        Some((flow, title, main))
    };
    let Some((flow, title, main)) = look(Hidden::LeftOut).or_else(|| look(Hidden::LetIn)) else {
        return Err(ReadError::NoArticle(source));
    };
    let near = byline::near(&flow, &main, title.line);
    let url = source.url.clone();
    let published =
        byline::published(&flow, &meta, rules, (&near, main.body.1), url.as_deref(), notes);
    source.publisher = source.publisher.or_else(|| byline::publisher(&flow, &meta, rules, &near));
    source.url = source.url.or(meta.url);
    let (raw, text_starts, layout) = layout(&flow, &title, &main, rules);
    let text = Text::new(raw);
    Ok(Article { id, source, title: title.text, published, text, text_starts, layout })
}

/// The raw text and its blocks: all lines of the page, those that are not the article as
/// furniture. A title that no line shows is put first.
fn layout(flow: &Flow, title: &Title, main: &Main, rules: &PageRules) -> (String, u32, Vec<Block>) {
    let mut raw = String::new();
    let mut layout = Vec::with_capacity(flow.lines.len() + 1);
    if let (Some(text), None) = (&title.text, title.line) {
        raw.push_str(text);
        layout.push(Block { span: Span::new(0..raw.len()), kind: BlockKind::Title });
        raw.push('\n');
    }
    let shift = raw.len();
    for (n, line) in flow.lines.iter().enumerate() {
        let text = &flow.raw[line.at.clone()];
        let kind = match line.kind {
            _ if title.line == Some(n) => BlockKind::Title,
            _ if !main.kept[n] => BlockKind::Furniture,
            BlockKind::Paragraph if is_heading(line, text) => BlockKind::Heading,
            BlockKind::Paragraph if rules.reads_like_caption(text) => BlockKind::Caption,
            kind => kind,
        };
        let span = Span::new(line.at.start + shift..line.at.end + shift);
        layout.push(Block { span, kind });
    }
    raw.push_str(&flow.raw);
    (raw, u32::try_from(shift).unwrap_or(0), layout)
}

/// Whether a paragraph is set as a heading: all of it bold, short, and no sentence.
fn is_heading(line: &Line, text: &str) -> bool {
    line.bold == line.chars
        && line.chars <= 40
        && !text.trim_end().ends_with(['。', '，', '；', '！', '？', '：', '”', '）', '…'])
}
