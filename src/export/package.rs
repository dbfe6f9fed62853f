//! A dataset as a folder that can be published: tables, graph, map and network, each
//! described in the terms of those who will look for it (Data Package, Croissant, DCAT and
//! VoID, CFF), with a codebook and checksums.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Read as _, Write as _},
    path::Path,
};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{
    ExportError, Format, catalogue,
    dataset::Dataset,
    filter::Filter,
    network, parquet, rdf,
    table::{Column, Kind, SCHEMA, Table, Value},
};
use crate::store::Store;

/// What to put into the folder.
#[derive(Debug, Default)]
pub struct Package {
    /// Which agreements.
    pub filter: Filter,
    /// The clean texts of articles by the hexadecimal digits of their ids, if they are wanted.
    pub texts: Option<BTreeMap<String, String>>,
    /// CSV files begin with a byte-order mark, without which Excel reads them as another
    /// encoding.
    pub bom: bool,
    /// Leave the graph out: it is the largest part.
    pub no_graph: bool,
}

/// How many rows of what a package holds.
pub type Counts = Vec<(&'static str, usize)>;

/// A file of the package, as descriptions name it.
pub(super) struct Described {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// The table that it holds.
    pub(super) table: Option<&'static str>,
}

pub(super) const PARQUET: &str = "application/vnd.apache.parquet";

/// The graph in these files.
const GRAPH: [(Format, &str, &str); 4] = [
    (Format::NQuads, "graph.nq", "application/n-quads"),
    (Format::TriG, "graph.trig", "application/trig"),
    (Format::Turtle, "graph.ttl", "text/turtle"),
    (Format::JsonLd, "graph.jsonld", "application/ld+json"),
];

impl Package {
    /// Writes the package into an empty folder: the same bytes for the same store.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or the folder not be written to.
    pub fn write(&self, store: &Store, folder: &Path) -> Result<Counts, ExportError> {
        let mut dataset = Dataset::read(store, &self.filter)?;
        if let Some(texts) = &self.texts {
            dataset.add_texts(texts);
        }
        let mut files = Files { folder, all: Vec::new() };
        for table in dataset.tables() {
            let name: &'static str = &table.layout.name;
            files.add(format!("{name}.csv"), "text/csv", Some(name), |out| {
                if self.bom {
                    out.write_all(b"\xef\xbb\xbf")?;
                }
                table.csv(out)
            })?;
            files.add(format!("{name}.parquet"), PARQUET, Some(name), |out| {
                parquet::write(table, out)
            })?;
            files.add(format!("{name}.jsonl"), "application/jsonl", Some(name), |out| {
                table.json_lines(out)
            })?;
        }
        files.add("places.geojson".into(), "application/geo+json", None, |out| {
            write_json(&network::places_geojson(&dataset), out)
        })?;
        files.add("ties.geojson".into(), "application/geo+json", None, |out| {
            write_json(&network::ties_geojson(&dataset), out)
        })?;
        files.add("network.graphml".into(), "application/graphml+xml", None, |out| {
            network::graphml(&dataset, out)
        })?;
        files.add("edges.csv".into(), "text/csv", None, |out| network::edges(&dataset, out))?;
        files.add("quickstatements.txt".into(), "text/plain", None, |out| {
            network::quick_statements(&dataset, out)
        })?;
        let mut triples = None;
        if !self.no_graph {
            let selection = rdf::Selection::new(store, &dataset, &self.filter)?;
            for (format, name, media_type) in GRAPH {
                files.try_add(name.into(), media_type, None, |out| {
                    let count = rdf::write(store, format, &selection, out)?;
                    if format == Format::NQuads {
                        triples = Some(count);
                    }
                    Ok(())
                })?;
            }
        }
        // What the dataset is called depends on what is in it, not on when it was written.
        let id = digest(&files.all);
        let counts: Counts =
            dataset.tables().map(|table| (table.layout.name.as_str(), table.rows.len())).to_vec();
        let data = files.all.len();
        files.add("datapackage.json".into(), "application/json", None, |out| {
            write_json(&catalogue::data_package(&id, &dataset), out)
        })?;
        let (described, _) = files.all.split_at(data);
        let croissant = catalogue::croissant(&id, described);
        let catalogue = catalogue::dcat(&id, described, &dataset, triples)?;
        let readme = codebook(&dataset, described);
        files.add("croissant.json".into(), "application/json", None, |out| {
            write_json(&croissant, out)
        })?;
        files.add("dataset.ttl".into(), "text/turtle", None, |out| out.write_all(&catalogue))?;
        files.add("CITATION.cff".into(), "text/yaml", None, |out| {
            out.write_all(catalogue::citation(&id).as_bytes())
        })?;
        files.add("ATTRIBUTION.txt".into(), "text/plain", None, |out| {
            out.write_all(rdf::ATTRIBUTION.as_bytes())
        })?;
        files.add("README.md".into(), "text/markdown", None, |out| {
            out.write_all(readme.as_bytes())
        })?;
        let sums: String =
            files.all.iter().map(|file| format!("{}  {}\n", file.sha256, file.name)).collect();
        files.add("SHA256SUMS".into(), "text/plain", None, |out| out.write_all(sums.as_bytes()))?;
        Ok(counts)
    }
}

/// The files that are written already.
struct Files<'f> {
    folder: &'f Path,
    all: Vec<Described>,
}

impl Files<'_> {
    fn add(
        &mut self,
        name: String,
        media_type: &'static str,
        table: Option<&'static str>,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), ExportError> {
        self.try_add(name, media_type, table, |out| Ok(write(out)?))
    }

    /// Writes one file, and notes how long it became and what its checksum is.
    fn try_add(
        &mut self,
        name: String,
        media_type: &'static str,
        table: Option<&'static str>,
        write: impl FnOnce(&mut BufWriter<File>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let path = self.folder.join(&name);
        let mut out = BufWriter::new(File::create(&path)?);
        write(&mut out)?;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let (bytes, sha256) = sum(&path)?;
        self.all.push(Described { name, media_type, bytes, sha256, table });
        Ok(())
    }
}

/// How long a file is, and its SHA-256.
fn sum(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hex(&hash.finalize()))),
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of what all files hold.
fn digest(files: &[Described]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(&file.name);
        hash.update([0]);
        hash.update(&file.sha256);
    }
    hex(&hash.finalize())
}

fn write_json(value: &Json, mut out: impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")
}

impl Dataset {
    /// Puts the texts into the table of articles.
    fn add_texts(&mut self, texts: &BTreeMap<String, String>) {
        let (Some(id), Some(text)) = (self.articles.column("id"), self.articles.column("text"))
        else {
            return;
        };
        for row in &mut self.articles.rows {
            if let Some(found) = row[id].as_text().and_then(|id| texts.get(id)) {
                row[text] = Value::text(found.as_str());
            }
        }
    }
}

impl Column {
    /// Its type as the codebook calls it.
    fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Boolean => "boolean",
        }
    }
}

/// What a reader must know: what is in which file, and every column.
fn codebook(dataset: &Dataset, files: &[Described]) -> String {
    let mut text = format!(
        "# {}\n\n{}\n\nWritten by youcheng {}. Every value was read by rules out of articles: it \
         says what articles say, with the sentence beside it, and not what is so. Where articles \
         contradict each other, `events` keeps both sides with the number of independent \
         articles for each, and `agreements` the value that most of them give.\n\n",
        SCHEMA.title,
        SCHEMA.description,
        env!("CARGO_PKG_VERSION"),
    );
    text += "## Files\n\n| file | bytes | what |\n| --- | ---: | --- |\n";
    for file in files {
        let what = file
            .table
            .map_or_else(|| other(&file.name).to_owned(), |table| format!("the table `{table}`"));
        text += &format!("| `{}` | {} | {what} |\n", file.name, file.bytes);
    }
    text += "\nCSV is UTF-8 with a header; an absent value is an empty cell; a text that a \
             spreadsheet would run as a formula has an apostrophe before it, in CSV alone. \
             Parquet and JSON Lines hold the same rows with their types.\n";
    for table in dataset.tables() {
        text += &format!(
            "\n## `{}`: {} rows\n\n{}\n\n| column | type | what |\n| --- | --- | --- |\n",
            table.layout.name,
            table.rows.len(),
            table.layout.about,
        );
        for column in &table.layout.columns {
            let mut about = column.about.clone();
            if column.name == table.layout.key {
                about += " Unique.";
            }
            if let Some(other) = &column.table {
                about += &format!(" A key of `{other}`.");
            }
            text += &format!("| `{}` | {} | {about} |\n", column.name, column.type_name());
        }
    }
    text += "\n## Licence and attribution\n\nThe facts are free to use. Place identifiers and \
             positions come from sources that ask to be named: see `ATTRIBUTION.txt`. Quotes are \
             sentences of the articles that they name, cited as evidence.\n";
    text
}

/// What the files are that hold no table.
fn other(name: &str) -> &'static str {
    match name {
        "places.geojson" => "the places as points",
        "ties.geojson" => "the ties in force as lines, those of memoranda alone among them",
        "network.graphml" => "the same as a network, for Gephi, igraph and others",
        "edges.csv" => "the same as a list of edges",
        "quickstatements.txt" => "statements for Wikidata, where both ends are known items",
        "graph.nq" | "graph.trig" | "graph.jsonld" => "the whole graph, with its named graphs",
        "graph.ttl" => "the whole graph without its named graphs",
        _ => "",
    }
}

/// The table of agreements alone.
pub(super) fn agreements(store: &Store, out: impl io::Write) -> Result<(), ExportError> {
    let table: Table = Dataset::read(store, &Filter::default())?.agreements;
    Ok(table.csv(out)?)
}
