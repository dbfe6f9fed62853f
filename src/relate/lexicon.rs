//! [`Lexicon`]: all words of all classes; [`Marked`]: a shadow text with the places where
//! they stand, found once for all rules.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

use super::{
    pattern::Over,
    program::Todo,
    shadow::{Shadow, Symbol},
};

/// A set of classes.
pub(super) type Classes = u128;

/// A set of symbols of mentions.
pub(super) type Symbols = u8;

/// The set of the symbol that a character is; empty, if it is none.
pub(super) fn symbol(c: char) -> Symbols {
    Symbol::of_char(c).map_or(0, |symbol| 1 << symbol as Symbols)
}

/// The words of all classes.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// The classes, by name.
    ids: BTreeMap<String, usize>,
    /// The words by their first character, the longest first, with their classes.
    words: HashMap<char, Vec<(Vec<char>, Classes)>>,
    /// A bit for each character of the basic plane with which a word begins; longer ones
    /// are looked up.
    first: Vec<u64>,
    /// Inside the words of this class no other word is meant.
    whole: Classes,
}

/// The class of words in which no other word is meant: 同意 is no 同.
const WHOLE: &str = "WHOLE";

impl Lexicon {
    /// Takes the words of some classes; `None` if there are too many classes.
    pub(super) fn new(classes: &BTreeMap<String, Vec<String>>) -> Option<Self> {
        let mut lexicon = Self::default();
        let mut all: BTreeMap<Vec<char>, Classes> = BTreeMap::new();
        for (id, (name, words)) in classes.iter().enumerate() {
            let bit = Classes::checked_shl(1, u32::try_from(id).ok()?)?;
            lexicon.ids.insert(name.clone(), id);
            for word in words {
                *all.entry(word.chars().collect()).or_default() |= bit;
            }
        }
        for (word, classes) in all {
            let Some(first) = word.first() else { continue };
            lexicon.words.entry(*first).or_default().push((word, classes));
        }
        lexicon.whole = lexicon.id(WHOLE).map_or(0, |id| 1 << id);
        lexicon.first = vec![0; 1 << 10];
        for c in lexicon.words.keys() {
            let c = *c as usize & 0xFFFF;
            lexicon.first[c / 64] |= 1 << (c % 64);
        }
        for words in lexicon.words.values_mut() {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Some(lexicon)
    }

    /// The words that begin with a character.
    fn beginning(&self, c: char) -> &[(Vec<char>, Classes)] {
        let bit = c as usize & 0xFFFF;
        if self.first.get(bit / 64).is_none_or(|bits| bits & (1 << (bit % 64)) == 0) {
            return &[];
        }
        self.words.get(&c).map_or(&[], Vec::as_slice)
    }

    /// The number of a class.
    pub(super) fn id(&self, class: &str) -> Option<usize> {
        self.ids.get(class).copied()
    }
}

/// A word of the lexicon at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// In characters.
    pub(super) len: u32,
    pub(super) classes: Classes,
}

/// What begins at one character.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Here {
    /// The classes of the words.
    pub(super) classes: Classes,
    /// The symbol.
    pub(super) symbols: Symbols,
}

/// What a search needs room for, kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// A bit for each step at each character: tried.
    pub(super) seen: Vec<u64>,
    pub(super) stack: Vec<Todo>,
}

/// A shadow text with its words.
#[derive(Debug)]
pub(super) struct Marked {
    pub(super) chars: Vec<char>,
    /// The byte at which each character begins, and the end.
    bytes: Vec<usize>,
    marks: Vec<Mark>,
    /// Where the marks of each character begin, and the end.
    at: Vec<u32>,
    /// What begins at each character, and at the end.
    here: Vec<Here>,
    /// The characters at which something begins.
    pub(super) begun: Vec<u32>,
    /// How far each kind of gap may reach from each character.
    reach: [Vec<u8>; Over::ALL.len()],
    /// What begins somewhere.
    pub(super) all: Here,
    pub(super) room: RefCell<Room>,
}

impl Marked {
    /// Finds the words of a shadow text.
    pub(super) fn new(lexicon: &Lexicon, shadow: &Shadow) -> Self {
        Self::of(lexicon, &shadow.text)
    }

    fn of(lexicon: &Lexicon, text: &str) -> Self {
        let mut chars: Vec<char> = Vec::with_capacity(text.len() / 2);
        let mut bytes = Vec::with_capacity(text.len() / 2);
        for (at, c) in text.char_indices() {
            chars.push(c);
            bytes.push(at);
        }
        bytes.push(text.len());
        let mut marked = Self {
            bytes,
            marks: Vec::new(),
            at: Vec::with_capacity(chars.len() + 1),
            here: Vec::with_capacity(chars.len() + 1),
            begun: Vec::new(),
            reach: Over::ALL.map(|over| reach(over, &chars)),
            all: Here::default(),
            room: RefCell::default(),
            chars: Vec::new(),
        };
        // The end of the word inside which no other one is meant.
        let mut inside = 0;
        for (n, c) in chars.iter().enumerate() {
            marked.at.push(small(marked.marks.len()));
            let mut here = Here { classes: 0, symbols: symbol(*c) };
            for (word, classes) in lexicon.beginning(*c) {
                if n + word.len() > inside && chars[n..].starts_with(word) {
                    if classes & lexicon.whole != 0 {
                        inside = n + word.len();
                    }
                    marked.marks.push(Mark { len: small(word.len()), classes: *classes });
                    here.classes |= *classes;
                }
            }
            if here.classes != 0 || here.symbols != 0 {
                marked.begun.push(small(n));
                marked.all.classes |= here.classes;
                marked.all.symbols |= here.symbols;
            }
            marked.here.push(here);
        }
        marked.at.push(small(marked.marks.len()));
        marked.here.push(Here::default());
        marked.chars = chars;
        marked
    }

    /// What begins at a character.
    pub(super) fn here(&self, at: usize) -> Here {
        self.here.get(at).copied().unwrap_or_default()
    }

    /// How many characters a gap may pass over from a character on.
    pub(super) fn reach(&self, over: Over, at: usize) -> usize {
        self.reach[over as usize].get(at).copied().unwrap_or(0).into()
    }

    /// The words that begin at a character, the longest first.
    pub(super) fn marks(&self, at: usize) -> &[Mark] {
        match (self.at.get(at), self.at.get(at + 1)) {
            (Some(from), Some(to)) => &self.marks[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// The byte at which a character begins.
    pub(super) fn byte(&self, at: usize) -> usize {
        self.bytes.get(at).or(self.bytes.last()).copied().unwrap_or(0)
    }

    /// The character that begins at a byte, or the next one.
    pub(super) fn char_at(&self, byte: usize) -> usize {
        self.bytes.partition_point(|at| *at < byte).min(self.chars.len())
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// How far a gap may reach from each character, as far as one is wide.
fn reach(over: Over, chars: &[char]) -> Vec<u8> {
    let mut reach = vec![0_u8; chars.len() + 1];
    for (n, c) in chars.iter().enumerate().rev() {
        if over.allows(*c) {
            reach[n] = reach[n + 1].saturating_add(1);
        }
    }
    reach
}
