//! What is fuzzed: for each target what must hold whatever the bytes are, and inputs to begin
//! with. `tests/fuzzing.rs` of the crate runs the same on what was once found, and on inputs
//! that are damaged at random.

pub mod checks;
pub mod seeds;

use std::{fs, path::PathBuf};

/// Writes what a fuzzer begins with to the folder that `YOUCHENG_SEEDS` names, if it does: the
/// inputs of a target, and `dictionary` beside that folder. libFuzzer looks there later.
///
/// # Panics
///
/// If the folder cannot be written to.
pub fn begin(target: &str) {
    let Some(folder) = std::env::var_os("YOUCHENG_SEEDS").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (n, seed) in seeds::of(target).into_iter().enumerate() {
        fs::write(folder.join(format!("{n:04}")), seed).expect("the folder can be written to");
    }
    fs::write(folder.with_file_name("dictionary"), seeds::dictionary())
        .expect("the folder can be written to");
}
