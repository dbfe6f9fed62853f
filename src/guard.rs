//! [`quietly`]: work that may panic, and what the panic said instead of a printed message.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does the work; a panic is its error, on one line.
///
/// # Errors
///
/// What the panic said, and where.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    hold_panics();
    let before = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    result.map_err(|payload| LAST_PANIC.take().unwrap_or_else(|| said(&*payload)))
}

/// Keeps the panic message of guarded work instead of printing it. Other panics print as
/// before.
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
