"""Warnings about a query that can match nothing: it names a term, thing, code or graph that does not exist."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from peru_asia_graph.errors import join_or, suggest
from peru_asia_graph.store import Store
from peru_asia_graph.store.tokens import Token, read_prefixes, read_tokens, split_name
from peru_asia_graph.vocabulary import BASE, CODE, GRAPH, ONTOLOGY, PREFIXES, THING, expand

_FILE: Final = "peru-asia.ttl"
_DEFINED: Final = r"(?m)^pag:([A-Za-z]\w*)"
_PREFIX: Final = next(prefix for prefix, space in PREFIXES.items() if space == ONTOLOGY)
# Starts with the literal text, which is found faster than a word boundary.
_TERM: Final = rf"{_PREFIX}:(?<=\b{_PREFIX}:)([^\s;,(){{}}\[\]<>|*+?/^]+)"
_DECLARATION: Final = rf"(?i:prefix)\s+{_PREFIX}:\s*<{re.escape(ONTOLOGY)}>"
# The end of a relative IRI of a term, or of its base.
_LAST: Final = ONTOLOGY.rstrip("#").rpartition("/")[2]
_SPACES: Final = {"id": THING, "code": CODE, "graph": GRAPH}
_PREFIXED: Final = f"(?:{'|'.join(_SPACES)})"
# The shortest ways in which a query can name a thing, a code or a graph.
_NAMED: Final = re.compile(rf"\b{_PREFIXED}:[\w\\]|{re.escape(BASE)}(?:{_PREFIXED}/|>)")
_FORMS: Final = frozenset({"select", "ask", "construct", "describe"})
_LOCAL: Final = re.compile(r"[\w/.-]+")
# The usual prefixes, as declared; names written with them or in full; other ways to name things.
_DECLARED: Final = re.compile(
    "|".join(rf"(?i:prefix)\s+{prefix}:\s*<{re.escape(space)}>" for prefix, space in _SPACES.items())
)
_WRITTEN: Final = re.compile(rf"\b{_PREFIXED}:[\w\\/.-]+|<{re.escape(BASE)}{_PREFIXED}/[^<>\s]+>")
_OTHERWISE: Final = re.compile(rf"{re.escape(BASE)}(?:{_PREFIXED}/)?>")
_REDEFINED: Final = re.compile(rf"(?i:prefix)\s+{_PREFIXED}:")
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


class UndefinedTerm(UserWarning):
    """A query uses a term of the ontology's namespace that the ontology does not define."""


@lru_cache(4)
def read_terms(ontology: Path) -> frozenset[str]:
    """Return the local names of the terms defined by the ontology in a folder; none if there is no ontology."""
    file = ontology / _FILE
    return frozenset(re.findall(_DEFINED, file.read_text("utf-8"))) if file.is_file() else frozenset()


def find_undefined(query: str, terms: frozenset[str]) -> list[str]:
    """Return a warning for each undefined term of a query, with the closest defined terms.

    >>> find_undefined("ASK { ?s a pag:Stat }", frozenset({"State", "Stake"}))
    ["pag:Stat is not defined in the ontology; did you mean 'pag:State' or 'pag:Stake'?"]
    """
    if not terms or _is_plain(query, terms):
        return []
    tokens = list(read_tokens(query))
    base = _read_base(tokens)
    prefixes = {name: _resolve(base, iri) for name, iri in {**PREFIXES, **read_prefixes(tokens)}.items()}
    used = dict.fromkeys(name for token in tokens if (name := _local_name(token, prefixes, base)))
    return [_warning(name, terms) for name in used if name not in terms]


def _is_plain(query: str, terms: frozenset[str]) -> bool:
    """Return whether all possible ontology terms are prefixed names that it defines; does not tokenize."""
    is_prefixed = _LAST not in query or _LAST not in re.sub(_DECLARATION, "", query)
    return is_prefixed and terms.issuperset(re.findall(_TERM, query))


def _read_base(tokens: list[Token]) -> str:
    """Return the IRI that a query resolves relative IRIs against: that of its last BASE, else the engine's."""
    found = pairwise(tokens)
    declared = [iri.text[1:-1] for word, iri in found if word.text.lower() == "base" and iri.kind == "iri"]
    return declared[-1] if declared else BASE


def _resolve(base: str, iri: str) -> str:
    # An empty fragment matters, but urljoin drops it.
    address, mark, fragment = iri.partition("#")
    try:
        return urljoin(base.partition("#")[0], address) + mark + fragment
    except ValueError:  # not an IRI; the engine will report it
        return iri


def _local_name(token: Token, prefixes: dict[str, str], base: str) -> str:
    """Return the local name of a term of the ontology; empty for anything else."""
    if token.kind == "iri":
        iri = _resolve(base, token.text[1:-1])
        return iri[len(ONTOLOGY) :] if iri.startswith(ONTOLOGY) else ""
    if token.kind == "name":
        prefix, name = split_name(token.text)
        return name if prefixes.get(prefix) == ONTOLOGY else ""
    return ""


def _warning(name: str, terms: frozenset[str]) -> str:
    # Ignoring case, so that the same word in other letters comes first.
    spelt = {term.lower(): term for term in sorted(terms)}
    near = [f"{_PREFIX}:{spelt[one]}" for one in suggest(name.lower(), spelt)]
    meant = f"; did you mean {join_or(near)}?" if near else ""
    return f"{_PREFIX}:{name} is not defined in the ontology{meant}"


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
    return [_warn_of_name(store, iri) for iri in named if iri in unknown]


def _expanded(written: str) -> str:
    """Return the IRI of a name as written in a query, with the usual prefixes."""
    return written[1:-1] if written.startswith("<") else expand(written)


def _named(token: Token, prefixes: dict[str, str]) -> str:
    """Return the IRI of a thing, a code or a graph; empty for anything else, including the namespaces themselves."""
    prefix, name = split_name(token.text) if token.kind == "name" else ("", "")
    iri = token.text[1:-1] if token.kind == "iri" else prefixes.get(prefix, "") + name
    space = next((space for space in _SPACES.values() if iri.startswith(space)), "")
    return iri if space and _LOCAL.fullmatch(iri[len(space) :]) else ""


def _warn_of_name(store: Store, iri: str) -> str:
    prefix, space = next((prefix, space) for prefix, space in _SPACES.items() if iri.startswith(space))
    name = iri[len(space) :]
    rows = store.query(_KNOWN[prefix].replace("$start", space + name[0])).rows
    known = [one.value[len(space) :] for (one,) in rows if one and one.value.startswith(space)]
    # The code may be in another list.
    near = sorted(one for one in known if one.endswith(f"/{name}")) or suggest(name, known)
    meant = join_or([f"{prefix}:{one}".replace("/", r"\/") for one in near]) if near else ""
    return f"{prefix}:{name} is not in the graph" + (f"; did you mean {meant}?" if near else "")
