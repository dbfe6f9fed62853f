//! What a name of the gazetteer stands for, and how much it proves.

use super::layout::KINDS;
use crate::place::CountryCode;

/// How a name relates to its place: how much it proves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// The whole name with its unit: 聊城市, 大韩民国.
    Full,
    /// The form that news prefer: 吉尔吉斯, 布莱克城.
    News,
    /// The stem without the unit: 聊城, 韩国.
    Short,
    /// Another name of the same place.
    Alias,
    /// A name of former times: 茌平县, 苏联.
    Former,
}

impl NameKind {
    /// The kind with a number of the image.
    pub(super) fn of(number: u32) -> Self {
        match KINDS.get(number as usize) {
            Some(&"news") => Self::News,
            Some(&"short") => Self::Short,
            Some(&"alias") => Self::Alias,
            Some(&"former") => Self::Former,
            _ => Self::Full,
        }
    }

    /// The kind as the tables write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::News => "news",
            Self::Short => "short",
            Self::Alias => "alias",
            Self::Former => "former",
        }
    }
}

/// What a name of the gazetteer stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// A country.
    Country(CountryCode, NameKind),
    /// A place, by its row.
    Place(u32, NameKind),
}

/// Why a name needs more proof than standing there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Common {
    /// It is an ordinary word: 合作, 希望.
    Word,
    /// It is also the name of a person or of something else: 林肯, 义乌.
    Person,
}
