"""ontology/context.jsonld is JSON-LD that rdflib reads, and knows every term."""

import json

import rdflib
from rdflib import RDF

from common import ROOT, YC


def run():
    context = json.loads((ROOT / "ontology/context.jsonld").read_text())["@context"]
    ontology = rdflib.Graph().parse(ROOT / "ontology/youcheng.ttl")
    defined = {
        str(term)
        for type_ in ("ObjectProperty", "DatatypeProperty")
        for term in ontology.subjects(RDF.type, rdflib.OWL[type_])
        if str(term).startswith(YC)
    }
    known = set()
    for value in context.values():
        iri = value.get("@id") if isinstance(value, dict) else value
        if isinstance(iri, str) and iri.startswith("yc:"):
            known.add(YC + iri[3:])
    assert defined <= known, f"context.jsonld does not know {sorted(defined - known)}"
    known = {iri for iri in known if iri.rsplit("#")[1][:1].islower()}
    assert known <= defined, f"context.jsonld knows what is not defined: {sorted(known - defined)}"
    document = {
        "@context": context,
        "id": "agreement:1",
        "type": "Agreement",
        "party": ["place:gn:1", "place:gn:2"],
        "kind": "yc:kind-sister-city",
        "when": "date:2023-02",
        "articles": "2",
    }
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert len(graph) == 6, graph.serialize()
    print(f"context: {len(defined)} terms, all known; a document of them parses")
