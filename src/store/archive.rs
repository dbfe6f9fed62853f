//! [`Archive`]: the documents of the articles, in one file that is only ever appended to.
//!
//! The file is a row of blocks. A block has a head (how many documents, how long it is), a
//! line of 60 bytes for each document, a checksum of both, and the documents together as one
//! zstd frame. Who opens the file reads heads and lines, not the documents; of several lines
//! with one id the last is right. What a kill left half written stands at the end and is cut
//! off by the next writer; readers pass it by.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest, Sha256};

use super::{Store, StoreError};
use crate::{article::ArticleId, wire::Document};

const MAGIC: &[u8; 4] = b"ycA1";
/// Magic, count, length of the documents, length of them packed.
const HEAD: usize = 4 + 4 + 8 + 8;
/// Id, mark, hash, length of the record, of the noise, what it is.
const LINE: usize = 32 + 8 + 8 + 4 + 4 + 4;
const CHECKSUM: usize = 8;
/// Bytes of documents after which a block is full: packs well, and unpacks in a millisecond.
const BLOCK: usize = 512 << 10;
/// Documents after which it is full even so.
const LINES: usize = 4096;
/// Level of zstd.
const LEVEL: i32 = 3;

/// What a line says of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It was read; its document was not wanted.
    Known = 1,
    /// Its document is there.
    Kept = 2,
    /// It was taken out.
    Removed = 3,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    mark: u64,
    /// The hash of the document.
    hash: u64,
    record: u32,
    noise: u32,
    state: State,
    /// Where the block begins, and where in its documents this one does.
    block: u64,
    at: u64,
}

/// The file.
#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    state: Mutex<Contents>,
}

#[derive(Debug, Default)]
struct Contents {
    /// Absent as long as nobody has written.
    file: Option<File>,
    lines: HashMap<ArticleId, Line>,
    /// Up to where the file is known.
    end: u64,
    /// What is not yet in the file.
    draft: Vec<(ArticleId, Line)>,
    documents: Vec<u8>,
}

impl Archive {
    /// The file of a store, to be read when it is first asked.
    pub(super) fn read(store: &Path) -> Self {
        Self { path: store.join("documents"), state: Mutex::default() }
    }

    /// The file of a store, to be appended to. There must be no other writer.
    pub(super) fn open(store: &Path) -> io::Result<Self> {
        let path = store.join("documents");
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
        let mut contents = Contents { file: Some(file), ..Contents::default() };
        contents.scan(true)?;
        Ok(Self { path, state: Mutex::new(contents) })
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the file if it has come, and reads what was appended since.
    fn refresh(&self, contents: &mut Contents) -> io::Result<()> {
        if contents.file.is_none() {
            match File::open(&self.path) {
                Ok(file) => contents.file = Some(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        contents.scan(false)
    }

    /// The mark of an article that is there.
    fn mark(&self, id: &ArticleId) -> Option<u64> {
        let contents = self.contents();
        let line = contents.lines.get(id)?;
        (line.state != State::Removed).then_some(line.mark)
    }

    fn document(&self, id: &ArticleId) -> io::Result<Option<Document>> {
        let mut contents = self.contents();
        if !contents.lines.contains_key(id) || contents.draft.is_empty() {
            // A reader may have opened before the writer wrote.
            self.refresh(&mut contents)?;
        }
        let Some(line) = contents.lines.get(id).copied() else { return Ok(None) };
        if line.state != State::Kept {
            return Ok(None);
        }
        if line.block == contents.end {
            return cut(&contents.documents, &line).map(Some);
        }
        let packed = contents.packed(line.block)?;
        drop(contents);
        cut(&unpack(&packed)?, &line).map(Some)
    }

    /// Every document, block by block.
    fn documents(&self) -> io::Result<impl Iterator<Item = io::Result<(ArticleId, Document)>>> {
        let mut blocks = std::collections::BTreeMap::<u64, Vec<(ArticleId, Line)>>::new();
        let mut contents = self.contents();
        self.refresh(&mut contents)?;
        for (id, line) in &contents.lines {
            if line.state == State::Kept {
                blocks.entry(line.block).or_default().push((*id, *line));
            }
        }
        drop(contents);
        Ok(blocks.into_iter().flat_map(move |(block, mut lines)| {
            lines.sort_unstable_by_key(|(_, line)| line.at);
            let mut contents = self.contents();
            let documents = if block == contents.end {
                Ok(contents.documents.clone())
            } else {
                contents.packed(block).and_then(|packed| unpack(&packed))
            };
            drop(contents);
            let found: Vec<_> = match documents {
                Ok(documents) => {
                    lines.iter().map(|(id, line)| Ok((*id, cut(&documents, line)?))).collect()
                }
                Err(error) => vec![Err(error)],
            };
            found
        }))
    }

    /// Puts an article in place of what was said of it, unless that is the same.
    fn put(
        &mut self,
        id: ArticleId,
        mark: u64,
        state: State,
        document: Option<&Document>,
    ) -> io::Result<()> {
        let contents = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (record, noise) = document.map_or(("", ""), |it| (&it.record, &it.noise));
        let hash = hash(&[record.as_bytes(), b"\n", noise.as_bytes()]);
        let same = |line: &Line| (line.mark, line.hash, line.state) == (mark, hash, state);
        let known = contents.lines.get(&id);
        if known.is_some_and(same) || (state == State::Removed && known.is_none()) {
            return Ok(());
        }
        let length = |text: &str| {
            u32::try_from(text.len()).map_err(|_| io::Error::other("a document is too long"))
        };
        let (record_length, noise_length) = (length(record)?, length(noise)?);
        let line = Line {
            mark,
            hash,
            record: record_length,
            noise: noise_length,
            state,
            block: contents.end,
            at: contents.documents.len() as u64,
        };
        contents.documents.extend_from_slice(record.as_bytes());
        contents.documents.extend_from_slice(noise.as_bytes());
        contents.draft.push((id, line));
        contents.lines.insert(id, line);
        if contents.documents.len() >= BLOCK || contents.draft.len() >= LINES {
            contents.write()?;
        }
        Ok(())
    }

    /// Writes what was gathered, to the system; `sync` brings it to the disk.
    pub(super) fn write(&mut self) -> io::Result<()> {
        self.state.get_mut().unwrap_or_else(PoisonError::into_inner).write()
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        let mut contents = self.contents();
        contents.write()?;
        contents.file.as_ref().map_or(Ok(()), File::sync_data)
    }
}

impl Contents {
    /// Reads the lines of the blocks from where it is known. A writer cuts off what is not
    /// whole; damage within is passed by.
    fn scan(&mut self, cut_off: bool) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let length = file.metadata()?.len();
        if length <= self.end {
            return Ok(());
        }
        let mut at = self.end;
        file.seek(SeekFrom::Start(at))?;
        let mut reader = io::BufReader::with_capacity(64 << 10, file);
        while at < length {
            match block(&mut reader, at, length)? {
                Some((lines, end)) => {
                    self.lines.extend(lines);
                    let here = reader.stream_position()?;
                    reader.seek_relative((end - here) as i64)?;
                    (at, self.end) = (end, end);
                }
                // Perhaps a whole one follows.
                None => match next(&mut reader, at + 1, length)? {
                    Some(found) => {
                        at = found;
                        reader.seek(SeekFrom::Start(at))?;
                    }
                    None => break,
                },
            }
        }
        if cut_off && self.end < length {
            let end = self.end;
            if let Some(file) = &self.file {
                file.set_len(end)?;
            }
        }
        Ok(())
    }

    /// The packed documents of a block.
    fn packed(&mut self, block: u64) -> io::Result<Vec<u8>> {
        let Some(file) = &mut self.file else { return Err(damaged()) };
        let mut head = [0; HEAD];
        file.seek(SeekFrom::Start(block))?;
        file.read_exact(&mut head)?;
        let head = Head::parse(&head).ok_or_else(damaged)?;
        let mut packed = vec![0; usize::try_from(head.packed).map_err(|_| damaged())?];
        file.seek_relative(head.lines() + CHECKSUM as i64)?;
        file.read_exact(&mut packed)?;
        Ok(packed)
    }

    fn write(&mut self) -> io::Result<()> {
        if self.draft.is_empty() {
            return Ok(());
        }
        let Some(file) = &mut self.file else {
            return Err(io::Error::other("the archive is open for reading"));
        };
        let mut packer = zstd::bulk::Compressor::new(LEVEL)?;
        packer.include_checksum(true)?;
        let packed = packer.compress(&self.documents)?;
        let mut bytes = Vec::with_capacity(HEAD + self.draft.len() * LINE + packed.len() + 8);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(self.draft.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(self.documents.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&(packed.len() as u64).to_le_bytes());
        for (id, line) in &self.draft {
            bytes.extend_from_slice(id.bytes());
            bytes.extend_from_slice(&line.mark.to_le_bytes());
            bytes.extend_from_slice(&line.hash.to_le_bytes());
            bytes.extend_from_slice(&line.record.to_le_bytes());
            bytes.extend_from_slice(&line.noise.to_le_bytes());
            bytes.extend_from_slice(&(line.state as u32).to_le_bytes());
        }
        let sum = hash(&[&bytes]);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes.extend_from_slice(&packed);
        file.seek(SeekFrom::Start(self.end))?;
        if let Err(error) = file.write_all(&bytes) {
            // A full disk: the file ends where it did.
            file.set_len(self.end)?;
            return Err(error);
        }
        self.end += bytes.len() as u64;
        self.draft.clear();
        self.documents.clear();
        Ok(())
    }
}

struct Head {
    count: u32,
    packed: u64,
}

impl Head {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (count, rest) = rest.split_first_chunk()?;
        let (documents, rest) = rest.split_first_chunk()?;
        let head = Self {
            count: u32::from_le_bytes(*count),
            packed: u64::from_le_bytes(*rest.first_chunk()?),
        };
        let plausible = u64::from_le_bytes(*documents) >> 40 == 0 && head.packed >> 40 == 0;
        (head.count as usize <= LINES && plausible).then_some(head)
    }

    fn lines(&self) -> i64 {
        i64::from(self.count) * LINE as i64
    }
}

/// The lines of the block that begins here, and where it ends, if it is whole.
fn block(
    reader: &mut impl Read,
    at: u64,
    length: u64,
) -> io::Result<Option<(Vec<(ArticleId, Line)>, u64)>> {
    if length - at < (HEAD + CHECKSUM) as u64 {
        return Ok(None);
    }
    let mut bytes = vec![0; HEAD];
    reader.read_exact(&mut bytes)?;
    let Some(head) = Head::parse(&bytes) else { return Ok(None) };
    let body = at + HEAD as u64 + head.lines() as u64 + CHECKSUM as u64;
    let end = body + head.packed;
    if end > length {
        return Ok(None);
    }
    bytes.resize(HEAD + head.lines() as usize, 0);
    reader.read_exact(&mut bytes[HEAD..])?;
    let mut sum = [0; CHECKSUM];
    reader.read_exact(&mut sum)?;
    if hash(&[&bytes]).to_le_bytes() != sum {
        return Ok(None);
    }
    let mut start = 0;
    let lines = bytes[HEAD..].chunks_exact(LINE).map_while(|bytes| {
        let (id, line) = line(bytes, at, start)?;
        start += u64::from(line.record) + u64::from(line.noise);
        Some((id, line))
    });
    Ok(Some((lines.collect(), end)))
}

fn line(bytes: &[u8], block: u64, at: u64) -> Option<(ArticleId, Line)> {
    let (id, rest) = bytes.split_first_chunk::<32>()?;
    let (mark, rest) = rest.split_first_chunk()?;
    let (hash, rest) = rest.split_first_chunk()?;
    let (record, rest) = rest.split_first_chunk()?;
    let (noise, rest) = rest.split_first_chunk()?;
    let state = match u32::from_le_bytes(*rest.first_chunk()?) {
        1 => State::Known,
        2 => State::Kept,
        3 => State::Removed,
        _ => return None,
    };
    let line = Line {
        mark: u64::from_le_bytes(*mark),
        hash: u64::from_le_bytes(*hash),
        record: u32::from_le_bytes(*record),
        noise: u32::from_le_bytes(*noise),
        state,
        block,
        at,
    };
    Some((ArticleId::from_bytes(*id), line))
}

/// Where the next whole block begins.
fn next(reader: &mut (impl Read + Seek), from: u64, length: u64) -> io::Result<Option<u64>> {
    let mut at = from;
    let mut window = vec![0; 1 << 20];
    while at + MAGIC.len() as u64 <= length {
        reader.seek(SeekFrom::Start(at))?;
        let wanted = usize::try_from(length - at).unwrap_or(usize::MAX).min(window.len());
        reader.read_exact(&mut window[..wanted])?;
        for found in memchr::memmem::find_iter(&window[..wanted], MAGIC) {
            let found = at + found as u64;
            reader.seek(SeekFrom::Start(found))?;
            if block(reader, found, length)?.is_some() {
                return Ok(Some(found));
            }
        }
        // The magic may lie across the end of the window.
        at += wanted.saturating_sub(MAGIC.len() - 1).max(1) as u64;
    }
    Ok(None)
}

fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    zstd::stream::decode_all(packed)
}

/// One document out of those of its block.
fn cut(documents: &[u8], line: &Line) -> io::Result<Document> {
    let at = usize::try_from(line.at).map_err(|_| damaged())?;
    let middle = at + line.record as usize;
    let text = |from: usize, to: usize| {
        let bytes = documents.get(from..to).ok_or_else(damaged)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| damaged())
    };
    Ok(Document { record: text(at, middle)?, noise: text(middle, middle + line.noise as usize)? })
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a block of documents is damaged")
}

fn hash(parts: &[&[u8]]) -> u64 {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

impl Store {
    /// Keeps what an article was read as, beside the graph; without a document only that it
    /// was read. `mark` says by what: see [`Store::mark`]. It is in the file when the next
    /// articles are written.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn archive(
        &mut self,
        id: ArticleId,
        mark: u64,
        document: Option<&Document>,
    ) -> Result<(), StoreError> {
        let state = if document.is_some() { State::Kept } else { State::Known };
        let done = self.archive.put(id, mark, state, document);
        done.map_err(|error| StoreError::io(&self.path, error))
    }

    /// The mark with which an article was last read; `None` if it is not in the archive.
    #[must_use]
    pub fn mark(&self, id: &ArticleId) -> Option<u64> {
        self.archive.mark(id)
    }

    /// What an article was read as. Readers see what a writer has written since they opened.
    ///
    /// # Errors
    ///
    /// If the disk refuses, or the archive is damaged there.
    pub fn document(&self, id: &ArticleId) -> Result<Option<Document>, StoreError> {
        self.archive.document(id).map_err(|error| StoreError::io(&self.path, error))
    }

    /// What all articles were read as, in the order in which they were kept.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn documents(
        &self,
    ) -> Result<impl Iterator<Item = Result<(ArticleId, Document), StoreError>>, StoreError> {
        let failed = |error| StoreError::io(&self.path, error);
        Ok(self.archive.documents().map_err(failed)?.map(move |found| found.map_err(failed)))
    }

    /// Forgets articles that were taken out of the graph.
    pub(super) fn forget(&mut self, ids: &[ArticleId]) -> Result<(), StoreError> {
        let archive = &mut self.archive;
        let done = ids.iter().try_for_each(|id| archive.put(*id, 0, State::Removed, None));
        done.and_then(|()| self.archive.write()).map_err(|error| StoreError::io(&self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(n: usize) -> Document {
        let text = format!("第{n}篇");
        Document { record: format!("{{\"text\":\"{}\"}}", text.repeat(n % 7)), noise: text }
    }

    fn id(n: usize) -> ArticleId {
        ArticleId::of(&n.to_le_bytes())
    }

    fn written(store: &Path, numbers: std::ops::Range<usize>) -> Archive {
        let mut archive = Archive::open(store).unwrap();
        for n in numbers {
            archive.put(id(n), n as u64, State::Kept, Some(&document(n))).unwrap();
            if n % 10 == 9 {
                archive.write().unwrap();
            }
        }
        archive
    }

    fn check(archive: &Archive, numbers: std::ops::Range<usize>) {
        for n in numbers {
            assert_eq!(archive.document(&id(n)).unwrap(), Some(document(n)), "{n}");
        }
    }

    #[test]
    fn documents_come_back_before_and_after_they_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = written(folder.path(), 0..95);
        let reader = Archive::read(folder.path());
        check(&archive, 0..95);
        check(&reader, 0..90);
        assert_eq!(reader.document(&id(93)).unwrap(), None);
        archive.put(id(3), 0, State::Removed, None).unwrap();
        archive.put(id(4), 9, State::Kept, Some(&document(400))).unwrap();
        archive.put(id(5), 5, State::Kept, Some(&document(5))).unwrap();
        archive.write().unwrap();
        assert_eq!(reader.document(&id(93)).unwrap(), Some(document(93)));
        for archive in [&reader, &archive, &Archive::open(folder.path()).unwrap()] {
            assert_eq!(archive.document(&id(3)).unwrap(), None);
            assert_eq!(archive.mark(&id(3)), None);
            assert_eq!(archive.mark(&id(4)), Some(9));
            assert_eq!(archive.document(&id(4)).unwrap(), Some(document(400)));
            let all: HashMap<_, _> = archive.documents().unwrap().map(Result::unwrap).collect();
            assert_eq!(all.len(), 94);
            assert_eq!(all[&id(50)], document(50));
        }
    }

    #[test]
    fn what_was_cut_off_anywhere_is_dropped_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        drop(written(folder.path(), 0..30));
        let path = folder.path().join("documents");
        let whole = std::fs::read(&path).unwrap();
        for length in (0..whole.len()).step_by(7) {
            std::fs::write(&path, &whole[..length]).unwrap();
            let archive = Archive::open(folder.path()).unwrap();
            let kept = archive.contents().lines.len();
            assert_eq!(kept % 10, 0, "{length}");
            check(&archive, 0..kept);
            drop(archive);
            check(&written(folder.path(), kept..30), 0..30);
            assert_eq!(std::fs::read(&path).unwrap(), whole, "{length}");
        }
    }

    #[test]
    fn damage_within_takes_its_block_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        drop(written(folder.path(), 0..30));
        let path = folder.path().join("documents");
        let whole = std::fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(5) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            std::fs::write(&path, &bytes).unwrap();
            let archive = Archive::read(folder.path());
            let lost = (0..30).filter(|n| !matches!(archive.document(&id(*n)), Ok(Some(_))));
            assert!(lost.count() <= 10, "{at}");
        }
    }
}
