//! [`Job`]: what a worker is asked to do, and the frames in which it answers.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// No job and no frame is larger.
const LARGEST: u32 = 64 << 20;

/// Work on a store.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    /// The store.
    pub(super) store: PathBuf,
    /// The folder that its graph is read from.
    pub(super) graph: PathBuf,
    pub(super) what: What,
    /// Against which relative IRIs are read.
    pub(super) base: String,
    /// What the client accepts.
    pub(super) accept: Option<String>,
    /// What the client asks for by name.
    pub(super) format: Option<String>,
    /// The graphs that the request names.
    pub(super) default: Vec<String>,
    pub(super) named: Vec<String>,
    /// When to stop.
    pub(super) milliseconds: u64,
    /// How many rows or triples are too many.
    pub(super) rows: u64,
}

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum What {
    /// A query is answered.
    Query(String),
    /// A query of ours is answered, with these parameters.
    Named(String, Vec<(String, String)>),
    /// A graph is written, or the union of all.
    Graph(Option<String>),
    /// The store is changed.
    Update(String),
}

/// A part of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// It begins; this is its media type.
    Head(String),
    Data(Vec<u8>),
    /// There is none, or it ends here and is not whole.
    Problem(Problem),
    /// It is whole.
    End,
}

/// Writes a job.
pub(super) fn write_job(job: &Job, mut out: impl Write) -> io::Result<()> {
    let text = serde_json::to_vec(job)?;
    write(b'J', &text, &mut out)?;
    out.flush()
}

/// Reads a job; `None` when no more come.
pub(super) fn read_job(input: impl Read) -> io::Result<Option<Job>> {
    match read(input)? {
        Some((b'J', text)) => Ok(Some(serde_json::from_slice(&text)?)),
        None => Ok(None),
        Some(_) => Err(io::ErrorKind::InvalidData.into()),
    }
}

impl Frame {
    pub(super) fn write(&self, mut out: impl Write) -> io::Result<()> {
        match self {
            Self::Head(media) => write(b'H', media.as_bytes(), &mut out),
            Self::Data(bytes) => write(b'D', bytes, &mut out),
            Self::Problem(problem) => write(b'P', &serde_json::to_vec(problem)?, &mut out),
            Self::End => write(b'E', &[], &mut out),
        }?;
        out.flush()
    }

    /// The next frame; `None` when the other side is gone.
    pub(super) fn read(input: impl Read) -> io::Result<Option<Self>> {
        Ok(Some(match read(input)? {
            None => return Ok(None),
            Some((b'H', media)) => {
                Self::Head(String::from_utf8(media).map_err(|_| io::ErrorKind::InvalidData)?)
            }
            Some((b'D', bytes)) => Self::Data(bytes),
            Some((b'P', text)) => Self::Problem(serde_json::from_slice(&text)?),
            Some((b'E', _)) => Self::End,
            Some(_) => return Err(io::ErrorKind::InvalidData.into()),
        }))
    }
}

fn write(tag: u8, bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    out.write_all(&[tag])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

fn read(mut input: impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut head = [0; 5];
    match input.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        done => done?,
    }
    let [tag, length @ ..] = head;
    let length = u32::from_le_bytes(length);
    if length > LARGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    match input.read_exact(&mut bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        done => done.map(|()| Some((tag, bytes))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_what_is_cut_off_is_none() {
        let frames = [
            Frame::Head("text/csv".to_owned()),
            Frame::Data(vec![1, 2, 3]),
            Frame::Problem(Problem::bad("no").hint("yes")),
            Frame::End,
        ];
        let mut bytes = Vec::new();
        for frame in &frames {
            frame.write(&mut bytes).unwrap();
        }
        let mut input = bytes.as_slice();
        for frame in &frames {
            assert_eq!(Frame::read(&mut input).unwrap().as_ref(), Some(frame));
        }
        assert_eq!(Frame::read(&mut input).unwrap(), None);
        assert_eq!(Frame::read(&bytes[..3]).unwrap(), None);
    }
}
