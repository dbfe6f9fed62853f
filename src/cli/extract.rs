//! `youcheng extract`: articles to JSON Lines.

use std::io::Write as _;

use youcheng::{batch, wire::Record};

use super::{
    Outcome, args,
    progress::{Done, Progress, Talk},
    shards,
    terminal::Out,
};

pub(crate) fn run(args: &args::Extract, talk: Talk) -> anyhow::Result<Outcome> {
    #[cfg(feature = "arrow")]
    if args.format == args::ExtractFormat::Arrow {
        return super::arrow::run(args, talk);
    }
    if let Some(format) = args.format.shard() {
        return shards::write(args, format, talk);
    }
    let wanted = args.sources.wanted()?;
    let extractor = args.reading.extractor()?;
    let reader = args.sources.reader()?;
    let mut progress = Progress::new(talk).of(&reader, &wanted);
    let mut out = Out::new();
    let mut beside = 0;
    let mut outcome = Outcome::Done;
    let mut done = Done::default();
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
                Ok(line) => {
                    done.articles += 1;
                    out.write_all(&line?)?;
                }
                Err(skip) if skip.bystanders() > 0 => beside += skip.bystanders(),
                Err(skip) => {
                    outcome = Outcome::Skipped;
                    done.skips += 1;
                    progress.skipped(&skip);
                }
            }
            progress.at(done);
            Ok(())
        },
    )?;
    out.flush()?;
    progress.end(done);
    talk.bystanders(beside);
    Ok(outcome)
}
