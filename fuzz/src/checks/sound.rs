//! What holds of every article, read and extracted.

use std::collections::HashSet;

use serde_json::Value;
use youcheng::{
    article::Article,
    date::Date,
    notes::Notes,
    pipeline::{Extraction, Extractor},
    rdf::emit::emit,
    recognise::Of,
    text::{Clean, Raw, Span},
    wire::{Cleaned, Record},
};

/// Extracts what an article says, twice, and checks it.
pub(super) fn extract(extractor: &Extractor, article: Article, notes: Notes) -> Extraction {
    read(&article);
    let again = (article.clone(), notes.clone());
    let extraction = extractor.run(article, notes);
    let record = wire(&extraction);
    edits(&extraction);
    spans(&extraction);
    quads(&extraction);
    let second = extractor.run(again.0, again.1);
    assert_eq!(record, wire(&second), "the same article twice");
    said(&extraction, &record);
    extraction
}

/// The blocks of an article are lines of its text, in order.
pub(super) fn read(article: &Article) {
    let raw = article.text.raw();
    let mut end = 0;
    for block in &article.layout {
        let at = block.span.range();
        assert!(end <= at.start, "blocks in order");
        let line = raw.get(at.clone()).expect("a block lies on characters");
        assert!(!line.contains('\n'), "a block is one line");
        end = at.end;
    }
    assert!(raw.is_char_boundary(article.text_starts as usize), "where the text starts");
    if let Some(published) = article.published {
        assert!(published.date.earliest() <= published.date.latest());
    }
}

/// All edits together turn the raw text into the clean one, and every clean character has a
/// source, in order.
fn edits(extraction: &Extraction) {
    let text = &extraction.article.text;
    let (raw, clean) = (text.raw(), text.clean());
    let (mut made, mut done, mut there) = (String::new(), 0, 0);
    for change in text.changes() {
        let (at, with) = (change.raw.range(), change.clean.range());
        assert!(done <= at.start && there <= with.start, "changes in order");
        made.push_str(&raw[done..at.start]);
        assert_eq!(made.len(), with.start, "a change stands where it says");
        made.push_str(&clean[with.clone()]);
        (done, there) = (at.end, with.end);
    }
    made.push_str(&raw[done..]);
    assert_eq!(made, clean, "the changes make the clean text");
    let mut before = 0;
    for (at, c) in clean.char_indices() {
        let source = text.to_raw(Span::new(at..at + c.len_utf8()));
        assert!(raw.get(source.range()).is_some(), "{c:?} comes from characters");
        assert!(source.start >= before, "sources in order");
        before = source.start;
    }
    assert!(clean.len() <= 3 * raw.len() + 64, "cleaning does not blow up a text");
}

/// Everything found lies in the text, on characters, in order.
fn spans(extraction: &Extraction) {
    let text = &extraction.article.text;
    let within = |span: Span<Clean>, what: &str| {
        let found = text.clean().get(span.range());
        let found = found.unwrap_or_else(|| panic!("{what} {span:?} cuts a character"));
        assert!(!found.is_empty(), "{what} {span:?} is empty");
        let there: Span<Raw> = text.to_raw(span);
        assert!(text.raw().get(there.range()).is_some(), "{what} {span:?} has no source");
    };
    let mut end = 0;
    for passage in &extraction.passages {
        within(passage.span, "passage");
        assert!(end <= passage.span.start, "passages in order");
        end = passage.span.end;
        if let Some(dateline) = passage.dateline {
            within(dateline, "dateline");
            assert!(passage.span.contains(dateline), "a dateline lies in its passage");
        }
    }
    end = 0;
    for mention in &extraction.mentions {
        within(mention.span, "mention");
        assert!(end <= mention.span.start, "mentions in order");
        end = mention.span.end;
        match &mention.of {
            Of::Date(date, _) => exists(date),
            Of::Ambiguous(places) => assert!(!places.is_empty(), "one of none"),
            Of::Country(_) | Of::Place(_) => {}
        }
    }
    for mention in &extraction.dates {
        within(mention.span, "date");
        mention.date.iter().chain(&mention.around).for_each(exists);
    }
    for claim in &extraction.claims {
        within(claim.evidence.span, "evidence");
        assert_eq!(claim.evidence.article, extraction.article.id);
        assert!(!claim.evidence.rule.is_empty(), "a claim has a rule");
        assert!((0.0..=1.0).contains(&claim.confidence), "{}", claim.confidence);
        claim.date.iter().for_each(exists);
        let [a, b] = &claim.parties;
        assert!(a.place.key != b.place.key, "nobody is tied to himself");
        assert!(!a.name.is_empty() && !b.name.is_empty(), "parties have names");
    }
    for statistic in &extraction.statistics {
        within(statistic.evidence.span, "evidence");
        statistic.as_of.iter().for_each(exists);
    }
}

/// A date that can be, with its first day not behind its last.
pub(super) fn exists(date: &Date) {
    if let (Some(first), Some(last)) = (date.earliest, date.latest) {
        assert!(first <= last, "{date:?}");
    }
    let yearless = date.edtf.starts_with("--");
    let parsed = Date::parse(&date.edtf, date.basis);
    assert!(yearless || parsed.is_some(), "{date:?} is not EDTF");
    if let Some(parsed) = parsed.filter(|_| !yearless) {
        assert_eq!((parsed.earliest, parsed.latest), (date.earliest, date.latest), "{date:?}");
    }
}

/// The quads are few, and none comes twice.
fn quads(extraction: &Extraction) {
    let quads = emit(extraction);
    let things = extraction.mentions.len() + extraction.links.len();
    let facts = extraction.claims.len() + extraction.statistics.len();
    let most = 40 + 16 * things + 120 * facts;
    assert!(quads.len() <= most, "{} quads of {things} mentions, {facts} facts", quads.len());
    let all: HashSet<String> = quads.iter().map(ToString::to_string).collect();
    assert_eq!(all.len(), quads.len(), "a quad comes twice");
    // What is written is read again by any program.
    let lines: String = quads.iter().map(|quad| format!("{quad} .\n")).collect();
    for quad in oxttl::NQuadsParser::new().for_slice(lines.as_bytes()) {
        quad.unwrap_or_else(|error| panic!("{error} in the quads"));
    }
}

/// The record as others get it.
fn wire(extraction: &Extraction) -> String {
    let mut line = Vec::new();
    Record::new(extraction).write(&mut line).expect("memory takes everything");
    String::from_utf8(line).expect("JSON is UTF-8")
}

/// What others get is consistent by itself, in code points.
fn said(extraction: &Extraction, record: &str) {
    let record: Value = serde_json::from_str(record).expect("JSON");
    let article = &extraction.article;
    let text: Vec<char> = record["text"].as_str().expect("a text").chars().collect();
    let raw: Vec<char> = article.text.raw()[article.text_starts as usize..].chars().collect();
    let number = |n: &Value| usize::try_from(n.as_u64().expect("a number")).expect("small");
    let at = |text: &[char], from: &Value, to: &Value| -> String {
        text[number(from)..number(to)].iter().collect()
    };
    let quotes = |all: &Value| {
        for one in all.as_array().expect("a list") {
            let evidence = &one["evidence"];
            let quote = at(&text, &evidence["start"], &evidence["end"]);
            assert_eq!(quote, evidence["quote"].as_str().expect("a quote"));
            if let Some(span) = evidence["raw"].as_array() {
                at(&raw, &span[0], &span[1]);
            }
        }
    };
    quotes(&record["agreements"]);
    quotes(&record["statistics"]);
    for date in record["dates"].as_array().expect("a list") {
        assert_eq!(at(&text, &date["start"], &date["end"]), date["text"].as_str().expect("text"));
    }
    for thing in ["countries", "places"] {
        for one in record[thing].as_array().expect("a list") {
            for mention in one["mentions"].as_array().expect("a list") {
                assert!(!at(&text, &mention[0], &mention[1]).is_empty());
            }
        }
    }
    let mut line = Vec::new();
    let title = extraction.title.as_deref();
    Cleaned::new(article, title, &extraction.passages, &extraction.notes)
        .write(&mut line)
        .expect("memory takes everything");
    let cleaned: Value = serde_json::from_slice(&line).expect("JSON");
    let (mut done, mut made) = (0, String::new());
    for edit in cleaned["edits"].as_array().expect("a list") {
        let with = edit["with"].as_str().expect("text");
        assert_eq!(at(&text, &edit["start"], &edit["end"]), with);
        let Some(span) = edit["raw"].as_array() else { continue };
        let (from, to) = (number(&span[0]), number(&span[1]));
        assert_eq!(at(&raw, &span[0], &span[1]), edit["removed"].as_str().expect("text"));
        made.extend(&raw[done..from]);
        made += with;
        done = to;
    }
    made.extend(&raw[done..]);
    assert!(text.iter().collect::<String>().ends_with(&made), "the edits of `clean`");
}
