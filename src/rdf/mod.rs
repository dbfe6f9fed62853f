//! The graph that an article becomes.
//!
//! Everything that an article claims stands in one named graph of its own: the article,
//! what it mentions, each claim with its sentence. What a key means stands once, in the
//! graph [`iri::shared`]: the parties and the kind of a tie, the name and position of a
//! place, the bounds of a date. These follow from the key alone, so writing them again
//! changes nothing. What all articles together say of a pair is merged into the graph
//! [`iri::agreements`] by [`crate::merge`], and what follows from that into [`iri::derived`].
//!
//! No triple ever stands in two graphs. That matters: the union of all graphs, over which
//! people ask, keeps doubles, and an agreement that fifty articles report would otherwise
//! match fifty times fifty times fifty. What articles say of a place that no list holds,
//! where it lies and what it may be, is the exception: it rests on each of them, and
//! stands in the graph of each.

pub mod emit;
pub mod iri;
pub mod key;
pub mod provenance;
pub mod vocab;

pub use emit::emit;
