//! Paths to files: folders are walked by name, hidden files left out.

use std::{
    collections::HashSet,
    io,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use walkdir::{DirEntry, WalkDir};

use super::{error::ReadError, format::Format};
use crate::article::Source;

/// Something to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Standard input.
    Stdin,
    /// A file, and what its name says it is; `None` if its bytes must tell.
    File(Arc<PathBuf>, Option<Format>),
}

/// The files that `paths` name or hold, in order. What is named twice, or lies in a folder
/// that is named too, is read the first time; the second time it is named as a skip.
pub(super) fn files(paths: &[PathBuf]) -> impl Iterator<Item = Result<Found, ReadError>> + use<> {
    let paths: Vec<PathBuf> = paths.to_vec();
    let mut earlier: HashSet<PathBuf> = HashSet::new();
    paths.into_iter().flat_map(move |path| -> Box<dyn Iterator<Item = _> + Send> {
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
fn folder(
    path: &Path,
    within: Vec<PathBuf>,
) -> impl Iterator<Item = Result<Found, ReadError>> + use<> {
    let read = move |path: &Path| {
        !within.is_empty()
            && path.canonicalize().is_ok_and(|real| within.iter().any(|read| reads(read, &real)))
    };
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry)).filter_map(move |entry| {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) => {
                let file = Arc::new(entry.path().to_path_buf());
                if read(&file) {
                    return Some(Err(ReadError::Again(source(file))));
                }
                // Opening a pipe would wait for somebody to write.
                if !entry.file_type().is_file() {
                    return Some(Err(ReadError::Special(source(file))));
                }
                Some(match Format::of_name(&file) {
                    Some(format) => Ok(Found::File(file, Some(format))),
                    None => Err(ReadError::NotAnArticle(source(file))),
                })
            }
            Err(error) => {
                let file = Arc::new(error.path().unwrap_or(Path::new("")).to_path_buf());
                let error = error.into_io_error();
                let error =
                    error.unwrap_or_else(|| io::Error::other("a link to a folder that holds it"));
                Some(Err(ReadError::Io(source(file), error)))
            }
        }
    })
}

fn hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// The source that is a whole file.
pub(super) fn source(file: Arc<PathBuf>) -> Source {
    Source { file: Some(file), ..Source::default() }
}
