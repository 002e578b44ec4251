"""People's judgements on pairs of things: which are the same thing, and which pairs are decided, also transitively."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from peru_asia_graph.sources.tables import CsvRow

EXACT: Final = "skos:exactMatch"
PART: Final = "dcterms:isPartOf"
WHOLE: Final = "dcterms:hasPart"
NOT: Final = "Not"
SIDES: Final = ("subject_id", "object_id")
# The author of the matches that imports write.
IMPORTED: Final = "pag import"


def pair_of(row: CsvRow) -> tuple[str, str]:
    """Return the ids of the two things in a row of matches."""
    one, other = (row.text(side).removeprefix("id:") for side in SIDES)
    return one, other


def is_same(row: CsvRow) -> bool:
    """Return whether a row of matches says that its two things are the same."""
    return row.text("predicate_id") == EXACT and row.text("predicate_modifier") != NOT


class Judgements:
    """Things judged to be the same, and pairs decided either way; a decision on a thing applies to all its ids.

    ``places`` has the position of the source of each thing, if known: two things of one source are not the same.
    """

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self._kept: dict[str, str] = {}
        self._decided: list[tuple[str, str]] = []

    def add(self, one: str, other: str, same: bool) -> None:
        """Add a judgement: the first is the same as the second, or their relation is something else."""
        self._decided.append((one, other))
        if same and (first := self.root(one)) != (second := self.root(other)):
            self._kept[first] = second

    def root(self, slug: str) -> str:
        """Return the id into which a thing is merged, following chains of matches."""
        while slug in self._kept:
            slug = self._kept[slug]
        return slug

    def is_kept(self, slug: str) -> bool:
        return slug not in self._kept

    def decided(self) -> set[frozenset[str]]:
        """Return the decided pairs, each thing by its kept id."""
        return {frozenset((self.root(one), self.root(other))) for one, other in self._decided}

    def settles(self, one: str, other: str, decided: set[frozenset[str]] | None = None) -> bool:
        """Return whether two things need no judgement: they are already the same, or decided, or of one source."""
        pair = frozenset((self.root(one), self.root(other)))
        places = {self.places.get(slug, slug) for slug in pair}
        return len(pair) == 1 or len(places) == 1 or pair in (self.decided() if decided is None else decided)


def kept_ids(rows: Sequence[CsvRow], ids: Sequence[str]) -> dict[str, str]:
    """Return the kept id for each merged id: the one in its group that is not matched with a further one.

    If things are matched in a cycle, the first of them in ``ids`` is kept.
    """
    judged = _judge(rows)
    matched = {pair_of(row)[0] for row in rows if is_same(row)}
    groups: dict[str, list[str]] = defaultdict(list)
    for slug in ids:
        groups[judged.root(slug)].append(slug)
    kept = {root: min(group, key=matched.__contains__) for root, group in groups.items()}
    return {slug: kept[root] for root, group in groups.items() for slug in group if slug != kept[root]}


def _judge(rows: Sequence[CsvRow]) -> Judgements:
    judged = Judgements()
    for row in filter(is_same, rows):
        judged.add(*pair_of(row), True)
    return judged


def denied(rows: Sequence[CsvRow]) -> list[CsvRow]:
    """Return rows that call two merged things different, or one a part or successor of the other."""
    judged = _judge(rows)
    pairs = ((row, *pair_of(row)) for row in rows if not is_same(row))
    return [row for row, one, other in pairs if one != other and judged.root(one) == judged.root(other)]


def reversed_rows(rows: Sequence[CsvRow]) -> list[tuple[CsvRow, CsvRow]]:
    """Return rows of which an earlier one says the opposite: each thing a part, or the successor, of the other."""
    first: dict[tuple[str, str, str], CsvRow] = {}
    found: list[tuple[CsvRow, CsvRow]] = []
    kept = _judge(rows)
    for row in rows:
        predicate, (one, other) = row.text("predicate_id"), pair_of(row)
        if predicate == EXACT or row.text("predicate_modifier") == NOT:
            continue
        one, other = kept.root(one), kept.root(other)
        if predicate == WHOLE:
            predicate, one, other = PART, other, one
        if (earlier := first.get((predicate, other, one))) is not None:
            found.append((row, earlier))
        first.setdefault((predicate, one, other), row)
    return found


def contradicting(rows: Sequence[CsvRow]) -> list[tuple[CsvRow, str, str]]:
    """Return rows that match a thing with a second one, with both, unless other rows call these the same."""
    first: dict[str, str] = {}
    later: list[tuple[CsvRow, str, str]] = []
    judged = Judgements()
    for row in filter(is_same, rows):
        one, other = pair_of(row)
        if first.setdefault(one, other) == other:
            judged.add(one, other, True)
        else:
            later.append((row, one, other))
    return [(row, first[one], other) for row, one, other in later if judged.root(first[one]) != judged.root(other)]
