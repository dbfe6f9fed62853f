//! How well and how fast near duplicates are found, on articles with known truth:
//! `duplicates DIR`, a folder that the example `generate` wrote. Times are of one core, and
//! of this thread alone (on Linux); reading is not counted.
#![allow(clippy::print_stdout)]

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::PathBuf,
    sync::LazyLock,
    time::{Duration, Instant},
};

use serde_json::Value;
use youcheng::{
    clean::Cleaner,
    dedup::{Entry, Index, Signer},
    read::{Limits, Reader},
};

/// The time that this thread has run; elsewhere than on Linux the time that has passed.
fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    ran.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Articles that are measured together.
const AT_A_TIME: usize = 64;

/// The most memory that was in use, in MB.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1000)
}

#[derive(Default)]
struct Tally {
    right: usize,
    all: usize,
}

impl Tally {
    fn add(&mut self, right: bool) {
        self.all += 1;
        self.right += usize::from(right);
    }

    fn print(&self, name: &str) {
        let share = 100.0 * self.right as f64 / self.all.max(1) as f64;
        println!("{name:<40}{:>7} of {:>7}  {share:.2} %", self.right, self.all);
    }
}

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let shows = std::env::args().any(|it| it == "--misses");
    let reader = Reader::new(Limits::default())?;
    let (cleaner, signer) = (Cleaner::new()?, Signer::new()?);
    let mut index = Index::default();
    let (mut cleaning, mut signing, mut adding) = <(Duration, Duration, Duration)>::default();
    let mut bytes = 0;
    let mut inputs = reader.inputs(&[folder.join("articles.jsonl")]);
    loop {
        // Some at a time: to ask for the time takes as long as to add an article.
        let mut articles = Vec::with_capacity(AT_A_TIME);
        for input in inputs.by_ref().take(AT_A_TIME) {
            articles.extend(reader.article(input?).ok());
        }
        if articles.is_empty() {
            break;
        }
        let start = now();
        for (article, notes) in &mut articles {
            cleaner.run(article, notes);
        }
        let cleaned = now();
        let signatures: Vec<_> =
            articles.iter().map(|(article, _)| signer.run(article.text.clean())).collect();
        let signed = now();
        for ((article, _), signature) in articles.iter().zip(signatures) {
            let published = article.published.map(|it| it.date);
            index.add(Entry { id: article.id, published, signature });
        }
        adding += now() - signed;
        signing += signed - cleaned;
        cleaning += cleaned - start;
        bytes += articles.iter().map(|(article, _)| article.text.clean().len()).sum::<usize>();
    }
    let start = now();
    let clusters = index.clusters();
    let clustering = now() - start;

    let n = index.len() as f64;
    println!("{n} articles, {} bytes each", bytes / index.len().max(1));
    let all = [("cleaning", cleaning), ("signing", signing), ("adding", adding)];
    let all = [&all[..], &[("clustering", clustering)]].concat();
    for (name, time) in &all {
        println!(
            "{name:<12}{:>8.2} s {:>8.0} a second",
            time.as_secs_f64(),
            n / time.as_secs_f64()
        );
    }
    let sum = all.iter().map(|it| it.1).sum::<Duration>().as_secs_f64();
    let without = sum - cleaning.as_secs_f64();
    println!(
        "{:<12}{sum:>8.2} s {:>8.0} a second; {:.0} without cleaning",
        "all",
        n / sum,
        n / without
    );
    println!("peak memory {} MB", peak().unwrap_or_default());

    let truth: Vec<Value> = fs::read_to_string(folder.join("truth.jsonl"))?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let mut found: HashMap<String, usize> = HashMap::new();
    for (cluster, it) in clusters.iter().enumerate() {
        found.insert(it.original.to_string(), cluster);
        found.extend(it.copies.iter().map(|id| (id.to_string(), cluster)));
    }
    let number = |value: &Value| value.as_u64().map(|n| n as usize);
    let cluster = |it: &Value| it["id"].as_str().and_then(|id| found.get(id)).copied();
    let (mut near, mut far) = (Tally::default(), Tally::default());
    let mut ways: BTreeMap<String, Tally> = BTreeMap::new();
    for it in truth.iter().filter(|it| it["role"] != "original") {
        let Some(of) = number(&it["of"]).and_then(|of| truth.get(of)) else { continue };
        let together = cluster(it).is_some() && cluster(it) == cluster(of);
        let is_copy = it["role"] == "copy";
        let way = format!("{} {}", it["role"].as_str().unwrap_or_default(), it["how"]);
        if shows && together != is_copy {
            println!("wrong: {it} {}", of["id"]);
        }
        ways.entry(way).or_default().add(together);
        let is_near = it["jaccard"].as_f64() >= Some(0.8);
        match is_copy {
            true if is_near => near.add(together),
            true => far.add(together),
            false => {}
        }
    }
    near.print("recall, Jaccard 0.8 and more");
    far.print("recall, Jaccard below 0.8");
    let (mut merged, mut precision) = (Tally::default(), Tally::default());
    for (way, tally) in &ways {
        tally.print(&format!("found together: {way}"));
        if way.starts_with("negative") {
            merged.right += tally.right;
            merged.all += tally.all;
        }
    }
    merged.print("look-alikes merged");
    // The story that an article tells.
    let stories: HashMap<&str, &str> =
        truth.iter().filter_map(|it| Some((it["id"].as_str()?, it["story"].as_str()?))).collect();
    let of = |id: &dyn ToString| stories.get(id.to_string().as_str()).copied();
    for it in &clusters {
        for copy in &it.copies {
            let right = of(copy) == of(&it.original);
            precision.add(right);
            if shows && !right {
                println!("merged: {copy} with {}", it.original);
            }
        }
    }
    precision.print("precision, copies with their original");
    Ok(())
}
