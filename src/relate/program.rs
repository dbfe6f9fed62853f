//! [`Program`]: a pattern that can be looked for, in time that is linear in the sentence.
//!
//! A pattern becomes steps. They are tried with backtracking, the first way that fits
//! wins; a step that has failed at a character is never tried there again, so that no
//! sentence takes longer than its characters times the steps.

use super::{
    lexicon::{Classes, Lexicon, Mark, Marked, Room},
    need::{self, Need, ahead, class},
    pattern::{Node, Over, Role, Times, What},
};

/// The steps times the width of their gaps that a pattern may have.
const MOST: usize = 20_000;

/// One step.
#[derive(Clone, Debug)]
pub(super) enum Step {
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

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// What the text holds where a step behind a gap or a split fits; `None` if that may be
    /// anything.
    ahead: Vec<Option<Need>>,
    /// Where in the pattern each step was written.
    written: Vec<(usize, usize)>,
    /// What every match holds, in order.
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
            need::collect(only, lexicon, &mut needs);
        } else {
            needs.extend(need::one_of(pattern, lexicon));
        }
        let first =
            need::first(pattern, lexicon).filter(|(_, empty)| !empty).map(|(first, _)| first);
        let mut behind = vec![false; steps.len()];
        for step in &steps {
            if let Step::Split(first, second) = step {
                behind[*first] = true;
                behind[*second] = true;
            }
        }
        let ahead = (0..steps.len())
            .map(|step| {
                let mut need = Need::default();
                (behind[step] || matches!(steps[step.checked_sub(1)?], Step::Gap { .. }))
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
    pub(super) fn may_fit(&self, text: &Marked) -> bool {
        self.needs.iter().all(|need| need.is_in(text))
    }

    /// The last character at which a match can begin: behind it stands all that every match
    /// holds, in its order.
    fn last_start(&self, text: &Marked) -> Option<usize> {
        let mut begun = text.begun.iter().rev().map(|at| *at as usize);
        let mut last = text.chars.len();
        for need in self.needs.iter().rev() {
            last = begun.find(|at| need.begins(text, *at))?;
        }
        Some(last)
    }

    /// Whether a step behind a gap or a split may fit at a character.
    fn may_go_on(&self, step: usize, text: &Marked, at: usize) -> bool {
        self.ahead[step].as_ref().is_none_or(|ahead| ahead.begins(text, at))
    }

    /// The first place from a byte on where the pattern fits.
    pub(super) fn find(&self, text: &Marked, from: usize) -> Option<Match> {
        self.search(text, from, true).ok()
    }

    /// How far the pattern came, if it fits nowhere.
    pub(super) fn reach(&self, text: &Marked) -> Option<Reach> {
        self.search(text, 0, false).err()
    }

    /// What is `pruned` does not tell how far it came.
    fn search(&self, text: &Marked, from: usize, pruned: bool) -> Result<Match, Reach> {
        let nowhere = Reach { at: 0, missing: (0, 0) };
        let end = text.chars.len();
        let last = if pruned { self.last_start(text).ok_or(nowhere)? } else { end };
        let from = text.char_at(from);
        let begins = |start: &usize| {
            (from..=last).contains(start)
                && self.first.as_ref().is_none_or(|first| first.begins(text, *start))
        };
        let marked = self.first.as_ref().is_some_and(Need::is_marked);
        let begun = text.begun.iter().map(|at| *at as usize).filter(|_| marked);
        let every = if marked { 0..0 } else { from..last + 1 };
        let mut starts = begun.chain(every).filter(begins).peekable();
        if pruned && starts.peek().is_none() {
            return Err(nowhere);
        }
        let mut room = text.room.borrow_mut();
        let Room { seen, stack } = &mut *room;
        seen.clear();
        seen.resize((self.steps.len() * (end + 1)).div_ceil(64), 0);
        let mut run = Run {
            program: self,
            text,
            pruned,
            seen,
            stack,
            slots: [None; SLOTS],
            furthest: (0, 0),
        };
        for start in starts {
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

/// One search.
struct Run<'a> {
    program: &'a Program,
    text: &'a Marked,
    /// Whether ways are left out that cannot fit.
    pruned: bool,
    seen: &'a mut [u64],
    stack: &'a mut Vec<Todo>,
    slots: [Option<usize>; SLOTS],
    /// The step that was tried furthest in the pattern, and where.
    furthest: (usize, usize),
}

/// What is to be tried when a way has failed.
#[derive(Debug)]
pub(super) enum Todo {
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
        let Self { program, text, pruned, .. } = *self;
        let may_fit = |step, at| !pruned || program.may_go_on(step, text, at);
        loop {
            let bit = step * (text.chars.len() + 1) + at;
            let (word, mask) = (bit / 64, 1_u64 << (bit % 64));
            if self.seen[word] & mask != 0 {
                return None;
            }
            self.seen[word] |= mask;
            if !pruned {
                self.furthest = self.furthest.max((step, at));
            }
            let c = text.chars.get(at).copied();
            match &program.steps[step] {
                Step::Match => return Some(at),
                Step::Char(wanted) if c == Some(*wanted) => at += 1,
                Step::Symbol(wanted) if c.is_some_and(|c| wanted.contains(&c)) => at += 1,
                Step::Char(_) | Step::Symbol(_) => return None,
                Step::Word(classes) => {
                    let marks = text.marks(at);
                    let fits = |mark: &&Mark| mark.classes & classes != 0;
                    let longest = marks.iter().position(|mark| fits(&mark))?;
                    let shorter = marks[longest + 1..].iter().rev().filter(fits);
                    let next = |mark: &Mark| at + mark.len as usize;
                    self.stack.extend(shorter.map(|mark| Todo::Try(step + 1, next(mark))));
                    at = next(&marks[longest]);
                }
                Step::Gap { min, max, over, greedy } => {
                    let (min, max) = (usize::from(*min), usize::from(*max));
                    let reach = text.reach(*over, at).min(max);
                    if reach < min {
                        return None;
                    }
                    let next = step + 1;
                    // Where what follows does not begin it is not tried.
                    let begins = |n: &usize| may_fit(next, at + n);
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
                Step::Split(first, second) if !may_fit(*first, at) => {
                    step = *second;
                    continue;
                }
                Step::Split(first, second) if !may_fit(*second, at) => {
                    step = *first;
                    continue;
                }
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
