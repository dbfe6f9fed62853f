//! Rows in the order that a query asks for.
//!
//! Oxigraph reads both terms from the disk for every comparison, so that sorting takes
//! longer than finding. Here each term is read once. Rows that are equal by what the query
//! sorts by are sorted by the rest, so that an answer does not depend on how it was found.

use std::{cmp::Ordering, sync::Arc};

use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter};
use oxrdf::{Literal, Term, Variable};
use spargebra::{
    Query,
    algebra::{Expression, GraphPattern, OrderExpression},
};

/// How many rows are kept as text; Oxigraph's way takes longer and less memory.
const ROWS: usize = 500_000;

/// An order by variables, and which of the rows are wanted.
#[derive(Debug)]
pub(super) struct Order {
    /// The variables that are shown.
    shown: Vec<Variable>,
    /// Columns, and whether the last comes first.
    by: Vec<(usize, bool)>,
    start: usize,
    length: Option<usize>,
}

/// A query without its order, and the order, if it is one of plain variables. The rows of
/// the first have what they are sorted by behind what is shown.
pub(super) fn split(query: &Query) -> Option<(Query, Order)> {
    let Query::Select { dataset, pattern, base_iri } = query else { return None };
    let (pattern, start, length) = match pattern {
        GraphPattern::Slice { inner, start, length } => (&**inner, *start, *length),
        pattern => (pattern, 0, None),
    };
    let GraphPattern::Project { inner, variables: shown } = pattern else { return None };
    let GraphPattern::OrderBy { inner, expression } = &**inner else { return None };
    let mut variables = shown.clone();
    let mut by = Vec::new();
    for expression in expression {
        let (expression, descending) = match expression {
            OrderExpression::Asc(expression) => (expression, false),
            OrderExpression::Desc(expression) => (expression, true),
        };
        let Expression::Variable(variable) = expression else { return None };
        let column = variables.iter().position(|it| it == variable).unwrap_or_else(|| {
            variables.push(variable.clone());
            variables.len() - 1
        });
        by.push((column, descending));
    }
    let pattern = GraphPattern::Project { inner: inner.clone(), variables };
    let query = Query::Select { dataset: dataset.clone(), pattern, base_iri: base_iri.clone() };
    Some((query, Order { shown: shown.clone(), by, start, length }))
}

impl Order {
    /// The rows of a query that was split, sorted; `None` if there are too many.
    pub(super) fn sort(
        self,
        results: QueryResults<'_>,
    ) -> Result<Option<QueryResults<'static>>, QueryEvaluationError> {
        let QueryResults::Solutions(solutions) = results else { return Ok(None) };
        let mut rows = Vec::<Vec<Option<Term>>>::new();
        for solution in solutions {
            if rows.len() == ROWS {
                return Ok(None);
            }
            rows.push(solution?.values().to_vec());
        }
        rows.sort_by(|a, b| {
            let wanted = self.by.iter().map(|&(column, descending)| {
                let order = compare(a[column].as_ref(), b[column].as_ref());
                if descending { order.reverse() } else { order }
            });
            let rest = a.iter().zip(b).map(|(a, b)| compare(a.as_ref(), b.as_ref()));
            wanted.chain(rest).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        let columns = self.shown.len();
        let rows = rows.into_iter().skip(self.start).take(self.length.unwrap_or(usize::MAX));
        let rows = rows.map(move |mut row| {
            row.truncate(columns);
            Ok(row)
        });
        let variables: Arc<[Variable]> = self.shown.into();
        Ok(Some(QuerySolutionIter::from_tuples(variables, rows).into()))
    }
}

/// As SPARQL has it: nothing, blank nodes, IRIs, literals; numbers by their value.
fn compare(a: Option<&Term>, b: Option<&Term>) -> Ordering {
    fn rank(term: &Term) -> u8 {
        match term {
            Term::BlankNode(_) => 0,
            Term::NamedNode(_) => 1,
            _ => 2,
        }
    }
    match (a, b) {
        (Some(Term::Literal(a)), Some(Term::Literal(b))) => compare_literals(a, b),
        (Some(Term::NamedNode(a)), Some(Term::NamedNode(b))) => a.as_str().cmp(b.as_str()),
        (Some(Term::BlankNode(a)), Some(Term::BlankNode(b))) => a.as_str().cmp(b.as_str()),
        (Some(a), Some(b)) => rank(a).cmp(&rank(b)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn compare_literals(a: &Literal, b: &Literal) -> Ordering {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => {
            let key = |it: &Literal| {
                (it.datatype().as_str().to_owned(), it.language().map(str::to_owned))
            };
            // Days as XML Schema writes them sort as text.
            a.value().cmp(b.value()).then_with(|| key(a).cmp(&key(b)))
        }
    }
}

fn number(literal: &Literal) -> Option<f64> {
    let datatype = literal.datatype();
    let name = datatype.as_str().strip_prefix("http://www.w3.org/2001/XMLSchema#")?;
    let is_number =
        matches!(name, "decimal" | "double" | "float" | "int" | "long" | "short" | "byte")
            || name.ends_with("nteger");
    // Adding zero makes one zero of two.
    is_number.then(|| literal.value().parse::<f64>().ok()).flatten().map(|number| number + 0.0)
}

#[cfg(test)]
mod tests {
    use oxrdf::vocab::xsd;
    use spargebra::SparqlParser;

    use super::*;

    fn sorted(text: &str, rows: &[&[Option<Term>]]) -> Vec<Vec<String>> {
        let (query, order) = split(&SparqlParser::new().parse_query(text).unwrap()).unwrap();
        let Query::Select { pattern: GraphPattern::Project { variables, .. }, .. } = query else {
            unreachable!("it was a SELECT")
        };
        let rows = rows.iter().map(|row| Ok(row.to_vec())).collect::<Vec<_>>();
        let solutions = QuerySolutionIter::from_tuples(variables.into(), rows);
        let Some(QueryResults::Solutions(rows)) = order.sort(solutions.into()).unwrap() else {
            unreachable!("there are few")
        };
        rows.map(|row| {
            let row = row.unwrap();
            row.values()
                .iter()
                .map(|it| it.as_ref().map_or(String::new(), ToString::to_string))
                .collect()
        })
        .collect()
    }

    fn text(value: &str) -> Option<Term> {
        Some(Literal::from(value).into())
    }

    fn decimal(value: &str) -> Option<Term> {
        Some(Literal::new_typed_literal(value, xsd::DECIMAL).into())
    }

    #[test]
    fn numbers_by_value_nothing_first_ties_by_the_rest() {
        let rows: &[&[Option<Term>]] = &[
            &[text("b"), decimal("10")],
            &[text("a"), decimal("9.5")],
            &[text("d"), None],
            &[text("c"), decimal("10")],
        ];
        let by = |order: &str| sorted(&format!("SELECT ?x {{ ?x ?p ?n }} ORDER BY {order}"), rows);
        assert_eq!(by("?n"), [["\"d\""], ["\"a\""], ["\"b\""], ["\"c\""]]);
        assert_eq!(by("DESC(?n) DESC(?x)"), [["\"c\""], ["\"b\""], ["\"a\""], ["\"d\""]]);
        assert_eq!(by("?n LIMIT 2 OFFSET 1"), [["\"a\""], ["\"b\""]]);
    }

    #[test]
    fn other_orders_are_left_to_oxigraph() {
        for text in [
            "SELECT ?x { ?x ?p ?n } ORDER BY STRLEN(?n)",
            "SELECT DISTINCT ?x { ?x ?p ?n } ORDER BY ?x",
            "SELECT ?x { ?x ?p ?n }",
            "CONSTRUCT { ?x ?p ?n } WHERE { ?x ?p ?n } ORDER BY ?x",
        ] {
            assert!(split(&SparqlParser::new().parse_query(text).unwrap()).is_none(), "{text}");
        }
    }
}
