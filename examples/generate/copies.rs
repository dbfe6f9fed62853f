//! Copies: what other hosts make of a story.

use pinyin::ToPinyin as _;

use crate::{random::Random, story::Story};

/// How a copy differs; each also stands on another host.
pub(crate) const HOW: [&str; 10] = [
    "host",
    "title",
    "tail",
    "cut-end",
    "cut-lead",
    "traditional",
    "pinyin",
    "repeats",
    "edited",
    "title-and-tail",
];

const TITLES: [&str; 8] = [
    "一线见闻：这里有新变化",
    "图文：记者带你去看看",
    "本地要闻速览",
    "关注：一件大家都在谈的事",
    "新闻早餐，今天说说身边事",
    "现场直击，细节都在这里",
    "民生观察：小事不小",
    "读报时间",
];
const TAILS: [&str; 8] = [
    "来源：晨光新闻网，编辑：小周",
    "（文中图片由受访单位提供，未经许可不得转载）",
    "想看更多本地消息，请在手机上搜索星河客户端并点击订阅，留言有机会获得一份小礼物。",
    "本文由江畔日报融媒体中心制作，审核老曹，校对阿英",
    "责任编辑：石榴",
    "下一篇我们将讲讲一家小面馆的二十个冬天，欢迎继续关注。读者来信请寄本报总编室，信封上注明栏目名称。",
    "（原题有改动）",
    "声明：转载此文是出于传递更多信息之目的，若有来源标注错误，请与我们联系更正。",
];
/// Words that an editor changes without changing what is said.
const EDITS: [(&str, &str); 8] = [
    ("介绍", "透露"),
    ("目前", "眼下"),
    ("负责人", "主管"),
    ("举行", "办起"),
    ("认为", "觉得"),
    ("参观", "察看"),
    ("居民", "住户"),
    ("用来", "拿来"),
];

/// A copy: as it would be clean, and as it is published.
pub(crate) struct Copy {
    pub(crate) clean: Story,
    pub(crate) noisy: Story,
}

/// A copy of a story.
pub(crate) fn copy(original: &Story, how: &str, random: &mut Random) -> Copy {
    let mut clean = original.clone();
    // Later, by up to three days of a month of 28.
    clean.published.2 = (clean.published.2 + random.below(3) as u32).min(28);
    let count = clean.paragraphs.len();
    match how {
        "title" => clean.title = random.of(&TITLES).to_owned(),
        "tail" => clean.paragraphs.push(random.of(&TAILS).to_owned()),
        "title-and-tail" => {
            clean.title = random.of(&TITLES).to_owned();
            clean.paragraphs.push(random.of(&TAILS).to_owned());
        }
        "cut-end" => clean.paragraphs.truncate((count * (6 + random.below(4))).div_ceil(10).max(1)),
        "cut-lead" if count > 2 => drop(clean.paragraphs.remove(0)),
        "edited" => {
            for paragraph in &mut clean.paragraphs {
                for (from, to) in EDITS {
                    *paragraph = paragraph.replace(from, to);
                }
            }
        }
        _ => {}
    }
    let mut noisy = clean.clone();
    match how {
        "traditional" => each(&mut noisy, traditional),
        "pinyin" => each(&mut noisy, |text| annotated(text, &mut random.clone())),
        "repeats" => {
            let at = random.below(noisy.paragraphs.len());
            let again = noisy.paragraphs[at].clone();
            noisy.paragraphs.insert(at + 1, again);
            noisy.paragraphs.insert(0, noisy.title.clone());
        }
        _ => {}
    }
    Copy { clean, noisy }
}

fn each(story: &mut Story, mut change: impl FnMut(&str) -> String) {
    story.title = change(&story.title);
    for paragraph in &mut story.paragraphs {
        *paragraph = change(paragraph);
    }
}

/// Each simplified character as a machine makes it traditional. Characters that only the
/// word decides stay.
fn traditional(text: &str) -> String {
    use std::{collections::HashMap, sync::LazyLock};
    static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let mut table = HashMap::new();
        for pair in include_str!("../../rules/traditional.txt").split_whitespace() {
            let mut chars = pair.chars();
            if let (Some(from), Some(to), None) = (chars.next(), chars.next(), chars.next()) {
                table.entry(to).or_insert(from);
            }
        }
        for (simplified, traditional) in
            [('国', '國'), ('后', '後'), ('里', '裏'), ('发', '發'), ('干', '幹'), ('面', '面')]
        {
            table.insert(simplified, traditional);
        }
        table
    });
    text.chars().map(|c| TABLE.get(&c).copied().unwrap_or(c)).collect()
}

/// Some characters with their reading behind them, as teaching aids print them.
fn annotated(text: &str, random: &mut Random) -> String {
    let style = random.below(3);
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if random.share() < 0.2
            && let Some(reading) = c.to_pinyin()
        {
            match style {
                0 => out.push_str(&format!("({})", reading.with_tone())),
                1 => out.push_str(&format!("（{}）", reading.with_tone())),
                _ => out.push_str(&format!("({})", reading.plain())),
            }
        }
    }
    out
}
