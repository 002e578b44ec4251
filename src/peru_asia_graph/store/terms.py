"""Oxigraph's terms and answers become ours; the one place that knows both."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from peru_asia_graph.results import Result, Term, Triple


def result_of(answer: Any) -> Result:
    """Return an answer of Oxigraph, or a list of triples, as a Result."""
    if isinstance(answer, ox.QueryBoolean):
        return Result(boolean=bool(answer))
    if isinstance(answer, ox.QuerySolutions):
        variables = [variable.value for variable in answer.variables]
        rows = [[None if term is None else term_of(term) for term in solution] for solution in answer]
        return Result(variables, rows)
    if isinstance(answer, (ox.QueryTriples, list)):
        return Result(triples=[_triple(triple) for triple in answer])
    raise TypeError(f"unexpected answer: {answer!r}")


def _triple(triple: ox.Triple) -> Triple:
    return term_of(triple.subject), term_of(triple.predicate), term_of(triple.object)


def term_of(term: Any) -> Term:
    """Return one term of Oxigraph as ours."""
    if isinstance(term, ox.NamedNode):
        return Term("iri", term.value)
    if isinstance(term, ox.Literal):
        return Term("literal", term.value, term.datatype.value, term.language or "")
    if isinstance(term, ox.BlankNode):
        return Term("bnode", term.value)
    raise TypeError(f"unexpected term: {term!r}")
