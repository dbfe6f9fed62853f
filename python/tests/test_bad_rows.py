"""Rows that are null, of a wrong type, 100 MB long or not UTF-8: each says by its number why it
gave nothing, and the rest comes through, in every kind of table and in Spark."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import youcheng
from youcheng import engine, extract_batch

SENTENCE = "2003年5月,苏州市与日本池田市缔结友好城市。"
HUGE = ("友" * (100_000_000 // 3)).encode()
BAD = b"\xe5\x9d" + b"ab"
CELLS = [SENTENCE.encode(), None, BAD, HUGE, SENTENCE.encode()]
REASONS = {1: "empty", 2: "not UTF-8", 3: "limit"}


def claims_utf8() -> Any:
    """A column of strings that are none."""
    buffers = pyarrow.array(CELLS, pyarrow.binary()).buffers()
    return pyarrow.Array.from_buffers(pyarrow.string(), len(CELLS), buffers)


def binary(kind: Any) -> Any:
    return pyarrow.array(CELLS, kind)


STRICT: List[Tuple[str, Callable[[], Any]]] = [
    ("list", lambda: list(CELLS)),
    ("dictionaries", lambda: [{"text": it} for it in CELLS]),
    ("pandas", lambda: pandas.DataFrame({"text": pandas.Series(CELLS, dtype=object)})),
    ("series", lambda: pandas.Series(CELLS, dtype=object)),
    ("table", lambda: pyarrow.table({"text": claims_utf8()})),
    ("record batch", lambda: pyarrow.record_batch({"text": claims_utf8()})),
    ("array", claims_utf8),
    ("chunks", lambda: pyarrow.chunked_array([claims_utf8()[:2], claims_utf8()[2:]])),
]
#: A column of bytes may be in GB18030, as files of this kind are, and is read so.
BYTES: List[Tuple[str, Callable[[], Any]]] = [
    ("polars", lambda: polars.DataFrame({"text": CELLS}, schema={"text": polars.Binary})),
    ("large", lambda: pyarrow.table({"text": binary(pyarrow.large_binary())})),
    ("views", lambda: pyarrow.table({"text": binary(pyarrow.binary_view())})),
    ("bytes", lambda: pyarrow.record_batch({"text": binary(pyarrow.binary())})),
]
TABLES = [(name, make, [1, 2, 3]) for name, make in STRICT]
TABLES += [(name, make, [1, 3]) for name, make in BYTES]


@pytest.mark.parametrize(("name", "table", "bad"), TABLES, ids=[it[0] for it in TABLES])
def test_a_bad_row_says_its_number_and_harms_no_other(
    name: str, table: Callable[[], Any], bad: List[int]
) -> None:
    data = table()
    rows = extract_batch(data)
    told = dict(rows.errors())
    assert sorted(told) == bad
    assert all(REASONS[row] in why for row, why in told.items()), told
    found = rows.to_arrow()
    assert found["row"].to_pylist() == [0, 1, 2, 3, 4]
    assert [len(it or []) for it in found["agreements"].to_pylist()] == [1, 0, 0, 0, 1]
    skipped = extract_batch(data, on_error="skip").to_arrow()
    assert skipped["row"].to_pylist() == [it for it in range(5) if it not in bad]
    with pytest.raises(youcheng.ReadError, match="^row 1: "):
        extract_batch(data, on_error="raise")


@pytest.mark.parametrize("make", [list, pandas.Series, lambda it: pandas.DataFrame({"text": it})])
def test_a_cell_of_a_wrong_type_says_its_number(make: Callable[[Any], Any]) -> None:
    rows = extract_batch(make([SENTENCE, 7, 1.5, ["x"], SENTENCE, "\ud800", float("nan"), True]))
    told = dict(rows.errors())
    assert sorted(told) == [1, 2, 3, 5, 6, 7]
    assert "got int" in told[1] and "got float" in told[2] and "got list" in told[3]
    assert "surrogate" in told[5] and told[6].startswith("empty") and "got bool" in told[7]
    assert [it["row"] for it in rows.agreements()] == [0, 4]


def test_a_column_of_a_wrong_type_is_refused_by_name() -> None:
    tables: List[Any] = [
        polars.DataFrame({"text": [1, 2]}), pyarrow.table({"text": [[1], [2]]}),
        pyarrow.record_batch({"text": pyarrow.array([1.0])}),
    ]
    for table in tables:
        with pytest.raises(TypeError, match='column "text" has type'):
            extract_batch(table)


def records() -> bytes:
    """Lines of JSON Lines: one good, one without text, one of a wrong type, one not UTF-8, one of
    100 MB, one that is no JSON, one good."""
    good = json.dumps({"text": SENTENCE}, ensure_ascii=False).encode()
    lines = [good, b'{"text": null}', b'{"text": 7}', b'{"text": "' + BAD + b'"}',
             b'{"text": "' + HUGE + b'"}', b"{", good.replace(b"2003", b"2004")]
    return b"\n".join(lines) + b"\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> List[Path]:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "a.jsonl").write_bytes(records())
    cells = [*CELLS[:-1], SENTENCE.replace("2003", "2005").encode()]
    buffers = pyarrow.array(cells, pyarrow.binary()).buffers()
    text = pyarrow.Array.from_buffers(pyarrow.string(), len(cells), buffers)
    table = pyarrow.table({"text": text})
    pyarrow.parquet.write_table(table, folder / "b.parquet")
    return sorted(folder.iterdir())


def check(rows: List[Dict[str, Any]]) -> None:
    """What was read, by file and line."""
    found = {(Path(row["file"] or "").name, row["row"]): row for row in rows}
    assert len(found) == len(rows) == 12
    good = [key for key, row in sorted(found.items()) if row["error"] is None]
    sure = [("a.jsonl", 0), ("a.jsonl", 6), ("b.parquet", 0), ("b.parquet", 4)]
    # A line of a file may be in GB18030.
    assert good == sorted([*sure, ("a.jsonl", 3)])
    assert all(found[key]["ties"] for key in sure)
    for row, why in [(1, "empty"), (2, "7"), (4, "limit"), (5, "JSON")]:
        assert why in found["a.jsonl", row]["error"], found["a.jsonl", row]["error"]
    for row, why in REASONS.items():
        assert why in found["b.parquet", row]["error"], found["b.parquet", row]["error"]


def test_the_steps_of_an_engine_pass_bad_rows_by(files: List[Path]) -> None:
    rows = []
    for piece in engine.pieces(files):
        for batch in engine.extract(piece):
            for row in batch.to_pylist():
                rows.append({**row, "file": piece["file"]})
    check(rows)


def test_spark_passes_bad_rows_by(files: List[Path]) -> None:
    sql = pytest.importorskip("pyspark.sql")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java on this machine, and Spark needs one")
    from youcheng.spark import extract, pieces

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        found = extract(pieces(session, files)).select("number", "row", "error", "ties").collect()
    finally:
        session.stop()
    check([{**row.asDict(), "file": str(files[row["number"]])} for row in found])
