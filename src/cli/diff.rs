//! What cleaning changed in one article, as people read it: line by line of the text as it
//! was read, only the lines that changed and those beside them.

use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

use anstyle::{AnsiColor, Effects, Style};
use unicode_width::UnicodeWidthChar as _;
use youcheng::{
    article::Article,
    notes::{Notes, Why},
    text::Change,
};

use super::terminal::{grouped, reason, visible, wire_name};

const GONE: Style = AnsiColor::Red.on_default().effects(Effects::STRIKETHROUGH);
const PUT: Style = AnsiColor::Green.on_default();
const HEAD: Style = Style::new().effects(Effects::BOLD);
const FAINT: Style = Style::new().effects(Effects::DIMMED);

/// Characters shown beside a change in a line.
const BESIDE: usize = 12;
/// Columns of a line that went, or stayed.
const COLUMNS: usize = 72;
/// Of a longer change so much is shown, in columns.
const LONG_CHANGE: usize = 48;
/// So many lines of a stretch that went are shown, and the last.
const LINES: usize = 4;
/// Changes of form that have no more than so many characters between them are one.
const APART: usize = 2;

/// The page while it is written.
pub(super) struct Diff {
    colour: bool,
    text: String,
}

/// One line of the text as it was read.
struct Line<'a> {
    number: usize,
    at: Range<usize>,
    was: Was<'a>,
}

/// What became of a line.
enum Was<'a> {
    Kept,
    /// The whole of it went.
    Gone(Why),
    /// Parts of it changed.
    Changed(Vec<&'a Change>),
}

impl Diff {
    pub(super) fn new(colour: bool) -> Self {
        Self { colour, text: String::new() }
    }

    /// The whole page.
    pub(super) fn of(mut self, article: &Article, title: Option<&str>, notes: &Notes) -> String {
        let (raw, clean) = (article.text.raw(), article.text.clean());
        let changes = article.text.changes();
        self.head(article, title, &changes, notes);
        let shown: Vec<Change> =
            changes.into_iter().filter(|change| is_shown(raw, clean, change)).collect();
        let lines = lines(raw, &shown);
        let mut n = 0;
        let mut next = 0;
        while n < lines.len() {
            let beside = |n: usize| !matches!(lines[n].was, Was::Kept);
            let wanted =
                beside(n) || n > 0 && beside(n - 1) || n + 1 < lines.len() && beside(n + 1);
            if !wanted {
                n += 1;
                continue;
            }
            if n > next {
                self.styled(FAINT, "      ⋮");
                self.line("");
            }
            n = self.stretch(raw, clean, &lines, n);
            next = n;
        }
        if shown.is_empty() {
            self.line("      nothing but white space was changed");
        } else if next < lines.len() {
            self.styled(FAINT, "      ⋮");
            self.line("");
        }
        self.text
    }

    fn head(&mut self, article: &Article, title: Option<&str>, changes: &[Change], notes: &Notes) {
        let source = visible(&article.source.to_string());
        self.styled(HEAD, &source);
        self.line(&format!("  {}", article.id));
        if let Some(title) = title {
            self.field("title", title);
        }
        if let Some(published) = article.published {
            self.field("published", &format!("{} ({})", published.date, published.origin.name()));
        }
        let [all, kept] = [article.text.raw(), article.text.clean()].map(|t| t.chars().count());
        self.field("kept", &format!("{} of {} characters", grouped(kept), grouped(all)));
        let mut counts = BTreeMap::<Why, usize>::new();
        for change in changes {
            *counts.entry(change.why).or_default() += 1;
        }
        if !counts.is_empty() {
            let count = |(why, n): (&Why, &usize)| format!("{} {}", grouped(*n), reason(*why));
            self.field("changed", &counts.iter().map(count).collect::<Vec<_>>().join(" · "));
        }
        for note in &notes.0 {
            self.field("doubt", &format!("{}: {}", wire_name(note.why), note.text));
        }
        if !self.colour && !changes.is_empty() {
            self.field(
                "marks",
                "[-gone-]{+put in its place+}‹reason›; white space is only counted",
            );
        }
        self.line("");
    }

    /// Writes the line at `n`, and those that went with it; says which comes next.
    fn stretch(&mut self, raw: &str, clean: &str, lines: &[Line<'_>], n: usize) -> usize {
        let line = &lines[n];
        match &line.was {
            Was::Kept => {
                self.gutter(line.number, ' ');
                self.line(&visible(&cut(&raw[line.at.clone()], COLUMNS)));
            }
            Was::Changed(changes) => {
                self.gutter(line.number, '~');
                self.inline(raw, clean, line.at.clone(), changes);
            }
            Was::Gone(why) => {
                let same = |line: &&Line<'_>| matches!(&line.was, Was::Gone(other) if other == why);
                let count = lines[n..].iter().take_while(same).count();
                let all = &lines[n..n + count];
                let hidden = count.saturating_sub(LINES + 1);
                for line in &all[..count.min(LINES)] {
                    self.gone(raw, line, *why);
                }
                if hidden > 1 {
                    let hidden = &all[LINES..count - 1];
                    let chars: usize =
                        hidden.iter().map(|line| raw[line.at.clone()].chars().count()).sum();
                    let (lines, chars) = (grouped(hidden.len()), grouped(chars));
                    let more = format!("      - … {lines} more lines, {chars} characters …");
                    self.styled(FAINT, &more);
                    self.line("");
                }
                let rest = if hidden > 1 { count - 1 } else { count.min(LINES) };
                for line in &all[rest..] {
                    self.gone(raw, line, *why);
                }
                return n + count;
            }
        }
        n + 1
    }

    fn gone(&mut self, raw: &str, line: &Line<'_>, why: Why) {
        self.gutter(line.number, '-');
        self.styled(GONE, &visible(&cut(&raw[line.at.clone()], COLUMNS)));
        self.why(why);
        self.line("");
    }

    /// A line with its changes marked, and a little of what stands around each.
    fn inline(&mut self, raw: &str, clean: &str, line: Range<usize>, changes: &[&Change]) {
        let mut done = line.start;
        let mut n = 0;
        while let Some(change) = changes.get(n) {
            let (mut gone, mut put) = (change.raw.range(), change.clean.range());
            n += 1;
            while let Some(next) = changes.get(n) {
                let between = &raw[gone.end..next.raw.range().start];
                let joins = change.why.is_form() && next.why == change.why;
                if !joins || between.chars().count() > APART {
                    break;
                }
                (gone.end, put.end) = (next.raw.range().end, next.clean.range().end);
                n += 1;
            }
            self.between(&raw[done..gone.start], done == line.start, false);
            done = gone.end;
            let (gone, put) = (mark(&raw[gone]), mark(&clean[put]));
            if self.colour {
                self.styled(GONE, &gone);
                self.styled(PUT, &put);
            } else {
                let put = if put.is_empty() { put } else { format!("{{+{put}+}}") };
                let _ = write!(self.text, "[-{gone}-]{put}");
            }
            self.why(change.why);
        }
        // A change may reach into the next line.
        let rest = raw.get(done..line.end).unwrap_or_default();
        self.between(rest, false, true);
        self.line("");
    }

    /// What stands between two changes of a line, or before the first, or after the last.
    fn between(&mut self, text: &str, first: bool, last: bool) {
        let count = text.chars().count();
        let (head, tail) = (if first { 0 } else { BESIDE }, if last { 0 } else { BESIDE });
        if count <= head + tail + 2 {
            self.text.push_str(&visible(text));
            return;
        }
        let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
        self.text.push_str(&visible(&text[..byte(head)]));
        self.styled(FAINT, "…");
        self.text.push_str(&visible(&text[byte(count - tail)..]));
    }

    fn why(&mut self, why: Why) {
        self.styled(FAINT, &format!("‹{}›", reason(why)));
    }

    fn gutter(&mut self, number: usize, sign: char) {
        self.styled(FAINT, &format!("{number:>5} "));
        let _ = write!(self.text, "{sign} ");
    }

    fn field(&mut self, name: &str, value: &str) {
        self.styled(FAINT, &format!("{name:<11}"));
        self.line(&visible(value));
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn styled(&mut self, style: Style, text: &str) {
        if self.colour && !text.is_empty() {
            let _ = write!(self.text, "{style}{text}{style:#}");
        } else {
            self.text.push_str(text);
        }
    }
}

/// Whether a change is more than one of white space.
fn is_shown(raw: &str, clean: &str, change: &Change) -> bool {
    let blank = |text: &str| text.trim().is_empty();
    !(change.why == Why::Space
        || blank(&raw[change.raw.range()]) && blank(&clean[change.clean.range()]))
}

/// The lines that are not blank, with what became of them.
fn lines<'a>(raw: &str, changes: &'a [Change]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let (mut start, mut next) = (0, 0);
    for (n, line) in raw.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        let lead = line.len() - line.trim_start().len();
        let at = start + lead..start + line.trim_end().len();
        start = end;
        if at.is_empty() {
            continue;
        }
        while changes.get(next).is_some_and(|change| change.raw.range().end <= at.start) {
            next += 1;
        }
        let here = changes[next..].iter().take_while(|change| change.raw.range().start < at.end);
        let here: Vec<&Change> = here.collect();
        let whole = |change: &&&Change| {
            let range = change.raw.range();
            range.start <= at.start && at.end <= range.end && change.clean.len() <= 1
        };
        let was = match (here.iter().find(whole), here.as_slice()) {
            (Some(change), _) => Was::Gone(change.why),
            (None, []) => Was::Kept,
            _ => {
                // What began in an earlier line was shown there.
                let begins = |change: &&Change| change.raw.range().start >= at.start;
                let here: Vec<_> = here.into_iter().filter(begins).collect();
                if here.is_empty() { Was::Kept } else { Was::Changed(here) }
            }
        };
        lines.push(Line { number: n + 1, at, was });
    }
    lines
}

/// A change on one line, its middle left out if it is long; what nobody sees by its number.
fn mark(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '\n' => shown.push('⏎'),
            c if c.width().unwrap_or(0) == 0 => {
                let _ = write!(shown, "<U+{:04X}>", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    let count = shown.chars().count();
    if width(&shown) <= LONG_CHANGE {
        return shown;
    }
    let tail: String = shown.chars().skip(count.saturating_sub(LONG_CHANGE / 6)).collect();
    format!("{}{tail}", cut(&shown, LONG_CHANGE - width(&tail)))
}

/// The beginning of a text, with an ellipsis if there is more.
fn cut(text: &str, columns: usize) -> String {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return format!("{}…", &text[..at]);
        }
    }
    text.to_owned()
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}
