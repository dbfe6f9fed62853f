//! `youcheng export`: the store as a file for others, or as a dataset in a folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use youcheng::{
    clean::{Cleaner, simplified},
    export::{Filter, Format, Package, export, sources},
    query::{Named, Query},
    read::{Limits, Reader},
    store::{Store, StoreError},
};

use super::{
    Outcome, args,
    progress::Talk,
    terminal::{Out, count},
};

/// What a dataset is made of, with checksums.
const CHECKSUMS: &str = "SHA256SUMS";

pub(crate) fn run(args: &args::Export, talk: Talk) -> anyhow::Result<Outcome> {
    let store = Store::read(&args.store.store)?;
    match (&args.to, args.format) {
        (Some(to), None) if to.as_os_str() != "-" => folder(args, &store, to, talk),
        (to, format) => {
            anyhow::ensure!(
                !args.is_for_folders(),
                "filters, --bom, --with-text and --no-graph are for a dataset in a folder: give \
                 --to DIR and no --format"
            );
            let format = format.unwrap_or(Format::Csv);
            match to {
                Some(to) if to.as_os_str() != "-" => file(&store, format, to)?,
                _ => {
                    let mut out = Out::new();
                    export(&store, format, &mut out)?;
                    out.flush()?;
                }
            }
            Ok(Outcome::Done)
        }
    }
}

fn file(store: &Store, format: Format, to: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(
        !to.is_dir(),
        "{}: is a folder; give --to a file, or leave --format away for a dataset",
        to.display()
    );
    let to = &linked(to)?;
    // A pipe or a device is written into, never replaced.
    if fs::metadata(to).is_ok_and(|there| !there.is_file()) {
        let file = fs::OpenOptions::new()
            .write(true)
            .open(to)
            .with_context(|| format!("{}: cannot be written", to.display()))?;
        let mut out = BufWriter::new(file);
        export(store, format, &mut out).with_context(|| to.display().to_string())?;
        return out.flush().with_context(|| to.display().to_string());
    }
    let partial = Partial::new(to)?;
    let file = fs::File::create(&partial.0)
        .with_context(|| format!("{}: cannot be written", to.display()))?;
    let mut out = BufWriter::new(file);
    export(store, format, &mut out).with_context(|| to.display().to_string())?;
    let file = out.into_inner().with_context(|| to.display().to_string())?;
    file.sync_all().with_context(|| to.display().to_string())?;
    fs::rename(&partial.0, to)
        .with_context(|| format!("{}: cannot be put in place", to.display()))?;
    Ok(())
}

/// What a link leads to: it is written there, and the link stays.
fn linked(to: &Path) -> anyhow::Result<PathBuf> {
    if fs::symlink_metadata(to).is_ok_and(|there| there.is_symlink()) {
        return fs::canonicalize(to)
            .with_context(|| format!("{}: is a link that leads nowhere", to.display()));
    }
    Ok(to.to_owned())
}

/// Writes a dataset beside where it is wanted, and moves it there whole. A dataset that is
/// there already is replaced; anything else is left alone.
fn folder(args: &args::Export, store: &Store, to: &Path, talk: Talk) -> anyhow::Result<Outcome> {
    let to = &linked(to)?;
    if to.exists() {
        anyhow::ensure!(to.is_dir(), "{}: is a file; give --format for a file", to.display());
        let is_empty = fs::read_dir(to)
            .with_context(|| format!("{}: cannot be read", to.display()))?
            .next()
            .is_none();
        anyhow::ensure!(
            is_empty || to.join("datapackage.json").is_file(),
            "{}: holds files that are no dataset; give a new folder",
            to.display()
        );
        if let Some(foreign) = foreign(to)? {
            anyhow::bail!(
                "{}: is not of the dataset that is to be replaced; move it away, or give a new folder",
                foreign.display()
            );
        }
    }
    let query = args.query.as_deref().map(kept).transpose()?;
    let (texts, outcome) = match args.with_text {
        true => texts(store).map(|(texts, outcome)| (Some(texts), outcome))?,
        false => (None, Outcome::Done),
    };
    let package = Package {
        filter: Filter {
            countries: args.country.clone(),
            provinces: args.province.iter().map(|name| simplified(name.trim()).into()).collect(),
            years: args.years,
            kinds: args.kind.clone(),
            statuses: args.status.clone(),
            confidence: args.confidence,
            query,
        },
        texts,
        bom: args.bom,
        no_graph: args.no_graph,
    };
    let is_everything = package.filter.is_empty();
    let partial = Partial::new(to)?;
    fs::create_dir(&partial.0).with_context(|| format!("{}: cannot be made", to.display()))?;
    let counts = package.write(store, &partial.0).with_context(|| to.display().to_string())?;
    let old = Partial::new(&to.with_extension("old"))?;
    if to.exists() {
        fs::rename(to, &old.0).with_context(|| format!("{}: cannot be replaced", to.display()))?;
    }
    if let Err(error) = fs::rename(&partial.0, to) {
        // What was there comes back.
        let _ = fs::rename(&old.0, to);
        return Err(error).with_context(|| format!("{}: cannot be put in place", to.display()));
    }
    if !is_everything && counts.iter().all(|&(table, rows)| table != "agreements" || rows == 0) {
        talk.warn("no agreement in the store fits what was asked for");
    }
    if !talk.quiet {
        let mut out = Out::new();
        for (table, rows) in counts {
            writeln!(out, "{table}: {}", count(rows, "row", "rows"))?;
        }
        writeln!(out, "in {}; begin with README.md", to.display())?;
        out.flush()?;
    }
    Ok(outcome)
}

/// The query that says which agreements to keep.
fn kept(text: &str) -> anyhow::Result<Query> {
    anyhow::ensure!(
        Named::find(text.trim()).is_none(),
        "--query takes SPARQL; the answers of the named query {} are places and dates by name, \
         which say no agreement for certain",
        text.trim()
    );
    Ok(Query::parse(text)?)
}

/// A file in the folder of a dataset that its checksums do not name: somebody put it there.
fn foreign(dataset: &Path) -> anyhow::Result<Option<PathBuf>> {
    let sums = fs::read_to_string(dataset.join(CHECKSUMS)).unwrap_or_default();
    let named: BTreeSet<&Path> =
        sums.lines().filter_map(|line| Some(Path::new(line.split_once("  ")?.1))).collect();
    let mut folders = vec![dataset.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)
            .with_context(|| format!("{}: cannot be read", folder.display()))?
        {
            let entry = entry.with_context(|| folder.display().to_string())?;
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(dataset).unwrap_or(&path);
            if inside != Path::new(CHECKSUMS) && !named.contains(inside) {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// The clean texts of the articles in the store: those it keeps, and of others those that
/// their files still hold; and whether some are lost by damage.
fn texts(store: &Store) -> anyhow::Result<(BTreeMap<String, String>, Outcome)> {
    let known = sources(store)?;
    let mut texts = BTreeMap::new();
    let mut damage = None;
    for document in store.documents()? {
        let (id, document) = match document {
            // Their files may still be there.
            Err(error @ StoreError::Documents { .. }) => {
                damage = damage.or(Some(error));
                continue;
            }
            document => document?,
        };
        texts.insert(id.hex(), document.text()?.trim_end().to_owned());
    }
    let missing = known.iter().filter(|(id, _)| !texts.contains_key(*id));
    let files: BTreeSet<PathBuf> = missing.map(|(_, file)| file.clone()).collect();
    if files.is_empty() {
        return Ok((texts, Outcome::Done));
    }
    let reader = Reader::new(Limits::default())?;
    let cleaner = Cleaner::new()?;
    let files: Vec<PathBuf> = files.into_iter().collect();
    for input in reader.inputs(&files) {
        // A file that is gone or has changed has no text of an article in the store.
        let Ok((mut article, mut notes)) = input.and_then(|input| reader.article(input)) else {
            continue;
        };
        let id = article.id.hex();
        if known.contains_key(&id) && !texts.contains_key(&id) {
            cleaner.run(&mut article, &mut notes);
            texts.insert(id, article.text.clean().trim_end().to_owned());
        }
    }
    if let Some(damage) = damage.filter(|_| known.keys().any(|id| !texts.contains_key(id))) {
        anstream::eprintln!("youcheng: {damage}");
        return Ok((texts, Outcome::Skipped));
    }
    Ok((texts, Outcome::Done))
}

/// A file or folder beside the one that is wanted, gone unless it was put in place.
struct Partial(PathBuf);

impl Partial {
    fn new(to: &Path) -> anyhow::Result<Self> {
        let name = to.file_name().with_context(|| format!("{}: names no file", to.display()))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.partial", std::process::id()));
        Ok(Self(to.with_file_name(hidden)))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Either it was renamed, or it is not wanted.
        let _ = fs::remove_file(&self.0);
        let _ = fs::remove_dir_all(&self.0);
    }
}
