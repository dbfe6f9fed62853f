//! [`Model`]: which Latin letters a Chinese character stands for in foreign names, and how
//! often, out of `gazetteer/transliteration.tsv`.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::{place::CountryCode, rule::DataError};

/// How many letters one character stands for at most.
pub(super) const LONGEST: usize = 6;

/// Up to [`LONGEST`] letters in one number, below a leading one bit.
pub(super) type Letters = u64;

/// What one character stands for.
type Spellings = Vec<(Letters, f64)>;

/// The model.
#[derive(Debug)]
pub(super) struct Model {
    everywhere: HashMap<char, Spellings>,
    /// Where a country does it otherwise than others.
    country: HashMap<(CountryCode, char), Spellings>,
}

/// The pieces that the characters of one name stand for in one country: for each stretch
/// of letters how likely each character in turn is to stand for it, then how likely for a
/// longer piece that begins with it.
#[derive(Debug)]
pub(super) struct Pieces {
    index: HashMap<Letters, usize, BuildHasherDefault<Mix>>,
    weights: Vec<f64>,
    count: usize,
    /// By the last letter but one a bit for the last letter of each piece of three and more.
    long: [u32; 32],
}

/// A cheap hash: the pieces are looked up at every letter, and all are ours.
#[derive(Debug, Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 << 8 | u64::from(byte));
        }
    }

    fn write_u64(&mut self, n: u64) {
        // The golden ratio in 64 bits spreads neighbours far apart.
        self.0 = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

pub(super) fn letters(bytes: &[u8]) -> Letters {
    bytes.iter().fold(1, |letters, &byte| letters << 8 | u64::from(byte))
}

impl Model {
    pub(super) fn new(file: &str, table: &str) -> Result<Self, DataError> {
        let mut model = Self { everywhere: HashMap::new(), country: HashMap::new() };
        for (n, line) in table.lines().enumerate().skip(1) {
            let error = |message: &str| DataError {
                file: file.into(),
                line: n + 1,
                column: 1,
                message: message.into(),
            };
            let mut cells = line.split('\t');
            let mut cell = || cells.next().ok_or_else(|| error("expected 4 cells"));
            let (country, character, spelling, cost) = (cell()?, cell()?, cell()?, cell()?);
            let mut characters = character.chars();
            let (Some(character), None) = (characters.next(), characters.next()) else {
                return Err(error("expected one character"));
            };
            if spelling.len() > LONGEST || !spelling.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(error("expected up to six small letters"));
            }
            let Ok(cost) = cost.parse::<u16>() else {
                return Err(error("expected a cost: -100 times a natural logarithm"));
            };
            let entry = (letters(spelling.as_bytes()), (-f64::from(cost) / 100.0).exp());
            match country {
                "*" => model.everywhere.entry(character).or_default().push(entry),
                code => {
                    let code = CountryCode::new(code)
                        .ok_or_else(|| error("expected * or an ISO 3166-1 alpha-2 code"))?;
                    model.country.entry((code, character)).or_default().push(entry);
                }
            }
        }
        Ok(model)
    }

    /// What the characters of a name stand for in a country.
    pub(super) fn pieces(&self, name: &[char], country: CountryCode) -> Pieces {
        let count = name.len();
        let mut pieces =
            Pieces { index: HashMap::default(), weights: Vec::new(), count, long: [0; 32] };
        for (i, &character) in name.iter().enumerate() {
            let general = self.everywhere.get(&character);
            let local = self.country.get(&(country, character));
            // Those of the country come last and replace the general ones.
            for &(letters, weight) in general.into_iter().chain(local).flatten() {
                let at = pieces.at(letters);
                pieces.weights[at + i] = weight;
                let mut begin = letters >> 8;
                while begin > 1 {
                    let at = pieces.at(begin) + count + i;
                    pieces.weights[at] = weight.max(pieces.weights[at]);
                    begin >>= 8;
                }
            }
        }
        pieces
    }
}

impl Pieces {
    /// Where the weights of these letters begin.
    fn at(&mut self, letters: Letters) -> usize {
        *self.index.entry(letters).or_insert_with(|| {
            if letters >> 24 != 0 {
                self.long[(letters >> 8) as usize % 32] |= 1 << (letters % 32);
            }
            self.weights.resize(self.weights.len() + 2 * self.count, 0.0);
            self.weights.len() - 2 * self.count
        })
    }

    /// How likely each character stands for these letters, and for the likeliest longer
    /// piece that begins with them; `None` if none does either.
    pub(super) fn get(&self, letters: Letters) -> Option<(&[f64], &[f64])> {
        let at = *self.index.get(&letters)?;
        Some(self.weights.get(at..at + 2 * self.count)?.split_at(self.count))
    }

    /// Whether a piece of three letters and more may end as a key does: most do not.
    pub(super) fn may_be_long(&self, key: &[u8]) -> bool {
        let [.., last_but_one, last] = key else { return false };
        self.long[usize::from(*last_but_one) % 32] & 1 << (last % 32) != 0
    }

    /// How likely the likeliest letters of a character are.
    pub(super) fn best(&self, character: usize) -> f64 {
        self.weights.iter().skip(character).step_by(2 * self.count).fold(0.0, |a, &b| a.max(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_table_is_refused_with_its_line() {
        let head = "country\tchar\tletters\tcost\n";
        for row in [
            "*\t尔\tr",
            "*\t尔\tR\t1",
            "*\t尔\tabcdefg\t1",
            "*\t尔\tr\t-1",
            "X\t尔\tr\t1",
            "*\t尔尔\tr\t1",
        ] {
            let error = Model::new("t.tsv", &format!("{head}{row}\n")).unwrap_err();
            assert_eq!((error.file.as_ref(), error.line), ("t.tsv", 2), "{row}");
        }
    }

    #[test]
    fn a_country_may_spell_otherwise() {
        let table = "country\tchar\tletters\tcost\n*\t若\tjo\t10\n*\t若\tro\t300\nBR\t若\tjo\t50\n";
        let model = Model::new("t.tsv", table).unwrap();
        let of = |country: &str| {
            let pieces = model.pieces(&['若'], CountryCode::new(country).unwrap());
            [b"jo", b"ro"].map(|l| pieces.get(letters(l)).map(|(w, _)| (w[0] * 100.0).round()))
        };
        assert_eq!(of("PT"), [Some(90.0), Some(5.0)]);
        assert_eq!(of("BR"), [Some(61.0), Some(5.0)]);
    }
}
