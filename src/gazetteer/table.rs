//! [`Table`]: a table of `gazetteer/`, row by row.

use crate::rule::DataError;

/// One table: its name for messages, and its text.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) file: &'static str,
    pub(super) text: &'static str,
}

impl Table {
    /// The rows after the header, each with exactly `N` cells.
    pub(super) fn rows<const N: usize>(
        self,
    ) -> impl Iterator<Item = Result<(usize, [&'static str; N]), DataError>> {
        self.text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty()).map(
            move |(n, line)| {
                let mut cells = line.split('\t');
                let row = std::array::from_fn(|_| cells.next().unwrap_or("\u{0}"));
                if row.contains(&"\u{0}") || cells.next().is_some() {
                    return Err(self.error(n, &format!("expected {N} cells separated by tabs")));
                }
                Ok((n, row))
            },
        )
    }

    pub(super) fn error(self, row: usize, message: &str) -> DataError {
        DataError { file: self.file.into(), line: row + 1, column: 1, message: message.into() }
    }
}

macro_rules! table {
    ($name:literal) => {
        $crate::gazetteer::table::Table {
            file: concat!("gazetteer/", $name),
            text: include_str!(concat!("../../gazetteer/", $name)),
        }
    };
}

pub(super) use table;
