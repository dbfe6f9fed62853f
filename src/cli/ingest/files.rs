//! Which files have been read to their end, by this run and by earlier ones.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use youcheng::{article::Source, ingest::Visit, store::Stamp};

/// Follows the inputs through the files that they come from.
pub(super) struct Files {
    earlier: Arc<HashMap<PathBuf, Stamp>>,
    mark: u64,
    anew: bool,
    /// The files that were opened, as they were then.
    opened: Arc<Mutex<HashMap<PathBuf, (PathBuf, Stamp)>>>,
    /// The one that inputs come from now, whether nothing of it was skipped, and how many came.
    current: Option<(Arc<PathBuf>, bool, usize)>,
}

impl Files {
    /// With the files of earlier runs. What is read by another `mark` is read again, and so
    /// is everything `anew`.
    pub(super) fn new(earlier: HashMap<PathBuf, Stamp>, mark: u64, anew: bool) -> Self {
        Self { earlier: Arc::new(earlier), mark, anew, opened: Arc::default(), current: None }
    }

    /// Says of a file, before it is opened, whether an earlier run has read it as it is now.
    pub(super) fn finished(&self) -> impl Fn(&Path) -> bool + Send + use<> {
        let (earlier, opened) = (Arc::clone(&self.earlier), Arc::clone(&self.opened));
        let (mark, anew) = (self.mark, self.anew);
        move |file| {
            let (Ok(path), Some(stamp)) = (file.canonicalize(), Stamp::of(file, mark)) else {
                return false;
            };
            if !anew && earlier.get(&path) == Some(&stamp) {
                return true;
            }
            let mut opened = opened.lock().unwrap_or_else(PoisonError::into_inner);
            opened.insert(file.to_owned(), (path, stamp));
            false
        }
    }

    /// Says of files whether an earlier run has read them, as they are or as they were.
    pub(super) fn visit(&self) -> impl Fn(&Source) -> Visit + Sync + use<> {
        let (earlier, opened) = (Arc::clone(&self.earlier), Arc::clone(&self.opened));
        move |source| {
            let Some(file) = &source.file else { return Visit::New };
            let opened = opened.lock().unwrap_or_else(PoisonError::into_inner);
            match opened.get(file.as_path()) {
                Some((path, _)) if earlier.contains_key(path) => Visit::Again,
                _ => Visit::New,
            }
        }
    }

    /// An input came from here, or was skipped. Gives the file before, with a stamp that says
    /// that it is finished: one of which something was skipped is not. Gives this file when it
    /// has several records, as one that was begun.
    pub(super) fn at(&mut self, at: Option<&Source>, is_whole: bool) -> Option<(PathBuf, Stamp)> {
        let file = at.and_then(|source| source.file.as_ref());
        if let (Some((current, whole, count)), Some(file)) = (&mut self.current, file)
            && (Arc::ptr_eq(current, file) || current == file)
        {
            *whole &= is_whole;
            *count += 1;
            // A kill may come between its records: it is no new file then.
            return if *count == 2 { self.begun() } else { None };
        }
        let before = self.end();
        self.current = file.map(|file| (Arc::clone(file), is_whole, 1));
        before
    }

    /// Something of the file was not read: it is not finished.
    pub(super) fn leave(&mut self) {
        if let Some((_, whole, _)) = &mut self.current {
            *whole = false;
        }
    }

    /// The file that is being read, as one that is not finished.
    fn begun(&self) -> Option<(PathBuf, Stamp)> {
        let (file, ..) = self.current.as_ref()?;
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let (path, stamp) = opened.get(file.as_path())?;
        (!self.earlier.contains_key(path)).then(|| (path.clone(), stamp.unfinished()))
    }

    /// Everything has been read. Gives the last file.
    pub(super) fn end(&mut self) -> Option<(PathBuf, Stamp)> {
        let (file, whole, _) = self.current.take()?;
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let (path, stamp) = opened.get(file.as_path())?.clone();
        Some((path, if whole { stamp } else { stamp.unfinished() }))
    }
}
