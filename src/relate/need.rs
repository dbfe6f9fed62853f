//! [`Need`]: what a sentence must hold for a pattern, or a part of it, to fit.

use super::{
    lexicon::{Classes, Lexicon, Marked},
    pattern::{Node, Times, What},
    program::Step,
};

/// What a sentence must hold for a pattern to fit: one of these.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    pub(super) classes: Classes,
    pub(super) symbols: Vec<char>,
}

impl Need {
    /// Whether one of them begins at a character.
    pub(super) fn begins(&self, text: &Marked, at: usize) -> bool {
        text.chars.get(at).is_some_and(|c| self.symbols.contains(c))
            || self.classes != 0
                && text.marks(at).iter().any(|mark| mark.classes & self.classes != 0)
    }
}

pub(super) fn class(lexicon: &Lexicon, name: &str) -> Classes {
    lexicon.id(name).map_or(0, |id| 1 << id)
}

/// How many steps are looked at to tell what a text holds where a step fits.
const MOST_AHEAD: usize = 64;

/// Adds what the text holds where a step fits; whether that is known.
pub(super) fn ahead(steps: &[Step], step: usize, seen: &mut Vec<usize>, need: &mut Need) -> bool {
    if seen.contains(&step) {
        return true;
    }
    if seen.len() == MOST_AHEAD {
        return false;
    }
    seen.push(step);
    match &steps[step] {
        Step::Char(c) => need.symbols.push(*c),
        Step::Symbol(symbols) => need.symbols.extend(symbols),
        Step::Word(classes) => need.classes |= classes,
        Step::Save(_) => return ahead(steps, step + 1, seen, need),
        Step::Jump(to) => return ahead(steps, *to, seen, need),
        Step::Split(first, second) => {
            return ahead(steps, *first, seen, need) && ahead(steps, *second, seen, need);
        }
        Step::Gap { .. } | Step::Begin | Step::End | Step::Match => return false,
    }
    true
}

/// What every match of a sequence holds.
pub(super) fn collect(sequence: &[Node], lexicon: &Lexicon, needs: &mut Vec<Need>) {
    for node in sequence {
        match &node.what {
            What::Class(name) => {
                needs.push(Need { classes: class(lexicon, name), symbols: Vec::new() });
            }
            What::Symbol(symbols) => {
                needs.push(Need { classes: 0, symbols: symbols.clone() });
            }
            What::Group(_, inner) => match &inner[..] {
                [only] => collect(only, lexicon, needs),
                several => needs.extend(one_of(several, lexicon)),
            },
            What::Repeat(inner, Times::Some) => {
                collect(std::slice::from_ref(inner), lexicon, needs);
            }
            _ => {}
        }
    }
}

/// What one of some sequences holds, if each has something.
pub(super) fn one_of(several: &[Vec<Node>], lexicon: &Lexicon) -> Option<Need> {
    let mut one = Need::default();
    for sequence in several {
        let mut needs = Vec::new();
        collect(sequence, lexicon, &mut needs);
        let need = needs.into_iter().next()?;
        one.classes |= need.classes;
        one.symbols.extend(need.symbols);
    }
    Some(one)
}

/// What a match may begin with, and whether it may be empty; `None` if with anything.
pub(super) fn first(several: &[Vec<Node>], lexicon: &Lexicon) -> Option<(Need, bool)> {
    let mut all = Need::default();
    let mut any_empty = false;
    for sequence in several {
        let mut empty = true;
        for node in sequence {
            let (need, maybe) = first_of(node, lexicon)?;
            all.classes |= need.classes;
            all.symbols.extend(need.symbols);
            if !maybe {
                empty = false;
                break;
            }
        }
        any_empty |= empty;
    }
    Some((all, any_empty))
}

fn first_of(node: &Node, lexicon: &Lexicon) -> Option<(Need, bool)> {
    Some(match &node.what {
        What::Char(c) => (Need { classes: 0, symbols: vec![*c] }, false),
        What::Symbol(symbols) => (Need { classes: 0, symbols: symbols.clone() }, false),
        What::Class(name) => (Need { classes: class(lexicon, name), symbols: Vec::new() }, false),
        What::Gap { .. } | What::Begin | What::End => return None,
        What::Group(_, inner) => first(inner, lexicon)?,
        What::Repeat(inner, times) => {
            let (need, empty) = first_of(inner, lexicon)?;
            (need, empty || *times != Times::Some)
        }
    })
}
