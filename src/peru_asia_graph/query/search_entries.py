"""The searchable entries of a store: label, kind, other names, place, date and description of all named things."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from peru_asia_graph.query.sources import read_sources, speaking_of_each
from peru_asia_graph.sources.date_words import periods_in_text
from peru_asia_graph.store import Store
from peru_asia_graph.views.number_format import decimals, stated
from peru_asia_graph.views.words import LANGUAGES, words
from peru_asia_graph.vocabulary import expand, local

# Classes of things people search for, then of statements and sources, which rank below them.
_THINGS: Final = (
    "pag:Actor pag:Project pag:Agreement pag:Event pag:Place pag:Community pag:Policy pag:Commodity pag:Sector "
    "pag:LegalInstrument pag:MediaOutlet pag:TechnologyClass pag:MineralDeposit qb:DataSet"
)
_SAID: Final = "pag:Stake pag:Investment pag:Claim pag:Discrepancy pag:Finding pag:Source qb:Observation"
_TYPES: Final = """
SELECT DISTINCT ?thing ?type ?said WHERE {
  { VALUES ?class { $things } BIND(0 AS ?said) } UNION { VALUES ?class { $statements } BIND(2 AS ?said) }
  ?thing a ?class , ?type .
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}""".replace("$things", _THINGS).replace("$statements", _SAID)
# A separate query, because engines may follow the path once for each thing.
_DEPTHS: Final = """
SELECT ?type (COUNT(DISTINCT ?super) AS ?depth) WHERE {
  ?type a owl:Class ; rdfs:subClassOf* ?super
} GROUP BY ?type"""
_NAMES: Final = """
SELECT DISTINCT ?thing ?name ?rank WHERE {
  { ?thing rdfs:label ?name . BIND(0 AS ?rank) } UNION { ?thing skos:prefLabel ?name . BIND(1 AS ?rank) }
  UNION { ?thing skos:altLabel|pag:nameAsPrinted ?name . BIND(2 AS ?rank) }
  UNION {
    # Codes of two letters would be found for every word that begins with them.
    ?id a pag:Identifier ; pag:identifies ?thing ; skos:notation ?name FILTER(STRLEN(?name) > 2)
    FILTER NOT EXISTS { ?id skos:closeMatch ?near } BIND(2 AS ?rank)
  }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}"""
_ABOUT: Final = """
SELECT DISTINCT ?thing ?value ?other ?rank WHERE {
  { ?thing pag:homeState|pag:owner/pag:homeState ?value . BIND(0 AS ?rank) }
  UNION { ?thing pag:locatedIn ?value . BIND(1 AS ?rank) }
  { ?value rdfs:label ?other } UNION { ?value skos:prefLabel ?other FILTER(LANG(?other) = "es") }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}"""
_DATES: Final = """
SELECT DISTINCT ?thing ?date WHERE {
  ?thing pag:date|pag:signedOn|pag:year ?when FILTER(STRSTARTS(STR(?thing), STR(id:)))
  OPTIONAL { ?thing pag:date ?when ; pag:endDate ?end }
  BIND(CONCAT(STR(?when), IF(BOUND(?end), CONCAT("/", STR(?end)), "")) AS ?date)
}"""
_DESCRIPTIONS: Final = """
SELECT DISTINCT ?thing ?text WHERE {
  ?thing dcterms:description ?text FILTER(STRSTARTS(STR(?thing), STR(id:))) FILTER(LANG(?text) IN ("", "en"))
}"""
_VALUES: Final = """
SELECT DISTINCT ?thing ?value ?unit ?qualifier WHERE {
  ?thing a qb:Observation ; pag:value ?value ; pag:unit ?unit FILTER(STRSTARTS(STR(?thing), STR(id:)))
  OPTIONAL { ?thing pag:qualifier ?qualifier }
}"""
# Its label contains the period as the source dates it.
_FIGURE: Final = expand("qb:Observation")
# The kind of an interactive page, which is not a class: a key of the words.
PAGE: Final = "kind.page"
LabelsByLanguage = dict[str, str]


@dataclass(frozen=True)
class IndexEntry:
    """A searchable entry.

    ``labels`` and ``about`` (its home state, that of the owner of a stake, or its place) are texts by language
    (``en``, ``es``), ``kind`` is the IRI of its class, ``names`` are its other names, ``date`` is its date. ``path`` is
    its location: ``id/SLUG`` for a thing. ``tier`` is 0 for a thing, 1 for a question, 2 for a statement. ``told`` is a
    source's description, such as the mines that a deposit includes: searchable words for things without an entry.
    ``value`` is the value of a figure with its unit by language, or the sources of a statement with the label of
    another one; it is shown but not searched.
    """

    path: str
    labels: LabelsByLanguage
    kind: str
    names: Sequence[str] = ()
    about: LabelsByLanguage | None = None
    date: str = ""
    tier: int = 0
    told: str = ""
    value: LabelsByLanguage | None = None


def page_entries(kinds: Sequence[str]) -> list[IndexEntry]:
    """Return an entry for each of these interactive pages; its path is the name after ``@``."""
    ui = {code: words(code)["ui"] for code in LANGUAGES}
    return [
        IndexEntry(f"@{kind}", {code: ui[code][f"nav.{kind}"] for code in LANGUAGES}, PAGE,
                   [ui[code][f"{kind}.title"] for code in LANGUAGES])
        for kind in kinds
    ]  # fmt: skip


def read_entries(store: Store) -> list[IndexEntry]:
    """Return an entry for each thing of a store that has a name, in the order of slugs; things first."""
    kinds = _read_kinds(store)
    names, about, dates, told = _read_names(store), _read_about(store), _read_dates(store), _read_descriptions(store)
    values = _read_values(store)
    entries = []
    for thing, (tier, kind) in kinds.items():
        labels, others = names.get(thing, ({}, []))
        if not labels.get("en"):
            continue
        kept = {code: labels[code] for code in ("en", "es") if labels.get(code)}
        if kind == _FIGURE:
            kept = {code: periods_in_text(text, code) for code, text in kept.items()}
        if kept.get("es") == kept["en"]:
            del kept["es"]
        entries.append(
            IndexEntry(f"id/{local(thing)}", kept, kind, sorted(others),
                       about.get(thing), dates.get(thing, ""), tier, "" if tier else told.get(thing, ""),
                       values.get(thing))
        )  # fmt: skip
    return sorted(_name_sources(store, entries), key=lambda entry: (entry.tier, entry.path))


def _name_sources(store: Store, entries: Sequence[IndexEntry]) -> list[IndexEntry]:
    """Return the entries; statements that read alike get the names of their sources, if there are several."""
    shorts = {source.name: source.short for source in read_sources(store)}
    reads = Counter((entry.kind, entry.labels["en"]) for entry in entries)
    alike = {entry.path.removeprefix("id/") for entry in entries
             if entry.tier and entry.value is None and reads[entry.kind, entry.labels["en"]] > 1}  # fmt: skip
    if len(shorts) < 2 or not alike:
        return list(entries)
    said = speaking_of_each(store, sorted(alike))
    named = {f"id/{slug}": ", ".join(shorts[name] for name in names) for slug, names in said.items()}
    return [replace(entry, value={"en": text, "es": text}) if (text := named.get(entry.path)) else entry
            for entry in entries]  # fmt: skip


def _read_kinds(store: Store) -> dict[str, tuple[int, str]]:
    """Return the tier and the most specific class of each thing."""
    depths = {kind: int(depth) for kind, depth in store.query(_DEPTHS).values()}
    found: dict[str, tuple[int, int, str]] = {}
    for thing, kind, said in store.query_all(_TYPES, "thing").values():
        one = (int(said), -depths.get(kind, 1), kind)
        found[thing] = min(found.get(thing, one), one)
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
    """Return the home state of each thing, or else its place: of several, the one with fewest things."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    named: dict[str, LabelsByLanguage] = defaultdict(dict)
    for thing, value, other, rank in store.query_all(_ABOUT, "thing").rows:
        if thing and value and other and rank:
            found[thing.value].add((rank.value, value.value))
            named[value.value].setdefault(other.language or "en", other.value)
    many = Counter(value for values in found.values() for _, value in values)
    best = {thing: min(values, key=lambda one: (one[0], many[one[1]], one[1])) for thing, values in found.items()}
    return {thing: named[value] for thing, (_, value) in best.items()}


def _read_descriptions(store: Store) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for thing, text in sorted(store.query_all(_DESCRIPTIONS, "thing").values()):
        found[thing].append(text)
    return {thing: " ".join(texts) for thing, texts in found.items()}


def _read_dates(store: Store) -> dict[str, str]:
    found: dict[str, str] = {}
    for thing, date in store.query_all(_DATES, "thing").values():
        found[thing] = min(found.get(thing, date), date)
    return found


def _read_values(store: Store) -> dict[str, LabelsByLanguage]:
    """Return the value of each figure with a unit that has words, by language; of several values, none."""
    known = words("en")["ui"]
    found: dict[str, set[tuple[Decimal, str, str]]] = defaultdict(set)
    for thing, value, unit, qualifier in store.query_all(_VALUES, "thing").values():
        found[thing].add((Decimal(value), local(unit), local(qualifier) if qualifier else "exact"))
    return {
        thing: {code: stated(number, unit, qualifier, code, decimals(number)) for code in LANGUAGES}
        for thing, ((number, unit, qualifier), *others) in found.items()
        if not others and (unit == "rank" or f"unit.{unit}" in known)
    }
