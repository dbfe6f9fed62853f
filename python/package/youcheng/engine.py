"""The steps of a large corpus, for any engine that hands Arrow batches to Python.

A corpus is cut into *pieces*: some lines of a JSON Lines file, a group of rows of a Parquet
table, a whole WARC or other file. A piece is small and says all that a task needs, so a task
that is started again does the same work again and its result replaces what it left.
:mod:`youcheng.spark` and :mod:`youcheng.ray` run these functions and no others.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from . import _native

#: Lines of a piece of JSON Lines, unless told otherwise.
LINES = 2000
#: Texts that share a key and are compared with one of them, as on one machine.
WINDOW = 512

#: What a piece says: the file, its place among the files, its format; where it begins in bytes
#: (or which group of rows it is), the number of the line before it, and how many lines it has.
PIECE = (
    ("file", "string"), ("number", "long"), ("format", "string"), ("start", "long"),
    ("before", "long"), ("count", "long"),
)

Piece = Dict[str, Any]


def pieces(paths: Iterable[Any], lines: int = LINES) -> List[Piece]:
    """The pieces of files and folders, in the order in which ``youcheng ingest`` reads them.

    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "a.jsonl")
    >>> _ = file.write_text("{}\\n" * 5)
    >>> [(piece["before"], piece["count"]) for piece in pieces([file], lines=2)]
    [(0, 2), (2, 2), (4, 1)]
    """
    found = enumerate(files(paths))
    return [piece for at, file in found for piece in pieces_of(file, at, lines)]


def files(paths: Iterable[Any]) -> List[str]:
    """These files, and those of these folders by name."""
    return [str(file) for path in paths for file in _files(Path(path))]


def _files(path: Path) -> List[Path]:
    if not path.is_dir():
        return [path]
    inside = sorted(path.iterdir(), key=lambda it: os.fsencode(it.name))
    return [file for it in inside if not it.name.startswith(".") for file in _files(it)]


def pieces_of(file: str, number: int, lines: int = LINES) -> List[Piece]:
    """The pieces of one file."""
    if file.endswith((".jsonl", ".ndjson")):
        return list(_lines(file, number, lines))
    if file.endswith(".parquet"):
        return list(_groups(file, number))
    return [_piece(file, number, "file", 0, 0, 0)]


def _piece(file: str, number: int, format: str, start: int, before: int, count: int) -> Piece:
    return {"file": file, "number": number, "format": format, "start": start, "before": before,
            "count": count}


def _lines(file: str, number: int, lines: int) -> Iterator[Piece]:
    start = before = count = 0
    with open(file, "rb") as opened:
        head = opened.read(2)
        if head in (b"\xff\xfe", b"\xfe\xff"):
            # UTF-16 has no lines of bytes.
            yield _piece(file, number, "file", 0, 0, 0)
            return
        opened.seek(0)
        at = 0
        for line in opened:
            at += len(line)
            count += 1
            if count == lines:
                yield _piece(file, number, "jsonl", start, before, count)
                start, before, count = at, before + count, 0
    if count:
        yield _piece(file, number, "jsonl", start, before, count)


def _groups(file: str, number: int) -> Iterator[Piece]:
    from pyarrow.parquet import ParquetFile

    metadata = ParquetFile(file).metadata
    before = 0
    for group in range(metadata.num_row_groups):
        count = metadata.row_group(group).num_rows
        yield _piece(file, number, "parquet", group, before, count)
        before += count


def schema() -> Any:
    """The columns that :func:`extract` gives, as a ``pyarrow.Schema``: those of
    :func:`youcheng.extract_batch`, which file of all it was, and those that the graph is made
    of."""
    import pyarrow

    schema = pyarrow.schema(_native.Schema(graph=True))
    return schema.insert(0, pyarrow.field("number", pyarrow.int64()))


def extract(piece: Piece, jobs: Optional[int] = 1) -> Iterator[Any]:
    """The articles of a piece, as ``pyarrow.RecordBatch``es."""
    import pyarrow

    for batches in _extracted(piece, jobs):
        for batch in pyarrow.RecordBatchReader.from_stream(batches):
            number = pyarrow.array([piece["number"]] * len(batch), pyarrow.int64())
            yield pyarrow.RecordBatch.from_arrays([number, *batch.columns], schema=schema())


def _extracted(piece: Piece, jobs: Optional[int]) -> Iterator[_native.Batches]:
    import pyarrow

    file, before, count = piece["file"], piece["before"], piece["count"]
    if piece["format"] == "jsonl":
        with open(file, "rb") as opened:
            opened.seek(piece["start"])
            lines = [opened.readline() for _ in range(count)]
        rows = [
            (line.rstrip(b"\r\n"), before + at + 1)
            for at, line in enumerate(lines)
            if line.strip()
        ]
        records = pyarrow.array([line for line, _ in rows], pyarrow.large_binary())
        table = _rows({"record": records}, file, [at for _, at in rows])
        yield _native.extract_arrow(table, jobs=jobs, graph=True)
    elif piece["format"] == "parquet":
        from pyarrow.parquet import ParquetFile

        opened_table = ParquetFile(file)
        names = [name for name in opened_table.schema_arrow.names if name in _FIELDS]
        table = opened_table.read_row_group(piece["start"], columns=names)
        columns = {name: table[name] for name in names}
        numbers = list(range(before + 1, before + 1 + len(table)))
        yield _native.extract_arrow(_rows(columns, file, numbers), jobs=jobs, graph=True)
    else:
        yield from _native.files([file], jobs=jobs, graph=True)


_FIELDS = ("text", "html", "title", "url", "published", "publisher")


def _rows(columns: Dict[str, Any], file: str, lines: List[int]) -> Any:
    import pyarrow

    return pyarrow.table(
        {
            **columns,
            "file": pyarrow.array([file] * len(lines), pyarrow.string()),
            "line": pyarrow.array(lines, pyarrow.int64()),
        }
    )


Keyed = Tuple[int, str, bytes]


def near(rows: Iterable[Keyed]) -> Iterator[Tuple[str, str]]:
    """Pairs of near duplicates, the smaller id first, among articles that share a key. Takes
    (key, id, signature) in the order of their keys; a pair may come once for each key."""
    for _, group in itertools.groupby(rows, key=lambda row: row[0]):
        # An article that was read twice is no copy of itself.
        same = sorted({name: signature for _, name, signature in group}.items())
        if len(same) > 1:
            for one, other in _native.near([signature for _, signature in same], WINDOW):
                yield same[one][0], same[other][0]


def copies(articles: List[Tuple[str, Optional[str], bytes]]) -> List[Tuple[str, str]]:
    """Of articles (id, published, signature) that hang together: copy and original."""
    return _native.copies(sorted(articles))


def components(pairs: Iterable[Tuple[str, str]]) -> Dict[str, str]:
    """Of everything that pairs hold together, the smallest member, for each member.

    >>> components([("b", "c"), ("a", "b"), ("x", "y")])
    {'b': 'a', 'c': 'a', 'a': 'a', 'x': 'x', 'y': 'x'}
    """
    parent: Dict[str, str] = {}

    def root(it: str) -> str:
        parent.setdefault(it, it)
        while parent[it] != it:
            parent[it] = parent[parent[it]]
            it = parent[it]
        return it

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {it: root(it) for it in parent}
