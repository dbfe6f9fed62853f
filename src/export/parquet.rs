//! Tables as Parquet: dates as dates, numbers as numbers, absent values absent.

use std::{io, sync::Arc};

use jiff::civil::date;
use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical},
    data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::Type,
};

use super::table::{Column, Kind, SCHEMA, Table, Value};

/// Rows of a row group.
const GROUP: usize = 100_000;

/// Writes a table. The same rows give the same bytes.
pub(super) fn write(table: &Table, out: impl io::Write + Send) -> io::Result<()> {
    write_all(table, out).map_err(|error| match error {
        ParquetError::External(error) => io::Error::other(error),
        error => io::Error::other(error.to_string()),
    })
}

fn write_all(table: &Table, out: impl io::Write + Send) -> Result<(), ParquetError> {
    let fields: Result<Vec<_>, _> = table.layout.columns.iter().map(field).collect();
    let schema = Type::group_type_builder(&table.layout.name).with_fields(fields?).build()?;
    let about = [("title", &SCHEMA.title), ("table", &table.layout.about)];
    let about = about.map(|(key, value)| KeyValue::new(key.to_owned(), value.clone()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("youcheng ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(about.to_vec()))
        .build();
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
    for rows in table.rows.chunks(GROUP) {
        let mut group = writer.next_row_group()?;
        for (at, column) in table.layout.columns.iter().enumerate() {
            write_column(&mut group, column.kind, rows.iter().map(|row| &row[at]))?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn field(column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Boolean => (Physical::BOOLEAN, None),
    };
    let field = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::NONE)
        .with_logical_type(logical);
    Ok(Arc::new(field.build()?))
}

fn write_column<'v>(
    group: &mut SerializedRowGroupWriter<'_, impl io::Write + Send>,
    kind: Kind,
    values: impl Iterator<Item = &'v Value>,
) -> Result<(), ParquetError> {
    let Some(mut writer) = group.next_column()? else { return Ok(()) };
    // 1 where a value stands, 0 where none does.
    let mut levels = Vec::new();
    macro_rules! write {
        ($type:ty, $value:pat => $native:expr) => {{
            let mut natives = Vec::new();
            for value in values {
                match value {
                    $value => {
                        natives.push($native);
                        levels.push(1);
                    }
                    _ => levels.push(0),
                }
            }
            writer.typed::<$type>().write_batch(&natives, Some(&levels), None)?;
        }};
    }
    match kind {
        Kind::Text => {
            write!(ByteArrayType, Value::Text(text) => ByteArray::from(text.as_bytes().to_vec()));
        }
        Kind::Integer => write!(Int64Type, Value::Integer(number) => *number),
        Kind::Number => write!(DoubleType, Value::Number(number) => *number),
        Kind::Date => write!(Int32Type, Value::Date(day) => days(*day)),
        Kind::Boolean => write!(BoolType, Value::Boolean(answer) => *answer),
    }
    writer.close()
}

/// Days since 1970.
fn days(day: jiff::civil::Date) -> i32 {
    day.since(date(1970, 1, 1)).map_or(0, |span| span.get_days())
}
