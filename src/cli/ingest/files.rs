//! Which files have been read to their end.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use youcheng::{article::Source, store::Stamp};

/// Follows the inputs through the files that they come from.
pub(super) struct Files {
    earlier: Arc<HashMap<PathBuf, Stamp>>,
    mark: u64,
    /// The files that were opened, as they were then.
    opened: Arc<Mutex<HashMap<PathBuf, (PathBuf, Stamp)>>>,
    /// The one that inputs come from now, and whether nothing of it was skipped.
    current: Option<(Arc<PathBuf>, bool)>,
}

impl Files {
    /// With the files of earlier runs. What is read by another `mark` is read again.
    pub(super) fn new(earlier: HashMap<PathBuf, Stamp>, mark: u64) -> Self {
        Self { earlier: Arc::new(earlier), mark, opened: Arc::default(), current: None }
    }

    /// Says of a file, before it is opened, whether an earlier run has read it as it is now.
    pub(super) fn finished(&self) -> impl Fn(&Path) -> bool + Send + use<> {
        let (earlier, opened) = (Arc::clone(&self.earlier), Arc::clone(&self.opened));
        let mark = self.mark;
        move |file| {
            let (Ok(path), Some(stamp)) = (file.canonicalize(), Stamp::of(file, mark)) else {
                return false;
            };
            if earlier.get(&path) == Some(&stamp) {
                return true;
            }
            let mut opened = opened.lock().unwrap_or_else(PoisonError::into_inner);
            opened.insert(file.to_owned(), (path, stamp));
            false
        }
    }

    /// An input came from here, or was skipped. Gives the file before, if that is finished:
    /// one of which something was skipped is not.
    pub(super) fn at(&mut self, at: Option<&Source>, is_whole: bool) -> Option<(PathBuf, Stamp)> {
        let file = at.and_then(|source| source.file.as_ref());
        if let (Some((current, whole)), Some(file)) = (&mut self.current, file)
            && (Arc::ptr_eq(current, file) || current == file)
        {
            *whole &= is_whole;
            return None;
        }
        let before = self.end();
        self.current = file.map(|file| (Arc::clone(file), is_whole));
        before
    }

    /// Everything has been read. Gives the last file, if that is finished.
    pub(super) fn end(&mut self) -> Option<(PathBuf, Stamp)> {
        let (file, whole) = self.current.take()?;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.remove(file.as_path()).filter(|_| whole)
    }
}
