//! [`Suffix`]: the units that names end with.

use super::Forms;
use crate::place::{CountryCode, Level};

/// A unit suffix: 市, 州, 广域市.
#[derive(Debug)]
pub(in crate::recognise) struct Suffix {
    pub(in crate::recognise) text: String,
    pub(in crate::recognise) level: Level,
    pub(super) not_before: Vec<char>,
    pub(super) countries: Vec<CountryCode>,
    pub(super) translit_only: bool,
    pub(super) listed_only: bool,
}

impl Suffix {
    /// Whether it makes a name of what is no name by itself: 大西洋省, but not 太平洋地区.
    pub(in crate::recognise) fn bears(&self) -> bool {
        self.level != Level::City && !self.translit_only
    }
}

impl Forms {
    /// The unit suffix at the beginning of `text`.
    pub(in crate::recognise) fn suffix(
        &self,
        text: &str,
        country: Option<CountryCode>,
    ) -> Option<&Suffix> {
        self.suffix_words.of(text).map(|(number, _)| &self.suffixes[number]).find(|suffix| {
            let rest = &text[suffix.text.len()..];
            let office = rest.starts_with("政府") || rest.starts_with("政厅");
            !suffix.listed_only
                && (office
                    || rest.chars().next().is_none_or(|next| !suffix.not_before.contains(&next)))
                && (suffix.countries.is_empty()
                    || country.is_some_and(|code| suffix.countries.contains(&code)))
        })
    }

    /// The unit suffix that ends `name`, and the bytes before it.
    pub(in crate::recognise) fn stem<'n>(&self, name: &'n str) -> (&'n str, Option<&Suffix>) {
        if !name.chars().next_back().is_some_and(|c| self.suffix_last.contains(c)) {
            return (name, None);
        }
        let ends = name.chars().next_back().and_then(|c| self.suffix_ends.get(&c));
        for &number in ends.into_iter().flatten() {
            let suffix = &self.suffixes[number];
            if let Some(stem) = name.strip_suffix(suffix.text.as_str())
                && !stem.is_empty()
            {
                return (stem, Some(suffix));
            }
        }
        (name, None)
    }

    /// The ward at the end of a name that names its city first: the 中区 of 仁川广域市中区.
    pub(in crate::recognise) fn ward<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.generic.iter().find_map(|generic| {
            let at = name.rfind(generic.as_str()).filter(|at| *at > 0)?;
            (self.suffix(&name[at + generic.len()..], None)?.text.len()
                == name.len() - at - generic.len())
            .then(|| &name[at..])
        })
    }
}
