//! Which lines of a page are its article.
//!
//! Every line has a value: sentences count for what holds them, links and what is known
//! as furniture against it. The values are summed up the tree, where what is worth less
//! than nothing is pruned; then the smallest element is taken that still holds nearly all
//! of the value, and within it what is known as furniture is left out.

use super::{
    flow::{Flow, Hint, Line},
    grids::has_a_year,
    title::{is_spelled, letters},
};
use crate::{
    article::BlockKind,
    read::{PageRules, furniture::Known},
};

/// The share of the value that the element of the article must hold of what surrounds it.
const NEARLY_ALL: f32 = 0.9;
/// The same for an element that is named as the article or holds the title, if no other
/// such element has a share.
const LITTLE: f32 = 0.3;
/// How much more the element with the title counts than one without.
const TITLED: f32 = 2.5;
/// The value of a text that is enough for an article.
const ENOUGH: f32 = 40.0;
/// Characters of an article, or of the rows of its tables, at least.
const LEAST: usize = 20;

/// Lines with a year that make records of what follows the last sentences.
const RECORDS: usize = 3;

/// What the article of a page is.
#[derive(Debug)]
pub(super) struct Main {
    /// By line: whether it is of the article.
    pub(super) kept: Vec<bool>,
    /// The first and the last line kept that is more than a few words.
    pub(super) body: (usize, usize),
}

/// The article, if the page has one.
pub(super) fn main(flow: &Flow, rules: &PageRules, title: Option<usize>) -> Option<Main> {
    let text = |n: usize| &flow.raw[flow.lines[n].at.clone()];
    let known: Vec<Known> = (0..flow.lines.len()).map(|n| rules.known(text(n))).collect();
    let lines = flow.lines.iter().zip(&known);
    let mut values: Vec<f32> = lines.map(|(line, known)| value(flow, line, *known)).collect();
    if let Some(title) = title {
        // The title once more is no more of an article.
        let own = letters(text(title));
        for n in (0..values.len())
            .filter(|n| flow.lines[*n].chars.abs_diff(flow.lines[title].chars) <= 8)
        {
            if values[n] > 0.0 && is_spelled(text(n), &own) {
                values[n] = 0.0;
            }
        }
        // What stands before the title is not the article, if enough stands after it.
        let after: f32 = values[title..].iter().map(|value| value.max(0.0)).sum();
        if after >= ENOUGH {
            values[..title].iter_mut().for_each(|value| *value = value.min(0.0));
        }
    }
    let mut pruned = pruned(flow, &values, title);
    for (pruned, card) in pruned.iter_mut().zip(cards(flow)) {
        *pruned |= card;
    }
    if let Some(title) = title {
        prune_rivals(flow, &values, title, &mut pruned);
    }
    let sums = sums(flow, &values, &mut pruned);
    let article = narrowest(flow, &values, &sums, &pruned, title);

    // Parents come before children, so one pass tells what each box is in.
    let mut inside = vec![false; flow.boxes.len()];
    for (index, it) in flow.boxes.iter().enumerate() {
        inside[index] = index == article || (index > article && inside[it.parent]);
        pruned[index] |= index > article && inside[index] && pruned[it.parent];
    }
    let mut kept: Vec<bool> =
        flow.lines.iter().map(|line| inside[line.within] && !pruned[line.within]).collect();
    furnish(flow, rules, &known, &values, title, &mut kept);

    let good = |kept: &[bool], n: usize| kept[n] && values[n] > 0.0;
    let first = (0..kept.len()).find(|n| good(&kept, *n))?;
    let last = (0..kept.len()).rev().find(|n| good(&kept, *n))?;
    trim(flow, (first, last), title, &mut kept);
    let chars: usize =
        (first..=last).filter(|n| good(&kept, *n)).map(|n| flow.lines[n].chars).sum();
    (chars >= LEAST).then_some(Main { kept, body: (first, last) })
}

/// What a line is worth.
fn value(flow: &Flow, line: &Line, known: Known) -> f32 {
    let text = &flow.raw[line.at.clone()];
    let (chars, linked) = (size(line.chars), size(line.linked));
    let stops = sentence_signs(text);
    if linked > chars * 0.6 {
        // A sentence that is a link is a teaser; a word is navigation.
        return -10.0 - linked.min(40.0);
    }
    if known != Known::Nothing {
        return -5.0;
    }
    match line.kind {
        BlockKind::Row { .. } => (chars - 2.0 * linked).min(80.0) * 0.5,
        BlockKind::ListItem if stops == 0 => ((chars - 2.0 * linked) * 0.3).min(10.0),
        _ if stops >= 2 || (stops == 1 && line.chars >= 15) => chars - 2.0 * linked,
        _ if line.chars >= 40 => (chars - 2.0 * linked) * 0.5,
        _ => 0.0,
    }
}

fn size(n: usize) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}

/// Signs of Chinese sentences.
const SIGNS: [&str; 7] = ["。", "，", "；", "？", "！", "、", "…"];

/// How many signs stand in a line that only sentences have.
fn sentence_signs(text: &str) -> usize {
    let bytes = text.as_bytes();
    // By their bytes: to decode characters takes longer.
    let is_sign = |at: &usize| {
        let rest = &bytes[*at..];
        match rest[0] {
            0xE2 | 0xE3 | 0xEF => SIGNS.iter().any(|sign| rest.starts_with(sign.as_bytes())),
            b',' | b'.' => rest.get(1) == Some(&b' '),
            _ => false,
        }
    };
    (0..bytes.len()).filter(is_sign).count()
}

/// Which boxes are furniture by their names. A box that holds half of what is good on
/// the page and the title is not, whatever its name; nor one without which nothing is left.
fn pruned(flow: &Flow, values: &[f32], title: Option<usize>) -> Vec<bool> {
    let mut good = vec![0.0_f32; flow.boxes.len()];
    for (line, value) in flow.lines.iter().zip(values) {
        good[line.within] += value.max(0.0);
    }
    for index in (1..good.len()).rev() {
        good[flow.boxes[index].parent] += good[index];
    }
    let titled = holding(flow, title);
    let all = good[0];
    let pruned = (0..flow.boxes.len()).map(|index| match flow.boxes[index].hint {
        Hint::Never | Hint::Furniture => {
            let half = good[index] >= all * 0.5 && all > 0.0;
            let needed = title.is_none() || titled[index] || all - good[index] < ENOUGH;
            !(half && needed)
        }
        Hint::None | Hint::Content => false,
    });
    pruned.collect()
}

/// Which boxes a line stands in, the outermost left out.
fn holding(flow: &Flow, line: Option<usize>) -> Vec<bool> {
    let mut holding = vec![false; flow.boxes.len()];
    let mut at = line.map_or(0, |line| flow.lines[line].within);
    while at > 0 {
        holding[at] = true;
        at = flow.boxes[at].parent;
    }
    holding
}

/// What each box is worth with all that it holds, without what is pruned; prunes what is
/// worth less than nothing.
fn sums(flow: &Flow, values: &[f32], pruned: &mut [bool]) -> Vec<f32> {
    let mut sums = vec![0.0; flow.boxes.len()];
    for (line, value) in flow.lines.iter().zip(values) {
        sums[line.within] += value;
    }
    for index in (1..sums.len()).rev() {
        if pruned[index] {
            sums[index] = 0.0;
            continue;
        }
        let parent = flow.boxes[index].parent;
        if sums[index] < 0.0 {
            pruned[index] = true;
            sums[parent] += (sums[index] * 0.1).max(-20.0);
        } else {
            sums[parent] += sums[index];
        }
    }
    sums
}

/// Which boxes are cards: one of at least three in a box that hold little but a link and
/// a teaser. A stream of them can hold more text than the article.
fn cards(flow: &Flow) -> Vec<bool> {
    #[derive(Clone, Copy, Default)]
    struct Holds {
        lines: usize,
        chars: usize,
        links: usize,
    }
    let mut holds = vec![Holds::default(); flow.boxes.len()];
    for line in &flow.lines {
        let it = &mut holds[line.within];
        it.lines += 1;
        it.chars += line.chars;
        it.links += usize::from(line.linked >= 6 && line.linked * 10 > line.chars * 6);
    }
    for index in (1..holds.len()).rev() {
        let it = holds[index];
        let parent = &mut holds[flow.boxes[index].parent];
        parent.lines += it.lines;
        parent.chars += it.chars;
        parent.links += it.links;
    }
    let is_card = |it: &Holds| it.links > 0 && it.lines <= 8 && it.chars <= 800;
    let mut children = vec![(0_usize, 0_usize); holds.len()];
    for index in 1..holds.len() {
        let (all, cards) = &mut children[flow.boxes[index].parent];
        *all += usize::from(holds[index].lines > 0);
        *cards += usize::from(is_card(&holds[index]));
    }
    let card = (0..holds.len()).map(|index| {
        let (all, cards) = children[flow.boxes[index].parent];
        let stream = cards >= 3 && cards * 10 >= all * 6;
        // Among many cards what is no card is an advertisement.
        let is_item = flow.boxes[index].is_item || cards * 10 >= all * 9;
        index > 0 && stream && (is_item || is_card(&holds[index]))
    });
    card.collect()
}

/// Prunes what stands under another title: a heading after the page's own of the same
/// name and class, with an article of its own.
fn prune_rivals(flow: &Flow, values: &[f32], title: usize, pruned: &mut [bool]) {
    let own = flow.boxes[flow.lines[title].within].alike;
    let mut around = holding(flow, Some(title));
    around[0] = true;
    let mut before = 0.0;
    for (n, line) in flow.lines.iter().enumerate().skip(title + 1) {
        let rival = own != 0 && flow.boxes[line.within].alike == own;
        let repeated = flow.raw[line.at.clone()] == flow.raw[flow.lines[title].at.clone()];
        if rival && !repeated && before >= ENOUGH {
            let mut at = line.within;
            while !around[flow.boxes[at].parent] {
                at = flow.boxes[at].parent;
            }
            // Alone in its box it is a heading of the article.
            pruned[at] |= !around[at] && at != line.within;
        }
        before += values[n].max(0.0);
    }
}

/// The smallest box that holds nearly all of the value; or half of it, if the rest is in
/// boxes that nothing speaks for.
fn narrowest(
    flow: &Flow,
    values: &[f32],
    sums: &[f32],
    pruned: &[bool],
    title: Option<usize>,
) -> usize {
    let holds_title = holding(flow, title);
    // What is worth something in each box: in lines of its own, and in boxes that are
    // named as the article or hold the title.
    let mut spoken_for = vec![0.0; sums.len()];
    for (line, value) in flow.lines.iter().zip(values) {
        spoken_for[line.within] += value.max(0.0);
    }
    let spoken = |index: usize| flow.boxes[index].hint == Hint::Content || holds_title[index];
    // For each box the best of those in it, and the one with the title.
    let mut best: Vec<Option<usize>> = vec![None; sums.len()];
    for index in 1..sums.len() {
        let it = &flow.boxes[index];
        if pruned[index] {
            continue;
        }
        if spoken(index) || it.is_part {
            spoken_for[it.parent] += sums[index];
        }
        let rank = |index: usize| {
            let titled = holds_title[index] && sums[index] >= ENOUGH;
            if titled { sums[index] * TITLED } else { sums[index] }
        };
        let better = best[it.parent].is_none_or(|other| rank(index) > rank(other));
        if !it.is_part && better {
            best[it.parent] = Some(index);
        }
    }
    let mut at = 0;
    while let Some(next) = best[at] {
        let within_named = flow.boxes[at].hint == Hint::Content && !holds_title[next];
        let named = spoken(next)
            && !within_named
            && sums[next] >= sums[at] * LITTLE
            && sums[next] >= spoken_for[at] * NEARLY_ALL;
        if sums[next] <= 0.0 || !(named || sums[next] >= sums[at] * NEARLY_ALL) {
            break;
        }
        at = next;
    }
    at
}

/// Takes away the short lines before the first sentences and after the last that do not
/// stand beside them.
fn trim(flow: &Flow, (first, last): (usize, usize), title: Option<usize>, kept: &mut [bool]) {
    let block = |n: usize| {
        let mut at = flow.lines[n].within;
        while flow.boxes[at].is_part {
            at = flow.boxes[at].parent;
        }
        (at, flow.boxes[at].parent)
    };
    let beside = |n: usize, good: usize| {
        let ((block_n, parent_n), (block_good, parent_good)) = (block(n), block(good));
        block_n == block_good || parent_n == parent_good
    };
    for n in (0..first).filter(|n| Some(*n) != title) {
        let before_title = title.is_some_and(|title| n < title && title < first);
        kept[n] &= !before_title && beside(n, first);
    }
    let records = records(flow, last, block(last).0, kept);
    for (n, kept) in kept.iter_mut().enumerate().skip(last + 1) {
        *kept &= n < records || beside(n, last);
    }
}

/// Where the records end that follow the last sentences, one to a few short lines each:
/// lines without links in the same box, a good part of them with a year.
fn records(flow: &Flow, last: usize, within: usize, kept: &[bool]) -> usize {
    let is_inside = |n: usize| {
        let mut at = flow.lines[n].within;
        while at > within {
            at = flow.boxes[at].parent;
        }
        at == within
    };
    let of_run = |n: &usize| !kept[*n] || flow.lines[*n].linked == 0 && is_inside(*n);
    let run: Vec<usize> =
        (last + 1..flow.lines.len()).take_while(of_run).filter(|n| kept[*n]).collect();
    let years = run.iter().filter(|n| has_a_year(&flow.raw[flow.lines[**n].at.clone()])).count();
    let enough = years >= RECORDS && years * 4 >= run.len();
    run.last().filter(|_| enough).map_or(last, |n| n + 1)
}

/// Characters of a sentence that is more than a date and a name.
const SENTENCE: usize = 24;

/// Takes the furniture out of the lines kept.
fn furnish(
    flow: &Flow,
    rules: &PageRules,
    known: &[Known],
    values: &[f32],
    title: Option<usize>,
    kept: &mut [bool],
) {
    let text = |n: usize| &flow.raw[flow.lines[n].at.clone()];
    let all: f32 =
        kept.iter().zip(values).filter(|(kept, _)| **kept).map(|(_, v)| v.max(0.0)).sum();
    let own = title.map(|n| letters(text(n)));
    let mut before = 0.0;
    let mut tail = false;
    for n in 0..kept.len() {
        if !kept[n] || Some(n) == title {
            continue;
        }
        let line = &flow.lines[n];
        if known[n] == Known::Tail && all - before < before * 0.5 {
            tail = true;
        }
        // Above the first sentences the title may stand once more.
        let again = before == 0.0 && own.as_ref().is_some_and(|own| is_spelled(text(n), own));
        // ●1985年7月26日 甲市与乙市签署协议书。: the first entry of a chronicle.
        let sentence = text(n).trim_end().ends_with('。') && line.chars >= SENTENCE;
        let byline = before == 0.0 && !sentence && rules.is_byline(text(n));
        let linky = line.linked * 10 > line.chars * 7 && values[n] < 0.0;
        let editors = before > 0.0 && rules.is_editors(text(n));
        if tail || again || byline || linky || editors || known[n] != Known::Nothing {
            kept[n] = false;
        }
        before += values[n].max(0.0);
    }
}
