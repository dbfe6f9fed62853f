//! [`Records`]: the Latin names of GeoNames, packed by `gazetteer/link.py`, read where they
//! are. Nothing is unpacked ahead, so that they cost nothing until a name is linked.

use crate::place::CountryCode;

/// How the file begins.
const MAGIC: &[u8] = b"YCL1";
/// Bytes of the fixed part after it, and of one country in the directory.
const HEAD: usize = 18;
const COUNTRY: usize = 16;
/// What stands for an unknown position.
const UNKNOWN: i16 = i16::MAX;

/// All records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Records<'d> {
    directory: &'d [u8],
    units: &'d [u8],
    keys: &'d [u8],
    names: &'d [u8],
    ids: &'d [u8],
    positions: &'d [u8],
    sizes: &'d [u8],
    levels: &'d [u8],
    within: &'d [u8],
}

/// The records of one country, in the order of their keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Country<'d> {
    all: Records<'d>,
    units: &'d [u8],
    keys: &'d [u8],
    names: &'d [u8],
    first: usize,
    count: usize,
}

/// What kind of thing a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Settlement,
    First,
    Second,
}

/// The key of a record: how many letters it shares with the one before, and the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'d> {
    pub(super) same: usize,
    pub(super) tail: &'d [u8],
}

impl<'d> Records<'d> {
    /// The records in `data`; `None` if it is no such file.
    pub(super) fn new(data: &'d [u8]) -> Option<Self> {
        let head = data.strip_prefix(MAGIC)?;
        let countries = usize::from(u16_at(head, 0)?);
        let [count, units, keys, names] =
            [2, 6, 10, 14].map(|at| u32_at(head, at).and_then(|n| usize::try_from(n).ok()));
        let count = count?;
        let mut rest = head.get(HEAD..)?;
        let mut take = |len: usize| {
            let (part, tail) = rest.split_at_checked(len)?;
            rest = tail;
            Some(part)
        };
        Some(Self {
            directory: take(countries * COUNTRY)?,
            units: take(units?.checked_mul(4)?)?,
            keys: take(keys?)?,
            names: take(names?)?,
            ids: take(count.checked_mul(4)?)?,
            positions: take(count * 4)?,
            sizes: take(count)?,
            levels: take(count)?,
            within: take(count * 2)?,
        })
    }

    /// The records of a country.
    pub(super) fn country(&self, code: CountryCode) -> Option<Country<'d>> {
        let (mut first, mut unit) = (0, 0);
        let mut rows = self.directory.chunks_exact(COUNTRY);
        while let Some(row) = rows.next() {
            let units = usize::from(u16_at(row, 2)?);
            let count = usize::try_from(u32_at(row, 4)?).ok()?;
            if row.get(..2)? == code.as_str().as_bytes() {
                let next = rows.next();
                let part = |bytes: &'d [u8], at: usize| {
                    let start = usize::try_from(u32_at(row, at)?).ok()?;
                    let end = match next {
                        Some(next) => usize::try_from(u32_at(next, at)?).ok()?,
                        None => bytes.len(),
                    };
                    bytes.get(start..end)
                };
                return Some(Country {
                    all: *self,
                    units: self.units.get(unit * 4..(unit + units) * 4)?,
                    keys: part(self.keys, 8)?,
                    names: part(self.names, 12)?,
                    first,
                    count,
                });
            }
            first += count;
            unit += units;
        }
        None
    }
}

impl<'d> Country<'d> {
    /// The keys, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key<'d>> + use<'d> {
        let mut rest = self.keys;
        std::iter::from_fn(move || {
            let (&[same, len], tail) = rest.split_first_chunk::<2>()?;
            let (tail, after) = tail.split_at_checked(usize::from(len))?;
            rest = after;
            Some(Key { same: usize::from(same), tail })
        })
        .take(self.count)
    }

    /// The names of some records, in one walk: a name that is its key with a capital letter
    /// is not written twice.
    pub(super) fn names(&self, records: &[usize]) -> Vec<String> {
        let mut wanted: Vec<(usize, usize)> = records.iter().copied().zip(0..).collect();
        wanted.sort_unstable();
        let mut wanted = wanted.into_iter().peekable();
        let mut found = vec![String::new(); records.len()];
        let mut names = self.names;
        let mut key = Vec::new();
        for (record, next) in self.keys().enumerate() {
            key.truncate(next.same);
            key.extend_from_slice(next.tail);
            let Some((name, rest)) = names
                .split_first()
                .and_then(|(&len, rest)| rest.split_at_checked(usize::from(len)))
            else {
                break;
            };
            names = rest;
            while let Some((_, at)) = wanted.next_if(|&(wanted, _)| wanted == record) {
                found[at] = if name.is_empty() {
                    let mut name = key.clone();
                    name.iter_mut().take(1).for_each(|c| *c = c.to_ascii_uppercase());
                    String::from_utf8(name).unwrap_or_default()
                } else {
                    String::from_utf8_lossy(name).into_owned()
                };
            }
            if wanted.peek().is_none() {
                break;
            }
        }
        found
    }

    /// The GeoNames id.
    pub(super) fn id(&self, record: usize) -> u32 {
        u32_at(self.all.ids, (self.first + record) * 4).unwrap_or(0)
    }

    /// Latitude and longitude, to a hundredth of a degree.
    pub(super) fn position(&self, record: usize) -> Option<(f64, f64)> {
        let at = (self.first + record) * 4;
        let [lat, lon] =
            [at, at + 2].map(|at| u16_at(self.all.positions, at).map(u16::cast_signed));
        let (lat, lon) = (lat.filter(|&lat| lat != UNKNOWN)?, lon?);
        Some((f64::from(lat) / 100.0, f64::from(lon) / 100.0))
    }

    /// How many people live there, as a power of two; 0 when unknown.
    pub(super) fn size(&self, record: usize) -> f64 {
        self.all.sizes.get(self.first + record).map_or(0.0, |&size| f64::from(size) / 8.0)
    }

    pub(super) fn kind(&self, record: usize) -> Kind {
        match self.all.levels.get(self.first + record) {
            Some(1) => Kind::First,
            Some(2) => Kind::Second,
            _ => Kind::Settlement,
        }
    }

    /// The GeoNames id of the first-level unit that it lies in.
    pub(super) fn within(&self, record: usize) -> Option<u32> {
        let unit = usize::from(u16_at(self.all.within, (self.first + record) * 2)?);
        u32_at(self.units, unit.checked_sub(1)? * 4)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &[u8] = include_bytes!("../../gazetteer/latin.bin");

    #[test]
    fn the_keys_of_a_country_are_in_order_and_each_has_a_record() {
        let records = Records::new(DATA).unwrap();
        let country = records.country(CountryCode::new("KZ").unwrap()).unwrap();
        assert_eq!(country.keys().count(), country.count);
        let mut last = Vec::new();
        for next in country.keys() {
            let mut key = last.clone();
            key.truncate(next.same);
            key.extend_from_slice(next.tail);
            assert!(last <= key);
            last = key;
        }
        // Its records are its own: all lie in the country, and so do their units.
        let almaty = (0..country.count).find(|&record| country.id(record) == 1_526_384).unwrap();
        assert_eq!(country.names(&[almaty, 0])[0], "Almaty");
        assert_eq!(country.kind(almaty), Kind::Settlement);
        let (lat, lon) = country.position(almaty).unwrap();
        assert!((lat - 43.25).abs() < 0.1 && (lon - 76.92).abs() < 0.1);
    }

    #[test]
    fn broken_data_is_refused_or_reads_as_nothing() {
        for len in [0, 3, 4, 20, 22, 4000, 100_000, DATA.len() - 1] {
            assert!(Records::new(&DATA[..len]).is_none(), "cut at {len}");
        }
        let kz = CountryCode::new("KZ").unwrap();
        for at in (0..22).chain((22..5000).step_by(7)) {
            let mut broken = DATA.to_vec();
            broken[at] ^= 0xff;
            if let Some(country) = Records::new(&broken).and_then(|records| records.country(kz)) {
                let last = country.keys().count().saturating_sub(1);
                let _ = (country.names(&[last]), country.id(last), country.position(last));
                let _ = (country.within(last), country.size(last), country.kind(last));
            }
        }
    }
}
