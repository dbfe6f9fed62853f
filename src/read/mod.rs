//! Read: bytes to [`Article`]s.
//!
//! The edge to the disk. [`Reader::inputs`] does the input and output, one record at a
//! time and never more than the limit of it; [`Reader::article`] is pure, so that pages
//! can be parsed by many threads.

#[cfg(feature = "arrow")]
mod arrow;
mod codec;
mod encoding;
mod error;
mod fields;
mod fold;
mod format;
mod furniture;
mod html;
mod http;
mod imprint;
mod input;
mod jsonl;
mod labels;
mod mojibake;
mod places;
mod published;
mod record;
#[cfg_attr(not(feature = "parquet"), path = "rows/absent.rs")]
mod rows;
mod shards;
mod stream;
#[cfg(feature = "arrow")]
mod table;
mod text;
mod utf16;
mod walk;
mod warc;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    article::{Article, ArticleId, Source},
    notes::{Notes, Stage, Why},
    parcel::Parcel,
    rule::DataError,
};

use self::http::Unreadable;
#[cfg(feature = "arrow")]
pub use self::table::Articles;
pub use self::{
    error::{Hostile, ReadError},
    fields::Fields,
    format::Format,
    http::Response,
    input::{Input, Payload},
    places::places,
    stream::Meter,
};
pub(crate) use self::{
    furniture::{PageRules, has_bracket},
    imprint::{Imprint, lines, tail},
};

/// How much is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file that is one article, and of one record.
    pub record: usize,
    /// Depth of the elements of a page. Building the tree takes time that grows with the
    /// square of it.
    pub depth: usize,
    /// Elements of a page.
    pub elements: usize,
    /// Attributes of one element. Looking for doubles takes time that grows with the
    /// square of it.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { record: 16 << 20, depth: 512, elements: 300_000, attributes: 1_000 }
    }
}

impl Limits {
    /// The limit of one record, below what a [`crate::text::Text`] can hold even when its
    /// encoding doubles it.
    fn bytes(&self) -> usize {
        self.record.min(1 << 30)
    }
}

/// Reads articles: the limits, and the compiled knowledge of how pages are furnished.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    rules: &'static PageRules,
    meter: Arc<Meter>,
}

/// What is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Files, folders, patterns of their names, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// A file with more of them, one a line or before each zero byte; `-` for standard input.
    pub list: Option<PathBuf>,
    /// What standard input is, and files whose name does not tell; else their first bytes
    /// tell.
    pub format: Option<Format>,
}

impl Wanted {
    /// How many bytes the files have, as far as they can be asked before they are read:
    /// nothing is known of standard input. Walks all folders.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        // What a pipe gives can be read once, and not here.
        if self.list.as_deref().is_some_and(|list| !list.is_file()) {
            return None;
        }
        let mut bytes = 0;
        for found in walk::files(walk::named(&self.paths, self.list.as_deref())) {
            match found {
                Ok(walk::Found::Stdin) => return None,
                Ok(walk::Found::File(path, _)) => {
                    bytes += path.metadata().map_or(0, |found| found.len());
                }
                Err(_) => {}
            }
        }
        Some(bytes)
    }
}

impl Reader {
    /// Compiles `rules/page.toml`.
    ///
    /// # Errors
    ///
    /// If the data file has a mistake.
    pub fn new(limits: Limits) -> Result<Self, DataError> {
        Ok(Self { limits, rules: PageRules::bundled()?, meter: Arc::default() })
    }

    /// What the files and folders hold, unparsed, in a stable order: as named, and within
    /// folders by name. `-` is standard input. Hidden files of folders are left out; pipes and
    /// devices are named, and not opened. What is named twice is read once.
    pub fn inputs(
        &self,
        paths: &[PathBuf],
    ) -> impl Iterator<Item = Result<Input, ReadError>> + use<> {
        self.open(&Wanted { paths: paths.to_vec(), ..Wanted::default() })
    }

    /// The same of all that is wanted.
    pub fn open(&self, wanted: &Wanted) -> impl Iterator<Item = Result<Input, ReadError>> + use<> {
        self.open_but(wanted, |_| false)
    }

    /// The same, but for the files of which `finished` says that they need not be opened:
    /// they are named as [`ReadError::Finished`].
    pub fn open_but<F: Fn(&Path) -> bool + Send>(
        &self,
        wanted: &Wanted,
        finished: F,
    ) -> impl Iterator<Item = Result<Input, ReadError>> + use<F> {
        let (limits, format, meter) = (self.limits, wanted.format, Arc::clone(&self.meter));
        let paths = walk::named(&wanted.paths, wanted.list.as_deref());
        walk::files(paths).flat_map(move |found| match found {
            Ok(walk::Found::File(file, _)) if finished(&file) => {
                input::Inputs::failed(ReadError::Finished(walk::source(file)))
            }
            Ok(found) => input::of_file(found, format, limits, &meter),
            Err(error) => input::Inputs::failed(error),
        })
    }

    /// The articles of shards, in a stable order: [`Payload::Shard`] and nothing else.
    pub fn shards(
        &self,
        paths: &[PathBuf],
    ) -> impl Iterator<Item = Result<Input, ReadError>> + use<> {
        shards::inputs(paths, &self.meter)
    }

    /// What another machine has read.
    ///
    /// # Errors
    ///
    /// If it is damaged, or was not made by `extract`.
    pub fn parcel(&self, input: &Input) -> Result<Parcel, ReadError> {
        let found = match &input.payload {
            Payload::Shard(lines) => lines.parcel(),
            _ => Err("not a shard".to_owned()),
        };
        found.map_err(|what| ReadError::Broken(input.source.clone(), what))
    }

    /// How much was read so far, in bytes of files.
    #[must_use]
    pub fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// The identity of the article that an input is, if it is one: what
    /// [`Reader::article`] gives it, without parsing.
    #[must_use]
    pub fn id(&self, input: &Input) -> Option<ArticleId> {
        match &input.payload {
            Payload::Text(bytes) | Payload::Html(bytes) | Payload::Record(bytes) => {
                Some(ArticleId::of(bytes))
            }
            Payload::Shard(_) => None,
            Payload::Response(response) => {
                response.page(self.limits.bytes()).ok().map(|page| ArticleId::of(&page.bytes))
            }
        }
    }

    /// The article that an input is. Pure: does no input or output.
    ///
    /// # Errors
    ///
    /// If it holds none, names the source and says why.
    pub fn article(&self, input: Input) -> Result<(Article, Notes), ReadError> {
        let mut notes = Notes::default();
        let article = match input.payload {
            Payload::Text(bytes) => text::article(self.rules, input.source, &bytes, &mut notes)?,
            Payload::Html(bytes) => {
                html::page(self.rules, self.limits, input.source, &bytes, None, &mut notes)?
            }
            Payload::Response(response) => self.sent(input.source, &response, &mut notes)?,
            Payload::Shard(_) => {
                let what = "a shard, which holds what was read of articles";
                return Err(ReadError::Unsupported(input.source, what));
            }
            Payload::Record(line) => {
                record::article(self.rules, self.limits, input.source, &line, &mut notes)?
            }
        };
        Ok((article, notes))
    }

    /// The article that a server sent.
    fn sent(
        &self,
        source: Source,
        response: &Response,
        notes: &mut Notes,
    ) -> Result<Article, ReadError> {
        let limit = self.limits.bytes();
        let page = match response.page(limit) {
            Ok(page) => page,
            Err(Unreadable::TooLong) => return Err(ReadError::TooLong(source, limit)),
            Err(Unreadable::Broken(what)) => {
                return Err(ReadError::Broken(source, format!("the page was sent {what}")));
            }
        };
        if page.is_cut {
            notes.push(Stage::Read, Why::CutOff, "the page was not sent to its end");
        }
        let charset = response.charset.as_deref();
        html::page(self.rules, self.limits, source, &page.bytes, charset, notes).map_err(|error| {
            match error {
                ReadError::NoArticle(source) | ReadError::Empty(source) if page.is_cut => {
                    let what = "the page is cut off, and no article stands before";
                    ReadError::Broken(source, what.to_owned())
                }
                error => error,
            }
        })
    }
}

/// Every article of the files and folders named, in a stable order.
///
/// [`Reader`] does the same in two steps, of which the second can run in parallel.
pub fn read(
    paths: &[PathBuf],
    limits: Limits,
) -> impl Iterator<Item = Result<(Article, Notes), ReadError>> + use<> {
    let (inputs, failed) = match Reader::new(limits) {
        Ok(reader) => (Some((reader.inputs(paths), reader)), None),
        Err(error) => (None, Some(Err(ReadError::Data(error)))),
    };
    let articles = inputs.into_iter().flat_map(|(inputs, reader)| {
        inputs.map(move |input| input.and_then(|input| reader.article(input)))
    });
    failed.into_iter().chain(articles)
}
