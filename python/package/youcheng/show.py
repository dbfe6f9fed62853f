"""How things look in a notebook. What comes from articles is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Dict, List, Sequence, Tuple

if TYPE_CHECKING:
    from .article import Agreement, Article

#: What is marked, with its colour.
COLOURS = {"place": "#cfe8ff", "country": "#d9f2d0", "date": "#ffe9b8"}
#: Characters of a text that are shown; a whole book would stop the browser.
LONGEST = 20_000


def article(it: Article) -> str:
    """The text with what was found marked, and the agreements below it."""
    head = f"<b>{escape(it.title or '')}</b>"
    told = [part for part in (it.published, it.source.publisher, it.source.url) if part]
    if told:
        head += f" <small>{escape(' · '.join(told))}</small>"
    return (
        '<div class="youcheng" style="line-height:1.7">'
        f'{head}<div style="white-space:pre-wrap">{marked(it)}</div>{ties(it.agreements)}</div>'
    )


def marked(it: Article) -> str:
    """The text; sentences that say an agreement are underlined."""
    kinds: Dict[Tuple[int, int], Tuple[str, str]] = {}
    for place in it.places:
        for span in place.mentions:
            kinds[span] = ("place", f"{place.label}, {place.level}, {place.country or '?'}")
    for country in it.countries:
        for span in country.mentions:
            kinds[span] = ("country", country.code)
    for date in it.dates:
        kinds[date.start, date.end] = ("date", f"{date.edtf} ({date.basis})")
    quotes = [(tie.evidence.start, tie.evidence.end) for tie in it.agreements]
    end = min(len(it.text), LONGEST)
    cuts = {0, end}
    for start, stop in [*kinds, *quotes]:
        cuts.update((min(start, end), min(stop, end)))
    points = sorted(cuts)
    out: List[str] = []
    for start, stop in zip(points, points[1:]):
        piece = escape(it.text[start:stop])
        found = next((told for span, told in kinds.items() if span[0] <= start < span[1]), None)
        if found:
            kind, title = found
            piece = (
                f'<mark title="{escape(title)}" style="background:{COLOURS[kind]};'
                f'color:#000">{piece}</mark>'
            )
        if any(first <= start < last for first, last in quotes):
            piece = f'<u style="text-decoration-color:#d33">{piece}</u>'
        out.append(piece)
    if end < len(it.text):
        out.append(f"… <small>({len(it.text) - end} more characters)</small>")
    return "".join(out)


def ties(found: Sequence[Agreement]) -> str:
    """The agreements as a table."""
    if not found:
        return "<small>no agreements</small>"
    rows = [
        (tie.a.name, tie.b.name, tie.kind, tie.status, tie.date.edtf if tie.date else "",
         f"{tie.confidence:.2f}", tie.evidence.rule)
        for tie in found
    ]
    return table(("a", "b", "kind", "status", "date", "confidence", "rule"), rows)


def table(names: Sequence[str], rows: Sequence[Sequence[object]], more: int = 0) -> str:
    """Rows as a table."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape('' if it is None else str(it))}</td>" for it in row) + "</tr>"
        for row in rows
    )
    tail = f"<small>{more} more rows</small>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{tail}"
