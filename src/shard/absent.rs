//! Shards as Parquet, where the program was built without it.

use std::io;

use super::Lines;
use crate::parcel::Parcel;

/// A shard that cannot be written.
pub struct Table<W>(std::convert::Infallible, std::marker::PhantomData<W>);

impl<W: io::Write + Send> Table<W> {
    /// Says that it cannot be written.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn new(_: W) -> io::Result<Self> {
        let what = "this program was built without Parquet (the feature `parquet`)";
        Err(io::Error::new(io::ErrorKind::Unsupported, what))
    }

    /// Never called.
    ///
    /// # Errors
    ///
    /// None.
    pub fn push(&mut self, _: &Parcel, _: Lines) -> io::Result<()> {
        match self.0 {}
    }

    /// Never called.
    ///
    /// # Errors
    ///
    /// None.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {}
    }
}
