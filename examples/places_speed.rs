//! How fast places are found, how long the start takes, and how much memory it needs.
//!
//! ```text
//! cargo run --release --no-default-features --example places_speed -- [FOLDER]
//! ```
//!
//! Reads the plain texts of a folder (`corpus/` unless told). Speed is in megabytes per
//! second of processor time on one thread, where the system tells that time (Linux).

#![allow(clippy::print_stdout)]

use std::{fs, path::PathBuf, time::Instant};

use anyhow::Result;
use youcheng::{
    gazetteer::Gazetteer,
    notes::Notes,
    recognise::Recogniser,
    segment::{Passage, PassageKind, Words},
    text::Span,
};

/// Nanoseconds of processor time of this thread; of the clock where they are not told.
fn cpu(start: Instant) -> u64 {
    fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

/// Memory of this process in kilobytes, by its name in `/proc/self/status`.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// The mean time of a piece of work, in nanoseconds. Systems tell processor time in steps of a
/// few milliseconds, so it is done for a while.
fn mean(clock: Instant, mut work: impl FnMut()) -> f64 {
    let before = cpu(clock);
    let mut runs = 0_u32;
    loop {
        work();
        runs += 1;
        let taken = cpu(clock) - before;
        if taken > 300_000_000 {
            return taken as f64 / f64::from(runs);
        }
    }
}

fn main() -> Result<()> {
    let clock = Instant::now();
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("corpus"), PathBuf::from);
    let before = memory("VmRSS");
    let open = mean(clock, || drop(Gazetteer::new()));
    let gazetteer = Gazetteer::new()?;
    let held = memory("VmRSS").saturating_sub(before);
    println!("{gazetteer:?}: opened in {:.1} ms, {held} kB of memory", open / 1e6);

    let compile = mean(clock, || drop(Recogniser::new()));
    let recogniser = Recogniser::new()?;
    let load = mean(clock, || {
        Words::new().tags_of("城市").count();
    });
    let words = Words::new();
    // It is loaded when it is first asked, and that is told apart.
    words.tags_of("城市").count();
    println!(
        "recogniser compiled in {:.1} ms, dictionary loaded in {:.1} ms",
        compile / 1e6,
        load / 1e6
    );

    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ext| ext == "txt")
            && let Ok(text) = fs::read_to_string(&path)
        {
            texts.push(text);
        }
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let rate = |nanoseconds: f64| bytes as f64 * 1e3 / nanoseconds;
    let mut found = 0;
    let matching = mean(clock, || {
        found = texts.iter().map(|text| gazetteer.matches(text).len()).sum();
    });
    println!("matching: {:.0} MB/s, {found} names in {bytes} bytes", rate(matching));

    let cut: Vec<(&str, Vec<Passage>)> =
        texts.iter().map(|text| (text.as_str(), passages(text))).collect();
    let recognition = mean(clock, || {
        found = cut
            .iter()
            .map(|(text, cut)| recogniser.names(text, cut, &words, &mut Notes::default()).len())
            .sum();
    });
    println!("recognition: {:.1} MB/s, {found} mentions", rate(recognition));
    println!("memory: {} kB now, {} kB at most", memory("VmRSS"), memory("VmHWM"));
    Ok(())
}

/// The lines of a text.
fn passages(text: &str) -> Vec<Passage> {
    let mut start = 0;
    let mut passages = Vec::new();
    for line in text.split_inclusive('\n') {
        let span = Span::new(start..start + line.trim_end().len());
        start += line.len();
        passages.push(Passage { kind: PassageKind::Body, span, dateline: None });
    }
    passages
}
