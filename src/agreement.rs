//! [`Claim`]: what one sentence says about a tie; [`Statistic`]: what it counts.

use std::{fmt, sync::Arc};

use serde::Deserialize;

use crate::{
    article::ArticleId,
    date::Date,
    particulars::Particulars,
    place::{Place, PlaceKey},
    text::{Clean, Span},
};

/// The instrument of a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 友好城市, 友好省州, 姐妹城市.
    SisterCity,
    /// 友好合作关系.
    FriendlyCooperation,
    /// 友好交流关系.
    FriendlyExchange,
    /// 意向书.
    LetterOfIntent,
    /// 备忘录.
    Memorandum,
    /// 合作协议 between the two governments.
    CooperationAgreement,
    /// 结好 without more.
    Unspecified,
    /// Ports, islands and the like.
    Other,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::SisterCity,
        Self::FriendlyCooperation,
        Self::FriendlyExchange,
        Self::LetterOfIntent,
        Self::Memorandum,
        Self::CooperationAgreement,
        Self::Unspecified,
        Self::Other,
    ];

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name on the wire, in rules and in the graph.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SisterCity => "sister-city",
            Self::FriendlyCooperation => "friendly-cooperation",
            Self::FriendlyExchange => "friendly-exchange",
            Self::LetterOfIntent => "letter-of-intent",
            Self::Memorandum => "memorandum",
            Self::CooperationAgreement => "cooperation-agreement",
            Self::Unspecified => "unspecified",
            Self::Other => "other",
        }
    }
}

/// What the sentence says has become of a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The act is reported.
    Signed,
    /// It exists or came about.
    Established,
    /// Proposed, approved, supported.
    Planned,
    /// An existing tie is celebrated.
    Anniversary,
    /// Signed again.
    Renewed,
    /// Ended.
    Terminated,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 6] = [
        Self::Signed,
        Self::Established,
        Self::Planned,
        Self::Anniversary,
        Self::Renewed,
        Self::Terminated,
    ];

    /// Its name on the wire, in rules and in the graph.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Established => "established",
            Self::Planned => "planned",
            Self::Anniversary => "anniversary",
            Self::Renewed => "renewed",
            Self::Terminated => "terminated",
        }
    }
}

/// One side of a tie.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Its name as the article writes it, in the longest form.
    pub name: String,
    /// The place.
    pub place: Arc<Place>,
}

/// Where the article says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which article.
    pub article: ArticleId,
    /// The sentence.
    pub span: Span<Clean>,
    /// The id of the rule that read it.
    pub rule: Arc<str>,
}

/// What one sentence says about a tie between two local governments.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The instrument.
    pub kind: Kind,
    /// What became of it.
    pub status: Status,
    /// The two sides, the Chinese one first when there is one.
    pub parties: [Party; 2],
    /// When, if the text says so or it can be computed.
    pub date: Option<Date>,
    /// The title of the document, as printed.
    pub instrument: Option<String>,
    /// What else is told of the signing.
    pub particulars: Particulars,
    /// How sure the rule is, from 0 to 1.
    pub confidence: f32,
    /// Where it is said.
    pub evidence: Evidence,
}

impl fmt::Display for Claim {
    /// As examples of rules write it: `party party kind status date`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = &self.parties;
        let date = self.date.as_ref().map_or("-", |date| &date.edtf);
        write!(f, "{} {} {} {} {date}", a.name, b.name, self.kind.name(), self.status.name())
    }
}

impl Claim {
    /// The key of the agreement that the claim is about: the pair, in the order of
    /// their keys, and the instrument's kind.
    #[must_use]
    pub fn agreement(&self) -> AgreementKey {
        let [a, b] = self.parties.each_ref().map(|party| party.place.key.clone());
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        AgreementKey { low, high, kind: self.kind }
    }
}

/// What an agreement is known by, however many articles report it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgreementKey {
    /// The party whose key sorts first.
    pub low: PlaceKey,
    /// The other.
    pub high: PlaceKey,
    /// The instrument.
    pub kind: Kind,
}

/// How many ties a place is said to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    /// Whose ties are counted.
    pub subject: Party,
    /// In how many countries.
    pub countries: Option<u32>,
    /// With how many cities.
    pub cities: Option<u32>,
    /// How many pairs.
    pub pairs: Option<u32>,
    /// Of which kind, if the sentence says so.
    pub kind: Option<Kind>,
    /// The day for which the count holds.
    pub as_of: Option<Date>,
    /// Where it is said.
    pub evidence: Evidence,
}
