//! Malformed, empty, huge and hostile input: each ends in a named skip, never in a panic,
//! and what stands beside it is read.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use proptest::prelude::*;
use youcheng::read::{Input, Limits, Payload, ReadError, Reader, read};

/// What becomes of each input: the text of an article, or what is said instead, the
/// folder left out.
fn outcomes(folder: &Path, paths: &[&str]) -> Vec<String> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
    read(&paths, Limits::default())
        .map(|read| match read {
            Ok((article, _)) => article.text.raw().to_owned(),
            Err(error) => error.to_string().replace(&format!("{}/", folder.display()), ""),
        })
        .collect()
}

fn page(bytes: impl Into<Vec<u8>>) -> Result<String, ReadError> {
    let reader = Reader::new(Limits::default()).unwrap();
    let input = Input { source: Default::default(), payload: Payload::Html(bytes.into()) };
    reader.article(input).map(|(article, _)| article.text.raw().to_owned())
}

#[test]
fn broken_records_are_named_and_the_others_come_through() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = fs::File::create(folder.path().join("a.jsonl")).unwrap();
    for n in 1..=10 {
        let line = if n == 3 {
            "{\"text\":\"断".to_owned()
        } else {
            format!("{{\"text\":\"第{n}条\"}}")
        };
        writeln!(file, "{line}").unwrap();
    }
    let found = outcomes(folder.path(), &["a.jsonl"]);
    assert_eq!(found.len(), 10);
    assert_eq!(
        found[2],
        "a.jsonl:3:12: broken JSON: the line ends in the middle of the record (EOF while parsing a string)"
    );
    assert_eq!((found[1].as_str(), found[3].as_str()), ("第2条", "第4条"));
}

#[test]
fn nothing_and_junk_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("empty.txt", b"");
    write("blank.html", b" \n\t");
    write("zeros.txt", &[0; 512]);
    write("paper.txt", b"%PDF-1.7 and so on");
    write("good.txt", "两市结为友好城市。".as_bytes());
    write("navigation.html", b"<ul><li><a href=/>one</a><li><a href=/>two</a></ul>");
    let names = [
        "empty.txt",
        "blank.html",
        "zeros.txt",
        "paper.txt",
        "missing.txt",
        "navigation.html",
        "good.txt",
    ];
    assert_eq!(
        outcomes(folder.path(), &names),
        [
            "empty.txt: empty, nothing to read",
            "blank.html: empty, nothing to read",
            "zeros.txt: binary data, not text; convert it to text or HTML first",
            "paper.txt: a PDF file, not text; convert it to text or HTML first",
            "missing.txt: No such file or directory (os error 2)",
            "navigation.html: no article found on the page, only navigation and the like",
            "两市结为友好城市。",
        ]
    );
}

#[test]
fn one_line_of_200_megabytes_is_passed_over_quickly() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["long.jsonl", "long.txt"] {
        let mut file = fs::File::create(folder.path().join(name)).unwrap();
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..200 {
            file.write_all(&piece).unwrap();
        }
        file.write_all("\n{\"text\":\"后面的一条\"}\n".as_bytes()).unwrap();
    }
    let start = Instant::now();
    assert_eq!(
        outcomes(folder.path(), &["long.jsonl", "long.txt"]),
        [
            "long.jsonl:1: longer than the limit of 16777216 bytes; split it, or raise the limit",
            "后面的一条",
            "long.txt: longer than the limit of 16777216 bytes; split it, or raise the limit",
        ]
    );
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn pages_that_would_take_for_ever_are_refused_at_once() {
    let start = Instant::now();
    for (page_, said) in [
        ("<div>".repeat(100_000), "nested more than 512 deep"),
        ("<ul><li>".repeat(100_000), "nested more than 512 deep"),
        ("<b><p>".repeat(100_000), "nested more than 512 deep"),
        ("<p><font size=1></p>".repeat(10_000), "nested more than 512 deep"),
        ("<table><tr><td>".repeat(50_000), "nested more than 512 deep"),
        ("<p>x".repeat(400_000), "more than 300000 elements"),
        (format!("<p {}>", "a b ".repeat(50_000)), "more than 1000 attributes"),
    ] {
        let error = page(page_).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn large_but_honest_pages_are_read() {
    let sentence = "两市在经济、文化、教育等方面开展合作，取得了丰硕的成果。";
    let start = Instant::now();
    for body in [
        format!("<div>{}</div>", format!("<p>{sentence}").repeat(20_000)),
        format!("<div>{}</div>", format!("{sentence}<br>").repeat(20_000)),
        format!("<p>{sentence}<img src='data:image/png;base64,{}'></p>", "A".repeat(8 << 20)),
        format!("<table>{}</table>", format!("<tr><td>市<td>{sentence}").repeat(20_000)),
        format!("<p>{}</p>", sentence.repeat(50_000)),
        format!("<p>{sentence}{}</p>", "&amp;&#x53cb;".repeat(100_000)),
        format!(
            "<p>{sentence}</p><table><tr><td rowspan=65535 colspan=1000>{}<td>市{}</table>",
            "长".repeat(400),
            "<tr><td>市<td>省".repeat(2_000)
        ),
    ] {
        let text = page(body).unwrap();
        assert!(text.contains(sentence) && text.len() < 16 << 20);
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn what_is_too_large_or_not_text_is_named_by_kind() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.html"), "<p>两市签约。</p>".repeat(2_500_000)).unwrap();
    fs::write(at("b.txt"), b"\x1F\x8B\x08\0\0\0\0\0\0\x03\xCB\xC8").unwrap();
    fs::create_dir(at("c.txt")).unwrap();
    fs::write(at("c.txt/d.txt"), "两市签约。").unwrap();
    let start = Instant::now();
    let expected = [
        "a.html: longer than the limit of 16777216 bytes; split it, or raise the limit",
        "h",
        "b.txt: the gzip data breaks at byte 12 (the file ends in the middle); what stands before was read",
        "两市签约。",
    ];
    assert_eq!(outcomes(folder.path(), &["a.html", "b.txt", "c.txt"]), expected);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn what_is_named_twice_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("in")).unwrap();
    for name in ["in/a.txt", "in/b.txt", "in/.c.txt", "in/d.md"] {
        fs::write(at(name), name).unwrap();
    }
    for (paths, expected) in [
        (
            &["in/a.txt", "in/../in/a.txt"][..],
            &["in/a.txt", "in/../in/a.txt: named twice, read once"][..],
        ),
        (
            &["in", "in"],
            &[
                "in/a.txt",
                "in/b.txt",
                "in/d.md: not an article (expected .txt, .html, .htm, .xhtml, .jsonl, .ndjson, .warc, .wet or .parquet, plain or packed as .gz, .zst or .bz2)",
                "in: named twice, read once",
            ],
        ),
        (
            &["in/b.txt", "in"],
            &[
                "in/b.txt",
                "in/a.txt",
                "in/b.txt: named twice, read once",
                "in/d.md: not an article (expected .txt, .html, .htm, .xhtml, .jsonl, .ndjson, .warc, .wet or .parquet, plain or packed as .gz, .zst or .bz2)",
            ],
        ),
        // Those that the folder leaves out are read when they are named.
        (
            &["in", "in/b.txt", "in/.c.txt", "in/d.md"],
            &[
                "in/a.txt",
                "in/b.txt",
                "in/d.md: not an article (expected .txt, .html, .htm, .xhtml, .jsonl, .ndjson, .warc, .wet or .parquet, plain or packed as .gz, .zst or .bz2)",
                "in/b.txt: named twice, read once",
                "in/.c.txt",
                "in/d.md",
            ],
        ),
    ] {
        assert_eq!(outcomes(folder.path(), paths), expected, "{paths:?}");
    }
}

#[test]
fn records_in_other_encodings_and_line_ends_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"text\":\"第一条\"}\r\n\r\n{\"text\":\"第二条\"}\r\n";
    let utf16: Vec<u8> =
        format!("\u{FEFF}{lines}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("crlf.jsonl"), lines).unwrap();
    fs::write(folder.path().join("utf16.jsonl"), &utf16).unwrap();
    // Without a name that tells, the first bytes do.
    fs::write(folder.path().join("utf16"), &utf16).unwrap();
    for name in ["crlf.jsonl", "utf16.jsonl", "utf16"] {
        assert_eq!(outcomes(folder.path(), &[name]), ["第一条", "第二条"], "{name}");
    }
}

#[test]
fn json_over_many_lines_is_named_once() {
    let folder = tempfile::tempdir().unwrap();
    let said = ":1:1: JSON over many lines: JSON Lines needs one record a line \
                (jq -c '.[]?' makes them of an array, jq -c . of an object)";
    for (name, json) in [
        ("a.jsonl", "{\n  \"text\": \"友\",\n  \"title\": \"城\"\n}\n"),
        ("b.json", "[\n  {\"text\": \"友\"}\n]\n"),
    ] {
        fs::write(folder.path().join(name), json).unwrap();
        assert_eq!(outcomes(folder.path(), &[name]), [format!("{name}{said}")]);
    }
}

#[cfg(unix)]
#[test]
fn pipes_are_not_opened_and_odd_names_are_no_hindrance() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("in/pipe.txt")).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    // A name in GBK.
    let odd = folder.path().join("in").join(OsStr::from_bytes(b"\xD3\xD1\xB3\xC7.txt"));
    // Some file systems take only UTF-8.
    if fs::write(&odd, "两市签约。").is_ok() {
        let found: Vec<_> = read(&[odd], Limits::default()).collect();
        assert_eq!(found[0].as_ref().unwrap().0.text.raw(), "两市签约。");
    }
    let pipe = "in/pipe.txt: a pipe, socket or device, not a file; give - to read standard input";
    assert_eq!(outcomes(folder.path(), &["in/pipe.txt"]), [pipe]);
    assert!(outcomes(folder.path(), &["in"]).contains(&pipe.to_owned()));
}

/// Whoever may read everything, as root, sees what is in the folder.
#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let shut = folder.path().join("in/shut");
    fs::create_dir_all(&shut).unwrap();
    fs::write(folder.path().join("in/a.txt"), "两市签约。").unwrap();
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    let may_read_everything = fs::read_dir(&shut).is_ok();
    let found = outcomes(folder.path(), &["in"]);
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(found[0], "两市签约。");
    if !may_read_everything {
        assert_eq!(found[1..], ["in/shut: Permission denied (os error 13)"]);
    }
}

#[cfg(unix)]
#[test]
fn folders_are_walked_around_what_cannot_be_read() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("in/b")).unwrap();
    fs::create_dir_all(at("in/.git")).unwrap();
    for name in
        ["in/c.txt", "in/a.txt", "in/b/d.txt", "in/.hidden.txt", "in/.git/e.txt", "in/photo.jpg"]
    {
        fs::write(at(name), name).unwrap();
    }
    symlink(at("in"), at("in/loop")).unwrap();
    symlink(at("nowhere"), at("in/dangling.txt")).unwrap();
    let found = outcomes(folder.path(), &["in"]);
    let expected = [
        "in/a.txt",
        "in/b/d.txt",
        "in/c.txt",
        "in/dangling.txt: No such file or directory (os error 2)",
        "in/loop: a link to a folder that holds it",
        "in/photo.jpg: not an article (expected .txt, .html, .htm, .xhtml, .jsonl, .ndjson, .warc, .wet or .parquet, plain or packed as .gz, .zst or .bz2)",
    ];
    assert_eq!(found, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever the bytes: an article whose blocks lie in its text, or an error.
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), kind in 0..3) {
        check(bytes, kind);
    }

    /// Tags put together at random, cut anywhere.
    #[test]
    fn no_tags_panic(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60),
        cut in 0..2000_usize,
        kind in 0..3,
    ) {
        let mut bytes = pieces.concat().into_bytes();
        bytes.truncate(bytes.len().saturating_sub(cut % 7));
        check(bytes, kind);
    }
}

const PIECES: &[&str] = &[
    "<div>",
    "</div>",
    "<p class='share'>",
    "<table>",
    "<tr>",
    "<td rowspan=3>",
    "<th colspan=2>",
    "</td>",
    "</tr>",
    "</table>",
    "<ul>",
    "<li>",
    "<a href=x>",
    "</a>",
    "<b>",
    "<h1>",
    "</h1>",
    "<br>",
    "<pre>\n",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<svg/>",
    "<title>",
    "</title>",
    "&nbsp;",
    "\t",
    "\n",
    "<meta charset=gbk>",
    "两市结为友好城市，双方签署了协议。",
    "2025年5月23日",
    "来源：新华社",
    "相关推荐",
    "\u{2028}",
    "\u{FEFF}",
    "𠮷",
    "<script type='application/ld+json'>{\"datePublished\":\"2025\"}</script>",
    "<caption>",
    "<frameset>",
    "<select>",
    "{\"text\":\"",
    "\"}",
    "<ruby>友<rt>yǒu</ruby>",
    "<template>",
    "<math>",
    "<form>",
    "<body>",
    "<style>",
    "<![CDATA[",
];

fn check(bytes: Vec<u8>, kind: i32) {
    thread_local! {
        static READER: Reader = Reader::new(Limits::default()).unwrap();
    }
    let payload = match kind {
        0 => Payload::Text(bytes),
        1 => Payload::Html(bytes),
        _ => Payload::Record(bytes),
    };
    let input = Input { source: Default::default(), payload };
    READER.with(|reader| {
        let Ok((article, _)) = reader.article(input) else { return };
        let mut end = 0;
        for block in &article.layout {
            let at = block.span.range();
            assert!(end <= at.start, "blocks in order");
            assert!(!article.text.raw()[at.clone()].contains('\n'), "a block is one line");
            end = at.end;
        }
    });
}
