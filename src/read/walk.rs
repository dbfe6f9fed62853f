//! Paths to files: folders are walked by name, hidden files left out; names with `*` and the
//! like stand for the files that they fit.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use walkdir::{DirEntry, WalkDir};

use super::{error::ReadError, format::Format, utf16};
use crate::{article::Source, guard};

/// Something to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Standard input.
    Stdin,
    /// A file, and what its name says it is; `None` if its bytes must tell.
    File(Arc<PathBuf>, Option<Format>),
}

type Paths = Box<dyn Iterator<Item = Result<PathBuf, ReadError>> + Send>;

/// The paths themselves, then those of a list: one a line, or one before each zero byte.
pub(super) fn named(paths: &[PathBuf], list: Option<&Path>) -> Paths {
    // The iterator outlives the slice.
    let paths: Vec<_> = paths.iter().cloned().map(Ok).collect();
    let paths = paths.into_iter();
    let Some(list) = list else { return Box::new(paths) };
    let from_stdin = list.as_os_str() == "-";
    let file = (!from_stdin).then(|| Arc::new(list.to_path_buf()));
    let at = Source { file, ..Source::default() };
    let opened: io::Result<Box<dyn BufRead + Send>> = if from_stdin {
        Ok(Box::new(BufReader::new(io::stdin())))
    } else {
        File::open(list).map(|file| Box::new(BufReader::new(file)) as _)
    };
    let mut reader = match opened.and_then(|mut reader| {
        // Windows marks what it writes, and may write UTF-16.
        let head = reader.fill_buf()?;
        if let Some(encoding) = utf16::marked(head) {
            reader = Box::new(utf16::Reader::new(reader, encoding));
        } else if head.starts_with(UTF8_MARK) {
            reader.consume(UTF8_MARK.len());
        }
        let zero = reader.fill_buf()?.contains(&0);
        Ok((reader, if zero { 0 } else { b'\n' }))
    }) {
        Ok(reader) => Some(reader),
        Err(error) => return Box::new(paths.chain([Err(ReadError::Io(at, error))])),
    };
    let listed = std::iter::from_fn(move || {
        loop {
            let (lines, end) = reader.as_mut()?;
            let mut line = Vec::new();
            match lines.read_until(*end, &mut line) {
                Ok(0) => return None,
                Ok(_) => {
                    let path = line.strip_suffix(&[*end]).unwrap_or(&line);
                    let ends = if *end == b'\n' { path.strip_suffix(b"\r") } else { None };
                    let path = ends.unwrap_or(path);
                    if !path.is_empty() {
                        return Some(Ok(path_of(path)));
                    }
                }
                Err(error) => {
                    reader = None;
                    return Some(Err(ReadError::Io(at.clone(), error)));
                }
            }
        }
    });
    Box::new(paths.chain(listed))
}

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The path that such bytes are. A name need not be text.
#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// The path that such bytes are.
#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).as_ref())
}

/// What a path stands for: itself, or all files that it is a pattern of.
fn expanded(path: Result<PathBuf, ReadError>) -> Paths {
    let path = match path {
        Ok(path) => path,
        Err(error) => return Box::new(std::iter::once(Err(error))),
    };
    let is_pattern = path.to_str().is_some_and(|path| path.contains(['*', '?', '[']));
    // A file may be called like a pattern.
    if !is_pattern || path.symlink_metadata().is_ok() {
        return Box::new(std::iter::once(Ok(path)));
    }
    let none = ReadError::NoMatch(source(Arc::new(path.clone())));
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
    let Some(Ok(mut found)) = path.to_str().map(|pattern| glob::glob_with(pattern, options)) else {
        return Box::new(std::iter::once(Err(none)));
    };
    let mut panics = 0;
    let mut found = std::iter::from_fn(move || {
        // The crate panics at a name that is not UTF-8, and gives up the folder that holds it.
        match guard::quietly(|| found.next()) {
            Ok(next) => next.map(|found| {
                found.map_err(|error| {
                    let at = source(Arc::new(error.path().to_path_buf()));
                    ReadError::Io(at, error.into())
                })
            }),
            Err(_) if panics < PANICS => {
                panics += 1;
                let error = io::Error::new(io::ErrorKind::InvalidData, NOT_UTF8);
                Some(Err(ReadError::Io(source(Arc::new(path.clone())), error)))
            }
            Err(_) => None,
        }
    })
    .peekable();
    if found.peek().is_none() {
        return Box::new(std::iter::once(Err(none)));
    }
    Box::new(found)
}

/// What is said of a pattern that meets a name which is no text.
const NOT_UTF8: &str = "a folder in which it looks holds a name that is not UTF-8; \
                        name the folder instead of a pattern";
/// How many such folders a pattern may meet.
const PANICS: usize = 1000;

/// The files that `paths` name or hold, in order. What is named twice, or lies in a folder
/// that is named too, is read the first time; the second time it is named as a skip.
pub(super) fn files(paths: Paths) -> impl Iterator<Item = Result<Found, ReadError>> + use<> {
    let mut earlier: HashSet<PathBuf> = HashSet::new();
    paths.flat_map(expanded).flat_map(move |path| -> Box<dyn Iterator<Item = _> + Send> {
        let path = match path {
            Ok(path) => path,
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let stdin = path.as_os_str() == "-";
        let real = if stdin { Ok(path.clone()) } else { path.canonicalize() };
        // What is not there says so when it is opened.
        let real = real.unwrap_or_else(|_| path.clone());
        if real.ancestors().any(|path| earlier.contains(path) && reads(path, &real)) {
            let file = (!stdin).then(|| Arc::new(path));
            let again = ReadError::Again(Source { file, ..Source::default() });
            return Box::new(std::iter::once(Err(again)));
        }
        if stdin {
            earlier.insert(real);
            return Box::new(std::iter::once(Ok(Found::Stdin)));
        }
        if path.is_dir() {
            let within = earlier.iter().filter(|earlier| earlier.starts_with(&real));
            let within = within.cloned().collect();
            earlier.insert(real);
            return Box::new(folder(&path, within));
        }
        earlier.insert(real);
        let format = Format::of_name(&path);
        Box::new(std::iter::once(Ok(Found::File(Arc::new(path), format))))
    })
}

/// Whether reading `earlier` read `path` as well.
fn reads(earlier: &Path, path: &Path) -> bool {
    let Ok(rest) = path.strip_prefix(earlier) else { return false };
    let hidden = |part: Component<'_>| part.as_os_str().as_encoded_bytes().starts_with(b".");
    let read = || path.is_dir() || Format::of_name(path).is_some();
    rest.as_os_str().is_empty() || (!rest.components().any(hidden) && read())
}

/// The files of a folder and the folders in it, but for those `within` it that were read.
/// What links lead to a second time is named instead.
fn folder(
    path: &Path,
    within: Vec<PathBuf>,
) -> impl Iterator<Item = Result<Found, ReadError>> + use<> {
    let read = move |path: &Path| {
        !within.is_empty()
            && path.canonicalize().is_ok_and(|real| within.iter().any(|read| reads(read, &real)))
    };
    let root = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    // The folder, and those outside of it to which links have led.
    let mut entered = HashSet::from([root.clone()]);
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    let mut walk = walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry));
    std::iter::from_fn(move || {
        loop {
            let entry = match walk.next()? {
                Ok(entry) => entry,
                Err(error) => {
                    let file = Arc::new(error.path().unwrap_or(Path::new("")).to_path_buf());
                    let error = error.into_io_error().unwrap_or_else(a_loop);
                    return Some(Err(ReadError::Io(source(file), error)));
                }
            };
            let is_dir = entry.file_type().is_dir();
            let file = Arc::new(entry.path().to_path_buf());
            let met = match entry.depth() {
                0 => Met::New,
                _ => met(&entry, &root, &mut entered),
            };
            if is_dir && met != Met::New {
                walk.skip_current_dir();
            }
            return Some(match met {
                Met::Holds => Err(ReadError::Io(source(file), a_loop())),
                Met::Again => Err(ReadError::Again(source(file))),
                Met::New if is_dir => continue,
                Met::New if read(&file) => Err(ReadError::Again(source(file))),
                // Opening a pipe would wait for somebody to write.
                Met::New if !entry.file_type().is_file() => Err(ReadError::Special(source(file))),
                Met::New => match Format::of_name(&file) {
                    Some(format) => Ok(Found::File(file, Some(format))),
                    None => Err(ReadError::NotAnArticle(source(file))),
                },
            });
        }
    })
}

/// Whether a folder has led to something before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    New,
    /// It is or will be read by another name.
    Again,
    /// It holds the folder.
    Holds,
}

/// What a walk through `root` has met, which has `entered` these folders.
fn met(entry: &DirEntry, root: &Path, entered: &mut HashSet<PathBuf>) -> Met {
    let is_dir = entry.file_type().is_dir();
    let is_link = entry.path_is_symlink();
    // Without links there is one way to everything.
    if !is_link && (!is_dir || entered.len() == 1) {
        return Met::New;
    }
    let Ok(real) = entry.path().canonicalize() else { return Met::New };
    if !is_link {
        return if entered.contains(&real) { Met::Again } else { Met::New };
    }
    if is_dir && root.starts_with(&real) {
        return Met::Holds;
    }
    if real.ancestors().any(|above| entered.contains(above) && reads(above, &real)) {
        return Met::Again;
    }
    if is_dir {
        entered.insert(real);
    }
    Met::New
}

fn a_loop() -> io::Error {
    io::Error::other("a link to a folder that holds it")
}

fn hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// The source that is a whole file.
pub(super) fn source(file: Arc<PathBuf>) -> Source {
    Source { file: Some(file), ..Source::default() }
}
