//! The columns hold what the JSON holds, field by field.
#![cfg(feature = "arrow")]

use std::{collections::BTreeSet, path::PathBuf};

use arrow_json::LineDelimitedWriter;
use arrow_schema::{DataType, Fields};
use serde_json::Value;
use youcheng::{
    columns::{self, Row},
    pipeline::{Extractor, Options},
    read::{Limits, read},
    wire::Record,
};

/// The names of all fields that a value has, with the way to them. Lists have the names of
/// their items.
fn names(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            found.insert(format!("{at}.{name}"));
            names(value, &format!("{at}.{name}"), found);
        }),
        Value::Array(items) => items.iter().for_each(|item| names(item, at, found)),
        _ => {}
    }
}

fn columns(fields: &Fields, at: &str, found: &mut BTreeSet<String>) {
    for field in fields {
        let here = format!("{at}.{}", field.name());
        let mut of = field.data_type();
        while let DataType::List(item) = of {
            of = item.data_type();
        }
        if let DataType::Struct(fields) = of {
            columns(fields, &here, found);
        }
        found.insert(here);
    }
}

/// A number of the columns has the precision that it has there.
fn rounded(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            // Nothing is left out where something is null.
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(rounded);
        }
        Value::Array(items) => items.iter_mut().for_each(rounded),
        Value::Number(number) if number.is_f64() => {
            *value = number.as_f64().map(|it| (it * 1e6).round() / 1e6).into();
        }
        _ => {}
    }
}

#[test]
fn every_field_of_the_json_has_its_column_and_its_value() {
    let extractor = Extractor::new(Options::default()).unwrap();
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let extractions: Vec<_> = read(&[corpus], Limits::default())
        .filter_map(Result::ok)
        .map(|(article, notes)| extractor.run(article, notes))
        .collect();
    assert!(extractions.len() > 50);
    let mut expected: Vec<Value> =
        extractions.iter().map(|it| serde_json::to_value(Record::new(it)).unwrap()).collect();
    let (mut of_json, mut of_columns) = (BTreeSet::new(), BTreeSet::new());
    expected.iter().for_each(|value| names(value, "", &mut of_json));
    columns(columns::schema().fields(), "", &mut of_columns);
    let missing: Vec<_> = of_json.difference(&of_columns).collect();
    assert!(missing.is_empty(), "src/columns/mod.rs lacks: {missing:?}");

    let rows: Vec<Row> = (0..)
        .zip(extractions)
        .map(|(number, extraction)| Row { number, result: Ok(extraction) })
        .collect();
    let batch = columns::batch(&rows).unwrap();
    let mut lines = LineDelimitedWriter::new(Vec::new());
    lines.write(&batch).unwrap();
    lines.finish().unwrap();
    let written = String::from_utf8(lines.into_inner()).unwrap();
    for (line, (number, expected)) in written.lines().zip((0..).zip(&mut expected)) {
        let mut value: Value = serde_json::from_str(line).unwrap();
        expected["row"] = Value::from(number);
        rounded(&mut value);
        rounded(expected);
        assert_eq!(value, *expected);
    }
}
