//! `youcheng duplicates`: which articles tell the same story.

use std::io::{self, Write as _};

use serde_json::{Value, json};
use youcheng::{clusters::clusters, holdings::Held, store::Store};

use super::{
    Outcome,
    args::{self, Rows},
    terminal::{Out, count, on_one_line, titled, told, visible},
};

pub(crate) fn run(args: &args::Duplicates) -> anyhow::Result<Outcome> {
    let clusters = clusters(&Store::read(&args.store.store)?)?;
    let mut out = Out::new();
    match args.format {
        Rows::Table => {
            for cluster in &clusters {
                let copies = count(cluster.copies.len(), "copy", "copies");
                let title = cluster.original.title.as_deref().unwrap_or("(no title)");
                writeln!(out, "{}, {copies}", titled(title))?;
                for held in std::iter::once(&cluster.original).chain(&cluster.copies) {
                    let date = held.published.map(|date| date.to_string()).unwrap_or_default();
                    let id = &held.id.hex()[..16];
                    writeln!(out, "  {date:<10}  {id}  {}", visible(&on_one_line(&place(held))))?;
                }
            }
            let copies = clusters.iter().map(|cluster| cluster.copies.len()).sum();
            let copies = count(copies, "copy", "copies");
            writeln!(out, "{copies} of {}", count(clusters.len(), "article", "articles"))?;
        }
        Rows::Json => {
            for cluster in &clusters {
                let copies: Vec<_> = cluster.copies.iter().map(object).collect();
                let line = json!({"original": object(&cluster.original), "copies": copies});
                writeln!(out, "{line}")?;
            }
        }
        Rows::Csv => {
            let mut rows = csv::Writer::from_writer(&mut out);
            let head = ["article", "duplicate_of", "published", "title", "url", "file", "line"];
            rows.write_record(head).map_err(csv_error)?;
            for cluster in &clusters {
                for held in std::iter::once(&cluster.original).chain(&cluster.copies) {
                    let is_copy = held.id != cluster.original.id;
                    let original = is_copy.then(|| cluster.original.id.to_string());
                    let text = |text: &Option<String>| text.clone().unwrap_or_default();
                    let row = [
                        held.id.to_string(),
                        original.unwrap_or_default(),
                        held.published.map(|date| date.to_string()).unwrap_or_default(),
                        text(&held.title),
                        text(&held.url),
                        text(&held.file),
                        held.line.map(|line| line.to_string()).unwrap_or_default(),
                    ];
                    rows.write_record(row).map_err(csv_error)?;
                }
            }
            rows.flush()?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn csv_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => told(&error),
        kind => io::Error::other(format!("{kind:?}")),
    }
}

fn place(held: &Held) -> String {
    let line = held.line.map(|line| format!(":{line}")).unwrap_or_default();
    match (&held.url, &held.file) {
        (Some(url), _) => url.clone(),
        (None, Some(file)) => [file.as_str(), &line].concat(),
        (None, None) => "<stdin>".to_owned(),
    }
}

fn object(held: &Held) -> Value {
    json!({
        "id": held.id.to_string(),
        "published": held.published.map(|date| date.to_string()),
        "title": held.title,
        "url": held.url,
        "file": held.file,
        "line": held.line,
    })
}
