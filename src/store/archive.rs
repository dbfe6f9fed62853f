//! [`Archive`]: the documents of the articles, in one file that is only ever appended to.
//!
//! The file is a row of blocks. A block has a head (how many documents, how long it is), a
//! line of 60 bytes for each document, a checksum of both, and the documents together as one
//! zstd frame. Who opens the file reads heads and lines, not the documents; of several lines
//! with one id the last is right. What a kill left half written stands at the end and is cut
//! off by the next writer; readers pass it by.
//!
//! A block without documents says that the graph holds all articles of the blocks before it,
//! and that the disk has both. Of an article behind the last such block it is not known
//! whether the graph has it: it is read again.

mod block;
mod mend;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    ops::Range,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

pub(super) use self::block::State;
use self::block::{CHECKSUM, HEAD, Head, LINES, Line, hash};
use crate::{article::ArticleId, wire::Document};

/// Bytes of documents after which a block is full: packs well, and unpacks in a millisecond.
const BLOCK: usize = 512 << 10;
/// Level of zstd.
const LEVEL: i32 = 3;

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
    /// Up to where the graph is known to follow.
    settled: u64,
    /// What is no block and has blocks behind it.
    gaps: Vec<Range<u64>>,
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

    /// The articles of which it is known what they said when they were read by `mark`.
    pub(super) fn read_by(
        &self,
        mark: u64,
        with_documents: bool,
    ) -> io::Result<HashSet<ArticleId>> {
        let mut contents = self.contents();
        self.refresh(&mut contents)?;
        let lines = contents.lines.iter().filter(|(_, line)| {
            let wanted = match line.state {
                State::Known => !with_documents,
                State::Kept => true,
                State::Superseded | State::Removed => false,
            };
            wanted && line.mark == mark && line.block < contents.settled
        });
        Ok(lines.map(|(id, _)| *id).collect())
    }

    /// The articles that were read, and whose addresses others have.
    pub(super) fn superseded(&self) -> io::Result<HashSet<ArticleId>> {
        let mut contents = self.contents();
        self.refresh(&mut contents)?;
        let lines = contents
            .lines
            .iter()
            .filter(|(_, line)| line.state == State::Superseded && line.block < contents.settled);
        Ok(lines.map(|(id, _)| *id).collect())
    }

    /// Whether an article was read that the graph should hold.
    pub(super) fn has_read(&self, id: &ArticleId) -> bool {
        let lines = &self.contents().lines;
        lines.get(id).is_some_and(|line| matches!(line.state, State::Known | State::Kept))
    }

    /// The articles that the graph holds.
    pub(super) fn articles(&self) -> io::Result<HashSet<ArticleId>> {
        let mut contents = self.contents();
        self.refresh(&mut contents)?;
        let lines = contents.lines.iter().filter(|(_, line)| {
            matches!(line.state, State::Known | State::Kept) && line.block < contents.settled
        });
        Ok(lines.map(|(id, _)| *id).collect())
    }

    pub(super) fn document(&self, id: &ArticleId) -> io::Result<Option<Document>> {
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

    /// Where documents stand, by block.
    fn blocks(&self) -> io::Result<BTreeMap<u64, Vec<(ArticleId, Line)>>> {
        let mut blocks = BTreeMap::<u64, Vec<(ArticleId, Line)>>::new();
        let mut contents = self.contents();
        self.refresh(&mut contents)?;
        for (id, line) in &contents.lines {
            if line.state == State::Kept {
                blocks.entry(line.block).or_default().push((*id, *line));
            }
        }
        Ok(blocks)
    }

    /// Every document, block by block; of a block that is damaged, of how many articles.
    pub(super) fn documents(
        &self,
    ) -> io::Result<impl Iterator<Item = Result<(ArticleId, Document), usize>>> {
        Ok(self.blocks()?.into_iter().flat_map(move |(block, mut lines)| {
            lines.sort_unstable_by_key(|(_, line)| line.at);
            let mut contents = self.contents();
            let documents = if block == contents.end {
                Ok(contents.documents.clone())
            } else {
                contents.packed(block).and_then(|packed| unpack(&packed))
            };
            drop(contents);
            let found = documents.and_then(|documents| {
                lines.iter().map(|(id, line)| Ok((*id, cut(&documents, line)?))).collect()
            });
            match found {
                Ok(found) => Vec::into_iter(found).map(Ok).collect(),
                Err(_) => vec![Err(lines.len())],
            }
        }))
    }

    /// Puts an article in place of what was said of it, unless that is the same.
    pub(super) fn put(
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

    /// Brings what was written to the disk.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        let contents = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        contents.write()?;
        contents.file.as_ref().map_or(Ok(()), File::sync_data)
    }

    /// Says that the graph on the disk holds all that is here.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        let contents = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if contents.settled < contents.end {
            contents.append(&[], 0, &[])?;
            contents.settled = contents.end;
        }
        Ok(())
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
            match block::read(&mut reader, at, length)? {
                Some((lines, end)) => {
                    if lines.is_empty() {
                        self.settled = end;
                    }
                    self.lines.extend(lines);
                    let here = reader.stream_position()?;
                    reader.seek_relative((end - here) as i64)?;
                    (at, self.end) = (end, end);
                }
                // Perhaps a whole one follows.
                None => match block::next(&mut reader, at + 1, length)? {
                    Some(found) => {
                        self.gaps.push(at..found);
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
        let mut packer = zstd::bulk::Compressor::new(LEVEL)?;
        packer.include_checksum(true)?;
        let packed = packer.compress(&self.documents)?;
        let draft = std::mem::take(&mut self.draft);
        let length = self.documents.len() as u64;
        if let Err(error) = self.append(&draft, length, &packed) {
            self.draft = draft;
            return Err(error);
        }
        self.documents.clear();
        Ok(())
    }

    fn append(
        &mut self,
        draft: &[(ArticleId, Line)],
        length: u64,
        packed: &[u8],
    ) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Err(io::Error::other("the archive is open for reading"));
        };
        let mut bytes = block::head(draft, length, packed.len() as u64);
        bytes.extend_from_slice(packed);
        file.seek(SeekFrom::Start(self.end))?;
        if let Err(error) = file.write_all(&bytes) {
            // A full disk: the file ends where it did.
            file.set_len(self.end)?;
            return Err(error);
        }
        self.end += bytes.len() as u64;
        Ok(())
    }
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
            assert_eq!(archive.document(&id(4)).unwrap(), Some(document(400)));
            let all: HashMap<_, _> = archive.documents().unwrap().map(Result::unwrap).collect();
            assert_eq!(all.len(), 94);
            assert_eq!(all[&id(50)], document(50));
        }
    }

    #[test]
    fn only_what_the_graph_is_known_to_hold_need_not_be_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::open(folder.path()).unwrap();
        let states = [State::Kept, State::Known, State::Superseded, State::Removed];
        for (n, state) in states.into_iter().enumerate() {
            let kept = document(n);
            archive.put(id(n), 1, State::Kept, Some(&kept)).unwrap();
            archive.write().unwrap();
            let document = (state == State::Kept).then_some(&kept);
            archive.put(id(n), 7, state, document).unwrap();
        }
        archive.write().unwrap();
        assert_eq!(archive.read_by(7, false).unwrap().len(), 0);
        archive.settle().unwrap();
        archive.put(id(9), 7, State::Known, None).unwrap();
        archive.write().unwrap();
        for archive in [&archive, &Archive::open(folder.path()).unwrap()] {
            let set = |numbers: &[usize]| numbers.iter().map(|n| id(*n)).collect::<HashSet<_>>();
            assert_eq!(archive.read_by(7, false).unwrap(), set(&[0, 1]));
            assert_eq!(archive.read_by(7, true).unwrap(), set(&[0]));
            assert_eq!(archive.superseded().unwrap(), set(&[2]));
            assert_eq!(archive.read_by(1, true).unwrap(), set(&[]));
            assert_eq!(archive.articles().unwrap(), set(&[0, 1]));
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
