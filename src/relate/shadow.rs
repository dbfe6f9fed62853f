//! [`Shadow`]: a sentence in which every mention is one symbol.

use std::fmt;

use crate::{
    place::CountryCode,
    recognise::{Mention, Of},
    text::{Clean, Span},
};

/// What a mention becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A place of China, Hong Kong, Macao or Taiwan.
    Chinese,
    /// A foreign country.
    Country,
    /// A foreign place.
    Foreign,
    /// A date.
    Date,
    /// A number that counts something.
    Number,
    /// China.
    China,
}

impl Symbol {
    /// The symbols that a gap without places must not cross.
    pub(super) const PLACES: [char; 4] = ['\u{e000}', '\u{e001}', '\u{e002}', '\u{e005}'];

    pub(super) fn char(self) -> char {
        match self {
            Self::Chinese => '\u{e000}',
            Self::Country => '\u{e001}',
            Self::Foreign => '\u{e002}',
            Self::Date => '\u{e003}',
            Self::Number => '\u{e004}',
            Self::China => '\u{e005}',
        }
    }

    /// The symbol that a character stands for.
    pub(super) fn of_char(c: char) -> Option<Self> {
        if !is_private(c) {
            return None;
        }
        [Self::Chinese, Self::Country, Self::Foreign, Self::Date, Self::Number, Self::China]
            .into_iter()
            .find(|symbol| symbol.char() == c)
    }

    /// Its name as patterns write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Chinese => "CN",
            Self::Country => "COUNTRY",
            Self::Foreign => "FOREIGN",
            Self::Date => "DATE",
            Self::Number => "NUM",
            Self::China => "CHINA",
        }
    }

    /// The symbol of a name as patterns write it.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "CN" => Self::Chinese,
            "COUNTRY" => Self::Country,
            "FOREIGN" => Self::Foreign,
            "DATE" => Self::Date,
            "NUM" => Self::Number,
            "CHINA" => Self::China,
            _ => return None,
        })
    }

    fn of(mention: &Mention) -> Self {
        match &mention.of {
            Of::Country(CountryCode::CN) => Self::China,
            Of::Country(_) => Self::Country,
            Of::Place(place) if place.country.is_some_and(CountryCode::is_chinese) => Self::Chinese,
            Of::Place(_) => Self::Foreign,
            Of::Ambiguous(places) => {
                if places.iter().any(|place| place.country.is_some_and(CountryCode::is_chinese)) {
                    Self::Chinese
                } else {
                    Self::Foreign
                }
            }
            Of::Date(..) => Self::Date,
        }
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.char())
    }
}

/// A word that only looks like one that rules use stands as this.
const MASKED: char = '\u{e0ff}';

/// One symbol of a shadow text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Where it stands, in bytes of the shadow text.
    pub(super) at: usize,
    pub(super) symbol: Symbol,
    /// The mention that it stands for; none for a number.
    pub(super) mention: Option<usize>,
    pub(super) span: Span<Clean>,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    shadow: u32,
    clean: u32,
    symbol: bool,
}

/// A sentence in which every mention is one private-use character.
#[derive(Debug)]
pub(super) struct Shadow {
    pub(super) text: String,
    pub(super) items: Vec<Item>,
    /// Where its stretches begin, in it and in the clean text: a symbol, or text as it is.
    stretches: Vec<Stretch>,
}

impl Shadow {
    /// Casts the shadow of `sentence`; `mentions` are those of the whole article, and
    /// `masks` the words that must not be read, in bytes of the sentence; names for which
    /// `ties` holds are words of ties (结为友好区).
    pub(super) fn new(
        clean: &str,
        sentence: Span<Clean>,
        mentions: &[Mention],
        masks: &[(usize, usize)],
        ties: &dyn Fn(&str) -> bool,
    ) -> Self {
        let mut shadow = Self {
            text: String::with_capacity(sentence.len()),
            items: Vec::new(),
            stretches: Vec::new(),
        };
        let first = mentions.partition_point(|mention| mention.span.end <= sentence.start);
        let mut next = first;
        let mut masks = masks.iter().peekable();
        let start = sentence.start as usize;
        let mut at = start;
        let end = sentence.end as usize;
        while at < end {
            while let Some(mention) = mentions.get(next)
                && (mention.span.start as usize) < at
            {
                next += 1;
            }
            while masks.peek().is_some_and(|mask| start + mask.0 < at) {
                masks.next();
            }
            if let Some(mention) = mentions.get(next)
                && mention.span.start as usize == at
                && mention.span.end as usize <= end
                && !(clean[start..at].ends_with(['为', '结', '成', '是', '立'])
                    && ties(&clean[mention.span.range()]))
            {
                shadow.push_item(Symbol::of(mention), Some(next), mention.span);
                at = mention.span.end as usize;
                continue;
            }
            if let Some(&&(from, to)) = masks.peek()
                && start + from == at
                && mentions.get(next).is_none_or(|it| it.span.start as usize >= start + to)
            {
                shadow.push(MASKED, at);
                at = start + to;
                continue;
            }
            if let Some(len) = number(&clean[start..at], &clean[at..end]) {
                shadow.push_item(Symbol::Number, None, Span::new(at..at + len));
                at += len;
                continue;
            }
            let c = clean[at..].chars().next().unwrap_or('\n');
            // An article must not smuggle in symbols.
            if is_private(c) {
                shadow.push(MASKED, at);
                at += c.len_utf8();
                continue;
            }
            // Text as it is, up to where something else may begin.
            let next_mention = mentions[next..].iter().map(|it| it.span.start as usize);
            let next_mention = next_mention.take(2).find(|begin| *begin > at);
            let next_mask = masks.clone().take(2).map(|mask| start + mask.0);
            let next_mask = next_mask.into_iter().find(|begin| *begin > at);
            let stop = next_mention.into_iter().chain(next_mask).fold(end, usize::min);
            let rest = at + c.len_utf8();
            let other = |c: char| is_private(c) || is_digit(c);
            let stop = match clean.get(rest..stop) {
                Some(text) => text.find(other).map_or(stop, |len| rest + len),
                None => rest,
            };
            shadow.stretch(at, false);
            shadow.text.push_str(&clean[at..stop]);
            at = stop;
        }
        shadow.stretch(end, true);
        shadow
    }

    /// A stretch begins.
    fn stretch(&mut self, clean: usize, symbol: bool) {
        let small = |at| u32::try_from(at).unwrap_or(u32::MAX);
        let shadow = small(self.text.len());
        self.stretches.push(Stretch { shadow, clean: small(clean), symbol });
    }

    fn push(&mut self, c: char, at: usize) {
        self.stretch(at, true);
        self.text.push(c);
    }

    fn push_item(&mut self, symbol: Symbol, mention: Option<usize>, span: Span<Clean>) {
        self.items.push(Item { at: self.text.len(), symbol, mention, span });
        self.push(symbol.char(), span.start as usize);
    }

    /// Where a byte of the shadow text comes from.
    pub(super) fn to_clean(&self, at: usize) -> u32 {
        let after = self.stretches.partition_point(|it| it.shadow as usize <= at);
        let Some(stretch) = after.checked_sub(1).map(|n| self.stretches[n]) else { return 0 };
        if stretch.symbol {
            return stretch.clean;
        }
        let at = (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        stretch.clean + (u32::try_from(at).unwrap_or(u32::MAX) - stretch.shadow)
    }

    /// The items in a stretch of the shadow text.
    pub(super) fn items_in(&self, start: usize, end: usize) -> &[Item] {
        let from = self.items.partition_point(|item| item.at < start);
        let to = self.items.partition_point(|item| item.at < end);
        &self.items[from..to]
    }
}

/// Whether a character stands for something that the text itself has not.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{e0ff}')
}

/// Whether a number may begin with a character.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(
            c,
            '〇' | '零'
                | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '百'
                | '千'
                | '两'
                | '廿'
                | '卅'
        )
}

/// Characters of a number that is written in characters: more say none.
const LONGEST_NUMBER: usize = 40;

/// A number that counts something, if one stands between `before` and `text`.
fn number(before: &str, text: &str) -> Option<usize> {
    if !text.starts_with(is_digit) {
        return None;
    }
    // Not the end of a number that was passed over: 1.5万个.
    if before.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let len = match text.find(|c: char| !c.is_ascii_digit()) {
        Some(0) => {
            let mut digits = text.char_indices().take(LONGEST_NUMBER + 1);
            match digits.find(|&(_, c)| c.is_ascii_digit() || !is_digit(c)) {
                Some((end, _)) => end,
                None if text.chars().nth(LONGEST_NUMBER).is_none() => text.len(),
                None => return None,
            }
        }
        Some(len) => thousands(text, len),
        None => text.len(),
    };
    if len == 0 {
        return None;
    }
    let rest = &text[len..];
    let counts = [
        "个", "座", "对", "周年", "週年", "余", "多", "国", "市", "县", "区", "年", "城", "省",
        "位",
    ];
    let found = counts.iter().any(|unit| rest.starts_with(unit));
    // 这一城市 counts nothing.
    if &text[..len] == "一" && before.ends_with(['这', '那', '另', '同', '任', '某']) {
        return None;
    }
    // 两市 and 两国 are words of their own.
    let word = &text[..len] == "两" && rest.starts_with(['市', '国', '县', '区', '省', '城']);
    (found && !word).then_some(len)
}

/// The bytes of a number whose first digits are `len` long: `3,054`.
fn thousands(text: &str, mut len: usize) -> usize {
    while len > 0
        && let Some(group) = text[len..].strip_prefix(',')
        && group.len() >= 3
        && group.as_bytes()[..3].iter().all(u8::is_ascii_digit)
        && !group.as_bytes().get(3).is_some_and(u8::is_ascii_digit)
    {
        len += 4;
    }
    len
}

/// The value of a number as it is written: 35, 十九, 二十.
pub(super) fn value(written: &str) -> Option<u32> {
    use chinese_number::{ChineseCountMethod, ChineseToNumber};
    if let Ok(value) = written.replace(',', "").parse() {
        return Some(value);
    }
    let plain = written.replace('廿', "二十").replace('卅', "三十").replace('〇', "零");
    plain.to_number(ChineseCountMethod::TenThousand).ok()
}
