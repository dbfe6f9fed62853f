//! [`Metrics`]: what was asked how often and how long it took, as Prometheus reads it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{live::State, pool::Pool};

/// Upper bounds of the classes of the histogram, in seconds.
const CLASSES: [f64; 9] = [0.005, 0.02, 0.05, 0.15, 0.5, 1.0, 5.0, 20.0, 60.0];

/// What was counted since the start.
#[derive(Default)]
pub(super) struct Metrics {
    requests: Mutex<BTreeMap<(&'static str, u16), u64>>,
    times: Mutex<BTreeMap<&'static str, Times>>,
    refused: AtomicU64,
}

#[derive(Default)]
struct Times {
    classes: [u64; CLASSES.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    pub(super) fn count(&self, route: &'static str, status: u16, time: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((route, status)).or_default() += 1;
        drop(requests);
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let times = times.entry(route).or_default();
        let seconds = time.as_secs_f64();
        for (bound, class) in CLASSES.iter().zip(&mut times.classes) {
            *class += u64::from(seconds <= *bound);
        }
        times.count += 1;
        times.seconds += seconds;
    }

    /// A connection was turned away.
    pub(super) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// All of it.
    pub(super) fn text(&self, pool: &Pool, state: Option<&State>) -> String {
        let mut text = String::new();
        let head = |text: &mut String, name: &str, kind: &str, help: &str| {
            let _ = writeln!(text, "# HELP youcheng_{name} {help}\n# TYPE youcheng_{name} {kind}");
        };
        head(&mut text, "http_requests_total", "counter", "Requests that were answered.");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((route, status), count) in &*requests {
            let _ = writeln!(
                text,
                "youcheng_http_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}"
            );
        }
        drop(requests);
        let name = "http_request_duration_seconds";
        head(&mut text, name, "histogram", "From the whole request to the whole answer.");
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        for (route, times) in &*times {
            for (bound, class) in CLASSES.iter().zip(times.classes) {
                let _ = writeln!(
                    text,
                    "youcheng_{name}_bucket{{route=\"{route}\",le=\"{bound}\"}} {class}"
                );
            }
            let (count, seconds) = (times.count, times.seconds);
            let _ =
                writeln!(text, "youcheng_{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}");
            let _ = writeln!(text, "youcheng_{name}_sum{{route=\"{route}\"}} {seconds}");
            let _ = writeln!(text, "youcheng_{name}_count{{route=\"{route}\"}} {count}");
        }
        drop(times);
        let (working, waiting) = pool.load();
        let mut one = |name: &str, kind: &str, help: &str, value: u64| {
            head(&mut text, name, kind, help);
            let _ = writeln!(text, "youcheng_{name} {value}");
        };
        let counter = |value: &AtomicU64| value.load(Ordering::Relaxed);
        one(
            "connections_refused_total",
            "counter",
            "Connections beyond the limit.",
            counter(&self.refused),
        );
        one(
            "queries_stopped_total",
            "counter",
            "Queries ended at their time limit.",
            counter(&pool.stopped),
        );
        one(
            "queries_refused_total",
            "counter",
            "Queries for which there was no place.",
            counter(&pool.refused),
        );
        one("queries_working", "gauge", "Queries that are evaluated now.", working as u64);
        one("queries_waiting", "gauge", "Queries that wait for a place.", waiting as u64);
        if let Some(state) = state {
            let totals = &state.atlas.totals;
            one(
                "store_generation",
                "counter",
                "States of the store that were seen.",
                state.generation,
            );
            one("articles", "gauge", "Articles in the store.", totals.articles);
            one("agreements", "gauge", "Agreements in the store.", totals.agreements);
        }
        if let Some(bytes) = resident() {
            one(
                "resident_memory_bytes",
                "gauge",
                "Memory of the server without its workers.",
                bytes,
            );
        }
        text
    }
}

/// The memory of this process, where the system tells.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kb| kb * 1024)
}
