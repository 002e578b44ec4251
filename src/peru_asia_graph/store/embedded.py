"""The embedded store: an RDF file in memory, answered by Oxigraph. The one place its terms become ours.

Limit: the file is parsed at each start, which takes about a tenth of a second for the shipped graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import BadQuery, StoreUnreachable
from peru_asia_graph.results import Result, Term, Triple
from peru_asia_graph.store.guard import check_query
from peru_asia_graph.vocabulary import PREFIXES

_PLACE: Final = re.compile(r"error at (\d+):(\d+): ")
_UPDATE: Final = re.compile(
    r"^\s*(?:(?:prefix|base)\b[^>]*>\s*)*(insert|delete|load|clear|create|drop|copy|move|add)\b", re.I
)


class EmbeddedStore:
    """A read-only SPARQL store in memory."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def load(cls, path: Path, trusted: bool = False) -> EmbeddedStore:
        """Load an RDF file; the name's ending tells its format. A trusted file, one we wrote, is not checked again."""
        store = ox.Store()
        try:
            store.bulk_load(path=str(path), format=_format(path), lenient=trusted)
        except (OSError, SyntaxError, ValueError) as error:
            raise StoreUnreachable(f"{path} cannot be loaded: {error}") from error
        return cls(store)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> EmbeddedStore:
        """Return a store that holds the given quads."""
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store)

    def query(self, text: str) -> Result:
        """Answer a query; the known prefixes need no declaration."""
        names_graphs = check_query(text)
        try:
            answer = self._store.query(text, prefixes=PREFIXES, use_default_graph_as_union=not names_graphs)
            return _result(answer)
        except SyntaxError as error:
            raise _bad_query(str(error), text) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise BadQuery(str(error)) from error


def _format(path: Path) -> ox.RdfFormat:
    if path.suffix == ".json":
        return ox.RdfFormat.JSON_LD
    found = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if found is None:
        raise ValueError(f"no RDF format ends in '{path.suffix}'; use .ttl, .trig, .nt, .nq, .rdf or .jsonld")
    return found


def _bad_query(message: str, text: str) -> BadQuery:
    if match := _UPDATE.match(text):
        return BadQuery(f"{match[1].upper()} changes data; the store is read-only, write SELECT, ASK or CONSTRUCT")
    place = _PLACE.search(message)
    if place is None:
        return BadQuery(message)
    return BadQuery(_PLACE.sub("", message), int(place[1]), int(place[2]), text)


def _result(answer: Any) -> Result:
    if isinstance(answer, ox.QueryBoolean):
        return Result(boolean=bool(answer))
    if isinstance(answer, ox.QuerySolutions):
        variables = [variable.value for variable in answer.variables]
        rows = [[None if term is None else _term(term) for term in solution] for solution in answer]
        return Result(variables, rows)
    if isinstance(answer, ox.QueryTriples):
        return Result(triples=[_triple(triple) for triple in answer])
    raise TypeError(f"unexpected answer: {answer!r}")


def _triple(triple: ox.Triple) -> Triple:
    return _term(triple.subject), _term(triple.predicate), _term(triple.object)


def _term(term: Any) -> Term:
    if isinstance(term, ox.NamedNode):
        return Term("iri", term.value)
    if isinstance(term, ox.Literal):
        return Term("literal", term.value, term.datatype.value, term.language or "")
    if isinstance(term, ox.BlankNode):
        return Term("bnode", term.value)
    raise TypeError(f"unexpected term: {term!r}")
