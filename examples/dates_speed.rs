//! Times the date recogniser: `cargo run --release --example dates_speed -- FILE…` reads
//! the files, takes each line as an article of one passage, and says how many megabytes
//! one thread reads in a second.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use youcheng::{
    article::{Origin, Published},
    date::PartialDate,
    notes::Notes,
    recognise::dates::{Dates, RULES},
    segment::{Passage, PassageKind},
    text::Span,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let began = Instant::now();
    let dates = Dates::new(RULES.0, RULES.1)?;
    println!("compiled in {:?}", began.elapsed());
    let published =
        PartialDate::day(2024, 11, 20).map(|date| Published { date, origin: Origin::Given });
    let mut texts = Vec::new();
    for file in std::env::args_os().skip(1) {
        texts.push(std::fs::read_to_string(file)?);
    }
    for _ in 0..3 {
        let began = Instant::now();
        let (mut bytes, mut found) = (0, 0);
        for text in texts.iter().flat_map(|text| text.lines()) {
            let span = Span::new(0..text.len());
            let passage = Passage { span, kind: PassageKind::Body, dateline: None };
            bytes += text.len();
            found += dates.run(text, &[passage], published, &mut Notes::default()).len();
        }
        let seconds = began.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let rate = bytes as f64 / 1e6 / seconds;
        println!("{found} mentions in {bytes} bytes: {rate:.1} MB/s");
    }
    Ok(())
}
