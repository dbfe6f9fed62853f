//! A user's table of places, as bytes.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use crate::gazetteer::LARGEST_FILE;

/// The bytes of a table, or one more than it may have.
///
/// # Errors
///
/// If it cannot be read, or is no file: a pipe might never end.
pub fn places(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("is not a file"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
