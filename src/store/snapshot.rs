//! [`Snapshot`]: the graph as it was at one moment, in hard links that no writer touches.
//!
//! Oxigraph's files never change once they are written; a writer only adds some and deletes
//! others. So a second name for each of them is a whole copy that costs nothing, and what is
//! read from it cannot be taken away. A writer beside us is told by the list of files: if
//! that grew while we linked, we begin again.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

/// Within the folder of a store.
const FOLDER: &str = "snapshots";

/// How often a writer may get in between.
const TRIES: u32 = 40;

/// A folder of its own, deleted when nobody needs it any more.
#[derive(Debug)]
pub(super) struct Snapshot {
    folder: PathBuf,
    _lock: fs::File,
}

/// What a store looks like from outside: another mark, and there may be something new in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    files: Vec<(String, u64)>,
    /// Articles were written whose agreements are not merged yet.
    pub merging: bool,
}

impl Mark {
    /// Of the store in this folder.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        for entry in fs::read_dir(path.join("graph"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("MANIFEST-") || name.ends_with(".log") {
                match entry.metadata() {
                    Ok(meta) => files.push((name, meta.len())),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        files.sort();
        Ok(Self { files, merging: path.join("merging").exists() })
    }
}

impl Snapshot {
    /// Takes one of the store in this folder, and deletes those that a program left behind
    /// that was killed.
    pub(super) fn take(path: &Path) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let all = path.join(FOLDER);
        fs::create_dir_all(&all)?;
        sweep(path);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = all.join(format!("{}-{number}", process::id()));
        // The number of a process that was killed may come again.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder)?;
        let lock = fs::File::create(folder.join("lock"))?;
        lock.lock()?;
        let snapshot = Self { folder, _lock: lock };
        let graph = path.join("graph");
        for _ in 0..TRIES {
            match link(&graph, &snapshot.graph()) {
                Ok(true) => return Ok(snapshot),
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(false) | Err(_) => thread::sleep(Duration::from_millis(25)),
            }
        }
        Err(io::Error::new(io::ErrorKind::ResourceBusy, "a writer is changing the store"))
    }

    /// The database in it.
    pub(super) fn graph(&self) -> PathBuf {
        self.folder.join("graph")
    }
}

impl Snapshot {
    /// Deletes the folder; who still reads from its files goes on.
    pub(super) fn remove(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Links all that the list of files may name, and says whether the list stayed as it was.
fn link(from: &Path, to: &Path) -> io::Result<bool> {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to)?;
    let current = fs::read_to_string(from.join("CURRENT"))?;
    let list = from.join(current.trim_end());
    let before = fs::metadata(&list)?.len();
    let mut logs = Vec::new();
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".sst") {
            match fs::hard_link(from.join(&name), to.join(&name)) {
                // Taken out of the list before it was deleted.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                linked => linked?,
            }
        } else if text.ends_with(".log") {
            logs.push(name);
        }
    }
    // What is not in such files yet; the last of these is written to while we read.
    logs.sort();
    for name in logs {
        fs::copy(from.join(&name), to.join(&name))?;
    }
    fs::copy(&list, to.join(current.trim_end()))?;
    fs::write(to.join("CURRENT"), &current)?;
    let unchanged = fs::read_to_string(from.join("CURRENT"))? == current
        && fs::metadata(&list)?.len() == before
        && fs::metadata(to.join(current.trim_end()))?.len() == before;
    Ok(unchanged)
}

/// Deletes snapshots of a store whose programs are gone.
pub(super) fn sweep(path: &Path) {
    for entry in fs::read_dir(path.join(FOLDER)).into_iter().flatten().flatten() {
        let Ok(lock) = fs::File::open(entry.path().join("lock")) else { continue };
        if lock.try_lock().is_ok() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_stays_when_the_files_go_and_goes_when_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let graph = folder.path().join("graph");
        fs::create_dir(&graph).unwrap();
        for (name, text) in
            [("CURRENT", "MANIFEST-1\n"), ("MANIFEST-1", "m"), ("2.sst", "s"), ("3.log", "l")]
        {
            fs::write(graph.join(name), text).unwrap();
        }
        let left = folder.path().join(FOLDER).join("0-0");
        fs::create_dir_all(&left).unwrap();
        fs::write(left.join("lock"), "").unwrap();
        let before = Mark::of(folder.path()).unwrap();
        let snapshot = Snapshot::take(folder.path()).unwrap();
        assert!(!left.exists(), "what a killed program left is deleted");
        fs::remove_file(graph.join("2.sst")).unwrap();
        fs::write(graph.join("3.log"), "longer").unwrap();
        assert_ne!(Mark::of(folder.path()).unwrap(), before);
        assert_eq!(fs::read_to_string(snapshot.graph().join("2.sst")).unwrap(), "s");
        assert_eq!(fs::read_to_string(snapshot.graph().join("3.log")).unwrap(), "l");
        let again = Snapshot::take(folder.path()).unwrap();
        assert!(snapshot.graph().exists(), "one that is in use stays");
        let gone = snapshot.graph();
        drop((snapshot, again));
        assert!(!gone.exists());
    }
}
