"""Finds codes of the code lists by slug or label, and checks that a named thing has a kind that a parameter accepts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peru_asia_graph.errors import UnknownName, WrongKind, WrongUse, suggest
from peru_asia_graph.query.questions import Parameter
from peru_asia_graph.query.sources import read_sources
from peru_asia_graph.query.words import stem, words_of
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import CODE, as_words, fold, local, thing

_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODES: Final = """
SELECT ?code ?label WHERE { ?code a skos:Concept ; skos:inScheme <$scheme> ; skos:prefLabel ?label } ORDER BY ?code"""
# The build adds the superclasses of every thing, so no property path is needed.
_KINDS: Final = "SELECT DISTINCT ?thing ?class WHERE { VALUES ?thing { $things } ?thing a ?class }"
_THINGS: Final = """
SELECT ?thing ?label (MIN(?number) AS ?rank) WHERE {
  VALUES (?class ?number) { $classes } ?thing a ?class ; pag:citation ?cited ; rdfs:label ?label
  FILTER(LANG(?label) IN ("", "en"))
} GROUP BY ?thing ?label ORDER BY ?rank ?label ?thing"""
# A code less alike than this is hardly meant: all codes are listed anyway.
_ALIKE: Final = 0.8
_YEARS: Final = "SELECT DISTINCT ?year { ?share a pag:EffectiveShare ; pag:asOf ?year } ORDER BY ?year"
_CLASSES: Final = """
SELECT DISTINCT ?class ?label WHERE { <$thing> a ?class . ?class a owl:Class ; rdfs:label ?label
  FILTER(LANG(?label) IN ("", "en")) FILTER NOT EXISTS { <$thing> a ?narrower . ?narrower rdfs:subClassOf ?class } }
ORDER BY ?label"""
# The classes that a parameter of this name accepts; a parameter that is not listed accepts anything.
CLASSES: Final[Mapping[str, Sequence[str]]] = {
    "asset": ("Project", "MineralDeposit", "Organization"),
    "project": ("Project", "MineralDeposit", "Organization"),
    "firm": ("Organization",),
    "owner": ("Actor",),
    "person": ("Person",),
    "country": ("State", "Place", "Organization"),
    "body": ("State", "Place", "Organization"),
    "place": ("Place", "State", "Organization", "Project"),
    "commodity": ("Commodity",),
    "sector": ("Sector",),
    "agreement": ("Agreement",),
    "source": ("Source", "Organization"),
    "claim": ("Claim",),
}


@dataclass(frozen=True)
class Code:
    """A code of a code list, or a thing, and its labels, English first."""

    slug: str
    labels: Sequence[str]

    def __str__(self) -> str:
        told = self.labels and fold(self.labels[0]) != fold(self.slug)
        return f"{self.slug} ({self.labels[0]})" if told else self.slug


def read_codes(store: Store, scheme: str) -> list[Code]:
    """Return the codes of a code list in a store, sorted; none if the store does not have the list."""
    if not _CODE.fullmatch(scheme):
        return []
    labels: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for code, label in store.query(_CODES.replace("$scheme", CODE + scheme)).rows:
        if code and label:
            labels[local(code.value)].append((not label.language.startswith("en"), label.value))
    return [Code(slug, [label for _, label in sorted(found)]) for slug, found in sorted(labels.items())]


def find_code(store: Store, scheme: str, value: str) -> str:
    """Return the slug of the code with this slug or label, ignoring case, accents, spaces, punctuation and plurals.

    The part of a label before a colon, such as "Cuadro 2", is enough if it is unique. Raises UnknownName. If the store
    does not have the code list, any word that may be a code is accepted.
    """
    codes = read_codes(store, scheme)
    if not codes and _CODE.fullmatch(value):
        return value
    key = fold(value)
    by_slug = [code.slug for code in codes if code.slug == value] or [c.slug for c in codes if fold(c.slug) == key]
    found = by_slug or [code.slug for code in codes if key and key in map(fold, code.labels)]
    if not found and (loose := stem(words_of(value))):
        found = [code.slug for code in codes if loose in {stem(words_of(name)) for name in (code.slug, *code.labels)}]
    if not found:
        begun = [code.slug for code in codes if key and key in {fold(one.partition(":")[0]) for one in code.labels}]
        found = begun if len(begun) == 1 else []
    if not found:
        near = _closest(value, codes)
        ordered = sorted(codes, key=lambda code: near.index(code.slug) if code.slug in near else len(near))
        listed = f"Codes: {', '.join(map(str, ordered))}."
        raise UnknownName(f"code of the list '{scheme}'", value, near, listed)
    return found[0]


def read_values(store: Store, parameter: Parameter) -> list[Code]:
    """Return the codes, years, sources or things that a parameter accepts; none for one that accepts anything.

    Things are ordered by class: for a country, states come first.
    """
    if parameter.kind == "year":
        return [Code(str(row["year"]), []) for row in store.query(_YEARS)]
    if parameter.kind == "source":
        return [Code(source.name, [source.short]) for source in read_sources(store)]
    if parameter.kind.startswith("code/"):
        return read_codes(store, parameter.kind[5:])
    taken = CLASSES.get(parameter.name, ()) if parameter.kind == "entity" else ()
    query = _THINGS.replace("$classes", " ".join(f"(pag:{name} {rank})" for rank, name in enumerate(taken)))
    rows = store.query(query).values() if taken else ()
    return [Code(local(one), [label]) for one, label, _ in rows]


def check_years(store: Store, parameters: Iterable[Parameter], values: Mapping[str, Any]) -> None:
    """Raise WrongUse if a store has computed shares, but none for the given year."""
    for parameter in (one for one in parameters if one.kind == "year"):
        year = str(values.get(parameter.name, ""))[:4]
        years = [code.slug for code in read_values(store, parameter)] if year.isdigit() else []
        if years and year not in years:
            remedy = f"For any year: pag owners ASSET --year {year}"
            raise WrongUse(f"no shares are computed for {year}; years: {', '.join(years)}. {remedy}")


def _closest(value: str, codes: Sequence[Code]) -> list[str]:
    """Return the slugs of codes whose slug or label contains the value, or else resembles it."""
    key = fold(value)
    names = {fold(name): code.slug for code in reversed(codes) for name in (*code.labels, code.slug)}
    inside = [slug for name, slug in names.items() if len(key) > 2 and key in name]
    return list(dict.fromkeys(inside or [names[name] for name in suggest(key, names, _ALIKE)]))


def rank_kinds(store: Store, slugs: Collection[str], parameter: str) -> dict[str, int]:
    """Return for each thing the rank of the first of its classes that a parameter of this name accepts.

    For a thing of none of these classes it is the number of classes.
    """
    classes = CLASSES.get(parameter, ())
    values = " ".join(f"<{thing(slug)}>" for slug in slugs)
    found: dict[str, set[str]] = {slug: set() for slug in slugs}
    for one, kind in store.query(_KINDS.replace("$things", values)).values() if classes else ():
        found[local(one)].add(local(kind))
    numbered = {name: number for number, name in reversed(list(enumerate(classes)))}
    return {slug: min((numbered.get(kind, len(classes)) for kind in kinds), default=0) for slug, kinds in found.items()}


def takes_kind(parameter: str, rank: int) -> bool:
    """Return whether a parameter accepts a thing with this rank in `rank_kinds`."""
    return parameter not in CLASSES or rank < len(CLASSES[parameter])


def check_kind(store: Store, slug: str, parameter: str, close: Callable[[], Sequence[str]]) -> None:
    """Raise WrongKind, with ``close`` names, if a thing is of a kind that a parameter of this name does not accept.

    If the store lacks the ontology, anything is accepted.
    """
    classes = CLASSES.get(parameter)
    if classes is None:
        return
    if takes_kind(parameter, rank_kinds(store, [slug], parameter)[slug]):
        return
    found = [str(row["label"]) for row in store.query(_CLASSES.replace("$thing", thing(slug)))]
    if found:
        raise WrongKind(slug, found[0].lower(), parameter, [as_words(name) for name in classes], close())
