//! [`Image`]: the compiled tables as they lie in memory, read where they are.
//!
//! Nothing is parsed and nothing is copied. Every read is within bounds,
//! whatever the bytes are: an image that is not one is refused, and an offset that leads
//! nowhere reads as nothing.

use super::{
    index::Index,
    layout::{
        COMMON_PERSON, COMMON_WORD, HEAD, MAGIC, NAME, PAIR, ROW, SECTIONS, SENSE_COUNTRY,
        SENSE_KIND, SENSE_OF, Section,
    },
    name::{Common, NameKind, Sense},
    row::Row,
};
use crate::place::CountryCode;

/// The sections of an image.
#[derive(Clone, Copy)]
pub(super) struct Image<'i> {
    names: &'i [[u8; NAME]],
    senses: &'i [[u8; 4]],
    rows: &'i [[u8; ROW]],
    abbreviations: &'i [[u8; PAIR]],
    transliteration: &'i [[u8; PAIR]],
    texts: &'i [u8],
}

/// So many bytes of the texts; nothing beyond their end.
pub(super) fn bytes_at(texts: &[u8], start: usize, bytes: u8) -> &[u8] {
    texts.get(start..start + usize::from(bytes)).unwrap_or_default()
}

/// Four bytes of a record as a number; 0 beyond its end.
pub(super) fn u32_at(record: &[u8], at: usize) -> u32 {
    record.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

impl<'i> Image<'i> {
    /// The sections of an image, and what finds its names.
    ///
    /// # Errors
    ///
    /// What is wrong with the bytes.
    pub(super) fn new(bytes: &'i [u8]) -> Result<(Self, Index<'i>), &'static str> {
        if bytes.len() < HEAD || !bytes.starts_with(MAGIC) {
            return Err("the image of the gazetteer has another format");
        }
        let mut sections: [&[u8]; SECTIONS] = [&[]; SECTIONS];
        for (n, section) in sections.iter_mut().enumerate() {
            let at = MAGIC.len() + 8 * n;
            let (start, len) = (u32_at(bytes, at) as usize, u32_at(bytes, at + 4) as usize);
            *section = start
                .checked_add(len)
                .and_then(|end| bytes.get(start..end))
                .ok_or("the image of the gazetteer is cut off")?;
        }
        let section = |which: Section| sections[which as usize];
        let index = Index::new(
            section(Section::Pairs),
            section(Section::Buckets).as_chunks().0,
            section(Section::Entries).as_chunks().0,
            section(Section::Alone).as_chunks().0,
        )
        .ok_or("the image of the gazetteer has a broken index")?;
        let image = Self {
            names: section(Section::Names).as_chunks().0,
            senses: section(Section::Senses).as_chunks().0,
            rows: section(Section::Rows).as_chunks().0,
            abbreviations: section(Section::Abbreviations).as_chunks().0,
            transliteration: section(Section::Transliteration).as_chunks().0,
            // Each is read as text when it is asked for: to read all takes a good part of the
            // start.
            texts: section(Section::Texts),
        };
        Ok((image, index))
    }

    /// How many names there are.
    pub(super) fn names(&self) -> usize {
        self.names.len().saturating_sub(1)
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// A name by its number.
    pub(super) fn name(&self, name: usize) -> &'i str {
        let Some(record) = self.names.get(name) else { return "" };
        let start = u32_at(record, 0) as usize;
        std::str::from_utf8(bytes_at(self.texts, start, record[8])).unwrap_or("")
    }

    /// What a name stands for.
    pub(super) fn senses(&self, name: usize) -> Senses<'i> {
        let begin = |name: usize| self.names.get(name).map_or(0, |record| u32_at(record, 4));
        let range = begin(name) as usize..begin(name + 1) as usize;
        Senses(self.senses.get(range).unwrap_or(&[]).iter())
    }

    /// Whether a name is an ordinary word or a person's name as well.
    pub(super) fn common(&self, name: usize) -> Option<Common> {
        match self.names.get(name)?[9] {
            COMMON_WORD => Some(Common::Word),
            COMMON_PERSON => Some(Common::Person),
            _ => None,
        }
    }

    /// A row by its number.
    pub(super) fn row(&self, row: u32) -> Row<'i> {
        static NOWHERE: [u8; ROW] = [0; ROW];
        Row::new(self.rows.get(row as usize).unwrap_or(&NOWHERE), self.texts)
    }

    /// The number of the row with an id.
    pub(super) fn find_row(&self, id: &str) -> Option<u32> {
        let at =
            self.rows.binary_search_by(|record| Row::new(record, self.texts).cmp_id(id)).ok()?;
        u32::try_from(at).ok()
    }

    /// The country that a character stands for.
    pub(super) fn abbreviation(&self, c: char) -> Option<CountryCode> {
        let pair = self.abbreviations.iter().find(|pair| u32_at(*pair, 0) == u32::from(c))?;
        CountryCode::from_letters([pair[4], pair[5]])
    }

    /// The characters that stand for countries.
    pub(super) fn abbreviations(&self) -> impl Iterator<Item = (char, CountryCode)> {
        self.abbreviations.iter().filter_map(|pair| {
            let c = char::from_u32(u32_at(pair, 0))?;
            Some((c, CountryCode::from_letters([pair[4], pair[5]])?))
        })
    }

    /// The characters of transliterations, each with how often they use it.
    pub(super) fn transliteration(&self) -> impl Iterator<Item = (char, u32)> {
        self.transliteration
            .iter()
            .filter_map(|pair| Some((char::from_u32(u32_at(pair, 0))?, u32_at(pair, 4))))
    }

    /// How often transliterations use a character.
    pub(super) fn transliterates(&self, c: char) -> u32 {
        self.transliteration
            .binary_search_by_key(&u32::from(c), |pair| u32_at(pair, 0))
            .map_or(0, |at| u32_at(&self.transliteration[at], 4))
    }
}

/// What a name stands for, one sense after the other.
#[derive(Clone, Debug, Default)]
pub struct Senses<'i>(std::slice::Iter<'i, [u8; 4]>);

impl Iterator for Senses<'_> {
    type Item = Sense;

    fn next(&mut self) -> Option<Sense> {
        let sense = u32::from_le_bytes(*self.0.next()?);
        let kind = NameKind::of((sense & !SENSE_COUNTRY) >> SENSE_KIND);
        let of = sense & SENSE_OF;
        if sense & SENSE_COUNTRY == 0 {
            return Some(Sense::Place(of, kind));
        }
        let [a, b, ..] = of.to_le_bytes();
        match CountryCode::from_letters([a, b]) {
            Some(code) => Some(Sense::Country(code, kind)),
            None => self.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl Senses<'_> {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.as_slice().is_empty()
    }
}
