//! Shards: the articles that other machines have read, one at a time.

use std::{
    fs::File,
    io::{BufRead, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use walkdir::{DirEntry, WalkDir};

use super::{
    error::ReadError,
    input::{Input, Inputs, Payload},
    rows,
    stream::{Meter, Stream},
    walk,
};
use crate::{
    article::Source,
    shard::{HEAD, Lines, announced},
};

/// Bytes of one article of a shard at most.
const LIMIT: usize = 256 << 20;

/// The articles of shards, in a stable order: files as named, folders by name. What hides
/// behind `.` or `_` is left out: there engines keep what tasks have not finished.
pub(super) fn inputs(
    paths: &[PathBuf],
    meter: &Arc<Meter>,
) -> impl Iterator<Item = Result<Input, ReadError>> + use<> {
    let meter = Arc::clone(meter);
    let paths: Vec<_> = paths.to_vec();
    paths.into_iter().flat_map(|path| files(&path)).flat_map(move |file| match file {
        Ok(file) => open(file, &meter),
        Err(error) => Inputs::failed(error),
    })
}

fn files(path: &Path) -> Box<dyn Iterator<Item = Result<PathBuf, ReadError>> + Send> {
    if !path.is_dir() {
        return Box::new(std::iter::once(Ok(path.to_owned())));
    }
    let hidden = |entry: &DirEntry| {
        let name = entry.file_name().as_encoded_bytes();
        entry.depth() > 0 && (name.starts_with(b".") || name.starts_with(b"_"))
    };
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    Box::new(walk.filter_entry(move |entry| !hidden(entry)).filter_map(|entry| match entry {
        Ok(entry) if entry.file_type().is_dir() => None,
        Ok(entry) if is_shard(entry.path()) => Some(Ok(entry.into_path())),
        Ok(entry) => Some(Err(ReadError::NotAnArticle(source(entry.into_path())))),
        Err(error) => {
            let at = source(error.path().unwrap_or(Path::new("")).to_owned());
            let error = error.into_io_error();
            Some(Err(ReadError::Io(at, error.unwrap_or_else(|| std::io::Error::other("a loop")))))
        }
    }))
}

fn is_shard(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    let name = name.unwrap_or_default();
    let name =
        [".gz", ".zst", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    name.ends_with(".nq") || name.ends_with(".parquet")
}

fn source(file: PathBuf) -> Source {
    walk::source(Arc::new(file))
}

fn open(path: PathBuf, meter: &Arc<Meter>) -> Inputs {
    let is_table = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("parquet"));
    let at = source(path);
    let Some(path) = &at.file else { return Inputs::failed(ReadError::Empty(at)) };
    let opened = File::open(path.as_path());
    let opened = match opened {
        Ok(file) if is_table => return rows::of_shard(file, &at, LIMIT, meter),
        Ok(file) => Stream::new(Box::new(file), Arc::clone(meter)),
        Err(error) => Err(error),
    };
    match opened {
        Ok(stream) => {
            Inputs::Shard(Box::new(Shard { stream: Some(stream), head: None, at, articles: 0 }))
        }
        Err(error) => Inputs::failed(ReadError::of_io(at, error)),
    }
}

/// The articles of one shard of N-Quads.
pub(super) struct Shard {
    /// Absent when it has ended.
    stream: Option<Stream>,
    /// A line that was read when quads were expected.
    head: Option<Vec<u8>>,
    at: Source,
    articles: u32,
}

impl Shard {
    fn line(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(stream) = &mut self.stream else { return Ok(None) };
        let mut line = Vec::new();
        match stream.take(LIMIT as u64 + 1).read_until(b'\n', &mut line) {
            Ok(0) => {
                self.stream = None;
                Ok(None)
            }
            Ok(_) if line.len() > LIMIT => {
                self.stream = None;
                Err(ReadError::TooLong(self.here(), LIMIT))
            }
            Ok(_) => Ok(Some(line)),
            Err(error) => {
                if !ReadError::is_break(&error) {
                    self.stream = None;
                }
                Err(ReadError::of_io(self.here(), error))
            }
        }
    }

    fn here(&self) -> Source {
        Source { line: Some(self.articles), ..self.at.clone() }
    }

    fn broken(&self, what: &str) -> ReadError {
        ReadError::Broken(self.here(), what.to_owned())
    }

    fn article(&mut self, head: &[u8]) -> Result<Input, ReadError> {
        self.articles = self.articles.saturating_add(1);
        let Some(head) = head.strip_prefix(HEAD.as_bytes()) else {
            return Err(self.broken("a line of no article; was this made by `extract`?"));
        };
        let (Some(head), Some(count)) = (head.strip_suffix(b"\n"), announced(head)) else {
            return Err(self.broken("the line of an article is cut off or damaged"));
        };
        let mut quads = Vec::new();
        for _ in 0..count {
            let line = self.line()?.filter(|line| line.ends_with(b"\n"));
            match line {
                Some(line) if line.starts_with(b"#") => {
                    self.head = Some(line);
                    return Err(self.broken("an article is cut off; the next one is whole"));
                }
                Some(line) => quads.extend_from_slice(&line),
                None => return Err(self.broken("the shard ends within an article")),
            }
            if quads.len() > LIMIT {
                return Err(ReadError::TooLong(self.here(), LIMIT));
            }
        }
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| ());
        match (text(head.to_vec()), text(quads)) {
            (Ok(head), Ok(quads)) => {
                let payload = Payload::Shard(Lines { head, quads });
                Ok(Input { source: self.here(), payload })
            }
            _ => Err(self.broken("an article is not UTF-8")),
        }
    }
}

impl Iterator for Shard {
    type Item = Result<Input, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut passed = false;
        loop {
            let head = match self.head.take() {
                Some(head) => head,
                None => match self.line() {
                    Ok(Some(line)) => line,
                    Ok(None) => return None,
                    Err(error) => return Some(Err(error)),
                },
            };
            let is_head = head.starts_with(HEAD.as_bytes());
            // Behind damage, and between articles, other comments and lines are passed by;
            // that a file holds none of ours is said once.
            if !is_head && (passed || self.articles > 0 || head.trim_ascii().is_empty()) {
                passed = true;
                continue;
            }
            return Some(self.article(&head));
        }
    }
}
