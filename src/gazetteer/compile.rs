//! [`compile`]: the tables of `gazetteer/` to one image. It runs when the program is built.

use std::collections::{BTreeMap, HashMap};

use super::layout::{
    BEYOND, COMMON_PERSON, COMMON_WORD, ENTRY, HEAD, IS_LONGER, KINDS, LEVELS, MAGIC, NAME, NONE,
    PAIR, ROW, SECTIONS, SENSE_COUNTRY, SENSE_KIND, SENSE_OF, STRINGS, Section, hash,
};

/// The texts of the tables.
pub(super) struct Tables<'t> {
    /// `places.tsv`.
    pub(super) places: &'t str,
    /// `names.tsv`.
    pub(super) names: &'t str,
    /// `countries.tsv`.
    pub(super) countries: &'t str,
    /// `common_words.tsv`.
    pub(super) common_words: &'t str,
    /// `translit.tsv`.
    pub(super) translit: &'t str,
}

/// What is wrong with a table, and where.
#[derive(Debug)]
pub(super) struct Mistake {
    /// Which table.
    pub(super) table: &'static str,
    /// Its line, from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) message: String,
}

/// One row of a table, to be complained about.
struct Line<'t, const N: usize> {
    table: &'static str,
    line: usize,
    cells: [&'t str; N],
}

impl<const N: usize> Line<'_, N> {
    fn wrong(&self, message: &str) -> Mistake {
        Mistake { table: self.table, line: self.line, message: message.into() }
    }
}

/// The rows after the header, each with exactly `N` cells.
fn lines<'t, const N: usize>(
    table: &'static str,
    text: &'t str,
) -> impl Iterator<Item = Result<Line<'t, N>, Mistake>> {
    text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty()).map(move |(n, line)| {
        let cells: Vec<&str> = line.split('\t').collect();
        let line = n + 1;
        match <[&str; N]>::try_from(cells) {
            Ok(cells) => Ok(Line { table, line, cells }),
            Err(_) => {
                let message = format!("expected {N} cells separated by tabs");
                Err(Mistake { table, line, message })
            }
        }
    })
}

/// Strings, each once.
#[derive(Default)]
struct Texts<'t> {
    all: String,
    known: HashMap<&'t str, u32>,
}

impl<'t> Texts<'t> {
    fn add(&mut self, text: &'t str) -> u32 {
        *self.known.entry(text).or_insert_with(|| {
            let at = number(self.all.len());
            self.all.push_str(text);
            at
        })
    }
}

/// A count or an offset; no table has four billion of anything.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}

/// Compiles the tables to an image.
pub(super) fn compile(tables: &Tables<'_>) -> Result<Vec<u8>, Mistake> {
    let mut texts = Texts::default();
    let mut ids: BTreeMap<&str, Line<'_, 13>> = BTreeMap::new();
    for line in lines::<13>("places.tsv", tables.places) {
        let line = line?;
        if ids.contains_key(line.cells[0]) {
            return Err(line.wrong("this id stands there twice"));
        }
        ids.insert(line.cells[0], line);
    }
    let numbers: HashMap<&str, u32> = ids.keys().copied().zip(0..).collect();
    let mut rows = Vec::with_capacity(ids.len() * ROW);
    for line in ids.values() {
        rows.extend_from_slice(&row(line, &numbers, &mut texts)?);
    }

    let (mut named, abbreviations) = countries(tables)?;
    for line in lines::<3>("names.tsv", tables.names) {
        let line = line?;
        let [name, id, kind] = line.cells;
        let place = *numbers.get(id).ok_or_else(|| line.wrong("no place has this id"))?;
        let kind = kind_of(kind).ok_or_else(|| line.wrong("unknown kind of name"))?;
        // The names of countries are in their own table.
        if ids.get(id).is_some_and(|line| line.cells[2] != "country") {
            named.push((name, place & SENSE_OF | kind << SENSE_KIND));
        }
    }
    named.sort_by_key(|&(name, _)| name);

    let mut common: HashMap<&str, u8> = HashMap::new();
    for line in lines::<4>("common_words.tsv", tables.common_words) {
        let [name, _tag, _frequency, note] = line?.cells;
        common.insert(
            name,
            if matches!(note, "person" | "name") { COMMON_PERSON } else { COMMON_WORD },
        );
    }

    let mut patterns: Vec<&str> = Vec::new();
    let (mut names, mut senses) = (Vec::new(), Vec::new());
    for (name, sense) in named {
        if patterns.last() != Some(&name) {
            if name.len() > usize::from(u8::MAX) {
                let message = format!("the name {name} is too long");
                return Err(Mistake { table: "names.tsv", line: 1, message });
            }
            patterns.push(name);
            let common = common.get(name).copied().unwrap_or(0);
            names.extend_from_slice(&name_record(
                texts.add(name),
                number(senses.len() / 4),
                name.len(),
                common,
            ));
        }
        senses.extend_from_slice(&sense.to_le_bytes());
    }
    names.extend_from_slice(&name_record(0, number(senses.len() / 4), 0, 0));

    let mut sections: [Vec<u8>; SECTIONS] = Default::default();
    index(&patterns, &mut sections);
    sections[Section::Names as usize] = names;
    sections[Section::Senses as usize] = senses;
    sections[Section::Rows as usize] = rows;
    sections[Section::Abbreviations as usize] = abbreviations;
    sections[Section::Transliteration as usize] = transliteration(tables)?;
    sections[Section::Texts as usize] = texts.all.into_bytes();
    let mut image = MAGIC.to_vec();
    let mut start = HEAD;
    for section in &sections {
        image.extend_from_slice(&number(start).to_le_bytes());
        image.extend_from_slice(&number(section.len()).to_le_bytes());
        start += section.len();
    }
    image.extend(sections.iter().flatten());
    Ok(image)
}

/// Writes by which pairs of characters the names are found.
fn index(names: &[&str], sections: &mut [Vec<u8>; SECTIONS]) {
    let buckets = (names.len() / 2).next_power_of_two().max(64);
    let bits = buckets.trailing_zeros();
    let mut pairs = vec![0_u8; buckets];
    let mut alone = Vec::new();
    let mut entries: Vec<(u32, [usize; 4], std::cmp::Reverse<usize>, u32)> = Vec::new();
    for (number, name) in (0_u32..).zip(names) {
        let mut chars = [0; 4];
        let mut count = 0;
        let mut is_longer = false;
        for c in name.chars() {
            let code = (c as usize).min(BEYOND);
            match chars.get_mut(count) {
                Some(place) => *place = code,
                None => is_longer = true,
            }
            is_longer |= matches!(code, 0 | BEYOND);
            count += 1;
        }
        if count < 2 {
            let c = name.chars().next().map_or(0, u32::from);
            alone.extend_from_slice(&c.to_le_bytes());
            alone.extend_from_slice(&number.to_le_bytes());
            continue;
        }
        let hash = hash(chars[0], chars[1]);
        let bit = (hash >> (32 - bits - 3)) as usize;
        pairs[bit / 8] |= 1 << (bit % 8);
        let number = if is_longer { number | IS_LONGER } else { number };
        entries.push((hash >> (32 - bits), chars, std::cmp::Reverse(name.len()), number));
    }
    entries.sort_by_key(|&(bucket, chars, length, number)| {
        (bucket, chars[0], chars[1], length, number)
    });
    let (mut starts, mut packed) = (Vec::new(), Vec::with_capacity(entries.len() * ENTRY));
    let mut at = 0;
    for bucket in 0..=buckets {
        while at < entries.len() && (entries[at].0 as usize) < bucket {
            at += 1;
        }
        starts.extend_from_slice(&number(at).to_le_bytes());
    }
    for (_, chars, _, number) in entries {
        packed.extend(chars.iter().flat_map(|c| (*c as u16).to_le_bytes()));
        packed.extend_from_slice(&number.to_le_bytes());
    }
    sections[Section::Pairs as usize] = pairs;
    sections[Section::Buckets as usize] = starts;
    sections[Section::Entries as usize] = packed;
    sections[Section::Alone as usize] = alone;
}

fn name_record(text: u32, senses: u32, len: usize, common: u8) -> [u8; NAME] {
    let mut record = [0; NAME];
    record[..4].copy_from_slice(&text.to_le_bytes());
    record[4..8].copy_from_slice(&senses.to_le_bytes());
    record[8] = u8::try_from(len).unwrap_or(u8::MAX);
    record[9] = common;
    record
}

fn kind_of(kind: &str) -> Option<u32> {
    KINDS.iter().position(|known| *known == kind).map(number)
}

/// The two letters of a country; former states have four, the first two those of a successor.
fn letters(code: &str) -> Option<[u8; 2]> {
    let code = code.as_bytes().get(..2)?;
    code.iter().all(u8::is_ascii_uppercase).then(|| [code[0], code[1]])
}

fn row<'t>(
    line: &Line<'t, 13>,
    numbers: &HashMap<&str, u32>,
    texts: &mut Texts<'t>,
) -> Result<[u8; ROW], Mistake> {
    use super::layout::{
        ROW_COUNTRY, ROW_GEONAMES, ROW_HAS_POSITION, ROW_LENGTHS, ROW_LEVEL, ROW_PARENT,
        ROW_POPULATION, ROW_POSITION, ROW_TEXTS,
    };
    let [id, country, level, parent, name, latin, lat, lon, geonames, iso, gb, qid, population] =
        line.cells;
    let mut record = [0; ROW];
    let strings: [&str; STRINGS] = [id, name, latin, iso, gb, qid];
    for (n, text) in strings.into_iter().enumerate() {
        let at = ROW_TEXTS + 4 * n;
        record[at..at + 4].copy_from_slice(&texts.add(text).to_le_bytes());
        record[ROW_LENGTHS + n] =
            u8::try_from(text.len()).map_err(|_| line.wrong("a cell is too long"))?;
    }
    let country = letters(country).ok_or_else(|| line.wrong("unknown country"))?;
    record[ROW_COUNTRY..ROW_COUNTRY + 2].copy_from_slice(&country);
    let parent = match parent {
        "" => NONE,
        id => *numbers.get(id).ok_or_else(|| line.wrong("no place has the id of the parent"))?,
    };
    record[ROW_PARENT..ROW_PARENT + 4].copy_from_slice(&parent.to_le_bytes());
    for (at, cell) in [(ROW_GEONAMES, geonames), (ROW_POPULATION, population)] {
        let value: u32 = match cell {
            "" => 0,
            digits => digits.parse().map_err(|_| line.wrong("expected a whole number"))?,
        };
        record[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    let level = LEVELS.iter().position(|known| *known == level && !level.is_empty());
    let level = level.ok_or_else(|| line.wrong("unknown level"))?;
    record[ROW_LEVEL] = u8::try_from(level).unwrap_or(u8::MAX);
    if let (Ok(lat), Ok(lon)) = (lat.parse::<f64>(), lon.parse::<f64>()) {
        record[ROW_HAS_POSITION] = 1;
        record[ROW_POSITION..ROW_POSITION + 8].copy_from_slice(&lat.to_le_bytes());
        record[ROW_POSITION + 8..ROW_POSITION + 16].copy_from_slice(&lon.to_le_bytes());
    }
    Ok(record)
}

/// Names with the senses they have, as four bytes hold them.
type Named<'t> = Vec<(&'t str, u32)>;

/// The names of countries, and the characters that stand for some.
fn countries<'t>(tables: &Tables<'t>) -> Result<(Named<'t>, Vec<u8>), Mistake> {
    let (mut named, mut abbreviations) = (Vec::new(), Vec::new());
    for line in lines::<3>("countries.tsv", tables.countries) {
        let line = line?;
        let [name, code, kind] = line.cells;
        let code = letters(code).ok_or_else(|| line.wrong("expected a country's code"))?;
        match kind {
            "ambiguous" => {}
            "abbreviation" => {
                let mut chars = name.chars();
                // Longer ones are names that news use (南非, 印尼); compounds ask for characters.
                let (Some(c), None) = (chars.next(), chars.next()) else { continue };
                abbreviations.extend_from_slice(&u32::from(c).to_le_bytes());
                abbreviations.extend_from_slice(&[code[0], code[1], 0, 0]);
            }
            kind => {
                let kind = kind_of(kind).ok_or_else(|| line.wrong("unknown kind of name"))?;
                let code = u32::from(u16::from_le_bytes(code));
                named.push((name, SENSE_COUNTRY | kind << SENSE_KIND | code));
            }
        }
    }
    Ok((named, abbreviations))
}

fn transliteration(tables: &Tables<'_>) -> Result<Vec<u8>, Mistake> {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for line in lines::<2>("translit.tsv", tables.translit) {
        let line = line?;
        let (Some(c), Ok(count)) = (line.cells[0].chars().next(), line.cells[1].parse()) else {
            return Err(line.wrong("expected a character and a count"));
        };
        counts.insert(c, count);
    }
    let mut pairs = Vec::with_capacity(counts.len() * PAIR);
    for (c, count) in counts {
        pairs.extend_from_slice(&u32::from(c).to_le_bytes());
        pairs.extend_from_slice(&count.to_le_bytes());
    }
    Ok(pairs)
}
