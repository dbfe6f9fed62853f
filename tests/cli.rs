//! The commands as people run them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{
    io::{Read as _, Write as _},
    process::{Command, Output, Stdio},
};

/// Cases that are files: arguments, exit code, and what is printed.
#[test]
fn commands() {
    let cases = trycmd::TestCases::new();
    cases.case("tests/cmd/*.toml");
    #[cfg(not(feature = "store"))]
    cases
        .skip("tests/cmd/query*.toml")
        .skip("tests/cmd/ingest*.toml")
        .skip("tests/cmd/export*.toml");
}

fn youcheng(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_youcheng"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = youcheng(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().expect("no signal"), text(stdout), text(stderr))
}

/// A folder of three texts, a broken record and an empty file.
fn articles() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = "2023年(nián)2月,聊城市与匈牙利帕克斯市签署建立友好城市关系协议书。\n";
    let record = |n: usize| serde_json::json!({"title": format!("第{n}篇"), "text": format!("{text}第{n}篇。")});
    std::fs::write(folder.path().join("a.txt"), text).unwrap();
    std::fs::write(folder.path().join("b.txt"), "").unwrap();
    let lines = [record(1).to_string(), "{\"text\": ".to_owned(), record(3).to_string()];
    std::fs::write(folder.path().join("c.jsonl"), lines.join("\n")).unwrap();
    folder
}

#[test]
fn extract_gives_the_same_bytes_for_any_number_of_jobs_and_names_what_it_skips() {
    let folder = articles();
    let path = folder.path().to_str().unwrap();
    let one = run(&["extract", "--jobs", "1", path]);
    assert_eq!(one, run(&["extract", "--jobs", "8", path]));
    let (code, out, err) = one;
    assert_eq!((code, out.lines().count()), (1, 3), "{err}");
    let skipped: Vec<_> = err.lines().collect();
    assert_eq!(skipped.len(), 2, "{err}");
    assert!(skipped[0].starts_with("skipped ") && skipped[0].contains("b.txt: "), "{err}");
    assert!(skipped[1].contains("c.jsonl:2:"), "{err}");
    for line in out.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(record.get("words").is_none());
    }
}

#[test]
fn clean_gives_the_same_bytes_for_any_number_of_jobs_and_colours_only_when_asked() {
    let folder = articles();
    let path = folder.path().to_str().unwrap();
    for output in ["--json", "--diff", "--quiet"] {
        let one = run(&["clean", output, "--jobs", "1", path]);
        assert_eq!(one, run(&["clean", output, "--jobs", "8", path]));
        let (code, out, err) = one;
        assert_eq!((code, err.lines().count()), (1, 2), "{err}");
        assert!(!out.contains('\u{1b}') && !out.is_empty(), "{out}");
    }
    let diff = youcheng(&["clean", "--diff", path]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(String::from_utf8(diff.stdout).unwrap().contains('\u{1b}'));
}

#[test]
fn words_are_there_when_asked_for() {
    let folder = articles();
    let path = folder.path().join("a.txt");
    let (code, out, _) = run(&["extract", "--words", path.to_str().unwrap()]);
    assert_eq!(code, 0);
    let record: serde_json::Value = serde_json::from_str(&out).unwrap();
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let words = record["words"].as_array().unwrap();
    let mut end = 0;
    for word in words {
        let [from, to] =
            [&word[0], &word[1]].map(|n| usize::try_from(n.as_u64().unwrap()).unwrap());
        assert!(end == from && from < to && word[2].is_string(), "{word}");
        end = to;
    }
    assert_eq!(end, text.len(), "the words cover the text");
}

/// Reading an endless pipe ends well when its reader leaves.
#[test]
fn a_closed_pipe_is_success() {
    for arguments in [&["extract", "-"][..], &["clean", "-"], &["clean", "--json", "-"]] {
        closed_pipe(arguments);
    }
}

fn closed_pipe(arguments: &[&str]) {
    let mut child = youcheng(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let mut n = 0;
        while writeln!(stdin, "{{\"text\": \"聊城市与帕克斯市签约,第{n}次。\"}}").is_ok()
        {
            n += 1;
        }
    });
    let mut first = [0; 100];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    feeder.join().unwrap();
}

#[test]
fn explain_shows_what_was_found_without_colours_in_a_pipe() {
    let folder = articles();
    let path = folder.path().join("a.txt");
    let (code, out, _) = run(&["explain", path.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert!(!out.contains('\u{1b}'), "{out}");
    assert!(out.contains("[匈牙利|HU]") && out.contains("[2023年2月|2023-02]"), "{out}");
    assert!(out.contains("pinyin: ‹(nián)›"), "{out}");
    assert!(out.contains("2023年2月: 2023-02 (stated) · point · rule month-of-a-year"), "{out}");
    let coloured =
        youcheng(&["explain", path.to_str().unwrap()]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(String::from_utf8(coloured.stdout).unwrap().contains("\u{1b}["));
}

#[cfg(feature = "store")]
mod store {
    use std::{
        fs,
        path::PathBuf,
        time::{Duration, Instant},
    };

    use youcheng::{rdf::emit, store::Store};

    use super::{common::*, *};

    /// A folder with a store of one article.
    fn store() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kg");
        let mut store = Store::open(&path).unwrap();
        store.replace(vec![emit(&sample().0)]).unwrap();
        store.merge().unwrap();
        drop(store);
        let path = path.to_str().unwrap().to_owned();
        (folder, path)
    }

    #[test]
    fn ingesting_again_changes_nothing_and_says_so() {
        let folder = articles();
        let kg = folder.path().join("kg");
        let inputs = [folder.path().join("a.txt"), folder.path().join("c.jsonl")];
        let copy = folder.path().join("copy.txt");
        std::fs::copy(&inputs[0], &copy).unwrap();
        let copy = copy.to_str().unwrap();
        let [a, c] = inputs.each_ref().map(|path| path.to_str().unwrap());
        let kg = kg.to_str().unwrap();
        let export = || run(&["export", "--store", kg, "--format", "nquads"]).1;
        let (code, out, err) = run(&["ingest", "--store", kg, a, c, copy]);
        assert_eq!((code, err.lines().count()), (1, 1), "{err}");
        assert!(out.contains("4 read: 3 new, 0 replaced, 0 unchanged, 1 copy"), "{out}");
        assert!(out.contains("youcheng query --store"), "{out}");
        let first = export();
        let (_, out, _) = run(&["ingest", "--store", kg, a, c, copy]);
        // The file with a broken record is read again, its articles are not.
        assert!(out.contains("2 read: 0 new, 0 replaced, 2 unchanged\n"), "{out}");
        assert!(out.contains("2 files read by an earlier run, and not again"), "{out}");
        assert_eq!(export(), first);
        let (_, out, _) = run(&["ingest", "--store", kg, "--published", "2024", a]);
        assert!(out.contains("1 read: 0 new, 1 replaced, 0 unchanged"), "{out}");
        let (_, out, _) = run(&["ingest", "--quiet", "--store", kg, a]);
        assert_eq!(out, "");
        assert_eq!(export(), first, "as if never told otherwise");
    }

    #[test]
    fn a_table_is_aligned_by_what_a_terminal_shows() {
        let (_folder, kg) = store();
        let (code, out, err) = run(&["query", "--store", &kg, "--name", "partners-by-country"]);
        assert_eq!((code, err.as_str()), (0, ""));
        insta::assert_snapshot!(out);
    }

    #[test]
    fn each_form_of_query_has_its_formats() {
        let (_folder, kg) = store();
        let ask = "ASK { ?a a yc:Agreement }";
        let select = "SELECT ?n WHERE { ?a skos:prefLabel ?n . ?a yc:level yc:level-city }";
        let construct = "CONSTRUCT { ?a yc:kind ?k } WHERE { ?a a yc:Agreement ; yc:kind ?k }";
        for (query, format, expected) in [
            (ask, "table", "yes\n"),
            (ask, "csv", "true\n"),
            (ask, "json", "{\"head\":{},\"boolean\":true}\n"),
            (select, "csv", "n\r\n帕克斯市\r\n"),
            (select, "tsv", "?n\n\"帕克斯市\"@zh-hans\n"),
        ] {
            let (code, out, err) = run(&["query", "--store", &kg, query, "--format", format]);
            assert_eq!((code, out.as_str(), err.as_str()), (0, expected, ""), "{query} {format}");
        }
        for format in ["turtle", "ntriples", "jsonld"] {
            let (code, out, _) = run(&["query", "--store", &kg, construct, "--format", format]);
            assert!(code == 0 && out.contains("kind-sister-city"), "{format}: {out}");
        }
        let (code, out, err) = run(&["query", "--store", &kg, construct, "--format", "csv"]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("take one of: turtle, ntriples, jsonld"), "{err}");
    }

    #[test]
    fn an_endless_query_is_stopped() {
        let (_folder, kg) = store();
        let endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }";
        let start = Instant::now();
        let (code, out, err) = run(&["query", "--store", &kg, "--timeout", "1", endless]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert_eq!(
            err,
            "youcheng: the query was stopped after 1s; narrow it, or raise --timeout\n"
        );
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_store_that_cannot_be_used_is_one_clear_line() {
        let (folder, kg) = store();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let file = file.to_str().unwrap();
        let none = folder.path().join("none");
        let none = none.to_str().unwrap();
        let article = folder.path().join("a.txt");
        fs::write(&article, "聊城市").unwrap();
        let article = article.to_str().unwrap();
        let _writer = Store::open(&PathBuf::from(&kg)).unwrap();
        for (arguments, message) in [
            (&["ingest", "--store", file, article][..], "is not a folder"),
            (&["query", "--store", file, "ASK {}"], "is not a folder"),
            (&["query", "--store", none, "ASK {}"], "no store here"),
            (&["export", "--store", none], "no store here"),
            (&["ingest", "--store", &kg, article], "another process is writing"),
        ] {
            let (code, out, err) = run(arguments);
            assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
            assert!(err.contains(message) && err.lines().count() == 1, "{arguments:?}: {err}");
        }
        let (code, out, _) = run(&["query", "--store", &kg, "ASK { ?a a yc:Agreement }"]);
        assert_eq!((code, out.as_str()), (0, "yes\n"), "asking needs no lock");
    }

    #[test]
    fn an_export_appears_whole_or_not_at_all() {
        let (folder, kg) = store();
        let to = folder.path().join("agreements.csv");
        let csv = |to: &str| run(&["export", "--store", &kg, "--format", "csv", "--to", to]);
        let (code, out, err) = csv(to.to_str().unwrap());
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
        let (_, printed, _) = run(&["export", "--store", &kg]);
        assert_eq!(fs::read_to_string(&to).unwrap(), printed);
        insta::assert_snapshot!(printed);
        let bad = folder.path().join("none/agreements.csv");
        let (code, _, err) = csv(bad.to_str().unwrap());
        assert!(code == 2 && err.contains("cannot be written"), "{err}");
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "nothing else is left: {names:?}");
    }

    #[test]
    fn a_full_standard_output_is_an_error_and_a_closed_one_is_not() {
        let (_folder, kg) = store();
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = youcheng(&["export", "--store", &kg]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"));

        let mut child = youcheng(&["export", "--format", "nquads", "--store", &kg])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    }

    #[test]
    fn a_query_comes_from_a_file_or_standard_input() {
        let (folder, kg) = store();
        let file = folder.path().join("q.rq");
        fs::write(&file, "ASK { VALUES ?x { UNDEF } ?x a yc:Agreement }").unwrap();
        let file = file.to_str().unwrap();
        let term = "x=<https://w3id.org/youcheng/country/HU>";
        let (code, out, _) = run(&["query", "--store", &kg, "--file", file, "--param", term]);
        assert_eq!((code, out.as_str()), (0, "no\n"));
        let mut child = youcheng(&["query", "--store", &kg, "--file", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"ASK { ?x a yc:Agreement }").unwrap();
        assert_eq!(child.wait_with_output().unwrap().stdout, b"yes\n");
    }
}
