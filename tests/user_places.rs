//! A user's own table of places: it adds names, wins over ours, and if it is broken it is
//! refused with its line and changes nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, process::Command};

use tempfile::TempDir;

const TEXT: &str = "6月1日,山东省聊城市与哈萨克斯坦云雀镇签署友好城市协议书。\n";

/// Runs `youcheng` in a folder with an article and a table.
fn run(table: &[u8], arguments: &[&str]) -> (i32, String, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("article.txt"), TEXT).unwrap();
    fs::write(folder.path().join("my.tsv"), table).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .current_dir(folder.path())
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn places(stdout: &str) -> Vec<serde_json::Value> {
    let record: serde_json::Value = serde_json::from_str(stdout).unwrap();
    record["places"].as_array().unwrap().clone()
}

#[test]
fn a_name_of_the_user_is_found_with_what_they_say() {
    let table = "name\tcountry\tlevel\tparent\tlat\tlon\n\
                 云雀镇\tKZ\tcity\tgn:1526395\t42.9\t71.4\n";
    let (code, stdout, stderr) =
        run(table.as_bytes(), &["extract", "--gazetteer", "my.tsv", "article.txt"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let places = places(&stdout);
    let place = places.iter().find(|place| place["name"] == "云雀镇").unwrap();
    assert_eq!(place["id"], "x:KZ:云雀镇");
    assert_eq!((&place["country"], &place["level"]), (&"KZ".into(), &"city".into()));
    assert_eq!((&place["lat"], &place["lon"]), (&42.9.into(), &71.4.into()));
}

#[test]
fn a_name_of_the_user_wins_over_ours() {
    // Liaocheng, of all places, in Kazakhstan.
    let table = "name\tcountry\tid\n聊城市\tKZ\tx:KZ:测试\n";
    let (code, stdout, _) =
        run(table.as_bytes(), &["place", "--json", "--gazetteer", "my.tsv", "聊城市"]);
    assert_eq!(code, 0);
    let answer: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let ids: Vec<&serde_json::Value> =
        answer["places"].as_array().unwrap().iter().map(|place| &place["id"]).collect();
    assert_eq!(ids, ["x:KZ:测试"]);
    assert_eq!(answer["alone"], "place");
    // Other names are what they were.
    let (_, stdout, _) =
        run(table.as_bytes(), &["place", "--json", "--gazetteer", "my.tsv", "帕克斯"]);
    let (_, ours, _) = run(table.as_bytes(), &["place", "--json", "帕克斯"]);
    assert_eq!(stdout, ours);
}

#[test]
fn a_listed_place_gets_another_name_and_keeps_what_the_table_does_not_say() {
    let table = "name\tcountry\tgeonames\n云雀镇\tHU\t3046768\n";
    let (_, stdout, _) =
        run(table.as_bytes(), &["place", "--json", "--gazetteer", "my.tsv", "云雀镇"]);
    let answer: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let place = &answer["places"][0];
    assert_eq!((&place["id"], &place["latin"]), (&"gn:3046768".into(), &"Paks".into()));
    assert_eq!(place["label"], "云雀镇");
    assert!(place["lat"].is_number());
}

#[test]
fn a_broken_or_hostile_table_is_refused_with_its_line_and_nothing_is_written() {
    let rows = |n: usize| {
        let mut table = "name\tcountry\n".to_owned();
        for _ in 0..n {
            table += "云雀镇\tKZ\n";
        }
        table.into_bytes()
    };
    for (table, expected) in [
        (b"".to_vec(), "my.tsv:1:1: is empty"),
        ("name\tcountry\n云\tKZ\n".into(), "my.tsv:2:1: \"云\": a name has two characters"),
        ("name\tcountry\n云雀镇 KZ\n".into(), "my.tsv:2:1: has 1 cells"),
        ("name\tcountry\n云雀镇\tKAZ\n".into(), "my.tsv:2:5: \"KAZ\" is no country"),
        ("name\tcountry\n云\u{0}雀\tKZ\n".into(), "my.tsv:2:2: holds the control character U+0000"),
        (b"name\tcountry\n\xd4\xc6\xc8\xb8\tKZ\n".to_vec(), "my.tsv:2:1: is not UTF-8"),
        (
            "name\tcountry\tgeonames\n云雀镇\tKZ\t5\n云雀镇\tKZ\t6\n".into(),
            "my.tsv:3:1: 云雀镇 is already gn:5 in line 2",
        ),
        (rows(1_000_000), "my.tsv:100002:1: has more than 100000 rows"),
        ([b"name\tcountry\n".as_slice(), &[b'a'; 1 << 20]].concat(), "my.tsv:2:1: a line has"),
    ] {
        for command in ["extract", "explain"] {
            let (code, stdout, stderr) =
                run(&table, &[command, "--gazetteer", "my.tsv", "article.txt"]);
            assert_eq!((code, stdout.as_str()), (2, ""), "{expected}");
            assert!(stderr.contains(expected), "{expected}: {stderr}");
            assert_eq!(stderr.lines().count(), 1, "{stderr}");
        }
    }
}

#[test]
fn a_table_that_is_no_file_is_named() {
    for path in ["missing.tsv", ".", "/dev/zero"] {
        let (code, stdout, stderr) = run(b"", &["extract", "--gazetteer", path, "article.txt"]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{path}");
        assert!(stderr.contains(path) && stderr.contains("cannot be read"), "{stderr}");
    }
}
