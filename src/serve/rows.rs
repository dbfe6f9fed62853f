//! The rows of our own questions, and what stands in them.

use oxigraph::sparql::{CancellationToken, QueryResults, QuerySolution};
use oxrdf::Term;

use crate::{
    agreement::Status,
    query::{Query, QueryError, Type},
    rdf::vocab::yc,
    store::{Graphs, Store},
};

/// Shows every row of an answer to `visit`.
pub(super) fn each(
    store: &Store,
    query: Query,
    mut visit: impl FnMut(&QuerySolution),
) -> Result<(), QueryError> {
    let results = store
        .evaluate_over(query.into_inner(), &Graphs::default(), CancellationToken::new())
        .map_err(QueryError::Evaluation)?;
    if let QueryResults::Solutions(rows) = results {
        for row in rows {
            visit(&row.map_err(QueryError::Evaluation)?);
        }
    }
    Ok(())
}

/// A question about one thing: `VALUES ?given { UNDEF }` stands for it.
pub(super) fn about(query: &str, thing: &oxrdf::NamedNode) -> Result<Query, QueryError> {
    let mut query = Query::parse(query)?;
    query.bind("given", Type::Term, &thing.to_string())?;
    Ok(query)
}

pub(super) fn text<'a>(row: &'a QuerySolution, name: &str) -> Option<&'a str> {
    match row.get(name)? {
        Term::NamedNode(node) => Some(node.as_str()),
        Term::Literal(literal) => Some(literal.value()),
        _ => None,
    }
}

pub(super) fn number(row: &QuerySolution, name: &str) -> Option<u64> {
    text(row, name)?.parse().ok()
}

/// The last part of an IRI.
pub(super) fn last<'a>(row: &'a QuerySolution, name: &str) -> Option<&'a str> {
    text(row, name)?.rsplit('/').next()
}

/// The name of a concept of a closed list.
pub(super) fn concept<'a>(row: &'a QuerySolution, name: &str, scheme: &str) -> Option<&'a str> {
    text(row, name)?.strip_prefix(yc::NAMESPACE)?.strip_prefix(scheme)
}

/// The status of that name.
pub(super) fn status(name: &str) -> Option<Status> {
    Status::ALL.into_iter().find(|status| status.name() == name)
}
