"""The names of everything in a store for a search while one types: label, kind, other names and one line about each."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import local

# Classes of what one looks for, then of what is said of it and who says it, which are found after it.
_THINGS: Final = (
    "pag:Actor pag:Project pag:Agreement pag:Event pag:Place pag:Community pag:Policy pag:Commodity pag:Sector "
    "pag:LegalInstrument pag:MediaOutlet pag:TechnologyClass pag:MineralDeposit qb:DataSet"
)
_SAID: Final = "pag:Stake pag:Investment pag:Claim pag:Discrepancy pag:Finding pag:Source qb:Observation"
_TYPES: Final = """
SELECT DISTINCT ?thing ?type ?said WHERE {
  { VALUES ?class { $things } BIND(0 AS ?said) } UNION { VALUES ?class { $statements } BIND(1 AS ?said) }
  ?thing a ?class , ?type .
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}""".replace("$things", _THINGS).replace("$statements", _SAID)
# By itself, as engines may follow the path once for each thing.
_DEPTHS: Final = """
SELECT ?type (COUNT(DISTINCT ?super) AS ?depth) WHERE {
  ?type a owl:Class ; rdfs:subClassOf* ?super
} GROUP BY ?type"""
_NAMES: Final = """
SELECT DISTINCT ?thing ?name ?rank WHERE {
  { ?thing rdfs:label ?name . BIND(0 AS ?rank) } UNION { ?thing skos:prefLabel ?name . BIND(1 AS ?rank) }
  UNION { ?thing skos:altLabel|pag:nameAsPrinted ?name . BIND(2 AS ?rank) }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}"""
_ABOUT: Final = """
SELECT DISTINCT ?thing ?value ?other ?rank WHERE {
  { ?thing pag:homeState ?value . BIND(0 AS ?rank) } UNION { ?thing pag:locatedIn ?value . BIND(1 AS ?rank) }
  { ?value rdfs:label ?other } UNION { ?value skos:prefLabel ?other FILTER(LANG(?other) = "es") }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}"""
_DATES: Final = """
SELECT DISTINCT ?thing ?date WHERE {
  ?thing pag:date|pag:signedOn|pag:year ?when . BIND(STR(?when) AS ?date) FILTER(STRSTARTS(STR(?thing), STR(id:)))
}"""
_YEAR: Final = re.compile(r"\d{4}")
_BETWEEN: Final = re.compile(r"[^\w]+")
LabelsByLanguage = dict[str, str]


@dataclass(frozen=True)
class IndexEntry:
    """Something that can be found.

    ``labels`` and ``about`` (its home state or its place) are texts by language (``en``, ``es``), ``kind`` is the
    address of its class; ``names`` are its other names, ``date`` is when it was. ``path`` says where it is: ``id/SLUG``
    for a thing. ``tier`` is 0 for what one looks for, 1 for what is said of it.
    """

    path: str
    labels: LabelsByLanguage
    kind: str
    names: Sequence[str] = ()
    about: LabelsByLanguage | None = None
    date: str = ""
    tier: int = 0


@dataclass(frozen=True)
class SearchHit:
    """A hit: what was found, and the name it was found by, if that is not its label."""

    entry: IndexEntry
    name: str = ""


def words_in(text: str) -> list[str]:
    """Return the words of a text without accents and case.

    >>> words_in("Río Blanco (Z-2B)")
    ['rio', 'blanco', 'z', '2b']
    """
    letters = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return [word for word in _BETWEEN.split(plain.replace("_", " ")) if word]


class SearchIndex:
    """The entries of a search, and the search."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self.entries = list(entries)

    @cached_property
    def _spellings(self) -> list[list[tuple[str, str]]]:
        """Of each entry the names to find it by, each with its words joined and set off by spaces."""
        return [
            [(name, " " + " ".join(words_in(name))) for name in (*entry.labels.values(), *entry.names)]
            for entry in self.entries
        ]

    def find(self, text: str, most: int = 10) -> list[SearchHit]:
        """Return the entries that have each word of the text at the beginning of one of theirs, best first.

        An exact name comes before one that begins so, that before one that has the words somewhere; a label before
        another name. A year finds what happened in it.
        """
        words = words_in(text)
        if not words:
            return []
        whole = " " + " ".join(words)
        hits = []
        for number, (entry, spelt) in enumerate(zip(self.entries, self._spellings, strict=True)):
            best = min(
                (
                    (_closeness(folded, whole, words), place >= len(entry.labels), len(folded), place)
                    for place, (_, folded) in enumerate(spelt)
                ),
                default=None,
            )
            if best is not None and best[0] < _NOT_FOUND:
                rank = best[0]
                name = spelt[best[3]][0] if best[1] else ""
            elif _YEAR.fullmatch(text.strip()) and text.strip() in _YEAR.findall(entry.date):
                best, rank, name = (2, False, 0, 0), 2, ""
            else:
                continue
            hits.append(((entry.tier, rank, best[1], best[2], number), SearchHit(entry, name)))
        return [found for _, found in sorted(hits, key=lambda hit: hit[0])[:most]]

    def near(self, text: str, most: int = 5) -> list[IndexEntry]:
        """Return entries of the first tier with a name like the text, for a name that is not there."""
        import difflib

        wanted = " ".join(words_in(text))
        by_name: dict[str, IndexEntry] = {}
        for entry, spelt in zip(self.entries, self._spellings, strict=True):
            for _, folded in spelt if entry.tier == 0 else ():
                by_name.setdefault(folded.strip(), entry)
        close = difflib.get_close_matches(wanted, by_name, n=3 * most, cutoff=0.65)
        return list({id(by_name[name]): by_name[name] for name in close}.values())[:most]


_NOT_FOUND: Final = 9


def _closeness(folded: str, whole: str, words: Sequence[str]) -> int:
    if folded == whole:
        return 0
    if folded.startswith(whole):
        return 1
    if whole in folded:
        return 2
    if all(f" {word}" in folded for word in words):
        return 3
    return 4 if len(whole) > 3 and whole[1:] in folded else _NOT_FOUND


def names_script(entries: Sequence[tuple[IndexEntry, str]], kinds: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the script of names for a search without a server: of each entry what `head.js` reads, with its address.

    ``kinds`` has the label of each kind of entry, by language.
    """
    known = sorted({entry.kind for entry, _ in entries})
    data = {
        "kinds": {code: [labels[kind] for kind in known] for code, labels in kinds.items()},
        "entries": [
            [entry.labels["en"], entry.labels.get("es", ""), known.index(entry.kind), address, list(entry.names),
             *((entry.about or {}).get(code, "") for code in ("en", "es")), entry.date, entry.tier]
            for entry, address in entries
        ],
    }  # fmt: skip
    return ("window.pagNames = " + json.dumps(data, ensure_ascii=False, separators=(",", ":")) + ";\n").encode()


def read_entries(store: Store) -> list[IndexEntry]:
    """Return an entry for each thing of a store that has a name, in the order of their slugs; things first."""
    kinds = _read_kinds(store)
    names, about, dates = _read_names(store), _read_about(store), _read_dates(store)
    entries = []
    for thing, (tier, kind) in kinds.items():
        labels, others = names.get(thing, ({}, []))
        if not labels.get("en"):
            continue
        kept = {code: labels[code] for code in ("en", "es") if labels.get(code)}
        if kept.get("es") == kept["en"]:
            del kept["es"]
        entries.append(
            IndexEntry(f"id/{local(thing)}", kept, kind, sorted(others),
                       about.get(thing), dates.get(thing, ""), tier)
        )  # fmt: skip
    return sorted(entries, key=lambda entry: (entry.tier, entry.path))


def _read_kinds(store: Store) -> dict[str, tuple[int, str]]:
    """Return tier and most special class of each thing."""
    depths = {kind.value: int(depth.value) for kind, depth in store.query(_DEPTHS).rows if kind and depth}
    found: dict[str, tuple[int, int, str]] = {}
    for thing, kind, said in store.query_all(_TYPES, "thing").rows:
        if thing and kind and said:
            one = (int(said.value), -depths.get(kind.value, 1), kind.value)
            found[thing.value] = min(found.get(thing.value, one), one)
    return {thing: (tier, kind) for thing, (tier, _, kind) in found.items()}


def _read_names(store: Store) -> dict[str, tuple[LabelsByLanguage, list[str]]]:
    found: dict[str, tuple[LabelsByLanguage, list[str]]] = {}
    rows = store.query_all(_NAMES, "thing").rows
    named = ((rank.value, name.value, name.language, one.value) for one, name, rank in rows if one and name and rank)
    for rank, name, tag, thing in sorted(named):
        labels, others = found.setdefault(thing, ({}, []))
        language = tag or "en"
        if rank in ("0", "1") and language in ("en", "es"):
            labels.setdefault(language, name)
        elif name not in others:
            others.append(name)
    return {thing: (labels, [one for one in others if one not in labels.values()])
            for thing, (labels, others) in found.items()}  # fmt: skip


def _read_about(store: Store) -> dict[str, LabelsByLanguage]:
    """Return the home state of each thing, else the place where it is: of several the one where fewest others are."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    named: dict[str, LabelsByLanguage] = defaultdict(dict)
    for thing, value, other, rank in store.query_all(_ABOUT, "thing").rows:
        if thing and value and other and rank:
            found[thing.value].add((rank.value, value.value))
            named[value.value].setdefault(other.language or "en", other.value)
    many = Counter(value for values in found.values() for _, value in values)
    best = {thing: min(values, key=lambda one: (one[0], many[one[1]], one[1])) for thing, values in found.items()}
    return {thing: named[value] for thing, (_, value) in best.items()}


def _read_dates(store: Store) -> dict[str, str]:
    found: dict[str, str] = {}
    for thing, date in store.query_all(_DATES, "thing").rows:
        if thing and date:
            found[thing.value] = min(found.get(thing.value, date.value), date.value)
    return found
