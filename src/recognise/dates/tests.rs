//! The examples of `rules/date.toml`, and what no input may do.

use super::*;
use crate::{article::Origin, segment::PassageKind};

fn dates() -> Dates {
    Dates::new(RULES.0, RULES.1).unwrap()
}

/// The expressions of all patterns.
fn expressions() -> Vec<regex_syntax::hir::Hir> {
    let data: data::File = toml::from_str(RULES.1).unwrap();
    let parts = Parts::new(RULES.0, RULES.1, &data);
    let read = |pattern: &data::Pattern| {
        regex_syntax::parse(&parts.expand(&pattern.find).unwrap()).unwrap()
    };
    data.pattern.iter().map(read).collect()
}

/// `./dev cargo test --release --lib -- --ignored compile_the_patterns_ahead`
#[test]
#[ignore = "writes rules/date.automaton, which belongs to rules/date.toml"]
fn compile_the_patterns_ahead() {
    let image = scan::ahead::image(RULES.1, &expressions());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/date.automaton");
    std::fs::write(path, image).unwrap();
}

/// Without it the program is as right, and slow to start.
#[test]
fn the_automaton_is_of_the_patterns() {
    let is_of_them = Scan::ahead(RULES.1).is_some();
    assert!(
        is_of_them,
        "rules/date.toml changed; write rules/date.automaton anew: \
         ./dev cargo test --release --lib -- --ignored compile_the_patterns_ahead"
    );
}

/// Compiled ahead or as asked: the same matches, wherever one may begin.
#[test]
fn the_automaton_says_what_the_patterns_say() {
    let (ahead, asked) = (Scan::ahead(RULES.1).unwrap(), Scan::new(&expressions()).unwrap());
    let file: data::File = toml::from_str(RULES.1).unwrap();
    let examples = file.pattern.iter().flat_map(|it| it.no.iter().chain(it.yes.iter().flatten()));
    let mut texts: Vec<String> = examples.cloned().collect();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        texts.extend(text.lines().map(str::to_owned));
    }
    for text in &texts {
        let mut at = 0;
        while let Some(start) = asked.start(text, at..text.len()) {
            let passed_over = ahead.start(text, at..text.len()).is_none_or(|it| it > start);
            at = start;
            for end in
                [text.len(), text[at..].char_indices().nth(6).map_or(text.len(), |(n, _)| at + n)]
            {
                let found = asked.first(text, at..end);
                assert_eq!(ahead.first(text, at..end), found, "{text} at {at}");
                assert!(found.is_none() || !passed_over, "{text} at {at}");
                for rule in found.map_or(0..0, |(first, _)| first..file.pattern.len()) {
                    let end_of = asked.end(text, at..end, rule);
                    assert_eq!(ahead.end(text, at..end, rule), end_of, "{text} at {at}: {rule}");
                }
            }
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
}

/// The program does not read every expression of its rules when it starts.
#[test]
fn every_expression_that_comes_with_the_program_is_one() {
    let copy = format!("{}\n", RULES.1);
    Dates::new(RULES.0, &copy).unwrap();
    crate::segment::dateline::Datelines::new(RULES.0, &copy).unwrap();
}

fn passages(text: &str) -> Vec<Passage> {
    let span = Span::new(0..text.len());
    vec![Passage { span, kind: PassageKind::Body, dateline: None }]
}

fn published(date: &str) -> Option<Published> {
    Some(Published { date: date.parse().unwrap(), origin: Origin::Given })
}

#[test]
fn every_pattern_finds_and_ignores_its_examples() {
    let dates = dates();
    let mut wrong = Vec::new();
    let file: data::File = toml::from_str(RULES.1).unwrap();
    for data::Pattern { name, yes, no, .. } in &file.pattern {
        let pattern = name.as_ref();
        let run = |text: &str| {
            dates.run(text, &passages(text), published("2024-11-20"), &mut Notes::default())
        };
        for [_, text, value] in yes {
            let found = run(text);
            let hit = found.iter().any(|mention| {
                let edtf = mention.date.as_ref().map_or("", |date| date.edtf.as_str());
                *mention.rule == *pattern && edtf == value
            });
            // A pattern that means nothing is proved by what is not found.
            let nothing = value.is_empty() && found.is_empty();
            if !hit && !nothing {
                wrong.push(format!("{pattern} should find {value} in {text}: {found:?}"));
            }
        }
        for text in no {
            let found = run(text);
            if found.iter().any(|mention| *mention.rule == *pattern) {
                wrong.push(format!("{pattern} should ignore {text}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mistake_in_the_rules_is_reported_where_it_stands() {
    for (from, to, line, message) in [
        (
            "[[pattern]]\nname = 'day'\n",
            "[[pattern]]\nname = 'day'\nfinds = 'x'\n",
            "name = 'day'",
            "unknown field",
        ),
        ("'{year}{month}{sp}(?<d>{dnum}{ri})'", "'{yaer}'", "'{yaer}'", "no part or table"),
        ("'{year}{month}{sp}(?<d>{dnum}{ri})'", "'(?<x>y)'", "'(?<x>y)'", "means nothing"),
        ("no = ['2023年13月5日', '2023年2月30日']", "no = []", "name = 'day'", "needs an example"),
        ("'eve'", "'evening'", "'evening'", "expected MM-DD"),
        ("'1949-10-01'", "'1949-10-32'", "'1949-10-32'", "expected a date"),
    ] {
        assert!(RULES.1.contains(from), "{from}");
        let text = RULES.1.replacen(from, to, 1);
        let error = Dates::new("date.toml", &text).unwrap_err();
        let at = text.find(line).unwrap();
        let expected = text[..at].matches('\n').count() + 1;
        assert!((expected..=expected + 1).contains(&error.line), "{error}");
        assert!(error.message.contains(message), "{error}");
    }
}

#[test]
fn impossible_dates_are_left_alone_with_a_note() {
    let dates = dates();
    for text in ["2023年2月30日", "2023年13月", "6月31日", "2003-13-45"] {
        let mut notes = Notes::default();
        assert_eq!(dates.run(text, &passages(text), published("2024-11-20"), &mut notes), []);
        assert_eq!(notes.0.len(), 1, "{text}: {notes:?}");
        assert_eq!((notes.0[0].why, notes.0[0].text.as_str()), (Why::UnresolvedDate, text));
    }
}

/// A text made of what dates are made of.
fn datelike() -> impl proptest::strategy::Strategy<Value = String> {
    let words = [
        "0",
        "1",
        "2",
        "9",
        "12",
        "31",
        "99",
        "2023",
        "9999",
        "0000",
        "２",
        "〇",
        "一",
        "十",
        "廿",
        "两",
        "千",
        "百",
        "年",
        "月",
        "日",
        "号",
        "至",
        "-",
        "—",
        ".",
        "/",
        "今年",
        "去年",
        "同年",
        "次日",
        "上",
        "下",
        "前",
        "后",
        "以来",
        "个",
        "周",
        "星期",
        "天",
        "季度",
        "世纪",
        "年代",
        "周年",
        "农历",
        "闰",
        "正月",
        "初",
        "底",
        "旬",
        "中秋节",
        "春节",
        "斋月",
        "昭和",
        "佛历",
        "元",
        "时隔",
        "截至",
        "自",
        "将于",
        "，",
        "。",
        "《",
        "》",
        "“",
        "”",
        "（",
        " ",
        "市",
        "a",
        "é",
        "𠀀",
        "\n",
    ];
    use proptest::strategy::Strategy as _;
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..40)
        .prop_map(|words| words.concat())
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 3000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_gives_dates_that_exist_in_order(
        text in datelike(),
        published in proptest::option::of(proptest::sample::select(vec![
            "0001", "0001-01-01", "2024", "2024-02", "2024-02-29", "2025-01-01", "9999-12-31",
        ])),
    ) {
        use std::sync::LazyLock;
        static DATES: LazyLock<Dates> = LazyLock::new(dates);
        let published = published.and_then(self::published);
        let found = DATES.run(&text, &passages(&text), published, &mut Notes::default());
        for pair in found.windows(2) {
            proptest::prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        for mention in &found {
            proptest::prop_assert!(text.get(mention.span.range()).is_some_and(|s| !s.is_empty()));
            for date in mention.date.iter().chain(&mention.around) {
                if date.edtf.starts_with("--") {
                    proptest::prop_assert_eq!((date.earliest, date.latest), (None, None));
                } else {
                    // The bounds are those of the value.
                    let parsed = Date::parse(&date.edtf, date.basis);
                    proptest::prop_assert_eq!(parsed.as_ref(), Some(date), "{}", text);
                }
                if let (Some(first), Some(last)) = (date.earliest, date.latest) {
                    proptest::prop_assert!(first <= last);
                }
            }
        }
    }
}

#[test]
fn a_year_alone_in_a_cell_is_one_below_a_header_of_dates() {
    let dates = dates();
    let text = "城市\t人数\t结好时间\n津山\t2011\t1987\n光阳\t1999\t2019年";
    let mut start = 0;
    let rows: Vec<Passage> = text
        .split('\n')
        .map(|row| {
            let span = Span::new(start..start + row.len());
            start += row.len() + 1;
            let kind = PassageKind::Row { table: 0, header: span.start == 0 };
            Passage { span, kind, dateline: None }
        })
        .collect();
    let found = dates.run(text, &rows, published("2024-11-20"), &mut Notes::default());
    let values: Vec<&str> =
        found.iter().filter_map(|mention| Some(mention.date.as_ref()?.edtf.as_str())).collect();
    assert_eq!(values, ["1987", "2019"]);
}
