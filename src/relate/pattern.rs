//! The pattern language of `rules/agreement.toml`, compiled to regular expressions.

use std::collections::BTreeMap;

use super::shadow::Symbol;

/// The words of a class, or the pattern of a shape, by name.
pub(super) struct Names<'a> {
    pub(super) classes: &'a BTreeMap<String, Vec<String>>,
    pub(super) shapes: &'a BTreeMap<String, String>,
}

/// Characters that end a sentence or would lead out of it.
const ENDS: &str = "。！？；\\n";
/// How deep shapes may use shapes.
const DEPTH: usize = 8;

impl Names<'_> {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// Where in the pattern (byte) the mistake is, and what it is.
    pub(super) fn compile(&self, pattern: &str) -> Result<String, (usize, String)> {
        let mut regex = String::new();
        self.expand(pattern, &mut regex, DEPTH)?;
        Ok(regex)
    }

    fn expand(&self, pattern: &str, out: &mut String, depth: usize) -> Result<(), (usize, String)> {
        let mut rest = pattern;
        let at = |rest: &str| pattern.len() - rest.len();
        while let Some(c) = rest.chars().next() {
            let tail = &rest[c.len_utf8()..];
            match c {
                ' ' | '\n' => rest = tail,
                '(' => {
                    out.push_str("(?:");
                    rest = tail;
                }
                ')' | '|' | '?' | '*' | '+' => {
                    out.push(c);
                    rest = tail;
                }
                '^' => {
                    out.push_str("(?:^|[，,、：:])");
                    rest = tail;
                }
                '$' => {
                    out.push_str("(?:$|[，,。；;、)）])");
                    rest = tail;
                }
                '{' => {
                    let Some(colon) = tail.find(':') else {
                        return Err((at(rest), "expected {role: …}".into()));
                    };
                    let role = tail[..colon].trim();
                    if ![
                        "pairs",
                        "left",
                        "right",
                        "act",
                        "both",
                        "subject",
                        "countries",
                        "cities",
                        "pairs_count",
                    ]
                    .contains(&role)
                    {
                        return Err((at(tail), format!("unknown role {role:?}")));
                    }
                    out.push_str(&format!("(?P<{role}>"));
                    rest = &tail[colon + 1..];
                }
                '}' => {
                    out.push(')');
                    rest = tail;
                }
                '[' => {
                    let Some(close) = tail.find(']') else {
                        return Err((at(rest), "the gap has no ]".into()));
                    };
                    gap(&tail[..close], out).map_err(|message| (at(rest), message))?;
                    rest = &tail[close + 1..];
                }
                '<' => {
                    let Some(close) = tail.find('>') else {
                        return Err((at(rest), "the symbol has no >".into()));
                    };
                    match &tail[..close] {
                        "PLACE" => {
                            out.push_str(&format!("[{}{}]", Symbol::Chinese, Symbol::Foreign));
                        }
                        name => match Symbol::parse(name) {
                            Some(symbol) => out.push(symbol.char()),
                            None => return Err((at(rest), format!("unknown symbol <{name}>"))),
                        },
                    }
                    rest = &tail[close + 1..];
                }
                '\\' => {
                    let Some(literal) = tail.chars().next() else {
                        return Err((at(rest), "nothing after \\".into()));
                    };
                    out.push_str(&regex::escape(literal.encode_utf8(&mut [0; 4])));
                    rest = &tail[literal.len_utf8()..];
                }
                'A'..='Z' => {
                    let end = rest.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(rest.len());
                    self.named(&rest[..end], out, depth).map_err(|message| (at(rest), message))?;
                    rest = &rest[end..];
                }
                _ => {
                    let end = rest.find(|c: char| {
                        " (){}|?*+^$[]<>\\\n".contains(c) || c.is_ascii_uppercase()
                    });
                    let literal = &rest[..end.unwrap_or(rest.len())];
                    out.push_str("(?:");
                    out.push_str(&regex::escape(literal));
                    out.push(')');
                    rest = &rest[literal.len()..];
                }
            }
        }
        Ok(())
    }

    fn named(&self, name: &str, out: &mut String, depth: usize) -> Result<(), String> {
        if let Some(words) = self.classes.get(name) {
            out.push_str(&alternatives(words));
            return Ok(());
        }
        let Some(shape) = self.shapes.get(name) else {
            return Err(format!("no class or shape is called {name}"));
        };
        if depth == 0 {
            return Err(format!("shape {name} uses itself, or shapes are nested too deep"));
        }
        out.push_str("(?:");
        self.expand(shape, out, depth - 1)
            .map_err(|(_, message)| format!("in {name}: {message}"))?;
        out.push(')');
        Ok(())
    }
}

/// Words as alternatives, the longest first.
pub(super) fn alternatives(words: &[String]) -> String {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    format!("(?:{})", words.join("|"))
}

/// `m..n`, `m..n any`, `m..n words`, `m..n party`, `m..n located`.
fn gap(inside: &str, out: &mut String) -> Result<(), String> {
    let (range, kind) = match inside.trim().split_once(' ') {
        Some((range, kind)) => (range, kind.trim()),
        None => (inside.trim(), ""),
    };
    let bounds = range.split_once("..").and_then(|(from, to)| {
        Some((from.trim().parse::<u8>().ok()?, to.trim().parse::<u8>().ok()?))
    });
    let Some((from, to)) = bounds.filter(|(from, to)| from <= to && *to <= 60) else {
        return Err(format!("[{inside}] is not a gap: write [m..n] with n at most 60"));
    };
    let places = Symbol::ALL_PLACES;
    match kind {
        "" => out.push_str(&format!("[^{ENDS}{places}]{{{from},{to}}}?")),
        "any" => out.push_str(&format!("[^{ENDS}]{{{from},{to}}}?")),
        "words" => out.push_str(&format!("[^{ENDS}{places}，,、《》]{{{from},{to}}}?")),
        // Not over another act either: A与B结为友城,又与C.
        "party" => out.push_str(&format!("[^{ENDS}{places}，,、《》签缔结]{{{from},{to}}}?")),
        // Also over where it happened: 在韩国首尔.
        "located" => out.push_str(&format!(
            "[^{ENDS}{places}]{{{from},{to}}}?(?:(?:在|于|赴|来)[{places}的]{{1,5}}[^{ENDS}{places}]{{0,{to}}}?)?"
        )),
        _ => return Err(format!("unknown kind of gap {kind:?}: any, words, party or located")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_located() {
        let names = Names { classes: &BTreeMap::new(), shapes: &BTreeMap::new() };
        for (pattern, at) in [("甲[0..x]", 3), ("<NO>", 0), ("甲 NAME", 4), ("{who: 甲}", 1)] {
            assert_eq!(names.compile(pattern).unwrap_err().0, at, "{pattern}");
        }
        assert!(names.compile("甲乙? [0..3 any] <CN>+").is_ok());
    }
}
