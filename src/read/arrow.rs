//! [`Batches`]: the rows of an Arrow IPC stream, one batch at a time.

use arrow_ipc::reader::StreamReader;

use super::{
    error::{ReadError, brief},
    input::Input,
    stream::Stream,
    table::Articles,
};
use crate::{article::Source, guard};

/// The articles of a stream. Every row gives an article or an error.
pub(super) struct Batches {
    /// Nothing after the end, or after damage: what follows cannot be found.
    reader: Option<StreamReader<Stream>>,
    source: Source,
    limit: usize,
    articles: Option<Articles>,
    /// Which row of the batch comes next, and how many of the stream there were.
    next: usize,
    row: u32,
}

impl Batches {
    pub(super) fn new(stream: Stream, source: Source, limit: usize) -> Result<Self, ReadError> {
        match guard::quietly(|| StreamReader::try_new(stream, None)) {
            Ok(Ok(reader)) => {
                Ok(Self { reader: Some(reader), source, limit, articles: None, next: 0, row: 0 })
            }
            Ok(Err(error)) => Err(broken(&source, &error.to_string())),
            Err(panic) => Err(broken(&source, &panic)),
        }
    }
}

fn broken(source: &Source, what: &str) -> ReadError {
    let what = format!("the Arrow stream is damaged or cut off ({})", brief(what));
    ReadError::Broken(source.clone(), what)
}

impl Iterator for Batches {
    type Item = Result<Input, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(articles) = self.articles.as_ref().filter(|all| self.next < all.len()) {
                let input = articles.input(self.next, self.limit);
                self.next += 1;
                self.row += 1;
                let here = Source { line: Some(self.row), ..self.source.clone() };
                return Some(match input {
                    Ok(mut input) => {
                        if input.source.file.is_none() && input.source.line.is_none() {
                            input.source = here;
                        }
                        Ok(input)
                    }
                    Err(what) => Err(ReadError::Broken(here, what)),
                });
            }
            let reader = self.reader.as_mut()?;
            let failed = match guard::quietly(|| reader.next()) {
                Ok(None) => {
                    self.reader = None;
                    return None;
                }
                Ok(Some(Ok(batch))) => match Articles::new(&batch) {
                    Ok(articles) => {
                        self.articles = Some(articles);
                        self.next = 0;
                        continue;
                    }
                    Err(what) => ReadError::Broken(self.source.clone(), what),
                },
                Ok(Some(Err(error))) => broken(&self.source, &error.to_string()),
                Err(panic) => broken(&self.source, &panic),
            };
            self.reader = None;
            return Some(Err(failed));
        }
    }
}
