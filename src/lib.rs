//! youcheng (友城) turns Chinese news into an open knowledge graph of sister cities.

// The command line names the crate as other programs do.
extern crate self as youcheng;

pub mod agreement;
pub mod article;
pub mod batch;
mod chars;
#[cfg(feature = "store")]
pub mod check;
pub mod clean;
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "store")]
pub mod clusters;
#[cfg(feature = "arrow")]
pub mod columns;
pub mod date;
pub mod dedup;
pub mod eval;
#[cfg(feature = "store")]
pub mod export;
mod expression;
pub mod gazetteer;
mod guard;
#[cfg(feature = "store")]
pub mod holdings;
#[cfg(feature = "store")]
pub mod ingest;
pub mod link;
pub mod lookup;
pub mod merge;
pub mod notes;
pub mod offset;
pub mod parcel;
pub mod particulars;
pub mod pipeline;
pub mod place;
mod prefixes;
pub mod proof;
#[cfg(feature = "store")]
pub mod query;
pub mod rdf;
pub mod read;
pub mod recognise;
pub mod relate;
pub mod rule;
pub mod segment;
#[cfg(feature = "store")]
pub mod serve;
pub mod shard;
mod starts;
#[cfg(feature = "store")]
pub mod store;
pub mod text;
pub mod wire;
