"""Warnings about a query that names a thing, a code or a named graph that the store lacks, which can match nothing."""

from __future__ import annotations

import re
from typing import Final

from peru_asia_graph.errors import join_or, suggest
from peru_asia_graph.store import Store
from peru_asia_graph.store.tokens import Token, read_prefixes, read_tokens, split_name
from peru_asia_graph.vocabulary import BASE, CODE, GRAPH, PREFIXES, THING, expand

_SPACES: Final = {"id": THING, "code": CODE, "graph": GRAPH}
_PREFIX: Final = f"(?:{'|'.join(_SPACES)})"
# The shortest ways in which a query can name a thing, a code or a graph.
_NAMED: Final = re.compile(rf"\b{_PREFIX}:[\w\\]|{re.escape(BASE)}(?:{_PREFIX}/|>)")
_FORMS: Final = frozenset({"select", "ask", "construct", "describe"})
_NAME: Final = re.compile(r"[\w/.-]+")
# The usual prefixes, as declared; names written with them or in full; other ways to name things.
_DECLARED: Final = re.compile(
    "|".join(rf"(?i:prefix)\s+{prefix}:\s*<{re.escape(space)}>" for prefix, space in _SPACES.items())
)
_WRITTEN: Final = re.compile(rf"\b{_PREFIX}:[\w\\/.-]+|<{re.escape(BASE)}{_PREFIX}/[^<>\s]+>")
_OTHERWISE: Final = re.compile(rf"{re.escape(BASE)}(?:{_PREFIX}/)?>")
_REDEFINED: Final = re.compile(rf"(?i:prefix)\s+{_PREFIX}:")
_MOST_KNOWN: Final = 20_000
_MOST: Final = 50
_UNKNOWN: Final = """
SELECT ?one WHERE { VALUES ?one { $names } FILTER NOT EXISTS { ?one ?p ?o } FILTER NOT EXISTS { ?s ?q ?one }
  FILTER NOT EXISTS { GRAPH ?one { ?a ?b ?c } } }"""
# Possibly intended names. Only things with the same first letter: all would be too many to compare.
_KNOWN: Final = {
    "id": 'SELECT DISTINCT ?one WHERE { ?one a ?class FILTER(STRSTARTS(STR(?one), "$start")) }',
    "code": "SELECT DISTINCT ?one WHERE { ?one skos:inScheme ?list }",
    "graph": "SELECT DISTINCT ?one WHERE { ?dataset void:subset ?one }",
}


def find_unknown(store: Store, query: str, known: set[str] | None = None) -> list[str]:
    """Return a warning for each thing, code and graph named in a query that the store lacks, with close matches.

    For ASK, only codes are checked. ``known`` caches names, as queries write them, that exist; it is extended.

    >>> from peru_asia_graph.store.embedded import EmbeddedStore
    >>> find_unknown(EmbeddedStore.of([]), "SELECT * { id:block8 ?p ?o }")
    ['id:block8 is not in the graph']
    """
    if not _NAMED.search(query):
        return []
    plain = _DECLARED.sub("", query)
    written = {name.rstrip(".").replace("\\", "") for name in _WRITTEN.findall(plain)}
    if known is not None and written <= known and not _OTHERWISE.search(plain):
        return []
    tokens = list(read_tokens(query))
    prefixes = {**PREFIXES, **read_prefixes(tokens)}
    named = dict.fromkeys(iri for token in tokens if (iri := _named(token, prefixes)))
    if not named or len(named) > _MOST:
        return []
    rows = store.query(_UNKNOWN.replace("$names", " ".join(f"<{iri}>" for iri in named))).rows
    unknown = {one.value for (one,) in rows if one}
    if known is not None and len(known) < _MOST_KNOWN and not _REDEFINED.search(plain):
        known |= {name for name in written if (iri := _expanded(name)) in named and iri not in unknown}
    form = next((text for token in tokens if (text := token.text.lower()) in _FORMS), "")
    # ASK may ask whether a thing exists; a missing code is a mistake.
    if form == "ask":
        unknown = {iri for iri in unknown if iri.startswith(CODE)}
    return [_warning(store, iri) for iri in named if iri in unknown]


def _expanded(written: str) -> str:
    """Return the IRI of a name as written in a query, with the usual prefixes."""
    return written[1:-1] if written.startswith("<") else expand(written)


def _named(token: Token, prefixes: dict[str, str]) -> str:
    """Return the IRI of a thing, a code or a graph; empty for anything else, including the namespaces themselves."""
    prefix, name = split_name(token.text) if token.kind == "name" else ("", "")
    iri = token.text[1:-1] if token.kind == "iri" else prefixes.get(prefix, "") + name
    space = next((space for space in _SPACES.values() if iri.startswith(space)), "")
    return iri if space and _NAME.fullmatch(iri[len(space) :]) else ""


def _warning(store: Store, iri: str) -> str:
    prefix, space = next((prefix, space) for prefix, space in _SPACES.items() if iri.startswith(space))
    name = iri[len(space) :]
    rows = store.query(_KNOWN[prefix].replace("$start", space + name[0])).rows
    known = [one.value[len(space) :] for (one,) in rows if one and one.value.startswith(space)]
    # The code may be in another list.
    near = sorted(one for one in known if one.endswith(f"/{name}")) or suggest(name, known)
    meant = join_or([f"{prefix}:{one}".replace("/", r"\/") for one in near]) if near else ""
    return f"{prefix}:{name} is not in the graph" + (f"; did you mean {meant}?" if near else "")
