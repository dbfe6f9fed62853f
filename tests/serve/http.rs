//! A server that runs for a test, and a client that sends what it is told to, byte for byte.

use std::{
    cell::RefCell,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, LazyLock, Mutex, PoisonError, Weak},
    time::Duration,
};

use flate2::read::GzDecoder;

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A server in a process of its own.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    _folder: Option<tempfile::TempDir>,
}

/// The graph of `corpus/`, made by the program as a user would make it.
pub(crate) static GRAPH: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kg");
    ingest(&path, &["corpus"]);
    (folder, path)
});

/// A server that the tests of a file share. It ends with the last test that asked it: what
/// is static is never dropped, and processes outlive their parents.
pub(crate) struct Shared(Mutex<Weak<Served>>, fn() -> Served);

thread_local! {
    // Each test has a thread.
    static HELD: RefCell<Vec<Arc<Served>>> = const { RefCell::new(Vec::new()) };
}

impl Shared {
    pub(crate) const fn new(start: fn() -> Served) -> Self {
        Self(Mutex::new(Weak::new()), start)
    }

    /// The server; the same one for as long as the test runs.
    pub(crate) fn get(&self) -> Arc<Served> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(served) = shared.upgrade() {
            HELD.with_borrow_mut(|held| {
                if !held.iter().any(|known| Arc::ptr_eq(known, &served)) {
                    held.push(Arc::clone(&served));
                }
            });
            return served;
        }
        let served = Arc::new((self.1)());
        *shared = Arc::downgrade(&served);
        HELD.with_borrow_mut(|held| held.push(Arc::clone(&served)));
        served
    }
}

/// Reads articles into a store.
pub(crate) fn ingest(store: &Path, articles: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--quiet", "ingest", "--store"])
        .arg(store)
        .args(articles)
        .output()
        .unwrap();
    // Some files of the corpus are the facts beside the articles.
    assert!(done.status.code().is_some_and(|code| code < 2), "{}", text(&done.stderr));
}

impl Served {
    /// The corpus, as `youcheng serve` serves it.
    pub(crate) fn corpus(arguments: &[&str]) -> Self {
        Self::start(&GRAPH.1, arguments, None)
    }

    /// A store with nothing but the vocabulary in it, that may be changed.
    pub(crate) fn empty(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kg");
        drop(youcheng::store::Store::open(&path).unwrap());
        Self::start(&path, &[&["--allow-update"], arguments].concat(), Some(folder))
    }

    pub(crate) fn start(
        store: &Path,
        arguments: &[&str],
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_youcheng"))
            .args(["serve", "--bind", "127.0.0.1:0", "--store"])
            .arg(store)
            .args(arguments)
            .env("YOUCHENG_TOKEN", TOKEN)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let Some((_, address)) = line.trim().split_once("http://") else {
            let mut error = String::new();
            child.stderr.as_mut().unwrap().read_to_string(&mut error).unwrap();
            panic!("not served: {error}");
        };
        let address = address.trim_end_matches('/').parse().unwrap();
        Self { child, address, _folder: folder }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends these bytes and reads one answer.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // Whoever is refused early may not take all of it.
        let _ = stream.write_all(bytes);
        Answer::read(&mut BufReader::new(stream)).unwrap()
    }

    pub(crate) fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.raw(&self.written(method, target, headers, body))
    }

    pub(crate) fn written(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Vec<u8> {
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head += &format!("Host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method == "POST" {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        [head.as_bytes(), body].concat()
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.request("GET", target, &[], b"")
    }

    /// The JSON of an address that answers.
    pub(crate) fn json(&self, target: &str) -> serde_json::Value {
        let answer = self.get(target);
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        serde_json::from_str(&answer.text()).unwrap()
    }

    /// The rows of a query, as JSON has them.
    pub(crate) fn rows(&self, query: &str) -> Vec<serde_json::Value> {
        let answer = self.request(
            "POST",
            "/sparql",
            &[("Content-Type", "application/sparql-query")],
            query.as_bytes(),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
        json["results"]["bindings"].as_array().unwrap().clone()
    }

    pub(crate) fn update(&self, update: &str) {
        let answer = self.request(
            "POST",
            "/sparql",
            &[
                ("Content-Type", "application/sparql-update"),
                ("Authorization", &format!("Bearer {TOKEN}")),
            ],
            update.as_bytes(),
        );
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the answer came to its end.
    pub(crate) whole: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn media(&self) -> &str {
        self.header("content-type").unwrap_or_default().split(';').next().unwrap()
    }

    pub(crate) fn text(&self) -> String {
        if self.header("content-encoding") == Some("gzip") {
            let mut plain = String::new();
            GzDecoder::new(self.body.as_slice()).read_to_string(&mut plain).unwrap();
            return plain;
        }
        text(&self.body)
    }

    /// Reads one answer; `None` if the connection ends before it begins.
    pub(crate) fn read(stream: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let status: u16 = line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut answer = Self { status, headers, body: Vec::new(), whole: true };
        if status == 100 {
            return Self::read(stream);
        }
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.whole = answer.read_chunks(stream).is_some();
        } else if let Some(length) = answer.header("content-length") {
            let length = length.parse().unwrap();
            answer.body.resize(length, 0);
            // The answer to HEAD has a length and no body.
            answer.whole = stream.read_exact(&mut answer.body).is_ok();
        }
        Some(answer)
    }

    fn read_chunks(&mut self, stream: &mut BufReader<TcpStream>) -> Option<()> {
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).ok()?;
            let size = usize::from_str_radix(line.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk).ok()?;
            self.body.extend(&chunk[..size]);
            if size == 0 {
                return Some(());
            }
        }
    }
}

/// The percent signs that an address needs.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
