//! [`Notes`]: what a step dropped, cut or doubted, each with a reason.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use serde::Serialize;

/// The step that has something to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Bytes to article.
    Read,
    /// Noise to text.
    Clean,
    /// Text to passages and words.
    Segment,
    /// Passages to mentions.
    Recognise,
    /// Mentions to claims.
    Relate,
}

/// Why something was changed, dropped or left undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    // -- edits of the cleaning passes
    /// Page furniture: navigation, related titles, counters, comment boxes.
    Boilerplate,
    /// A pinyin annotation that spells the characters before it.
    Pinyin,
    /// Machine-made ASCII that forums add at line ends.
    Scramble,
    /// The title once more.
    RepeatedTitle,
    /// The body once more.
    RepeatedBody,
    /// A passage once more.
    RepeatedPassage,
    /// Traditional or variant characters turned into simplified ones.
    Script,
    /// Full-width letters and digits, compatibility characters.
    Width,
    /// Characters that nobody sees.
    Invisible,
    /// White space beyond what separates words and paragraphs.
    Space,

    // -- doubts of the readers
    /// The page has no article.
    NoArticle,
    /// The bytes were not text in the encoding found; some became U+FFFD.
    BadEncoding,
    /// The page ends before its end; what stands there was read.
    CutOff,
    /// A date in the metadata that is not a date.
    BadDate,

    // -- doubts of the inner steps
    /// A date that cannot be (30 February), or that nothing resolves.
    UnresolvedDate,
    /// A name that may be several places, or none.
    AmbiguousPlace,
    /// A sentence that speaks of an agreement, with a party missing.
    MissingParty,
    /// A list that announces more parties than it names.
    ShortList,
    /// Two lists that should pair up and differ in length.
    UnevenLists,
    /// Both parties are in the same country.
    SameCountry,
    /// A claim below the confidence asked for.
    LowConfidence,
    /// More of something than the stated limit.
    Limit,
}

impl Why {
    /// Whether an edit for this reason changes no more than white space or the form of
    /// characters.
    #[must_use]
    pub fn is_form(self) -> bool {
        matches!(self, Self::Script | Self::Width | Self::Invisible | Self::Space)
    }

    /// The reason of two edits that became one: the later, unless it is a matter of form
    /// and the other is not.
    #[must_use]
    pub(crate) fn or_stronger(self, later: Self) -> Self {
        if later.is_form() && !self.is_form() || later == Self::Space { self } else { later }
    }

    /// Under which head of the summary a removal is counted.
    #[must_use]
    pub fn removal(self) -> Option<Removal> {
        match self {
            Self::Pinyin => Some(Removal::Pinyin),
            Self::RepeatedTitle | Self::RepeatedBody | Self::RepeatedPassage => {
                Some(Removal::Repeats)
            }
            Self::Boilerplate | Self::Scramble => Some(Removal::Boilerplate),
            _ => None,
        }
    }
}

/// The heads under which removals are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Removal {
    /// Pinyin annotations.
    Pinyin,
    /// Titles, passages and bodies that stood there before.
    Repeats,
    /// Page furniture and scramble.
    Boilerplate,
}

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Note {
    /// Who says it.
    pub stage: Stage,
    /// The reason.
    pub why: Why,
    /// The stretch of text it is about, or an explanation.
    pub text: String,
}

/// All remarks on one article, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes(pub Vec<Note>, HashSet<u64>);

impl Notes {
    /// Adds a remark; one and the same remark is kept once.
    pub fn push(&mut self, stage: Stage, why: Why, text: impl Into<String>) {
        let note = Note { stage, why, text: text.into() };
        let mut hash = DefaultHasher::new();
        note.hash(&mut hash);
        if self.1.insert(hash.finish()) {
            self.0.push(note);
        }
    }
}
