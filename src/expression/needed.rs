//! [`needed_words`]: words without which an expression cannot fit, read off its text.
//!
//! To parse an expression as the `regex` crate does takes as long as to look for its words in
//! many articles. This reads the few things that words are made of; of all others it knows
//! only where they end, and an expression with something that it does not know needs no word.

use std::{iter::Peekable, str::Chars};

/// Words of which a text must hold one.
pub(super) type Any = Vec<Box<str>>;

/// A class of more characters is no word.
const FEW: usize = 6;

/// Words without which an expression cannot fit: of each list a text must hold one.
pub(super) fn needed_words(source: &str) -> Vec<Any> {
    let mut reader = Reader { rest: source.chars().peekable() };
    let needed = reader.ways();
    // What is left was not understood.
    needed.filter(|_| reader.rest.next().is_none()).unwrap_or_default()
}

struct Reader<'s> {
    rest: Peekable<Chars<'s>>,
}

/// One thing of an expression.
enum Item {
    Char(char),
    /// One of some characters.
    Class(Vec<char>),
    Group(Vec<Any>),
    /// Anything, or a place.
    Other,
}

impl Reader<'_> {
    /// The ways that an expression has, up to the end of its group.
    fn ways(&mut self) -> Option<Vec<Any>> {
        let mut ways = vec![self.sequence()?];
        while self.rest.next_if_eq(&'|').is_some() {
            ways.push(self.sequence()?);
        }
        if ways.len() == 1 {
            return ways.pop();
        }
        // One list out of those of each way: that which is found least, as far as the length
        // of its words tells.
        let rarest = |way: Vec<Any>| {
            way.into_iter().max_by_key(|words| {
                let shortest = words.iter().map(|word| word.len()).min();
                (shortest, std::cmp::Reverse(words.len()))
            })
        };
        let words: Option<Vec<Any>> = ways.into_iter().map(rarest).collect();
        Some(words.map(|words| words.concat()).into_iter().collect())
    }

    /// Things one behind the other.
    fn sequence(&mut self) -> Option<Vec<Any>> {
        let mut needed = Vec::new();
        let mut word = String::new();
        while !matches!(self.rest.peek(), None | Some('|' | ')')) {
            let item = self.item()?;
            let (least, once) = self.times()?;
            if let (Item::Char(c), true) = (&item, once) {
                word.push(*c);
                continue;
            }
            end(&mut word, &mut needed);
            match item {
                _ if least == 0 => {}
                Item::Char(c) => needed.push(vec![c.to_string().into()]),
                Item::Class(chars) if !chars.is_empty() && chars.len() <= FEW => {
                    needed.push(chars.iter().map(|c| c.to_string().into()).collect());
                }
                Item::Group(within) => needed.extend(within),
                Item::Class(_) | Item::Other => {}
            }
        }
        end(&mut word, &mut needed);
        Some(needed)
    }

    /// How often a thing stands at least, and whether it stands once.
    fn times(&mut self) -> Option<(usize, bool)> {
        let (least, once) = match self.rest.peek() {
            Some('?' | '*') => (0, false),
            Some('+') => (1, false),
            Some('{') => {
                self.rest.next();
                let inside: String = self.rest.by_ref().take_while(|c| *c != '}').collect();
                let least = inside.split(',').next()?.trim().parse().ok()?;
                self.rest.next_if_eq(&'?');
                // `a{2}{3}` is not read.
                let again = matches!(self.rest.peek(), Some('?' | '*' | '+' | '{'));
                return (!again).then_some((least, false));
            }
            _ => return Some((1, true)),
        };
        self.rest.next();
        self.rest.next_if_eq(&'?');
        let again = matches!(self.rest.peek(), Some('?' | '*' | '+' | '{'));
        (!again).then_some((least, once))
    }

    fn item(&mut self) -> Option<Item> {
        Some(match self.rest.next()? {
            '(' => {
                self.group_head()?;
                let within = self.ways()?;
                self.rest.next_if_eq(&')')?;
                Item::Group(within)
            }
            '[' => self.class()?,
            '\\' => self.escaped()?,
            '.' | '^' | '$' => Item::Other,
            // A quantifier of nothing, or what only signs itself in some modes.
            '?' | '*' | '+' | '{' | '}' | ']' => return None,
            c => Item::Char(c),
        })
    }

    /// What stands between the bracket of a group and what is in it. Flags are not read.
    fn group_head(&mut self) -> Option<()> {
        if self.rest.next_if_eq(&'?').is_none() {
            return Some(());
        }
        match self.rest.next()? {
            ':' => Some(()),
            'P' | '<' => self.rest.by_ref().find(|c| *c == '>').map(drop),
            _ => None,
        }
    }

    fn escaped(&mut self) -> Option<Item> {
        Some(match self.rest.next()? {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'A' | 'z' | 'B' => Item::Other,
            // `\b{start}` is not read.
            'b' if self.rest.peek() != Some(&'{') => Item::Other,
            // `\p{Han}`, `\pL`.
            'p' | 'P' => {
                if self.rest.next()? == '{' {
                    self.rest.by_ref().find(|c| *c == '}')?;
                }
                Item::Other
            }
            'x' => Item::Char(self.code()?),
            'n' => Item::Char('\n'),
            't' => Item::Char('\t'),
            'r' => Item::Char('\r'),
            c if c.is_alphanumeric() => return None,
            c => Item::Char(c),
        })
    }

    /// The character that `\x20` or `\x{3000}` is, behind the `x`.
    fn code(&mut self) -> Option<char> {
        let digits: String = match self.rest.next_if_eq(&'{') {
            Some(_) => self.rest.by_ref().take_while(|c| *c != '}').collect(),
            None => self.rest.by_ref().take(2).collect(),
        };
        char::from_u32(u32::from_str_radix(digits.trim(), 16).ok()?)
    }

    /// A class, behind its bracket: its characters, if they are few and each is written.
    fn class(&mut self) -> Option<Item> {
        let mut chars = Vec::new();
        let mut plain = self.rest.next_if_eq(&'^').is_none();
        let mut first = true;
        loop {
            match self.rest.next()? {
                ']' if !first => break,
                // Of classes in classes, and of sets of them, only where they end is read.
                '[' => {
                    self.class()?;
                    plain = false;
                }
                c @ ('&' | '~' | '-') if self.rest.peek() == Some(&c) => {
                    self.rest.next();
                    plain = false;
                    if self.rest.peek() == Some(&']') {
                        return None;
                    }
                }
                '\\' => match self.escaped()? {
                    Item::Char(c) => chars.push(c),
                    _ => plain = false,
                },
                // At an end it is itself; else it makes a range.
                '-' if !first && self.rest.peek() != Some(&']') => plain = false,
                c => chars.push(c),
            }
            first = false;
        }
        if !plain {
            return Some(Item::Other);
        }
        chars.sort_unstable();
        chars.dedup();
        Some(Item::Class(chars))
    }
}

/// Ends a word.
fn end(word: &mut String, needed: &mut Vec<Any>) {
    if !word.is_empty() {
        needed.push(vec![std::mem::take(word).into()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_off_the_text() {
        for (source, needed) in [
            ("^(?:友好{1,2}城市?)$", "友|好|城"),
            ("(?:扫|扫描)二维码[^。]{0,30}", "扫,扫描|二维码"),
            (r"(?P<a>甲|乙丙?)\s*[:：]\x{57ce}\x20", "甲,乙|:,：|城 "),
            ("(?:甲|乙*)丙{0,2}丁+戊??", "丁"),
            ("[a-c]甲[^乙]{2}", "甲"),
            ("(?:甲乙){3,}?[丙丁-]", "甲乙|-,丁,丙"),
            ("(?i)甲", ""),
            ("甲[[乙]丙]", "甲"),
            (r"[\p{Han}&&[^据]]甲\pL{2}[[:alpha:]乙--丙]丁", "甲|丁"),
            ("甲{2}{3}", ""),
            ("", ""),
        ] {
            let found = needed_words(source);
            let found: Vec<String> = found.iter().map(|words| words.join(",")).collect();
            assert_eq!(found.join("|"), needed, "{source}");
        }
    }
}
