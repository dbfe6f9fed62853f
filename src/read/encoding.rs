//! Bytes to text: which encoding they are in, and whether they are text at all.
//!
//! What a page declares is believed only between encodings that explain its bytes equally
//! well: pages that say one thing and are another are common, bytes that happen to be
//! good UTF-8 and something else are not.

use std::{borrow::Cow, sync::LazyLock};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::notes::{Notes, Stage, Why};

/// How many bytes are looked at to guess an encoding.
const SAMPLE: usize = 64 << 10;

/// What the bytes are, when they are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Binary(pub(super) &'static str);

/// The text that the bytes are, without a byte order mark; mojibake is not undone yet,
/// see [`super::mojibake`].
pub(super) fn decode(
    bytes: &[u8],
    declared: Option<&str>,
    notes: &mut Notes,
) -> Result<String, Binary> {
    let marked = Encoding::for_bom(bytes);
    if let Some((encoding, length)) = marked {
        return Ok(decode_as(encoding, &bytes[length..], notes));
    }
    if let Some(kind) = binary(bytes) {
        return Err(Binary(kind));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let encoding = guess(bytes, declared);
    let text = decode_as(encoding, bytes, notes);
    // Bytes of no encoding come out as replacement and control characters.
    let odd = |c: &char| *c == '\u{FFFD}' || (c.is_control() && !c.is_ascii_whitespace());
    let (odd, all) = text
        .chars()
        .take(SAMPLE)
        .fold((0, 0), |(odds, all), c| (odds + usize::from(odd(&c)), all + 1));
    if odd * 10 > all {
        return Err(Binary("binary data"));
    }
    Ok(text)
}

/// A record's bytes: JSON is UTF-8, and what is not was written by a careless program.
pub(super) fn utf8_or_gb18030(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (guess(bytes, None).decode_without_bom_handling(bytes).0, true),
    }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8], notes: &mut Notes) -> String {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged {
        let count = text.matches('\u{FFFD}').count();
        let name = encoding.name();
        let note = format!("{count} characters are not {name} and became U+FFFD");
        notes.push(Stage::Read, Why::BadEncoding, note);
    }
    text.into_owned()
}

/// What kind of binary file begins like this, if it is one.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 12] = [
        (b"%PDF", "a PDF file"),
        (b"PK\x03\x04", "a zip archive or office document"),
        (b"\xD0\xCF\x11\xE0", "an office document"),
        (b"\x1F\x8B", "gzip data"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture or sound"),
        (b"Rar!", "a rar archive"),
        (b"7z\xBC\xAF", "a 7z archive"),
        (b"\x28\xB5\x2F\xFD", "zstd data"),
        (b"\x7FELF", "a program"),
    ];
    let known = KINDS.iter().find(|(magic, _)| bytes.starts_with(magic));
    let head = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = memchr::memchr_iter(0, head).count();
    // A zero or two happen in pages; binary data is full of them.
    let zeros = (zeros * 500 > head.len()).then_some("binary data");
    known.map(|(_, kind)| *kind).or(zeros)
}

/// The encoding that explains bytes which are not UTF-8.
fn guess(bytes: &[u8], declared: Option<&str>) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if mostly_utf8(sample) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&sample[..sample.len().min(8 << 10)], false);
    let detected = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let declared = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    let mut best = (GB18030, f32::MIN);
    let mut candidates = vec![GB18030, BIG5, WINDOWS_1252];
    candidates.extend([detected].into_iter().chain(declared).filter(|encoding| {
        !encoding.is_single_byte() && ![UTF_8, UTF_16LE, UTF_16BE].contains(encoding)
    }));
    for encoding in candidates {
        let hint = |hinted: bool| if hinted { 0.02 } else { 0.0 };
        let score = plausibility(encoding, sample)
            + hint(encoding == detected)
            + hint(declared.is_some_and(|declared| same_family(declared, encoding)));
        if score > best.1 {
            best = (encoding, score);
        }
    }
    best.0
}

fn same_family(a: &'static Encoding, b: &'static Encoding) -> bool {
    a == b || (a == encoding_rs::GBK && b == GB18030)
}

/// UTF-8 with a few damaged places: a page cut in the middle of a character, or put
/// together from pieces.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xC2).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 10
}

/// How much the bytes look like Chinese when read in `encoding`: the share of very
/// common characters among all that are not ASCII, less what could not be read.
fn plausibility(encoding: &'static Encoding, bytes: &[u8]) -> f32 {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let (mut common, mut bad, mut all) = (0_u16, 0_u16, 1_u16);
    // Not above what a u16 holds: one sample's bytes.
    for c in text.chars().filter(|c| !c.is_ascii()).take(u16::MAX as usize - 1) {
        all += 1;
        common += u16::from(is_common(c));
        bad += u16::from(c == '\u{FFFD}' || ('\u{E000}'..='\u{F8FF}').contains(&c));
    }
    (f32::from(common) - 5.0 * f32::from(bad)) / f32::from(all)
}

/// Characters that make up a good part of any Chinese text, in both scripts.
pub(super) fn is_common(c: char) -> bool {
    const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严。，、：；“”（）《》？！这個國來時為們對會發動過說產種後學經進電現實點業開還應關體機與線內數質氣變條問無員總設長見論運農將決縣華";
    const fn bit(c: u32) -> (usize, u64) {
        ((c as usize) >> 6, 1 << (c & 63))
    }
    // One bit for each character of the basic plane.
    static BITS: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let mut bits = vec![0; 1 << 10];
        for (word, bit) in COMMON.chars().map(|c| bit(u32::from(c))) {
            bits[word] |= bit;
        }
        bits
    });
    let (word, bit) = bit(u32::from(c));
    BITS.get(word).is_some_and(|bits| bits & bit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "聊城市与匈牙利的帕克斯市结为友好城市，两市将在经济、文化、教育等方面开展合作。";
    const TRADITIONAL: &str =
        "臺北市與該國首都締結為姊妹市，雙方將在經濟、文化、教育等方面進行交流。";

    fn decoded(bytes: &[u8]) -> (String, usize) {
        let mut notes = Notes::default();
        let text = decode(bytes, None, &mut notes).unwrap();
        (text, notes.0.len())
    }

    #[test]
    fn the_usual_encodings_are_told_apart() {
        let utf16: Vec<u8> =
            [0xFEFF].into_iter().chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for (bytes, text) in [
            (TEXT.as_bytes(), TEXT),
            (format!("\u{FEFF}{TEXT}").as_bytes(), TEXT),
            (&GB18030.encode(TEXT).0, TEXT),
            (&BIG5.encode(TRADITIONAL).0, TRADITIONAL),
            (&GB18030.encode(TRADITIONAL).0, TRADITIONAL),
            (&utf16, TEXT),
        ] {
            assert_eq!(decoded(bytes), (text.to_owned(), 0));
        }
    }

    #[test]
    fn damage_is_noted() {
        let mut cut = TEXT.repeat(5).into_bytes();
        cut.pop();
        let (text, notes) = decoded(&cut);
        assert!(text.starts_with(TEXT) && text.ends_with('\u{FFFD}'));
        assert_eq!(notes, 1);
    }

    #[test]
    fn binary_data_is_named() {
        let junk: Vec<u8> =
            (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for (bytes, kind) in [
            (b"%PDF-1.7\n%\xE2\xE3".as_slice(), "a PDF file"),
            (b"text\0\0\0\0", "binary data"),
            (&junk, "binary data"),
        ] {
            assert_eq!(decode(bytes, None, &mut Notes::default()), Err(Binary(kind)));
        }
    }
}
