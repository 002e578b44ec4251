"""Warnings on a query that uses terms the ontology does not define, and so cannot match."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import join_or, suggest
from peru_asia_graph.store.tokens import Token, read_prefixes, read_tokens, split_name
from peru_asia_graph.vocabulary import ONTOLOGY, PREFIXES

_FILE: Final = "peru-asia.ttl"
_DEFINED: Final = r"(?m)^pag:([A-Za-z]\w*)"
_PREFIX: Final = next(prefix for prefix, space in PREFIXES.items() if space == ONTOLOGY)


class UndefinedTerm(UserWarning):
    """A query uses a term of the ontology's namespace that the ontology does not define."""


@lru_cache(4)
def read_terms(ontology: Path) -> frozenset[str]:
    """Return the local names of the terms that the ontology in a folder defines; none where there is no ontology."""
    file = ontology / _FILE
    return frozenset(re.findall(_DEFINED, file.read_text("utf-8"))) if file.is_file() else frozenset()


def find_undefined(query: str, terms: frozenset[str]) -> list[str]:
    """Return a warning for each undefined term of a query, with the nearest terms that are defined.

    >>> find_undefined("ASK { ?s a pag:Stat }", frozenset({"State", "Stake"}))
    ["pag:Stat is not defined in the ontology; did you mean 'pag:State' or 'pag:Stake'?"]
    """
    if not terms or not (f"{_PREFIX}:" in query or ONTOLOGY in query):
        return []
    tokens = list(read_tokens(query))
    prefixes = {**PREFIXES, **read_prefixes(tokens)}
    used = dict.fromkeys(name for token in tokens if (name := _local_name(token, prefixes)))
    return [_warning(name, terms) for name in used if name not in terms]


def _local_name(token: Token, prefixes: dict[str, str]) -> str:
    """Return the local name of a term of the ontology; empty for anything else."""
    if token.kind == "iri" and token.text.startswith(f"<{ONTOLOGY}"):
        return token.text[len(ONTOLOGY) + 1 : -1]
    if token.kind == "name":
        prefix, name = split_name(token.text)
        return name if prefixes.get(prefix) == ONTOLOGY else ""
    return ""


def _warning(name: str, terms: frozenset[str]) -> str:
    # Without case, so that the same word in other letters comes first.
    spelt = {term.lower(): term for term in sorted(terms)}
    near = [f"{_PREFIX}:{spelt[one]}" for one in suggest(name.lower(), spelt)]
    meant = f"; did you mean {join_or(near)}?" if near else ""
    return f"{_PREFIX}:{name} is not defined in the ontology{meant}"
