//! The queries that come with the program, out of `ontology/queries/`.

use oxrdf::{NamedNode, Term, TermRef};
use oxttl::TurtleParser;

use super::{BindError, Query, QueryError, Type, head::head};
use crate::rdf::vocab::skos;

/// A query with its name. Title, parameters and what it answers are comments in its head:
///
/// ```text
/// # title: Agreements of a country
/// # param country country required: the country, as KZ, 哈萨克斯坦 or Kazakhstan
/// # answers: who is tied to it, since when, by which sentence
/// # example: country=JP
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// What it is called by.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! named {
    ($($name:literal),* $(,)?) => {
        /// All of them, by name.
        pub const NAMED: &[Named] = &[$(Named {
            name: $name,
            text: include_str!(concat!("../../ontology/queries/", $name, ".rq")),
        }),*];
    };
}

named![
    "agreements",
    "agreements-by-year",
    "agreements-new",
    "agreements-of-city",
    "agreements-of-country",
    "agreements-of-province",
    "articles",
    "cities-by-partners",
    "claims",
    "contradictions",
    "duplicates",
    "edges",
    "lifecycle",
    "pair",
    "partners-by-country",
    "partners-by-year",
    "places-not-linked",
    "signings",
    "single-source",
    "statistics",
    "terminated",
    "timeline",
];

/// A parameter of a named query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub type_: Type,
    /// Whether the query makes no sense without it.
    pub required: bool,
    /// What to write.
    pub help: &'static str,
}

impl Named {
    /// The query of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        NAMED.iter().copied().find(|named| named.name == name)
    }

    /// What it is.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.head("title: ").next().unwrap_or_default()
    }

    /// What it answers.
    #[must_use]
    pub fn answers(self) -> &'static str {
        self.head("answers: ").next().unwrap_or_default()
    }

    /// Its parameters.
    pub fn parameters(self) -> impl Iterator<Item = Parameter> {
        self.head("param ").filter_map(|line| {
            let (declaration, help) = line.split_once(": ")?;
            let mut words = declaration.split(' ');
            let (name, type_) = (words.next()?, words.next()?.parse().ok()?);
            Some(Parameter { name, type_, required: words.next() == Some("required"), help })
        })
    }

    /// Values for its parameters that find something in `corpus/`; empty where none is needed.
    pub fn example(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.head("example: ")
            .flat_map(|line| line.split(' '))
            .filter_map(|one| one.split_once('='))
    }

    fn head(self, key: &'static str) -> impl Iterator<Item = &'static str> {
        head(self.text, key)
    }

    /// The query with its parameters bound.
    ///
    /// # Errors
    ///
    /// If a parameter is unknown or missing, or a value is not of its type.
    pub fn query(self, values: &[(String, String)]) -> Result<Query, QueryError> {
        let mut query = Query::parse(self.text)?;
        let known = || self.parameters().map(|known| known.name).collect::<Vec<_>>().join(", ");
        for (n, (name, value)) in values.iter().enumerate() {
            if values[..n].iter().any(|(before, _)| before == name) {
                return Err(BindError::Twice(name.clone()).into());
            }
            let parameter = self
                .parameters()
                .find(|known| known.name == name)
                .ok_or_else(|| BindError::Unknown { name: name.clone(), known: known() })?;
            query.bind(name, parameter.type_, value)?;
        }
        let missing = self
            .parameters()
            .find(|known| known.required && !values.iter().any(|(name, _)| name == known.name));
        match missing {
            Some(parameter) => Err(BindError::Required(parameter.name.to_owned()).into()),
            None => Ok(query),
        }
    }
}

/// The country that has this label, in any language.
pub(super) fn countries(label: &str) -> Option<NamedNode> {
    let wanted = label.to_lowercase();
    TurtleParser::new()
        .for_slice(include_str!("../../ontology/countries.ttl"))
        .filter_map(Result::ok)
        .find(|triple| {
            triple.predicate == skos::PREF_LABEL
                && matches!(triple.object.as_ref(), TermRef::Literal(name)
                    if name.value().to_lowercase() == wanted)
        })
        .and_then(|triple| match Term::from(triple.subject) {
            Term::NamedNode(country) => Some(country),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_what_the_folder_holds() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/queries");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                name.strip_suffix(".rq").map(str::to_owned)
            })
            .collect();
        files.sort();
        let listed: Vec<_> = NAMED.iter().map(|named| named.name).collect();
        assert_eq!(listed, files);
    }

    #[test]
    fn every_query_parses_and_its_head_is_complete() {
        for named in NAMED {
            assert!(!named.title().is_empty(), "{}: no title", named.name);
            assert!(!named.answers().is_empty(), "{}: no answers", named.name);
            let declared = named.text.lines().filter(|line| line.starts_with("# param")).count();
            assert_eq!(named.parameters().count(), declared, "{}: bad parameter", named.name);
            let given: Vec<_> = named.example().map(|(name, _)| name).collect();
            for parameter in named.parameters().filter(|parameter| parameter.required) {
                assert!(
                    given.contains(&parameter.name),
                    "{}: no example of {}",
                    named.name,
                    parameter.name
                );
            }
            let mut query = Query::parse(named.text).unwrap();
            for parameter in named.parameters() {
                let value = match parameter.type_ {
                    Type::Country => "KZ",
                    Type::Kind => "sister-city",
                    Type::Status => "signed",
                    Type::Date | Type::Number => "2023",
                    _ => "聊城市",
                };
                query.bind(parameter.name, parameter.type_, value).unwrap();
            }
        }
    }

    #[test]
    fn countries_are_found_by_code_and_name() {
        for value in ["KZ", "kz", "哈萨克斯坦", "Kazakhstan", "kazakhstan"] {
            let named = Named::find("agreements-of-country").unwrap();
            let values = [("country".to_owned(), value.to_owned())];
            let query = named.query(&values).unwrap().to_string();
            assert!(query.contains("<https://w3id.org/youcheng/country/KZ>"), "{value}: {query}");
        }
    }
}
