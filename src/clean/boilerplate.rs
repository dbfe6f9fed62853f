//! Cuts what stands on the page and is not the article.

use std::ops::Range;

use crate::{
    article::{Block, BlockKind},
    notes::Why,
    read::{self, Imprint, PageRules},
    rule::DataError,
    text::Edit,
};

/// The first pass: here clean and raw coordinates are still the same.
#[derive(Debug)]
pub(super) struct Boilerplate {
    rules: PageRules,
}

impl Boilerplate {
    /// Compiles `rules/page.toml`.
    pub(super) fn new() -> Result<Self, DataError> {
        Ok(Self { rules: PageRules::new()? })
    }

    /// The blocks of a page are cut as the reader marked them. Plain text has no blocks;
    /// its furniture is told by its lines, as `rules/page.toml` has them.
    pub(super) fn edits(&self, text: &str, layout: &[Block]) -> Vec<Edit> {
        if layout.is_empty() { plain(text, &self.rules) } else { page(text, layout, &self.rules) }
    }
}

/// One cut for each stretch of furniture, with the line ends, and one for each piece of
/// spam within a line that stays.
fn page(text: &str, layout: &[Block], rules: &PageRules) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    for block in layout {
        let at = block.span.range();
        if block.kind != BlockKind::Furniture {
            let mut spam = rules.spam(&text[at.clone()]).peekable();
            if spam.peek().is_some() {
                let before = last.take();
                edits.extend(before.map(|(start, end)| Edit::cut(start..end, Why::Boilerplate)));
            }
            let cut = |it: Range<usize>| {
                Edit::cut(at.start + it.start..at.start + it.end, Why::Boilerplate)
            };
            edits.extend(spam.map(cut));
            continue;
        }
        let end = at.end + usize::from(text[at.end..].starts_with('\n'));
        match &mut last {
            Some((_, until)) if *until == at.start => *until = end,
            _ => {
                edits.extend(last.map(|(start, end)| Edit::cut(start..end, Why::Boilerplate)));
                last = Some((at.start, end));
            }
        }
    }
    edits.extend(last.map(|(start, end)| Edit::cut(start..end, Why::Boilerplate)));
    edits
}

/// Lines of plain text that are furniture or say when and by whom it was published, what
/// of that stands behind a title, and the tail: from a line that begins one, if nothing
/// but furniture and short lines follow.
fn plain(text: &str, rules: &PageRules) -> Vec<Edit> {
    let lines = read::lines(text);
    let tail = read::tail(&lines, rules);
    let cut =
        |n: &usize| *n >= tail || rules.is_furniture(lines[*n].1) || rules.begins_tail(lines[*n].1);
    // An article of nothing but such lines is left as it is.
    if (0..lines.len()).all(|n| cut(&n) || lines[n].1.trim().is_empty()) {
        return Vec::new();
    }
    let whole = |n: usize| lines[n].0..lines[n].0 + lines[n].1.len();
    let mut cuts: Vec<_> = (0..lines.len()).filter(cut).map(whole).collect();
    let imprint = Imprint::of(&lines, tail, rules).cuts;
    cuts.extend(imprint);
    for (start, line) in lines.iter().take(tail) {
        cuts.extend(rules.spam(line).map(|it| start + it.start..start + it.end));
    }
    cuts.sort_by_key(|at| (at.start, at.end));
    // A line that is furniture and imprint is cut once.
    cuts.dedup_by(|next, kept| next.start < kept.end);
    cuts.into_iter().map(|at| Edit::cut(at, Why::Boilerplate)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn cleaned(raw: &str) -> String {
        let mut text = Text::new(raw);
        text.apply(&Boilerplate::new().unwrap().edits(raw, &[]));
        text.clean().to_owned()
    }

    #[test]
    fn the_tail_of_a_plain_text_goes() {
        let body = "两市签署友好城市协议。\n记者 张三 报道\n";
        let tail = "\n相关推荐\n某市代表团来访\n评论列表\n暂无评论,快抢沙发吧~\n你 发表评论:\n欢迎";
        assert_eq!(cleaned(&format!("{body}{tail}")).trim_end(), body.trim_end());
    }

    #[test]
    fn what_the_author_meant_stays() {
        for raw in [
            "市长出席欢迎仪式\n双方就相关推荐名单交换意见，并欢迎更多城市加入。\n记者 张三 报道",
            "相关阅读\n两市的友谊始于1985年。此后交往不断。",
            "欢迎",
        ] {
            assert!(raw.ends_with(&cleaned(raw)), "{raw}");
            assert!(cleaned(raw).chars().count() + 6 > raw.chars().count(), "{raw}");
        }
    }

    /// The article that the project was made from, where it is at hand.
    #[test]
    fn the_tail_of_the_seed_goes_and_nothing_else() {
        let Some(shared) = std::env::var_os("YOUCHENG_SHARED") else { return };
        let path = std::path::Path::new(&shared).join("seed/article.txt");
        let Ok(raw) = std::fs::read_to_string(path) else { return };
        let clean = cleaned(&raw);
        let (body, _) = raw.split_once("相关推荐").unwrap();
        assert_eq!(clean.trim_end(), body.trim_end());
    }
}
