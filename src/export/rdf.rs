//! The graph as N-Quads, TriG, Turtle and JSON-LD: all of it, or what belongs to a dataset.

use std::{collections::HashSet, io};

use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use oxrdf::{GraphName, NamedOrBlankNode, Quad, Term};
use sha2::{Digest, Sha256};

use super::{ExportError, Format, dataset::Dataset, filter::Filter};
use crate::{
    rdf::{
        iri,
        vocab::{PREFIXES, oa, schema, yc},
    },
    store::Store,
};

/// Whose data the places are.
pub(super) const ATTRIBUTION: &str = include_str!("../../gazetteer/ATTRIBUTION.txt");

/// Which part of the graph is written.
pub(super) struct Selection {
    /// The subjects of which something is said; `None` for all.
    subjects: Option<HashSet<String>>,
}

/// Longer chains from a claim to what it says do not stand in the graph.
const STEPS: usize = 8;

impl Selection {
    /// Everything.
    pub(super) fn all() -> Self {
        Self { subjects: None }
    }

    /// What belongs to a dataset: what it keeps, and all that this refers to.
    pub(super) fn new(
        store: &Store,
        dataset: &Dataset,
        filter: &Filter,
    ) -> Result<Self, ExportError> {
        if filter.is_empty() {
            return Ok(Self::all());
        }
        let mut subjects: HashSet<String> = dataset.kept.iter().cloned().collect();
        for _ in 0..STEPS {
            let before = subjects.len();
            for quad in store.quads() {
                let quad = quad?;
                let Term::NamedNode(object) = &quad.object else { continue };
                // A graph is told of with its article, and an article tells of all it names.
                if is_of_graph(&quad) && subjects.contains(object.as_str()) {
                    subjects.insert(subject(&quad).to_owned());
                }
                if follows(&quad) && subjects.contains(subject(&quad)) {
                    subjects.insert(object.as_str().to_owned());
                }
            }
            if subjects.len() == before {
                break;
            }
        }
        Ok(Self { subjects: Some(subjects) })
    }

    fn has(&self, quad: &Quad) -> bool {
        let Some(subjects) = &self.subjects else { return true };
        if is_in(quad, iri::vocabulary().as_str()) {
            return true;
        }
        let is_derived = quad.predicate == yc::PARTNER_OF;
        // What an article merely mentions is not followed, so nothing would be known of it.
        if quad.predicate == schema::MENTIONS || quad.predicate == yc::STATES_DATE {
            return false;
        }
        let object = match &quad.object {
            Term::NamedNode(object) if is_derived || quad.predicate == oa::HAS_BODY => object,
            _ => return subjects.contains(subject(quad)),
        };
        subjects.contains(subject(quad)) && subjects.contains(object.as_str())
    }
}

fn is_in(quad: &Quad, graph: &str) -> bool {
    matches!(&quad.graph_name, GraphName::NamedNode(name) if name.as_str() == graph)
}

fn is_of_graph(quad: &Quad) -> bool {
    matches!(&quad.graph_name, GraphName::NamedNode(name) if name.as_str() == subject(quad))
}

/// Whether what a quad names is told of, too.
fn follows(quad: &Quad) -> bool {
    let never = [schema::MENTIONS, yc::STATES_DATE, yc::PARTNER_OF, oa::HAS_BODY];
    !never.iter().any(|&predicate| quad.predicate == predicate)
        && !is_in(quad, iri::vocabulary().as_str())
}

fn subject(quad: &Quad) -> &str {
    match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => node.as_str(),
    }
}

/// Writes what is selected, and says how many statements that were. The store gives them in
/// an order that only they decide.
pub(super) fn write(
    store: &Store,
    format: Format,
    selection: &Selection,
    mut out: impl io::Write,
) -> Result<usize, ExportError> {
    let rdf = match format {
        Format::NQuads | Format::Csv => RdfFormat::NQuads,
        Format::TriG => RdfFormat::TriG,
        Format::Turtle => RdfFormat::Turtle,
        Format::JsonLd => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
    };
    if format != Format::JsonLd {
        // The licences of the place data ask for it; in these formats # begins a comment.
        for line in ATTRIBUTION.lines() {
            writeln!(out, "# {line}")?;
        }
    }
    let mut serializer = RdfSerializer::from_format(rdf);
    if format != Format::NQuads {
        for (prefix, iri) in PREFIXES {
            serializer = serializer.with_prefix(prefix, iri).map_err(io::Error::other)?;
        }
    }
    let mut writer = serializer.for_writer(&mut out);
    let mut seen = HashSet::new();
    let mut count = 0;
    for quad in store.quads() {
        let quad = quad?;
        if !selection.has(&quad) {
            continue;
        }
        if format != Format::Turtle {
            writer.serialize_quad(&quad)?;
        } else if seen.insert(fingerprint(&quad)) {
            writer.serialize_triple(quad.as_ref())?;
        } else {
            continue;
        }
        count += 1;
    }
    writer.finish()?;
    out.flush()?;
    Ok(count)
}

/// Sixteen bytes that stand for a triple: all of a large store would not fit in memory.
fn fingerprint(quad: &Quad) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in [quad.subject.to_string(), quad.predicate.to_string(), quad.object.to_string()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut start = [0; 16];
    start.copy_from_slice(&hash.finalize()[..16]);
    start
}
