"""Large corpora in Spark 4, with the same results as on one machine.

::

    from youcheng.spark import run

    run(spark, ["crawl/part-*.jsonl"...], "out")     # then: youcheng ingest --shards out/shards

Each step is a function of data frames, for pipelines of one's own. Workers need the package
``youcheng`` and ``pyarrow``, and see the files under the same paths.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Optional

from . import _native, engine

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: Rounds of joining in which a chain of copies of 2^20 articles ends.
ROUNDS = 20


def schema() -> Any:
    """The columns that :func:`extract` gives, as Spark has them."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(engine.schema())


def pieces(spark: SparkSession, paths: Iterable[Any], lines: int = engine.LINES) -> DataFrame:
    """The pieces that files and folders are cut into, one a row. The driver walks the folders;
    the files are looked into by the tasks."""
    found = engine.files(paths)
    files = spark.createDataFrame(
        list(enumerate(found)), "number long, file string"
    ).repartition(max(1, min(len(found), 4 * spark.sparkContext.defaultParallelism)))

    def cut(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        names = [name for name, _ in engine.PIECE]
        for batch in batches:
            for row in batch.to_pylist():
                rows = engine.pieces_of(row["file"], row["number"], lines)
                columns = [[piece[name] for piece in rows] for name in names]
                if rows:
                    yield pyarrow.RecordBatch.from_arrays(
                        [pyarrow.array(column) for column in columns], names
                    )

    cuts = files.mapInArrow(cut, ", ".join(f"{name} {kind}" for name, kind in engine.PIECE))
    # Which task gets a piece must not hang on which file it is of.
    tasks = 4 * spark.sparkContext.defaultParallelism
    return cuts.repartition(tasks, "file", "before").sortWithinPartitions("number", "before")


def extract(pieces: DataFrame) -> DataFrame:
    """All articles of these pieces, one a row, errors included: see :func:`schema`."""

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            for piece in batch.to_pylist():
                yield from engine.extract(piece)

    return pieces.mapInArrow(work, schema())


def distinct(extractions: DataFrame) -> DataFrame:
    """The articles, each once: of several with the same bytes the one that was read first."""
    from pyspark.sql import functions as f

    articles = extractions.where("id IS NOT NULL")
    at = f.struct("number", f.col("source.line").alias("line"))
    seen = articles.select("id", at.alias("at"))
    twice = seen.groupBy("id").agg(f.min("at").alias("first"), f.count("*").alias("n"))
    later = seen.join(f.broadcast(twice.where("n > 1")), "id").where("at != first")
    later = later.select(f.col("id").alias("_id"), f.col("at").alias("_at")).distinct()
    same = (f.col("id") == f.col("_id")) & at.eqNullSafe(f.col("_at"))
    return articles.join(f.broadcast(later), same, "left_anti")


def _order() -> Any:
    """When and where an article was read: fetched, or else by file and line."""
    from pyspark.sql import functions as f

    fetched = f.expr("try_to_timestamp(source.captured)")
    return f.struct(fetched, f.col("source.file"), f.col("source.line"), f.col("id"))


def readings(extractions: DataFrame) -> DataFrame:
    """What a store must be told of the articles: each as it was read first and, where another
    reading at an address is later, as it was read last. Which article stands at an address
    depends on both."""
    from pyspark.sql import functions as f

    articles = extractions.where("id IS NOT NULL")
    at = f.struct("number", f.col("source.line").alias("line"))
    seen = articles.select("id", "address", at.alias("at"), _order().alias("order"))
    twice = seen.groupBy("id").agg(f.min("at").alias("first"), f.count("*").alias("n"))
    last = seen.groupBy("id", "address").agg(f.max("order").alias("last"))
    known = seen.join(f.broadcast(twice.where("n > 1")), "id").join(last, ["id", "address"])
    between = known.where("at != first AND order != last")
    between = between.select(f.col("id").alias("_id"), f.col("at").alias("_at")).distinct()
    same = (f.col("id") == f.col("_id")) & at.eqNullSafe(f.col("_at"))
    return articles.join(f.broadcast(between), same, "left_anti")


def current(articles: DataFrame, extractions: Optional[DataFrame] = None) -> DataFrame:
    """The articles without older versions: of several at one address the one that was fetched
    last, or else the one that stands last, by file and line. ``extractions`` has all readings,
    also of what :func:`distinct` has dropped: a page may go back to what it said before."""
    from pyspark.sql import functions as f

    read = articles if extractions is None else extractions.where("id IS NOT NULL")
    addressed = read.where("address IS NOT NULL").select("id", "address", _order().alias("at"))
    last = addressed.groupBy("address").agg(f.max("at").alias("last"), f.count("*").alias("n"))
    newest = last.where("n > 1").select("address", f.col("last.id").alias("newest"))
    older = addressed.join(newest, "address").where("id != newest").select("id").distinct()
    standing = last.select(f.col("last.id").alias("id")).distinct()
    return articles.join(older.join(standing, "id", "left_anti"), "id", "left_anti")


def duplicates(articles: DataFrame) -> DataFrame:
    """Which articles are copies of which: columns ``copy`` and ``original``.

    Articles that share a key of their signatures are grouped and compared; pairs that hang
    together are joined to the smallest of them, and each such group is clustered as on one
    machine."""
    from pyspark.sql import functions as f

    signed = articles.select("id", "published", "signature", "keys")
    keyed = signed.select("id", "signature", f.explode("keys").alias("key"))
    # All rows of a key lie side by side in one task.
    sorted_ = keyed.repartition("key").sortWithinPartitions("key")

    def compare(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        names = ("key", "id", "signature")
        rows = (row for batch in batches
                for row in zip(*(batch.column(name).to_pylist() for name in names)))
        found = sorted(set(engine.near(rows)))
        text = pyarrow.string()
        columns = [pyarrow.array([pair[at] for pair in found], text) for at in (0, 1)]
        yield pyarrow.RecordBatch.from_arrays(columns, ["a", "b"])

    pairs = sorted_.mapInArrow(compare, "a string, b string")
    grouped = signed.join(components(pairs.distinct()), "id")

    def cluster(table: Any) -> Any:
        import pyarrow

        rows = zip(*(table[name].to_pylist() for name in ("id", "published", "signature")))
        found = engine.copies(list(rows))
        text = pyarrow.string()
        return pyarrow.table(
            {
                "copy": pyarrow.array([copy for copy, _ in found], text),
                "original": pyarrow.array([original for _, original in found], text),
            }
        )

    grouped = grouped.select("component", "id", "published", "signature")
    return grouped.groupBy("component").applyInArrow(cluster, "copy string, original string")


def components(pairs: DataFrame, few: int = 1_000_000) -> DataFrame:
    """The members of what pairs hold together, each with the smallest: ``id``, ``component``.

    Up to so many pairs are joined on the driver. More are joined in rounds, in each of which
    every member takes the smallest name that its neighbours have."""
    from pyspark.sql import functions as f

    spark = pairs.sparkSession
    pairs = pairs.persist()
    if pairs.count() <= few:
        found = engine.components((row["a"], row["b"]) for row in pairs.collect())
        pairs.unpersist()
        return spark.createDataFrame(list(found.items()), "id string, component string")
    edges = pairs.union(pairs.select("b", "a")).distinct().persist()
    names = edges.groupBy(f.col("a").alias("id")).agg(
        f.least(f.min("b"), f.first("a")).alias("component")
    )
    for _ in range(ROUNDS):
        names = names.localCheckpoint()
        near = edges.join(names.withColumnRenamed("id", "b"), "b").groupBy("a").agg(
            f.min("component").alias("best")
        )
        # Whoever is named after another takes the name of that one as well.
        named = names.alias("x").join(
            names.select(f.col("id").alias("component"), f.col("component").alias("over")),
            "component",
        )
        better = named.join(near.withColumnRenamed("a", "id"), "id").select(
            "id", f.least("best", "over").alias("component"), f.col("component").alias("before")
        )
        better = better.localCheckpoint()
        names = better.select("id", "component")
        if better.where("component != before").isEmpty():
            break
    return names


def agreements(articles: DataFrame, duplicates: DataFrame) -> DataFrame:
    """What all articles together say of each pair of places: columns ``pair`` and ``quads``,
    N-Quads of its agreements. The row without a pair is about places with several names.

    Which places are tied at all is gathered on the driver and sent to all tasks; the claims are
    grouped by pair."""
    from pyspark.sql import functions as f

    spark = articles.sparkSession
    claiming = articles.where(f.size("ties") > 0)
    ties = [row["tie"] for row in
            claiming.select(f.explode("ties").alias("tie")).distinct().collect()]
    lines = articles.select(f.explode(f.split("known", "\n")).alias("line"))
    known = [row["line"] for row in lines.where("line != ''").distinct().collect()]
    known.sort(key=lambda line: (line.rsplit(" ", 2)[1], line))
    told = spark.sparkContext.broadcast((sorted(ties), ["\n".join(known)]))
    key = uuid.uuid4().hex
    merger = _native.Merger(*told.value)
    pairs = spark.createDataFrame(
        [(tie, merger.pair(tie)) for tie in sorted(ties)], "tie string, pair string"
    )
    claims = (
        claiming.select("id", "claims", f.explode("ties").alias("tie"))
        .join(f.broadcast(pairs), "tie")
        .select("id", "claims", "pair").distinct()
        .join(duplicates.select(f.col("copy").alias("id"), "original"), "id", "left")
    )

    def merge(table: Any) -> Any:
        import pyarrow

        columns = (table[name].to_pylist() for name in ("id", "claims", "original"))
        said = [(claims, original) for _, claims, original in sorted(zip(*columns), key=_first)]
        pair = table["pair"][0].as_py()
        quads = _merger(key, told).agreements(pair, said)
        return pyarrow.table({"pair": [pair], "quads": [quads]})

    merged = claims.groupBy("pair").applyInArrow(merge, "pair string, quads string")
    places = spark.createDataFrame([(None, merger.places())], "pair string, quads string")
    return merged.union(places)


_MERGERS: Dict[str, _native.Merger] = {}


def _merger(key: str, told: Any) -> _native.Merger:
    """The merger of this worker, made once."""
    if key not in _MERGERS:
        _MERGERS.clear()
        _MERGERS[key] = _native.Merger(*told.value)
    return _MERGERS[key]


def _first(row: Any) -> Any:
    return row[0]


def run(spark: SparkSession, paths: Iterable[Any], to: str, lines: int = engine.LINES) -> None:
    """Everything, into a folder: ``articles`` without older versions, ``duplicates`` and
    ``agreements`` as Parquet datasets, and ``shards`` of all articles, which ``youcheng ingest
    --shards`` loads. What is there already is replaced."""
    found = extract(pieces(spark, paths, lines))
    found.write.mode("overwrite").parquet(f"{to}/extracted")
    found = spark.read.parquet(f"{to}/extracted")
    shards(readings(found)).write.mode("overwrite").parquet(f"{to}/shards")
    articles = current(distinct(found), found)
    columns = [name for name in articles.columns if name not in _GRAPH]
    articles.select(*columns).write.mode("overwrite").parquet(f"{to}/articles")
    duplicates(articles).write.mode("overwrite").parquet(f"{to}/duplicates")
    copies = spark.read.parquet(f"{to}/duplicates")
    agreements(articles, copies).write.mode("overwrite").parquet(f"{to}/agreements")


_GRAPH = (
    "number", "row", "error", "head", "nquads", "address", "claims", "known", "ties", "signature",
    "keys",
)


def shards(articles: DataFrame) -> DataFrame:
    """What ``youcheng ingest --shards`` loads, one article a row: the shards of
    ``youcheng extract --format parquet``."""
    return articles.select("id", "published", "source.url", "head", "nquads")


def errors(extractions: DataFrame) -> DataFrame:
    """What gave no article, and why."""
    return extractions.where("error IS NOT NULL").select("source.file", "row", "error")


__all__: List[str] = [
    "agreements", "components", "current", "distinct", "duplicates", "errors", "extract", "pieces", "run",
    "schema", "shards",
]
