"""``ro-crate-metadata.json``: the exports folder as a citable deposit, following RO-Crate 1.1.

It lists every file with size and SHA-256, the creators of the dataset, and the sources with their licences. Only
information in the graph is included, and no funding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from peru_asia_graph.exporters.format_registry import ExportInput
from peru_asia_graph.files.manifest import json_bytes
from peru_asia_graph.query.dataset import Dataset, read_dataset
from peru_asia_graph.query.sources import SourceInfo, read_sources
from peru_asia_graph.store import Store
from peru_asia_graph.views.words import licence_name
from peru_asia_graph.vocabulary import BASE, GRAPH, slugify, thing

FILE: Final = "ro-crate-metadata.json"
_SPECIFICATION: Final = "https://w3id.org/ro/crate/1.1"
# The context of version 1.1 has no term for a file digest.
_CONTEXT: Final = [f"{_SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
_MEDIA: Final = {
    ".css": "text/css", ".csv": "text/csv", ".gexf": "application/gexf+xml", ".graphml": "application/graphml+xml",
    ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".jsonld": "application/ld+json",
    ".md": "text/markdown", ".sqlite": "application/vnd.sqlite3", ".trig": "application/trig", ".ttl": "text/turtle",
}  # fmt: skip
_STANDARDS: Final = {
    ".trig": ("https://www.w3.org/TR/trig/", "RDF 1.1 TriG"),
    ".ttl": ("https://www.w3.org/TR/turtle/", "RDF 1.1 Turtle"),
    ".jsonld": ("https://www.w3.org/TR/json-ld11/", "JSON-LD 1.1"),
    ".gexf": ("http://gexf.net/1.3", "GEXF 1.3"),
    ".graphml": ("http://graphml.graphdrawing.org/xmlns", "GraphML"),
    "datapackage.json": ("https://datapackage.org/profiles/2.0/datapackage.json", "Data Package 2.0"),
}
_AUTHORS: Final = """
SELECT DISTINCT ?address ?name (IF(EXISTS { ?address a pag:Person }, "Person", "Organization") AS ?kind)
  ?body ?body_name WHERE {
  <$work> dcterms:creator ?address . ?address rdfs:label ?name
  OPTIONAL { ?address pag:affiliatedWith ?body . ?body rdfs:label ?body_name }
} ORDER BY STR(?name) STR(?body_name)"""
_MISSING: Final = "RO-Crate requires it; add {} to the dataset in data/catalogue.ttl"

Entity = dict[str, Any]


def describe(source: ExportInput, files: Mapping[str, bytes], about: Mapping[str, str]) -> bytes:
    """Return the metadata of a folder with these files; ``about`` has descriptions of some, by name."""
    dataset, sources = read_dataset(source.store), read_sources(source.store)
    for name, value, remedy in (
        ("datePublished", dataset.issued, "dcterms:issued"), ("license", dataset.licences, "dcterms:license"),
    ):  # fmt: skip
        if not value:
            source.losses.add("dataset", name, _MISSING.format(remedy))
    found: dict[str, Entity] = {}
    for entity in [
        {"@id": FILE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": _SPECIFICATION}},
        _root(dataset, sources, files), *_folders(files), *_files(files, about),
        *(_described(_agent_address(name), "Organization", name) for name in (*dataset.creators, *dataset.publishers)),
        *(_described(address, "CreativeWork", name) for address, name in filter(None, map(_standard, files))),
        *(_described(address, "CreativeWork", licence_name(address, "en")) for address in _licences(dataset, sources)),
        *(part for one in sources for part in _source(source.store, one)),
    ]:  # fmt: skip
        found.setdefault(entity["@id"], entity)
    return json_bytes({"@context": _CONTEXT, "@graph": list(found.values())})


def _root(dataset: Dataset, sources: Sequence[SourceInfo], files: Mapping[str, bytes]) -> Entity:
    start, end = dataset.period
    return _without_empty(
        {
            "@id": "./",
            "@type": "Dataset",
            "name": dataset.title,
            "description": dataset.description,
            "identifier": BASE,
            "url": BASE,
            "version": version("peru-asia-graph"),
            "datePublished": dataset.issued,
            "license": _links(dataset.licences),
            "author": _links(map(_agent_address, dataset.creators)),
            "publisher": _links(map(_agent_address, dataset.publishers)),
            "keywords": list(dataset.keywords),
            "temporalCoverage": f"{start}/{end}" if start and end else "",
            "isBasedOn": _links(GRAPH + one.name for one in sources),
            "hasPart": _links(sorted({_address(name.partition("/")[0]) + "/" * ("/" in name) for name in files})),
        }
    )


def _folders(files: Mapping[str, bytes]) -> list[Entity]:
    names = sorted({name.partition("/")[0] for name in files if "/" in name})
    return [
        {"@id": f"{_address(folder)}/", "@type": "Dataset", "name": folder,
         "hasPart": _links(_address(name) for name in files if name.startswith(f"{folder}/"))}
        for folder in names
    ]  # fmt: skip


def _files(files: Mapping[str, bytes], about: Mapping[str, str]) -> list[Entity]:
    return [
        _without_empty(
            {
                "@id": _address(name),
                "@type": "File",
                "name": PurePosixPath(name).name,
                "description": about.get(name, ""),
                "encodingFormat": _MEDIA.get(PurePosixPath(name).suffix, "text/plain"),
                "contentSize": str(len(data)),
                "sha256": sha256(data).hexdigest(),
                "conformsTo": _links([standard[0]] if (standard := _standard(name)) else []),
                "license": _links(_address(one) for one in files if _is_licence_of(one, name)),
            }
        )
        for name, data in files.items()
    ]


def _address(name: str) -> str:
    return quote(name)


def _standard(name: str) -> tuple[str, str] | None:
    return _STANDARDS.get(name) or _STANDARDS.get(PurePosixPath(name).suffix)


def _is_licence_of(licence: str, name: str) -> bool:
    """Return whether a file is the licence of another: ``NAME.LICENSE-…`` next to ``NAME.…``."""
    stem, mark, _ = licence.partition(".LICENSE-")
    return bool(mark) and name != licence and ".LICENSE-" not in name and name.startswith(f"{stem}.")


def _licences(dataset: Dataset, sources: Sequence[SourceInfo]) -> list[str]:
    return list(dict.fromkeys([*dataset.licences, *(one.licence for one in sources if one.licence)]))


def _source(store: Store, one: SourceInfo) -> list[Entity]:
    """Return a source and its authors, if the graph names them."""
    authors: dict[str, Entity] = {}
    bodies: dict[str, Entity] = {}
    rows = store.query(_AUTHORS.replace("$work", thing(one.name))).values()
    for address, name, kind, body, body_name in rows:
        author = _described(address, kind, name)
        author = authors.setdefault(address, author)
        if body:
            bodies[body] = _described(body, "Organization", body_name)
            author.setdefault("affiliation", []).append({"@id": body})
    work = _without_empty(
        {
            "@id": GRAPH + one.name,
            "@type": "CreativeWork",
            "name": one.title or one.name,
            "alternateName": one.short,
            "description": one.citation,
            "identifier": one.name,
            "author": _links(authors),
            "license": _links([one.licence] if one.licence else []),
            "url": _links([one.page] if one.page else []),
        }
    )
    pages = [_described(one.page, "WebPage", one.page)] if one.page else []
    return [work, *authors.values(), *bodies.values(), *pages]


def _agent_address(name: str) -> str:
    return f"#{slugify(name) or 'agent'}"


def _described(address: str, kind: str, name: str) -> Entity:
    return {"@id": address, "@type": kind, "name": name}


def _links(addresses: Iterable[str]) -> Any:
    """Return references to entities: a single object for one entity, as JSON-LD compacts it."""
    found = [{"@id": address} for address in dict.fromkeys(addresses)]
    return found[0] if len(found) == 1 else found


def _without_empty(entity: Entity) -> Entity:
    return {name: value for name, value in entity.items() if value}
