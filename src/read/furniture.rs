//! [`PageRules`]: what is known of how pages are furnished, compiled from `rules/page.toml`.

use std::{
    borrow::Cow,
    ops::Range,
    sync::{LazyLock, OnceLock},
};

use memchr::memmem::Finder;
use rustc_hash::FxHashSet;
use scraper::node::Element;
use serde::Deserialize;

use super::{
    fold::Fold,
    html::{Hint, attribute},
    imprint,
    labels::Labels,
};
use crate::{
    chars::CharSet,
    expression::{Regex, RegexSet},
    prefixes::Prefixes,
    rule::DataError,
};

const FILE: &str = "rules/page.toml";
const DATA: &str = include_str!("../../rules/page.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    longest: usize,
    signs: String,
    boxes: Boxes,
    lines: Lines,
    imprint: imprint::Data,
    source: Source,
    date: Dates,
    title: Title,
    script: ScriptFields,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Boxes {
    never: FxHashSet<String>,
    furniture: FxHashSet<String>,
    content: FxHashSet<String>,
    caption: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    furniture: Vec<Pattern>,
    tails: Vec<Pattern>,
    last: Pattern,
    goes_on: Vec<String>,
    bylines: Vec<Pattern>,
    captions: Vec<Pattern>,
    inline: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    patterns: Vec<Pattern>,
    boxes: FxHashSet<String>,
    stated: Vec<String>,
    meta: Vec<String>,
    ends: Vec<String>,
    nobody: Vec<String>,
    of_parts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dates {
    meta: Vec<String>,
    scripts: Vec<Pattern>,
    pub(super) late: Vec<String>,
    pub(super) ends: Vec<String>,
    pub(super) not: Vec<String>,
    pub(super) joins: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    separators: Vec<String>,
    sites: Vec<String>,
    meta: Vec<String>,
    none: Vec<Pattern>,
}

/// The names that the scripts of pages give to the parts of an article.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScriptFields {
    pub(super) text: Vec<String>,
    pub(super) title: Vec<String>,
    pub(super) date: Vec<String>,
    pub(super) source: Vec<String>,
}

/// A regular expression, and where it stands.
type Pattern = toml::Spanned<String>;

/// What a line is known to be by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing that speaks against it.
    Nothing,
    /// Furniture wherever it stands.
    Furniture,
    /// The beginning of what follows an article.
    Tail,
}

/// What is known of how pages are furnished.
#[derive(Debug)]
pub(crate) struct PageRules {
    longest: usize,
    signs: String,
    /// White space, and these signs.
    at_ends: CharSet,
    /// Traditional characters of furniture, and the simplified ones.
    pub(super) fold: Fold,
    boxes: Words,
    /// Lines that begin a tail, and behind them those that are furniture.
    lines: RegexSet,
    /// How many begin a tail.
    tails: usize,
    /// What ends the last line of an article.
    last: Regex,
    /// How lines after it begin that are of the article.
    goes_on: Vec<String>,
    bylines: RegexSet,
    captions: RegexSet,
    /// How the lines read that say when and by whom.
    pub(super) imprint: imprint::Fields,
    sources: Vec<Regex>,
    source_boxes: FxHashSet<String>,
    /// Names of meta elements that tell the source and nothing else.
    pub(super) source_stated: Vec<String>,
    /// Names of meta elements that tell the source, or the site.
    pub(super) source_meta: Vec<String>,
    /// Names of meta elements that tell the date.
    pub(super) date_meta: Vec<String>,
    /// What the parts of an article are called in scripts.
    pub(super) script_fields: ScriptFields,
    /// How scripts are given the date.
    scripts: Vec<Regex>,
    /// What stands before dates.
    pub(super) labels: Labels,
    /// What ends the name of a source to which it is glued.
    pub(super) source_ends: Prefixes,
    /// What makes the label of a source that of a picture.
    source_of_parts: Vec<String>,
    /// What stands where the name of the source should.
    pub(super) source_nobody: Vec<String>,
    /// Titles of pages that say that there is nothing.
    no_article: RegexSet,
    /// Spam within a line.
    inline: Regex,
    /// Names of meta elements that tell the title.
    pub(super) title_meta: Vec<String>,
    /// What stands between a title and the name of the site.
    pub(super) separators: Vec<String>,
    /// What names of sites end in.
    pub(super) site_ends: Vec<String>,
}

#[derive(Debug)]
struct Words {
    never: FxHashSet<String>,
    furniture: FxHashSet<String>,
    content: FxHashSet<String>,
    caption: FxHashSet<String>,
}

impl PageRules {
    /// The data that comes with the program, read once.
    pub(crate) fn bundled() -> Result<&'static Self, DataError> {
        static BUNDLED: OnceLock<Result<PageRules, DataError>> = OnceLock::new();
        BUNDLED.get_or_init(|| Self::compile(FILE, DATA)).as_ref().map_err(Clone::clone)
    }

    fn compile(file: &str, text: &str) -> Result<Self, DataError> {
        let mut data: Data =
            toml::from_str(text).map_err(|error| DataError::toml(file, text, &error))?;
        // Tests read what comes with the program; to read it here would take as long as all
        // else at the start.
        let check = |pattern: &Pattern| match text.as_ptr() == DATA.as_ptr() {
            true => Ok(Regex::known(pattern.get_ref())),
            false => check(file, text, pattern),
        };
        let whole = |patterns: &[Pattern]| -> Result<RegexSet, DataError> {
            for pattern in patterns {
                check(pattern)?;
            }
            let whole = patterns.iter().map(|pattern| format!("^(?:{})$", pattern.get_ref()));
            Ok(RegexSet::new(whole.map(|whole| Regex::known(&whole)).collect()))
        };
        let each = |patterns: &[Pattern]| -> Result<Vec<Regex>, DataError> {
            patterns.iter().map(check).collect()
        };
        each(&data.lines.inline)?;
        let inline: Vec<_> = data.lines.inline.iter().map(|it| it.get_ref().as_str()).collect();
        let inline = Regex::known(&inline.join("|"));
        let spaces = ('\0'..='\u{3000}').filter(|c| c.is_whitespace());
        let scripts = each(&data.date.scripts)?;
        let date_meta = std::mem::take(&mut data.date.meta);
        let labels = Labels::new(data.date, &data.imprint);
        // Two of the shortest labels are words of names, too.
        let ends = labels.iter().filter(|label| label.chars().count() > 2);
        let ends = ends.chain(data.source.ends.iter().map(String::as_str));
        let source_ends = Prefixes::new(ends);
        Ok(Self {
            longest: data.longest,
            at_ends: data.signs.chars().chain(spaces).collect(),
            signs: data.signs,
            fold: Fold::new(),
            tails: data.lines.tails.len(),
            lines: whole(&[data.lines.tails, data.lines.furniture].concat())?,
            last: check(&data.lines.last)?,
            goes_on: data.lines.goes_on,
            bylines: whole(&data.lines.bylines)?,
            captions: whole(&data.lines.captions)?,
            sources: each(&data.source.patterns)?,
            script_fields: data.script,
            scripts,
            no_article: whole(&data.title.none)?,
            inline,
            source_boxes: data.source.boxes,
            source_stated: data.source.stated,
            source_meta: data.source.meta,
            source_ends,
            source_of_parts: data.source.of_parts,
            source_nobody: data.source.nobody,
            date_meta,
            labels,
            imprint: imprint::Fields::new(data.imprint, check)?,
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
        let named = ["class", "id", "role"].map(|name| attribute(element, name));
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
        let class = attribute(element, "class");
        class.is_some_and(|class| any_word(class, |word| self.boxes.caption.contains(word)))
    }

    /// Whether an element is named as one that holds the name of the source.
    pub(super) fn is_source_box(&self, element: &Element) -> bool {
        let named = ["class", "id"].map(|name| attribute(element, name));
        let whole =
            |name: &str| name.split_ascii_whitespace().any(|name| self.source_boxes.contains(name));
        named
            .into_iter()
            .flatten()
            .any(|name| whole(name) || any_word(name, |word| self.source_boxes.contains(word)))
    }

    /// Whether a line is furniture wherever it stands.
    pub(crate) fn is_furniture(&self, line: &str) -> bool {
        match self.is_furniture_with_spam(line) {
            Some(is_one) => is_one,
            None => self.is_furniture_whole(line),
        }
    }

    /// What a line is known to be by its words.
    pub(super) fn known(&self, line: &str) -> Known {
        let found = self.short(line).and_then(|line| self.lines.first(&line, 0..usize::MAX));
        if found.is_some_and(|n| n < self.tails) {
            Known::Tail
        } else if self.is_furniture_with_spam(line).unwrap_or(found.is_some()) {
            Known::Furniture
        } else {
            Known::Nothing
        }
    }

    /// Whether a line is furniture or begins a tail. Where no bracket opens in the whole text,
    /// none is looked for.
    pub(crate) fn is_no_text(&self, line: &str, bracketed: bool) -> bool {
        let fits = |line: Cow<'_, str>| self.lines.is_match(&line);
        if !bracketed {
            return self.plain(self.trimmed(line)).is_some_and(fits);
        }
        match self.is_furniture_with_spam(line) {
            Some(is_one) => is_one || self.begins_tail(line),
            None => self.short(line).is_some_and(fits),
        }
    }

    /// Whether a line with spam in it is furniture; nothing of a line without.
    fn is_furniture_with_spam(&self, line: &str) -> Option<bool> {
        self.spam(line).next()?;
        let rest = self.inline.replace_all(line, "");
        Some(rest.trim().is_empty() || self.is_furniture_whole(&rest))
    }

    fn is_furniture_whole(&self, line: &str) -> bool {
        let fits = |line: &str| self.lines.first(line, self.tails..usize::MAX).is_some();
        self.short(line).is_some_and(|line| fits(&line))
    }

    /// Where spam stands within a line: in brackets of its own.
    pub(crate) fn spam<'l>(&'l self, line: &'l str) -> impl Iterator<Item = Range<usize>> + 'l {
        // The cheap test: most lines have no brackets.
        let line = if has_bracket(line) { line } else { "" };
        self.inline.find_iter(line).map(|found| found.range())
    }

    /// Whether a title says that there is no article.
    pub(super) fn is_no_article(&self, title: &str) -> bool {
        self.short(title).is_some_and(|title| self.no_article.is_match(&title))
    }

    /// The date that a script of the page is given.
    pub(super) fn scripted_date<'p>(&self, page: &'p str) -> Option<&'p str> {
        self.scripts.iter().find_map(|script| Some(script.captures(page)?.name("at")?.as_str()))
    }

    /// The text in simplified script, byte for byte as long.
    pub(super) fn folded(&self, text: &str) -> String {
        text.chars().map(|c| self.fold.get(c)).collect()
    }

    /// Whether a line begins a tail that is not the article.
    pub(crate) fn begins_tail(&self, line: &str) -> bool {
        let fits = |line: &str| self.lines.first(line, 0..self.tails).is_some();
        self.short(line).is_some_and(|line| fits(&line))
    }

    /// Whether a line ends with the sign that the article ends with it.
    pub(crate) fn is_last(&self, line: &str) -> bool {
        let line = line.trim_end();
        line.ends_with([')', '）', ']', '】']) && self.last.is_match(line)
    }

    /// Whether a line after the end of an article is of it nevertheless.
    pub(crate) fn goes_on(&self, line: &str) -> bool {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        self.goes_on.iter().any(|word| line.starts_with(word.as_str()))
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
        let folded = self.folded(line);
        self.sources.iter().find_map(|pattern| {
            let captures = pattern.captures(&folded)?;
            let before = folded[..captures.get(0)?.start()].trim_end();
            let other = self.source_of_parts.iter().any(|part| before.ends_with(part.as_str()));
            let at = captures.name("name").filter(|_| !other)?.range();
            Some((&line[at.clone()], at))
        })
    }

    /// The text without a label of the source before it.
    pub(super) fn without_source_label<'t>(&self, text: &'t str) -> &'t str {
        self.imprint.without_source_label(text)
    }

    /// The line without what stands at its ends and in simplified script, if it is short
    /// enough to be furniture.
    fn short<'l>(&self, line: &'l str) -> Option<Cow<'l, str>> {
        let line = self.trimmed(line);
        if line.len() <= 8 * self.longest
            && has_bracket(line)
            && let Cow::Owned(line) = imprint::without_annotations(line)
        {
            return self.short(&line).map(|line| Cow::Owned(line.into_owned()));
        }
        self.plain(line)
    }

    /// The line without what stands at its ends.
    fn trimmed<'l>(&self, line: &'l str) -> &'l str {
        let is_sign =
            |c: char| self.at_ends.contains(c) && (c.is_whitespace() || self.signs.contains(c));
        line.trim_matches(is_sign)
    }

    /// A line without annotations in simplified script, if it is short enough.
    fn plain<'l>(&self, line: &'l str) -> Option<Cow<'l, str>> {
        // Four bytes to a character at most, so most long lines are not counted.
        let short = line.len() <= self.longest
            || (line.len() <= 4 * self.longest && line.chars().count() <= self.longest);
        if !short || line.is_empty() {
            return None;
        }
        if !self.fold.changes(line) {
            return Some(Cow::Borrowed(line));
        }
        Some(line.chars().map(|c| self.fold.get(c)).collect())
    }
}

/// Whether a bracket opens in a text: most have none.
pub(crate) fn has_bracket(text: &str) -> bool {
    static WIDE: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["（", "【"].map(Finder::new));
    let text = text.as_bytes();
    memchr::memchr2(b'(', b'[', text).is_some() || WIDE.iter().any(|it| it.find(text).is_some())
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
    let mut ask = |word: &str| match word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => asked(&word.to_ascii_lowercase()),
        false => asked(word),
    };
    for name in name.split_ascii_whitespace().take(20) {
        let name = name.get(..60).unwrap_or(name);
        let (mut lower, mut start) = (false, 0);
        for (at, byte) in name.bytes().enumerate() {
            let letter = byte.is_ascii_alphabetic();
            if !letter || (byte.is_ascii_uppercase() && lower) {
                if start < at && ask(&name[start..at]) {
                    return true;
                }
                start = at + usize::from(!letter);
            }
            lower = byte.is_ascii_lowercase();
        }
        if let Some(last) = name.get(start..).filter(|last| !last.is_empty())
            && ask(last)
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> &'static PageRules {
        PageRules::bundled().unwrap()
    }

    #[test]
    fn every_expression_that_comes_with_the_program_is_one() {
        let copy = DATA.to_owned();
        PageRules::compile(FILE, &copy).unwrap();
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
