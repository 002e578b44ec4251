"""Finds things by slug, label or printed spelling: first as written, then ignoring accents and case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from peru_asia_graph.errors import UnknownName, WrongUse, check_text, join_or
from peru_asia_graph.query.close_names import close_names
from peru_asia_graph.query.codes import check_kind, find_code, rank_kinds, takes_kind
from peru_asia_graph.query.identified import find_identified, find_matched, find_recorded
from peru_asia_graph.query.loose_names import LooseNames
from peru_asia_graph.query.questions import quote_literal
from peru_asia_graph.query.requirements import check_vocabulary
from peru_asia_graph.query.search_entries import read_entries
from peru_asia_graph.query.search_index import SearchIndex
from peru_asia_graph.query.similar_names import note_similar_names
from peru_asia_graph.query.sources import read_sources, speaking_of_each
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import THING, fold, local, thing

_SLUG: Final = re.compile("[a-z0-9]+(-+[a-z0-9]+)*")
_DIGIT: Final = re.compile("[0-9]")
_LETTER: Final = re.compile("[A-Za-z]")
_KINDS: Final = (
    "pag:Statement, qb:Observation, pag:Finding, pag:Citation, pag:Claim, pag:EffectiveShare, "
    "pag:RejectedReading, pag:MissingNote, pag:PrintedName"
)
# Rank 0 is the slug, 1 the label, 2 another spelling.
_AS_WRITTEN: Final = """
SELECT DISTINCT ?thing ?rank WHERE {
  { <$slug> pag:citation ?citation . BIND(<$slug> AS ?thing) BIND(0 AS ?rank) }
  UNION { VALUES ?name { $names } ?thing rdfs:label ?name ; pag:citation ?citation . BIND(1 AS ?rank) }
  UNION { VALUES ?name { $names } ?thing pag:nameAsPrinted ?name ; pag:citation ?citation . BIND(2 AS ?rank) }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
  FILTER NOT EXISTS { ?thing a ?kind FILTER(?kind IN ($kinds)) }
}""".replace("$kinds", _KINDS)
_NAMES: Final = """
SELECT DISTINCT ?thing ?rank ?name WHERE {
  { ?thing rdfs:label ?name . BIND(1 AS ?rank) } UNION { ?thing pag:nameAsPrinted ?name . BIND(2 AS ?rank) }
  UNION { ?thing skos:prefLabel|skos:altLabel ?name . BIND(2 AS ?rank) FILTER(LANG(?name) != "und") }
  ?thing pag:citation ?citation .
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}"""
_STATEMENTS: Final = f"SELECT DISTINCT ?thing WHERE {{ VALUES ?kind {{ {_KINDS.replace(',', '')} }} ?thing a ?kind }}"
_PERSONS: Final = "SELECT DISTINCT ?thing WHERE { ?thing a pag:Person ; pag:citation ?place }"
_LABELLED: Final = "SELECT DISTINCT ?label ?thing WHERE { VALUES ?label { $labels } ?thing rdfs:label ?label }"
_CACHED_LABELS: Final = 50_000


@dataclass(frozen=True)
class FoundNames:
    """A lookup that records the things found."""

    names: Names
    slugs: list[str] = field(default_factory=list)

    def find(self, name: str, parameter: str = "") -> str:
        """Return the result of `Names.find`."""
        self.slugs.append(self.names.find(name, parameter))
        return self.slugs[-1]

    def find_code(self, scheme: str, value: str) -> str:
        return self.names.find_code(scheme, value)


@dataclass(frozen=True)
class Names:
    """The names of everything in a store; ``whole`` is the store it is part of, for things only in other sources."""

    store: Store
    whole: Store | None = None

    @cached_property
    def _statements(self) -> set[str]:
        return {local(one) for (one,) in self.store.query_all(_STATEMENTS, "thing").values()}

    @cached_property
    def _rows(self) -> list[tuple[int, str, str]]:
        rows = self.store.query_all(_NAMES, "thing").values()
        found = {(int(rank), name, local(thing)) for thing, rank, name in rows}
        return sorted(row for row in found if row[2] not in self._statements)

    @cached_property
    def _by_name(self) -> dict[int, dict[str, set[str]]]:
        """Slugs by folded name, one dictionary per rank: 0 the slug itself, 1 labels, 2 other spellings."""
        index: dict[int, dict[str, set[str]]] = {rank: defaultdict(set) for rank in (0, 1, 2)}
        for rank, name, slug in self._rows:
            index[rank][fold(name)].add(slug)
            index[0][fold(slug)].add(slug)
        return index

    @cached_property
    def _loose(self) -> LooseNames:
        return LooseNames(self._rows)

    @cached_property
    def _labelled(self) -> dict[str, str]:
        """IRIs by label, as far as they have been looked up; empty if the label is not unique."""
        return {}

    def find(self, name: str, parameter: str = "") -> str:
        """Return the slug of the one thing called ``name``; raise UnknownName or WrongUse with a remedy.

        ``name`` may also be its IRI, whole or as ``id:slug``.

        WrongUse is also raised for a thing of a kind that ``parameter`` (asset, country, commodity, …) does not accept.

        If several things have the name, those that the parameter accepts come first, then those that the first source
        mentions; then slugs come before labels, labels before other spellings. Only a name that is not found as written
        is compared with every name in the store, ignoring accents, case and punctuation, then articles, legal forms and
        plurals, then the kind of thing at the end of the name.
        """
        check_text(name, "the name of a thing")
        slug = self._find(name.strip().removeprefix(THING).removeprefix("id:"), parameter)
        check_kind(self.store, slug, parameter, lambda: self.suggest(name, parameter))
        return slug

    def find_code(self, scheme: str, value: str) -> str:
        """Return the slug of the code of a code list with this slug or label; raise UnknownName with all codes."""
        check_text(value, "the name of a code")
        return find_code(self.store, scheme, value)

    def find_matched(self, name: str) -> str:
        """Return the slug into which a source's slug was merged; empty if it was not."""
        return find_matched(self.store, name) if _SLUG.fullmatch(name) else ""

    def _find(self, name: str, parameter: str) -> str:
        if _SLUG.fullmatch(name) and self.store.query(f"ASK {{ <{thing(name)}> pag:citation ?place }}").boolean:
            return name
        slugs = self._find_called(name, parameter)
        if len(slugs) > 1:
            raise WrongUse(f"'{name}' is the name of several things: {self._choices(slugs, name)}; use one of these")
        if slugs:
            return slugs[0]
        if name in self._statements:
            return name
        if kept := self.find_matched(name):
            return kept
        check_vocabulary(self.store, "name")
        if elsewhere := self._find_in_whole(name, parameter):
            return elsewhere
        raise UnknownName("thing", name, self.suggest(name, parameter), "List all names: pag ask things")

    def _choices(self, slugs: Sequence[str], name: str) -> str:
        """Return slugs, each with the label that distinguishes it from others of the same name."""
        labels = {slug: f" ({label})" for rank, label, slug in self._rows if rank == 1 and fold(label) != fold(name)}
        return " or ".join(f"'{slug}'{labels.get(slug, '')}" for slug in slugs)

    def _find_in_whole(self, name: str, parameter: str) -> str:
        """Return what sources not selected call by this name, or nothing; raise WrongUse if only they mention it."""
        with suppress(UnknownName):
            if self.whole is not None:
                slug, chosen = Names(self.whole).find(name, parameter), [one.name for one in read_sources(self.store)]
                if not {*chosen}.isdisjoint(speaking := speaking_of_each(self.whole, [slug])[slug]):
                    return slug
                raise WrongUse(f"'{name}' ({slug}) is not in {join_or(chosen)}; choose the source {join_or(speaking)}")
        return ""

    def _find_called(self, name: str, parameter: str) -> list[str]:
        """Return the slugs of the closest spelling that the parameter accepts; if it accepts none, of the closest."""
        closest: list[str] = []
        looks = (
            self._find_as_written,
            self._find_folded,
            lambda name: self._loose.find_loosely(name),
            lambda name: self._loose.find_without_kind(name),
            lambda name: self._loose.find_turned(name),
            lambda name: self._loose.find_abbreviated(name),
            self._find_block,
            lambda name: find_identified(self.store, name),
            lambda name: find_recorded(self.store, name),
            self._find_surname,
        )
        for look in looks:
            named = look(name)
            kinds = rank_kinds(self.store, named, parameter)
            found = self._preferred(named, kinds)
            if found and takes_kind(parameter, kinds[found[0]]):
                return found
            closest = closest or found
        return closest or self._loose.find_by_initials(name)

    def _preferred(self, named: Mapping[str, int], kinds: Mapping[str, int]) -> list[str]:
        """Return the slugs that rank first among those with a name, by kind, source and rank."""
        if len(named) < 2:
            return list(named)
        first = next((one.name for one in read_sources(self.store)), "")
        speaking = speaking_of_each(self.store, list(named))
        order = {slug: (kinds[slug], first not in speaking[slug], rank) for slug, rank in named.items()}
        return sorted(slug for slug, place in order.items() if place == min(order.values()))

    def _find_as_written(self, name: str) -> dict[str, int]:
        """Return the slugs that have this name in one of the usual capitalizations, with their best rank."""
        # Control characters and lone surrogates are not allowed in a query.
        if not name.isprintable():
            return {}
        spellings = {name, name.lower(), name.upper(), name.title(), name.capitalize()}
        query = _AS_WRITTEN.replace("$slug", thing(_as_slug(name)))
        query = query.replace("$names", " ".join(map(_quote_label, sorted(spellings))))
        rows = sorted(((int(rank), local(found)) for found, rank in self.store.query(query).values()), reverse=True)
        return {slug: rank for rank, slug in rows}

    def _find_folded(self, name: str) -> dict[str, int]:
        """Return the slugs that have this name when both are folded, with their best rank."""
        key = fold(name)
        return {slug: rank for rank in (2, 1, 0) for slug in self._by_name[rank].get(key, ())}

    def _find_block(self, name: str) -> dict[str, int]:
        """Return the slugs of blocks with this designation of letters and digits, such as Z-2B."""
        if not (_DIGIT.search(name) and _LETTER.search(name)) or len(name.split()) > 1:
            return {}
        return self._find_folded(f"Block {name}") or self._loose.find_loosely(f"Block {name}")

    def _find_surname(self, name: str) -> dict[str, int]:
        """Return the slugs of persons whose names end in this one, such as Humala for Ollanta Humala."""
        persons = {local(one) for (one,) in self.store.query_all(_PERSONS, "thing").values()}
        named = [(slug, label.split()) for _, label, slug in self._rows if slug in persons]
        key = fold(name)
        return {slug: 2 for slug, words in named if key in {fold(" ".join(words[n:])) for n in range(1, len(words))}}

    def find_numbered(self, number: str) -> list[str]:
        """Return the slugs of the things with this identifier in a register, else those of this record in a source."""
        return sorted(find_identified(self.store, number) or find_recorded(self.store, number))

    def notes(self, slugs: Iterable[str]) -> list[str]:
        """Return, for each thing whose name is ambiguous, a sentence that names the others."""
        return note_similar_names(self.store, slugs)

    def link(self, labels: Iterable[str]) -> dict[str, str]:
        """Return the IRI of the thing for each label; ambiguous labels are left out.

        Lookups are cached.
        """
        if len(self._labelled) > _CACHED_LABELS:
            self._labelled.clear()
        wanted = set(labels) - {""}
        if unknown := sorted(wanted - self._labelled.keys()):
            found: dict[str, set[str]] = {label: set() for label in unknown}
            query = _LABELLED.replace("$labels", " ".join(map(_quote_label, unknown)))
            for label, one in self.store.query(query).values():
                if one.startswith(THING):
                    found[label].add(one)
            self._labelled.update({label: one.pop() if len(one) == 1 else "" for label, one in found.items()})
        return {label: iri for label in wanted if (iri := self._labelled[label])}

    def spellings(self) -> list[tuple[str, str]]:
        """Return every name with its slug, labels first."""
        return [(name, slug) for _, name, slug in self._rows]

    def complete(self, beginning: str) -> list[str]:
        """Return the labels that start with ``beginning``, for shell completion."""
        key = fold(beginning)
        return sorted({name for rank, name, _ in self._rows if rank == 1 and fold(name).startswith(key)})

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(read_entries(self.store))

    def suggest(self, name: str, parameter: str = "") -> list[str]:
        """Return the labels of up to three things of a kind that a parameter accepts that a name may mean."""
        return close_names(self.store, self._index, name, parameter, self._statements)


def _as_slug(name: str) -> str:
    """Return the slug of a name; empty if letters would be lost."""
    slug = "-".join(part for word in name.split() if (part := fold(word)))
    return slug if _SLUG.fullmatch(slug) else ""


def _quote_label(label: str) -> str:
    """Return the literals for a label in a query: in English, and without a language tag."""
    return f"{quote_literal(label)}@en {quote_literal(label)}"
