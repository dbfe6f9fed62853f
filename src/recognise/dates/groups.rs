//! The groups of a match of which the ends are known, asked of its pattern alone: that is
//! several times faster than asking all patterns at once.

use std::{ops::Range, sync::OnceLock};

use regex_automata::{
    Anchored, Input, PatternID,
    nfa::thompson::backtrack::{self, BoundedBacktracker},
    util::primitives::NonMaxUsize,
};

use super::pattern::GROUPS;

/// A pattern alone, compiled when it is first asked.
#[derive(Debug)]
pub(super) struct Alone {
    source: Box<str>,
    compiled: OnceLock<Option<Compiled>>,
}

#[derive(Debug)]
struct Compiled {
    automaton: BoundedBacktracker,
    /// The slot in which each group begins; it ends in the next one.
    slots: [Option<usize>; GROUPS.len()],
}

/// What one search after another works in.
#[derive(Default)]
pub(super) struct Memory {
    cache: Option<backtrack::Cache>,
    slots: Vec<Option<NonMaxUsize>>,
}

/// Where each group of [`GROUPS`] is.
pub(super) type Groups = [Option<Range<usize>>; GROUPS.len()];

impl Alone {
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.into(), compiled: OnceLock::new() }
    }

    /// Finds the groups of the match at a place of the text.
    pub(super) fn groups(
        &self,
        text: &str,
        at: Range<usize>,
        memory: &mut Memory,
    ) -> Option<Groups> {
        let Compiled { automaton, slots } =
            self.compiled.get_or_init(|| Compiled::new(&self.source)).as_ref()?;
        let cache = memory.cache.get_or_insert_with(|| backtrack::Cache::new(automaton));
        cache.reset(automaton);
        memory.slots.clear();
        memory.slots.resize(automaton.get_nfa().group_info().slot_len(), None);
        let input = Input::new(text).span(at).anchored(Anchored::Yes);
        automaton.try_search_slots(cache, &input, &mut memory.slots).ok()??;
        let place = |slot: Option<usize>| {
            let slot = slot?;
            Some(memory.slots[slot]?.get()..memory.slots[slot + 1]?.get())
        };
        Some(slots.map(place))
    }
}

impl Compiled {
    /// `None` if it is too large, which `all` would have told before.
    fn new(source: &str) -> Option<Self> {
        let automaton = BoundedBacktracker::new(source).ok()?;
        let info = automaton.get_nfa().group_info();
        let slots = GROUPS.map(|group| {
            let group = info.to_index(PatternID::ZERO, group)?;
            info.slots(PatternID::ZERO, group).map(|(start, _)| start)
        });
        Some(Self { slots, automaton })
    }
}
