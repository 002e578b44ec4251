"""The registry of the endings of RDF files: one row makes an ending known wherever a file is read or written."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.rdf.compression import COMPRESSIONS, split_ending


class RdfEnding(NamedTuple):
    """A format under the name it has in every interface, and the endings of its files."""

    name: str
    form: ox.RdfFormat
    endings: tuple[str, ...]
    writable: bool = True


RDF_ENDINGS: Final = (
    RdfEnding("turtle", ox.RdfFormat.TURTLE, (".ttl", ".turtle")),
    RdfEnding("trig", ox.RdfFormat.TRIG, (".trig",)),
    RdfEnding("ntriples", ox.RdfFormat.N_TRIPLES, (".nt", ".ntriples")),
    RdfEnding("nquads", ox.RdfFormat.N_QUADS, (".nq", ".nquads")),
    RdfEnding("rdfxml", ox.RdfFormat.RDF_XML, (".rdf", ".xml", ".owl", ".rdfs", ".rdfxml")),
    RdfEnding("jsonld", ox.RdfFormat.JSON_LD, (".jsonld", ".json", ".json-ld")),
    RdfEnding("n3", ox.RdfFormat.N3, (".n3",), writable=False),
)
_BY_ENDING: Final = {ending: row.form for row in RDF_ENDINGS for ending in row.endings}


def find_rdf_format(path: Path) -> ox.RdfFormat:
    """Return the format that a file's ending names; raise BadInput for an unknown ending."""
    ending, compression = split_ending(path)
    if ending not in _BY_ENDING:
        remedy = f"rename it to end in {', '.join(_BY_ENDING)}, each also with {', '.join(COMPRESSIONS)}"
        raise BadInput([Problem(str(path), 0, "", f"no RDF format ends in '{ending}{compression}'", remedy)])
    return _BY_ENDING[ending]
