//! Shards: parcels as lines of N-Quads, so that many machines can read articles and one can
//! bring them into a store.
//!
//! An article is one line that is a comment for every other reader of N-Quads, and the quads
//! that it announces:
//!
//! ```text
//! #youcheng-article {"id":"sha256:…","mark":"…","quads":31,"source":{…},"published":"2025-05-23","signature":"…","document":{…},"noise":[…],"sum":"…"}
//! <https://w3id.org/youcheng/article/…> <http://…> "…" <https://w3id.org/youcheng/graph/…> .
//! ```
//!
//! Articles know nothing of each other: shards can be cut anywhere between them, joined, and
//! loaded in any order, twice as well as once. One that is cut off in an article lacks that
//! article, and is told by its missing lines. What else was changed on the way is told by the
//! last field: the SHA-256 of the JSON before it and, behind a line end, of the quads. Shards
//! of older versions have none.

#[cfg(feature = "parquet")]
mod table;
#[cfg(not(feature = "parquet"))]
#[path = "shard/absent.rs"]
mod table;

use std::{io, path::PathBuf, sync::Arc};

use oxrdf::Quad;
use oxttl::{NQuadsParser, NQuadsSerializer};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest as _, Sha256};

use crate::{
    article::{ArticleId, Source},
    dedup::Entry,
    parcel::Parcel,
    rdf::{emit::graph_of, iri},
    wire::Document,
};

pub use self::table::Table;

/// What the line of an article begins with.
pub const HEAD: &str = "#youcheng-article ";

/// What the line of an article says. A field that is not known here may be one that was.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    mark: String,
    quads: usize,
    source: Place,
    published: Option<String>,
    signature: String,
    document: Option<Box<RawValue>>,
    noise: Option<Box<RawValue>>,
    #[serde(default, skip_serializing)]
    sum: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Place {
    file: Option<String>,
    line: Option<u32>,
    url: Option<String>,
    publisher: Option<String>,
    offset: Option<u64>,
    captured: Option<String>,
}

/// An article of a shard: its line without what it begins with, and its quads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// One JSON object.
    pub head: String,
    /// Lines of N-Quads.
    pub quads: String,
}

/// How many lines of quads a line announces; `None` if it is none of an article.
#[must_use]
pub fn announced(head: &[u8]) -> Option<usize> {
    #[derive(Deserialize)]
    struct Count {
        quads: usize,
    }
    serde_json::from_slice::<Count>(head).ok().map(|count| count.quads)
}

impl Lines {
    /// How a shard writes a parcel.
    ///
    /// # Errors
    ///
    /// If the document of the parcel is no JSON.
    pub fn of(parcel: &Parcel) -> io::Result<Self> {
        let Source { file, line, offset, captured, url, publisher } = parcel.source.clone();
        let file = file.map(|file| file.to_string_lossy().into_owned());
        let raw = |text: &str| serde_json::from_str::<Box<RawValue>>(text);
        let (document, noise) = match &parcel.document {
            Some(document) => (Some(raw(&document.record)?), Some(raw(&document.noise)?)),
            None => (None, None),
        };
        let entry = Entry {
            id: parcel.id,
            published: parcel.published,
            signature: parcel.signature.clone(),
        };
        let head = Head {
            id: parcel.id.to_string(),
            mark: format!("{:016x}", parcel.mark),
            quads: parcel.quads.len(),
            source: Place { file, line, url, publisher, offset, captured },
            published: parcel.published.map(|date| date.to_string()),
            signature: hex(&entry.to_bytes()),
            document,
            noise,
            sum: None,
        };
        let mut quads = NQuadsSerializer::new().for_writer(Vec::new());
        for quad in &parcel.quads {
            quads.serialize_quad(quad)?;
        }
        let quads = String::from_utf8(quads.finish()).map_err(io::Error::other)?;
        let head = to_raw_value(&head)?;
        let head = head.get().strip_suffix('}').unwrap_or_default();
        let sum = sum(head, &quads);
        Ok(Self { head: format!("{head}{SUM}{sum}\"}}"), quads })
    }

    /// Writes the article.
    ///
    /// # Errors
    ///
    /// If `out` cannot be written to.
    pub fn write(&self, mut out: impl io::Write) -> io::Result<()> {
        writeln!(out, "{HEAD}{}", self.head)?;
        out.write_all(self.quads.as_bytes())
    }

    /// The parcel, if the lines say one, and nothing of other articles.
    ///
    /// # Errors
    ///
    /// If they do not, says what is wrong.
    pub fn parcel(&self) -> Result<Parcel, String> {
        let head: Head = serde_json::from_str(&self.head)
            .map_err(|error| format!("the line of the article cannot be read: {error}"))?;
        if let Some(stated) = &head.sum {
            let before = self.head.rsplit_once(SUM).map(|(before, _)| before);
            if before.is_none_or(|before| sum(before, &self.quads) != *stated) {
                return Err("the article is damaged: its checksum is another".to_owned());
            }
        }
        let id = head.id.strip_prefix("sha256:").and_then(ArticleId::from_hex);
        let id = id.ok_or("the article has no id")?;
        let mark = u64::from_str_radix(&head.mark, 16).map_err(|_| "the article has no mark")?;
        let entry = unhex(&head.signature).and_then(|bytes| Entry::from_bytes(&bytes));
        let entry = entry.filter(|entry| entry.id == id).ok_or("the signature is damaged")?;
        let mut quads = Vec::with_capacity(head.quads.min(10_000));
        let (own, shared) = (iri::graph(&id), iri::shared());
        for quad in NQuadsParser::new().for_slice(&self.quads) {
            let quad: Quad = quad.map_err(|error| format!("a quad cannot be read: {error}"))?;
            let graph = graph_of(&quad).map(|graph| graph.as_ref());
            if graph != Some(own.as_ref()) && graph != Some(shared) {
                return Err("a quad stands in the graph of something else".to_owned());
            }
            quads.push(quad);
        }
        if quads.len() != head.quads {
            return Err(format!(
                "{} quads were announced, {} stand there",
                head.quads,
                quads.len()
            ));
        }
        let Place { file, line, url, publisher, offset, captured } = head.source;
        let file = file.map(|file| Arc::new(PathBuf::from(file)));
        let document = head.document.zip(head.noise).map(|(record, noise)| Document {
            record: record.get().to_owned(),
            noise: noise.get().to_owned(),
        });
        Ok(Parcel {
            id,
            mark,
            source: Source { file, line, offset, captured, url, publisher },
            published: entry.published,
            signature: entry.signature,
            document,
            quads,
        })
    }
}

/// What stands before the checksum of an article.
const SUM: &str = ",\"sum\":\"";

/// The checksum of an article whose line is this before it.
fn sum(head: &str, quads: &str) -> String {
    let mut sum = Sha256::new();
    for part in [head, "\n", quads] {
        sum.update(part);
    }
    hex(&sum.finalize())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    hex.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [a, b] => u8::try_from(digit(*a)? * 16 + digit(*b)?).ok(),
            _ => None,
        })
        .collect()
}
