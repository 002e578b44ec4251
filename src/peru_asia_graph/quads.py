"""What every stage that handles quads needs of them. Limit: the graph has no blank nodes and no quoted triples."""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode


def iri(term: Any) -> str:
    """Return the address of a node; raise TypeError for anything that is none."""
    if not isinstance(term, NamedNode):
        raise TypeError(f"not an address: {term!r}")
    return term.value
