//! [`Program`]: a pattern that can be looked for, in time that is linear in the sentence.
//!
//! A pattern becomes steps. They are tried with backtracking, the first way that fits
//! wins; a step that has failed at a character is never tried there again, so that no
//! sentence takes longer than its characters times the steps.

use super::{
    lexicon::{Classes, Lexicon, Marked},
    pattern::{Node, Over, Role, Times, What},
};

/// The steps times the width of their gaps that a pattern may have.
const MOST: usize = 20_000;

/// One step.
#[derive(Clone, Debug)]
enum Step {
    Char(char),
    Symbol(Vec<char>),
    /// A word of a class.
    Word(Classes),
    Gap {
        min: u8,
        max: u8,
        over: Over,
        greedy: bool,
    },
    Begin,
    End,
    /// Go on at the first, else at the second.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    Match,
}

/// What a sentence must hold for a pattern to fit: one of these.
#[derive(Clone, Debug, Default)]
struct Need {
    classes: Classes,
    symbols: Vec<char>,
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// What the text holds where a step behind a gap fits; `None` if that may be anything.
    ahead: Vec<Option<Need>>,
    /// Where in the pattern each step was written.
    written: Vec<(usize, usize)>,
    needs: Vec<Need>,
    /// What a match begins with; `None` if that may be anything.
    first: Option<Need>,
}

const SLOTS: usize = 2 * Role::ALL.len();

/// Where a pattern fits, in bytes of the shadow text.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) start: usize,
    pub(super) end: usize,
    roles: [Option<(usize, usize)>; Role::ALL.len()],
}

impl Match {
    /// Where a role stands.
    pub(super) fn get(&self, role: Role) -> Option<(usize, usize)> {
        self.roles[role as usize]
    }
}

/// How far a pattern came that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    /// The byte of the shadow text.
    pub(super) at: usize,
    /// The part of the pattern that is missing there.
    pub(super) missing: (usize, usize),
}

impl Program {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// If it would be too slow, with the reason.
    pub(super) fn new(pattern: &[Vec<Node>], lexicon: &Lexicon) -> Result<Self, String> {
        let mut compiler = Compiler { lexicon, steps: Vec::new(), written: Vec::new() };
        compiler.alternatives(pattern)?;
        compiler.push(Step::Match, (0, 0));
        let cost: usize = compiler
            .steps
            .iter()
            .map(|step| match step {
                Step::Gap { max, .. } => usize::from(*max).max(1),
                _ => 1,
            })
            .sum();
        if cost > MOST {
            return Err(format!(
                "the pattern takes {cost} steps at a character, and {MOST} is the most: make \
                 its gaps shorter, or use fewer shapes within shapes"
            ));
        }
        let Compiler { steps, mut written, .. } = compiler;
        // What is missing is told by the things that the pattern is a row of.
        for written in &mut written {
            let whole = pattern
                .iter()
                .flatten()
                .find(|node| node.at.0 <= written.0 && written.1 <= node.at.1);
            *written = whole.map_or(*written, |node| node.at);
        }
        let mut needs = Vec::new();
        if let [only] = pattern {
            collect_needs(only, lexicon, &mut needs);
        } else {
            needs.extend(one_of(pattern, lexicon));
        }
        let first = first(pattern, lexicon).filter(|(_, empty)| !empty).map(|(first, _)| first);
        let ahead = (0..steps.len())
            .map(|step| {
                let mut need = Need::default();
                matches!(steps[step.checked_sub(1)?], Step::Gap { .. })
                    .then(|| ahead(&steps, step, &mut Vec::new(), &mut need))
                    .filter(|known| *known)
                    .map(|_| need)
            })
            .collect();
        Ok(Self { steps, ahead, written, needs, first })
    }

    /// Whether a role is captured somewhere.
    pub(super) fn has(&self, role: Role) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Save(n) if n / 2 == role as usize))
    }

    /// Whether a sentence holds the words without which the pattern cannot fit.
    pub(super) fn may_fit(&self, text: &Marked, symbols: &[char]) -> bool {
        self.needs.iter().all(|need| {
            need.classes & text.classes != 0 || need.symbols.iter().any(|it| symbols.contains(it))
        })
    }

    /// The first place from a byte on where the pattern fits.
    pub(super) fn find(&self, text: &Marked, from: usize) -> Option<Match> {
        self.search(text, from).ok()
    }

    /// How far the pattern came, if it fits nowhere.
    pub(super) fn reach(&self, text: &Marked) -> Option<Reach> {
        self.search(text, 0).err()
    }

    fn search(&self, text: &Marked, from: usize) -> Result<Match, Reach> {
        let mut run = Run {
            program: self,
            text,
            seen: vec![0; (self.steps.len() * (text.chars.len() + 1)).div_ceil(64)],
            stack: Vec::new(),
            slots: [None; SLOTS],
            furthest: (0, 0),
        };
        for start in text.char_at(from)..=text.chars.len() {
            if self.first.as_ref().is_some_and(|first| !first.begins(text, start)) {
                continue;
            }
            if let Some(end) = run.from(start) {
                let mut roles = [None; Role::ALL.len()];
                for (n, role) in roles.iter_mut().enumerate() {
                    if let (Some(from), Some(to)) = (run.slots[2 * n], run.slots[2 * n + 1]) {
                        *role = Some((text.byte(from), text.byte(to)));
                    }
                }
                return Ok(Match { start: text.byte(start), end: text.byte(end), roles });
            }
        }
        let (step, at) = run.furthest;
        Err(Reach { at: text.byte(at), missing: self.written[step] })
    }
}

impl Need {
    fn begins(&self, text: &Marked, at: usize) -> bool {
        text.chars.get(at).is_some_and(|c| self.symbols.contains(c))
            || self.classes != 0
                && text.marks(at).iter().any(|mark| mark.classes & self.classes != 0)
    }
}

/// One search.
struct Run<'a> {
    program: &'a Program,
    text: &'a Marked,
    /// A bit for each step at each character: tried.
    seen: Vec<u64>,
    stack: Vec<Todo>,
    slots: [Option<usize>; SLOTS],
    /// The step that was tried furthest in the pattern, and where.
    furthest: (usize, usize),
}

enum Todo {
    Try(usize, usize),
    /// A way has failed: its capture is forgotten.
    Restore(usize, Option<usize>),
}

impl Run<'_> {
    /// Tries the pattern at a character; the character behind the match.
    fn from(&mut self, start: usize) -> Option<usize> {
        self.slots = [None; SLOTS];
        self.stack.clear();
        self.stack.push(Todo::Try(0, start));
        while let Some(todo) = self.stack.pop() {
            match todo {
                Todo::Restore(slot, old) => self.slots[slot] = old,
                Todo::Try(step, at) => {
                    if let Some(end) = self.follow(step, at) {
                        return Some(end);
                    }
                }
            }
        }
        None
    }

    /// Follows one way until it fails or fits.
    fn follow(&mut self, mut step: usize, mut at: usize) -> Option<usize> {
        let text = self.text;
        loop {
            let bit = step * (text.chars.len() + 1) + at;
            let (word, mask) = (bit / 64, 1_u64 << (bit % 64));
            if self.seen[word] & mask != 0 {
                return None;
            }
            self.seen[word] |= mask;
            self.furthest = self.furthest.max((step, at));
            let c = text.chars.get(at).copied();
            match &self.program.steps[step] {
                Step::Match => return Some(at),
                Step::Char(wanted) if c == Some(*wanted) => at += 1,
                Step::Symbol(wanted) if c.is_some_and(|c| wanted.contains(&c)) => at += 1,
                Step::Char(_) | Step::Symbol(_) => return None,
                Step::Word(classes) => {
                    let mut fitting =
                        text.marks(at).iter().filter(|mark| mark.classes & classes != 0);
                    let longest = fitting.next()?;
                    let shorter: Vec<usize> = fitting.map(|mark| at + mark.len as usize).collect();
                    let tries = shorter.into_iter().rev().map(|at| Todo::Try(step + 1, at));
                    self.stack.extend(tries);
                    at += longest.len as usize;
                }
                Step::Gap { min, max, over, greedy } => {
                    let (min, max) = (usize::from(*min), usize::from(*max));
                    let reach =
                        text.chars[at..].iter().take(max).take_while(|c| over.allows(**c)).count();
                    if reach < min {
                        return None;
                    }
                    let next = step + 1;
                    // Where what follows does not begin it is not tried, save at the widest:
                    // that tells how far the pattern came.
                    let ahead = self.program.ahead[next].as_ref();
                    let begins = |n: &usize| {
                        *n == reach || ahead.is_none_or(|ahead| ahead.begins(text, at + n))
                    };
                    let tried = |n: usize| Todo::Try(next, at + n);
                    if *greedy {
                        self.stack.extend((min..reach).filter(begins).map(tried));
                        at += reach;
                    } else {
                        let wider = (min + 1..=reach).rev();
                        self.stack.extend(wider.filter(begins).map(tried));
                        at += min;
                    }
                }
                Step::Begin => {
                    if c.is_some_and(|c| matches!(c, '，' | ',' | '、' | '：' | ':')) {
                        if at == 0 {
                            self.stack.push(Todo::Try(step + 1, at + 1));
                        } else {
                            at += 1;
                        }
                    } else if at != 0 {
                        return None;
                    }
                }
                Step::End => match c {
                    None => {}
                    Some('，' | ',' | '。' | '；' | ';' | '、' | ')' | '）') => at += 1,
                    Some(_) => return None,
                },
                Step::Split(first, second) => {
                    self.stack.push(Todo::Try(*second, at));
                    step = *first;
                    continue;
                }
                Step::Jump(to) => {
                    step = *to;
                    continue;
                }
                Step::Save(slot) => {
                    self.stack.push(Todo::Restore(*slot, self.slots[*slot]));
                    self.slots[*slot] = Some(at);
                }
            }
            step += 1;
        }
    }
}

struct Compiler<'a> {
    lexicon: &'a Lexicon,
    steps: Vec<Step>,
    written: Vec<(usize, usize)>,
}

impl Compiler<'_> {
    fn push(&mut self, step: Step, written: (usize, usize)) -> usize {
        self.steps.push(step);
        self.written.push(written);
        self.steps.len() - 1
    }

    fn alternatives(&mut self, all: &[Vec<Node>]) -> Result<(), String> {
        let mut jumps = Vec::new();
        for (n, sequence) in all.iter().enumerate() {
            let at = sequence.first().map_or((0, 0), |node| node.at);
            let split = (n + 1 < all.len()).then(|| self.push(Step::Split(0, 0), at));
            for node in sequence {
                self.node(node)?;
            }
            if let Some(split) = split {
                jumps.push(self.push(Step::Jump(0), at));
                self.steps[split] = Step::Split(split + 1, self.steps.len());
            }
        }
        for jump in jumps {
            self.steps[jump] = Step::Jump(self.steps.len());
        }
        if self.steps.len() > MOST {
            return Err(format!("the pattern has more than {MOST} steps: use fewer shapes"));
        }
        Ok(())
    }

    fn node(&mut self, node: &Node) -> Result<(), String> {
        let at = node.at;
        match &node.what {
            What::Char(c) => {
                self.push(Step::Char(*c), at);
            }
            What::Symbol(symbols) => {
                self.push(Step::Symbol(symbols.clone()), at);
            }
            What::Class(name) => {
                let classes = class(self.lexicon, name);
                self.push(Step::Word(classes), at);
            }
            What::Gap { min, max, over, greedy } => {
                let step = Step::Gap { min: *min, max: *max, over: *over, greedy: *greedy };
                self.push(step, at);
            }
            What::Begin => {
                self.push(Step::Begin, at);
            }
            What::End => {
                self.push(Step::End, at);
            }
            What::Group(role, inner) => {
                if let Some(role) = role {
                    self.push(Step::Save(2 * *role as usize), at);
                }
                let from = self.written.len();
                self.alternatives(inner)?;
                // What is inside was written in a pattern of its own, if it is a shape.
                for written in &mut self.written[from..] {
                    if written.0 < at.0 || written.1 > at.1 {
                        *written = at;
                    }
                }
                if let Some(role) = role {
                    self.push(Step::Save(2 * *role as usize + 1), at);
                }
            }
            What::Repeat(inner, times) => {
                let split = match times {
                    Times::Some => None,
                    Times::Maybe | Times::Any => Some(self.push(Step::Split(0, 0), at)),
                };
                let begin = self.steps.len();
                self.node(inner)?;
                match times {
                    Times::Maybe => {}
                    Times::Any => {
                        self.push(Step::Jump(begin - 1), at);
                    }
                    Times::Some => {
                        let split = self.steps.len();
                        self.push(Step::Split(begin, split + 1), at);
                    }
                }
                if let Some(split) = split {
                    self.steps[split] = Step::Split(split + 1, self.steps.len());
                }
            }
        }
        Ok(())
    }
}

fn class(lexicon: &Lexicon, name: &str) -> Classes {
    lexicon.id(name).map_or(0, |id| 1 << id)
}

/// Adds what the text holds where a step fits; whether that is known.
fn ahead(steps: &[Step], step: usize, seen: &mut Vec<usize>, need: &mut Need) -> bool {
    if seen.contains(&step) {
        return true;
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
fn collect_needs(sequence: &[Node], lexicon: &Lexicon, needs: &mut Vec<Need>) {
    for node in sequence {
        match &node.what {
            What::Class(name) => {
                needs.push(Need { classes: class(lexicon, name), symbols: Vec::new() });
            }
            What::Symbol(symbols) => {
                needs.push(Need { classes: 0, symbols: symbols.clone() });
            }
            What::Group(_, inner) => match &inner[..] {
                [only] => collect_needs(only, lexicon, needs),
                several => needs.extend(one_of(several, lexicon)),
            },
            What::Repeat(inner, Times::Some) => {
                collect_needs(std::slice::from_ref(inner), lexicon, needs);
            }
            _ => {}
        }
    }
}

/// What one of some sequences holds, if each has something.
fn one_of(several: &[Vec<Node>], lexicon: &Lexicon) -> Option<Need> {
    let mut one = Need::default();
    for sequence in several {
        let mut needs = Vec::new();
        collect_needs(sequence, lexicon, &mut needs);
        let need = needs.into_iter().next()?;
        one.classes |= need.classes;
        one.symbols.extend(need.symbols);
    }
    Some(one)
}

/// What a match may begin with, and whether it may be empty; `None` if with anything.
fn first(several: &[Vec<Node>], lexicon: &Lexicon) -> Option<(Need, bool)> {
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
