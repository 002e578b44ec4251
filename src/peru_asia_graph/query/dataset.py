"""The metadata of the data set: title, description, licence, creators, keywords, date of issue, period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from peru_asia_graph.query.sources import read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.vocabulary import BASE, DATASET, PREFIXES, XSD

_TITLE: Final = "Knowledge graph"
_QUERY: Final = f"""
SELECT DISTINCT ?name ?text WHERE {{
  {{ <{DATASET}> dcterms:title ?text BIND("title" AS ?name) }}
  UNION {{ <{DATASET}> dcterms:description ?text BIND("description" AS ?name) }}
  UNION {{ <{DATASET}> dcterms:license ?licence BIND(STR(?licence) AS ?text) BIND("licence" AS ?name) }}
  UNION {{ <{DATASET}> dcterms:creator/foaf:name ?text BIND("creator" AS ?name) }}
  UNION {{ <{DATASET}> dcterms:publisher/foaf:name ?text BIND("publisher" AS ?name) }}
  UNION {{ <{DATASET}> dcat:keyword ?text BIND("keyword" AS ?name) }}
  UNION {{ <{DATASET}> dcterms:issued ?day BIND(STR(?day) AS ?text) BIND("issued" AS ?name) }}
  UNION {{ <{DATASET}> dcterms:temporal/dcat:startDate ?day BIND(STR(?day) AS ?text) BIND("start" AS ?name) }}
  UNION {{ <{DATASET}> dcterms:temporal/dcat:endDate ?day BIND(STR(?day) AS ?text) BIND("end" AS ?name) }}
  UNION {{ <{DATASET}> owl:versionInfo ?text BIND("version" AS ?name) }}
  UNION {{ <{DATASET}> dcat:landingPage ?page BIND(STR(?page) AS ?text) BIND("page" AS ?name) }}
  FILTER(LANG(?text) IN ("", "en") || ?name = "title")
}} ORDER BY ?name ?text"""


_DOWNLOAD: Final = PREFIXES["dcat"] + "downloadURL"
_SIZE: Final = NamedNode(PREFIXES["dcat"] + "byteSize")
_EXPORTS: Final = BASE + "exports/"


@dataclass(frozen=True)
class Dataset:
    """The data set as described by its catalogue entry, in English; fields are empty if the entry lacks them.

    ``titles`` has the given titles by language; ``title`` is set even without any, and names the sources that are read
    if others are left out.
    """

    title: str
    titles: Mapping[str, str]
    description: str
    licences: Sequence[str]
    creators: Sequence[str]
    publishers: Sequence[str]
    keywords: Sequence[str]
    issued: str
    period: tuple[str, str]
    version: str
    page: str


def read_dataset(store: Store) -> Dataset:
    """Read the description from a store."""
    found: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for name, text in store.query(_QUERY).rows:
        if name and text:
            found.setdefault(name.value, []).append(text.value)
            if name.value == "title":
                titles[text.language or "en"] = text.value
    title = titles.get("en") or _TITLE
    if store.graphs is not None:
        title = f"{title}: {', '.join(one.name for one in read_sources(store))}"
    return Dataset(
        title=title,
        titles=titles,
        description=_first(found, "description") or title,
        licences=found.get("licence", ()),
        creators=found.get("creator", ()),
        publishers=found.get("publisher", ()),
        keywords=found.get("keyword", ()),
        issued=_first(found, "issued"),
        period=(_first(found, "start"), _first(found, "end")),
        version=_first(found, "version"),
        page=_first(found, "page"),
    )


def _first(found: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(found.get(name, ())), "")


def add_sizes(description: Iterable[Triple], sizes: Mapping[str, int]) -> list[Triple]:
    """Return the description with the size of each file it offers; ``sizes`` has them by name in the exports folder."""
    triples = list(description)
    datatype = NamedNode(XSD + "nonNegativeInteger")
    for subject, predicate, value in list(triples):
        if predicate.value == _DOWNLOAD and isinstance(value, NamedNode) and value.value.startswith(_EXPORTS):
            size = sizes.get(value.value.removeprefix(_EXPORTS))
            if size is not None:
                triples.append(Triple(subject, _SIZE, Literal(str(size), datatype=datatype)))
    return triples
