//! What the SPARQL protocols ask of a store: queries and updates over chosen graphs, and
//! graphs one by one.

use oxigraph::{
    model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Triple},
    sparql::{
        CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator,
        UpdateEvaluationError,
    },
};
use spargebra::{GraphUpdateOperation, Query, Update};

use super::{Store, StoreError};

/// The graphs that a request names beside its query. They come before those in the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graphs {
    /// The default graph is made of these.
    pub default: Vec<NamedNode>,
    /// These can be asked by name.
    pub named: Vec<NamedNode>,
}

impl Graphs {
    /// Whether none is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.default.is_empty() && self.named.is_empty()
    }

    fn apply(&self, dataset: &mut oxigraph::sparql::QueryDatasetSpecification) {
        dataset.set_default_graph(self.default.iter().cloned().map(GraphName::from).collect());
        dataset.set_available_named_graphs(
            self.named.iter().cloned().map(NamedOrBlankNode::from).collect(),
        );
    }
}

impl Store {
    /// Evaluates a query over these graphs, or over those that it names itself, or over the
    /// union of all.
    ///
    /// # Errors
    ///
    /// If the query asks for something that does not exist.
    pub fn evaluate_over(
        &self,
        query: Query,
        graphs: &Graphs,
        cancel: CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        if graphs.is_empty() {
            return self.evaluate(query, cancel);
        }
        let mut prepared = SparqlEvaluator::new().with_cancellation_token(cancel).for_query(query);
        graphs.apply(prepared.dataset_mut());
        prepared.on_store(&self.inner).execute()
    }

    /// Does an update, all of it or nothing, over these graphs, or over those that it names
    /// itself, or reading the union of all. It can load nothing from outside.
    ///
    /// # Errors
    ///
    /// If it asks for something that does not exist or the store cannot be written to.
    pub fn update(
        &mut self,
        update: Update,
        graphs: &Graphs,
        cancel: CancellationToken,
    ) -> Result<(), UpdateEvaluationError> {
        let own = update.operations.iter().map(has_own_graphs).collect::<Vec<_>>();
        let mut prepared =
            SparqlEvaluator::new().with_cancellation_token(cancel).for_update(update);
        for (dataset, own) in
            prepared.using_datasets_mut().zip(own.into_iter().flatten().collect::<Vec<_>>())
        {
            if !graphs.is_empty() {
                graphs.apply(dataset);
            } else if !own {
                dataset.set_default_graph_as_union();
            }
        }
        self.known.clear();
        prepared.on_store(&self.inner).execute()
    }

    /// What a graph holds, or the union of all; `None` if there is no such graph.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn graph(
        &self,
        name: Option<&NamedNode>,
    ) -> Result<Option<impl Iterator<Item = Result<Triple, StoreError>> + use<'_>>, StoreError>
    {
        let io = |error: oxigraph::store::StorageError| StoreError::io(&self.path, error.into());
        let graph = match name {
            Some(name) => {
                if !self.inner.contains_named_graph(name).map_err(io)? {
                    return Ok(None);
                }
                Some(name.as_ref().into())
            }
            None => None,
        };
        let quads = self.inner.quads_for_pattern(None, None, None, graph);
        Ok(Some(quads.map(move |quad| quad.map(Triple::from).map_err(io))))
    }
}

impl Store {
    /// All that is said about a thing, in every graph.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn about(&self, thing: &NamedNode) -> Result<Vec<Quad>, StoreError> {
        self.inner
            .quads_for_pattern(Some(thing.into()), None, None, None)
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::io(&self.path, error.into()))
    }

    /// The things of which something is said that names another thing.
    pub fn naming(
        &self,
        predicate: NamedNodeRef<'_>,
        thing: &NamedNode,
    ) -> impl Iterator<Item = Result<NamedOrBlankNode, StoreError>> + use<'_> {
        self.inner.quads_for_pattern(None, Some(predicate), Some(thing.into()), None).map(|quad| {
            match quad {
                Ok(quad) => Ok(quad.subject),
                Err(error) => Err(StoreError::io(&self.path, error.into())),
            }
        })
    }
}

/// Whether an operation says itself which graphs it reads; `None` if it reads none.
fn has_own_graphs(operation: &GraphUpdateOperation) -> Option<bool> {
    match operation {
        GraphUpdateOperation::DeleteInsert { using, .. } => Some(using.is_some()),
        _ => None,
    }
}
