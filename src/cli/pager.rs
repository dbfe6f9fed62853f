//! [`Pager`]: a long answer shown page by page.

use std::{
    env,
    io::{self, BufWriter, IsTerminal, Write},
    process::{Child, ChildStdin, Command, Stdio},
};

use super::terminal::told;

/// A program that shows a long answer page by page, as `PAGER` names it; `less` when it
/// names none.
#[derive(Debug)]
pub(crate) struct Pager {
    child: Child,
    out: Option<BufWriter<ChildStdin>>,
}

impl Pager {
    /// Starts it. `None` when standard output is no terminal, when `PAGER` is empty or
    /// `cat`, and when the program cannot be started: then the answer is simply printed.
    pub(crate) fn start() -> Option<Self> {
        if !io::stdout().is_terminal() {
            return None;
        }
        let line = env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
        let mut words = line.split_whitespace();
        let program = words.next().filter(|&program| program != "cat")?;
        let mut command = Command::new(program);
        command.args(words).stdin(Stdio::piped());
        // An answer that fits the screen stays on it; the table's width is the screen's.
        if env::var_os("LESS").is_none() {
            command.env("LESS", "FRX");
        }
        let mut child = command.spawn().ok()?;
        let out = child.stdin.take().map(BufWriter::new);
        Some(Self { child, out })
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes).map_err(|error| told(&error)),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Some(out) => out.flush().map_err(|error| told(&error)),
            None => Ok(()),
        }
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        // Its end of the pipe is closed first, so that it knows that there is no more.
        self.out = None;
        let _ = self.child.wait();
    }
}
