"""The search over all names: words in, entries out, best first. `views/static/search.js` has the same rules.

A query is split into words: ``ignored`` words of `words/search.json` count only if there are no others, ``alike`` words
are equivalent, accents, case, punctuation and a final s are ignored, and the last word may be a prefix. Names that
consist of these words rank first, then entries with all of them in label, other names, kind, place and year together,
then entries with most of them (at least half, or all words of a name), rare words weighing more than frequent ones. A
word that is in no name is looked up in the descriptions.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from peru_asia_graph.query.search_entries import IndexEntry
from peru_asia_graph.views.search_words import (
    ALIKE,
    IGNORED,
    INTERROGATIVES,
    kind_words,
    liken,
    one_slip_apart,
    stem,
    words_in,
)

# A year, or a decade (196X), which is found by its first year.
_YEAR: Final = re.compile(r"\d{3}[\dX]")
# How many characters and words of a query are read; the fraction of the best match's weight, and of the whole query's,
# that a match must reach; a statement ranks as if it lacked this fraction (1/4) of the query.
_LONGEST: Final = 200
_MOST_WORDS: Final = 12
_ENOUGH: Final = 0.5
_LEAST: Final = 0.25
_LESS: Final = 4
_SPREAD: Final = 3
_QUESTION: Final = 1
_SAID: Final = 2
# The ratio of equal letters from which another name may be meant: Thailand is not meant by Taiwan.
_ALIKE: Final = 0.75
_SHORTEST_PART: Final = 3
_SHORTEST_GUESS: Final = 4


@dataclass(frozen=True)
class SearchHit:
    """A hit: the entry, the matching name if it is not the label, ``guess`` if a word was misspelt, and ``whole`` if it
    has all words of the query that count."""

    entry: IndexEntry
    name: str = ""
    guess: bool = False
    whole: bool = True


class _Spelling(NamedTuple):
    """A name with its words delimited by spaces: all words, the words not ignored, and all without spaces."""

    name: str
    full: str
    main: str
    joined: str


class _Wanted(NamedTuple):
    """A query word: its forms in a spelling, the word itself first, and the entries that have it."""

    word: str
    forms: Sequence[str]
    found: Collection[int]
    weight: int


def _spaced(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _spell(name: str) -> _Spelling:
    words = words_in(name)
    main = [liken(word) for word in words if stem(word) not in IGNORED]
    return _Spelling(name, _spaced(map(liken, words)), _spaced(main), "".join(words))


def _begins_word(name: str, letters: str) -> bool:
    """Return whether the letters are in a name, ignoring spaces, from the beginning of a word."""
    words = words_in(name)
    return any("".join(words[place:]).startswith(letters) for place in range(len(words)))


class SearchIndex:
    """The entries of a search and the search itself; ``kinds`` has the labels of each kind of entry."""

    def __init__(self, entries: Iterable[IndexEntry], kinds: Mapping[str, Sequence[str]] | None = None) -> None:
        self.entries = list(entries)
        self._kinds = kinds or {}

    @cached_property
    def _spellings(self) -> list[list[_Spelling]]:
        return [[_spell(name) for name in (*entry.labels.values(), *entry.names)] for entry in self.entries]

    @cached_property
    def _others(self) -> list[tuple[str, str]]:
        """For each entry its years, and the words of its kind and place."""
        kinds = {kind: [*self._kinds.get(kind, ()), kind_words(kind)] for kind in {one.kind for one in self.entries}}
        texts = [" ".join((*kinds[one.kind], *(one.about or {}).values())) for one in self.entries]
        told = {text: _spell(text).full for text in set(texts)}
        years = (_spaced(year.replace("X", "0") for year in _YEAR.findall(entry.date)) for entry in self.entries)
        return list(zip(years, map(told.__getitem__, texts), strict=True))

    @cached_property
    def _having(self) -> dict[str, set[int]]:
        """The entries that have each word."""
        having: dict[str, set[int]] = defaultdict(set)
        for number, (spellings, others) in enumerate(zip(self._spellings, self._others, strict=True)):
            for text in (*(one.full for one in spellings), *others):
                for word in text.split():
                    having[word].add(number)
        return dict(having)

    @cached_property
    def _described(self) -> dict[str, set[int]]:
        """The entries whose description has each word that is not ignored."""
        described: dict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(self.entries):
            for word in words_in(entry.told):
                if stem(word) not in IGNORED:
                    described[liken(word)].add(number)
        return dict(described)

    def find(self, text: str, most: int = 10) -> list[SearchHit]:
        """Return the entries that match a text, best first; things before questions before statements.

        If the text has interrogatives, the question with at least two and half of those that carry meaning (``owner``),
        or else of the content words, ranks second or better; a single word must be in it.
        """
        words = words_in(text[:_LONGEST])[:_MOST_WORDS]
        content = [word for word in words if stem(word) not in IGNORED]
        found = self._rank(content or words, words, bool(content), most)
        interrogatives = [word for word in words if stem(word) in INTERROGATIVES]
        if content and interrogatives:
            asked = {liken(word) for word in interrogatives if stem(word) in ALIKE} or set(map(liken, content))
            having = Counter(number for word in asked for number in self._having.get(word, ()))
            least = min(len(asked), max(2, math.ceil(len(asked) / 2)))
            questions = {one for one in having if having[one] >= least and self.entries[one].tier == _QUESTION}
            meant = [word for word in words if word in (*content, *interrogatives)]
            best = self._rank(meant, words, False, 1, questions)[:1]
            others = [hit for hit in found if hit.entry not in [one.entry for one in best]]
            place = int(found[:1] == others[:1])
            found = [*others[:place], *best, *others[place:]]
        return found[:most]

    def _rank(
        self, wanted: Sequence[str], words: Sequence[str], is_content: bool, most: int,
        only: set[int] | None = None,
    ) -> list[SearchHit]:  # fmt: skip
        """Return the entries that match the query words, at least ``most`` if there are that many.

        With ``is_content``, ignored words in names are skipped.
        """
        last, without = len(wanted) - (wanted[-1:] == words[-1:]), IGNORED if is_content else ()
        looked_up = [self._want(word, place == last, without) for place, word in enumerate(wanted)]
        if not looked_up or not set.intersection(*(set(one.found) for one in looked_up)):
            if only is None and (joined := self._find_joined("".join(wanted))):
                return joined
            guessed = [one if one.found else self._guess(one) for one in looked_up]
        else:
            guessed = looked_up
        matched: dict[int, int] = defaultdict(int)
        for one in guessed:
            for number in one.found if only is None else only.intersection(one.found):
                matched[number] += one.weight
        total = sum(one.weight for one in guessed)
        enough = max(_ENOUGH * max(matched.values(), default=0), _LEAST * total if only is None else 0)
        coarse = []
        for number, weight in matched.items():
            if weight >= enough and (only is not None or self._fits(number, guessed)):
                tier = self.entries[number].tier
                coarse.append((total - weight + (total // _LESS if tier == _SAID else 0), tier, number))
        whole = {number for number, weight in matched.items() if weight == total}
        coarse.sort()
        ranked: list[tuple[tuple[int, ...], str]] = []
        for missing, tier, number in coarse:
            if len(ranked) >= most and (missing, tier) > coarse[most - 1][:2]:
                break
            rank, name = self._closeness(number, guessed, total, is_content)
            ranked.append(((rank[0] > 0, missing, tier, *rank, number), name))
        return [
            SearchHit(self.entries[key[-1]], name, guessed != looked_up, key[-1] in whole)
            for key, name in sorted(ranked)
        ]

    def _fits(self, number: int, wanted: Sequence[_Wanted]) -> bool:
        """Return whether an entry has half of the words, or has a name all of whose words are among them."""
        if 2 * sum(number in one.found for one in wanted) >= len(wanted):
            return True
        known = {form.strip() for one in wanted for form in one.forms}
        return any(one.main.strip() and known.issuperset(one.main.split()) for one in self._spellings[number])

    def _want(self, word: str, is_beginning: bool, without: Collection[str]) -> _Wanted:
        start, word = stem(word), liken(word)
        forms = [f" {word} "]
        found = set(self._having.get(word, ()))
        if is_beginning:
            alike = {ALIKE[one] for one in ALIKE if one.startswith(start) and len(start) >= _SHORTEST_PART}
            forms += [f" {start}", *(f" {one} " for one in sorted(alike))]
            begun = {one for one in self._having if one.startswith(start)}.difference(without)
            found.update(*(self._having.get(one, ()) for one in alike | begun))
        if not found:
            is_whole = not is_beginning or len(start) < _SHORTEST_GUESS
            words = [word] if is_whole else [one for one in self._described if one.startswith(start) or one == word]
            found.update(*(self._described.get(one, ()) for one in words))
        return self._weigh(word, forms, found)

    def _weigh(self, word: str, forms: Sequence[str], found: Collection[int]) -> _Wanted:
        return _Wanted(word, forms, found, round(10 * math.log(1 + len(self.entries) / (len(found) or 1))))

    def _guess(self, wanted: _Wanted) -> _Wanted:
        """Return an unknown word as the words that may have been meant."""
        if len(wanted.word) < _SHORTEST_GUESS or wanted.word.isdecimal():
            return wanted
        near = [ALIKE.get(one, one) for one in (*self._having, *ALIKE) if one_slip_apart(wanted.word, one)]
        found = set().union(*(self._having.get(one, set()) for one in near))
        return self._weigh(wanted.word, [f" {one} " for one in near], found) if near else wanted

    def _find_joined(self, letters: str) -> list[SearchHit]:
        """Return the entries with a name that has these letters, ignoring spaces; guesses if only inside words."""
        ranked = []
        for number, entry in enumerate(self.entries) if len(letters) >= _SHORTEST_PART else ():
            for place, one in enumerate(self._spellings[number]):
                if letters in one.joined:
                    is_name = place >= len(entry.labels)
                    key = (entry.tier, not one.joined.startswith(letters), is_name, len(one.joined), number)
                    ranked.append((key, one.name if is_name else "", not _begins_word(one.name, letters)))
                    break
        is_guess = all(inside for _, _, inside in ranked)
        return [SearchHit(self.entries[key[-1]], name, is_guess) for key, name, _ in sorted(ranked)]

    def _closeness(
        self, number: int, wanted: Sequence[_Wanted], total: int, is_content: bool
    ) -> tuple[tuple[int, ...], str]:
        """Return the distance of an entry (smaller is closer) and the other name that is as close."""
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
        """Return entries of the first tier with a name similar to the text, for a name that does not exist."""
        import difflib

        by_name: dict[str, IndexEntry] = {}
        for entry, spellings in zip(self.entries, self._spellings, strict=True):
            for one in spellings if entry.tier == 0 else ():
                by_name.setdefault(" ".join(words_in(one.name)), entry)
        close = difflib.get_close_matches(" ".join(words_in(text)), by_name, n=3 * most, cutoff=_ALIKE)
        return list({id(by_name[name]): by_name[name] for name in close}.values())[:most]
