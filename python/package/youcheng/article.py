"""What one article says, as objects. They hold what the JSON of ``youcheng extract`` holds,
field by field; offsets are indices into :attr:`Article.text`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Dict, List, Mapping, Optional, Tuple, Type, TypeVar

from . import show

T = TypeVar("T", bound="Node")
Span = Tuple[int, int]


class Node:
    """An object of the JSON. Fields that a later version adds stay in the JSON."""

    _of: ClassVar[Mapping[str, Type[Node]]] = {}
    _spans: ClassVar[Tuple[str, ...]] = ()

    @classmethod
    def _make(cls: Type[T], data: Mapping[str, Any]) -> T:
        values: Dict[str, Any] = {}
        for it in fields(cls):  # type: ignore[arg-type]
            name = it.name
            if name.startswith("_"):
                continue
            value = data.get(name.rstrip("_"))
            node = cls._of.get(name)
            if value is not None and node is not None:
                if isinstance(value, list):
                    value = [node._make(item) for item in value]
                else:
                    value = node._make(value)
            elif value is not None and name in cls._spans:
                value = tuple(value)
            elif name == "mentions" and value is not None:
                value = [tuple(span) for span in value]
            values[name] = value
        return cls(**values)


@dataclass(frozen=True)
class Source(Node):
    """Where an article was found."""

    file: Optional[str]
    line: Optional[int]
    url: Optional[str]
    publisher: Optional[str]
    offset: Optional[int] = None
    captured: Optional[str] = None


@dataclass(frozen=True)
class Removed(Node):
    """How much noise was taken out."""

    pinyin: int
    repeats: int
    boilerplate: int


@dataclass(frozen=True)
class Country(Node):
    """A foreign country that is named."""

    code: str
    mentions: List[Span]


@dataclass(frozen=True)
class Link(Node):
    """What a place that no list holds may be: a guess."""

    geonames: int
    name: str
    lat: Optional[float]
    lon: Optional[float]
    score: float


@dataclass(frozen=True)
class Place(Node):
    """A place that is named, under the longest name that the text writes."""

    id: str
    name: str
    label: str
    level: str
    country: Optional[str]
    geonames: Optional[int]
    lat: Optional[float]
    lon: Optional[float]
    link: Optional[Link]
    mentions: List[Span]
    _of = {"link": Link}


@dataclass(frozen=True)
class Date(Node):
    """A date that is stated: as EDTF, and the first and the last day that it may mean."""

    text: str
    edtf: str
    earliest: Optional[str]
    latest: Optional[str]
    basis: str
    start: int
    end: int


@dataclass(frozen=True)
class Party(Node):
    """One side of an agreement."""

    name: str
    country: Optional[str]
    place: str


@dataclass(frozen=True)
class When(Node):
    """When an agreement was made."""

    edtf: str
    basis: str


@dataclass(frozen=True)
class Evidence(Node):
    """The sentence that says so, where it stands, and the rule that read it."""

    start: int
    end: int
    raw: Optional[Span]
    quote: str
    rule: str
    _spans = ("raw",)


@dataclass(frozen=True)
class Words(Node):
    """Words of the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Signatory(Node):
    """Who signed, for which side."""

    name: str
    office: str
    for_: Optional[str]
    start: int
    end: int
    office_span: Span
    _spans = ("office_span",)


@dataclass(frozen=True)
class Venue(Node):
    """Where it was signed."""

    text: str
    place: Optional[str]
    start: int
    end: int


@dataclass(frozen=True)
class Agreement(Node):
    """What one sentence says of a tie between two local governments."""

    id: str
    a: Party
    b: Party
    kind: str
    status: str
    date: Optional[When]
    instrument: Optional[str]
    confidence: float
    evidence: Evidence
    instrument_span: Optional[Span]
    signatories: List[Signatory]
    place_of_signing: Optional[Venue]
    occasion: Optional[Words]
    mode: Optional[str]
    mode_span: Optional[Span]
    fields: List[Words]
    _of = {
        "a": Party,
        "b": Party,
        "date": When,
        "evidence": Evidence,
        "signatories": Signatory,
        "place_of_signing": Venue,
        "occasion": Words,
        "fields": Words,
    }
    _spans = ("instrument_span", "mode_span")


@dataclass(frozen=True)
class Statistic(Node):
    """A count of ties that is stated."""

    subject: str
    countries: Optional[int]
    cities: Optional[int]
    pairs: Optional[int]
    kind: Optional[str]
    as_of: Optional[str]
    evidence: Evidence
    _of = {"evidence": Evidence}


@dataclass(frozen=True)
class Note(Node):
    """Something that was dropped or doubted, and why."""

    stage: str
    why: str
    text: str


@dataclass(frozen=True, repr=False)
class Article(Node):
    """One article with all that was found in it.

    In a notebook it shows its text with what was found marked.
    """

    id: str
    source: Source
    title: Optional[str]
    published: Optional[str]
    text: str
    removed: Removed
    countries: List[Country]
    places: List[Place]
    dates: List[Date]
    agreements: List[Agreement]
    statistics: List[Statistic]
    duplicate_of: Optional[str]
    notes: List[Note]
    words: Optional[List[Tuple[int, int, str]]]
    _json: str = field(default="", compare=False)
    _of = {
        "source": Source,
        "removed": Removed,
        "countries": Country,
        "places": Place,
        "dates": Date,
        "agreements": Agreement,
        "statistics": Statistic,
        "notes": Note,
    }

    @classmethod
    def from_json(cls, text: str) -> Article:
        """The article that a line of ``youcheng extract`` describes.

        >>> import youcheng
        >>> article = youcheng.extract(text="2003年5月,苏州市与日本池田市缔结友好城市。")
        >>> Article.from_json(article.to_json()) == article
        True
        """
        return replace(cls._make(json.loads(text)), _json=text)

    def to_json(self) -> str:
        """The JSON of ``youcheng extract``."""
        return self._json

    def to_dict(self) -> Dict[str, Any]:
        """The same as a dictionary."""
        data: Dict[str, Any] = json.loads(self._json)
        return data

    def __repr__(self) -> str:
        count = len(self.agreements)
        ties = "1 agreement" if count == 1 else f"{count} agreements"
        return f"<Article {self.title or self.text[:20]!r}: {ties}>"

    def _repr_html_(self) -> str:
        return show.article(self)
