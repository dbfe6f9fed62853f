//! Names that no list holds, tied to records of GeoNames.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use youcheng::{
    article::{Article, ArticleId, Source},
    link::{Linker, Query},
    notes::Notes,
    pipeline::{Extraction, Extractor, Options},
    place::{CountryCode, Level},
    text::Text,
    wire::Record,
};

fn query<'q>(country: &str, stem: &'q str, level: Level, within: &'q [u32]) -> Query<'q> {
    Query { stem, country: CountryCode::new(country).unwrap(), level: Some(level), within }
}

fn extract(text: &str) -> Extraction {
    let article = Article {
        id: ArticleId::of(text.as_bytes()),
        source: Source {
            file: None,
            line: None,
            url: None,
            publisher: None,
            offset: None,
            captured: None,
        },
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout: Vec::new(),
    };
    Extractor::new(Options::default()).unwrap().run(article, Notes::default())
}

#[test]
fn the_data_is_sound() {
    Linker::new().unwrap().model_is_sound().unwrap();
}

#[test]
fn a_name_is_linked_to_the_record_that_it_spells() {
    let linker = Linker::new().unwrap();
    for (country, stem, name) in [
        ("KZ", "梅尔克", "Merke"),
        ("RU", "谢韦罗德文斯克", "Severodvinsk"),
        ("RO", "奥多尔海乌塞库耶斯克", "Odorheiu Secuiesc"),
        ("US", "切斯特菲尔德", "Chesterfield"),
        ("BR", "皮拉西卡巴", "Piracicaba"),
        ("IN", "贾姆谢德布尔", "Jamshedpur"),
    ] {
        let links = linker.candidates(&query(country, stem, Level::City, &[]));
        assert!(links.iter().any(|link| link.name.starts_with(name)), "{stem}: {links:?}");
    }
}

#[test]
fn what_spells_nothing_is_not_linked() {
    let linker = Linker::new().unwrap();
    for (country, stem) in [
        ("KZ", "友好合作"),
        ("FR", "我们双方"),
        // Countries whose names are written with their own characters, and none at all.
        ("JP", "帕克斯"),
        ("CN", "帕克斯"),
        ("ZZ", "帕克斯"),
        // Too short, too long, no characters of the model.
        ("FR", "巴"),
        ("FR", ""),
        ("FR", "巴巴巴巴巴巴巴巴巴巴巴巴巴"),
        ("FR", "龘龘"),
    ] {
        assert_eq!(linker.link(&query(country, stem, Level::City, &[])), None, "{stem}");
    }
}

#[test]
fn the_unit_around_a_place_decides_between_namesakes() {
    let linker = Linker::new().unwrap();
    // There is a Springfield in Illinois, in Massachusetts, and in most other states.
    let of = |unit: u32| {
        let link = linker.link(&query("US", "斯普林菲尔德", Level::City, &[unit])).unwrap();
        (link.name, link.within)
    };
    assert_eq!(of(4_896_861), ("Springfield".to_owned(), Some(4_896_861)));
    assert_eq!(of(6_254_926), ("Springfield".to_owned(), Some(6_254_926)));
}

#[test]
fn the_same_name_gives_the_same_links() {
    let linker = Linker::new().unwrap();
    let query = query("RU", "谢韦罗德文斯克", Level::City, &[]);
    assert_eq!(linker.candidates(&query), linker.candidates(&query));
    assert_eq!(linker.candidates(&query), Linker::new().unwrap().candidates(&query));
}

#[test]
fn a_link_stands_beside_what_a_place_is_and_changes_nothing_of_it() {
    let made = extract("6月1日,山东省聊城市与哈萨克斯坦绍尔塔克斯市签署友好城市协议书。");
    let record = serde_json::to_value(Record::new(&made)).unwrap();
    let places = record["places"].as_array().unwrap();
    let of = |name: &str| places.iter().find(|place| place["name"] == name).unwrap();
    let (listed, unlisted) = (of("聊城市"), of("绍尔塔克斯市"));
    assert_eq!(listed["link"], serde_json::Value::Null);
    assert_eq!(unlisted["id"], "x:KZ:绍尔塔克斯市");
    assert_eq!(unlisted["geonames"], serde_json::Value::Null);
    assert_eq!(unlisted["lat"], serde_json::Value::Null);
    assert!(unlisted.get("link").is_some());
}

#[test]
fn an_article_of_names_is_linked_up_to_a_limit_and_says_so() {
    let syllables = ["尔", "斯", "特", "拉", "克", "德", "巴", "马", "尼", "罗"];
    let mut names = String::new();
    for a in syllables {
        for b in syllables {
            for c in ["维", "索", "卡", "诺"] {
                names += &format!("俄罗斯{a}{b}{c}{a}市、");
            }
        }
    }
    let made = extract(&format!("代表团访问{names}并签约。"));
    assert!(made.notes.0.iter().any(|note| note.text.contains("unlisted places are linked")));
}
