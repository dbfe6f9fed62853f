//! `youcheng extract --format arrow`: articles to a stream of Arrow record batches.

use std::io::Write as _;

use arrow_ipc::writer::StreamWriter;
use youcheng::{
    batch,
    columns::{self, Row},
};

use super::{
    Outcome, args,
    progress::Progress,
    terminal::{Out, bystanders, count, skipped},
};

/// Rows of a batch.
const ROWS: usize = 128;

/// Every row of a table gives a row, in its order, also when it gives no article: `error`
/// says why then. Of files, those that hold no article give none.
pub(super) fn run(args: &args::Extract, quiet: bool) -> anyhow::Result<Outcome> {
    let wanted = args.sources.wanted()?;
    let extractor = args.reading.extractor()?;
    let reader = args.sources.reader()?;
    let progress = Progress::new(quiet);
    let mut out = StreamWriter::try_new(Out::new(), &columns::schema())?;
    let mut rows = Vec::with_capacity(ROWS);
    let (mut number, mut beside) = (0, 0);
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
                    progress.aside(|| skipped(&skip));
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
    progress.finish();
    if !quiet {
        bystanders(beside);
    }
    Ok(outcome)
}
