//! Pieces of the work of `youcheng`, and what others do with the same bytes, by themselves on
//! one thread; `benches/whole.py` asks for them and compares. Prints JSON, times in seconds
//! of processor time where the system tells it (Linux).
//!
//! ```text
//! measure split FILE      all stages, and how long each took
//! measure tag FILE        jieba tags the texts of JSON Lines
//! measure parse FILE      scraper parses the pages of JSON Lines
//! measure load FILE DIR   Oxigraph's bulk loader loads N-Quads (needs the feature `store`)
//! ```
#![allow(clippy::print_stdout)]

use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use youcheng::{
    clean::Cleaner,
    dedup::Signer,
    notes::Notes,
    pipeline::{Extractor, Options},
    rdf::emit::emit,
    read::{Limits, Reader},
    recognise::Recogniser,
    relate::Relater,
    segment::Segmenter,
    wire::Record,
};

/// The time that this thread has run; elsewhere than on Linux the time that has passed.
fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    ran.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn main() -> anyhow::Result<()> {
    let args: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [what, file, ..] = args.as_slice() else { bail!("what, and on which file?") };
    let measured = match what.to_str() {
        Some("split") => split(file)?,
        Some("tag") => {
            let jieba = jieba_rs::Jieba::new();
            alone(file, "text", |text| drop(black_box(jieba.tag(text, true))))?
        }
        Some("parse") => {
            alone(file, "html", |page| drop(black_box(scraper::Html::parse_document(page))))?
        }
        Some("load") => load(file, args.get(2).context("and to which folder?")?)?,
        _ => bail!("split, tag, parse or load"),
    };
    println!("{measured}");
    Ok(())
}

/// All stages, one after the other, article by article.
fn split(file: &Path) -> anyhow::Result<Value> {
    let reader = Reader::new(Limits::default())?;
    let (cleaner, segmenter) = (Cleaner::new()?, Segmenter::new()?);
    let (recogniser, relater) = (Recogniser::new()?, Relater::new()?);
    let (extractor, signer) = (Extractor::new(Options::default())?, Signer::new()?);
    let mut stages =
        ["file", "read", "clean", "segment", "recognise", "relate", "emit", "write", "signature"]
            .map(|name| (name, Duration::ZERO));
    let (mut articles, mut bytes, mut all) = (0_u64, 0, Duration::ZERO);
    let mut inputs = reader.inputs(&[file.to_owned()]);
    // The first article pays for what is compiled when it is first needed.
    let mut warm = false;
    loop {
        let mut times = vec![now()];
        let Some(input) = inputs.next() else { break };
        times.push(now());
        let Ok((raw, mut notes)) = reader.article(input?) else { continue };
        times.push(now());
        let mut article = raw.clone();
        cleaner.run(&mut article, &mut notes);
        times.push(now());
        let passages = segmenter.run(&article, &mut notes);
        times.push(now());
        let (mentions, _) = recogniser.run(&article, &passages, segmenter.words(), &mut notes);
        times.push(now());
        black_box(relater.run(&article, &passages, &mentions, &mut notes, None));
        times.push(now());
        let extraction = extractor.run(raw, Notes::default());
        let extracted = now();
        black_box(emit(&extraction));
        let emitted = now();
        let mut line = Vec::new();
        Record::new(&extraction).write(&mut line)?;
        let written = now();
        black_box(signer.run(article.text.clean()));
        let signed = now();
        if !warm {
            warm = true;
            continue;
        }
        let ends = [emitted - extracted, written - emitted, signed - written];
        let spent = times.windows(2).map(|pair| pair[1] - pair[0]).chain(ends);
        for ((_, sum), time) in stages.iter_mut().zip(spent) {
            *sum += time;
        }
        all += extracted - times[times.len() - 1];
        articles += 1;
        bytes += article.text.clean().len();
    }
    let mut shares: serde_json::Map<String, Value> =
        stages.iter().map(|(name, time)| ((*name).to_owned(), time.as_secs_f64().into())).collect();
    // What the extractor does besides: links, titles, the least confidence.
    let inner: Duration = stages[2..6].iter().map(|(_, time)| *time).sum();
    shares.insert("link".to_owned(), (all.as_secs_f64() - inner.as_secs_f64()).max(0.0).into());
    Ok(
        json!({ "articles": articles, "bytes": bytes, "extract": all.as_secs_f64(), "stages": shares }),
    )
}

/// What one piece of work takes on a field of all records.
fn alone(file: &Path, field: &str, work: impl Fn(&str)) -> anyhow::Result<Value> {
    let lines = fs::read_to_string(file)?;
    let (mut cpu, mut bytes, mut records) = (Duration::ZERO, 0, 0_u64);
    for line in lines.lines() {
        let record: Value = serde_json::from_str(line)?;
        let text = record[field].as_str().with_context(|| format!("a record without {field}"))?;
        if records == 0 {
            // Tables that are built when they are first needed.
            work(text);
        }
        let start = now();
        work(text);
        cpu += now() - start;
        bytes += text.len();
        records += 1;
    }
    Ok(json!({ "records": records, "bytes": bytes, "cpu": cpu.as_secs_f64() }))
}

#[cfg(feature = "store")]
fn load(file: &Path, folder: &Path) -> anyhow::Result<Value> {
    use oxigraph::{io::RdfFormat, store::Store};

    /// The time that all threads of this process have run, in seconds: the 14th and 15th
    /// field, in hundredths on all systems that have this file.
    fn process() -> Option<f64> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let fields = stat.rsplit_once(')')?.1.split_whitespace();
        let ticks: Vec<f64> = fields.skip(11).take(2).filter_map(|it| it.parse().ok()).collect();
        Some(ticks.iter().sum::<f64>() / 100.0)
    }

    let store = Store::open(folder)?;
    let data = fs::read(file)?;
    let parser = oxigraph::io::RdfParser::from_format(RdfFormat::NQuads);
    let quads: Vec<_> = parser.for_slice(&data).collect::<Result<_, _>>()?;
    let (count, before, start) = (quads.len(), process(), Instant::now());
    let mut loader = store.bulk_loader().with_max_memory_size_in_megabytes(256);
    loader.load_quads(quads)?;
    loader.commit()?;
    let wall = start.elapsed().as_secs_f64();
    let cpu = process().zip(before).map_or(wall, |(after, before)| after - before);
    Ok(json!({ "quads": count, "cpu": cpu, "wall": wall }))
}

#[cfg(not(feature = "store"))]
fn load(_: &Path, _: &Path) -> anyhow::Result<Value> {
    bail!("built without the store")
}
