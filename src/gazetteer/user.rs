//! [`UserPlaces`]: places that a user adds, out of a table of their own.
//!
//! Nothing of such a file is trusted: its size, its lines and every cell are bounded, and
//! the first mistake is reported with its place and what to write instead. It is taken
//! whole or not at all.

use std::collections::HashMap;

use crate::{
    place::{CountryCode, Level},
    rule::DataError,
};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 16 << 20;
/// The most rows that it may have.
const MOST_ROWS: usize = 100_000;
/// The longest line, in bytes.
const LONGEST_LINE: usize = 4096;
/// The longest name, in characters.
const LONGEST_NAME: usize = 20;
/// The columns, in any order; the first two must be there.
const COLUMNS: [&str; 9] =
    ["name", "country", "level", "id", "parent", "lat", "lon", "geonames", "latin"];

/// The names of one file, each with its place, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct UserPlaces {
    rows: Vec<UserPlace>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UserPlace {
    pub(super) name: String,
    pub(super) country: CountryCode,
    pub(super) level: Level,
    pub(super) id: String,
    pub(super) parent: String,
    pub(super) position: Option<(f64, f64)>,
    pub(super) geonames: Option<u32>,
    pub(super) latin: String,
    line: usize,
}

/// Where something is wrong.
#[derive(Clone, Copy)]
struct At<'f> {
    file: &'f str,
    line: usize,
    column: usize,
}

impl At<'_> {
    fn error(self, message: impl Into<String>) -> DataError {
        let Self { file, line, column } = self;
        DataError { file: file.to_owned(), line, column, message: message.into() }
    }
}

impl UserPlaces {
    /// Reads the table. `is_country` says whether there is such a country, `is_known` whether a string is the id of a listed place.
    ///
    /// # Errors
    ///
    /// At the first row that is not what it should be.
    pub(super) fn parse(
        file: &str,
        bytes: &[u8],
        is_country: impl Fn(CountryCode) -> bool,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, DataError> {
        let start = At { file, line: 1, column: 1 };
        if bytes.len() > LARGEST_FILE {
            return Err(start.error(format!("is larger than {} MB; split it", LARGEST_FILE >> 20)));
        }
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut lines = bytes.split(|&byte| byte == b'\n').enumerate().map(|(n, line)| {
            (At { file, line: n + 1, column: 1 }, line.strip_suffix(b"\r").unwrap_or(line))
        });
        let Some((at, head)) = lines.next().filter(|(_, line)| !line.is_empty()) else {
            return Err(start.error("is empty; the first line names the columns: name, country, …"));
        };
        let columns = columns(at, text(at, head)?)?;
        let mut rows = Vec::new();
        for (at, line) in lines {
            if line.is_empty() {
                continue;
            }
            if rows.len() == MOST_ROWS {
                return Err(at.error(format!("has more than {MOST_ROWS} rows; split it")));
            }
            rows.push(UserPlace::new(at, text(at, line)?, &columns, &is_country)?);
        }
        agree(file, &rows)?;
        let ids: HashMap<&str, ()> = rows.iter().map(|row| (row.id.as_str(), ())).collect();
        for row in &rows {
            let parent = row.parent.as_str();
            if !parent.is_empty() && !ids.contains_key(parent) && !is_known(parent) {
                return Err(At { file, line: row.line, column: 1 }.error(format!(
                    "no place has the parent's id {parent:?}; `youcheng place` shows ids"
                )));
            }
            if parent == row.id {
                let at = At { file, line: row.line, column: 1 };
                return Err(at.error("a place is not its own parent; leave parent empty"));
            }
        }
        Ok(Self { rows })
    }

    pub(super) fn rows(&self) -> &[UserPlace] {
        &self.rows
    }
}

/// A line as text, without what no table holds.
fn text<'l>(at: At<'_>, line: &'l [u8]) -> Result<&'l str, DataError> {
    if line.len() > LONGEST_LINE {
        return Err(at.error(format!("a line has at most {LONGEST_LINE} bytes")));
    }
    let column = |upto: usize| String::from_utf8_lossy(&line[..upto]).chars().count() + 1;
    let text = std::str::from_utf8(line).map_err(|error| {
        let column = column(error.valid_up_to());
        At { column, ..at }.error("is not UTF-8; save the table as UTF-8 text")
    })?;
    match text.char_indices().find(|&(_, c)| c.is_control() && c != '\t') {
        Some((upto, c)) => Err(At { column: column(upto), ..at }
            .error(format!("holds the control character U+{:04X}; remove it", u32::from(c)))),
        None => Ok(text),
    }
}

/// Which cell holds which column.
fn columns(at: At<'_>, head: &str) -> Result<Vec<usize>, DataError> {
    let mut found = Vec::new();
    let mut column = 1;
    for name in head.split('\t') {
        let here = At { column, ..at };
        let Some(known) = COLUMNS.iter().position(|known| *known == name.trim()) else {
            let all = COLUMNS.join(", ");
            return Err(here.error(format!("there is no column {name:?}; take of: {all}")));
        };
        if found.contains(&known) {
            return Err(here.error(format!("the column {name:?} is there twice")));
        }
        found.push(known);
        column += name.chars().count() + 1;
    }
    for (n, name) in COLUMNS.iter().enumerate().take(2) {
        if !found.contains(&n) {
            return Err(at.error(format!("the column {name:?} is missing; separate by tabs")));
        }
    }
    Ok(found)
}

impl UserPlace {
    fn new(
        at: At<'_>,
        line: &str,
        columns: &[usize],
        is_country: impl Fn(CountryCode) -> bool,
    ) -> Result<Self, DataError> {
        let mut cells = [""; COLUMNS.len()];
        let mut places = [at; COLUMNS.len()];
        let mut column = 1;
        let mut count = 0;
        for cell in line.split('\t') {
            if let Some(&known) = columns.get(count) {
                cells[known] = cell.trim();
                places[known] = At { column, ..at };
            }
            count += 1;
            column += cell.chars().count() + 1;
        }
        if count != columns.len() {
            return Err(at.error(format!(
                "has {count} cells where the first line names {}; separate them by single tabs",
                columns.len()
            )));
        }
        let [name, country, level, id, parent, lat, lon, geonames, latin] = cells;
        let [at_name, at_country, at_level, at_id, _, at_lat, at_lon, at_geonames, at_latin] =
            places;
        check_name(at_name, name)?;
        let code = CountryCode::new(country).filter(|&code| is_country(code)).ok_or_else(|| {
            at_country.error(format!(
                "{country:?} is no country; write the ISO 3166-1 alpha-2 code in capitals, as KZ"
            ))
        })?;
        let level = match level {
            "province" => Level::Province,
            "prefecture" => Level::Prefecture,
            "county" => Level::County,
            "district" => Level::District,
            "" | "city" => Level::City,
            "island" => Level::Island,
            _ => {
                return Err(at_level.error(format!(
                    "{level:?} is no level; take of: province, prefecture, county, district, city, island"
                )));
            }
        };
        let degree = |at: At<'_>, cell: &str, most: f64| match cell.parse::<f64>() {
            Ok(degree) if degree.abs() <= most => Ok(degree),
            _ => Err(at.error(format!("{cell:?} is no number of degrees from -{most} to {most}"))),
        };
        let position = match (lat, lon) {
            ("", "") => None,
            (_, "") => return Err(at_lon.error("lat without lon; fill both or none")),
            ("", _) => return Err(at_lat.error("lon without lat; fill both or none")),
            _ => Some((degree(at_lat, lat, 90.0)?, degree(at_lon, lon, 180.0)?)),
        };
        let geonames = match geonames {
            "" => None,
            digits => Some(digits.parse().ok().filter(|&id: &u32| id > 0).ok_or_else(|| {
                at_geonames.error(format!("{digits:?} is no GeoNames id; write its digits"))
            })?),
        };
        if latin.chars().count() > 100 {
            return Err(at_latin.error("a Latin name has at most 100 characters"));
        }
        let id = match (id, geonames) {
            ("", Some(geonames)) => format!("gn:{geonames}"),
            ("", None) => format!("x:{code}:{name}"),
            (id, _) if is_id(id) => id.to_owned(),
            _ => {
                return Err(at_id.error(format!(
                    "{id:?} is no id; write gn:, iso:, gb: or x: and what follows, or leave it empty"
                )));
            }
        };
        Ok(Self {
            name: name.to_owned(),
            country: code,
            level,
            id,
            parent: parent.to_owned(),
            position,
            geonames,
            latin: latin.to_owned(),
            line: at.line,
        })
    }
}

fn check_name(at: At<'_>, name: &str) -> Result<(), DataError> {
    let count = name.chars().count();
    let message = if name.is_empty() {
        "a row needs a name"
    } else if !name.chars().all(|c| is_han(c) || matches!(c, '·' | '-')) {
        "a name is written in Chinese characters, with · and - between them"
    } else if name.chars().filter(|&c| is_han(c)).count() < 2 {
        "a name has two characters or more: one would be found in every text"
    } else if count > LONGEST_NAME {
        "a name has at most 20 characters"
    } else if name.starts_with(['·', '-']) || name.ends_with(['·', '-']) {
        "· and - stand inside a name only"
    } else {
        return Ok(());
    };
    let shown: String = name.chars().take(LONGEST_NAME).collect();
    Err(at.error(format!("{shown:?}: {message}")))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '〇')
}

fn is_id(id: &str) -> bool {
    let rest = ["gn:", "iso:", "gb:", "x:"].iter().find_map(|head| id.strip_prefix(head));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest.len() <= 80
            && !rest.contains(|c: char| c.is_whitespace() || "<>\"{}|\\^`".contains(c))
    })
}

/// Refuses rows of which at most one can be true.
fn agree(file: &str, rows: &[UserPlace]) -> Result<(), DataError> {
    let mut by_name: HashMap<(&str, CountryCode), &UserPlace> = HashMap::new();
    let mut by_id: HashMap<&str, &UserPlace> = HashMap::new();
    for row in rows {
        let at = At { file, line: row.line, column: 1 };
        if let Some(other) = by_name.insert((&row.name, row.country), row)
            && other.id != row.id
        {
            return Err(at.error(format!(
                "{} is already {} in line {}; keep one of both rows",
                row.name, other.id, other.line
            )));
        }
        if let Some(other) = by_id.insert(&row.id, row) {
            let what = if other.country != row.country {
                "country"
            } else if other.level != row.level {
                "level"
            } else if other.position != row.position {
                "position"
            } else if other.parent != row.parent {
                "parent"
            } else if other.geonames != row.geonames {
                "GeoNames id"
            } else {
                continue;
            };
            return Err(at.error(format!(
                "{} has another {what} in line {}; give one, or another id",
                row.id, other.line
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(table: impl AsRef<[u8]>) -> Result<UserPlaces, DataError> {
        let is_country = |code: CountryCode| ["KZ", "KR", "CN"].contains(&code.as_str());
        UserPlaces::parse("my.tsv", table.as_ref(), is_country, |id| id == "gn:1526392")
    }

    #[track_caller]
    fn refuses(table: impl AsRef<[u8]>, line: usize, column: usize, message: &str) {
        let error = parse(table).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{error}");
        assert!(error.message.contains(message), "{error}");
    }

    #[test]
    fn a_sound_table_is_taken() {
        let table = "\u{feff}name\tcountry\tlevel\tparent\tlat\tlon\tgeonames\r\n\
                     幸福镇\tKZ\tcity\tgn:1526392\t43.2\t76.9\t\r\n\r\n幸福\tKZ\tcity\tgn:1526392\t43.2\t76.9\t\n";
        // The second is another name; without an id it is another place.
        let places = parse(table).unwrap();
        let ids: Vec<&str> = places.rows().iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["x:KZ:幸福镇", "x:KZ:幸福"]);
        assert_eq!(places.rows()[0].position, Some((43.2, 76.9)));
    }

    #[test]
    fn what_is_broken_is_named_with_line_column_and_remedy() {
        refuses("", 1, 1, "is empty");
        refuses("name\tland\n", 1, 6, "there is no column \"land\"");
        refuses("name\tname\n", 1, 6, "twice");
        refuses("name\n", 1, 1, "\"country\" is missing");
        refuses("name,country\n", 1, 1, "there is no column");
        refuses("name\tcountry\n幸福镇\n", 2, 1, "has 1 cells");
        refuses("name\tcountry\n幸福镇\tKZ\tx\n", 2, 1, "has 3 cells");
        refuses("name\tcountry\n\n福\tKZ\n", 3, 1, "two characters");
        refuses("name\tcountry\nAlmaty\tKZ\n", 2, 1, "Chinese characters");
        refuses("name\tcountry\n幸福镇\tkz\n", 2, 5, "ISO 3166-1");
        refuses("name\tcountry\n幸福镇\tXX\n", 2, 5, "\"XX\" is no country");
        refuses("name\tcountry\tlevel\n幸福镇\tKZ\tvillage\n", 2, 8, "is no level");
        refuses("name\tcountry\tlat\tlon\n幸福镇\tKZ\t91\t0\n", 2, 8, "degrees");
        refuses("name\tcountry\tlat\tlon\n幸福镇\tKZ\tNaN\t0\n", 2, 8, "degrees");
        refuses("name\tcountry\tlat\tlon\n幸福镇\tKZ\t9\t\n", 2, 10, "fill both");
        refuses("name\tcountry\tgeonames\n幸福镇\tKZ\t-4\n", 2, 8, "GeoNames id");
        refuses("name\tcountry\tid\n幸福镇\tKZ\tabc\n", 2, 8, "is no id");
        refuses("name\tcountry\tparent\n幸福镇\tKZ\tgn:7\n", 2, 1, "parent's id");
        refuses("name\tcountry\tid\tparent\n幸福镇\tKZ\tx:a\tx:a\n", 2, 1, "its own parent");
    }

    #[test]
    fn hostile_bytes_are_named() {
        refuses(b"name\tcountry\n\xd0\xd2\tKZ\n", 2, 1, "not UTF-8");
        refuses("name\tcountry\n幸\0福\tKZ\n", 2, 2, "U+0000");
        refuses(format!("name\tcountry\n{}\tKZ\n", "福".repeat(5000)), 2, 1, "at most 4096 bytes");
        refuses(
            format!("name\tcountry\n{}", "幸福\tKZ\n".repeat(100_001)),
            100_002,
            1,
            "100000 rows",
        );
        refuses(vec![b'a'; LARGEST_FILE + 1], 1, 1, "larger than 16 MB");
    }

    #[test]
    fn rows_that_contradict_each_other_are_named_both() {
        refuses(
            "name\tcountry\tgeonames\n幸福镇\tKZ\t7\n幸福镇\tKZ\t8\n",
            3,
            1,
            "幸福镇 is already gn:7 in line 2",
        );
        refuses(
            "name\tcountry\tgeonames\n幸福镇\tKZ\t7\n幸福县\tKR\t7\n",
            3,
            1,
            "another country in line 2",
        );
        assert!(parse("name\tcountry\n幸福镇\tKZ\n幸福镇\tKZ\n").is_ok());
    }
}
