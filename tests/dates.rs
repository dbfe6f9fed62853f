//! The table of dates in `tests/dates.tsv`, and the development set where it is present.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use youcheng::{
    article::{Origin, Published},
    date::Date,
    notes::Notes,
    recognise::dates::{DateMention, Dates, RULES, Role},
    segment::{Passage, PassageKind, dateline::Datelines},
    text::Span,
};

struct Reader {
    dates: Dates,
    datelines: Datelines,
}

impl Reader {
    fn new() -> Self {
        Self {
            dates: Dates::new(RULES.0, RULES.1).unwrap(),
            datelines: Datelines::bundled().unwrap(),
        }
    }

    /// All mentions of a text whose lines are its passages.
    fn run(&self, text: &str, published: &str) -> Vec<DateMention> {
        let published = (!published.is_empty())
            .then(|| Published { date: published.parse().unwrap(), origin: Origin::Given });
        let mut start = 0;
        let passages: Vec<Passage> = text
            .split('\n')
            .map(|line| {
                let at = start..start + line.len();
                start = at.end + 1;
                let dateline = self
                    .datelines
                    .find(line)
                    .map(|within| Span::new(at.start + within.start..at.start + within.end));
                Passage { span: Span::new(at), kind: PassageKind::Body, dateline }
            })
            .collect();
        self.dates.run(text, &passages, published, &mut Notes::default())
    }
}

fn basis(date: &Date) -> &'static str {
    date.basis.name()
}

fn role(role: Role) -> String {
    match role {
        Role::Point => "point".into(),
        Role::AsOf => "as-of".into(),
        Role::Start => "start".into(),
        Role::Before => "before".into(),
        Role::After => "after".into(),
        Role::Dateline => "dateline".into(),
        Role::Anniversary { years } => format!("anniversary-{years}"),
        Role::Gap { years } => format!("gap-{years}"),
        Role::Span => "span".into(),
        Role::Now => "now".into(),
        Role::Vague => "vague".into(),
    }
}

/// A mention as the table writes it: `words=value role basis`, the latter two only where
/// they are not `point` and `stated`; `around` after a `~`.
fn written(text: &str, mention: &DateMention) -> String {
    let mut out = text[mention.span.range()].to_owned() + "=";
    if let Some(date) = &mention.date {
        out += &date.edtf;
    }
    if let Some(around) = &mention.around {
        out += "~";
        out += &around.edtf;
    }
    if mention.role != Role::Point {
        out += " ";
        out += &role(mention.role);
    }
    if let Some(date) = mention.date.as_ref().filter(|date| basis(date) != "stated") {
        out += " ";
        out += basis(date);
    }
    out
}

#[test]
fn the_table_is_read_as_it_says() {
    let table = include_str!("dates.tsv");
    let reader = Reader::new();
    let mut wrong = Vec::new();
    let (mut rows, mut written_anew) = (0, String::new());
    for (number, line) in table.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            written_anew += &format!("{line}\n");
            continue;
        }
        rows += 1;
        let fields: Vec<&str> = line.split('\t').collect();
        let [published, text, expected] = fields[..] else {
            panic!("tests/dates.tsv:{}: expected three fields", number + 1)
        };
        let text = text.replace("\\n", "\n");
        let found: Vec<String> = reader
            .run(&text, published)
            .iter()
            .filter(|mention| mention.role != Role::Vague)
            .map(|mention| written(&text, mention))
            .collect();
        let found = found.join("; ");
        written_anew += &format!("{published}\t{}\t{found}\n", fields[1]);
        if found != expected {
            wrong
                .push(format!("{}: {text}\n  expected {expected}\n  found    {found}", number + 1));
        }
    }
    // How the table is written: read each line, then keep it.
    if let Ok(path) = std::env::var("YOUCHENG_DATES_TABLE") {
        std::fs::write(path, written_anew).unwrap();
    }
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows >= 300, "the table has shrunk to {rows} rows");
}

/// One row of the development set.
#[derive(serde::Deserialize)]
struct Row {
    text: String,
    reference_datetime: String,
    span: [usize; 2],
    value: String,
    alt_values: Vec<String>,
    news: bool,
    phenomenon: String,
}

/// The days that a value means, so that `2024-33` and `2024-01/2024-03` are the same.
fn days(edtf: &str) -> String {
    Date::parse(edtf, youcheng::date::Basis::Stated)
        .map_or_else(|| edtf.to_owned(), |date| format!("{:?}..{:?}", date.earliest, date.latest))
}

/// The development set is no part of the project: the test does nothing unless
/// `YOUCHENG_DEV_DATES` names the file.
#[test]
fn the_development_set_is_read_well() {
    let Ok(path) = std::env::var("YOUCHENG_DEV_DATES") else { return };
    let Ok(rows) = std::fs::read_to_string(path) else { return };
    let reader = Reader::new();
    let (mut all, mut news) = ([0, 0], [0, 0]);
    let mut misses = String::new();
    for line in rows.lines() {
        let row: Row = serde_json::from_str(line).unwrap();
        let byte = |n: usize| row.text.char_indices().nth(n).map_or(row.text.len(), |(at, _)| at);
        let gold: Span<_> = Span::new(byte(row.span[0])..byte(row.span[1]));
        let found = reader.run(&row.text, &row.reference_datetime[..10]);
        // The mention that shares most with the gold span; where the gold span takes in
        // the words around the date, what these make of it.
        let best = found
            .iter()
            .filter(|mention| mention.date.is_some() && mention.span.overlaps(gold))
            .max_by_key(|mention| {
                mention.span.end.min(gold.end) - mention.span.start.max(gold.start)
            });
        let value = best.and_then(|mention| {
            let wide = mention.around.as_ref().filter(|_| {
                gold.end > mention.span.end || gold.start < mention.span.start || narrows(mention)
            });
            wide.or(mention.date.as_ref()).map(|date| date.edtf.clone())
        });
        let right = value.as_ref().is_some_and(|value| {
            let right = |gold: &String| value == gold || days(value) == days(gold);
            right(&row.value) || row.alt_values.iter().any(right)
        });
        all[usize::from(right)] += 1;
        if row.news {
            news[usize::from(right)] += 1;
        }
        if !right {
            misses += &format!(
                "{} {:14} {} | {} | {} {:?} | {value:?}\n",
                if row.news { "N" } else { " " },
                row.phenomenon,
                row.text,
                &row.reference_datetime[..10],
                row.value,
                row.alt_values
            );
        }
    }
    let share = |[wrong, right]: [u32; 2]| f64::from(right) / f64::from(wrong + right);
    let report = format!("{misses}all {all:?} {:.3}, news {news:?} {:.3}", share(all), share(news));
    if let Ok(path) = std::env::var("YOUCHENG_DEV_DATES_REPORT") {
        std::fs::write(path, &report).unwrap();
    }
    assert!(share(all) >= 0.85 && share(news) >= 0.92, "{report}");
}

/// Whether `around` is the narrower reading of an edge (`年初`), not of words outside.
fn narrows(mention: &DateMention) -> bool {
    matches!((&mention.date, &mention.around), (Some(date), Some(around))
        if around.earliest.is_some() && around.latest.is_some()
            && date.earliest <= around.earliest && around.latest <= date.latest)
}
