//! What the program is built from may be used by everybody who may use the program: every
//! dependency offers a permissive licence.

use std::process::Command;

use serde_json::Value;

/// Licences that ask for no more than their own text, or for nothing.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    // The BSD licence with the name of its author, of the bzip2 algorithm in Rust.
    "bzip2-1.0.6",
];

/// The parts of Servo with which scraper selects elements. The Mozilla licence covers their
/// own files alone: whoever changes those publishes the change, and may do with ours what
/// our licence says.
const BY_FILE: &[&str] = &["cssparser", "cssparser-macros", "dtoa-short", "selectors"];

/// The output of a program that must succeed.
fn output(program: &str, args: &[&str]) -> Vec<u8> {
    let output = Command::new(program)
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {errors}");
    output.stdout
}

/// Whether an SPDX expression can be met with permissive licences alone. `/` is an old way
/// to write `OR`.
fn is_permissive(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest) && rest.is_empty()
}

fn any(words: &mut &[&str]) -> bool {
    let mut holds = all(words);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        // Not `||`, which would leave the words unread.
        holds |= all(words);
    }
    holds
}

fn all(words: &mut &[&str]) -> bool {
    let mut holds = one(words);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        holds &= one(words);
    }
    holds
}

fn one(words: &mut &[&str]) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let holds = any(words);
            let [")", rest @ ..] = *words else { return false };
            *words = rest;
            holds
        }
        [licence, "WITH", exception, rest @ ..] => {
            *words = rest;
            PERMISSIVE.contains(&format!("{licence} WITH {exception}").as_str())
        }
        [licence, rest @ ..] => {
            *words = rest;
            PERMISSIVE.contains(licence)
        }
        [] => false,
    }
}

#[test]
fn every_dependency_offers_a_permissive_licence() {
    // Only what this machine builds: the crates of other systems need not be here.
    let version = output("rustc", &["-vV"]);
    let version = String::from_utf8(version).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = output(
        env!("CARGO"),
        &["metadata", "--locked", "--format-version", "1", "--filter-platform", host],
    );
    let metadata: Value = serde_json::from_slice(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "the dependencies are not listed");
    let refused: Vec<_> = packages
        .iter()
        .filter(|package| {
            let licence = package["license"].as_str().unwrap_or_default();
            let by_file = licence == "MPL-2.0"
                && package["name"].as_str().is_some_and(|name| BY_FILE.contains(&name));
            !by_file && !is_permissive(licence)
        })
        .map(|package| {
            format!("{} {}: {}", package["name"], package["version"], package["license"])
        })
        .collect();
    assert!(refused.is_empty(), "not permissive, or no licence told:\n{}", refused.join("\n"));
}

#[test]
fn expressions_are_understood() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-2.0-only OR Apache-2.0",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR MIT",
        "MPL-2.0 OR (BSD-3-Clause AND ISC)",
    ] {
        assert!(is_permissive(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0-only",
        "MIT AND GPL-2.0-only",
        "MPL-2.0",
        "AGPL-3.0-or-later OR SSPL-1.0",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "(MIT",
        "MIT Apache-2.0",
    ] {
        assert!(!is_permissive(bad), "{bad}");
    }
}
