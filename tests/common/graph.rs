//! The graph of `corpus/`, once for all tests of a program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// The graph of `corpus/`, made by the program as a user would make it.
pub(crate) static GRAPH: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kg");
    let mut articles: Vec<_> = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|end| ["txt", "html", "jsonl"].iter().any(|&it| end == it))
        })
        .map(|path| Path::new("corpus").join(path.file_name().unwrap()))
        .collect();
    articles.sort();
    let done = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--quiet", "ingest", "--store"])
        .arg(&path)
        .args(articles)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    (folder, path)
});
