//! [`Meta`]: what a page says about itself where no reader sees it, and in the elements
//! that are named for it.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Node, node::Element};
use serde_json::Value;

use super::attribute;
use crate::{
    date::PartialDate,
    read::{PageRules, published},
};

/// Metadata of a page, as it stands there.
#[derive(Debug, Default)]
pub(super) struct Meta {
    /// The content of `meta` elements by their lower-case names.
    named: HashMap<String, String>,
    /// The text of `<title>`.
    pub(super) title: Option<String>,
    /// Where the page says it stands.
    pub(super) url: Option<String>,
    /// The headline that JSON-LD states.
    pub(super) headline: Option<String>,
    /// When JSON-LD says it was published.
    pub(super) published: Option<String>,
    /// Who JSON-LD says published it.
    pub(super) publisher: Option<String>,
    /// What elements say that are marked as the date of publication.
    stated: Vec<String>,
    /// What `<time>` says, also in lists of other articles.
    times: Vec<String>,
    /// The text of elements named for the source.
    pub(super) sources: Vec<String>,
}

impl Meta {
    pub(super) fn of(page: &Html, rules: &PageRules) -> Self {
        let mut meta = Self::default();
        for node in page.tree.nodes() {
            let (Node::Element(element), Some(at)) = (node.value(), ElementRef::wrap(node)) else {
                continue;
            };
            match element.name() {
                "meta" => {
                    let name =
                        ["property", "name", "itemprop"].iter().find_map(|n| attribute(element, n));
                    let content = attribute(element, "content").map(str::trim).unwrap_or_default();
                    if let (Some(name), false) = (name, content.is_empty()) {
                        let name = name.trim().to_ascii_lowercase();
                        meta.named.entry(name).or_insert_with(|| content.to_owned());
                    }
                }
                "title" if meta.title.is_none() => meta.title = short_text(at, 500),
                "link" if attribute(element, "rel") == Some("canonical") => {
                    let url = attribute(element, "href").filter(|url| url.starts_with("http"));
                    meta.url = meta.url.or(url.map(str::to_owned));
                }
                "script" if attribute(element, "type") == Some("application/ld+json") => {
                    let json: String = at.text().collect();
                    meta.linked_data(json.trim().trim_end_matches(';'));
                }
                // Lists of other titles have times as well.
                "time" if in_list(at) => {}
                "time" => {
                    let said = attribute(element, "datetime").map(str::to_owned);
                    let said = said.or_else(|| short_text(at, 60));
                    let marked = attribute(element, "pubdate").is_some() || is_published(element);
                    if marked { &mut meta.stated } else { &mut meta.times }.extend(said);
                }
                "script" | "style" | "body" | "html" | "head" => {}
                _ => {
                    if is_published(element) {
                        let stated = attribute(element, "content").map(str::to_owned);
                        meta.stated.extend(stated.or_else(|| short_text(at, 60)));
                    }
                    if meta.sources.len() < 20 && rules.is_source_box(element) {
                        meta.sources.extend(short_text(at, 120));
                    }
                }
            }
        }
        meta.url = meta
            .url
            .take()
            .or_else(|| meta.named.get("og:url").filter(|url| url.starts_with("http")).cloned());
        meta
    }

    /// The content of the first of the `meta` elements of these names.
    pub(super) fn first<'m>(&'m self, names: &'m [String]) -> impl Iterator<Item = &'m str> {
        names.iter().filter_map(|name| self.named.get(name).map(String::as_str))
    }

    /// The date of an element that is marked as that of publication, else of the `<time>`
    /// elements, if they agree.
    pub(super) fn time(&self) -> Option<PartialDate> {
        if let Some(date) = self.stated.iter().find_map(|time| published::parse(time)) {
            return Some(date);
        }
        let mut days = self.times.iter().map(|time| published::parse(time));
        let first = days.next()??;
        days.all(|day| day == Some(first)).then_some(first)
    }

    fn linked_data(&mut self, json: &str) {
        // Line ends within strings are not JSON, and common.
        let Ok(value) = serde_json::from_str::<Value>(json)
            .or_else(|_| serde_json::from_str(&json.replace(['\n', '\r', '\t'], " ")))
        else {
            return;
        };
        let mut open = vec![&value];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values.iter().rev()),
                Value::Object(fields) => {
                    let text = |name: &str| fields.get(name).and_then(Value::as_str);
                    let owned = |text: Option<&str>| {
                        text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
                    };
                    let date = text("datePublished").or(text("pubDate"));
                    let of = |kind: &Value| kind.as_str().is_some_and(is_article);
                    let is_other = fields.get("@type").is_some_and(|kind| match kind {
                        Value::Array(kinds) => !kinds.iter().any(of),
                        kind => !of(kind),
                    });
                    if date.is_some() && !is_other && self.published.is_none() {
                        self.published = owned(date);
                        self.headline = owned(text("headline").or(text("title")));
                        let named = |field: &str| {
                            let field = fields.get(field)?;
                            let field = field.get(0).unwrap_or(field);
                            field.get("name").and_then(Value::as_str)
                        };
                        self.publisher = owned(named("publisher").or(named("author")));
                    }
                    if let Some(graph) = fields.get("@graph") {
                        open.push(graph);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether an element is part of a list, a table or what stands around an article.
fn in_list(at: ElementRef<'_>) -> bool {
    const LISTS: [&str; 6] = ["li", "dl", "table", "aside", "nav", "footer"];
    let above = at.ancestors().filter_map(ElementRef::wrap);
    above.into_iter().any(|above| LISTS.contains(&above.value().name()))
}

/// Whether a type of schema.org is one of articles, or of pages that hold one.
fn is_article(kind: &str) -> bool {
    ["Article", "Posting", "News", "Report", "WebPage"].iter().any(|part| kind.contains(part))
}

/// Whether an element is marked as the date of publication.
fn is_published(element: &Element) -> bool {
    attribute(element, "itemprop").is_some_and(|name| name.eq_ignore_ascii_case("datePublished"))
}

/// The text of an element, its white space collapsed; `None` if it has none or more than
/// `most` bytes of it.
fn short_text(at: ElementRef<'_>, most: usize) -> Option<String> {
    let mut text = String::new();
    for part in at.text() {
        text.push_str(part);
        if text.len() > most {
            return None;
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
