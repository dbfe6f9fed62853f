//! Looking after a store: check, stats, remove, reingest, as a user runs them.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path, process::Command};

fn run(folder: &Path, arguments: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Two articles about one pair that contradict each other, one about another pair.
fn articles() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("a.txt", "2003年5月,聊城市与匈牙利帕克斯市签署友好城市协议书。"),
        ("b.txt", "2004年6月,聊城市与匈牙利帕克斯市签署友好城市协议书。"),
        ("c.txt", "2019年4月,苏州市与日本池田市结为友好城市。"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let (code, _, err) = run(folder.path(), "ingest --quiet a.txt b.txt c.txt");
    assert_eq!(code, 0, "{err}");
    folder
}

fn export(folder: &Path, store: &str) -> String {
    run(folder, &format!("export --format nquads --store {store}")).1
}

#[test]
fn check_names_the_article_and_how_to_mend_it() {
    let folder = articles();
    let (code, out, err) = run(folder.path(), "check");
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("Dates of one agreement that exclude each other"), "{out}");
    assert!(out.contains("2003-05-31 / 2004-06-01"), "{out}");
    assert!(out.contains("to mend: "), "{out}");
    assert!(out.contains("  c.txt"), "a note names its article: {out}");
    assert!(out.ends_with("0 errors, 1 warning, 3 notes\n"), "{out}");
    let (code, out, _) = run(folder.path(), "check --json --name article-without-date");
    assert_eq!((code, out.lines().count()), (0, 3), "notes are no reason to fail: {out}");
    let line: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(line["severity"], "note");
    let (code, _, err) = run(folder.path(), "check --name nothing");
    assert!(code == 2 && err.contains("there is no check nothing; take one of: "), "{err}");
    assert_eq!(run(folder.path(), "check --list").0, 0);
    assert_eq!(run(folder.path(), "check --store none").0, 2);
}

#[test]
fn stats_count_what_is_there() {
    let folder = articles();
    let (code, out, err) = run(folder.path(), "stats --json");
    assert_eq!(code, 0, "{err}");
    let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
    for (name, number) in
        [("articles", 3), ("claims", 3), ("agreements", 2), ("pairs", 2), ("parties", 4)]
    {
        assert_eq!(stats[name], number, "{name}: {out}");
    }
    assert_eq!(stats["years"], serde_json::json!({"2003": 1, "2019": 1}));
    assert_eq!(stats["countries"]["CN"], 2);
    let (_, out, _) = run(folder.path(), "stats");
    assert!(out.contains("agreements    2 (1 by one article alone)"), "{out}");
}

#[test]
fn removing_ends_where_a_store_without_the_article_begins() {
    let folder = articles();
    let path = folder.path();
    let before = export(path, "kg");
    let (code, out, _) = run(path, "remove --dry-run --url b.*");
    assert!(code == 0 && out.contains("1 article would be removed"), "{out}");
    assert_eq!(export(path, "kg"), before, "a dry run changes nothing");
    let (code, _, err) = run(path, "remove");
    assert!(code == 2 && err.contains("which articles?"), "{err}");
    let (code, _, err) = run(path, "remove --article xyz");
    assert!(code == 2 && err.contains("hexadecimal"), "{err}");
    let (code, out, err) = run(path, "remove --url b.*");
    assert_eq!((code, out.as_str()), (0, "1 article removed\n"), "{err}");
    assert_eq!(run(path, "ingest --quiet --store other a.txt c.txt").0, 0);
    assert_eq!(export(path, "kg"), export(path, "other"));
    let (_, out, _) = run(path, "remove --since 1900");
    assert!(out.contains("0 articles"), "what has no date is neither before nor after: {out}");
}

#[test]
fn reingesting_reads_what_stands_there_now() {
    let folder = articles();
    let path = folder.path();
    let before = export(path, "kg");
    let (code, out, err) = run(path, "reingest --url *");
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, "3 articles read again: 3 unchanged, 0 replaced, 0 new, 0 removed\n");
    assert_eq!(export(path, "kg"), before);
    // Told when they were published, they are understood anew.
    let (_, out, _) = run(path, "reingest --url c.txt --published 2019-05");
    assert_eq!(out, "1 article read again: 0 unchanged, 1 replaced, 0 new, 0 removed\n");
    // Another text in the place of one, and one that is gone.
    fs::write(path.join("b.txt"), "2003年5月,聊城市与匈牙利帕克斯市结为友好城市。").unwrap();
    fs::remove_file(path.join("c.txt")).unwrap();
    let (code, out, err) = run(path, "reingest --url *.txt");
    assert_eq!(code, 1);
    assert!(err.contains("skipped c.txt: is no longer there"), "{err}");
    assert_eq!(out, "2 articles read again: 1 unchanged, 0 replaced, 1 new, 1 removed\n");
    assert!(!run(path, "check").1.contains("exclude each other"), "the contradiction is gone");
}
