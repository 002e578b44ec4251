"""Sizes of files for the catalogue entry of a dataset, which a file that holds the entry cannot state of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from peru_asia_graph.vocabulary import BASE, PREFIXES, XSD

_DOWNLOAD: Final = PREFIXES["dcat"] + "downloadURL"
_SIZE: Final = NamedNode(PREFIXES["dcat"] + "byteSize")
_EXPORTS: Final = BASE + "exports/"


def add_sizes(description: Iterable[Triple], sizes: Mapping[str, int]) -> list[Triple]:
    """Return the description with the size of each file it offers; ``sizes`` are by name in the exports folder."""
    triples = list(description)
    datatype = NamedNode(XSD + "nonNegativeInteger")
    for subject, predicate, value in list(triples):
        if predicate.value == _DOWNLOAD and isinstance(value, NamedNode) and value.value.startswith(_EXPORTS):
            size = sizes.get(value.value.removeprefix(_EXPORTS))
            if size is not None:
                triples.append(Triple(subject, _SIZE, Literal(str(size), datatype=datatype)))
    return triples
