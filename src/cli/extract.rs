//! `youcheng extract`: articles to JSON Lines.

use std::io::Write as _;

use youcheng::{batch, wire::Record};

use super::{
    Outcome, args,
    terminal::{Out, Progress, bystanders, count, skipped},
};

pub(crate) fn run(args: &args::Extract, quiet: bool) -> anyhow::Result<Outcome> {
    #[cfg(feature = "arrow")]
    if args.format == args::ExtractFormat::Arrow {
        return super::arrow::run(args, quiet);
    }
    let wanted = args.sources.wanted()?;
    let extractor = args.reading.extractor()?;
    let reader = args.sources.reader()?;
    let progress = Progress::new(quiet);
    let mut out = Out::new();
    let mut beside = 0;
    let mut outcome = Outcome::Done;
    let mut done = 0;
    batch::run(
        || reader.open(&wanted),
        args.jobs.count(),
        |input| {
            let (article, notes) = reader.article(input)?;
            let extraction = extractor.run(article, notes);
            let mut record = Record::new(&extraction);
            if args.words {
                record = record.with_words(extractor.words());
            }
            let mut line = Vec::new();
            Ok(record.write(&mut line).map(|()| line))
        },
        |result| -> anyhow::Result<()> {
            match result {
                Ok(line) => out.write_all(&line?)?,
                Err(skip) if skip.bystanders() > 0 => beside += skip.bystanders(),
                Err(skip) => {
                    outcome = Outcome::Skipped;
                    progress.aside(|| skipped(&skip));
                }
            }
            done += 1;
            progress.say(count(done, "article", "articles"));
            Ok(())
        },
    )?;
    out.flush()?;
    progress.finish();
    if !quiet {
        bystanders(beside);
    }
    Ok(outcome)
}
