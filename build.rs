//! Compiles the tables of `gazetteer/` into the image that the program embeds, so that it
//! starts without parsing them.

use std::{env, fs, path::Path, process::exit};

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

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/gazetteer/compile.rs");
    println!("cargo::rerun-if-changed=src/gazetteer/layout.rs");
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    let written = gazetteer::image(Path::new("gazetteer")).and_then(|image| {
        let path = Path::new(&out).join("gazetteer.bin");
        fs::write(&path, image).map_err(|error| format!("{}: {error}", path.display()))
    });
    if let Err(message) = written {
        println!("cargo::error={message}");
        exit(1);
    }
}
