"""Skips and counts malformed statements in an RDF file: one error costs one line or one statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

from peru_asia_graph.errors import Problem

_SHOWN: Final = 20
# The parser's own position: lines are parsed one by one, so its line number is always 1.
_POSITION: Final = r"^Parser error .*?: "
_AT_ONCE: Final = 1_000
REMEDY: Final = "correct it, or skip such statements with --lenient (pag load, pag push)"


@dataclass
class LeftOut:
    """The number of statements left out, and the first of them."""

    count: int = 0
    first: list[Problem] = field(default_factory=list)

    def add(self, path: Path, line: int, message: str) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(Problem(str(path), line, "", message, "left out", warning=True))


def valid_parts(
    stream: IO[bytes], form: ox.RdfFormat, base: str | None, left_out: LeftOut, path: Path
) -> tuple[ox.RdfFormat, Iterator[bytes]]:
    """Return the content without its malformed statements, in pieces, and the format of the pieces.

    In N-Triples and N-Quads, malformed lines are left out. In other formats, where statements are not lines, only
    statements with a malformed IRI or language tag can be left out; the rest is returned as N-Quads.
    """
    if form in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS):
        return form, _valid_lines(stream, form, left_out, path)
    quads = ox.parse(stream, format=form, base_iri=base, lenient=True)
    return ox.RdfFormat.N_QUADS, _valid_quads(quads, left_out, path)


def find_malformed(stream: IO[bytes], form: ox.RdfFormat, base: str | None) -> str | None:
    """Return what is wrong with the first malformed term in JSON-LD, which the engine would drop silently.

    A key that the context does not map to an IRI is not a term: according to JSON-LD, it makes no statement.
    """
    parsed = ox.parse(stream, format=form, base_iri=base, lenient=True)
    errors = (_error_in_quad(quad) for quad in parsed if ":" in quad.predicate.value)
    return next(filter(None, errors), None)


def _valid_lines(stream: IO[bytes], form: ox.RdfFormat, left_out: LeftOut, path: Path) -> Iterator[bytes]:
    number = 0
    while lines := list(islice(stream, _AT_ONCE)):
        if _error_in(b"".join(lines), form) is not None:
            for index, line in enumerate(lines):
                if error := _error_in(line, form):
                    left_out.add(path, number + index + 1, error)
                    lines[index] = b"\n"
        number += len(lines)
        yield b"".join(lines)


def _error_in(text: bytes, form: ox.RdfFormat) -> str | None:
    """Return what is malformed; MemoryError propagates, because the engine cannot continue after it."""
    try:
        for _ in ox.parse(text, format=form):
            pass
    except SyntaxError as error:
        return re.sub(_POSITION, "", error.msg)
    return None


def _valid_quads(quads: Iterable[ox.Quad], left_out: LeftOut, path: Path) -> Iterator[bytes]:
    remaining = iter(quads)
    while some := list(islice(remaining, _AT_ONCE)):
        kept = []
        for quad in some:
            error = _error_in_quad(quad)
            if error is None:
                kept.append(quad)
            else:
                left_out.add(path, 0, error)
        written = ox.serialize(kept, format=ox.RdfFormat.N_QUADS)
        yield written or b""


def _error_in_quad(quad: ox.Quad) -> str | None:
    return _first_error(quad.subject, quad.predicate, quad.object, quad.graph_name)


def _first_error(*terms: Any) -> str | None:
    return next(filter(None, map(_error_of, terms)), None)


@lru_cache(10_000)
def _error_of(term: Any) -> str | None:
    """Return what is malformed in a term: the IRI, the blank node label, the datatype or the language tag."""
    try:
        if isinstance(term, ox.NamedNode):
            ox.NamedNode(term.value)
        elif isinstance(term, ox.BlankNode):
            ox.BlankNode(term.value)
        elif isinstance(term, ox.Literal) and term.language:
            ox.Literal(term.value, language=term.language)
        elif isinstance(term, ox.Literal):
            ox.NamedNode(term.datatype.value)
        elif isinstance(term, ox.Triple):
            return _first_error(term.subject, term.predicate, term.object)
    except ValueError as error:
        return f"{term}: {error}"
    return None
