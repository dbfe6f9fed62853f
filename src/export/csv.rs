//! The table of agreements: one row per agreement, with the sentence that says it best.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    io,
};

use oxigraph::sparql::QuerySolution;
use oxrdf::Term;
use serde::Serialize;

use super::ExportError;
use crate::{place::CountryCode, query::Query, store::Store};

/// What the licences of the place data ask to be said; each row says it, because rows get
/// parted from their files.
const PLACE_DATA: &str = "GeoNames (CC BY 4.0), changed; Unicode CLDR; see gazetteer/NOTICE.txt";

/// Every claim with its agreement and where it is said.
const CLAIMS: &str = "
    SELECT ?agreement ?kind ?claim ?status ?date ?earliest ?latest ?basis ?instrument
           ?confidence ?rule ?quote ?article ?title ?url ?file WHERE {
      ?claim a yc:Claim ; oa:hasBody ?agreement ; yc:status/skos:notation ?status ;
        yc:confidence ?confidence ; yc:rule ?rule ; oa:hasTarget ?sentence .
      ?sentence oa:hasSource ?article ; oa:hasSelector/oa:exact ?quote .
      ?agreement yc:kind/skos:notation ?kind .
      OPTIONAL {
        ?claim yc:date ?when ; yc:basis/skos:notation ?basis .
        ?when yc:edtf ?date .
        OPTIONAL { ?when yc:earliest ?earliest }
        OPTIONAL { ?when yc:latest ?latest }
      }
      OPTIONAL { ?claim yc:instrument ?instrument }
      OPTIONAL { ?article schema:headline ?title }
      OPTIONAL { ?article schema:url ?url }
      OPTIONAL { ?article yc:file ?file }
    }";

/// The parties of every agreement.
const PARTIES: &str = "
    SELECT ?agreement ?place ?key ?name ?country ?wkt ?same WHERE {
      ?agreement a yc:Agreement ; yc:party ?place .
      ?place dcterms:identifier ?key ; skos:prefLabel ?name .
      OPTIONAL { ?place yc:country/schema:identifier ?country }
      OPTIONAL { ?place geo:hasGeometry/geo:asWKT ?wkt }
      OPTIONAL { ?place schema:sameAs ?same }
    }";

/// One agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The 32 hexadecimal digits of its IRI.
    pub id: String,
    /// The name of the Chinese side when there is one.
    pub a: String,
    /// Its country.
    pub a_country: String,
    /// The name of the other side.
    pub b: String,
    /// Its country.
    pub b_country: String,
    /// The kind of instrument.
    pub kind: String,
    /// What has become of the tie, by the best claim.
    pub status: String,
    /// When, in EDTF, by the best dated claim.
    pub date: String,
    /// The first day that the date can mean.
    pub date_earliest: String,
    /// The last day that the date can mean.
    pub date_latest: String,
    /// How the date is known.
    pub date_basis: String,
    /// The title of the document, by the best claim that gives one.
    pub instrument: String,
    /// The confidence of the best claim.
    pub confidence: String,
    /// How many articles say so.
    pub articles: usize,
    /// The sentence of the best claim.
    pub quote: String,
    /// The rule that read it.
    pub rule: String,
    /// The title of its article.
    pub article_title: String,
    /// The address of its article.
    pub article_url: String,
    /// The file that its article was read from.
    pub article_file: String,
    /// The SHA-256 of its article.
    pub article_sha256: String,
    /// The key of the first place.
    pub a_id: String,
    /// Its latitude.
    pub a_lat: String,
    /// Its longitude.
    pub a_lon: String,
    /// Its GeoNames id.
    pub a_geonames: String,
    /// Its Wikidata item.
    pub a_wikidata: String,
    /// The key of the second place.
    pub b_id: String,
    /// Its latitude.
    pub b_lat: String,
    /// Its longitude.
    pub b_lon: String,
    /// Its GeoNames id.
    pub b_geonames: String,
    /// Its Wikidata item.
    pub b_wikidata: String,
    /// Whose data ids and positions are, and under which terms.
    pub place_data: &'static str,
}

/// What one sentence says, as text.
#[derive(Debug)]
struct Claim {
    kind: String,
    status: String,
    date: Option<[String; 4]>,
    instrument: Option<String>,
    confidence: String,
    quote: String,
    rule: String,
    article: String,
    title: String,
    url: String,
    file: String,
    iri: String,
}

#[derive(Clone, Debug, Default)]
struct Party {
    key: String,
    name: String,
    country: String,
    lat: String,
    lon: String,
    geonames: String,
    wikidata: String,
}

/// All agreements that somebody claims, in the order of their parties' names.
///
/// Of several claims the best stands for the agreement: the most confident one, then one
/// with a date, then the one whose date is most precise, then the first by IRI. Date and
/// document come from the best claim that has one.
///
/// # Errors
///
/// If the store cannot be read.
pub fn rows(store: &Store) -> Result<Vec<Row>, ExportError> {
    let mut parties = BTreeMap::<String, BTreeMap<String, Party>>::new();
    for row in Query::parse(PARTIES)?.solutions(store)? {
        let of_agreement = parties.entry(text(&row, "agreement")).or_default();
        of_agreement.entry(text(&row, "place")).or_default().add(&row);
    }
    let mut claims = BTreeMap::<String, Vec<Claim>>::new();
    for row in Query::parse(CLAIMS)?.solutions(store)? {
        claims.entry(text(&row, "agreement")).or_default().push(Claim::new(&row));
    }
    let mut rows: Vec<Row> = claims
        .into_iter()
        .filter_map(|(iri, claims)| row(&iri, claims, parties.remove(&iri).unwrap_or_default()))
        .collect();
    rows.sort_by(|x, y| {
        let key = |row: &Row| {
            [&row.a, &row.b_country, &row.b, &row.date, &row.kind, &row.id].map(String::clone)
        };
        key(x).cmp(&key(y))
    });
    Ok(rows)
}

fn row(iri: &str, mut claims: Vec<Claim>, parties: BTreeMap<String, Party>) -> Option<Row> {
    let mut parties: Vec<Party> = parties.into_values().collect();
    parties.sort_by_key(|party| !party.is_chinese());
    let mut parties = parties.into_iter();
    let a = parties.next()?;
    // A place tied to itself has one party.
    let b = parties.next().unwrap_or_else(|| a.clone());
    claims.sort_by_cached_key(Claim::rank);
    let articles = claims.iter().map(|claim| &claim.article).collect::<BTreeSet<_>>().len();
    let [date, date_earliest, date_latest, date_basis] =
        claims.iter().find_map(|claim| claim.date.clone()).unwrap_or_default();
    let instrument = claims.iter().find_map(|claim| claim.instrument.clone()).unwrap_or_default();
    let best = claims.into_iter().next()?;
    Some(Row {
        id: last_segment(iri),
        a: a.name,
        a_country: a.country,
        b: b.name,
        b_country: b.country,
        kind: best.kind,
        status: best.status,
        date,
        date_earliest,
        date_latest,
        date_basis,
        instrument,
        confidence: best.confidence,
        articles,
        quote: best.quote,
        rule: best.rule,
        article_title: best.title,
        article_url: best.url,
        article_file: best.file,
        article_sha256: last_segment(&best.article),
        a_id: a.key,
        a_lat: a.lat,
        a_lon: a.lon,
        a_geonames: a.geonames,
        a_wikidata: a.wikidata,
        b_id: b.key,
        b_lat: b.lat,
        b_lon: b.lon,
        b_geonames: b.geonames,
        b_wikidata: b.wikidata,
        place_data: PLACE_DATA,
    })
}

impl Claim {
    fn new(row: &QuerySolution) -> Self {
        let some = |name| row.get(name).map(|_| text(row, name));
        Self {
            kind: text(row, "kind"),
            status: text(row, "status"),
            date: some("date")
                .map(|date| [date, text(row, "earliest"), text(row, "latest"), text(row, "basis")]),
            instrument: some("instrument"),
            confidence: text(row, "confidence"),
            quote: text(row, "quote"),
            rule: text(row, "rule"),
            article: text(row, "article"),
            title: text(row, "title"),
            url: text(row, "url"),
            file: text(row, "file"),
            iri: text(row, "claim"),
        }
    }

    /// The best first.
    fn rank(&self) -> (Reverse<u32>, Reverse<usize>, String) {
        let confidence = self.confidence.parse::<f32>().unwrap_or_default();
        // In thousandths: floating-point numbers have no order.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
        let confidence = (confidence * 1000.0) as u32;
        let precision = self.date.as_ref().map_or(0, |[edtf, ..]| edtf.len());
        (Reverse(confidence), Reverse(precision), self.iri.clone())
    }
}

impl Party {
    /// Takes in one row: a place with two records elsewhere has two rows.
    fn add(&mut self, row: &QuerySolution) {
        self.key = text(row, "key");
        self.name = text(row, "name");
        self.country = text(row, "country");
        let wkt = text(row, "wkt");
        let position = wkt.strip_prefix("POINT(").and_then(|rest| rest.strip_suffix(')'));
        if let Some((lon, lat)) = position.and_then(|position| position.split_once(' ')) {
            (self.lat, self.lon) = (lat.to_owned(), lon.to_owned());
        }
        let same = text(row, "same");
        if same.contains("geonames.org/") {
            self.geonames = last_segment(same.trim_end_matches('/'));
        } else if same.contains("wikidata.org/") {
            self.wikidata = last_segment(&same);
        }
    }

    fn is_chinese(&self) -> bool {
        CountryCode::new(&self.country).is_some_and(CountryCode::is_chinese)
    }
}

/// The value of a variable as plain text; empty when unbound.
fn text(row: &QuerySolution, name: &str) -> String {
    match row.get(name) {
        Some(Term::NamedNode(node)) => node.as_str().to_owned(),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        _ => String::new(),
    }
}

fn last_segment(iri: &str) -> String {
    iri.rsplit('/').next().unwrap_or(iri).to_owned()
}

/// Writes the table.
pub(super) fn write(store: &Store, out: impl io::Write) -> Result<(), ExportError> {
    let mut writer = ::csv::Writer::from_writer(out);
    let rows = rows(store)?;
    if rows.is_empty() {
        writer.write_record(&header()?).map_err(write_error)?;
    }
    for row in rows {
        writer.serialize(row.harmless()).map_err(write_error)?;
    }
    writer.flush()?;
    Ok(())
}

/// The names of the columns, which a table without rows has, too.
fn header() -> Result<::csv::StringRecord, ExportError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.serialize(Row::default()).map_err(write_error)?;
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    Ok(reader.headers().map_err(write_error)?.clone())
}

fn write_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl Row {
    /// The row with an apostrophe before every text that a spreadsheet would run as a
    /// formula. Columns that hold numbers keep their minus.
    fn harmless(mut self) -> Self {
        for text in [
            &mut self.a,
            &mut self.b,
            &mut self.instrument,
            &mut self.quote,
            &mut self.rule,
            &mut self.article_title,
            &mut self.article_url,
            &mut self.article_file,
            &mut self.a_id,
            &mut self.b_id,
        ] {
            if text.starts_with([
                '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}',
                '\u{ff20}',
            ]) {
                text.insert(0, '\'');
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        let row = Row {
            quote: "=cmd|' /C calc'!A0".to_owned(),
            a_lat: "-17.8".to_owned(),
            date: "--05-23".to_owned(),
            ..Row::default()
        };
        let row = row.harmless();
        assert_eq!([row.quote, row.a_lat, row.date], ["'=cmd|' /C calc'!A0", "-17.8", "--05-23"]);
    }

    #[test]
    fn a_table_without_rows_has_a_header() {
        let header = header().unwrap();
        assert_eq!(header.iter().take(3).collect::<Vec<_>>(), ["id", "a", "a_country"]);
    }
}
