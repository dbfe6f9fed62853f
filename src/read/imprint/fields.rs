//! [`Fields`]: how the lines of an imprint read, compiled from `rules/page.toml`.

use std::sync::OnceLock;

use serde::Deserialize;

use super::{
    TITLE,
    view::{View, trimmed},
};
use crate::{
    chars,
    date::PartialDate,
    expression::Regex,
    read::{fold::Fold, published},
    rule::DataError,
    starts::Starts,
};

/// Words without a label in one line: an outlet, `记者` and a name.
const BARE: usize = 3;
/// Characters of such a word.
const WORD: usize = 16;
/// What parts the fields of a line.
const PARTS: &str = "|/·•,;-";
/// Signs that may stand in a word without a label.
const SIGNS: &str = "《》·-()…";

/// `[imprint]` of `rules/page.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::read) struct Data {
    pub(in crate::read) published: Vec<String>,
    pub(in crate::read) updated: Vec<String>,
    pub(in crate::read) weak: Vec<String>,
    events: Vec<String>,
    pub(in crate::read) source: Vec<String>,
    pub(in crate::read) editors: Vec<String>,
    pub(in crate::read) people: Vec<String>,
    others: Vec<toml::Spanned<String>>,
    bylined: toml::Spanned<String>,
    outlet: toml::Spanned<String>,
}

/// How the lines of an imprint read.
#[derive(Debug)]
pub(in crate::read) struct Fields {
    date: Regex,
    source: Regex,
    editors: Regex,
    people: Regex,
    others: Regex,
    bylined: Regex,
    outlet: Regex,
    /// What a field may begin with.
    begins: OnceLock<Starts>,
    pub(super) published: Vec<String>,
    pub(super) updated: Vec<String>,
    pub(super) weak: Vec<String>,
    pub(super) events: Vec<String>,
    pub(super) source_labels: Vec<String>,
}

impl Fields {
    pub(in crate::read) fn new(
        data: Data,
        check: impl Fn(&toml::Spanned<String>) -> Result<Regex, DataError>,
    ) -> Result<Self, DataError> {
        let Data { published, updated, weak, events, source, editors, people, .. } = data;
        for pattern in &data.others {
            check(pattern)?;
        }
        let new = |pattern: String| Regex::known(&pattern);
        let any = |labels: &[&[String]]| {
            let mut labels: Vec<_> =
                labels.iter().copied().flatten().map(|l| regex::escape(l)).collect();
            // Of two labels of which one begins the other the longer is meant.
            labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
            labels.join("|")
        };
        let others: Vec<_> = data.others.iter().map(|p| p.get_ref().as_str()).collect();
        Ok(Self {
            date: new(format!(
                r"^(?:(?<label>{})\s*:?\s*)?(?<date>\d{{4}}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}(?:\s*日)?|\d{{1,2}}\.\d{{1,2}}\.(?:19|20)\d{{2}}\b)(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?(?<clock>[\sT,]*(?:上午|下午|晚上?|凌晨)?\s*\d{{1,2}}\s*[:时点]\s*\d{{1,2}}(?:\s*[:分]\s*\d{{1,2}}(?:\s*秒)?)?分?(?:\s*[aApP]\.?[mM]\b\.?)?)?",
                any(&[&published, &updated, &weak])
            )),
            source: new(format!(
                r#"^(?:{})\s*:\s*[“"《]?(?<name>[^\s|,;<>\[\]():”"》。]{{2,30}})[”"》]?"#,
                any(&[&source])
            )),
            editors: new(format!(
                r"^(?:{})\s*[:/]\s*[^\s|,;:()。]{{1,12}}(?:[、,]\s*[^\s|,;:()。]{{1,12}}){{0,4}}",
                any(&[&editors])
            )),
            people: new(format!(
                r"^(?:{})\s*[:/]\s*[^\s|,;:()。]{{1,12}}(?:[、,]\s*[^\s|,;:()。]{{1,12}}){{0,4}}",
                any(&[&people])
            )),
            others: new(format!("^(?:{})", others.join("|"))),
            bylined: check(&data.bylined)?,
            outlet: check(&data.outlet)?,
            begins: OnceLock::new(),
            published,
            updated,
            weak,
            events,
            source_labels: source,
        })
    }

    /// Whether a field may begin with a character.
    pub(super) fn may_begin(&self, c: char) -> bool {
        let begins = self.begins.get_or_init(|| {
            let fields = [&self.date, &self.source, &self.editors, &self.people, &self.others];
            let read = |field: &Regex| regex_syntax::parse(field.written()).ok();
            // One that cannot be read may begin with anything.
            let any = || regex_syntax::hir::Hir::dot(regex_syntax::hir::Dot::AnyChar);
            let fields = fields.into_iter().map(|field| read(field).unwrap_or_else(any));
            Starts::of(&fields.collect::<Vec<_>>())
        });
        begins.has(c)
    }

    /// Whether a line cannot be of an imprint by how it begins, as most lines cannot: with no
    /// field, and with a word that is too long, or has signs that no such word has.
    pub(super) fn is_prose(&self, line: &str, fold: &Fold) -> bool {
        let narrow = |c| fold.get(published::narrow_char(c));
        let han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
        let skipped = |c: &char| {
            !han(*c) && (c.is_whitespace() || BRACKETS.contains(c) || PARTS.contains(*c))
        };
        let mut chars = line.chars().map(narrow).skip_while(skipped).peekable();
        if chars.peek().is_none_or(|c| self.may_begin(*c)) {
            return false;
        }
        let mut length = 0;
        for c in chars {
            if han(c) {
                length += 1;
                if length > WORD {
                    return true;
                }
                continue;
            }
            // What stands in brackets may be an annotation, or all brackets about the line.
            if c.is_whitespace() || matches!(c, '|' | '(' | '/') {
                return false;
            }
            if BRACKETS.contains(&c) || "·•".contains(c) {
                continue;
            }
            length += 1;
            if length > WORD || !(c.is_alphanumeric() || SIGNS.contains(c)) {
                return true;
            }
        }
        false
    }

    /// Whether a line names the editor and nothing else.
    pub(in crate::read) fn is_editors(&self, line: &str, fold: &Fold) -> bool {
        if !line.contains([':', '：', '/', '／']) {
            return false;
        }
        let Some(view) = View::of(line, fold) else { return false };
        let text = trimmed(&view.text);
        text.contains([':', '/'])
            && self.parse(text.trim_start_matches(BRACKETS).trim_end_matches(BRACKETS)).is_some_and(
                |line| line.editors && !line.dated() && line.source.is_none() && line.bare == 0,
            )
    }

    /// Whether a word without a label is the name of one who publishes.
    pub(in crate::read) fn is_outlet(&self, word: &str) -> bool {
        self.outlet.is_match(word)
    }

    /// The text without a label of the source before it.
    pub(in crate::read) fn without_source_label<'t>(&self, text: &'t str) -> &'t str {
        let labels =
            self.source_labels.iter().filter_map(|label| text.strip_prefix(label.as_str()));
        labels.min_by_key(|rest| rest.len()).unwrap_or(text)
    }

    /// Whether a line under the title of a page says when and by whom, in fields with
    /// signs between them.
    pub(in crate::read) fn is_under_title(&self, line: &str, fold: &Fold) -> bool {
        let Some(view) = View::of(line, fold) else { return false };
        let parted = view.text.contains(['|', '·', '•']);
        let fits = |line: Line<'_>| line.counts() || (line.dated() && line.longest_bare <= 8);
        parted && self.parse(trimmed(&view.text)).is_some_and(fits)
    }

    /// The date at the beginning of a line of text, behind the label of such a date, and
    /// where the text begins.
    pub(super) fn before_text(&self, line: &str) -> Option<((PartialDate, Rank), usize)> {
        let rest = line.trim_start();
        let found = self.date(rest)?;
        let label = found.name("label")?.as_str();
        let end = found.get(0)?.end();
        let said = label.is_ascii() || rest[label.len()..].trim_start().starts_with(':');
        let text = rest[end..].trim_start();
        let begins = text.len() < rest.len() - end && text.starts_with(char::is_alphanumeric);
        let (date, rank) = self.dated(&found)?;
        let strong = matches!(rank, Rank::Published | Rank::Updated);
        (said && begins && strong).then_some(((date, rank), line.len() - text.len()))
    }

    /// The date with which a text begins, and its label. Whether there may be one is told first:
    /// the expression has ends of words, which are slow to find in Chinese.
    fn date<'t>(&self, text: &'t str) -> Option<regex::Captures<'t>> {
        let labels = [&self.published, &self.updated, &self.weak];
        let labelled =
            || labels.iter().any(|of| of.iter().any(|label| text.starts_with(label.as_str())));
        let digits = text.trim_start_matches(chars::is_numeric);
        let dated =
            digits.len() < text.len() && digits.trim_start().starts_with(['-', '/', '.', '年']);
        if dated || labelled() { captures(&self.date, text) } else { None }
    }

    /// The date that was found, and what it is worth.
    fn dated(&self, found: &regex::Captures<'_>) -> Option<(PartialDate, Rank)> {
        let date = found.name("date")?.as_str();
        let date = match published::first(date) {
            Some((date, _)) => date,
            None => published::day_first(date)?,
        };
        let label = found.name("label").map(|label| label.as_str());
        let is = |labels: &[String]| label.is_some_and(|l| labels.iter().any(|x| x == l));
        let rank = match label {
            Some(_) if is(&self.published) => Rank::Published,
            Some(_) if is(&self.updated) => Rank::Updated,
            Some(_) => Rank::Weak,
            None if found.name("clock").is_some() => Rank::Clock,
            None => Rank::Alone,
        };
        Some((date, rank))
    }

    /// The length of the label that a name ends in, which is not all of it.
    fn label_that_ends(&self, name: &str) -> usize {
        let labels = [&self.published, &self.updated, &self.weak];
        let ends = labels.iter().flat_map(|labels| labels.iter());
        let ends = ends.filter(|label| name.len() > label.len() && name.ends_with(label.as_str()));
        ends.map(String::len).max().unwrap_or(0)
    }

    /// The fields of a line, if it has nothing else.
    pub(super) fn parse<'l>(&self, text: &'l str) -> Option<Line<'l>> {
        let mut line = Line::default();
        let mut at = 0;
        loop {
            let rest = &text[at..];
            let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || PARTS.contains(c));
            at = text.len() - rest.len();
            if rest.is_empty() {
                return (line.fields > 0).then_some(line);
            }
            // Most lines have no such sign, and so no field that begins with a label.
            let labelled = rest.contains([':', '/']);
            let field = if !rest.starts_with(|c| self.may_begin(c)) {
                0
            } else if let Some(found) = self.date(rest) {
                let end = found.get(0).map_or(0, |all| all.end());
                // `2022年8月10日两市…` begins a sentence, `2022-08-10来源:…` does not.
                let next = &rest[end..];
                let others = [&self.source, &self.editors, &self.people, &self.others];
                if next.starts_with(char::is_alphanumeric)
                    && !others.iter().any(|field| field.is_match(next))
                {
                    return None;
                }
                let (date, rank) = self.dated(&found)?;
                if line.date.is_none_or(|(_, other)| rank < other) {
                    line.date = Some((date, rank));
                }
                end
            } else if labelled && let Some(found) = captures(&self.source, rest) {
                let name = found.name("name").map_or("", |name| name.as_str());
                let end = found.get(0).map_or(0, |all| all.end());
                // `来源:山水网时间:2022-08-10`: the next label is glued to the name.
                let glued = rest[end..].trim_start().starts_with(':');
                let label = if glued { self.label_that_ends(name) } else { 0 };
                line.source = line.source.or(Some(&name[..name.len() - label]));
                end - label
            } else if labelled && let Some(found) = self.editors.find(rest) {
                line.editors = true;
                found.end()
            } else if labelled && let Some(found) = self.people.find(rest) {
                found.end()
            } else if let Some(found) = self.others.find(rest) {
                line.others = true;
                found.end()
            } else {
                0
            };
            if field > 0 {
                line.fields += 1;
                at += field;
                continue;
            }
            let apart = |c: char| c.is_whitespace() || matches!(c, '|' | '/');
            let end = rest.find(apart).unwrap_or(rest.len());
            let word = &rest[..end];
            let plain = |c: char| c.is_alphanumeric() || SIGNS.contains(c);
            let length = word.chars().count();
            if line.bare == BARE || length > WORD || !word.chars().all(plain) {
                return None;
            }
            line.bare += 1;
            line.longest_bare = line.longest_bare.max(length);
            line.bylined |= self.bylined.is_match(word);
            if line.outlet.is_none() && self.outlet.is_match(word) {
                line.outlet = Some(word);
            }
            at += end;
        }
    }
}

/// What a match at the beginning captures. Whether there is one is told first: that is quick.
fn captures<'t>(field: &Regex, text: &'t str) -> Option<regex::Captures<'t>> {
    if field.is_match(text) { field.captures(text) } else { None }
}

/// What may stand about a whole line of fields.
pub(super) const BRACKETS: [char; 8] = ['(', ')', '[', ']', '【', '】', '〔', '〕'];

/// How much a date is worth, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Behind a label that says it is that of publication.
    Published,
    /// With the time of the day.
    Clock,
    /// With nothing.
    Alone,
    /// Behind a label that other dates have, too.
    Weak,
    /// When it was last changed.
    Updated,
}

/// The fields of one line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line<'l> {
    pub(super) date: Option<(PartialDate, Rank)>,
    pub(super) source: Option<&'l str>,
    pub(super) outlet: Option<&'l str>,
    pub(super) editors: bool,
    pub(super) others: bool,
    /// Whether a word without a label is of a byline.
    pub(super) bylined: bool,
    pub(super) fields: usize,
    /// Words without a label, and the characters of the longest.
    pub(super) bare: usize,
    pub(super) longest_bare: usize,
}

impl Line<'_> {
    pub(super) fn dated(&self) -> bool {
        self.date.is_some()
    }

    /// Whether a label or the time of the day speaks for its date.
    pub(super) fn surely_dated(&self) -> bool {
        let strong = matches!(self.date, Some((_, Rank::Published | Rank::Clock | Rank::Updated)));
        strong || (self.dated() && (self.source.is_some() || self.others))
    }

    /// Whether words without a label are of a byline, or too short for a title.
    pub(super) fn tight(&self) -> bool {
        self.bylined || self.longest_bare <= TITLE
    }

    /// Whether the line is of the imprint, wherever it stands. A date alone is not.
    pub(super) fn counts(&self) -> bool {
        let words = self.bare == 0 || (self.dated() && self.tight());
        let bylined = self.bare > 0 && self.bylined && self.dated();
        let said = self.surely_dated() || self.source.is_some() || self.editors || bylined;
        words && said
    }
}

#[cfg(test)]
mod tests {
    use crate::read::PageRules;

    #[test]
    fn lines_of_editors_are_told_from_sentences() {
        let rules = PageRules::bundled().unwrap();
        for line in ["责任编辑：周敏", "[责任编辑：段云]", "（编辑：周敏 审核：段云）", "责编/周敏"]
        {
            assert!(rules.is_editors(line), "{line}");
        }
        for line in ["编辑：这个词的意思是整理。", "记者：周敏", "文/周敏", "编辑部的故事"]
        {
            assert!(!rules.is_editors(line), "{line}");
        }
    }
}
