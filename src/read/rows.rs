//! [`Rows`]: the rows of a Parquet file, a few at a time.

mod bounded;

use std::{fs::File, sync::Arc};

use parquet::{
    basic::Compression,
    file::metadata::RowGroupMetaData,
    file::reader::{FileReader, SerializedFileReader},
    record::{
        Field, Row,
        reader::{ReaderIter, TreeBuilder},
    },
    schema::types::{SchemaDescPtr, SchemaDescriptor, Type},
};

use self::bounded::Group;
use super::{
    encoding,
    error::{ReadError, brief},
    fields::{Fields, day},
    input::{Input, Inputs, Payload},
    stream::Meter,
};
use crate::{article::Source, guard, shard::Lines};

/// Values of a column that are decoded at a time.
const ROWS: usize = 16;

/// The articles of a table. A row becomes the record that JSON Lines would have of it.
pub(super) struct Rows {
    file: SerializedFileReader<File>,
    source: Source,
    limit: usize,
    is_shard: bool,
    meter: Arc<Meter>,
    /// The columns that mean something here.
    columns: SchemaDescPtr,
    /// Which group of rows comes next, and what is left of the one before it.
    group: usize,
    rows: Option<ReaderIter>,
    /// Rows so far, and where the group that is read ends.
    row: u64,
    group_ends: u64,
}

/// The columns of a shard.
const SHARD: [&str; 2] = ["head", "nquads"];

/// Opens a table. What is wrong with it is said instead.
pub(super) fn of_file(file: File, source: &Source, limit: usize, meter: &Arc<Meter>) -> Inputs {
    open(file, source, limit, meter, false)
}

/// Opens a shard.
pub(super) fn of_shard(file: File, source: &Source, limit: usize, meter: &Arc<Meter>) -> Inputs {
    open(file, source, limit, meter, true)
}

fn open(file: File, source: &Source, limit: usize, meter: &Arc<Meter>, is_shard: bool) -> Inputs {
    let wanted = if is_shard { &SHARD[..] } else { &Fields::NAMES };
    let broken = |what: String| {
        let what = format!("the Parquet file is damaged or cut off ({})", brief(&what));
        Inputs::failed(ReadError::Broken(source.clone(), what))
    };
    let file = match guard::quietly(|| SerializedFileReader::new(file)) {
        Ok(Ok(file)) => file,
        Ok(Err(error)) => return broken(error.to_string()),
        Err(panic) => return broken(panic),
    };
    let schema = file.metadata().file_metadata().schema();
    let columns: Vec<_> = schema
        .get_fields()
        .iter()
        .filter(|column| column.is_primitive() && wanted.contains(&column.name()))
        .cloned()
        .collect();
    if is_shard && columns.len() != SHARD.len() {
        let what = "a Parquet file without the columns \"head\" and \"nquads\" of a shard";
        return Inputs::failed(ReadError::Unsupported(source.clone(), what));
    }
    if !is_shard && !columns.iter().any(|column| matches!(column.name(), "text" | "html")) {
        let what = "a Parquet file without a column \"text\" or \"html\"";
        return Inputs::failed(ReadError::Unsupported(source.clone(), what));
    }
    if let Some(what) = unread(&file, wanted) {
        return Inputs::failed(ReadError::Unsupported(source.clone(), what));
    }
    let columns = Type::group_type_builder(schema.name()).with_fields(columns).build();
    let columns = match columns {
        Ok(columns) => Arc::new(SchemaDescriptor::new(Arc::new(columns))),
        Err(error) => return broken(error.to_string()),
    };
    Inputs::Rows(Box::new(Rows {
        file,
        source: source.clone(),
        limit,
        is_shard,
        meter: Arc::clone(meter),
        columns,
        group: 0,
        rows: None,
        row: 0,
        group_ends: 0,
    }))
}

/// What is said of a table of which a wanted column is packed in a way that is rare.
fn unread(file: &SerializedFileReader<File>, wanted: &[&str]) -> Option<&'static str> {
    let columns = file.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns);
    columns.filter(|column| wanted.contains(&column.column_path().string().as_str())).find_map(
        |column| match column.compression() {
            Compression::BROTLI(_) => Some(
                "a Parquet file with columns packed as brotli, which is not read here; \
                 write it with zstd, snappy or gzip",
            ),
            Compression::LZO => Some(
                "a Parquet file with columns packed as lzo, which is not read here; \
                 write it with zstd, snappy or gzip",
            ),
            _ => None,
        },
    )
}

impl Rows {
    /// The next group of rows. `None` at the end.
    fn next_group(&mut self) -> Option<Result<ReaderIter, String>> {
        if self.group >= self.file.num_row_groups() {
            return None;
        }
        let (file, group, columns) = (&self.file, self.group, &self.columns);
        let opened = guard::quietly(|| {
            let group = file.get_row_group(group).map_err(|error| error.to_string())?;
            let builder = TreeBuilder::new().with_batch_size(ROWS);
            let group = Group(group);
            builder.as_iter(Arc::clone(columns), &group).map_err(|error| error.to_string())
        });
        let found = self.file.metadata().row_group(self.group);
        self.meter.add(u64::try_from(found.compressed_size()).unwrap_or(0));
        self.row = self.group_ends;
        self.group_ends += u64::try_from(found.num_rows()).unwrap_or(0);
        self.group += 1;
        Some(opened.unwrap_or_else(Err))
    }

    fn source(&self) -> Source {
        Source { line: u32::try_from(self.row).ok(), ..self.source.clone() }
    }

    fn broken(&self, what: &str) -> ReadError {
        let what = format!(
            "a group of rows of the Parquet file is damaged ({}); the rest of it is passed over",
            brief(what)
        );
        ReadError::Broken(self.source(), what)
    }
}

impl Iterator for Rows {
    type Item = Result<Input, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(mut rows) = self.rows.take() else {
                match self.next_group()? {
                    Ok(rows) => self.rows = Some(rows),
                    Err(what) => return Some(Err(self.broken(&what))),
                }
                continue;
            };
            self.row += 1;
            match guard::quietly(|| rows.next()) {
                Ok(Some(Ok(row))) => {
                    self.rows = Some(rows);
                    if self.is_shard {
                        let payload = Payload::Shard(lines(row));
                        if payload.size() > self.limit {
                            return Some(Err(ReadError::TooLong(self.source(), self.limit)));
                        }
                        return Some(Ok(Input { source: self.source(), payload }));
                    }
                    let bytes = fields(row).record();
                    if bytes.len() > self.limit {
                        return Some(Err(ReadError::TooLong(self.source(), self.limit)));
                    }
                    return Some(Ok(Input {
                        source: self.source(),
                        payload: Payload::Record(bytes),
                    }));
                }
                Ok(Some(Err(error))) => return Some(Err(self.broken(&error.to_string()))),
                Err(panic) => return Some(Err(self.broken(&panic))),
                Ok(None) => {}
            }
        }
    }
}

fn fields(row: Row) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in row.into_columns() {
        let Some(slot) = fields.slot(&name) else { continue };
        *slot = match value {
            Field::Null => None,
            Field::Str(text) => Some(text),
            Field::Bytes(bytes) => Some(encoding::utf8_or_gb18030(bytes.data()).0.into_owned()),
            Field::Date(days) => day(days),
            Field::TimestampMillis(time) => Some(time.div_euclid(1_000).to_string()),
            Field::TimestampMicros(time) => Some(time.div_euclid(1_000_000).to_string()),
            other => Some(other.to_string()),
        };
    }
    fields
}

/// What the row of a shard says.
fn lines(row: Row) -> Lines {
    let mut lines = Lines { head: String::new(), quads: String::new() };
    for (name, value) in row.into_columns() {
        let slot = if name == "head" { &mut lines.head } else { &mut lines.quads };
        *slot = match value {
            Field::Str(text) => text,
            Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
            _ => String::new(),
        };
    }
    lines
}
