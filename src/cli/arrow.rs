//! `youcheng extract --format arrow`: articles to a stream of Arrow record batches.

use std::io::Write as _;

use arrow_ipc::writer::StreamWriter;
use youcheng::{
    batch,
    columns::{self, Row},
};

use super::{
    Outcome, args,
    progress::{Done, Progress, Talk},
    terminal::{Out, count},
};

/// Rows of a batch.
const ROWS: usize = 128;

/// Every row of a table gives a row, in its order, also when it gives no article: `error`
/// says why then. Of files, those that hold no article give none.
pub(super) fn run(args: &args::Extract, talk: Talk) -> anyhow::Result<Outcome> {
    let wanted = args.sources.wanted()?;
    let extractor = args.reading.extractor()?;
    let reader = args.sources.reader()?;
    let progress = Progress::new(talk);
    let mut out = StreamWriter::try_new(Out::new(), &columns::schema())?;
    let mut rows = Vec::with_capacity(ROWS);
    let (mut number, mut beside, mut skips) = (0, 0, 0);
    let mut outcome = Outcome::Done;
    batch::run(
        || reader.open(&wanted),
        args.jobs.count(),
        |input| {
            let (article, notes) = reader.article(input)?;
            Ok(extractor.run(article, notes))
        },
        |result| -> anyhow::Result<()> {
            let result = match result {
                Ok(extraction) => Ok(extraction),
                Err(skip) if skip.bystanders() > 0 => {
                    beside += skip.bystanders();
                    return Ok(());
                }
                Err(skip) => {
                    outcome = Outcome::Skipped;
                    skips += 1;
                    progress.skipped(&skip);
                    Err(skip.to_string())
                }
            };
            rows.push(Row { number, result });
            number += 1;
            if rows.len() == ROWS {
                out.write(&columns::batch(&rows)?)?;
                rows.clear();
            }
            progress.say(count(usize::try_from(number).unwrap_or(0), "article", "articles"));
            Ok(())
        },
    )?;
    if !rows.is_empty() {
        out.write(&columns::batch(&rows)?)?;
    }
    out.finish()?;
    out.into_inner()?.flush()?;
    let articles = usize::try_from(number).unwrap_or(0) - skips;
    progress.end(Done { articles, agreements: None, skips });
    talk.bystanders(beside);
    Ok(outcome)
}
