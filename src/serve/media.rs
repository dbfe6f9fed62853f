//! Media types: what an answer can be written as, and what a client would rather have.

use oxigraph::{
    io::{JsonLdProfileSet, RdfFormat},
    sparql::results::QueryResultsFormat,
};

use super::problem::Problem;

/// A way to write something, with its media types and the name that `format=` takes.
pub(super) struct Media<F: 'static> {
    pub(super) format: F,
    /// The first is the one that is sent.
    types: &'static [&'static str],
    pub(super) name: &'static str,
}

/// Rows and answers of yes or no, what is taken first when all are welcome.
pub(super) const ROWS: [Media<QueryResultsFormat>; 4] = [
    Media {
        format: QueryResultsFormat::Json,
        types: &["application/sparql-results+json", "application/json", "text/json"],
        name: "json",
    },
    Media {
        format: QueryResultsFormat::Xml,
        types: &["application/sparql-results+xml", "application/xml", "text/xml"],
        name: "xml",
    },
    Media { format: QueryResultsFormat::Csv, types: &["text/csv"], name: "csv" },
    Media {
        format: QueryResultsFormat::Tsv,
        types: &["text/tab-separated-values", "text/tsv"],
        name: "tsv",
    },
];

/// Graphs.
pub(super) const GRAPHS: [Media<RdfFormat>; 7] = [
    Media {
        format: RdfFormat::Turtle,
        types: &["text/turtle", "application/x-turtle", "application/turtle"],
        name: "turtle",
    },
    Media {
        format: RdfFormat::NTriples,
        types: &["application/n-triples", "text/plain"],
        name: "ntriples",
    },
    Media {
        format: RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
        types: &["application/ld+json", "application/json"],
        name: "jsonld",
    },
    Media {
        format: RdfFormat::RdfXml,
        types: &["application/rdf+xml", "application/xml", "text/xml"],
        name: "rdfxml",
    },
    Media { format: RdfFormat::TriG, types: &["application/trig"], name: "trig" },
    Media { format: RdfFormat::NQuads, types: &["application/n-quads"], name: "nquads" },
    Media { format: RdfFormat::N3, types: &["text/n3"], name: "n3" },
];

impl<F> Media<F> {
    /// The header of what is written so.
    pub(super) fn header(&self) -> String {
        let media = self.types[0];
        if media.starts_with("text/") {
            format!("{media}; charset=utf-8")
        } else {
            media.to_owned()
        }
    }
}

/// Of these, what the client asked for by name, or would rather have.
pub(super) fn choose<F>(
    known: &'static [Media<F>],
    name: Option<&str>,
    accept: Option<&str>,
) -> Result<&'static Media<F>, Problem> {
    let names = || known.iter().map(|media| media.name).collect::<Vec<_>>().join(", ");
    if let Some(name) = name {
        return known.iter().find(|media| media.name == name).ok_or_else(|| {
            Problem::new(406, format!("this answer cannot be written as {name}"))
                .hint(format!("take one of: {}", names()))
        });
    }
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return Ok(&known[0]);
    };
    let wanted: Vec<_> = accept.split(',').filter_map(Wanted::parse).collect();
    // What is named outright counts for more than what a star covers.
    let weight = |media: &Media<F>| {
        media
            .types
            .iter()
            .filter_map(|media| {
                wanted
                    .iter()
                    .filter_map(|wanted| Some((wanted.fits(media)?, wanted.quality)))
                    .max_by_key(|(exact, _)| *exact)
                    .map(|(_, quality)| quality)
            })
            .max()
            .unwrap_or(0)
    };
    let mut best = None;
    for media in known {
        let weight = weight(media);
        if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, media));
        }
    }
    best.map(|(_, media)| media).ok_or_else(|| {
        let types: Vec<_> = known.iter().map(|media| media.types[0]).collect();
        Problem::new(406, "nothing that you accept can hold this answer")
            .hint(format!("accept one of: {}", types.join(", ")))
    })
}

/// One of the types that a client accepts.
struct Wanted {
    kind: String,
    subtype: String,
    /// In thousandths.
    quality: u32,
}

impl Wanted {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        let quality = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.trim().parse::<f32>().ok())
            .unwrap_or(1.0)
            .clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
        let quality = (quality * 1000.0) as u32;
        Some(Self {
            kind: kind.to_ascii_lowercase(),
            subtype: subtype.to_ascii_lowercase(),
            quality,
        })
    }

    /// How exactly it names a type; `None` if it does not.
    fn fits(&self, media: &str) -> Option<u8> {
        let (kind, subtype) = media.split_once('/')?;
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*", "*") => Some(0),
            (k, "*") if k == kind => Some(1),
            (k, s) if k == kind && s == subtype => Some(2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_would_rather_have_is_taken() {
        for (accept, name) in [
            (None, "json"),
            (Some("*/*"), "json"),
            (Some("text/csv"), "csv"),
            (Some("text/csv;q=0.5, application/sparql-results+xml"), "xml"),
            (Some("application/xml"), "xml"),
            (Some("text/html,application/xhtml+xml,*/*;q=0.8"), "json"),
            (Some("application/json;q=0, */*"), "json"),
            (Some("text/*;q=0.3, text/tab-separated-values;q=0.9"), "tsv"),
        ] {
            assert_eq!(choose(&ROWS, None, accept).map(|it| it.name), Ok(name), "{accept:?}");
        }
        assert_eq!(
            choose(&ROWS, None, Some("image/png")).map(|it| it.name).unwrap_err().status,
            406
        );
        assert_eq!(
            choose(&GRAPHS, None, Some("application/rdf+xml")).map(|it| it.name),
            Ok("rdfxml")
        );
        assert_eq!(
            choose(&GRAPHS, None, Some("application/sparql-results+json, text/turtle;q=0.9"))
                .map(|it| it.name),
            Ok("turtle")
        );
        assert_eq!(
            choose(&GRAPHS, Some("jsonld"), Some("text/turtle")).map(|it| it.name),
            Ok("jsonld")
        );
        assert!(choose(&GRAPHS, Some("csv"), None).is_err());
    }
}
