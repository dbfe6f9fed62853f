//! Measures the linker, and how fast it is.
//!
//! ```text
//! python3 gazetteer/link.py --out HELD --hold-out 10
//! cargo run --release --no-default-features --example link -- HELD
//! cargo run --release --no-default-features --example link
//! ```
//!
//! With a folder that `link.py --hold-out` wrote: how often the first candidate, one of the
//! first five, and the link given is the right place, for names that the model has not
//! seen; once with nothing but the country known, once with the first-level unit as well.
//! A candidate is right that lies within 25 km of the record that the name belongs to.
//! Without a folder: names per second and memory, with names of the gazetteer's own kind.

#![allow(clippy::print_stdout)]

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use anyhow::{Context, Result};
use youcheng::{
    link::{Link, Linker, Query},
    place::{CountryCode, Level},
};

/// Names as articles write them, none of them in the gazetteer when this was written.
const NAMES: [(&str, &str); 8] = [
    ("US", "布兰登堡"),
    ("RU", "乌斯季卡缅卡"),
    ("KZ", "卡齐古尔特"),
    ("FR", "圣马丁代尚"),
    ("DE", "施特拉尔森"),
    ("BR", "卡舒埃拉"),
    ("RS", "帕利卢拉"),
    ("IN", "拉姆纳加尔"),
];

#[derive(Default)]
struct Count {
    names: usize,
    first: usize,
    five: usize,
    given: usize,
    right: usize,
}

fn main() -> Result<()> {
    match std::env::args().nth(1) {
        Some(folder) => measure(Path::new(&folder)),
        None => bench(),
    }
}

fn measure(folder: &Path) -> Result<()> {
    let table = fs::read_to_string(folder.join("transliteration.tsv"))?;
    let linker = Linker::with_model(&table)?;
    let held = fs::read_to_string(folder.join("held_out.tsv"))?;
    for inside in [false, true] {
        let mut countries = BTreeMap::<&str, Count>::new();
        for line in held.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [code, stem, id, level, unit, lat, lon] = cells[..] else {
                anyhow::bail!("unexpected row: {line}");
            };
            let country = CountryCode::new(code).context("no country code")?;
            let unit: Option<u32> = unit.parse().ok().filter(|_| inside);
            let level = match level {
                "1" => Level::Province,
                "2" => Level::District,
                _ => Level::City,
            };
            let links = linker.candidates(&Query {
                stem,
                country,
                level: Some(level),
                within: unit.as_slice(),
            });
            let id: u32 = id.parse()?;
            let place = lat.parse::<f64>().ok().zip(lon.parse::<f64>().ok());
            let right = |link: &Link| link.geonames == id || near(link.position, place);
            for key in [code, "all"] {
                let count = countries.entry(key).or_default();
                count.names += 1;
                count.first += usize::from(links.first().is_some_and(right));
                count.five += usize::from(links.iter().take(5).any(right));
                let given = links.first().filter(|link| linker.is_given(link));
                count.given += usize::from(given.is_some());
                count.right += usize::from(given.is_some_and(right));
            }
        }
        let known = if inside { "country and first-level unit" } else { "country" };
        println!("known: {known}\ncountry  names  first  of five  given  right of given");
        let mut rows: Vec<_> = countries.into_iter().collect();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(count.names));
        for (country, count) in rows.iter().take(31) {
            println!(
                "{country:>7} {:>6} {:>5.1}% {:>7.1}% {:>5.1}% {:>14.1}%",
                count.names,
                percent(count.first, count.names),
                percent(count.five, count.names),
                percent(count.given, count.names),
                percent(count.right, count.given),
            );
        }
    }
    Ok(())
}

fn near(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> bool {
    a.zip(b).is_some_and(|((lat, lon), (lat2, lon2))| {
        let (north, east) = ((lat - lat2) * 111.2, (lon - lon2) * 111.2 * lat.to_radians().cos());
        north.hypot(east) < 25.0
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few thousand")]
fn percent(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

fn bench() -> Result<()> {
    let before = memory();
    let start = Instant::now();
    let linker = Linker::new()?;
    println!("made in {:.2} ms", start.elapsed().as_secs_f64() * 1000.0);
    let start = Instant::now();
    linker.model_is_sound()?;
    println!("model read in {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let mut linked = 0;
    let start = Instant::now();
    let mut names = 0;
    while start.elapsed().as_secs_f64() < 2.0 {
        for (code, stem) in NAMES {
            let country = CountryCode::new(code).context("no country code")?;
            let query = Query { stem, country, level: Some(Level::City), within: &[] };
            linked += usize::from(linker.link(&query).is_some());
            names += 1;
        }
    }
    let speed = names as f64 / start.elapsed().as_secs_f64();
    println!("{speed:.0} names a second, one thread; {linked} of {names} linked");
    if let (Some(before), Some(after)) = (before, memory()) {
        println!(
            "{} KB more memory at the end than at the beginning",
            after.saturating_sub(before)
        );
    }
    Ok(())
}

/// Resident memory in KB, where the system tells.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
