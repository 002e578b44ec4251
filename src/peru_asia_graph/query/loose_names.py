"""Names compared without articles, plurals, legal forms, kinds of thing and the order of their words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from peru_asia_graph.query.words import abbreviations, shortenings, stem, without_kind, without_legal_form, words_of
from peru_asia_graph.vocabulary import fold


class _Spelling(NamedTuple):
    """A name of a thing, taken apart: ``stems`` are of the name, then without one legal form after the other."""

    rank: int
    slug: str
    stems: list[str]
    kindless: str
    words: list[str]
    slug_words: list[str]
    abbreviations: list[str]


class LooseNames:
    """The names of things, taken apart once; ``rows`` are rank (1 a label, 2 another spelling), name and slug."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        self._spellings = [_take_apart(*row) for row in rows]

    def find_loosely(self, name: str) -> dict[str, int]:
        """Return the slugs of the best rank that have this name but for articles, plurals, legal forms and kinds."""
        words = words_of(name)
        if not words:
            return {}
        for wanted, most in ((stem(words), 1), (stem(words), 9), (stem(without_legal_form(words)), 9)):
            for rank in (1, 2):
                found = [one.slug for one in self._spellings if one.rank == rank and wanted in one.stems[:most]]
                if found:
                    return dict.fromkeys(found, rank)
        wanted = stem(without_kind(name))
        return {one.slug: 2 for one in self._spellings if one.kindless == wanted}

    def find_turned(self, name: str) -> dict[str, int]:
        """Return the slugs of which this has the words in another order, as "China-Peru FTA"."""
        words = sorted(words_of(name))
        if len(words) < 2:
            return {}
        return {one.slug: 2 for one in self._spellings if words in (one.words, one.slug_words)}

    def find_abbreviated(self, name: str) -> dict[str, int]:
        """Return the slugs of names that end in this abbreviation, as "Latin American Free Trade Area (LAFTA)"."""
        key = fold(name)
        return {one.slug: one.rank for one in reversed(self._spellings) if key in one.abbreviations}


def _take_apart(rank: int, name: str, slug: str) -> _Spelling:
    words = words_of(name)
    stems = [stem(one) for one in shortenings(words)] if words else []
    short = [fold(one) for one in abbreviations(name)]
    return _Spelling(rank, slug, stems, stem(without_kind(name)), sorted(words), sorted(words_of(slug)), short)
