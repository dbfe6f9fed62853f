//! Pinyin annotations: our own table of cases, and the development set where it is.

use std::{env, fs, path::PathBuf};

use youcheng::{
    article::{Article, ArticleId, Source},
    clean::Cleaner,
    notes::{Notes, Why},
    read::{Input, Limits, Payload, Reader},
    text::Text,
};

fn clean(cleaner: &Cleaner, raw: &str) -> Article {
    let mut article = Article {
        id: ArticleId::of(raw.as_bytes()),
        source: Source::default(),
        title: None,
        published: None,
        text: Text::new(raw),
        text_starts: 0,
        layout: Vec::new(),
    };
    cleaner.run(&mut article, &mut Notes::default());
    article
}

/// A file of the development data; `None` where it is not.
fn shared(path: &str) -> Option<String> {
    let folder = env::var_os("YOUCHENG_DEV")?;
    fs::read_to_string(PathBuf::from(folder).join(path)).ok()
}

/// `raw<TAB>wanted<TAB>why`; without `wanted`, the raw text stays. `#` begins a heading.
const CASES: &str = include_str!("pinyin_cases.tsv");

fn cases() -> impl Iterator<Item = (String, String)> {
    CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let mut fields = line.split('\t').map(|field| field.replace("\\n", "\n"));
        let raw = fields.next().unwrap_or_default();
        let wanted = fields.next().filter(|wanted| !wanted.is_empty());
        let wanted = wanted.unwrap_or_else(|| raw.clone());
        (raw, wanted)
    })
}

#[test]
fn our_cases() {
    let cleaner = Cleaner::new().unwrap();
    let wrong: Vec<String> = cases()
        .filter_map(|(raw, wanted)| {
            let article = clean(&cleaner, &raw);
            let found = article.text.clean();
            (found != wanted).then(|| format!("{raw}\n  wanted {wanted}\n  found  {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn half_of_our_cases_are_kept() {
    let (kept, all) = cases()
        .fold((0, 0), |(kept, all), (raw, wanted)| (kept + usize::from(raw == wanted), all + 1));
    assert!(all >= 250, "{all} cases");
    assert!(kept * 2 >= all, "{kept} of {all} are to be kept");
}

#[test]
fn development_cases() {
    let Some(cases) = shared("dev/pinyin_cases.jsonl") else { return };
    let cleaner = Cleaner::new().unwrap();
    let reader = Reader::new(Limits::default()).unwrap();
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let raw = case["in"].as_str().unwrap();
        if case["html"] == true {
            // Markup is read as part of a page.
            let page =
                format!("<h1>两市结好</h1><p>访问{raw}的代表团昨日回到了本市，并介绍了情况。</p>");
            let input = Input { source: Source::default(), payload: Payload::Html(page.into()) };
            let (mut article, mut notes) = reader.article(input).unwrap();
            cleaner.run(&mut article, &mut notes);
            let wanted = clean(&cleaner, case["out"].as_str().unwrap());
            let wanted = format!("访问{}的代表团", wanted.text.clean());
            if !article.text.clean().contains(&wanted) {
                wrong.push(format!("{case}\n  found {}", article.text.clean()));
            }
            continue;
        }
        let article = clean(&cleaner, raw);
        // Script and width are other passes; what they do to the wanted text is right.
        let wanted = clean(&cleaner, case["out"].as_str().unwrap());
        if article.text.clean() != wanted.text.clean() {
            wrong.push(format!("{case}\n  found {}", article.text.clean()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_seed_article() {
    let Some(raw) = shared("seed/article.txt") else { return };
    let article = clean(&Cleaner::new().unwrap(), &raw);
    assert_eq!(article.text.count(|why| why == Why::Pinyin), 166);
    assert_eq!(article.text.count(|why| why == Why::RepeatedTitle), 2);
    assert_eq!(article.text.count(|why| why == Why::RepeatedBody), 17);
    let brackets = |text: &str| text.matches('(').count();
    assert_eq!(brackets(&raw), 174);
    let clean = article.text.clean();
    for kept in ["(2023-2025)", "(简称“气变中心”)", "(市、区)", "(莘县)"] {
        assert_eq!(clean.matches(kept).count(), 1, "{kept}");
    }
    assert_eq!(brackets(clean), 4);
}
