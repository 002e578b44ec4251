"""Content negotiation: an Accept header and what is on offer in, the best of it out. Pure.

Limit: media types only; parameters other than ``q`` are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

# Media type to format; the first is what a client without wishes gets.
ROW_TYPES: Final = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
}
GRAPH_TYPES: Final = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
HTML: Final = "text/html"


def choose(accept: str | None, offered: Iterable[str]) -> str | None:
    """Return the media type on offer that the client likes best, None when it takes none of them.

    >>> choose("text/csv;q=0.5, application/sparql-results+xml", ROW_TYPES)
    'application/sparql-results+xml'
    >>> choose("text/*;q=0.8, */*;q=0.1", ["application/json", "text/csv"])
    'text/csv'
    >>> choose("application/pdf", ROW_TYPES) is None
    True
    """
    return _choose(accept or "*/*", tuple(offered))


@lru_cache(1000)
def _choose(accept: str, offers: tuple[str, ...]) -> str | None:
    wishes = _wishes(accept)
    if not wishes:
        return offers[0]
    liked = [(max(_fit(offer, wishes))[1], -number) for number, offer in enumerate(offers)]
    best, number = max(liked)
    return offers[-number] if best > 0 else None


@lru_cache(100)
def takes_gzip(accept_encoding: str | None) -> bool:
    """Return whether the client takes gzip.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *"), takes_gzip(None)
    (True, False, False)
    """
    wishes = dict(_wishes(accept_encoding or ""))
    return wishes.get("gzip", wishes.get("*", 0.0)) > 0


def _fit(offer: str, wishes: list[tuple[str, float]]) -> list[tuple[int, float]]:
    """Return how closely each wish names the offer, and its weight; the closest counts."""
    kind = offer.partition("/")[0]
    closeness = {offer: 3, f"{kind}/*": 2, "*/*": 1}
    return [(0, 0.0), *((closeness[name], weight) for name, weight in wishes if name in closeness)]


def _wishes(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = _weight(value.strip())
        if name:
            found.append((name, weight))
    return found


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
