//! Who is tied to whom: lists of places, and which of them belong together.

use std::sync::Arc;

use super::{
    around::Around,
    shadow::{Item, Shadow, Symbol},
};
use crate::{
    agreement::Party,
    place::{CountryCode, Level, Place},
    recognise::{Mention, Of},
};

/// One member of a list, with what was read about it.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) party: Party,
    /// Where its symbol stands in the shadow text.
    pub(super) at: usize,
    /// The date in the brackets behind it, by mention.
    pub(super) date: Option<usize>,
    /// The date that leads to it: 1991年与A、1994年与B.
    lead: Option<usize>,
    /// What stands between it and the next link.
    tail: (usize, usize),
    /// The byte behind its name.
    end: usize,
    /// How it hangs on the member before.
    link: Link,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// The first member.
    First,
    /// 与, 同: the other side begins, or a list goes on.
    Strong,
    /// 和, 及: either.
    Either,
    /// A comma or 、: a list goes on.
    Weak,
}

/// The parties of one side and of the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Sides {
    pub(super) left: Vec<Member>,
    pub(super) right: Vec<Member>,
}

/// Reads the members of a list in a stretch of the shadow text.
pub(super) fn members(
    shadow: &Shadow,
    mentions: &[Mention],
    clean: &str,
    (start, end): (usize, usize),
) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    let mut depth = 0_usize;
    let mut link_from = start;
    let mut lead = None;
    for item in shadow.items_in(start, end) {
        let between = &shadow.text[link_from..item.at];
        depth = brackets(between, depth);
        let width = item.symbol.char().len_utf8();
        match item.symbol {
            Symbol::Date if depth > 0 => {
                if let Some(last) = members.last_mut() {
                    last.date = last.date.or(item.mention);
                }
            }
            // 与A市于1986年10月、与B市于1988年5月: each date belongs to what stands before it.
            Symbol::Date if members.len() > 1 && is_date_of_last(shadow, item, members.last()) => {
                if let Some(last) = members.last_mut() {
                    last.date = last.date.or(item.mention);
                }
            }
            Symbol::Date => lead = item.mention,
            Symbol::Chinese | Symbol::Foreign if depth == 0 => {
                let Some(party) = party(item, mentions, clean) else {
                    link_from = item.at + width;
                    continue;
                };
                // 在北京 only says where.
                let before = &shadow.text[..item.at];
                if before.ends_with(['在', '于']) && !before.ends_with("关于") {
                    link_from = item.at + width;
                    continue;
                }
                let since = members.last().map_or(start, |last| last.tail.0);
                let gap = &shadow.text[since..item.at];
                if members.len() > 1 && names_unknown(gap) {
                    link_from = item.at + width;
                    lead = None;
                    continue;
                }
                let same_side = members
                    .last()
                    .is_some_and(|last| last.party.place.country == party.place.country);
                let chained = same_side && CHAIN.contains(&strip_brackets(gap).as_str());
                if chained && let Some(last) = members.last_mut() {
                    // 云南省玉溪市元江县: the last unit is the party.
                    last.party = party;
                    last.at = item.at;
                    last.end = item.at + width;
                    last.tail = (item.at + width, item.at + width);
                    last.lead = last.lead.or(lead.take());
                } else {
                    let link = match members.last() {
                        None => Link::First,
                        Some(_) => link(gap),
                    };
                    let tail = (item.at + width, item.at + width);
                    let lead = lead.take();
                    let (at, end) = (item.at, item.at + width);
                    members.push(Member { party, at, date: None, lead, tail, end, link });
                }
            }
            _ => {}
        }
        link_from = item.at + width;
    }
    // One date counts for the whole list; of several, each for those that follow it.
    let dated = members.iter().skip(1).filter(|member| member.lead.is_some()).count();
    // 1991年与A、1997年与B先后缔盟: the first date stands before the list.
    if dated > 0
        && let Some(first) = date_before(shadow, start)
    {
        let mut since = Some(first);
        // 2016年,甲市与A、2018年与B: of the subject, no date.
        let subject = !shadow.text[..start].ends_with(['与', '同', '和', '跟']);
        for member in members.iter_mut().skip(usize::from(subject)) {
            since = member.lead.or(since);
            member.date = member.date.or(since);
        }
    } else if dated > 1 {
        let mut since = None;
        for member in members.iter_mut().skip(1) {
            since = member.lead.or(since);
            member.date = member.date.or(since);
        }
    }
    let mut until = end;
    for member in members.iter_mut().rev() {
        member.tail.1 = until.max(member.tail.0);
        until = member.at;
        member.take_lower_unit(shadow);
    }
    // 甲市市长张某、乙市市长李某签署: one each.
    if let [first, second] = &mut members[..]
        && second.link == Link::Weak
        && OFFICERS.iter().any(|it| shadow.text[first.tail.0..first.tail.1].contains(it))
        && shadow.text[first.tail.0..first.tail.1].contains('、')
    {
        second.link = Link::Strong;
    }
    members
}

/// Takes out the last members of a list that begin clauses of their own: 友城有A、B,C有望成为第三个.
pub(super) fn end_with_clause(members: &mut Vec<Member>, shadow: &Shadow, around: &Around) {
    while members.len() > 1
        && let Some(last) = members.last()
        && shadow.text[..last.at].trim_end_matches(Symbol::Country.char()).ends_with(['，', ','])
        && shadow.text.get(last.end..).is_some_and(|behind| around.leaves(behind))
    {
        members.pop();
    }
}

/// The date that stands right before a list, or before the 与 that opens it.
fn date_before(shadow: &Shadow, start: usize) -> Option<usize> {
    let before = shadow.text[..start].trim_end_matches(['与', '同', '和', '跟', '，', ',']);
    let at = before.strip_suffix(Symbol::Date.char())?.len();
    shadow.items_in(at, start).iter().find(|item| item.symbol == Symbol::Date)?.mention
}

/// Whether a date stands behind the last member and is its own: 于 leads to it, and the list
/// goes on behind it.
fn is_date_of_last(shadow: &Shadow, date: &Item, last: Option<&Member>) -> bool {
    let Some(last) = last else { return false };
    let behind = &shadow.text[date.at + Symbol::Date.char().len_utf8()..];
    matches!(shadow.text.get(last.end..date.at), Some("于" | "在" | "自"))
        && (behind.starts_with(['、', '，', ',']) || behind.starts_with("分别"))
}

/// What the names of lower units end in, and how long they are without it, in characters.
const LOWER_UNITS: [char; 6] = ['市', '县', '郡', '町', '村', '镇'];
const LOWER_NAME: std::ops::RangeInclusive<usize> = 2..=5;
/// Officers who sign for a place.
const OFFICERS: [&str; 10] =
    ["市长", "省长", "州长", "县长", "区长", "知事", "郡守", "主席", "书记", "代表"];
/// How long a name is that nobody knows, in characters.
const UNKNOWN_NAME: std::ops::RangeInclusive<usize> = 2..=8;
/// Characters of words that stand before 与 in a list and are no name: 又与, 先后与, 市长与.
const NO_SUBJECT: &str = "又并还分别先后也再已即同时另外其中以及正式年月日市长省州县区在于此后随双方两地代表团政府以来曾现均都将拟会通过经就";
/// Characters of words that stand behind a province and begin no name: 首府城市, 各县, 友好城市.
const NO_NAME: &str = "的与和同跟及以等各全多个首府城都友好姊姐妹我该本两三四五国中外政府议会省州道区在是为对所属下辖人民代表团农乡大小新老这那其他她它某向来到将又也还即并由经从于";

/// What the name of a place begins with that is kept back.
const UNNAMED: char = '某';

/// What may stand between the units of a chain.
const CHAIN: [&str; 8] = ["", "的", "首府", "首都", "所辖", "下辖", "省会", "州府"];

fn strip_brackets(gap: &str) -> String {
    let mut depth = 0_usize;
    gap.chars()
        .filter(|c| match c {
            '(' | '（' => {
                depth += 1;
                false
            }
            ')' | '）' => {
                depth = depth.saturating_sub(1);
                false
            }
            c => depth == 0 && *c != Symbol::Country.char() && *c != Symbol::China.char(),
        })
        .collect()
}

/// Whether between two members a name stands that nobody knows, and that the second is tied to:
/// `A与B、某某与C`.
fn names_unknown(gap: &str) -> bool {
    let gap = strip_brackets(gap);
    let Some((_, last)) = gap.rsplit_once(['、', '，', ',', '；', ';']) else { return false };
    let Some(name) = last.strip_suffix(['与', '同', '和', '跟']) else { return false };
    let known = |c: char| !matches!(c, '\u{4e00}'..='\u{9fff}' | '·') || NO_SUBJECT.contains(c);
    UNKNOWN_NAME.contains(&name.chars().count()) && !name.contains(known)
}

/// Whether members are one list, in which no link parts two sides.
pub(super) fn is_list(members: &[Member]) -> bool {
    members.len() > 1 && members.iter().skip(1).all(|member| member.link == Link::Weak)
}

fn brackets(text: &str, depth: usize) -> usize {
    text.chars().fold(depth, |depth, c| match c {
        '(' | '（' => depth + 1,
        ')' | '）' => depth.saturating_sub(1),
        _ => depth,
    })
}

/// How two members hang together, by what stands between them.
fn link(gap: &str) -> Link {
    let gap = strip_brackets(gap);
    // The last link word counts: "市长张三与".
    let found = gap.char_indices().rev().find_map(|(_, c)| match c {
        '与' | '同' | '跟' | '暨' | '—' | '－' | '-' | '–' | '·' | '&' | '＆' => {
            Some(Link::Strong)
        }
        '和' | '及' => Some(Link::Either),
        '、' | '，' | ',' | '/' | '；' | ';' => Some(Link::Weak),
        _ => None,
    });
    match found {
        // "牵手", or nothing but a lost dash: two places side by side.
        None => Link::Strong,
        Some(link) => link,
    }
}

/// The party that a place symbol names.
pub(super) fn party(item: &Item, mentions: &[Mention], clean: &str) -> Option<Party> {
    let mention = mentions.get(item.mention?)?;
    let place = match &mention.of {
        Of::Place(place) => place.clone(),
        Of::Ambiguous(places) => {
            let first = places.first()?;
            let one = places.iter().all(|place| place.country == first.country);
            let country = first.country.filter(|_| one);
            Arc::new(Place::unlisted(&first.label, country, None))
        }
        _ => return None,
    };
    let name = clean[mention.span.range()].to_owned();
    // 日本某市: nobody says which.
    (!name.starts_with(UNNAMED)).then_some(Party { name, place })
}

impl Member {
    /// The byte behind its name.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Lets the lower unit that stands right behind a foreign one be the party, if nobody knows
    /// it: 加州某某市, of which only 加州 is a known name.
    fn take_lower_unit(&mut self, shadow: &Shadow) {
        let country = self.party.place.country;
        if self.party.place.level != Level::Province || country.is_none() || self.is_chinese() {
            return;
        }
        let Some(tail) = shadow.text.get(self.end..self.tail.1) else { return };
        let Some(unit) = tail.find(LOWER_UNITS) else { return };
        let end = unit + tail[unit..].chars().next().map_or(0, char::len_utf8);
        let name = &tail[..end];
        let known = |c: char| !matches!(c, '\u{4e00}'..='\u{9fff}' | '·') || NO_NAME.contains(c);
        // 长堤市, but not 长王某在某市 behind the name of a province.
        let long = tail.strip_prefix('长').is_some_and(|rest| rest.chars().nth(1) != Some('市'));
        let fits = LOWER_NAME.contains(&tail[..unit].chars().count());
        if long || !fits || tail[..unit].contains(known) {
            return;
        }
        let place = Place::unlisted(name, country, None);
        self.party = Party { name: name.to_owned(), place: Arc::new(place) };
        self.end += end;
        self.tail.0 = self.end;
    }

    /// The text between the member and the next link, in the shadow text.
    pub(super) fn tail<'s>(&self, shadow: &'s Shadow) -> &'s str {
        &shadow.text[self.tail.0..self.tail.1]
    }

    fn is_chinese(&self) -> bool {
        self.party.place.country.is_some_and(CountryCode::is_chinese)
    }
}

/// Splits a series of members into pairs of sides: `A与B、C,D与E` gives A with B and C,
/// and D with E.
pub(super) fn pair_up(members: Vec<Member>) -> Vec<Sides> {
    let mixed = members.iter().any(Member::is_chinese) && !members.iter().all(Member::is_chinese);
    let same = |a: &Member, b: &Member| {
        if mixed {
            a.is_chinese() == b.is_chinese()
        } else {
            a.party.place.country == b.party.place.country
        }
    };
    let only_two = members.len() == 2;
    let links: Vec<Link> = members.iter().skip(1).map(|member| member.link).collect();
    let mut done = Vec::new();
    let mut sides = Sides::default();
    for (n, member) in members.into_iter().enumerate() {
        let next_strong = links.get(n).is_some_and(|link| *link == Link::Strong);
        let Some(left) = sides.left.first() else {
            sides.left.push(member);
            continue;
        };
        let crosses = !same(left, &member);
        match (sides.right.first(), member.link) {
            (None, Link::Strong) if crosses => sides.right.push(member),
            // 和 joins a list of foreign places more often than a pair of them.
            (None, Link::Either) if crosses && (mixed || only_two) => sides.right.push(member),
            (None, _) if !mixed && !only_two => sides.left.push(member),
            (None, Link::Strong) if !mixed => sides.right.push(member),
            (None, _) if !crosses => sides.left.push(member),
            // A place of the other side behind a comma begins anew.
            (None, _) => sides = Sides { left: vec![member], right: Vec::new() },
            (Some(right), _) => {
                let begins = if mixed { !same(right, &member) } else { !crosses && next_strong };
                if begins {
                    done.push(std::mem::take(&mut sides));
                    sides.left.push(member);
                } else {
                    sides.right.push(member);
                }
            }
        }
    }
    if !sides.right.is_empty() {
        done.push(sides);
    }
    done
}

/// The pairs of two sides; `None` if they do not fit together.
pub(super) fn cross(sides: &Sides, respective: bool) -> Option<Vec<(&Member, &Member)>> {
    let (left, right) = (&sides.left, &sides.right);
    if left.len() == right.len() && (respective || left.len() > 1) {
        return Some(left.iter().zip(right).collect());
    }
    if left.len() == 1 || right.len() == 1 {
        return Some(left.iter().flat_map(|a| right.iter().map(move |b| (a, b))).collect());
    }
    None
}
