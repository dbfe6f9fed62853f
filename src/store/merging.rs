//! Agreements, kept up with the articles.
//!
//! Articles are written first and merged later, once for many. What waits for its merge is
//! remembered in memory; that something waits, in the file `merging` of the store: if the
//! program is killed, the next merge starts from all that is there.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    fs, io,
    path::{Path, PathBuf},
};

use oxigraph::{
    model::{GraphNameRef, NamedNode, NamedOrBlankNode, Quad, Term, vocab::rdf},
    store::{self as oxi, StorageError, Transaction},
};

use super::{
    Described, Store, StoreError,
    facts::Stored,
    graphs::{difference, sweep},
};
use crate::{
    agreement::{AgreementKey, Kind},
    article::ArticleId,
    merge::{self, Ledger, Merging, Pair, Plan, Touched},
    place::PlaceKey,
    rdf::{
        emit::{duplicate, graph_of},
        iri, key,
        vocab::{dcterms, oa, skos, yc},
    },
};

/// How many claims are kept in memory at most; more are read back when they are merged.
const LEDGER: usize = 2_000_000;

/// Of how many claims the agreements are written with the last articles. What follows from
/// more is written by itself, a piece at a time.
const AT_ONCE: usize = 20_000;

/// How many quads such a piece has.
const PIECE: usize = 200_000;

/// What waits for its merge.
#[derive(Debug, Default)]
pub(super) struct Pending {
    touched: Touched,
    /// All claims of the store, if it began empty and has only been added to.
    ledger: Option<Ledger>,
    /// Whether a merge was cut short: all must be merged again.
    all: bool,
    /// Whether all was merged with the last articles.
    ended: bool,
    /// The file that says that something waits.
    marker: PathBuf,
}

impl Pending {
    pub(super) fn open(path: &Path, store: &oxi::Store) -> Result<Self, StorageError> {
        let marker = path.join("merging");
        let mut fresh = true;
        for graph in store.named_graphs() {
            fresh &= graph? == NamedOrBlankNode::from(iri::vocabulary().into_owned());
            if !fresh {
                break;
            }
        }
        Ok(Self {
            touched: Touched::default(),
            ledger: fresh.then(Ledger::default),
            all: marker.exists(),
            ended: false,
            marker,
        })
    }

    /// Something is about to be written.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        self.ended = false;
        if !self.marker.exists() { fs::write(&self.marker, "") } else { Ok(()) }
    }

    /// An article was added that was not there.
    pub(super) fn added(&mut self, own: &[Quad]) {
        match &mut self.ledger {
            Some(ledger) => {
                ledger.add_article(own);
                if ledger.len() > LEDGER {
                    self.touched = ledger.touched();
                    self.ledger = None;
                }
            }
            None => self.touch(own),
        }
    }

    /// Articles describe what they name.
    pub(super) fn described(&mut self, described: &Described) {
        if let Some(ledger) = &mut self.ledger {
            ledger.add_shared(described.quads());
        }
    }

    /// An article said `old` and now says `new`.
    pub(super) fn changed(&mut self, old: &[Quad], new: &[Quad]) {
        if let Some(ledger) = self.ledger.take() {
            self.touched = ledger.touched();
        }
        self.touch(old);
        self.touch(new);
    }

    /// What follows from all articles of a store that began empty: which are copies, and the
    /// agreements. `None` if it did not, or has lost count.
    pub(super) fn end(&mut self, copies: &[(ArticleId, Option<ArticleId>)]) -> Option<Vec<Quad>> {
        if self.all {
            return None;
        }
        let mut ledger = self.ledger.take_if(|ledger| ledger.len() < AT_ONCE)?;
        let mut found = Vec::new();
        for (copy, root) in copies {
            ledger.set_root(*copy, *root);
            found.extend(root.filter(|root| root != copy).map(|root| duplicate(copy, &root)));
        }
        found.extend(quads(plan(&ledger, &ledger.touched())));
        self.ended = true;
        Some(found)
    }

    /// Whether something is to be merged, and copies to be written.
    pub(super) fn is_waiting(&self) -> bool {
        !self.ended
    }

    fn touch(&mut self, quads: &[Quad]) {
        for quad in quads {
            match (&quad.subject, &quad.object) {
                (_, Term::NamedNode(tie)) if quad.predicate == yc::ASSERTS => {
                    self.touched.ties.extend(key::tie(tie.as_str()));
                }
                (NamedOrBlankNode::NamedNode(place), _) if quad.predicate == skos::CLOSE_MATCH => {
                    self.touched.places.extend(key::place(place.as_str()));
                }
                _ => {}
            }
        }
    }
}

impl Store {
    /// Brings the agreements up to what the articles claim, and everything to disk: the
    /// pairs of which claims came or went since the last time, and no others.
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn merge(&mut self) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.merge_all().map_err(|error| StoreError::io(&path, error.into()))
    }

    fn merge_all(&mut self) -> Result<(), StorageError> {
        let mut pending = std::mem::take(&mut self.pending);
        let (touched, ledger) = (std::mem::take(&mut pending.touched), pending.ledger.take());
        let all = std::mem::take(&mut pending.all);
        let marker = pending.marker.clone();
        self.pending = pending;
        match ledger {
            Some(ledger) if !all => self.merge_new(&ledger)?,
            _ if all => self.merge_everything()?,
            _ if touched.is_empty() => {}
            _ => self.merge_touched(&touched)?,
        }
        if marker.exists() {
            self.inner.flush()?;
            fs::remove_file(&marker)?;
        }
        Ok(())
    }

    /// The first merge of a store that began empty.
    fn merge_new(&mut self, ledger: &Ledger) -> Result<(), StorageError> {
        let touched = ledger.touched();
        let merging = certain(Merging::new(ledger, &touched));
        let mut quads: Vec<_> = certain(merging.places()).into_values().flatten().collect();
        for about in merging {
            quads.extend(certain(about).1);
            if quads.len() >= PIECE {
                let piece = std::mem::take(&mut quads);
                self.add(self.inner.start_transaction()?, piece, 1)?;
            }
        }
        self.add(self.inner.start_transaction()?, quads, 1)
    }

    /// A merge that trusts nothing that was merged before.
    fn merge_everything(&mut self) -> Result<(), StorageError> {
        let mut transaction = self.inner.start_transaction()?;
        let ledger = read(&transaction)?;
        let wanted = quads(plan(&ledger, &ledger.touched()));
        let mut stored = Vec::new();
        for graph in [iri::agreements(), iri::derived()] {
            for quad in transaction.quads_for_pattern(None, None, None, Some(graph.into())) {
                stored.push(quad?);
            }
        }
        let dropped = apply(&mut transaction, &stored, &wanted);
        for subject in sweep(&mut transaction, dropped)? {
            self.known.forget(&subject);
        }
        transaction.commit()
    }

    fn merge_touched(&mut self, touched: &Touched) -> Result<(), StorageError> {
        let mut transaction = self.inner.start_transaction()?;
        let plan = merge::merge(&Stored(&transaction), touched)?;
        // What nobody reads yet is loaded; a pair or a place of which something goes is seen
        // to change at once.
        let (mut added, mut dropped) = (Vec::new(), Vec::new());
        let pairs = plan
            .pairs
            .into_iter()
            .map(|(pair, wanted)| about_pair(&transaction, &pair).map(|stored| (stored, wanted)));
        let places = plan.places.into_iter().map(|(place, wanted)| {
            about_aliases(&transaction, &place).map(|stored| (stored, wanted))
        });
        let all = pairs.chain(places).collect::<Result<Vec<_>, _>>()?;
        for (stored, wanted) in all {
            if stored.is_empty() {
                added.extend(wanted);
            } else {
                dropped.extend(apply(&mut transaction, &stored, &wanted));
            }
        }
        for subject in sweep(&mut transaction, dropped)? {
            self.known.forget(&subject);
        }
        transaction.commit()?;
        self.add(self.inner.start_transaction()?, added, 1)
    }

    /// How many agreements there are, as of the last merge.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn agreements(&self) -> Result<usize, StoreError> {
        let kind = Some(yc::AGREEMENT.into());
        let graph = Some(GraphNameRef::from(iri::agreements()));
        let mut count = 0;
        for quad in self.inner.quads_for_pattern(None, Some(rdf::TYPE), kind, graph) {
            quad.map_err(|error| StoreError::io(&self.path, error.into()))?;
            count += 1;
        }
        Ok(count)
    }

    /// The article of which this one is a copy.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn original(&self, copy: &ArticleId) -> Result<Option<ArticleId>, StoreError> {
        let node = iri::article(copy);
        let graph = Some(iri::duplicates().into());
        let copies =
            self.inner.quads_for_pattern(Some((&node).into()), Some(yc::DUPLICATE_OF), None, graph);
        for quad in copies {
            let quad = quad.map_err(|error| StoreError::io(&self.path, error.into()))?;
            if let Term::NamedNode(original) = &quad.object {
                return Ok(key::article(original.as_str()));
            }
        }
        Ok(None)
    }

    /// Says of which article each is a copy; `None` if of none. What that means for
    /// agreements waits for [`Store::merge`].
    ///
    /// # Errors
    ///
    /// If the store cannot be written to.
    pub fn duplicates(
        &mut self,
        copies: &[(ArticleId, Option<ArticleId>)],
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.write_duplicates(copies).map_err(|error| StoreError::io(&path, error.into()))
    }

    fn write_duplicates(
        &mut self,
        copies: &[(ArticleId, Option<ArticleId>)],
    ) -> Result<(), StorageError> {
        self.pending.begin()?;
        let mut transaction = self.inner.start_transaction()?;
        let graph = iri::duplicates();
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for (copy, root) in copies {
            let node = iri::article(copy);
            let stored = transaction
                .quads_for_pattern(Some((&node).into()), None, None, Some(graph.into()))
                .collect::<Result<Vec<_>, _>>()?;
            let wanted: Vec<_> = root
                .filter(|root| root != copy)
                .map(|root| duplicate(copy, &root))
                .into_iter()
                .collect();
            if stored == wanted {
                continue;
            }
            old.extend(stored);
            new.extend(wanted);
            if let Some(ledger) = &mut self.pending.ledger {
                ledger.set_root(*copy, *root);
                continue;
            }
            let of_article = iri::graph(copy);
            let of_article = Some(GraphNameRef::from(of_article.as_ref()));
            for quad in transaction.quads_for_pattern(None, Some(yc::ASSERTS), None, of_article) {
                if let Term::NamedNode(tie) = quad?.object {
                    self.pending.touched.ties.extend(key::tie(tie.as_str()));
                }
            }
        }
        if old.is_empty() {
            return self.add(transaction, new, 1);
        }
        apply(&mut transaction, &old, &new);
        transaction.commit()
    }
}

fn plan(ledger: &Ledger, touched: &Touched) -> Plan {
    certain(merge::merge(ledger, touched))
}

/// What a ledger says is in memory.
fn certain<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

fn quads(plan: Plan) -> Vec<Quad> {
    plan.pairs.into_values().chain(plan.places.into_values()).flatten().collect()
}

/// Writes what is new and takes out what is old, which it returns.
fn apply(transaction: &mut Transaction<'_>, stored: &[Quad], wanted: &[Quad]) -> Vec<Quad> {
    let (old, new) = difference(stored, wanted);
    for quad in &old {
        transaction.remove(quad);
    }
    transaction.extend(&new);
    old
}

/// What was merged about a pair.
fn about_pair(transaction: &Transaction<'_>, pair: &Pair) -> Result<Vec<Quad>, StorageError> {
    let graph = Some(GraphNameRef::from(iri::agreements()));
    let parties = pair.each_ref().map(iri::place);
    let mut quads = Vec::new();
    // Their IRIs follow from the pair: nothing need be looked for among a hub's hundreds.
    for kind in Kind::ALL {
        let [low, high] = pair.clone();
        let agreement = iri::agreement(&AgreementKey { low, high, kind });
        let about = (Some((&agreement).into()), Some(Term::from(agreement.clone())));
        for quad in transaction.quads_for_pattern(about.0, None, None, graph) {
            let quad = quad?;
            if quad.predicate == yc::HAS_EVENT
                && let Term::NamedNode(event) = &quad.object
            {
                for quad in transaction.quads_for_pattern(Some(event.into()), None, None, graph) {
                    quads.push(quad?);
                }
            }
            quads.push(quad);
        }
        let object: Option<Term> = about.1;
        let object = object.as_ref().map(Term::as_ref);
        for quad in transaction.quads_for_pattern(None, Some(oa::HAS_BODY), object, graph) {
            quads.push(quad?);
        }
    }
    let derived = Some(GraphNameRef::from(iri::derived()));
    let [a, b] = &parties;
    for (from, to) in [(a, b), (b, a)] {
        let pattern = (Some(from.into()), Some(yc::PARTNER_OF), Some(to.into()));
        for quad in transaction.quads_for_pattern(pattern.0, pattern.1, pattern.2, derived) {
            quads.push(quad?);
        }
    }
    Ok(quads)
}

/// What was said about the places that are merged into this one.
fn about_aliases(
    transaction: &Transaction<'_>,
    place: &PlaceKey,
) -> Result<Vec<Quad>, StorageError> {
    let graph = Some(GraphNameRef::from(iri::agreements()));
    let node: NamedNode = iri::place(place);
    let object = Some((&node).into());
    let replaced = Some(dcterms::IS_REPLACED_BY);
    let mut quads = transaction
        .quads_for_pattern(None, replaced, object, graph)
        .collect::<Result<Vec<_>, _>>()?;
    let subject = Some((&node).into());
    for quad in transaction.quads_for_pattern(subject, Some(skos::ALT_LABEL), None, graph) {
        quads.push(quad?);
    }
    Ok(quads)
}

/// All claims of a store.
fn read(transaction: &Transaction<'_>) -> Result<Ledger, StorageError> {
    let mut ledger = Ledger::default();
    let mut graphs = BTreeSet::new();
    for predicate in [yc::ASSERTS, skos::CLOSE_MATCH] {
        for quad in transaction.quads_for_pattern(None, Some(predicate), None, None) {
            graphs.extend(graph_of(&quad?).cloned());
        }
    }
    for graph in graphs {
        if key::graph(graph.as_str()).is_none() {
            continue;
        }
        let quads = transaction
            .quads_for_pattern(None, None, None, Some(GraphNameRef::from(graph.as_ref())))
            .collect::<Result<Vec<_>, _>>()?;
        ledger.add_article(&quads);
    }
    let shared = Some(GraphNameRef::from(iri::shared()));
    for predicate in [skos::PREF_LABEL, yc::COUNTRY] {
        for quad in transaction.quads_for_pattern(None, Some(predicate), None, shared) {
            ledger.add_shared([&quad?]);
        }
    }
    let copies = Some(GraphNameRef::from(iri::duplicates()));
    for quad in transaction.quads_for_pattern(None, Some(yc::DUPLICATE_OF), None, copies) {
        let quad = quad?;
        if let (NamedOrBlankNode::NamedNode(copy), Term::NamedNode(root)) =
            (&quad.subject, &quad.object)
            && let (Some(copy), Some(root)) =
                (key::article(copy.as_str()), key::article(root.as_str()))
        {
            ledger.set_root(copy, Some(root));
        }
    }
    Ok(ledger)
}
