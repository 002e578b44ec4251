"""What a query requires of a store, for the message if a store lacks it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from peru_asia_graph.errors import NothingStored
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import as_words

_CLASS: Final = re.compile(r"(?<![\w?$])a (?:pag|qb):(\w+)")
_TERM: Final = re.compile(r"(?<![\w:])(?:pag|qb):\w+")
_SHOWN: Final = 3
# The output of pag build for empty tables includes the ontology.
_ANYTHING: Final = "ASK { { ?thing pag:citation ?place } UNION { ?stake a pag:Stake } UNION { pag:Stake a ?class } }"


def check_vocabulary(store: Store, answer: str, query: Path | None = None) -> None:
    """Raise NothingStored if a store contains nothing of this vocabulary; ``answer`` names the empty result.

    Given the file of the query, the error names the first classes it uses, or else its first terms.
    """
    if store.query(_ANYTHING).boolean:
        return
    if query is None:
        raise NothingStored("things of this vocabulary", answer, "things with pag:citation, as pag build writes them")
    text = query.read_text("utf-8")
    classes = list(dict.fromkeys(_CLASS.findall(text)))[:_SHOWN]
    terms = [f"{'qb' if name == 'Observation' else 'pag'}:{name}" for name in classes]
    terms = terms or list(dict.fromkeys(_TERM.findall(text)))[:_SHOWN]
    noun = as_words(classes[0]) if classes else "row"
    needs = f"{', '.join(terms[:-1])} or {terms[-1]}" if len(terms) > 1 else terms[0]
    raise NothingStored(f"{noun}s", answer, needs)
