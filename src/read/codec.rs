//! [`Codec`]: one packed piece unpacked, a buffer at a time. Gzip calls such a piece a
//! member, zstd a frame, bzip2 a stream; a file may hold many, one behind the other.

use bzip2::Decompress as Bunzip;
use flate2::{Decompress as Inflate, FlushDecompress, Status};
use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, get_error_name};

/// The ways to pack files that are unpacked as they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
    Bzip2,
}

/// How much zstd may look back, as a power of two: what its own tool allows. It is the
/// memory that unpacking takes.
const ZSTD_WINDOW: u32 = 27;

impl Packing {
    pub(super) const ALL: [Self; 3] = [Self::Gzip, Self::Zstd, Self::Bzip2];

    /// What its pieces begin with.
    pub(super) fn magic(self) -> &'static [u8] {
        match self {
            Self::Gzip => b"\x1F\x8B\x08",
            Self::Zstd => b"\x28\xB5\x2F\xFD",
            Self::Bzip2 => b"BZh",
        }
    }

    /// How files that begin like `head` are packed, if they are.
    pub(super) fn of_bytes(head: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|packing| packing.begins(head))
    }

    /// Whether a piece may begin so. More is asked than the magic number, which text may
    /// begin with by chance.
    pub(super) fn begins(self, head: &[u8]) -> bool {
        let Some(rest) = head.strip_prefix(self.magic()) else { return false };
        match self {
            Self::Gzip => rest.first().is_none_or(|flags| flags & 0xE0 == 0),
            Self::Zstd => true,
            Self::Bzip2 => {
                let block = |magic: &[u8]| {
                    rest.get(1..).is_some_and(|rest| {
                        !rest.is_empty() && magic.starts_with(&rest[..rest.len().min(magic.len())])
                    })
                };
                rest.first().is_some_and(|level| (b'1'..=b'9').contains(level))
                    && (block(b"1AY&SY") || block(b"\x17\x72\x45\x38\x50\x90"))
            }
        }
    }

    /// The extension of such files.
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "gz" | "gzip" => Some(Self::Gzip),
            "zst" | "zstd" => Some(Self::Zstd),
            "bz2" => Some(Self::Bzip2),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
        }
    }
}

/// What one step came to.
pub(super) enum Step {
    /// There may be more.
    Goes,
    /// The piece is complete.
    Ends,
    /// It is damaged.
    Broken(String),
    /// All of it was unpacked, and it is not what was packed: its checksum is another.
    Wrong(String),
}

/// Unpacks one piece.
pub(super) enum Codec {
    Gzip(Box<Inflate>),
    Zstd(DCtx<'static>),
    Bzip2(Bunzip),
}

impl Codec {
    pub(super) fn new(packing: Packing) -> Self {
        match packing {
            Packing::Gzip => Self::Gzip(Box::new(Inflate::new_gzip(15))),
            Packing::Zstd => {
                let mut context = DCtx::create();
                // Refused only for numbers that zstd does not know.
                let _ = context.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW));
                Self::Zstd(context)
            }
            Packing::Bzip2 => Self::Bzip2(Bunzip::new(false)),
        }
    }

    /// Makes ready for the next piece.
    pub(super) fn restart(&mut self) {
        match self {
            Self::Gzip(_) => *self = Self::new(Packing::Gzip),
            Self::Zstd(context) => {
                let _ = context.reset(ResetDirective::SessionOnly);
            }
            Self::Bzip2(_) => *self = Self::new(Packing::Bzip2),
        }
    }

    /// Unpacks some of `input` into `output`. Says how much of each it used.
    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> (usize, usize, Step) {
        let used = |before: u64, now: u64| usize::try_from(now - before).unwrap_or(0);
        match self {
            Self::Gzip(inflate) => {
                let (read, written) = (inflate.total_in(), inflate.total_out());
                let step = match inflate.decompress(input, output, FlushDecompress::None) {
                    Ok(Status::StreamEnd) => Step::Ends,
                    Ok(_) => Step::Goes,
                    Err(error) => match error.message() {
                        Some(what) if what.ends_with(" check") && !what.contains("header") => {
                            Step::Wrong(what.to_owned())
                        }
                        // What was wrong was known before, and is no longer told.
                        Some("repeated call with bad state") | None => {
                            Step::Broken("what it says cannot be".to_owned())
                        }
                        Some(what) => Step::Broken(what.to_owned()),
                    },
                };
                (used(read, inflate.total_in()), used(written, inflate.total_out()), step)
            }
            Self::Zstd(context) => {
                let mut from = InBuffer::around(input);
                let mut to = OutBuffer::around(output);
                let step = match context.decompress_stream(&mut to, &mut from) {
                    Ok(0) => Step::Ends,
                    Ok(_) => Step::Goes,
                    Err(code) => match get_error_name(code) {
                        what if what.contains("checksum") => Step::Wrong(what.to_owned()),
                        what => Step::Broken(what.to_owned()),
                    },
                };
                (from.pos(), to.pos(), step)
            }
            Self::Bzip2(bunzip) => {
                let (read, written) = (bunzip.total_in(), bunzip.total_out());
                let step = match bunzip.decompress(input, output) {
                    Ok(bzip2::Status::StreamEnd) => Step::Ends,
                    Ok(bzip2::Status::MemNeeded) => Step::Broken("no memory".to_owned()),
                    Ok(_) => Step::Goes,
                    // A block is unpacked before it gives anything.
                    Err(error) if bunzip.total_out() > 0 => Step::Wrong(error.to_string()),
                    Err(error) => Step::Broken(error.to_string()),
                };
                (used(read, bunzip.total_in()), used(written, bunzip.total_out()), step)
            }
        }
    }
}
