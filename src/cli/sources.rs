//! [`Sources`]: the arguments that say what is read.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::Args;
use youcheng::read::{Format, Limits, Reader, Wanted};

/// What is read.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// Files, folders, patterns as 'crawl/*.warc.gz', or - for standard input [default: -].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Also read the files and folders that FILE names, one a line; - for standard input.
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// What standard input and files without a telling name are: text, html, jsonl, warc,
    /// parquet or arrow [default: what they begin like].
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    input_format: Option<Format>,
    /// Skip articles and records that are longer: a number of bytes, or as 64KiB or 16MiB.
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size)]
    max_record: usize,
}

impl Sources {
    /// What is to be read; standard input when nothing is named, unless a person would have
    /// to type it.
    pub(crate) fn wanted(&self) -> anyhow::Result<Wanted> {
        let mut paths = self.paths.clone();
        if paths.is_empty() && self.files_from.is_none() {
            anyhow::ensure!(
                !io::stdin().is_terminal(),
                "nothing to read: give files or folders, or - for standard input"
            );
            paths.push(PathBuf::from("-"));
        }
        let dash = |path: &PathBuf| path.as_os_str() == "-";
        anyhow::ensure!(
            !(paths.iter().any(dash) && self.files_from.as_ref().is_some_and(dash)),
            "standard input cannot be both an article and the list of files: give - once"
        );
        if let Some(list) = self.files_from.as_ref().filter(|list| !dash(list)) {
            let name = list.display();
            let found = list.metadata().with_context(|| format!("--files-from {name}"))?;
            anyhow::ensure!(
                !found.is_dir(),
                "--files-from {name}: a folder, not a list; give it without --files-from"
            );
        }
        Ok(Wanted { paths, list: self.files_from.clone(), format: self.input_format })
    }

    /// Whether nothing is named.
    #[cfg(feature = "store")]
    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.files_from.is_none()
    }

    /// A mark of what is read by, with what these arguments add to it.
    #[cfg(feature = "store")]
    pub(crate) fn mark(&self, mark: u64) -> u64 {
        let format = self.input_format.map_or(0, |format| {
            Format::ALL.iter().position(|it| *it == format).map_or(0, |at| at as u64 + 1)
        });
        mark.rotate_left(7) ^ (self.max_record as u64) << 8 ^ format << 1
    }

    /// What reads it.
    pub(crate) fn reader(&self) -> anyhow::Result<Reader> {
        Ok(Reader::new(Limits { record: self.max_record, ..Limits::default() })?)
    }
}

fn format(name: &str) -> Result<Format, String> {
    Format::ALL
        .into_iter()
        .find(|format| format.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Format::ALL.map(Format::name).join(", ")))
}

/// A number of bytes, as people write it.
fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err("expected a number of bytes, or one as 64KiB or 16MiB".to_owned()),
    };
    digits
        .trim()
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_mul(1 << unit))
        .filter(|bytes| (1..=1 << 30).contains(bytes))
        .ok_or_else(|| "expected a size from 1 to 1GiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(
            ["700", "64KiB", "16MiB", "1g"].map(size),
            [Ok(700), Ok(64 << 10), Ok(16 << 20), Ok(1 << 30)]
        );
        for wrong in ["", "0", "-1", "2GiB", "16 miles", "MiB", "99999999999999999999"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
