"""Suggests matches between sources by the similarity of names; people decide, and no score merges anything.

Legal forms, accents, case and punctuation are ignored. Names with different numbers never match (Block 56 is not
Block 6).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.errors import import_extra
from peru_asia_graph.sources.judgements import Judgements
from peru_asia_graph.sources.tables import Source

# Suggestions below this score are more often wrong than right.
CUTOFF: Final = 80.0
# Maximum size of a matrix of scores, in bytes (one byte per score).
_MATRIX: Final = 10_000_000
# Legal forms of firms and states, and the words for branches.
_FORMS: Final = {
    "sa", "saa", "sac", "srl", "sl", "ltd", "limited", "ltda", "inc", "incorporated", "corp", "corporation", "co",
    "company", "plc", "llc", "lp", "ag", "gmbh", "nv", "bv", "spa", "group", "grupo", "holding", "holdings",
    "sucursal", "del", "peru", "branch", "of", "the", "de", "la", "republic", "republica",
}  # fmt: skip
_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+|\b[ivx]+\b")
# The columns of translations.csv with names.
_TRANSLATED: Final = ("label_es", "other_names_es", "label_zh", "label_ja", "label_ko")
# Why two names match, the most reliable reason first.
_REASONS: Final = (
    "the same name",
    "the same name except for legal form, branch, country, accents or punctuation",
    "the same words in another order",
    "one contains all words of the other",
    "similar spelling",
)


@dataclass(frozen=True)
class Candidate:
    """A thing in a source with its names; ``place`` is the position of the source among the sources."""

    id: str
    source: str
    kind: str
    names: Sequence[str]
    place: int = 0


@dataclass(frozen=True)
class Suggestion:
    """Two things that may be the same, with a score from 0 to 100 and a reason."""

    one: Candidate
    other: Candidate
    score: float
    reason: str


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    """Return the things in all sources, in order of the sources, each with its names in all languages."""
    named = defaultdict[str, list[str]](list)
    for one in sources:
        for row in one.rows("names"):
            named[row.text("thing")].append(row.text("name"))
        for row in one.rows("translations"):
            translated = (name for column in _TRANSLATED for name in row.items(column))
            named[row.text("thing")] += [name for name in translated if name]
    return [
        Candidate(
            row.text("id"),
            one.name,
            row.text("type"),
            list(dict.fromkeys([row.text("label"), *row.items("names_as_printed"), *named[row.text("id")]])),
            place,
        )
        for place, one in enumerate(sources)
        for row in one.rows("entities")
    ]


def suggest_matches(
    things: Sequence[Candidate],
    judged: Judgements,
    classes: Mapping[str, set[str]],
    only: str | None = None,
    cutoff: float = CUTOFF,
) -> list[Suggestion]:
    """Return pairs of things in different sources that may be the same, the most likely first.

    ``judged`` has people's decisions, ``classes`` the superclasses of each class; with ``only``, one of the two must be
    in that source. A thing in several sources is suggested once, with its most similar name, from the first source that
    has it. Raises WrongUse if rapidfuzz is missing.
    """
    decided = judged.decided()
    order = list(dict.fromkeys(thing.source for thing in things))
    found: list[Suggestion] = []
    for number, source in enumerate(order[1:], 1):
        later = [thing for thing in things if thing.source == source]
        earlier = [thing for thing in things if thing.source in order[:number]]
        for one, other, score in _alike(later, earlier, cutoff):
            if only is not None and only not in (one.source, other.source):
                continue
            fits = classes.get(one.kind, {one.kind}) & classes.get(other.kind, {other.kind}) - {"Actor"}
            if fits and not judged.settles(one.id, other.id, decided):
                found.append(Suggestion(one, other, score, _reason(one, other)))
    found.sort(key=lambda each: (-each.score, _REASONS.index(each.reason), each.one.id, each.other.place,
                                 each.other.id))  # fmt: skip
    first: dict[frozenset[str], Suggestion] = {}
    for each in found:
        first.setdefault(frozenset((judged.root(each.one.id), judged.root(each.other.id))), each)
    return list(first.values())


def _alike(
    later: Sequence[Candidate], earlier: Sequence[Candidate], cutoff: float
) -> Iterator[tuple[Candidate, Candidate, float]]:
    """Yield pairs whose best names have a ``WRatio`` of at least ``cutoff``.

    One common word is not enough. Only pairs are scored whose whole names, as written or with their words sorted, have
    a ratio of at least ``cutoff``, or of which one contains all words of the other.
    """
    import_extra("rapidfuzz", "suggestions need rapidfuzz", "match")
    from rapidfuzz import fuzz, process

    rows, columns = _plain_names(later), _plain_names(earlier)
    best: dict[tuple[str, str], tuple[Candidate, Candidate, float]] = {}
    for row, column in sorted({*_alike_as_wholes(fuzz, process, rows, columns, cutoff), *_within(rows, columns)}):
        (one, name), (other, known) = rows[row], columns[column]
        if numbers(name) == numbers(known):
            pair, score = (one.id, other.id), float(int(fuzz.WRatio(name, known, score_cutoff=cutoff) + 0.5))
            if score and (pair not in best or best[pair][2] < score):
                best[pair] = one, other, score
    yield from best.values()


def _plain_names(things: Sequence[Candidate]) -> list[tuple[Candidate, str]]:
    return [(thing, plain) for thing in things for name in thing.names if (plain := plain_name(name))]


def _alike_as_wholes(
    fuzz: Any, process: Any, rows: Sequence[tuple[Candidate, str]], columns: Sequence[tuple[Candidate, str]],
    cutoff: float,
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """Yield the indices of pairs of names with a ratio of at least ``cutoff``; scores are computed in blocks."""
    import numpy as np

    for prepare in (str, lambda name: " ".join(sorted(name.split()))):
        ours, others = ([prepare(name) for _, name in names] for names in (rows, columns))
        height = max(1, _MATRIX // max(1, len(others)))
        for first in range(0, len(ours) if others else 0, height):
            part = ours[first : first + height]
            scores = process.cdist(part, others, scorer=fuzz.ratio, dtype=np.uint8, score_cutoff=cutoff)
            for row, column in zip(*map(np.ndarray.tolist, np.nonzero(scores)), strict=True):
                yield first + row, column


def _within(
    rows: Sequence[tuple[Candidate, str]], columns: Sequence[tuple[Candidate, str]]
) -> Iterator[tuple[int, int]]:
    """Yield the indices of pairs of names where one contains all words of the other."""
    for some, others, turned in ((rows, columns, False), (columns, rows, True)):
        words = [set(name.split()) for _, name in some]
        counts = Counter(word for one in words for word in one)
        # The shorter name is indexed by its rarest word.
        by_word = defaultdict(list)
        for place, one in enumerate(words):
            by_word[min(one, key=lambda word: (counts[word], word))].append(place)
        for at, (_, name) in enumerate(others):
            has = set(name.split())
            for place in (place for word in has for place in by_word.get(word, ())):
                if words[place] <= has:
                    yield (at, place) if turned else (place, at)


def plain_name(name: str) -> str:
    """Return a name without accents, case, punctuation and legal forms; all words if nothing would be left.

    >>> plain_name("Shougang Hierro Perú S.A.A."), plain_name("Teck Resources Limited")
    ('shougang hierro', 'teck resources')
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = _WORD.findall(bare.replace(".", ""))
    return " ".join([word for word in words if word not in _FORMS] or words)


def numbers(name: str) -> list[str]:
    """Return the numbers in a name, Roman numerals as written.

    >>> numbers("block 56"), numbers("block vi vii")
    (['56'], ['vi', 'vii'])
    """
    return sorted(_NUMBER.findall(name))


def _reason(one: Candidate, other: Candidate) -> str:
    pairs = [(first, second) for first in one.names for second in other.names]
    plain = [(plain_name(first), plain_name(second)) for first, second in pairs]
    if any(first.casefold() == second.casefold() for first, second in pairs):
        return _REASONS[0]
    if any(first == second for first, second in plain):
        return _REASONS[1]
    if any(set(first.split()) == set(second.split()) for first, second in plain):
        return _REASONS[2]
    if any(
        set(first.split()) < set(second.split()) or set(second.split()) < set(first.split()) for first, second in plain
    ):
        return _REASONS[3]
    return _REASONS[4]
