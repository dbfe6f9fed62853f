//! The server: a SPARQL endpoint and the explorer over one store.
//!
//! A connection has a thread, which reads a request within limits of size and time, asks the
//! `gate` whether it may be answered, and answers it. Pages, lists and search come out of
//! the `atlas`, which is in memory. Whatever a client wrote in SPARQL is evaluated by the
//! `pool` of worker processes, which can be ended at any moment.

mod api;
mod assets;
mod atlas;
mod connection;
mod description;
mod gate;
mod hangup;
mod job;
mod live;
mod media;
mod metrics;
mod pool;
mod problem;
mod request;
mod response;
mod route;
mod rows;
mod sparql;
mod worker;

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

pub use worker::work;

use self::{
    gate::Gate, live::Live, metrics::Metrics, pool::Pool, request::Request, response::Response,
};

/// What the pages of the explorer may do: nothing but load from here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; font-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// How a store is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// The store.
    pub store: PathBuf,
    /// Where to listen.
    pub bind: SocketAddr,
    /// Names of this machine besides `localhost` and its addresses.
    pub hosts: Vec<String>,
    /// Origins whose pages may ask, besides those of this machine; `*` is any.
    pub origins: Vec<String>,
    /// Whoever knows it may change the store; without it nobody may.
    pub token: Option<String>,
    /// A program that calls [`work`], and its arguments.
    pub worker: (PathBuf, Vec<String>),
    /// What nobody may exceed.
    pub limits: Limits,
}

/// What nobody may exceed.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The time of a query, sending its answer included.
    pub timeout: Duration,
    /// The rows, or triples, of an answer.
    pub rows: u64,
    /// Queries that are evaluated at once.
    pub queries: usize,
    /// Queries that wait for one of these to end.
    pub queue: usize,
    /// How long they wait.
    pub wait: Duration,
    /// Open connections.
    pub connections: usize,
    /// Bytes of a body.
    pub body: usize,
    /// Bytes of the request line and the headers.
    pub header: usize,
    /// The time in which a head, half a body, or 64 KB of an answer must come or go.
    pub patience: Duration,
    /// How long a connection may rest between requests.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            rows: 1_000_000,
            queries: thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2),
            queue: 64,
            wait: Duration::from_secs(30),
            connections: 512,
            body: 1 << 20,
            header: 32 << 10,
            patience: Duration::from_secs(10),
            idle: Duration::from_secs(30),
        }
    }
}

/// All that answering needs.
struct App {
    live: Arc<Live>,
    pool: Arc<Pool>,
    gate: Gate,
    token: Option<String>,
    limits: Limits,
    metrics: Metrics,
    /// Updates are done one after the other: a store has one writer.
    updating: Mutex<()>,
}

/// A server that listens.
pub struct Server {
    address: SocketAddr,
    thread: thread::JoinHandle<()>,
    live: Arc<Live>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Opens the store and listens.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or the address is taken.
    pub fn start(options: Options) -> io::Result<Self> {
        let live =
            Live::open(&options.store).map_err(|problem| io::Error::other(problem.message))?;
        let limits = options.limits;
        let (program, arguments) = options.worker;
        let pool = Pool::new(program, arguments, limits.queries, limits.queue, limits.wait);
        let app = Arc::new(App {
            live: Arc::new(live),
            pool: Arc::new(pool),
            gate: Gate { hosts: options.hosts, origins: options.origins },
            token: options.token,
            limits,
            metrics: Metrics::default(),
            updating: Mutex::default(),
        });
        let listener = TcpListener::bind(options.bind)?;
        let address = listener.local_addr()?;
        app.live.watch(&app.pool);
        let live = Arc::clone(&app.live);
        let thread = thread::spawn(move || connection::accept(&listener, &app));
        Ok(Self { address, thread, live })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What is to be done before the program ends: whoever is told to end calls it. The
    /// workers end with the program.
    pub fn farewell(&self) -> impl FnOnce() + Send + 'static {
        let live = Arc::clone(&self.live);
        move || live.state().store.forget_snapshot()
    }

    /// Waits for as long as it listens.
    pub fn join(self) {
        let _ = self.thread.join();
    }
}

impl App {
    fn answer(&self, request: &Request) -> Response {
        route::answer(self, request)
    }

    /// An answer with what every answer says to browsers.
    fn dressed(&self, response: Response) -> Response {
        response
            .with("content-security-policy", POLICY)
            .with("x-content-type-options", "nosniff")
            .with("referrer-policy", "no-referrer")
            .with("cross-origin-opener-policy", "same-origin")
            .with("cache-control", "no-cache")
            .with("server", concat!("youcheng/", env!("CARGO_PKG_VERSION")))
    }
}
