//! [`Need`]: what a sentence must hold for a pattern, or a part of it, to fit.

use super::{
    lexicon::{self, Classes, Lexicon, Marked, Symbols},
    pattern::{Node, Times, What},
    program::Step,
};

/// What a sentence must hold for a pattern to fit: one of these.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    pub(super) classes: Classes,
    /// Symbols of mentions.
    symbols: Symbols,
    chars: Vec<char>,
}

impl Need {
    /// A word of one of some classes.
    pub(super) fn of_classes(classes: Classes) -> Self {
        Self { classes, ..Self::default() }
    }

    /// One of some characters.
    pub(super) fn of_chars(chars: &[char]) -> Self {
        let mut need = Self::default();
        need.add_chars(chars);
        need
    }

    fn add_chars(&mut self, chars: &[char]) {
        for &c in chars {
            match lexicon::symbol(c) {
                0 => self.chars.push(c),
                symbol => self.symbols |= symbol,
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.classes |= other.classes;
        self.symbols |= other.symbols;
        self.chars.extend(&other.chars);
    }

    /// Whether one of them begins at a character.
    pub(super) fn begins(&self, text: &Marked, at: usize) -> bool {
        let here = text.here(at);
        here.classes & self.classes != 0
            || here.symbols & self.symbols != 0
            || !self.chars.is_empty() && text.chars.get(at).is_some_and(|c| self.chars.contains(c))
    }

    /// Whether it can begin only where a word of a class or a symbol stands.
    pub(super) fn is_marked(&self) -> bool {
        self.chars.is_empty()
    }

    /// Whether a text holds one of them.
    pub(super) fn is_in(&self, text: &Marked) -> bool {
        self.classes & text.all.classes != 0
            || self.symbols & text.all.symbols != 0
            || self.chars.iter().any(|c| text.chars.contains(c))
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
        Step::Char(c) => need.add_chars(&[*c]),
        Step::Symbol(symbols) => need.add_chars(symbols),
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

/// What every match of a sequence holds, in order.
pub(super) fn collect(sequence: &[Node], lexicon: &Lexicon, needs: &mut Vec<Need>) {
    for node in sequence {
        match &node.what {
            What::Class(name) => needs.push(Need::of_classes(class(lexicon, name))),
            What::Symbol(symbols) => needs.push(Need::of_chars(symbols)),
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
        one.add(&need);
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
            all.add(&need);
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
        What::Char(c) => (Need::of_chars(&[*c]), false),
        What::Symbol(symbols) => (Need::of_chars(symbols), false),
        What::Class(name) => (Need::of_classes(class(lexicon, name)), false),
        What::Gap { .. } | What::Begin | What::End => return None,
        What::Group(_, inner) => first(inner, lexicon)?,
        What::Repeat(inner, times) => {
            let (need, empty) = first_of(inner, lexicon)?;
            (need, empty || *times != Times::Some)
        }
    })
}
