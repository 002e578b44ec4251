"""What a query requires of a store, for the message if a store lacks it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import NothingStored
from peru_asia_graph.store import Store

_CLASS: Final = re.compile(r"(?<![\w?$])a (?:pag|qb):(\w+)")
_TERM: Final = re.compile(r"(?<![\w:])(?:pag|qb):\w+")
_SHOWN: Final = 3
# The output of pag build for empty tables includes the ontology.
_ANYTHING: Final = "ASK { { ?thing pag:citation ?place } UNION { ?stake a pag:Stake } UNION { pag:Stake a ?class } }"


def check_vocabulary(store: Store, answer: str, query: Path | None = None) -> None:
    """Raise NothingStored if a store contains nothing of this vocabulary; ``answer`` names the empty result.

    Given the file of the query, the error names the terms it uses.
    """
    if not store.query(_ANYTHING).boolean:
        if query is not None:
            raise nothing_stored(query.read_text("utf-8"), answer)
        raise NothingStored("things of this vocabulary", answer, "things with pag:citation, as pag build writes them")


def nothing_stored(query: str, answer: str) -> NothingStored:
    """Return the error for a query that finds nothing, with the first classes it uses, or else its first terms."""
    classes = list(dict.fromkeys(_CLASS.findall(query)))[:_SHOWN]
    terms = [f"{'qb' if name == 'Observation' else 'pag'}:{name}" for name in classes]
    terms = terms or list(dict.fromkeys(_TERM.findall(query)))[:_SHOWN]
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", classes[0]).lower() if classes else "row"
    return NothingStored(f"{noun}s", answer, f"{', '.join(terms[:-1])} or {terms[-1]}" if len(terms) > 1 else terms[0])
