//! [`Response`]: what a server answered, as crawlers keep it.

use std::io::{self, Read};

use brotli_decompressor::Decompressor as Brotli;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::warc::blank_line;

/// How often a page may be packed: more is no server's doing.
const CODINGS: usize = 4;
/// What packed bodies begin with.
const GZIP: &[u8] = b"\x1F\x8B";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";

/// A page as it was sent, not unpacked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    body: Vec<u8>,
    /// The encoding that the server says the page is in.
    pub(super) charset: Option<String>,
    chunked: bool,
    /// How it was packed, in the order in which that was done.
    codings: Vec<String>,
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Page(Response),
    /// No page: no success, or of another type.
    Other,
    /// Perhaps a page, but it cannot be told where it begins.
    Broken(&'static str),
}

/// Why the body of an answer cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// More than the limit.
    TooLong,
    /// It is damaged, or packed in a way that we do not know: which, and why.
    Broken(String),
}

/// A page without what it was sent in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) bytes: Vec<u8>,
    /// Whether it ends before its end, as far as how it was sent tells.
    pub(super) is_cut: bool,
}

impl Response {
    /// The page of an answer that has one: a success, of a type that is HTML. What was said
    /// before it, such as `100 Continue`, is passed over.
    pub(super) fn of(mut block: &[u8]) -> Answer {
        loop {
            let Some(status) = block.strip_prefix(b"HTTP/") else { return Answer::Other };
            let line = status.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let code = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).nth(1);
            let kind = match code {
                Some([kind @ (b'1' | b'2'), _, _]) => *kind,
                _ => return Answer::Other,
            };
            let Some(end) = blank_line(block) else {
                return Answer::Broken("the headers of the answer do not end");
            };
            let (head, body) = block.split_at(end);
            let mut response =
                Self { body: Vec::new(), charset: None, chunked: false, codings: Vec::new() };
            let (mut media, mut sent_in) = (None, Vec::new());
            for (name, value) in fields(head) {
                let value = value.to_ascii_lowercase();
                let codings = value.split(',').map(|it| it.trim().to_owned());
                match name.as_str() {
                    "content-type" => media = Some(value),
                    "transfer-encoding" => sent_in.extend(codings),
                    "content-encoding" => response.codings.extend(codings),
                    _ => {}
                }
            }
            // A proxy says by itself that it has reached the server.
            if kind == b'1' || (media.is_none() && body.starts_with(b"HTTP/")) {
                block = body;
                continue;
            }
            // A server that says nothing leaves browsers to look, and us.
            let is_page = match &media {
                Some(media) if !media.is_empty() => media.contains("html"),
                _ => super::Format::of_bytes(body) == super::Format::Html,
            };
            if !is_page {
                return Answer::Other;
            }
            response.chunked = sent_in.iter().any(|it| it == "chunked");
            response.codings.extend(sent_in.into_iter().filter(|it| it != "chunked"));
            response.codings.retain(|it| !matches!(it.as_str(), "" | "identity" | "none"));
            response.charset = media.as_deref().and_then(charset);
            response.body = body.to_vec();
            return Answer::Page(response);
        }
    }

    /// How much of it there is.
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    /// The page, without what it was sent in. Crawlers often undo that and keep the headers,
    /// so they are believed only as far as the bytes agree.
    pub(super) fn page(&self, limit: usize) -> Result<Page, Unreadable> {
        if self.codings.len() > CODINGS {
            let what = format!("packed {} times over", self.codings.len());
            return Err(Unreadable::Broken(what));
        }
        let whole = self.chunked.then(|| dechunked(&self.body)).flatten();
        let mut page = whole.unwrap_or_else(|| Page { bytes: self.body.clone(), is_cut: false });
        for coding in self.codings.iter().rev() {
            if let Some(inner) = unpacked(coding, &page.bytes, limit)? {
                page = Page { bytes: inner.bytes, is_cut: inner.is_cut || page.is_cut };
            }
        }
        if page.bytes.len() > limit { Err(Unreadable::TooLong) } else { Ok(page) }
    }
}

/// The fields of header lines: their names in small letters, and their values. A line that
/// begins with white space goes on with the one before.
pub(super) fn fields(head: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.split(|byte| *byte == b'\n') {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        if let ([b' ' | b'\t', ..], Some((_, value))) = (line, fields.last_mut()) {
            value.push(' ');
            value.push_str(&text(line));
        } else if let Some(colon) = memchr::memchr(b':', line) {
            fields.push((text(&line[..colon]).to_ascii_lowercase(), text(&line[colon + 1..])));
        }
    }
    fields
}

/// Undoes one packing; `None` if the bytes show that a crawler has.
fn unpacked(coding: &str, body: &[u8], limit: usize) -> Result<Option<Page>, Unreadable> {
    let start = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start();
    let is_markup = start.starts_with(b"<");
    let broken = |why: &str| Unreadable::Broken(format!("packed as {coding} and {why}"));
    let page = match coding {
        "gzip" | "x-gzip" if body.starts_with(GZIP) => members(body, limit),
        "zstd" if body.starts_with(ZSTD) => match zstd::stream::read::Decoder::with_buffer(body) {
            Ok(decoder) => bounded(decoder, limit),
            Err(_) => Err(Failed::Damaged),
        },
        "gzip" | "x-gzip" | "zstd" => return Ok(None),
        _ if is_markup => return Ok(None),
        // What the standard calls deflate, or what some servers send.
        "deflate" => match bounded(ZlibDecoder::new(body), limit) {
            Err(Failed::Damaged) => bounded(DeflateDecoder::new(body), limit),
            done => done,
        },
        "br" => bounded(Brotli::new(body.chain(End), 4096), limit),
        // Names that mean nothing stand before text as well.
        _ if is_text(body) => return Ok(None),
        _ => {
            let what = format!("packed as {coding}, which is not known here");
            return Err(Unreadable::Broken(what));
        }
    };
    page.map(Some).map_err(|failed| match failed {
        Failed::TooLong => Unreadable::TooLong,
        Failed::Damaged => broken("damaged"),
    })
}

fn is_text(body: &[u8]) -> bool {
    let head = &body[..body.len().min(1024)];
    memchr::memchr(b'<', head).is_some()
        && !head.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

/// Why something packed gives nothing.
#[derive(Debug, PartialEq, Eq)]
enum Failed {
    TooLong,
    Damaged,
}

/// Gzip members one behind the other. What stands behind them and is none is passed over, as
/// browsers do.
fn members(mut body: &[u8], limit: usize) -> Result<Page, Failed> {
    let mut page = Page { bytes: Vec::new(), is_cut: false };
    while body.starts_with(GZIP) {
        let mut decoder = GzDecoder::new(body);
        let member = match bounded(&mut decoder, limit - page.bytes.len()) {
            Err(Failed::Damaged) if !page.bytes.is_empty() => {
                page.is_cut = true;
                return Ok(page);
            }
            member => member?,
        };
        page.bytes.extend_from_slice(&member.bytes);
        if member.is_cut {
            page.is_cut = true;
            return Ok(page);
        }
        body = decoder.into_inner();
    }
    Ok(page)
}

/// What `from` gives. What breaks off is a page that was cut short, as crawlers do with long
/// ones; what is damaged may be wrong anywhere.
fn bounded(from: impl Read, limit: usize) -> Result<Page, Failed> {
    let mut bytes = Vec::new();
    let read = from.take(limit as u64 + 1).read_to_end(&mut bytes);
    match read {
        _ if bytes.len() > limit => Err(Failed::TooLong),
        Ok(_) => Ok(Page { bytes, is_cut: false }),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Ok(Page { bytes, is_cut: true })
        }
        Err(_) => Err(Failed::Damaged),
    }
}

/// Says that the bytes end: Brotli has one error for that and for damage.
struct End;

impl Read for End {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// The pieces of a body put together; `None` if it does not begin as such a body does.
fn dechunked(body: &[u8]) -> Option<Page> {
    let mut rest = body;
    let mut whole = Page { bytes: Vec::with_capacity(body.len()), is_cut: false };
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
                whole.is_cut = size > rest.len();
                let size = size.min(rest.len());
                whole.bytes.extend_from_slice(&rest[..size]);
                rest = &rest[size..];
                rest = rest.strip_prefix(b"\r").unwrap_or(rest);
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            None => {
                whole.is_cut |= !rest.is_empty();
                return begun.then_some(whole);
            }
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

    fn answer(headers: &str, body: &[u8]) -> Answer {
        Response::of(&[headers.as_bytes(), b"\r\n\r\n", body].concat())
    }

    /// The page of a success with these headers.
    fn page(headers: &str, body: &[u8]) -> Result<Page, Unreadable> {
        let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
        match answer(&[html, headers].concat(), body) {
            Answer::Page(response) => response.page(1 << 20),
            other => panic!("{other:?}"),
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut to = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        to.write_all(bytes).unwrap();
        to.finish().unwrap()
    }

    /// One piece that is not made smaller, and the empty one that ends it all.
    fn brotli(bytes: &[u8]) -> Vec<u8> {
        let head = (u32::try_from(bytes.len()).unwrap() - 1) << 4 | 1 << 20;
        [&head.to_le_bytes()[..3], bytes, b"\x03"].concat()
    }

    #[test]
    fn successes_that_are_pages_are_taken() {
        for (headers, charset) in [
            ("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"GBK\"", Some(Some("gbk"))),
            ("HTTP/2 200\r\ncontent-type:application/xhtml+xml", Some(None)),
            ("HTTP/1.1 200 OK\r\nContent-Type : text/html;\r\n charset=gbk", Some(Some("gbk"))),
            ("HTTP/1.1 200 OK\r\nServer: x", Some(None)),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: x", Some(None)),
            ("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK", Some(None)),
            ("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\nServer: x", Some(None)),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found", None),
            ("HTTP/1.1 404 Not Found\r\nContent-Type: text/html", None),
            ("HTTP/1.1 200 OK\r\nContent-Type: image/png", None),
            ("nonsense", None),
        ] {
            let found = match answer(headers, b"<html>") {
                Answer::Page(response) => Some(response.charset),
                _ => None,
            };
            assert_eq!(found, charset.map(|name| name.map(str::to_owned)), "{headers}");
        }
        let long = format!("HTTP/1.1 200 OK\r\nCookie: {}\r\nServer: x", "x".repeat(2 << 20));
        assert!(matches!(answer(&long, b"<html>"), Answer::Page(_)));
        assert!(matches!(Response::of(b"HTTP/1.1 200 OK\r\nServer: x"), Answer::Broken(_)));
    }

    #[test]
    fn bodies_are_unpacked_as_far_as_their_headers_are_true() {
        let plain = "<p>友城</p>".repeat(40).into_bytes();
        let packed = gzip(&plain);
        let twice = gzip(&packed);
        let halves = [gzip(&plain[..100]), gzip(&plain[100..])].concat();
        let mut chunks = Vec::new();
        for chunk in plain.chunks(100) {
            write!(chunks, "{:x}; name=value\r\n", chunk.len()).unwrap();
            chunks.extend_from_slice(chunk);
            chunks.extend_from_slice(b"\r\n");
        }
        chunks.extend_from_slice(b"0\r\n\r\n");
        let sent = [format!("{:x}\r\n", packed.len()).as_bytes(), &packed, b"\r\n0\r\n"].concat();
        for (headers, body) in [
            ("Content-Encoding: gzip", &packed),
            ("Content-Encoding: x-gzip", &packed),
            ("Content-Encoding: gzip", &plain),
            ("Content-Encoding: gzip, gzip", &twice),
            ("Content-Encoding: gzip\r\nContent-Encoding: gzip", &twice),
            ("Content-Encoding: gzip, gzip", &packed),
            ("Content-Encoding: gzip", &halves),
            ("Content-Encoding: gzip", &[&packed[..], b"behind"].concat()),
            ("Transfer-Encoding: chunked", &chunks),
            ("Transfer-Encoding: chunked", &plain),
            ("Transfer-Encoding: gzip, chunked", &sent),
            ("Content-Encoding: br", &brotli(&plain)),
            ("Content-Encoding: br", &plain),
            ("Content-Encoding: br", &[b"\xEF\xBB\xBF", &plain[..]].concat()),
            ("Content-Encoding: identity", &plain),
            ("Content-Encoding: utf-8", &plain),
        ] {
            let page = page(headers, body).unwrap();
            assert!(page.bytes.ends_with(&plain) && !page.is_cut, "{headers}");
        }
        let Answer::Page(response) = answer(
            "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/html\r\nContent-Encoding: gzip",
            &packed,
        ) else {
            panic!("a page")
        };
        assert_eq!(response.page(100), Err(Unreadable::TooLong));
    }

    #[test]
    fn what_is_cut_off_is_told_from_what_is_damaged() {
        let plain = "<p>友城</p>".repeat(4000).into_bytes();
        let brotli = brotli(&plain);
        let zstd = zstd::stream::encode_all(plain.as_slice(), 1).unwrap();
        let packed = gzip(&plain);
        let chunked = [format!("{:x}\r\n", plain.len()).as_bytes(), &plain].concat();
        for (headers, body) in [
            ("Content-Encoding: gzip", &packed[..]),
            ("Content-Encoding: br", &brotli),
            ("Content-Encoding: zstd", &zstd),
            ("Transfer-Encoding: chunked", &chunked),
        ] {
            let page = page(headers, &body[..body.len() - 4]).unwrap();
            assert!(page.is_cut && plain.starts_with(&page.bytes), "{headers}");
        }
        let mut wrong = packed.clone();
        let end = wrong.len();
        wrong[end - 6] ^= 1;
        for (headers, body, said) in [
            ("Content-Encoding: gzip", &wrong, "packed as gzip and damaged"),
            ("Content-Encoding: deflate", &packed, "packed as deflate and damaged"),
            ("Content-Encoding: compress", &packed, "packed as compress, which is not known here"),
            ("Content-Encoding: gzip, gzip, gzip, gzip, gzip", &packed, "packed 5 times over"),
        ] {
            assert_eq!(page(headers, body), Err(Unreadable::Broken(said.to_owned())));
        }
    }
}
