//! [`Scan`]: all patterns of dates in one automaton, asked at one place of a text after the other.
//!
//! That of the program's own patterns is compiled ahead, into `rules/date.automaton`: to read the
//! patterns and to compile them takes longer than the rest of the start. It knows of which
//! patterns it was made. Of others one is made whose states are built as texts come to them.

use std::ops::Range;

use regex_automata::{
    Anchored, HalfMatch, Input, PatternID,
    hybrid::dfa,
    nfa::thompson::{self, WhichCaptures},
    util::pool::Pool,
};
use regex_syntax::hir::Hir;

use crate::{chars, starts::Starts};

/// The automaton of the program's own patterns.
static AHEAD: &[u8] = include_bytes!("../../../rules/date.automaton");
/// The first bytes of it.
const MAGIC: &[u8; 8] = b"youcdat2";
/// Bytes of the head: these, of which patterns it is, how many they are.
const HEAD: usize = 8 + 8 + 4;
/// Bytes of the bits that tell with which two characters a match may begin.
const PAIRS: usize = 1 << 13;
/// Where these bits stand: behind the characters that matches begin with, and those that are a
/// whole match.
const PAIRS_AT: usize = HEAD + 2 * Starts::BYTES;
/// Where it stands which state to start in.
const STARTS_AT: usize = PAIRS_AT + PAIRS;
/// Bytes before the ranges of a state: the pattern that fits there, or would if the text ended
/// (one more than its number), and how many ranges of bytes lead on.
const STATE: usize = 3;
/// Bytes of a range: the first, the last, and where the next state stands.
const RANGE: usize = 5;

/// All patterns as one automaton, and what their matches can begin with. Matches are looked for
/// only where they may begin. Which groups a match has is asked of its pattern alone.
#[derive(Debug)]
pub(super) struct Scan {
    automaton: Automaton,
    starts: Starts,
}

#[derive(Debug)]
enum Automaton {
    Ahead(Ahead),
    AsAsked(Box<AsAsked>),
}

impl Scan {
    /// The automaton that was compiled ahead, if it is of this text.
    pub(super) fn ahead(toml: &str) -> Option<Self> {
        let ahead = Ahead::read(AHEAD, toml)?;
        let starts = Starts::read(AHEAD.get(HEAD..HEAD + Starts::BYTES)?);
        Some(Self { automaton: Automaton::Ahead(ahead), starts })
    }

    /// The automaton of any patterns.
    pub(super) fn new(patterns: &[Hir]) -> Result<Self, String> {
        let automaton = Automaton::AsAsked(Box::new(AsAsked::new(patterns)?));
        Ok(Self { automaton, starts: Starts::of(patterns) })
    }

    /// The first place in a stretch of a text where a match may begin: by its first character,
    /// and by the second one where that is known.
    pub(super) fn start(&self, text: &str, within: Range<usize>) -> Option<usize> {
        let mut at = within.start;
        loop {
            at += self.starts.find(&text[at..within.end])?;
            match &self.automaton {
                Automaton::Ahead(ahead) => match ahead.passed_over(text, at..within.end) {
                    Some(width) => at += width,
                    None => return Some(at),
                },
                Automaton::AsAsked(_) => return Some(at),
            }
        }
    }

    /// The first pattern that fits at the beginning of a stretch, and where its match ends.
    pub(super) fn first(&self, text: &str, within: Range<usize>) -> Option<(usize, usize)> {
        match &self.automaton {
            Automaton::Ahead(ahead) => ahead.search(text, within, 0),
            Automaton::AsAsked(asked) => asked.search(text, within, Anchored::Yes),
        }
    }

    /// Where the match of one pattern ends at the beginning of a stretch.
    pub(super) fn end(&self, text: &str, within: Range<usize>, pattern: usize) -> Option<usize> {
        let found = match &self.automaton {
            Automaton::Ahead(ahead) => ahead.search(text, within, 1 + pattern),
            Automaton::AsAsked(asked) => {
                asked.search(text, within, Anchored::Pattern(PatternID::new(pattern).ok()?))
            }
        };
        found.map(|(_, end)| end)
    }
}

/// The automaton that was compiled ahead, read where it lies.
#[derive(Debug)]
struct Ahead {
    image: &'static [u8],
    /// The characters that are a whole match.
    alone: Box<Starts>,
}

impl Ahead {
    /// `None` if it is of other patterns.
    fn read(image: &'static [u8], toml: &str) -> Option<Self> {
        let (magic, rest) = image.split_first_chunk::<8>()?;
        let is_of_them = magic == MAGIC && *rest.first_chunk()? == digest(toml).to_le_bytes();
        let alone = Box::new(Starts::read(image.get(HEAD + Starts::BYTES..PAIRS_AT)?));
        is_of_them.then_some(Self { image, alone })
    }

    /// The bytes of the first character of a stretch, if no match begins with it and the second.
    fn passed_over(&self, text: &str, within: Range<usize>) -> Option<usize> {
        let (first, width) = chars::code(text, within.start)?;
        let next = within.start + width;
        if next >= within.end || self.alone.has_code(first) {
            return None;
        }
        let bit = pair(first, chars::code(text, next)?.0);
        let begins =
            self.image.get(PAIRS_AT + bit / 8).is_none_or(|bits| bits & 1 << (bit % 8) != 0);
        (!begins).then_some(width)
    }

    /// The last match that begins where the stretch does, from one of the states to start in:
    /// that of all patterns, or that of one.
    fn search(&self, text: &str, within: Range<usize>, start: usize) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        let mut state = u32_at(self.image, STARTS_AT + 4 * start)?;
        let mut found = None;
        for (at, &byte) in (within.start..).zip(&bytes[within.start..]) {
            if at > within.end {
                return found;
            }
            // A state tells the match that ended before its last byte.
            match self.next(state, byte) {
                Some(next) => state = next,
                None => return found,
            }
            if let Some(pattern) = self.pattern(state, 0) {
                found = Some((pattern, at));
            }
        }
        if within.end == bytes.len()
            && let Some(pattern) = self.pattern(state, 1)
        {
            found = Some((pattern, within.end));
        }
        found
    }

    fn pattern(&self, state: usize, at: usize) -> Option<usize> {
        usize::from(*self.image.get(state + at)?).checked_sub(1)
    }

    fn next(&self, state: usize, byte: u8) -> Option<usize> {
        let count = usize::from(*self.image.get(state + 2)?);
        let ranges = self.image.get(state + STATE..state + STATE + count * RANGE)?;
        for &[first, last, a, b, c] in ranges.as_chunks::<RANGE>().0 {
            if byte <= last {
                return (byte >= first).then(|| u32::from_le_bytes([a, b, c, 0]) as usize);
            }
        }
        None
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes) as usize)
}

/// The bit of two characters.
fn pair(first: usize, second: usize) -> usize {
    let mixed = (first << 16 | second) as u32;
    (mixed.wrapping_mul(0x9E37_79B1) >> 16) as usize
}

/// What tells one text of rules from another.
fn digest(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// An automaton of which the states are built as texts come to them. The one that finds
/// beginnings is never built.
#[derive(Debug)]
struct AsAsked {
    automaton: dfa::DFA,
    memory: Pool<dfa::Cache, Box<dyn Fn() -> dfa::Cache + Send + Sync>>,
}

impl AsAsked {
    /// Bytes for the states, for each thread; with fewer they are built again and again.
    const STATES: usize = 8 << 20;

    fn new(patterns: &[Hir]) -> Result<Self, String> {
        let automaton = automaton(patterns, Self::STATES)?;
        let states = automaton.clone();
        let memory: Box<dyn Fn() -> dfa::Cache + Send + Sync> =
            Box::new(move || states.create_cache());
        Ok(Self { automaton, memory: Pool::new(memory) })
    }

    fn search(
        &self,
        text: &str,
        within: Range<usize>,
        anchored: Anchored,
    ) -> Option<(usize, usize)> {
        let input = Input::new(text).span(within).anchored(anchored);
        // It does not give up: no pattern asks for the edges of words of Unicode, and the
        // states are thrown away as often as need be.
        let found: HalfMatch =
            self.automaton.try_search_fwd(&mut self.memory.get(), &input).ok()??;
        Some((found.pattern().as_usize(), found.offset()))
    }
}

fn automaton(patterns: &[Hir], memory: usize) -> Result<dfa::DFA, String> {
    let nfa = thompson::Compiler::new()
        .configure(
            thompson::Config::new()
                .nfa_size_limit(Some(64 << 20))
                .which_captures(WhichCaptures::None),
        )
        .build_many_from_hir(patterns)
        .map_err(|error| error.to_string())?;
    dfa::Builder::new()
        .configure(
            dfa::Config::new()
                .cache_capacity(memory)
                .skip_cache_capacity_check(true)
                .starts_for_each_pattern(true),
        )
        .build_from_nfa(nfa)
        .map_err(|error| error.to_string())
}

#[cfg(test)]
pub(super) mod ahead {
    //! Compiles the automaton ahead.

    use std::collections::HashMap;

    use regex_automata::hybrid::LazyStateID;

    use super::*;

    /// What is known of a state.
    struct State {
        /// One more than the pattern that fits there, and that fits where the text ends.
        fits: [u8; 2],
        ranges: Vec<(u8, u8, LazyStateID)>,
    }

    /// The image of some patterns, which a text of rules has.
    pub(in crate::recognise::dates) fn image(toml: &str, patterns: &[Hir]) -> Vec<u8> {
        let dfa = automaton(patterns, 2 << 30).unwrap();
        let mut memory = dfa.create_cache();
        let all = [Anchored::Yes];
        let one = (0..patterns.len()).map(|n| Anchored::Pattern(PatternID::new(n).unwrap()));
        // No pattern looks at what stands before it, so there is one start of each kind.
        let starts: Vec<LazyStateID> = (all.into_iter().chain(one))
            .map(|anchored| {
                let input = Input::new("").anchored(anchored);
                dfa.start_state_forward(&mut memory, &input).unwrap()
            })
            .collect();
        let mut states: Vec<(LazyStateID, State)> = Vec::new();
        let mut numbers: HashMap<LazyStateID, usize> = HashMap::new();
        let mut open: Vec<LazyStateID> = starts.iter().rev().copied().collect();
        while let Some(id) = open.pop() {
            if numbers.contains_key(&id) {
                continue;
            }
            let eoi = dfa.next_eoi_state(&mut memory, id).unwrap();
            let mut state = State { fits: [0, 0], ranges: Vec::new() };
            for (fits, id) in state.fits.iter_mut().zip([id, eoi]) {
                if id.is_match() {
                    let pattern = dfa.match_pattern(&memory, id, 0).as_usize() + 1;
                    *fits = u8::try_from(pattern).unwrap();
                }
            }
            for byte in 0..=u8::MAX {
                let next = dfa.next_state(&mut memory, id, byte).unwrap();
                assert!(!next.is_quit() && !next.is_unknown());
                if next.is_dead() {
                    continue;
                }
                match state.ranges.last_mut() {
                    Some((_, last, to)) if *last + 1 == byte && *to == next => *last = byte,
                    _ => state.ranges.push((byte, byte, next)),
                }
                if !numbers.contains_key(&next) {
                    open.push(next);
                }
            }
            numbers.insert(id, states.len());
            states.push((id, state));
        }
        let (alone, pairs) = beginnings(&dfa, &mut memory, starts[0]);
        let mut place = STARTS_AT + 4 * starts.len();
        let places: Vec<usize> = states
            .iter()
            .map(|(_, state)| {
                let at = place;
                place += STATE + RANGE * state.ranges.len();
                at
            })
            .collect();
        assert!(place < 1 << 24, "a place takes three bytes");
        let of = |id: &LazyStateID| u32::try_from(places[numbers[id]]).unwrap().to_le_bytes();
        let mut image = MAGIC.to_vec();
        image.extend(digest(toml).to_le_bytes());
        image.extend(u32::try_from(patterns.len()).unwrap().to_le_bytes());
        image.extend(Starts::of(patterns).bytes());
        image.extend(alone.bytes());
        image.extend(pairs);
        starts.iter().for_each(|id| image.extend(of(id)));
        for (_, state) in &states {
            image.extend(state.fits);
            image.push(u8::try_from(state.ranges.len()).unwrap());
            for (first, last, next) in &state.ranges {
                image.extend([*first, *last]);
                image.extend(&of(next)[..3]);
            }
        }
        image
    }

    /// The characters that are a whole match, and the bits of the two that others begin with.
    fn beginnings(
        dfa: &dfa::DFA,
        memory: &mut dfa::Cache,
        start: LazyStateID,
    ) -> (Starts, Vec<u8>) {
        let (mut alone, mut pairs) = (Starts::default(), vec![0_u8; PAIRS]);
        let mut known: HashMap<LazyStateID, (bool, Vec<char>)> = HashMap::new();
        let (_, firsts) = characters(dfa, memory, start);
        for (first, next) in firsts {
            let (is_match, seconds) = known.entry(next).or_insert_with(|| {
                let (is_match, seconds) = characters(dfa, memory, next);
                (is_match, seconds.into_iter().map(|(c, _)| c).collect())
            });
            let code = |c: char| (c as usize).min(0xffff);
            if *is_match {
                alone.add_char(first);
            }
            for second in seconds {
                let bit = pair(code(first), code(*second));
                pairs[bit / 8] |= 1 << (bit % 8);
            }
        }
        (alone, pairs)
    }

    /// Whether a match ends in a state, and the characters that lead on from it, each with the
    /// state it leads to.
    fn characters(
        dfa: &dfa::DFA,
        memory: &mut dfa::Cache,
        from: LazyStateID,
    ) -> (bool, Vec<(char, LazyStateID)>) {
        let (mut is_match, mut found) = (false, Vec::new());
        // Bytes of a character that were read so far, and the state they lead to.
        let mut open = vec![(Vec::<u8>::new(), from)];
        while let Some((bytes, state)) = open.pop() {
            for byte in 0..=u8::MAX {
                let next = dfa.next_state(memory, state, byte).unwrap();
                if next.is_dead() {
                    continue;
                }
                // A match is told one byte late.
                is_match |= bytes.is_empty() && next.is_match();
                let bytes = [&bytes[..], &[byte]].concat();
                match std::str::from_utf8(&bytes) {
                    Ok(text) => found.extend(text.chars().map(|c| (c, next))),
                    Err(error) if error.error_len().is_none() => open.push((bytes, next)),
                    Err(_) => {}
                }
            }
        }
        (is_match, found)
    }
}
