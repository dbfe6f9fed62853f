//! `youcheng check`: what may be wrong with the graph, article by article.

use std::io::{self, Write as _};

use anyhow::Context as _;
use serde::Serialize;
use youcheng::{
    check::{self, CHECKS, Check, Finding, Severity},
    store::Store,
};

use super::{
    Outcome, args,
    terminal::{Out, count, on_one_line, titled, visible},
};

/// One finding, as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    check: &'static str,
    severity: &'static str,
    title: &'static str,
    article: Option<&'a str>,
    source: Option<&'a str>,
    finding: &'a str,
    mend: &'static str,
}

pub(crate) fn run(args: &args::Check) -> anyhow::Result<Outcome> {
    let mut out = Out::new();
    if args.list {
        for check in CHECKS {
            writeln!(out, "{:<30}{:<9}{}", check.name, check.severity(), check.title())?;
        }
        out.flush()?;
        return Ok(Outcome::Done);
    }
    let checks = match &args.name {
        None => CHECKS.to_vec(),
        Some(name) => vec![Check::find(name).with_context(|| {
            let known = CHECKS.iter().map(|check| check.name).collect::<Vec<_>>().join(", ");
            format!("there is no check {name}; take one of: {known}")
        })?],
    };
    let store = Store::read(&args.store.store)?;
    let mut found = Vec::new();
    for check in checks {
        found.push((check, check.run(&store)?));
    }
    found.sort_by_key(|(check, _)| check.severity());
    check::locate(&store, found.iter_mut().flat_map(|(_, findings)| findings))?;
    if args.json {
        json(&mut out, &found)?;
    } else {
        page(&mut out, &found, args.all)?;
    }
    out.flush()?;
    // What is only less than it could be is no reason to fail a script.
    let is_bad = found
        .iter()
        .any(|(check, findings)| !findings.is_empty() && check.severity() != Severity::Note);
    Ok(if is_bad { Outcome::Skipped } else { Outcome::Done })
}

fn json(out: &mut Out, found: &[(Check, Vec<Finding>)]) -> anyhow::Result<()> {
    for (check, findings) in found {
        for finding in findings {
            let line = Line {
                check: check.name,
                severity: check.severity().name(),
                title: check.title(),
                article: finding.article.as_deref(),
                source: finding.source.as_deref(),
                finding: &finding.text,
                mend: check.mend(),
            };
            serde_json::to_writer(&mut *out, &line).map_err(io::Error::from)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// How many findings of a check are shown unless all are asked for.
const SHOWN: usize = 10;

fn page(out: &mut Out, found: &[(Check, Vec<Finding>)], all: bool) -> io::Result<()> {
    let mut total = [0; 3];
    for (check, findings) in found.iter().filter(|(_, findings)| !findings.is_empty()) {
        total[check.severity() as usize] += findings.len();
        let number = count(findings.len(), "finding", "findings");
        writeln!(out, "{}: {} ({}, {number})", check.severity(), check.title(), check.name)?;
        let shown = if all { findings.len() } else { SHOWN };
        for finding in findings.iter().take(shown) {
            let source = on_one_line(finding.source.as_deref().unwrap_or("-"));
            writeln!(out, "  {}  {}", visible(&source), titled(&finding.text))?;
            if let Some(article) = &finding.article {
                writeln!(out, "    sha256:{article}")?;
            }
        }
        if findings.len() > shown {
            writeln!(out, "  … and {} more; --all shows them", findings.len() - shown)?;
        }
        writeln!(out, "  to mend: {}\n", check.mend())?;
    }
    let [errors, warnings, notes] = total;
    writeln!(
        out,
        "{}, {}, {}",
        count(errors, "error", "errors"),
        count(warnings, "warning", "warnings"),
        count(notes, "note", "notes")
    )
}
