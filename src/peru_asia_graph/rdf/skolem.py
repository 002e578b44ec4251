"""Skolem IRIs in place of blank nodes (RDF 1.1 Concepts, section 3.5)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from peru_asia_graph.errors import WrongUse

_AUTHORITY: Final = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?/?")
_DIGITS: Final = 20


def genid_prefix(authority: str, file: Path) -> str:
    """Return the prefix of a file's Skolem IRIs; raise WrongUse if the authority is not an http(s) one.

    The prefix contains the digest of the file, so that different files never share an IRI and the same file always
    gets the same ones.
    """
    if not _AUTHORITY.fullmatch(authority):
        raise WrongUse(
            f"'{authority}' must be the URL of a site of your own without a path, such as https://example.org"
        )
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()[:_DIGITS]
    return f"{authority.rstrip('/')}/.well-known/genid/{digest}-"


def skolemize(quads: Iterable[ox.Quad], prefix: str) -> Iterator[ox.Quad]:
    """Yield the quads with blank nodes replaced by IRIs, numbered in order of first occurrence."""
    numbers: dict[ox.BlankNode, ox.NamedNode] = {}

    def name(node: ox.BlankNode) -> ox.NamedNode:
        if node not in numbers:
            numbers[node] = ox.NamedNode(f"{prefix}{len(numbers) + 1}")
        return numbers[node]

    def subject(term: ox.NamedNode | ox.BlankNode | ox.Triple) -> ox.NamedNode | ox.Triple:
        if isinstance(term, ox.Triple):
            return ox.Triple(subject(term.subject), term.predicate, value(term.object))
        return name(term) if isinstance(term, ox.BlankNode) else term

    def value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.Literal | ox.Triple:
        return term if isinstance(term, ox.Literal) else subject(term)

    for quad in quads:
        graph = quad.graph_name
        yield ox.Quad(
            subject(quad.subject),
            quad.predicate,
            value(quad.object),
            name(graph) if isinstance(graph, ox.BlankNode) else graph,
        )
