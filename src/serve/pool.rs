//! [`Pool`]: the worker processes, how many may work at once, and who waits for them.

use std::{
    io::{self, BufReader},
    net::TcpStream,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    hangup::Hangup,
    job::{Frame, Job, write_job},
    problem::Problem,
    response::Pieces,
    worker::too_long,
};

/// Answers up to this size are gathered before a byte is sent, so that a query that fails
/// late still fails with a status.
const GATHERED: usize = 1 << 20;

/// The workers.
pub(super) struct Pool {
    program: PathBuf,
    arguments: Vec<String>,
    most: usize,
    queue: usize,
    patience: Duration,
    state: Mutex<State>,
    freed: Condvar,
    /// Jobs that were ended because their time was over.
    pub(super) stopped: AtomicU64,
    /// Jobs that were turned away because too many waited.
    pub(super) refused: AtomicU64,
}

#[derive(Default)]
struct State {
    idle: Vec<Worker>,
    working: usize,
    waiting: usize,
    /// Counts the states of the store: a worker of an earlier one is not used again.
    generation: u64,
}

/// A process that waits for a job or does one.
struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    generation: u64,
}

/// What a job gives.
pub(super) enum Answer {
    /// All of it.
    Whole { media: String, body: Vec<u8> },
    /// What there is so far, and the rest as it comes.
    Begun { media: String, pieces: Pieces },
}

impl Pool {
    pub(super) fn new(
        program: PathBuf,
        arguments: Vec<String>,
        most: usize,
        queue: usize,
        patience: Duration,
    ) -> Self {
        Self {
            program,
            arguments,
            most: most.max(1),
            queue,
            patience,
            state: Mutex::default(),
            freed: Condvar::new(),
            stopped: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// How many work, and how many wait for one that does.
    pub(super) fn load(&self) -> (usize, usize) {
        let state = self.lock();
        (state.working, state.waiting)
    }

    /// The store is another: those who read the old one end when they are done.
    pub(super) fn renew(&self) {
        let idle = {
            let mut state = self.lock();
            state.generation += 1;
            std::mem::take(&mut state.idle)
        };
        drop(idle);
    }

    /// Has a job done, unless the client leaves before. `kept` stays until that is over.
    pub(super) fn run<K: Send + 'static>(
        self: &Arc<Self>,
        job: &Job,
        client: Option<&TcpStream>,
        kept: K,
    ) -> Result<Answer, Problem> {
        let mut lease = self.lease()?;
        let started = Instant::now();
        let worker = lease.worker()?;
        write_job(job, &mut worker.input)?;
        // As soon as something is sent, sending tells whether the client is there.
        let _left = client.and_then(|client| Hangup::watch(client, &worker.child));
        let (mut media, mut body) = (String::new(), Vec::new());
        loop {
            match Frame::read(&mut worker.output)? {
                Some(Frame::Head(head)) => media = head,
                Some(Frame::Data(bytes)) if body.is_empty() => body = bytes,
                Some(Frame::Data(bytes)) => body.extend(bytes),
                Some(Frame::Problem(problem)) => {
                    if problem.status == 504 {
                        self.stopped.fetch_add(1, Ordering::Relaxed);
                    }
                    lease.done();
                    return Err(problem);
                }
                Some(Frame::End) => {
                    lease.done();
                    return Ok(Answer::Whole { media, body });
                }
                None => return Err(self.ended(job, started)),
            }
            if body.len() > GATHERED {
                break;
            }
        }
        let mut first = Some(body);
        let mut lease = Some((lease, kept));
        let (pool, job) = (Arc::clone(self), job.clone());
        let pieces = std::iter::from_fn(move || {
            if let Some(body) = first.take() {
                return Some(Ok(body));
            }
            let (held, _) = lease.as_mut()?;
            let frame = held.working().and_then(|worker| Frame::read(&mut worker.output));
            match frame {
                Ok(Some(Frame::Data(bytes))) => return Some(Ok(bytes)),
                Ok(Some(Frame::End)) => held.done(),
                Ok(Some(Frame::Problem(problem))) => {
                    held.done();
                    lease = None;
                    return Some(Err(io::Error::other(problem.message)));
                }
                Ok(Some(Frame::Head(_)) | None) => {
                    lease = None;
                    return Some(Err(io::Error::other(pool.ended(&job, started).message)));
                }
                Err(error) => {
                    lease = None;
                    return Some(Err(error));
                }
            }
            lease = None;
            None
        });
        Ok(Answer::Begun { media, pieces: Box::new(pieces) })
    }

    /// Why a worker ended in the middle of its job.
    fn ended(&self, job: &Job, started: Instant) -> Problem {
        if started.elapsed() >= Duration::from_millis(job.milliseconds) {
            self.stopped.fetch_add(1, Ordering::Relaxed);
            return too_long(job.milliseconds);
        }
        Problem::new(500, "this took more memory than it may, or is nested too deeply")
            .hint("ask for less at once, or raise --memory when you start the server")
    }

    /// Waits for a place to work.
    fn lease(self: &Arc<Self>) -> Result<Lease, Problem> {
        let mut state = self.lock();
        if state.working >= self.most {
            if state.waiting >= self.queue {
                self.refused.fetch_add(1, Ordering::Relaxed);
                return Err(Problem::busy("too many queries wait already"));
            }
            state.waiting += 1;
            let (after, result) = self
                .freed
                .wait_timeout_while(state, self.patience, |state| state.working >= self.most)
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
            state.waiting -= 1;
            if result.timed_out() && state.working >= self.most {
                self.refused.fetch_add(1, Ordering::Relaxed);
                return Err(Problem::busy("other queries take all the time there is"));
            }
        }
        state.working += 1;
        let generation = state.generation;
        let worker = state.idle.pop();
        drop(state);
        Ok(Lease { pool: Arc::clone(self), worker, generation, done: false })
    }

    fn start(&self, generation: u64) -> io::Result<Worker> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            // Room that the allocator sets aside at once counts against --memory; in KiB.
            .env("MIMALLOC_ARENA_RESERVE", "32768")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => {
                Ok(Worker { child, input, output: BufReader::new(output), generation })
            }
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A place to work, with or without a worker yet.
struct Lease {
    pool: Arc<Pool>,
    worker: Option<Worker>,
    generation: u64,
    done: bool,
}

impl Lease {
    /// The worker; one is started if there is none, or it ended while it was idle.
    fn worker(&mut self) -> io::Result<&mut Worker> {
        let ended = |worker: &mut Worker| !matches!(worker.child.try_wait(), Ok(None));
        if self.worker.as_mut().is_none_or(ended) {
            return self.fresh();
        }
        self.working()
    }

    /// The worker, while it works.
    fn working(&mut self) -> io::Result<&mut Worker> {
        self.worker.as_mut().ok_or_else(|| io::ErrorKind::BrokenPipe.into())
    }

    fn fresh(&mut self) -> io::Result<&mut Worker> {
        Ok(self.worker.insert(self.pool.start(self.generation)?))
    }

    /// The job is over, and the worker can do another.
    fn done(&mut self) {
        self.done = true;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let worker = self.worker.take();
        let mut state = self.pool.lock();
        state.working -= 1;
        let useful = |worker: &Worker| self.done && worker.generation == state.generation;
        let dead = match worker {
            Some(worker) if useful(&worker) => {
                state.idle.push(worker);
                None
            }
            other => other,
        };
        drop(state);
        self.pool.freed.notify_one();
        // Outside the lock: ending a process takes a moment.
        drop(dead);
    }
}
