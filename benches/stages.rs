//! How fast each stage is by itself, in bytes of its input a second of one thread:
//! `./dev bench stages`. `YOUCHENG_BENCH` may name files or folders (apart by `:`) to measure
//! on instead of `corpus/`. Peers on the same bytes stand below.
#![allow(missing_docs, clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use std::{env, hint::black_box, sync::LazyLock};

use divan::{Bencher, counter::BytesCount};
use youcheng::{
    article::Article,
    clean::Cleaner,
    dedup::Signer,
    gazetteer::Gazetteer,
    notes::Notes,
    pipeline::{Extraction, Extractor, Options},
    rdf::emit::emit,
    read::{Input, Limits, Payload, Reader},
    recognise::{
        Recogniser,
        dates::{Dates, RULES},
    },
    relate::Relater,
    segment::{Passage, Segmenter},
    text::Text,
    wire::Record,
};

fn main() {
    divan::main();
}

/// The stages, compiled.
struct Stages {
    reader: Reader,
    cleaner: Cleaner,
    segmenter: Segmenter,
    recogniser: Recogniser,
    dates: Dates,
    relater: Relater,
    extractor: Extractor,
}

static STAGES: LazyLock<Stages> = LazyLock::new(|| Stages {
    reader: Reader::new(Limits::default()).unwrap(),
    cleaner: Cleaner::new().unwrap(),
    segmenter: Segmenter::new().unwrap(),
    recogniser: Recogniser::new().unwrap(),
    dates: Dates::new(RULES.0, RULES.1).unwrap(),
    relater: Relater::new().unwrap(),
    extractor: Extractor::new(Options::default()).unwrap(),
});

/// What is read from the disk.
static INPUTS: LazyLock<Vec<Input>> = LazyLock::new(|| {
    let paths = env::var_os("YOUCHENG_BENCH").unwrap_or_else(|| "corpus".into());
    let paths: Vec<_> = env::split_paths(&paths).collect();
    let inputs: Vec<Input> = STAGES.reader.inputs(&paths).filter_map(Result::ok).collect();
    assert!(!inputs.is_empty(), "nothing to measure on in {paths:?}");
    inputs
});

/// An article at every stage.
struct Staged {
    raw: Article,
    clean: Article,
    passages: Vec<Passage>,
    extraction: Extraction,
}

impl Staged {
    fn text(&self) -> &str {
        self.clean.text.clean()
    }
}

static ARTICLES: LazyLock<Vec<Staged>> = LazyLock::new(|| {
    let read = INPUTS.iter().filter_map(|input| STAGES.reader.article(input.clone()).ok());
    let staged = read.map(|(raw, notes)| {
        let mut clean = raw.clone();
        STAGES.cleaner.run(&mut clean, &mut Notes::default());
        let passages = STAGES.segmenter.run(&clean, &mut Notes::default());
        let extraction = STAGES.extractor.run(raw.clone(), notes);
        Staged { raw, clean, passages, extraction }
    });
    staged.collect()
});

/// Measures one piece of work on all articles.
fn articles(
    bencher: Bencher<'_, '_>,
    size: impl Fn(&Staged) -> usize,
    work: impl Fn(&Staged) + Sync,
) {
    let bytes: usize = ARTICLES.iter().map(size).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| ARTICLES.iter().for_each(&work));
}

/// Measures reading the inputs of some kind.
fn reading(bencher: Bencher<'_, '_>, wanted: impl Fn(&Payload) -> bool) {
    let inputs: Vec<&Input> = INPUTS.iter().filter(|input| wanted(&input.payload)).collect();
    let bytes: usize = inputs.iter().map(|input| input.payload.size()).sum();
    let reader = &STAGES.reader;
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| inputs.iter().for_each(|&input| drop(black_box(reader.article(input.clone())))));
}

#[divan::bench]
fn a1_read_html(bencher: Bencher<'_, '_>) {
    reading(bencher, |payload| matches!(payload, Payload::Html(_) | Payload::Response(_)));
}

#[divan::bench]
fn a2_read_text(bencher: Bencher<'_, '_>) {
    reading(bencher, |payload| matches!(payload, Payload::Text(_)));
}

#[divan::bench]
fn a3_read_jsonl(bencher: Bencher<'_, '_>) {
    reading(bencher, |payload| matches!(payload, Payload::Record(_)));
}

#[divan::bench]
fn b_clean(bencher: Bencher<'_, '_>) {
    articles(
        bencher,
        |it| it.raw.text.raw().len(),
        |it| {
            let mut article = it.raw.clone();
            STAGES.cleaner.run(&mut article, &mut Notes::default());
            black_box(article);
        },
    );
}

/// Pinyin alone: in text without any, with an annotation in every thirty characters, and in
/// every other one.
#[divan::bench(args = [
    "代表团应邀来访，双方就港口物流与职业教育举行会谈，达成多项共识，并商定(2025-2027)每年互派师生。\n",
    "代表团应邀来访(láifǎng)，双方就港口物流与职业教育举行会谈，达成(dáchéng)多项共识，并商定(2025-2027)每年互派师生。\n",
    "代(dai)表(biao)团(tuan)应邀(yìngyāo)来访(fang)，双方(shuāngfāng)就港口(gǎngkǒu)物流(wùliú)举行(jǔxíng)会谈。\n",
])]
fn b_strip_pinyin(bencher: Bencher<'_, '_>, line: &str) {
    let raw = line.repeat((1 << 20) / line.len());
    bencher.counter(BytesCount::new(raw.len())).bench(|| {
        let mut text = Text::new(raw.as_str());
        STAGES.cleaner.strip_pinyin(&mut text);
        text
    });
}

#[divan::bench]
fn c_segment(bencher: Bencher<'_, '_>) {
    articles(
        bencher,
        |it| it.text().len(),
        |it| drop(black_box(STAGES.segmenter.run(&it.clean, &mut Notes::default()))),
    );
}

#[divan::bench]
fn d1_recognise(bencher: Bencher<'_, '_>) {
    let words = STAGES.segmenter.words();
    articles(
        bencher,
        |it| it.text().len(),
        |it| {
            let notes = &mut Notes::default();
            black_box(STAGES.recogniser.run(&it.clean, &it.passages, words, notes));
        },
    );
}

/// The part of recognising that finds countries and places.
#[divan::bench]
fn d2_names(bencher: Bencher<'_, '_>) {
    let words = STAGES.segmenter.words();
    articles(
        bencher,
        |it| it.text().len(),
        |it| {
            let notes = &mut Notes::default();
            black_box(STAGES.recogniser.names(it.text(), &it.passages, words, notes));
        },
    );
}

/// The names of the gazetteer alone.
#[divan::bench]
fn d3_gazetteer(bencher: Bencher<'_, '_>) {
    let gazetteer: &Gazetteer = STAGES.recogniser.gazetteer();
    articles(bencher, |it| it.text().len(), |it| drop(black_box(gazetteer.matches(it.text()))));
}

/// The part of recognising that finds dates.
#[divan::bench]
fn d4_dates(bencher: Bencher<'_, '_>) {
    articles(
        bencher,
        |it| it.text().len(),
        |it| {
            let notes = &mut Notes::default();
            black_box(STAGES.dates.run(it.text(), &it.passages, it.clean.published, notes));
        },
    );
}

#[divan::bench]
fn e_relate(bencher: Bencher<'_, '_>) {
    articles(
        bencher,
        |it| it.text().len(),
        |it| {
            let (notes, mentions) = (&mut Notes::default(), &it.extraction.mentions);
            black_box(STAGES.relater.run(&it.clean, &it.passages, mentions, notes, None));
        },
    );
}

#[divan::bench]
fn f1_emit_quads(bencher: Bencher<'_, '_>) {
    articles(bencher, |it| it.text().len(), |it| drop(black_box(emit(&it.extraction))));
}

#[divan::bench]
fn f2_write_json(bencher: Bencher<'_, '_>) {
    articles(
        bencher,
        |it| it.text().len(),
        |it| {
            let mut line = Vec::new();
            Record::new(&it.extraction).write(&mut line).unwrap();
            black_box(line);
        },
    );
}

#[divan::bench]
fn g_dedup_signature(bencher: Bencher<'_, '_>) {
    let signer = Signer::new().unwrap();
    articles(bencher, |it| it.text().len(), |it| drop(black_box(signer.run(it.text()))));
}

/// All stages of one article, from what was read to what it claims.
#[divan::bench]
fn h_all(bencher: Bencher<'_, '_>) {
    articles(
        bencher,
        |it| it.text().len(),
        |it| drop(black_box(STAGES.extractor.run(it.raw.clone(), Notes::default()))),
    );
}

/// What others do with the same bytes.
mod peers {
    use super::{Bencher, BytesCount, INPUTS, Payload, articles, black_box};

    #[divan::bench]
    fn jieba_tags(bencher: Bencher<'_, '_>) {
        let jieba = jieba_rs::Jieba::new();
        articles(bencher, |it| it.text().len(), |it| drop(black_box(jieba.tag(it.text(), true))));
    }

    #[divan::bench]
    fn scraper_parses(bencher: Bencher<'_, '_>) {
        let pages: Vec<String> = INPUTS
            .iter()
            .filter_map(|input| match &input.payload {
                Payload::Html(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
                _ => None,
            })
            .collect();
        let bytes: usize = pages.iter().map(String::len).sum();
        bencher.counter(BytesCount::new(bytes)).bench(|| {
            pages.iter().for_each(|page| drop(black_box(scraper::Html::parse_document(page))));
        });
    }
}
