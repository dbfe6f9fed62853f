//! [`Query`]: a question to the store, its parameters bound, within a time limit.

mod bind;
mod format;
pub(crate) mod head;
mod named;
mod order;
mod table;

use std::{
    fmt, io,
    sync::{Arc, Mutex, OnceLock, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};
use spargebra::SparqlParser;

pub use bind::{BindError, Type};
pub use format::{Form, Format};
pub(crate) use format::{harmless, of_xml, with_texts};
pub use named::{NAMED, Named, Parameter};
pub use table::width;

use crate::{
    rdf::vocab::PREFIXES,
    store::{Store, StoreError},
};

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
    /// The store is damaged.
    #[error(transparent)]
    Damaged(StoreError),
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
        let watch = Watch::new(store, Some(timeout), cancel.clone());
        let answer = (|| {
            let results = self.answer(store, &cancel).map_err(QueryError::Evaluation)?;
            format::write(results, format, columns, out)
        })();
        match answer {
            Err(_) if cancel.is_cancelled() => {
                Err(watch.damage().unwrap_or(QueryError::Timeout(timeout)))
            }
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
        let cancel = CancellationToken::new();
        let watch = Watch::new(store, None, cancel.clone());
        let answer = self.answer(store, &cancel).and_then(|results| match results {
            QueryResults::Solutions(rows) => rows.collect(),
            _ => Ok(Vec::new()),
        });
        answer.map_err(|error| watch.damage().unwrap_or(QueryError::Evaluation(error)))
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

/// After so long it is asked whether the store is damaged: what meets damage may run for ever.
const PROBE: Duration = Duration::from_secs(5);
/// What was told of damage has so long to end.
const GRACE: Duration = Duration::from_secs(1);

/// How the program ends when a query cannot be ended.
static END: OnceLock<fn(&str)> = OnceLock::new();

/// Has the program ended by `end`, which is told why, when a query meets damage on the disk
/// and cannot be stopped. Without this such a query runs on.
pub fn end_on_damage(end: fn(&str)) {
    let _ = END.set(end);
}

/// Cancels after a time, or if the store is damaged, unless dropped before.
struct Watch {
    done: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    damage: Arc<Mutex<Option<StoreError>>>,
}

impl Watch {
    fn new(store: &Store, timeout: Option<Duration>, cancel: CancellationToken) -> Self {
        let (done, wait) = mpsc::channel();
        let damage = Arc::new(Mutex::new(None));
        let (found, probe) = (Arc::clone(&damage), store.probe());
        let until = timeout.map(|timeout| Instant::now() + timeout);
        let thread = thread::spawn(move || {
            let is_over = |time| wait.recv_timeout(time) != Err(mpsc::RecvTimeoutError::Timeout);
            if is_over(timeout.map_or(PROBE, |timeout| timeout.min(PROBE))) {
                return;
            }
            if timeout.is_none_or(|timeout| timeout > PROBE)
                && let Some(damage) = probe()
            {
                let told = damage.to_string();
                *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(damage);
                cancel.cancel();
                // What counts or groups does not hear of it.
                if !is_over(GRACE)
                    && let Some(end) = END.get()
                {
                    end(&told);
                }
            } else if let Some(until) = until
                && !is_over(until.saturating_duration_since(Instant::now()))
            {
                cancel.cancel();
            }
        });
        Self { done: Some(done), thread: Some(thread), damage }
    }

    fn damage(&self) -> Option<QueryError> {
        let mut damage = self.damage.lock().unwrap_or_else(PoisonError::into_inner);
        damage.take().map(QueryError::Damaged)
    }
}

impl Drop for Watch {
    /// Waits for the thread: it holds the store, which must be closed before the program ends.
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            // Whatever it panicked of, the answer is there.
            let _ = thread.join();
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
