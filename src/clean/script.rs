use crate::text::Edit;

pub(super) fn edits(_text: &str) -> Vec<Edit> {
    Vec::new()
}
