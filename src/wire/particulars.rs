//! What `extract` writes of a signing besides who, what and when.

use serde::Serialize;

use crate::{
    offset::Offsets,
    particulars,
    pipeline::Extraction,
    text::{Clean, Span},
};

/// The fields that an agreement has behind those of the first contract. What the text does not
/// say is `null` or an empty list.
#[derive(Debug, Serialize)]
pub(super) struct Particulars<'a> {
    instrument_span: Option<[u32; 2]>,
    signatories: Vec<Signatory<'a>>,
    place_of_signing: Option<Venue<'a>>,
    occasion: Option<Words<'a>>,
    mode: Option<&'static str>,
    mode_span: Option<[u32; 2]>,
    fields: Vec<Words<'a>>,
}

#[derive(Debug, Serialize)]
struct Signatory<'a> {
    name: &'a str,
    office: &'a str,
    r#for: Option<&'static str>,
    start: u32,
    end: u32,
    office_span: [u32; 2],
}

#[derive(Debug, Serialize)]
struct Venue<'a> {
    text: &'a str,
    place: Option<String>,
    start: u32,
    end: u32,
}

#[derive(Debug, Serialize)]
struct Words<'a> {
    text: &'a str,
    start: u32,
    end: u32,
}

impl<'a> Particulars<'a> {
    pub(super) fn new(
        extraction: &'a Extraction,
        offsets: &Offsets<'_>,
        told: &'a particulars::Particulars,
    ) -> Self {
        let text = |span| extraction.article.text.at(span);
        let words = |span: Span<Clean>| {
            let [start, end] = offsets.clean(span);
            Words { text: text(span), start, end }
        };
        Self {
            instrument_span: told.instrument.map(|span| offsets.clean(span)),
            signatories: told
                .signatories
                .iter()
                .map(|it| {
                    let [start, end] = offsets.clean(it.name);
                    Signatory {
                        name: text(it.name),
                        office: text(it.office),
                        r#for: it.party.map(|party| if party == 0 { "a" } else { "b" }),
                        start,
                        end,
                        office_span: offsets.clean(it.office),
                    }
                })
                .collect(),
            place_of_signing: told.place.as_ref().map(|venue| {
                let Words { text, start, end } = words(venue.span);
                Venue { text, place: venue.place.as_ref().map(|it| it.key.to_string()), start, end }
            }),
            occasion: told.occasion.map(words),
            mode: told.mode.map(|(mode, _)| mode.name()),
            mode_span: told.mode.map(|(_, span)| offsets.clean(span)),
            fields: told.fields.iter().map(|span| words(*span)).collect(),
        }
    }
}
