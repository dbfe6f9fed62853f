//! `youcheng rules`: the rules, tested and explained.

use std::{
    io::{Read as _, Write as _},
    path::Path,
};

use anyhow::{Context as _, ensure};
use youcheng::{
    notes::Notes,
    pipeline::{Extractor, Options},
    proof::{Proof, sentence},
    relate::{Outcome as Tried, RULE_FILES, RuleFile, Trace},
};

use super::{
    Outcome, args,
    terminal::{Out, count},
};

pub(crate) fn run(args: &args::Rules) -> anyhow::Result<Outcome> {
    match args {
        args::Rules::Test(args) => test(args),
        args::Rules::Explain(args) => explain(args),
    }
}

/// The rule files of a folder.
pub(crate) fn folder(path: &Path) -> anyhow::Result<Vec<RuleFile>> {
    let entries = std::fs::read_dir(path).with_context(|| format!("{}", path.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("{}", path.display()))?.path();
        if entry.extension().is_some_and(|it| it == "toml") {
            paths.push(entry);
        }
    }
    paths.sort();
    let names = RULE_FILES.map(|name| format!("{name}.toml")).join(", ");
    ensure!(!paths.is_empty(), "{}: no rule file in it: {names}", path.display());
    paths.iter().map(|path| file(path)).collect()
}

fn file(path: &Path) -> anyhow::Result<RuleFile> {
    let toml = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    Ok(RuleFile { name: path.display().to_string(), toml })
}

fn test(args: &args::TestRules) -> anyhow::Result<Outcome> {
    let files: Vec<RuleFile> =
        args.files.iter().map(|path| file(path)).collect::<Result<_, _>>()?;
    let extractor = Extractor::with_rules(Options::default(), &files)?;
    let mut proof = Proof::default();
    if files.is_empty() {
        proof = Proof::of(&extractor, None);
    }
    for file in &files {
        let one = Proof::of(&extractor, Some(&file.name));
        proof.rules += one.rules;
        proof.examples += one.examples;
        proof.failures.extend(one.failures);
    }
    let mut out = Out::new();
    for it in &proof.failures {
        writeln!(out, "{}: {}: {}\n    {}", it.file, it.rule, it.message, it.text)?;
    }
    let rules = count(proof.rules, "rule", "rules");
    let examples = count(proof.examples, "example", "examples");
    writeln!(out, "{rules}, {examples}, {} failed", proof.failures.len())?;
    out.flush()?;
    ensure!(proof.failures.is_empty(), "not every example comes out as its rule says");
    Ok(Outcome::Done)
}

fn explain(args: &args::ExplainRules) -> anyhow::Result<Outcome> {
    let mut text = args.text.clone();
    if text == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text).context("standard input")?;
    }
    ensure!(!text.trim().is_empty(), "nothing to explain: give a text");
    let extractor = args.reading.extractor()?;
    let (extraction, traces) = extractor.explain(sentence(text.trim()), Notes::default());
    let mut out = Out::new();
    for trace in &traces {
        write(&mut out, trace)?;
    }
    writeln!(out, "claims")?;
    for claim in &extraction.claims {
        let (rule, sure) = (&claim.evidence.rule, claim.confidence);
        writeln!(out, "  {claim}   by {rule}, {sure:.2} sure")?;
    }
    if extraction.claims.is_empty() {
        writeln!(out, "  none")?;
    }
    for note in &extraction.notes.0 {
        writeln!(out, "  note: {} {}", wire_name(&note.why)?, note.text)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn wire_name(why: &youcheng::notes::Why) -> anyhow::Result<String> {
    Ok(serde_json::to_string(why)?.trim_matches('"').to_owned())
}

fn write(out: &mut Out, trace: &Trace) -> anyhow::Result<()> {
    writeln!(out, "{}\n  is read as  {}", trace.sentence, trace.shadow)?;
    if trace.tries.is_empty() {
        writeln!(out, "  no rule is tried: no word in it speaks of ties\n")?;
        return Ok(());
    }
    for it in &trace.tries {
        let rule = &it.rule;
        match &it.outcome {
            Tried::Lacks(what) if what.is_empty() => {
                writeln!(out, "  {rule}: fits nowhere")?;
            }
            Tried::Lacks(what) => writeln!(out, "  {rule}: not tried, the text lacks {what}")?,
            Tried::Stops { after, missing } => {
                writeln!(out, "  {rule}: comes as far as “{after}”, then lacks {missing}")?;
            }
            Tried::Refused { fits, why } => {
                writeln!(out, "  {rule}: fits “{fits}”, but {why}")?;
            }
            Tried::Claims { fits, claims } => {
                writeln!(out, "  {rule}: fits “{fits}”")?;
                for claim in claims {
                    writeln!(out, "      {claim}")?;
                }
            }
        }
    }
    writeln!(out)?;
    Ok(())
}
