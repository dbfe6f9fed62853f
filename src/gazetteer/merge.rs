//! A user's places among those of the program: the tables are taken out of the image, the
//! user's rows put in, and all is compiled again. That costs a third of a second where it is
//! asked for, and leaves nothing for anyone else to know about it.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
};

use super::{
    compile::{Tables, compile},
    image::Image,
    layout::{KINDS, LEVELS},
    name::{Common, Sense},
    user::{UserPlace, UserPlaces},
};
use crate::place::Level;

/// A place that a user names counts as one that everybody knows.
const WELL_KNOWN: u32 = 1_000_000;

/// The image of the tables with a user's places in them. Where a name is the user's, it
/// means what the user says and nothing else.
///
/// # Errors
///
/// What is wrong with the tables; the user's rows are checked before.
pub(super) fn merged(image: &Image<'_>, user: &UserPlaces) -> Result<Vec<u8>, String> {
    let own: HashSet<&str> = user.rows().iter().map(|row| row.name.as_str()).collect();
    let mut of_id: BTreeMap<&str, &UserPlace> = BTreeMap::new();
    for row in user.rows() {
        of_id.entry(&row.id).or_insert(row);
    }
    let places = places(image, &of_id);
    let (mut names, mut countries) =
        ("name\tid\tkind\n".to_owned(), "name\tcode\tkind\n".to_owned());
    let mut common = "name\ttag\tfrequency\tnote\n".to_owned();
    for number in 0..image.names() {
        let name = image.name(number);
        if own.contains(name) {
            continue;
        }
        for sense in image.senses(number) {
            // Writing into a string cannot fail.
            let _ = match sense {
                Sense::Country(code, kind) => {
                    writeln!(countries, "{name}\t{code}\t{}", kind.name())
                }
                Sense::Place(row, kind) => {
                    writeln!(names, "{name}\t{}\t{}", image.row(row).id(), kind.name())
                }
            };
        }
        let _ = match image.common(number) {
            Some(Common::Person) => writeln!(common, "{name}\t\t\tperson"),
            Some(Common::Word) => writeln!(common, "{name}\t\t\tword"),
            None => Ok(()),
        };
    }
    for (c, code) in image.abbreviations() {
        let _ = writeln!(countries, "{c}\t{code}\tabbreviation");
    }
    for row in user.rows() {
        let _ = writeln!(names, "{}\t{}\t{}", row.name, row.id, KINDS[0]);
    }
    let mut translit = "char\tcount\n".to_owned();
    for (c, count) in image.transliteration() {
        let _ = writeln!(translit, "{c}\t{count}");
    }
    compile(&Tables {
        places: &places,
        names: &names,
        countries: &countries,
        common_words: &common,
        translit: &translit,
    })
    .map_err(|wrong| format!("{}:{}: {}", wrong.table, wrong.line, wrong.message))
}

/// The table of places: the user's rows replace those with their ids, cell by cell.
fn places(image: &Image<'_>, user: &BTreeMap<&str, &UserPlace>) -> String {
    let mut table =
        "id\tcountry\tlevel\tparent\tname\tlatin\tlat\tlon\tgeonames\tiso\tgb\tqid\tpopulation\n"
            .to_owned();
    let mut listed = HashSet::new();
    let mut line = |cells: [&str; 8], position: Option<(f64, f64)>, numbers: [Option<u32>; 3]| {
        let [id, country, level, parent, name, latin, iso, wikidata] = cells;
        let (lat, lon) =
            position.map_or_else(Default::default, |(lat, lon)| (lat.to_string(), lon.to_string()));
        let [geonames, gb, population] =
            numbers.map(|number| number.map_or_else(String::new, |number| number.to_string()));
        // Writing into a string cannot fail.
        let _ = writeln!(
            table,
            "{id}\t{country}\t{level}\t{parent}\t{name}\t{latin}\t{lat}\t{lon}\t{geonames}\t{iso}\t{gb}\t{wikidata}\t{population}"
        );
    };
    for number in (0..image.rows()).filter_map(|row| u32::try_from(row).ok()) {
        let row = image.row(number);
        let parent = row.parent().map_or("", |parent| image.row(parent).id());
        let own = user.get(row.id());
        if own.is_some() {
            listed.insert(row.id());
        }
        let country = own.map_or(row.country(), |own| own.country);
        let numbers = [
            own.and_then(|own| own.geonames).or(row.geonames()),
            row.gb(),
            Some(row.population().max(own.map_or(0, |_| WELL_KNOWN))),
        ];
        line(
            [
                row.id(),
                country.as_str(),
                own.map_or(row.level(), |own| Some(own.level)).map_or(LEVELS[0], level),
                own.map(|own| own.parent.as_str()).filter(|id| !id.is_empty()).unwrap_or(parent),
                own.map_or(row.name(), |own| &own.name),
                own.map(|own| own.latin.as_str())
                    .filter(|it| !it.is_empty())
                    .unwrap_or(row.latin()),
                row.iso(),
                row.wikidata(),
            ],
            own.and_then(|own| own.position).or(row.position()),
            numbers,
        );
    }
    for (id, own) in user {
        if listed.contains(id) {
            continue;
        }
        let parent = match own.parent.as_str() {
            "" => format!("cc:{}", own.country),
            id => id.to_owned(),
        };
        line(
            [id, own.country.as_str(), level(own.level), &parent, &own.name, &own.latin, "", ""],
            own.position,
            [own.geonames, None, Some(WELL_KNOWN)],
        );
    }
    table
}

/// The level as the tables write it.
fn level(level: Level) -> &'static str {
    match level {
        Level::District => "adm2",
        level => level.name(),
    }
}
