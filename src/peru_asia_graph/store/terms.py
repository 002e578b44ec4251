"""Oxigraph's terms and answers become ours; the one place that knows both."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyoxigraph as ox

from peru_asia_graph.store.results import Result, Rows, Term, Triple

# Answers have many terms: the classes are looked up once, and a term is made without its constructor's detour.
_NODE, _LITERAL, _BLANK = ox.NamedNode, ox.Literal, ox.BlankNode
_make = tuple.__new__


def result_of(answer: Any) -> Result:
    """Return an answer of Oxigraph, or a list of triples, as a Result."""
    if isinstance(answer, ox.QueryBoolean):
        return Result(boolean=bool(answer))
    if isinstance(answer, ox.QuerySolutions):
        return Result([variable.value for variable in answer.variables], Rows(list(answer), term_of))
    if isinstance(answer, (ox.QueryTriples, list)):
        triples: Any = Rows(list(answer), term_of)
        return Result(triples=triples)
    raise TypeError(f"unexpected answer: {answer!r}")


def columns_of(answer: Any) -> list[list[str]]:
    """Return an answer's columns as they are spelt, addresses whole, empty where unbound; no row is kept.

    Oxigraph writes the rows as CSV, in which it lets other threads run.
    """
    width = len(answer.variables)
    _, _, text = answer.serialize(format=ox.QueryResultsFormat.CSV).decode("utf-8").partition("\r\n")
    if '"' in text:
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row or [""]]
    else:
        cells = text.replace("\r\n", ",").split(",")[:-1]
    return [cells[place::width] for place in range(width)]


def term_of(term: Any) -> Term:
    """Return one term of Oxigraph as ours."""
    kind = type(term)
    if kind is _NODE:
        return _make(Term, ("iri", term.value, "", ""))
    if kind is _LITERAL:
        return _make(Term, ("literal", term.value, term.datatype.value, term.language or ""))
    if kind is _BLANK:
        return _make(Term, ("bnode", term.value, "", ""))
    raise TypeError(f"unexpected term: {term!r}")


def oxigraph_triple(triple: Triple) -> ox.Triple:
    """Return a triple of our terms as Oxigraph's."""
    subject, predicate, value = map(_oxigraph_term, triple)
    return ox.Triple(subject, predicate, value)


def _oxigraph_term(term: Term) -> Any:
    if term.kind == "iri":
        return ox.NamedNode(term.value)
    if term.kind == "bnode":
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
