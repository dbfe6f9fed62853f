//! `youcheng._native`: what the Python package asks of the Rust crate. It hands over JSON and
//! Arrow; what people see is made of them in Python.
//!
//! The data is loaded once in a process, when it is first needed. Work runs without the GIL,
//! on threads of its own whose stack is deep enough for any page.

mod arrow;
mod engine;
mod graph;
mod rows;
mod shards;

use pyo3::{create_exception, exceptions::PyException, prelude::*};

create_exception!(youcheng, YouchengError, PyException, "Why youcheng cannot do what was asked.");
create_exception!(youcheng, ReadError, YouchengError, "Why something gave no article.");

#[pymodule]
mod _native {
    use super::engine;
    #[pymodule_export]
    use super::{
        ReadError, YouchengError,
        arrow::{Batches, Schema},
        graph::{command, main, queries, query},
        rows::{Files, extract_arrow, extract_columns, files},
        shards::{Merger, copies, near},
    };
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    /// The article that a text or a page is, as JSON.
    #[pyfunction]
    #[pyo3(signature = (fields, words=false))]
    fn extract(py: Python<'_>, fields: engine::Given, words: bool) -> PyResult<String> {
        engine::extract(py, &fields, words)
    }

    /// The clean text and what was done to it, as JSON.
    #[pyfunction]
    fn clean(py: Python<'_>, fields: engine::Given) -> PyResult<String> {
        engine::clean(py, &fields)
    }

    /// What is known about a name, as JSON.
    #[pyfunction]
    #[pyo3(signature = (name, country=None))]
    fn place(py: Python<'_>, name: &str, country: Option<&str>) -> PyResult<String> {
        engine::place(py, name, country)
    }
}
