"""Many articles at once: lists, tables of pandas, polars and Arrow, files."""

from __future__ import annotations

import datetime
import html
import json
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

from . import _native, show
from .article import Article
from ._native import ReadError

#: The columns that mean something.
COLUMNS = ("text", "html", "title", "url", "published", "publisher")
#: Of these, one must be there.
BODIES = ("text", "html", "record")
ON_ERROR = ("keep", "skip", "raise")
#: The columns of the agreements that a notebook shows.
SHOWN = ("row", "a", "b", "b_country", "kind", "status", "date", "quote")


class Extractions:
    """The rows that :func:`extract_batch` gives, one for each row that it was given.

    The columns are the fields of the JSON of ``youcheng extract``. Before them stand ``row``,
    the number of the row from 0, and ``error``: why it gave no article, or null. Any library
    that takes Arrow data takes this, as ``pyarrow.table(rows)`` or ``polars.DataFrame(rows)``.
    """

    def __init__(self, batches: _native.Batches) -> None:
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        return self._batches.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._batches.__arrow_c_schema__()

    def __repr__(self) -> str:
        wrong = len(self.errors())
        return f"<Extractions: {len(self)} rows, {wrong} of them errors>"

    def _repr_html_(self) -> str:
        rows = [tuple(row[name] for name in SHOWN) for row in self.agreements()]
        return f"<p>{html.escape(repr(self))}</p>" + show.table(SHOWN, rows[:50], len(rows) - 50)

    def errors(self) -> List[Tuple[int, str]]:
        """The rows that gave no article, each with the reason.

        >>> from youcheng import extract_batch
        >>> extract_batch(["大阪市", None]).errors()
        [(1, 'empty, nothing to read')]
        """
        return self._batches.errors()

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; nested columns hold lists and dictionaries."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        import polars

        return polars.DataFrame(self)

    def to_dicts(self) -> List[Dict[str, Any]]:
        """A list of dictionaries."""
        rows: List[Dict[str, Any]] = self.to_arrow().to_pylist()
        for row in rows:
            for tie in row["agreements"] or []:
                # The column has seven digits.
                tie["confidence"] = float(f"{tie['confidence']:.7g}")
        return rows

    def articles(self) -> Iterator[Optional[Article]]:
        """The articles as :func:`youcheng.extract` gives them; ``None`` for errors."""
        for row in self.to_dicts():
            error = row.pop("error")
            del row["row"]
            yield None if error else Article.from_json(json.dumps(row, ensure_ascii=False))

    def agreements(self) -> List[Dict[str, Any]]:
        """One flat row for each agreement of each article, for a table.

        >>> from youcheng import extract_batch
        >>> rows = extract_batch(["2003年5月,苏州市与日本池田市缔结友好城市。"]).agreements()
        >>> rows[0]["a"], rows[0]["b"], rows[0]["date"]
        ('苏州市', '池田市', '2003-05')
        """
        found = []
        for row in self.to_dicts():
            for tie in row["agreements"] or []:
                found.append(
                    {
                        "row": row["row"],
                        "article": row["id"],
                        "published": row["published"],
                        "id": tie["id"],
                        "a": tie["a"]["name"],
                        "a_country": tie["a"]["country"],
                        "a_place": tie["a"]["place"],
                        "b": tie["b"]["name"],
                        "b_country": tie["b"]["country"],
                        "b_place": tie["b"]["place"],
                        "kind": tie["kind"],
                        "status": tie["status"],
                        "date": tie["date"]["edtf"] if tie["date"] else None,
                        "confidence": tie["confidence"],
                        "quote": tie["evidence"]["quote"],
                        "rule": tie["evidence"]["rule"],
                    }
                )
        return found


def extract_batch(
    data: Any,
    *,
    columns: Optional[Mapping[str, str]] = None,
    jobs: Optional[int] = None,
    max_bytes: Optional[int] = None,
    on_error: str = "keep",
) -> Extractions:
    """Everything that many articles say.

    ``data`` is a list of texts or of dictionaries, a data frame or series of pandas or polars,
    a table, record batch or array of Arrow, or anything else that gives Arrow data. A table
    has a column ``text`` or ``html``, and may have ``title``, ``url``, ``published`` and
    ``publisher``; or a column ``record`` with lines of JSON Lines. ``columns`` says under which
    other names they stand: ``{"text": "body"}``.

    A row that cannot be read (null, of the wrong type, longer than ``max_bytes``, not UTF-8)
    does not harm the others. ``on_error`` says what becomes of it: ``"keep"`` gives a row with
    its ``error``, ``"skip"`` none, ``"raise"`` raises :class:`youcheng.ReadError` for the first.

    ``jobs`` is how many threads work; without it, one per processor. They do not hold the GIL.

    >>> from youcheng import extract_batch
    >>> rows = extract_batch([
    ...     "2003年5月,苏州市与日本池田市缔结友好城市。",
    ...     {"text": "大阪市代表团昨日来访。", "published": "2024-05-02"},
    ...     7,
    ... ])
    >>> rows
    <Extractions: 3 rows, 1 of them errors>
    >>> rows.errors()
    [(2, 'expected a string or a dictionary, got int')]
    """
    if on_error not in ON_ERROR:
        raise ValueError(f"on_error: expected one of {', '.join(ON_ERROR)}, got {on_error!r}")
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs: expected 1 or more, got {jobs}")
    names = dict(columns or {})
    for name in names:
        if name not in (*COLUMNS, "record", "file", "line"):
            raise ValueError(f"columns: {name!r} is no field; the fields are {', '.join(COLUMNS)}")
    skip = on_error == "skip"
    if _is(data, "pandas", "DataFrame") or _is(data, "pandas", "Series"):
        batches = _native.extract_columns(_of_pandas(data, names), jobs, max_bytes, skip)
    elif hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        batches = _native.extract_arrow(_renamed(data, names), jobs, max_bytes, skip)
    elif isinstance(data, (str, bytes, Mapping)) or not isinstance(data, Iterable):
        kind = type(data).__name__
        raise TypeError(f"data: expected a list or a table, got {kind}; for one article: extract()")
    else:
        batches = _native.extract_columns(_of_list(list(data), names), jobs, max_bytes, skip)
    if on_error == "raise":
        for row, error in batches.errors()[:1]:
            raise ReadError(f"row {row}: {error}")
    return Extractions(batches)


def extract_files(*paths: Any, jobs: Optional[int] = None) -> Iterator[Extractions]:
    """Everything that the articles of files and folders say, some hundred at a time.

    Reads what ``youcheng extract`` reads: text, pages, JSON Lines, WARC, Parquet, packed or not.

    >>> from youcheng import extract_files
    >>> sum(len(rows) for rows in extract_files("no-such-file.jsonl"))
    1
    """
    for batches in _native.files([str(path) for path in paths], jobs):
        yield Extractions(batches)


def _is(data: Any, module: str, name: str) -> bool:
    """Whether it is of a class of a library, without importing that."""
    return any(
        it.__name__ == name and it.__module__.split(".")[0] == module for it in type(data).__mro__
    )


def _cell(value: Any) -> Any:
    """Dates as the same text that a Parquet file has for them."""
    if isinstance(value, datetime.datetime):
        if value != value:  # NaT
            return None
        if value.tzinfo is None:
            value = value.replace(tzinfo=datetime.timezone.utc)
        return str(int(value.timestamp() // 1))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _of_pandas(data: Any, names: Mapping[str, str]) -> Dict[str, List[Any]]:
    if _is(data, "pandas", "Series"):
        return {"text": data.tolist()}
    found = {}
    for name in (*COLUMNS, "record", "file", "line"):
        theirs = names.get(name, name)
        if theirs in data.columns:
            values = data[theirs].tolist()
            found[name] = [_cell(it) for it in values] if name in ("published", "line") else values
        elif name in names:
            raise ValueError(f"columns: there is no column {theirs!r}")
    if not any(name in found for name in BODIES):
        there = ", ".join(map(str, data.columns))
        raise TypeError(f'no column "text", "html" or "record" among: {there}')
    return found


def _of_list(items: List[Any], names: Mapping[str, str]) -> Dict[str, List[Any]]:
    found: Dict[str, List[Any]] = {name: [None] * len(items) for name in COLUMNS}
    found["error"] = [None] * len(items)
    for at, item in enumerate(items):
        if item is None or isinstance(item, (str, bytes)):
            found["text"][at] = item
        elif isinstance(item, Mapping):
            for name in COLUMNS:
                value = item.get(names.get(name, name))
                found[name][at] = _cell(value) if name == "published" else value
        elif not (isinstance(item, float) and item != item):
            kind = type(item).__name__
            found["error"][at] = f"expected a string or a dictionary, got {kind}"
    return found


def _renamed(data: Any, names: Mapping[str, str]) -> Any:
    if not names:
        return data
    import pyarrow

    table = pyarrow.table(data)
    there = list(table.column_names)
    for name, theirs in names.items():
        if theirs not in there:
            raise ValueError(f"columns: there is no column {theirs!r}")
        if name in there and name != theirs:
            at = there.index(name)
            table = table.remove_column(at)
            there.pop(at)
        there[there.index(theirs)] = name
    return table.rename_columns(there)
