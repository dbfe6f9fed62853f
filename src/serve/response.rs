//! [`Response`]: what a client is told, packed if it likes that, and in time.

use std::{
    borrow::Cow,
    io::{self, Read as _, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sha2::{Digest as _, Sha256};

use super::request::{Method, Request};

/// Less is not worth packing.
const SMALL: usize = 1024;

/// A response.
pub(super) struct Response {
    pub(super) status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Body,
}

/// Pieces of an answer that is made while it is sent.
pub(super) type Pieces = Box<dyn Iterator<Item = io::Result<Vec<u8>>> + Send>;

enum Body {
    Whole(Cow<'static, [u8]>),
    /// Packed before, and what it is known by.
    Packed(Arc<Packed>),
    Pieces(Pieces),
}

/// An answer that many will ask for: packed once.
#[derive(Debug)]
pub(super) struct Packed {
    gzip: Vec<u8>,
    tag: String,
}

impl Packed {
    pub(super) fn new(plain: &[u8]) -> Self {
        Self { tag: tag(plain), gzip: gzip(plain, 6) }
    }
}

impl Response {
    pub(super) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Whole(Cow::Borrowed(&[])) }
    }

    pub(super) fn json(value: &impl serde::Serialize) -> Self {
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::new(200).with("content-type", "application/json").body(body)
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Cow<'static, [u8]>>) -> Self {
        self.body = Body::Whole(body.into());
        self
    }

    pub(super) fn packed(mut self, packed: Arc<Packed>) -> Self {
        self.body = Body::Packed(packed);
        self
    }

    pub(super) fn pieces(mut self, pieces: Pieces) -> Self {
        self.body = Body::Pieces(pieces);
        self
    }

    /// Sends it. Says whether the connection can be used again.
    pub(super) fn send(
        mut self,
        request: Option<&Request>,
        out: &mut Outgoing<'_>,
    ) -> io::Result<bool> {
        let zip = request.is_some_and(takes_gzip) && self.is_text();
        let head = request.is_some_and(|request| request.method == Method::Head);
        let mut keep = request.is_some_and(Request::keeps_alive);
        let modern = request.is_none_or(|request| request.modern);
        let tag = match &self.body {
            Body::Whole(body) if self.status == 200 => Some(tag(body)),
            Body::Packed(packed) => Some(packed.tag.clone()),
            _ => None,
        };
        if let Some(tag) = tag {
            let known = request.and_then(|request| request.header("if-none-match"));
            let fits = |known: &str| {
                let known = known.trim().trim_start_matches("W/").trim_matches('"');
                known == "*" || known.trim_end_matches("-gz") == tag
            };
            if self.status == 200 && known.is_some_and(|known| known.split(',').any(fits)) {
                self.status = 304;
                self.body = Body::Whole(Cow::Borrowed(&[]));
            }
            let suffix = if zip { "-gz" } else { "" };
            self = self.with("etag", format!("\"{tag}{suffix}\""));
        }
        match self.body {
            Body::Whole(ref mut body) if zip && body.len() >= SMALL => {
                *body = Cow::Owned(gzip(body, 3));
                self = self.with("content-encoding", "gzip");
            }
            Body::Packed(ref packed) => {
                let packed = &packed.gzip;
                let body = if zip { packed.clone() } else { unpacked(packed)? };
                self.body = Body::Whole(Cow::Owned(body));
                if zip {
                    self = self.with("content-encoding", "gzip");
                }
            }
            Body::Pieces(_) if zip => self = self.with("content-encoding", "gzip"),
            _ => {}
        }
        let framing = match &self.body {
            _ if self.status == 304 || self.status == 204 => None,
            Body::Whole(body) => Some(("content-length", body.len().to_string())),
            _ if modern => Some(("transfer-encoding", "chunked".to_owned())),
            _ => {
                keep = false;
                None
            }
        };
        let mut text = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        let connection = ("connection", if keep { "keep-alive" } else { "close" }.to_owned());
        let own = framing.into_iter().chain([connection]);
        for (name, value) in
            self.headers.into_iter().chain(own.map(|(name, value)| (name, value.into())))
        {
            // No value can begin a header of its own.
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        out.write_all(text.as_bytes())?;
        match self.body {
            _ if head => {}
            Body::Whole(body) => out.write_all(&body)?,
            Body::Packed(_) => {}
            Body::Pieces(pieces) => write_pieces(pieces, zip, modern, out)?,
        }
        out.flush()?;
        Ok(keep)
    }

    /// Whether packing makes it smaller.
    fn is_text(&self) -> bool {
        let media = self.headers.iter().find(|(name, _)| *name == "content-type");
        media.is_some_and(|(_, media)| {
            !media.starts_with("image/png") && !media.starts_with("font/")
        })
    }
}

fn write_pieces(
    pieces: Pieces,
    zip: bool,
    chunked: bool,
    out: &mut Outgoing<'_>,
) -> io::Result<()> {
    let mut encoder = zip.then(|| GzEncoder::new(Vec::new(), Compression::new(1)));
    let mut send = |piece: &[u8]| -> io::Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        if chunked {
            write!(out, "{:x}\r\n", piece.len())?;
        }
        out.write_all(piece)?;
        if chunked { out.write_all(b"\r\n") } else { Ok(()) }
    };
    for piece in pieces {
        // An error ends the connection before the end of the answer: the client sees that
        // something is missing.
        let piece = piece?;
        match &mut encoder {
            Some(encoder) => {
                encoder.write_all(&piece)?;
                send(&std::mem::take(encoder.get_mut()))?;
            }
            None => send(&piece)?,
        }
    }
    if let Some(encoder) = encoder {
        send(&encoder.finish()?)?;
    }
    if chunked { out.write_all(b"0\r\n\r\n") } else { Ok(()) }
}

/// What a text is known by.
fn tag(text: &[u8]) -> String {
    let digest = Sha256::digest(text);
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(plain: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    // Memory does not refuse.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default()
}

fn unpacked(gzip: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    GzDecoder::new(gzip).read_to_end(&mut plain)?;
    Ok(plain)
}

/// Whether the client takes gzip.
fn takes_gzip(request: &Request) -> bool {
    let list = request.list("accept-encoding").unwrap_or_default();
    list.split(',').any(|one| {
        let mut parts = one.split(';');
        let name = parts.next().unwrap_or_default().trim();
        let refused = parts.any(|part| {
            let value = part.trim().strip_prefix("q=").map(str::parse::<f32>);
            matches!(value, Some(Ok(q)) if q <= 0.0)
        });
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !refused
    })
}

/// The way out. A client that reads nothing for a time is cut.
pub(super) struct Outgoing<'a> {
    stream: &'a TcpStream,
    buffer: Vec<u8>,
    patience: Duration,
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(stream: &'a TcpStream, patience: Duration) -> Self {
        Self { stream, buffer: Vec::new(), patience }
    }

    /// Sends what is gathered, 64 KB of it within each time of patience.
    fn drain(&mut self) -> io::Result<()> {
        let mut stream = self.stream;
        for part in self.buffer.chunks(64 * 1024) {
            let deadline = Instant::now() + self.patience;
            let mut rest = part;
            while !rest.is_empty() {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                stream.set_write_timeout(Some(left.max(Duration::from_millis(1))))?;
                match stream.write(rest) {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Ok(written) => rest = &rest[written..],
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        }
        self.buffer.clear();
        Ok(())
    }
}

impl Write for Outgoing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= 64 * 1024 {
            self.drain()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.drain()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Error",
    }
}
