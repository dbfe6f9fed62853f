//! [`Role`]: what a date is for, by the words around it.

use super::{
    data::Roles, known::Known, numeral::value, pattern::back, resolve::Context, words::Parts,
};
use crate::{
    date::{Date, PartialDate},
    expression::Regex,
    rule::DataError,
};

/// What a date is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// When something was.
    Point,
    /// When a count was made: `截至2024年10月`.
    AsOf,
    /// From when on: `自2023年9月…以来`, `7月1日起`.
    Start,
    /// Until when: `2015年以前`.
    Before,
    /// After when: `2015年以后`.
    After,
    /// The day on which the story was filed: `新华社南宁11月19日电`.
    Dateline,
    /// So many years of something; the date is the inferred year of its beginning.
    Anniversary {
        /// How many.
        years: u16,
    },
    /// So many years since the last time; the date is the inferred year of that.
    Gap {
        /// How many.
        years: u16,
    },
    /// A stretch of time up to now, or from now on: `两年来`, `未来三年`.
    Span,
    /// The article's own day, as the day of a count: `截至目前`.
    Now,
    /// A word for a time that nobody can tell: `近年来`. It has no date.
    Vague,
}

impl Role {
    /// Its name, as `explain` shows it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::AsOf => "as of",
            Self::Start => "start",
            Self::Before => "before",
            Self::After => "after",
            Self::Dateline => "dateline",
            Self::Anniversary { .. } => "anniversary",
            Self::Gap { .. } => "gap",
            Self::Span => "span",
            Self::Now => "now",
            Self::Vague => "vague",
        }
    }
}

/// The compiled words around dates.
#[derive(Debug)]
pub(super) struct Around {
    as_of: Regex,
    start_before: Regex,
    from_before: Regex,
    start_after: Regex,
    clause_since: Regex,
    before_after: Regex,
    after_after: Regex,
    future_before: Regex,
    future_after: Regex,
    heading_before: Regex,
    heading_after: Regex,
    titled_year: Regex,
    event_year: Regex,
    issue_year: Regex,
}

impl Around {
    pub(super) fn new(parts: &Parts<'_>, roles: &Roles) -> Result<Self, DataError> {
        Ok(Self {
            as_of: parts.regex(&roles.as_of)?,
            start_before: parts.regex(&roles.start_before)?,
            from_before: parts.regex(&roles.from_before)?,
            start_after: parts.regex(&roles.start_after)?,
            clause_since: parts.regex(&roles.clause_since)?,
            before_after: parts.regex(&roles.before_after)?,
            after_after: parts.regex(&roles.after_after)?,
            future_before: parts.regex(&roles.future_before)?,
            future_after: parts.regex(&roles.future_after)?,
            heading_before: parts.regex(&roles.heading_before)?,
            heading_after: parts.regex(&roles.heading_after)?,
            titled_year: parts.regex(&roles.titled_year)?,
            event_year: parts.regex(&roles.event_year)?,
            issue_year: parts.regex(&roles.issue_year)?,
        })
    }

    /// What a date at a place of a passage is for.
    pub(super) fn role(&self, passage: &str, start: usize, end: usize) -> Role {
        let (before, behind) = (back(passage, 0, start).trim_end(), &passage[end..]);
        if self.as_of.is_match(before) {
            Role::AsOf
        } else if self.start_after.is_match(behind) || self.starts_clause(before, behind) {
            Role::Start
        } else if self.before_after.is_match(behind) {
            Role::Before
        } else if self.after_after.is_match(behind) {
            Role::After
        } else {
            Role::Point
        }
    }

    /// `自2023年9月，两市结好以来`.
    fn starts_clause(&self, before: &str, behind: &str) -> bool {
        if self.start_before.is_match(before) {
            return true;
        }
        self.from_before.is_match(before) && self.clause_since.is_match(behind)
    }

    /// Whether the words around speak of what is to come.
    pub(super) fn future(&self, passage: &str, start: usize, end: usize) -> bool {
        self.future_before.is_match(back(passage, 0, start))
            || self.future_after.is_match(&passage[end..])
    }

    /// Whether a passage is a heading that only says when what is below it was.
    pub(super) fn heads(&self, passage: &str, start: usize, end: usize) -> bool {
        self.heading_before.is_match(&passage[..start])
            && self.heading_after.is_match(&passage[end..])
    }

    /// The year of the event or the report that a title names.
    pub(super) fn titled_year(&self, title: &str) -> Option<i16> {
        year_in(&self.titled_year, title)
    }

    /// The year of an event that a sentence names.
    pub(super) fn event_year(&self, sentence: &str) -> Option<i16> {
        year_in(&self.event_year, sentence)
    }

    /// The year of the issue from which a text was taken.
    pub(super) fn issue_year(&self, text: &str) -> Option<i16> {
        year_in(&self.issue_year, text)
    }

    /// Whether a span is up to now: `2003年至今`.
    pub(super) fn till_now(behind: &str) -> bool {
        ["至今", "到今", "到现在", "至现在", "到目前", "至目前"]
            .iter()
            .any(|word| behind.starts_with(word))
    }
}

/// The year that an expression finds in a text.
fn year_in(regex: &Regex, text: &str) -> Option<i16> {
    if !text.contains(|c: char| c.is_numeric()) {
        return None;
    }
    let found = regex.captures(text)?.name("y")?;
    i16::try_from(value(found.as_str())?).ok()
}

/// What `以来`, `至今`, `以前` and `以后` make of a date.
pub(super) fn widened(
    date: &Date,
    role: Role,
    context: &Context,
    passage: &str,
    end: usize,
) -> Option<Date> {
    let (first, last) = (date.earliest?, date.latest?);
    let today = context.anchor.partial();
    let partial = date.partial();
    match role {
        Role::Start if Around::till_now(&passage[end..]) => {
            Date::interval(partial?, today?, date.basis)
        }
        Role::Start => Some(Date::since(partial.unwrap_or(PartialDate::Day(first)), date.basis)),
        Role::Before => match today {
            Some(today) if today.latest() < first => {
                Date::interval(today, partial.unwrap_or(PartialDate::Day(last)), date.basis)
            }
            _ => {
                let end = match partial? {
                    PartialDate::Year(year) => PartialDate::year(year - 1)?,
                    PartialDate::Month(year, month) => {
                        Known { year: Some(year), month: Some(month), day: None }
                            .add_months(-1)?
                            .partial()?
                    }
                    PartialDate::Day(day) => Known::day(day.yesterday().ok()?).partial()?,
                };
                Some(Date::until(end, date.basis))
            }
        },
        Role::After => Some(Date::since(partial.unwrap_or(PartialDate::Day(last)), date.basis)),
        _ => None,
    }
}
