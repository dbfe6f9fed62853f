//! How long the program takes before it reads anything. `--nocapture` prints it.

#![allow(clippy::print_stdout)]

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

/// Far more than it takes, on any machine: it once read its dictionary at every start, and
/// once compiled every expression of its rules.
const MOST: Duration = Duration::from_secs(2);

#[test]
fn short_answers_come_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one-sentence.txt");
    fs::write(&file, "临沂市与韩国军浦市于2009年5月12日签署友好城市协议书。\n").unwrap();
    let file = file.to_str().unwrap();
    for arguments in
        [&["--version"][..], &["place", "巴黎"], &["extract", "--published", "2025-01-01", file]]
    {
        let run = |_| {
            let start = Instant::now();
            let program = env!("CARGO_BIN_EXE_youcheng");
            let out = Command::new(program).args(arguments).output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            assert!(!out.stdout.is_empty());
            start.elapsed()
        };
        // The shortest of several runs: other programs run, too.
        let took = (0..5).map(run).min().unwrap();
        println!("youcheng {}: {} ms", arguments[0], took.as_millis());
        assert!(took < MOST, "{arguments:?} took {took:?}");
    }
}
