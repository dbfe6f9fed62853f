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
    let parsed = parse(&json).or_else(|error| match mended(&json) {
        Some(mended) => {
            let record = parse(&mended)?;
            let what = "the record holds characters that no JSON has; they became U+FFFD";
            notes.push(Stage::Read, Why::BadEncoding, what);
            Ok(record)
        }
        None => Err(error),
    });
    let mut record = match parsed {
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
        (Some(body), _) => {
            let title = record.title.take();
            text::of_record(rules, id, source, (title, published), &body, notes)
        }
        (None, Some(page)) => {
            html::of_record(rules, limits, id, source, record.title.as_deref(), &page, notes)?
        }
        // A record of nothing but a title is one that was not fetched.
        (None, None) => return Err(ReadError::Empty(source)),
    };
    article.published = published.or(article.published);
    Ok(article)
}

/// The record with U+FFFD for halves of characters (`\ud83d` alone, where a program has cut a
/// text) and for control characters that a string holds as they are; `None` if it has none.
fn mended(json: &str) -> Option<String> {
    let half = |at: usize| {
        let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..0xE000).contains(unit))
    };
    let mut mended = String::new();
    let (mut done, mut at, mut in_string) = (0, 0, false);
    while let Some(&byte) = json.as_bytes().get(at) {
        let (width, is_bad) = match byte {
            b'"' => {
                in_string = !in_string;
                (1, false)
            }
            b'\\' => match (half(at), half(at + 6)) {
                (Some(0xD800..0xDC00), Some(0xDC00..)) => (12, false),
                (Some(_), _) => (6, true),
                (None, _) => (2, false),
            },
            0..0x20 => (1, in_string),
            _ => (1, false),
        };
        if is_bad {
            mended.push_str(&json[done..at]);
            mended.push(char::REPLACEMENT_CHARACTER);
            done = at + width;
        }
        at += width;
    }
    (done > 0).then(|| mended + &json[done..])
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

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        if self.numbers {
            return Ok(Some(number.to_string()));
        }
        Err(E::invalid_type(serde::de::Unexpected::Signed(number), &self))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
        if self.numbers {
            return Ok(Some(number.trunc().to_string()));
        }
        Err(E::invalid_type(serde::de::Unexpected::Float(number), &self))
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
        if self.numbers {
            return Ok(Some(value.to_string()));
        }
        Err(E::invalid_type(serde::de::Unexpected::Bool(value), &self))
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
    fn halves_of_characters_and_bare_control_characters_are_replaced() {
        for (json, text) in [
            (r#"{"text":"友\ud83d城"}"#, "友\u{FFFD}城"),
            (r#"{"text":"友\ude00\ud83d\ude00"}"#, "友\u{FFFD}😀"),
            (r#"{"text":"\\ud83d\ud83d\n","tags":["\ud800"]}"#, "\\ud83d\u{FFFD}\n"),
            ("{\"text\":\"友\u{0}城\t市\",\t\"a\":1}", "友\u{FFFD}城\u{FFFD}市"),
        ] {
            let mended = mended(json).unwrap();
            assert_eq!(parse(&mended).unwrap().text.unwrap(), text, "{json}");
        }
        for whole in [r#"{"text":"友\ud83d\ude00\"城"}"#, "{\t}", r#"{"text":"\u53cb"#, "\\"] {
            assert_eq!(mended(whole), None, "{whole}");
        }
    }

    #[test]
    fn a_date_of_an_odd_type_costs_no_article() {
        for (json, published) in [
            ("1747929600.5", "1747929600"),
            ("1.7479296e9", "1747929600"),
            ("-5", "-5"),
            ("true", "true"),
        ] {
            let record = parse(&format!(r#"{{"text":"友","published":{json}}}"#)).unwrap();
            assert_eq!(record.published.as_deref(), Some(published));
        }
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
