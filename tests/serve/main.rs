//! The server, asked over the network as clients ask it.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod graph_store;
mod http;
mod limits;
mod protocol;
mod safety;
