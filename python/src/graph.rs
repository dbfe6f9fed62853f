//! The graph: commands of the program, and questions to a store.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};
use youcheng::{
    cli,
    query::{Form, Format, NAMED, Named, Query, Type},
    store::Store,
};

use crate::YouchengError;

/// Runs a command of the program, its name first, on a thread whose stack is deep enough.
/// Gives its exit code: 0 done, 1 done but something was skipped.
#[pyfunction]
pub(crate) fn command(py: Python<'_>, arguments: Vec<String>) -> PyResult<u8> {
    let run = || {
        let thread = std::thread::Builder::new().stack_size(16 << 20);
        let running = thread.spawn(|| cli::call(arguments.into_iter().map(Into::into)));
        let running = running.map_err(|error| format!("no thread to work on: {error}"))?;
        running.join().unwrap_or_else(|_| Err("internal error, please report it".to_owned()))
    };
    py.detach(run).map_err(YouchengError::new_err)
}

/// The program, with the arguments that Python was called with. It starts others of itself.
#[pyfunction]
pub(crate) fn main(py: Python<'_>) -> PyResult<u8> {
    let sys = py.import("sys")?;
    let mut arguments: Vec<String> = sys.getattr("argv")?.extract()?;
    if let Some(python) = sys.getattr("executable")?.extract::<Option<PathBuf>>()? {
        cli::started_by(python, vec!["-m".to_owned(), "youcheng".to_owned()]);
    }
    if let Some(name) = arguments.first_mut() {
        "youcheng".clone_into(name);
    }
    command(py, arguments).or_else(|error| {
        let message = error.value(py).to_string();
        let message = message
            .strip_prefix("error: ")
            .map_or_else(|| format!("youcheng: {message}"), |usage| format!("error: {usage}"));
        sys.getattr("stderr")?.call_method1("write", (format!("{message}\n"),))?;
        Ok(2)
    })
}

/// The answer to a question, and what kind of question it is. Rows come as JSON whatever the
/// format asked for.
#[pyfunction]
pub(crate) fn query<'py>(
    py: Python<'py>,
    store: PathBuf,
    sparql: Option<String>,
    name: Option<String>,
    parameters: BTreeMap<String, String>,
    format: String,
    timeout: f64,
) -> PyResult<(&'static str, Bound<'py, PyBytes>)> {
    let failed = |error: &dyn std::fmt::Display| YouchengError::new_err(error.to_string());
    let parameters: Vec<_> = parameters.into_iter().collect();
    let query = match (&name, sparql) {
        (Some(name), _) => Named::find(name)
            .ok_or_else(|| {
                PyValueError::new_err(format!("there is no query {name:?}; see queries()"))
            })?
            .query(&parameters)
            .map_err(|error| failed(&error))?,
        (None, sparql) => {
            let mut query =
                Query::parse(&sparql.unwrap_or_default()).map_err(|error| failed(&error))?;
            for (name, value) in &parameters {
                query.bind(name, Type::Term, value).map_err(|error| failed(&error))?;
            }
            query
        }
    };
    let form = query.form();
    let rows = matches!(form, Form::Select | Form::Ask);
    let format = if rows { "json" } else { &format };
    let format = Format::ALL.into_iter().find(|it| it.name() == format).ok_or_else(|| {
        let names = Format::ALL.map(Format::name).join(", ");
        PyValueError::new_err(format!("format: expected one of {names}"))
    })?;
    if !(timeout > 0.0 && timeout < 1e9) {
        return Err(PyValueError::new_err("timeout: expected a number of seconds"));
    }
    let answer = py.detach(|| -> Result<Vec<u8>, String> {
        let store = Store::read(&store).map_err(|error| error.to_string())?;
        let mut answer = Vec::new();
        query
            .run(&store, Some(format), Duration::from_secs_f64(timeout), None, &mut answer)
            .map_err(|error| error.to_string())?;
        Ok(answer)
    });
    let form = match form {
        Form::Select => "SELECT",
        Form::Ask => "ASK",
        _ => "GRAPH",
    };
    Ok((form, PyBytes::new(py, &answer.map_err(YouchengError::new_err)?)))
}

/// The queries that come with the program: name, what each tells, its parameters.
#[pyfunction]
pub(crate) fn queries() -> Vec<(&'static str, String, Vec<&'static str>)> {
    NAMED
        .iter()
        .map(|query| {
            let parameters = query.parameters().map(|it| it.name).collect();
            (query.name, query.title().to_owned(), parameters)
        })
        .collect()
}
