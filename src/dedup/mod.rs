//! Dedup: which articles tell the same story.
//!
//! One agency story stands on many hosts, under other titles, with other tails, cut, in
//! another script. [`Signer`] makes a [`Signature`] of a cleaned text, of fixed size; the
//! [`Index`] keeps those of all articles and finds the ones that are near; [`Log`] keeps
//! them on disk, appended to and never rewritten.
//!
//! Two articles are near duplicates if they share most of their text, or one of them most
//! of its own, and no sentence of theirs is the same but for the places and numbers in it.
//! This last makes two fillings of one template, or the lists of two years, two articles.
//!
//! Of a cluster, the article published first is the original; of several the one with the
//! smallest id. What is a cluster depends on the articles alone, not on their order, as
//! long as no more than a few hundred stories share one key (`index.rs`).

mod cluster;
mod index;
mod log;
mod signature;

pub use cluster::Cluster;
pub use index::{Entry, Index};
pub use log::{Log, LogError, Logged};
pub use signature::{Likeness, Signature, Signer};
