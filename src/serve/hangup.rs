//! [`Hangup`]: a client that does not wait for its answer any more.

use std::{net::TcpStream, process::Child, sync::mpsc, thread, time::Duration};

/// How often a client is looked at.
const PERIOD: Duration = Duration::from_millis(200);

/// Ends a worker when its client has closed the connection; not any more when dropped.
pub(super) struct Hangup {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Hangup {
    /// Looks after a client while a worker works for it.
    pub(super) fn watch(client: &TcpStream, worker: &Child) -> Option<Self> {
        let client = client.try_clone().ok()?;
        let worker = worker.id();
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = thread::Builder::new().stack_size(64 << 10).spawn(move || {
            while stopped.recv_timeout(PERIOD) == Err(mpsc::RecvTimeoutError::Timeout) {
                if has_left(&client) {
                    end(worker);
                    return;
                }
            }
        });
        Some(Self { stop: Some(stop), thread: Some(thread.ok()?) })
    }
}

impl Drop for Hangup {
    fn drop(&mut self) {
        // The worker is there until its pool drops it, so that its number names no other.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Whether the other end is closed. Nothing is read, and nothing waited for.
#[cfg(unix)]
fn has_left(client: &TcpStream) -> bool {
    use rustix::net::{RecvFlags, recv};
    let mut first = [0_u8; 1];
    match recv(client, &mut first, RecvFlags::PEEK | RecvFlags::DONTWAIT) {
        Ok((_, count)) => count == 0,
        Err(error) => error != rustix::io::Errno::AGAIN && error != rustix::io::Errno::INTR,
    }
}

#[cfg(not(unix))]
fn has_left(_: &TcpStream) -> bool {
    false
}

#[cfg(unix)]
fn end(worker: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(worker) = i32::try_from(worker).ok().and_then(Pid::from_raw) {
        let _ = kill_process(worker, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end(_: u32) {}
