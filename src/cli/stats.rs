//! `youcheng stats`: what is in the graph.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::Path,
};

use serde::Serialize;
use youcheng::{holdings::Holdings, store::Store};

use super::{
    Outcome, args,
    terminal::{Out, grouped},
};

/// The numbers and the disk.
#[derive(Serialize)]
struct Stats {
    #[serde(flatten)]
    holdings: Holdings,
    bytes: u64,
}

pub(crate) fn run(args: &args::Stats) -> anyhow::Result<Outcome> {
    let store = Store::read(&args.store.store)?;
    let stats = Stats { holdings: Holdings::of(&store)?, bytes: size(&args.store.store)? };
    let mut out = Out::new();
    if args.json {
        serde_json::to_writer(&mut out, &stats).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        page(&mut out, &stats)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Bytes on disk. A writer beside us may delete files while we look.
fn size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.metadata() {
            Ok(meta) if meta.is_dir() => bytes += size(&entry.path())?,
            Ok(meta) => bytes += meta.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}

fn page(out: &mut Out, stats: &Stats) -> io::Result<()> {
    let it = &stats.holdings;
    let number = |n: u64| grouped(usize::try_from(n).unwrap_or(usize::MAX));
    for (head, text) in [
        ("articles", format!("{} ({} of them copies)", number(it.articles), number(it.copies))),
        ("claims", number(it.claims)),
        (
            "agreements",
            format!(
                "{} ({} by one article alone)",
                number(it.agreements),
                number(it.single_source)
            ),
        ),
        ("partners", format!("{} pairs, by more than a memorandum", number(it.pairs))),
        ("parties", format!("{} places", number(it.parties))),
        ("stated counts", number(it.statistics)),
        ("kinds", list(&it.kinds, usize::MAX)),
        ("statuses", list(&it.statuses, usize::MAX)),
        ("countries", list(&it.countries, 12)),
        ("years", years(&it.years)),
        ("quads", number(it.quads)),
        (
            "on disk",
            format!(
                "{:.1} MB",
                f64::from(u32::try_from(stats.bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
            ),
        ),
    ] {
        writeln!(out, "{head:<14}{text}")?;
    }
    Ok(())
}

/// The most frequent first.
fn list(counts: &BTreeMap<String, u64>, shown: usize) -> String {
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let mut text = sorted
        .iter()
        .take(shown)
        .map(|(key, n)| format!("{key} {n}"))
        .collect::<Vec<_>>()
        .join(", ");
    if sorted.len() > shown {
        text += &format!(", and {} more", sorted.len() - shown);
    }
    text
}

/// The span of years and how many agreements each decade has.
fn years(counts: &BTreeMap<String, u64>) -> String {
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else {
        return String::new();
    };
    let mut decades = BTreeMap::<String, u64>::new();
    for (year, n) in counts {
        let decade = year.chars().take(year.chars().count().saturating_sub(1)).collect::<String>();
        *decades.entry(decade + "0s").or_default() += n;
    }
    let decades: Vec<_> = decades.iter().map(|(decade, n)| format!("{decade} {n}")).collect();
    format!("{first} to {last}: {}", decades.join(", "))
}
