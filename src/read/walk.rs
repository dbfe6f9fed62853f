//! Paths to files: folders are walked by name, hidden files left out.

use std::{
    io,
    path::{Path, PathBuf},
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

/// The files that `paths` name or hold, in order.
pub(super) fn files(paths: &[PathBuf]) -> impl Iterator<Item = Result<Found, ReadError>> + use<> {
    let paths: Vec<PathBuf> = paths.to_vec();
    paths.into_iter().flat_map(|path| -> Box<dyn Iterator<Item = _> + Send> {
        if path.as_os_str() == "-" {
            return Box::new(std::iter::once(Ok(Found::Stdin)));
        }
        if path.is_dir() {
            return Box::new(folder(&path));
        }
        let format = Format::of_name(&path);
        Box::new(std::iter::once(Ok(Found::File(Arc::new(path), format))))
    })
}

/// The files of a folder and the folders in it.
fn folder(path: &Path) -> impl Iterator<Item = Result<Found, ReadError>> + use<> {
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry)).filter_map(
        |entry| match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) => {
                // Opening a pipe would wait for somebody to write.
                let format = Format::of_name(entry.path()).filter(|_| entry.file_type().is_file());
                let file = Arc::new(entry.into_path());
                Some(match format {
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
        },
    )
}

fn hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// The source that is a whole file.
pub(super) fn source(file: Arc<PathBuf>) -> Source {
    Source { file: Some(file), ..Source::default() }
}
