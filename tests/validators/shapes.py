"""pySHACL accepts the graph of corpus/ and refuses broken copies, each for its own reason."""

import pyshacl
import rdflib
from rdflib import RDF, XSD, Literal, URIRef

from common import DCTERMS, OA, ROOT, SCHEMA, YC, graph

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SHAPES = rdflib.Graph().parse(ROOT / "ontology/shapes.ttl")
# A few articles are enough to break, and quick to look through ten times.
SOME = ("corpus/02-jiujiang-table.html", "corpus/14-osaka-terminated.html", "corpus/06-honghe-gbk.html")


def results(data):
    """What pySHACL refuses, as (path, kind of constraint)."""
    conforms, report, _ = pyshacl.validate(data, shacl_graph=SHAPES, inference="none", advanced=False)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        kind = report.value(result, SH.sourceConstraintComponent)
        if isinstance(path, rdflib.BNode):
            path = next(report.objects(path, SH.inversePath), None) or "a list of paths"
        found.add((str(path).split("/")[-1].split("#")[-1], str(kind).split("#")[-1]))
    assert conforms == (not found)
    return found


def first(data, type_, *with_):
    """One node of a class that has all of these properties: the same one every time."""
    nodes = [node for node in data.subjects(RDF.type, type_) if all((node, p, None) in data for p in with_)]
    return min(nodes)


def swap(data, subject, predicate, value):
    data.set((subject, predicate, value))


def third_party(data):
    agreement = first(data, YC.Agreement)
    parties = set(data.objects(agreement, YC.party))
    other = min(set(data.objects(None, YC.party)) - parties)
    data.add((agreement, YC.party, other))


def selector(data):
    return data.value(data.value(first(data, YC.Claim), OA.hasTarget), OA.hasSelector)


def dated(data):
    return min(node for node in data.subjects(YC.earliest) if (node, YC.latest, None) in data)


BROKEN = {
    "a party is missing": (
        lambda g: g.remove((first(g, YC.Agreement), YC.party, min(g.objects(first(g, YC.Agreement), YC.party)))),
        ("party", "MinCountConstraintComponent"),
    ),
    "a third party": (third_party, ("party", "MaxCountConstraintComponent")),
    "a party that is no place": (
        lambda g: g.remove((min(g.objects(None, YC.party)), RDF.type, None)),
        ("party", "ClassConstraintComponent"),
    ),
    "a kind that does not exist": (
        lambda g: swap(g, first(g, YC.Agreement), YC.kind, YC["kind-friendship"]),
        ("kind", "NodeConstraintComponent"),
    ),
    "an agreement that nobody claims": (
        lambda g: g.remove((None, OA.hasBody, first(g, YC.Agreement))),
        ("hasBody", "MinCountConstraintComponent"),
    ),
    "a confidence above one": (
        lambda g: swap(g, first(g, YC.Claim), YC.confidence, Literal("1.5", datatype=XSD.decimal)),
        ("confidence", "NodeConstraintComponent"),
    ),
    "a claim without a sentence": (
        lambda g: g.remove((first(g, YC.Claim), OA.hasTarget, None)),
        ("hasTarget", "MinCountConstraintComponent"),
    ),
    "a claim without a rule": (
        lambda g: g.remove((first(g, YC.Claim), YC.rule, None)),
        ("rule", "MinCountConstraintComponent"),
    ),
    "a quote that ends before it begins": (
        lambda g: swap(g, selector(g), OA.start, Literal(10**6)),
        ("start", "LessThanConstraintComponent"),
    ),
    "an empty quote": (
        lambda g: swap(g, selector(g), OA.exact, Literal("", lang="zh-hans")),
        ("exact", "MinLengthConstraintComponent"),
    ),
    "a date that ends before it begins": (
        lambda g: swap(g, dated(g), YC.latest, Literal("0001-01-01", datatype=XSD.date)),
        ("earliest", "LessThanOrEqualsConstraintComponent"),
    ),
    "a year where a day belongs": (
        lambda g: swap(g, dated(g), YC.latest, Literal("2023", datatype=XSD.gYear)),
        ("latest", "DatatypeConstraintComponent"),
    ),
    "an article without its hash": (
        lambda g: swap(g, first(g, SCHEMA.NewsArticle), DCTERMS.identifier, Literal("sha256:12")),
        ("identifier", "PatternConstraintComponent"),
    ),
    "a sentence of no article": (
        lambda g: swap(g, data_target(g), OA.hasSource, URIRef("https://example.org/")),
        ("hasSource", "ClassConstraintComponent"),
    ),
    "an event that no article reports": (
        lambda g: swap(g, first(g, YC.Event), YC.articles, Literal(0)),
        ("articles", "MinInclusiveConstraintComponent"),
    ),
}


def data_target(data):
    return data.value(first(data, YC.Claim), OA.hasTarget)


def run():
    whole = graph("corpus")
    found = results(whole)
    assert not found, f"the graph of corpus/ is refused: {sorted(found)}"
    print(f"shapes: the graph of corpus/ conforms ({len(whole)} triples)")
    some = graph(*SOME)
    assert not results(some), "the small graph is refused"
    for name, (break_, reason) in BROKEN.items():
        broken = rdflib.Graph()
        broken += some
        break_(broken)
        assert len(broken) != len(some) or set(broken) != set(some), f"{name}: nothing was broken"
        found = results(broken)
        assert reason in found, f"{name}: expected {reason}, found {sorted(found)}"
    print(f"shapes: {len(BROKEN)} broken copies are refused, each for its reason")
