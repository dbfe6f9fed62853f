//! [`Particulars`]: what an article tells of a signing besides who, what and when. Each is
//! there only if the text says it, and says where.

use std::sync::Arc;

use crate::{
    place::Place,
    text::{Clean, Span},
};

/// How a signing is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Particulars {
    /// Where the title of the document stands, if it stands in the sentence.
    pub instrument: Option<Span<Clean>>,
    /// Who signed, in the order of the text.
    pub signatories: Vec<Signatory>,
    /// Where.
    pub place: Option<Venue>,
    /// At which event.
    pub occasion: Option<Span<Clean>>,
    /// In one room or not.
    pub mode: Option<(Mode, Span<Clean>)>,
    /// In which fields the two will work together.
    pub fields: Vec<Span<Clean>>,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatory {
    /// The name of the person.
    pub name: Span<Clean>,
    /// The office.
    pub office: Span<Clean>,
    /// For which of the two parties; none if the text does not tell.
    pub party: Option<usize>,
}

/// Where something was signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Venue {
    /// In the words of the text.
    pub span: Span<Clean>,
    /// The place in or of which it is, if one is named.
    pub place: Option<Arc<Place>>,
}

/// Whether those who signed met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They met.
    OnSite,
    /// They saw each other on a screen.
    Online,
}

impl Mode {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OnSite => "on-site",
            Self::Online => "online",
        }
    }
}

impl Particulars {
    /// As examples of rules write them: `signatory 王某 市长 a`, `place 某市`, `field 教育`.
    #[must_use]
    pub fn lines(&self, clean: &str) -> Vec<String> {
        let at = |span: Span<Clean>| clean.get(span.range()).unwrap_or("");
        let mut lines = Vec::new();
        lines.extend(self.instrument.map(|span| format!("instrument {}", at(span))));
        for it in &self.signatories {
            let side = it.party.map_or("-", |party| if party == 0 { "a" } else { "b" });
            lines.push(format!("signatory {} {} {side}", at(it.name), at(it.office)));
        }
        lines.extend(self.place.as_ref().map(|venue| format!("place {}", at(venue.span))));
        lines.extend(self.occasion.map(|span| format!("occasion {}", at(span))));
        lines.extend(self.mode.map(|(mode, _)| mode.name().to_owned()));
        lines.extend(self.fields.iter().map(|span| format!("field {}", at(*span))));
        lines
    }
}
