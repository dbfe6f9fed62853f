//! [`Articles`]: the rows of an Arrow record batch, as records of JSON Lines.

use std::{path::PathBuf, sync::Arc};

use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, Date32Array, GenericBinaryArray, Int64Array,
    LargeBinaryArray, OffsetSizeTrait, RecordBatch,
    cast::AsArray as _,
    types::{
        ArrowTimestampType, Date32Type, Int64Type, TimestampMicrosecondType,
        TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    },
};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, TimeUnit};

use super::{
    Input, Payload, encoding,
    fields::{Fields, day},
};
use crate::article::Source;

/// The columns of a batch that mean something here: those that [`Fields`] names, or `record`
/// with whole lines of JSON Lines; `file` and `line` say where a row was read.
#[derive(Debug)]
pub struct Articles {
    rows: usize,
    fields: Vec<(&'static str, Column)>,
    record: Option<Column>,
    file: Option<Column>,
    line: Option<Column>,
}

/// The values of a column. Text is kept as bytes: what comes from other programs is not
/// believed to be UTF-8.
#[derive(Debug)]
struct Column {
    values: Values,
    is_text: bool,
}

#[derive(Debug)]
enum Values {
    Null,
    Small(BinaryArray),
    Large(LargeBinaryArray),
    View(BinaryViewArray),
    Days(Date32Array),
    Numbers(Int64Array),
}

enum Value<'a> {
    Null,
    Bytes(&'a [u8]),
    Day(i32),
    Number(i64),
}

impl Articles {
    /// Finds the columns.
    ///
    /// # Errors
    ///
    /// If there is none with texts, pages or records, or one is of a type that it cannot be.
    pub fn new(batch: &RecordBatch) -> Result<Self, String> {
        let column = |name: &str, numbers: bool| -> Result<Option<Column>, String> {
            let Some(array) = batch.column_by_name(name) else { return Ok(None) };
            let column = Column::new(array).map_err(|error| format!("column {name:?}: {error}"))?;
            match column {
                Some(column) if numbers || column.is_bytes() => Ok(Some(column)),
                _ => Err(format!(
                    "column {name:?} has type {}, expected strings or bytes{}",
                    array.data_type(),
                    if numbers { ", dates, times or whole numbers" } else { "" },
                )),
            }
        };
        let mut fields = Vec::new();
        for name in Fields::NAMES {
            fields.extend(column(name, name == "published")?.map(|column| (name, column)));
        }
        let record = column("record", false)?;
        if record.is_none() && !fields.iter().any(|(name, _)| matches!(*name, "text" | "html")) {
            let names: Vec<_> =
                batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
            return Err(format!(
                "no column \"text\", \"html\" or \"record\" among: {}",
                names.join(", ")
            ));
        }
        let (file, line) = (column("file", false)?, column("line", true)?);
        Ok(Self { rows: batch.num_rows(), fields, record, file, line })
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// What a row holds, unparsed.
    ///
    /// # Errors
    ///
    /// If a cell is longer than `limit`, or is not the text that it says it is.
    pub fn input(&self, row: usize, limit: usize) -> Result<Input, String> {
        let mut source = Source::default();
        if let Some(file) = self.file.as_ref().map(|file| file.text(row)).transpose()?.flatten() {
            source.file = Some(Arc::new(PathBuf::from(file)));
        }
        source.line = match self.line.as_ref().map(|line| line.value(row)) {
            Some(Value::Number(line)) => u32::try_from(line).ok(),
            _ => None,
        };
        if let Some(Value::Bytes(line)) = self.record.as_ref().map(|record| record.value(row)) {
            within(line.len(), limit)?;
            return Ok(Input { source, payload: Payload::Record(line.to_vec()) });
        }
        let mut fields = Fields::default();
        let mut size = 0;
        for (name, column) in &self.fields {
            if let Value::Bytes(bytes) = column.value(row) {
                size += bytes.len();
                within(size, limit)?;
            }
            let text = column.text(row).map_err(|error| format!("{name}: {error}"))?;
            if let Some(slot) = fields.slot(name) {
                *slot = text;
            }
        }
        Ok(Input { source, payload: Payload::Record(fields.record()) })
    }
}

fn within(size: usize, limit: usize) -> Result<(), String> {
    if size <= limit {
        return Ok(());
    }
    Err(format!("{size} bytes are more than the limit of {limit}; split the article, or leave it"))
}

impl Column {
    /// `None` for a type that says nothing here.
    fn new(array: &ArrayRef) -> Result<Option<Self>, ArrowError> {
        let mut is_text = false;
        let values = match array.data_type() {
            DataType::Null => Values::Null,
            DataType::Utf8 => {
                is_text = true;
                Values::Small(bytes_of::<i32>(array))
            }
            DataType::LargeUtf8 => {
                is_text = true;
                Values::Large(bytes_of::<i64>(array))
            }
            DataType::Utf8View => {
                is_text = true;
                Values::View(array.as_string_view().clone().to_binary_view())
            }
            DataType::Binary => Values::Small(array.as_binary().clone()),
            DataType::LargeBinary => Values::Large(array.as_binary().clone()),
            DataType::BinaryView => Values::View(array.as_binary_view().clone()),
            DataType::Dictionary(_, of) => return Self::new(&cast(array, of)?),
            DataType::Date32 => Values::Days(array.as_primitive::<Date32Type>().clone()),
            DataType::Date64 => return Self::new(&cast(array, &DataType::Date32)?),
            DataType::Timestamp(unit, _) => Values::Numbers(match unit {
                TimeUnit::Second => seconds::<TimestampSecondType>(array, 1),
                TimeUnit::Millisecond => seconds::<TimestampMillisecondType>(array, 1_000),
                TimeUnit::Microsecond => seconds::<TimestampMicrosecondType>(array, 1_000_000),
                TimeUnit::Nanosecond => seconds::<TimestampNanosecondType>(array, 1_000_000_000),
            }),
            of if of.is_integer() => {
                let numbers = cast(array, &DataType::Int64)?;
                Values::Numbers(numbers.as_primitive::<Int64Type>().clone())
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { values, is_text }))
    }

    fn is_bytes(&self) -> bool {
        !matches!(self.values, Values::Days(_) | Values::Numbers(_))
    }

    fn value(&self, row: usize) -> Value<'_> {
        match &self.values {
            Values::Small(array) if array.is_valid(row) => Value::Bytes(array.value(row)),
            Values::Large(array) if array.is_valid(row) => Value::Bytes(array.value(row)),
            Values::View(array) if array.is_valid(row) => Value::Bytes(array.value(row)),
            Values::Days(array) if array.is_valid(row) => Value::Day(array.value(row)),
            Values::Numbers(array) if array.is_valid(row) => Value::Number(array.value(row)),
            _ => Value::Null,
        }
    }

    fn text(&self, row: usize) -> Result<Option<String>, String> {
        Ok(match self.value(row) {
            Value::Null => None,
            Value::Bytes(bytes) if self.is_text => match std::str::from_utf8(bytes) {
                Ok(text) => Some(text.to_owned()),
                Err(error) => return Err(format!("not UTF-8 at byte {}", error.valid_up_to())),
            },
            Value::Bytes(bytes) => Some(encoding::utf8_or_gb18030(bytes).0.into_owned()),
            Value::Day(days) => day(days),
            Value::Number(number) => Some(number.to_string()),
        })
    }
}

/// The bytes of a column of strings, unread.
fn bytes_of<O: OffsetSizeTrait>(array: &ArrayRef) -> GenericBinaryArray<O> {
    let (offsets, values, nulls) = array.as_string::<O>().clone().into_parts();
    GenericBinaryArray::new(offsets, values, nulls)
}

fn seconds<T: ArrowTimestampType>(array: &ArrayRef, unit: i64) -> Int64Array {
    array.as_primitive::<T>().unary(|time| time.div_euclid(unit))
}
