//! Cuts what stands on the page and is not the article.

use std::ops::Range;

use crate::{
    article::{Block, BlockKind},
    notes::Why,
    read::{self, Imprint, PageRules},
    rule::DataError,
    text::Edit,
};

/// Bytes of an article that ends with a sign of its end, at least.
const SHORTEST: usize = 120;

/// The first pass: here clean and raw coordinates are still the same.
#[derive(Debug)]
pub(super) struct Boilerplate {
    rules: &'static PageRules,
}

impl Boilerplate {
    /// Compiles `rules/page.toml`.
    pub(super) fn new() -> Result<Self, DataError> {
        Ok(Self { rules: PageRules::bundled()? })
    }

    /// The blocks of a page are cut as the reader marked them. Plain text has no blocks;
    /// its furniture is told by its lines, as `rules/page.toml` has them.
    pub(super) fn edits(&self, text: &str, layout: &[Block]) -> Vec<Edit> {
        if layout.is_empty() { plain(text, self.rules) } else { page(text, layout, self.rules) }
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
    let end = end(&lines, rules);
    // Spam stands in brackets, and most texts have none.
    let has_bracket = read::has_bracket(text);
    let cut = |(n, (_, line)): &(usize, &(usize, &str))| {
        *n >= tail.min(end) || rules.is_no_text(line, has_bracket)
    };
    let whole = |(_, (start, line)): (usize, &(usize, &str))| *start..start + line.len();
    let mut cuts: Vec<_> = lines.iter().enumerate().filter(cut).map(whole).collect();
    // An article of nothing but such lines is left as it is.
    let mut left = cuts.iter().map(|cut| cut.start).peekable();
    if lines.iter().all(|(start, line)| left.next_if_eq(start).is_some() || line.trim().is_empty())
    {
        return Vec::new();
    }
    let imprint = Imprint::of(&lines, tail, rules).cuts;
    cuts.extend(imprint);
    let bracketed = if has_bracket { tail.min(end) } else { 0 };
    for (start, line) in lines.iter().take(bracketed) {
        cuts.extend(rules.spam(line).map(|it| start + it.start..start + it.end));
    }
    cuts.sort_by_key(|at| (at.start, at.end));
    // A line that is furniture and imprint is cut once.
    cuts.dedup_by(|next, kept| next.start < kept.end);
    cuts.into_iter().map(|at| Edit::cut(at, Why::Boilerplate)).collect()
}

/// Where what the article's own sign of its end is followed by begins: `（完）`,
/// `【编辑：…】`. A text of several dispatches has more of them, and ends with the last.
fn end(lines: &[(usize, &str)], rules: &PageRules) -> usize {
    let all = lines.len();
    let Some(last) = lines.iter().rposition(|(_, line)| rules.is_last(line)) else { return all };
    let before = lines[last].0 + lines[last].1.len();
    let goes_on = lines[last + 1..].iter().any(|(_, line)| rules.goes_on(line));
    if before < SHORTEST || goes_on { all } else { last + 1 }
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
    fn nothing_follows_the_sign_of_the_end() {
        let body =
            "榆林坪市代表团6月2日访问科英布拉市，两市签署友好城市协议。此后双方还将互派师生。";
        for sign in ["（完）", "(完)", "【编辑:罗一】", "(全文完)"] {
            let raw = format!("两市结好\n{body}{sign}\n另一市的消息。\nlingyishi。\n好看的网站");
            assert!(!cleaned(&raw).contains("另一市"), "{sign}");
            assert!(cleaned(&raw).contains("互派师生"), "{sign}");
            let listed = format!("{body}{sign}\n附：友好城市名单\n科英布拉市");
            assert!(cleaned(&listed).ends_with("科英布拉市"), "{sign}");
            // Two dispatches in one text.
            let two = format!("{body}{sign}\n{body}{sign}\n另一市的消息。");
            assert_eq!(cleaned(&two).matches("互派师生").count(), 2, "{sign}");
        }
        for sign in ["（未完）", "已办完", "（编辑部）"] {
            let raw = format!("两市结好\n{body}{sign}\n另一市的消息。");
            assert!(cleaned(&raw).contains("另一市"), "{sign}");
        }
    }

    #[test]
    fn furniture_in_plain_text_goes_and_what_resembles_it_stays() {
        let body = "榆林坪市与科英布拉市结好\n两市6月2日签署友好城市协议。\n";
        for line in [
            "打印本文 打印本文 关闭窗口",
            "更新时间: 浏览次数: 88",
            "首页 > 新闻 > 正文",
            "山水首页 > 要闻",
            "地方频道> 本市新闻",
            "首 页 机构设置 政务公开",
            "您的位置首页 >> 新闻",
            "查看: 21|回复: 0",
            "上一主题 下一主题",
            "[复制链接]",
            "跳至内容",
            "您好,欢迎访问山水网",
            "[1] [2] 下一页 尾页",
            "A+ A A-",
        ] {
            assert_eq!(cleaned(&format!("{line}\n{body}")), body, "{line}");
        }
        for line in [
            "首页面积约二十平方米的展板",
            "查看友谊林的市民有上千人",
            "打印好的协议文本共两份",
            "1987 1993 2004",
        ] {
            assert!(cleaned(&format!("{body}{line}")).ends_with(line), "{line}");
        }
        for tail in [
            "最新评论(2)\n罗一\n写得好",
            "今日评论 网友评论仅供参考\n写得好",
            "山水之间的另一件事的相关文章\n别的",
        ] {
            assert_eq!(cleaned(&format!("{body}{tail}")), body, "{tail}");
        }
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
