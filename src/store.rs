//! [`Store`]: the graph on disk. The only file that opens Oxigraph.
//!
//! A store is a folder: `format` (which layout this is), `lock` (held by the one writer),
//! `graph/` (Oxigraph's database, which other programs can open as such), `documents` (what
//! the articles were read as), `copies` (what shows their copies) and `inputs` (which files
//! were read to their end). Readers take no lock: they open the database read-only and see what was
//! committed when they opened it.

mod archive;
mod error;
mod facts;
mod graphs;
mod journal;
mod merging;
mod snapshot;
mod sparql;
mod versions;

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use oxigraph::{
    model::{NamedOrBlankNode, Quad},
    sparql::{CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator},
    store::{self as oxi, StorageError},
};
use oxttl::TurtleParser;

use self::{
    archive::Archive,
    graphs::{describing, difference, replace_graph, sweep},
    merging::Pending,
    snapshot::Snapshot,
};
pub use self::{
    error::StoreError, journal::Stamp, snapshot::Mark, sparql::Graphs, versions::Place,
};
use crate::{
    article::ArticleId,
    rdf::{emit::graph_of, iri},
};

/// The layout that this version writes and reads.
const FORMAT: &str = "youcheng store 2\n";

/// The ontology and the countries, as they are published.
const VOCABULARY: [&str; 2] =
    [include_str!("../ontology/youcheng.ttl"), include_str!("../ontology/countries.ttl")];

/// How many new quads are worth the bulk loader, which is three times faster than a
/// transaction but leaves files behind that must be merged later.
const BULK: usize = 50_000;

/// What became of an article's graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    New,
    /// It said something else.
    Replaced,
    /// It said the same: nothing was written.
    Unchanged,
}

/// A store, open.
pub struct Store {
    path: PathBuf,
    inner: oxi::Store,
    /// What has been said about the subjects of the shared graph since opening, as a hash.
    described: HashMap<NamedOrBlankNode, u64>,
    /// What has been written since the agreements were last merged.
    pending: Pending,
    /// What the articles were read as.
    archive: Archive,
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
        if format.exists() {
            check_format(path)?;
            remove_leftovers(&graph).map_err(io)?;
            snapshot::sweep(path);
        }
        let inner = oxi::Store::open(&graph).map_err(|error| io(error.into()))?;
        let pending = Pending::open(path, &inner).map_err(|error| io(error.into()))?;
        let archive = Archive::open(path).map_err(io)?;
        let described = HashMap::new();
        let mut store = Self {
            path: path.to_owned(),
            inner,
            described,
            pending,
            archive,
            _lock: Some(lock),
            snapshot: None,
        };
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
        let (described, pending) = (HashMap::new(), Pending::default());
        let archive = Archive::read(path);
        Ok(Self {
            path: path.to_owned(),
            inner,
            described,
            pending,
            archive,
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

    /// Writes the quads of articles, as [`crate::rdf::emit()`] gives them, each in place of
    /// what its graph held before. Says for each what that changed.
    ///
    /// New articles become visible all at once, and so do replaced ones; an article is
    /// never half there. What they say of agreements waits for [`Store::merge`].
    ///
    /// # Errors
    ///
    /// If the store cannot be written to. What was written by earlier calls stays.
    pub fn replace(&mut self, articles: Vec<Vec<Quad>>) -> Result<Vec<Change>, StoreError> {
        let path = self.path.clone();
        // Before the graph: an article that is there has its document.
        self.archive.write().map_err(|error| StoreError::io(&path, error))?;
        self.replace_all(articles, &[]).map_err(|error| StoreError::io(&path, error.into()))
    }

    /// Takes articles out, with all that only they said. Says for each whether it was there.
    /// What that means for agreements waits for [`Store::merge`].
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn remove(&mut self, articles: &[ArticleId]) -> Result<Vec<bool>, StoreError> {
        let path = self.path.clone();
        // First, so that a kill in between leaves articles that are read again.
        self.unfinish()?;
        self.forget(articles)?;
        self.remove_all(articles).map_err(|error| StoreError::io(&path, error.into()))
    }

    fn remove_all(&mut self, articles: &[ArticleId]) -> Result<Vec<bool>, StorageError> {
        self.pending.begin()?;
        let mut transaction = self.inner.start_transaction()?;
        let mut dropped = Vec::new();
        let mut found = Vec::with_capacity(articles.len());
        for id in articles {
            let before = dropped.len();
            replace_graph(&mut transaction, &iri::graph(id), &[], &mut dropped)?;
            self.pending.changed(&dropped[before..], &[]);
            found.push(dropped.len() > before);
            let article = NamedOrBlankNode::from(iri::article(id));
            let copies = transaction
                .quads_for_pattern(
                    Some((&article).into()),
                    None,
                    None,
                    Some(iri::duplicates().into()),
                )
                .collect::<Result<Vec<_>, _>>()?;
            copies.iter().for_each(|quad| transaction.remove(quad));
            versions::forget(&mut transaction, id)?;
        }
        for subject in sweep(&mut transaction, dropped)? {
            self.described.remove(&subject);
        }
        transaction.commit()?;
        Ok(found)
    }

    fn replace_all(
        &mut self,
        articles: Vec<Vec<Quad>>,
        superseded: &[(ArticleId, ArticleId)],
    ) -> Result<Vec<Change>, StorageError> {
        self.pending.begin()?;
        let mut transaction = self.inner.start_transaction()?;
        let mut changes = Vec::with_capacity(articles.len());
        let mut described = Descriptions::default();
        let mut new = Vec::new();
        let mut dropped = Vec::new();
        let mut graphs = HashSet::new();
        for quads in articles {
            let (shared, own): (Vec<_>, Vec<_>) = quads
                .into_iter()
                .partition(|quad| graph_of(quad).is_none_or(|graph| *graph == iri::shared()));
            let Some(graph) = own.first().and_then(graph_of).cloned() else {
                changes.push(Change::Unchanged);
                continue;
            };
            let twice = !graphs.insert(graph.clone());
            if twice {
                // What came first is not yet in the store.
                transaction.extend(&new);
            }
            let change = if twice || transaction.contains_named_graph(&graph)? {
                let before = dropped.len();
                let change = replace_graph(&mut transaction, &graph, &own, &mut dropped)?;
                if change != Change::Unchanged {
                    self.pending.changed(&dropped[before..], &own);
                }
                change
            } else {
                self.pending.added(&own, &shared);
                new.extend(own);
                Change::New
            };
            if change != Change::Unchanged {
                described.add(shared);
            }
            changes.push(change);
        }
        for (old, by) in superseded {
            let before = dropped.len();
            versions::supersede(&mut transaction, old, by, &mut dropped)?;
            self.pending.changed(&dropped[before..], &[]);
        }
        for (subject, quads) in described.0 {
            let hash = hash(&quads);
            if self.described.insert(subject.clone(), hash) != Some(hash) {
                let (old, extra) = difference(&describing(&transaction, &subject)?, &quads);
                for quad in &old {
                    transaction.remove(quad);
                }
                dropped.extend(old);
                new.extend(extra);
            }
        }
        let only_new = changes.iter().all(|change| *change == Change::New)
            && dropped.is_empty()
            && superseded.is_empty();
        if only_new && new.len() >= BULK {
            drop(transaction);
            let mut loader = self.inner.bulk_loader().with_max_memory_size_in_megabytes(256);
            loader.load_quads(new)?;
            loader.commit()?;
        } else {
            transaction.extend(&new);
            for subject in sweep(&mut transaction, dropped)? {
                self.described.remove(&subject);
            }
            transaction.commit()?;
        }
        Ok(changes)
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

    /// Writes the ontology and the countries where they are not yet, or not these.
    fn write_vocabulary(&mut self) -> Result<(), StoreError> {
        let path = self.path.clone();
        let mut quads = Vec::new();
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
    let mut lock = open.map_err(io)?;
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

/// What the articles of a batch say about the subjects of the shared graph. They agree
/// unless the program or its data changed; then the last one is right.
#[derive(Default)]
struct Descriptions(HashMap<NamedOrBlankNode, Vec<Quad>>);

impl Descriptions {
    fn add(&mut self, quads: Vec<Quad>) {
        let mut of_article = HashMap::<_, Vec<_>>::new();
        for quad in quads {
            of_article.entry(quad.subject.clone()).or_default().push(quad);
        }
        self.0.extend(of_article);
    }
}

fn hash(quads: &[Quad]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    quads.hash(&mut hasher);
    hasher.finish()
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}
