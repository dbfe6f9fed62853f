use crate::text::Edit;

pub(super) fn edits(_text: &str, _title: Option<&str>) -> Vec<Edit> {
    Vec::new()
}
