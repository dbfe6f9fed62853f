//! A crawl every night: killed at will, nothing lost and nothing doubled.
#![allow(clippy::print_stderr)]
#![cfg(all(feature = "store", unix))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};

use serde_json::json;
use youcheng::{
    article::Source,
    dedup::Signer,
    ingest::{Ingest, Order, Visit},
    parcel::Parcel,
    pipeline::Extractor,
    read::{Input, Limits, Payload, Reader},
    store::Store,
};

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_youcheng"));
    command.current_dir(folder).args(args).stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Run {
    let output = command(folder, args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn ingest(folder: &Path, args: &[&str]) -> Run {
    let done = run(folder, &[&["ingest", "--batch", "3"], args].concat());
    assert_eq!(done.code, Some(0), "{args:?}: {}", done.err);
    done
}

/// All that a store says, and all documents that it keeps.
fn contents(store: &Path) -> (Vec<String>, Vec<String>) {
    let store = Store::read(store).unwrap();
    let mut quads: Vec<_> = store.quads().map(|quad| quad.unwrap().to_string()).collect();
    let mut documents: Vec<_> =
        store.documents().unwrap().map(|document| document.unwrap().1.record).collect();
    quads.sort();
    documents.sort();
    (quads, documents)
}

#[track_caller]
fn assert_same(found: &Path, expected: &Path, what: &str) {
    let (found, expected) = (contents(found), contents(expected));
    for (found, expected) in [(&found.0, &expected.0), (&found.1, &expected.1)] {
        let more: Vec<_> = found.iter().filter(|it| !expected.contains(it)).take(5).collect();
        let less: Vec<_> = expected.iter().filter(|it| !found.contains(it)).take(5).collect();
        assert!(
            more.is_empty() && less.is_empty(),
            "{what}: too much {more:#?}, missing {less:#?}"
        );
    }
}

const PAIRS: [(&str, &str, &str); 6] = [
    ("苏州市", "日本", "池田市"),
    ("聊城市", "匈牙利", "帕克斯市"),
    ("马鞍山市", "韩国", "昌原市"),
    ("洛阳市", "法国", "图尔市"),
    ("青岛市", "德国", "曼海姆市"),
    ("宁波市", "德国", "亚琛市"),
];

/// A report of a signing. Every number gives another story.
fn story(n: usize) -> String {
    let (city, country, other) = PAIRS[n % PAIRS.len()];
    let (month, day) = (n % 12 + 1, n % 27 + 1);
    let subjects = ["教育", "农业", "旅游", "港口", "医疗", "环保", "体育", "科技"];
    let subject = subjects[n % subjects.len()];
    format!(
        "{city}与{other}签约\n{}年{month}月{day}日,{city}与{country}{other}在{city}签署协议书,\
         结为友好城市。双方商定在{subject}方面开展第{n}轮交流,{subject}部门的代表各自介绍了{n}个项目。\
         代表团还参观了当地的{subject}展览,并与{n}位居民座谈,听取了他们对{subject}的看法。\n",
        1990 + n % 30
    )
}

/// The story once more, as another site prints it.
fn copied(n: usize) -> String {
    format!("本站转载:{}\n(来源:某某网 责任编辑:小王)\n", story(n))
}

/// A folder of inputs of several kinds, with copies and two versions of a page.
fn inputs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let night = folder.path().join("in");
    fs::create_dir(&night).unwrap();
    for file in 0..3 {
        let lines: Vec<String> = (0..5)
            .map(|n| {
                let n = file * 5 + n;
                let url = format!("https://a.example/{n}.html");
                json!({"text": story(n), "url": url, "published": "2024-05-01"}).to_string()
            })
            .collect();
        fs::write(night.join(format!("feed-{file}.jsonl")), lines.join("\n")).unwrap();
    }
    for n in 15..20 {
        fs::write(night.join(format!("page-{n}.txt")), story(n)).unwrap();
    }
    for n in [2, 16] {
        fs::write(night.join(format!("copy-{n}.txt")), copied(n)).unwrap();
    }
    let changed = json!({"text": story(40), "url": "https://a.example/3.html"}).to_string();
    fs::write(night.join("later.jsonl"), changed).unwrap();
    folder
}

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

#[test]
fn killed_at_thirty_moments_and_run_again_it_ends_where_one_clean_run_does() {
    let folder = inputs();
    let start = Instant::now();
    ingest(folder.path(), &["--store", "clean", "in"]);
    let whole = start.elapsed();
    let clean = folder.path().join("clean");
    let mut random = Random(8);
    let (mut kills, mut store) = (0, 0);
    while kills < 30 {
        let name = format!("kg-{store}");
        // A store that has been killed several times is run to its end.
        for _ in 0..5 {
            let mut child =
                command(folder.path(), &["ingest", "--batch", "3", "--store", &name, "in"])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
            std::thread::sleep(whole.mul_f64(random.below(1000) as f64 / 1000.0));
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
        }
        ingest(folder.path(), &["--store", &name, "in"]);
        assert_same(&folder.path().join(&name), &clean, &format!("{name} after {kills} kills"));
        fs::remove_dir_all(folder.path().join(&name)).unwrap();
        store += 1;
    }
}

#[test]
fn what_was_read_is_not_read_again_and_overlapping_inputs_give_one_store() {
    let folder = inputs();
    ingest(folder.path(), &["--store", "clean", "in"]);
    let clean = folder.path().join("clean");
    let before = contents(&clean);
    let again = ingest(folder.path(), &["--store", "clean", "in"]);
    assert!(again.out.contains("0 read: 0 new, 0 replaced, 0 unchanged"), "{}", again.out);
    assert!(again.out.contains("11 files read by an earlier run"), "{}", again.out);
    assert_eq!(contents(&clean), before);
    // The same in three nights that overlap.
    for night in
        [&["in/feed-1.jsonl", "in/page-16.txt"][..], &["in/feed-0.jsonl", "in/copy-16.txt"]]
    {
        ingest(folder.path(), &[&["--store", "nights"], night].concat());
    }
    ingest(folder.path(), &["--store", "nights", "in"]);
    assert_same(&folder.path().join("nights"), &clean, "nights that overlap");
    // A file that was touched is opened, and its articles are known.
    fs::copy(folder.path().join("in/feed-1.jsonl"), folder.path().join("in/x.jsonl")).unwrap();
    let touched = ingest(folder.path(), &["--store", "clean", "in/x.jsonl"]);
    assert!(touched.out.contains("5 read: 0 new, 0 replaced, 5 unchanged"), "{}", touched.out);
    assert_eq!(contents(&clean), before);
    // What was taken out comes back when its file is named again.
    run(folder.path(), &["remove", "--store", "clean", "--url", "*page-17*"]);
    let back = ingest(folder.path(), &["--store", "clean", "in/page-17.txt"]);
    assert!(back.out.contains("1 read: 1 new"), "{}", back.out);
    assert_same(&clean, &folder.path().join("nights"), "taken out and read again");
}

#[test]
fn copies_of_other_nights_are_found_and_are_no_second_report() {
    let folder = tempfile::tempdir().unwrap();
    for n in [0, 1] {
        fs::write(folder.path().join(format!("{n}.txt")), story(n)).unwrap();
        fs::write(folder.path().join(format!("copy-{n}.txt")), copied(n)).unwrap();
    }
    for files in [["0.txt", "1.txt"], ["copy-1.txt", "copy-0.txt"]] {
        ingest(folder.path(), &["--store", "nights", files[0], files[1]]);
    }
    ingest(folder.path(), &["--store", "once", "copy-0.txt", "0.txt", "copy-1.txt", "1.txt"]);
    let (nights, once) = (folder.path().join("nights"), folder.path().join("once"));
    assert_same(&nights, &once, "two nights");
    let (quads, _) = contents(&once);
    let copies = quads
        .iter()
        .filter(|quad| quad.contains("duplicateOf>") && quad.contains("graph/duplicates"));
    assert_eq!(copies.count(), 2, "{quads:#?}");
    let table = run(folder.path(), &["export", "--store", "once", "--format", "csv"]).out;
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let at = rows.headers().unwrap().iter().position(|name| name == "articles").unwrap();
    assert!(rows.records().all(|row| &row.unwrap()[at] == "1"), "{table}");
    // The document of a copy says so.
    let store = Store::read(&once).unwrap();
    let of = store.articles().unwrap().into_iter().filter_map(|id| store.document(&id).unwrap());
    let of: Vec<_> = of.filter(|it| it.record.contains("\"duplicate_of\":\"sha256:")).collect();
    assert_eq!(of.len(), 2);
    let listed = run(folder.path(), &["duplicates", "--store", "once", "--format", "csv"]).out;
    let mut files: Vec<_> = csv::Reader::from_reader(listed.as_bytes())
        .records()
        .map(|row| row.map(|row| (row[5].to_owned(), row[1].is_empty())).unwrap())
        .collect();
    files.sort();
    let names: Vec<_> = files.iter().map(|(file, _)| file.as_str()).collect();
    assert_eq!(names, ["0.txt", "1.txt", "copy-0.txt", "copy-1.txt"]);
    assert_ne!(files[0].1, files[2].1, "{listed}");
    let told = run(folder.path(), &["duplicates", "--store", "once"]).out;
    assert!(told.ends_with("2 copies of 2 articles\n"), "{told}");
    // Without its original a copy is one itself.
    run(folder.path(), &["remove", "--store", "once", "--url", "0.txt"]);
    run(folder.path(), &["remove", "--store", "once", "--url", "copy-1.txt"]);
    fs::remove_dir_all(&nights).unwrap();
    ingest(folder.path(), &["--store", "nights", "copy-0.txt", "1.txt"]);
    assert_same(&once, &nights, "originals and copies taken out");
}

#[test]
fn a_changed_article_takes_the_place_of_the_one_before_and_keeps_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let page = |n: usize| json!({"text": story(n), "url": "https://a.example/1"}).to_string();
    for n in 1..=3 {
        fs::write(folder.path().join(format!("{n}.jsonl")), page(n)).unwrap();
    }
    for n in ["1.jsonl", "2.jsonl", "3.jsonl"] {
        ingest(folder.path(), &["--store", "nights", n]);
    }
    let nights = folder.path().join("nights");
    let (quads, documents) = contents(&nights);
    assert_eq!(documents.len(), 1, "{documents:#?}");
    let old = |n| youcheng::article::ArticleId::of(page(n).as_bytes());
    let [first, second, third] = [1, 2, 3].map(old);
    for old in [first, second] {
        let replaces = format!(
            "<https://w3id.org/youcheng/article/{}> <http://purl.org/dc/terms/replaces> \
             <https://w3id.org/youcheng/article/{}>",
            third.hex(),
            old.hex()
        );
        assert!(quads.iter().any(|quad| quad.starts_with(&replaces)), "{quads:#?}");
        assert!(quads.iter().any(|quad| quad.contains(&format!("\"{old}\""))), "{quads:#?}");
    }
    // All at once it is the same; so it is when the file of an old version is read once more.
    ingest(folder.path(), &["--store", "once", "1.jsonl", "2.jsonl", "3.jsonl"]);
    assert_same(&folder.path().join("once"), &nights, "three versions at once");
    fs::write(folder.path().join("1.jsonl"), page(1) + "\n").unwrap();
    ingest(folder.path(), &["--store", "nights", "1.jsonl"]);
    assert_same(&nights, &folder.path().join("once"), "an old version again");
}

#[test]
fn refresh_reads_what_is_outdated_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..3 {
        fs::write(folder.path().join(format!("{n}.txt")), story(n)).unwrap();
    }
    ingest(folder.path(), &["0.txt", "1.txt"]);
    let stricter = ["--min-confidence", "0.6"];
    ingest(folder.path(), &[&stricter[..], &["2.txt"]].concat());
    let refreshed = ingest(folder.path(), &[&["--refresh"], &stricter[..]].concat());
    assert!(refreshed.out.contains("2 read: 0 new, 0 replaced, 2 unchanged"), "{}", refreshed.out);
    let again = ingest(folder.path(), &[&["--refresh"], &stricter[..]].concat());
    assert!(again.out.contains("0 read"), "{}", again.out);
    assert_eq!(run(folder.path(), &["ingest", "--refresh", "0.txt"]).code, Some(2));
}

#[test]
fn the_second_of_two_writers_is_told_who_the_first_is() {
    let folder = inputs();
    let writer = Store::open(&folder.path().join("kg")).unwrap();
    let second = run(folder.path(), &["ingest", "in"]);
    assert_eq!(second.code, Some(2));
    let who = format!("(process {})", std::process::id());
    assert!(second.err.contains(&who) && second.err.lines().count() == 1, "{}", second.err);
    drop(writer);
    ingest(folder.path(), &["in"]);
}

/// A small volume, gone when it is dropped.
struct Volume(PathBuf);

impl Volume {
    fn new(path: PathBuf) -> Option<Self> {
        fs::create_dir(&path).unwrap();
        let mount = ["-t", "tmpfs", "-o", "size=16m", "tmpfs"];
        let done = Command::new("mount").args(mount).arg(&path).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success()).then_some(Self(path))
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_said_and_with_space_the_same_command_goes_on() {
    let folder = inputs();
    let Some(volume) = Volume::new(folder.path().join("small")) else {
        eprintln!("skipped: a_full_disk needs the right to mount a tmpfs");
        return;
    };
    ingest(folder.path(), &["--store", "clean", "in"]);
    let clean = folder.path().join("clean");
    let filler = volume.0.join("filler");
    // From no space at all to nearly enough.
    let mut failed = 0;
    for free in [0, 64, 256, 512, 1024, 2048, 4096_usize] {
        let store = volume.0.join("kg");
        let _ = fs::remove_dir_all(&store);
        fs::write(&filler, vec![1; (16 << 20) - (free << 10)])
            .or_else(|_| {
                // What the volume itself needs.
                fs::write(&filler, vec![1; (15 << 20) - (free << 10)])
            })
            .unwrap();
        let args = ["ingest", "--batch", "3", "--store", "small/kg", "in"];
        let full = run(folder.path(), &args);
        if full.code != Some(0) {
            failed += 1;
            assert_eq!(full.code, Some(2), "{free}: {}", full.err);
            assert!(full.err.contains("the disk is full"), "{free}: {}", full.err);
            fs::remove_file(&filler).unwrap();
            ingest(folder.path(), &["--store", "small/kg", "in"]);
        }
        assert_same(&store, &clean, &format!("{free} KiB free"));
        let _ = fs::remove_file(&filler);
    }
    assert!(failed > 0, "the volume was never full");
}

/// Writes a shard of some of the inputs.
fn shard(folder: &Path, name: &str, inputs: &[&str]) {
    let format = if name.ends_with(".parquet") { "parquet" } else { "nquads" };
    let args = [&["extract", "--format", format], inputs].concat();
    let output = command(folder, &args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
    fs::write(folder.join(name), output.stdout).unwrap();
}

#[test]
fn shards_in_any_order_and_twice_give_the_store_of_one_ingest() {
    let folder = inputs();
    let path = folder.path();
    ingest(path, &["--store", "clean", "in"]);
    let names: Vec<String> = {
        let mut names: Vec<_> = fs::read_dir(path.join("in"))
            .unwrap()
            .map(|entry| format!("in/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect();
        names.sort();
        names
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (first, rest) = names.split_at(3);
    let (second, third) = rest.split_at(4);
    shard(path, "a/1.nq", third);
    shard(path, "a/2.parquet", second);
    shard(path, "a/3.nq", first);
    // A task that was started again.
    shard(path, "b/1.nq", &[first, &second[..2]].concat());
    shard(path, "b/2.nq", third);
    // What an engine keeps of tasks that are not done.
    fs::create_dir(path.join("a/_temporary")).unwrap();
    fs::write(path.join("a/_temporary/x.nq"), "nothing whole").unwrap();
    let clean = path.join("clean");
    for (n, order) in
        [&["a"][..], &["b", "a"], &["a/3.nq", "b", "a/2.parquet", "a"]].iter().enumerate()
    {
        let store = format!("shards-{n}");
        let args = [&["--store", &store, "--shards"], *order].concat();
        ingest(path, &args);
        assert_same(&path.join(&store), &clean, &store);
    }
    // One by one, the last first.
    for shard in ["b/2.nq", "a/3.nq", "b/1.nq", "a/2.parquet"] {
        ingest(path, &["--store", "one-by-one", "--shards", shard]);
    }
    assert_same(&path.join("one-by-one"), &clean, "one by one");
    // Every tool reads them.
    let text = fs::read_to_string(path.join("a/1.nq")).unwrap();
    let quads = oxttl::NQuadsParser::new().for_slice(&text).filter(Result::is_ok).count();
    let lines = text.lines().filter(|line| !line.starts_with('#')).count();
    assert!(quads == lines && lines > 50, "{quads} of {lines}");
}

#[test]
fn a_shard_that_is_cut_off_or_lies_is_named_and_its_whole_articles_are_loaded() {
    let folder = inputs();
    let path = folder.path();
    shard(path, "whole.nq", &["in/feed-1.jsonl"]);
    let whole = fs::read_to_string(path.join("whole.nq")).unwrap();
    let cut: String = whole[..whole.len() - 100].rsplit_once('\n').unwrap().0.to_owned() + "\n";
    fs::write(path.join("cut.nq"), &cut).unwrap();
    let done = run(path, &["ingest", "--shards", "cut.nq"]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.err.contains("cut.nq:5: the shard ends within an article"), "{}", done.err);
    assert!(done.out.starts_with("4 articles of shards: 4 new"), "{}", done.out);
    // Cut in the middle and joined: the next article is whole.
    let middle = whole.match_indices("#youcheng-article").nth(2).unwrap().0;
    let joined = [&whole[..middle - 300], "\n", &whole[middle..]].concat();
    fs::write(path.join("joined.nq"), joined).unwrap();
    let done = run(path, &["ingest", "--store", "joined", "--shards", "joined.nq"]);
    assert!(done.out.starts_with("4 articles of shards: 4 new"), "{} {}", done.out, done.err);
    // A shard says nothing in the graphs of others.
    let (head, rest) = whole.split_once(",\"sum\":\"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    let unsigned = [head, rest].concat();
    let lie = unsigned.replacen("/graph/shared>", "/graph/agreements>", 1);
    fs::write(path.join("lie.nq"), lie).unwrap();
    let done = run(path, &["ingest", "--store", "lie", "--shards", "lie.nq"]);
    assert!(done.err.contains("graph of something else"), "{}", done.err);
    fs::write(path.join("none.nq"), "<a:a> <b:b> <c:c> .\n".repeat(3)).unwrap();
    let done = run(path, &["ingest", "--store", "none", "--shards", "none.nq"]);
    assert!(done.code == Some(1) && done.err.lines().count() == 1, "{}", done.err);
}

#[test]
fn programs_are_told_in_json() {
    let folder = inputs();
    fs::write(folder.path().join("in/bad.jsonl"), "{").unwrap();
    let done = run(folder.path(), &["ingest", "--log-format", "json", "in"]);
    assert_eq!(done.code, Some(1));
    let events: Vec<serde_json::Value> =
        done.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // On a slow machine it takes longer than five seconds.
    let events: Vec<_> = events.iter().filter(|it| it["event"] != "progress").collect();
    let [skipped, done] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((&skipped["event"], &skipped["file"]), (&json!("skipped"), &json!("in/bad.jsonl")));
    assert_eq!((&done["event"], &done["articles"]), (&json!("done"), &json!(23)));
    assert!(done["bytes"].as_u64() > Some(1000), "{done}");
    let failed =
        run(folder.path(), &["ingest", "--log-format", "json", "--store", "in/bad.jsonl", "in"]);
    let failed: serde_json::Value = serde_json::from_str(failed.err.trim()).unwrap();
    assert_eq!(failed["event"], "failed");
}

/// A page at one address, as a WARC record that was captured on a day.
fn captured(n: usize, day: u32) -> Vec<u8> {
    let page = format!("<html><body><article><p>{}</p></article></body></html>", story(n));
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/1\r\n\
         WARC-Date: 2026-03-{day:02}T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n\
         Content-Length: {}\r\n\r\n",
        http.len()
    );
    [head.as_bytes(), http.as_bytes(), b"\r\n\r\n"].concat()
}

/// That two stores say the same but for where articles were read first.
#[track_caller]
fn assert_same_graph(found: &Path, expected: &Path, what: &str) {
    let places = ["file>", "line>", "offset>", "captured>"];
    let said = |store: &Path| {
        let mut quads = contents(store).0;
        quads.retain(|quad| !places.iter().any(|it| quad.contains(&format!("ns#{it}"))));
        quads
    };
    assert_eq!(said(found), said(expected), "{what}");
}

/// All orders of things.
fn orders(names: &[&'static str]) -> Vec<Vec<&'static str>> {
    if names.is_empty() {
        return vec![Vec::new()];
    }
    let with = |at: usize| {
        let mut rest = names.to_vec();
        let first = rest.remove(at);
        orders(&rest).into_iter().map(move |rest| [vec![first], rest].concat())
    };
    (0..names.len()).flat_map(with).collect()
}

#[test]
fn what_stands_at_an_address_does_not_depend_on_the_order_of_reading() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // It goes back to what it said before, and has a late rival.
    let nights = [("a.warc", 1, 1), ("b.warc", 2, 2), ("c.warc", 1, 3), ("d.warc", 3, 2)];
    for (name, n, day) in nights {
        fs::write(at.join(name), captured(n, day)).unwrap();
        let shard = run(at, &["extract", "--format", "nquads", name]);
        fs::write(at.join(name).with_extension("nq"), shard.out).unwrap();
    }
    let names = nights.map(|(name, ..)| name);
    ingest(at, &[&["--store", "once"], &names[..]].concat());
    let once = at.join("once");
    let (quads, documents) = contents(&once);
    assert_eq!(documents.len(), 1, "{documents:#?}");
    assert!(quads.iter().any(|quad| quad.contains("captured> \"2026-03-01")), "{quads:#?}");
    assert_eq!(quads.iter().filter(|quad| quad.contains("terms/replaces>")).count(), 2);
    for (n, order) in orders(&names).into_iter().enumerate().step_by(5) {
        // At once, night by night, and as shards.
        let (together, nightly, shards) = (format!("t{n}"), format!("n{n}"), format!("s{n}"));
        ingest(at, &[&["--store", &together], &order[..]].concat());
        assert_same_graph(&at.join(&together), &once, &format!("{order:?} at once"));
        for night in &order {
            ingest(at, &["--store", &nightly, night]);
            let shard = night.replace("warc", "nq");
            ingest(at, &["--store", &shards, "--shards", &shard]);
        }
        assert_same_graph(&at.join(&nightly), &once, &format!("{order:?} night by night"));
        assert_same(&at.join(&shards), &once, &format!("{order:?} as shards"));
    }
}

#[test]
fn parcels_in_any_order_and_any_cut_give_one_store() {
    let extractor = Extractor::standard().unwrap();
    let reader = Reader::new(Limits::default()).unwrap();
    let signer = Signer::new().unwrap();
    let mut random = Random(77);
    for case in 0..5 {
        // The same bytes at several addresses and days, some of which are not told.
        let parcels: Vec<Parcel> = (0..6)
            .map(|file| {
                let (n, address, day) = (random.below(3), random.below(2), random.below(4));
                let source = Source {
                    file: Some(Arc::new(PathBuf::from(format!("{file}.warc")))),
                    line: Some(random.below(9) as u32),
                    captured: (day > 0).then(|| format!("2026-03-0{day}T00:00:00Z")),
                    url: Some(format!("https://a.example/{address}")),
                    ..Source::default()
                };
                let payload = Payload::Text(story(n as usize).into_bytes());
                let (article, notes) = reader.article(Input { source, payload }).unwrap();
                Parcel::new(&extractor.run(article, notes), &signer, 1, true)
            })
            .collect();
        let folder = tempfile::tempdir().unwrap();
        for turn in 0..4 {
            let mut order: Vec<usize> = (0..parcels.len()).collect();
            if turn > 0 {
                for at in (1..order.len()).rev() {
                    order.swap(at, random.below(at as u64 + 1) as usize);
                }
            }
            let store = folder.path().join(turn.to_string());
            let cut = random.below(6) as usize;
            for part in [&order[..cut], &order[cut..]] {
                let mut ingest =
                    Ingest::open(&store, Order::Place).unwrap().with_batches_of(1 + turn);
                for &at in part {
                    ingest.push(parcels[at].clone(), Visit::New).unwrap();
                }
                ingest.finish().unwrap();
            }
            let places: Vec<_> = parcels
                .iter()
                .map(|it| {
                    let day = it.source.captured.as_ref().map_or("-", |day| &day[8..10]);
                    let address = it.source.url.as_ref().map_or("-", |url| &url[18..]);
                    format!("{} at {address} on {day}", &it.id.hex()[..4])
                })
                .collect();
            let what = format!("case {case}: {order:?} cut at {cut}: {places:?}");
            assert_same(&store, &folder.path().join("0"), &what);
        }
    }
}

#[test]
fn an_article_that_comes_back_stands_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let page = |n: usize| json!({"text": story(n), "url": "https://a.example/1"}).to_string();
    let other =
        |n: usize| json!({"text": story(n), "url": format!("https://a.example/{n}")}).to_string();
    let standing = |store: &str| {
        let store = Store::read(&at.join(store)).unwrap();
        let all: Vec<_> = store.articles().unwrap().into_iter().collect();
        [1, 2, 3]
            .into_iter()
            .filter(|n| all.contains(&youcheng::article::ArticleId::of(page(*n).as_bytes())))
            .collect::<Vec<_>>()
    };
    // In another file each night.
    for (name, n) in [("1.jsonl", 1), ("2.jsonl", 2), ("3.jsonl", 1)] {
        fs::write(at.join(name), page(n)).unwrap();
        ingest(at, &["--store", "nights", name]);
    }
    assert_eq!(standing("nights"), [1]);
    ingest(at, &["--store", "once", "1.jsonl", "2.jsonl", "3.jsonl"]);
    assert_same(&at.join("nights"), &at.join("once"), "three nights");
    // Files that are read once more say nothing new.
    for name in ["2.jsonl", "1.jsonl"] {
        let text = fs::read(at.join(name)).unwrap();
        fs::write(at.join(name), [&text[..], b"\n"].concat()).unwrap();
        ingest(at, &["--store", "nights", name]);
        assert_eq!(standing("nights"), [1], "{name}");
    }
    // One file that is overwritten every night, in which the record wanders.
    let latest = at.join("latest.jsonl");
    for lines in [
        vec![page(1)],
        vec![other(7), page(2)],
        vec![page(1), other(8)],
        vec![other(9), page(3)],
        vec![page(2)],
    ] {
        fs::write(&latest, lines.join("\n")).unwrap();
        ingest(at, &["--store", "latest", "latest.jsonl"]);
        let last: Vec<_> = [1, 2, 3].into_iter().filter(|n| lines.contains(&page(*n))).collect();
        assert_eq!(standing("latest"), last, "{lines:?}");
    }
    // One that grows.
    let mut lines = Vec::new();
    for (night, n) in [1, 2, 1, 3, 2].into_iter().enumerate() {
        lines.extend([other(10 + night), page(n)]);
        fs::write(at.join("all.jsonl"), lines.join("\n")).unwrap();
        let done = run(at, &["ingest", "--batch", "1", "--store", "grown", "all.jsonl"]);
        assert_eq!(done.code, Some(0), "{}", done.err);
        assert_eq!(standing("grown"), [n], "night {night}");
    }
    // And says the same when it only grows by others.
    lines.push(other(30));
    fs::write(at.join("all.jsonl"), lines.join("\n")).unwrap();
    ingest(at, &["--store", "grown", "all.jsonl"]);
    assert_eq!(standing("grown"), [2]);
}

#[test]
fn a_store_whose_graph_is_gone_is_not_taken_for_an_empty_one() {
    let folder = inputs();
    ingest(folder.path(), &["in"]);
    let graph = folder.path().join("kg/graph");
    fs::remove_dir_all(&graph).unwrap();
    for emptied in [false, true] {
        if emptied {
            fs::create_dir(&graph).unwrap();
        }
        for args in [&["ingest", "in"][..], &["query", "--name", "agreements"], &["stats"]] {
            let told = run(folder.path(), args);
            assert_eq!(told.code, Some(2), "{args:?}: {}", told.err);
            assert!(told.err.contains("kg: holds no graph"), "{args:?}: {}", told.err);
        }
    }
}

#[test]
fn damaged_documents_are_told_and_read_again() {
    let folder = inputs();
    let at = folder.path();
    ingest(at, &["--store", "clean", "in"]);
    let clean = at.join("clean");
    let whole = fs::read(clean.join("documents")).unwrap();
    let copy = |name: &str| {
        let to = at.join(name);
        let done = Command::new("cp").arg("-r").arg(&clean).arg(&to).status().unwrap();
        assert!(done.success());
        to
    };
    for (n, place) in [0, whole.len() / 7, whole.len() / 2].into_iter().enumerate() {
        let name = format!("kg-{n}");
        let store = copy(&name);
        let mut bytes = whole.clone();
        for byte in &mut bytes[place..place + 40] {
            *byte ^= 0x55;
        }
        fs::write(store.join("documents"), bytes).unwrap();
        // Nothing stops because of it, and nothing is lost.
        ingest(at, &["--store", &name, "in"]);
        let export =
            run(at, &["export", "--store", &name, "--to", &format!("out-{n}"), "--with-text"]);
        assert!(matches!(export.code, Some(0 | 1)), "{}", export.err);
        ingest(at, &["--store", &name, "--refresh"]);
        assert_same(&store, &clean, &format!("damage at {place}"));
        let again = ingest(at, &["--store", &name, "--refresh"]);
        assert!(again.out.contains("0 read"), "{}", again.out);
    }
}

#[test]
fn refresh_names_what_it_cannot_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let line = |n: usize| json!({"text": story(n)}).to_string() + "\n";
    fs::write(at("feed.jsonl"), line(0) + &line(1)).unwrap();
    fs::write(at("gone.txt"), story(2)).unwrap();
    fs::write(at("there.txt"), story(3)).unwrap();
    ingest(folder.path(), &["feed.jsonl", "gone.txt", "there.txt"]);
    let piped = run_with(folder.path(), &["ingest", "-"], line(4).as_bytes());
    assert_eq!(piped.code, Some(0), "{}", piped.err);
    let mut left = vec!["feed.jsonl:2: stands", "gone.txt: is no longer", "<stdin>:1: was read"];
    #[cfg(target_os = "linux")]
    {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        let odd = at("in").join(OsStr::from_bytes(b"\xD3\xD1\xB3\xC7.txt"));
        fs::create_dir(at("in")).unwrap();
        if fs::write(&odd, story(5)).is_ok() {
            ingest(folder.path(), &["in"]);
            left.push("txt: the name of its file is not UTF-8");
        }
    }
    fs::write(at("feed.jsonl"), line(0)).unwrap();
    fs::remove_file(at("gone.txt")).unwrap();
    let stricter = ["--refresh", "--min-confidence", "0.6"];
    let done = run(folder.path(), &[&["ingest"], &stricter[..]].concat());
    assert_eq!(done.code, Some(1), "{}", done.err);
    for said in &left {
        assert!(done.err.contains(said), "{said}: {}", done.err);
    }
    assert_eq!(done.err.matches("stays as it is").count(), left.len(), "{}", done.err);
    let skipped = format!("skipped       {} (each named above)", left.len());
    assert!(done.out.contains(&skipped), "{}", done.out);
    // A newer version is another article: it is read when its file is.
    let versions = tempfile::tempdir().unwrap();
    let page = |n: usize| json!({"text": story(n), "url": "https://a.example/1.html"}).to_string();
    fs::write(versions.path().join("a.jsonl"), page(0)).unwrap();
    ingest(versions.path(), &["a.jsonl"]);
    fs::write(versions.path().join("a.jsonl"), page(1)).unwrap();
    let left = run(versions.path(), &[&["ingest"], &stricter[..]].concat());
    assert_eq!(left.code, Some(1), "{}", left.err);
    assert!(left.err.contains("a.jsonl:1: stands in its file no more"), "{}", left.err);
    let newer = ingest(versions.path(), &["a.jsonl"]);
    assert!(newer.out.contains("1 older version set aside"), "{}", newer.out);
}

fn run_with(folder: &Path, args: &[&str], input: &[u8]) -> Run {
    use std::io::Write as _;
    let mut child = command(folder, args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn reingest_finds_a_record_that_has_moved_and_keeps_what_it_cannot_look_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let line = |n: usize| json!({"text": story(n)}).to_string() + "\n";
    fs::write(at("feed.jsonl"), line(0) + &line(1)).unwrap();
    ingest(folder.path(), &["feed.jsonl"]);
    fs::write(at("feed.jsonl"), line(2) + &line(0) + &line(1)).unwrap();
    let done = run(folder.path(), &["reingest", "--url", "*"]);
    assert!(done.code == Some(0) && done.out.contains(" 0 removed"), "{} {}", done.out, done.err);
    fs::write(at("feed.jsonl"), line(2) + &line(0) + "{\n").unwrap();
    let done = run(folder.path(), &["reingest", "--log-format", "json", "--url", "*"]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    let events: Vec<serde_json::Value> =
        done.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |said: &str| {
        events.iter().any(|it| {
            it["event"] == "skipped"
                && it["file"] == "feed.jsonl"
                && it["reason"].as_str().unwrap().contains(said)
        })
    };
    assert!(named("broken JSON") && named("was not found in what could be read"), "{events:?}");
    assert_eq!(events.last().unwrap()["event"], "done");
}

#[test]
fn programs_are_told_in_json_why_nothing_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let json = ["--log-format", "json"];
    for args in [
        &["reingest", "--url", "*", "--store", "none"][..],
        &["remove", "--url", "*", "--store", "none"],
        &["ingest", "--files-from", "none"],
        &["ingest", "--shards", "none"],
        &["extract", "--no-such-option"],
        &["no-such-command"],
        &["query", "--store", "none", "--name", "agreements"],
    ] {
        let failed = run(folder.path(), &[&json[..], args].concat());
        assert_eq!(failed.code, Some(2), "{args:?}: {}", failed.err);
        let event: serde_json::Value = serde_json::from_str(failed.err.trim()).unwrap();
        assert_eq!(event["event"], "failed", "{args:?}");
        assert!(event["reason"].as_str().unwrap().len() > 10, "{event}");
    }
    assert!(!folder.path().join("kg").exists(), "nothing was made");
    let help = run(folder.path(), &["--log-format=json", "--help"]);
    assert!(help.code == Some(0) && help.err.is_empty());
    fs::write(folder.path().join("bad.jsonl"), "{\"text\":1}\n").unwrap();
    for command in ["clean", "explain", "extract"] {
        let done = run(folder.path(), &[&json[..], &[command, "bad.jsonl"]].concat());
        assert_eq!(done.code, Some(1), "{command}");
        let first = done.err.lines().next().unwrap();
        let event: serde_json::Value = serde_json::from_str(first).unwrap();
        assert_eq!((&event["event"], &event["line"]), (&json!("skipped"), &json!(1)), "{command}");
    }
}

#[test]
fn an_article_of_a_shard_that_was_changed_on_the_way_is_named() {
    let folder = inputs();
    let path = folder.path();
    shard(path, "whole.nq", &["in/feed-1.jsonl"]);
    let whole = fs::read_to_string(path.join("whole.nq")).unwrap();
    // All of it can still be read.
    let quads = whole.find('\n').unwrap();
    let sum = whole.find(",\"sum\":\"").unwrap();
    for (n, (place, from, before, after)) in [
        ("document", 0, "友好", "反好"),
        ("quads", quads, "友好", "反好"),
        ("the sum's name", sum, "sum", "sun"),
        ("the sum", sum + 8, &whole[sum + 8..sum + 9], "g"),
    ]
    .into_iter()
    .enumerate()
    {
        let (head, rest) = whole.split_at(from);
        fs::write(path.join("damaged.nq"), [head, &rest.replacen(before, after, 1)].concat())
            .unwrap();
        let store = format!("kg-{n}");
        let done = run(path, &["ingest", "--store", &store, "--shards", "damaged.nq"]);
        assert_eq!(done.code, Some(1), "{place}: {} {}", done.out, done.err);
        assert!(done.out.starts_with("4 articles of shards: 4 new"), "{place}: {}", done.out);
        assert!(done.err.contains("damaged.nq:"), "{place}: {}", done.err);
    }
    // Shards of older versions have no sums.
    let older: String = whole
        .lines()
        .map(|line| match line.split_once(",\"sum\":\"") {
            Some((head, _)) if line.starts_with('#') => format!("{head}}}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    fs::write(path.join("older.nq"), older).unwrap();
    let done = run(path, &["ingest", "--store", "older", "--shards", "older.nq"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    ingest(path, &["--store", "whole", "--shards", "whole.nq"]);
    assert_same(&path.join("older"), &path.join("whole"), "with and without sums");
}

#[test]
fn no_question_runs_for_ever_in_a_damaged_graph() {
    let folder = inputs();
    let at = folder.path();
    ingest(at, &["in"]);
    let graph = at.join("kg/graph");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&graph).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "sst"));
    files.sort_by_key(|file| std::cmp::Reverse(fs::metadata(file).unwrap().len()));
    for file in &files[..6] {
        let whole = fs::read(file).unwrap();
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 1500.min(middle / 2)].iter_mut().for_each(|byte| *byte ^= 0x5a);
        fs::write(file, bytes).unwrap();
        let start = Instant::now();
        let told = run(at, &["stats"]);
        assert!(start.elapsed().as_secs() < 60, "{}", file.display());
        match told.code {
            Some(0) => assert!(told.out.contains("agreements"), "{}", told.out),
            Some(2) => assert!(told.err.contains("damaged"), "{}", told.err),
            _ => panic!("{:?}: {}", told.code, told.err),
        }
        fs::write(file, whole).unwrap();
    }
}

/// The numbers of the stories that stand at the address of [`page`].
fn standing(store: &Path) -> Vec<usize> {
    let store = Store::read(store).unwrap();
    let all = store.articles().unwrap();
    let id = |n: &usize| youcheng::article::ArticleId::of(page(*n).as_bytes());
    (1..=3).filter(|n| all.contains(&id(n)) && store.holds(&id(n)).unwrap()).collect()
}

fn page(n: usize) -> String {
    json!({"text": story(n), "url": "https://a.example/1"}).to_string()
}

#[test]
fn shards_beside_direct_nights_take_no_article_away() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (name, n) in [("z", 1), ("a", 2), ("m", 3)] {
        fs::write(at.join(format!("{name}.jsonl")), page(n)).unwrap();
        let shard = run(at, &["extract", "--format", "nquads", &format!("{name}.jsonl")]).out;
        fs::write(at.join(format!("{name}.nq")), shard).unwrap();
    }
    ingest(at, &["z.jsonl"]);
    ingest(at, &["a.jsonl"]);
    for (shard, stands) in [("a.nq", 2), ("z.nq", 2), ("m.nq", 3), ("a.nq", 3)] {
        ingest(at, &["--shards", shard]);
        assert_eq!(standing(&at.join("kg")), [stands], "{shard}");
    }
    // The other way round.
    ingest(at, &["--store", "other", "--shards", "z.nq"]);
    ingest(at, &["--store", "other", "a.jsonl"]);
    ingest(at, &["--store", "other", "--shards", "z.nq"]);
    assert_eq!(standing(&at.join("other")), [2]);
}

#[test]
fn what_comes_back_on_standard_input_stands_again() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = |lines: &[usize]| {
        let text: Vec<String> = lines.iter().map(|n| page(*n)).collect();
        fs::write(folder.path().join("in"), text.join("\n")).unwrap();
        let input = fs::File::open(folder.path().join("in")).unwrap();
        let args = ["ingest", "--batch", "1", "--input-format", "jsonl", "-"];
        let done = command(folder.path(), &args).stdin(input).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        standing(&folder.path().join("kg"))
    };
    assert_eq!(pipe(&[1]), [1]);
    assert_eq!(pipe(&[2, 1]), [1]);
    assert_eq!(pipe(&[1, 2]), [2]);
}

#[test]
fn what_was_read_before_is_no_news_whatever_happened_since() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("crawl")).unwrap();
    let other = json!({"text": story(7), "url": "https://a.example/7"}).to_string();
    fs::write(at.join("crawl/part-9.jsonl"), [page(1), other].join("\n")).unwrap();
    ingest(at, &["crawl"]);
    fs::write(at.join("crawl/part-1.jsonl"), page(2)).unwrap();
    ingest(at, &["crawl"]);
    assert_eq!(standing(&at.join("kg")), [2]);
    // Another article is taken out, and all files are read again.
    assert_eq!(run(at, &["remove", "--url", "*/7"]).code, Some(0));
    let refreshed = ingest(at, &["--refresh", "--min-confidence", "0.6"]);
    assert!(refreshed.out.contains("1 read: 0 new"), "{}", refreshed.out);
    ingest(at, &["crawl"]);
    assert_eq!(standing(&at.join("kg")), [2]);
    // A file that grows, by another of its names.
    fs::write(at.join("crawl/part-1.jsonl"), [page(2), page(3), page(2)].join("\n")).unwrap();
    ingest(at, &["./crawl/part-1.jsonl"]);
    assert_eq!(standing(&at.join("kg")), [2]);
}

#[test]
fn lost_documents_cost_no_version() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for damage in ["deleted", "emptied", "cut off"] {
        fs::write(at.join("a.jsonl"), [page(1), page(2)].join("\n")).unwrap();
        ingest(at, &["--store", damage, "a.jsonl"]);
        let documents = at.join(damage).join("documents");
        match damage {
            "deleted" => fs::remove_file(&documents).unwrap(),
            "emptied" => fs::write(&documents, "").unwrap(),
            _ => {
                let bytes = fs::read(&documents).unwrap();
                fs::write(&documents, &bytes[..bytes.len() / 2]).unwrap();
            }
        }
        fs::write(at.join("b.jsonl"), page(3)).unwrap();
        let told = ingest(at, &["--store", damage, "b.jsonl"]);
        assert!(told.err.contains("documents was damaged"), "{damage}: {}", told.err);
        assert_eq!(standing(&at.join(damage)), [3], "{damage}");
    }
}

#[test]
fn reingest_keeps_what_was_replaced_by_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("a.jsonl"), page(1)).unwrap();
    ingest(at, &["a.jsonl"]);
    fs::write(at.join("a.jsonl"), page(2)).unwrap();
    let done = run(at, &["reingest", "--url", "*"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let kg = at.join("kg");
    assert_eq!(standing(&kg), [2]);
    let store = Store::read(&kg).unwrap();
    let [old, new] = [1, 2].map(|n| youcheng::article::ArticleId::of(page(n).as_bytes()));
    assert_eq!(store.newer(&old).unwrap(), Some(new));
    drop(store);
    // It goes back.
    fs::write(at.join("a.jsonl"), page(1)).unwrap();
    let done = run(at, &["reingest", "--url", "*"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(standing(&kg), [1]);
    let store = Store::read(&kg).unwrap();
    assert_eq!(store.newer(&old).unwrap(), None);
    assert_eq!(store.newer(&new).unwrap(), Some(old));
}

#[test]
fn a_file_of_the_store_that_is_none_is_named() {
    let folder = inputs();
    let at = folder.path();
    ingest(at, &["in/page-15.txt"]);
    for name in ["documents", "inputs", "copies", "readings", "format"] {
        let (path, kept) = (at.join("kg").join(name), at.join("kept"));
        let was_there = fs::rename(&path, &kept).is_ok();
        fs::create_dir(&path).unwrap();
        let told = run(at, &["ingest", "in/page-16.txt"]);
        assert_eq!(told.code, Some(2), "{name}: {}", told.out);
        assert!(told.err.contains(&format!("kg/{name}")), "{name}: {}", told.err);
        fs::remove_dir(&path).unwrap();
        if was_there {
            fs::rename(&kept, &path).unwrap();
        }
    }
    ingest(at, &["in/page-16.txt"]);
}
