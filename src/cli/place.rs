//! `youcheng place`: what is known about a name, and why it does or does not match.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use serde::Serialize;
use youcheng::{
    lookup::{Answer, Because, Candidate, Found},
    pipeline::{Extractor, Options},
};

use super::{
    Outcome, args,
    terminal::{Out, grouped, on_one_line},
};

pub(crate) fn run(args: &args::Place) -> anyhow::Result<Outcome> {
    // To take it apart at the end takes longer than the answer.
    let extractor = Extractor::with(Options::default(), args.places.open()?, &[])?;
    let extractor: &'static Extractor = Box::leak(Box::new(extractor));
    let answer = extractor.place(&args.name, args.country);
    let mut out = Out::new();
    if args.json {
        serde_json::to_writer(&mut out, &answer).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        out.write_all(page(&answer, args.country.is_some()).as_bytes())?;
    }
    out.flush()?;
    let known =
        !answer.places.is_empty() || !answer.countries.is_empty() || !answer.links.is_empty();
    Ok(if known { Outcome::Done } else { Outcome::Skipped })
}

/// The answer for people.
fn page(answer: &Answer, has_country: bool) -> String {
    let mut page = on_one_line(&answer.name);
    page.push('\n');
    for code in &answer.countries {
        let _ = writeln!(page, "  names the country {code}");
    }
    for (n, place) in (1..).zip(&answer.places) {
        candidate(&mut page, n, place);
    }
    for link in &answer.links {
        let place = match (link.lat, link.lon) {
            (Some(lat), Some(lon)) => format!("  {lat}, {lon}"),
            _ => String::new(),
        };
        let given = if link.given { "" } else { ", too low for a link" };
        let _ = writeln!(
            page,
            "  may spell {}  gn:{}{place}  score {}{given}",
            on_one_line(&link.name),
            link.geonames,
            link.score
        );
    }
    if answer.places.is_empty() && answer.countries.is_empty() {
        page.push_str(match (answer.links.is_empty(), has_country) {
            (true, false) => "  no list holds it; with --country it is compared with GeoNames\n",
            (true, true) => "  no list holds it, and it spells no record of the country\n",
            (false, _) => "  no list holds it\n",
        });
    }
    let _ = writeln!(page, "  alone in a text: {}", found(answer.alone));
    if let Some(after) = answer.after_country {
        let _ = writeln!(page, "  after its country: {}", found(after));
    }
    for because in &answer.because {
        let reason = match because {
            Because::Unlisted => continue,
            Because::CommonWord => "it is an ordinary word as well",
            Because::PersonLike => "it is a person's name as well",
            Because::Namesakes => "several places are called so, and none stands out",
            Because::NeedsCountry => "it is taken for a place only where its country is named",
        };
        let _ = writeln!(page, "  because {reason}");
    }
    page
}

fn candidate(page: &mut String, n: usize, place: &Candidate) {
    let country = place.country.as_deref().unwrap_or("?");
    let latin = place.latin.as_deref().map(|latin| format!("  {latin}")).unwrap_or_default();
    let _ =
        writeln!(page, "  {n}. {}{latin}  {} {country}  {}", place.label, place.level, place.id);
    let mut facts = Vec::new();
    if !place.parents.is_empty() {
        let parents: Vec<&str> = place.parents.iter().map(|parent| parent.label.as_str()).collect();
        facts.push(format!("in {}", parents.join(", ")));
    }
    if let (Some(lat), Some(lon)) = (place.lat, place.lon) {
        facts.push(format!("at {lat}, {lon}"));
    }
    if place.population > 0 {
        facts.push(format!("{} people", grouped(place.population as usize)));
    }
    let ids = [
        place.iso.as_ref().map(|iso| format!("ISO {iso}")),
        place.gb.map(|gb| format!("GB/T 2260 {gb}")),
        place.wikidata.clone(),
    ];
    facts.extend(ids.into_iter().flatten());
    if !facts.is_empty() {
        let _ = writeln!(page, "     {}", facts.join(" · "));
    }
    let why: Vec<String> = place.why.iter().map(name).collect();
    let _ = writeln!(page, "     score {}: {}", place.score, why.join(", "));
}

fn found(found: Found) -> &'static str {
    match found {
        Found::Place => "found",
        Found::Unlisted => "found by its form",
        Found::Ambiguous => "found, but undecided",
        Found::Country => "found, a country",
        Found::Part => "only a part is found",
        Found::Nothing => "not found",
    }
}

/// The name that the JSON has for it, with spaces.
fn name(value: &impl Serialize) -> String {
    let name = serde_json::to_value(value);
    name.ok().and_then(|name| name.as_str().map(|name| name.replace('-', " "))).unwrap_or_default()
}
