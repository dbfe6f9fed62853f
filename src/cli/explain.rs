//! `youcheng explain`: an article with what was found in it, and why.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write as _},
    num::NonZero,
};

use anstyle::{AnsiColor, Effects, Style};
use youcheng::{
    agreement::{Claim, Party, Statistic},
    batch,
    date::Date,
    notes::{Stage, Why},
    pipeline::Extraction,
    place::Place,
    recognise::{Mention, Of},
    text::{Clean, Span},
};

use super::{
    Outcome, args,
    progress::Talk,
    terminal::{Out, reason, visible, wire_name},
};

const COUNTRY: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
const PLACE: Style = AnsiColor::Cyan.on_default();
const AMBIGUOUS: Style = AnsiColor::Magenta.on_default().effects(Effects::UNDERLINE);
const DATE: Style = AnsiColor::Green.on_default();
const PARTY: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);
const HEAD: Style = Style::new().effects(Effects::BOLD);
const FAINT: Style = Style::new().effects(Effects::DIMMED);

pub(crate) fn run(args: &args::Explain, talk: Talk) -> anyhow::Result<Outcome> {
    let wanted = args.sources.wanted()?;
    let extractor = args.reading.extractor()?;
    let reader = args.sources.reader()?;
    let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let mut out = Out::new();
    let mut beside = 0;
    let mut outcome = Outcome::Done;
    batch::run(
        || reader.open(&wanted),
        NonZero::<usize>::MIN,
        |input| {
            let (article, notes) = reader.article(input)?;
            Ok(Page { colour, text: String::new() }.of(&extractor.run(article, notes)))
        },
        |result| -> anyhow::Result<()> {
            match result {
                Ok(page) => {
                    out.write_all(page.as_bytes())?;
                    out.flush()?;
                }
                Err(skip) if skip.bystanders() > 0 => beside += skip.bystanders(),
                Err(skip) => {
                    outcome = Outcome::Skipped;
                    talk.skipped(&skip);
                }
            }
            Ok(())
        },
    )?;
    out.flush()?;
    talk.bystanders(beside);
    Ok(outcome)
}

/// What is shown of one article, while it is written.
struct Page {
    colour: bool,
    text: String,
}

impl Page {
    /// The whole page.
    fn of(mut self, extraction: &Extraction) -> String {
        self.head(extraction);
        self.article(extraction);
        self.claims(extraction);
        self.statistics(extraction);
        self.links(extraction);
        self.dates(extraction);
        self.notes(extraction);
        self.removed(extraction);
        self.line("");
        self.text
    }

    fn head(&mut self, extraction: &Extraction) {
        let article = &extraction.article;
        let source = article.source.to_string();
        self.styled(HEAD, &source);
        let _ = write!(self.text, "  {}", article.id);
        self.line("");
        if let Some(title) = &extraction.title {
            self.field("title", title);
        }
        if let Some(published) = article.published {
            let text = format!("{} ({})", published.date, published.origin.name());
            self.field("published", &text);
        }
        if let Some(url) = &article.source.url {
            self.field("url", url);
        }
        if self.colour {
            self.text.push_str("marks      ");
            for (style, what) in
                [(COUNTRY, "country"), (PLACE, "place"), (AMBIGUOUS, "undecided"), (DATE, "date")]
            {
                self.styled(style, what);
                self.text.push(' ');
            }
            self.line("");
        } else {
            self.field("marks", "[country|code] [place|level country] [undecided|?] [date|value]");
        }
        self.line("");
    }

    fn article(&mut self, extraction: &Extraction) {
        let text = extraction.article.text.clean();
        let marks: Vec<_> = extraction.mentions.iter().map(|m| (m.span, Mark::of(m))).collect();
        self.marked(text, Span::new(0..text.len()), &marks);
        if !text.ends_with('\n') {
            self.line("");
        }
        self.line("");
    }

    fn claims(&mut self, extraction: &Extraction) {
        self.section("Claims", extraction.claims.len());
        for (n, claim) in extraction.claims.iter().enumerate() {
            self.claim(extraction, n + 1, claim);
        }
    }

    fn claim(&mut self, extraction: &Extraction, n: usize, claim: &Claim) {
        let _ = write!(self.text, "{n:>3}. ");
        let [a, b] = &claim.parties;
        self.party(a);
        self.text.push_str(" ↔ ");
        self.party(b);
        self.line("");
        let date = claim.date.as_ref().map_or_else(|| "no date".to_owned(), with_basis);
        let _ = writeln!(
            self.text,
            "     {} · {} · {date} · confidence {} · rule {}",
            claim.kind.name(),
            claim.status.name(),
            claim.confidence,
            claim.evidence.rule,
        );
        if let Some(instrument) = &claim.instrument {
            let instrument = visible(instrument);
            self.line(&format!("     《{instrument}》"));
        }
        self.sentence(extraction, claim.evidence.span, &[a, b]);
    }

    fn statistics(&mut self, extraction: &Extraction) {
        if extraction.statistics.is_empty() {
            return;
        }
        self.section("Stated counts", extraction.statistics.len());
        for statistic in &extraction.statistics {
            self.text.push_str("   - ");
            self.party(&statistic.subject);
            self.line(&format!(": {}", counts(statistic)));
            self.sentence(extraction, statistic.evidence.span, &[&statistic.subject]);
        }
    }

    /// What each date means, and why.
    fn dates(&mut self, extraction: &Extraction) {
        let dates = || extraction.dates.iter().filter_map(|it| Some((it, it.date.as_ref()?)));
        if dates().next().is_none() {
            return;
        }
        self.section("Dates", dates().count());
        for (mention, value) in dates() {
            let text = visible(extraction.article.text.at(mention.span));
            let from = mention.anchor.map(|from| format!(" from {from}")).unwrap_or_default();
            let (value, role) = (with_basis(value), mention.role.name());
            self.line(&format!("   - {text}: {value}{from} · {role} · rule {}", mention.rule));
        }
    }

    /// What the places may be that no list holds.
    fn links(&mut self, extraction: &Extraction) {
        if extraction.links.is_empty() {
            return;
        }
        self.section("Links of unlisted places", extraction.links.len());
        for (key, link) in &extraction.links {
            let place =
                link.position.map_or_else(String::new, |(lat, lon)| format!(" {lat},{lon}"));
            let (id, name, score) = (link.geonames, &link.name, link.score);
            let key = visible(&key.0);
            self.line(&format!("   - {key} may be {name} (GeoNames {id}{place}), score {score}"));
        }
    }

    fn notes(&mut self, extraction: &Extraction) {
        let notes = &extraction.notes.0;
        if notes.is_empty() {
            return;
        }
        self.section("Doubts", notes.len());
        for note in notes {
            let text = visible(&note.text);
            self.line(&format!("   - {} · {}: {text}", stage(note.stage), reason(note.why)));
        }
    }

    /// What cleaning took out or changed, by reason, each with what it looked like.
    fn removed(&mut self, extraction: &Extraction) {
        const SAMPLES: usize = 3;
        let text = &extraction.article.text;
        let mut by_reason = BTreeMap::<Why, (usize, Vec<&str>)>::new();
        for (why, span) in text.edits() {
            let (count, samples) = by_reason.entry(why).or_default();
            *count += 1;
            if samples.len() < SAMPLES {
                samples.push(text.raw().get(span.range()).unwrap_or_default());
            }
        }
        let total = by_reason.values().map(|(count, _)| count).sum();
        if total == 0 {
            return;
        }
        self.section("Cleaned", total);
        for (why, (count, samples)) in by_reason {
            let samples: Vec<_> = samples.iter().map(|text| shortened(text)).collect();
            let more = if count > samples.len() { " …" } else { "" };
            self.line(&format!("   - {count} {}: {}{more}", reason(why), samples.join(" ")));
        }
    }

    /// A sentence with the parties marked, indented.
    fn sentence(&mut self, extraction: &Extraction, span: Span<Clean>, parties: &[&Party]) {
        let text = extraction.article.text.clean();
        let marks: Vec<_> = extraction
            .mentions
            .iter()
            .filter(|mention| match &mention.of {
                Of::Place(place) => parties.iter().any(|party| party.place.key == place.key),
                _ => false,
            })
            .map(|mention| (mention.span, Mark { style: PARTY, value: String::new() }))
            .collect();
        self.text.push_str("     “");
        self.marked(text, span, &marks);
        self.line("”");
    }

    /// The text at `span` with the marks that lie in it.
    fn marked(&mut self, text: &str, span: Span<Clean>, marks: &[(Span<Clean>, Mark)]) {
        let mut done = span.range().start;
        for (at, mark) in marks.iter().filter(|(at, _)| span.contains(*at)) {
            let range = at.range();
            if range.start < done {
                continue;
            }
            self.text.push_str(&visible(&text[done..range.start]));
            let inside = visible(&text[range.clone()]);
            if self.colour {
                self.styled(mark.style, &inside);
            } else if mark.value.is_empty() {
                let _ = write!(self.text, "[{inside}]");
            } else {
                let _ = write!(self.text, "[{inside}|{}]", mark.value);
            }
            done = range.end;
        }
        self.text.push_str(&visible(&text[done..span.range().end]));
    }

    fn party(&mut self, party: &Party) {
        self.styled(PARTY, &visible(&party.name));
        let country = country(&party.place);
        let _ = write!(self.text, " ({country}, {})", visible(&party.place.key.0));
    }

    fn section(&mut self, title: &str, count: usize) {
        self.styled(HEAD, title);
        self.line(&format!(" ({count})"));
    }

    fn field(&mut self, name: &str, value: &str) {
        let name = format!("{name:<11}");
        self.styled(FAINT, &name);
        self.line(&visible(value));
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn styled(&mut self, style: Style, text: &str) {
        if self.colour {
            let _ = write!(self.text, "{style}{text}{style:#}");
        } else {
            self.text.push_str(text);
        }
    }
}

/// How a mention is shown: in colour, or with what it was taken for.
struct Mark {
    style: Style,
    value: String,
}

impl Mark {
    fn of(mention: &Mention) -> Self {
        let (style, value) = match &mention.of {
            Of::Country(code) => (COUNTRY, code.to_string()),
            Of::Place(place) => (PLACE, format!("{} {}", place.level.name(), country(place))),
            Of::Ambiguous(_) => (AMBIGUOUS, "?".to_owned()),
            Of::Date(date, _) => (DATE, date.edtf.clone()),
        };
        Self { style, value }
    }
}

fn country(place: &Place) -> String {
    place.country.map_or_else(|| "country unknown".to_owned(), |code| code.to_string())
}

fn with_basis(date: &Date) -> String {
    format!("{} ({})", date.edtf, date.basis.name())
}

fn counts(statistic: &Statistic) -> String {
    let part = |n: Option<u32>, what: &str| n.map(|n| format!("{n} {what}"));
    let parts = [
        part(statistic.countries, "countries"),
        part(statistic.cities, "cities"),
        part(statistic.pairs, "pairs"),
        statistic.kind.map(|kind| kind.name().to_owned()),
        statistic.as_of.as_ref().map(with_basis),
        Some(format!("rule {}", statistic.evidence.rule)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn stage(stage: Stage) -> String {
    wire_name(stage)
}

/// The beginning of a removed stretch, on one line.
fn shortened(text: &str) -> String {
    const LENGTH: usize = 24;
    let mut short: String =
        visible(text).chars().take(LENGTH).map(|c| if c == '\n' { '⏎' } else { c }).collect();
    if text.chars().count() > LENGTH {
        short.push('…');
    }
    format!("‹{short}›")
}
