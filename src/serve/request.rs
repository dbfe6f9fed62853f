//! [`Request`]: what a client asks, read within limits of size and time.

use std::{
    io::{self, Read, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use super::{Limits, problem::Problem};

/// More headers than any client sends.
const HEADERS: usize = 100;

/// The methods that anything here understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
    Post,
    Options,
    Other,
}

/// A request, read.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// The path, its percent signs decoded.
    pub(super) path: String,
    /// What stands behind the `?`, as it was sent.
    pub(super) query: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    length: Length,
    /// Whether the client speaks HTTP/1.1.
    pub(super) modern: bool,
    /// Who asks, to see whether it still waits.
    pub(super) client: Option<TcpStream>,
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Known(u64),
    Chunked,
}

impl Request {
    /// The value of a header that is sent once.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a header, as one list.
    pub(super) fn list(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The media type of the body and its character set.
    pub(super) fn content_type(&self) -> Option<(String, Option<String>)> {
        let mut parts = self.header("content-type")?.split(';');
        let media = parts.next()?.trim().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            (name.trim().eq_ignore_ascii_case("charset"))
                .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
        });
        Some((media, charset))
    }

    /// Whether the client wants to ask more on the same connection.
    pub(super) fn keeps_alive(&self) -> bool {
        let connection = self.header("connection").unwrap_or_default().to_ascii_lowercase();
        self.modern && !connection.split(',').any(|token| token.trim() == "close")
    }

    /// The parameters of the address.
    pub(super) fn parameters(&self) -> Result<Vec<(String, String)>, Problem> {
        form(self.query.as_bytes())
    }
}

/// A connection from which requests are read one by one.
pub(super) struct Incoming<'a> {
    stream: &'a TcpStream,
    limits: &'a Limits,
    buffer: Vec<u8>,
}

/// Why there is no request.
pub(super) enum Refusal {
    /// The client is gone or has nothing to ask.
    Gone,
    /// The client should be told.
    Told(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Told(problem)
    }
}

impl<'a> Incoming<'a> {
    pub(super) fn new(stream: &'a TcpStream, limits: &'a Limits) -> Self {
        Self { stream, limits, buffer: Vec::new() }
    }

    /// The next request, all but its body.
    pub(super) fn head(&mut self) -> Result<Request, Refusal> {
        // A connection may rest; a request, once begun, must come to its end.
        let mut deadline = None;
        loop {
            if self.buffer.is_empty() {
                match self.fill(Instant::now() + self.limits.idle) {
                    Ok(0) | Err(_) => return Err(Refusal::Gone),
                    Ok(_) => {}
                }
            }
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + self.limits.patience);
            if let Some(request) = self.parse()? {
                return Ok(request);
            }
            if self.buffer.len() > self.limits.header {
                let kb = self.limits.header / 1024;
                return Err(Problem::new(
                    431,
                    format!("the request line and headers exceed {kb} KB"),
                )
                .hint("send a long query as the body of a POST")
                .into());
            }
            match self.fill(deadline) {
                Ok(0) => return Err(Refusal::Gone),
                Ok(_) => {}
                Err(error) if is_timeout(&error) => {
                    return Err(Problem::new(408, "the request did not come in time").into());
                }
                Err(_) => return Err(Refusal::Gone),
            }
        }
    }

    /// The head in the buffer, if it is whole; what follows it stays there.
    fn parse(&mut self) -> Result<Option<Request>, Problem> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let end = match parsed.parse(&self.buffer) {
            Ok(httparse::Status::Complete(end)) => end,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(Problem::new(431, format!("more than {HEADERS} headers")));
            }
            Err(error) => return Err(Problem::bad(format!("this is not HTTP: {error}"))),
        };
        if end > self.limits.header {
            return Err(Problem::new(431, "the request line and headers are too long"));
        }
        let method = match parsed.method.unwrap_or_default() {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "POST" => Method::Post,
            "OPTIONS" => Method::Options,
            _ => Method::Other,
        };
        let target = parsed.path.unwrap_or_default();
        let modern = parsed.version == Some(1);
        let mut request = Request {
            method,
            path: String::new(),
            query: String::new(),
            headers: Vec::with_capacity(parsed.headers.len()),
            body: Vec::new(),
            length: Length::Known(0),
            modern,
            client: None,
        };
        for header in parsed.headers.iter() {
            let value = String::from_utf8_lossy(header.value).trim().to_owned();
            request.headers.push((header.name.to_ascii_lowercase(), value));
        }
        // The absolute form names a host of its own, which counts.
        let origin = match target.strip_prefix("http://") {
            Some(rest) => {
                let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                request.headers.retain(|(name, _)| name != "host");
                request.headers.push(("host".to_owned(), host.to_owned()));
                if path.is_empty() { "/" } else { path }
            }
            None => target,
        };
        let (path, query) = origin.split_once('?').unwrap_or((origin, ""));
        request.path = decoded(path.as_bytes(), false)
            .ok_or_else(|| Problem::bad("the path of the address is not UTF-8"))?;
        query.split('#').next().unwrap_or_default().clone_into(&mut request.query);
        request.length = length(&request)?;
        self.buffer.drain(..end);
        Ok(Some(request))
    }

    /// Reads the body.
    pub(super) fn body(&mut self, request: &mut Request) -> Result<(), Refusal> {
        let limit = self.limits.body;
        let too_large = || Problem::new(413, format!("the body exceeds {} KB", limit / 1024));
        let deadline = Instant::now() + self.limits.patience * 2;
        if request.length == Length::Known(0) {
            return Ok(());
        }
        if let Length::Known(length) = request.length
            && length > limit as u64
        {
            return Err(too_large().into());
        }
        if request.header("expect").is_some_and(|it| it.eq_ignore_ascii_case("100-continue")) {
            let mut stream = self.stream;
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(|_| Refusal::Gone)?;
        }
        match request.length {
            Length::Known(length) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                request.body = self.exactly(length, deadline)?;
            }
            Length::Chunked => loop {
                let line = self.line(deadline)?;
                let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(&line)
                else {
                    return Err(Problem::bad("a chunk of the body has no size").into());
                };
                if size == 0 {
                    // Trailers say nothing here.
                    while self.line(deadline)? != b"\r\n" {}
                    break;
                }
                if size > limit as u64 || request.body.len() as u64 + size > limit as u64 {
                    return Err(too_large().into());
                }
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                request.body.extend(self.exactly(size, deadline)?);
                if self.exactly(2, deadline)? != b"\r\n" {
                    return Err(Problem::bad("a chunk of the body is longer than it says").into());
                }
            },
        }
        Ok(())
    }

    fn exactly(&mut self, length: usize, deadline: Instant) -> Result<Vec<u8>, Refusal> {
        while self.buffer.len() < length {
            self.more(deadline)?;
        }
        let rest = self.buffer.split_off(length);
        Ok(std::mem::replace(&mut self.buffer, rest))
    }

    fn line(&mut self, deadline: Instant) -> Result<Vec<u8>, Refusal> {
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer) {
                let rest = self.buffer.split_off(at + 1);
                return Ok(std::mem::replace(&mut self.buffer, rest));
            }
            if self.buffer.len() > 1024 {
                return Err(Problem::bad("a chunk of the body has no size").into());
            }
            self.more(deadline)?;
        }
    }

    fn more(&mut self, deadline: Instant) -> Result<(), Refusal> {
        match self.fill(deadline) {
            Ok(0) => Err(Refusal::Gone),
            Ok(_) => Ok(()),
            Err(error) if is_timeout(&error) => {
                Err(Problem::new(408, "the body did not come in time").into())
            }
            Err(_) => Err(Refusal::Gone),
        }
    }

    /// Reads what there is, waiting for it until `deadline`.
    fn fill(&mut self, deadline: Instant) -> io::Result<usize> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        let mut piece = [0; 16 * 1024];
        let mut stream = self.stream;
        let read = stream.read(&mut piece)?;
        self.buffer.extend_from_slice(&piece[..read]);
        Ok(read)
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

/// How long the body is. What two programs may understand in two ways is refused.
fn length(request: &Request) -> Result<Length, Problem> {
    let all = |name: &str| {
        request
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
            .collect::<Vec<_>>()
    };
    match (all("content-length").as_slice(), all("transfer-encoding").as_slice()) {
        ([], []) => Ok(Length::Known(0)),
        ([length], []) if !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(Length::Known(length.parse().unwrap_or(u64::MAX)))
        }
        ([], [coding]) if coding.eq_ignore_ascii_case("chunked") => Ok(Length::Chunked),
        ([], [_]) => Err(Problem::new(501, "only chunked bodies are understood")),
        _ => Err(Problem::bad("the length of the body is not clear")),
    }
}

/// Parameters as addresses and forms write them.
pub(super) fn form(text: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let wrong = || Problem::bad("a parameter is not UTF-8");
    text.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = memchr::memchr(b'=', pair).unwrap_or(pair.len());
            let value = pair.get(at + 1..).unwrap_or_default();
            Ok((
                decoded(&pair[..at], true).ok_or_else(wrong)?,
                decoded(value, true).ok_or_else(wrong)?,
            ))
        })
        .collect()
}

/// Text without its percent signs; a sign that begins nothing stays.
fn decoded(text: &[u8], plus: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'%', [high, low, after @ ..]) if digit(*high).is_some() && digit(*low).is_some() => {
                let value = digit(*high)? * 16 + digit(*low)?;
                bytes.push(u8::try_from(value).ok()?);
                rest = after;
            }
            (b'+', _) if plus => bytes.push(b' '),
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_forms_write_them() {
        let pairs = form("q=%E8%81%8A+%25&q=a%2Bb&flag&=x&bad=%zz".as_bytes()).unwrap();
        let pairs: Vec<_> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("q", "聊 %"), ("q", "a+b"), ("flag", ""), ("", "x"), ("bad", "%zz")]);
        assert!(form(b"q=%ff").is_err());
    }
}
