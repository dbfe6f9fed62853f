//! What `./dev fuzz` does for as long as one likes, for a few seconds: the checks of `fuzz/` on
//! what was once found, and on inputs damaged at random, the same ones each time.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "files of another crate, and a test that cannot go on has failed"
)]

#[path = "../fuzz/src/checks/mod.rs"]
mod checks;
#[path = "../fuzz/src/seeds.rs"]
mod seeds;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

/// What fuzzers found, by target: each file is named after what it broke.
const FOUND: &str = "fuzz/found";
/// For how long a target is tried, and how often at most.
const TIME: Duration = Duration::from_secs(4);
const TRIES: usize = 2_000;
/// Longer inputs take longer and find no more.
const LONGEST: usize = 4_096;

#[test]
fn what_fuzzers_found_stays_mended() {
    for (target, check) in checks::TARGETS {
        let Ok(entries) = fs::read_dir(Path::new(FOUND).join(target)) else { continue };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).unwrap();
            if let Err(what) = catch_unwind(|| check(&bytes)) {
                let what = what.downcast_ref::<String>().map_or("a panic", String::as_str);
                panic!("{}: {what}", path.display());
            }
        }
    }
}

/// A generator of numbers, the same ones each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    /// A stretch of something that is so long.
    fn stretch(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(longest)).min(length)
    }

    /// One of the inputs, damaged in a few places.
    fn damaged(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        bytes.truncate(LONGEST);
        for _ in 0..=self.below(6) {
            let length = bytes.len();
            match self.below(6) {
                0 => drop(bytes.drain(self.stretch(length, 64))),
                1 => {
                    let other = &seeds[self.below(seeds.len())];
                    let part = other[self.stretch(other.len(), 256)].to_vec();
                    let at = self.stretch(length, 64);
                    bytes.splice(at, part);
                }
                2 => {
                    let part = bytes[self.stretch(length, 64)].repeat(1 + self.below(4));
                    let at = self.below(length + 1);
                    bytes.splice(at..at, part);
                }
                3 => {
                    let at = self.below(length);
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
                4 => bytes.truncate(length - self.below(64).min(length)),
                _ => {
                    let token = seeds::TOKENS[self.below(seeds::TOKENS.len())].bytes();
                    let at = self.stretch(length, 8);
                    bytes.splice(at, token);
                }
            }
        }
        bytes
    }
}

/// Tries a target on its seeds and then on damaged ones.
fn tried(target: &str) {
    let seeds = seeds::of(target);
    let mut random = Random(20_251_126);
    let began = Instant::now();
    for n in 0..TRIES {
        if began.elapsed() > TIME {
            break;
        }
        let bytes = random.damaged(&seeds);
        let outcome = catch_unwind(AssertUnwindSafe(|| checks::check(target, &bytes)));
        if outcome.is_err() {
            let kept = std::env::temp_dir().join(format!("youcheng-{target}-{n}"));
            fs::write(&kept, &bytes).unwrap();
            panic!("{target}: {} breaks what must hold; the message stands above", kept.display());
        }
    }
}

macro_rules! tried {
    ($($name:ident $target:literal)*) => {
        $(#[test]
        fn $name() {
            tried($target);
        })*
    };
}

tried! {
    damaged_pages_are_sound "html"
    damaged_texts_are_sound "text"
    damaged_annotations_are_sound "pinyin"
    damaged_dates_are_sound "dates"
    damaged_rules_are_refused_or_sound "rules"
    damaged_records_are_sound "jsonl"
    damaged_crawls_are_sound "warc"
    damaged_packed_files_are_sound "codecs"
}

#[cfg(feature = "parquet")]
tried! {
    damaged_tables_are_sound "parquet"
}
