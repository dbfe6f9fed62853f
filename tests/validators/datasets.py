"""A dataset as others' tools read it: frictionless the package, mlcroissant the records,
pyarrow the Parquet, rdflib each file of the graph, all saying the same."""

import datetime
import json
import pathlib
import shutil
import tempfile

import frictionless
import mlcroissant
import pyarrow.parquet
import rdflib

from common import store, youcheng

TABLES = ["agreements", "events", "claims", "places", "articles", "statistics"]


def run():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="youcheng-dataset-"))
    try:
        dataset = folder / "dataset"
        youcheng("export", "--store", store("corpus"), "--to", dataset)
        package(dataset)
        parquet(dataset)
        croissant(dataset)
        graphs(dataset)
    finally:
        shutil.rmtree(folder)


def package(dataset):
    """frictionless accepts every table by its schema, and refuses a broken one."""
    report = frictionless.Package(str(dataset / "datapackage.json")).validate()
    errors = report.flatten(["title", "rowNumber", "fieldName", "note"])
    assert report.valid, errors[:5]
    assert report.stats["tasks"] == len(TABLES), report.stats
    table = dataset / "claims.csv"
    whole = table.read_bytes()
    table.write_bytes(whole.replace(b",0.", b",x.", 1))
    report = frictionless.Package(str(dataset / "datapackage.json")).validate()
    table.write_bytes(whole)
    assert not report.valid, "a confidence that is no number must be refused"


def parquet(dataset):
    """Dates are dates and numbers numbers, and the rows are those of the other formats."""
    fields = {"text": "string", "integer": "int64", "number": "double", "date": "date32[day]"}
    schemas = {
        resource["name"]: resource["schema"]["fields"]
        for resource in json.loads((dataset / "datapackage.json").read_text())["resources"]
    }
    types = {"string": "text"}
    for name in TABLES:
        table = pyarrow.parquet.read_table(dataset / f"{name}.parquet")
        for field in schemas[name]:
            kind = types.get(field["type"], field["type"])
            found = str(table.schema.field(field["name"]).type)
            assert found == fields[kind], (name, field["name"], found)
        lines = [json.loads(line) for line in (dataset / f"{name}.jsonl").open(encoding="utf-8")]
        rows = [
            {
                key: value.isoformat() if isinstance(value, datetime.date) else value
                for key, value in row.items()
            }
            for row in table.to_pylist()
        ]
        assert rows == lines and rows, name


def croissant(dataset):
    """mlcroissant finds no mistake, and reads every record set."""
    described = mlcroissant.Dataset(jsonld=str(dataset / "croissant.json"))
    assert not described.metadata.ctx.issues.errors, described.metadata.ctx.issues.report()
    for name in TABLES:
        record = next(iter(described.records(record_set=name)))
        assert f"{name}/id" in record, record


def graphs(dataset):
    """Each file of the graph parses to the same statements."""

    def quads(file, format_):
        data = rdflib.Dataset()
        data.parse(dataset / file, format=format_)
        return {(s, p, o, g) for s, p, o, g in data.quads()}

    whole = quads("graph.nq", "nquads")
    assert whole, "the graph is empty"
    assert quads("graph.trig", "trig") == whole, "TriG differs from N-Quads"
    assert quads("graph.jsonld", "json-ld") == whole, "JSON-LD differs from N-Quads"
    turtle = rdflib.Graph().parse(dataset / "graph.ttl", format="turtle")
    assert set(turtle) == {quad[:3] for quad in whole}, "Turtle differs from N-Quads"
    described = rdflib.Graph().parse(dataset / "dataset.ttl", format="turtle")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    files = {path.name for path in dataset.iterdir()}
    titles = {str(title) for title in described.objects(None, rdflib.DCTERMS.title)}
    assert len(set(described.subjects(rdflib.RDF.type, dcat.Distribution))) > 20
    assert {"agreements.csv", "graph.nq"} <= titles & files, titles
