//! The worker: a process that evaluates what clients ask, one job after another.
//!
//! A query can take for ever, or all memory, or be nested so deeply that the program that
//! reads it ends. Not all of that can be stopped from within. So it happens in a process of
//! its own, which has a limit of memory and ends itself when the time is over; the server
//! and the other queries notice nothing.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use oxigraph::{
    io::RdfSerializer,
    model::NamedNode,
    sparql::{
        CancellationToken, QueryEvaluationError, QueryResults, QuerySolutionIter,
        results::{QueryResultsFormat, QueryResultsSerializer},
    },
};
use oxrdf::Triple;
use spargebra::{GraphUpdateOperation, SparqlParser, Update};

use super::{
    job::{Frame, Job, What, read_job},
    media::{GRAPHS, ROWS, choose},
    problem::Problem,
};
use crate::{
    query::{Named, Query, of_xml, with_texts},
    rdf::vocab::PREFIXES,
    store::{Graphs, Store},
};

/// Deeply nested queries are read and evaluated by recursion.
const STACK: usize = 64 << 20;

/// How long after its time a job may take to end by itself.
const GRACE: Duration = Duration::from_millis(300);

/// Does the jobs that come in at `input` until no more come.
///
/// # Errors
///
/// If whoever asked is gone.
pub fn work(
    mut input: impl Read + Send + 'static,
    mut out: impl Write + Send,
    memory: Option<u64>,
) -> io::Result<()> {
    limit(memory);
    let busy = Arc::new(AtomicBool::new(false));
    let (send, jobs) = mpsc::channel();
    let works = Arc::clone(&busy);
    thread::spawn(move || {
        while let Ok(Some(job)) = read_job(&mut input) {
            works.store(true, Ordering::SeqCst);
            if send.send(job).is_err() {
                return;
            }
        }
        // Whoever asked is gone, and nobody waits for what is being done.
        if works.load(Ordering::SeqCst) {
            process::exit(3);
        }
    });
    let mut open: Option<(PathBuf, Store)> = None;
    for job in jobs {
        let watch = Watch::new(Duration::from_millis(job.milliseconds));
        let cancel = watch.cancel.clone();
        let end = thread::scope(|scope| {
            let job = &job;
            let (open, out) = (&mut open, &mut out);
            let done = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || answer(job, open, &cancel, out))?;
            done.join().unwrap_or_else(|_| {
                Ok(Err(Problem::new(500, "this failed inside; please report it")))
            })
        })?;
        match end {
            Ok(()) => Frame::End,
            Err(_) if watch.cancel.is_cancelled() => Frame::Problem(too_long(job.milliseconds)),
            Err(problem) => Frame::Problem(problem),
        }
        .write(&mut out)?;
        busy.store(false, Ordering::SeqCst);
    }
    Ok(())
}

/// What is said when the time is over.
pub(super) fn too_long(milliseconds: u64) -> Problem {
    let seconds = Duration::from_millis(milliseconds).as_secs_f32();
    Problem::new(504, format!("this was stopped after {seconds} s"))
        .hint("narrow the query, or ask for less with LIMIT")
}

/// Keeps the process from taking more memory than this.
fn limit(memory: Option<u64>) {
    #[cfg(unix)]
    if let Some(memory) = memory {
        let limit = rustix::process::Rlimit { current: Some(memory), maximum: Some(memory) };
        // Where there is no such limit, there is none.
        let _ = rustix::process::setrlimit(rustix::process::Resource::As, limit);
    }
    #[cfg(not(unix))]
    let _ = memory;
}

/// Cancels when the time is over, and ends the process if that does not help.
struct Watch {
    cancel: CancellationToken,
    _done: mpsc::Sender<()>,
}

impl Watch {
    fn new(timeout: Duration) -> Self {
        let (done, wait) = mpsc::channel::<()>();
        let cancel = CancellationToken::new();
        let token = cancel.clone();
        thread::spawn(move || {
            if wait.recv_timeout(timeout) == Err(mpsc::RecvTimeoutError::Timeout) {
                token.cancel();
                if wait.recv_timeout(GRACE) == Err(mpsc::RecvTimeoutError::Timeout) {
                    process::exit(3);
                }
            }
        });
        Self { cancel, _done: done }
    }
}

/// What came of a job, unless whoever asked is gone.
type Answer = io::Result<Result<(), Problem>>;

fn answer(
    job: &Job,
    open: &mut Option<(PathBuf, Store)>,
    cancel: &CancellationToken,
    out: &mut impl Write,
) -> Answer {
    let mut frames = Frames { out, gathered: Vec::new(), head: None, gone: None };
    let result = run(job, open, cancel, &mut frames);
    let result = result.and_then(|()| frames.send().map_err(Problem::from));
    match frames.gone {
        Some(error) => Err(error),
        None => Ok(result),
    }
}

fn run(
    job: &Job,
    open: &mut Option<(PathBuf, Store)>,
    cancel: &CancellationToken,
    frames: &mut Frames<'_, impl Write>,
) -> Result<(), Problem> {
    let graphs = Graphs { default: nodes(&job.default)?, named: nodes(&job.named)? };
    if let What::Update(text) = &job.what {
        return update(job, text, &graphs, cancel);
    }
    let query = match &job.what {
        What::Query(text) => Some(Query::parse_with_base(text, &job.base)?),
        What::Named(name, values) => {
            let named = Named::find(name)
                .ok_or_else(|| Problem::missing(format!("there is no query {name}")))?;
            Some(named.query(values)?)
        }
        _ => None,
    };
    if open.as_ref().is_none_or(|(graph, _)| *graph != job.graph) {
        *open = Some((job.graph.clone(), Store::read_graph(&job.store, &job.graph)?));
    }
    let Some((_, store)) = open else { return Ok(()) };
    match (&job.what, query) {
        (_, Some(query)) => {
            let results = store
                .evaluate_over(query.into_inner(), &graphs, cancel.clone())
                .map_err(|error| Problem::bad(error.to_string()))?;
            write_results(job, results, frames)
        }
        (What::Graph(name), _) => {
            let name = name.as_deref().map(|name| node(name, &job.base)).transpose()?;
            let media = choose(&GRAPHS, job.format.as_deref(), job.accept.as_deref())?;
            let Some(triples) = store.graph(name.as_ref())? else {
                return Err(Problem::missing("there is no such graph"));
            };
            frames.head = Some(media.header());
            let triples = triples.map(|triple| {
                if cancel.is_cancelled() {
                    return Err(too_long(job.milliseconds));
                }
                triple.map_err(Problem::from)
            });
            write_triples(job, media.format, triples, frames)
        }
        _ => Ok(()),
    }
}

fn nodes(iris: &[String]) -> Result<Vec<NamedNode>, Problem> {
    iris.iter()
        .map(|iri| NamedNode::new(iri).map_err(|_| Problem::bad(format!("“{iri}” is not an IRI"))))
        .collect()
}

/// A graph's name, which may be relative.
fn node(iri: &str, base: &str) -> Result<NamedNode, Problem> {
    let wrong = || Problem::bad(format!("“{iri}” is not an IRI"));
    NamedNode::new(iri).or_else(|_| resolved(iri, base).ok_or_else(wrong))
}

/// A path against the address that it came with.
fn resolved(path: &str, base: &str) -> Option<NamedNode> {
    let after = base.find("://")? + 3;
    let root = base[after..].find('/').map_or(base, |at| &base[..after + at]);
    NamedNode::new([root, "/", path.trim_start_matches('/')].concat()).ok()
}

fn update(
    job: &Job,
    text: &str,
    graphs: &Graphs,
    cancel: &CancellationToken,
) -> Result<(), Problem> {
    let mut parser = SparqlParser::new()
        .with_base_iri(&job.base)
        .map_err(|error| Problem::bad(error.to_string()))?;
    for (prefix, iri) in PREFIXES {
        parser =
            parser.with_prefix(prefix, iri).map_err(|error| Problem::bad(error.to_string()))?;
    }
    let update: Update = parser
        .parse_update(text)
        .map_err(|error| Problem::bad(format!("the update does not parse: {error}")))?;
    let conflict = |operation: &GraphUpdateOperation| {
        matches!(operation, GraphUpdateOperation::DeleteInsert { using: Some(_), .. })
    };
    if !graphs.is_empty() && update.operations.iter().any(conflict) {
        return Err(Problem::bad("the graphs are named both in the request and in the update"));
    }
    let mut store = Store::open(&job.store)?;
    store
        .update(update, graphs, cancel.clone())
        .map_err(|error| Problem::bad(format!("the update failed: {error}")))?;
    store.flush()?;
    Ok(())
}

/// The way out: gathers what is written into frames.
struct Frames<'a, W: Write> {
    out: &'a mut W,
    gathered: Vec<u8>,
    head: Option<String>,
    gone: Option<io::Error>,
}

impl<W: Write> Frames<'_, W> {
    fn send(&mut self) -> io::Result<()> {
        let head = self.head.take().map(Frame::Head);
        let data = std::mem::take(&mut self.gathered);
        let data = (!data.is_empty()).then_some(Frame::Data(data));
        for frame in head.into_iter().chain(data) {
            if let Err(error) = frame.write(&mut self.out) {
                let kind = error.kind();
                self.gone = Some(error);
                return Err(kind.into());
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for Frames<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= 64 * 1024 {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_results(
    job: &Job,
    results: QueryResults<'_>,
    frames: &mut Frames<'_, impl Write>,
) -> Result<(), Problem> {
    let (format, accept) = (job.format.as_deref(), job.accept.as_deref());
    match results {
        QueryResults::Boolean(answer) => {
            let media = choose(&ROWS, format, accept)?;
            frames.head = Some(media.header());
            QueryResultsSerializer::from_format(media.format)
                .serialize_boolean_to_writer(frames, answer)?;
        }
        QueryResults::Solutions(solutions) => {
            let media = choose(&ROWS, format, accept)?;
            frames.head = Some(media.header());
            write_rows(job, media.format, solutions, frames)?;
        }
        QueryResults::Graph(triples) => {
            let media = choose(&GRAPHS, format, accept)?;
            frames.head = Some(media.header());
            let triples = triples.map(|triple| triple.map_err(|error| failed(&error)));
            write_triples(job, media.format, triples, frames)?;
        }
    }
    Ok(())
}

fn write_rows(
    job: &Job,
    format: QueryResultsFormat,
    solutions: QuerySolutionIter<'_>,
    frames: &mut Frames<'_, impl Write>,
) -> Result<(), Problem> {
    let variables = solutions.variables().to_vec();
    let mut serializer = QueryResultsSerializer::from_format(format)
        .serialize_solutions_to_writer(frames, variables)?;
    for (row, solution) in (0..).zip(solutions) {
        if row >= job.rows {
            return Err(too_many(job.rows));
        }
        let solution = solution.map_err(|error| failed(&error))?;
        serializer.serialize(&match format {
            QueryResultsFormat::Xml => with_texts(solution, of_xml),
            _ => solution,
        })?;
    }
    serializer.finish()?;
    Ok(())
}

fn write_triples(
    job: &Job,
    format: oxigraph::io::RdfFormat,
    triples: impl Iterator<Item = Result<Triple, Problem>>,
    frames: &mut Frames<'_, impl Write>,
) -> Result<(), Problem> {
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, iri) in PREFIXES {
        serializer = serializer
            .with_prefix(prefix, iri)
            .map_err(|error| Problem::new(500, error.to_string()))?;
    }
    let mut serializer = serializer.for_writer(frames);
    for (count, triple) in (0..).zip(triples) {
        if count >= job.rows {
            return Err(too_many(job.rows));
        }
        serializer.serialize_triple(&triple?)?;
    }
    serializer.finish()?;
    Ok(())
}

/// Why an evaluation failed: to ask others is refused, anything else is ours.
fn failed(error: &QueryEvaluationError) -> Problem {
    let message = error.to_string();
    if message.to_ascii_lowercase().contains("service") {
        return Problem::bad(message).hint("queries are answered from this graph alone");
    }
    Problem::new(500, message)
}

/// An answer is whole or none at all: nobody counts rows that were cut off.
fn too_many(rows: u64) -> Problem {
    Problem::new(413, format!("the answer has more than {rows} rows")).hint(
        "ask for it in parts with LIMIT and OFFSET, or use `youcheng query` and `youcheng export`",
    )
}
