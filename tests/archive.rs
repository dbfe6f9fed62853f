//! The documents that are kept beside the graph.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path, process::Command};

use youcheng::store::Store;

fn youcheng(folder: &Path, args: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

const STORY: &str = "苏州市(sūzhōushì)与日本池田市缔结友好城市\n\
    2003年5月12日,苏州市与日本池田市在苏州市签署协议书,结为友好城市。\n";

#[test]
fn a_document_is_what_extract_prints_and_lasts_longer_than_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("story.txt");
    fs::write(&file, STORY).unwrap();
    let (extracted, _) = youcheng(folder.path(), &["extract", "story.txt"]);
    youcheng(folder.path(), &["ingest", "story.txt"]);
    fs::remove_file(&file).unwrap();
    let store = Store::read(&folder.path().join("kg")).unwrap();
    let documents: Vec<_> = store.documents().unwrap().map(Result::unwrap).collect();
    let [(id, document)] = documents.as_slice() else { panic!("{documents:?}") };
    assert_eq!(format!("{}\n", document.record), extracted);
    assert_eq!(
        document.noise,
        r#"[{"at":3,"end":3,"why":"pinyin","text":"(sūzhōushì)","length":11}]"#
    );
    assert_eq!(store.document(id).unwrap().as_ref(), Some(document));

    youcheng(folder.path(), &["export", "--to", "set", "--with-text"]);
    let articles = fs::read_to_string(folder.path().join("set/articles.csv")).unwrap();
    assert!(articles.contains("结为友好城市。"), "{articles}");

    youcheng(folder.path(), &["remove", "--url", "*story*"]);
    assert_eq!(store.document(id).unwrap(), None);
}

#[test]
fn who_does_not_want_texts_has_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("story.txt"), STORY).unwrap();
    youcheng(folder.path(), &["ingest", "--no-archive", "story.txt"]);
    let store = Store::read(&folder.path().join("kg")).unwrap();
    assert_eq!(store.documents().unwrap().count(), 0);
    assert!(store.count().unwrap() > 0);
}
