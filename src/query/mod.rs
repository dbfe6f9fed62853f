//! [`Query`]: a question to the store, its parameters bound, within a time limit.

mod bind;
mod format;
pub(crate) mod head;
mod named;
mod order;
mod table;

use std::{fmt, io, sync::mpsc, thread, time::Duration};

use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};
use spargebra::SparqlParser;

pub use bind::{BindError, Type};
pub use format::{Form, Format};
pub(crate) use format::{harmless, of_xml, with_texts};
pub use named::{NAMED, Named, Parameter};
pub use table::width;

use crate::{rdf::vocab::PREFIXES, store::Store};

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// It is not SPARQL.
    #[error("the query does not parse: {0}")]
    Syntax(String),
    /// A parameter cannot be bound.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// Its result cannot be written that way.
    #[error("{form} gives {what}, which cannot be written as {format}; take one of: {allowed}")]
    Format {
        /// What kind of query it is.
        form: Form,
        /// What such queries give.
        what: &'static str,
        /// What was asked for.
        format: Format,
        /// What there is.
        allowed: String,
    },
    /// It took too long.
    #[error("the query was stopped after {0:?}; narrow it, or raise --timeout")]
    Timeout(Duration),
    /// It cannot be evaluated.
    #[error("the query failed: {0}")]
    Evaluation(QueryEvaluationError),
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[from] io::Error),
}

/// A SPARQL query (`SELECT`, `ASK`, `CONSTRUCT`, `DESCRIBE`; updates do not parse).
///
/// The usual prefixes are known without declaring them. A parameter is a variable for
/// which the query says `VALUES ?name { UNDEF }`: binding it puts a term there, in the
/// parsed query. No text is ever pasted into a query.
#[derive(Clone, Debug)]
pub struct Query {
    inner: spargebra::Query,
}

impl Query {
    /// Parses a query.
    ///
    /// # Errors
    ///
    /// If it is not SPARQL.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Self::parsed(SparqlParser::new(), text)
    }

    /// Parses a query in which IRIs may be relative to `base`.
    ///
    /// # Errors
    ///
    /// If it is not SPARQL, or `base` no IRI.
    pub fn parse_with_base(text: &str, base: &str) -> Result<Self, QueryError> {
        Self::parsed(SparqlParser::new().with_base_iri(base).map_err(io::Error::other)?, text)
    }

    fn parsed(mut parser: SparqlParser, text: &str) -> Result<Self, QueryError> {
        for (prefix, iri) in PREFIXES {
            parser = parser.with_prefix(prefix, iri).map_err(io::Error::other)?;
        }
        match parser.parse_query(text) {
            Ok(inner) => Ok(Self { inner }),
            Err(error) => Err(QueryError::Syntax(mistake(&error.to_string(), text))),
        }
    }

    /// The query, parsed.
    pub(crate) fn into_inner(self) -> spargebra::Query {
        self.inner
    }

    /// Binds a parameter to a value of the type that it has.
    ///
    /// # Errors
    ///
    /// If the query has no such parameter, or the value is not of the type.
    pub fn bind(&mut self, name: &str, type_: Type, value: &str) -> Result<(), BindError> {
        bind::bind(&mut self.inner, name, &type_.terms(name, value)?)
    }

    /// What kind of query it is.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.inner {
            spargebra::Query::Select { .. } => Form::Select,
            spargebra::Query::Ask { .. } => Form::Ask,
            spargebra::Query::Construct { .. } => Form::Construct,
            spargebra::Query::Describe { .. } => Form::Describe,
        }
    }

    /// Asks the store, and writes the answer to `out` in `format`, or in the usual format
    /// of such a query. A table is fitted to `columns` when that is given.
    ///
    /// # Errors
    ///
    /// If the format does not fit, the time is over, or the store or `out` fails.
    pub fn run(
        self,
        store: &Store,
        format: Option<Format>,
        timeout: Duration,
        columns: Option<u16>,
        out: impl io::Write,
    ) -> Result<(), QueryError> {
        let format = self.form().format(format)?;
        let cancel = CancellationToken::new();
        let _watch = Watch::new(timeout, cancel.clone());
        let answer = (|| {
            let results = self.answer(store, &cancel).map_err(QueryError::Evaluation)?;
            format::write(results, format, columns, out)
        })();
        match answer {
            Err(_) if cancel.is_cancelled() => Err(QueryError::Timeout(timeout)),
            answer => answer,
        }
    }

    /// Asks the store and collects the answers of a `SELECT`.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub(crate) fn solutions(
        self,
        store: &Store,
    ) -> Result<Vec<oxigraph::sparql::QuerySolution>, QueryError> {
        let results = self.answer(store, &CancellationToken::new());
        match results.map_err(QueryError::Evaluation)? {
            QueryResults::Solutions(rows) => {
                rows.collect::<Result<_, _>>().map_err(QueryError::Evaluation)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// What the store says, in the order that the query asks for.
    fn answer(
        self,
        store: &Store,
        cancel: &CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        if let Some((unsorted, order)) = order::split(&self.inner)
            && let Some(sorted) = order.sort(store.evaluate(unsorted, cancel.clone())?)?
        {
            return Ok(sorted);
        }
        store.evaluate(self.inner, cancel.clone())
    }
}

/// Whether a place in the store has this name, as the parameters of queries take names.
///
/// # Errors
///
/// If the store cannot be asked.
pub fn is_place(store: &Store, name: &str) -> Result<bool, QueryError> {
    let mut query = Query::parse(
        "SELECT ?place { VALUES ?name { UNDEF } ?place skos:prefLabel|skos:altLabel ?name } LIMIT 1",
    )?;
    query.bind("name", Type::Place, name)?;
    Ok(!query.solutions(store)?.is_empty())
}

/// What is wrong with a query, without the hundred characters that a name can begin with.
fn mistake(message: &str, text: &str) -> String {
    const UPDATES: [&str; 9] =
        ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"];
    let first = text.split_whitespace().next().unwrap_or_default();
    if UPDATES.iter().any(|word| first.eq_ignore_ascii_case(word)) {
        return format!(
            "{} is an update; articles come in with `youcheng ingest` and go with `youcheng remove`",
            first.to_uppercase()
        );
    }
    match message.find(", ['") {
        Some(names) => format!("{} or a name", &message[..names]),
        None => message.to_owned(),
    }
}

/// Cancels after a time, unless dropped before.
struct Watch {
    _done: mpsc::Sender<()>,
}

impl Watch {
    fn new(timeout: Duration, cancel: CancellationToken) -> Self {
        let (done, wait) = mpsc::channel();
        thread::spawn(move || {
            if wait.recv_timeout(timeout) == Err(mpsc::RecvTimeoutError::Timeout) {
                cancel.cancel();
            }
        });
        Self { _done: done }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
