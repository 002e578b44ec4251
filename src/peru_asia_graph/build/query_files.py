"""Finds all query files of the ontology folder that cannot be read or run, for a check or if a build fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pyoxigraph import Store as OxStore

from peru_asia_graph.errors import BadInput, BadQuery, Problem
from peru_asia_graph.sources.metadata import show
from peru_asia_graph.store.embedded import EmbeddedStore

# Folders whose queries are not run here: errors in rules already name their file, and questions have parameters.
_NOT_RUN: Final = ("rules", "questions")


@contextmanager
def named_queries(ontology: Path) -> Iterator[None]:
    """If a query fails or a file is not UTF-8 in the ``with`` block, raise BadInput that names all such query files."""
    try:
        yield
    except (BadQuery, UnicodeDecodeError) as error:
        if problems := list(_find_problems(ontology)):
            raise BadInput(problems) from error
        raise


def check_queries(ontology: Path) -> None:
    """Raise BadInput that names all query files that cannot be read or run."""
    if problems := list(_find_problems(ontology)):
        raise BadInput(problems)


def _find_problems(ontology: Path) -> Iterator[Problem]:
    store = EmbeddedStore(OxStore())
    for path in sorted(ontology.rglob("*.rq")):
        try:
            text = path.read_text("utf-8")
            if path.parent.name not in _NOT_RUN:
                store.query(text)
        except UnicodeDecodeError:
            yield Problem(show(path), 0, "", "is not UTF-8", "save the file as UTF-8")
        except BadQuery as error:
            yield Problem(
                show(path), error.line, "", f"is not valid SPARQL ({str(error).splitlines()[0]})", "correct the query"
            )
