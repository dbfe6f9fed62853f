//! The journal: which inputs have been read to their end, so that they are not read again.
//!
//! One line of JSON for each file, appended when all of its articles are in the store. A
//! line that a kill cut short is passed by.

use std::{
    collections::HashMap,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};

use super::{Store, StoreError};

/// A file as it was when it was read: what has changed since has another stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    size: u64,
    /// When it was last written to, in nanoseconds since 1970.
    modified: u64,
    /// By what it was read.
    mark: u64,
}

impl Stamp {
    /// The stamp of a file that is read by what `mark` says; `None` if it is not there, or
    /// is no file.
    #[must_use]
    pub fn of(path: &Path, mark: u64) -> Option<Self> {
        let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let modified = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let modified = u64::try_from(modified.as_nanos()).ok()?;
        Some(Self { size: about.len(), modified, mark })
    }

    /// That of a file of which something was skipped: it is read again, whatever it is like.
    #[must_use]
    pub fn unfinished(self) -> Self {
        Self { size: u64::MAX, ..self }
    }
}

#[derive(Serialize, Deserialize)]
struct Line {
    path: PathBuf,
    #[serde(flatten)]
    stamp: Stamp,
}

impl Store {
    fn journal(&self) -> PathBuf {
        self.path.join("inputs")
    }

    /// The files that were read to their end, by their absolute paths.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn inputs(&self) -> Result<HashMap<PathBuf, Stamp>, StoreError> {
        let text = match fs::read(self.journal()) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
            Err(error) => return Err(StoreError::io(&self.journal(), error)),
        };
        let lines = text.split(|&byte| byte == b'\n');
        let lines = lines.filter_map(|line| serde_json::from_slice::<Line>(line).ok());
        Ok(lines.map(|line| (line.path, line.stamp)).collect())
    }

    /// Says that files were read to their end, and that all of it is in the store.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn finished(&mut self, files: &[(PathBuf, Stamp)]) -> Result<(), StoreError> {
        if files.is_empty() {
            return Ok(());
        }
        let append = || -> io::Result<()> {
            // A line that was cut short ends here.
            let mut lines = b"\n".to_vec();
            for (path, stamp) in files {
                // A path that is no text is read again.
                if let Ok(line) = serde_json::to_vec(&Line { path: path.clone(), stamp: *stamp }) {
                    lines.extend(line);
                    lines.push(b'\n');
                }
            }
            let mut file = OpenOptions::new().append(true).create(true).open(self.journal())?;
            file.write_all(&lines)?;
            file.sync_data()
        };
        append().map_err(|error| StoreError::io(&self.path, error))
    }

    /// Forgets which files were read to their end: all are read again when they are named. That
    /// they were read stays known.
    pub(super) fn unfinish(&mut self) -> Result<(), StoreError> {
        let files: Vec<_> = self.inputs()?.into_iter().collect();
        // Those that are not finished anyway are not said again: the file only grows.
        let files: Vec<_> = files
            .into_iter()
            .map(|(path, stamp)| (path, stamp, stamp.unfinished()))
            .filter(|(_, stamp, unfinished)| stamp != unfinished)
            .map(|(path, _, unfinished)| (path, unfinished))
            .collect();
        self.finished(&files)
    }
}
