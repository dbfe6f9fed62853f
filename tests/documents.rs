//! The documents say what is: files that they name exist, commands that they show are
//! understood, and nothing that is committed speaks of the machine it was written on.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use memchr::memmem;
use walkdir::WalkDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands in back quotes within a line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The paths among what is quoted: those in a folder of ours, and documents at the top.
/// A path with a star stands for the files that it matches, so its folder must exist.
fn paths(text: &str) -> BTreeSet<&str> {
    const FOLDERS: [&str; 11] = [
        "src/",
        "tests/",
        "examples/",
        "rules/",
        "gazetteer/",
        "ontology/",
        "corpus/",
        ".ci/",
        "benches/",
        "fuzz/",
        "web/",
    ];
    quoted(text)
        .filter(|name| !name.contains([' ', '…']) && !name.contains("::"))
        .filter(|name| {
            FOLDERS.iter().any(|folder| name.starts_with(folder))
                || (!name.contains('/') && name.ends_with(".md"))
        })
        .collect()
}

#[test]
fn every_file_that_a_document_names_exists() {
    let mut missing = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = document(name);
        for path in paths(&text) {
            let whole = match path.split_once('*') {
                Some((before, _)) => before.rsplit_once('/').map_or("", |(folder, _)| folder),
                None => path,
            };
            if !root().join(whole).exists() {
                missing.push(format!("{name}: {path}"));
            }
        }
    }
    for link in document("README.md").split("](").skip(1).filter_map(|rest| rest.split(')').next())
    {
        if !link.contains("://") && !root().join(link).exists() {
            missing.push(format!("README.md: the link {link}"));
        }
    }
    assert!(missing.is_empty(), "named, but not there:\n{}", missing.join("\n"));
}

#[test]
fn the_map_of_the_code_names_every_source_file() {
    let text = document("ARCHITECTURE.md");
    let named = paths(&text);
    let unnamed: Vec<_> = WalkDir::new(root().join("src"))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| {
            entry.path().strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/")
        })
        .filter(|path| !named.contains(path.as_str()))
        .collect();
    assert!(unnamed.is_empty(), "ARCHITECTURE.md does not name:\n{}", unnamed.join("\n"));
}

/// The test functions named as `tests/file.rs::function` or `src/file.rs::function`.
#[test]
fn every_test_that_a_document_names_exists() {
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = document(name);
        for (file, function) in quoted(&text).filter_map(|name| name.split_once(".rs::")) {
            let source = document(&format!("{file}.rs"));
            assert!(source.contains(&format!("fn {function}(")), "{name}: {file}.rs::{function}");
        }
    }
}

/// The lines of README.md that call youcheng, as words. Pipes and redirections end a call.
#[cfg(feature = "store")]
fn calls(text: &str) -> Vec<Vec<&str>> {
    text.split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .flat_map(str::lines)
        .flat_map(|line| line.split([';', '|', '<', '>', '#']))
        .map(|call| call.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.first() == Some(&"youcheng"))
        .collect()
}

#[cfg(feature = "store")]
#[test]
fn the_program_understands_what_readme_shows() {
    let help = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_youcheng")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let commands = help(&["--help"]);
    let text = document("README.md");
    let calls = calls(&text);
    assert!(calls.len() > 5, "README.md shows no commands");
    for call in calls {
        let Some(command) = call.get(1).filter(|word| !word.starts_with('-')) else { continue };
        assert!(
            commands.lines().any(|line| line.split_whitespace().next() == Some(command)),
            "README.md shows `youcheng {command}`, which is no command"
        );
        let options = help(&[command, "--help"]);
        for option in call.iter().filter(|word| word.starts_with("--")) {
            assert!(options.contains(option), "README.md shows `{}`: no {option}", call.join(" "));
        }
        for named in call.windows(2).filter(|pair| pair[0] == "--name") {
            let file = root().join(format!("ontology/queries/{}.rq", named[1]));
            assert!(file.exists(), "README.md shows the query {}, which is not there", named[1]);
        }
    }
}

/// The files that git keeps; none where this is not a checkout (in a published crate).
fn tracked() -> Vec<PathBuf> {
    let Ok(output) = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output()
    else {
        return Vec::new();
    };
    let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    names.map(|name| root().join(std::str::from_utf8(name).expect("names are UTF-8"))).collect()
}

#[test]
fn nothing_speaks_of_the_machine_it_was_written_on() {
    // Put together here, so that this file does not hold them.
    let folders = ["root", "work", "home", "Users", "tmp/w"].map(|name| format!("/{name}/"));
    let hosts = [
        ("crates", "io", ["static.", "index."].as_slice()),
        ("pypi", "org", &[""]),
        ("pythonhosted", "org", &[""]),
        ("npmjs", "org", &["registry."]),
        ("npmmirror", "com", &[""]),
        ("debian", "org", &["deb.", "ftp."]),
        ("rsproxy", "cn", &[""]),
    ];
    let hosts = hosts.iter().flat_map(|(host, end, before)| {
        before.iter().map(move |before| format!("{before}{host}.{end}"))
    });
    let words: Vec<_> = folders.into_iter().chain(hosts).collect();
    let mut found = Vec::new();
    for path in tracked() {
        // Pages of the corpus have addresses of their own making.
        if path.starts_with(root().join("corpus")) || !path.is_file() {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for word in &words {
            if memmem::find(&bytes, word.as_bytes()).is_some() {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "a machine path or the host of a registry:\n{}", found.join("\n"));
}

/// Only `store.rs` and its parts know Oxigraph's store, only the command line prints.
#[test]
fn the_absences_hold() {
    let mut found = Vec::new();
    for entry in WalkDir::new(root().join("src")) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(root().join("src")).unwrap();
        if !entry.file_type().is_file() {
            continue;
        }
        let source = fs::read_to_string(entry.path()).unwrap();
        let code: String =
            source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code: String = code.split_whitespace().collect();
        let stores = code.split("oxigraph::").skip(1).any(|rest| {
            let group = rest.starts_with('{') && rest.split(';').next().unwrap().contains("store");
            group || rest.starts_with("store")
        });
        if stores && path != Path::new("store.rs") && !path.starts_with("store") {
            found.push(format!("{} knows Oxigraph's store", path.display()));
        }
        let prints = ["print!(", "println!(", "io::stdout(", "io::stderr("];
        if prints.iter().any(|word| code.contains(word)) && !path.starts_with("cli") {
            found.push(format!("{} prints", path.display()));
        }
    }
    assert!(found.is_empty(), "not where it belongs:\n{}", found.join("\n"));
}
