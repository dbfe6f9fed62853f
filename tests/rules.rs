//! Every rule finds what its examples say, and nothing in those it must ignore.

use std::sync::LazyLock;

use youcheng::{
    notes::Notes,
    pipeline::{Extractor, Options},
    proof::{Proof, sentence},
    relate::{Outcome, RuleFile},
};

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(Options::default()).expect("the data is right"));

/// Claims as examples write them: `party party kind status date`.
fn claims(extractor: &Extractor, text: &str) -> Vec<String> {
    let found = extractor.run(sentence(text), Notes::default()).claims;
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn every_example_of_every_rule_comes_out() {
    let proof = Proof::of(&EXTRACTOR, None);
    assert!(proof.rules > 30);
    assert!(proof.failures.is_empty(), "{:#?}", proof.failures);
}

#[test]
fn an_article_cannot_smuggle_in_the_symbols_of_the_rules() {
    assert_eq!(
        claims(&EXTRACTOR, "\u{e000}与\u{e001}\u{e002}签署建立友好城市关系协议书。"),
        Vec::<String>::new()
    );
    assert_eq!(
        claims(&EXTRACTOR, "\u{e000}苏州市与日本金泽市\u{e002}缔结友好城市。"),
        ["苏州市 金泽市 sister-city established -"]
    );
}

/// A rule file with one rule, of which one line is replaced.
fn file(replaced: &str, with: &str) -> RuleFile {
    let toml = r#"format = 1

[class.BEFRIEND]
words = ["牵手成亲"]

[[rule]]
id = "married"
priority = 95
pattern = "{pairs: SERIES} [0..8] {act: BEFRIEND} [0..4] FRIEND"
confidence = 0.8
status = "established"
finds = [{ text = "苏州市与日本池田市牵手成亲为友好城市。", expect = ["苏州市 池田市 sister-city established -"] }]
ignores = ["苏州市与日本池田市的青年牵手成亲。"]
"#;
    assert!(toml.contains(replaced), "{replaced}");
    RuleFile { name: "agreement.toml".into(), toml: toml.replacen(replaced, with, 1) }
}

#[test]
fn a_user_can_add_rules() {
    let extractor = Extractor::with_rules(Options::default(), &[file("", "")]).unwrap();
    assert_eq!(
        claims(&extractor, "2003年,无锡市与日本明石市牵手成亲为友好城市。"),
        ["无锡市 明石市 sister-city established 2003"]
    );
    let proof = Proof::of(&extractor, Some("agreement.toml"));
    assert_eq!((proof.rules, proof.examples, proof.failures), (1, 2, Vec::new()));
    let wrong = file("established -\"", "signed -\"");
    let extractor = Extractor::with_rules(Options::default(), &[wrong]).unwrap();
    let proof = Proof::of(&extractor, Some("agreement.toml"));
    assert_eq!(proof.failures.len(), 1);
}

#[test]
fn a_user_can_add_words_around_dates_and_places() {
    let text = "无锡市与日本明石市结好打从1981年。";
    assert_eq!(claims(&EXTRACTOR, text), ["无锡市 明石市 unspecified established -"]);
    let toml = "format = 1\n\n[around]\ndated = [\"打从\"]\n".to_owned();
    let rules = RuleFile { name: "agreement.toml".into(), toml };
    let extractor = Extractor::with_rules(Options::default(), &[rules]).unwrap();
    assert_eq!(claims(&extractor, text), ["无锡市 明石市 unspecified established 1981"]);
    // The words of the program still count.
    let text = "无锡市与日本明石市结好于1981年。";
    assert_eq!(claims(&extractor, text), ["无锡市 明石市 unspecified established 1981"]);
}

#[test]
fn a_mistake_in_a_rule_file_is_named_with_its_place_and_a_way_out() {
    let cases = [
        ("pattern =", "patern =", "agreement.toml:9:1: unknown field `patern`"),
        ("SERIES}", "SERIE}", "agreement.toml:9:20: no class or shape is called SERIE: did you"),
        ("{act: BEFRIEND}", "BEFRIEND", "agreement.toml:7:1: a pattern says where the act is"),
        ("[0..8]", "[0..99]", "agreement.toml:9:28: [0..99] is not a gap"),
        ("[0..8]", "[0..8 far]", "agreement.toml:9:28: no gap is called"),
        ("{act:", "{verb:", "agreement.toml:9:36: no role is called"),
        (
            "ignores = [\"苏州市与日本池田市的青年牵手成亲。\"]",
            "ignores = []",
            "agreement.toml:7:1: a rule needs",
        ),
        ("0.8", "8", "agreement.toml:7:1: the confidence of a rule lies between 0 and 1"),
        ("format = 1", "format = 2", "agreement.toml:1:1: this program reads format 1"),
        ("[\"牵手成亲\"]", "[]", "agreement.toml:3:1: the class BEFRIEND has no word"),
        ("SERIES}", "(SERIES}", "agreement.toml:9:20: what begins here has no end"),
    ];
    for (replaced, with, message) in cases {
        let wrong = file(replaced, with);
        let error = Extractor::with_rules(Options::default(), &[wrong]).unwrap_err().to_string();
        assert!(error.starts_with(message), "{with}: {error}");
    }
}

#[test]
fn rules_that_would_be_too_slow_are_refused() {
    let many = "(SERIES|LIST) ".repeat(60);
    let slow = file("{pairs: SERIES}", &format!("{{pairs: SERIES}} {many}"));
    let error = Extractor::with_rules(Options::default(), &[slow]).unwrap_err().to_string();
    assert!(error.contains("use fewer shapes"), "{error}");
}

#[test]
fn a_sentence_tells_why_each_rule_did_or_did_not_fit() {
    let text = "2003年,苏州市与日本池田市缔结友好城市。苏州市下了雨。";
    let (_, traces) = EXTRACTOR.explain(sentence(text), Notes::default());
    assert_eq!(traces[0].shadow, "<DATE>,<CN>与<COUNTRY><FOREIGN>缔结友好城市。");
    assert!(traces[1].tries.is_empty());
    let outcome = |rule: &str| {
        let tried = traces[0].tries.iter().find(|it| *it.rule == *rule);
        &tried.expect("the rule was tried").outcome
    };
    assert!(matches!(outcome("pair-act"), Outcome::Claims { claims, .. }
        if claims[..] == ["苏州市 池田市 sister-city established 2003"]));
    assert!(matches!(outcome("anniversary"), Outcome::Lacks(what) if what == "周年"));
    assert!(matches!(outcome("ended"), Outcome::Stops { missing, .. } if missing == "{act: END}"));
}

#[test]
fn the_example_of_the_documentation_works() {
    let page = std::fs::read_to_string("docs/rules.md").unwrap();
    let block = |language: &str, holds: &str| {
        let mut blocks = page.split("```").skip(1).step_by(2);
        let block = blocks.find(|block| block.starts_with(language) && block.contains(holds));
        block.expect("the block is there").strip_prefix(language).unwrap().trim().to_owned()
    };
    let toml = block("toml", "[[rule]]");
    let sentence_of = |start: &str| {
        let line = page.lines().find(|line| line.starts_with(start)).unwrap();
        line.strip_prefix(start).unwrap().to_owned()
    };
    let told = sentence_of("youcheng rules explain ");
    let (_, traces) = EXTRACTOR.explain(sentence(&told), Notes::default());
    assert_eq!(traces[0].shadow, block("text", "<DATE>"));
    assert_eq!(claims(&EXTRACTOR, &sentence_of("> ")), Vec::<String>::new());
    let rules = RuleFile { name: "my-rules/agreement.toml".into(), toml: toml.clone() };
    let extractor = Extractor::with_rules(Options::default(), &[rules]).unwrap();
    let proof = Proof::of(&extractor, Some("my-rules/agreement.toml"));
    assert_eq!((proof.rules, proof.examples, proof.failures), (1, 2, Vec::new()));
    assert_eq!(
        claims(&extractor, &sentence_of("> ")),
        ["苏州市 池田市 sister-city established 2003-05"]
    );
    let wrong =
        RuleFile { name: "my-rules/agreement.toml".into(), toml: toml.replace("SERIES", "SERIE") };
    let error = Extractor::with_rules(Options::default(), &[wrong]).unwrap_err();
    assert!(error.to_string().starts_with(&block("text", "did you mean")[..60]), "{error}");
}

#[test]
fn a_weak_tie_is_kept_apart_until_it_is_asked_for() {
    let text = "苏州市友好城市——意大利威尼斯市代表团来访。";
    assert_eq!(claims(&EXTRACTOR, text), Vec::<String>::new());
    let options = Options { min_confidence: 0.4, ..Options::default() };
    let unsure = Extractor::new(options).unwrap();
    assert_eq!(claims(&unsure, text), ["苏州市 威尼斯市 sister-city established -"]);
    for text in ["意大利威尼斯市友好代表团来访苏州市。", "苏州市友好人士访问意大利威尼斯市。"]
    {
        assert_eq!(claims(&unsure, text), Vec::<String>::new());
    }
    // What is said elsewhere in the article is no weak tie.
    let both = format!("{text}1980年3月,苏州市与威尼斯市结为友好城市。");
    assert_eq!(claims(&EXTRACTOR, &both), ["苏州市 威尼斯市 sister-city established 1980-03"]);
}
