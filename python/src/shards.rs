//! What engines on many machines need of an article beside its columns, and the steps between
//! articles: which are copies, and what the claims about a pair make together.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{BinaryBuilder, Int64Builder, ListBuilder, StringBuilder},
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use oxrdf::{NamedOrBlankNode, Quad};
use oxttl::{NQuadsParser, NQuadsSerializer};
use pyo3::{exceptions::PyValueError, prelude::*};
use youcheng::{
    article::ArticleId,
    columns::{self, Row},
    date::PartialDate,
    dedup::{Entry, Index, Signature, Signer},
    merge::{Ledger, Pair, Parts},
    parcel::{Parcel, address},
    pipeline::{self, Options},
    place::PlaceKey,
    rdf::{
        emit, iri, key,
        vocab::{skos, yc},
    },
    shard::Lines,
};

/// The columns of extractions, with those behind them that the graph is made of.
pub(crate) fn schema(graph: bool) -> SchemaRef {
    let columns = columns::schema();
    if !graph {
        return columns;
    }
    let list = |of| DataType::List(Arc::new(Field::new("element", of, true)));
    let more = [
        // A line of a shard: what it is, and N-Quads of all of its graph and of what the
        // shared graph says of what it names.
        Field::new("head", DataType::Utf8, true),
        Field::new("nquads", DataType::Utf8, true),
        // Where versions of it follow each other.
        Field::new("address", DataType::Utf8, true),
        // Of these, its claims, and what it says of places.
        Field::new("claims", DataType::Utf8, true),
        Field::new("known", DataType::Utf8, true),
        Field::new("ties", list(DataType::Utf8), true),
        Field::new("signature", DataType::Binary, true),
        Field::new("keys", list(DataType::Int64), true),
    ];
    let fields = columns.fields().iter().map(|field| field.as_ref().clone());
    Arc::new(Schema::new(fields.chain(more).collect::<Vec<_>>()))
}

/// Rows as one batch, with these columns.
pub(crate) fn batch(rows: &[Row], signer: &Signer) -> Result<RecordBatch, ArrowError> {
    let batch = columns::batch(rows)?;
    let (mut heads, mut quads) = (StringBuilder::new(), StringBuilder::new());
    let (mut claims, mut known) = (StringBuilder::new(), StringBuilder::new());
    let mut addresses = StringBuilder::new();
    let mark = mark();
    let element = |of| Field::new("element", of, true);
    let mut ties = ListBuilder::new(StringBuilder::new()).with_field(element(DataType::Utf8));
    let mut keys = ListBuilder::new(Int64Builder::new()).with_field(element(DataType::Int64));
    let mut signatures = BinaryBuilder::new();
    for row in rows {
        let Ok(extraction) = &row.result else {
            heads.append_null();
            quads.append_null();
            addresses.append_null();
            claims.append_null();
            known.append_null();
            ties.append_null();
            keys.append_null();
            signatures.append_null();
            continue;
        };
        let parcel = Parcel::new(extraction, signer, mark, true);
        let lines = Lines::of(&parcel)?;
        addresses.append_option(address(&parcel.source));
        let all = &parcel.quads;
        let is_claim = |quad: &&Quad| matches!(&quad.subject, NamedOrBlankNode::NamedNode(it) if key::claim(it.as_str()).is_some());
        let is_known = |quad: &&Quad| {
            let of_place = |it: &NamedOrBlankNode| matches!(it, NamedOrBlankNode::NamedNode(it) if key::place(it.as_str()).is_some());
            of_place(&quad.subject)
                && (quad.predicate == skos::PREF_LABEL
                    || quad.predicate == skos::CLOSE_MATCH
                    || quad.predicate == yc::COUNTRY)
        };
        claims.append_value(written(all.iter().filter(is_claim)));
        // What an unlisted place may be is the same whichever article says it, and then
        // there is one line for it in a corpus.
        let known_here = all.iter().filter(is_known).map(|quad| {
            let mut quad = quad.clone();
            if quad.predicate == skos::CLOSE_MATCH {
                quad.graph_name = iri::graph(&ArticleId::from_bytes([0; 32])).into();
            }
            quad
        });
        known.append_value(written(&known_here.collect::<Vec<_>>()));
        heads.append_value(lines.head);
        quads.append_value(lines.quads);
        let mut of_article: Vec<String> = all
            .iter()
            .filter(is_claim)
            .filter(|quad| quad.predicate == yc::ASSERTS)
            .filter_map(|quad| match &quad.object {
                oxrdf::Term::NamedNode(tie) => Some(tie.as_str().to_owned()),
                _ => None,
            })
            .collect();
        of_article.sort_unstable();
        of_article.dedup();
        for tie in of_article {
            ties.values().append_value(tie);
        }
        ties.append(true);
        for key in parcel.signature.keys() {
            keys.values().append_value(key.cast_signed());
        }
        keys.append(true);
        signatures.append_value(parcel.signature.to_bytes());
    }
    let more: [ArrayRef; 8] = [
        Arc::new(heads.finish()),
        Arc::new(quads.finish()),
        Arc::new(addresses.finish()),
        Arc::new(claims.finish()),
        Arc::new(known.finish()),
        Arc::new(ties.finish()),
        Arc::new(signatures.finish()),
        Arc::new(keys.finish()),
    ];
    RecordBatch::try_new(schema(true), batch.columns().iter().cloned().chain(more).collect())
}

/// Quads as N-Quads.
fn written<'a>(quads: impl IntoIterator<Item = &'a Quad>) -> String {
    let mut out = NQuadsSerializer::new().for_writer(Vec::new());
    for quad in quads {
        // A vector takes everything.
        let _ = out.serialize_quad(quad);
    }
    String::from_utf8(out.finish()).unwrap_or_default()
}

fn parsed(text: &str) -> PyResult<Vec<Quad>> {
    NQuadsParser::new()
        .for_slice(text)
        .collect::<Result<_, _>>()
        .map_err(|error| PyValueError::new_err(format!("not N-Quads: {error}")))
}

fn id(text: &str) -> PyResult<ArticleId> {
    text.strip_prefix("sha256:")
        .and_then(ArticleId::from_hex)
        .ok_or_else(|| PyValueError::new_err(format!("{text:?} is no id of an article")))
}

fn signature(bytes: &[u8]) -> PyResult<Signature> {
    Signature::from_bytes(bytes).ok_or_else(|| PyValueError::new_err("no signature"))
}

/// Which of these articles are near each other, as pairs of their numbers. They share a key;
/// each is compared with so many after it.
#[pyfunction]
pub(crate) fn near(
    py: Python<'_>,
    signatures: Vec<Vec<u8>>,
    window: usize,
) -> PyResult<Vec<(usize, usize)>> {
    let all = signatures.iter().map(|it| signature(it)).collect::<PyResult<Vec<_>>>()?;
    Ok(py.detach(|| {
        let mut found = Vec::new();
        for (n, one) in all.iter().enumerate() {
            let rest = all.iter().enumerate().skip(n + 1).take(window);
            found.extend(rest.filter(|(_, other)| one.is_near(other)).map(|(m, _)| (n, m)));
        }
        found
    }))
}

/// Of articles that are near each other, directly or by others between them, which are copies
/// of which original.
#[pyfunction]
pub(crate) fn copies(
    py: Python<'_>,
    articles: Vec<(String, Option<String>, Vec<u8>)>,
) -> PyResult<Vec<(String, String)>> {
    let entries = articles
        .iter()
        .map(|(name, published, bytes)| {
            let published = published.as_ref().and_then(|date| date.parse::<PartialDate>().ok());
            Ok(Entry { id: id(name)?, published, signature: signature(bytes)? })
        })
        .collect::<PyResult<Vec<_>>>()?;
    Ok(py.detach(|| {
        let mut index = Index::default();
        for entry in entries {
            index.add(entry);
        }
        let clusters = index.clusters();
        let pairs = clusters.iter().flat_map(|cluster| {
            let original = cluster.original.to_string();
            cluster.copies.iter().map(move |copy| (copy.to_string(), original.clone()))
        });
        pairs.collect()
    }))
}

/// What merging needs to know everywhere: all ties, and what is said of their places.
#[pyclass(module = "youcheng._native", frozen)]
pub(crate) struct Merger(Parts);

#[pymethods]
impl Merger {
    /// Of the IRIs of all ties, and N-Quads about places.
    #[new]
    fn new(py: Python<'_>, ties: Vec<String>, known: Vec<String>) -> PyResult<Self> {
        let known = known.iter().map(|text| parsed(text)).collect::<PyResult<Vec<_>>>()?;
        Ok(Self(py.detach(|| {
            let mut parts = Parts::default();
            for tie in &ties {
                parts.add_tie(tie);
            }
            known.iter().for_each(|quads| parts.add_places(quads));
            parts
        })))
    }

    /// The pair that a tie is about: two ids of places, with a tab between them.
    fn pair(&self, tie: &str) -> PyResult<String> {
        let pair = self.0.pair(tie);
        let [low, high] =
            pair.ok_or_else(|| PyValueError::new_err(format!("{tie:?} is no tie")))?;
        Ok(format!("{low}\t{high}"))
    }

    /// N-Quads about places that are merged into others.
    fn places(&self, py: Python<'_>) -> String {
        py.detach(|| written(&self.0.places()))
    }

    /// N-Quads of the agreements of a pair, out of the claims of articles, each with the article
    /// of which its own is a copy.
    fn agreements(
        &self,
        py: Python<'_>,
        pair: &str,
        claims: Vec<(String, Option<String>)>,
    ) -> PyResult<String> {
        let (low, high) =
            pair.split_once('\t').ok_or_else(|| PyValueError::new_err("expected two places"))?;
        let pair: Pair = [low, high].map(|place| PlaceKey(place.into()));
        let mut ledger = Ledger::default();
        for (text, root) in &claims {
            let quads = parsed(text)?;
            let graph = quads.first().and_then(emit::graph_of);
            let article = graph.and_then(|graph| key::graph(graph.as_str()));
            ledger.add_article(&quads);
            if let (Some(article), Some(root)) = (article, root) {
                ledger.set_root(article, Some(id(root)?));
            }
        }
        Ok(py.detach(|| written(&self.0.agreements(&pair, &ledger))))
    }
}

/// By what articles are read here.
fn mark() -> u64 {
    static MARK: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *MARK.get_or_init(|| pipeline::mark(Options::default(), &[], None))
}

/// A signer for the process.
pub(crate) fn signer() -> Result<&'static Signer, String> {
    static SIGNER: std::sync::OnceLock<Result<Signer, String>> = std::sync::OnceLock::new();
    let made = SIGNER.get_or_init(|| Signer::new().map_err(|error| error.to_string()));
    made.as_ref().map_err(Clone::clone)
}
