//! The dates of cells, which need no words around them: 1979.03.14, 1999.

use super::{List, rules::TableRules};
use crate::{
    date::{Basis, Date, PartialDate},
    recognise::Of,
    relate::context::mentions_in,
    text::{Clean, Span},
};

impl List<'_> {
    /// The dates in a stretch, with where they begin.
    pub(super) fn dates(&self, at: Span<Clean>) -> Vec<(u32, Date)> {
        let mut dates: Vec<(Span<Clean>, Date)> = Vec::new();
        for mention in mentions_in(self.mentions, at) {
            if let Of::Date(date, ..) = &mention.of
                && at.contains(mention.span)
            {
                dates.push((mention.span, date.clone()));
            }
        }
        let text = &self.clean[at.range()];
        for found in self.tables.day.find_iter(text) {
            let start = at.start as usize + found.start();
            let span = Span::new(start..start + found.len());
            let told = dates.iter().any(|(known, _)| known.overlaps(span));
            let digit = text[..found.start()].ends_with(|c: char| c.is_ascii_digit())
                || text[found.end()..].starts_with(|c: char| c.is_ascii_digit());
            if !told
                && !digit
                && let Some(date) = read(self.tables, found.as_str())
            {
                dates.push((span, date));
            }
        }
        dates.sort_by_key(|(span, _)| *span);
        dates.into_iter().map(|(span, date)| (span.start, date)).collect()
    }
}

/// The value of a date as cells write it; the year alone if the rest is no date.
fn read(rules: &TableRules, written: &str) -> Option<Date> {
    let groups = rules.day.captures(written)?;
    let number = |n: usize| groups.get(n).and_then(|group| group.as_str().parse::<i16>().ok());
    let narrow = |n: i16| i8::try_from(n).ok();
    let year = number(1)?;
    let month = number(2).and_then(narrow);
    let day = number(3).and_then(narrow);
    let date = match (month, day) {
        (Some(month), Some(day)) => PartialDate::day(year, month, day),
        (Some(month), None) => PartialDate::month(year, month),
        _ => None,
    };
    Some(Date::new(date.or_else(|| PartialDate::year(year))?, Basis::Stated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relate::grammar::RuleFile;

    #[test]
    fn cells_write_dates_in_many_ways() {
        let toml = include_str!("../../../rules/table.toml");
        let rules = TableRules::new(&[RuleFile::bundled("rules/table.toml", toml)]).unwrap();
        for (written, expect) in [
            ("1979.03.14", "1979-03-14"),
            ("1996-10-5", "1996-10-05"),
            ("2007年10月", "2007-10"),
            ("2019", "2019"),
            ("2013—2016", "2013"),
            ("2012年9月21日", "2012-09-21"),
        ] {
            assert_eq!(read(&rules, written).unwrap().edtf, expect, "{written}");
        }
    }
}
