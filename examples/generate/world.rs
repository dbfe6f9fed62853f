//! The world that stories may tell of: which cities are tied, since when.

use crate::random::Random;

/// Ties that several stories know. A few cities have many, most have few.
pub(crate) struct World {
    seed: u64,
    pairs: f64,
    cities: usize,
    foreign: usize,
}

/// One of them.
pub(crate) struct Tie {
    /// Which of the foreign cities.
    pub(crate) foreign: usize,
    pub(crate) year: u32,
    pub(crate) day: usize,
}

/// How many of a hundred foreign cities no list holds.
const UNLISTED: usize = 8;
const SYLLABLES: [&str; 16] = [
    "阿", "布", "拉", "克", "斯", "莫", "里", "塔", "诺", "维", "尔", "德", "加", "米", "罗", "特",
];

impl World {
    /// So many pairs of these cities; invents foreign ones that no list holds.
    pub(crate) fn new(
        seed: u64,
        pairs: u64,
        cities: usize,
        foreign: &mut [(String, String)],
    ) -> Self {
        let mut random = Random::new(seed ^ 0x3A7E, 0);
        for _ in 0..foreign.len() * UNLISTED / 100 {
            let mut name = String::new();
            for _ in 0..3 + random.below(2) {
                name.push_str(random.of(&SYLLABLES));
            }
            let country = foreign[random.below(foreign.len())].1.clone();
            let at = random.below(foreign.len());
            foreign[at] = (name + "市", country);
        }
        Self { seed, pairs: pairs as f64, cities, foreign: foreign.len() }
    }

    /// A city, the first ones more often.
    pub(crate) fn city(&self, random: &mut Random) -> usize {
        (self.cities as f64 * random.share().powi(2)) as usize
    }

    /// How many ties a city has: falling with the root of its number.
    pub(crate) fn ties_of(&self, city: usize) -> usize {
        let all = 2.0 * (self.cities as f64).sqrt();
        ((self.pairs / all / (city as f64 + 1.0).sqrt()).round() as usize).max(1)
    }

    /// Which of the ties of a city a story tells of, the first ones more often.
    pub(crate) fn nth(&self, city: usize, random: &mut Random) -> usize {
        (self.ties_of(city) as f64 * random.share().powf(1.5)) as usize
    }

    /// The `nth` tie of a city.
    pub(crate) fn tie(&self, city: usize, nth: usize) -> Tie {
        let mut random = Random::new(self.seed ^ 0x71E5, (city as u64) << 20 | nth as u64);
        Tie {
            foreign: (self.foreign as f64 * random.share().powi(2)) as usize,
            year: 1975 + random.below(50) as u32,
            day: random.below(330),
        }
    }
}
