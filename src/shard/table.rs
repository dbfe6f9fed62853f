//! Shards as Parquet: a row an article, for engines that hold their data so.

use std::{io, sync::Arc};

use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use super::Lines;
use crate::parcel::Parcel;

/// Rows of a row group: what is kept in memory.
const GROUP: usize = 1000;

/// The columns, and whether a value may be absent. Loading needs the last two.
const COLUMNS: [(&str, bool); 5] =
    [("id", false), ("published", true), ("url", true), ("head", false), ("nquads", false)];

/// A shard while it is written.
pub struct Table<W: io::Write + Send> {
    writer: SerializedFileWriter<W>,
    rows: Vec<[Option<String>; COLUMNS.len()]>,
}

impl<W: io::Write + Send> Table<W> {
    /// Begins a shard.
    ///
    /// # Errors
    ///
    /// If `out` cannot be written to.
    pub fn new(out: W) -> io::Result<Self> {
        let fields = COLUMNS.into_iter().map(|(name, is_optional)| {
            let repetition = if is_optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
            let field = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                .with_repetition(repetition)
                .with_converted_type(ConvertedType::UTF8)
                .with_logical_type(Some(LogicalType::String));
            field.build().map(Arc::new)
        });
        let fields = fields.collect::<Result<Vec<_>, _>>().map_err(told)?;
        let schema = Type::group_type_builder("shard").with_fields(fields).build();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(Default::default()))
            .set_dictionary_enabled(false)
            .set_created_by(concat!("youcheng ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let schema = Arc::new(schema.map_err(told)?);
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties));
        Ok(Self { writer: writer.map_err(told)?, rows: Vec::new() })
    }

    /// Writes an article.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn push(&mut self, parcel: &Parcel, lines: Lines) -> io::Result<()> {
        self.rows.push([
            Some(parcel.id.to_string()),
            parcel.published.map(|date| date.to_string()),
            parcel.source.url.clone(),
            Some(lines.head),
            Some(lines.quads),
        ]);
        if self.rows.len() >= GROUP { self.write().map_err(told) } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (at, (_, is_optional)) in COLUMNS.into_iter().enumerate() {
            let Some(mut column) = group.next_column()? else { break };
            let values: Vec<ByteArray> =
                rows.iter().filter_map(|row| row[at].as_deref()).map(ByteArray::from).collect();
            let levels: Vec<i16> = rows.iter().map(|row| i16::from(row[at].is_some())).collect();
            let levels = is_optional.then_some(levels.as_slice());
            column.typed::<ByteArrayType>().write_batch(&values, levels, None)?;
            column.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Ends the shard: without its end a table cannot be read.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.write().and_then(|()| self.writer.close().map(|_| ())).map_err(told)
    }
}

fn told(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error.to_string()),
    }
}
