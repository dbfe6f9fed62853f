//! [`Stored`]: what merging asks, answered by the store.

use oxigraph::{
    model::{GraphName, GraphNameRef, Literal, NamedNode, NamedOrBlankNode, Quad, Term, TermRef},
    store::{StorageError, Transaction},
};

use crate::{
    agreement::AgreementKey,
    article::ArticleId,
    merge::{Facts, Said, linked_place},
    place::{CountryCode, PlaceKey},
    rdf::{
        emit::{GEONAMES, graph_of, zh},
        iri, key,
        vocab::{dcterms, skos, yc},
    },
};

/// A store, as far as it has been written.
pub(super) struct Stored<'a, 'b>(pub(super) &'a Transaction<'b>);

impl Stored<'_, '_> {
    /// The subjects that a predicate and an object have in a graph, or in any.
    fn subjects<T>(
        &self,
        predicate: oxigraph::model::NamedNodeRef<'_>,
        object: TermRef<'_>,
        graph: Option<GraphNameRef<'_>>,
        read: impl Fn(&Quad, &str) -> Option<T>,
    ) -> Result<Vec<T>, StorageError> {
        let mut found = Vec::new();
        for quad in self.0.quads_for_pattern(None, Some(predicate), Some(object), graph) {
            let quad = quad?;
            if let NamedOrBlankNode::NamedNode(subject) = &quad.subject {
                found.extend(read(&quad, subject.as_str()));
            }
        }
        Ok(found)
    }

    fn about(
        &self,
        subject: &NamedNode,
        graph: Option<GraphNameRef<'_>>,
    ) -> Result<Vec<Quad>, StorageError> {
        self.0.quads_for_pattern(Some(subject.into()), None, None, graph).collect()
    }

    /// The article of which this one is a copy, or itself.
    fn root(&self, article: ArticleId) -> Result<ArticleId, StorageError> {
        let node = iri::article(&article);
        let graph = Some(iri::duplicates().into());
        let copies =
            self.0.quads_for_pattern(Some((&node).into()), Some(yc::DUPLICATE_OF), None, graph);
        for quad in copies {
            if let Term::NamedNode(root) = quad?.object
                && let Some(root) = key::article(root.as_str())
            {
                return Ok(root);
            }
        }
        Ok(article)
    }
}

impl Facts for Stored<'_, '_> {
    type Error = StorageError;

    fn ties(&self, place: &PlaceKey) -> Result<Vec<AgreementKey>, StorageError> {
        let node = iri::place(place);
        let shared = Some(iri::shared().into());
        self.subjects(yc::BETWEEN, (&node).into(), shared, |_, iri| key::tie(iri))
    }

    fn claims(&self, tie: &AgreementKey) -> Result<Vec<Said>, StorageError> {
        let node = iri::tie(tie);
        let claims = self.subjects(yc::ASSERTS, (&node).into(), None, |quad, iri| {
            Some((NamedNode::new_unchecked(iri), key::claim(iri)?, graph_of(quad)?.clone()))
        })?;
        let mut said = Vec::with_capacity(claims.len());
        for (node, number, graph) in claims {
            let Some(article) = key::graph(graph.as_str()) else { continue };
            let quads = self.about(&node, Some(GraphNameRef::from(&GraphName::from(graph))))?;
            let statements = quads.iter().map(|quad| (&quad.predicate, &quad.object));
            said.extend(Said::of(number, self.root(article)?, statements));
        }
        Ok(said)
    }

    fn named(&self, names: &[String]) -> Result<Vec<PlaceKey>, StorageError> {
        let mut places = Vec::new();
        for name in names {
            let name: Literal = zh(name);
            let shared = Some(iri::shared().into());
            let found =
                self.subjects(skos::PREF_LABEL, (&name).into(), shared, |_, iri| key::place(iri))?;
            places.extend(found);
        }
        Ok(places)
    }

    fn place(
        &self,
        place: &PlaceKey,
    ) -> Result<(Option<String>, Option<CountryCode>), StorageError> {
        let (mut name, mut country) = (None, None);
        for quad in self.about(&iri::place(place), Some(iri::shared().into()))? {
            match quad.object {
                Term::Literal(label) if quad.predicate == skos::PREF_LABEL => {
                    name = Some(label.destruct().0);
                }
                Term::NamedNode(land) if quad.predicate == yc::COUNTRY => {
                    country = key::country(land.as_str());
                }
                _ => {}
            }
        }
        Ok((name, country))
    }

    fn links(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, StorageError> {
        let node = iri::place(place);
        let mut places = Vec::new();
        let links = (Some((&node).into()), Some(skos::CLOSE_MATCH));
        for quad in self.0.quads_for_pattern(links.0, links.1, None, None) {
            if let Term::NamedNode(record) = quad?.object {
                places.extend(linked_place(record.as_str()));
            }
        }
        Ok(places)
    }

    fn linked(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, StorageError> {
        let Some(id) = place.0.strip_prefix("gn:") else { return Ok(Vec::new()) };
        let Ok(record) = NamedNode::new([GEONAMES, id, "/"].concat()) else {
            return Ok(Vec::new());
        };
        self.subjects(skos::CLOSE_MATCH, (&record).into(), None, |_, iri| key::place(iri))
    }

    fn merged_into(&self, place: &PlaceKey) -> Result<Option<PlaceKey>, StorageError> {
        let node = iri::place(place);
        let graph = Some(iri::agreements().into());
        let replaced = Some(dcterms::IS_REPLACED_BY);
        for quad in self.0.quads_for_pattern(Some((&node).into()), replaced, None, graph) {
            if let Term::NamedNode(home) = quad?.object {
                return Ok(key::place(home.as_str()));
            }
        }
        Ok(None)
    }

    fn merged_from(&self, place: &PlaceKey) -> Result<Vec<PlaceKey>, StorageError> {
        let node = iri::place(place);
        let graph = Some(iri::agreements().into());
        self.subjects(dcterms::IS_REPLACED_BY, (&node).into(), graph, |_, iri| key::place(iri))
    }
}
