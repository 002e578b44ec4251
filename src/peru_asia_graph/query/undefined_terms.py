"""Warnings about a query that uses terms the ontology does not define, which can match nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from peru_asia_graph.errors import join_or, suggest
from peru_asia_graph.store.tokens import Token, read_prefixes, read_tokens, split_name
from peru_asia_graph.vocabulary import BASE, ONTOLOGY, PREFIXES

_FILE: Final = "peru-asia.ttl"
_DEFINED: Final = r"(?m)^pag:([A-Za-z]\w*)"
_PREFIX: Final = next(prefix for prefix, space in PREFIXES.items() if space == ONTOLOGY)
# Starts with the literal text, which is found faster than a word boundary.
_TERM: Final = rf"{_PREFIX}:(?<=\b{_PREFIX}:)([^\s;,(){{}}\[\]<>|*+?/^]+)"
_DECLARATION: Final = rf"(?i:prefix)\s+{_PREFIX}:\s*<{re.escape(ONTOLOGY)}>"
# The end of a relative IRI of a term, or of its base.
_LAST: Final = ONTOLOGY.rstrip("#").rpartition("/")[2]


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
