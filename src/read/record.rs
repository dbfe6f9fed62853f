//! [`Record`]: one line of JSON Lines, and the article it is.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Limits, PageRules, encoding, error::ReadError, html, published, text};
use crate::{
    article::{Article, ArticleId, Origin, Published, Source},
    notes::{Notes, Stage, Why},
};

/// The fields of a record that mean something here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Record {
    text: Option<String>,
    html: Option<String>,
    title: Option<String>,
    url: Option<String>,
    published: Option<String>,
    publisher: Option<String>,
}

/// The article that a record is.
pub(super) fn article(
    rules: &PageRules,
    limits: Limits,
    mut source: Source,
    line: &[u8],
    notes: &mut Notes,
) -> Result<Article, ReadError> {
    let (json, damaged) = encoding::utf8_or_gb18030(line);
    if damaged {
        notes.push(Stage::Read, Why::BadEncoding, "the record is not UTF-8");
    }
    let mut record = match parse(&json) {
        Ok(record) => record,
        Err(error) => {
            let message = plain(&error.to_string());
            return Err(ReadError::Syntax { source_: source, column: error.column(), message });
        }
    };
    let published = record.published.take().and_then(|written| {
        let date = published::parse(&written);
        if date.is_none() {
            notes.push(Stage::Read, Why::BadDate, written);
        }
        Some(Published { date: date?, origin: Origin::Record })
    });
    source.url = record.url.take();
    source.publisher = record.publisher.take();
    let id = ArticleId::of(line);
    let mut article = match (record.text.take(), record.html.take()) {
        (Some(body), _) => text::of_record(rules, id, source, record.title.take(), &body, notes),
        (None, Some(page)) => {
            html::of_record(rules, limits, id, source, record.title.as_deref(), &page, notes)?
        }
        // A record of nothing but a title is one that was not fetched.
        (None, None) => return Err(ReadError::Empty(source)),
    };
    article.published = published.or(article.published);
    Ok(article)
}

fn parse(json: &str) -> Result<Record, serde_json::Error> {
    let mut parser = serde_json::Deserializer::from_str(json);
    let mut record = parser.deserialize_map(Fields)?;
    parser.end()?;
    for field in [
        &mut record.text,
        &mut record.html,
        &mut record.title,
        &mut record.url,
        &mut record.published,
        &mut record.publisher,
    ] {
        field.take_if(|text| text.trim().is_empty());
    }
    Ok(record)
}

/// What serde says, without the position, which is told apart.
fn plain(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    match message {
        "EOF while parsing a string"
        | "EOF while parsing an object"
        | "EOF while parsing a value"
        | "EOF while parsing a list" => {
            format!("broken JSON: the line ends in the middle of the record ({message})")
        }
        message if message.starts_with("invalid type") => message.to_owned(),
        message => format!("broken JSON: {message}"),
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with \"text\" or \"html\" on each line")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut record = Record::default();
        while let Some(key) = map.next_key::<String>()? {
            let (field, slot) = match key.as_str() {
                "text" => (Field::of("text"), &mut record.text),
                "html" => (Field::of("html"), &mut record.html),
                "title" => (Field::of("title"), &mut record.title),
                "url" => (Field::of("url"), &mut record.url),
                "publisher" => (Field::of("publisher"), &mut record.publisher),
                "published" => (Field { name: "published", numbers: true }, &mut record.published),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *slot = map.next_value_seed(field)?;
        }
        Ok(record)
    }
}

/// A field that is a string or null; its name is in what is said when it is neither.
struct Field {
    name: &'static str,
    /// Whether a number will do as well: a year, or seconds since 1970.
    numbers: bool,
}

impl Field {
    fn of(name: &'static str) -> Self {
        Self { name, numbers: false }
    }
}

impl<'de> DeserializeSeed<'de> for Field {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Field {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a string as \"{}\"", self.name)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(text))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        if self.numbers {
            return Ok(Some(number.to_string()));
        }
        Err(E::invalid_type(serde::de::Unexpected::Unsigned(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_strings_and_others_are_passed_over() {
        let record = parse(
            r#"{"text":"友城","html":null,"title":" ","published":1747929600,"tags":[{"text":1}]}"#,
        )
        .unwrap();
        let text = Some("友城".to_owned());
        let published = Some("1747929600".to_owned());
        assert_eq!(record, Record { text, published, ..Record::default() });
    }

    #[test]
    fn what_is_wrong_is_said_in_plain_words() {
        for (json, message) in [
            (r#"{"text":5}"#, r#"invalid type: integer `5`, expected a string as "text""#),
            (r#"{"title":["a"]}"#, r#"invalid type: sequence, expected a string as "title""#),
            (
                r#"[1]"#,
                r#"invalid type: sequence, expected an object with "text" or "html" on each line"#,
            ),
            (
                r#"{"text":"友"#,
                "broken JSON: the line ends in the middle of the record (EOF while parsing a string)",
            ),
            (r#"{"text":"友"} {}"#, "broken JSON: trailing characters"),
            (r#"{text:1}"#, "broken JSON: key must be a string"),
        ] {
            assert_eq!(plain(&parse(json).unwrap_err().to_string()), message, "{json}");
        }
    }
}
