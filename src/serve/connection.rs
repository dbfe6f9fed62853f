//! Connections: accepted up to a limit, each with a thread, each request answered in turn.

use std::{
    io::Read as _,
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    App,
    problem::Problem,
    request::{Incoming, Refusal},
    response::Outgoing,
};

/// Reading a request and writing an answer need little; queries run elsewhere.
const STACK: usize = 1 << 20;

/// Accepts connections for as long as the program runs.
pub(super) fn accept(listener: &TcpListener, app: &Arc<App>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Too many open files, or a client that changed its mind.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let guard = Guard::new(&open);
        if guard.count > app.limits.connections {
            refuse(&stream, app);
            continue;
        }
        let app = Arc::clone(app);
        let spawned = thread::Builder::new().stack_size(STACK).spawn(move || {
            converse(&stream, &app);
            drop(guard);
        });
        if spawned.is_err() {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Counts a connection while it is open.
struct Guard {
    open: Arc<AtomicUsize>,
    count: usize,
}

impl Guard {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        let count = open.fetch_add(1, Ordering::Relaxed) + 1;
        Self { open: Arc::clone(open), count }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

fn refuse(stream: &TcpStream, app: &App) {
    app.metrics.refused();
    let mut out = Outgoing::new(stream, Duration::from_millis(50));
    let _ = Problem::busy("too many connections are open").answer().send(None, &mut out);
    let _ = stream.shutdown(Shutdown::Both);
}

fn converse(stream: &TcpStream, app: &Arc<App>) {
    let _ = stream.set_nodelay(true);
    let mut incoming = Incoming::new(stream, &app.limits);
    loop {
        let mut out = Outgoing::new(stream, app.limits.patience);
        let mut request = match incoming.head() {
            Ok(request) => request,
            Err(Refusal::Gone) => return,
            Err(Refusal::Told(problem)) => {
                app.metrics.count("none", problem.status, Duration::ZERO);
                let _ = app.dressed(problem.answer()).send(None, &mut out);
                return linger(stream);
            }
        };
        // Whoever may not ask is told before the rest of the request is read.
        let admitted = match app.gate.check(&request) {
            Ok(admitted) => admitted,
            Err(problem) => {
                app.metrics.count("none", problem.status, Duration::ZERO);
                let _ = app.dressed(problem.answer()).send(None, &mut out);
                return linger(stream);
            }
        };
        match incoming.body(&mut request) {
            Ok(()) => {}
            Err(Refusal::Gone) => return,
            Err(Refusal::Told(problem)) => {
                app.metrics.count("none", problem.status, Duration::ZERO);
                let response = admitted.mark(app.dressed(problem.answer()));
                let _ = response.send(None, &mut out);
                return linger(stream);
            }
        }
        let start = Instant::now();
        request.client = stream.try_clone().ok();
        let response = match admitted.preflight(&request) {
            Some(response) => response,
            None => admitted.mark(app.dressed(app.answer(&request))),
        };
        let status = response.status;
        let sent = response.send(Some(&request), &mut out);
        app.metrics.count(super::route::name(&request.path), status, start.elapsed());
        match sent {
            Ok(true) => {}
            Ok(false) => return linger(stream),
            // The client is gone, too slow, or got less than all.
            Err(_) => {
                let _ = stream.shutdown(Shutdown::Both);
                return;
            }
        }
    }
}

/// Closes so that the client still gets what was sent, though it may be sending itself.
fn linger(mut stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    let deadline = Instant::now() + Duration::from_secs(2);
    let mut rest = [0; 16 * 1024];
    while Instant::now() < deadline && stream.read(&mut rest).is_ok_and(|read| read > 0) {}
}
