//! stub
use super::words::RepeatWords;
use crate::text::{Clean, Edit, Span};
#[derive(Debug)]
pub(super) struct Repeats(RepeatWords);
impl Repeats {
    pub(super) fn new(words: RepeatWords) -> Self {
        Self(words)
    }
    pub(super) fn edits(
        &self,
        _text: &str,
        _title: Option<&str>,
        _rows: &[Span<Clean>],
    ) -> Vec<Edit> {
        Vec::new()
    }
}
