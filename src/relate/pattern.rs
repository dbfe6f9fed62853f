//! The pattern language of `rules/agreement.toml`: text to a tree.

use std::collections::BTreeMap;

use super::shadow::Symbol;

/// How deep shapes may use shapes.
const DEPTH: usize = 8;
/// The widest gap.
const WIDEST: u8 = 60;
/// The characters that mean something in a pattern.
const SPECIAL: &str = " (){}|?*+^$[]<>\\\n";

/// What a part of a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Pairs,
    Left,
    Right,
    Act,
    Both,
    /// What stands for a place named before: 我市, 该市.
    Subject,
    /// The place where the other party is met: 在拉赫蒂市与该市.
    At,
    Countries,
    Cities,
    PairsCount,
}

impl Role {
    pub(super) const ALL: [(&str, Self); 10] = [
        ("pairs", Self::Pairs),
        ("left", Self::Left),
        ("right", Self::Right),
        ("act", Self::Act),
        ("both", Self::Both),
        ("subject", Self::Subject),
        ("at", Self::At),
        ("countries", Self::Countries),
        ("cities", Self::Cities),
        ("pairs_count", Self::PairsCount),
    ];

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, role)| *role)
    }
}

/// Which characters a gap may pass over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// No places.
    Plain,
    /// Anything in the sentence.
    Any,
    /// No places and no punctuation.
    Words,
    /// Nor over an act or what it makes: A与B结为友城,又与C.
    Party,
    /// Only places and 的: where something happens.
    Places,
}

impl Over {
    pub(super) const ALL: [Self; 5] =
        [Self::Plain, Self::Any, Self::Words, Self::Party, Self::Places];

    /// Whether a gap may pass over a character.
    pub(super) fn allows(self, c: char) -> bool {
        if matches!(c, '。' | '！' | '？' | '；' | '\n') {
            return false;
        }
        let place = Symbol::PLACES.contains(&c);
        match self {
            Self::Any => true,
            Self::Plain => !place,
            Self::Words => !place && !matches!(c, '，' | ',' | '、' | '《' | '》'),
            Self::Party => !place && !"，,、《》签缔结友姐姊持".contains(c),
            Self::Places => place || c == '的',
        }
    }
}

/// How often something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Maybe,
    Any,
    Some,
}

/// One thing of a pattern, and where in the pattern it was written.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) what: What,
    pub(super) at: (usize, usize),
}

/// What a pattern asks for.
#[derive(Clone, Debug)]
pub(super) enum What {
    Char(char),
    /// One of the words of a class, by its name.
    Class(String),
    /// One of some symbols.
    Symbol(Vec<char>),
    Gap {
        min: u8,
        max: u8,
        over: Over,
        greedy: bool,
    },
    /// The beginning of the sentence or of a clause.
    Begin,
    /// The end of the sentence or of a clause.
    End,
    Group(Option<Role>, Vec<Vec<Node>>),
    Repeat(Box<Node>, Times),
}

/// The words of a class, or the pattern of a shape, by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub(super) classes: &'a BTreeMap<String, Vec<String>>,
    pub(super) shapes: &'a BTreeMap<String, String>,
}

/// Where in a pattern (byte) the mistake is, and what to write instead.
type Mistake = (usize, String);

impl Names<'_> {
    /// Reads a pattern: its alternatives.
    ///
    /// # Errors
    ///
    /// Where in the pattern (byte) the mistake is, and what to write instead.
    pub(super) fn parse(&self, pattern: &str) -> Result<Vec<Vec<Node>>, Mistake> {
        self.parse_deep(pattern, DEPTH)
    }

    fn parse_deep(&self, pattern: &str, depth: usize) -> Result<Vec<Vec<Node>>, Mistake> {
        let mut parser = Parser { names: *self, pattern, at: 0, depth, open: 0 };
        let parsed = parser.alternatives()?;
        match parser.peek() {
            None => Ok(parsed),
            Some(c) => Err((parser.at, format!("{c} closes nothing: remove it, or write \\{c}"))),
        }
    }
}

/// Brackets may be nested so deep.
const NESTED: usize = 32;

struct Parser<'a> {
    names: Names<'a>,
    pattern: &'a str,
    at: usize,
    depth: usize,
    /// How many brackets are open.
    open: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.pattern[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn alternatives(&mut self) -> Result<Vec<Vec<Node>>, Mistake> {
        self.open += 1;
        if self.open > NESTED {
            let message = format!("brackets are nested deeper than {NESTED}: write it flatter");
            return Err((self.at, message));
        }
        let mut all = vec![Vec::new()];
        loop {
            match self.peek() {
                None | Some(')' | '}') => {
                    self.open -= 1;
                    return Ok(all);
                }
                Some('|') => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                Some(' ' | '\n') => self.at += 1,
                Some(c @ ('?' | '*' | '+')) => {
                    let times = match c {
                        '?' => Times::Maybe,
                        '*' => Times::Any,
                        _ => Times::Some,
                    };
                    let Some(last) = all.last_mut().and_then(Vec::pop) else {
                        let message = format!("{c} repeats nothing: put it behind something");
                        return Err((self.at, message));
                    };
                    self.at += 1;
                    let at = (last.at.0, self.at);
                    let node = Node { what: What::Repeat(Box::new(last), times), at };
                    if let Some(sequence) = all.last_mut() {
                        sequence.push(node);
                    }
                }
                Some(c) => {
                    let nodes = self.item(c)?;
                    if let Some(sequence) = all.last_mut() {
                        sequence.extend(nodes);
                    }
                }
            }
        }
    }

    /// One thing; a gap with a place in it is several.
    fn item(&mut self, c: char) -> Result<Vec<Node>, Mistake> {
        let start = self.at;
        let what = match c {
            '(' => {
                self.at += 1;
                let inner = self.alternatives()?;
                self.close(start, ')')?;
                What::Group(None, inner)
            }
            '{' => {
                let role = self.role()?;
                let inner = self.alternatives()?;
                self.close(start, '}')?;
                What::Group(Some(role), inner)
            }
            '^' | '$' => {
                self.at += 1;
                if c == '^' { What::Begin } else { What::End }
            }
            '[' => {
                let inside = self.until(']')?;
                let gaps = gap(&inside).map_err(|message| (start, message))?;
                let at = (start, self.at);
                return Ok(gaps.into_iter().map(|what| Node { what, at }).collect());
            }
            '<' => {
                let name = self.until('>')?;
                match Symbol::parse(&name) {
                    _ if name == "PLACE" => {
                        What::Symbol(vec![Symbol::Chinese.char(), Symbol::Foreign.char()])
                    }
                    Some(symbol) => What::Symbol(vec![symbol.char()]),
                    None => {
                        let known = "<CN>, <FOREIGN>, <PLACE>, <COUNTRY>, <CHINA>, <DATE>, <NUM>";
                        return Err((start, format!("no symbol is called <{name}>: {known}")));
                    }
                }
            }
            '\\' => {
                self.at += 1;
                let Some(literal) = self.peek() else {
                    return Err((start, "write the character that \\ stands before".into()));
                };
                self.at += literal.len_utf8();
                What::Char(literal)
            }
            ']' | '>' => {
                return Err((start, format!("{c} closes nothing: remove it, or write \\{c}")));
            }
            'A'..='Z' => {
                let rest = self.rest();
                let end = rest.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(rest.len());
                let name = rest[..end].to_owned();
                self.at += end;
                self.named(&name).map_err(|message| (start, message))?
            }
            _ => {
                // A run of text is one thing: 周年? makes both characters optional.
                let rest = self.rest();
                let end = rest.find(|c: char| SPECIAL.contains(c) || c.is_ascii_uppercase());
                let literal = rest[..end.unwrap_or(rest.len())].to_owned();
                self.at += literal.len();
                let at = (start, self.at);
                let mut chars: Vec<Node> =
                    literal.chars().map(|c| Node { what: What::Char(c), at }).collect();
                match chars.pop() {
                    Some(only) if chars.is_empty() => only.what,
                    Some(last) => {
                        chars.push(last);
                        What::Group(None, vec![chars])
                    }
                    None => What::Group(None, vec![chars]),
                }
            }
        };
        Ok(vec![Node { what, at: (start, self.at) }])
    }

    fn role(&mut self) -> Result<Role, Mistake> {
        let start = self.at;
        let rest = &self.rest()[1..];
        let known = || Role::ALL.map(|(name, _)| name).join(", ");
        let Some(colon) = rest.find([':', '}']).filter(|&at| rest[at..].starts_with(':')) else {
            return Err((start, format!("write {{role: …}} with one of the roles {}", known())));
        };
        let name = rest[..colon].trim();
        let Some(role) = Role::parse(name) else {
            return Err((start + 1, format!("no role is called {name:?}: {}", known())));
        };
        self.at += 1 + colon + 1;
        Ok(role)
    }

    fn close(&mut self, start: usize, c: char) -> Result<(), Mistake> {
        if self.peek() != Some(c) {
            return Err((start, format!("what begins here has no end: write {c} behind it")));
        }
        self.at += 1;
        Ok(())
    }

    fn until(&mut self, c: char) -> Result<String, Mistake> {
        let inside = &self.rest()[1..];
        let Some(end) = inside.find(c) else {
            return Err((self.at, format!("what begins here has no end: write {c} behind it")));
        };
        let inside = inside[..end].trim().to_owned();
        self.at += 1 + end + 1;
        Ok(inside)
    }

    fn named(&self, name: &str) -> Result<What, String> {
        if self.names.classes.contains_key(name) {
            return Ok(What::Class(name.to_owned()));
        }
        let Some(shape) = self.names.shapes.get(name) else {
            let near = self.names.nearest(name);
            return Err(format!("no class or shape is called {name}{near}"));
        };
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(format!("the shape {name} uses itself, or shapes are nested too deep"));
        };
        let inner = self
            .names
            .parse_deep(shape, depth)
            .map_err(|(_, message)| format!("in the shape {name}: {message}"))?;
        Ok(What::Group(None, inner))
    }
}

impl Names<'_> {
    /// The names there are, for who mistyped one.
    fn nearest(&self, name: &str) -> String {
        let known = self.classes.keys().chain(self.shapes.keys());
        let close = known.filter(|known| {
            let shared = known.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
            shared >= 2 || known.contains(name) || name.contains(known.as_str())
        });
        let close: Vec<&str> = close.map(String::as_str).take(4).collect();
        if close.is_empty() {
            String::new()
        } else {
            format!(": did you mean {}?", close.join(", "))
        }
    }
}

/// `m..n`, `m..n any`, `m..n words`, `m..n party`, `m..n located`.
fn gap(inside: &str) -> Result<Vec<What>, String> {
    let (range, kind) = match inside.split_once(' ') {
        Some((range, kind)) => (range, kind.trim()),
        None => (inside, ""),
    };
    let bounds = range.split_once("..").and_then(|(from, to)| {
        Some((from.trim().parse::<u8>().ok()?, to.trim().parse::<u8>().ok()?))
    });
    let Some((min, max)) = bounds.filter(|(from, to)| from <= to && *to <= WIDEST) else {
        return Err(format!(
            "[{inside}] is not a gap: write [m..n], m to n characters, with n at most {WIDEST}"
        ));
    };
    let gap = |over| What::Gap { min, max, over, greedy: false };
    Ok(match kind {
        "" => vec![gap(Over::Plain)],
        "any" => vec![gap(Over::Any)],
        "words" => vec![gap(Over::Words)],
        "party" => vec![gap(Over::Party)],
        "located" => {
            let node = |what| Node { what, at: (0, 0) };
            let leads = ['在', '于', '赴', '来'].map(|c| vec![node(What::Char(c))]).to_vec();
            let place = vec![
                node(What::Group(None, leads)),
                node(What::Gap { min: 1, max: 5, over: Over::Places, greedy: true }),
                node(What::Gap { min: 0, max, over: Over::Plain, greedy: false }),
            ];
            let place = node(What::Group(None, vec![place]));
            vec![gap(Over::Plain), What::Repeat(Box::new(place), Times::Maybe)]
        }
        _ => {
            return Err(format!(
                "no gap is called {kind:?}: write [m..n], or [m..n any], words, party or located"
            ));
        }
    })
}

/// Words as alternatives of a regular expression, the longest first.
pub(super) fn alternatives(words: &[String]) -> String {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    format!("(?:{})", words.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_located() {
        let names = Names { classes: &BTreeMap::new(), shapes: &BTreeMap::new() };
        for (pattern, at) in [
            ("甲[0..x]", 3),
            ("<NO>", 0),
            ("甲 NAME", 4),
            ("{who: 甲}", 1),
            ("(甲", 0),
            ("甲)", 3),
            ("|?", 1),
            ("甲[0..3", 3),
        ] {
            assert_eq!(names.parse(pattern).unwrap_err().0, at, "{pattern}");
        }
        assert!(names.parse("甲乙? [0..3 any] <CN>+").is_ok());
    }
}
