//! [`run`]: many articles through the pipeline, in parallel, in order, in bounded memory.

use std::{
    collections::BTreeMap,
    fmt,
    num::NonZero,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

use crate::{
    article::Source,
    guard,
    read::{Input, ReadError},
};

/// Articles that are handed over at a time, unless they are large.
const HANDFUL: usize = 16;
/// Bytes of input after which a handful is full.
const HANDFUL_BYTES: usize = 256 << 10;
/// Bytes of input that were read and whose results are not yet written. One article more
/// than that is let in when nothing else is there.
const AHEAD: usize = 32 << 20;
/// Stack of the threads that work on articles: HTML and rules recurse.
const STACK: usize = 16 << 20;

/// Something that was asked for and is not in the result, with the reason.
#[derive(Debug)]
pub enum Skip {
    /// It could not be read.
    Read(ReadError),
    /// A mistake of ours: the pipeline panicked on it.
    Panic {
        /// The article.
        source: Source,
        /// What the panic said, and where.
        message: String,
    },
}

impl Skip {
    /// How many files beside the articles, or records that hold none, it stands for: counted,
    /// but no failure.
    #[must_use]
    pub fn bystanders(&self) -> usize {
        match self {
            Self::Read(error) => error.bystanders(),
            Self::Panic { .. } => 0,
        }
    }

    /// Where it happened.
    #[must_use]
    pub fn at(&self) -> Option<&Source> {
        match self {
            Self::Read(error) => error.at(),
            Self::Panic { source, .. } => Some(source),
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "{error}"),
            Self::Panic { source, message } => {
                write!(f, "{source}: internal error, please report it: {message}")
            }
        }
    }
}

/// Inputs that stand beside each other, and which in the order of reading.
struct Handful {
    number: u64,
    bytes: usize,
    items: Vec<Result<Input, ReadError>>,
}

/// What came of them.
struct Done<T> {
    number: u64,
    bytes: usize,
    results: Vec<Result<T, Skip>>,
}

/// How many bytes may still be read before results are written.
struct Budget {
    state: Mutex<(usize, bool)>,
    changed: Condvar,
}

impl Budget {
    fn lock(&self) -> MutexGuard<'_, (usize, bool)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for so many bytes, or for anything when nothing is there.
    /// Says whether to go on.
    fn take(&self, bytes: usize) -> bool {
        let mut state = self.lock();
        while state.0 > 0 && state.0 + bytes > AHEAD && !state.1 {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.0 += bytes;
        !state.1
    }

    fn give(&self, bytes: usize) {
        self.lock().0 -= bytes;
        self.changed.notify_one();
    }

    fn stop(&self) {
        self.lock().1 = true;
        self.changed.notify_one();
    }
}

/// Runs `work` on every input that `open` reads, `jobs` at a time, and hands the results
/// to `sink` in the order of reading.
///
/// Reading, working and sinking overlap. No worker waits for another one; what is read ahead
/// of what is written is bounded in bytes. An input that cannot be read, or on which `work`
/// panics, becomes a [`Skip`], and the rest goes on. When `sink` fails, everything stops and
/// its error is returned.
///
/// # Errors
///
/// What `sink` returns.
pub fn run<I, T, E>(
    open: impl FnOnce() -> I + Send,
    jobs: NonZero<usize>,
    work: impl Fn(Input) -> Result<T, ReadError> + Sync + Send,
    mut sink: impl FnMut(Result<T, Skip>) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator<Item = Result<Input, ReadError>>,
    T: Send,
{
    let (read, handfuls) = mpsc::sync_channel::<Handful>(2 * jobs.get());
    let (done, results) = mpsc::sync_channel::<Done<T>>(2 * jobs.get());
    // Owned by the workers alone: when they are gone, the reader learns it.
    let handfuls = Arc::new(Mutex::new(handfuls));
    let budget = &Budget { state: Mutex::new((0, false)), changed: Condvar::new() };
    let work = &work;
    thread::scope(|scope| {
        let reader = move || {
            let mut items = open();
            for number in 0.. {
                let (items, bytes) = handful(&mut items);
                if items.is_empty()
                    || !budget.take(bytes)
                    || read.send(Handful { number, bytes, items }).is_err()
                {
                    return;
                }
            }
        };
        let worker = |handfuls: Arc<Mutex<mpsc::Receiver<Handful>>>,
                      done: mpsc::SyncSender<Done<T>>| {
            loop {
                let next = handfuls.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(Handful { number, bytes, items }) = next else { return };
                let results = items
                    .into_iter()
                    .map(|item| guarded(item.map_err(Skip::Read)?, work))
                    .collect();
                if done.send(Done { number, bytes, results }).is_err() {
                    return;
                }
            }
        };
        // All end by themselves when the other side of their channel is gone.
        let builder = |name: &str| thread::Builder::new().name(name.into()).stack_size(STACK);
        let _reader = builder("read").spawn_scoped(scope, reader);
        let mut workers = 0;
        for _ in 0..jobs.get() {
            let (handfuls, done) = (Arc::clone(&handfuls), done.clone());
            let spawned = builder("extract").spawn_scoped(scope, move || worker(handfuls, done));
            workers += usize::from(spawned.is_ok());
        }
        drop((handfuls, done));
        assert!(workers > 0, "no thread could be started");
        let _stop = Stop(budget);
        in_order(results, budget, &mut sink)
    })
}

/// Ends the waiting of the reader, however the rest ends.
struct Stop<'b>(&'b Budget);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Hands results over in the order of reading; those that come early wait.
fn in_order<T, E>(
    results: mpsc::Receiver<Done<T>>,
    budget: &Budget,
    sink: &mut impl FnMut(Result<T, Skip>) -> Result<(), E>,
) -> Result<(), E> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for done in results {
        early.insert(done.number, done);
        while let Some(done) = early.remove(&next) {
            done.results.into_iter().try_for_each(&mut *sink)?;
            budget.give(done.bytes);
            next += 1;
        }
    }
    Ok(())
}

/// The next inputs, until there are enough of them or enough bytes.
fn handful(
    items: &mut impl Iterator<Item = Result<Input, ReadError>>,
) -> (Vec<Result<Input, ReadError>>, usize) {
    let mut found = Vec::new();
    // What an item takes beside its bytes counts as well.
    let mut bytes = 0;
    for item in items {
        bytes += 512 + item.as_ref().map_or(0, |input| input.payload.size());
        found.push(item);
        if found.len() == HANDFUL || bytes >= HANDFUL_BYTES {
            break;
        }
    }
    (found, bytes)
}

/// Does the work on one input; a panic is its own result.
///
/// # Errors
///
/// If the input gives nothing, or the work panics on it.
pub fn guarded<T>(input: Input, work: &impl Fn(Input) -> Result<T, ReadError>) -> Result<T, Skip> {
    let source = input.source.clone();
    match guard::quietly(|| work(input)) {
        Ok(result) => result.map_err(Skip::Read),
        Err(message) => Err(Skip::Panic { source, message }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Payload;

    fn numbers(count: usize) -> impl Iterator<Item = Result<Input, ReadError>> {
        (0..count).map(|n| {
            let payload = Payload::Text(n.to_string().into_bytes());
            Ok(Input { source: Source::default(), payload })
        })
    }

    fn number(input: &Input) -> usize {
        match &input.payload {
            Payload::Text(bytes) => std::str::from_utf8(bytes).unwrap().parse().unwrap(),
            _ => unreachable!("only texts are made"),
        }
    }

    #[test]
    fn order_is_kept_whatever_the_number_of_jobs() {
        for jobs in [1, 8] {
            let mut seen = Vec::new();
            let work = |input: Input| Ok(number(&input));
            run(
                || numbers(1000),
                NonZero::new(jobs).unwrap(),
                work,
                |item| {
                    seen.push(item.unwrap());
                    Ok::<_, ()>(())
                },
            )
            .unwrap();
            assert_eq!(seen, (0..1000).collect::<Vec<_>>());
        }
    }

    #[test]
    fn one_panic_is_one_named_skip() {
        let work = |input: Input| {
            assert_ne!(number(&input), 3, "three\nis bad");
            Ok(())
        };
        let mut skips = Vec::new();
        run(
            || numbers(5),
            NonZero::<usize>::MIN,
            work,
            |item| {
                skips.extend(item.err().map(|skip| skip.to_string()));
                Ok::<_, ()>(())
            },
        )
        .unwrap();
        assert_eq!(skips.len(), 1);
        assert!(skips[0].starts_with("<stdin>: internal error, please report it: "), "{skips:?}");
        assert!(skips[0].contains("three is bad") && skips[0].contains("batch.rs"), "{skips:?}");
    }

    #[test]
    fn a_failing_sink_stops_an_endless_reader() {
        let mut left = 10;
        let result = run(
            || numbers(usize::MAX),
            NonZero::<usize>::MIN,
            |_| Ok(()),
            |_| {
                left -= 1;
                if left == 0 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(result, Err("full"));
    }
}
