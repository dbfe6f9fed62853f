//! Plain text to articles.

use super::{
    PageRules, encoding,
    error::ReadError,
    imprint::{self, Imprint},
    mojibake, published,
};
use crate::{
    article::{Article, ArticleId, Origin, Published, Source},
    notes::Notes,
    text::Text,
};

/// The article that a file of plain text is.
pub(super) fn article(
    rules: &PageRules,
    source: Source,
    bytes: &[u8],
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    let text = match encoding::decode(bytes, None, notes) {
        Ok(text) => mojibake::mend(&text, notes).into_owned(),
        Err(binary) => return Err(ReadError::Binary(source, binary.0)),
    };
    if text.trim().is_empty() {
        return Err(ReadError::Empty(source));
    }
    let mut article = Article {
        id: ArticleId::of(bytes),
        source,
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout: Vec::new(),
    };
    sign(&mut article, rules);
    Ok(article)
}

/// Takes what the text says of when and by whom it was published; the date of its
/// address where it says none.
fn sign(article: &mut Article, rules: &PageRules) {
    let lines = imprint::lines(article.text.raw());
    let imprint = Imprint::of(&lines, imprint::tail(&lines, rules), rules);
    let on_page = imprint.published.map(|date| Published { date, origin: Origin::Page });
    article.published = on_page.or_else(|| {
        let date = published::in_address(article.source.url.as_deref()?)?;
        Some(Published { date, origin: Origin::Url })
    });
    article.source.publisher = article.source.publisher.take().or(imprint.publisher);
}

/// A title on one line, however it was broken.
pub(super) fn one_line(title: &str) -> String {
    let lines = title.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// The article that a record's text is. A title that the text does not begin with is put
/// before it, on a line of its own. What it says of its publication the text need not say.
pub(super) fn of_record(
    rules: &PageRules,
    id: ArticleId,
    source: Source,
    (title, published): (Option<String>, Option<Published>),
    body: &str,
    notes: &mut Notes,
) -> Article {
    let body = mojibake::mend(body, notes);
    let is_first = title.as_deref().is_some_and(|it| body.trim_start().starts_with(it.trim()));
    let title = title.map(|title| one_line(&title));
    let mut raw = String::new();
    if let Some(title) = title.as_deref().filter(|_| !is_first) {
        raw.push_str(title);
        raw.push('\n');
    }
    let text_starts = u32::try_from(raw.len()).unwrap_or(0);
    raw.push_str(&body);
    let text = Text::new(raw);
    let mut article =
        Article { id, source, title, published, text, text_starts, layout: Vec::new() };
    // What the record says counts before what its text says.
    if published.is_none() || article.source.publisher.is_none() {
        sign(&mut article, rules);
        article.published = published.or(article.published);
    }
    article
}
