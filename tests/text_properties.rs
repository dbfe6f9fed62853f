//! Properties of [`Text`] under any passes of edits, and of cleaning under any text.

use std::sync::LazyLock;

use proptest::prelude::*;
use youcheng::{
    article::{Article, ArticleId, Source},
    clean::Cleaner,
    notes::{Notes, Why},
    text::{Edit, Span, Text},
};

static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::new().expect("the data loads"));

fn clean(raw: &str, title: Option<&str>) -> Article {
    let mut article = Article {
        id: ArticleId::of(raw.as_bytes()),
        source: Source::default(),
        title: title.map(str::to_owned),
        published: None,
        text: Text::new(raw),
        text_starts: 0,
        layout: Vec::new(),
    };
    CLEANER.run(&mut article, &mut Notes::default());
    article
}

/// Sorted, disjoint edits of a text, out of random numbers: where, how long, what.
fn edits(text: &str, picks: &[(usize, usize, u8)]) -> Vec<Edit> {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut edits: Vec<Edit> = Vec::new();
    let mut free = 0;
    for &(skip, length, what) in picks {
        let from = free + skip;
        let Some(&start) = bounds.get(from) else { break };
        let to = (from + length).min(bounds.len() - 1);
        let with = ["", "x", "城", "友城"][usize::from(what % 4)];
        if start < bounds[to] || !with.is_empty() {
            edits.push(Edit::replace(start..bounds[to], with, Why::Space));
        }
        free = to;
    }
    edits
}

/// Where each character of the clean text comes from, by brute force: its offset in the
/// raw text if it was never touched.
fn origins(raw: &str, passes: &[Vec<Edit>]) -> Vec<(char, Option<usize>)> {
    let mut text: Vec<(usize, char, Option<usize>)> =
        raw.char_indices().map(|(at, c)| (at, c, Some(at))).collect();
    for edits in passes {
        let mut next = Vec::new();
        let mut rest = text.as_slice();
        for edit in edits {
            let at = edit.at.range();
            let untouched = rest.iter().take_while(|(place, ..)| *place < at.start).count();
            next.extend(rest[..untouched].iter().map(|&(_, c, origin)| (c, origin)));
            let touched =
                rest[untouched..].iter().take_while(|(place, ..)| *place < at.end).count();
            next.extend(edit.with.chars().map(|c| (c, None)));
            rest = &rest[untouched + touched..];
        }
        next.extend(rest.iter().map(|&(_, c, origin)| (c, origin)));
        let mut place = 0;
        text = next
            .into_iter()
            .map(|(c, origin)| {
                place += c.len_utf8();
                (place - c.len_utf8(), c, origin)
            })
            .collect();
    }
    text.into_iter().map(|(_, c, origin)| (c, origin)).collect()
}

fn picks() -> impl Strategy<Value = Vec<Vec<(usize, usize, u8)>>> {
    let pass = prop::collection::vec((0_usize..6, 0_usize..5, any::<u8>()), 0..6);
    prop::collection::vec(pass, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Either text can be made from the other, and no change reaches further than the
    /// edits it is made of.
    #[test]
    fn changes_turn_raw_into_clean(raw in "[城友(a)ü\u{20000}\n]{0,40}", picks in picks()) {
        let mut text = Text::new(raw.as_str());
        let mut passes = Vec::new();
        for picks in &picks {
            let edits = edits(text.clean(), picks);
            text.apply(&edits);
            passes.push(edits);
        }
        let (mut clean, mut done, mut there) = (String::new(), 0, 0);
        for change in text.changes() {
            let (at, with) = (change.raw.range(), change.clean.range());
            prop_assert!(done <= at.start && there <= with.start);
            clean.push_str(&raw[done..at.start]);
            prop_assert_eq!(clean.len(), with.start);
            clean.push_str(&text.clean()[with.clone()]);
            (done, there) = (at.end, with.end);
        }
        clean.push_str(&raw[done..]);
        prop_assert_eq!(text.clean(), clean.as_str());
        let changed: usize = text.changes().iter().map(|change| change.clean.len()).sum();
        let mut put_in = 0;
        for (c, origin) in origins(&raw, &passes) {
            put_in += if origin.is_none() { c.len_utf8() } else { 0 };
        }
        prop_assert!(changed >= put_in);
    }

    #[test]
    fn spans_map_there_and_back(raw in "[城友(a)ü\u{20000}\n]{0,40}", picks in picks()) {
        let mut text = Text::new(raw.as_str());
        let mut passes = Vec::new();
        for picks in &picks {
            let edits = edits(text.clean(), picks);
            text.apply(&edits);
            passes.push(edits);
        }
        // Every character that no pass touched maps to itself, both ways.
        let mut at = 0;
        let mut clean = String::new();
        for (c, origin) in origins(&raw, &passes) {
            let span = Span::new(at..at + c.len_utf8());
            at += c.len_utf8();
            clean.push(c);
            let there = text.to_raw(span).range();
            prop_assert!(raw.is_char_boundary(there.start) && raw.is_char_boundary(there.end));
            if let Some(origin) = origin {
                prop_assert_eq!(there, origin..origin + c.len_utf8());
                prop_assert_eq!(text.to_clean(text.to_raw(span)), Some(span));
            }
        }
        prop_assert_eq!(text.clean(), clean.as_str());
        // Any span: what it stands for holds it, and spans nest. What was put in where
        // nothing stood belongs to neither neighbour.
        let inserted = passes.iter().flatten().any(|edit| edit.at.is_empty());
        let bounds: Vec<usize> = clean.char_indices().map(|(at, _)| at).chain([clean.len()]).collect();
        for (n, &start) in bounds.iter().enumerate() {
            for &end in &bounds[n + 1..] {
                let span = Span::new(start..end);
                let there = text.to_raw(span);
                prop_assert!(raw.get(there.range()).is_some());
                prop_assert!(inserted || text.to_raw(Span::new(0..clean.len())).contains(there));
                if let Some(back) = text.to_clean(there) {
                    prop_assert!(inserted || back.contains(span), "{span:?} -> {there:?} -> {back:?}");
                }
                prop_assert!(clean.get(span.range()).is_some());
            }
        }
        // The raw text as a whole becomes the clean text as a whole.
        if let Some(all) = text.to_clean(Span::new(0..raw.len())) {
            prop_assert!(all.end as usize <= clean.len());
        }
        prop_assert_eq!(text.edits().count(), passes.iter().map(Vec::len).sum::<usize>());
        for (_, at) in text.edits() {
            prop_assert!(raw.get(at.range()).is_some());
        }
    }
}

/// Text that provokes the passes: what they look for, in any order.
fn noisy() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[城市友好聊国际網國際頭髮乾隆後於瞭徵一不儿〇々]{1,4}",
        "[(（\\[〔【{][a-zāéǐòǚüɑɡ '0-5\u{30c}\u{308}ㄨㄤˇ]{0,8}[)）\\]〕】}]",
        prop::sample::select(vec![
            "(wǎng)",
            "(cheng)",
            "(shi)(shi)",
            "(he)",
            "(hǎo",
            "hǎo)",
            "((chéng))",
            "(Beijing)",
            "(音shì)",
            "（guójì）",
            "( shì )",
            "(APEC)",
            "(2023-2025)",
            "(ㄔㄥˊ)",
            "\u{feff}",
            "\u{200b}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{1f600}",
            "\u{ad}",
            "\u{a0}",
            "\u{3000}",
            " ",
            "  ",
            "\t",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "\u{2028}",
            "\0",
            "１２．３％",
            "ＡＢ",
            "．",
            "：",
            "⼀",
            "︵",
            "豈",
            "ﬁ",
            "7 z\" M$ R& J* C3 l",
            "a. b; c",
            "。",
            "，",
            "！",
            "…",
            "|",
            "《",
            "》",
            "·",
            "1. ",
            "摘要：",
            "聊城与帕克斯市结为友好城市关系。",
            "双方代表团进行了友好会谈并就多项合作达成一致意见。",
            "山东友城故事多|创新交流方式\n",
            "山东友城故事多|创新交流方式",
            "齐鲁网5月23日讯 近年来，",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn cleaning_twice_is_cleaning_once(raw in noisy(), title in prop::option::of(noisy())) {
        let once = clean(&raw, title.as_deref());
        let twice = clean(once.text.clean(), title.as_deref());
        prop_assert_eq!(once.text.clean(), twice.text.clean());
    }

    #[test]
    fn every_clean_character_has_a_source(raw in noisy()) {
        let article = clean(&raw, None);
        let text = &article.text;
        let mut before = 0;
        for (at, c) in text.clean().char_indices() {
            let span = Span::new(at..at + c.len_utf8());
            let source = text.to_raw(span);
            prop_assert!(source.start >= before, "order");
            before = source.start;
            let quote = text.quote(span);
            // The same character, or one that script or width conversion turned into it.
            let kin = clean(quote, None);
            prop_assert!(
                quote.contains(c) || c.is_whitespace() || kin.text.clean().contains(c) || quote.chars().count() == 1,
                "{c:?} from {quote:?}"
            );
        }
    }

    #[test]
    fn any_string_is_cleaned(raw in any::<String>(), title in prop::option::of(any::<String>())) {
        let once = clean(&raw, title.as_deref());
        let twice = clean(once.text.clean(), title.as_deref());
        prop_assert_eq!(once.text.clean(), twice.text.clean());
    }
}

/// Found by fuzzing: what is left of scramble can be scramble by itself.
#[test]
fn scramble_that_is_left_by_scramble_goes_too() {
    let raw =
        "\0\x002{ac2 T:0)5c2 T:0)5-2:0)5-23T100:0-23T10:00-2<L2s{` t:)\npa06-200tverL2<sn s:s=:0\0";
    let once = clean(raw, None);
    assert_eq!(once.text.clean(), clean(once.text.clean(), None).text.clean());
}
