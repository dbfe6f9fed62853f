"""The graph on disk."""

from __future__ import annotations

import datetime
import json
import os
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union

from . import _native, show
from ._native import YouchengError

Path = Union[str, "os.PathLike[str]"]
XSD = "http://www.w3.org/2001/XMLSchema#"


class Answer(Sequence[Dict[str, Any]]):
    """The rows that a query gives, in their order. Numbers, truth values and days are Python
    values; all else is text. In a notebook it shows as a table."""

    def __init__(self, names: List[str], rows: List[Tuple[Any, ...]]) -> None:
        self.names = names
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return Answer(self.names, self._rows[at])
        return dict(zip(self.names, self._rows[at]))

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return (dict(zip(self.names, row)) for row in self._rows)

    def __repr__(self) -> str:
        return f"<Answer: {len(self)} rows of {', '.join(self.names)}>"

    def _repr_html_(self) -> str:
        return show.table(self.names, self._rows[:50], len(self) - 50)

    def to_dicts(self) -> List[Dict[str, Any]]:
        """A list of dictionaries."""
        return list(self)

    def columns(self) -> Dict[str, List[Any]]:
        """The values, column by column."""
        return {name: [row[at] for row in self._rows] for at, name in enumerate(self.names)}

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``. A column with values of several types is one of texts."""
        import pyarrow

        return pyarrow.table(self._columns())

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``."""
        import pandas

        return pandas.DataFrame(self._columns(), columns=self.names)

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        import polars

        return polars.DataFrame(self._columns())

    def _columns(self) -> Dict[str, List[Any]]:
        columns = self.columns()
        for name, values in columns.items():
            kinds = {type(value) for value in values if value is not None}
            if kinds == {int, float}:
                columns[name] = [None if it is None else float(it) for it in values]
            elif len(kinds) > 1:
                columns[name] = [None if it is None else str(it) for it in values]
        return columns


class Store:
    """A graph in a folder, which is made when something is first ingested.

    Reading sees what was committed when the question is asked, also while another program
    writes.

    >>> import tempfile, pathlib, youcheng
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.txt").write_text("2003年5月,苏州市与日本池田市缔结友好城市。", "utf-8")
    >>> store = youcheng.Store(folder / "kg")
    >>> store.ingest(folder / "a.txt")
    True
    >>> [(row["a"], row["b"], row["kind"]) for row in store.query(name="agreements")]
    [('苏州市', '池田', 'sister-city')]
    """

    def __init__(self, path: Path = "kg") -> None:
        self.path = os.fspath(path)

    def __repr__(self) -> str:
        return f"Store({self.path!r})"

    def ingest(self, *paths: Path, published: Optional[str] = None, jobs: Optional[int] = None,
               options: Sequence[str] = ()) -> bool:
        """Reads files and folders into the graph, as ``youcheng ingest`` does; ``options`` are
        further options of it. Says whether all was read; what was skipped is named on standard
        error."""
        if not paths and not options:
            raise ValueError("give files or folders to read")
        arguments = ["--store", self.path, "--quiet", *options]
        if published is not None:
            arguments += ["--published", published]
        if jobs is not None:
            arguments += ["--jobs", str(jobs)]
        return self._call("ingest", [*arguments, "--", *(os.fspath(path) for path in paths)])

    def export(self, to: Path, options: Sequence[str] = ()) -> bool:
        """Writes the graph for others, as ``youcheng export --to`` does: a dataset in a folder,
        or one file with ``options=["--format", "csv"]``."""
        return self._call(
            "export", ["--store", self.path, "--quiet", "--to", os.fspath(to), *options]
        )

    def query(self, sparql: Optional[str] = None, *, name: Optional[str] = None,
              parameters: Optional[Dict[str, str]] = None, timeout: float = 60.0) -> Answer:
        """Asks a question: SPARQL, or the name of one of :func:`queries`.

        A ``SELECT`` gives its rows, an ``ASK`` one row. For graphs, see :meth:`graph`.
        """
        form, answer = self._ask(sparql, name, parameters, "turtle", timeout)
        if form == "GRAPH":
            raise ValueError("this query gives a graph, not rows: use graph()")
        data = json.loads(answer)
        if form == "ASK":
            return Answer(["answer"], [(bool(data["boolean"]),)])
        names = data["head"]["vars"]
        rows = [
            tuple(_value(row[name]) if name in row else None for name in names)
            for row in data["results"]["bindings"]
        ]
        return Answer(names, rows)

    def graph(self, sparql: Optional[str] = None, *, name: Optional[str] = None,
              parameters: Optional[Dict[str, str]] = None, format: str = "turtle",
              timeout: float = 60.0) -> str:
        """The graph that a ``CONSTRUCT`` or ``DESCRIBE`` gives, as ``turtle``, ``ntriples`` or
        ``jsonld``."""
        form, answer = self._ask(sparql, name, parameters, format, timeout)
        if form != "GRAPH":
            raise ValueError("this query gives rows, not a graph: use query()")
        return answer.decode()

    def _ask(self, sparql: Optional[str], name: Optional[str],
             parameters: Optional[Dict[str, str]], format: str,
             timeout: float) -> Tuple[str, bytes]:
        if (sparql is None) == (name is None):
            raise ValueError("give either a SPARQL query or the name of one")
        return _native.query(self.path, sparql, name, dict(parameters or {}), format, timeout)

    def _call(self, command: str, arguments: List[str]) -> bool:
        return _native.command(["youcheng", command, *arguments]) == 0


def queries() -> List[Tuple[str, str, List[str]]]:
    """The named queries: name, what each tells, and its parameters.

    >>> import youcheng
    >>> "agreements" in [name for name, about, parameters in youcheng.queries()]
    True
    """
    return _native.queries()


def _value(term: Dict[str, str]) -> Any:
    """An RDF term as a Python value."""
    text = term["value"]
    kind = term.get("datatype", "").replace(XSD, "xsd:")
    try:
        if kind == "xsd:boolean":
            return text in ("true", "1")
        if kind in ("xsd:integer", "xsd:int", "xsd:long", "xsd:nonNegativeInteger"):
            return int(text)
        if kind in ("xsd:decimal", "xsd:double", "xsd:float"):
            return float(text)
        if kind == "xsd:date":
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    return text


__all__ = ["Answer", "Store", "YouchengError", "queries"]
