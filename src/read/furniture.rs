//! [`PageRules`]: what is known of how pages are furnished, compiled from `rules/page.toml`.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use scraper::node::Element;
use serde::Deserialize;

use super::{html::Hint, imprint};
use crate::{
    expression::{Regex, RegexSet},
    rule::DataError,
};

const FILE: &str = "rules/page.toml";
const DATA: &str = include_str!("../../rules/page.toml");

/// Bytes for the states that a set of patterns meets, for each thread: with fewer they
/// are thrown away and built again, a tenth of the time of a page.
const DFA: usize = 32 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    longest: usize,
    signs: String,
    fold: String,
    boxes: Boxes,
    lines: Lines,
    imprint: imprint::Data,
    source: Source,
    date: Dates,
    title: Title,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Boxes {
    never: HashSet<String>,
    furniture: HashSet<String>,
    content: HashSet<String>,
    caption: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    furniture: Vec<Pattern>,
    tails: Vec<Pattern>,
    bylines: Vec<Pattern>,
    captions: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    patterns: Vec<Pattern>,
    boxes: HashSet<String>,
    stated: Vec<String>,
    meta: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dates {
    meta: Vec<String>,
    labels: Vec<String>,
    not: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    separators: Vec<String>,
    sites: Vec<String>,
    meta: Vec<String>,
}

/// A regular expression, and where it stands.
type Pattern = toml::Spanned<String>;

/// What is known of how pages are furnished.
#[derive(Debug)]
pub(crate) struct PageRules {
    longest: usize,
    signs: String,
    /// Traditional characters of furniture, and the simplified ones.
    pub(super) fold: HashMap<char, char>,
    boxes: Words,
    furniture: RegexSet,
    tails: RegexSet,
    bylines: RegexSet,
    captions: RegexSet,
    /// How the lines read that say when and by whom.
    pub(super) imprint: imprint::Fields,
    sources: Vec<Regex>,
    source_boxes: HashSet<String>,
    /// Names of meta elements that tell the source and nothing else.
    pub(super) source_stated: Vec<String>,
    /// Names of meta elements that tell the source, or the site.
    pub(super) source_meta: Vec<String>,
    /// Names of meta elements that tell the date.
    pub(super) date_meta: Vec<String>,
    /// What stands before a publication date.
    pub(super) date_labels: Vec<String>,
    /// What stands beside other dates.
    pub(super) date_not: Vec<String>,
    /// Names of meta elements that tell the title.
    pub(super) title_meta: Vec<String>,
    /// What stands between a title and the name of the site.
    pub(super) separators: Vec<String>,
    /// What names of sites end in.
    pub(super) site_ends: Vec<String>,
}

#[derive(Debug)]
struct Words {
    never: HashSet<String>,
    furniture: HashSet<String>,
    content: HashSet<String>,
    caption: HashSet<String>,
}

impl PageRules {
    /// Compiles the data that comes with the program.
    pub(crate) fn new() -> Result<Self, DataError> {
        Self::compile(FILE, DATA)
    }

    fn compile(file: &str, text: &str) -> Result<Self, DataError> {
        let data: Data =
            toml::from_str(text).map_err(|error| DataError::toml(file, text, &error))?;
        let whole = |patterns: &[Pattern]| {
            for pattern in patterns {
                check(file, text, pattern)?;
            }
            let whole = patterns.iter().map(|pattern| format!("^(?:{})$", pattern.get_ref()));
            RegexSet::new(whole, DFA)
                .map_err(|error| DataError::at(file, text, 0, error.to_string()))
        };
        let sources = data.source.patterns.iter().map(|pattern| check(file, text, pattern));
        Ok(Self {
            longest: data.longest,
            signs: data.signs,
            fold: data.fold.chars().zip(data.fold.chars().skip(1)).step_by(2).collect(),
            furniture: whole(&data.lines.furniture)?,
            tails: whole(&data.lines.tails)?,
            bylines: whole(&data.lines.bylines)?,
            captions: whole(&data.lines.captions)?,
            imprint: imprint::Fields::new(
                data.imprint,
                |pattern| check(file, text, pattern),
                |error| DataError::at(file, text, 0, error.to_string()),
            )?,
            sources: sources.collect::<Result<_, _>>()?,
            source_boxes: data.source.boxes,
            source_stated: data.source.stated,
            source_meta: data.source.meta,
            date_meta: data.date.meta,
            date_labels: data.date.labels,
            date_not: data.date.not,
            title_meta: data.title.meta,
            separators: data.title.separators,
            site_ends: data.title.sites,
            boxes: Words {
                never: data.boxes.never,
                furniture: data.boxes.furniture,
                content: data.boxes.content,
                caption: data.boxes.caption,
            },
        })
    }

    /// What the name, class and id of an element say about what it holds.
    pub(super) fn hint(&self, name: &str, element: &Element) -> Hint {
        if self.boxes.never.contains(name) {
            return Hint::Never;
        }
        if matches!(name, "html" | "body") {
            return Hint::None;
        }
        let mut hint = if matches!(name, "article" | "main") { Hint::Content } else { Hint::None };
        let named = [element.attr("class"), element.attr("id"), element.attr("role")];
        let furniture = named.into_iter().flatten().any(|name| {
            any_word(name, |word| {
                if self.boxes.content.contains(word) {
                    hint = Hint::Content;
                }
                self.boxes.furniture.contains(word)
            })
        });
        if furniture {
            return Hint::Furniture;
        }
        hint
    }

    /// Whether an element is named as a caption.
    pub(super) fn is_caption(&self, element: &Element) -> bool {
        let class = element.attr("class");
        class.is_some_and(|class| any_word(class, |word| self.boxes.caption.contains(word)))
    }

    /// Whether an element is named as one that holds the name of the source.
    pub(super) fn is_source_box(&self, element: &Element) -> bool {
        let named = [element.attr("class"), element.attr("id")];
        let whole =
            |name: &str| name.split_ascii_whitespace().any(|name| self.source_boxes.contains(name));
        named
            .into_iter()
            .flatten()
            .any(|name| whole(name) || any_word(name, |word| self.source_boxes.contains(word)))
    }

    /// Whether a line is furniture wherever it stands.
    pub(crate) fn is_furniture(&self, line: &str) -> bool {
        self.short(line).is_some_and(|line| self.furniture.is_match(&line))
    }

    /// Whether a line begins a tail that is not the article.
    pub(crate) fn begins_tail(&self, line: &str) -> bool {
        self.short(line).is_some_and(|line| self.tails.is_match(&line))
    }

    /// Whether a line says when and by whom the article was published.
    pub(super) fn is_byline(&self, line: &str) -> bool {
        self.short(line).is_some_and(|line| self.bylines.is_match(&line))
            || self.imprint.is_under_title(line, &self.fold)
    }

    /// Whether a line names the editor and nothing else.
    pub(crate) fn is_editors(&self, line: &str) -> bool {
        self.imprint.is_editors(line, &self.fold)
    }

    /// Whether a line reads like a caption.
    pub(super) fn reads_like_caption(&self, line: &str) -> bool {
        self.short(line).is_some_and(|line| self.captions.is_match(&line))
    }

    /// The name of the source that a line states, and where.
    pub(super) fn source<'l>(&self, line: &'l str) -> Option<(&'l str, Range<usize>)> {
        self.sources.iter().find_map(|pattern| {
            let name = pattern.captures(line)?.name("name")?;
            Some((name.as_str(), name.range()))
        })
    }

    /// The text without a label of the source before it.
    pub(super) fn without_source_label<'t>(&self, text: &'t str) -> &'t str {
        self.imprint.without_source_label(text)
    }

    /// The line without what stands at its ends and in simplified script, if it is short
    /// enough to be furniture.
    fn short<'l>(&self, line: &'l str) -> Option<Cow<'l, str>> {
        let line = line.trim_matches(|c: char| c.is_whitespace() || self.signs.contains(c));
        if line.len() <= 8 * self.longest
            && line.contains(['(', '（'])
            && let Cow::Owned(line) = imprint::without_annotations(line)
        {
            return self.short(&line).map(|line| Cow::Owned(line.into_owned()));
        }
        // Four bytes to a character at most, so most long lines are not counted.
        let short = line.len() <= self.longest
            || (line.len() <= 4 * self.longest && line.chars().count() <= self.longest);
        if !short || line.is_empty() {
            return None;
        }
        if !line.contains(|c| self.fold.contains_key(&c)) {
            return Some(Cow::Borrowed(line));
        }
        Some(line.chars().map(|c| self.fold.get(&c).copied().unwrap_or(c)).collect())
    }
}

fn check(file: &str, text: &str, pattern: &Pattern) -> Result<Regex, DataError> {
    Regex::new(pattern.get_ref()).map_err(|error| {
        let message = format!("not a regular expression: {error}");
        DataError::at(file, text, pattern.span().start, message)
    })
}

/// Whether any word of a class or id is one that is asked for. The words are split at
/// signs, digits and capitals, and are seen in lower case.
fn any_word(name: &str, mut asked: impl FnMut(&str) -> bool) -> bool {
    let mut word = String::new();
    for name in name.split_ascii_whitespace().take(20) {
        let name = name.get(..60).unwrap_or(name);
        let mut lower = false;
        for byte in name.bytes() {
            let cut = !byte.is_ascii_alphabetic() || (byte.is_ascii_uppercase() && lower);
            if cut && !word.is_empty() {
                if asked(&word) {
                    return true;
                }
                word.clear();
            }
            if byte.is_ascii_alphabetic() {
                word.push(char::from(byte.to_ascii_lowercase()));
            }
            lower = byte.is_ascii_lowercase();
        }
        if !word.is_empty() && asked(&word) {
            return true;
        }
        word.clear();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> PageRules {
        PageRules::new().unwrap()
    }

    #[test]
    fn lines_of_furniture_are_told_from_sentences() {
        let rules = rules();
        for line in [
            "相关推荐",
            "分享到：微信 微博",
            "阅读 1024 次",
            "暫無評論",
            "暂无评论,快抢沙发吧~",
            "你 发表评论:",
            "欢迎",
        ] {
            assert!(rules.is_furniture(line) || rules.begins_tail(line), "{line}");
        }
        for line in [
            "代表团对相关推荐表示感谢。",
            "欢迎仪式上，两市市长签署了友好城市协议。",
            "2023年2月，两市签约。",
        ] {
            assert!(!rules.is_furniture(line) && !rules.begins_tail(line), "{line}");
        }
    }

    #[test]
    fn a_mistake_in_the_data_is_reported_with_its_place() {
        let broken = DATA.replacen("'广告|", "'(广告|", 1);
        let error = PageRules::compile("page.toml", &broken).unwrap_err();
        assert!(error.message.starts_with("not a regular expression"), "{error}");
        assert!(error.line > 1 && error.column == 3, "{error}");
        let unknown = format!("{DATA}\nnonsense = 1\n");
        let error = PageRules::compile("page.toml", &unknown).unwrap_err();
        assert!(error.message.contains("unknown field `nonsense`"), "{error}");
    }

    #[test]
    fn names_are_split_into_words() {
        let mut split = Vec::new();
        any_word("articleBody related-news_box2 JS 正文", |word| {
            split.push(word.to_owned());
            false
        });
        assert_eq!(split, ["article", "body", "related", "news", "box", "js"]);
    }
}
