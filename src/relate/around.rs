//! [`Around`]: the words around places, dates and acts that say what these do there.

use serde::Deserialize;

/// The table `[around]` of a rule file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Around {
    /// What names of places and bodies end with.
    name_ends: Vec<String>,
    /// They stand before a place that only says where something happens.
    at: Vec<String>,
    /// Words that only end like those.
    not_at: Vec<String>,
    /// Behind a place that 由 stands before, they say that its people came.
    led: Vec<String>,
    /// Up to the comma behind a place, they end the name of an event.
    events: Vec<String>,
    /// They stand before a place that is an object.
    object: Vec<String>,
    /// Words that only end like those.
    not_object: Vec<String>,
    /// Behind a member of a list that a comma leads to, they begin a clause of its own.
    leaves: Vec<String>,
    /// A clause that begins with one of them tells of another act.
    anew: Vec<String>,
    /// They stand between an act and the date behind it: 结好于1979年.
    dated: Vec<String>,
    /// They stand behind a date that follows what it dates: 2014年8月22日缔结.
    dates: Vec<String>,
    /// They lead to a list of dates behind an act.
    each: Vec<String>,
    /// They lead to a date further behind, whatever stands before them.
    leads: Vec<String>,
    /// They lead to it within the clause.
    leads_in_clause: Vec<String>,
}

impl Around {
    /// The words of several files.
    pub(super) fn of<'f>(files: impl Iterator<Item = &'f Self>) -> Self {
        let mut all = Self::default();
        for file in files {
            for (words, more) in [
                (&mut all.name_ends, &file.name_ends),
                (&mut all.at, &file.at),
                (&mut all.not_at, &file.not_at),
                (&mut all.led, &file.led),
                (&mut all.events, &file.events),
                (&mut all.object, &file.object),
                (&mut all.not_object, &file.not_object),
                (&mut all.leaves, &file.leaves),
                (&mut all.anew, &file.anew),
                (&mut all.dated, &file.dated),
                (&mut all.dates, &file.dates),
                (&mut all.each, &file.each),
                (&mut all.leads, &file.leads),
                (&mut all.leads_in_clause, &file.leads_in_clause),
            ] {
                words.extend_from_slice(more);
            }
        }
        all
    }

    /// Whether a text ends as names do.
    pub(super) fn ends_name(&self, text: &str) -> bool {
        ends(text, &self.name_ends)
    }

    /// Whether what follows a text is where something happens.
    pub(super) fn locates(&self, before: &str) -> bool {
        ends(before, &self.at) && !ends(before, &self.not_at)
    }

    /// Whether a place only belongs to the name of an event: 湖南国际友城周上.
    pub(super) fn is_event(&self, behind: &str) -> bool {
        let clause = behind.split([',', '，']).next().unwrap_or(behind);
        clause.len() < behind.len() && ends(clause, &self.events)
    }

    /// Whether what stands behind a place says that somebody from it leads a delegation.
    pub(super) fn is_led(&self, behind: &str) -> bool {
        let clause = behind.split([',', '，']).next().unwrap_or(behind);
        self.led.iter().any(|word| clause.contains(word))
    }

    /// Whether what follows a text is an object.
    pub(super) fn is_object(&self, before: &str) -> bool {
        ends(before, &self.object) && !ends(before, &self.not_object)
    }

    /// Whether what stands behind a place makes it the subject of a clause.
    pub(super) fn leaves(&self, behind: &str) -> bool {
        self.leaves.iter().any(|word| behind.starts_with(word))
    }

    /// Whether the first characters of a clause say that it tells of another act.
    pub(super) fn is_anew(&self, begin: &str) -> bool {
        self.anew.iter().any(|word| begin.contains(word))
    }

    /// Whether a text leads from an act to its date.
    pub(super) fn dates_at_once(&self, between: &str) -> bool {
        ends(between, &self.dated)
    }

    /// Whether a text behind a date says that this dates what stands before.
    pub(super) fn is_dated_by(&self, behind: &str) -> bool {
        self.dates.iter().any(|word| behind.starts_with(word))
    }

    /// Whether a text leads from an act to the dates of all that it ties.
    pub(super) fn leads_to_each(&self, between: &str) -> bool {
        ends(between, &self.each)
    }

    /// Whether a text leads from an act to a date further behind.
    pub(super) fn leads_to_date(&self, between: &str) -> bool {
        ends(between, &self.leads)
            || !between.contains([',', '，']) && ends(between, &self.leads_in_clause)
    }
}

fn ends(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.ends_with(word.as_str()))
}
