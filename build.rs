//! Compiles the tables of `gazetteer/` and the words of `words/` into the images that the
//! program embeds, so that it starts without parsing them.

use std::{env, fs, path::Path, process::exit};

/// The words that jieba knows.
const WORDS: &str = "words/dictionary.txt";

mod gazetteer {
    #[path = "../src/gazetteer/compile.rs"]
    pub(crate) mod compile;
    #[path = "../src/gazetteer/layout.rs"]
    mod layout;

    /// The image of the tables in a folder.
    pub(crate) fn image(folder: &std::path::Path) -> Result<Vec<u8>, String> {
        let table = |name: &str| {
            let path = folder.join(name);
            println!("cargo::rerun-if-changed={}", path.display());
            std::fs::read_to_string(&path).map_err(|error| format!("gazetteer/{name}: {error}"))
        };
        compile::compile(&compile::Tables {
            places: &table("places.tsv")?,
            names: &table("names.tsv")?,
            countries: &table("countries.tsv")?,
            common_words: &table("common_words.tsv")?,
            translit: &table("translit.tsv")?,
        })
        .map_err(|wrong| format!("gazetteer/{}:{}: {}", wrong.table, wrong.line, wrong.message))
    }
}

mod words {
    use std::collections::BTreeMap;

    /// The image of a list of words, each line one with its frequency and its tag, as jieba
    /// has them: the logarithm of all frequencies together; how many different ones there
    /// are, and their logarithms; how many tags, each behind its length; the trie, whose
    /// values name frequency and tag. `src/segment/dictionary.rs` reads it.
    pub(crate) fn image(list: &str) -> Result<Vec<u8>, String> {
        /// Bits of a value that say the tag.
        const TAG_BITS: u32 = 6;
        let mut words = BTreeMap::new();
        let mut total = 0_u64;
        for (n, line) in list.lines().enumerate() {
            let mut fields = line.split_ascii_whitespace();
            let Some(word) = fields.next() else { continue };
            let frequency = fields.next().and_then(|it| it.parse::<u64>().ok());
            let frequency = frequency.ok_or_else(|| format!("{}: no frequency", n + 1))?;
            let tag = fields.next().unwrap_or_default();
            total += frequency;
            if words.insert(word, (frequency, tag)).is_some() {
                return Err(format!("{}: {word} stands there twice", n + 1));
            }
        }
        let mut frequencies: Vec<_> = words.values().map(|&(frequency, _)| frequency).collect();
        frequencies.sort_unstable();
        frequencies.dedup();
        let mut tags: Vec<_> = words.values().map(|&(_, tag)| tag).collect();
        tags.sort_unstable();
        tags.dedup();
        if tags.len() > 1 << TAG_BITS {
            return Err(format!("{} tags are too many", tags.len()));
        }
        let keys: Vec<_> = words
            .iter()
            .map(|(word, (frequency, tag))| {
                let frequency = frequencies.partition_point(|it| it < frequency) as u32;
                let tag = tags.partition_point(|it| it < tag) as u32;
                (word, frequency << TAG_BITS | tag)
            })
            .collect();
        let trie = yada::builder::DoubleArrayBuilder::build(&keys)
            .map_err(|error| format!("no trie can be made of it: {error:?}"))?;
        let mut image = Vec::new();
        image.extend((total as f64).ln().to_le_bytes());
        image.extend((frequencies.len() as u32).to_le_bytes());
        for frequency in frequencies {
            image.extend((frequency as f64).ln().to_le_bytes());
        }
        image.extend((tags.len() as u32).to_le_bytes());
        for tag in tags {
            image.push(tag.len() as u8);
            image.extend(tag.as_bytes());
        }
        image.extend(trie);
        Ok(image)
    }
}

/// The files of the explorer, as a list of names and bytes that the server includes.
fn assets(folder: &Path) -> Result<String, String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let whole = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = Vec::new();
    let mut folders = vec![whole.clone()];
    while let Some(folder) = folders.pop() {
        let wrong = |error| format!("{}: {error}", folder.display());
        for entry in fs::read_dir(&folder).map_err(wrong)? {
            let path = entry.map_err(wrong)?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let mut list = String::from("const ASSETS: &[(&str, &[u8])] = &[\n");
    for file in files {
        let name = file.strip_prefix(&whole).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        list.push_str(&format!("    ({name:?}, include_bytes!({file:?})),\n"));
    }
    list.push_str("];\n");
    Ok(list)
}

/// What the program reads articles by, in one number: its data and the source of the steps.
/// Stores keep it with every article, so that what is outdated can be read again.
mod mark {
    use std::{fs, io, path::Path};

    const WHAT: [&str; 11] = [
        "gazetteer",
        "rules",
        "words",
        "src/clean",
        "src/link",
        "src/rdf",
        "src/read",
        "src/recognise",
        "src/relate",
        "src/segment",
        "src/wire",
    ];

    pub(crate) fn of() -> io::Result<String> {
        let mut hash = 0xCBF2_9CE4_8422_2325;
        for path in WHAT {
            println!("cargo::rerun-if-changed={path}");
            add(Path::new(path), &mut hash)?;
        }
        Ok(format!("{hash:016x}"))
    }

    fn add(path: &Path, hash: &mut u64) -> io::Result<()> {
        if !path.is_dir() {
            let read = |end| path.extension().is_some_and(|it| it == end);
            if ["tsv", "toml", "rs", "txt"].into_iter().any(read) {
                // Eight bytes at a time: build scripts are not optimised.
                for bytes in fs::read(path)?.chunks(8) {
                    let mut word = [0; 8];
                    word[..bytes.len()].copy_from_slice(bytes);
                    *hash = (*hash ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                    *hash ^= *hash >> 29;
                }
            }
            return Ok(());
        }
        let mut entries: Vec<_> =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        entries.sort();
        entries.iter().try_for_each(|entry| add(entry, hash))
    }
}

fn main() {
    match mark::of() {
        Ok(mark) => println!("cargo::rustc-env=YOUCHENG_MARK={mark}"),
        Err(error) => println!("cargo::error=the source cannot be read: {error}"),
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/gazetteer/compile.rs");
    println!("cargo::rerun-if-changed=src/gazetteer/layout.rs");
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    println!("cargo::rerun-if-changed={WORDS}");
    let write = |name: &str, image: Vec<u8>| {
        let path = Path::new(&out).join(name);
        fs::write(&path, image).map_err(|error| format!("{}: {error}", path.display()))
    };
    let words = || {
        let list = fs::read_to_string(WORDS).map_err(|error| format!("{WORDS}: {error}"))?;
        words::image(&list).map_err(|wrong| format!("{WORDS}:{wrong}"))
    };
    let written = gazetteer::image(Path::new("gazetteer"))
        .and_then(|image| write("gazetteer.bin", image))
        .and_then(|()| write("words.bin", words()?))
        .and_then(|()| write("assets.rs", assets(Path::new("web/dist"))?.into_bytes()));
    if let Err(message) = written {
        println!("cargo::error={message}");
        exit(1);
    }
}
