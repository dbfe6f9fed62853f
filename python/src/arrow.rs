//! Arrow data from and to other libraries, by the capsules that they agree on. The only file
//! with `unsafe`: what a capsule holds has to be believed.
#![allow(unsafe_code)]

use std::{ffi::CStr, sync::Arc};

use arrow_array::{
    Array, ArrayRef, Int64Array, RecordBatch, RecordBatchIterator, StructArray,
    cast::AsArray as _,
    ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi},
    ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream},
    make_array,
};
use arrow_schema::{ArrowError, Field, SchemaRef};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyCapsule, PyTuple},
};

use crate::{YouchengError, shards};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// The batches of anything that gives Arrow: a table, a batch, a column of texts.
pub(crate) fn import(given: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    if given.hasattr("__arrow_c_stream__")? {
        let capsule = given.call_method0("__arrow_c_stream__")?;
        let capsule = capsule.cast::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of this name holds such a stream; it is moved out of it.
        let reader = unsafe { ArrayStreamReader::from_raw(pointer.as_ptr()) }.map_err(failed)?;
        let given = given.py();
        let arrays = given.detach(|| reader.collect::<Result<Vec<_>, _>>()).map_err(failed)?;
        return arrays.iter().map(batch).collect();
    }
    if given.hasattr("__arrow_c_array__")? {
        let both = given.call_method0("__arrow_c_array__")?;
        let both = both.cast::<PyTuple>()?;
        let (schema, array) = (both.get_item(0)?, both.get_item(1)?);
        let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
        let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
        // SAFETY: capsules of these names hold such values; the array is moved out of its own.
        let data = unsafe {
            let array = FFI_ArrowArray::from_raw(array.cast().as_ptr());
            from_ffi(array, schema.cast::<FFI_ArrowSchema>().as_ref())
        };
        return Ok(vec![batch(&make_array(data.map_err(failed)?))?]);
    }
    Err(PyTypeError::new_err("expected something that gives Arrow data"))
}

/// A column alone is one of texts.
fn batch(array: &ArrayRef) -> PyResult<RecordBatch> {
    if let Some(columns) = array.as_any().downcast_ref::<StructArray>() {
        // Rows that are null have null in all columns.
        let (fields, columns, nulls) = columns.clone().into_parts();
        let array = StructArray::try_new(fields, columns, None).map_err(failed)?;
        if nulls.is_some_and(|nulls| nulls.null_count() > 0) {
            return Err(PyTypeError::new_err("rows that are null as a whole"));
        }
        return Ok(RecordBatch::from(array));
    }
    let field = Field::new("text", array.data_type().clone(), true);
    RecordBatch::try_new(Arc::new(arrow_schema::Schema::new(vec![field])), vec![Arc::clone(array)])
        .map_err(failed)
}

fn failed(error: ArrowError) -> PyErr {
    YouchengError::new_err(error.to_string())
}

/// The columns of extractions.
#[pyclass(module = "youcheng._native", frozen)]
pub(crate) struct Schema(SchemaRef);

#[pymethods]
impl Schema {
    #[new]
    #[pyo3(signature = (graph=false))]
    fn new(graph: bool) -> Self {
        Self(shards::schema(graph))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule_of(py, &self.0)
    }
}

fn capsule_of<'py>(
    py: Python<'py>,
    schema: &arrow_schema::Schema,
) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(failed)?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// Record batches, for whoever takes Arrow.
#[pyclass(module = "youcheng._native", frozen)]
pub(crate) struct Batches {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Batches {
    pub(crate) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }
}

#[pymethods]
impl Batches {
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    /// The rows that gave no article, and why.
    fn errors(&self) -> Vec<(i64, String)> {
        let mut found = Vec::new();
        for batch in &self.batches {
            let numbers = batch.column_by_name("row").and_then(|it| it.as_primitive_opt());
            let errors = batch.column_by_name("error").and_then(|it| it.as_string_opt::<i32>());
            let (Some(numbers), Some(errors)) = (numbers, errors) else { continue };
            let numbers: &Int64Array = numbers;
            let rows = numbers.values().iter().zip(errors);
            found.extend(rows.filter_map(|(row, error)| Some((*row, error?.to_owned()))));
        }
        found
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer that wants other types casts; the protocol says so.
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.schema));
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, STREAM)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule_of(py, &self.schema)
    }
}
