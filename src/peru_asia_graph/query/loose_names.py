"""Compares names ignoring articles, plurals, legal forms, kinds of thing and word order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from peru_asia_graph.query.words import (
    abbreviations,
    initials,
    shortenings,
    stem,
    without_kind,
    without_legal_form,
    words_of,
)
from peru_asia_graph.vocabulary import fold


class _Spelling(NamedTuple):
    """A parsed name of a thing: ``stems`` of the full name, then with its legal forms removed one by one."""

    rank: int
    slug: str
    stems: list[str]
    kindless: str
    words: list[str]
    slug_words: list[str]
    abbreviations: list[str]
    initials: set[str]


class LooseNames:
    """The parsed names of things; ``rows`` are rank (1 a label, 2 another spelling), name and slug."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        self._spellings = [_take_apart(*row) for row in rows]

    def find_loosely(self, name: str) -> dict[str, int]:
        """Return the slugs of the best rank that have this name, ignoring articles, plurals and legal forms."""
        words = words_of(name)
        if not words:
            return {}
        for wanted, most in ((stem(words), 1), (stem(words), 9), (stem(without_legal_form(words)), 9)):
            for rank in (1, 2):
                found = [one.slug for one in self._spellings if one.rank == rank and wanted in one.stems[:most]]
                if found:
                    return dict.fromkeys(found, rank)
        return {}

    def find_without_kind(self, name: str) -> dict[str, int]:
        """Return the slugs that have this name, ignoring remarks in parentheses, the kind of thing and spaces."""
        wanted = _without_kind(name)
        return {one.slug: 2 for one in self._spellings if wanted and one.kindless == wanted}

    def find_turned(self, name: str) -> dict[str, int]:
        """Return the slugs whose names have these words in another order, such as "China-Peru FTA"."""
        words = sorted(words_of(name))
        if len(words) < 2:
            return {}
        return {one.slug: 2 for one in self._spellings if words in (one.words, one.slug_words)}

    def find_abbreviated(self, name: str) -> dict[str, int]:
        """Return the slugs of names that end in this abbreviation, such as "Latin American Free Trade Area (LAFTA)".

        The accession to it, whose name ends in all of that, is left out.
        """
        key = fold(name)
        found = [one for one in reversed(self._spellings) if key in one.abbreviations]
        whole = tuple(f" {one.stems[0]}" for one in found)
        return {one.slug: one.rank for one in found if not one.stems[0].endswith(whole)}

    def find_by_initials(self, name: str) -> list[str]:
        """Return the slugs of all names with these initials in capitals, such as EU for "European Union"."""
        key = fold(name) if name.isupper() else ""
        return sorted({one.slug for one in self._spellings if key in one.initials})


def _take_apart(rank: int, name: str, slug: str) -> _Spelling:
    words = words_of(name)
    stems = [stem(one) for one in shortenings(words)] if words else []
    short = [fold(one) for one in abbreviations(name)]
    return _Spelling(
        rank, slug, stems, _without_kind(name), sorted(words), sorted(words_of(slug)), short, initials(name)
    )


def _without_kind(name: str) -> str:
    return fold(stem(without_kind(name)))
