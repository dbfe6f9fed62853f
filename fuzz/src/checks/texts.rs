//! Pages and texts, and what is written in them.

use youcheng::{
    article::Article,
    clean::Cleaner,
    date::PartialDate,
    notes::Notes,
    proof::sentence,
    read::{Input, Payload},
    text::Text,
};

use std::sync::LazyLock;

use super::{EXTRACTOR, READER, RECORD, sound};

/// A page, whatever encoding it is in.
pub(super) fn html(bytes: &[u8]) {
    payload(&Payload::Html(bytes.to_vec()));
}

/// Plain text, whatever encoding it is in.
pub(super) fn text(bytes: &[u8]) {
    payload(&Payload::Text(bytes.to_vec()));
}

/// Reads one article as bytes are read, and extracts what it says.
pub(super) fn payload(payload: &Payload) {
    if payload.size() > RECORD {
        return;
    }
    let size = payload.size();
    let read = || READER.article(Input { source: Default::default(), payload: payload.clone() });
    match (read(), read()) {
        (Ok((article, notes)), Ok((again, _))) => {
            assert_eq!(article.text.raw(), again.text.raw(), "the same bytes twice");
            assert!(article.text.raw().len() <= 16 * size + 1024, "a text outgrows its page");
            sound::extract(&EXTRACTOR, article, notes);
        }
        (Err(error), Err(again)) => {
            assert_eq!(error.to_string(), again.to_string());
            assert!(!error.to_string().is_empty(), "why there is no article");
        }
        _ => panic!("the same bytes twice"),
    }
}

static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::new().expect("the data is right"));

/// Annotations: stripping takes away and puts nothing in, and leaves nothing to strip; cleaning
/// comes to an end. The first line, if there are two, may be the title.
pub(super) fn pinyin(bytes: &[u8]) {
    let Some((raw, _)) = string(bytes) else { return };
    let mut text = Text::new(raw);
    CLEANER.strip_pinyin(&mut text);
    assert!(text.changes().iter().all(|change| change.clean.is_empty()), "pinyin is taken out");
    let once = text.clean().to_owned();
    let mut text = Text::new(once.as_str());
    CLEANER.strip_pinyin(&mut text);
    assert_eq!(once, text.clean(), "stripping twice is stripping once");

    let title = raw.split_once('\n').map(|(title, _)| title).filter(|it| it.len() % 2 == 0);
    let clean = |raw: &str| {
        let mut article = Article { title: title.map(str::to_owned), ..sentence(raw) };
        CLEANER.run(&mut article, &mut Notes::default());
        article.text
    };
    // Noise within noise within noise takes as many rounds; each is bounded.
    let mut text = clean(raw);
    for _ in 0..3 {
        let next = clean(text.clean());
        if next.clean() == text.clean() {
            return;
        }
        text = next;
    }
    assert_eq!(text.clean(), clean(text.clean()).clean(), "cleaning comes to an end");
}

/// A date of publication as a record writes it, and a text: the first line, and the rest.
pub(super) fn dates(bytes: &[u8]) {
    let Some((text, given)) = string(bytes) else { return };
    let (published, text) = text.split_once('\n').unwrap_or(("", text));
    let record = serde_json::json!({ "published": published, "text": text });
    payload(&Payload::Record(record.to_string().into_bytes()));

    let mut article = sentence(text);
    let year = 1900 + i16::from(given);
    article.published =
        PartialDate::month(year, 1 + i8::try_from(given % 12).unwrap_or(0)).map(|date| {
            youcheng::article::Published { date, origin: youcheng::article::Origin::Given }
        });
    sound::extract(&EXTRACTOR, article, Notes::default());
}

/// The bytes as a string, and a number out of them that has nothing to do with it.
fn string(bytes: &[u8]) -> Option<(&str, u8)> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= RECORD)?;
    Some((text, bytes.iter().fold(0, |sum, byte| byte.wrapping_add(sum))))
}
