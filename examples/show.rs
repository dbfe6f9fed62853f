//! Prints what is found in files: `show [--published DATE] FILE…`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use youcheng::{pipeline::*, recognise::Of};
fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut options = Options::default();
    if args[0] == "--published" {
        options.published = Some(args[1].parse().unwrap());
        args.drain(..2);
    }
    let extractor = Extractor::new(options).unwrap();
    for item in youcheng::read::read(
        &args.iter().map(Into::into).collect::<Vec<std::path::PathBuf>>(),
        Default::default(),
    ) {
        let (article, notes) = match item {
            Ok(it) => it,
            Err(e) => {
                println!("ERR {e}");
                continue;
            }
        };
        let e = extractor.run(article, notes);
        println!("# {} {:?} {:?}", e.article.source, e.title, e.article.published);
        println!("{}", e.article.text.clean());
        for m in &e.mentions {
            let t = e.article.text.at(m.span);
            match &m.of {
                Of::Country(c) => print!("[{t}={c}] "),
                Of::Place(p) => print!("[{t}={} {:?} {}] ", p.key, p.country, p.level.name()),
                Of::Ambiguous(v) => print!("[{t}?{}] ", v.len()),
                Of::Date(d, _) => print!("[{t}={} {}] ", d.edtf, d.basis.name()),
            }
        }
        println!();
        for c in &e.claims {
            println!(
                "{} — {} {:?} | {} {} {:?} {:?} {} {:.2}",
                c.parties[0].name,
                c.parties[1].name,
                c.parties[1].place.country,
                c.kind.name(),
                c.status.name(),
                c.date.as_ref().map(|d| (&d.edtf, d.basis.name())),
                c.instrument,
                c.evidence.rule,
                c.confidence
            );
        }
        for s in &e.statistics {
            println!(
                "STAT {} {:?} {:?} {:?} {:?}",
                s.subject.name,
                s.countries,
                s.cities,
                s.pairs,
                s.as_of.as_ref().map(|d| &d.edtf)
            );
        }
        for n in &e.notes.0 {
            println!(
                "note {:?} {:?} {}",
                n.stage,
                n.why,
                n.text.chars().take(80).collect::<String>()
            );
        }
    }
}
