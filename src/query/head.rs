//! [`head`]: what the comments at the head of a query say of it.

/// The values of a key in the head of a query: the lines `# key: value` before its first
/// line that is no comment.
pub(crate) fn head(text: &'static str, key: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .map_while(|line| line.strip_prefix("# "))
        .filter_map(move |line| line.strip_prefix(key))
}
