//! How a block of documents lies in its file.

use std::io::{self, Read, Seek, SeekFrom};

use sha2::{Digest, Sha256};

use crate::article::ArticleId;

const MAGIC: &[u8; 4] = b"ycA1";
/// Magic, count, length of the documents, length of them packed.
pub(super) const HEAD: usize = 4 + 4 + 8 + 8;
/// Id, mark, hash, length of the record, of the noise, what it is.
const LINE: usize = 32 + 8 + 8 + 4 + 4 + 4;
pub(super) const CHECKSUM: usize = 8;
/// Documents after which it is full even so.
pub(super) const LINES: usize = 4096;

/// What a line says of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum State {
    /// It was read; its document was not wanted.
    Known = 1,
    /// Its document is there.
    Kept = 2,
    /// It was taken out.
    Removed = 3,
    /// It was read; another has taken its address since.
    Superseded = 4,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) mark: u64,
    /// The hash of the document.
    pub(super) hash: u64,
    pub(super) record: u32,
    pub(super) noise: u32,
    pub(super) state: State,
    /// Where the block begins, and where in its documents this one does.
    pub(super) block: u64,
    pub(super) at: u64,
}

/// The head and the lines of a block, with their checksum.
pub(super) fn head(draft: &[(ArticleId, Line)], length: u64, packed: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + draft.len() * LINE + CHECKSUM);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&(draft.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&packed.to_le_bytes());
    for (id, line) in draft {
        bytes.extend_from_slice(id.bytes());
        bytes.extend_from_slice(&line.mark.to_le_bytes());
        bytes.extend_from_slice(&line.hash.to_le_bytes());
        bytes.extend_from_slice(&line.record.to_le_bytes());
        bytes.extend_from_slice(&line.noise.to_le_bytes());
        bytes.extend_from_slice(&(line.state as u32).to_le_bytes());
    }
    let sum = hash(&[&bytes]);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

pub(super) struct Head {
    count: u32,
    pub(super) packed: u64,
}

impl Head {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
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

    pub(super) fn lines(&self) -> i64 {
        i64::from(self.count) * LINE as i64
    }
}

/// The lines of a block, and where it ends.
pub(super) type Lines = (Vec<(ArticleId, Line)>, u64);

/// The block that begins here, if it is whole.
pub(super) fn read(reader: &mut impl Read, at: u64, length: u64) -> io::Result<Option<Lines>> {
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
        4 => State::Superseded,
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
pub(super) fn next(
    reader: &mut (impl Read + Seek),
    from: u64,
    length: u64,
) -> io::Result<Option<u64>> {
    let mut at = from;
    let mut window = vec![0; 1 << 20];
    while at + MAGIC.len() as u64 <= length {
        reader.seek(SeekFrom::Start(at))?;
        let wanted = usize::try_from(length - at).unwrap_or(usize::MAX).min(window.len());
        reader.read_exact(&mut window[..wanted])?;
        for found in memchr::memmem::find_iter(&window[..wanted], MAGIC) {
            let found = at + found as u64;
            reader.seek(SeekFrom::Start(found))?;
            if read(reader, found, length)?.is_some() {
                return Ok(Some(found));
            }
        }
        // The magic may lie across the end of the window.
        at += wanted.saturating_sub(MAGIC.len() - 1).max(1) as u64;
    }
    Ok(None)
}

pub(super) fn hash(parts: &[&[u8]]) -> u64 {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
