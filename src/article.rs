//! [`Article`]: one thing that was read, with where it came from.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc};

use sha2::{Digest, Sha256};

use crate::{
    date::PartialDate,
    text::{Raw, Span, Text},
};

/// The SHA-256 of the bytes that were read: a file, or one record of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId([u8; 32]);

impl ArticleId {
    /// The identity of what these bytes say.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The identity that 64 hexadecimal digits write.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if hex.len() != 64 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The hash.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The identity that [`ArticleId::bytes`] gave.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash as 64 hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        use fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Where an article was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The file, or `None` for standard input.
    pub file: Option<Arc<PathBuf>>,
    /// The line of a record within its file, or which of its records or rows it is, from 1;
    /// `None` for a whole file.
    pub line: Option<u32>,
    /// Where a WARC record begins in its file, in bytes; packed, where its member does.
    pub offset: Option<u64>,
    /// When a page was fetched, as the crawl says.
    pub captured: Option<String>,
    /// The address of the page.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}", file.display())?,
            None => f.write_str("<stdin>")?,
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        Ok(())
    }
}

/// Where a publication date was found, the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Said on the command line.
    Given,
    /// A field of the record.
    Record,
    /// The metadata of the page.
    Metadata,
    /// The line under the page's title.
    Page,
    /// The address of the page.
    Url,
    /// The dateline of the article.
    Dateline,
}

impl FromStr for Origin {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Given, Self::Record, Self::Metadata, Self::Page, Self::Url, Self::Dateline]
            .into_iter()
            .find(|origin| origin.name() == name)
            .ok_or(())
    }
}

impl Origin {
    /// Its name in the graph and in datasets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Record => "record",
            Self::Metadata => "metadata",
            Self::Page => "page",
            Self::Url => "url",
            Self::Dateline => "dateline",
        }
    }
}

/// When an article was published, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The date, at the precision that is known.
    pub date: PartialDate,
    /// Where it was found.
    pub origin: Origin,
}

/// What a stretch of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// The title of the article.
    Title,
    /// A heading within it.
    Heading,
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem,
    /// One row of a table; its cells are separated by tabs.
    Row {
        /// Which table of the page, from 0.
        table: u16,
        /// Whether it names the columns.
        header: bool,
    },
    /// The caption of a picture or table.
    Caption,
    /// Navigation, related titles, share bars: what is not the article.
    Furniture,
}

/// One stretch of a page, as its markup has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where it stands in the raw text, without the line end.
    pub span: Span<Raw>,
    /// What it is.
    pub kind: BlockKind,
}

/// One article: what was read, before and after cleaning.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its identity.
    pub id: ArticleId,
    /// Where it was found.
    pub source: Source,
    /// Its title, as a record or a page's markup states it.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// What it says. For a page this is all the text that a browser would show; for a
    /// record with a title that its text does not begin with, the title is put first.
    pub text: Text,
    /// Where the record's own text begins in the raw text: after a title put first.
    pub text_starts: u32,
    /// The blocks of a page, in order; empty for plain text, whose lines are its blocks.
    pub layout: Vec<Block>,
}
