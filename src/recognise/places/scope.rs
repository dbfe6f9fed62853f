//! [`Scope`]: how far a country or a foreign place reaches, over glue and brackets.

use super::Finder;
use crate::place::CountryCode;

/// How far the last country or foreign place reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) country: CountryCode,
    /// Where the next name may begin: after the name and the glue behind it.
    pub(super) at: usize,
    /// Whether glue was read since the last name.
    pub(super) glued: bool,
    /// The last foreign place, if it is a listed one.
    pub(super) inside: Option<u32>,
}

impl Finder<'_> {
    /// Glue, and an original in brackets: `布莱克城(Blacktown)、`.
    pub(super) fn glue(&self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        if let Some(len) = self.forms.glue(rest) {
            return Some(len);
        }
        let open = rest.chars().next().filter(|c| matches!(c, '(' | '（'))?;
        let close = rest.char_indices().take(60).find(|(_, c)| matches!(c, ')' | '）'))?;
        let inside = &rest[open.len_utf8()..close.0];
        (!inside.contains(['。', ';', '；'])).then_some(close.0 + close.1.len_utf8())
    }
}

/// Whether a character ends a cell of a row.
pub(super) fn parts_cells(c: char) -> bool {
    matches!(c, '\t' | '|' | '｜' | ' ')
}

/// Whether the last separator before `at` continues a list, or a cell begins there.
pub(super) fn rest_of_list(text: &str, at: usize) -> bool {
    at == 0
        || text[..at].ends_with(['、', '和', '与', '及', '都', '府', '的', ')', '）', '\t', '|'])
}
