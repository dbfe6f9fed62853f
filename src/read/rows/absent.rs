//! Parquet, where the program was built without it.

use std::{fs::File, sync::Arc};

use super::{
    error::ReadError,
    input::{Input, Inputs},
    stream::Meter,
};
use crate::article::Source;

/// The rows of no table.
pub(super) type Rows = std::iter::Empty<Result<Input, ReadError>>;

/// Says that it cannot be read.
pub(super) fn of_file(_: File, source: &Source, _: usize, _: &Arc<Meter>) -> Inputs {
    let what = "Parquet, which this program was built without (the feature `parquet`)";
    Inputs::failed(ReadError::Unsupported(source.clone(), what))
}

/// Says that it cannot be read.
pub(super) fn of_shard(file: File, source: &Source, limit: usize, meter: &Arc<Meter>) -> Inputs {
    of_file(file, source, limit, meter)
}
