//! How likely a Chinese name spells each of the keys of a country.
//!
//! The keys are in order, so they are read as one tree: what was computed for the letters
//! that a key shares with the one before it stands, and once no name that begins with some
//! letters can be good enough, all keys that begin so are passed over.

use super::{
    model::{LONGEST, Pieces, letters},
    records::{Country, Key},
    tuning::Spelling,
};

/// Keys are stored with their length in one byte.
const LONGEST_KEY: usize = 255;

/// The records whose key the name may spell, each with the logarithm of how likely it is.
pub(super) fn search(
    pieces: &Pieces,
    count: usize,
    country: &Country<'_>,
    spelling: &Spelling,
) -> Vec<(usize, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "names have a dozen characters")]
    let floors = spelling.worst.iter().map(|worst| -worst * count as f64);
    let mut missed = f64::INFINITY;
    for floor in floors {
        // Nothing that was passed over would be looked at now.
        if missed < floor.exp() {
            continue;
        }
        let found;
        (found, missed) = pass(pieces, count, country.keys(), spelling, floor);
        let best = found.iter().map(|&(_, likely)| likely).reduce(f64::max);
        if let Some(best) = best {
            // What is not much worse than the best must be known to say how sure it is.
            return match best - spelling.beam {
                lower if lower < floor && missed >= lower.exp() => {
                    pass(pieces, count, country.keys(), spelling, lower).0
                }
                _ => found,
            };
        }
    }
    Vec::new()
}

/// The records that are likelier than `floor`, and not much less likely than the best; and how
/// likely the best may be of those that were passed over.
fn pass<'d>(
    pieces: &Pieces,
    count: usize,
    keys: impl Iterator<Item = Key<'d>>,
    spelling: &Spelling,
    floor: f64,
) -> (Vec<(usize, f64)>, f64) {
    let silent: Vec<f64> = (0..count)
        .map(|i| pieces.get(letters(b"")).map_or(0.0, |(weights, _)| weights[i]) + spelling.silent)
        .collect();
    // The best that the characters from each on can come to.
    let mut rest = vec![1.0; count + 1];
    for i in (0..count).rev() {
        rest[i] = rest[i + 1] * pieces.best(i).max(spelling.one_letter);
    }
    // Row j: for each number of characters how likely they spell the first j letters.
    let width = count + 1;
    let mut rows = vec![0.0; (LONGEST_KEY + 1) * width];
    rows[0] = 1.0;
    for i in 0..count {
        rows[i + 1] = rows[i] * silent[i];
    }
    let mut found = Vec::new();
    let mut enough = floor.exp();
    let mut key: Vec<u8> = Vec::with_capacity(LONGEST_KEY);
    let mut hopeless = usize::MAX;
    let mut missed = 0.0_f64;
    for (record, next) in keys.enumerate() {
        if next.same >= hopeless {
            continue;
        }
        hopeless = usize::MAX;
        key.truncate(next.same);
        key.extend_from_slice(&next.tail[..next.tail.len().min(LONGEST_KEY - key.len())]);
        for j in next.same + 1..=key.len() {
            let (before, after) = rows.split_at_mut(j * width);
            let row = &mut after[..width];
            row.fill(0.0);
            // The best that a name can come to whose key begins so: by a piece that ends
            // here, or by one that goes on.
            let mut hope = 0.0_f64;
            let longest = if pieces.may_be_long(&key[..j]) { LONGEST } else { 2 };
            for k in 1..=longest.min(j) {
                let from = &before[(j - k) * width..(j - k + 1) * width];
                let (slip, ahead) = match k {
                    1 => (spelling.one_letter, spelling.two_letters),
                    2 => (spelling.two_letters, 0.0),
                    _ => (0.0, 0.0),
                };
                let into = row[1..].iter_mut().zip(from).zip(&rest[1..]);
                match pieces.get(letters(&key[j - k..j])) {
                    Some((weights, longer)) => {
                        for (((into, from), rest), (weight, longer)) in
                            into.zip(weights.iter().zip(longer))
                        {
                            *into += from * (weight + slip);
                            hope = hope.max(from * longer.max(ahead) * rest);
                        }
                    }
                    None if slip > 0.0 => {
                        for ((into, from), rest) in into {
                            *into += from * slip;
                            hope = hope.max(from * ahead * rest);
                        }
                    }
                    None => {}
                }
            }
            for i in 0..count {
                row[i + 1] += row[i] * silent[i];
            }
            hope = row.iter().zip(&rest).fold(hope, |hope, (so_far, rest)| hope.max(so_far * rest));
            if hope < enough {
                hopeless = j;
                missed = missed.max(hope);
                break;
            }
        }
        let likely = rows[key.len() * width + count];
        if hopeless == usize::MAX && likely >= enough {
            found.push((record, likely.ln()));
            enough = enough.max(likely * (-spelling.beam).exp());
        } else if hopeless == usize::MAX {
            missed = missed.max(likely);
        }
    }
    let enough = enough.ln();
    found.retain(|&(_, likely)| likely >= enough);
    (found, missed)
}
