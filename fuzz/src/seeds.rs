//! Inputs to begin with, made of what the checkout holds: the articles of `corpus/` and
//! `tests/pages/`, the sentences of the tables of tests, the rules.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use youcheng::relate::RULE_FILES;

/// The inputs of a target. The same for the same checkout.
///
/// # Panics
///
/// If the checkout is not there.
#[must_use]
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "html" => [files("corpus", "html"), files("tests/pages", "html")].concat(),
        "text" => files("corpus", "txt"),
        "pinyin" => pinyin(),
        "dates" => dates(),
        "rules" => rules(),
        "jsonl" => records(),
        "warc" => crawls(),
        "parquet" => tables(),
        "codecs" => packed(),
        _ => panic!("no target {target}"),
    }
}

/// The crate's folder, also for the tests, which are compiled from there.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    if here.ends_with("fuzz") { here.join("..") } else { here.to_owned() }
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files of a folder that end so, by name.
fn files(folder: &str, extension: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(root().join(folder));
    let mut paths: Vec<PathBuf> = entries
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .collect();
    paths.sort();
    paths.into_iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// The lines of a table of tests, cut at tabs; remarks left out.
fn rows(path: &str) -> Vec<Vec<String>> {
    let table = read(path);
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(|cell| cell.replace("\\n", "\n")).collect()).collect()
}

fn pinyin() -> Vec<Vec<u8>> {
    let rows = rows("tests/pinyin_cases.tsv");
    rows.chunks(4)
        .map(|some| {
            let lines: Vec<&str> = some.iter().map(|row| row[0].as_str()).collect();
            lines.join("\n").into_bytes()
        })
        .collect()
}

fn dates() -> Vec<Vec<u8>> {
    let rows = rows("tests/dates.tsv");
    rows.chunks(3)
        .map(|some| {
            let texts: Vec<&str> =
                some.iter().filter_map(|row| Some(row.get(1)?.as_str())).collect();
            format!("{}\n{}", some[0][0], texts.join("\n")).into_bytes()
        })
        .collect()
}

/// Every rule by itself, as a file of a user holds it.
fn rules() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (kind, name) in RULE_FILES.iter().chain(&["date"]).enumerate() {
        let file = read(&format!("rules/{name}.toml"));
        // Tables begin in the first column.
        for block in file.split("\n[").skip(1) {
            let mut seed = vec![u8::try_from(kind).unwrap_or(0)];
            seed.extend_from_slice(b"format = 1\n[");
            seed.extend_from_slice(block.as_bytes());
            seed.push(b'\n');
            all.push(seed);
        }
    }
    all
}

fn records() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for file in files("corpus", "jsonl") {
        let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
        all.extend(lines.chunks(2).map(<[_]>::concat));
    }
    let text = "青川市与匈牙利松博特市签署协议，结为友好城市。";
    let odd = [
        format!("\u{feff}{{\"text\":\"{text}\",\"title\":null}}\r\n\r\n{{\"html\":\"<p>{text}\"}}"),
        format!("[{{\"text\":\"{text}\"}},\n{{\"text\":\"{text}\"}}]\n"),
        format!(
            "{{\"text\":\"{text}\"\n{{\"url\":\"https://a.example/2025-05/23/c_1.htm\",\"text\":\"{text}\",\"published\":1748000000}}\n"
        ),
    ];
    let wide = odd[0].encode_utf16().flat_map(u16::to_le_bytes).collect();
    all.extend(odd.into_iter().map(String::into_bytes));
    all.push(wide);
    all
}

/// A record of a crawl.
fn record(kind: &str, media: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/1.htm\r\nWARC-Date: 2025-05-23T10:00:00Z\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html{headers}\r\n\r\n");
    record("response", "application/http; msgtype=response", &[head.as_bytes(), body].concat())
}

fn crawls() -> Vec<Vec<u8>> {
    let pages = files("corpus", "html");
    let mut short: Vec<&Vec<u8>> = pages.iter().filter(|page| page.len() < 4_000).collect();
    short.truncate(12);
    let info = record("warcinfo", "application/warc-fields", b"software: a test\r\n");
    let request = record("request", "application/http", b"GET / HTTP/1.1\r\n\r\n");
    let mut all = vec![
        [info.clone(), record("resource", "text/html", short[0])].concat(),
        record("conversion", "text/plain", "友城。".as_bytes()),
        gzip(&response("; charset=utf-8", short[1])),
    ];
    for pair in short.chunks(2) {
        let length = format!("{:x}\r\n", pair[0].len());
        let chunked = [length.as_bytes(), pair[0], b"\r\n0\r\n\r\n"];
        all.push(
            [
                info.clone(),
                request.clone(),
                response("; charset=gbk\r\nTransfer-Encoding: chunked", &chunked.concat()),
                response("\r\nContent-Encoding: gzip", &gzip(pair[pair.len() - 1])),
            ]
            .concat(),
        );
    }
    all
}

#[cfg(not(feature = "parquet"))]
fn tables() -> Vec<Vec<u8>> {
    Vec::new()
}

#[cfg(feature = "parquet")]
fn tables() -> Vec<Vec<u8>> {
    use parquet::basic::Compression;
    let kinds = [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::LZ4_RAW];
    kinds.into_iter().flat_map(|kind| [1, 7].map(|rows| table(kind, rows))).collect()
}

/// A table of articles.
#[cfg(feature = "parquet")]
fn table(compression: parquet::basic::Compression, rows: usize) -> Vec<u8> {
    use std::sync::Arc;

    use parquet::{
        data_type::{ByteArray, ByteArrayType, Int32Type},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };
    let schema = "message articles { required binary text (UTF8); optional binary title (UTF8);
        optional int32 published (DATE); }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).expect("memory");
    let mut group = writer.next_row_group().expect("memory");
    let texts = |what: &str| -> Vec<ByteArray> {
        (0..rows).map(|n| ByteArray::from(format!("{what}，第{n}条。").as_str())).collect()
    };
    let levels = vec![1; rows];
    let text = "青川市与匈牙利松博特市签署协议，结为友好城市";
    for (values, levels) in [(texts(text), None), (texts("新闻"), Some(levels.as_slice()))] {
        let mut column = group.next_column().expect("memory").expect("a column");
        column.typed::<ByteArrayType>().write_batch(&values, levels, None).expect("memory");
        column.close().expect("memory");
    }
    let mut column = group.next_column().expect("memory").expect("a column");
    column.typed::<Int32Type>().write_batch(&vec![20_231; rows], Some(&levels), None).expect("it");
    column.close().expect("memory");
    group.close().expect("memory");
    writer.into_inner().expect("memory")
}

fn packed() -> Vec<Vec<u8>> {
    let texts = files("corpus", "txt");
    let mut all = Vec::new();
    for (n, text) in texts.iter().take(9).enumerate() {
        let how = u8::try_from(n).unwrap_or(0);
        all.push([&[how, 128 + 14 * how][..], text].concat());
    }
    let text = &texts[0][..400.min(texts[0].len())];
    let zstd = zstd::stream::encode_all(text, 1).expect("memory");
    all.push([&[0, 0][..], &gzip(text)[3..]].concat());
    all.push([&[1, 0][..], &zstd[4..]].concat());
    all.push([&[3, 0][..], &gzip(text), &gzip(text)].concat());
    all
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    to.write_all(bytes).and_then(|()| to.finish()).expect("memory takes everything")
}

/// What inputs are made of besides bytes: how people and programs write, and what formats
/// begin and end with.
pub const TOKENS: &[&str] = &[
    "友好城市",
    "友城",
    "姐妹城市",
    "缔结",
    "结为",
    "签署",
    "协议书",
    "备忘录",
    "意向书",
    "国际",
    "中国",
    "日本",
    "匈牙利",
    "美国",
    "台湾",
    "聊城市",
    "帕克斯市",
    "山东省",
    "松博特市",
    "州",
    "县",
    "区",
    "与",
    "和",
    "、",
    "，",
    "。",
    "；",
    "：",
    "《",
    "》",
    "（",
    "）",
    "“",
    "”",
    "·",
    "分别",
    "前者",
    "后者",
    "两市",
    "双方",
    "我市",
    "该市",
    "自",
    "以来",
    "周年",
    "共有",
    "个",
    "2023年2月",
    "2月30日",
    "同年",
    "次年",
    "今年",
    "去年",
    "上世纪90年代",
    "民国",
    "昨日",
    "三月八日",
    "二〇二三年",
    "十二月",
    "23日",
    "-",
    "至",
    "/",
    "2023-02-30",
    "2025-05-23T10:00:00+08:00",
    "春节",
    "农历",
    "腊月",
    "星期三",
    "上半年",
    "年底",
    "届",
    "0000",
    "9999",
    "99999999999",
    "(wǎng)",
    "(shi)(shi)",
    "（guójì）",
    "(ㄔㄥˊ)",
    "(yǒuhǎochéngshì)",
    "國(guó)際",
    "(a)",
    "ü",
    "ǚ",
    "\u{301}",
    "\u{200b}",
    "\u{feff}",
    "\u{3000}",
    "\u{a0}",
    "\u{2028}",
    "\t",
    "\r\n",
    "\n\n",
    "\0",
    "１２",
    "Ａ",
    "⼀",
    "豈",
    "𠮷",
    "發",
    "後",
    "新华社南宁11月19日电",
    "（记者 ",
    "来源：",
    "相关推荐",
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<br>",
    "<table>",
    "<tr>",
    "<td>",
    "<th colspan=2>",
    "<td rowspan=3>",
    "<li>",
    "<ul>",
    "<h1>",
    "<a href=x>",
    "<b>",
    "<ruby>",
    "<rt>",
    "<pre>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<title>",
    "<meta charset=gbk>",
    "&nbsp;",
    "&#x53cb;",
    "<meta property=\"og:title\" content=\"",
    "<script type=\"application/ld+json\">",
    "<template>",
    "<svg>",
    "<math>",
    "<select>",
    "<frameset>",
    "<![CDATA[",
    "{\"text\":\"",
    "{\"html\":\"",
    "\"title\":",
    "\"published\":",
    "\"url\":\"",
    "null",
    "\"}\n",
    "\\ud800",
    "\\u0000",
    "WARC/1.0\r\n",
    "WARC-Type: response\r\n",
    "Content-Length: ",
    "\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
    "Content-Encoding: gzip\r\n",
    "Content-Encoding: br\r\n",
    "Transfer-Encoding: chunked\r\n",
    "18446744073709551615",
    "PAR1",
    "[[rule]]\n",
    "[class.NEW]\n",
    "[shape]\n",
    "words = [\"",
    "id = \"",
    "pattern = \"",
    "requires = [\"",
    "finds = [{ text = \"",
    "expect = [\"",
    "ignores = [\"",
    "\"]\n",
    "confidence = 0.9\n",
    "priority = 9\n",
    "{pairs: ",
    "{act: ",
    "{left: ",
    "{right: ",
    "<CN>",
    "<FOREIGN>",
    "<DATE>",
    "<NUM>",
    "[0..9]",
    "[1..99 any]",
    "[0..4096 words]",
    "( | )",
    ")*",
    ")+",
    ")?",
    "…",
    "^",
    "SERIES",
    "PAPER",
    "FRIEND",
    "SIGN",
    "(?i)",
    "\\p{Han}",
    "{0,1000}",
];

/// The same as libFuzzer reads them.
#[must_use]
pub fn dictionary() -> String {
    let escape = |byte: &u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(*byte)),
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02X}"),
    };
    let lines = TOKENS.iter().map(|token| {
        let token: String = token.as_bytes().iter().map(escape).collect();
        format!("\"{token}\"\n")
    });
    lines.collect()
}
