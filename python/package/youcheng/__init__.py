"""youcheng (友城) turns Chinese news into an open knowledge graph of sister cities.

>>> import youcheng
>>> article = youcheng.extract(text="2003年5月,苏州市与日本池田市缔结友好城市。")
>>> tie = article.agreements[0]
>>> tie.a.name, tie.b.name, tie.kind, tie.date.edtf
('苏州市', '池田市', 'sister-city', '2003-05')
>>> article.text[tie.evidence.start:tie.evidence.end] == tie.evidence.quote
True
"""

from __future__ import annotations

import datetime
import json
import signal
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Union

from . import _native
from ._native import ReadError, YouchengError, __version__
from .article import Agreement, Article, Country, Date, Evidence, Node, Party, Place, Statistic
from .batch import Extractions, extract_batch, extract_files
from .store import Answer, Store, queries

__all__ = [
    "Agreement",
    "Answer",
    "Article",
    "Cleaned",
    "Country",
    "Date",
    "Evidence",
    "Extractions",
    "Party",
    "Place",
    "ReadError",
    "Statistic",
    "Store",
    "YouchengError",
    "__version__",
    "clean",
    "dates",
    "extract",
    "extract_batch",
    "extract_files",
    "place",
    "queries",
]

When = Union[str, datetime.date, None]


def _fields(
    text: Optional[str],
    html: Optional[str],
    title: Optional[str] = None,
    url: Optional[str] = None,
    published: When = None,
    publisher: Optional[str] = None,
) -> Dict[str, Optional[str]]:
    if (text is None) == (html is None):
        raise ValueError("give either text or html")
    if isinstance(published, datetime.datetime):
        published = published.date()
    fields: Dict[str, Any] = {
        "text": text,
        "html": html,
        "title": title,
        "url": url,
        "published": published.isoformat() if isinstance(published, datetime.date) else published,
        "publisher": publisher,
    }
    for name, value in fields.items():
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name}: expected a string, got {type(value).__name__}")
        if value is not None:
            try:
                value.encode()
            except UnicodeEncodeError as error:
                what = "holds half a character (a lone surrogate)"
                raise ReadError(f"{name}: {what} at {error.start}") from None
    return fields


def extract(
    text: Optional[str] = None,
    *,
    html: Optional[str] = None,
    title: Optional[str] = None,
    url: Optional[str] = None,
    published: When = None,
    publisher: Optional[str] = None,
    words: bool = False,
) -> Article:
    """Everything that one article says: its clean text, countries, places, dates, agreements.

    ``published`` is the day on which it appeared, from which relative dates count. With
    ``words`` the article also holds its words, each with its part of speech.

    >>> article = extract(text="昨天，聊城市与匈牙利帕克斯市签署友好合作备忘录。", published="2025-05-23")
    >>> [(it.text, it.edtf) for it in article.dates]
    [('昨天', '2025-05-22')]
    >>> extract(text="", published="2025-05-23")
    Traceback (most recent call last):
    youcheng.ReadError: empty, nothing to read
    """
    fields = _fields(text, html, title, url, published, publisher)
    return Article.from_json(_native.extract(fields, words))


@dataclass(frozen=True)
class Passage(Node):
    """What a line of the text is: ``headline``, ``body``, ``list-item``, ``row`` …"""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Edit(Node):
    """One change: ``text[start:end]``, which is ``with_``, stands for ``removed``."""

    why: str
    removed: str
    start: int
    end: int
    with_: str


@dataclass(frozen=True)
class Cleaned(Node):
    """A clean text, and what was done to it."""

    title: Optional[str]
    published: Optional[str]
    text: str
    passages: List[Passage]
    edits: List[Edit]
    _of = {"passages": Passage, "edits": Edit}

    def __str__(self) -> str:
        return self.text


def clean(
    text: Optional[str] = None,
    *,
    html: Optional[str] = None,
    title: Optional[str] = None,
    url: Optional[str] = None,
) -> Cleaned:
    """The text as it was meant, out of the text or the page as it stands.

    >>> cleaned = clean("友好城市(yǒuhǎochéngshì)")
    >>> cleaned.text
    '友好城市'
    >>> [(edit.why, edit.removed) for edit in cleaned.edits]
    [('pinyin', '(yǒuhǎochéngshì)')]
    """
    return Cleaned._make(json.loads(_native.clean(_fields(text, html, title, url))))


def place(name: str, country: Optional[str] = None) -> Dict[str, Any]:
    """What is known about the name of a place: the JSON of ``youcheng place``.

    >>> answer = place("池田市", country="JP")
    >>> answer["places"][0]["country"], answer["alone"]
    ('JP', 'place')
    """
    answer: Dict[str, Any] = json.loads(_native.place(name, country))
    return answer


def dates(text: str, published: When = None) -> List[Date]:
    """The dates that a text states, counted from the day on which it appeared.

    >>> [(it.text, it.edtf, it.basis) for it in dates("去年5月1日", published="2025-05-23")]
    [('去年5月1日', '2024-05-01', 'relative')]
    """
    return extract(text, published=published).dates


def main() -> int:
    """The command ``youcheng``."""
    # Work away from Python would not notice that it is to stop.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.main()
