//! Columns: what [`crate::wire`] says of articles, as Arrow record batches.
//!
//! [`schema`] is the one list of columns: that of `extract --format arrow`, of the Python
//! package, and of the engines that run it. It follows the JSON field by field; the fields
//! themselves come from the same types. Before them stand the number of the row that was
//! read and, where it gave no article, why: then all else is null.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_json::ReaderBuilder;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use serde::Serialize;

use crate::{pipeline::Extraction, wire::Record};

/// What became of one row: the article, or why there is none.
#[derive(Debug)]
pub struct Row {
    /// Which row it was, from 0.
    pub number: u64,
    /// What it says.
    pub result: Result<Extraction, String>,
}

#[derive(Serialize)]
struct Line<'a> {
    row: u64,
    error: Option<&'a str>,
    #[serde(flatten)]
    record: Option<Record<'a>>,
}

/// The columns. All numbers are signed, because some engines know no others.
#[must_use]
pub fn schema() -> SchemaRef {
    let span = || list(DataType::Int32);
    let words = || list_of([text("text"), int("start"), int("end")]);
    let evidence = || {
        structure(
            "evidence",
            [int("start"), int("end"), field("raw", span()), text("quote"), text("rule")],
        )
    };
    let party = |name| structure(name, [text("name"), text("country"), text("place")]);
    Arc::new(Schema::new(vec![
        Field::new("row", DataType::Int64, false),
        text("error"),
        text("id"),
        structure(
            "source",
            [
                text("file"),
                int("line"),
                text("url"),
                text("publisher"),
                field("offset", DataType::Int64),
                text("captured"),
            ],
        ),
        text("title"),
        text("published"),
        text("text"),
        structure("removed", [int("pinyin"), int("repeats"), int("boilerplate")]),
        field("countries", list_of([text("code"), field("mentions", list(span()))])),
        field(
            "places",
            list_of([
                text("id"),
                text("name"),
                text("label"),
                text("level"),
                text("country"),
                int("geonames"),
                real("lat"),
                real("lon"),
                structure(
                    "link",
                    [int("geonames"), text("name"), real("lat"), real("lon"), real("score")],
                ),
                field("mentions", list(span())),
            ]),
        ),
        field(
            "dates",
            list_of([
                text("text"),
                text("edtf"),
                text("earliest"),
                text("latest"),
                text("basis"),
                int("start"),
                int("end"),
            ]),
        ),
        field(
            "agreements",
            list_of([
                text("id"),
                party("a"),
                party("b"),
                text("kind"),
                text("status"),
                structure("date", [text("edtf"), text("basis")]),
                text("instrument"),
                field("confidence", DataType::Float32),
                evidence(),
                field("instrument_span", span()),
                field(
                    "signatories",
                    list_of([
                        text("name"),
                        text("office"),
                        text("for"),
                        int("start"),
                        int("end"),
                        field("office_span", span()),
                    ]),
                ),
                structure(
                    "place_of_signing",
                    [text("text"), text("place"), int("start"), int("end")],
                ),
                structure("occasion", [text("text"), int("start"), int("end")]),
                text("mode"),
                field("mode_span", span()),
                field("fields", words()),
            ]),
        ),
        field(
            "statistics",
            list_of([
                text("subject"),
                int("countries"),
                int("cities"),
                int("pairs"),
                text("kind"),
                text("as_of"),
                evidence(),
            ]),
        ),
        text("duplicate_of"),
        field("notes", list_of([text("stage"), text("why"), text("text")])),
    ]))
}

/// Rows as one batch, in their order.
///
/// # Errors
///
/// If a column holds more than Arrow can count.
pub fn batch(rows: &[Row]) -> Result<RecordBatch, ArrowError> {
    let schema = schema();
    let lines: Vec<Line<'_>> = rows
        .iter()
        .map(|row| Line {
            row: row.number,
            error: row.result.as_ref().err().map(String::as_str),
            record: row.result.as_ref().ok().map(Record::new),
        })
        .collect();
    let mut decoder = ReaderBuilder::new(Arc::clone(&schema)).build_decoder()?;
    decoder.serialize(&lines)?;
    Ok(decoder.flush()?.unwrap_or_else(|| RecordBatch::new_empty(schema)))
}

fn field(name: &str, of: DataType) -> Field {
    Field::new(name, of, true)
}

fn text(name: &str) -> Field {
    field(name, DataType::Utf8)
}

fn int(name: &str) -> Field {
    field(name, DataType::Int32)
}

fn real(name: &str) -> Field {
    field(name, DataType::Float64)
}

fn structure<const N: usize>(name: &str, fields: [Field; N]) -> Field {
    field(name, DataType::Struct(fields.into_iter().collect()))
}

fn list(of: DataType) -> DataType {
    DataType::List(Arc::new(field("element", of)))
}

fn list_of<const N: usize>(fields: [Field; N]) -> DataType {
    list(DataType::Struct(fields.into_iter().collect()))
}
