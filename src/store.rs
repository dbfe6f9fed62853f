//! [`Store`]: the graph on disk. The only file that opens Oxigraph.
//!
//! A store is a folder with three things in it: `format` (which layout this is), `lock`
//! (held by the one writer) and `graph/` (Oxigraph's database, which other programs can
//! open as such). Readers take no lock: they open the database read-only and see what was
//! committed when they opened it.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use oxigraph::{
    model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term},
    sparql::{CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator},
    store::{self as oxi, StorageError, Transaction},
};
use oxttl::TurtleParser;

use crate::rdf::{emit::graph_of, iri, vocab::schema};

/// The layout that this version writes and reads.
const FORMAT: &str = "youcheng store 1\n";

/// The ontology and the countries, as they are published.
const VOCABULARY: [&str; 2] =
    [include_str!("../ontology/youcheng.ttl"), include_str!("../ontology/countries.ttl")];

/// How many new quads are worth the bulk loader, which is three times faster than a
/// transaction but leaves files behind that must be merged later.
const BULK: usize = 50_000;

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
    #[error("{}: another process is writing to this store; wait until it is done, or give another --store", .0.display())]
    Locked(PathBuf),
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
    fn io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        let text = error.to_string();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            // RocksDB reports the system's errors as text.
            _ if text.contains("No space left on device") => Self::Full(path),
            _ if text.contains("/LOCK: ") => Self::Locked(path),
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
    /// Held until the store is closed; `None` for readers.
    _lock: Option<fs::File>,
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
        let lock = fs::File::create(path.join("lock")).map_err(io)?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => StoreError::Locked(path.to_owned()),
            fs::TryLockError::Error(error) => io(error),
        })?;
        if format.exists() {
            check_format(path)?;
            remove_leftovers(&graph).map_err(io)?;
        }
        let inner = oxi::Store::open(&graph).map_err(|error| io(error.into()))?;
        let mut store =
            Self { path: path.to_owned(), inner, described: HashMap::new(), _lock: Some(lock) };
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
        if path.exists() && !path.is_dir() {
            return Err(StoreError::NotAFolder(path.to_owned()));
        }
        check_format(path)?;
        // A writer may delete a file between our reading of the list and of the file: the
        // list that follows is whole again.
        let mut tries = 5;
        let inner = loop {
            match oxi::Store::open_read_only(path.join("graph")) {
                Ok(store) => break store,
                Err(error) if tries == 0 => return Err(StoreError::io(path, error.into())),
                Err(_) => std::thread::sleep(std::time::Duration::from_millis(40)),
            }
            tries -= 1;
        };
        Ok(Self { path: path.to_owned(), inner, described: HashMap::new(), _lock: None })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the quads of articles, as [`crate::rdf::emit`] gives them, each in place of
    /// what its graph held before. Says for each what that changed.
    ///
    /// New articles become visible all at once, and so do replaced ones; an article is
    /// never half there.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to. What was written by earlier calls stays.
    pub fn replace(&mut self, articles: Vec<Vec<Quad>>) -> Result<Vec<Change>, StoreError> {
        let path = self.path.clone();
        self.replace_all(articles).map_err(|error| StoreError::io(&path, error.into()))
    }

    fn replace_all(&mut self, articles: Vec<Vec<Quad>>) -> Result<Vec<Change>, StorageError> {
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
            let change = if !graphs.insert(graph.clone()) {
                // Twice in one batch: what came first is not yet in the store.
                transaction.extend(&new);
                replace_graph(&mut transaction, &graph, &own, &mut dropped)?
            } else if transaction.contains_named_graph(&graph)? {
                replace_graph(&mut transaction, &graph, &own, &mut dropped)?
            } else {
                new.extend(own);
                Change::New
            };
            if change != Change::Unchanged {
                described.add(shared);
            }
            changes.push(change);
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
        let only_new = changes.iter().all(|change| *change == Change::New) && dropped.is_empty();
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
    pub fn flush(&self) -> Result<(), StoreError> {
        self.inner.flush().map_err(|error| StoreError::io(&self.path, error.into()))
    }

    /// Every quad, in an order that depends on nothing but the quads.
    pub fn quads(&self) -> impl Iterator<Item = Result<Quad, StoreError>> {
        self.inner.iter().map(|quad| quad.map_err(|error| StoreError::io(&self.path, error.into())))
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

/// Whether a folder is empty or holds only what a first opening that was cut short leaves.
fn is_unfinished(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if name != "lock" && name != "graph" {
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

/// Makes a graph say `quads` and no more. What it no longer says goes to `dropped`.
fn replace_graph(
    transaction: &mut Transaction<'_>,
    graph: &NamedNode,
    quads: &[Quad],
    dropped: &mut Vec<Quad>,
) -> Result<Change, StorageError> {
    let stored = transaction
        .quads_for_pattern(None, None, None, Some(graph.into()))
        .collect::<Result<Vec<_>, _>>()?;
    let was_empty = stored.is_empty();
    let (old, new) = difference(&stored, quads);
    if old.is_empty() && new.is_empty() {
        return Ok(Change::Unchanged);
    }
    for quad in &old {
        transaction.remove(quad);
    }
    transaction.extend(&new);
    dropped.extend(old);
    Ok(if was_empty { Change::New } else { Change::Replaced })
}

/// Of two sets of quads: what only the first has, and what only the second has.
fn difference(stored: &[Quad], wanted: &[Quad]) -> (Vec<Quad>, Vec<Quad>) {
    let has: HashSet<&Quad> = stored.iter().collect();
    let wants: HashSet<&Quad> = wanted.iter().collect();
    let old = stored.iter().filter(|quad| !wants.contains(quad)).cloned().collect();
    let new = wanted.iter().filter(|quad| !has.contains(quad)).cloned().collect();
    (old, new)
}

/// What the shared graph says about a subject.
fn describing(
    transaction: &Transaction<'_>,
    subject: &NamedOrBlankNode,
) -> Result<Vec<Quad>, StorageError> {
    transaction
        .quads_for_pattern(Some(subject.into()), None, None, Some(iri::shared().into()))
        .collect()
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

/// Removes from the shared graph what nobody refers to any more, now that `dropped` is
/// gone: after replacing articles the store is the same as one that never held the old
/// ones. Returns the subjects that were removed.
fn sweep(
    transaction: &mut Transaction<'_>,
    dropped: Vec<Quad>,
) -> Result<Vec<NamedOrBlankNode>, StorageError> {
    let mut removed = Vec::new();
    let mut candidates: Vec<Quad> = dropped;
    while let Some(quad) = candidates.pop() {
        let Term::NamedNode(node) = quad.object else { continue };
        let subject = NamedOrBlankNode::from(node.clone());
        let description = describing(transaction, &subject)?;
        if description.is_empty() || is_needed(transaction, node.as_ref())? {
            continue;
        }
        for quad in &description {
            transaction.remove(quad);
        }
        removed.push(subject);
        candidates.extend(description);
    }
    Ok(removed)
}

/// Whether something refers to a node, other than as the unit that contains a place: a
/// description is there for those who name it.
fn is_needed(transaction: &Transaction<'_>, node: NamedNodeRef<'_>) -> Result<bool, StorageError> {
    for quad in transaction.quads_for_pattern(None, None, Some(node.into()), None) {
        if quad?.predicate != schema::CONTAINED_IN_PLACE {
            return Ok(true);
        }
    }
    Ok(false)
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}
