//! [`Gold`]: the facts of an article, as a careful reader finds them, out of the file
//! beside it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::agreement::{Kind, Status};

/// The facts of one article, as a careful reader finds them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gold {
    /// The line of a record, from 1; `None` for a whole file.
    pub line: Option<u32>,
    /// `dev` or `test`.
    pub split: String,
    /// What noise the article carries.
    pub noise: Vec<String>,
    /// What structures its claims have.
    pub structures: Vec<String>,
    /// When it was published, as the file tells it.
    pub published: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The foreign countries named.
    pub countries: Vec<String>,
    /// The places named.
    pub places: Vec<GoldPlace>,
    /// The dates stated, in EDTF.
    pub dates: Vec<String>,
    /// The agreements.
    pub agreements: Vec<GoldAgreement>,
    /// What looks like an agreement and is none.
    #[serde(default)]
    pub not_agreements: Vec<String>,
    /// The counts.
    pub statistics: Vec<GoldStatistic>,
    /// The clean main text, if the article is one for cleaning.
    pub clean: Option<String>,
}

/// A place and its country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldPlace {
    /// Its name in the longest form written.
    pub name: String,
    /// Its country.
    pub country: String,
}

/// One agreement.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldAgreement {
    /// One side, the Chinese one if there is one.
    pub a: String,
    /// Its country.
    pub a_country: Option<String>,
    /// The other side.
    pub b: String,
    /// Its country.
    pub b_country: String,
    /// The instrument.
    pub kind: Kind,
    /// What became of it.
    pub status: Status,
    /// When, in EDTF.
    pub date: Option<String>,
    /// Who signed, as `name office`; like what follows, of articles in which this is noted.
    pub signatories: Option<Vec<String>>,
    /// Where.
    pub place_of_signing: Option<String>,
    /// At which event.
    pub occasion: Option<String>,
    /// `online` or `on-site`.
    pub mode: Option<String>,
    /// In which fields the two will work together.
    #[serde(default)]
    pub fields: Vec<String>,
}

impl GoldAgreement {
    /// Whether it is noted what else is told of the signing.
    #[must_use]
    pub fn has_particulars(&self) -> bool {
        self.signatories.is_some()
            || self.place_of_signing.is_some()
            || self.occasion.is_some()
            || self.mode.is_some()
            || !self.fields.is_empty()
    }
}

/// One count of ties.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldStatistic {
    /// Whose ties.
    pub subject: String,
    /// In how many countries.
    pub countries: Option<u32>,
    /// With how many cities.
    pub cities: Option<u32>,
    /// How many pairs.
    pub pairs: Option<u32>,
}

/// A gold file, with the input that it is about.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The input, as it would be found.
    pub input: PathBuf,
    /// The facts of its articles.
    pub golds: Vec<Gold>,
}

/// The gold files in a folder, or the one that a path names, each with the input beside
/// it, in order.
///
/// # Errors
///
/// If a file or folder cannot be read, is no gold file, or has no input beside it.
pub fn corpus(path: &Path) -> Result<Vec<Entry>, CorpusError> {
    if !path.is_dir() {
        return Ok(vec![entry(path.to_owned())?]);
    }
    let io = |error| CorpusError::Io(path.to_owned(), error);
    let mut files: Vec<PathBuf> = std::fs::read_dir(path)
        .map_err(io)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(io)?;
    files.sort();
    let entries: Vec<Entry> = files
        .into_iter()
        .filter(|file| stem(file).is_some())
        .map(entry)
        .collect::<Result<_, _>>()?;
    if entries.is_empty() {
        return Err(CorpusError::Empty(path.to_owned()));
    }
    Ok(entries)
}

const ENDING: &str = ".gold.json";

fn stem(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.strip_suffix(ENDING)
}

fn entry(path: PathBuf) -> Result<Entry, CorpusError> {
    let Some(stem) = stem(&path) else { return Err(CorpusError::NoGold(path)) };
    let io = |error| CorpusError::Io(path.clone(), error);
    let json = std::fs::read_to_string(&path).map_err(io)?;
    let golds =
        serde_json::from_str(&json).map_err(|error| CorpusError::Syntax(path.clone(), error))?;
    // The input has the same name and an ending of its own.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut inputs: Vec<PathBuf> = std::fs::read_dir(folder.unwrap_or(Path::new(".")))
        .map_err(io)?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|other| {
            other.as_ref().is_ok_and(|other| {
                let name = other.file_name().and_then(|name| name.to_str()).unwrap_or("");
                let ending = name.strip_prefix(stem).unwrap_or("");
                ending.starts_with('.') && ending != ENDING
            })
        })
        .collect::<Result<_, _>>()
        .map_err(io)?;
    inputs.sort();
    let input = inputs.into_iter().next().ok_or(CorpusError::NoInput(path))?;
    Ok(Entry { input, golds })
}

/// Why a corpus could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file or folder could not be read.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, #[source] std::io::Error),
    /// A gold file is not what it should be.
    #[error("{}: {}", .0.display(), .1)]
    Syntax(PathBuf, #[source] serde_json::Error),
    /// A gold file has no input beside it.
    #[error("{}: no article beside it, as NAME.txt beside NAME.gold.json", .0.display())]
    NoInput(PathBuf),
    /// A file is no gold file.
    #[error("{}: name a folder, or gold files, which end in .gold.json", .0.display())]
    NoGold(PathBuf),
    /// A folder holds no gold file.
    #[error("{}: no file in it ends in .gold.json", .0.display())]
    Empty(PathBuf),
}
