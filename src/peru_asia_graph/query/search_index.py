"""The search over the names of everything: words in, entries out, best first. `views/static/search.js` has its rules.

A query is taken as words: those of `search_words.json` that are ``ignored`` count only where no other is left, words
that are ``alike`` are one, accents, case, punctuation and a last s make no difference, and the last word may be the
beginning of one. Before all come names that consist of these words, then what has all of them in its label, other
names, kind, place and year together, then what has most, a rare word weighing more than a frequent one.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from peru_asia_graph.query.search_entries import IndexEntry

_BETWEEN: Final = re.compile(r"[\W_]+")
_YEAR: Final = re.compile(r"\d{4}")
# What is read of a query; which part of the best match, and of the whole query, a match must reach; how many times less
# than a whole query is what a statement lacks beside a thing.
_LONGEST: Final = 200
_MOST_WORDS: Final = 12
_ENOUGH: Final = 0.7
_LEAST: Final = 0.25
_LESS: Final = 4
_SPREAD: Final = 3
_QUESTION: Final = 1
_SAID: Final = 2
_SHORTEST_PART: Final = 3
_SHORTEST_GUESS: Final = 4


@dataclass(frozen=True)
class SearchHit:
    """A hit: what was found, the name it was found by, if that is not its label; ``guess`` if a word was misspelt."""

    entry: IndexEntry
    name: str = ""
    guess: bool = False


def words_in(text: str) -> list[str]:
    """Return the words of a text without accents and case.

    >>> words_in("Río Blanco (Z-2B)")
    ['rio', 'blanco', 'z', '2b']
    """
    plain = text.lower()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in letters if not unicodedata.category(letter).startswith("M"))
    return [word for word in _BETWEEN.split(plain) if word]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in words_in(text)]


def _read_rules() -> dict[str, Any]:
    """Return what is ``ignored``, of that what is ``asking``, what is ``alike`` (one word), more words of ``kinds``."""
    read = json.loads((Path(__file__).parent / "search_words.json").read_text("utf-8"))
    groups = [_stems(group) for group in read["alike"]]
    asking = sorted(set(_stems(" ".join(read["asking"].values()))))
    return {
        "ignored": sorted({*_stems(" ".join(read["ignored"].values())), *asking}),
        "asking": asking,
        "alike": {word: group[0] for group in groups for word in group},
        "kinds": read["kinds"],
    }


RULES: Final = _read_rules()
_IGNORED: Final = frozenset(RULES["ignored"])
_ASKING: Final = frozenset(RULES["asking"])
_ALIKE: Final[Mapping[str, str]] = RULES["alike"]


class _Spelling(NamedTuple):
    """A name with its words set off by spaces: all of them, those not ignored, and all without spaces between."""

    name: str
    full: str
    main: str
    joined: str


class _Wanted(NamedTuple):
    """A word of a query: what it looks like in a spelling, itself first, and the entries that have it."""

    word: str
    forms: Sequence[str]
    found: Collection[int]
    weight: int


def _spaced(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _spell(name: str) -> _Spelling:
    words = words_in(name)
    stems = [_stem(word) for word in words]
    full = [_ALIKE.get(stem, stem) for stem in stems]
    main = [word for stem, word in zip(stems, full, strict=True) if stem not in _IGNORED]
    return _Spelling(name, _spaced(full), _spaced(main), "".join(words))


def one_slip_apart(one: str, other: str) -> bool:
    """Tell whether words differ by one letter added, left out or replaced, or two changed about.

    >>> one_slip_apart("toromcho", "toromocho"), one_slip_apart("chian", "china"), one_slip_apart("cusco", "cuzka")
    (True, True, False)
    """
    if abs(len(one) - len(other)) > 1:
        return False
    start, most = 0, min(len(one), len(other))
    while start < most and one[start] == other[start]:
        start += 1
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) < 2 or (len(left) == 2 and left == right[::-1])


class SearchIndex:
    """The entries of a search, and the search; ``kinds`` has the labels of each kind of entry."""

    def __init__(self, entries: Iterable[IndexEntry], kinds: Mapping[str, Sequence[str]] | None = None) -> None:
        self.entries = list(entries)
        self._kinds = kinds or {}

    @cached_property
    def _spellings(self) -> list[list[_Spelling]]:
        return [[_spell(name) for name in (*entry.labels.values(), *entry.names)] for entry in self.entries]

    @cached_property
    def _others(self) -> list[tuple[str, str]]:
        """Of each entry its years, and the words of its kind and place."""
        kinds = {
            kind: [*labels, RULES["kinds"].get(kind.rpartition("#")[2], "")] for kind, labels in self._kinds.items()
        }
        texts = [" ".join((*kinds.get(one.kind, ()), *(one.about or {}).values())) for one in self.entries]
        told = {text: _spell(text).full for text in set(texts)}
        years = (_spaced(_YEAR.findall(entry.date)) for entry in self.entries)
        return list(zip(years, map(told.__getitem__, texts), strict=True))

    @cached_property
    def _having(self) -> dict[str, set[int]]:
        """The entries that have a word."""
        having: dict[str, set[int]] = defaultdict(set)
        for number, (spellings, others) in enumerate(zip(self._spellings, self._others, strict=True)):
            for text in (*(one.full for one in spellings), *others):
                for word in text.split():
                    having[word].add(number)
        return dict(having)

    def find(self, text: str, most: int = 10) -> list[SearchHit]:
        """Return the entries that fit the words of a text, best first; things before questions before statements.

        The question that fits an asking word which is like others (``owner``) comes second at the latest.
        """
        words = words_in(text[:_LONGEST])[:_MOST_WORDS]
        content = [word for word in words if _stem(word) not in _IGNORED]
        found = self._rank(content or words, words, bool(content), most)
        asking = [word for word in words if _stem(word) in _ASKING]
        asked = {_ALIKE[stem] for stem in map(_stem, asking) if stem in _ALIKE}
        if content and asked:
            having = set.intersection(*(self._having.get(word, set()) for word in asked))
            questions = {number for number in having if self.entries[number].tier == _QUESTION}
            best = self._rank([word for word in words if word in (*content, *asking)], words, False, 1, questions)[:1]
            others = [hit for hit in found if hit.entry not in [one.entry for one in best]]
            place = int(found[:1] == others[:1])
            found = [*others[:place], *best, *others[place:]]
        return found[:most]

    def _rank(
        self, wanted: Sequence[str], words: Sequence[str], is_content: bool, most: int,
        only: Collection[int] | None = None,
    ) -> list[SearchHit]:  # fmt: skip
        """Return the entries that fit the words wanted of a query, at least ``most`` if there are so many.

        With ``is_content`` a name is read without the words that are ignored.
        """
        last, without = len(wanted) - (wanted[-1:] == words[-1:]), _IGNORED if is_content else ()
        looked_up = [self._want(word, place == last, without) for place, word in enumerate(wanted)]
        if not looked_up or not set.intersection(*(set(one.found) for one in looked_up)):
            if only is None and (joined := self._find_joined("".join(wanted))):
                return joined
            guessed = [one if one.found else self._guess(one) for one in looked_up]
        else:
            guessed = looked_up
        matched: dict[int, int] = defaultdict(int)
        for one in guessed:
            for number in one.found:
                matched[number] += one.weight
        total = sum(one.weight for one in guessed)
        enough = max(_ENOUGH * max(matched.values(), default=0), _LEAST * total)
        coarse = []
        for number, weight in matched.items():
            if weight >= enough and (only is None or number in only):
                tier = self.entries[number].tier
                coarse.append((total - weight + (total // _LESS if tier == _SAID else 0), tier, number))
        coarse.sort()
        ranked: list[tuple[tuple[int, ...], str]] = []
        for missing, tier, number in coarse:
            if len(ranked) >= most and (missing, tier) > coarse[most - 1][:2]:
                break
            rank, name = self._closeness(number, guessed, total, is_content)
            ranked.append(((rank[0] > 0, missing, tier, *rank, number), name))
        return [SearchHit(self.entries[key[-1]], name, guessed != looked_up) for key, name in sorted(ranked)]

    def _want(self, word: str, is_beginning: bool, without: Collection[str]) -> _Wanted:
        stem = _stem(word)
        word = _ALIKE.get(stem, stem)
        forms = [f" {word} "]
        found = set(self._having.get(word, ()))
        if is_beginning:
            alike = {_ALIKE[one] for one in _ALIKE if one.startswith(stem) and len(stem) >= _SHORTEST_PART}
            forms += [f" {stem}", *(f" {one} " for one in sorted(alike))]
            begun = {one for one in self._having if one.startswith(stem)}.difference(without)
            found.update(*(self._having.get(one, ()) for one in alike | begun))
        return self._weigh(word, forms, found)

    def _weigh(self, word: str, forms: Sequence[str], found: Collection[int]) -> _Wanted:
        return _Wanted(word, forms, found, round(10 * math.log(1 + len(self.entries) / (len(found) or 1))))

    def _guess(self, wanted: _Wanted) -> _Wanted:
        """Return a word that no entry has as the words that it may have been meant to be."""
        if len(wanted.word) < _SHORTEST_GUESS or wanted.word.isdecimal():
            return wanted
        near = [_ALIKE.get(one, one) for one in (*self._having, *_ALIKE) if one_slip_apart(wanted.word, one)]
        found = set().union(*(self._having.get(one, set()) for one in near))
        return self._weigh(wanted.word, [f" {one} " for one in near], found) if near else wanted

    def _find_joined(self, letters: str) -> list[SearchHit]:
        """Return the entries with a name that has these letters, be there spaces between them or not."""
        ranked = []
        for number, entry in enumerate(self.entries) if len(letters) >= _SHORTEST_PART else ():
            for place, one in enumerate(self._spellings[number]):
                if letters in one.joined:
                    is_name = place >= len(entry.labels)
                    key = (entry.tier, not one.joined.startswith(letters), is_name, len(one.joined), number)
                    ranked.append((key, one.name if is_name else ""))
                    break
        return [SearchHit(self.entries[key[-1]], name) for key, name in sorted(ranked)]

    def _closeness(
        self, number: int, wanted: Sequence[_Wanted], total: int, is_content: bool
    ) -> tuple[tuple[int, ...], str]:
        """Return how close an entry is, the less the closer, and the other name that is as close."""
        labels, (years, others) = len(self.entries[number].labels), self._others[number]
        first, last = "".join(f" {one.word}" for one in wanted[:-1]), wanted[-1]
        best: list[tuple[tuple[int, ...], str]] = []
        for place, one in enumerate(self._spellings[number]):
            text = one.main if is_content else one.full
            has = sum(word.weight for word in wanted if any(form in text or form in years for form in word.forms))
            if text == f"{first} {last.word} ":
                rank = 0
            elif any(text.startswith(first + form) for form in last.forms):
                rank = 1
            else:
                rank = 2 if has == total else _SPREAD
            is_part = last.forms[0] not in f"{text}{years}{others if rank == _SPREAD else ''}"
            best.append(((rank, total - has, place >= labels, is_part, len(text)), one.name if place >= labels else ""))
        (rank, _, by_name, part, length), name = min(best, key=lambda one: one[0])
        return (rank, part, by_name, length), name

    def near(self, text: str, most: int = 5) -> list[IndexEntry]:
        """Return entries of the first tier with a name like the text, for a name that is not there."""
        import difflib

        by_name: dict[str, IndexEntry] = {}
        for entry, spellings in zip(self.entries, self._spellings, strict=True):
            for one in spellings if entry.tier == 0 else ():
                by_name.setdefault(" ".join(words_in(one.name)), entry)
        close = difflib.get_close_matches(" ".join(words_in(text)), by_name, n=3 * most, cutoff=0.65)
        return list({id(by_name[name]): by_name[name] for name in close}.values())[:most]
