//! A rule file of a user.

use std::time::{Duration, Instant};

use youcheng::{
    notes::Notes,
    pipeline::{Extractor, Options},
    proof::{Proof, sentence},
    recognise::dates::{Dates, RULES},
    relate::{RULE_FILES, Relater, RuleFile},
};

use super::sound;

const SENTENCES: [&str; 3] = [
    "2023年2月，聊城市与匈牙利帕克斯市签署友好合作关系城市协议书，两市结为友好城市。",
    "马鞍山市先后与日本伊势崎市、韩国昌原市、美国加州结为国际友好城市，共有35个友城。",
    "省长王某某和州长约翰代表双方在北京人民大会堂签字，协议涉及经贸、旅游等领域。",
];

/// The first byte says what kind of file it is. It is refused with a place in it, or taken;
/// then its examples can be run, and articles be read by it.
pub(super) fn rules(bytes: &[u8]) {
    let Some((kind, toml)) = bytes.split_first() else { return };
    let Ok(toml) = std::str::from_utf8(toml) else { return };
    if toml.len() > 16 << 10 {
        return;
    }
    let kind = usize::from(*kind) % (RULE_FILES.len() + 1);
    let Some(kind) = RULE_FILES.get(kind) else {
        if let Err(error) = Dates::new(RULES.0, toml) {
            placed(&error, toml);
        }
        return;
    };
    let file = RuleFile { name: format!("{kind}-of-a-user.toml"), toml: toml.to_owned() };
    let began = Instant::now();
    let relater = Relater::with(std::slice::from_ref(&file));
    if let Err(error) = relater {
        if error.file == file.name {
            placed(&error, toml);
        }
        return;
    }
    let extractor = Extractor::with_rules(Options::default(), std::slice::from_ref(&file))
        .expect("the rules were right before");
    let proof = Proof::of(&extractor, Some(&file.name));
    assert!(
        proof.failures.len() <= 2 * proof.examples.max(proof.rules),
        "failures are of examples"
    );
    for text in SENTENCES {
        sound::extract(&extractor, sentence(text), Notes::default());
        let (_, traces) = extractor.explain(sentence(text), Notes::default());
        assert!(traces.len() <= 64, "sentences are few");
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

/// A mistake has a place in the file, and is said in words.
fn placed(error: &youcheng::rule::DataError, toml: &str) {
    assert!(!error.message.is_empty());
    let lines = toml.matches('\n').count() + 1;
    assert!((1..=lines).contains(&error.line), "{error}: {lines} lines");
    let line = toml.split('\n').nth(error.line - 1).unwrap_or("");
    assert!((1..=line.chars().count() + 1).contains(&error.column), "{error}");
}
