//! [`Said`]: a claim as merging needs it.

use std::sync::Arc;

use oxrdf::{NamedNode, Term};

use crate::{
    agreement::Status,
    article::ArticleId,
    date::Basis,
    rdf::{
        key::{self, When},
        vocab::yc,
    },
};

/// What one claim says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The number of the claim.
    pub claim: u128,
    /// The article, or the one that it is a copy of.
    pub article: ArticleId,
    /// What became of the tie.
    pub status: Status,
    /// When.
    pub when: Option<When>,
    /// How that is known.
    pub basis: Option<Basis>,
    /// The title of the document.
    pub instrument: Option<Arc<str>>,
    /// How sure the rule is.
    pub confidence: f32,
}

impl Said {
    /// The claim that these statements about it make; `None` if they make none.
    pub fn of<'a>(
        claim: u128,
        article: ArticleId,
        statements: impl IntoIterator<Item = (&'a NamedNode, &'a Term)>,
    ) -> Option<Self> {
        let mut status = None;
        let mut said = Self {
            claim,
            article,
            status: Status::Planned,
            when: None,
            basis: None,
            instrument: None,
            confidence: 0.0,
        };
        for (predicate, object) in statements {
            match object {
                Term::NamedNode(node) => {
                    let iri = node.as_str();
                    if *predicate == yc::STATUS {
                        status = key::concept(iri, &Status::ALL);
                    } else if *predicate == yc::DATE {
                        said.when = When::of(iri);
                    } else if *predicate == yc::BASIS {
                        said.basis = key::concept(iri, &Basis::ALL);
                    }
                }
                Term::Literal(literal) => {
                    if *predicate == yc::INSTRUMENT {
                        said.instrument = Some(literal.value().into());
                    } else if *predicate == yc::CONFIDENCE {
                        said.confidence = literal.value().parse().unwrap_or(0.0);
                    }
                }
                _ => {}
            }
        }
        said.status = status?;
        Some(said)
    }

    /// Whether it is about the beginning of a tie: its signing, its existence, or an
    /// anniversary, whose date is that of the beginning.
    pub(super) fn is_founding(&self) -> bool {
        matches!(self.status, Status::Signed | Status::Established | Status::Anniversary)
    }
}
