//! Makes articles to measure with: news in our own words, with planted copies, articles
//! that only look like copies, noise, and the truth about all of it.
//!
//! ```sh
//! cargo run --release --no-default-features --example generate -- --articles 100000 --out DIR
//! ```
//!
//! Writes `DIR/articles.jsonl` (format jsonl or html) or the folder `DIR/articles` (format
//! files: half pages, half plain text), and `DIR/truth.jsonl` with a line for each article.
//! The same seed gives the same bytes.

mod copies;
mod corpus;
mod page;
mod random;
mod story;
mod world;

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::PathBuf,
};

use clap::{Parser, ValueEnum};
use serde_json::json;
use youcheng::article::ArticleId;

use self::corpus::{Corpus, Role};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Records with their text.
    Jsonl,
    /// Records with a page.
    Html,
    /// A folder of pages and texts.
    Files,
}

/// Make articles with known duplicates.
#[derive(Debug, Parser)]
struct Args {
    /// How many, copies included.
    #[arg(long, default_value_t = 1000)]
    articles: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// The share of copies.
    #[arg(long, default_value_t = 0.14)]
    duplicates: f64,
    /// The share of articles that look like copies and are none.
    #[arg(long, default_value_t = 0.033)]
    negatives: f64,
    /// How many pairs of cities there are to tell of, as in a crawl of years: hubs, several
    /// articles on one tie, some that contradict each other. 0: each article has its own pair.
    #[arg(long, default_value_t = 0)]
    pairs: u64,
    /// The folder to write to.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let corpus = Corpus::new(args.seed, args.pairs, args.duplicates, args.negatives)?;
    fs::create_dir_all(&args.out)?;
    let folder = args.out.join("articles");
    let mut articles = match args.format {
        Format::Files => {
            fs::create_dir_all(&folder)?;
            None
        }
        _ => Some(BufWriter::new(File::create(args.out.join("articles.jsonl"))?)),
    };
    let mut truth = BufWriter::new(File::create(args.out.join("truth.jsonl"))?);
    for n in 0..args.articles {
        let article = corpus.article(n);
        let story = &article.story;
        let (year, month, day) = story.published;
        let host = (n * 7 % 41) as usize;
        let published = format!("{year}-{month:02}-{day:02}");
        let url = format!("https://news{host}.example/{year}{month:02}/{n}.html");
        let bytes = match args.format {
            Format::Jsonl => json!({
                "url": url, "title": story.title, "published": published,
                "publisher": format!("第{host}新闻网"), "text": story.paragraphs.join("\n"),
            })
            .to_string(),
            Format::Html => json!({ "url": url, "html": page::page(story, host) }).to_string(),
            Format::Files if n % 2 == 0 => page::page(story, host),
            Format::Files => {
                format!("{}\n{published}\n{}\n", story.title, story.paragraphs.join("\n"))
            }
        };
        match &mut articles {
            Some(file) => writeln!(file, "{bytes}")?,
            None => {
                let ending = if n % 2 == 0 { "html" } else { "txt" };
                fs::write(folder.join(format!("{n:07}.{ending}")), &bytes)?;
            }
        }
        let (role, of, how) = match article.role {
            Role::Original => ("original", None, None),
            Role::Copy { of, how } => ("copy", Some(of), Some(how)),
            Role::Negative { of, how } => ("negative", Some(of), Some(how)),
        };
        let line = json!({
            "n": n, "id": ArticleId::of(bytes.as_bytes()).to_string(), "role": role, "of": of,
            "how": how, "story": article.key, "jaccard": article.jaccard, "claims": story.claims,
        });
        writeln!(truth, "{line}")?;
    }
    if let Some(mut file) = articles {
        file.flush()?;
    }
    Ok(truth.flush()?)
}
