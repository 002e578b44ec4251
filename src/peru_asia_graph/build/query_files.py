"""The queries of a project's ontology folder: which of them cannot be read or run, where a build fails of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pyoxigraph import Store as OxStore

from peru_asia_graph.errors import BadInput, BadQuery, Problem
from peru_asia_graph.sources.metadata import show
from peru_asia_graph.store.embedded import EmbeddedStore

# Rules name themselves; questions have parameters, and are run when they are asked.
_NOT_RUN: Final = ("rules", "questions")


@contextmanager
def named_queries(ontology: Path) -> Iterator[None]:
    """Raise BadInput with the files at fault for a query of the folder that cannot be read or run."""
    try:
        yield
    except (BadQuery, UnicodeDecodeError) as error:
        if problems := list(_check_queries(ontology)):
            raise BadInput(problems) from error
        raise


def _check_queries(ontology: Path) -> Iterator[Problem]:
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
                show(path), error.line, "", f"does not parse ({str(error).splitlines()[0]})", "mend the query"
            )
