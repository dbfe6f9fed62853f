//! [`Stream`]: the bytes of a file, unpacked as they are read, and where they stand in it.

use std::{
    fmt,
    io::{self, BufRead, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::codec::{Codec, Packing, Step};

/// Bytes that are read, and unpacked, at a time.
const ROOM: usize = 64 << 10;
/// How often a file may break before the rest of it is given up.
const BREAKS: usize = 100;

/// How many bytes of files were read so far, packed as they are.
#[derive(Debug, Default)]
pub struct Meter(AtomicU64);

impl Meter {
    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Packed data that breaks off or is damaged. What stood before it was given, unless all of
/// it is known to be wrong; reading on gives what can be read behind it.
#[derive(Debug)]
pub(super) struct Break {
    packing: Packing,
    /// Where in the file.
    offset: u64,
    what: String,
    harm: Harm,
    /// Whether the rest of the file is not looked at.
    last: bool,
}

/// What a break means for what stood before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    /// Nothing that is known.
    None,
    /// The piece that begins there does not fit its checksum, and may be wrong anywhere.
    Doubt { piece: u64 },
    /// The same, but nothing of it was given yet, and nothing is.
    Refused { piece: u64 },
}

impl Break {
    /// Where the piece begins of which something was given that may be wrong.
    pub(super) fn doubted(&self) -> Option<u64> {
        match self.harm {
            Harm::Doubt { piece } => Some(piece),
            Harm::None | Harm::Refused { .. } => None,
        }
    }

    /// What an error of a stream says of this kind, if it does.
    pub(super) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref().and_then(|error| error.downcast_ref())
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { packing, offset, what, harm, last } = self;
        write!(f, "the {} data breaks at byte {offset} ({what}); ", packing.name())?;
        match harm {
            Harm::None => write!(f, "what stands before was read"),
            Harm::Doubt { piece } => {
                write!(f, "what was read from byte {piece} on may be damaged as well")
            }
            Harm::Refused { piece } => {
                write!(f, "nothing was read of the piece that begins at byte {piece}")
            }
        }?;
        if *last {
            write!(f, "; the file broke {BREAKS} times, and the rest of it is given up")?;
        }
        Ok(())
    }
}

impl std::error::Error for Break {}

/// Where a packed file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Between,
    Within,
    /// Behind damage, looking for the next piece.
    Lost,
    Done,
}

/// A file, plain or packed.
pub(super) struct Stream {
    raw: Box<dyn Read + Send>,
    meter: Arc<Meter>,
    /// What was read: `input[from..to]` is still to be used, and stands at `position`.
    input: Box<[u8]>,
    from: usize,
    to: usize,
    position: u64,
    packed: Option<Packed>,
}

struct Packed {
    packing: Packing,
    codec: Codec,
    state: State,
    /// Where the piece begins that is being read, and whether it has given something.
    piece: u64,
    begun: bool,
    output: Box<[u8]>,
    given: usize,
    filled: usize,
    /// Said when what stands before it was given.
    broken: Option<Break>,
    breaks: usize,
}

impl Stream {
    /// Reads `raw`, unpacked if its first bytes say that it is packed.
    pub(super) fn new(raw: Box<dyn Read + Send>, meter: Arc<Meter>) -> io::Result<Self> {
        let input = vec![0; ROOM].into_boxed_slice();
        let mut stream = Self { raw, meter, input, from: 0, to: 0, position: 0, packed: None };
        stream.ensure(8)?;
        let packing = Packing::of_bytes(&stream.input[..stream.to]);
        stream.packed = packing.map(|packing| Packed {
            packing,
            codec: Codec::new(packing),
            state: State::Between,
            piece: 0,
            begun: false,
            output: vec![0; ROOM].into_boxed_slice(),
            given: 0,
            filled: 0,
            broken: None,
            breaks: 0,
        });
        Ok(stream)
    }

    /// Where the bytes that come next stand in the file; packed ones, where their piece does.
    pub(super) fn offset(&self) -> u64 {
        self.packed.as_ref().map_or(self.position, |packed| packed.piece)
    }

    pub(super) fn is_packed(&self) -> bool {
        self.packed.is_some()
    }

    /// Reads until there are `least` bytes of input, or no more.
    fn ensure(&mut self, least: usize) -> io::Result<()> {
        while self.to - self.from < least {
            if self.from > 0 {
                self.input.copy_within(self.from..self.to, 0);
                self.to -= self.from;
                self.from = 0;
            }
            match self.raw.read(&mut self.input[self.to..]) {
                Ok(0) => return Ok(()),
                Ok(read) => {
                    self.to += read;
                    self.meter.add(read as u64);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn skip(&mut self, bytes: usize) {
        self.from += bytes;
        self.position += bytes as u64;
    }

    /// What comes next, as far as it is there at once. Where it breaks instead is left to be
    /// said to whom reads on.
    pub(super) fn first(&mut self) -> io::Result<&[u8]> {
        self.fill()?;
        Ok(match &self.packed {
            Some(packed) => &packed.output[packed.given..packed.filled],
            None => &self.input[self.from..self.to],
        })
    }

    fn fill(&mut self) -> io::Result<()> {
        let Some(mut packed) = self.packed.take() else { return self.ensure(1) };
        let result = self.unpack(&mut packed);
        self.packed = Some(packed);
        result
    }

    /// Unpacks until there is something to give or to say, or nothing is left.
    fn unpack(&mut self, packed: &mut Packed) -> io::Result<()> {
        while packed.given == packed.filled && packed.broken.is_none() {
            match packed.state {
                State::Done => return Ok(()),
                State::Between => self.begin(packed)?,
                State::Within => self.step(packed)?,
                State::Lost => self.find(packed)?,
            }
        }
        Ok(())
    }

    /// The next piece, or the end. Tapes and old programs pad with zeros.
    fn begin(&mut self, packed: &mut Packed) -> io::Result<()> {
        self.ensure(8)?;
        let head = &self.input[self.from..self.to];
        let zeros = head.iter().take_while(|byte| **byte == 0).count();
        if head.is_empty() {
            packed.state = State::Done;
        } else if zeros > 0 {
            self.skip(zeros);
        } else if packed.packing.begins(head) {
            (packed.piece, packed.begun) = (self.position, false);
            packed.codec.restart();
            packed.state = State::Within;
        } else {
            self.breaks(packed, "something else follows".to_owned(), Harm::None);
        }
        Ok(())
    }

    fn step(&mut self, packed: &mut Packed) -> io::Result<()> {
        self.ensure(1)?;
        let input = &self.input[self.from..self.to];
        let (read, written, step) = packed.codec.step(input, &mut packed.output);
        let at_end = input.is_empty();
        self.skip(read);
        (packed.given, packed.filled) = (0, written);
        match step {
            Step::Ends => packed.state = State::Between,
            Step::Broken(what) => self.breaks(packed, what, Harm::None),
            Step::Wrong(what) => {
                let piece = packed.piece;
                let mut harm = Harm::Doubt { piece };
                if !packed.begun {
                    packed.filled = 0;
                    harm = Harm::Refused { piece };
                }
                self.breaks(packed, what, harm);
            }
            Step::Goes if at_end && written == 0 => {
                self.breaks(packed, "the file ends in the middle".to_owned(), Harm::None);
            }
            // Neither read nor written, with room for both: it would go on for ever.
            Step::Goes if read == 0 && written == 0 => {
                self.breaks(packed, "no progress".to_owned(), Harm::None);
            }
            Step::Goes => {}
        }
        packed.begun |= packed.filled > 0;
        Ok(())
    }

    fn breaks(&mut self, packed: &mut Packed, what: String, harm: Harm) {
        packed.breaks += 1;
        let (packing, offset, last) = (packed.packing, self.position, packed.breaks == BREAKS);
        packed.broken = Some(Break { packing, offset, what, harm, last });
        packed.state = if last { State::Done } else { State::Lost };
    }

    /// Looks for the beginning of another piece, behind where it broke.
    fn find(&mut self, packed: &mut Packed) -> io::Result<()> {
        if self.position == packed.piece {
            self.skip(1.min(self.to - self.from));
        }
        loop {
            self.ensure(8)?;
            let head = &self.input[self.from..self.to];
            let magic = packed.packing.magic();
            match memchr::memmem::find(head, magic) {
                Some(0) if packed.packing.begins(head) => {
                    packed.state = State::Between;
                    return Ok(());
                }
                Some(0) => self.skip(1),
                Some(at) => self.skip(at),
                None if head.len() < 8 => {
                    self.skip(head.len());
                    packed.state = State::Done;
                    return Ok(());
                }
                None => self.skip(head.len() - (magic.len() - 1)),
            }
        }
    }
}

impl BufRead for Stream {
    /// What comes next: of packed files, never more than one piece holds.
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill()?;
        if let Some(packed) = &mut self.packed
            && packed.given == packed.filled
            && let Some(broken) = packed.broken.take()
        {
            return Err(io::Error::new(io::ErrorKind::InvalidData, broken));
        }
        self.first()
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.packed {
            Some(packed) => packed.given = packed.filled.min(packed.given + amount),
            None => self.skip(amount.min(self.to - self.from)),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(to)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(packing: Packing, bytes: &[u8]) -> Vec<u8> {
        match packing {
            Packing::Gzip => {
                let mut to = flate2::write::GzEncoder::new(Vec::new(), Default::default());
                to.write_all(bytes).unwrap();
                to.finish().unwrap()
            }
            Packing::Zstd => zstd::stream::encode_all(bytes, 1).unwrap(),
            Packing::Bzip2 => {
                let mut to = bzip2::write::BzEncoder::new(Vec::new(), Default::default());
                to.write_all(bytes).unwrap();
                to.finish().unwrap()
            }
        }
    }

    /// Everything that comes, and how often it breaks.
    fn all(bytes: &[u8]) -> (Vec<u8>, Vec<String>) {
        let raw = Box::new(io::Cursor::new(bytes.to_vec()));
        let mut stream = Stream::new(raw, Arc::default()).unwrap();
        let (mut found, mut breaks) = (Vec::new(), Vec::new());
        loop {
            match stream.read_to_end(&mut found) {
                Ok(_) => return (found, breaks),
                Err(error) => breaks.push(error.to_string()),
            }
        }
    }

    #[test]
    fn pieces_come_one_behind_the_other() {
        let (one, two) = ("友城".repeat(50_000).into_bytes(), b"two".to_vec());
        for packing in Packing::ALL {
            let file =
                [packed(packing, &one), packed(packing, b""), packed(packing, &two)].concat();
            assert_eq!(all(&file), ([one.clone(), two.clone()].concat(), vec![]), "{packing:?}");
            let padded = [file, vec![0; 700]].concat();
            assert_eq!(all(&padded).1, Vec::<String>::new(), "{packing:?}");
        }
        assert_eq!(all(b"BZh is not bzip2"), (b"BZh is not bzip2".to_vec(), vec![]));
        assert_eq!(all(b""), (vec![], vec![]));
    }

    #[test]
    fn what_stands_before_and_behind_damage_is_given_and_the_damage_said() {
        let text: Vec<u8> =
            (0..400_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for packing in Packing::ALL {
            let one = packed(packing, &text);
            let cut = &one[..one.len() / 2];
            let (found, breaks) = all(cut);
            assert!(text.starts_with(&found) && found.len() > text.len() / 8, "{packing:?}");
            let said = format!("breaks at byte {} (the file ends in the middle)", cut.len());
            assert!(breaks.len() == 1 && breaks[0].contains(&said), "{packing:?} {breaks:?}");

            let mut damaged = one.clone();
            let middle = damaged.len() / 2;
            damaged[middle..middle + 64].fill(0xFF);
            let file = [damaged, packed(packing, b"behind")].concat();
            let (found, breaks) = all(&file);
            assert!(found.ends_with(b"behind"), "{packing:?} {breaks:?}");
            // What cannot be made smaller stands in zstd as it is, and has no sum to check.
            assert!(packing == Packing::Zstd || !breaks.is_empty(), "{packing:?}");
        }
    }
}
