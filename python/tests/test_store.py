"""The graph: reading into it, asking it, writing it out."""

import datetime
import json
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

import youcheng

SENTENCE = "2003年5月,苏州市与日本池田市缔结友好城市。"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> youcheng.Store:
    folder = tmp_path_factory.mktemp("store")
    (folder / "a.txt").write_text(SENTENCE, "utf-8")
    (folder / "b.txt").write_text("1992年,聊城市与匈牙利帕克斯市签署友好合作备忘录。", "utf-8")
    store = youcheng.Store(folder / "kg")
    assert store.ingest(folder / "a.txt", folder / "b.txt", jobs=1)
    return store


def test_answers_are_tables_of_every_kind(store: youcheng.Store) -> None:
    answer = store.query(name="agreements")
    assert {row["a"] for row in answer} == {"苏州市", "聊城市"}
    assert len(answer) == 2 and list(answer.columns()) == answer.names
    assert answer.to_pandas().shape == (2, len(answer.names))
    assert answer.to_polars().height == 2 and answer.to_arrow().num_rows == 2
    assert answer[:1].to_dicts() == answer.to_dicts()[:1]
    assert "苏州市" in answer._repr_html_()


def test_values_have_their_types(store: youcheng.Store) -> None:
    (row,) = store.query(
        'SELECT ?n (1.5 AS ?x) (true AS ?t) ("2003-05-01"^^xsd:date AS ?d) ?none '
        "WHERE { { SELECT (COUNT(*) AS ?n) WHERE { ?it a yc:Agreement } } "
        "OPTIONAL { ?none a yc:Nothing } }"
    )
    day = datetime.date(2003, 5, 1)
    assert row == {"n": 2, "x": 1.5, "t": True, "d": day, "none": None}
    assert store.query("ASK { ?it a yc:Agreement }")[0] == {"answer": True}


def test_parameters_are_values(store: youcheng.Store) -> None:
    found = store.query(name="agreements-of-country", parameters={"country": "JP"})
    assert len(found) == 1 and "苏州市" in found[0].values()


def test_graphs_come_as_text(store: youcheng.Store) -> None:
    graph = store.graph("CONSTRUCT { ?s a yc:Agreement } WHERE { ?s a yc:Agreement }")
    assert graph.count("yc:Agreement") + graph.count("#Agreement") >= 1


def test_reading_again_changes_nothing(store: youcheng.Store) -> None:
    question = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    before = store.query(question)[0]
    assert store.ingest(Path(store.path).parent / "a.txt")
    assert store.query(question)[0] == before


def test_datasets_are_written(store: youcheng.Store, tmp_path: Path) -> None:
    assert store.export(tmp_path / "dataset")
    assert (tmp_path / "dataset" / "README.md").exists()


def test_what_is_wrong_is_said(store: youcheng.Store, tmp_path: Path) -> None:
    with pytest.raises(youcheng.YouchengError, match="does not parse"):
        store.query("SELECT ?")
    with pytest.raises(ValueError, match="no query .nonsense."):
        store.query(name="nonsense")
    with pytest.raises(ValueError, match="either"):
        store.query()
    with pytest.raises(ValueError, match="use graph"):
        store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    with pytest.raises(ValueError, match="use query"):
        store.graph("SELECT * { ?s ?p ?o }")
    with pytest.raises(ValueError, match="give files"):
        store.ingest()
    with pytest.raises(youcheng.YouchengError, match=str(tmp_path)):
        youcheng.Store(tmp_path / "none").query(name="agreements")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    with pytest.raises(youcheng.YouchengError, match="other"):
        youcheng.Store(tmp_path / "other").ingest(tmp_path / "x.txt")


def test_the_command_serves(store: youcheng.Store) -> None:
    """What it starts of itself is Python again."""
    call = [sys.executable, "-m", "youcheng", "serve", "--store", store.path, "--bind", "127.0.0.1:0"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            address = serving.stdout.readline().split()[-1]
            question = urllib.parse.urlencode({"query": "ASK { ?it a yc:Agreement }"})
            asked = urllib.request.Request(f"{address}sparql?{question}",
                                           headers={"Accept": "application/sparql-results+json"})
            with urllib.request.urlopen(asked, timeout=60) as answer:
                assert json.load(answer)["boolean"] is True
        finally:
            serving.terminate()


def test_two_processes_use_a_store(store: youcheng.Store, tmp_path: Path) -> None:
    code = "import sys, youcheng; print(len(youcheng.Store(sys.argv[1]).query(name='agreements')))"
    call = [sys.executable, "-c", code, store.path]
    running = [subprocess.Popen(call, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert len(store.query(name="agreements")) == 2
    assert [process.communicate()[0] for process in running] == ["2\n", "2\n"]
