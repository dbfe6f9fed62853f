//! [`Log`]: the signatures on disk, one record an article, appended and never rewritten.
//!
//! A record has 196 bytes and ends with a checksum. What a kill left half written is cut
//! off when the file is opened; a record that is damaged further in is passed over. A mark
//! says that all articles before it have been compared, and what came of it is stored; a
//! record of removal, that an article is to be passed by.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use super::{
    Entry, Signature,
    signature::{BINS, SENTENCES, Sentence, mix},
};
use crate::{article::ArticleId, date::PartialDate};

const HEADER: &[u8; 16] = b"youcheng copies1";
/// Kind, id, publication, runs, count of sentences, bins, sentences, checksum.
const RECORD: usize = 1 + 32 + 4 + 2 + 1 + BINS + 3 * SENTENCES + 1 + 4;
const _: () = assert!(RECORD <= 200);
const ARTICLE: u8 = b'a';
const MARK: u8 = b'm';
const REMOVAL: u8 = b'r';

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// It is something else, or of another version.
    #[error("{}: is not an index of copies of this version; move it away, and articles read from then on are compared", .0.display())]
    Foreign(PathBuf),
    /// What the system reports.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// The file of signatures.
#[derive(Debug)]
pub struct Log {
    file: File,
    path: PathBuf,
}

/// What was in the file.
#[derive(Debug, Default)]
pub struct Logged {
    /// The articles, in the order of their arrival.
    pub entries: Vec<Entry>,
    /// How many of them the last mark covers.
    pub settled: usize,
    /// Those that were taken out since that mark, and had been covered by it.
    pub removed: Vec<Entry>,
    /// Records that were damaged.
    pub damaged: usize,
}

impl Log {
    /// Opens the file, or makes it. There must be no other writer.
    ///
    /// # Errors
    ///
    /// If it is something else, or the system refuses.
    pub fn open(path: &Path) -> Result<(Self, Logged), LogError> {
        let failed = |error| LogError::Io { path: path.to_owned(), error };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let Some(records) = bytes.strip_prefix(HEADER) else {
            // A kill may have left a part of the header.
            if !HEADER.starts_with(&bytes) {
                return Err(LogError::Foreign(path.to_owned()));
            }
            file.set_len(0).map_err(failed)?;
            file.seek(SeekFrom::Start(0)).map_err(failed)?;
            file.write_all(HEADER).and_then(|()| file.sync_data()).map_err(failed)?;
            return Ok((Self { file, path: path.to_owned() }, Logged::default()));
        };
        let mut logged = Logged::default();
        let mut entries: Vec<Option<Entry>> = Vec::new();
        let mut known = HashMap::new();
        let mut settled = 0;
        // How many records, and how many damaged ones, up to the last whole one.
        let (mut whole, mut damaged) = (0, 0);
        for (n, record) in records.chunks(RECORD).enumerate() {
            match parse(record) {
                Some(Parsed::Article(entry)) => {
                    if let Some(earlier) = known.insert(entry.id, entries.len()) {
                        logged
                            .removed
                            .extend(entries[earlier].take().filter(|_| earlier < settled));
                    }
                    entries.push(Some(entry));
                }
                Some(Parsed::Removal(id)) => {
                    if let Some(earlier) = known.remove(&id) {
                        logged
                            .removed
                            .extend(entries[earlier].take().filter(|_| earlier < settled));
                    }
                }
                Some(Parsed::Mark) => {
                    settled = entries.len();
                    logged.removed.clear();
                }
                None => {
                    damaged += 1;
                    continue;
                }
            }
            whole = n + 1;
            logged.damaged = damaged;
        }
        logged.settled = entries.iter().take(settled).flatten().count();
        logged.entries = entries.into_iter().flatten().collect();
        let end = (HEADER.len() + whole * RECORD) as u64;
        if end < bytes.len() as u64 {
            file.set_len(end).map_err(failed)?;
        }
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        Ok((Self { file, path: path.to_owned() }, logged))
    }

    /// Appends articles; they are on the disk when it returns.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let mut bytes = Vec::with_capacity(entries.len() * RECORD);
        for entry in entries {
            article(entry, &mut bytes);
        }
        self.write(&bytes)
    }

    /// Says that articles were taken out.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn remove(&mut self, ids: &[ArticleId]) -> Result<(), LogError> {
        let mut bytes = Vec::with_capacity(ids.len() * RECORD);
        for id in ids {
            let start = bytes.len();
            bytes.push(REMOVAL);
            bytes.extend_from_slice(id.bytes());
            bytes.resize(start + RECORD - 4, 0);
            seal(&mut bytes, start);
        }
        self.write(&bytes)
    }

    /// Says that all articles so far have been compared and stored.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn mark(&mut self) -> Result<(), LogError> {
        let mut bytes = vec![MARK];
        bytes.resize(RECORD - 4, 0);
        seal(&mut bytes, 0);
        self.write(&bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LogError> {
        let done = self.file.write_all(bytes).and_then(|()| self.file.sync_data());
        done.map_err(|error| LogError::Io { path: self.path.clone(), error })
    }
}

impl Entry {
    /// The article as one record of the file: 196 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(RECORD);
        article(self, &mut bytes);
        bytes
    }

    /// The article that a record says; `None` if it is damaged.
    #[must_use]
    pub fn from_bytes(record: &[u8]) -> Option<Self> {
        match parse(record)? {
            Parsed::Article(entry) if record.len() == RECORD => Some(entry),
            _ => None,
        }
    }
}

enum Parsed {
    Article(Entry),
    Removal(ArticleId),
    Mark,
}

fn article(entry: &Entry, out: &mut Vec<u8>) {
    let start = out.len();
    let signature = &entry.signature;
    out.push(ARTICLE);
    out.extend_from_slice(entry.id.bytes());
    out.extend_from_slice(&date_code(entry.published).to_le_bytes());
    out.extend_from_slice(&signature.runs.to_le_bytes());
    let sentences = &signature.sentences[..signature.sentences.len().min(SENTENCES)];
    out.push(sentences.len() as u8);
    out.extend_from_slice(&signature.bins);
    for sentence in sentences {
        out.extend_from_slice(&sentence.skeleton.to_le_bytes());
        out.push(sentence.names);
    }
    out.resize(start + RECORD - 4, 0);
    seal(out, start);
}

/// Appends the checksum of what stands from `start`.
fn seal(out: &mut Vec<u8>, start: usize) {
    let sum = checksum(&out[start..]);
    out.extend_from_slice(&sum.to_le_bytes());
}

fn checksum(bytes: &[u8]) -> u32 {
    let words = bytes
        .chunks(8)
        .map(|chunk| chunk.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
    (words.fold(bytes.len() as u64, |hash, word| mix(hash ^ word)) >> 32) as u32
}

fn parse(record: &[u8]) -> Option<Parsed> {
    let (body, sum) = record.split_at_checked(RECORD - 4)?;
    if checksum(body).to_le_bytes() != sum {
        return None;
    }
    let (&kind, rest) = body.split_first()?;
    if kind == MARK {
        return Some(Parsed::Mark);
    }
    let (id, rest) = rest.split_first_chunk::<32>()?;
    if kind == REMOVAL {
        return Some(Parsed::Removal(ArticleId::from_bytes(*id)));
    }
    let (published, rest) = rest.split_first_chunk::<4>()?;
    let (runs, rest) = rest.split_first_chunk::<2>()?;
    let (&count, rest) = rest.split_first()?;
    let (bins, rest) = rest.split_first_chunk::<BINS>()?;
    let sentences = rest
        .chunks_exact(3)
        .take(usize::from(count).min(SENTENCES))
        .map(|it| Sentence { skeleton: u16::from_le_bytes([it[0], it[1]]), names: it[2] });
    (kind == ARTICLE).then(|| {
        Parsed::Article(Entry {
            id: ArticleId::from_bytes(*id),
            published: date_of(u32::from_le_bytes(*published)),
            signature: Signature {
                bins: *bins,
                runs: u16::from_le_bytes(*runs),
                sentences: sentences.collect(),
            },
        })
    })
}

/// A date as its digits; what is not known is zero.
fn date_code(date: Option<PartialDate>) -> u32 {
    let (year, month, day) = match date {
        None => (0, 0, 0),
        Some(PartialDate::Year(year)) => (year, 0, 0),
        Some(PartialDate::Month(year, month)) => (year, month, 0),
        Some(PartialDate::Day(date)) => (date.year(), date.month(), date.day()),
    };
    u32::from(year.unsigned_abs()) * 10_000
        + u32::from(month.unsigned_abs()) * 100
        + u32::from(day.unsigned_abs())
}

fn date_of(code: u32) -> Option<PartialDate> {
    let year = i16::try_from(code / 10_000).ok()?;
    let (month, day) = ((code / 100 % 100) as i8, (code % 100) as i8);
    match (month, day) {
        (0, _) => PartialDate::year(year),
        (_, 0) => PartialDate::month(year, month),
        _ => PartialDate::day(year, month, day),
    }
}
