//! [`Engine`]: the extractor of the process, and the threads that it works on.

use std::{num::NonZero, sync::OnceLock, thread};

use pyo3::{exceptions::PyValueError, prelude::*};
use rayon::{ThreadPool, ThreadPoolBuilder};
use youcheng::{
    article::Source,
    batch,
    clean::Cleaner,
    notes::{Stage, Why},
    pipeline::Extractor,
    place::CountryCode,
    read::{self, Input, Limits, Payload, Reader},
    segment::{self, Segmenter},
    wire::{Cleaned, Record},
};

use crate::{ReadError, YouchengError};

/// HTML and rules recurse.
const STACK: usize = 16 << 20;

/// What is compiled once.
pub(crate) struct Engine {
    pub(crate) extractor: &'static Extractor,
    pub(crate) reader: Reader,
    pool: ThreadPool,
}

/// The engine of the process. A second thread that asks for it at once waits for the first.
pub(crate) fn engine(py: Python<'_>) -> PyResult<&'static Engine> {
    static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();
    py.detach(|| ENGINE.get_or_init(Engine::new).as_ref())
        .map_err(|error| YouchengError::new_err(error.clone()))
}

impl Engine {
    fn new() -> Result<Self, String> {
        let error = |error: youcheng::rule::DataError| error.to_string();
        Ok(Self {
            extractor: Extractor::standard().map_err(error)?,
            reader: Reader::new(Limits::default()).map_err(error)?,
            pool: pool(thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN))?,
        })
    }

    /// Does work on so many threads; without a number, on one per processor.
    pub(crate) fn on<T: Send>(
        &self,
        jobs: Option<NonZero<usize>>,
        work: impl FnOnce() -> T + Send,
    ) -> Result<T, String> {
        match jobs {
            Some(jobs) => Ok(pool(jobs)?.install(work)),
            None => Ok(self.pool.install(work)),
        }
    }
}

fn pool(jobs: NonZero<usize>) -> Result<ThreadPool, String> {
    ThreadPoolBuilder::new()
        .num_threads(jobs.get().min(1024))
        .stack_size(STACK)
        .thread_name(|n| format!("youcheng-{n}"))
        .build()
        .map_err(|error| format!("no threads to work on: {error}"))
}

/// The fields of one article, as a call names them.
#[derive(FromPyObject)]
pub(crate) struct Given {
    #[pyo3(item)]
    text: Option<String>,
    #[pyo3(item)]
    html: Option<String>,
    #[pyo3(item)]
    title: Option<String>,
    #[pyo3(item)]
    url: Option<String>,
    #[pyo3(item)]
    published: Option<String>,
    #[pyo3(item)]
    publisher: Option<String>,
}

impl Given {
    /// What is longer would take minutes; a batch takes no such rows either.
    fn within(&self, limit: usize) -> PyResult<()> {
        let all =
            [&self.text, &self.html, &self.title, &self.url, &self.published, &self.publisher];
        let size: usize = all.into_iter().flatten().map(String::len).sum();
        if size <= limit {
            return Ok(());
        }
        Err(ReadError::new_err(format!(
            "{size} bytes are more than the limit of {limit}; split the article, or leave it"
        )))
    }

    fn input(&self) -> Input {
        let fields = read::Fields {
            text: self.text.clone(),
            html: self.html.clone(),
            title: self.title.clone(),
            url: self.url.clone(),
            published: self.published.clone(),
            publisher: self.publisher.clone(),
        };
        Input { source: Source::default(), payload: Payload::Record(fields.record()) }
    }
}

/// A message without the place that stands for an article that has none.
pub(crate) fn without_place(message: &str) -> String {
    message.strip_prefix("<stdin>: ").unwrap_or(message).to_owned()
}

enum Failed {
    Skip(batch::Skip),
    Date(String),
    Other(String),
}

impl From<Failed> for PyErr {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Skip(skip) => ReadError::new_err(without_place(&skip.to_string())),
            Failed::Date(written) => PyValueError::new_err(format!(
                "published: {written:?} is no date; expected one as 2025-05-23, 2025-05 or 2025"
            )),
            Failed::Other(message) => YouchengError::new_err(message),
        }
    }
}

/// Reads one article and makes JSON of it, away from Python.
fn one(
    py: Python<'_>,
    given: &Given,
    work: impl Fn(&Engine, youcheng::article::Article, youcheng::notes::Notes) -> Vec<u8> + Send + Sync,
) -> PyResult<String> {
    let engine = engine(py)?;
    given.within(Limits::default().record)?;
    let input = given.input();
    let done = py.detach(|| {
        let run = || {
            let read = batch::guarded(input, &|input| {
                let (article, notes) = engine.reader.article(input)?;
                let bad = notes.0.iter().find(|note| {
                    note.stage == Stage::Read
                        && note.why == Why::BadDate
                        && given.published.is_some()
                });
                if let Some(note) = bad {
                    return Ok(Err(Failed::Date(note.text.clone())));
                }
                Ok(Ok(work(engine, article, notes)))
            });
            read.map_err(Failed::Skip).and_then(|read| read)
        };
        engine.on(None, run).map_err(Failed::Other).and_then(|read| read)
    })?;
    String::from_utf8(done).map_err(|error| YouchengError::new_err(error.to_string()))
}

pub(crate) fn extract(py: Python<'_>, given: &Given, words: bool) -> PyResult<String> {
    one(py, given, |engine, article, notes| {
        let extraction = engine.extractor.run(article, notes);
        let mut record = Record::new(&extraction);
        if words {
            record = record.with_words(engine.extractor.words());
        }
        let mut line = Vec::new();
        // A vector takes everything.
        let _ = record.write(&mut line);
        line
    })
}

pub(crate) fn clean(py: Python<'_>, given: &Given) -> PyResult<String> {
    static STEPS: OnceLock<Result<(Cleaner, Segmenter), String>> = OnceLock::new();
    let steps = || {
        let error = |error: youcheng::rule::DataError| error.to_string();
        Ok((Cleaner::new().map_err(error)?, Segmenter::new().map_err(error)?))
    };
    let (cleaner, segmenter) = py
        .detach(|| STEPS.get_or_init(steps).as_ref())
        .map_err(|error| YouchengError::new_err(error.clone()))?;
    one(py, given, |_, mut article, mut notes| {
        cleaner.run(&mut article, &mut notes);
        let passages = segmenter.run(&article, &mut notes);
        let title = segment::title(&article, &passages);
        let mut line = Vec::new();
        let _ = Cleaned::new(&article, title, &passages, &notes).write(&mut line);
        line
    })
}

pub(crate) fn place(py: Python<'_>, name: &str, country: Option<&str>) -> PyResult<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 40 || name.contains(char::is_control) {
        return Err(PyValueError::new_err("name: expected 1 to 40 characters"));
    }
    let country = country.map(|code| {
        CountryCode::new(code).ok_or_else(|| {
            PyValueError::new_err(format!(
                "country: {code:?} is none; expected an ISO 3166-1 code as KZ"
            ))
        })
    });
    let country = country.transpose()?;
    let engine = engine(py)?;
    let answer = py.detach(|| {
        engine.on(None, || serde_json::to_string(&engine.extractor.place(name, country)))
    });
    answer
        .map_err(YouchengError::new_err)?
        .map_err(|error| YouchengError::new_err(error.to_string()))
}
