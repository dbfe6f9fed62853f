//! [`run`]: many articles through the pipeline, in parallel, in order, in bounded memory.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    fmt,
    num::NonZero,
    panic::{self, AssertUnwindSafe},
    sync::{Once, mpsc},
    thread,
};

use rayon::prelude::*;

use crate::{
    article::Source,
    read::{Input, Payload, ReadError},
};

/// Articles of one chunk at most. What is read ahead stays within a few chunks.
const CHUNK_ARTICLES: usize = 128;
/// Bytes of input after which a chunk is closed.
const CHUNK_BYTES: usize = 4 << 20;
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
    /// Whether it is only a file beside the articles: counted, but no failure.
    #[must_use]
    pub fn is_bystander(&self) -> bool {
        matches!(self, Self::Read(error) if error.is_bystander())
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

/// Runs `work` on every input that `open` reads, `jobs` at a time, and hands the results
/// to `sink` in the order of reading.
///
/// Reading, working and sinking overlap; at most five chunks are in memory. An input that
/// cannot be read, or on which `work` panics, becomes a [`Skip`], and the rest goes on.
/// When `sink` fails, everything stops and its error is returned.
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
    hold_panics();
    let (read, chunks) = mpsc::sync_channel(1);
    let (done, results) = mpsc::sync_channel::<Vec<Result<T, Skip>>>(1);
    let work = &work;
    thread::scope(|scope| {
        let reader = move || {
            let mut items = open();
            loop {
                let chunk = next_chunk(&mut items);
                if chunk.is_empty() || read.send(chunk).is_err() {
                    return;
                }
            }
        };
        let worker = move || {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(jobs.get())
                .stack_size(STACK)
                .build()
                .ok();
            while let Ok(chunk) = chunks.recv() {
                let map = || chunk.into_par_iter().map(|item| guarded(item, work)).collect();
                // Without a pool of its own, rayon's global one does the same work.
                let chunk = match &pool {
                    Some(pool) => pool.install(map),
                    None => map(),
                };
                if done.send(chunk).is_err() {
                    return;
                }
            }
        };
        // Both end by themselves when the other side of their channel is gone.
        let _reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, reader);
        let _worker = thread::Builder::new().spawn_scoped(scope, worker);
        let results = results; // Dropped before the scope waits, also on error.
        results.iter().flatten().try_for_each(&mut sink)
    })
}

/// The next inputs, until there are enough of them or enough bytes.
fn next_chunk(
    items: &mut impl Iterator<Item = Result<Input, ReadError>>,
) -> Vec<Result<Input, ReadError>> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    for item in items {
        bytes += item.as_ref().map_or(0, |input| match &input.payload {
            Payload::Text(bytes) | Payload::Html(bytes) | Payload::Record(bytes) => bytes.len(),
        });
        chunk.push(item);
        if chunk.len() == CHUNK_ARTICLES || bytes >= CHUNK_BYTES {
            break;
        }
    }
    chunk
}

/// Does the work on one input; a panic is its own result.
fn guarded<T>(
    item: Result<Input, ReadError>,
    work: &impl Fn(Input) -> Result<T, ReadError>,
) -> Result<T, Skip> {
    let input = item.map_err(Skip::Read)?;
    let source = input.source.clone();
    GUARDED.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(|| work(input)));
    GUARDED.set(false);
    match result {
        Ok(result) => result.map_err(Skip::Read),
        Err(payload) => {
            let message = LAST_PANIC.take().unwrap_or_else(|| said(&*payload));
            Err(Skip::Panic { source, message })
        }
    }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the panic message of guarded work for its [`Skip`] instead of printing it.
/// Other panics print as before.
fn hold_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if GUARDED.get() {
                let place = info.location().map(|at| format!(" ({at})")).unwrap_or_default();
                LAST_PANIC.set(Some(said(info.payload()) + &place));
            } else {
                previous(info);
            }
        }));
    });
}

/// The text of a panic, on one line.
fn said(payload: &dyn Any) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
