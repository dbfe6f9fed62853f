//! In which country the cells of a row lie, and the lines below a heading: 日本:.

use super::{Of, places::Found};
use crate::{
    place::CountryCode,
    segment::{Passage, PassageKind},
};

/// Longer lines are no lines of a list, in characters.
const LONGEST_LINE: usize = 80;
/// What a heading may have beside its country, in characters.
const BESIDE: usize = 4;

/// For each passage the country that is open at the start of its cells, by what the
/// first reading found: the only one that a row names, before or after the city; else
/// that of the row above, where cells are merged; else that of the heading.
pub(super) fn countries(
    clean: &str,
    passages: &[Passage],
    found: &[Vec<Found>],
) -> Vec<Option<CountryCode>> {
    let mut heading = None;
    let mut above: Option<(u16, Option<CountryCode>)> = None;
    let mut open = Vec::with_capacity(passages.len());
    for (passage, found) in passages.iter().zip(found) {
        let text = &clean[passage.span.range()];
        let own = only(found);
        if let PassageKind::Row { table, .. } = passage.kind {
            let merged = above.filter(|above| above.0 == table).and_then(|above| above.1);
            let country = match own {
                Named::None => merged.or(heading),
                Named::One(code) => Some(code),
                Named::Several => None,
            };
            above = Some((table, country));
            open.push(country);
            continue;
        }
        above = None;
        let short = text.chars().nth(LONGEST_LINE).is_none();
        match own {
            _ if !short => heading = None,
            Named::One(code) if is_heading(text, found) => heading = Some(code),
            Named::None if text.contains('洲') || starts_section(text) => heading = None,
            _ => {}
        }
        open.push(heading.filter(|_| short && matches!(own, Named::None)));
    }
    open
}

/// The countries that a passage names.
enum Named {
    None,
    One(CountryCode),
    Several,
}

fn only(found: &[Found]) -> Named {
    let mut named = Named::None;
    for found in found {
        if let Of::Country(code) = found.of
            && !code.is_chinese()
        {
            named = match named {
                Named::None => Named::One(code),
                Named::One(known) if known == code => named,
                _ => return Named::Several,
            };
        }
    }
    named
}

/// Whether a line names a country and next to nothing else: 二、日本(3个):.
fn is_heading(text: &str, found: &[Found]) -> bool {
    let named: usize = match found {
        [one] => text[one.start..one.end].chars().count(),
        _ => return false,
    };
    text.chars().filter(|c| c.is_alphanumeric()).count() <= named + BESIDE
}

/// Whether a line begins with a Chinese number: 二、友好交流城市.
fn starts_section(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '（', ' ']);
    let rest =
        text.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    rest.len() < text.len() && rest.starts_with(['、', ')', '）', '.'])
}
