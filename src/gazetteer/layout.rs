//! How the compiled tables lie in their image: shared by what writes it (`build.rs`, through
//! `compile.rs`) and what reads it.
//!
//! The image is a head (eight bytes that name the format, then start and length of every
//! section) and the sections. All numbers are little-endian. A string is an offset into the
//! section of texts and a length.

/// The first bytes of an image.
pub(super) const MAGIC: &[u8; 8] = b"youcgaz2";

/// The sections, in their order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Section {
    /// A bit for each pair of characters that a name may begin with, eight for each bucket.
    Pairs,
    /// Where the entries of each bucket begin, and one more where they end: four bytes each.
    Buckets,
    /// The names of two and more characters by the pair that they begin with, bucket by bucket,
    /// and in each the longest of a pair first: [`ENTRY`] bytes each.
    Entries,
    /// The names of one character, sorted: [`PAIR`] bytes each.
    Alone,
    /// The names, sorted: [`NAME`] bytes each, with one more at the end that only says where
    /// the senses end.
    Names,
    /// What they stand for, name by name: four bytes each.
    Senses,
    /// The places, sorted by id: [`ROW`] bytes each.
    Rows,
    /// The characters that stand for countries: [`PAIR`] bytes each.
    Abbreviations,
    /// The characters of transliterations with their counts, sorted: [`PAIR`] bytes each.
    Transliteration,
    /// All strings.
    Texts,
}

/// How many sections there are.
pub(super) const SECTIONS: usize = Section::Texts as usize + 1;
/// Bytes of the head.
pub(super) const HEAD: usize = MAGIC.len() + SECTIONS * 8;

/// Bytes of a name: text (4), where its senses begin (4), length (1), whether it is a common
/// word (1), nothing (2).
pub(super) const NAME: usize = 12;
/// Bytes of a pair: a character (4), and a count, a name's number (4) or a country's letters (2).
pub(super) const PAIR: usize = 8;

/// Bytes of an entry: the first two characters of a name (2 each), the next two (2 each, 0 for
/// none), and its number (4).
pub(super) const ENTRY: usize = 12;
/// In the number of an entry: there is more of the name than its characters say.
pub(super) const IS_LONGER: u32 = 1 << 31;
/// How an entry writes a character beyond the basic plane.
pub(super) const BEYOND: usize = 0xffff;

/// What tells pairs of characters apart: its highest bits name a bucket, those and the three
/// after them the bit of the pair.
#[inline]
pub(super) fn hash(first: usize, second: usize) -> u32 {
    ((first << 16 | second) as u32).wrapping_mul(0x9E37_79B1)
}

/// Bytes of a place.
pub(super) const ROW: usize = 64;
/// Where the offsets of its strings stand: id, name, Latin name, ISO code, GB code, Wikidata.
pub(super) const ROW_TEXTS: usize = 0;
/// Where their lengths stand, one byte each.
pub(super) const ROW_LENGTHS: usize = 24;
/// How many strings a place has.
pub(super) const STRINGS: usize = 6;
/// Where the two letters of the country stand.
pub(super) const ROW_COUNTRY: usize = 30;
/// Where the number of the parent stands; [`NONE`] without one.
pub(super) const ROW_PARENT: usize = 32;
/// Where the GeoNames id stands; 0 without one.
pub(super) const ROW_GEONAMES: usize = 36;
/// Where the population stands; 0 when unknown.
pub(super) const ROW_POPULATION: usize = 40;
/// Where the level stands, as a number of [`LEVELS`].
pub(super) const ROW_LEVEL: usize = 44;
/// Where it stands whether there is a position.
pub(super) const ROW_HAS_POSITION: usize = 45;
/// Where latitude and longitude stand.
pub(super) const ROW_POSITION: usize = 48;

/// No row.
pub(super) const NONE: u32 = u32::MAX;

/// The levels as the tables write them; several may mean the same.
pub(super) const LEVELS: [&str; 10] = [
    "country",
    "province",
    "prefecture",
    "county",
    "adm2",
    "district",
    "city",
    "town",
    "island",
    "",
];

/// The kinds of names as the tables write them.
pub(super) const KINDS: [&str; 7] =
    ["full", "taiwan", "constituent", "news", "short", "alias", "former"];

/// In a sense: it is a country, by its two letters.
pub(super) const SENSE_COUNTRY: u32 = 1 << 31;
/// In a sense: by how many bits the kind is shifted.
pub(super) const SENSE_KIND: u32 = 28;
/// In a sense: the row or the letters.
pub(super) const SENSE_OF: u32 = (1 << SENSE_KIND) - 1;

/// A name is an ordinary word as well.
pub(super) const COMMON_WORD: u8 = 1;
/// A name is a person's name as well.
pub(super) const COMMON_PERSON: u8 = 2;
