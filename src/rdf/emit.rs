//! [`emit`]: an extraction to the quads that say it.
//!
//! # Budget
//!
//! Store writes are the slow part, so quads are few. An article costs 3 to 12 quads for
//! itself and its graph, one per country, place and date that it mentions, one more per
//! unlisted place that is linked, 7 per sentence that claims something (however many claims
//! it makes), 6 to 9 per claim, 5 to 9 per stated count. Once per store, not per article: 4
//! per tie, 5 to 12 per place, 1 to 3 per date. Merging adds one quad per claim, 8 to 10 per
//! agreement, 5 to 7 per event of an agreement, 2 per pair that are partners.
//!
//! On the average over news, few of which tell of a tie (400 articles of `examples/generate`
//! about 100 pairs, `tests/budget.rs`), that is at most 18 quads an article, 15 merged per
//! claim, and, because so few articles meet most places for the first time, 24 an article for
//! what keys mean. Lists of ties (`corpus/`, three and a half claims an article) take 79 an
//! article, 18 merged per claim, and 105 for keys.

use std::collections::HashSet;

use oxrdf::{
    GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term,
    vocab::{rdf, xsd},
};

use super::{
    iri, provenance,
    vocab::{Concept, dcterms, edtf, geo, oa, schema, skos, yc},
};
use crate::{
    agreement::{AgreementKey, Claim, Evidence, Statistic},
    article::ArticleId,
    date::Date,
    offset::Offsets,
    particulars::Particulars,
    pipeline::Extraction,
    place::{Level, Place},
    recognise::Of,
};

/// All quads of an article: those of its own graph, then those of the shared graph that
/// explain the ties, places and dates that it names. No quad comes twice.
#[must_use]
pub fn emit(extraction: &Extraction) -> Vec<Quad> {
    let mut graph = Graph::new(iri::graph(&extraction.article.id));
    let article = iri::article(&extraction.article.id);
    let offsets = Offsets::new(&extraction.article);
    provenance::describe(&mut graph, extraction);
    // An article names the same things again and again: known by what their IRIs are made of,
    // they are told apart before these are made.
    let (mut countries, mut places, mut dates) = (HashSet::new(), HashSet::new(), HashSet::new());
    for mention in &extraction.mentions {
        match &mention.of {
            Of::Country(code) if code.is_chinese() => {}
            Of::Country(code) => {
                if countries.insert(*code) {
                    graph.link(&article, schema::MENTIONS, iri::country(*code));
                }
            }
            Of::Place(place) => {
                if places.insert(&*place.key.0) {
                    let place = graph.place(place);
                    graph.link(&article, schema::MENTIONS, place);
                }
            }
            Of::Date(date, _) => {
                if dates.insert((date.edtf.as_str(), date.earliest, date.latest)) {
                    let date = graph.date(date);
                    graph.link(&article, yc::STATES_DATE, date);
                }
            }
            // Undecided: the notes say so, the graph does not guess.
            Of::Ambiguous(_) => {}
        }
    }
    // What an unlisted place may be stands in the graph of the article, because it rests on
    // what the article says around the name.
    for (key, link) in &extraction.links {
        let record = external(GEONAMES, &link.geonames, "/");
        graph.say(&iri::place(key), skos::CLOSE_MATCH, record);
    }
    for claim in &extraction.claims {
        graph.claim(extraction, &offsets, claim);
    }
    for statistic in &extraction.statistics {
        graph.statistic(extraction, &offsets, statistic);
    }
    graph.finish()
}

/// Text in the simplified script, which is what cleaning leaves.
pub(crate) fn zh(text: &str) -> Literal {
    Literal::new_language_tagged_literal_unchecked(text, "zh-hans")
}

/// The graph of one article while it is written.
pub(super) struct Graph {
    name: NamedNode,
    quads: Vec<Quad>,
    shared: Vec<Quad>,
    /// What has been described.
    seen: HashSet<NamedNode>,
    /// What the article has been linked to: it names the same things again and again.
    linked: HashSet<NamedNode>,
}

impl Graph {
    fn new(name: NamedNode) -> Self {
        Self {
            name,
            quads: Vec::new(),
            shared: Vec::new(),
            seen: HashSet::new(),
            linked: HashSet::new(),
        }
    }

    /// The name of the graph.
    pub(super) fn name(&self) -> &NamedNode {
        &self.name
    }

    /// Says something in the article's graph.
    pub(super) fn say(&mut self, s: &NamedNode, p: NamedNodeRef<'_>, o: impl Into<Term>) {
        self.quads.push(Quad::new(s.clone(), p, o, self.name.clone()));
    }

    /// Links the article to something that it names, once.
    fn link(&mut self, article: &NamedNode, p: NamedNodeRef<'_>, o: NamedNode) {
        if self.linked.insert(o.clone()) {
            self.say(article, p, o);
        }
    }

    /// Says what a key means, in the graph that all articles share.
    pub(super) fn share(&mut self, s: &NamedNode, p: NamedNodeRef<'_>, o: impl Into<Term>) {
        self.shared.push(Quad::new(s.clone(), p, o, iri::shared()));
    }

    /// The node of a date, described.
    pub(super) fn date(&mut self, date: &Date) -> NamedNode {
        let node = iri::date(date);
        if self.seen.insert(node.clone()) {
            let day =
                |day: jiff::civil::Date| Literal::new_typed_literal(day.to_string(), xsd::DATE);
            let value = Literal::new_typed_literal(date.edtf.as_str(), edtf::EDTF);
            self.share(&node, yc::EDTF, value);
            if let Some(earliest) = date.earliest {
                self.share(&node, yc::EARLIEST, day(earliest));
            }
            if let Some(latest) = date.latest {
                self.share(&node, yc::LATEST, day(latest));
            }
        }
        node
    }

    /// The node of a place, described.
    fn place(&mut self, place: &Place) -> NamedNode {
        let node = iri::place(&place.key);
        if !self.seen.insert(node.clone()) {
            return node;
        }
        let class = match place.level {
            Level::Province => schema::STATE,
            Level::City | Level::Prefecture => schema::CITY,
            Level::County | Level::District | Level::Island => schema::ADMINISTRATIVE_AREA,
        };
        self.share(&node, rdf::TYPE, class);
        self.share(&node, dcterms::IDENTIFIER, Literal::from(&*place.key.0));
        self.share(&node, skos::PREF_LABEL, zh(&place.label));
        self.share(&node, yc::LEVEL, place.level.concept());
        if let Some(country) = place.country {
            self.share(&node, yc::COUNTRY, iri::country(country));
        }
        if let Some(latin) = &place.latin {
            self.share(&node, schema::ALTERNATE_NAME, Literal::from(&**latin));
        }
        if let Some(parent) = &place.parent {
            let parent = iri::place(parent);
            if place.key.as_unlisted().is_some() {
                // Only this article tells where it lies; another may tell otherwise.
                self.say(&node, schema::CONTAINED_IN_PLACE, parent);
            } else {
                self.share(&node, schema::CONTAINED_IN_PLACE, parent);
            }
        }
        if let Some((lat, lon)) = place.position {
            let geometry = iri::geometry(&node);
            let wkt = Literal::new_typed_literal(format!("POINT({lon} {lat})"), geo::WKT_LITERAL);
            self.share(&node, geo::HAS_GEOMETRY, geometry.clone());
            self.share(&geometry, geo::AS_WKT, wkt);
        }
        if let Some(id) = place.geonames {
            self.share(&node, schema::SAME_AS, external(GEONAMES, &id, "/"));
        }
        if let Some(item) = &place.wikidata {
            self.share(&node, schema::SAME_AS, external(WIKIDATA, item, ""));
        }
        if let Some(iso) = &place.iso {
            self.share(&node, schema::IDENTIFIER, Literal::from(["iso3166-2:", iso].concat()));
        }
        if let Some(gb) = place.gb {
            self.share(&node, schema::IDENTIFIER, Literal::from(format!("gbt2260:{gb}")));
        }
        node
    }

    /// The node of a tie, described: what its key says, and nothing else.
    fn tie(&mut self, key: &AgreementKey, claim: &Claim) -> NamedNode {
        let node = iri::tie(key);
        let parties = claim.parties.each_ref().map(|party| self.place(&party.place));
        if self.seen.insert(node.clone()) {
            self.share(&node, rdf::TYPE, yc::TIE);
            self.share(&node, yc::KIND, key.kind.concept());
            let [a, b] = parties;
            if a != b {
                self.share(&node, yc::BETWEEN, a);
            }
            self.share(&node, yc::BETWEEN, b);
        }
        node
    }

    fn claim(&mut self, extraction: &Extraction, offsets: &Offsets<'_>, claim: &Claim) {
        let node = iri::claim(claim);
        if !self.seen.insert(node.clone()) {
            return;
        }
        let tie = self.tie(&claim.agreement(), claim);
        let sentence = self.sentence(extraction, offsets, &claim.evidence);
        self.say(&node, rdf::TYPE, yc::CLAIM);
        self.say(&node, yc::ASSERTS, tie);
        self.say(&node, oa::HAS_TARGET, sentence);
        self.say(&node, yc::STATUS, claim.status.concept());
        if let Some(date) = &claim.date {
            let when = self.date(date);
            self.say(&node, yc::DATE, when);
            self.say(&node, yc::BASIS, date.basis.concept());
        }
        if let Some(instrument) = &claim.instrument {
            self.say(&node, yc::INSTRUMENT, zh(instrument));
        }
        self.particulars(&node, extraction, &claim.particulars);
        let confidence = claim.confidence.clamp(0.0, 1.0).to_string();
        let confidence = Literal::new_typed_literal(confidence, xsd::DECIMAL);
        self.say(&node, yc::CONFIDENCE, confidence);
        self.say(&node, yc::RULE, Literal::from(&*claim.evidence.rule));
    }

    /// What else is told of a signing, in the words of the text.
    fn particulars(&mut self, claim: &NamedNode, extraction: &Extraction, told: &Particulars) {
        let text = |span| extraction.article.text.at(span);
        for it in &told.signatories {
            let who = [text(it.name), " ", text(it.office)].concat();
            self.say(claim, yc::SIGNATORY, zh(&who));
        }
        if let Some(venue) = &told.place {
            self.say(claim, yc::SIGNED_AT, zh(text(venue.span)));
            if let Some(place) = &venue.place {
                let place = self.place(place);
                self.say(claim, yc::SIGNED_IN, place);
            }
        }
        if let Some(occasion) = told.occasion {
            self.say(claim, yc::OCCASION, zh(text(occasion)));
        }
        if let Some((mode, _)) = told.mode {
            self.say(claim, yc::MODE, Literal::from(mode.name()));
        }
        // A field that is listed twice is one.
        let mut fields: Vec<&str> = told.fields.iter().map(|span| text(*span)).collect();
        fields.sort_unstable();
        fields.dedup();
        for field in fields {
            self.say(claim, yc::FIELD, zh(field));
        }
    }

    fn statistic(&mut self, extraction: &Extraction, offsets: &Offsets<'_>, statistic: &Statistic) {
        let node = iri::statistic(statistic);
        if !self.seen.insert(node.clone()) {
            return;
        }
        let subject = self.place(&statistic.subject.place);
        let sentence = self.sentence(extraction, offsets, &statistic.evidence);
        self.say(&node, rdf::TYPE, yc::STATISTIC);
        self.say(&node, yc::SUBJECT, subject);
        self.say(&node, oa::HAS_TARGET, sentence);
        for (term, count) in [
            (yc::COUNTRIES, statistic.countries),
            (yc::CITIES, statistic.cities),
            (yc::PAIRS, statistic.pairs),
        ] {
            if let Some(count) = count {
                self.say(&node, term, Literal::from(count));
            }
        }
        if let Some(kind) = statistic.kind {
            self.say(&node, yc::KIND, kind.concept());
        }
        if let Some(date) = &statistic.as_of {
            let date = self.date(date);
            self.say(&node, yc::AS_OF, date);
        }
        self.say(&node, yc::RULE, Literal::from(&*statistic.evidence.rule));
    }

    /// The node of the stretch that says it: once, however many claims it makes.
    fn sentence(
        &mut self,
        extraction: &Extraction,
        offsets: &Offsets<'_>,
        evidence: &Evidence,
    ) -> NamedNode {
        let [start, end] = offsets.clean(evidence.span);
        let node = iri::stretch(&extraction.article.id, [start, end]);
        if self.seen.insert(node.clone()) {
            let selector = iri::selector(&node);
            let quote = extraction.article.text.at(evidence.span);
            self.say(&node, oa::HAS_SOURCE, iri::article(&extraction.article.id));
            self.say(&node, oa::HAS_SELECTOR, selector.clone());
            self.say(&selector, oa::START, Literal::from(start));
            self.say(&selector, oa::END, Literal::from(end));
            self.say(&selector, oa::EXACT, zh(quote));
            if let Some([start, end]) = offsets.raw(evidence.span) {
                self.say(&selector, yc::RAW_START, Literal::from(start));
                self.say(&selector, yc::RAW_END, Literal::from(end));
            }
        }
        node
    }

    /// The quads of the article's graph, then those of the shared graph, each once.
    fn finish(mut self) -> Vec<Quad> {
        self.quads.append(&mut self.shared);
        self.quads
    }
}

/// Where the records of GeoNames are named.
pub(crate) const GEONAMES: &str = "https://sws.geonames.org/";
const WIKIDATA: &str = "http://www.wikidata.org/entity/";

/// The IRI of somebody else's record; as text if what the gazetteer has is no id.
fn external(base: &str, id: &impl ToString, tail: &str) -> Term {
    let iri = [base, &id.to_string(), tail].concat();
    NamedNode::new(iri.as_str()).map_or_else(|_| Literal::from(iri).into(), Term::from)
}

/// Says that an article is a copy of another.
#[must_use]
pub fn duplicate(copy: &ArticleId, root: &ArticleId) -> Quad {
    Quad::new(iri::article(copy), yc::DUPLICATE_OF, iri::article(root), iri::duplicates())
}

/// The graph that a quad belongs to, if it is a named one.
#[must_use]
pub fn graph_of(quad: &Quad) -> Option<&NamedNode> {
    match &quad.graph_name {
        GraphName::NamedNode(name) => Some(name),
        _ => None,
    }
}
