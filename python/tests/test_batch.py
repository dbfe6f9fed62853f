"""Many articles: every kind of table, and rows that are none."""

import datetime
import io
from typing import Any, List

import pandas
import polars
import pyarrow
import pyarrow.ipc
import pytest

import youcheng
from youcheng import extract_batch

SENTENCE = "2003年5月,苏州市与日本池田市缔结友好城市。"
TEXTS = [SENTENCE, "昨天，大阪市代表团来访。", None]
DAYS = [None, datetime.date(2024, 5, 2), None]


def tables() -> List[Any]:
    table = pyarrow.table({"text": TEXTS, "published": pyarrow.array(DAYS, pyarrow.date32())})
    views = table.set_column(0, "text", table["text"].cast(pyarrow.string_view()))
    large = table.set_column(0, "text", table["text"].cast(pyarrow.large_string()))
    binary = table.set_column(0, "text", table["text"].cast(pyarrow.binary()))
    words = table.set_column(0, "text", table["text"].dictionary_encode())
    rows = [{"text": text, "published": day} for text, day in zip(TEXTS, DAYS)]
    return [
        table, views, large, binary, words, table.to_batches()[0], rows,
        pandas.DataFrame(rows), polars.DataFrame(rows),
        polars.DataFrame(rows, schema={"text": polars.String, "published": polars.Date}),
    ]


def test_every_kind_of_table_gives_the_same() -> None:
    wanted = [
        {"text": SENTENCE}, {"text": TEXTS[1], "published": "2024-05-02"}, {"text": None},
    ]
    expected = extract_batch(wanted).to_arrow()
    assert expected.num_rows == 3
    assert [it["edtf"] for it in expected.to_pylist()[1]["dates"]] == ["2024-05-01"]
    for data in tables():
        assert extract_batch(data).to_arrow().equals(expected), type(data)


def test_series_and_arrays_are_texts() -> None:
    expected = extract_batch(TEXTS).to_arrow()
    for data in (
        pandas.Series(TEXTS), polars.Series(TEXTS), pyarrow.array(TEXTS),
        pyarrow.chunked_array([TEXTS[:1], TEXTS[1:]]), tuple(TEXTS), iter(TEXTS),
    ):
        assert extract_batch(data).to_arrow().equals(expected), type(data)


def test_rows_are_what_one_article_gives() -> None:
    rows = extract_batch([SENTENCE, {"text": SENTENCE, "title": "结好", "published": "2003-06"}])
    one, two = rows.articles()
    assert one is not None and two is not None
    assert one.agreements == youcheng.extract(SENTENCE).agreements
    alone = youcheng.extract(SENTENCE, title="结好", published="2003-06")
    assert (two.id, two.text, two.places, two.dates, two.agreements) == (
        alone.id, alone.text, alone.places, alone.dates, alone.agreements,
    )


def test_order_is_kept_whatever_the_number_of_threads() -> None:
    texts = [f"{1980 + n % 40}年,苏州市与日本池田市缔结友好城市。第{n}号" for n in range(500)]
    one = extract_batch(texts, jobs=1).to_arrow()
    assert one["row"].to_pylist() == list(range(500))
    assert one.equals(extract_batch(texts, jobs=7).to_arrow())


def test_bad_rows_harm_no_others() -> None:
    huge = "友" * (100_000_000 // 3)
    bad: List[Any] = [SENTENCE, None, 7, b"\xff\xfe\xfd", huge, "\ud800", {"text": ["x"]}, {}, SENTENCE]
    rows = extract_batch(bad)
    assert len(rows) == len(bad)
    errors = dict(rows.errors())
    assert sorted(errors) == [1, 2, 3, 4, 5, 6, 7]
    assert "got int" in errors[2] and "UTF-8" in errors[3] and "limit" in errors[4]
    assert "surrogate" in errors[5] and "text: expected a string, got list" == errors[6]
    kept = extract_batch(bad, on_error="skip")
    assert kept.to_arrow()["row"].to_pylist() == [0, 8] and kept.errors() == []
    assert [it["row"] for it in rows.agreements()] == [0, 8]
    with pytest.raises(youcheng.ReadError, match="^row 1: empty"):
        extract_batch(bad, on_error="raise")


def test_bad_rows_of_arrow_harm_no_others() -> None:
    huge = "友" * (100_000_000 // 3)
    cells = [SENTENCE.encode(), None, "坏".encode()[:2] + b"ab", huge.encode(), SENTENCE.encode()]
    # Arrow data that claims to be UTF-8 and is not.
    array = pyarrow.array(cells, pyarrow.binary())
    text = pyarrow.Array.from_buffers(pyarrow.string(), len(cells), array.buffers())
    rows = extract_batch(pyarrow.table({"text": text}))
    errors = dict(rows.errors())
    assert sorted(errors) == [1, 2, 3]
    assert errors[2] == "text: not UTF-8 at byte 0" and "limit" in errors[3]


def test_what_is_no_table_of_articles_is_refused() -> None:
    with pytest.raises(TypeError, match='column "text" has type Int64'):
        extract_batch(pyarrow.table({"text": [1, 2]}))
    with pytest.raises(TypeError, match="among: body, day"):
        extract_batch(pyarrow.table({"body": ["x"], "day": ["y"]}))
    with pytest.raises(TypeError, match="among: body"):
        extract_batch(pandas.DataFrame({"body": ["x"]}))
    with pytest.raises(TypeError, match="expected a list or a table, got str"):
        extract_batch(SENTENCE)
    with pytest.raises(ValueError, match="jobs: expected 1 or more, got 0"):
        extract_batch([SENTENCE], jobs=0)
    with pytest.raises(ValueError, match="on_error"):
        extract_batch([], on_error="ignore")
    with pytest.raises(ValueError, match="'body' is no field"):
        extract_batch(pandas.DataFrame({"text": ["x"]}), columns={"body": "text"})


def test_columns_may_have_other_names() -> None:
    rows = {"body": TEXTS, "text": ["x", "y", "z"]}
    expected = extract_batch(TEXTS).to_arrow()
    for data in (pandas.DataFrame(rows), polars.DataFrame(rows), pyarrow.table(rows)):
        assert extract_batch(data, columns={"text": "body"}).to_arrow().equals(expected)


def test_tables_without_rows_have_the_columns() -> None:
    empty: List[Any] = [
        [], pyarrow.table({"text": pyarrow.array([], pyarrow.string())}),
        pandas.DataFrame({"text": []}),
    ]
    for data in empty:
        table = extract_batch(data).to_arrow()
        assert table.num_rows == 0 and table.column_names[:3] == ["row", "error", "id"]


def test_the_program_writes_the_same_columns(tmp_path: Any) -> None:
    import subprocess
    import sys

    table = pyarrow.table({"text": [*TEXTS, SENTENCE + "完"]})
    sink = io.BytesIO()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    call = [sys.executable, "-m", "youcheng", "extract", "--format", "arrow", "-"]
    done = subprocess.run(call, input=sink.getvalue(), capture_output=True)
    assert done.returncode == 1 and b"<stdin>:3: empty" in done.stderr
    theirs = pyarrow.ipc.open_stream(done.stdout).read_all()
    ours = extract_batch(table).to_arrow()
    assert theirs.schema == ours.schema
    drop = ["source", "error"]
    assert theirs.drop_columns(drop).equals(ours.drop_columns(drop))
    assert theirs["source"].to_pylist()[3]["line"] == 4


def test_pandas_and_polars_and_dictionaries() -> None:
    rows = extract_batch([SENTENCE])
    assert "<td>池田市</td>" in rows._repr_html_()
    assert rows.to_pandas().loc[0, "agreements"][0]["b"]["name"] == "池田市"
    assert rows.to_polars()["agreements"][0][0]["b"]["name"] == "池田市"
    assert rows.to_dicts()[0]["agreements"][0]["b"]["name"] == "池田市"
