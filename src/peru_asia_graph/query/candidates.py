"""Candidates for a name written elsewhere: things of the graph with a score from 0 to 100, and the reasons.

Exact names come first, then names that differ only in the legal form, then others. Names with different numbers never
match (Block 56 is not Block 6).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from peru_asia_graph.query.names import Names
from peru_asia_graph.query.words import stem, without_kind, without_legal_form, words_of
from peru_asia_graph.sources.suggestions import numbers, plain_name
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import THING, fold, local, term

# From this score on, a candidate may be accepted automatically if it is the only one.
SURE: Final = 95.0
LEAST: Final = 55.0
# How many of the names most similar to the requested one are compared in full.
_COMPARED: Final = 200
_LETTERS: Final = 3
# Shorter identifiers could be names of something else.
_LONG_IDENTIFIER: Final = 6
# Statements about the sources are not things to be matched.
_REMARKS: Final = frozenset({"Discrepancy"})
# Industry words that are not legal forms.
_BRANCH: Final = frozenset({"suc", "peruana"})
_IN_PARENTHESES: Final = re.compile(r"\(([^()]*)\)")
_CLASSES: Final = """
SELECT DISTINCT ?thing ?class WHERE {
  ?thing a ?class ; pag:citation ?place FILTER(STRSTARTS(STR(?thing), STR(id:))) }"""
_BROADER: Final = """
SELECT ?class ?label ?broader WHERE {
  ?class a owl:Class ; rdfs:label ?label FILTER(LANG(?label) = "en") OPTIONAL { ?class rdfs:subClassOf ?broader } }"""
_IDENTIFIERS: Final = """
SELECT ?value ?thing WHERE { ?id a pag:Identifier ; pag:identifies ?thing ; skos:notation ?value }"""


@dataclass(frozen=True)
class Kind:
    """A class of things, and the classes directly above it."""

    id: str
    name: str
    broader: tuple[str, ...]


@dataclass(frozen=True)
class Scored:
    """A thing, the name by which it was found, and the similarity of that name to the requested one."""

    slug: str
    name: str
    score: float


@dataclass(frozen=True)
class _Spelling:
    """A name of a thing in the forms used for comparison."""

    slug: str
    name: str
    key: str
    words: tuple[str, ...]
    plain: str
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, name: str, slug: str = "") -> _Spelling:
        """Return the forms of a name."""
        words = plain_name(name).split()
        plain = " ".join([word for word in words if word not in _BRANCH] or words)
        return cls(slug, name, fold(name), tuple(words_of(name)), plain, tuple(numbers(plain)))


class Candidates:
    """The things of a store by name, class and identifier."""

    def __init__(self, store: Store, names: Names) -> None:
        self._store = store
        self._names = names

    @cached_property
    def _spellings(self) -> list[_Spelling]:
        return [
            _Spelling.of(name, slug) for name, slug in dict.fromkeys(self._names.spellings()) if slug in self.labels
        ]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The label of each thing."""
        named = {slug: name for name, slug in reversed(self._names.spellings())}
        return {slug: name for slug, name in named.items() if not self._classes.get(slug, frozenset()) & _REMARKS}

    @cached_property
    def _by_letters(self) -> Mapping[str, Sequence[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(self._spellings):
            for part in _parts(one.plain):
                index[part].append(number)
        return index

    @cached_property
    def _by_key(self) -> Mapping[str, set[str]]:
        index: dict[str, set[str]] = defaultdict(set)
        for value, one in self._store.query(_IDENTIFIERS).values():
            if one.startswith(THING):
                index[fold(value)].add(local(one))
        return index

    @cached_property
    def classes(self) -> Mapping[str, frozenset[str]]:
        """The classes of each thing that has a name, superclasses included."""
        return {slug: kinds for slug, kinds in self._classes.items() if slug in self.labels}

    @cached_property
    def _classes(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for one, kind in self._store.query_all(_CLASSES, "thing").values():
            if kind.startswith(term("")):
                found[local(one)].add(local(kind))
        return {slug: frozenset(kinds) for slug, kinds in found.items()}

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The classes of things that have names."""
        used = frozenset().union(*self.classes.values())
        names: dict[str, str] = {}
        broader: dict[str, set[str]] = defaultdict(set)
        for kind, label, above in self._store.query(_BROADER).values():
            if local(kind) in used:
                names[local(kind)] = label
                broader[local(kind)] |= {local(above)} & used
        return {slug: Kind(slug, name, tuple(sorted(broader[slug]))) for slug, name in sorted(names.items())}

    def narrowest(self, slug: str) -> list[Kind]:
        """Return the most specific classes of a thing."""
        own = [self.kinds[kind] for kind in sorted(self.classes.get(slug, ())) if kind in self.kinds]
        above = {broad for kind in own for broad in kind.broader}
        return [kind for kind in own if kind.id not in above]

    def identify(self, text: str) -> str:
        """Return the slug that a text denotes, by itself or as an IRI of this graph; empty if none."""
        slug = text.strip().removeprefix(THING).removeprefix("id:")
        return slug if slug in self.labels else ""

    def named(self, name: str) -> set[str]:
        """Return the slugs of things with this name or identifier, ignoring accents, case and punctuation."""
        slug, key = self.identify(name), fold(name)
        if slug or not key:
            return {slug} - {""}
        return {*self._called(key), *(one for one in self._by_key.get(key, ()) if one in self.labels)}

    def _called(self, key: str) -> dict[str, str]:
        """Return the things with a name that is equal to this one when both are folded, and that name."""
        return {one.slug: one.name for one in reversed(self._spellings) if key and one.key == key}

    def find(self, name: str) -> list[Scored]:
        """Return the things with similar names, best first, each once with its best name."""
        if slug := self.identify(name):
            return [Scored(slug, self.labels[slug], 100.0)]
        key = fold(name)
        exact = dict.fromkeys(self.named(name), "") if len(key) >= _LONG_IDENTIFIER else {}
        exact |= self._called(key)
        best = {slug: Scored(slug, called or self.labels[slug], 100.0) for slug, called in exact.items()}
        for one, score in self._scores(name):
            if score >= LEAST and score > (best[one.slug].score if one.slug in best else 0):
                best[one.slug] = Scored(one.slug, one.name, score)
        return sorted(best.values(), key=lambda each: (-each.score, len(each.name), each.slug))

    def _scores(self, name: str) -> Iterator[tuple[_Spelling, float]]:
        asked = _Spelling.of(name)
        for one in self._near(asked):
            yield one, _score(asked, one)
        # The text in parentheses and the rest may each be a name, possibly of different things.
        inside = _IN_PARENTHESES.findall(name)
        for part in [*inside, _IN_PARENTHESES.sub(" ", name)] if inside else ():
            other = _Spelling.of(part)
            yield from ((one, 0.9 * _score(other, one)) for one in self._near(other) if one.numbers == asked.numbers)

    def _near(self, asked: _Spelling) -> Iterable[_Spelling]:
        """Return the names that share most n-grams with this one."""
        shared = Counter(number for part in _parts(asked.plain) for number in self._by_letters.get(part, ()))
        size = {number: 2 * count / (len(self._spellings[number].plain) + 3) for number, count in shared.items()}
        closest = sorted(shared, key=lambda number: (-shared[number], -size[number], number))[:_COMPARED]
        return (self._spellings[number] for number in closest)


def _parts(plain: str) -> Collection[str]:
    padded = f"  {plain} "
    return {padded[at : at + _LETTERS] for at in range(len(padded) - _LETTERS + 1)}


def _score(asked: _Spelling, known: _Spelling) -> float:
    """Return the similarity of two names, from 0 to 100."""
    if asked.key and asked.key == known.key:
        return 100.0
    if asked.numbers != known.numbers:
        return 0.0
    forms = (_form(asked.words), _form(known.words))
    if stem(without_legal_form(asked.words)) == stem(without_legal_form(known.words)) and asked.words:
        # Two firms, or a firm and its group, may differ only in their legal form.
        return 96.0 if "" in forms and not any("group" in form for form in forms) else 90.0
    if stem(without_kind(asked.name)) == stem(without_kind(known.name)) and asked.words:
        return 96.0
    if asked.plain and asked.plain == known.plain:
        return 88.0
    words, others = set(asked.plain.split()), set(known.plain.split())
    if words == others and words:
        return 86.0
    alike = 0.9 * likeness(asked.plain, known.plain)
    if words < others or others < words:
        part = min(len(words), len(others)) / max(len(words), len(others))
        return max(alike, 50.0 + 30.0 * part) if min(words, others, key=len) else 0.0
    return alike


def _form(words: Sequence[str]) -> str:
    """Return the legal form at the end of a name."""
    return " ".join(words[len(without_legal_form(words)) :])


def likeness(one: str, other: str) -> float:
    """Return the similarity of two texts by their longest common subsequence, from 0 to 100.

    >>> likeness("toromocho", "toromoch"), likeness("abc", "xyz")
    (94.11764705882354, 0.0)
    """
    if not one or not other:
        return 0.0
    # The longest common subsequence, one bit per letter (Hyyrö 2004).
    places: dict[str, int] = defaultdict(int)
    for at, letter in enumerate(one):
        places[letter] |= 1 << at
    whole = (1 << len(one)) - 1
    free = whole
    for letter in other:
        taken = free & places[letter]
        free = ((free + taken) | (free - taken)) & whole
    return 200.0 * (len(one) - free.bit_count()) / (len(one) + len(other))
