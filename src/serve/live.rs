//! [`Live`]: the store as it is now. A writer changes it beside us; what it wrote is seen a
//! moment after its agreements are merged, all at once, by whoever asks next.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
    thread,
    time::Duration,
};

use super::{atlas::Atlas, pool::Pool, problem::Problem, response::Packed};
use crate::store::{Mark, Store};

/// How often the store is looked at.
const PERIOD: Duration = Duration::from_secs(1);

/// One state of the store.
pub(super) struct State {
    pub(super) store: Store,
    pub(super) atlas: Atlas,
    /// Which state this is since the start.
    pub(super) generation: u64,
    /// All ties, as the explorer asks for them first.
    pub(super) ties: OnceLock<Arc<Packed>>,
    mark: Mark,
}

/// The store as it is now.
pub(super) struct Live {
    path: PathBuf,
    current: RwLock<Arc<State>>,
    renewing: Mutex<()>,
}

impl Live {
    pub(super) fn open(path: &Path) -> Result<Self, Problem> {
        let state = read(path, 1)?;
        Ok(Self {
            path: path.to_owned(),
            current: RwLock::new(Arc::new(state)),
            renewing: Mutex::default(),
        })
    }

    /// The state of now; it stays while it is held.
    pub(super) fn state(&self) -> Arc<State> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether somebody wrote what is not shown yet.
    pub(super) fn is_behind(&self) -> bool {
        Mark::of(&self.path).is_ok_and(|mark| mark != self.state().mark)
    }

    /// Reads the store again if somebody wrote to it and is done, or at any rate.
    pub(super) fn renew(&self, pool: &Pool, at_any_rate: bool) -> Result<(), Problem> {
        let _one = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = Mark::of(&self.path)?;
        let state = self.state();
        if !at_any_rate && (mark == state.mark || mark.merging) {
            return Ok(());
        }
        let new = Arc::new(read(&self.path, state.generation + 1)?);
        drop(state);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        pool.renew();
        Ok(())
    }

    /// Keeps it up for as long as the program runs.
    pub(super) fn watch(self: &Arc<Self>, pool: &Arc<Pool>) {
        let (live, pool) = (Arc::clone(self), Arc::clone(pool));
        thread::spawn(move || {
            loop {
                thread::sleep(PERIOD);
                // What cannot be read now is tried again.
                let _ = live.renew(&pool, false);
            }
        });
    }
}

fn read(path: &Path, generation: u64) -> Result<State, Problem> {
    // Before it is read: what is written meanwhile is another state.
    let mark = Mark::of(path).unwrap_or_default();
    let store = Store::snapshot(path)?;
    let atlas = Atlas::load(&store)?;
    Ok(State { store, atlas, generation, ties: OnceLock::new(), mark })
}
