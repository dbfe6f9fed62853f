//! `youcheng export`: the store as a file for others.

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use youcheng::{export::export, store::Store};

use super::{Outcome, args, terminal::Out};

pub(crate) fn run(args: &args::Export) -> anyhow::Result<Outcome> {
    let store = Store::read(&args.store.store)?;
    if args.to.as_os_str() == "-" {
        let mut out = Out::new();
        export(&store, args.format, &mut out)?;
        out.flush()?;
        return Ok(Outcome::Done);
    }
    let to = &args.to;
    anyhow::ensure!(!to.is_dir(), "{}: is a folder; give --to a file", to.display());
    let partial = Partial::new(to)?;
    let file = fs::File::create(&partial.0)
        .with_context(|| format!("{}: cannot be written", to.display()))?;
    let mut out = BufWriter::new(file);
    export(&store, args.format, &mut out).with_context(|| to.display().to_string())?;
    let file = out.into_inner().with_context(|| to.display().to_string())?;
    file.sync_all().with_context(|| to.display().to_string())?;
    fs::rename(&partial.0, to)
        .with_context(|| format!("{}: cannot be put in place", to.display()))?;
    Ok(Outcome::Done)
}

/// A file beside the one that is wanted, gone unless it was put in place.
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
    }
}
