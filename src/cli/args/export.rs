//! `export`.

use std::path::PathBuf;

use super::reading::country;
use clap::Parser;

use super::StorePath;

/// Write what the store holds for others: a dataset in a folder, or one file.
///
/// --to DIR without --format writes a dataset fit to be published: the tables (agreements,
/// events, claims with their sentences, places, articles, statistics) as CSV, Parquet and JSON
/// Lines, the graph, map and network files, and their descriptions; its README.md says what
/// is in it. With --format one file is written: csv is the table of agreements, nquads, trig,
/// turtle and jsonld are the whole graph. What is written appears whole or not at all.
#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  youcheng export --to dataset
  youcheng export --to japan --country JP --kind sister-city --years 1972-1999
  youcheng export --to excel --bom --no-graph
  youcheng export --format csv > agreements.csv
  youcheng export --format nquads --to - | gzip > graph.nq.gz")]
pub(crate) struct Export {
    /// Write one file: csv, nquads, turtle, trig or jsonld [default without --to: csv].
    #[arg(long, value_parser = export_format)]
    pub(crate) format: Option<youcheng::export::Format>,
    /// The folder of the dataset, or with --format the file; - for standard output.
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Only agreements with a party in this country (ISO code); can be given several times.
    #[arg(long, value_name = "CC", value_parser = country)]
    pub(crate) country: Vec<youcheng::place::CountryCode>,
    /// Only agreements with a party that is this unit or lies in it, by name or key.
    #[arg(long, value_name = "NAME")]
    pub(crate) province: Vec<String>,
    /// Only agreements that came about in these years, as 1979-1989, 1979- or 1979.
    #[arg(long, value_name = "FROM-TO", value_parser = years)]
    pub(crate) years: Option<(i16, i16)>,
    /// Only agreements of this kind, as sister-city.
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Vec<youcheng::agreement::Kind>,
    /// Only agreements of this status, as terminated.
    #[arg(long, value_parser = status)]
    pub(crate) status: Vec<youcheng::agreement::Status>,
    /// Only agreements of which a claim is at least this sure, 0 to 1.
    #[arg(long, value_name = "CONFIDENCE", default_value_t = 0.0, value_parser = share)]
    pub(crate) confidence: f64,
    /// Only agreements that this SPARQL query answers.
    #[arg(long, value_name = "SPARQL")]
    pub(crate) query: Option<String>,
    /// Begin CSV files with a byte-order mark, for Excel.
    #[arg(long)]
    pub(crate) bom: bool,
    /// Put the clean texts into the table of articles.
    #[arg(long)]
    pub(crate) with_text: bool,
    /// Leave the graph out.
    #[arg(long)]
    pub(crate) no_graph: bool,
    #[command(flatten)]
    pub(crate) store: StorePath,
}

impl Export {
    /// Whether anything was asked for that only a dataset in a folder has.
    pub(crate) fn is_for_folders(&self) -> bool {
        let Self { country, province, years, kind, status, confidence, query, .. } = self;
        let lists = [country.len(), province.len(), kind.len(), status.len()];
        lists.iter().any(|&len| len > 0)
            || years.is_some()
            || *confidence > 0.0
            || query.is_some()
            || self.bom
            || self.with_text
            || self.no_graph
    }
}

fn kind(name: &str) -> Result<youcheng::agreement::Kind, String> {
    use youcheng::agreement::Kind;
    Kind::ALL
        .into_iter()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Kind::ALL.map(Kind::name).join(", ")))
}

fn status(name: &str) -> Result<youcheng::agreement::Status, String> {
    use youcheng::agreement::Status;
    // An anniversary is told of an agreement, and is none of its states.
    let all = Status::ALL.into_iter().filter(|status| *status != Status::Anniversary);
    all.clone().find(|status| status.name() == name).ok_or_else(|| {
        format!("expected one of: {}", all.map(Status::name).collect::<Vec<_>>().join(", "))
    })
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// The first and the last year of a span of years.
fn years(text: &str) -> Result<(i16, i16), String> {
    let year = |text: &str, open: i16| match text.trim() {
        "" => Some(open),
        year => year.parse().ok().filter(|year| (1..=9999).contains(year)),
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (year(first, 1), year(last, 9999)) {
        (Some(first), Some(last)) if first <= last && !text.trim_matches('-').is_empty() => {
            Ok((first, last))
        }
        _ => Err("expected years, as 1979-1989, 1979- or 1979".to_owned()),
    }
}

fn export_format(name: &str) -> Result<youcheng::export::Format, String> {
    use youcheng::export::Format;
    Format::ALL
        .into_iter()
        .find(|format| format.name() == name)
        .ok_or_else(|| format!("expected one of: {}", Format::ALL.map(Format::name).join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_a_span() {
        assert_eq!(years("1979-1989"), Ok((1979, 1989)));
        assert_eq!(years("1979-"), Ok((1979, 9999)));
        assert_eq!(years("-1989"), Ok((1, 1989)));
        assert_eq!(years("1979"), Ok((1979, 1979)));
        for wrong in ["", "-", "1989-1979", "x", "1979-1980-1981"] {
            assert!(years(wrong).is_err(), "{wrong}");
        }
    }
}
