//! [`Store`]: the graph on disk. The only file that opens Oxigraph.
//!
//! A store is a folder: `format` (which layout this is), `lock` (held by the one writer),
//! `graph/` (Oxigraph's database, which other programs can open as such), `documents` (what
//! the articles were read as), `copies` (what shows their copies), `inputs` (which files
//! were read to their end) and `readings` (where versions were read last). Readers take no
//! lock: they open the database read-only and see what was committed when they opened it.

mod archive;
mod articles;
mod described;
mod documents;
mod error;
mod facts;
mod graphs;
mod journal;
mod merging;
mod probe;
mod snapshot;
mod sparql;
mod versions;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use oxigraph::{
    model::Quad,
    sparql::{CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator},
    store::{self as oxi, StorageError},
};
use oxttl::TurtleParser;

use self::{
    archive::Archive, described::Known, graphs::replace_graph, merging::Pending, snapshot::Snapshot,
};
pub use self::{
    articles::{Articles, Change},
    described::Described,
    error::StoreError,
    journal::Stamp,
    snapshot::Mark,
    sparql::Graphs,
    versions::Place,
};
use crate::rdf::{iri, provenance};

/// The layout that this version writes and reads.
const FORMAT: &str = "youcheng store 2\n";

/// The ontology and the countries, as they are published.
const VOCABULARY: [&str; 2] =
    [include_str!("../ontology/youcheng.ttl"), include_str!("../ontology/countries.ttl")];

/// A store, open.
pub struct Store {
    path: PathBuf,
    inner: oxi::Store,
    /// What has been said about the subjects of the shared graph since opening.
    known: Known,
    /// What has been written since the agreements were last merged.
    pending: Pending,
    /// What the articles were read as.
    archive: Archive,
    /// How many articles damage has made it forget.
    forgotten: usize,
    /// Held until the store is closed; `None` for readers.
    _lock: Option<fs::File>,
    /// Where the graph is read from, if not from the store itself. After `inner`, which
    /// reads it.
    snapshot: Option<Snapshot>,
}

impl Store {
    /// Opens a store to write to it, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// If the path is something else, somebody else is writing, or the system refuses.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let io = |error| StoreError::io(path, error);
        if path.exists() && !path.is_dir() {
            return Err(StoreError::NotAFolder(path.to_owned()));
        }
        fs::create_dir_all(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                StoreError::NotAFolder(path.to_owned())
            }
            _ => io(error),
        })?;
        let format = path.join("format");
        let graph = path.join("graph");
        if !format.exists() && !is_unfinished(path).map_err(io)? {
            return Err(StoreError::Foreign(path.to_owned()));
        }
        let lock = lock(path)?;
        remove_leftovers(&graph).map_err(io)?;
        if format.exists() {
            check_format(path)?;
            check_graph(path, &graph)?;
            snapshot::sweep(path);
        }
        let inner = oxi::Store::open(&graph).map_err(|error| io(error.into()))?;
        let pending = Pending::open(path, &inner).map_err(|error| io(error.into()))?;
        let archive =
            Archive::open(path).map_err(|error| StoreError::io(&path.join("documents"), error))?;
        let known = Known::of(&inner).map_err(|error| io(error.into()))?;
        let mut store = Self {
            path: path.to_owned(),
            inner,
            known,
            pending,
            archive,
            forgotten: 0,
            _lock: Some(lock),
            snapshot: None,
        };
        store.mend()?;
        store.write_vocabulary()?;
        if !format.exists() {
            // Last, so that a store with a format file is a whole one.
            fs::write(&format, FORMAT).map_err(io)?;
        }
        Ok(store)
    }

    /// Opens a store to read what has been committed so far, also while somebody writes.
    ///
    /// # Errors
    ///
    /// If there is none or it cannot be read.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        Self::read_graph(path, &path.join("graph"))
    }

    /// Opens a store to read what has been committed so far, from a snapshot of its own: no
    /// writer can take away what it reads, however long it stays open. Where no hard links
    /// can be made it reads from the store itself.
    ///
    /// # Errors
    ///
    /// If there is none or it cannot be read.
    pub fn snapshot(path: &Path) -> Result<Self, StoreError> {
        check_format(path)?;
        let snapshot = match Snapshot::take(path) {
            Ok(snapshot) => snapshot,
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                return Err(StoreError::io(path, error));
            }
            Err(_) => return Self::read(path),
        };
        let mut store = Self::read_graph(path, &snapshot.graph())?;
        store.snapshot = Some(snapshot);
        Ok(store)
    }

    /// Deletes the snapshot that this is read from, if it is read from one: the program ends.
    pub(crate) fn forget_snapshot(&self) {
        if let Some(snapshot) = &self.snapshot {
            snapshot.remove();
        }
    }

    /// Opens a store to read its graph from this folder, which is its own or a snapshot.
    ///
    /// # Errors
    ///
    /// If there is none or it cannot be read.
    pub fn read_graph(path: &Path, graph: &Path) -> Result<Self, StoreError> {
        if path.exists() && !path.is_dir() {
            return Err(StoreError::NotAFolder(path.to_owned()));
        }
        check_format(path)?;
        check_graph(path, graph)?;
        // A writer may delete a file between our reading of the list and of the file: the
        // list that follows is whole again.
        let mut tries = 5;
        let inner = loop {
            match oxi::Store::open_read_only(graph) {
                Ok(store) => break store,
                Err(error) if tries == 0 => return Err(StoreError::io(path, error.into())),
                Err(_) => std::thread::sleep(std::time::Duration::from_millis(40)),
            }
            tries -= 1;
        };
        let (known, pending) = (Known::default(), Pending::default());
        let archive = Archive::read(path);
        Ok(Self {
            path: path.to_owned(),
            inner,
            known,
            pending,
            archive,
            forgotten: 0,
            _lock: None,
            snapshot: None,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where its graph is read from.
    #[must_use]
    pub fn graph_folder(&self) -> PathBuf {
        self.snapshot.as_ref().map_or_else(|| self.path.join("graph"), Snapshot::graph)
    }

    /// Brings everything to disk, so that not even a power cut takes it away.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        self.archive.sync().map_err(|error| StoreError::io(&self.path, error))?;
        self.inner.flush().map_err(|error| StoreError::io(&self.path, error.into()))?;
        self.archive.settle().map_err(|error| StoreError::io(&self.path, error))
    }

    /// Every quad, in an order that depends on nothing but the quads.
    pub fn quads(&self) -> impl Iterator<Item = Result<Quad, StoreError>> {
        self.inner.iter().map(|quad| quad.map_err(|error| StoreError::io(&self.path, error.into())))
    }

    /// How many quads there are.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn count(&self) -> Result<u64, StoreError> {
        let count = self.inner.len().map_err(|error| StoreError::io(&self.path, error.into()))?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Evaluates a query over the union of all graphs, until `cancel` says stop. It can
    /// reach nothing outside the store: there is no `SERVICE`.
    ///
    /// # Errors
    ///
    /// If the query asks for something that does not exist.
    pub fn evaluate(
        &self,
        query: spargebra::Query,
        cancel: CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        let own_dataset = query.dataset().is_some();
        let mut prepared = SparqlEvaluator::new().with_cancellation_token(cancel).for_query(query);
        if !own_dataset {
            prepared.dataset_mut().set_default_graph_as_union();
        }
        prepared.on_store(&self.inner).execute()
    }

    /// Writes the ontology, the countries and what the program is where they are not yet, or
    /// not these.
    fn write_vocabulary(&mut self) -> Result<(), StoreError> {
        let path = self.path.clone();
        let mut quads = provenance::program();
        for text in VOCABULARY {
            for triple in TurtleParser::new().for_slice(text) {
                let triple = triple.map_err(|error| StoreError::Corrupt {
                    path: path.clone(),
                    message: format!("the ontology does not parse: {error}"),
                })?;
                quads.push(triple.in_graph(iri::vocabulary()));
            }
        }
        let io = |error: StorageError| StoreError::io(&path, error.into());
        let mut transaction = self.inner.start_transaction().map_err(io)?;
        let name = iri::vocabulary().into_owned();
        if !transaction.contains_named_graph(&name).map_err(io)? {
            // Not by the transaction: what it leaves in memory is written before what is
            // loaded, as files that must be merged with it.
            return self.load(transaction, quads, 1).map_err(io);
        }
        let change = replace_graph(&mut transaction, &name, &quads, &mut Vec::new()).map_err(io)?;
        if change != Change::Unchanged {
            transaction.commit().map_err(io)?;
        }
        Ok(())
    }
}

/// Locks a store for its one writer, whose number the file says.
fn lock(path: &Path) -> Result<fs::File, StoreError> {
    let io = |error| StoreError::io(path, error);
    let name = path.join("lock");
    let open = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&name);
    let mut lock = open.map_err(|error| StoreError::io(&name, error))?;
    lock.try_lock().map_err(|error| match error {
        fs::TryLockError::WouldBlock => {
            let writer = fs::read_to_string(&name).ok().and_then(|id| id.trim().parse().ok());
            StoreError::Locked(path.to_owned(), writer)
        }
        fs::TryLockError::Error(error) => io(error),
    })?;
    lock.set_len(0).map_err(io)?;
    // Only for people: a full disk must not keep anybody from deleting.
    let _ = write!(lock, "{}", std::process::id());
    Ok(lock)
}

/// Whether a folder is empty or holds only what a first opening that was cut short leaves.
fn is_unfinished(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if name != "lock" && name != "graph" && name != "documents" {
            return Ok(false);
        }
    }
    Ok(!path.join("graph").exists() || path.join("lock").exists())
}

fn check_format(path: &Path) -> Result<(), StoreError> {
    match fs::read_to_string(path.join("format")) {
        Ok(found) if found == FORMAT => Ok(()),
        Ok(found) => Err(StoreError::Format { path: path.to_owned(), found }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(StoreError::Missing(path.to_owned()))
        }
        Err(error) => Err(StoreError::io(&path.join("format"), error)),
    }
}

/// A store without a database would pass for an empty one, whose inputs need not be read.
fn check_graph(path: &Path, graph: &Path) -> Result<(), StoreError> {
    match graph.join("CURRENT").try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::NoGraph(path.to_owned())),
        Err(error) => Err(StoreError::io(path, error)),
    }
}

/// Deletes what a bulk load that was killed has left, hundreds of megabytes that nobody
/// else would ever delete. Only under the lock.
fn remove_leftovers(graph: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(graph) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("bulk-") && name.ends_with(".sst") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}
