//! Asks a running server as the explorer does, with many clients at once, and says how long
//! each kind of answer took, how many failed, and how much memory the server has.
//!
//! ```sh
//! cargo run --release --example generate -- --articles 50000 --out DIR
//! youcheng ingest --store DIR/kg DIR/articles.jsonl && youcheng serve --store DIR/kg &
//! cargo run --release --example serve_load -- --clients 32 --seconds 60
//! ```
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program to measure with")]

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use clap::Parser;
use serde_json::Value;

/// Ask a running server with many clients at once.
#[derive(Parser)]
struct Args {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:7878")]
    address: SocketAddr,
    /// How many ask at once.
    #[arg(long, default_value_t = 32)]
    clients: u64,
    /// For how long.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// A kind of question, and addresses that ask it.
type Questions = Vec<(&'static str, Vec<String>)>;

fn main() {
    let args = Args::parse();
    let questions = questions(args.address);
    for clients in [1, args.clients] {
        let seconds = if clients == 1 { args.seconds.min(20) } else { args.seconds };
        let before = memory(args.address);
        println!("{clients} clients for {seconds} s");
        run(args.address, clients, seconds, &questions);
        println!(
            "memory of the server: {before:.0} MB before, {:.0} MB after\n",
            memory(args.address)
        );
    }
}

fn run(address: SocketAddr, clients: u64, seconds: u64, questions: &Questions) {
    let times = Mutex::new(BTreeMap::<&str, Vec<Duration>>::new());
    let failures = Mutex::new(BTreeMap::<String, u64>::new());
    let end = Instant::now() + Duration::from_secs(seconds);
    thread::scope(|scope| {
        for client in 0..clients {
            let (times, failures) = (&times, &failures);
            scope.spawn(move || {
                let mut connection = None;
                let mut dice = client * 7919 + 1;
                while Instant::now() < end {
                    for (kind, targets) in questions {
                        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        let target = &targets[(dice >> 33) as usize % targets.len()];
                        let start = Instant::now();
                        match ask(address, &mut connection, target, true) {
                            Some((200, _)) => {
                                times
                                    .lock()
                                    .unwrap()
                                    .entry(kind)
                                    .or_default()
                                    .push(start.elapsed());
                            }
                            other => {
                                connection = None;
                                let what = format!("{kind}: {:?}", other.map(|(status, _)| status));
                                *failures.lock().unwrap().entry(what).or_default() += 1;
                            }
                        }
                    }
                }
            });
        }
    });
    println!("{:<12}{:>9}{:>10}{:>10}{:>10}", "", "answers", "median", "95 %", "worst");
    for (kind, mut times) in times.into_inner().unwrap() {
        times.sort();
        let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
        println!(
            "{kind:<12}{:>9}{:>7.1} ms{:>7.1} ms{:>7.1} ms",
            times.len(),
            at(50),
            at(95),
            at(100)
        );
    }
    let failures = failures.into_inner().unwrap();
    println!(
        "failures: {}",
        if failures.is_empty() { "none".to_owned() } else { format!("{failures:?}") }
    );
}

/// What there is to ask, from what the server holds.
fn questions(address: SocketAddr) -> Questions {
    let json = |target: &str| -> Value {
        serde_json::from_slice(&ask(address, &mut None, target, false).unwrap().1).unwrap()
    };
    let all = json("/api/ties");
    let texts = |list: &Value, field: &str| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.filter_map(|one| one[field].as_str().map(encoded)).collect()
    };
    let places = texts(&all["places"], "key");
    let ids = texts(&all["ties"], "id");
    let names = texts(&all["places"], "name");
    let articles = json(
        "/sparql?query=SELECT%20%3Fi%20%7B%3Fa%20a%20schema%3ANewsArticle%20%3B%20dcterms%3Aidentifier%20%3Fi%7D%20LIMIT%202000",
    );
    let articles: Vec<_> = articles["results"]["bindings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| encoded(row["i"]["value"].as_str().unwrap()))
        .collect();
    let each = |before: &str, of: &[String]| of.iter().map(|it| [before, it].concat()).collect();
    vec![
        ("page", vec!["/".to_owned()]),
        ("ties", vec!["/api/ties".to_owned()]),
        ("filtered", vec!["/api/ties?kind=sister-city&from=1990&to=2010".to_owned()]),
        ("facets", vec!["/api/facets".to_owned()]),
        ("city", each("/api/city?key=", &places)),
        ("agreement", each("/api/agreement?id=", &ids)),
        ("article", each("/api/article?id=", &articles)),
        ("search", each("/api/search?q=", &names)),
        (
            "sparql",
            each("/queries/agreements-of-city?format=json&city=", &names[..names.len().min(50)]),
        ),
    ]
}

/// The status and the body of an answer, as it was packed.
fn ask(
    address: SocketAddr,
    connection: &mut Option<BufReader<TcpStream>>,
    target: &str,
    packed: bool,
) -> Option<(u16, Vec<u8>)> {
    if connection.is_none() {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(90))).ok()?;
        stream.set_nodelay(true).ok()?;
        *connection = Some(BufReader::new(stream));
    }
    let reader = connection.as_mut()?;
    let gzip = if packed { "Accept-Encoding: gzip\r\n" } else { "" };
    write!(reader.get_mut(), "GET {target} HTTP/1.1\r\nHost: localhost\r\n{gzip}\r\n").ok()?;
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().ok()?,
            Some(("transfer-encoding", _)) => chunked = true,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    while chunked {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let size = usize::from_str_radix(line.trim(), 16).ok()?;
        let mut chunk = vec![0; size + 2];
        reader.read_exact(&mut chunk).ok()?;
        body.extend(&chunk[..size]);
        chunked = size > 0;
    }
    Some((status, body))
}

/// The memory of the server, in MB, as it tells itself.
fn memory(address: SocketAddr) -> f64 {
    let (_, text) = ask(address, &mut None, "/metrics", false).unwrap();
    let text = String::from_utf8(text).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("youcheng_resident_memory_bytes "));
    line.and_then(|bytes| bytes.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
