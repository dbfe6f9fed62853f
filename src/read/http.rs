//! [`Response`]: what a server answered, as crawlers keep it.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::warc::blank_line;

/// Bytes of all headers of an answer.
const HEADERS: usize = 256 << 10;

/// A page as it was sent, not unpacked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    body: Vec<u8>,
    /// The encoding that the server says the page is in.
    pub(super) charset: Option<String>,
    chunked: bool,
    coding: Option<String>,
}

/// Why the body of an answer cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// More than the limit.
    TooLong,
    /// It is damaged, or packed in a way that we do not know.
    Broken,
}

impl Response {
    /// The page of an answer that has one: a success, of a type that is HTML.
    pub(super) fn of(block: &[u8]) -> Option<Self> {
        let end = blank_line(&block[..block.len().min(HEADERS)])?;
        let (head, body) = block.split_at(end);
        let mut lines = head.split(|byte| *byte == b'\n');
        let status = lines.next()?.strip_prefix(b"HTTP/")?;
        let code = status.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).nth(1)?;
        if code.len() != 3 || code[0] != b'2' {
            return None;
        }
        let mut response = Self { body: Vec::new(), charset: None, chunked: false, coding: None };
        let mut media = None;
        for line in lines {
            let Some(colon) = memchr::memchr(b':', line) else { continue };
            let value =
                || String::from_utf8_lossy(line[colon + 1..].trim_ascii()).to_ascii_lowercase();
            match line[..colon].to_ascii_lowercase().as_slice() {
                b"content-type" => media = Some(value()),
                b"transfer-encoding" => response.chunked = value().contains("chunked"),
                b"content-encoding" => response.coding = Some(value()),
                _ => {}
            }
        }
        // A server that says nothing leaves browsers to look, and us.
        let is_page = match &media {
            Some(media) if !media.is_empty() => media.contains("html"),
            _ => super::Format::of_bytes(body) == super::Format::Html,
        };
        if !is_page {
            return None;
        }
        response.charset = media.as_deref().and_then(charset);
        response.body = body.to_vec();
        Some(response)
    }

    /// How much of it there is.
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    /// The page, without what it was sent in. Crawlers often undo that and keep the headers,
    /// so they are believed only as far as the bytes agree.
    pub(super) fn page(&self, limit: usize) -> Result<Vec<u8>, Unreadable> {
        let whole = self.chunked.then(|| dechunked(&self.body)).flatten();
        let body = whole.as_deref().unwrap_or(&self.body);
        let is_markup = body.trim_ascii_start().starts_with(b"<");
        let unpacked = match self.coding.as_deref() {
            Some("gzip" | "x-gzip") if body.starts_with(b"\x1F\x8B") => {
                bounded(MultiGzDecoder::new(body), limit)
            }
            Some("deflate") if !is_markup => {
                bounded(ZlibDecoder::new(body), limit).or_else(|error| match error {
                    Unreadable::TooLong => Err(error),
                    // What the standard calls deflate, and what some servers send.
                    Unreadable::Broken => bounded(DeflateDecoder::new(body), limit),
                })
            }
            Some("br") if !is_markup => {
                bounded(brotli_decompressor::Decompressor::new(body, 4096), limit)
            }
            Some("zstd") if body.starts_with(b"\x28\xB5\x2F\xFD") => {
                match zstd::stream::read::Decoder::with_buffer(body) {
                    Ok(decoder) => bounded(decoder, limit),
                    Err(_) => Err(Unreadable::Broken),
                }
            }
            _ => Ok(body.to_vec()),
        }?;
        if unpacked.len() > limit { Err(Unreadable::TooLong) } else { Ok(unpacked) }
    }
}

/// What `from` gives, as far as it can be read. What breaks off after something was read is
/// a page that was cut short, as crawlers do with long ones.
fn bounded(from: impl Read, limit: usize) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let read = from.take(limit as u64 + 1).read_to_end(&mut bytes);
    match read {
        _ if bytes.len() > limit => Err(Unreadable::TooLong),
        Err(_) if bytes.is_empty() => Err(Unreadable::Broken),
        _ => Ok(bytes),
    }
}

/// The pieces of a body put together; `None` if it does not begin as such a body does.
fn dechunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut rest = body;
    let mut whole = Vec::with_capacity(body.len());
    let mut begun = false;
    loop {
        let size = memchr::memchr(b'\n', &rest[..rest.len().min(256)]).and_then(|end| {
            let line = rest[..end].split(|byte| *byte == b';').next()?.trim_ascii();
            let size = usize::from_str_radix(std::str::from_utf8(line).ok()?, 16).ok()?;
            Some((size, end + 1))
        });
        match size {
            Some((0, _)) => return Some(whole),
            Some((size, end)) => {
                begun = true;
                rest = &rest[end..];
                let size = size.min(rest.len());
                whole.extend_from_slice(&rest[..size]);
                rest = &rest[size..];
                rest = rest.strip_prefix(b"\r").unwrap_or(rest);
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            None => return begun.then_some(whole),
        }
    }
}

/// The encoding in a media type: `text/html; charset=gbk`.
fn charset(media: &str) -> Option<String> {
    let (_, label) = media.split_once("charset=")?;
    let label = label.split(';').next()?.trim().trim_matches(['"', '\'']);
    (!label.is_empty()).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn response(headers: &str, body: &[u8]) -> Option<Response> {
        Response::of(&[headers.as_bytes(), b"\r\n\r\n", body].concat())
    }

    #[test]
    fn successes_that_are_pages_are_taken() {
        for (headers, charset) in [
            ("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"GBK\"", Some(Some("gbk"))),
            ("HTTP/2 200\r\ncontent-type:application/xhtml+xml", Some(None)),
            ("HTTP/1.1 200 OK\r\nServer: x", Some(None)),
            ("HTTP/1.1 404 Not Found\r\nContent-Type: text/html", None),
            ("HTTP/1.1 200 OK\r\nContent-Type: image/png", None),
            ("nonsense", None),
        ] {
            let found = response(headers, b"<html>").map(|response| response.charset);
            assert_eq!(found, charset.map(|name| name.map(str::to_owned)), "{headers}");
        }
    }

    #[test]
    fn bodies_are_unpacked_as_far_as_their_headers_are_true() {
        let page = "<p>友城</p>".repeat(40).into_bytes();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        gzip.write_all(&page).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut chunks = Vec::new();
        for chunk in page.chunks(100) {
            write!(chunks, "{:x}; name=value\r\n", chunk.len()).unwrap();
            chunks.extend_from_slice(chunk);
            chunks.extend_from_slice(b"\r\n");
        }
        chunks.extend_from_slice(b"0\r\n\r\n");
        let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
        for (headers, body) in [
            ("Content-Encoding: gzip", &gzip),
            ("Content-Encoding: gzip", &page),
            ("Transfer-Encoding: chunked", &chunks),
            ("Transfer-Encoding: chunked", &page),
            ("Content-Encoding: br", &page),
            ("Content-Encoding: identity", &page),
        ] {
            let response = response(&format!("{html}\r\n{headers}"), body).unwrap();
            assert_eq!(response.page(1 << 20).unwrap(), page, "{headers}");
        }
        let packed = response(&format!("{html}\r\nContent-Encoding: gzip"), &gzip).unwrap();
        assert_eq!(packed.page(100), Err(Unreadable::TooLong));
        assert!(
            page.starts_with(
                &response(&format!("{html}\r\nContent-Encoding: gzip"), &gzip[..gzip.len() - 9])
                    .unwrap()
                    .page(1 << 20)
                    .unwrap()
            )
        );
    }
}
