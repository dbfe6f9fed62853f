//! How articles are read, and by how many threads.

use std::{num::NonZero, path::PathBuf, thread};

use anyhow::Context as _;
use clap::Args as Group;
use youcheng::{
    date::PartialDate,
    gazetteer::Gazetteer,
    pipeline::{self, Extractor, Options},
    place::CountryCode,
    read,
};

/// How articles are read and understood.
#[derive(Debug, Group)]
pub(crate) struct Reading {
    /// The publication date of articles that do not tell theirs: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    published: Option<PartialDate>,
    /// Leave out claims that are less sure than this, from 0 to 1.
    #[arg(long, value_name = "NUMBER", default_value_t = Options::default().min_confidence,
          value_parser = confidence)]
    min_confidence: f32,
    /// Read with the rules of this folder as well: agreement.toml, statistic.toml, table.toml.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    places: Places,
}

/// Which places there are.
#[derive(Debug, Group)]
pub(crate) struct Places {
    /// Add the places of a table of yours; its names come before those of the program.
    ///
    /// Tab-separated UTF-8 text. The first line names the columns: name and country, and any
    /// of level, id, parent, lat, lon, geonames, latin.
    #[arg(long, value_name = "FILE")]
    gazetteer: Option<PathBuf>,
}

impl Places {
    /// The places of the program and those of the user.
    pub(crate) fn open(&self) -> anyhow::Result<Gazetteer> {
        Ok(self.with_bytes()?.0)
    }

    /// The same, and the table of the user.
    fn with_bytes(&self) -> anyhow::Result<(Gazetteer, Option<Vec<u8>>)> {
        let ours = Gazetteer::new()?;
        let Some(path) = &self.gazetteer else { return Ok((ours, None)) };
        let name = path.display().to_string();
        let bytes = read::places(path).with_context(|| format!("{name}: cannot be read"))?;
        Ok((ours.with(&ours.check(&name, &bytes)?)?, Some(bytes)))
    }
}

impl Reading {
    /// The extractor, with the rules and places of the user. It lives as long as the program:
    /// to take it apart at the end takes longer than many an article.
    pub(crate) fn extractor(&self) -> anyhow::Result<&'static Extractor> {
        Ok(self.open()?.0)
    }

    /// The extractor, and the mark of what it reads by.
    pub(crate) fn open(&self) -> anyhow::Result<(&'static Extractor, u64)> {
        let options = Options { published: self.published, min_confidence: self.min_confidence };
        let rules = self.rules.as_deref().map(crate::cli::rules::folder).transpose()?;
        let rules = rules.unwrap_or_default();
        let (gazetteer, places) = self.places.with_bytes()?;
        let mark = pipeline::mark(options, &rules, places.as_deref());
        if options == Options::default() && rules.is_empty() && places.is_none() {
            return Ok((Extractor::standard()?, mark));
        }
        let extractor = Extractor::with(options, gazetteer, &rules)?;
        Ok((Box::leak(Box::new(extractor)), mark))
    }
}

fn confidence(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}

/// How many articles are worked on at a time.
#[derive(Debug, Group)]
pub(crate) struct Jobs {
    /// How many articles to work on at a time [default: one per processor].
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZero<usize>>,
}

impl Jobs {
    pub(crate) fn count(&self) -> NonZero<usize> {
        self.jobs
            .or_else(|| thread::available_parallelism().ok())
            .unwrap_or(NonZero::<usize>::MIN)
            .min(NonZero::new(1024).unwrap_or(NonZero::<usize>::MAX))
    }
}

/// A code of ISO 3166-1.
pub(super) fn country(text: &str) -> Result<CountryCode, String> {
    let known = |code: &CountryCode| {
        Gazetteer::new().is_ok_and(|all| all.by_id(&format!("cc:{code}")).is_some())
    };
    CountryCode::new(text)
        .filter(known)
        .ok_or_else(|| "expected the ISO 3166-1 code of a country, as KZ".to_owned())
}
