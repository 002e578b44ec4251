"""Suggestions of who is who across sources, by the likeness of names; people decide, and nothing is merged by a score.

Legal forms, accents, case and punctuation are left aside. Names with different numbers are never alike (Block 56 is not
Block 6).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.sources.tables import CsvRow, Source

# Suggestions below this score are more often wrong than right.
CUTOFF: Final = 80.0
# The largest matrix of scores held at a time, in bytes (one byte a score).
_MATRIX: Final = 10_000_000
_SAME: Final = "skos:exactMatch"
# Abbreviated legal forms and the words of branches.
_FORMS: Final = {
    "sa", "saa", "sac", "srl", "sl", "ltd", "limited", "ltda", "inc", "incorporated", "corp", "corporation", "co",
    "company", "plc", "llc", "lp", "ag", "gmbh", "nv", "bv", "spa", "group", "grupo", "holding", "holdings",
    "sucursal", "del", "peru", "branch", "of", "the", "de", "la",
}  # fmt: skip
_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+|\b[ivx]+\b")
_INSTALL: Final = "suggestions need rapidfuzz; install it: pip install 'peru-asia-graph[match]'"


@dataclass(frozen=True)
class Candidate:
    """A thing of a source by its names."""

    id: str
    source: str
    kind: str
    names: Sequence[str]


@dataclass(frozen=True)
class Suggestion:
    """Two things that may be the same: the score from 0 to 100, and why."""

    one: Candidate
    other: Candidate
    score: float
    reason: str


class Judgements:
    """What people have decided: groups of ids that are the same thing, and pairs of groups judged otherwise."""

    def __init__(self, rows: Iterable[CsvRow] = ()) -> None:
        self._first: dict[str, str] = {}
        pairs = list[tuple[str, str]]()
        for row in rows:
            one, other = (row.text(side).removeprefix("id:") for side in ("subject_id", "object_id"))
            if row.text("predicate_id") == _SAME and not row.text("predicate_modifier"):
                self._first[self._of(one)] = self._of(other)
            pairs.append((one, other))
        self._pairs = {frozenset((self._of(one), self._of(other))) for one, other in pairs}

    def decide(self, one: str, other: str) -> bool:
        """Return whether it is decided if two ids are the same: of themselves, or through ids that are the same."""
        groups = self._of(one), self._of(other)
        return groups[0] == groups[1] or frozenset(groups) in self._pairs

    def _of(self, slug: str) -> str:
        while (first := self._first.get(slug, slug)) != slug:
            slug = first
        return slug


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    """Return the things of all sources, in the order of the sources."""
    return [
        Candidate(row.text("id"), source.name, row.text("type"), [row.text("label"), *row.items("names_as_printed")])
        for source in sources
        if "entities" in source.tables
        for row in source.tables["entities"].rows
    ]


def suggest_matches(
    things: Sequence[Candidate],
    judged: Judgements,
    classes: Mapping[str, set[str]],
    only: str = "",
    cutoff: float = CUTOFF,
) -> list[Suggestion]:
    """Return pairs of things of two sources that may be the same, the likeliest first.

    ``judged`` is what people have decided, ``classes`` the classes above each class; with ``only`` one of the
    two is of that source. Raises WrongUse without rapidfuzz.
    """
    order = list(dict.fromkeys(thing.source for thing in things))
    found: list[Suggestion] = []
    for number, source in enumerate(order[1:], 1):
        later = [thing for thing in things if thing.source == source]
        earlier = [thing for thing in things if thing.source in order[:number]]
        for one, other, score in _alike(later, earlier, cutoff):
            if only and only not in (one.source, other.source):
                continue
            fits = classes.get(one.kind, {one.kind}) & classes.get(other.kind, {other.kind}) - {"Actor"}
            if fits and not judged.decide(one.id, other.id):
                found.append(Suggestion(one, other, score, _reason(one, other)))
    return sorted(found, key=lambda each: (-each.score, each.one.id, each.other.id))


def _alike(
    later: Sequence[Candidate], earlier: Sequence[Candidate], cutoff: float
) -> Iterator[tuple[Candidate, Candidate, float]]:
    """Yield pairs whose best names score at least ``cutoff``; the matrix of scores is made in parts."""
    fuzz, process = _rapidfuzz()
    import numpy as np

    rows = [(thing, plain_name(name)) for thing in later for name in thing.names if plain_name(name)]
    columns = [(thing, plain_name(name)) for thing in earlier for name in thing.names if plain_name(name)]
    best: dict[tuple[str, str], tuple[Candidate, Candidate, float]] = {}
    height = max(1, _MATRIX // max(1, len(columns)))
    for first in range(0, len(rows) if columns else 0, height):
        part = rows[first : first + height]
        scores = process.cdist(
            [name for _, name in part], [name for _, name in columns], scorer=fuzz.WRatio, dtype=np.uint8,
            score_cutoff=cutoff,
        )  # fmt: skip
        for row, column in zip(*np.nonzero(scores), strict=True):
            (one, name), (other, known) = part[row], columns[column]
            if numbers(name) == numbers(known):
                pair, score = (one.id, other.id), float(scores[row, column])
                if pair not in best or best[pair][2] < score:
                    best[pair] = one, other, score
    yield from best.values()


def _rapidfuzz() -> tuple[Any, Any]:
    try:
        from rapidfuzz import fuzz, process
    except ImportError as error:
        raise WrongUse(_INSTALL) from error
    return fuzz, process


def plain_name(name: str) -> str:
    """Return a name without accents, case, punctuation and legal forms; all words where nothing would be left.

    >>> plain_name("Shougang Hierro Perú S.A.A."), plain_name("Teck Resources Limited")
    ('shougang hierro', 'teck resources')
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = _WORD.findall(bare.replace(".", ""))
    return " ".join([word for word in words if word not in _FORMS] or words)


def numbers(name: str) -> list[str]:
    """Return the numbers in a name, Roman ones as written.

    >>> numbers("block 56"), numbers("block vi vii")
    (['56'], ['vi', 'vii'])
    """
    return sorted(_NUMBER.findall(name))


def _reason(one: Candidate, other: Candidate) -> str:
    pairs = [(first, second) for first in one.names for second in other.names]
    plain = [(plain_name(first), plain_name(second)) for first, second in pairs]
    if any(first.casefold() == second.casefold() for first, second in pairs):
        return "the same name"
    if any(first == second for first, second in plain):
        return "the same name but for legal form, accents or punctuation"
    if any(set(first.split()) == set(second.split()) for first, second in plain):
        return "the same words in another order"
    if any(
        set(first.split()) < set(second.split()) or set(second.split()) < set(first.split()) for first, second in plain
    ):
        return "all words of one are in the other"
    return "similar spelling"
