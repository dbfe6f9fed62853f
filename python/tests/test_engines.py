"""Spark and Ray Data: the same results as on one machine, however the work is cut and
whatever breaks on the way."""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set, Tuple

import pytest

import youcheng
from youcheng import _native, engine

pyspark = pytest.importorskip("pyspark")

KINDS = ["代表团访问", "经贸洽谈", "青年交流", "医疗合作", "文化展览"]
CITIES = [
    ("苏州市", "日本池田市"), ("聊城市", "匈牙利帕克斯市"), ("南宁市", "英国韦克菲尔德市"),
    ("青岛市", "美国长滩市"), ("大连市", "日本北九州市"), ("长春市", "加拿大温尼伯市"),
]


def article(n: int) -> Dict[str, Any]:
    """Every fifth article is a copy of the one before it, with another tail."""
    story = n - 1 if n % 5 == 4 else n
    here, there = CITIES[story % len(CITIES)]
    year = 1985 + story % 30
    kind = KINDS[story // 3 % len(KINDS)]
    numbers = "、".join(f"第{story * 7 + at}号项目由{at * 3 + story}名人员参加" for at in range(12))
    text = (
        f"{here}{kind}侧记{story}\n{year}年5月,{here}与{there}缔结友好城市。此次{kind}历时{story % 9 + 2}天,"
        f"{numbers}。双方商定在{kind}方面继续往来,并就第{story}批人员的行程交换了意见。"
    )
    if n != story:
        text += "\n责任编辑:某某"
    return {"text": text, "published": f"{2015 + n % 5}-0{1 + n % 9}-11", "url": f"https://a.example/{n}"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred articles in three files, with a line that is none, one that comes twice, a
    newer version of one, and one whose newer version was taken back."""
    folder = tmp_path_factory.mktemp("corpus")
    lines = [json.dumps(article(n), ensure_ascii=False) for n in range(300)]
    lines.insert(70, "{broken")
    lines.insert(250, lines[10])
    newer = {**article(20), "text": article(20)["text"] + "\n行程后有变动,以本次所发为准。"}
    lines.append(json.dumps(newer, ensure_ascii=False))
    # One goes back to what it said before.
    lines.insert(150, json.dumps({**newer, "url": article(30)["url"]}, ensure_ascii=False))
    lines.insert(220, lines[30])
    for at in range(3):
        (folder / f"part-{at}.jsonl").write_text("\n".join(lines[at * 110:(at + 1) * 110]) + "\n", "utf-8")
    return folder


def files(corpus: Path) -> List[Path]:
    return sorted(corpus.glob("*.jsonl"))


def java() -> None:
    """Spark is a Java program."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java on this machine, and Spark needs one")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    java()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "4")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


Facts = Tuple[Dict[str, Tuple[str, int, str]], Set[Tuple[str, str]], Set[str]]


def facts(out: Path) -> Facts:
    """Articles with where they were read and what they say; copies; merged quads."""
    import pyarrow.parquet

    def rows(name: str) -> List[Dict[str, Any]]:
        table: List[Dict[str, Any]] = pyarrow.parquet.read_table(out / name).to_pylist()
        return table

    articles = {}
    quads = {}
    for row in rows("shards"):
        source = json.loads(row["head"])["source"]
        quads[row["id"], source["file"], source["line"]] = row["nquads"]
    for row in rows("articles"):
        assert row["id"] not in articles
        at = (row["source"]["file"], row["source"]["line"])
        articles[row["id"]] = (*at, quads[(row["id"], *at)])
    copies = {(row["copy"], row["original"]) for row in rows("duplicates")}
    merged = {line for row in rows("agreements") for line in row["quads"].splitlines()}
    return articles, copies, merged


def extracted(corpus: Path) -> Dict[str, Dict[str, Any]]:
    """The articles, read without an engine; of two with the same bytes the first, of two at one
    address the last."""
    found: Dict[str, Dict[str, Any]] = {}
    newest: Dict[str, str] = {}
    for piece in engine.pieces(files(corpus)):
        for batch in engine.extract(piece):
            for row in batch.to_pylist():
                if row["id"]:
                    found.setdefault(row["id"], row)
                    newest[row["address"]] = row["id"]
    return {key: row for key, row in found.items() if newest[row["address"]] == key}


def merged(articles: Dict[str, Dict[str, Any]], roots: Dict[str, str]) -> Set[str]:
    """The quads of all agreements, merged pair by pair."""
    ties = sorted({tie for row in articles.values() for tie in row["ties"]})
    known = sorted({line for row in articles.values() for line in row["known"].splitlines()},
                   key=lambda line: (line.rsplit(" ", 2)[1], line))
    merger = _native.Merger(ties, ["\n".join(known)])
    said = [(row["claims"], roots.get(key)) for key, row in sorted(articles.items()) if row["ties"]]
    quads = set(merger.places().splitlines())
    for pair in {merger.pair(tie) for tie in ties}:
        quads.update(merger.agreements(pair, said).splitlines())
    return quads


def alone(corpus: Path) -> Facts:
    """The same on one machine, without an engine."""
    found = extracted(corpus)
    articles = {
        key: (row["source"]["file"], row["source"]["line"], row["nquads"]) for key, row in found.items()
    }
    copies = engine.copies([(key, row["published"], row["signature"]) for key, row in found.items()])
    return articles, set(copies), merged(found, dict(copies))


@pytest.fixture(scope="module")
def expected(corpus: Path) -> Facts:
    return alone(corpus)


@pytest.fixture(scope="module")
def stored(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Set[str]:
    """The quads of the store that one ingest fills."""
    store = youcheng.Store(tmp_path_factory.mktemp("one") / "kg")
    # One line is broken.
    assert not store.ingest(*files(corpus))
    return exported(store)


def exported(store: youcheng.Store) -> Set[str]:
    file = Path(store.path).parent / "all.nq"
    store.export(file, ["--format", "nquads"])
    return set(file.read_text("utf-8").splitlines())


def loaded(shards: Path, to: Path) -> Set[str]:
    """The quads of a store that shards were brought into."""
    store = youcheng.Store(to)
    assert store.ingest(options=["--shards", str(shards)])
    return exported(store)


COPY = re.compile(r"<\S*/article/(\w+)> <\S*duplicateOf> <\S*/article/(\w+)> ")


def test_the_store_of_one_ingest_holds_these_quads(
    expected: Facts, corpus: Path, stored: Set[str]
) -> None:
    articles, copies, _ = expected
    assert len(articles) == 300 and len(copies) >= 55

    def graph(line: str) -> str:
        return line.rsplit(" ", 2)[1]

    ours = {line for _, _, quads in articles.values() for line in quads.splitlines()}
    covered = {graph(line) for line in ours}
    assert {line for line in stored if graph(line) in covered} == ours
    # Agreements, with the copies that the store knows of.
    roots = {f"sha256:{copy}": f"sha256:{root}" for copy, root in COPY.findall("\n".join(stored))}
    assert not roots or set(roots.items()) == copies
    ours = merged(extracted(corpus), roots)
    graphs = {graph(line) for line in ours}
    assert len(graphs) == 2 and {line for line in stored if graph(line) in graphs} == ours


@pytest.mark.parametrize("lines", [7, 1000])
def test_spark_says_the_same_however_it_is_cut(
    spark: Any, corpus: Path, expected: Facts, stored: Set[str], tmp_path: Path, lines: int
) -> None:
    from youcheng.spark import run

    run(spark, files(corpus), str(tmp_path / "out"), lines)
    assert facts(tmp_path / "out") == expected
    assert loaded(tmp_path / "out" / "shards", tmp_path / "kg") == stored


def test_errors_have_their_place(spark: Any, corpus: Path) -> None:
    from youcheng.spark import errors, extract, pieces

    (row,) = errors(extract(pieces(spark, files(corpus)))).collect()
    assert "broken JSON" in row["error"] or "key must be" in row["error"]
    assert "part-0.jsonl:71" in row["error"]


def test_components_join_in_rounds_as_on_the_driver(spark: Any) -> None:
    from youcheng.spark import components

    chain = [(f"{n:03}", f"{n + 1:03}") for n in range(12) if n != 8] + [("a", "b"), ("a", "c")]
    pairs = spark.createDataFrame(chain, "a string, b string")
    found = {row["id"]: row["component"] for row in components(pairs, few=0).collect()}
    assert found == engine.components(chain)


def test_ray_says_the_same(
    corpus: Path, expected: Facts, stored: Set[str], tmp_path: Path
) -> None:
    ray = pytest.importorskip("ray")
    from youcheng.ray import current, distinct, duplicates, extract, pieces, readings, shards

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        found = extract(pieces(files(corpus), lines=50)).materialize()
        shards(readings(found)).write_parquet(str(tmp_path / "shards"))
        assert loaded(tmp_path / "shards", tmp_path / "kg") == stored
        found = current(distinct(found), found).materialize()
        articles = {
            row["id"]: (row["source"]["file"], row["source"]["line"], row["nquads"])
            for row in found.iter_rows()
        }
        assert articles == expected[0]
        assert {(row["copy"], row["original"]) for row in duplicates(found)} == expected[1]
    finally:
        ray.shutdown()


def test_pieces_cover_every_format(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    texts = [article(n)["text"] for n in range(5)]
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), tmp_path / "a.parquet", row_group_size=2)
    (tmp_path / "b.txt").write_text(texts[0], "utf-8")
    (tmp_path / "c.jsonl").write_text("\n\n" + json.dumps({"text": texts[1]}), "utf-8")
    cut = engine.pieces([tmp_path])
    assert [piece["format"] for piece in cut] == ["parquet"] * 3 + ["file", "jsonl"]
    rows = [row for piece in cut for batch in engine.extract(piece) for row in batch.to_pylist()]
    assert [row["source"]["line"] for row in rows] == [1, 2, 3, 4, 5, None, 3]
    assert [row["id"] for row in rows[:5]] == [row["id"] for row in youcheng.extract_batch(texts).to_dicts()]
    assert engine.schema().names[:3] == ["number", "row", "error"]
