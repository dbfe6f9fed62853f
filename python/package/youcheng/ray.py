"""Large corpora in Ray Data, by the same functions as in :mod:`youcheng.spark`.

::

    from youcheng.ray import duplicates, extract, pieces

    articles = extract(pieces(["crawl/"]))
    articles.write_parquet("out/articles")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List

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
