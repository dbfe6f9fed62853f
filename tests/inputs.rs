//! Inputs as crawls have them: WARC, packed files, tables, lists of files; whole, damaged
//! and cut off.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use youcheng::read::{Format, Limits, ReadError, Reader, Wanted};

const TEXT: &str = "青川市与匈牙利松博特市签署协议，结为友好城市。";

fn page(n: usize) -> String {
    format!(
        "<html><head><title>第{n}条新闻</title></head><body><h1>第{n}条新闻</h1><p>{TEXT}两市将在经济、文化、教育等方面开展合作，这是第{n}条。</p></body></html>"
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut to = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

/// A WARC record.
fn record(kind: &str, media: &str, url: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-05-23T10:00:00Z\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(n: usize, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html{headers}\r\n\r\n");
    let url = format!("https://example.cn/{n}.htm");
    let media = "application/http; msgtype=response";
    record("response", media, &url, &[head.as_bytes(), body].concat())
}

/// The records of a crawl: between the pages stand requests and the like.
fn crawl(pages: usize) -> Vec<Vec<u8>> {
    let mut records =
        vec![record("warcinfo", "application/warc-fields", "", b"software: a test\r\n")];
    for n in 1..=pages {
        let request = b"GET / HTTP/1.1\r\n\r\n";
        records.push(record("request", "application/http", "https://example.cn/", request));
        records.push(response(n, "; charset=utf-8", page(n).as_bytes()));
    }
    records
}

/// What becomes of each input: the title or first words of an article, or what is said.
fn outcomes_of(wanted: &Wanted, limits: Limits) -> Vec<String> {
    let reader = Reader::new(limits).unwrap();
    let said = |error: ReadError| {
        let text = error.to_string();
        // The folder is another one each time.
        text.rsplit_once('/').map_or(text.clone(), |(_, text)| text.to_owned())
    };
    reader
        .open(wanted)
        .map(|input| match input.and_then(|input| reader.article(input)) {
            Ok((article, _)) => article
                .title
                .unwrap_or_else(|| article.text.raw().lines().next().unwrap_or("").to_owned()),
            Err(error) => said(error),
        })
        .collect()
}

fn outcomes(folder: &Path, names: &[&str]) -> Vec<String> {
    let paths = names.iter().map(|name| folder.join(name)).collect();
    outcomes_of(&Wanted { paths, ..Wanted::default() }, Limits::default())
}

fn titles(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|n| format!("第{n}条新闻")).collect()
}

fn lines(count: usize) -> String {
    (1..=count).fold(String::new(), |all, n| {
        all + &serde_json::json!({"title": format!("第{n}条新闻"), "text": TEXT}).to_string() + "\n"
    })
}

#[test]
fn packed_files_are_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let lines = lines(9);
    for (packing, pack) in
        [("gz", gzip as fn(&[u8]) -> Vec<u8>), ("zst", zstd as _), ("bz2", bzip2 as _)]
    {
        let at = |name: &str| folder.path().join(format!("{name}.{packing}"));
        // Many members, cut within a line.
        let (one, two) = lines.as_bytes().split_at(100);
        fs::write(at("a.jsonl"), [pack(one), pack(two)].concat()).unwrap();
        fs::write(at("b.html"), pack(page(1).as_bytes())).unwrap();
        fs::write(at("c.txt"), pack("第3条新闻\n友城。".as_bytes())).unwrap();
        let (gbk, ..) = encoding_rs::GBK.encode("<title>第4条新闻</title><h1>第4条新闻</h1><p>青川市与松博特市签署协议，结为友好城市。两市将开展合作。</p>");
        fs::write(at("d"), pack(&gbk)).unwrap();
        let expected = [titles(1..=9), titles([1, 3, 4])].concat();
        let names = ["a.jsonl", "b.html", "c.txt", "d"].map(|name| format!("{name}.{packing}"));
        assert_eq!(outcomes(folder.path(), &names.each_ref().map(String::as_str)), expected);
    }
    // The name may be wrong about how it is packed.
    fs::write(folder.path().join("e.jsonl"), gzip(lines.as_bytes())).unwrap();
    fs::write(folder.path().join("f.jsonl.gz"), &lines).unwrap();
    assert_eq!(
        outcomes(folder.path(), &["e.jsonl", "f.jsonl.gz"]),
        [titles(1..=9), titles(1..=9)].concat()
    );
}

#[test]
fn a_crawl_gives_its_pages_with_where_and_when_they_were_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let mut records = crawl(2);
    let not_found = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404</h1>";
    records.push(record("response", "application/http", "https://example.cn/x", not_found));
    let (gbk, ..) = encoding_rs::GBK
        .encode("<h1>第3条新闻</h1><p>青川市与松博特市签署协议，结为友好城市。</p>");
    records.push(response(3, "; charset=gbk", &gbk));
    records.push(response(4, "\r\nContent-Encoding: gzip", &gzip(page(4).as_bytes())));
    let chunk = page(5);
    let chunked = format!("{:x}\r\n{chunk}\r\n0\r\n\r\n", chunk.len());
    records.push(response(5, "\r\nTransfer-Encoding: chunked", chunked.as_bytes()));
    records.push(record(
        "conversion",
        "text/plain",
        "https://example.cn/6",
        "第6条新闻\n友城。".as_bytes(),
    ));
    let plain = records.concat();
    let members: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    fs::write(folder.path().join("a.warc"), &plain).unwrap();
    fs::write(folder.path().join("b.warc.gz"), members.concat()).unwrap();
    fs::write(folder.path().join("c.warc.zst"), zstd(&plain)).unwrap();
    for name in ["a.warc", "b.warc.gz", "c.warc.zst"] {
        let mut expected = titles(1..=6);
        expected.push(format!("{name}: 4 records hold no page"));
        assert_eq!(outcomes(folder.path(), &[name]), expected);
    }
    let sources = |name: &str| {
        let reader = Reader::new(Limits::default()).unwrap();
        let inputs: Vec<_> = reader.inputs(&[folder.path().join(name)]).flatten().collect();
        inputs.into_iter().map(|input| input.source).collect::<Vec<_>>()
    };
    for source in sources("a.warc") {
        let offset = usize::try_from(source.offset.unwrap()).unwrap();
        assert!(plain[offset..].starts_with(b"WARC/1.0\r\nWARC-Type: "), "{source:?}");
        assert_eq!(source.captured.as_deref(), Some("2025-05-23T10:00:00Z"));
    }
    let second = &sources("b.warc.gz")[1];
    let before: usize = members[..4].iter().map(Vec::len).sum();
    assert_eq!(second.offset, Some(before as u64));
    assert_eq!(second.url.as_deref(), Some("https://example.cn/2.htm"));
    assert_eq!(second.line, Some(5));
}

#[test]
fn a_damaged_record_does_not_end_its_crawl() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.warc");
    let damaged = |damage: &dyn Fn(String) -> String| {
        let mut records = crawl(3);
        let text = String::from_utf8(records[4].clone()).unwrap();
        records[4] = damage(text).into_bytes();
        fs::write(&file, records.concat()).unwrap();
        outcomes(folder.path(), &["a.warc"])
    };
    let length = |text: &str| {
        let (_, rest) = text.split_once("Content-Length: ").unwrap();
        rest.split_once('\r').unwrap().0.to_owned()
    };
    let with_length = |new: &'static str| {
        move |text: String| {
            text.replace(&format!("Length: {}", length(&text)), &format!("Length: {new}"))
        }
    };
    let others = |count: usize| vec![format!("a.warc: {count} records hold no page")];
    // Lengths that are wrong, and line ends that are short or missing, are seen through.
    for damage in [
        &with_length("100000") as &dyn Fn(String) -> String,
        &with_length("300"),
        &with_length("many"),
        &with_length("99999999999999999"),
        &|text: String| text.trim_end().to_owned() + "\r\n\r\n",
        &|text: String| text.trim_end().to_owned() + "\n",
        &|text: String| text + "\r\n\r\n\r\n",
        &|text: String| {
            text.replace("\r\n", "\n").replace("Content-Length", "Length\r\nContent-Length")
        },
    ] {
        let found = damaged(damage);
        assert_eq!(found, [titles(1..=3), others(4)].concat());
    }
    // Others are named.
    for (damage, said, kept) in [
        (
            &(|text: String| text.replace("WARC/1.0", "PARC")) as &dyn Fn(String) -> String,
            "what stands between",
            2,
        ),
        (
            &|text: String| text.replace("\r\n\r\nHTTP", "").replace("<html", &"x".repeat(70_000)),
            "",
            2,
        ),
    ] {
        let found = damaged(damage);
        assert!(found.iter().any(|line| line.contains(said)), "{said}: {found:?}");
        assert!(
            found.iter().filter(|line| line.starts_with('第')).count() >= kept - 1,
            "{found:?}"
        );
        assert!(found.contains(&"第3条新闻".to_owned()), "{said}: {found:?}");
    }
}

/// Each format with the articles that stand in it.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let text = lines(40);
    let half = text.len() / 2;
    let records = crawl(20);
    let members: Vec<u8> = records.iter().flat_map(|record| gzip(record)).collect();
    let mut files = vec![
        ("a.jsonl", text.clone().into_bytes()),
        ("a.jsonl.gz", gzip(text.as_bytes())),
        ("b.jsonl.gz", [gzip(&text.as_bytes()[..half]), gzip(&text.as_bytes()[half..])].concat()),
        ("a.jsonl.zst", zstd(text.as_bytes())),
        ("a.jsonl.bz2", bzip2(text.as_bytes())),
        ("a.warc", records.concat()),
        ("a.warc.gz", members),
        ("b.warc.gz", gzip(&records.concat())),
        ("a.html", page(1).into_bytes()),
        ("a.html.gz", gzip(page(1).as_bytes())),
        ("a.txt", TEXT.repeat(30).into_bytes()),
        ("a.txt.zst", zstd(TEXT.repeat(30).as_bytes())),
    ];
    if cfg!(feature = "parquet") {
        files.push(("a.parquet", table(40)));
    }
    files
}

/// A table of articles.
#[cfg(feature = "parquet")]
fn table(rows: usize) -> Vec<u8> {
    use parquet::{
        data_type::{ByteArray, ByteArrayType, Int32Type},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };
    let schema = "message articles { required binary text (UTF8); optional binary title (UTF8);
        required binary other; optional int32 published (DATE); }";
    let schema = parse_message_type(schema).unwrap().into();
    let properties = WriterProperties::builder()
        .set_compression(parquet::basic::Compression::SNAPPY)
        .build()
        .into();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    for first in (1..=rows).step_by(10) {
        let last = (first + 9).min(rows);
        let strings = |make: &dyn Fn(usize) -> String| {
            (first..=last).map(|n| ByteArray::from(make(n).as_str())).collect::<Vec<_>>()
        };
        let levels = vec![1; last - first + 1];
        let mut group = writer.next_row_group().unwrap();
        let columns = [
            (strings(&|n| format!("{TEXT}这是第{n}条。")), None),
            (strings(&|n| format!("第{n}条新闻")), Some(levels.as_slice())),
            (strings(&|_| "other".to_owned()), None),
        ];
        for (values, levels) in columns {
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, levels, None).unwrap();
            column.close().unwrap();
        }
        let mut column = group.next_column().unwrap().unwrap();
        let days = vec![20_231; last - first + 1];
        column.typed::<Int32Type>().write_batch(&days, Some(&levels), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

#[cfg(not(feature = "parquet"))]
fn table(_: usize) -> Vec<u8> {
    Vec::new()
}

#[test]
#[cfg(feature = "parquet")]
fn a_table_gives_an_article_a_row() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.parquet"), table(25)).unwrap();
    let reader = Reader::new(Limits::default()).unwrap();
    for (n, input) in reader.inputs(&[folder.path().join("a.parquet")]).enumerate() {
        let (article, _) = reader.article(input.unwrap()).unwrap();
        assert_eq!(article.text.raw(), format!("第{0}条新闻\n{TEXT}这是第{0}条。", n + 1));
        assert_eq!(article.source.line, Some(u32::try_from(n).unwrap() + 1));
        assert_eq!(article.published.unwrap().date.to_string(), "2025-05-23");
    }
    assert_eq!(outcomes(folder.path(), &["a.parquet"]), titles(1..=25));
    fs::write(folder.path().join("b.parquet"), b"PAR1 and no more").unwrap();
    assert!(outcomes(folder.path(), &["b.parquet"])[0].contains("damaged or cut off"));
}

#[test]
fn files_cut_off_anywhere_give_what_stands_before_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut seed = 20_251_126_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for (name, bytes) in files() {
        fs::write(folder.path().join(name), &bytes).unwrap();
        let whole = outcomes(folder.path(), &[name]);
        let single = whole.len() == 1;
        for _ in 0..20 {
            let cut = random(bytes.len());
            fs::write(folder.path().join(name), &bytes[..cut]).unwrap();
            let found = outcomes(folder.path(), &[name]);
            assert!(!found.is_empty(), "{name} cut at {cut}");
            let empty = found.iter().any(|line| line.contains("empty"));
            assert!(!empty || cut < 16, "{name} cut at {cut}: {found:?}");
            if single {
                continue;
            }
            let articles: Vec<_> = found.iter().filter(|line| line.starts_with('第')).collect();
            for (article, expected) in articles.iter().zip(&whole) {
                assert_eq!(*article, expected, "{name} cut at {cut}");
            }
            let at_an_end = name == "a.jsonl" && matches!(bytes[..cut].last(), Some(b'\n' | b'}'));
            let said = found.len() > articles.len();
            assert!(said || at_an_end, "{name} cut at {cut}: {found:?}");
            // Of records that are read one by one, all before the cut.
            if name == "a.jsonl" {
                let lines = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
                assert!(articles.len() >= lines, "{name} cut at {cut}");
            }
        }
    }
}

#[test]
fn no_damage_panics() {
    let folder = tempfile::tempdir().unwrap();
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for (name, bytes) in files() {
        for _ in 0..20 {
            let mut damaged = bytes.clone();
            for _ in 0..=random(8) {
                let at = random(damaged.len());
                damaged[at] = u8::try_from(random(256)).unwrap();
            }
            fs::write(folder.path().join(name), &damaged).unwrap();
            outcomes(folder.path(), &[name]);
        }
    }
}

#[test]
fn what_is_longer_than_the_limit_is_named_however_it_is_packed() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { record: 4096, ..Limits::default() };
    let long = format!("{{\"text\":\"{}\"}}\n", "长".repeat(5000));
    let jsonl = format!("{}{long}{}", lines(1), lines(1));
    let records = [crawl(1), vec![response(2, "", &[b'x'; 9000])], crawl(1)].concat();
    for (name, bytes, expected) in [
        (
            "a.jsonl.gz",
            gzip(jsonl.as_bytes()),
            ["第1条新闻", "limit of 4096", "第1条新闻"].as_slice(),
        ),
        (
            "a.warc.gz",
            gzip(&records.concat()),
            &["第1条新闻", "limit of 4096", "第1条新闻", "hold no page"],
        ),
        ("bomb.html.gz", gzip(&vec![b' '; 40 << 20]), &["limit of 4096"]),
        ("bomb.txt.bz2", bzip2(&vec![b'x'; 8 << 20]), &["limit of 4096"]),
        (
            "a.warc",
            response(1, "\r\nContent-Encoding: gzip", &gzip(&vec![b' '; 1 << 20])),
            &["limit of 4096"],
        ),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let found = outcomes_of(&Wanted { paths: vec![path], ..Wanted::default() }, limits);
        assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{name}: {found}");
        }
    }
}

#[test]
fn patterns_and_lists_name_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("in/ner")).unwrap();
    for (name, n) in [("in/2.html", 2), ("in/ner/1.html", 1), ("in/3.html.gz", 3)] {
        let page = page(n).into_bytes();
        fs::write(at(name), if name.ends_with("gz") { gzip(&page) } else { page }).unwrap();
    }
    assert_eq!(outcomes(folder.path(), &["in"]), titles([2, 3, 1]));
    assert_eq!(outcomes(folder.path(), &["in/*.html*"]), titles([2, 3]));
    assert_eq!(outcomes(folder.path(), &["**/1.html"]), titles([1]));
    assert_eq!(
        outcomes(folder.path(), &["*.warc"]),
        ["*.warc: no such file, and none with a name like it"]
    );
    let list: Vec<String> =
        ["in/3.html.gz", "in/ner"].map(|name| at(name).display().to_string()).to_vec();
    for text in [list.join("\n"), list.join("\r\n\n") + "\n", list.join("\0") + "\0"] {
        fs::write(at("list"), text).unwrap();
        let wanted = Wanted { paths: vec![at("in/2.html")], list: Some(at("list")), format: None };
        assert_eq!(outcomes_of(&wanted, Limits::default()), titles([2, 3, 1]));
        assert!(wanted.bytes().unwrap() > 500);
    }
    fs::write(at("nameless"), "第9条新闻\n友城。").unwrap();
    let wanted =
        Wanted { paths: vec![at("nameless")], list: None, format: Some(Format::JsonLines) };
    assert!(outcomes_of(&wanted, Limits::default())[0].contains("broken JSON"));
}

/// Runs `youcheng extract` on what `input` writes to its standard input.
fn extract(args: &[&str], input: &[u8]) -> (Vec<serde_json::Value>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .arg("extract")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (lines, String::from_utf8(output.stderr).unwrap())
}

#[test]
fn standard_input_may_be_packed_and_a_crawl() {
    let members: Vec<u8> = crawl(3).iter().flat_map(|record| gzip(record)).collect();
    let (records, said) = extract(&["-"], &members);
    assert_eq!(records.len(), 3, "{said}");
    let source = &records[2]["source"];
    assert_eq!(source["url"], "https://example.cn/3.htm");
    assert_eq!(source["captured"], "2025-05-23T10:00:00Z");
    assert!(source["offset"].as_u64().unwrap() > 100 && source["line"] == 7, "{source}");
    let (records, _) = extract(&[], &zstd(lines(2).as_bytes()));
    assert_eq!(records.len(), 2);
    let keys: Vec<_> = records[0]["source"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["file", "line", "publisher", "url"], "only crawls have more");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.html");
    fs::write(&path, page(1)).unwrap();
    let list = path.display().to_string();
    assert_eq!(extract(&["--files-from", "-"], list.as_bytes()).0.len(), 1);
    let (none, said) = extract(&["-", "--files-from", "-"], b"");
    assert!(none.is_empty() && said.contains("give - once"), "{said}");
}

/// The most memory that a program took, in KiB, where the system tells.
#[cfg(target_os = "linux")]
fn peak(args: &[&str], file: &Path) -> Option<u64> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .args(args)
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = None;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let found = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(found);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    most
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    // Records over the limit cost reading and nothing else: the test is about streams.
    let long = format!("{{\"text\":\"{}\"}}\n", "长".repeat(20_000));
    let peak_of = |megabytes: usize| {
        let file = folder.path().join(format!("{megabytes}.jsonl.gz"));
        let mut to = flate2::write::GzEncoder::new(
            fs::File::create(&file).unwrap(),
            flate2::Compression::fast(),
        );
        for n in 0..megabytes * (1 << 20) / long.len() {
            if n % 100 == 0 {
                to.write_all(lines(1).as_bytes()).unwrap();
            }
            to.write_all(long.as_bytes()).unwrap();
        }
        to.finish().unwrap();
        peak(&["extract", "--quiet", "--max-record", "16KiB"], &file)
    };
    let (Some(small), Some(large)) = (peak_of(1), peak_of(200)) else { return };
    assert!(large < small + (48 << 10), "{small} KiB for 1 MB, {large} KiB for 200 MB");
}

/// A name that is no text spoils its folder for a pattern, and nothing else.
#[cfg(target_os = "linux")]
#[test]
fn a_pattern_survives_a_name_that_is_not_utf8() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let folder = tempfile::tempdir().unwrap();
    for name in ["odd", "fine"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("a.txt"), "聊城市与匈牙利帕克斯市签署协议。")
            .unwrap();
    }
    fs::write(folder.path().join("odd").join(OsStr::from_bytes(b"\xff.txt")), "x").unwrap();
    let found = outcomes(folder.path(), &["*/*.txt"]);
    assert!(found.iter().any(|line| line.contains("not UTF-8; name the folder")), "{found:?}");
    assert!(found.iter().any(|line| !line.contains("UTF-8")), "{found:?}");
}

#[test]
fn a_record_ends_where_the_next_one_begins_whatever_length_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.warc");
    let lengths = ["", "-1", "0", "many", "12abc", "9223372036854775808", "18446744073709551616"];
    for length in lengths {
        let damaged = |record: &[u8]| {
            let text = String::from_utf8(record.to_vec()).unwrap();
            let (before, rest) = text.split_once("Content-Length: ").unwrap();
            let (_, rest) = rest.split_once("\r\n").unwrap();
            let line = if length.is_empty() { String::new() } else { format!("{length}\r\n") };
            let name = if length.is_empty() { "" } else { "Content-Length: " };
            [before, name, &line, rest].concat().into_bytes()
        };
        // In the middle, at the end, and all of them.
        for which in [vec![4], vec![6], (0..7).collect()] {
            let mut records = crawl(3);
            which.iter().for_each(|at| records[*at] = damaged(&records[*at]));
            fs::write(&file, records.concat()).unwrap();
            let found = outcomes(folder.path(), &["a.warc"]);
            let expected =
                [titles(1..=3), vec!["a.warc: 4 records hold no page".to_owned()]].concat();
            assert_eq!(found, expected, "{length:?} at {which:?}");
        }
    }
    // The last page is cut off, and says so.
    let mut records = crawl(1);
    let whole = damaged_length(&records[2], "99999");
    records[2] = whole[..whole.len() - 60].to_vec();
    fs::write(&file, records.concat()).unwrap();
    let found = outcomes(folder.path(), &["a.warc"]);
    assert!(found[0].contains("a WARC record that is cut off"), "{found:?}");
}

fn damaged_length(record: &[u8], length: &str) -> Vec<u8> {
    let text = String::from_utf8(record.to_vec()).unwrap();
    let (before, rest) = text.split_once("Content-Length: ").unwrap();
    let (_, rest) = rest.split_once("\r\n").unwrap();
    format!("{before}Content-Length: {length}\r\n{rest}").into_bytes()
}

#[test]
fn what_a_server_says_around_its_page_does_not_hide_it() {
    let folder = tempfile::tempdir().unwrap();
    let media = "application/http; msgtype=response";
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
    let sent = |head: &str, body: &[u8]| {
        record(
            "response",
            media,
            "https://example.cn/",
            &[head.as_bytes(), b"\r\n\r\n", body].concat(),
        )
    };
    let body = |n: usize| page(n).into_bytes();
    let long = "x".repeat(2 << 20);
    let cut = gzip(page(6).repeat(40).as_bytes());
    let menu = gzip("<html><body><ul><li><a href=/>首页</a></ul>".repeat(40).as_bytes());
    let mut wrong = gzip(&body(9));
    let end = wrong.len();
    wrong[end - 5] ^= 0xFF;
    let records = [
        sent(&format!("HTTP/1.1 100 Continue\r\n\r\n{html}"), &body(1)),
        sent(&format!("{html}\r\nSet-Cookie: {long}"), &body(2)),
        sent(&format!("{html}\r\nContent-Encoding: x-gzip"), &gzip(&body(3))),
        sent(&format!("{html}\r\nContent-Encoding: gzip, gzip"), &gzip(&gzip(&body(4)))),
        sent(&format!("{html}\r\nContent-Encoding: identity"), &body(5)),
        sent(&format!("{html}\r\nContent-Encoding: gzip"), &cut[..cut.len() - 20]),
        sent(&format!("{html}\r\nContent-Encoding: gzip"), &menu[..menu.len() - 9]),
        sent(&format!("{html}\r\nContent-Encoding: exi"), b"\x80\x01\x02\x03"),
        sent(&format!("{html}\r\nContent-Encoding: gzip"), &wrong),
        record("response", media, "https://example.cn/", html.as_bytes()),
    ];
    fs::write(folder.path().join("a.warc"), records.concat()).unwrap();
    let found = outcomes(folder.path(), &["a.warc"]);
    assert_eq!(found[..6], titles(1..=6));
    for (found, said) in found[6..].iter().zip([
        "the page is cut off, and no article stands before",
        "packed as exi, which is not known here",
        "packed as gzip and damaged",
        "the headers of the answer do not end",
    ]) {
        assert!(found.contains(said), "{found}");
    }
    assert_eq!(found.len(), 10, "{found:?}");
}

#[test]
fn what_does_not_fit_its_checksum_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = |bytes: &[u8]| {
        let mut packed = gzip(bytes);
        let at = packed.len() - 7;
        packed[at] ^= 1;
        packed
    };
    let write = |name: &str, bytes: Vec<u8>| fs::write(folder.path().join(name), bytes).unwrap();
    // A member a record: the others are whole. Large ones are known too late to hold back.
    let long = page(2).replace("</body>", &("<p>友城往来。</p>".repeat(9000) + "</body>"));
    for body in [page(2), long] {
        let mut members: Vec<_> = crawl(3).iter().map(|it| gzip(it)).collect();
        members[4] = wrong(&response(2, "; charset=utf-8", body.as_bytes()));
        write("a.warc.gz", members.concat());
        let found = outcomes(folder.path(), &["a.warc.gz"]);
        assert!(found.contains(&"第1条新闻".to_owned()), "{found:?}");
        assert!(found.contains(&"第3条新闻".to_owned()), "{found:?}");
        assert!(!found.contains(&"第2条新闻".to_owned()), "{found:?}");
        assert!(found.iter().any(|line| line.contains("incorrect data check")), "{found:?}");
    }
    write("a.html.gz", wrong(page(1).as_bytes()));
    let found = outcomes(folder.path(), &["a.html.gz"]);
    assert!(found.len() == 1 && found[0].contains("nothing was read"), "{found:?}");
    write("a.txt.gz", wrong(TEXT.repeat(9000).as_bytes()));
    let found = outcomes(folder.path(), &["a.txt.gz"]);
    assert!(found.len() == 1 && found[0].contains("incorrect data check"), "{found:?}");
    write("a.jsonl.gz", [gzip(lines(2).as_bytes()), wrong(lines(2).as_bytes())].concat());
    let found = outcomes(folder.path(), &["a.jsonl.gz"]);
    assert_eq!(found[..2], titles(1..=2));
    assert!(found.len() == 3 && found[2].contains("nothing was read of the piece"), "{found:?}");
    // Of what is streamed, the first was given before the sum was known.
    write("b.jsonl.gz", wrong(lines(4000).as_bytes()));
    let found = outcomes(folder.path(), &["b.jsonl.gz"]);
    let said = "what was read from byte 0 on may be damaged as well";
    assert!(found.last().unwrap().contains(said), "{:?}", found.last());
}

#[test]
fn lists_may_be_marked_and_name_what_is_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("友城.html"), page(1)).unwrap();
    let name = at("友城.html").display().to_string();
    let utf16: Vec<u8> =
        format!("\u{FEFF}{name}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut lists = vec![format!("\u{FEFF}{name}\n").into_bytes(), utf16];
    #[cfg(target_os = "linux")]
    {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        // A name in GBK.
        let odd = at("in").join(OsStr::from_bytes(b"\xD3\xD1\xB3\xC7.html"));
        fs::create_dir(at("in")).unwrap();
        if fs::write(&odd, page(1)).is_ok() {
            lists.push([odd.as_os_str().as_bytes(), b"\n"].concat());
        }
    }
    for list in lists {
        fs::write(at("list"), &list).unwrap();
        let wanted = Wanted { paths: vec![], list: Some(at("list")), format: None };
        assert_eq!(outcomes_of(&wanted, Limits::default()), titles([1]), "{list:?}");
    }
    for list in ["none", "in"] {
        let run = Command::new(env!("CARGO_BIN_EXE_youcheng"))
            .current_dir(folder.path())
            .args(["extract", "--files-from", list])
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(2), "{list}");
    }
}

/// What a shell gives for `<(find …)`: read once, whoever also asks how large the files are.
#[cfg(target_os = "linux")]
#[test]
fn a_list_that_is_a_pipe_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut list = String::new();
    for n in 0..300 {
        let path = folder.path().join(format!("{n}.html"));
        fs::write(&path, page(n)).unwrap();
        list += &format!("{}\n", path.display());
    }
    let (records, said) = extract(&["--files-from", "/dev/stdin"], list.as_bytes());
    assert_eq!(records.len(), 300, "{said}");
}

#[cfg(unix)]
#[test]
fn what_links_lead_to_twice_is_read_once_and_a_loop_is_told() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, n) in [("top/in/b/1.html", 1), ("top/in/2.html", 2), ("top/3.html", 3)] {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::write(at(name), page(n)).unwrap();
    }
    for (name, n) in [("away/4.html", 4), ("away/sub/5.html", 5), ("top/in/.hidden/6.html", 6)] {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::write(at(name), page(n)).unwrap();
    }
    for (link, to) in [
        ("top/in/a", "top"),
        ("top/in/b/up", "top/in/b"),
        ("top/in/c", "top/in/b"),
        ("top/in/d", "away/sub"),
        ("top/in/e", "away"),
        ("top/in/f", "away"),
        ("top/in/g.html", "top/in/2.html"),
        ("top/in/h.html", "top/in/.hidden/6.html"),
    ] {
        symlink(at(to), at(link)).unwrap();
    }
    let found = outcomes(folder.path(), &["top/in"]);
    let expected = [
        "第2条新闻",
        "a: a link to a folder that holds it",
        "第1条新闻",
        "up: a link to a folder that holds it",
        "c: named twice, read once",
        "第5条新闻",
        "第4条新闻",
        "sub: named twice, read once",
        "f: named twice, read once",
        "g.html: named twice, read once",
        "第6条新闻",
    ];
    assert_eq!(found, expected);
}

/// Packed so that only some programs can read it, the table is not damaged.
#[test]
#[cfg(feature = "parquet")]
fn a_table_that_is_packed_in_a_rare_way_is_told_from_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    // As the footer has it: the path of a column, then how it is packed, twice the number.
    let snappy = b"\x19\x18\x04text\x15\x02";
    for (codec, said) in [(8, "packed as brotli"), (6, "packed as lzo")] {
        let mut bytes = table(5);
        let at = memchr::memmem::find(&bytes, snappy).unwrap() + snappy.len() - 1;
        bytes[at] = codec;
        fs::write(folder.path().join("a.parquet"), bytes).unwrap();
        let found = outcomes(folder.path(), &["a.parquet"]);
        assert!(found.len() == 1 && found[0].contains(said), "{found:?}");
    }
}

#[test]
fn a_file_that_breaks_too_often_says_that_it_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = gzip(lines(1).as_bytes());
    let at = wrong.len() - 7;
    wrong[at] ^= 1;
    fs::write(folder.path().join("a.jsonl.gz"), wrong.repeat(120)).unwrap();
    let found = outcomes(folder.path(), &["a.jsonl.gz"]);
    assert!(found.len() == 100 && found[99].ends_with("the rest of it is given up"), "{found:?}");
}

#[test]
fn what_only_looks_like_the_beginning_of_records_takes_no_time() {
    let folder = tempfile::tempdir().unwrap();
    let start = std::time::Instant::now();
    for junk in ["\nWARC/", "WARC/1.0\r\nWARC-Type: response\r\n"] {
        let bytes = [junk.repeat(100_000).as_bytes(), b"\r\n\r\n", &crawl(1).concat()].concat();
        fs::write(folder.path().join("a.warc"), bytes).unwrap();
        let found = outcomes(folder.path(), &["a.warc"]);
        assert!(found.contains(&"第1条新闻".to_owned()), "{junk}");
    }
    assert!(start.elapsed().as_secs() < 15, "{:?}", start.elapsed());
}

/// The crate that reads tables shows all bytes of a text that is none.
#[test]
#[cfg(feature = "parquet")]
fn what_is_said_of_damage_stays_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = table(5);
    let at = memchr::memmem::find(&bytes, TEXT.as_bytes()).unwrap();
    bytes[at + 1] = 0xFF;
    fs::write(folder.path().join("a.parquet"), bytes).unwrap();
    let found = outcomes(folder.path(), &["a.parquet"]);
    let said = found.iter().find(|line| line.contains("is damaged")).unwrap();
    assert!(said.len() < 600, "{said}");
}
