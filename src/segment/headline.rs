//! The headline of a text without markup that stands below lines of its site.
//!
//! Above a saved article often stand the name of the site, a column, its path, buttons.
//! They are told from a headline by what follows: the article takes up the words of its
//! headline again, and not those of the site.

use std::collections::HashSet;

/// Lines from the first that may be the headline.
const HEAD: usize = 16;
/// Chinese characters of a headline below other lines, at least.
const SHORTEST: usize = 8;
/// Characters of one at most.
const LONGEST: usize = 84;
/// How many of a hundred pairs of characters the article has again, at least.
const AGAIN: usize = 40;
/// By how many of a hundred the first line must have fewer.
const AHEAD: usize = 25;

/// Which of the lines is the headline, if it is not the first one.
pub(super) fn below_others(lines: &[&str]) -> Option<usize> {
    let body = lines.iter().take(HEAD).position(|line| line.contains('。'))?;
    if body < 2 {
        return None;
    }
    let pairs: HashSet<_> = lines[body..].iter().flat_map(|line| pairs(line)).collect();
    let again = |line: &str| {
        let (mut all, mut again) = (0, 0);
        for pair in self::pairs(line) {
            all += 1;
            again += usize::from(pairs.contains(&pair));
        }
        100 * again / all.max(1)
    };
    let first = again(lines[0]);
    if first >= AGAIN {
        return None;
    }
    (1..body).find(|n| {
        let line = lines[*n];
        let ends = line.ends_with(['：', ':', '，', ',', '；', ';', '、']);
        let dated = line.ends_with([')', '）']) && line.contains(|c: char| c.is_ascii_digit());
        !ends
            && !dated
            && !line.contains(['>', '＞'])
            && line.chars().filter(is_han).count() >= SHORTEST
            && line.chars().count() <= LONGEST
            && again(line) >= AGAIN.max(first + AHEAD)
    })
}

fn is_han(c: &char) -> bool {
    ('\u{3400}'..='\u{9FFF}').contains(c)
}

/// The pairs of neighbouring Chinese characters.
fn pairs(line: &str) -> impl Iterator<Item = (char, char)> + '_ {
    let next = line.chars().skip(1);
    line.chars().zip(next).filter(|(a, b)| is_han(a) && is_han(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "6月2日，榆林坪市代表团访问科英布拉市，两市签署了友好城市协议。";

    #[test]
    fn lines_of_the_site_are_no_headline() {
        let title = "榆林坪市代表团赴科英布拉市签署协议";
        for top in [
            &["EN"][..],
            &["要闻", "视听"],
            &["山水论坛", "找回密码", "查看: 21|回复: 0"],
            &["山水网——本地生活第一平台"],
            &["地方频道> 本市新闻", "来源: 山水日报"],
            &["首 页 机构设置 政务公开", "今天是:", "您的位置首页 >> 新闻"],
        ] {
            let mut lines = top.to_vec();
            lines.extend([title, "字号: 大", BODY]);
            assert_eq!(below_others(&lines), Some(top.len()), "{top:?}");
        }
    }

    #[test]
    fn a_first_line_that_the_article_takes_up_is_the_headline() {
        for lines in [
            &["榆林坪市与科英布拉市结好", "两市签署友好城市协议", BODY][..],
            &["友好城市", "榆林坪市与科英布拉市签署协议", BODY],
            &["远方来客", "记者 罗一", BODY],
            &["远方来客", "榆林坪市代表团访问科英布拉市,", BODY],
            &["|", "榆林坪市 科英布拉市(2011年6月2日签署)", BODY],
            &["榆林坪市的友好城市", "科英布拉市", "津山市"],
            &[BODY],
            &[],
        ] {
            assert_eq!(below_others(lines), None, "{lines:?}");
        }
    }
}
