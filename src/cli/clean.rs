//! `youcheng clean`: the clean text of articles, or what went and why.

use std::io::{self, Write as _};

use youcheng::{
    batch,
    clean::Cleaner,
    segment::{self, Segmenter},
    wire::Cleaned,
};

use super::{
    Outcome, args,
    diff::Diff,
    progress::{Done, Progress, Talk},
    terminal::{Out, count},
};

pub(crate) fn run(args: &args::Clean, talk: Talk) -> anyhow::Result<Outcome> {
    let wanted = args.sources.wanted()?;
    let reader = args.sources.reader()?;
    let cleaner = Cleaner::new()?;
    let segmenter = Segmenter::new()?;
    let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let progress = Progress::new(talk);
    let mut out = Out::new();
    let mut outcome = Outcome::Done;
    let (mut beside, mut done, mut written) = (0, 0, 0);
    batch::run(
        || reader.open(&wanted),
        args.jobs.count(),
        |input| {
            let (mut article, mut notes) = reader.article(input)?;
            cleaner.run(&mut article, &mut notes);
            if !(args.json || args.diff) {
                let text = article.text.clean().trim_end_matches('\n');
                return Ok(Ok(format!("{text}\n").into_bytes()));
            }
            let passages = segmenter.run(&article, &mut notes);
            let title = segment::title(&article, &passages);
            if args.diff {
                return Ok(Ok(Diff::new(colour).of(&article, title, &notes).into_bytes()));
            }
            let mut line = Vec::new();
            Ok(Cleaned::new(&article, title, &passages, &notes).write(&mut line).map(|()| line))
        },
        |result| -> anyhow::Result<()> {
            match result {
                Ok(page) => {
                    if written > 0 && !args.json {
                        out.write_all(b"\n")?;
                    }
                    out.write_all(&page?)?;
                    written += 1;
                }
                Err(skip) if skip.bystanders() > 0 => {
                    beside += skip.bystanders();
                    return Ok(());
                }
                Err(skip) => {
                    outcome = Outcome::Skipped;
                    progress.skipped(&skip);
                }
            }
            done += 1;
            progress.say(count(done, "article", "articles"));
            Ok(())
        },
    )?;
    out.flush()?;
    progress.end(Done { articles: written, agreements: None, skips: done - written });
    talk.bystanders(beside);
    Ok(outcome)
}
