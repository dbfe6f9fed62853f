//! Files of many records, and packed ones.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use youcheng::read::{Format, Input, Payload, ReadError, Wanted};

use super::{EXTRACTOR, READER, RECORD, sound};

/// More of a file is not looked at: a table can repeat one value for ever in a few bytes.
const ITEMS: usize = 2_000;
/// Records of a file that all steps are run on.
const EXTRACTED: usize = 3;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("youcheng-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    folder
});

/// What a file of these bytes holds. Threads have a file each.
fn inputs(bytes: &[u8], format: Option<Format>) -> Vec<Result<Input, ReadError>> {
    let name = format!("{:?}", std::thread::current().id());
    let path = FOLDER.join(name.replace(['(', ')'], "-"));
    fs::write(&path, bytes).expect("the temporary folder can be written to");
    let wanted = Wanted { paths: vec![path.clone()], list: None, format };
    let found: Vec<_> = READER.open(&wanted).take(ITEMS).collect();
    let again: Vec<_> = READER.open(&wanted).take(ITEMS).collect();
    fs::remove_file(&path).expect("the temporary folder can be written to");
    let shown = |all: &[Result<Input, ReadError>]| -> Vec<String> {
        all.iter().map(|one| said(one, &path)).collect()
    };
    assert_eq!(shown(&found), shown(&again), "the same file twice");
    found
}

fn said(one: &Result<Input, ReadError>, path: &Path) -> String {
    match one {
        Ok(input) => {
            assert!(input.payload.size() <= RECORD, "a record over the limit");
            format!("{input:?}")
        }
        Err(error) => {
            let said = error.to_string();
            assert!(said.starts_with(&path.display().to_string()), "{said}: names the file");
            said
        }
    }
}

/// Reads every record, and runs all steps on the first ones.
fn articles(inputs: Vec<Result<Input, ReadError>>) {
    let mut extracted = 0;
    for input in inputs.into_iter().flatten() {
        let size = input.payload.size();
        let Ok((article, notes)) = READER.article(input) else { continue };
        // A page may have been sent packed.
        assert!(article.text.raw().len() <= 16 * size.max(RECORD) + 1024);
        sound::read(&article);
        if extracted < EXTRACTED {
            sound::extract(&EXTRACTOR, article, notes);
            extracted += 1;
        }
    }
}

fn is_packed(bytes: &[u8]) -> bool {
    // Fewer bytes than a reader needs to know it by are a text.
    bytes.starts_with(&[0x1F, 0x8B, 8])
        || bytes.starts_with(&[0x28, 0xB5, 0x2F, 0xFD])
        || bytes.starts_with(b"BZh")
}

/// Lines: each that is not blank is a record or is named, in order.
pub(super) fn jsonl(bytes: &[u8]) {
    let found = inputs(bytes, Some(Format::JsonLines));
    let plain = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    let at = |one: &Result<Input, ReadError>| match one {
        Ok(input) => input.source.line,
        Err(_) => None,
    };
    let lines: Vec<u32> = found.iter().filter_map(at).collect();
    assert!(lines.is_sorted_by(|a, b| a < b), "lines in order: {lines:?}");
    if plain && !is_packed(bytes) {
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let mut given = 0;
        for input in found.iter().flatten() {
            let line = lines[input.source.line.expect("a record has a line") as usize - 1];
            let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
            assert_eq!(input.payload, Payload::Record(line.to_vec()), "a record is its line");
            given += 1;
        }
        let is_blank = |line: &&&[u8]| {
            line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii().is_empty()
        };
        let blank = lines.iter().filter(is_blank).count();
        let whole = found.iter().any(|one| {
            one.as_ref().is_err_and(|error| error.to_string().contains("JSON over many lines"))
        });
        let errors = found.len() - given;
        let all = (lines.len() - blank).min(ITEMS);
        assert!(whole || given + errors >= all, "{given} records, {errors} errors, {all} lines");
    }
    articles(found);
}

/// Records of a crawl: where they say they stand, in order.
pub(super) fn warc(bytes: &[u8]) {
    let found = inputs(bytes, Some(Format::Warc));
    let at = |input: &Input| input.source.offset.expect("a record stands somewhere");
    let places: Vec<u64> = found.iter().flatten().map(at).collect();
    assert!(places.iter().all(|at| *at < bytes.len() as u64), "{places:?} in {}", bytes.len());
    if is_packed(bytes) {
        assert!(places.is_sorted(), "members in order: {places:?}");
    } else {
        assert!(places.is_sorted_by(|a, b| a < b), "records in order: {places:?}");
        let begins = |at: &u64| bytes[usize::try_from(*at).unwrap_or(0)..].starts_with(b"WARC/");
        assert!(places.iter().all(begins), "records begin where they say: {places:?}");
        let held: usize = found.iter().flatten().map(|input| input.payload.size()).sum();
        assert!(held <= bytes.len(), "{held} bytes of pages in {}", bytes.len());
    }
    articles(found);
}

/// Tables.
pub(super) fn parquet(bytes: &[u8]) {
    let found = inputs(bytes, Some(Format::Parquet));
    let rows: Vec<_> = found.iter().flatten().filter_map(|input| input.source.line).collect();
    assert!(rows.is_sorted_by(|a, b| a < b), "rows in order: {rows:?}");
    articles(found);
}

/// Packed files. The first byte says how, the second whether the rest is packed already, or
/// is text that is packed here and then cut off or damaged.
pub(super) fn codecs(bytes: &[u8]) {
    let [how, what, rest @ ..] = bytes else { return };
    if *what < 128 {
        let magic: &[u8] = match how % 4 {
            0 => &[0x1F, 0x8B, 8],
            1 => &[0x28, 0xB5, 0x2F, 0xFD],
            2 => b"BZh9",
            _ => &[],
        };
        articles(inputs(&[magic, rest].concat(), Some(Format::Text)));
        return;
    }
    let packed = pack(*how, rest);
    let whole = inputs(&packed, Some(Format::Text));
    match whole.as_slice() {
        [Ok(Input { payload: Payload::Text(text), .. })] => assert_eq!(text, rest, "all of it"),
        [Err(_)] => assert!(rest.len() > RECORD || rest.trim_ascii().is_empty(), "why not"),
        _ => panic!("one file, one text"),
    }
    // What stands before a cut is given, and nothing else.
    let cut = packed.len() * usize::from(what - 128) / 128;
    let found = inputs(&packed[..cut], Some(Format::Text));
    if is_packed(&packed[..cut]) {
        for input in found.iter().flatten() {
            let Payload::Text(text) = &input.payload else { panic!("a text") };
            assert!(rest.starts_with(text), "what stands before the cut");
        }
    }
    let mut damaged = packed;
    if let Some(byte) = damaged.get_mut(cut) {
        *byte ^= 0x55;
        articles(inputs(&damaged, Some(Format::Text)));
    }
}

fn pack(how: u8, bytes: &[u8]) -> Vec<u8> {
    match how % 3 {
        0 => {
            let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            to.write_all(bytes).and_then(|()| to.finish()).expect("memory takes everything")
        }
        1 => zstd::stream::encode_all(bytes, 1).expect("memory takes everything"),
        _ => {
            let mut to = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            to.write_all(bytes).and_then(|()| to.finish()).expect("memory takes everything")
        }
    }
}
