//! [`Table`]: rows with typed columns, as `ontology/dataset.toml` describes them, and how
//! they are written as CSV and JSON Lines.

use std::{collections::BTreeMap, io, sync::LazyLock};

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Number};

use crate::query::harmless;

/// What `ontology/dataset.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schema {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) keywords: Vec<String>,
    pub(super) place_data: String,
    pub(super) table: Vec<Layout>,
}

/// One table of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) key: String,
    pub(super) columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    pub(super) about: String,
    /// The table whose keys stand in it.
    pub(super) table: Option<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Text,
    Integer,
    Number,
    Date,
    Boolean,
}

/// The tables of a dataset.
pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    toml::from_str(include_str!("../../ontology/dataset.toml"))
        .expect("a test reads ontology/dataset.toml")
});

/// What one cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    /// Nothing is known.
    #[default]
    None,
    Text(String),
    Integer(i64),
    Number(f64),
    Date(Date),
    Boolean(bool),
}

impl Value {
    /// Text; nothing if it is empty.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::None } else { Self::Text(text) }
    }

    /// What a text says that is of a kind; nothing if it says no such thing.
    pub(super) fn of(kind: Kind, text: &str) -> Self {
        match kind {
            Kind::Text => Self::text(text),
            Kind::Boolean => text.parse().map_or(Self::None, Self::Boolean),
            Kind::Integer => text.parse().map_or(Self::None, Self::Integer),
            Kind::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Self::Number(number),
                _ => Self::None,
            },
            Kind::Date => text.parse().map_or(Self::None, Self::Date),
        }
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As it stands in a cell.
    pub(super) fn cell(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) => harmless(text).into_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Boolean(answer) => answer.to_string(),
        }
    }

    pub(super) fn json(&self) -> serde_json::Value {
        match self {
            Self::None => serde_json::Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            Self::Number(number) => Number::from_f64(*number).into(),
            Self::Date(date) => date.to_string().into(),
            Self::Boolean(answer) => (*answer).into(),
        }
    }
}

/// What stands between the values of one cell.
pub(super) const BETWEEN: &str = "|";

/// A table with its rows.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) layout: &'static Layout,
    pub(super) rows: Vec<Vec<Value>>,
}

impl Table {
    /// The table of that name, without rows.
    pub(super) fn new(name: &str) -> Self {
        let layout = SCHEMA.table.iter().find(|table| table.name == name);
        Self { layout: layout.expect("a table of ontology/dataset.toml"), rows: Vec::new() }
    }

    /// Adds a row. Columns that are not named hold nothing.
    pub(super) fn push<'c>(&mut self, cells: impl IntoIterator<Item = (&'c str, Value)>) {
        let mut row = vec![Value::None; self.layout.columns.len()];
        for (name, value) in cells {
            if let Some(at) = self.column(name) {
                row[at] = value;
            } else {
                debug_assert!(false, "{} has no column {name}", self.layout.name);
            }
        }
        self.rows.push(row);
    }

    /// Where a column stands.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.layout.columns.iter().position(|column| column.name == name)
    }

    /// A cell.
    pub(super) fn get(&self, row: usize, name: &str) -> &Value {
        const NONE: &Value = &Value::None;
        let cell = self.column(name).and_then(|at| self.rows.get(row)?.get(at));
        cell.unwrap_or(NONE)
    }

    /// The rows by their key.
    pub(super) fn by_key(&self) -> BTreeMap<&str, usize> {
        let key = |n| Some((self.get(n, &self.layout.key).as_text()?, n));
        (0..self.rows.len()).filter_map(key).collect()
    }

    /// Comma-separated values with a header, lines ended as RFC 4180 has it.
    pub(super) fn csv(&self, out: impl io::Write) -> io::Result<()> {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(self.layout.columns.iter().map(|column| &column.name))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Value::cell))?;
        }
        writer.flush()
    }

    /// One JSON object a line, with every column.
    pub(super) fn json_lines(&self, mut out: impl io::Write) -> io::Result<()> {
        for row in &self.rows {
            let names = self.layout.columns.iter().map(|column| column.name.clone());
            let object: Map<_, _> = names.zip(row.iter().map(Value::json)).collect();
            serde_json::to_writer(&mut out, &object)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_key_and_every_key_of_another_has_its_table() {
        for table in &SCHEMA.table {
            assert!(table.columns.iter().any(|column| column.name == table.key), "{}", table.name);
            for column in &table.columns {
                let Some(other) = &column.table else { continue };
                assert!(SCHEMA.table.iter().any(|table| &table.name == other), "{}", column.name);
            }
        }
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        let mut table = Table::new("places");
        table.push([
            ("id", Value::text("=cmd|' /C calc'!A0")),
            ("name", Value::text("一,\"二\"\n三")),
            ("lat", Value::of(Kind::Number, "-17.8")),
        ]);
        let mut out = Vec::new();
        table.csv(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let row = "'=cmd|' /C calc'!A0,\"一,\"\"二\"\"\n三\",,,,,,-17.8,,,,,,\r\n";
        assert_eq!(out.split_once("\r\n").unwrap().1, row);
        let mut out = Vec::new();
        table.json_lines(&mut out).unwrap();
        let object: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(object["id"], "=cmd|' /C calc'!A0", "JSON runs no formulas");
        assert_eq!(object["lat"], -17.8);
        assert_eq!(object["lon"], serde_json::Value::Null);
    }

    #[test]
    fn what_is_no_number_or_day_is_nothing() {
        assert_eq!(Value::of(Kind::Integer, "x"), Value::None);
        assert_eq!(Value::of(Kind::Number, "NaN"), Value::None);
        assert_eq!(Value::of(Kind::Date, "2023-02-30"), Value::None);
        assert_eq!(Value::of(Kind::Date, "2023-02-28").cell(), "2023-02-28");
    }
}
