"""The registry of the endings of RDF files and of compressed ones: a row makes one known wherever files are read."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from peru_asia_graph.errors import BadInput, Problem


class RdfEnding(NamedTuple):
    """A format under the name it has in every interface, and the endings of its files."""

    name: str
    form: ox.RdfFormat
    endings: tuple[str, ...]


RDF_ENDINGS: Final = (
    RdfEnding("turtle", ox.RdfFormat.TURTLE, (".ttl", ".turtle")),
    RdfEnding("trig", ox.RdfFormat.TRIG, (".trig",)),
    RdfEnding("ntriples", ox.RdfFormat.N_TRIPLES, (".nt", ".ntriples")),
    RdfEnding("nquads", ox.RdfFormat.N_QUADS, (".nq", ".nquads")),
    RdfEnding("rdfxml", ox.RdfFormat.RDF_XML, (".rdf", ".xml", ".owl", ".rdfs", ".rdfxml")),
    RdfEnding("jsonld", ox.RdfFormat.JSON_LD, (".jsonld", ".json", ".json-ld")),
    RdfEnding("n3", ox.RdfFormat.N3, (".n3",)),
)
# For each ending of a compressed file, the function that opens it for reading.
COMPRESSIONS: Final[dict[str, Callable[[Any], Any]]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_BY_ENDING: Final = {ending: row.form for row in RDF_ENDINGS for ending in row.endings}


def split_ending(path: Path) -> tuple[str, str]:
    """Return the ending of a file and that of its compression, in lower case, empty where there is none.

    >>> split_ending(Path("Dump.NT.gz")), split_ending(Path("v1.2/mines.ttl"))
    (('.nt', '.gz'), ('.ttl', ''))
    """
    last = path.suffix.lower()
    return (Path(path.stem).suffix.lower(), last) if last in COMPRESSIONS else (last, "")


def find_rdf_format(path: Path) -> ox.RdfFormat:
    """Return the format that a file's ending names; raise BadInput for an unknown ending."""
    ending, compression = split_ending(path)
    if ending not in _BY_ENDING:
        remedy = f"rename it to end in {', '.join(_BY_ENDING)}, each also with {', '.join(COMPRESSIONS)}"
        raise BadInput([Problem(str(path), 0, "", f"no RDF format ends in '{ending}{compression}'", remedy)])
    return _BY_ENDING[ending]
