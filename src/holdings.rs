//! [`Holdings`]: what a store holds, in numbers; [`Held`]: its articles, one by one.

use std::collections::BTreeMap;

use oxigraph::sparql::QuerySolution;
use oxrdf::Term;
use serde::Serialize;

use crate::{
    article::ArticleId,
    date::PartialDate,
    query::{Query, QueryError},
    rdf::key,
    store::Store,
};

/// What a store holds, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Holdings {
    /// Articles, copies included.
    pub articles: u64,
    /// Articles that are copies of others.
    pub copies: u64,
    /// Sentences that claim a tie.
    pub claims: u64,
    /// Stated counts of ties.
    pub statistics: u64,
    /// Agreements.
    pub agreements: u64,
    /// Pairs that are partners now.
    pub pairs: u64,
    /// Places that are party to an agreement.
    pub parties: u64,
    /// Agreements that only one independent article reports.
    pub single_source: u64,
    /// Agreements by kind.
    pub kinds: BTreeMap<String, u64>,
    /// Agreements by what has become of them.
    pub statuses: BTreeMap<String, u64>,
    /// Agreements by the country of a party.
    pub countries: BTreeMap<String, u64>,
    /// Agreements by the year in which they began.
    pub years: BTreeMap<String, u64>,
    /// Everything that is said.
    pub quads: u64,
}

const TOTALS: [(&str, &str); 7] = [
    ("articles", "SELECT (COUNT(?x) AS ?n) WHERE { ?x a schema:NewsArticle }"),
    ("copies", "SELECT (COUNT(?x) AS ?n) WHERE { ?x yc:duplicateOf ?y ; a schema:NewsArticle }"),
    ("claims", "SELECT (COUNT(?x) AS ?n) WHERE { ?x a yc:Claim }"),
    ("statistics", "SELECT (COUNT(?x) AS ?n) WHERE { ?x a yc:Statistic }"),
    ("agreements", "SELECT (COUNT(?x) AS ?n) WHERE { ?x a yc:Agreement }"),
    ("partners", "SELECT (COUNT(?x) AS ?n) WHERE { ?x yc:partnerOf ?y }"),
    ("single", "SELECT (COUNT(?x) AS ?n) WHERE { ?x a yc:Agreement ; yc:articles 1 }"),
];

const PARTIES: &str = "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?x yc:party ?p }";
const KINDS: &str = "SELECT ?key (COUNT(?x) AS ?n) WHERE {
    ?x a yc:Agreement ; yc:kind ?kind . ?kind skos:notation ?key } GROUP BY ?key";
const STATUSES: &str = "SELECT ?key (COUNT(?x) AS ?n) WHERE {
    ?x a yc:Agreement ; yc:status ?status . ?status skos:notation ?key } GROUP BY ?key";
const COUNTRIES: &str = "SELECT ?key (COUNT(DISTINCT ?x) AS ?n) WHERE {
    ?x yc:party ?p . ?p yc:country ?country . ?country schema:identifier ?key } GROUP BY ?key";
const YEARS: &str = "SELECT ?key (COUNT(?x) AS ?n) WHERE {
    ?x a yc:Agreement ; yc:date ?date . ?date yc:earliest ?day .
    BIND(STR(YEAR(?day)) AS ?key) } GROUP BY ?key";

impl Holdings {
    /// Counts.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn of(store: &Store) -> Result<Self, QueryError> {
        let one = |query: &str| -> Result<u64, QueryError> {
            let rows = Query::parse(query)?.solutions(store)?;
            Ok(rows.first().map_or(0, number))
        };
        let by = |query: &str| -> Result<BTreeMap<String, u64>, QueryError> {
            let rows = Query::parse(query)?.solutions(store)?;
            Ok(rows.iter().map(|row| (text(row, "key"), number(row))).collect())
        };
        let mut totals = [0; TOTALS.len()];
        for (total, (_, query)) in totals.iter_mut().zip(TOTALS) {
            *total = one(query)?;
        }
        let [articles, copies, claims, statistics, agreements, partners, single_source] = totals;
        Ok(Self {
            articles,
            copies,
            claims,
            statistics,
            agreements,
            pairs: partners / 2,
            parties: one(PARTIES)?,
            single_source,
            kinds: by(KINDS)?,
            statuses: by(STATUSES)?,
            countries: by(COUNTRIES)?,
            years: by(YEARS)?,
            quads: store.count().map_err(|error| std::io::Error::other(error.to_string()))?,
        })
    }
}

/// One article of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its identity.
    pub id: ArticleId,
    /// The file that it was read from.
    pub file: Option<String>,
    /// The line of its record.
    pub line: Option<u32>,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<PartialDate>,
    /// Its title.
    pub title: Option<String>,
}

const ARTICLES: &str = "
    SELECT ?article ?file ?line ?url ?published ?title WHERE {
      { SELECT * WHERE { ?article a schema:NewsArticle } }
      OPTIONAL { { SELECT * WHERE { ?article yc:file ?file } } }
      OPTIONAL { { SELECT * WHERE { ?article yc:line ?line } } }
      OPTIONAL { { SELECT * WHERE { ?article schema:url ?url } } }
      OPTIONAL { { SELECT * WHERE { ?article schema:datePublished ?published } } }
      OPTIONAL { { SELECT * WHERE { ?article schema:headline ?title } } }
    }";

/// The articles of a store, by where they were read from.
///
/// # Errors
///
/// If the store cannot be read.
pub fn articles(store: &Store) -> Result<Vec<Held>, QueryError> {
    let some = |row: &QuerySolution, name: &str| row.get(name).map(|_| text(row, name));
    let mut articles: Vec<Held> = Query::parse(ARTICLES)?
        .solutions(store)?
        .iter()
        .filter_map(|row| {
            Some(Held {
                id: key::article(&text(row, "article"))?,
                file: some(row, "file"),
                line: some(row, "line").and_then(|line| line.parse().ok()),
                url: some(row, "url"),
                published: some(row, "published").and_then(|date| date.parse().ok()),
                title: some(row, "title"),
            })
        })
        .collect();
    articles.sort_by(|a, b| (&a.file, a.line, a.id).cmp(&(&b.file, b.line, b.id)));
    articles.dedup_by_key(|held| held.id);
    Ok(articles)
}

/// Which articles are meant. Empty means none.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// These: the 64 digits of an id, or at least 8 of the first.
    pub ids: Vec<String>,
    /// Those whose address or file is like this; `*` stands for anything.
    pub url: Option<String>,
    /// Those published on this day or later.
    pub since: Option<PartialDate>,
    /// Those published on this day or before.
    pub until: Option<PartialDate>,
}

impl Selection {
    /// Whether it names nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.url.is_none() && self.since.is_none() && self.until.is_none()
    }

    /// Whether an article is meant: it fits all that is given.
    #[must_use]
    pub fn fits(&self, held: &Held) -> bool {
        let hex = held.id.hex();
        let id = self.ids.is_empty()
            || self.ids.iter().any(|id| id.len() >= 8 && hex.starts_with(id.as_str()));
        let url = self.url.as_ref().is_none_or(|pattern| {
            [&held.url, &held.file].into_iter().flatten().any(|text| is_like(pattern, text))
        });
        // An article without a date is neither before nor after.
        let date = |limit: Option<PartialDate>, fits: fn(PartialDate, PartialDate) -> bool| {
            limit.is_none_or(|limit| held.published.is_some_and(|date| fits(date, limit)))
        };
        !self.is_empty()
            && id
            && url
            && date(self.since, |date, limit| date.earliest() >= limit.earliest())
            && date(self.until, |date, limit| date.latest() <= limit.latest())
    }
}

/// Whether a text is like a pattern in which `*` stands for anything, in linear time for
/// each star.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn number(row: &QuerySolution) -> u64 {
    text(row, "n").parse().unwrap_or(0)
}

fn text(row: &QuerySolution, name: &str) -> String {
    match row.get(name) {
        Some(Term::NamedNode(node)) => node.as_str().to_owned(),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, fits) in [
            ("https://a.cn/*", "https://a.cn/1", true),
            ("*a.cn*", "https://a.cn/1", true),
            ("https://a.cn/1", "https://a.cn/1", true),
            ("https://a.cn/", "https://a.cn/1", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("*x*y", "axbycy", true),
            ("*x*y", "aybx", false),
        ] {
            assert_eq!(is_like(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn a_selection_fits_all_that_is_given_and_an_empty_one_nothing() {
        let held = Held {
            id: ArticleId::of(b"x"),
            file: None,
            line: None,
            url: Some("https://a.cn/1".to_owned()),
            published: "2023-05".parse().ok(),
            title: None,
        };
        let day = |text: &str| text.parse().ok();
        let hex = held.id.hex();
        for (selection, fits) in [
            (Selection::default(), false),
            (Selection { ids: vec![hex[..8].to_owned()], ..Selection::default() }, true),
            (Selection { ids: vec![hex[..7].to_owned()], ..Selection::default() }, false),
            (Selection { since: day("2023"), ..Selection::default() }, true),
            (Selection { until: day("2023-05-20"), ..Selection::default() }, false),
            (
                Selection {
                    url: Some("*b.cn*".to_owned()),
                    since: day("2023"),
                    ..Selection::default()
                },
                false,
            ),
        ] {
            assert_eq!(selection.fits(&held), fits, "{selection:?}");
        }
    }
}
