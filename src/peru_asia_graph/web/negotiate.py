"""Content negotiation by media type: chooses the best of the offered types for an Accept header.

Parameters of media types other than ``q`` are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

# Media type to format; the first is the default.
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
# Format names in request fields, in lower case: media types for rows, for a graph, or for either.
_WORDS: Final = (
    ("application/sparql-results+json", "", ("srj", "sparql-json")),
    ("application/sparql-results+xml", "", ("srx", "sparql", "sparql-xml")),
    ("application/sparql-results+json", "application/ld+json", ("json", "application/json", "text/json")),
    ("application/sparql-results+xml", "application/rdf+xml", ("xml", "application/xml", "text/xml")),
    ("text/csv", "", ("csv",)),
    ("text/tab-separated-values", "", ("tsv",)),
    ("", "text/turtle", ("turtle", "ttl", "application/turtle", "application/x-turtle")),
    ("", "text/turtle", ("n3", "text/n3", "text/rdf+n3")),
    ("", "application/n-triples", ("ntriples", "n-triples", "nt", "text/plain")),
    ("", "application/ld+json", ("jsonld", "json-ld", "application/x-json+ld")),
    ("", "application/rdf+xml", ("rdfxml", "rdf+xml", "rdf/xml", "rdf-xml", "rdf")),
    ("", "application/trig", ("trig", "application/x-trig")),
    ("", "application/n-quads", ("nquads", "n-quads", "nq")),
)
_OWN_NAMES: Final = {media: (media, "") for media in ROW_TYPES} | {media: ("", media) for media in GRAPH_TYPES}
_NAMED: Final = _OWN_NAMES | {word: (rows, graph) for rows, graph, words in _WORDS for word in words}


def find_named(words: Iterable[str]) -> tuple[str, str]:
    """Return the media types for rows and for a graph of the first known word; empty where it names none.

    >>> find_named(["nonsense", "XML"])
    ('application/sparql-results+xml', 'application/rdf+xml')
    >>> find_named(["text/turtle"]), find_named(["csv", "xml"]), find_named(["nonsense"])
    (('', 'text/turtle'), ('text/csv', ''), ('', ''))
    """
    plain = (word.partition(";")[0].strip().lower().replace(" ", "+") for word in words)
    return next((_NAMED[word] for word in plain if word in _NAMED), ("", ""))


def choose(accept: str | None, offered: Iterable[str]) -> str | None:
    """Return the offered media type that the client prefers, None if it accepts none of them.

    >>> choose("text/csv;q=0.5, application/sparql-results+xml", ROW_TYPES)
    'application/sparql-results+xml'
    >>> choose("text/*;q=0.8, */*;q=0.1", ["application/json", "text/csv"])
    'text/csv'
    >>> choose("application/xml", ROW_TYPES), choose("application/xml", GRAPH_TYPES)
    ('application/sparql-results+xml', 'application/rdf+xml')
    >>> choose("application/pdf", ROW_TYPES) is None
    True
    """
    offers, preferences = tuple(offered), read_preferences(accept or "*/*")
    if not preferences:
        return offers[0]
    scores = [(max(_matching(offer, preferences))[1], -number) for number, offer in enumerate(offers)]
    best, number = max(scores)
    return offers[-number] if best > 0 else _by_another_name(preferences, offers)


def _by_another_name(preferences: list[tuple[str, float]], offers: tuple[str, ...]) -> str | None:
    """Return the offered media type of which an accepted one is an older or broader name: JSON for ``text/json``."""
    for name, weight in sorted(preferences, key=lambda one: -one[1]):
        for media in find_named([name]):
            if media in offers and weight > 0:
                return media
    return None


@lru_cache(100)
def takes_gzip(accept_encoding: str | None) -> bool:
    """Return whether the client accepts gzip.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *"), takes_gzip(None)
    (True, False, False)
    """
    preferences = dict(read_preferences(accept_encoding or ""))
    return preferences.get("gzip", preferences.get("*", 0.0)) > 0


def _matching(offer: str, preferences: list[tuple[str, float]]) -> list[tuple[int, float]]:
    """Return how specifically each preference matches the offer, and its weight; the most specific counts."""
    kind = offer.partition("/")[0]
    closeness = {offer: 3, f"{kind}/*": 2, "*/*": 1}
    return [(0, 0.0), *((closeness[name], weight) for name, weight in preferences if name in closeness)]


def read_preferences(header: str) -> list[tuple[str, float]]:
    """Return the names in any Accept header, in lower case, each with its weight from 0 to 1."""
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
