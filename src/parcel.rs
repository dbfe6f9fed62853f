//! [`Parcel`]: what one article brings to a store, whichever machine read it.

use oxrdf::Quad;

use crate::{
    article::{ArticleId, Source},
    date::PartialDate,
    dedup::{Signature, Signer},
    pipeline::Extraction,
    rdf::{emit, provenance},
    wire::Document,
};

/// What one article brings to a store: what it says, what shows its copies, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The article.
    pub id: ArticleId,
    /// By what it was read: [`crate::pipeline::mark`].
    pub mark: u64,
    /// Where it was found.
    pub source: Source,
    /// When it was published.
    pub published: Option<PartialDate>,
    /// What is kept of its text to tell its copies.
    pub signature: Signature,
    /// What is kept of it beside the graph.
    pub document: Option<Document>,
    /// What it says, as [`emit()`] gives it.
    pub quads: Vec<Quad>,
}

impl Parcel {
    /// What an article brings.
    #[must_use]
    pub fn new(extraction: &Extraction, signer: &Signer, mark: u64, with_document: bool) -> Self {
        let article = &extraction.article;
        Self {
            id: article.id,
            mark,
            source: article.source.clone(),
            published: article.published.map(|published| published.date),
            signature: signer.run(article.text.clean()),
            // No number of an article is infinite, and nothing else fails.
            document: with_document.then(|| Document::new(extraction).ok()).flatten(),
            quads: emit(extraction),
        }
    }

    /// Says that it was found elsewhere, where the same bytes stand.
    pub fn place_at(&mut self, source: Source) {
        if let Some(document) = &mut self.document {
            document.place_at(&source);
        }
        provenance::place_at(&mut self.quads, &self.id, &source);
        self.source = source;
    }
}

/// The address at which versions of an article follow each other: not that of a site's front
/// page, where another article stands every day.
#[must_use]
pub fn address(source: &Source) -> Option<&str> {
    let url = source.url.as_deref()?;
    let (_, rest) = url.split_once("://")?;
    let (_, path) = rest.split_once('/')?;
    (!path.trim_matches('/').is_empty()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_front_page_has_no_versions() {
        for (url, has) in [
            ("https://a.cn/news/1.html", true),
            ("https://a.cn/?id=1", true),
            ("https://a.cn/", false),
            ("https://a.cn", false),
            ("1.html", false),
        ] {
            let source = Source { url: Some(url.to_owned()), ..Source::default() };
            assert_eq!(address(&source).is_some(), has, "{url}");
        }
    }
}
