//! Repeats: a generator plants them in articles of ours, and the pass must give back the
//! article as it was.

use std::fmt::Write as _;

use pinyin::ToPinyin as _;
use youcheng::{
    article::{Article, ArticleId, Source},
    clean::Cleaner,
    notes::{Notes, Why},
    text::Text,
};

fn clean(cleaner: &Cleaner, raw: &str, title: Option<&str>) -> Article {
    let mut article = Article {
        id: ArticleId::of(raw.as_bytes()),
        source: Source::default(),
        title: title.map(str::to_owned),
        published: None,
        text: Text::new(raw),
        text_starts: 0,
        layout: Vec::new(),
    };
    cleaner.run(&mut article, &mut Notes::default());
    article
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// An article of ours: title, paragraphs with headings, and things that repeat and are
/// meant: a refrain, list rows, a table, a quoted sentence, a short line.
struct Written {
    title: String,
    lines: Vec<String>,
}

impl Written {
    fn new(dice: &mut Dice) -> Self {
        let city = dice.one_of(&["临海市", "聊城市", "潍坊市", "绵阳市", "柳州市", "鹤岗市"]);
        let guest = dice.one_of(&[
            "帕克斯市",
            "光明市",
            "布莱克城",
            "瓦瓦乌群岛",
            "卡齐古尔特区",
            "南邦府",
        ]);
        let country = dice.one_of(&["匈牙利", "韩国", "澳大利亚", "汤加", "哈萨克斯坦", "泰国"]);
        let act =
            dice.one_of(&["签署友好合作协议", "深化教育交流", "共商产业对接", "互设联络办公室"]);
        let shape = dice.below(4);
        let title = match shape {
            0 => format!("{city}与{country}{guest}{act}"),
            1 => format!("友城故事|{city}{act} 与{guest}续写新篇"),
            2 => format!("“云”上相会！{city}携手{guest}{act}"),
            _ => format!("{city}代表团访问{guest} 双方{act}"),
        };
        let office =
            dice.one_of(&["本网讯", "晚报5月12日讯", "通讯员李明报道", "新闻网·快讯3月8日电"]);
        let mut lines = vec![format!(
            "{office} {}，{city}代表团应邀访问{country}{guest}，双方就{}举行会谈。{}",
            dice.one_of(&["日前", "近日", "4月6日上午", "春节前夕"]),
            dice.one_of(&["农业合作", "职业教育", "港口物流", "文化旅游"]),
            sentence(dice, city, guest),
        )];
        let mut used = [false; 5];
        for part in 0..2 + dice.below(3) {
            if dice.below(2) == 0 {
                lines.push(heading(dice, part));
            }
            for _ in 0..1 + dice.below(3) {
                let mut paragraph = String::new();
                for _ in 0..2 + dice.below(4) {
                    paragraph += &sentence(dice, city, guest);
                }
                lines.push(paragraph);
            }
            // Each at most once: an article says nothing twice without meaning it.
            let special = dice.below(5);
            if std::mem::replace(&mut used[special], true) {
                continue;
            }
            match special {
                // Rows that are the same under two headings.
                0 => {
                    lines.push("一季度来访团组".to_owned());
                    lines.extend(["1. 光明市文化代表团", "2. 南邦府经贸代表团"].map(str::to_owned));
                    lines.push("二季度来访团组".to_owned());
                    lines.extend(["1. 光明市文化代表团", "2. 南邦府经贸代表团"].map(str::to_owned));
                }
                // A table with equal rows.
                1 => {
                    lines.push("城市\t国家\t结好年份".to_owned());
                    lines.extend(["光明市\t韩国\t2012", "光明市\t韩国\t2012"].map(str::to_owned));
                }
                // A short line twice.
                2 => lines.extend(
                    [
                        "现场问答",
                        "问：合作何时开始？",
                        "答：明年春天。",
                        "现场问答",
                        "问：还有哪些计划？",
                    ]
                    .map(str::to_owned),
                ),
                // The words of a speaker, quoted later inside another sentence.
                3 => {
                    lines.push(
                        "“这份友谊来之不易，我们要像爱护眼睛一样爱护它。”市长在致辞中说。"
                            .to_owned(),
                    );
                    lines.push("正如市长所说，“这份友谊来之不易，我们要像爱护眼睛一样爱护它”，话音未落，掌声四起。".to_owned());
                }
                _ => {}
            }
        }
        lines.push(format!("（记者 {}）", dice.one_of(&["周文", "沈一鸣", "欧阳兰"])));
        let mut seen = std::collections::HashSet::new();
        // By chance the dice may write a paragraph twice; the article would not.
        lines.retain(|line| line.chars().count() < 60 || seen.insert(line.clone()));
        // A refrain, three times in the article.
        if dice.below(5) == 0 {
            let refrain = "让友谊的种子在两座城市生根发芽，让合作的花朵年年盛开！";
            for place in [1, lines.len() / 2 + 1, lines.len() + 2] {
                lines.insert(place, refrain.to_owned());
            }
        }
        Self { title, lines }
    }

    fn text(&self) -> String {
        format!("{}\n{}\n", self.title, self.lines.join("\n"))
    }
}

fn heading(dice: &mut Dice, part: usize) -> String {
    let number = ["一", "二", "三", "四", "五"][part];
    match dice.below(3) {
        0 => {
            format!("{number}、{}", dice.one_of(&["往来日益密切", "合作不断拓展", "民心更加相通"]))
        }
        1 => dice.one_of(&["搭平台 促交流", "强聚焦 汇资源", "重深耕 共发展"]).to_owned(),
        _ => dice.one_of(&["以文化为桥", "以经贸为媒", "以青年为翼"]).to_owned(),
    }
}

fn sentence(dice: &mut Dice, city: &str, guest: &str) -> String {
    let number = 2 + dice.below(97);
    let year = 2003 + dice.below(22);
    let field = dice.one_of(&[
        "医疗",
        "乒乓球",
        "葡萄种植",
        "汽车零部件",
        "博物馆修缮",
        "足球青训",
        "污水处理",
        "陶瓷烧制",
    ]);
    let people = dice.one_of(&["教师", "医生", "企业家", "大学生", "青年代表", "手工艺人"]);
    match dice.below(10) {
        0 => format!("{year}年以来，{city}先后派出{number}名{people}前往{guest}学习{field}。"),
        1 => format!("{guest}市长表示，愿与{city}在{field}领域开展{number}个合作项目。"),
        2 => format!("据介绍，双方已累计互访{number}批次，涉及{field}等多个方面。"),
        3 => format!("{people}王女士说，{year}年她第一次来到{guest}，对当地的{field}印象深刻。"),
        4 => format!("会谈中，双方商定每年互派{number}名{people}，时间不少于三个月。"),
        5 => format!("{city}还将在{field}方面为{guest}培训{people}，首批{number}人下月启程。"),
        6 => format!("截至{year}年底，两地{field}贸易额突破{number}亿元，同比明显增长！"),
        7 => format!("一位随团的{people}回忆，{number}小时的旅途虽然漫长，大家却毫无倦意。"),
        8 => format!("{field}展厅里，来自{guest}的{number}件展品吸引了众多{people}驻足。"),
        _ => format!(
            "“希望更多{people}参与进来，把{field}做成第{number}张名片。”{guest}代表如是说。"
        ),
    }
}

/// Puts pinyin after some words.
fn with_pinyin(text: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars() {
        out.push(c);
        match c.to_pinyin() {
            Some(reading) => run += reading.with_tone(),
            None => run.clear(),
        }
        if !run.is_empty() && dice.below(12) == 0 {
            let _ = write!(out, "({run})");
            run.clear();
        } else if dice.below(3) == 0 {
            run.clear();
        }
    }
    out
}

/// The same in full-width digits, indented, with blank lines.
fn respaced(text: &str, dice: &mut Dice) -> String {
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let break_lines = dice.below(2) == 0;
    text.lines()
        .map(|line| {
            format!(
                "　　{}{}",
                line.chars().map(wide).collect::<String>(),
                if break_lines { "\r\n\r\n" } else { " \n" }
            )
        })
        .collect()
}

/// The kinds of repeats that are planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    TitleLines,
    GluedTitle,
    BodyTwice,
    NoisyBody,
    Paragraph,
    Summary,
}

const KINDS: [Kind; 6] = [
    Kind::TitleLines,
    Kind::GluedTitle,
    Kind::BodyTwice,
    Kind::NoisyBody,
    Kind::Paragraph,
    Kind::Summary,
];

/// The article with a repeat planted in it, and what should come of it.
fn plant(written: &Written, kind: Kind, dice: &mut Dice) -> (String, String) {
    let Written { title, lines } = written;
    let body = lines.join("\n");
    let wanted = written.text();
    let raw = match kind {
        Kind::TitleLines => match dice.below(3) {
            0 => format!("{title}\n{title}\n{body}\n"),
            1 => format!("{title}\n{title}\n\n{title}\n{body}\n"),
            _ => format!("{title}\n标题：{title}\n{body}\n"),
        },
        Kind::GluedTitle => match dice.below(4) {
            0 => format!("{title}\n{title}{body}\n"),
            1 => format!("{title}\n{title}\n{title}{body}\n"),
            2 => format!("{title}\n{title} {body}\n"),
            _ => format!("{title}\n{}{body}\n", with_pinyin(title, dice)),
        },
        Kind::BodyTwice => match dice.below(4) {
            0 => format!("{title}\n{body}\n{body}\n"),
            1 => format!("{title}\n{body}\n{title}\n{body}\n"),
            2 => format!("{title}\n{body}\n{}", respaced(&body, dice)),
            _ => format!("{title}\n{body}\n{}\n", body.replace('\n', "")),
        },
        Kind::NoisyBody => {
            let (first, second) = (with_pinyin(&body, dice), with_pinyin(&body, dice));
            match dice.below(3) {
                0 => format!("{title}\n{first}\n{second}\n"),
                1 => format!("{title}\n{title}{first}\n{}", respaced(&second, dice)),
                _ => format!("{title}\n{title}\n{first}\n{title}{second}\n"),
            }
        }
        Kind::Paragraph => {
            let long: Vec<usize> =
                (0..lines.len()).filter(|&n| lines[n].chars().count() >= 60).collect();
            let n = long[dice.below(long.len())];
            let place = n + 1 + dice.below(lines.len() - n);
            let mut planted = lines.clone();
            planted.insert(place, lines[n].clone());
            format!("{title}\n{}\n", planted.join("\n"))
        }
        Kind::Summary => {
            let sentences: Vec<&str> = lines
                .iter()
                .filter(|line| line.chars().count() >= 60)
                .flat_map(|line| line.split_inclusive('。'))
                .filter(|sentence| {
                    sentence.chars().count() >= 15
                        && sentence.ends_with('。')
                        && !sentence.starts_with('”')
                })
                .collect();
            let first = dice.below(sentences.len());
            let second = (first + 1 + dice.below(sentences.len() - 1)) % sentences.len();
            let lead: String = lines[0].chars().take(40).collect();
            match dice.below(4) {
                0 => format!("{title}\n摘要：{}{}\n{body}\n", sentences[first], sentences[second]),
                1 => format!("{title}\n{lead}……\n{body}\n"),
                2 => format!("{title}\n{}{}\n{body}\n", sentences[first], sentences[second]),
                _ => format!("{title}\n【导读】{lead}...\n{body}\n"),
            }
        }
    };
    (raw, wanted)
}

/// How many characters of `wanted` are not in `found`, line by line.
fn lost(wanted: &str, found: &str) -> usize {
    let mut left: Vec<&str> = found.lines().collect();
    let mut lost = 0;
    for line in wanted.lines() {
        match left.iter().position(|&other| other == line) {
            Some(at) => drop(left.remove(at)),
            None => lost += line.chars().count(),
        }
    }
    lost
}

#[test]
fn planted_repeats_are_found() {
    let cleaner = Cleaner::new().unwrap();
    let mut dice = Dice(2025);
    let mut restored = [0_usize; KINDS.len()];
    let mut planted = [0_usize; KINDS.len()];
    let mut lost_in_all = 0;
    let mut report = String::new();
    for n in 0..400 {
        let written = Written::new(&mut dice);
        let kind = KINDS[n % KINDS.len()];
        let (raw, wanted) = plant(&written, kind, &mut dice);
        let title = (dice.below(2) == 0).then_some(written.title.as_str());
        let article = clean(&cleaner, &raw, title);
        let found = article.text.clean();
        planted[n % KINDS.len()] += 1;
        if found == wanted {
            restored[n % KINDS.len()] += 1;
        } else {
            let missing = lost(&wanted, found);
            lost_in_all += missing;
            let _ = writeln!(
                report,
                "=== {n} {kind:?}, {missing} lost\n--- raw\n{raw}\n--- found\n{found}"
            );
        }
    }
    let all: usize = restored.iter().sum();
    let table: Vec<String> = KINDS
        .iter()
        .zip(restored.iter().zip(&planted))
        .map(|(kind, (r, p))| format!("{kind:?} {r}/{p}"))
        .collect();
    let figures =
        format!("{all} of 400 restored ({}), {lost_in_all} characters lost", table.join(", "));
    assert!(all >= 390 && lost_in_all <= 100, "{report}{figures}");
}

#[test]
fn articles_without_repeats_stay() {
    let cleaner = Cleaner::new().unwrap();
    let mut dice = Dice(77);
    for _ in 0..200 {
        let written = Written::new(&mut dice);
        let text = written.text();
        for title in [None, Some(written.title.as_str())] {
            assert_eq!(clean(&cleaner, &text, title).text.clean(), text);
        }
    }
}

#[test]
fn hostile_repeats_take_linear_time() {
    let cleaner = Cleaner::new().unwrap();
    let line = "两座城市隔海相望，人民往来不断，友谊源远流长，合作前景十分广阔。";
    for raw in [
        format!("{line}\n").repeat(100_000),
        line.repeat(100_000),
        "同一行\n".repeat(1_000_000),
        "两座城市\n".repeat(300_000),
        (0..30_000).map(|n| format!("{line}{line}\n第{n}行说的是另一件事。\n")).collect(),
        format!("{line}{line}{line}").repeat(3)
            + &(0..100_000).map(|n| format!("{n}。\n")).collect::<String>(),
        "城(chéng)".repeat(300_000),
        "((((".repeat(500_000),
        "城(".repeat(500_000),
        "(wǎng".repeat(300_000),
        "A1 ".repeat(300_000),
        " \n".repeat(1_000_000),
        "\u{200d}".repeat(500_000),
        format!("{}\n", "城市友好交流。".repeat(100_000)).repeat(3),
    ] {
        let started = std::time::Instant::now();
        let article = clean(&cleaner, &raw, Some("两座城市"));
        let seconds = started.elapsed().as_secs_f64();
        let megabytes = raw.len() as f64 / 1e6;
        let head: String = raw.chars().take(12).collect();
        assert!(seconds < 5.0, "{head}… {megabytes:.1} MB took {seconds:.1} s");
        assert!(article.text.clean().len() <= raw.len());
    }
}

#[test]
fn titles() {
    let cleaner = Cleaner::new().unwrap();
    let title = "临海市与帕克斯市签署友好合作协议";
    for (raw, wanted) in [
        // Glued, and nowhere before: parted when the record states the title.
        (
            format!("{title}本网讯 日前，双方代表在临海举行会谈并签字。\n"),
            format!("{title}\n本网讯 日前，双方代表在临海举行会谈并签字。\n"),
        ),
        // A sentence that begins with the same words.
        (
            format!("{title}\n{title}的仪式昨日举行。\n"),
            format!("{title}\n{title}的仪式昨日举行。\n"),
        ),
        (
            format!("{title}\n{title}，标志着合作进入新阶段。\n"),
            format!("{title}\n{title}，标志着合作进入新阶段。\n"),
        ),
        // With the name of the site.
        (format!("{title}\n{title}_临海新闻网\n正文在此。\n"), format!("{title}\n正文在此。\n")),
        (format!("{title} {title}\n正文在此。\n"), format!("{title}\n正文在此。\n")),
    ] {
        let article = clean(&cleaner, &raw, Some(title));
        assert_eq!(article.text.clean(), wanted);
    }
}

#[test]
fn reasons_are_told_apart() {
    let cleaner = Cleaner::new().unwrap();
    let mut dice = Dice(5);
    let written = Written::new(&mut dice);
    let (title, body) = (&written.title, written.lines.join("\n"));
    let article = clean(&cleaner, &format!("{title}\n{title}\n{body}\n{body}\n"), None);
    assert_eq!(article.text.count(|why| why == Why::RepeatedTitle), 1);
    assert_eq!(article.text.count(|why| why == Why::RepeatedBody), written.lines.len());
}
