//! Files in UTF-16, made UTF-8 as they are read: lines can then be told by their ends.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// The kind of UTF-16 that a file of JSON begins like, if it is in one.
pub(super) fn encoding(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] | [b'{', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'{', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// The kind of UTF-16 that a file says by its first mark it is in.
pub(super) fn marked(head: &[u8]) -> Option<&'static Encoding> {
    encoding(head).filter(|_| matches!(head, [0xFE | 0xFF, ..]))
}

/// Gives what `inner` has in UTF-8.
pub(super) struct Reader<R> {
    inner: R,
    decoder: Decoder,
    /// What is decoded, and how much of it was given.
    buffer: Box<[u8; ROOM]>,
    given: usize,
    filled: usize,
    done: bool,
}

/// Bytes that are decoded at a time.
const ROOM: usize = 8 << 10;

impl<R: BufRead> Reader<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        let buffer = Box::new([0; ROOM]);
        Self { inner, decoder, buffer, given: 0, filled: 0, done: false }
    }
}

impl<R: BufRead> BufRead for Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.given == self.filled && !self.done {
            let from = self.inner.fill_buf()?;
            let last = from.is_empty();
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(from, &mut self.buffer[..], last);
            self.inner.consume(read);
            (self.given, self.filled) = (0, written);
            self.done = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.buffer[self.given..self.filled])
    }

    fn consume(&mut self, amount: usize) {
        self.given = self.filled.min(self.given + amount);
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(to)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn both_kinds_are_read_with_and_without_a_mark() {
        let text = "{\"text\":\"友城𠮷\"}\r\n{}\n";
        let units = || text.encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            little.clone(),
            big.clone(),
            [b"\xFF\xFE".as_slice(), &little].concat(),
            [b"\xFE\xFF".as_slice(), &big].concat(),
        ] {
            let inner = BufReader::with_capacity(3, bytes.as_slice());
            let mut read = String::new();
            let found = encoding(&bytes).unwrap();
            Reader::new(inner, found).read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
        assert_eq!(encoding("{\"".as_bytes()), None);
    }
}
