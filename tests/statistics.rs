//! Counts of ties: every rule against its own examples, and whole articles.

use youcheng::{
    agreement::Statistic,
    article::{Article, ArticleId, Source},
    notes::Notes,
    pipeline::{Extraction, Extractor, Options},
    relate::Relater,
    text::Text,
};

fn article(text: &str) -> Article {
    Article {
        id: ArticleId::of(text.as_bytes()),
        source: Source::default(),
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout: Vec::new(),
    }
}

fn extract(text: &str) -> Extraction {
    Extractor::new(Options::default())
        .expect("the bundled data compiles")
        .run(article(text), Notes::default())
}

/// `subject countries cities pairs kind`, with - for what is not said.
fn shown(found: &[Statistic]) -> Vec<String> {
    let number = |n: Option<u32>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    found
        .iter()
        .map(|it| {
            format!(
                "{} {} {} {} {}",
                it.subject.name,
                number(it.countries),
                number(it.cities),
                number(it.pairs),
                it.kind.map_or("-", youcheng::agreement::Kind::name),
            )
        })
        .collect()
}

fn counts(text: &str) -> Vec<String> {
    shown(&extract(text).statistics)
}

/// The counts of a text with the days for which they hold.
fn dated(text: &str) -> Vec<(String, Option<String>)> {
    let found = extract(text).statistics;
    let days: Vec<_> =
        found.iter().map(|it| it.as_of.as_ref().map(|date| date.edtf.clone())).collect();
    shown(&found).into_iter().zip(days).collect()
}

#[test]
fn every_rule_finds_its_examples() {
    let relater = Relater::new().unwrap();
    let extractor = Extractor::new(Options::default()).unwrap();
    let mut wrong = Vec::new();
    for rule in &relater.counts().rules {
        for example in &rule.finds {
            let found = extractor.run(article(&example.text), Notes::default()).statistics;
            let by_rule = found.iter().any(|it| it.evidence.rule == rule.id);
            if shown(&found) != example.expect || !by_rule {
                let rules: Vec<_> = found.iter().map(|it| it.evidence.rule.to_string()).collect();
                wrong.push(format!(
                    "{}: {} -> {:?} {rules:?}",
                    rule.id,
                    example.text,
                    shown(&found)
                ));
            }
        }
        for text in &rule.ignores {
            let found = extractor.run(article(text), Notes::default()).statistics;
            if !found.is_empty() {
                wrong.push(format!("{}: {text} -> {:?}", rule.id, shown(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_subject_may_stand_elsewhere() {
    for (text, expect) in [
        (
            "盐城市对外交往硕果累累\n盐城市的对外交往始于改革开放。目前,全市已与9个国家的15个城市缔结友城关系。",
            "盐城市 9 15 - sister-city",
        ),
        (
            "盐城市近日接待韩国客人。我市现与9个国家的15个城市缔结友城关系。",
            "盐城市 9 15 - sister-city",
        ),
        ("截至目前,我国已与140个国家缔结友好城市关系2800对。", "中国 140 - 2800 sister-city"),
        ("中国地方政府已与140个国家建立了2800对友好城市关系。", "中国 140 - 2800 sister-city"),
        (
            "丽水市代表团访问了日本三岛市。目前,三岛市在海外共有姐妹城市3个。",
            "三岛市 - 3 - sister-city",
        ),
        ("韩国釜山广域市已与20个国家的28个城市结为姐妹城市。", "釜山广域市 20 28 - sister-city"),
        (
            "在青岛市举行的推介会上,烟台市负责人说,该市已与12个国家的16个城市建立友好合作关系。",
            "烟台市 12 16 - friendly-cooperation",
        ),
    ] {
        assert_eq!(counts(text), [expect], "{text}");
    }
}

#[test]
fn one_count_told_twice_is_one() {
    let text = "盐城市友城“朋友圈”扩至9国15城\n盐城市已与9个国家的15个城市缔结友城关系。";
    assert_eq!(counts(text), ["盐城市 9 15 - sister-city"]);
}

#[test]
fn the_day_is_that_of_the_count() {
    let text = "1996年起,盐城市开展结好工作。截至2023年12月底,盐城市与9个国家的15个城市建立友好城市关系,其中市本级6个。";
    assert_eq!(
        dated(text),
        [
            ("盐城市 9 15 - sister-city".to_owned(), Some("2023-12".to_owned())),
            ("盐城市 - 6 - sister-city".to_owned(), Some("2023-12".to_owned())),
        ]
    );
    let text = "1996年以来,盐城市与9个国家的15个城市建立友好城市关系。";
    assert_eq!(dated(text), [("盐城市 9 15 - sister-city".to_owned(), None)]);
}

#[test]
fn what_is_no_count_of_ties() {
    for text in [
        "盐城市与日本鹿嶋市等5个城市建立友好城市关系。",
        "来自12个国家的30多个友好城市的代表参加盐城市国际友城大会。",
        "盐城市国际友城大会吸引12个国家的30个城市参会。",
        "盐城市友城数量位居全省第3位。",
        "这是盐城市在欧洲的第9个友好城市。",
        "盐城市计划新增5个友好城市。",
        "盐城市建成儿童友好社区63个、青年友好街区5个。",
        "盐城大学已与12个国家的30所大学建立友好关系。",
        "盐城市向12个国家的30个友好城市发去慰问电。",
    ] {
        assert_eq!(counts(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn long_runs_of_numbers_take_linear_time() {
    let started = std::time::Instant::now();
    let text = "盐城市与9个国家的".repeat(20_000);
    let _ = counts(&format!("友城{text}"));
    let _ = counts(&"友城5个,".repeat(50_000));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
