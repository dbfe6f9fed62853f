//! [`People`]: the persons of a sentence, each with the office that stands before the name.

use super::{
    rules::{Persons, WHO},
    told::Told,
};
use crate::{
    agreement::Party,
    particulars::Signatory,
    place::{CountryCode, Place},
    recognise::Of,
    relate::shadow::Symbol,
    text::{Clean, Span},
};

/// A person.
#[derive(Debug)]
pub(super) struct Person {
    name: Span<Clean>,
    office: Span<Clean>,
    /// The place whose officer it is, as a mention.
    place: Option<usize>,
    /// Whether 我市 or the like stands before the office.
    own: bool,
    /// Whether the office is one of a local government.
    signs: bool,
}

/// A sentence in which every person, with office and place, is one symbol.
#[derive(Debug)]
pub(super) struct People {
    pub(super) text: String,
    /// Where in the text each stands.
    people: Vec<(usize, Person)>,
}

impl People {
    pub(super) fn of(persons: &Persons, told: &Told<'_>) -> Self {
        let shadow = &told.shadow.text;
        let mut text = String::with_capacity(shadow.len());
        let mut people = Vec::new();
        let (mut done, mut from) = (0, 0);
        let may_fit = !persons.known.may_fit(shadow).is_empty();
        while let Some(found) = may_fit.then(|| persons.pattern.captures_at(shadow, from)).flatten()
        {
            let Some(name) = found.name("name") else { break };
            let short = found.name("short");
            let Some(office) = found.name("office").or(short) else { break };
            from = name.end().max(from + 1);
            let (begin, place) = begins(persons, told, office.start());
            let before = &shadow[done.min(begin)..begin];
            let ends = |words: &[String]| words.iter().any(|it| before.ends_with(it.as_str()));
            let of_several = place.is_none() && ends(&persons.several) || ends(&persons.both);
            let is_name = !persons.not_names.is_match(name.as_str())
                && !persons.not_first.iter().any(|it| name.as_str().starts_with(it.as_str()))
                && name.as_str().chars().filter(|c| !matches!(c, '·' | '•')).count() >= 2;
            if of_several || !is_name || begin < done {
                from = office.end();
                continue;
            }
            let mut office_at = told.clean_at(office.start());
            if short.is_some() {
                // 海口市长: 市 belongs to both.
                let last = told.clean[..office_at as usize].chars().next_back();
                office_at -= last.map_or(0, |c| u32::try_from(c.len_utf8()).unwrap_or(0));
            }
            let trimmed = name.as_str().trim_end_matches([' ', '·']);
            let person = Person {
                name: told.span(name.start(), name.start() + trimmed.len()),
                office: Span::new(office_at as usize..told.clean_at(office.end()) as usize),
                place,
                own: ends(&persons.own),
                signs: !persons.not_signing.is_match(office.as_str()),
            };
            text.push_str(&shadow[done..begin]);
            people.push((text.len(), person));
            text.push(WHO);
            done = name.end();
        }
        text.push_str(&shadow[done..]);
        Self { text, people }
    }

    /// Those who stand in a stretch of the text, with the party for which they sign; nobody if
    /// one of them signs for neither.
    pub(super) fn signatories(
        &self,
        (start, end): (usize, usize),
        told: &Told<'_>,
        parties: &[Party; 2],
        alone: bool,
    ) -> Vec<Signatory> {
        let here: Vec<&Person> = self
            .people
            .iter()
            .filter(|(at, _)| (start..end).contains(at))
            .map(|(_, person)| person)
            .collect();
        let mut found: Vec<(usize, &Person)> = Vec::new();
        for person in &here {
            if !person.signs {
                return Vec::new();
            }
            let party = match person.place.map(|at| &told.mentions[at].of) {
                Some(Of::Place(place)) => parties.iter().position(|it| it.place.key == place.key),
                Some(_) => None,
                None if alone => self.unplaced(person, &here, told, parties),
                None => None,
            };
            match party {
                Some(party) => found.push((party, person)),
                // Of a pair of many in one sentence.
                None if !alone => {}
                None => return Vec::new(),
            }
        }
        // Two unplaced names of one side: nobody can tell.
        let doubled = found.iter().enumerate().any(|(n, (party, person))| {
            person.place.is_none()
                && found.iter().enumerate().any(|(m, (other, _))| n != m && other == party)
        });
        if doubled {
            return Vec::new();
        }
        found
            .into_iter()
            .map(|(party, it)| Signatory { name: it.name, office: it.office, party: Some(party) })
            .collect()
    }

    /// The party of someone whose office names no place: ours, if the name may be a Chinese
    /// one; the other, if the first is ours and the name can be none.
    fn unplaced(
        &self,
        person: &Person,
        here: &[&Person],
        told: &Told<'_>,
        parties: &[Party; 2],
    ) -> Option<usize> {
        let chinese = |party: &Party| party.place.country.is_some_and(CountryCode::is_chinese);
        if !chinese(&parties[0]) || chinese(&parties[1]) {
            return None;
        }
        let name = &told.clean[person.name.range()];
        let may_be_chinese = !name.contains(['·', '•', ' ']) && name.chars().count() <= 4;
        if person.own {
            return Some(0);
        }
        let other_is = |party: usize| {
            here.iter().any(|other| {
                let place = other.place.map(|at| &told.mentions[at].of);
                matches!(place, Some(Of::Place(it)) if it.key == parties[party].place.key)
            })
        };
        match may_be_chinese {
            true if !other_is(0) => Some(0),
            false if !other_is(1) => Some(1),
            _ => None,
        }
    }
}

/// Where an office begins, with the places before it, and the last of these.
fn begins(persons: &Persons, told: &Told<'_>, office: usize) -> (usize, Option<usize>) {
    let text = &told.shadow.text;
    let mut at = office;
    loop {
        let before = &text[..at];
        if let Some(organ) = persons.organs.iter().find(|organ| before.ends_with(organ.as_str())) {
            at -= organ.len();
            continue;
        }
        let place = before
            .chars()
            .next_back()
            .and_then(Symbol::of_char)
            .filter(|symbol| !matches!(symbol, Symbol::Date | Symbol::Number));
        if place.is_none() {
            break;
        }
        at -= before.chars().next_back().map_or(0, char::len_utf8);
    }
    let items = told.shadow.items_in(at, office);
    let place = items.iter().rev().find_map(|item| {
        let place = matches!(item.symbol, Symbol::Chinese | Symbol::Foreign);
        item.mention.filter(|_| place)
    });
    // Nothing but 的 or 政府 before it: that is no part of the office.
    items.first().map_or((office, None), |first| (first.at, place))
}

/// The place that a mention names.
pub(super) fn place(of: &Of) -> Option<&std::sync::Arc<Place>> {
    match of {
        Of::Place(place) => Some(place),
        _ => None,
    }
}
