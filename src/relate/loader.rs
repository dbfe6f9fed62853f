//! What loading rule files has in common, whatever their rules are about.

use serde::de::DeserializeOwned;

use super::{
    grammar::{MOST_RULES, RuleFile},
    rules::Example,
};
use crate::rule::DataError;

/// A file as it is written.
pub(super) trait Written: DeserializeOwned {
    /// The number of its format.
    fn format(&self) -> u32;
}

/// Reads files, and checks the format of each.
pub(super) fn parts<W: Written>(files: &[RuleFile]) -> Result<Vec<(&RuleFile, W)>, DataError> {
    let part = |file| {
        let part: W = RuleFile::parse(file)?;
        file.check_format(part.format())?;
        Ok((file, part))
    };
    files.iter().map(part).collect()
}

/// Refuses a rule without examples of both sorts.
pub(super) fn prove(
    file: &RuleFile,
    near: usize,
    finds: &[Example],
    ignores: &[String],
) -> Result<(), DataError> {
    if finds.is_empty() || ignores.is_empty() {
        let message = "a rule needs an example that it finds and one that it must ignore: write \
                       finds = [{ text = \"…\", expect = [\"…\"] }] and ignores = [\"…\"]";
        return Err(file.error(near, message));
    }
    Ok(())
}

/// Adds a rule; it replaces the one of the same name, and too many are refused.
pub(super) fn put<R>(
    file: &RuleFile,
    rules: &mut Vec<R>,
    rule: R,
    same: impl Fn(&R) -> bool,
) -> Result<(), DataError> {
    match rules.iter().position(same) {
        Some(at) => rules[at] = rule,
        None if rules.len() == MOST_RULES => {
            let message = format!("more rules than {MOST_RULES} are too many");
            return Err(file.error(0, message));
        }
        None => rules.push(rule),
    }
    Ok(())
}
