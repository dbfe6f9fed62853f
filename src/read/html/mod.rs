//! HTML to articles.

mod attribute;
mod bounds;
mod byline;
mod flow;
mod grids;
mod meta;
mod script;
mod tables;
mod title;
mod weigh;

use std::borrow::Cow;

use scraper::Html;

pub(in crate::read) use self::{attribute::attribute, flow::Hint};
use self::{
    byline::Near,
    flow::{Flow, Hidden, Line},
    meta::Meta,
    title::Title,
    weigh::Main,
};
use super::{Limits, PageRules, encoding, error::ReadError, mojibake, published};
use crate::{
    article::{Article, ArticleId, Block, BlockKind, Origin, Published, Source},
    notes::{Notes, Stage, Why},
    text::{Span, Text},
};

/// The article that a file of HTML is. `charset` is the encoding that its server said.
pub(super) fn page(
    rules: &PageRules,
    limits: Limits,
    source: Source,
    bytes: &[u8],
    charset: Option<&str>,
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ReadError::Empty(source));
    }
    // Servers send one header for all their pages; what a page says of itself is nearer.
    let declared = declared(bytes).or_else(|| charset.map(str::to_owned));
    let bytes_read = without_zeros(bytes, notes);
    match encoding::decode(&bytes_read, declared.as_deref(), notes) {
        Ok(page) => article(rules, limits, ArticleId::of(bytes), source, None, &page, true, notes),
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
    article(rules, limits, id, source, title, page, true, notes)
}

/// The page without zero bytes, if it has a few, as browsers read it: old programs fill
/// fields with them. A page in UTF-16 is half zeros, and is left.
fn without_zeros<'b>(bytes: &'b [u8], notes: &mut Notes) -> Cow<'b, [u8]> {
    let zeros = memchr::memchr_iter(0, bytes).count();
    let head = bytes[..bytes.len().min(1024)].to_ascii_lowercase();
    let is_page = [b"<html".as_slice(), b"<!doctype", b"<head", b"<meta"]
        .iter()
        .any(|tag| memchr::memmem::find(&head, tag).is_some());
    if zeros == 0 || zeros * 50 > bytes.len() || !is_page {
        return Cow::Borrowed(bytes);
    }
    notes.push(Stage::Read, Why::BadEncoding, format!("{zeros} zero bytes were left out"));
    Cow::Owned(bytes.iter().copied().filter(|byte| *byte != 0).collect())
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

#[allow(clippy::too_many_arguments, reason = "what is known of a page before it is read")]
fn article(
    rules: &PageRules,
    limits: Limits,
    id: ArticleId,
    mut source: Source,
    given: Option<&str>,
    page: &str,
    may_be_scripted: bool,
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    let lean = match bounds::check(page, limits) {
        Ok(lean) => lean,
        Err(hostile) => return Err(ReadError::Hostile(source, hostile)),
    };
    let tree = Html::parse_document(&mojibake::mend(&lean, notes));
    let meta = Meta::of(&tree, rules);
    if given.is_none() && meta.title.as_deref().is_some_and(|title| rules.is_no_article(title)) {
        return Err(ReadError::NoArticle(source));
    }
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
        let Some(scripted) = may_be_scripted.then(|| script::article(page, rules)).flatten() else {
            return Err(ReadError::NoArticle(source));
        };
        source.publisher = source.publisher.or(scripted.publisher);
        let mut article = article(rules, limits, id, source, given, &scripted.page, false, notes)?;
        let date = scripted.published.as_deref().and_then(published::parse);
        let date = date.map(|date| Published { date, origin: Origin::Metadata });
        article.published = date.or(article.published);
        return Ok(article);
    };
    let near = Near::of(&flow, &main, title.line);
    let url = source.url.clone();
    let published = byline::published(&flow, &meta, rules, &near, (url.as_deref(), page), notes);
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
