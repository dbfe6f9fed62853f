//! Plain text to articles.

use super::{encoding, error::ReadError};
use crate::{
    article::{Article, ArticleId, Source},
    notes::Notes,
    text::Text,
};

/// The article that a file of plain text is.
pub(super) fn article(
    source: Source,
    bytes: &[u8],
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    let text = match encoding::decode(bytes, None, notes) {
        Ok(text) => encoding::mend(&text, notes).into_owned(),
        Err(binary) => return Err(ReadError::Binary(source, binary.0)),
    };
    if text.trim().is_empty() {
        return Err(ReadError::Empty(source));
    }
    Ok(Article {
        id: ArticleId::of(bytes),
        source,
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout: Vec::new(),
    })
}

/// The article that a record's text is. A title that the text does not begin with is put
/// before it, on a line of its own.
pub(super) fn of_record(
    id: ArticleId,
    source: Source,
    title: Option<String>,
    body: &str,
    notes: &mut Notes,
) -> Article {
    let body = encoding::mend(body, notes);
    let title = title.map(|title| title.trim().to_owned());
    let mut raw = String::new();
    if let Some(title) = title.as_deref().filter(|title| !body.trim_start().starts_with(title)) {
        raw.push_str(title);
        raw.push('\n');
    }
    let text_starts = u32::try_from(raw.len()).unwrap_or(0);
    raw.push_str(&body);
    let text = Text::new(raw);
    Article { id, source, title, published: None, text, text_starts, layout: Vec::new() }
}
