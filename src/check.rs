//! [`Check`]: what may be wrong with a store, and how to mend it.

use std::{collections::HashMap, fmt};

use oxrdf::Term;

use crate::{
    query::{Query, QueryError, head::head},
    store::Store,
};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The store contradicts what it promises.
    Error,
    /// Something that is said may be wrong.
    Warning,
    /// Something is less than it could be.
    Note,
}

impl Severity {
    /// Its name in the checks and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A check with its name, out of `ontology/checks/`. Title, severity and how to mend what
/// it finds are comments in its head.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// What it is called by.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! checks {
    ($($name:literal),* $(,)?) => {
        /// All of them, by name.
        pub const CHECKS: &[Check] = &[$(Check {
            name: $name,
            text: include_str!(concat!("../ontology/checks/", $name, ".rq")),
        }),*];
    };
}

checks![
    "agreement-within-one-country",
    "agreement-without-claim",
    "agreement-without-two-parties",
    "article-without-date",
    "claim-after-publication",
    "claim-without-agreement",
    "claim-without-evidence",
    "contradictory-dates",
    "contradictory-kinds",
    "date-inverted",
    "ended-before-it-began",
    "party-without-country",
    "statistic-without-count",
];

/// Something that a check found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The id of the article that says so, if one does: 64 hexadecimal digits.
    pub article: Option<String>,
    /// Where it was read from.
    pub source: Option<String>,
    /// What is wrong: the sentence, the parties, the title.
    pub text: String,
}

/// Where articles were read from.
const SOURCES: &str = "
    SELECT ?article ?source WHERE {
      { SELECT * WHERE { ?article a schema:NewsArticle } }
      OPTIONAL { { SELECT * WHERE { ?article yc:file ?file } } }
      OPTIONAL { { SELECT * WHERE { ?article schema:url ?url } } }
      BIND(STR(COALESCE(?file, ?url)) AS ?source)
    }";

impl Check {
    /// The check of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        CHECKS.iter().copied().find(|check| check.name == name)
    }

    /// What is wrong when it finds something.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.head("title: ")
    }

    /// How to mend it.
    #[must_use]
    pub fn mend(self) -> &'static str {
        self.head("mend: ")
    }

    /// How bad that is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self.head("severity: ") {
            "note" => Severity::Note,
            "warning" => Severity::Warning,
            _ => Severity::Error,
        }
    }

    fn head(self, key: &'static str) -> &'static str {
        head(self.text, key).next().unwrap_or_default()
    }

    /// What it finds in a store, each once, in order.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn run(self, store: &Store) -> Result<Vec<Finding>, QueryError> {
        let rows = Query::parse(self.text)?.solutions(store)?;
        let mut findings = Vec::with_capacity(rows.len());
        for row in rows {
            let article = match row.get("article") {
                Some(Term::NamedNode(article)) => {
                    article.as_str().rsplit('/').next().map(str::to_owned)
                }
                _ => None,
            };
            let text = match row.get("finding") {
                Some(Term::Literal(text)) => text.value().to_owned(),
                Some(term) => term.to_string(),
                None => String::new(),
            };
            findings.push(Finding { article, source: None, text });
        }
        findings.sort();
        findings.dedup();
        Ok(findings)
    }
}

/// Says of findings where their articles were read from.
///
/// # Errors
///
/// If the store cannot be read.
pub fn locate<'a>(
    store: &Store,
    findings: impl IntoIterator<Item = &'a mut Finding>,
) -> Result<(), QueryError> {
    let mut sources = HashMap::new();
    for row in Query::parse(SOURCES)?.solutions(store)? {
        if let (Some(Term::NamedNode(article)), Some(Term::Literal(source))) =
            (row.get("article"), row.get("source"))
            && let Some(id) = article.as_str().rsplit('/').next()
        {
            sources.insert(id.to_owned(), source.value().to_owned());
        }
    }
    for finding in findings {
        finding.source = finding.article.as_ref().and_then(|id| sources.get(id)).cloned();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_what_the_folder_holds_and_every_head_is_complete() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/checks");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                name.strip_suffix(".rq").map(str::to_owned)
            })
            .collect();
        files.sort();
        assert_eq!(CHECKS.iter().map(|check| check.name).collect::<Vec<_>>(), files);
        for check in CHECKS {
            assert!(!check.title().is_empty() && !check.mend().is_empty(), "{}", check.name);
            assert_eq!(check.head("severity: "), check.severity().name(), "{}", check.name);
            Query::parse(check.text).unwrap();
        }
    }
}
