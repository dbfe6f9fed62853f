//! Many articles: rows of tables, lists, files.

use std::{num::NonZero, sync::Mutex};

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString},
};
use rayon::prelude::*;
use youcheng::{
    article::Source,
    batch,
    columns::{self, Row},
    read::{Articles, Fields, Input, Limits, Payload, ReadError, Wanted},
};

use crate::{
    YouchengError, arrow,
    arrow::Batches,
    engine::{Engine, engine, without_place},
    shards,
};

/// Rows that one thread takes at a time, and that become one batch.
const ROWS: usize = 64;
/// Rows of files that are read before they are worked on.
const AHEAD: usize = 1024;

/// How rows are worked on.
#[derive(Clone, Copy)]
pub(crate) struct How {
    pub(crate) jobs: Option<NonZero<usize>>,
    /// Whether rows that give no article are left out.
    pub(crate) skip: bool,
    /// Whether the columns for the graph are wanted.
    pub(crate) graph: bool,
}

/// One row to work on, or why it cannot be.
type Item = Result<Input, String>;

/// Works on rows in parallel; the batches are in their order. Work on one row cannot harm
/// the others.
fn work(
    engine: &Engine,
    count: usize,
    first: u64,
    how: How,
    item: impl Fn(usize) -> Item + Sync + Send,
) -> Result<Vec<arrow_array::RecordBatch>, String> {
    let signer = if how.graph { Some(shards::signer()?) } else { None };
    let starts: Vec<usize> = (0..count).step_by(ROWS).collect();
    let done = engine.on(how.jobs, || {
        starts
            .into_par_iter()
            .map(|start| {
                let rows: Vec<Row> = (start..count.min(start + ROWS))
                    .map(|at| Row { number: first + at as u64, result: one(engine, item(at)) })
                    .filter(|row| !how.skip || row.result.is_ok())
                    .collect();
                let batch = match signer {
                    Some(signer) => shards::batch(&rows, signer),
                    None => columns::batch(&rows),
                };
                batch.map_err(|error| error.to_string())
            })
            .collect::<Result<Vec<_>, _>>()
    });
    done.and_then(|done| done)
}

fn one(engine: &Engine, item: Item) -> Result<youcheng::pipeline::Extraction, String> {
    let done = batch::guarded(item?, &|input| {
        let (article, notes) = engine.reader.article(input)?;
        Ok(engine.extractor.run(article, notes))
    });
    done.map_err(|skip| without_place(&skip.to_string()))
}

fn finish(done: Result<Vec<arrow_array::RecordBatch>, String>, graph: bool) -> PyResult<Batches> {
    Ok(Batches::new(shards::schema(graph), done.map_err(YouchengError::new_err)?))
}

/// Extracts every row of something that gives Arrow data.
#[pyfunction]
#[pyo3(signature = (data, jobs=None, limit=None, skip=false, graph=false))]
pub(crate) fn extract_arrow(
    py: Python<'_>,
    data: &Bound<'_, PyAny>,
    jobs: Option<NonZero<usize>>,
    limit: Option<usize>,
    skip: bool,
    graph: bool,
) -> PyResult<Batches> {
    let batches = arrow::import(data)?;
    let tables = batches.iter().map(Articles::new).collect::<Result<Vec<_>, _>>();
    let tables = tables.map_err(PyTypeError::new_err)?;
    let engine = engine(py)?;
    let limit = limit.unwrap_or(Limits::default().record);
    // Which table and row each row of all is.
    let mut starts = Vec::with_capacity(tables.len());
    let mut count = 0;
    for table in &tables {
        starts.push(count);
        count += table.len();
    }
    let done = py.detach(|| {
        work(engine, count, 0, How { jobs, skip, graph }, |at| {
            let table = starts.partition_point(|start| *start <= at) - 1;
            tables[table].input(at - starts[table], limit)
        })
    });
    finish(done, graph)
}

/// What the lists say of one row.
#[derive(Clone, Default)]
struct Cells {
    fields: Fields,
    record: Option<String>,
    source: Source,
    size: usize,
}

impl Cells {
    fn put(&mut self, name: &str, text: String, limit: usize) -> Result<(), String> {
        self.size += text.len();
        if self.size > limit {
            let size = self.size;
            return Err(format!(
                "{size} bytes are more than the limit of {limit}; split the article, or leave it"
            ));
        }
        match (name, self.fields.slot(name)) {
            (_, Some(slot)) => *slot = Some(text),
            ("error", _) => return Err(text),
            ("record", _) => self.record = Some(text),
            ("file", _) => self.source.file = Some(std::sync::Arc::new(text.into())),
            ("line", _) => self.source.line = text.parse().ok(),
            _ => {}
        }
        Ok(())
    }

    fn input(&self) -> Input {
        let record = self.record.as_ref().map(|record| record.clone().into_bytes());
        let record = record.unwrap_or_else(|| self.fields.record());
        Input { source: self.source.clone(), payload: Payload::Record(record) }
    }
}

/// Extracts rows that are given as lists of Python values, column by column. A column `error`
/// says of rows why they are none.
#[pyfunction]
#[pyo3(signature = (columns, jobs=None, limit=None, skip=false))]
pub(crate) fn extract_columns(
    py: Python<'_>,
    columns: &Bound<'_, PyDict>,
    jobs: Option<NonZero<usize>>,
    limit: Option<usize>,
    skip: bool,
) -> PyResult<Batches> {
    let limit = limit.unwrap_or(Limits::default().record);
    let mut items: Vec<Result<Cells, String>> = Vec::new();
    for (name, values) in columns {
        let name: String = name.extract()?;
        let values = values.cast::<PyList>()?;
        items.resize_with(items.len().max(values.len()), || Ok(Cells::default()));
        for (item, value) in items.iter_mut().zip(values) {
            let Ok(cells) = item else { continue };
            let put = match cell(&value) {
                Ok(None) => Ok(()),
                Ok(Some(text)) => cells.put(&name, text, limit),
                Err(what) => Err(format!("{name}: {what}")),
            };
            if let Err(what) = put {
                *item = Err(what);
            }
        }
    }
    let engine = engine(py)?;
    let done = py.detach(|| {
        let how = How { jobs, skip, graph: false };
        work(engine, items.len(), 0, how, |at| match &items[at] {
            Ok(cells) => Ok(cells.input()),
            Err(what) => Err(what.clone()),
        })
    });
    finish(done, false)
}

/// A value as text: a string, or bytes in UTF-8.
fn cell(value: &Bound<'_, PyAny>) -> Result<Option<String>, String> {
    if value.is_none() {
        return Ok(None);
    }
    if let Ok(text) = value.cast::<PyString>() {
        return match text.to_cow() {
            Ok(text) => Ok(Some(text.into_owned())),
            Err(_) => Err("holds half a character (a lone surrogate)".to_owned()),
        };
    }
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return match std::str::from_utf8(bytes.as_bytes()) {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(error) => Err(format!("not UTF-8 at byte {}", error.valid_up_to())),
        };
    }
    let name = value.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    // What is not a number says that there is none: so pandas writes what is missing.
    if value.extract::<f64>().is_ok_and(f64::is_nan) || name == "NAType" || name == "NaTType" {
        return Ok(None);
    }
    Err(format!("expected a string, got {name}"))
}

/// What files hold, and how many rows there were.
type Inputs = (Box<dyn Iterator<Item = Result<Input, ReadError>> + Send>, u64);

/// The articles of files and folders, some at a time.
#[pyclass(module = "youcheng._native", frozen)]
pub(crate) struct Files {
    inputs: Mutex<Inputs>,
    how: How,
}

/// Opens files and folders, of all formats that `youcheng extract` reads.
#[pyfunction]
#[pyo3(signature = (paths, jobs=None, skip=false, graph=false))]
pub(crate) fn files(
    py: Python<'_>,
    paths: Vec<std::path::PathBuf>,
    jobs: Option<NonZero<usize>>,
    skip: bool,
    graph: bool,
) -> PyResult<Files> {
    let engine = engine(py)?;
    let inputs = engine.reader.open(&Wanted { paths, ..Wanted::default() });
    Ok(Files { inputs: Mutex::new((Box::new(inputs), 0)), how: How { jobs, skip, graph } })
}

#[pymethods]
impl Files {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batches>> {
        let engine = engine(py)?;
        let done = py.detach(|| {
            let mut inputs = self.inputs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let mut items: Vec<Item> = Vec::new();
            while items.len() < AHEAD {
                match inputs.0.next() {
                    None => break,
                    Some(Ok(input)) => items.push(Ok(input)),
                    Some(Err(error)) if error.bystanders() > 0 => {}
                    Some(Err(error)) => items.push(Err(error.to_string())),
                }
            }
            if items.is_empty() {
                return None;
            }
            let first = inputs.1;
            inputs.1 += items.len() as u64;
            Some(work(engine, items.len(), first, self.how, |at| items[at].clone()))
        });
        done.map(|done| finish(done, self.how.graph)).transpose()
    }
}
