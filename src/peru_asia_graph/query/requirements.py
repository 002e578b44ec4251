"""What a query needs of a store, for a message where a store has nothing of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import NothingStored
from peru_asia_graph.store import Store

_CLASS: Final = re.compile(r"(?<![\w?$])a (?:pag|qb):(\w+)")
_TERM: Final = re.compile(r"(?<![\w:])(?:pag|qb):\w+")
_SHOWN: Final = 3
_ANYTHING: Final = "ASK { ?thing pag:citation ?place }"


def check_vocabulary(store: Store, answer: str) -> None:
    """Raise NothingStored when a store holds nothing of this vocabulary; ``answer`` says what has come out empty."""
    if not store.query(_ANYTHING).boolean:
        raise NothingStored("things of this vocabulary", answer, "things with pag:citation, as pag build writes them")


def check_rows(store: Store, path: Path, answer: str) -> None:
    """Raise NothingStored when the query in a file finds nothing in a store."""
    query = path.read_text("utf-8")
    if not store.query_all(query, "key" if "?key" in query else "id").rows:
        raise nothing_stored(query, answer)


def nothing_stored(query: str, answer: str) -> NothingStored:
    """Return the error for a query that finds nothing, with the first classes it looks for, else its first terms."""
    classes = list(dict.fromkeys(_CLASS.findall(query)))[:_SHOWN]
    terms = [f"{'qb' if name == 'Observation' else 'pag'}:{name}" for name in classes]
    terms = terms or list(dict.fromkeys(_TERM.findall(query)))[:_SHOWN]
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", classes[0]).lower() if classes else "row"
    return NothingStored(f"{noun}s", answer, f"{', '.join(terms[:-1])} or {terms[-1]}" if len(terms) > 1 else terms[0])
