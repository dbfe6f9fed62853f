//! `youcheng extract`: articles to JSON Lines.

use std::io::Write as _;

use youcheng::{
    batch,
    pipeline::Extractor,
    read::{self, Limits},
    wire::Record,
};

use super::{
    Outcome, args,
    terminal::{Out, Progress, count, inputs, skipped},
};

pub(crate) fn run(args: &args::Extract, quiet: bool) -> anyhow::Result<Outcome> {
    let paths = inputs(&args.paths)?;
    let extractor = Extractor::new(args.reading.options())?;
    let progress = Progress::new(quiet);
    let mut out = Out::new();
    let mut outcome = Outcome::Done;
    let mut done = 0;
    batch::run(
        || read::read(&paths, Limits::default()),
        args.jobs.count(),
        |article, notes| {
            let extraction = extractor.run(article, notes);
            let mut line = Vec::new();
            Record::new(&extraction).write(&mut line).map(|()| line)
        },
        |result| -> anyhow::Result<()> {
            match result {
                Ok(line) => out.write_all(&line?)?,
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
    Ok(outcome)
}
