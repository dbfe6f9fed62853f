//! [`StoreError`]: why a store cannot be used.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::FORMAT;

/// Why a store cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is none.
    #[error("{}: no store here; make one with `youcheng ingest --store {} FILE…`", .0.display(), .0.display())]
    Missing(PathBuf),
    /// The path names something else.
    #[error("{}: is not a folder; give --store a folder, or a name that is still free", .0.display())]
    NotAFolder(PathBuf),
    /// The folder belongs to somebody else.
    #[error("{}: holds other files and no store; give --store an empty folder, or a name that is still free", .0.display())]
    Foreign(PathBuf),
    /// It was made by another version.
    #[error("{}: is in the format {found:?}, this program knows {FORMAT:?}; ingest into a new store", path.display())]
    Format {
        /// The store.
        path: PathBuf,
        /// What its `format` file says.
        found: String,
    },
    /// Somebody is writing.
    #[error("{}: another process is writing to this store{}; wait until it is done, or give another --store", .0.display(), .1.map(|id| format!(" (process {id})")).unwrap_or_default())]
    Locked(PathBuf, Option<u32>),
    /// No permission.
    #[error("{}: no permission ({error}); give --store a folder that you may write to", path.display())]
    Denied {
        /// The store.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// No space.
    #[error("{}: the disk is full; what was committed before stays: make space, then run the same command again", .0.display())]
    Full(PathBuf),
    /// The graph is gone, and with it what the other files are about.
    #[error("{}: holds no graph, though it is a store: the folder graph was deleted or emptied; put it back, or delete {} and ingest again", .0.display(), .0.display())]
    NoGraph(PathBuf),
    /// What articles were read as cannot be read.
    #[error("{}: the documents of {articles} articles are damaged; `youcheng ingest --refresh --store {}` reads them again", path.display(), path.display())]
    Documents {
        /// The store.
        path: PathBuf,
        /// Of how many articles.
        articles: usize,
    },
    /// The files contradict each other.
    #[error("{}: the store is damaged ({message}); ingest into a new one", path.display())]
    Corrupt {
        /// The store.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// Anything else that the system reports.
    #[error("{}: {error}", path.display())]
    Io {
        /// The store.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl StoreError {
    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        let text = error.to_string();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            // RocksDB reports the system's errors as text.
            _ if text.contains("No space left on device") => Self::Full(path),
            _ if text.contains("/LOCK: ") => Self::Locked(path, None),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Denied { path, error }
            }
            _ if text.contains("Permission denied") || text.contains("Read-only file system") => {
                Self::Denied { path, error }
            }
            io::ErrorKind::InvalidData => Self::Corrupt { path, message: text },
            _ => Self::Io { path, error },
        }
    }
}
