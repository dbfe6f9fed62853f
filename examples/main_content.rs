//! Prints what the reader takes for the article of each file named, as JSON Lines
//! (`id`, `text`, `title`, `date`, `source`), to be scored.
//!
//! `cargo run --release --no-default-features --example main_content -- *.html`
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::PathBuf;

use youcheng::{
    article::BlockKind,
    read::{Limits, Reader},
};

fn main() -> anyhow::Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let reader = Reader::new(Limits::default())?;
    for input in reader.inputs(&paths) {
        let (article, _) = match input.and_then(|input| reader.article(input)) {
            Ok(read) => read,
            Err(error) => {
                eprintln!("{error}");
                continue;
            }
        };
        let shown = |kind| !matches!(kind, BlockKind::Furniture | BlockKind::Title);
        let blocks = article.layout.iter().filter(|block| shown(block.kind));
        let lines: Vec<&str> =
            blocks.map(|block| &article.text.raw()[block.span.range()]).collect();
        let file = article.source.file.as_deref().and_then(|file| file.file_stem());
        let line = serde_json::json!({
            "id": file.map(|stem| stem.to_string_lossy()),
            "text": lines.join("\n"),
            "title": article.title,
            "date": article.published.map(|published| published.date.to_string()),
            "source": article.source.publisher,
        });
        println!("{line}");
    }
    Ok(())
}
