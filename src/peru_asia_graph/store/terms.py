"""Conversion between the terms and results of pyoxigraph and those of this package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from peru_asia_graph.store.results import Result, ResultRows, Term

# Results have many terms: bind the classes once, and bypass the constructor of the named tuple.
_NODE, _LITERAL, _BLANK, _TRIPLE = ox.NamedNode, ox.Literal, ox.BlankNode, ox.Triple
_make = tuple.__new__


def result_of(answer: Any) -> Result:
    """Return the result of a pyoxigraph query, or a list of triples, as a Result."""
    if isinstance(answer, ox.QueryBoolean):
        return Result(boolean=bool(answer))
    if isinstance(answer, ox.QuerySolutions):
        return Result([variable.value for variable in answer.variables], ResultRows(list(answer), term_of))
    if isinstance(answer, (ox.QueryTriples, list)):
        triples: Any = ResultRows(list(answer), term_of)
        return Result(triples=triples)
    raise TypeError(f"unexpected result: {answer!r}")


def columns_of(solutions: Any) -> list[list[str]]:
    """Return the columns of pyoxigraph solutions as lists of strings, empty where unbound.

    They are serialised to CSV by Oxigraph, which releases the GIL meanwhile.
    """
    import csv
    import io

    width = len(solutions.variables)
    _, _, text = solutions.serialize(format=ox.QueryResultsFormat.CSV).decode("utf-8").partition("\r\n")
    if '"' in text:
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row or [""]]
    else:
        cells = text.replace("\r\n", ",").split(",")[:-1]
    return [cells[column::width] for column in range(width)]


def term_of(term: Any) -> Term:
    kind = type(term)
    if kind is _NODE:
        return _make(Term, ("iri", term.value, "", "", "", ()))
    if kind is _LITERAL:
        # Only a literal with a language can have a direction.
        language = term.language or ""
        direction = str(term.direction or "") if language else ""
        return _make(Term, ("literal", term.value, term.datatype.value, language, direction, ()))
    if kind is _BLANK:
        return _make(Term, ("bnode", term.value, "", "", "", ()))
    if kind is _TRIPLE:
        parts = (term_of(term.subject), term_of(term.predicate), term_of(term.object))
        return _make(Term, ("triple", f"<<( {term} )>>", "", "", "", parts))
    raise TypeError(f"unexpected term: {term!r}")


def oxigraph_triple(triple: Sequence[Term]) -> ox.Triple:
    subject, predicate, value = map(_oxigraph_term, triple)
    return ox.Triple(subject, predicate, value)


def _oxigraph_term(term: Term) -> Any:
    if term.kind == "iri":
        return ox.NamedNode(term.value)
    if term.kind == "bnode":
        return ox.BlankNode(term.value)
    if term.kind == "triple":
        return oxigraph_triple(term.parts)
    if term.language:
        direction = ox.BaseDirection(term.direction) if term.direction else None
        return ox.Literal(term.value, language=term.language, direction=direction)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
