//! youcheng (友城) turns Chinese news into an open knowledge graph of sister cities.

pub mod agreement;
pub mod article;
pub mod clean;
pub mod date;
pub mod eval;
pub mod gazetteer;
pub mod notes;
pub mod pipeline;
pub mod place;
pub mod read;
pub mod recognise;
pub mod relate;
pub mod rule;
pub mod segment;
pub mod text;
