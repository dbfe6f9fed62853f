"""Large corpora in Ray Data, by the same functions as in :mod:`youcheng.spark`. Agreements are
merged by the store that loads the shards.

::

    from youcheng.ray import current, distinct, duplicates, extract, pieces, readings, shards

    found = extract(pieces(["crawl/"])).materialize()
    shards(readings(found)).write_parquet("out/shards")   # then: youcheng ingest --shards out/shards
    copies = duplicates(current(distinct(found), found))
"""

from __future__ import annotations

import datetime
import zlib
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Optional, Set

from . import engine

if TYPE_CHECKING:
    from ray.data import Dataset

#: Groups in which keys are compared; a power of two.
BUCKETS = 64


def pieces(paths: Iterable[Any], lines: int = engine.LINES) -> Dataset:
    """The pieces that files and folders are cut into, one a row."""
    import ray

    found = engine.pieces(paths, lines)
    return ray.data.from_items(found, override_num_blocks=max(1, len(found)))


def extract(pieces: Dataset) -> Dataset:
    """All articles of these pieces, one a row, errors included, with the columns of
    :func:`youcheng.engine.schema`."""

    def work(batch: Any) -> Iterator[Any]:
        import pyarrow

        for piece in batch.to_pylist():
            for found in engine.extract(piece):
                yield pyarrow.Table.from_batches([found])

    return pieces.map_batches(work, batch_format="pyarrow", batch_size=1)


def distinct(extractions: Dataset) -> Dataset:
    """The articles, each once: of several with the same bytes the one that was read first."""

    def first(group: Any) -> Any:
        lines = [source["line"] or 0 for source in group["source"].to_pylist()]
        order = zip(group["id"].to_pylist(), group["number"].to_pylist(), lines)
        found: Dict[str, int] = {}
        for (name, _, _), at in sorted(zip(order, range(len(group)))):
            found.setdefault(name, at)
        return group.take(sorted(found.values())).drop_columns("bucket")

    articles = extractions.map_batches(_articles, batch_format="pyarrow")
    return articles.groupby("bucket").map_groups(first, batch_format="pyarrow")


def _articles(batch: Any) -> Any:
    import pyarrow.compute

    batch = batch.filter(pyarrow.compute.is_null(batch["error"]))
    # Of a hash any part will do.
    bucket = pyarrow.compute.utf8_slice_codeunits(batch["id"], 7, 9)
    return batch.append_column("bucket", bucket)


def shards(articles: Dataset) -> Dataset:
    """What ``youcheng ingest --shards`` loads, one article a row: see
    :func:`youcheng.spark.shards`."""
    return articles.select_columns(["id", "published", "head", "nquads"])


def readings(extractions: Dataset) -> Dataset:
    """What a store must be told of the articles: see :func:`youcheng.spark.readings`."""

    def wanted(group: Any) -> Any:
        rows = group.select(["id", "address", "number", "source"]).to_pylist()
        first: Dict[str, Any] = {}
        last: Dict[Any, Any] = {}
        for at, row in enumerate(rows):
            read = (row["number"], row["source"]["line"] or 0, at)
            first[row["id"]] = min(first.get(row["id"], read), read)
            if row["address"] is not None:
                key, order = (row["id"], row["address"]), (_order(row), at)
                last[key] = max(last.get(key, order), order)
        kept = {at for *_, at in first.values()} | {at for _, at in last.values()}
        return group.take(sorted(kept)).drop_columns("bucket")

    articles = extractions.map_batches(_articles, batch_format="pyarrow")
    return articles.groupby("bucket").map_groups(wanted, batch_format="pyarrow")


def _order(row: Any) -> Any:
    """When and where an article was read: fetched, or else by file and line."""
    source = row["source"]
    return (_time(source["captured"]), source["file"] or "", source["line"] or 0, row["id"])


def current(articles: Dataset, extractions: Optional[Dataset] = None) -> Dataset:
    """The articles without older versions: see :func:`youcheng.spark.current`."""

    def keyed(batch: Any) -> Any:
        import pyarrow

        batch = batch.filter(batch["address"].is_valid())
        buckets = [zlib.crc32(it.encode()) % BUCKETS for it in batch["address"].to_pylist()]
        return batch.append_column("bucket", pyarrow.array(buckets, pyarrow.int64()))

    def judged(group: Any) -> Any:
        import pyarrow

        rows = group.to_pylist()
        newest: Dict[str, Any] = {}
        for row in rows:
            order = _order(row)
            newest[row["address"]] = max(newest.get(row["address"], order), order)
        stands = [newest[row["address"]][-1] == row["id"] for row in rows]
        return group.select(["id"]).append_column("stands", pyarrow.array(stands, pyarrow.bool_()))

    places = (extractions or articles).select_columns(["address", "id", "source"])
    by_address = places.map_batches(keyed, batch_format="pyarrow").groupby("bucket")
    found = by_address.map_groups(judged, batch_format="pyarrow")
    older: Set[str] = set()
    standing: Set[str] = set()
    for row in found.iter_rows():
        (standing if row["stands"] else older).add(row["id"])
    names = older - standing

    def rest(batch: Any) -> Any:
        return batch.filter([name not in names for name in batch["id"].to_pylist()])

    return articles.map_batches(rest, batch_format="pyarrow") if names else articles


def _time(captured: Any) -> float:
    """A time as a number; what has none is oldest."""
    try:
        return datetime.datetime.fromisoformat(captured.replace("Z", "+00:00")).timestamp()
    except (AttributeError, ValueError):
        return float("-inf")


def duplicates(articles: Dataset) -> List[Dict[str, str]]:
    """Which articles are copies of which: ``copy`` and ``original``."""
    signed = articles.select_columns(["id", "published", "signature", "keys"])

    def keyed(batch: Any) -> Any:
        import pyarrow
        import pyarrow.compute

        keys = batch["keys"].combine_chunks()
        parents = pyarrow.compute.list_parent_indices(keys)
        return pyarrow.table(
            {
                "key": keys.flatten(),
                # Groups of many keys, because each group costs something.
                "bucket": pyarrow.compute.bit_wise_and(keys.flatten(), BUCKETS - 1),
                "id": batch["id"].take(parents),
                "signature": batch["signature"].take(parents),
            }
        )

    def compare(group: Any) -> Any:
        import pyarrow

        group = group.sort_by("key")
        rows = zip(*(group[name].to_pylist() for name in ("key", "id", "signature")))
        found = sorted(set(engine.near(rows)))
        text = pyarrow.string()
        columns = [pyarrow.array([pair[at] for pair in found], text) for at in (0, 1)]
        return pyarrow.table(columns, ["a", "b"])

    by_key = signed.map_batches(keyed, batch_format="pyarrow").groupby("bucket")
    pairs = by_key.map_groups(compare, batch_format="pyarrow")
    names = engine.components((row["a"], row["b"]) for row in pairs.iter_rows())
    groups: Dict[str, List[Any]] = {}
    for row in signed.iter_rows():
        if row["id"] in names:
            member = (row["id"], row["published"], row["signature"])
            groups.setdefault(names[row["id"]], []).append(member)
    found = [pair for name in sorted(groups) for pair in engine.copies(groups[name])]
    return [{"copy": copy, "original": original} for copy, original in found]
