//! The graph as N-Quads, TriG and Turtle.

use std::{collections::HashSet, io};

use oxrdf::Quad;
use oxttl::{NQuadsSerializer, TriGSerializer, TurtleSerializer};
use sha2::{Digest, Sha256};

use super::{ExportError, Format};
use crate::{rdf::vocab::PREFIXES, store::Store};

/// Whose data the places are.
const ATTRIBUTION: &str = include_str!("../../gazetteer/ATTRIBUTION.txt");

/// Writes every quad. The store gives them in an order that only they decide.
pub(super) fn write(
    store: &Store,
    format: Format,
    mut out: impl io::Write,
) -> Result<(), ExportError> {
    // The licences of the place data ask for it; in all three formats # begins a comment.
    for line in ATTRIBUTION.lines() {
        writeln!(out, "# {line}")?;
    }
    let mut quads = store.quads();
    match format {
        Format::NQuads | Format::Csv => {
            let mut writer = NQuadsSerializer::new().for_writer(&mut out);
            quads.try_for_each(|quad| Ok::<_, ExportError>(writer.serialize_quad(&quad?)?))?;
            writer.finish();
        }
        Format::TriG => {
            let mut serializer = TriGSerializer::new();
            for (prefix, iri) in PREFIXES {
                serializer = serializer.with_prefix(prefix, iri).map_err(io::Error::other)?;
            }
            let mut writer = serializer.for_writer(&mut out);
            quads.try_for_each(|quad| Ok::<_, ExportError>(writer.serialize_quad(&quad?)?))?;
            writer.finish()?;
        }
        Format::Turtle => {
            let mut serializer = TurtleSerializer::new();
            for (prefix, iri) in PREFIXES {
                serializer = serializer.with_prefix(prefix, iri).map_err(io::Error::other)?;
            }
            let mut writer = serializer.for_writer(&mut out);
            let mut seen = HashSet::new();
            for quad in quads {
                let quad = quad?;
                if seen.insert(fingerprint(&quad)) {
                    writer.serialize_triple(quad.as_ref())?;
                }
            }
            writer.finish()?;
        }
    }
    out.flush()?;
    Ok(())
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
