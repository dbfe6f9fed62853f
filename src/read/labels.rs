//! [`Labels`]: what stands before a date says what it is the date of.

use super::imprint;

/// What a label says of the date after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// There is none.
    None,
    /// It is the date of publication.
    Published,
    /// It is a date: `时间`, `日期`.
    Weak,
    /// It is that of the last change, or of the document: taken where there is no other.
    Late,
    /// It is the date of something else.
    Other,
}

/// The labels, out of `rules/page.toml`.
#[derive(Debug)]
pub(super) struct Labels {
    published: Vec<String>,
    late: Vec<String>,
    weak: Vec<String>,
    /// What the labels of all dates end in.
    ends: Vec<String>,
    /// Labels of other fields, whose value may be missing.
    beside: Vec<String>,
    /// Words that stand before other dates.
    not: Vec<String>,
    /// Characters after which a date is part of a sentence.
    joins: String,
}

/// Characters before a date that are looked at for such words.
const REACH: usize = 8;

impl Labels {
    pub(super) fn new(dates: super::furniture::Dates, imprint: &imprint::Data) -> Self {
        let late = dates.late.into_iter().chain(imprint.updated.iter().cloned()).collect();
        let beside = [&imprint.source, &imprint.people, &imprint.editors];
        Self {
            published: imprint.published.clone(),
            late,
            weak: imprint.weak.clone(),
            ends: dates.ends,
            beside: beside.into_iter().flatten().cloned().collect(),
            not: dates.not,
            joins: dates.joins,
        }
    }

    /// What the text before a date, in simplified script, says of it.
    pub(super) fn before(&self, text: &str) -> Label {
        let is_gap = |c: char| c.is_whitespace() || matches!(c, ':' | '：' | ']' | '】');
        let label = text.trim_end_matches(is_gap);
        let colon = text[label.len()..].contains([':', '：']);
        let near: String = last(label, REACH);
        if self.not.iter().any(|word| near.contains(word.as_str())) {
            return Label::Other;
        }
        let mut word = last_word(label);
        // `日　期：`: set with spaces between its letters.
        if colon && word.chars().count() == 1 {
            word = last(&label.split_whitespace().collect::<String>(), 2);
        }
        // `活动至2021-01-03`: what it is part of goes on.
        let joined = !colon && label.len() == text.len();
        match self.word(&word, colon) {
            Label::None if joined && word.ends_with(|c| self.joins.contains(c)) => Label::Other,
            label => label,
        }
    }

    /// Whether a text is a label and nothing else.
    pub(super) fn is_one(&self, text: &str) -> bool {
        let signs = |c: char| c.is_whitespace() || "[]【】()（）:：".contains(c);
        let label: String = text.split(signs).collect();
        self.iter().any(|known| known == label)
    }

    /// Whether a text ends with a label that has its colon, or is one.
    pub(super) fn ends_with_one(&self, text: &str) -> bool {
        let text = text.trim_end();
        let last = text.rsplit(char::is_whitespace).next().unwrap_or(text);
        self.is_one(text) || last.ends_with([':', '：']) && self.is_one(last)
    }

    /// What a cell or line of its own says of the date in the next one.
    pub(super) fn of_cell(&self, text: &str) -> Label {
        let word = text.trim_end_matches([':', '：', ' ']);
        let word: String = word.split_whitespace().collect();
        match self.word(&word, word.len() < text.len()) {
            Label::Other if word.is_empty() => Label::None,
            label => label,
        }
    }

    /// All labels.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        [&self.published, &self.late, &self.weak].into_iter().flatten().map(String::as_str)
    }

    fn word(&self, word: &str, colon: bool) -> Label {
        let ends = |labels: &[String]| labels.iter().any(|label| word.ends_with(label.as_str()));
        let is = |labels: &[String]| labels.iter().any(|label| word == label);
        if word.is_empty() {
            Label::None
        } else if ends(&self.late) {
            Label::Late
        } else if ends(&self.published) {
            Label::Published
        } else if is(&self.weak) {
            Label::Weak
        } else if ends(&self.ends) || colon && !ends(&self.beside) {
            Label::Other
        } else {
            Label::None
        }
    }
}

/// The last `count` characters.
fn last(text: &str, count: usize) -> String {
    let skip = text.chars().count().saturating_sub(count);
    text.chars().skip(skip).collect()
}

/// The Chinese characters at the end.
fn last_word(text: &str) -> String {
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    text[text.trim_end_matches(is_han).len()..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{super::PageRules, Label};

    #[test]
    fn labels_say_what_a_date_is_of() {
        let rules = PageRules::bundled().unwrap();
        for (text, label) in [
            ("发布时间：", Label::Published),
            ("信息发布日期: ", Label::Published),
            ("来源：市外办 发布时间：", Label::Published),
            ("发表于", Label::Published),
            ("时间：", Label::Weak),
            ("日　期：", Label::Weak),
            ("更新时间：", Label::Late),
            ("成文日期：", Label::Late),
            ("生效日期：", Label::Other),
            ("打印时间：", Label::Other),
            ("活动时间 ", Label::Other),
            ("结好时间\t", Label::Other),
            ("会期：", Label::Other),
            ("今天是", Label::Other),
            ("限时优惠 活动至", Label::Other),
            ("来源：", Label::None),
            ("来源：青山日报 ", Label::None),
            ("记者 ", Label::None),
            ("", Label::None),
        ] {
            assert_eq!(rules.labels.before(text), label, "{text}");
        }
        assert_eq!(rules.labels.of_cell("发布日期"), Label::Published);
        assert_eq!(rules.labels.of_cell("施行日期："), Label::Other);
        assert_eq!(rules.labels.of_cell("青山日报"), Label::None);
    }
}
