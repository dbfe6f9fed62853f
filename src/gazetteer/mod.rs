//! [`Gazetteer`]: every place that a list holds, and the names it goes by.
//!
//! The tables of `gazetteer/` are compiled into one image when the program is built
//! (`build.rs`). What is asked of them is read out of it where it lies.

mod compile;
mod image;
mod index;
mod layout;
mod merge;
mod name;
mod row;
mod user;

use std::sync::Arc;

use self::{image::Image, index::Index};
pub use self::{
    image::Senses,
    name::{Common, NameKind, Sense},
    row::Row,
    user::{LARGEST_FILE, UserPlaces},
};
use crate::{
    place::{CountryCode, Place},
    rule::DataError,
};

/// The compiled tables.
static IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.bin"));

/// A name of the gazetteer found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Which name.
    pub name: u32,
}

/// The place tables, compiled.
pub struct Gazetteer {
    index: Index<'static>,
    image: Image<'static>,
}

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gazetteer")
            .field("places", &self.image.rows())
            .field("names", &self.image.names())
            .finish_non_exhaustive()
    }
}

impl Gazetteer {
    /// Opens the tables that come with the program.
    ///
    /// # Errors
    ///
    /// If the image of the tables is broken.
    pub fn new() -> Result<Self, DataError> {
        Self::of(IMAGE)
    }

    /// These tables and a user's: a name of theirs means what they say and nothing else.
    ///
    /// # Errors
    ///
    /// If the tables do not go together.
    pub fn with(&self, user: &UserPlaces) -> Result<Self, DataError> {
        let image = merge::merged(&self.image, user).map_err(|message| broken(&message))?;
        // It lives as long as the program, as that of the program does.
        Self::of(image.leak())
    }

    /// A user's table, checked against these.
    ///
    /// # Errors
    ///
    /// At the first row that is not what it should be.
    pub fn check(&self, file: &str, bytes: &[u8]) -> Result<UserPlaces, DataError> {
        let is_country = |code| self.by_id(&format!("cc:{code}")).is_some();
        UserPlaces::parse(file, bytes, is_country, |id| self.by_id(id).is_some())
    }

    fn of(image: &'static [u8]) -> Result<Self, DataError> {
        let (image, index) = Image::new(image).map_err(broken)?;
        Ok(Self { index, image })
    }

    /// Every name in `text`, also those inside others, by start and the longest first.
    #[must_use]
    pub fn matches(&self, text: &str) -> Vec<Match> {
        let mut found = Vec::new();
        self.index.matches(&self.image, text, |name| found.push(name));
        found
    }

    /// The longest name that begins `text`, which need not be long.
    #[must_use]
    pub fn matches_at(&self, text: &str) -> Option<Match> {
        let end = text.char_indices().nth(16).map_or(text.len(), |(at, _)| at);
        let mut longest = None;
        self.index.begin(&self.image, &text[..end], |name| {
            longest = longest.or(Some(name));
        });
        longest
    }

    /// A name by its number, as texts write it.
    #[must_use]
    pub fn name(&self, name: u32) -> &str {
        self.image.name(name as usize)
    }

    /// What a name stands for.
    #[must_use]
    pub fn senses(&self, name: u32) -> Senses<'_> {
        self.image.senses(name as usize)
    }

    /// The number of a name.
    fn find(&self, name: &str) -> Option<u32> {
        let mut whole = None;
        self.index.begin(&self.image, name, |found| {
            whole = whole.or((found.end == name.len()).then_some(found.name));
        });
        whole
    }

    /// What a whole string stands for; nothing if it is not a name.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Senses<'_> {
        self.find(name).map(|name| self.senses(name)).unwrap_or_default()
    }

    /// How many places there are; they are numbered from 0 in the order of their ids.
    #[must_use]
    pub fn len(&self) -> usize {
        self.image.rows()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A row of the table of places.
    #[must_use]
    pub fn row(&self, place: u32) -> Row<'_> {
        self.image.row(place)
    }

    /// The rows of a country, its own among them.
    pub fn rows_of(&self, country: CountryCode) -> impl Iterator<Item = (u32, Row<'_>)> {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX))
            .map(|place| (place, self.row(place)))
            .filter(move |(_, row)| row.country() == country)
    }

    /// The place of a row.
    #[must_use]
    pub fn place(&self, place: u32) -> Arc<Place> {
        let row = self.row(place);
        Arc::new(row.place(row.parent().map(|parent| self.row(parent).id())))
    }

    /// The place with an id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<u32> {
        self.image.find_row(id)
    }

    /// Whether a place is `ancestor` or lies in it.
    #[must_use]
    pub fn is_within(&self, place: u32, ancestor: u32) -> bool {
        let mut at = Some(place);
        for _ in 0..8 {
            match at {
                Some(place) if place == ancestor => return true,
                Some(place) => at = self.row(place).parent(),
                None => return false,
            }
        }
        false
    }

    /// The country that one character stands for inside compounds (中韩, 日方).
    #[must_use]
    pub fn abbreviation(&self, character: char) -> Option<CountryCode> {
        self.image.abbreviation(character)
    }

    /// Whether a name is an ordinary word or a person's name as well.
    #[must_use]
    pub fn common(&self, name: &str) -> Option<Common> {
        self.image.common(self.find(name)? as usize)
    }

    /// How often transliterated names use a character; 0 if they never do.
    #[must_use]
    pub fn transliterates(&self, character: char) -> u32 {
        self.image.transliterates(character)
    }
}

fn broken(message: &str) -> DataError {
    DataError { file: "gazetteer.bin".into(), line: 1, column: 1, message: message.into() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn cells(table: &str) -> impl Iterator<Item = Vec<&str>> {
        table.lines().skip(1).map(|line| line.split('\t').collect())
    }

    #[test]
    fn the_image_says_what_the_tables_say() {
        let gazetteer = Gazetteer::new().unwrap();
        let places = include_str!("../../gazetteer/places.tsv");
        for (place, cells) in (0..).zip(cells(places)) {
            let row = gazetteer.row(place);
            let position = row.position();
            let said = [
                row.id().to_owned(),
                row.parent().map(|row| gazetteer.row(row).id()).unwrap_or_default().to_owned(),
                row.name().to_owned(),
                row.latin().to_owned(),
                position.map(|at| at.0.to_string()).unwrap_or_default(),
                position.map(|at| at.1.to_string()).unwrap_or_default(),
                row.geonames().map(|id| id.to_string()).unwrap_or_default(),
                row.iso().to_owned(),
                row.wikidata().to_owned(),
            ];
            let number = |cell: &str| cell.parse().map(|at: f64| at.to_string());
            let written = [
                cells[0].to_owned(),
                cells[3].to_owned(),
                cells[4].to_owned(),
                cells[5].to_owned(),
                number(cells[6]).unwrap_or_default(),
                number(cells[7]).unwrap_or_default(),
                cells[8].to_owned(),
                cells[9].to_owned(),
                cells[11].to_owned(),
            ];
            assert_eq!(said, written);
            assert_eq!(row.country().as_str(), &cells[1][..2]);
            assert_eq!(row.population(), cells[12].parse().unwrap_or(0));
            assert_eq!(row.gb(), cells[10].parse().ok());
            assert_eq!(gazetteer.by_id(cells[0]), Some(place));
            assert_eq!(row.level().is_none(), cells[2] == "country");
        }
        assert_eq!(gazetteer.by_id("gn:0"), None);

        let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for cells in cells(include_str!("../../gazetteer/names.tsv")) {
            if !cells[1].starts_with("cc:") {
                ids.entry(cells[0]).or_default().push(cells[1]);
            }
        }
        for (name, ids) in ids {
            let found: Vec<&str> = gazetteer
                .lookup(name)
                .filter_map(|sense| match sense {
                    Sense::Place(row, _) => Some(gazetteer.row(row).id()),
                    Sense::Country(..) => None,
                })
                .collect();
            assert_eq!(found, ids, "{name}");
            let whole = gazetteer.matches(name).first().map(|found| (found.start, found.end));
            assert_eq!(whole, Some((0, name.len())), "{name}");
        }
        for cells in cells(include_str!("../../gazetteer/common_words.tsv")) {
            let person = matches!(cells[3], "person" | "name");
            let kind = if person { Common::Person } else { Common::Word };
            // 刚果 alone is the name of neither country.
            if gazetteer.lookup(cells[0]).is_empty() {
                continue;
            }
            assert_eq!(gazetteer.common(cells[0]), Some(kind), "{}", cells[0]);
        }
        for cells in cells(include_str!("../../gazetteer/translit.tsv")) {
            let count = gazetteer.transliterates(cells[0].chars().next().unwrap());
            assert_eq!(count.to_string(), cells[1], "{}", cells[0]);
        }
        assert_eq!(gazetteer.abbreviation('日'), CountryCode::new("JP"));
        assert_eq!(gazetteer.abbreviation('猫'), None);
    }

    fn small() -> Vec<u8> {
        let head =
            "id\tcountry\tlevel\tparent\tname\tlatin\tlat\tlon\tgeonames\tiso\tgb\tqid\tpopulation";
        compile::compile(&compile::Tables {
            places: &format!(
                "{head}\nx:HU:a\tHU\tcity\t\t帕克斯市\tPaks\t46.6\t18.8\t1\t\t\t\t20000\n"
            ),
            names: "name\tid\tkind\n帕克斯\tx:HU:a\tshort\n帕克斯市\tx:HU:a\tfull\n",
            countries: "name\tcode\tkind\n匈\tHU\tabbreviation\n匈牙利\tHU\tshort\n",
            common_words: "name\ttag\tfrequency\tnote\n",
            translit: "char\tcount\n克\t7\n",
        })
        .unwrap()
    }

    #[test]
    fn every_name_is_found_wherever_it_stands() {
        let names = [
            "克",
            "克伊",
            "克伊市",
            "克伊市区",
            "克伊市区里",
            "伊市",
            "𠮷",
            "𠮷市",
            "市𠮷",
            "里𠮷克伊",
            "里𠮷克",
        ];
        let head =
            "id\tcountry\tlevel\tparent\tname\tlatin\tlat\tlon\tgeonames\tiso\tgb\tqid\tpopulation";
        let rows: String = names.iter().map(|name| format!("{name}\tx:HU:a\tshort\n")).collect();
        let image = compile::compile(&compile::Tables {
            places: &format!("{head}\nx:HU:a\tHU\tcity\t\t克\t\t\t\t\t\t\t\t\n"),
            names: &format!("name\tid\tkind\n{rows}"),
            countries: "name\tcode\tkind\n",
            common_words: "name\ttag\tfrequency\tnote\n",
            translit: "char\tcount\n",
        })
        .unwrap();
        let gazetteer = Gazetteer::of(image.leak()).unwrap();
        for text in ["克伊市区里𠮷克伊市\0克", "里𠮷克伊市𠮷𠮷市a克", "𠀀市", "", "克", "伊", "\0"]
        {
            let starts = text.char_indices().map(|(at, _)| at);
            let wanted: Vec<(usize, &str)> = starts
                .flat_map(|at| {
                    let mut here: Vec<&str> =
                        names.into_iter().filter(|name| text[at..].starts_with(name)).collect();
                    here.sort_by_key(|name| std::cmp::Reverse(name.len()));
                    here.into_iter().map(move |name| (at, name))
                })
                .collect();
            let found = gazetteer.matches(text).into_iter().map(|found| {
                assert_eq!(gazetteer.name(found.name), &text[found.start..found.end]);
                (found.start, gazetteer.name(found.name))
            });
            assert_eq!(found.collect::<Vec<_>>(), wanted, "{text:?}");
            let first = gazetteer.matches_at(text).map(|found| gazetteer.name(found.name));
            assert_eq!(first, wanted.first().filter(|(at, _)| *at == 0).map(|(_, name)| *name));
        }
        assert!(names.iter().all(|name| !gazetteer.lookup(name).is_empty()));
        assert!(gazetteer.lookup("伊").is_empty() && gazetteer.lookup("").is_empty());
    }

    #[test]
    fn a_broken_image_is_refused_or_reads_as_nothing_and_never_panics() {
        let image = small();
        // All of the head and of the small sections at the end, and here and there between.
        let places: Vec<usize> = (0..layout::HEAD + 64)
            .chain((0..image.len()).step_by(997))
            .chain(image.len().saturating_sub(400)..image.len())
            .collect();
        for &len in &places {
            assert!(Image::new(&image[..len]).is_err(), "cut at {len}");
        }
        for at in places {
            for flip in [0x01, 0x80, 0xff] {
                let mut broken = image.clone();
                broken[at] ^= flip;
                let Ok((image, _)) = Image::new(&broken) else { continue };
                for name in 0..image.names().min(8) {
                    let _ = (image.name(name), image.common(name));
                    for sense in image.senses(name) {
                        if let Sense::Place(row, _) = sense {
                            let _ = (image.row(row).place(None), image.row(row).parent());
                        }
                    }
                }
                let _ = image.find_row("x:HU:a");
                let _ = (image.abbreviation('匈'), image.transliterates('克'));
            }
        }
    }

    #[test]
    fn a_mistake_in_a_table_is_told_with_its_line() {
        let head =
            "id\tcountry\tlevel\tparent\tname\tlatin\tlat\tlon\tgeonames\tiso\tgb\tqid\tpopulation";
        let mistake = |places: &str, names: &str| {
            let wrong = compile::compile(&compile::Tables {
                places: &format!("{head}\n{places}"),
                names: &format!("name\tid\tkind\n{names}"),
                countries: "",
                common_words: "",
                translit: "",
            })
            .unwrap_err();
            format!("{}:{}: {}", wrong.table, wrong.line, wrong.message)
        };
        let good = "x:HU:a\tHU\tcity\t\t帕克斯市\tPaks\t46.6\t18.8\t1\t\t\t\t20000\n";
        assert_eq!(mistake("x:HU:a\tHU", ""), "places.tsv:2: expected 13 cells separated by tabs");
        assert_eq!(mistake(&good.replace("city", "moon"), ""), "places.tsv:2: unknown level");
        assert_eq!(mistake(&good.repeat(2), ""), "places.tsv:3: this id stands there twice",);
        assert_eq!(mistake(good, "帕克斯\tx:HU:b\tshort"), "names.tsv:2: no place has this id");
        assert_eq!(mistake(good, "帕克斯\tx:HU:a\tbest"), "names.tsv:2: unknown kind of name");
    }
}
