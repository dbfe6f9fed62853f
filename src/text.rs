//! [`Text`]: text that remembers where it came from.
//!
//! A text is read once and then only changed by passes of [`Edit`]s. Offsets are
//! typed: a [`Span<Raw>`] counts in the text as it was read, a [`Span<Clean>`] in
//! the text after the passes, and the two cannot be mixed up. Offsets are bytes of
//! UTF-8; the wire format turns them into code points at the very end.

use std::{borrow::Cow, fmt, marker::PhantomData, ops::Range, sync::Arc};

use crate::notes::Why;

/// Coordinates in the text as it was read.
pub enum Raw {}
/// Coordinates in the text after cleaning.
pub enum Clean {}

/// A half-open range of bytes, in the coordinates `S`.
pub struct Span<S> {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    space: PhantomData<fn() -> S>,
}

impl<S> Span<S> {
    /// The span of `range`.
    ///
    /// # Panics
    ///
    /// If `range` is reversed, or ends beyond 4 GiB: readers refuse such texts.
    #[must_use]
    pub fn new(range: Range<usize>) -> Self {
        assert!(range.start <= range.end, "reversed span {range:?}");
        let offset = |n| u32::try_from(n).expect("a text is shorter than 4 GiB");
        Self { start: offset(range.start), end: offset(range.end), space: PhantomData }
    }

    /// The same as a range of `usize`, to index a string with.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes it covers.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
            space: PhantomData,
        }
    }
}

impl<S> Clone for Span<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for Span<S> {}
impl<S> PartialEq for Span<S> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}
impl<S> Eq for Span<S> {}
impl<S> PartialOrd for Span<S> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<S> Ord for Span<S> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}
impl<S> std::hash::Hash for Span<S> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}
impl<S> fmt::Debug for Span<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.range().fmt(f)
    }
}

/// One change that a cleaning pass asks for, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in the text as the pass sees it.
    pub at: Span<Clean>,
    /// What stands there afterwards; empty for a removal.
    pub with: Cow<'static, str>,
    /// The reason.
    pub why: Why,
}

impl Edit {
    /// An edit that takes `at` out.
    #[must_use]
    pub fn cut(at: Range<usize>, why: Why) -> Self {
        Self { at: Span::new(at), with: Cow::Borrowed(""), why }
    }

    /// An edit that puts `with` in the place of `at`.
    #[must_use]
    pub fn replace(at: Range<usize>, with: impl Into<Cow<'static, str>>, why: Why) -> Self {
        Self { at: Span::new(at), with: with.into(), why }
    }
}

/// What all passes together did at one place: what stood there, and what does now.
///
/// Changes are in order and apart from each other. Between two of them the raw and the
/// clean text are the same, so that either can be made from the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is gone, in the text as it was read.
    pub raw: Span<Raw>,
    /// What stands there instead; empty for a removal.
    pub clean: Span<Clean>,
    /// The reason; where several passes met, that of the one which took more than white
    /// space or the form of characters.
    pub why: Why,
}

/// An immutable raw text, and the clean text made from it, pass by pass.
///
/// ```
/// use youcheng::{notes::Why, text::{Edit, Span, Text}};
///
/// let mut text = Text::new("网(wǎng)络");
/// text.apply(&[Edit::cut(3..10, Why::Pinyin)]);
/// assert_eq!(text.clean(), "网络");
/// assert_eq!(text.quote(Span::new(0..6)), "网(wǎng)络");
/// ```
#[derive(Clone, Debug)]
pub struct Text {
    raw: Arc<str>,
    /// `None` while it is the same as `raw`.
    clean: Option<String>,
    passes: Vec<Vec<Seam>>,
}

/// Where one edit was taken out, and what was put in. Sorted and disjoint within a
/// pass; between two seams the text before and after the pass are the same.
#[derive(Clone, Debug)]
struct Seam {
    old: Range<usize>,
    new: Range<usize>,
    why: Why,
}

impl Text {
    /// A text to which nothing has happened yet.
    ///
    /// # Panics
    ///
    /// If it is 4 GiB or longer: readers refuse such texts.
    #[must_use]
    pub fn new(raw: impl Into<Arc<str>>) -> Self {
        let raw = raw.into();
        assert!(u32::try_from(raw.len()).is_ok(), "a text is shorter than 4 GiB");
        Self { raw, clean: None, passes: Vec::new() }
    }

    /// The text as it was read.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The text after all passes so far.
    #[must_use]
    pub fn clean(&self) -> &str {
        self.clean.as_deref().unwrap_or(&self.raw)
    }

    /// Applies one pass of edits.
    ///
    /// # Panics
    ///
    /// If the edits are not in order, overlap, or do not lie on character boundaries.
    pub fn apply(&mut self, edits: &[Edit]) {
        if edits.is_empty() {
            return;
        }
        let before = self.clean();
        let mut after = String::with_capacity(before.len());
        let mut seams = Vec::with_capacity(edits.len());
        let mut done = 0;
        for edit in edits {
            let old = edit.at.range();
            assert!(done <= old.start, "edits out of order at {old:?}");
            after.push_str(&before[done..old.start]);
            let start = after.len();
            after.push_str(&edit.with);
            done = old.end;
            seams.push(Seam { old, new: start..after.len(), why: edit.why });
        }
        after.push_str(&before[done..]);
        self.clean = Some(after);
        self.passes.push(seams);
    }

    /// The tightest stretch of the raw text that `span` stands for.
    #[must_use]
    pub fn to_raw(&self, span: Span<Clean>) -> Span<Raw> {
        Span::new(self.passes.iter().rev().fold(span.range(), |span, seams| undo(seams, span)))
    }

    /// What is left of a stretch of the raw text; `None` if nothing is.
    #[must_use]
    pub fn to_clean(&self, span: Span<Raw>) -> Option<Span<Clean>> {
        let range = self.passes.iter().fold(span.range(), |span, seams| redo(seams, span));
        (!range.is_empty()).then(|| Span::new(range))
    }

    /// What the article really says at `span`, noise included.
    #[must_use]
    pub fn quote(&self, span: Span<Clean>) -> &str {
        &self.raw[self.to_raw(span).range()]
    }

    /// The clean text at `span`.
    #[must_use]
    pub fn at(&self, span: Span<Clean>) -> &str {
        &self.clean()[span.range()]
    }

    /// Every edit made so far, pass by pass: why, and where in the raw text it fell.
    pub fn edits(&self) -> impl Iterator<Item = (Why, Span<Raw>)> {
        self.passes.iter().enumerate().flat_map(move |(n, seams)| {
            seams.iter().map(move |seam| {
                let earlier = self.passes[..n].iter().rev();
                (seam.why, Span::new(earlier.fold(seam.old.clone(), |at, seams| undo(seams, at))))
            })
        })
    }

    /// What the passes did altogether, place by place. An edit within a stretch that a
    /// later pass took out as a whole is part of that one's change.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let none = Vec::new();
        let all = self.passes.iter().fold(none, |all, seams| compose(&all, seams));
        all.into_iter()
            .map(|seam| Change {
                raw: Span::new(seam.old),
                clean: Span::new(seam.new),
                why: seam.why,
            })
            .collect()
    }

    /// How many edits were made for a reason that `wanted` accepts.
    pub fn count(&self, wanted: impl Fn(Why) -> bool) -> usize {
        self.passes.iter().flatten().filter(|seam| wanted(seam.why)).count()
    }
}

/// Two passes, one after the other, as one: seams of the second that touch what the first
/// put in are joined with it.
fn compose(first: &[Seam], second: &[Seam]) -> Vec<Seam> {
    // All seams by their place in the text between the passes; at one place those that
    // hold nothing of it come first, and of two such the one of the first pass.
    let firsts = first.iter().map(|seam| (&seam.new, seam, false));
    let seconds = second.iter().map(|seam| (&seam.old, seam, true));
    let mut seams: Vec<_> = firsts.chain(seconds).collect();
    seams.sort_by_key(|(at, _, is_second)| (at.start, !at.is_empty(), *is_second));
    let mut seams = seams.into_iter().peekable();
    let mut all = Vec::with_capacity(first.len() + second.len());
    // Where the last seam of the first pass ended, before and after it; the same for the
    // second pass. What follows is shifted by the difference.
    let ((mut old, mut middle), (mut last, mut new)) = ((0, 0), (0, 0));
    while let Some((at, seam, _)) = seams.peek().copied() {
        let Range { start, mut end } = at.clone();
        let (from, to) = (old + (start - middle), new + (start - last));
        // The reasons of either pass.
        let mut whys = [None::<Why>, None];
        let mut is_first = true;
        while let Some((at, seam, is_second)) = seams.next_if(|(at, ..)| is_first || at.start < end)
        {
            if is_second {
                (last, new) = (seam.old.end, seam.new.end);
            } else {
                (old, middle) = (seam.old.end, seam.new.end);
            }
            end = end.max(at.end);
            let why = &mut whys[usize::from(is_second)];
            *why = Some(why.map_or(seam.why, |why| why.or_stronger(seam.why)));
            is_first = false;
        }
        let [earlier, later] = whys;
        let why = match (earlier, later) {
            (Some(earlier), Some(later)) => earlier.or_stronger(later),
            (why, None) | (None, why) => why.unwrap_or(seam.why),
        };
        all.push(Seam { old: from..old + (end - middle), new: to..new + (end - last), why });
    }
    all
}

/// Maps a range after a pass to the range before it.
fn undo(seams: &[Seam], range: Range<usize>) -> Range<usize> {
    carry(seams, range, |seam| &seam.new, |seam| &seam.old)
}

/// Maps a range before a pass to what is left of it afterwards.
fn redo(seams: &[Seam], range: Range<usize>) -> Range<usize> {
    carry(seams, range, |seam| &seam.old, |seam| &seam.new)
}

/// Carries a range over a pass, from one side of its seams to the other. A range that
/// touches a part of a seam is taken to hold all of it; seams at its ends, where nothing
/// of the range lies, stay outside.
fn carry(
    seams: &[Seam],
    Range { start, end }: Range<usize>,
    here: impl Fn(&Seam) -> &Range<usize>,
    there: impl Fn(&Seam) -> &Range<usize>,
) -> Range<usize> {
    let before = |n: usize| n.checked_sub(1).map(|n| &seams[n]);
    let left = match before(seams.partition_point(|seam| here(seam).start <= start)) {
        Some(seam) if start < here(seam).end => there(seam).start,
        Some(seam) => there(seam).end + (start - here(seam).end),
        None => start,
    };
    let right = match before(seams.partition_point(|seam| here(seam).start < end)) {
        Some(seam) if end <= here(seam).end => there(seam).end,
        Some(seam) => there(seam).end + (end - here(seam).end),
        None => end,
    };
    left..right.max(left)
}
