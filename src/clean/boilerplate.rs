use crate::{article::Block, text::Edit};

/// The first pass: here clean and raw coordinates are still the same.
pub(super) fn edits(_text: &str, _layout: &[Block]) -> Vec<Edit> {
    Vec::new()
}
