//! `rules/traditional.txt` is what OpenCC says, for every character there is.
//!
//! `YOUCHENG_UPDATE=1 cargo test --test script_table` writes it anew.

use std::{env, fs, path::Path};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

#[test]
fn the_table_is_opencc_s() {
    let opencc = OpenCC::from_config(BuiltinConfig::T2s).unwrap();
    let pairs: Vec<String> = ('\u{3400}'..='\u{9fff}')
        .chain('\u{20000}'..='\u{323af}')
        .filter_map(|c| {
            let from = c.to_string();
            let to = opencc.convert(&from);
            (from != to).then(|| from + &to)
        })
        .collect();
    let lines: Vec<String> = pairs.chunks(20).map(|pairs| pairs.join(" ") + "\n").collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/traditional.txt");
    if env::var_os("YOUCHENG_UPDATE").is_some() {
        fs::write(&path, lines.concat()).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), lines.concat());
}
