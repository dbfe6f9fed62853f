"""What the validators share: the program, its graph, the ontology."""

import os
import pathlib
import subprocess
import tempfile

import rdflib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YOUCHENG", "youcheng")
YC = rdflib.Namespace("https://w3id.org/youcheng/ns#")
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
SCHEMA = rdflib.Namespace("https://schema.org/")
DCTERMS = rdflib.DCTERMS


def youcheng(*arguments):
    """Runs the program; what was skipped (exit code 1) is no failure."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"youcheng {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


_STORES = {}


def store(*paths):
    """A store of these files or folders of the checkout, made once."""
    if paths not in _STORES:
        folder = tempfile.mkdtemp(prefix="youcheng-validate-")
        kg = pathlib.Path(folder) / "kg"
        youcheng("ingest", "--quiet", "--store", kg, *(ROOT / path for path in paths))
        _STORES[paths] = kg
    return _STORES[paths]


def graph(*paths):
    """All that a store of these files says, as one graph."""
    data = rdflib.Dataset()
    data.parse(data=youcheng("export", "--store", store(*paths), "--format", "nquads"), format="nquads")
    union = rdflib.Graph()
    for subject, predicate, object_, _ in data.quads():
        union.add((subject, predicate, object_))
    return union
