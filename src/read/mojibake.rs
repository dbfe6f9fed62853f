//! Mojibake: text that was read in the wrong encoding and saved so. It is undone where that
//! is certain, and noted where it is not.
//!
//! Certain means that the bytes behind it are good in the right encoding and that the
//! text they give is Chinese. UTF-8 or GBK read as a Western encoding (`å‹åŸŽ`,
//! `ÓÑºÃ`) is undone run by run, because nothing else looks like a run of it; UTF-8 read
//! as GBK (`鍙嬪煄`) line by line, because any line of it is Chinese characters, too.

use std::{borrow::Cow, sync::LazyLock};

use encoding_rs::{GB18030, WINDOWS_1252};
use memchr::memmem::Finder;

use super::encoding::is_common;
use crate::{
    chars::CharSet,
    notes::{Notes, Stage, Why},
};

/// What is left where characters were lost.
static LOST: LazyLock<[Finder<'static>; 2]> =
    LazyLock::new(|| ["锟斤拷", "\u{FFFD}\u{FFFD}\u{FFFD}"].map(Finder::new));
/// Chinese characters in a row that a run must give at least: from UTF-8, and from GBK,
/// whose bytes have no form that would speak for it.
const FROM_UTF8: usize = 2;
const FROM_GBK: usize = 4;
/// So many signs of a line that cannot be undone are worth a note.
const SIGNS: usize = 3;

/// The text with what can be undone undone.
pub(super) fn mend<'a>(text: &'a str, notes: &mut Notes) -> Cow<'a, str> {
    // Letters from U+00C0 to U+00FF all begin with this byte, which is rare in Chinese.
    let western = memchr::memchr(0xC3, text.as_bytes()).is_some();
    let gbk = SIGNS_OF_GBK.find(text).is_some();
    if LOST.iter().any(|lost| lost.find(text.as_bytes()).is_some()) {
        let note = "characters were lost before the file was written";
        notes.push(Stage::Read, Why::BadEncoding, note);
    }
    if !western && !gbk {
        return Cow::Borrowed(text);
    }
    let (mut mended, mut lines, mut left) = (String::with_capacity(text.len()), 0, 0);
    for line in text.split_inclusive('\n') {
        let undone = (gbk.then(|| from_gbk(line)).flatten())
            .or_else(|| western.then(|| from_western(line)).flatten());
        lines += usize::from(undone.is_some());
        if gbk && undone.is_none() && looks_like_gbk(line) {
            left += 1;
        }
        mended.push_str(undone.as_deref().unwrap_or(line));
    }
    if left > 0 {
        let note = format!("{left} lines look like UTF-8 read as GBK, and cannot be undone");
        notes.push(Stage::Read, Why::BadEncoding, note);
    }
    if lines == 0 {
        return Cow::Borrowed(text);
    }
    let note = format!("{lines} lines were read in another encoding than theirs, and were mended");
    notes.push(Stage::Read, Why::BadEncoding, note);
    Cow::Owned(mended)
}

/// Characters that the first two bytes of common ones become when read as GBK.
static SIGNS_OF_GBK: LazyLock<CharSet> =
    LazyLock::new(|| "鍙鍩鐨銆锛鏄涓浗嬪競勭紝骞".chars().collect());

/// Whether a line has so many of these signs that it is hardly anything else.
fn looks_like_gbk(line: &str) -> bool {
    let count = line.chars().filter(|c| SIGNS_OF_GBK.contains(*c)).count();
    count >= SIGNS && count * 12 >= line.chars().filter(|c| !c.is_ascii()).count()
}

/// The line whose UTF-8 was read as GBK; `None` if that is not certain.
fn from_gbk(line: &str) -> Option<String> {
    let (bytes, _, lossy) = GB18030.encode(line);
    if lossy {
        return None;
    }
    let undone = std::str::from_utf8(&bytes).ok()?;
    let ((common, all), (before, before_all)) = (share(undone), share(line));
    let better = common * before_all > 2 * before * all;
    (undone != line && common >= 2 && common * 5 >= all && better).then(|| undone.to_owned())
}

/// How many characters are common ones, of those that are not ASCII.
fn share(text: &str) -> (usize, usize) {
    let (mut common, mut all) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1;
        common += usize::from(is_common(c));
    }
    (common, all)
}

/// The line with the runs undone that were read as a Western encoding; `None` if there
/// are none.
fn from_western(line: &str) -> Option<String> {
    let mut undone = String::new();
    let mut done = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let Some(first) = western_byte(c) else { continue };
        let mut bytes = vec![first];
        let mut end = start + c.len_utf8();
        while let Some((at, byte)) =
            chars.peek().and_then(|(at, c)| Some((at + c.len_utf8(), western_byte(*c)?)))
        {
            bytes.push(byte);
            end = at;
            chars.next();
        }
        let run = &line[start..end];
        if let Some(with) = run_from_utf8(run, &bytes).or_else(|| run_from_gbk(&bytes)) {
            undone.push_str(&line[done..start]);
            undone.push_str(&with);
            done = end;
        }
    }
    (done > 0).then(|| undone + &line[done..])
}

/// The byte that reads as a character that is not ASCII in Latin-1 or Windows-1252.
fn western_byte(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0x80..=0xFF => u8::try_from(code).ok(),
        0x152..=0x2122 => {
            let mut buffer = [0; 4];
            let (bytes, _, lossy) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
            bytes.first().copied().filter(|_| !lossy)
        }
        _ => None,
    }
}

/// What a run says as UTF-8; what is none of it stays, a quotation mark beside it.
fn run_from_utf8(run: &str, bytes: &[u8]) -> Option<String> {
    if bytes.len() < 3 * FROM_UTF8 {
        return None;
    }
    let mut undone = String::new();
    let mut chinese = 0;
    let mut chars = run.chars();
    for chunk in bytes.utf8_chunks() {
        chinese = chunk.valid().chars().filter(|c| is_chinese(*c)).count().max(chinese);
        undone.push_str(chunk.valid());
        let _ = chars.by_ref().take(chunk.valid().len()).count();
        undone.extend(chars.by_ref().take(chunk.invalid().len()));
    }
    if chinese >= FROM_UTF8 {
        return Some(undone);
    }
    // The same mistake twice.
    let again = std::str::from_utf8(bytes).ok()?;
    (!again.is_ascii()).then(|| from_western(again)).flatten()
}

/// What a run says as GBK.
fn run_from_gbk(bytes: &[u8]) -> Option<String> {
    if bytes.len() < 2 * FROM_GBK || bytes.len() % 2 == 1 || bytes.iter().any(|b| *b < 0xA1) {
        return None;
    }
    let (text, lossy) = GB18030.decode_without_bom_handling(bytes);
    let (common, all) = share(&text);
    let certain = !lossy && text.chars().all(is_chinese) && common * 3 >= all;
    certain.then(|| text.into_owned())
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303F}' | '\u{3400}'..='\u{9FFF}' | '\u{FF00}'..='\u{FF60}'
        | '\u{2010}'..='\u{2026}' | '·')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "聊城市与匈牙利的帕克斯市结为友好城市，两市将在经济、文化、教育等方面开展合作。";

    fn latin1(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn mojibake_is_undone_when_that_is_certain() {
        let even = "两市结为友好城市的协议，是在中国签的";
        let gbk = GB18030.decode_without_bom_handling(even.as_bytes()).0.into_owned();
        let western = WINDOWS_1252.decode_without_bom_handling(TEXT.as_bytes()).0.into_owned();
        let gbk_as_latin1 = latin1(&GB18030.encode(TEXT).0);
        let twice = latin1(latin1(TEXT.as_bytes()).as_bytes());
        let within = format!("第一句话，“{}”，最后。", latin1("双方商定合作".as_bytes()));
        for (text, mended) in [
            (gbk.as_str(), even),
            (&western, TEXT),
            (&latin1(TEXT.as_bytes()), TEXT),
            (&gbk_as_latin1, TEXT),
            (&twice, TEXT),
            (&within, "第一句话，“双方商定合作”，最后。"),
        ] {
            let mut notes = Notes::default();
            assert_eq!(mend(text, &mut notes), mended);
            assert_eq!(notes.0.len(), 1);
        }
    }

    #[test]
    fn ordinary_text_is_never_mended() {
        for text in [
            "Café à Évreux, señor å la Malmö, Łódź, Győr, Pécs",
            "l’été… »né« à Nîmes ; ÅÄÖ åäö ÁÉÍÓÚ ÀÈÌÒÙ ÄÖÜß",
            "与Évreux市（法国）、São Paulo州签约，30°C±2°，§3·÷×",
            "锛是罕用字，鍙也是",
            "骞马与競走两字",
            "Đà Nẵng（岘港）与 Việt Trì",
            "“……”——‘·’€£¥",
            TEXT,
        ] {
            let mut notes = Notes::default();
            assert_eq!(mend(text, &mut notes), text);
            assert_eq!(notes.0.len(), 0, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_undone_is_noted_and_left() {
        let odd = "友好城市，两市";
        let lost = GB18030.decode_without_bom_handling(odd.as_bytes()).0.into_owned();
        for text in [lost.as_str(), "签署锟斤拷锟斤拷协议"] {
            let mut notes = Notes::default();
            assert_eq!(mend(text, &mut notes), text);
            assert_eq!(notes.0.len(), 1, "{text}");
        }
    }
}
