//! Parameters: typed values put into a parsed query.

use std::str::FromStr;

use oxrdf::{Literal, NamedNode, Term, Variable, vocab::xsd};
use spargebra::{
    Query,
    algebra::{Expression, GraphPattern},
    term::GroundTerm,
};

use super::named::countries;
use crate::{
    agreement::{Kind, Status},
    clean::simplified,
    date::PartialDate,
    gazetteer::{Gazetteer, Sense},
    place::{self, CountryCode, UNITS},
    rdf::{iri, vocab::yc},
};

/// Why a parameter cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The query has no such parameter.
    #[error("the query has no parameter {name}; {}", match .known.as_str() {
        "" => "a parameter is a variable with `VALUES ?name { UNDEF }` in the query".to_owned(),
        known => format!("it has: {known}"),
    })]
    Unknown {
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// A parameter without which the query would make no sense.
    #[error("the query needs --param {0}=…")]
    Required(String),
    /// A parameter that is given more than one value.
    #[error("--param {0} is given twice; a query takes one value for it")]
    Twice(String),
    /// The value is of another type.
    #[error("--param {name}={value}: {message}")]
    Value {
        /// The parameter.
        name: String,
        /// The value.
        value: String,
        /// What it should be.
        message: String,
    },
}

/// What a parameter's value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// The name of a place, as articles write it, in either script: with or without its unit
    /// (聊城, 聊城市).
    Place,
    /// A country by code (KZ) or name (哈萨克斯坦, Kazakhstan).
    Country,
    /// A kind of agreement (sister-city).
    Kind,
    /// A status of an agreement (terminated).
    Status,
    /// A day, or the first day of a month or year.
    Date,
    /// A whole number.
    Number,
    /// Plain text.
    Text,
    /// A term as N-Triples write it, `<iri>` or `"text"@zh-Hans`; else plain text.
    Term,
}

impl FromStr for Type {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Ok(match name {
            "place" => Self::Place,
            "country" => Self::Country,
            "kind" => Self::Kind,
            "status" => Self::Status,
            "date" => Self::Date,
            "number" => Self::Number,
            "text" => Self::Text,
            "term" => Self::Term,
            _ => return Err(()),
        })
    }
}

impl Type {
    /// Its name in the head of a query.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Country => "country",
            Self::Kind => "kind",
            Self::Status => "status",
            Self::Date => "date",
            Self::Number => "number",
            Self::Text => "text",
            Self::Term => "term",
        }
    }

    /// The terms that `value` stands for.
    pub(super) fn terms(self, name: &str, value: &str) -> Result<Vec<Term>, BindError> {
        let wrong = |message: &str| BindError::Value {
            name: name.to_owned(),
            value: value.to_owned(),
            message: message.to_owned(),
        };
        let written = value.trim();
        if written.is_empty() {
            return Err(wrong("expected a value"));
        }
        // The graph is in the simplified script.
        let value = match self {
            Self::Place | Self::Country => &*simplified(written),
            _ => written,
        };
        let one = |term: Term| Ok(vec![term]);
        match self {
            Self::Text => one(Literal::from(value).into()),
            Self::Number => {
                let number = value.parse::<i64>().map_err(|_| wrong("expected a whole number"))?;
                one(Literal::from(number).into())
            }
            Self::Date => {
                let date =
                    value.parse::<PartialDate>().map_err(|error| wrong(&error.to_string()))?;
                one(Literal::new_typed_literal(date.earliest().to_string(), xsd::DATE).into())
            }
            Self::Kind | Self::Status => {
                let (known, prefix) = match self {
                    Self::Kind => (Kind::ALL.map(Kind::name).to_vec(), "kind-"),
                    _ => (Status::ALL.map(Status::name).to_vec(), "status-"),
                };
                if !known.contains(&value) {
                    return Err(wrong(&format!("expected one of: {}", known.join(", "))));
                }
                one(NamedNode::new_unchecked([yc::NAMESPACE, prefix, value].concat()).into())
            }
            Self::Country => {
                let code = CountryCode::new(&value.to_uppercase())
                    .filter(|_| value.len() == 2)
                    .map(iri::country)
                    .or_else(|| countries(value))
                    .or_else(|| by_any_name(value))
                    .ok_or_else(|| {
                        wrong("no such country; write its ISO code (KZ) or its name (哈萨克斯坦)")
                    })?;
                one(code.into())
            }
            Self::Place => {
                let zh = |name: String| {
                    Literal::new_language_tagged_literal_unchecked(name, "zh-hans").into()
                };
                let mut terms = vec![zh(value.to_owned())];
                // A name with a unit may stand in the graph without it, and the other way.
                // 苏州 has none: its 州 is part of the name.
                match place::stem(value) {
                    (bare, Some(_)) => terms.push(zh(bare.to_owned())),
                    (bare, None) => terms.extend(UNITS.map(|unit| zh([bare, unit].concat()))),
                }
                Ok(terms)
            }
            Self::Term => match Term::from_str(value) {
                Ok(Term::BlankNode(_)) => Err(wrong("a blank node names nothing")),
                Ok(term) => one(term),
                Err(_) if value.starts_with(['<', '"']) => {
                    Err(wrong("expected <iri>, \"text\"@language, or plain text"))
                }
                Err(_) => one(Literal::from(value).into()),
            },
        }
    }
}

/// The country that articles call so: 日本国, 捷克共和国.
fn by_any_name(name: &str) -> Option<NamedNode> {
    let gazetteer = Gazetteer::new().ok()?;
    let mut codes = gazetteer.lookup(name).filter_map(|sense| match sense {
        Sense::Country(code, _) => Some(code),
        Sense::Place(..) => None,
    });
    let code = codes.next()?;
    codes.all(|other| other == code).then(|| iri::country(code))
}

/// Puts `terms` where the query says `VALUES ?name { UNDEF }`, or `VALUES ?param_name
/// { UNDEF }` where it has a column of that name.
pub(super) fn bind(query: &mut Query, name: &str, terms: &[Term]) -> Result<(), BindError> {
    let unknown =
        |known: Vec<String>| BindError::Unknown { name: name.to_owned(), known: known.join(", ") };
    let rows: Vec<Vec<Option<GroundTerm>>> = terms
        .iter()
        .filter_map(|term| match term {
            Term::NamedNode(node) => Some(vec![Some(node.clone().into())]),
            Term::Literal(literal) => Some(vec![Some(literal.clone().into())]),
            _ => None,
        })
        .collect();
    let mut known = Vec::new();
    let mut bound = false;
    let mut visit = |variables: &[Variable], bindings: &mut Vec<Vec<Option<GroundTerm>>>| {
        if let ([variable], [row]) = (variables, bindings.as_slice())
            && row.as_slice() == [None]
        {
            let parameter = variable.as_str();
            let parameter = parameter.strip_prefix("param_").unwrap_or(parameter);
            if parameter == name {
                bindings.clone_from(&rows);
                bound = true;
            } else {
                known.push(parameter.to_owned());
            }
        }
    };
    match query {
        Query::Select { pattern, .. }
        | Query::Ask { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. } => walk(pattern, &mut visit),
    }
    if bound { Ok(()) } else { Err(unknown(known)) }
}

type Visit<'a> = dyn FnMut(&[Variable], &mut Vec<Vec<Option<GroundTerm>>>) + 'a;

/// Shows every `VALUES` of a pattern to `visit`.
fn walk(pattern: &mut GraphPattern, visit: &mut Visit<'_>) {
    match pattern {
        GraphPattern::Values { variables, bindings } => visit(variables, bindings),
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => {}
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            walk(left, visit);
            walk(right, visit);
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            walk(left, visit);
            walk(right, visit);
            if let Some(expression) = expression {
                walk_expression(expression, visit);
            }
        }
        GraphPattern::Filter { expr, inner } => {
            walk_expression(expr, visit);
            walk(inner, visit);
        }
        GraphPattern::Extend { inner, expression, .. } => {
            walk_expression(expression, visit);
            walk(inner, visit);
        }
        GraphPattern::Graph { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Service { inner, .. } => walk(inner, visit),
    }
}

/// Shows every `VALUES` within the `EXISTS` of an expression to `visit`.
fn walk_expression(expression: &mut Expression, visit: &mut Visit<'_>) {
    match expression {
        Expression::Exists(pattern) => walk(pattern, visit),
        Expression::Not(inner) => walk_expression(inner, visit),
        Expression::And(left, right) | Expression::Or(left, right) => {
            walk_expression(left, visit);
            walk_expression(right, visit);
        }
        _ => {}
    }
}
